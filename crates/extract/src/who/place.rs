//! The jurisdiction: every place the evidence names, weighed, and the code that was valid in the year.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_lexicon::{Gazetteer, Lexicon, OrganWords, Place, PlaceLevel, WordKind};

use super::Evidence;
use super::body;
use super::candidates::{deepest, has_counties, of_clues, of_townships, of_zones, other_names, valid};
use super::clues::Clues;
use super::names::{PlaceFinder, Setting};
use super::organ::OrganSource;
use super::stems::{branches, stems};
use crate::model::{BodyKind, Level};

/// What was decided.
#[derive(Debug, Default)]
pub struct Decision {
    /// The code.
    pub code: Option<String>,
    /// Codes that could be meant, best first.
    pub candidates: Vec<String>,
    /// From 0 to 1.
    pub confidence: f32,
    /// What speaks for the codes.
    pub evidence: Vec<String>,
    /// Rank of the territory.
    pub rank: Option<Level>,
}

/// How much a place's name counts by where it stands.
const IN_ORGAN: f32 = 6.0;
const IN_SENTENCE: f32 = 4.0;
const IN_METADATA: f32 = 3.0;
const IN_TEXT: f32 = 1.0;
/// Of a name of the unit above, what its parts get.
const PARENT_SHARE: f32 = 0.5;
/// No surer than this of a place that only an address or a number tells.
const BY_CLUES: f32 = 0.75;
/// And of one that only the name of a township tells.
const BY_TOWNSHIP: f32 = 0.55;
/// Two candidates closer than this are undecided.
const MARGIN: f32 = 0.75;

/// What is known of the body before its place is.
#[derive(Debug, Clone, Copy)]
pub struct Body<'a> {
    /// The report's title, folded.
    pub title: Option<&'a str>,
    /// The names of its issuer, strongest evidence first.
    pub organs: &'a [(String, OrganSource)],
    /// What kind of body it is.
    pub kind: Option<BodyKind>,
    /// What the names of its places end with, where it says 区民政局 or 我区.
    pub rank: Option<char>,
    /// The reporting year.
    pub year: Option<i16>,
}

/// The place that the evidence speaks for.
#[must_use]
pub fn decide<'a>(evidence: &'a Evidence<'a>, finder: &'a PlaceFinder, body: &Body<'_>) -> Decision {
    let gazetteer = &evidence.lexicon.gazetteer;
    if is_national(body, evidence.lexicon) || is_regional(body, evidence.lexicon, finder) {
        return Decision::default();
    }
    let mut tally = Tally::default();
    let mut own = own_names(evidence, finder, body, &mut tally);
    let mentioned = Mentioned::read(evidence, finder);
    for (name, count) in mentioned.names() {
        tally.add("text", name, f32::from(count.min(3)) * IN_TEXT);
    }
    let mut clues = Clues::read(evidence);
    let mut named = deepest(gazetteer, &own, body.year);
    let branches = branches(gazetteer, &named, body, &evidence.lexicon.organs);
    if !branches.is_empty() {
        own = branches.iter().map(|place| place.name.as_str()).collect();
        tally.add_all("branch", &own, IN_ORGAN);
        named = branches;
    }
    if named.is_empty() {
        own = stems(evidence, finder, body, &tally, &clues);
        tally.add_all("issuer", &own, IN_ORGAN);
        named = deepest(gazetteer, &own, body.year);
    }
    let zones = if own.is_empty() {
        of_zones(gazetteer, finder, body)
    } else {
        Vec::new()
    };
    let zone_names: Vec<&str> = zones.iter().map(|place| place.name.as_str()).collect();
    tally.add_all("zone", &zone_names, IN_ORGAN);
    let ways: [&dyn Fn() -> Vec<&'a Place>; 5] = [
        &|| named.clone(),
        &|| zones.clone(),
        &|| mentioned.candidates(gazetteer, body),
        &|| of_clues(gazetteer, &clues, body),
        &|| of_townships(gazetteer, body),
    ];
    let mut found = ways.iter().map(|way| way());
    let places = found.find(|places| !places.is_empty()).unwrap_or_default();
    let scored = score(gazetteer, &places, &tally, &clues, body.year);
    // The whole text is searched only where something is left to be decided.
    if margin(&scored).is_some_and(|margin| margin < MARGIN) {
        clues.read_text(evidence, &places);
        let scored = score(gazetteer, &places, &tally, &clues, body.year);
        return decision(&scored, tally, &clues, body.kind);
    }
    decision(&scored, tally, &clues, body.kind)
}

/// The places in the issuer's names, or in the title; all of them go into the tally, the strongest come back.
fn own_names<'a>(
    evidence: &Evidence<'_>,
    finder: &'a PlaceFinder,
    body: &Body<'_>,
    tally: &mut Tally<'a>,
) -> Vec<&'a str> {
    let words = &evidence.lexicon.organs;
    let mut own: Vec<&str> = Vec::new();
    for (name, source) in body.organs {
        let weight = match source {
            OrganSource::Title => IN_ORGAN,
            OrganSource::Sentence => IN_SENTENCE,
            OrganSource::Metadata | OrganSource::Signature | OrganSource::Subject | OrganSource::Contact => IN_METADATA,
        };
        let names = sure_names(finder, name, words);
        tally.add_all(source.as_str(), &names, weight);
        if own.is_empty() {
            own = names;
        }
    }
    if let Some(title) = body.title.filter(|_| own.is_empty()) {
        own = sure_names(finder, title, words);
        tally.add_all("title", &own, IN_ORGAN);
    }
    own
}

/// Whether a body is a central one itself, and no branch of one.
fn is_national(body: &Body<'_>, lexicon: &Lexicon) -> bool {
    let name = body.organs.first().filter(|_| body.kind == Some(BodyKind::Central));
    name.is_some_and(|(name, _)| body::branch(name, lexicon).is_empty())
}

/// Whether a branch of a central body is for no place that it names, but for 华东 or a river: where it sits says nothing.
fn is_regional(body: &Body<'_>, lexicon: &Lexicon, finder: &PlaceFinder) -> bool {
    let name = body.organs.first().filter(|_| body.kind == Some(BodyKind::Central));
    let branch = name
        .map(|(name, _)| body::branch(name, lexicon))
        .filter(|branch| !branch.is_empty());
    let begins = |branch: &str| lexicon.organs.beginning(WordKind::Region, branch).is_some();
    branch.is_some_and(|branch| begins(branch) && sure_names(finder, branch, &lexicon.organs).is_empty())
}

fn sure_names<'a>(finder: &'a PlaceFinder, text: &str, words: &OrganWords) -> Vec<&'a str> {
    let found = finder.names_in(text, Setting::Name, words).into_iter();
    found.filter(|found| found.sure).map(|found| found.name).collect()
}

/// How much the evidence names each place.
#[derive(Debug, Default)]
pub(super) struct Tally<'a> {
    pub(super) weights: BTreeMap<&'a str, f32>,
    notes: Vec<String>,
}

impl<'a> Tally<'a> {
    fn add(&mut self, what: &str, name: &'a str, weight: f32) {
        *self.weights.entry(name).or_default() += weight;
        self.notes.push(format!("{what}: {name}"));
    }

    fn add_all(&mut self, what: &str, names: &[&'a str], weight: f32) {
        for name in names {
            self.add(what, name, weight);
        }
    }
}

/// How often the text names a place.
#[derive(Debug, Default)]
struct Mention {
    /// As a name and not as a piece of other words.
    sure: u16,
    /// As a name, and not in the title of a document that is cited.
    uncited: u16,
    /// What stood before it where it may be a piece of other words.
    doubtful: BTreeSet<Option<char>>,
}

/// The places that the text names.
#[derive(Debug, Default)]
struct Mentioned<'a>(BTreeMap<&'a str, Mention>);

impl<'a> Mentioned<'a> {
    fn read(evidence: &Evidence<'_>, finder: &'a PlaceFinder) -> Self {
        let mut mentioned = Self::default();
        let words = &evidence.lexicon.organs;
        for found in evidence
            .texts()
            .flat_map(|line| finder.names_in(line, Setting::Text, words))
        {
            let mention = mentioned.0.entry(found.name).or_default();
            if found.sure {
                mention.sure = mention.sure.saturating_add(1);
                mention.uncited = mention.uncited.saturating_add(u16::from(!found.cited));
            } else if found.form_length > 2 {
                mention.doubtful.insert(found.before);
            }
        }
        // A piece of words stands behind one or two characters: 行政和县, 财政和县. Behind more of them it is a name.
        for mention in mentioned.0.values_mut().filter(|mention| mention.doubtful.len() > 2) {
            mention.sure += 1;
            mention.uncited += 1;
        }
        mentioned.0.retain(|_, mention| mention.sure > 0);
        mentioned
    }

    fn names(&self) -> impl Iterator<Item = (&'a str, u16)> {
        self.0.iter().map(|(name, mention)| (*name, mention.sure))
    }

    /// The places that can be the body's where its own name has none.
    fn candidates(&self, gazetteer: &'a Gazetteer, body: &Body<'_>) -> Vec<&'a Place> {
        let may_be = |place: &&Place| {
            let ranked = body.rank.is_some_and(|rank| place.name.ends_with(rank));
            let cited = self
                .0
                .get(place.name.as_str())
                .is_some_and(|mention| mention.uncited == 0);
            // 《湖北省人民政府办公厅关于…的通知》 in a bureau's report: whoever is told is below whoever tells.
            let cited_from_above = cited && place.level != PlaceLevel::County && !ranked;
            let township = matches!(body.kind, Some(BodyKind::Township | BodyKind::Street));
            let holds_townships = place.level == PlaceLevel::County || !has_counties(gazetteer, place, body.year);
            !cited_from_above && (body.rank.is_none() || ranked) && (!township || holds_townships)
        };
        let mut places = valid(gazetteer, &self.0.keys().copied().collect::<Vec<_>>(), body.year);
        places.retain(may_be);
        places
    }
}

/// Places with the weight of what speaks for them, best first.
type Scored<'a> = Vec<(f32, &'a Place)>;

fn score<'a>(
    gazetteer: &Gazetteer,
    candidates: &[&'a Place],
    tally: &Tally<'_>,
    clues: &Clues<'_>,
    year: Option<i16>,
) -> Scored<'a> {
    let named = |name: &str| tally.weights.get(name).copied().unwrap_or(0.0);
    let weight = |place: &&'a Place| {
        let above = gazetteer.above(&place.code, year);
        let above: f32 = above.iter().map(|above| PARENT_SHARE * named(&above.name)).sum();
        let own = match named(&place.name) {
            0.0 => other_names(gazetteer, place).map(named).fold(0.0, f32::max),
            own => own,
        };
        (own + above + clues.weight(place), *place)
    };
    let mut scored: Scored<'a> = candidates.iter().map(weight).collect();
    scored.sort_by(|left, right| right.0.total_cmp(&left.0).then_with(|| left.1.code.cmp(&right.1.code)));
    scored
}

/// How far the best is ahead of the next; without end where there is no other.
fn margin(scored: &Scored<'_>) -> Option<f32> {
    let (best, _) = scored.first()?;
    Some(scored.get(1).map_or(f32::INFINITY, |(rival, _)| best - rival))
}

fn decision(scored: &Scored<'_>, tally: Tally<'_>, clues: &Clues<'_>, kind: Option<BodyKind>) -> Decision {
    let candidates: Vec<&Place> = scored.iter().map(|(_, place)| *place).collect();
    let mut evidence = tally.notes;
    evidence.extend(clues.notes(&candidates));
    let (Some(margin), Some((best, place))) = (margin(scored), scored.first()) else {
        return Decision {
            evidence,
            ..Decision::default()
        };
    };
    let same_rank = scored.iter().all(|(_, other)| other.level == place.level);
    // The name of a town alone tells its county where the lists have no other; of streets they do not have every one.
    let decided = margin >= MARGIN && (*best > 0.0 || scored.len() == 1 && kind == Some(BodyKind::Township));
    let by_name = tally.weights.contains_key(place.name.as_str());
    let sure = if by_name {
        confidence(margin)
    } else if *best <= 0.0 {
        BY_TOWNSHIP
    } else {
        BY_CLUES.min(0.6 + best * 0.02)
    };
    Decision {
        code: decided.then(|| place.code.clone()),
        candidates: candidates.iter().take(8).map(|place| place.code.clone()).collect(),
        confidence: if decided { sure } else { 0.0 },
        evidence,
        rank: (decided || same_rank).then_some(level(place.level)),
    }
}

/// The level of a government of such a place.
pub fn level(place: PlaceLevel) -> Level {
    match place {
        PlaceLevel::Province => Level::Province,
        PlaceLevel::Prefecture => Level::Prefecture,
        PlaceLevel::County => Level::County,
    }
}

/// Never 1: a name can be borrowed.
fn confidence(margin: f32) -> f32 {
    if margin.is_infinite() {
        0.98
    } else {
        (0.6 + margin * 0.08).min(0.97)
    }
}

/// 河口县卫生健康局 with the place's official name, so that both forms are one body.
pub fn with_official_name(gazetteer: &Gazetteer, organ: &str, code: &str, year: Option<i16>) -> String {
    let official = gazetteer
        .at_or_latest(code, year)
        .map_or("", |place| place.name.as_str());
    let mut forms = gazetteer.short_names().filter(|(_, name)| *name == official);
    let short = forms.find(|(short, _)| organ.contains(short));
    short.map_or_else(|| organ.to_owned(), |(short, _)| organ.replace(short, official))
}

/// A body's name without the names of its territory, so that 广州市天河区人民政府 and 天河区人民政府 are one body.
#[must_use]
pub fn without_places(organ: &str, jurisdiction: &str) -> String {
    let start = organ
        .char_indices()
        .map(|(at, _)| at)
        .rev()
        .find(|at| jurisdiction.contains(&organ[..*at]));
    match start.map(|at| &organ[at..]) {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => organ.to_owned(),
    }
}
