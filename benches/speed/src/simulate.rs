//! Reports in numbers that nobody forges: the rows of some thousand forged reports, each time with another place, body and
//! page, so that they spread over provinces and years as real ones would, and so that `verify` finds nothing.
//!
//! A report keeps the year, the form and the numbers of the report it was made of. In a year, every place has a government
//! and as many other bodies as are needed; a body has the same name in every year. Depends on the number of the report and
//! on the templates alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, ensure};
use gongkai_dataset::{
    CheckRow, DumpOutcome, DumpRow, DumpRows, Named, PageFacts, PageRow, Published, ReportRow, ReportRows,
    SnapshotWriter, Text, TextHash, WorkerBuffer,
};
use gongkai_extract::{BodyKind, CheckResult, Extractor, Level};
use gongkai_lexicon::{Gazetteer, IdentityKind, Lexicon, PlaceLevel};
use gongkai_pipeline::DumpReader;

use crate::{corpus, job};

/// Forged reports that others are made of.
const TEMPLATES: u64 = 2_000;
/// Of the second snapshot, every report with this many before it has other numbers: one in a hundred.
const CHANGED_EACH: u64 = 100;
/// Larger dumps than any that is forged.
const MAX_BYTES: u64 = 64 << 20;

/// Numbers of whole pages are moved by fewer bytes than this, a power of two.
const MOST_SHIFT: u64 = 8 << 10;

/// What is simulated.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// Reports.
    pub reports: u64,
    /// Provinces they spread over; 0 means all.
    pub provinces: usize,
    /// Years they spread over; 0 means all.
    pub years: usize,
    /// Whether pages have the whole text of the forged ones, or its numbers alone.
    pub has_whole_pages: bool,
    /// Of a hundred categories, how many are kept: forged reports have more values than real ones on average.
    pub categories: u64,
    pub part: Part,
}

/// Which reports there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All, as they are at first.
    First,
    /// All, one in a hundred with other numbers.
    Changed,
    /// Of these only the ones with other numbers: what a night finds that meets the first ones again.
    Night,
}

/// A forged report with its page.
struct Template {
    rows: ReportRows,
    text: String,
    is_government: bool,
    /// Whether the numbers of each report stand at other places, as behind menus of other lengths.
    is_moved: bool,
}

/// A place in a year.
struct Seat {
    code: String,
    name: String,
    level: Level,
    full_name: Text,
    parent: Option<String>,
    lineage: String,
}

/// What a year has: its share of the reports, its places and its forms.
struct Year {
    reports: u64,
    seats: Vec<Seat>,
    of_governments: Vec<Template>,
    of_others: Vec<Template>,
}

/// The name behind the place's, e.g. 教育局, and what that makes of the body.
type Office = (String, Option<Named<Level>>, Option<Named<BodyKind>>);

/// All that reports are made of.
pub struct Simulation {
    extent: Extent,
    years: Vec<(i16, Year)>,
    government: Office,
    offices: Vec<Office>,
}

impl Simulation {
    /// Forges the templates below a folder and reads them.
    ///
    /// # Errors
    /// When a dump cannot be written, or there is no template for one of the years.
    pub fn new(extent: Extent, extractor: &Extractor, temp: &Path, seed: u64) -> anyhow::Result<Self> {
        let folder = temp.join("templates");
        corpus::forge(TEMPLATES, seed, &folder)?;
        let reader = DumpReader::new(extractor, MAX_BYTES, std::time::Duration::MAX);
        let mut by_year: BTreeMap<i16, Vec<Template>> = BTreeMap::new();
        let mut offices: BTreeMap<String, Office> = BTreeMap::new();
        let gazetteer = &extractor.lexicon().gazetteer;
        for file in job::files(&folder) {
            let rows = reader.rows(&gongkai_crawl::Found::File(file));
            let Some(template) = Template::of(rows, &extent) else {
                continue;
            };
            let Some(year) = template.rows.report.year else {
                continue;
            };
            if let Some(office) = office(&template.rows.report, gazetteer) {
                offices.entry(office.0.clone()).or_insert(office);
            }
            by_year.entry(year).or_default().push(template);
        }
        std::fs::remove_dir_all(&folder)?;
        let total: u64 = by_year.values().map(|templates| templates.len() as u64).sum();
        ensure!(total > 0, "no forged report could be read");
        let is_government = |office: &Office| office.2.is_some_and(|kind| kind == BodyKind::Government);
        let (governments, offices): (Vec<_>, Vec<_>) = offices.into_values().partition(is_government);
        let shortest = governments.into_iter().min_by_key(|(suffix, ..)| suffix.len());
        let mut years = thinned(by_year.into_iter().collect(), extent.years);
        let kept: u64 = years.iter().map(|(_, templates)| templates.len() as u64).sum();
        let years = years.drain(..).map(|(year, templates)| {
            let reports = extent.reports * templates.len() as u64 / kept;
            (year, Year::new(year, reports, templates, gazetteer, extent.provinces))
        });
        Ok(Self {
            extent,
            years: years.collect(),
            government: shortest.context("no forged report is of a government")?,
            offices,
        })
    }

    /// How many reports there are: rounding by year may lose a few. A night adds one for a hundred, but for those that
    /// chance leaves as they are.
    pub fn reports(&self) -> u64 {
        self.years.iter().map(|(_, year)| year.reports).sum()
    }

    /// Writes all of them into a snapshot, on as many threads as `jobs`.
    ///
    /// # Errors
    /// When something cannot be written.
    #[allow(clippy::disallowed_methods)] // A bench may ask for threads as if there always were some.
    pub fn write(&self, writer: SnapshotWriter, jobs: usize) -> anyhow::Result<Published> {
        let mut workers: Vec<WorkerBuffer> = (0..jobs).map(|_| writer.worker()).collect();
        std::thread::scope(|scope| {
            let threads = workers.iter_mut().enumerate();
            let threads: Vec<_> = threads
                .map(|(number, worker)| scope.spawn(move || self.push(worker, number as u64, jobs as u64)))
                .collect();
            threads
                .into_iter()
                .try_for_each(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        })?;
        Ok(writer.finish(workers, serde_json::json!({}))?)
    }

    /// Every report whose number is `first` or a multiple of `step` more.
    fn push(&self, worker: &mut WorkerBuffer, first: u64, step: u64) -> anyhow::Result<()> {
        for (year, of_year) in &self.years {
            let mut number = first;
            while number < of_year.reports {
                if self.extent.part != Part::Night || number.is_multiple_of(CHANGED_EACH) {
                    worker.push(self.dump(*year, of_year, number)?)?;
                }
                number += step;
            }
        }
        Ok(())
    }

    fn dump(&self, year: i16, of_year: &Year, number: u64) -> anyhow::Result<DumpRows> {
        let seats = of_year.seats.len() as u64;
        let (place, slot) = (number % seats, number / seats);
        let seat = of_year.seats.get(place as usize).context("a year has no places")?;
        let (suffix, level, kind) = self.office(seat, place, slot);
        let is_changed = self.extent.part != Part::First && number.is_multiple_of(CHANGED_EACH);
        let dice = mix(number << 32 | u64::from(year.unsigned_abs()) << 1 | u64::from(is_changed));
        let templates = match slot {
            0 if !of_year.of_governments.is_empty() => &of_year.of_governments,
            _ if of_year.of_others.is_empty() => &of_year.of_governments,
            _ => &of_year.of_others,
        };
        let template = templates
            .get((dice % templates.len() as u64) as usize)
            .context("a year has no forms")?;
        let identity = Identity {
            origin: format!("simulated/{}/{year}/{slot}.html", seat.code),
            organ: format!("{}{suffix}", seat.name),
            body_id: format!("{}:{suffix}", seat.lineage),
            level,
            kind,
            seat,
        };
        Ok(template.dump(&identity, dice))
    }

    /// The body of a place: the first is its government. Places have their other bodies in another order each.
    fn office(&self, seat: &Seat, place: u64, slot: u64) -> Office {
        let Some(other) = slot.checked_sub(1) else {
            let (suffix, _, kind) = self.government.clone();
            return (suffix, Some(seat.level.into()), kind);
        };
        let offices = self.offices.len().max(1) as u64;
        let found = self.offices.get(((other + place) % offices) as usize);
        let (suffix, level, kind) = found.cloned().unwrap_or_else(|| self.government.clone());
        (format!("{suffix}{}", number(other / offices)), level, kind)
    }
}

/// Tells apart bodies of a place that have one name.
fn number(round: u64) -> String {
    if round == 0 { String::new() } else { round.to_string() }
}

/// Scatters numbers evenly; the constants are those of the last step of `MurmurHash3`.
fn mix(number: u64) -> u64 {
    let mixed = (number ^ number >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let mixed = (mixed ^ mixed >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    mixed ^ mixed >> 33
}

/// So many of a list, evenly; all for 0.
fn thinned<T>(all: Vec<T>, wanted: usize) -> Vec<T> {
    let count = all.len();
    if wanted == 0 || wanted >= count {
        return all;
    }
    let places: Vec<usize> = (0..wanted).map(|place| place * count / wanted).collect();
    let numbered = all.into_iter().enumerate();
    numbered
        .filter(|(place, _)| places.contains(place))
        .map(|(_, one)| one)
        .collect()
}

/// The body's name without its place's.
fn office(report: &ReportRow, gazetteer: &Gazetteer) -> Option<Office> {
    let place = gazetteer.at(report.jurisdiction_code.as_deref()?, report.year?)?;
    let suffix = report.organ.as_deref()?.strip_prefix(place.name.as_str())?;
    (!suffix.is_empty()).then(|| (suffix.to_owned(), report.level, report.body_kind))
}

impl Year {
    fn new(year: i16, reports: u64, templates: Vec<Template>, gazetteer: &Gazetteer, provinces: usize) -> Self {
        let mut by_province: BTreeMap<&str, Vec<Seat>> = BTreeMap::new();
        for place in gazetteer.places().iter().filter(|place| place.valid_in(year)) {
            let code = place.code.as_str();
            by_province
                .entry(code.get(..2).unwrap_or_default())
                .or_default()
                .push(Seat {
                    code: code.to_owned(),
                    name: place.name.clone(),
                    level: match place.level {
                        PlaceLevel::Province => Level::Province,
                        PlaceLevel::Prefecture => Level::Prefecture,
                        PlaceLevel::County => Level::County,
                    },
                    full_name: gazetteer.full_name(code, Some(year)).unwrap_or_default().into(),
                    parent: gazetteer
                        .above(code, Some(year))
                        .first()
                        .map(|above| above.code.clone()),
                    lineage: gazetteer.today(code, Some(year)).unwrap_or(code).to_owned(),
                });
        }
        let provinces = thinned(by_province.into_values().collect(), provinces);
        let (of_governments, of_others) = templates.into_iter().partition(|template| template.is_government);
        Self {
            reports,
            seats: provinces.into_iter().flatten().collect(),
            of_governments,
            of_others,
        }
    }
}

/// Whose report a template becomes.
struct Identity<'a> {
    origin: String,
    organ: String,
    body_id: String,
    level: Option<Named<Level>>,
    kind: Option<Named<BodyKind>>,
    seat: &'a Seat,
}

impl Template {
    /// A dump with one report of a known year.
    fn of(dump: DumpRows, extent: &Extent) -> Option<Self> {
        let page = dump.page?;
        let [rows] = <[ReportRows; 1]>::try_from(dump.reports).ok()?;
        let is_government = rows.report.body_kind.is_some_and(|kind| kind == BodyKind::Government);
        let mut template = Self {
            rows,
            text: page.text,
            is_government,
            is_moved: extent.has_whole_pages,
        };
        template.thin(extent.categories);
        if !extent.has_whole_pages {
            template.shorten();
        }
        Some(template)
    }

    /// Leaves so many of a hundred categories, and the checks that name no value of another one.
    fn thin(&mut self, categories: u64) {
        let rows = &mut self.rows;
        let mut places = Vec::new();
        let mut gone = BTreeSet::new();
        rows.mentions.retain(|mention| {
            let letters = mention.category.bytes();
            let hash = mix(letters.fold(0, |hash, letter| hash * 31 % (1 << 40) + u64::from(letter)));
            let is_kept = hash % 100 < categories;
            places.push(is_kept);
            if !is_kept {
                gone.insert(mention.start);
            }
            is_kept
        });
        let kept = |until: usize| places.iter().take(until).filter(|is_kept| **is_kept).count();
        rows.observed
            .retain(|observed| places.get(observed.mention) == Some(&true));
        for observed in &mut rows.observed {
            observed.mention = kept(observed.mention);
        }
        rows.checks
            .retain(|check| check.mentions.iter().all(|start| !gone.contains(start)));
        let is_definitional = |check: &&CheckRow| check.kind == IdentityKind::Definitional;
        let failed = || rows.checks.iter().filter(|check| check.result == CheckResult::Fail);
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        rows.report.n_observations = count(rows.observed.len());
        rows.report.checks_passed = count(
            rows.checks
                .iter()
                .filter(|check| check.result == CheckResult::Pass)
                .count(),
        );
        rows.report.checks_failed = count(failed().filter(is_definitional).count());
        rows.report.checks_warned = count(failed().filter(|check| !is_definitional(check)).count());
    }

    /// Leaves nothing of the text but what mentions were read from, each behind a blank.
    fn shorten(&mut self) {
        let mut ends: BTreeMap<u32, u32> = BTreeMap::new();
        for mention in &self.rows.mentions {
            let end = ends.entry(mention.start).or_default();
            *end = mention.end.max(*end);
        }
        let (mut text, mut places) = (String::new(), BTreeMap::new());
        for (start, end) in ends {
            text.push(' ');
            places.insert(start, u32::try_from(text.len()).unwrap_or_default());
            text += self.text.get(start as usize..end as usize).unwrap_or_default();
        }
        let place = |start: u32| places.get(&start).copied().unwrap_or_default();
        for mention in &mut self.rows.mentions {
            let length = mention.end - mention.start;
            mention.start = place(mention.start);
            mention.end = mention.start + length;
        }
        for check in &mut self.rows.checks {
            check.mentions.iter_mut().for_each(|start| *start = place(*start));
        }
        for problem in &mut self.rows.problems {
            (problem.start, problem.end) = (None, None);
        }
        self.text = text;
    }

    /// The template as somebody's report. The page ends with where it was found, so that no two are the same.
    fn dump(&self, identity: &Identity<'_>, dice: u64) -> DumpRows {
        let shift = if self.is_moved {
            dice >> 32 & (MOST_SHIFT - 1)
        } else {
            0
        } as u32;
        let text = format!(
            "{:shift$}{}\n{}",
            "",
            self.text,
            identity.origin,
            shift = shift as usize
        );
        let text_hash = TextHash::new(&text);
        let hash = text_hash.page_id();
        let report = self.report(identity, shift, &text_hash);
        let facts = PageFacts {
            origin: &identity.origin,
            text: &text,
            text_hash: &text_hash,
            url: None,
            bytes: text.len() as u64,
            hash: &hash,
            encoding: "UTF-8",
            encoding_source: "utf8",
        };
        DumpRows {
            dump: DumpRow {
                origin: identity.origin.clone(),
                hash: hash.clone(),
                bytes: i64::try_from(text.len()).unwrap_or(i64::MAX),
                file_type: Some("html".to_owned()),
                outcome: DumpOutcome::Extracted.into(),
                report_ids: vec![report.report.report_id.clone()],
                encoding: Some("UTF-8".to_owned()),
                stale: None,
                stale_since: None,
            },
            page: Some(PageRow::new(&facts, std::slice::from_ref(&report))),
            reports: vec![report],
            rejects: Vec::new(),
        }
    }

    fn report(&self, identity: &Identity<'_>, shift: u32, text: &TextHash) -> ReportRows {
        let mut rows = self.rows.clone();
        let seat = identity.seat;
        let id = text.report_id(0);
        let shared: [Text; 4] = [&id, &identity.body_id, &seat.code, &identity.organ].map(Text::from);
        for mention in &mut rows.mentions {
            let [report_id, body_id, code, organ] = shared.clone();
            mention.report_id = report_id;
            mention.body_id = Some(body_id);
            mention.jurisdiction_code = Some(code);
            mention.jurisdiction = Some(seat.full_name.clone());
            mention.organ = Some(organ);
            mention.level = identity.level;
            mention.start += shift;
            mention.end += shift;
        }
        for check in &mut rows.checks {
            check.report_id.clone_from(&id);
            check.mentions.iter_mut().for_each(|start| *start += shift);
        }
        for problem in &mut rows.problems {
            problem.report_id.clone_from(&id);
            problem.start = problem.start.map(|start| start + shift);
            problem.end = problem.end.map(|end| end + shift);
        }
        rows.report = ReportRow {
            report_id: id,
            body_id: Some(identity.body_id.clone()),
            origins: vec![identity.origin.clone()],
            hash: text.page_id(),
            organ: Some(identity.organ.clone()),
            body_kind: identity.kind,
            level: identity.level,
            rank: Some(seat.level.into()),
            jurisdiction_code: Some(seat.code.clone()),
            jurisdiction: Some(seat.full_name.to_string()),
            parent_code: seat.parent.clone(),
            township_code: None,
            successor_code: Some(seat.lineage.clone()),
            candidates: vec![seat.code.clone()],
            ..rows.report
        };
        rows
    }
}

/// A lexicon is all that `verify` and `diff` need.
///
/// # Errors
/// When the embedded data cannot be read.
pub fn lexicon() -> anyhow::Result<Lexicon> {
    Ok(Lexicon::load(&gongkai_lexicon::DataSource::embedded())?)
}
