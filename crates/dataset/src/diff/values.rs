//! The observations of both snapshots side by side, file by file, on several threads.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gongkai_lexicon::Lexicon;
use rustc_hash::FxHashMap;

use super::columns::{SameRows, next_text, place_of, text};
use super::ordered::{Findings, in_order};
use super::reports::Pair;
use super::{Change, Difference, Out, Record, Side, columns_that_differ};
use crate::error::DatasetError;
use crate::parquet::TableSchema;
use crate::read::TableReader;
use crate::rows::ObservationRow;
use crate::table::Row as _;
use crate::text::Text;

/// Columns that repeat what the report says: a change of them is told once, of the report.
const OF_REPORT: [&str; 7] = [
    "report_id",
    "body_id",
    "jurisdiction_code",
    "jurisdiction",
    "organ",
    "level",
    "year",
];

/// Columns that are others in every other text.
const OF_TEXT: [&str; 3] = ["block", "start", "end"];

/// So many differences wait, of all threads together, for those of the files before: about a hundred megabytes.
const MOST_WAITING: usize = 128 * 1024;

/// Compares the observations.
pub(super) fn compare(
    old: &Side,
    new: &Side,
    lexicon: &Lexicon,
    pairs: Vec<Pair>,
    threads: usize,
    out: &mut Out<'_>,
) -> Result<(), DatasetError> {
    let folder = format!("{}/", ObservationRow::TABLE);
    let names = old.hashes.keys().chain(new.hashes.keys());
    let names: BTreeSet<&String> = names.filter(|name| name.starts_with(&folder)).collect();
    let (same, others): (Vec<&String>, Vec<&String>) = names.into_iter().partition(|name| old.has_same(new, name));
    out.totals.same_files += same.len() as u64;
    out.totals.read_files += others.len() as u64;
    let schema = TableSchema::of::<ObservationRow>(&new.root)?;
    let paired = Paired::new(pairs);
    let compare = |name: &&String, findings: &mut Findings<Found, DatasetError>| {
        let open = |side: &Side| {
            let is_there = side.hashes.contains_key(*name);
            is_there
                .then(|| TableReader::open_keyed(&side.root.join(name), Arc::clone(&schema)))
                .transpose()
        };
        let files = Files {
            olds: open(old)?,
            news: open(new)?,
            same_rows: SameRows::new(),
            columns: KeyColumns::find(),
            waiting: BTreeMap::new(),
            paired: &paired,
            lexicon,
        };
        let partition = name.trim_start_matches(&folder).trim_end_matches(".parquet");
        files.compare(partition, findings)
    };
    let mut left: BTreeMap<usize, Sides> = BTreeMap::new();
    in_order(&others, threads, MOST_WAITING, compare, &mut |found| match found {
        Found::Differs(told) => told.give(out),
        Found::Waits(place, rows) => {
            let sides = left.entry(place).or_default();
            sides.iter_mut().zip(*rows).for_each(|(side, rows)| side.extend(rows));
            Ok(())
        }
    })?;
    for (place, sides) in left {
        let but = paired.but(place);
        side_by_side(&sides, lexicon, |was, is| {
            tell(was, is, but).map_or(Ok(()), |told| told.give(out))
        })?;
    }
    Ok(())
}

/// What both sides have of one key.
type Rows = (Option<ObservationRow>, Option<ObservationRow>);

/// Values of a paired report, old and new.
type Sides = [Vec<ObservationRow>; 2];

/// What comparing a file finds.
enum Found {
    /// A value differs.
    Differs(Box<Told>),
    /// Of a pair, by its place, the other side may stand in another file.
    Waits(usize, Box<Sides>),
}

/// What a value is compared by, in the order of the table.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    category: &'a str,
    jurisdiction_code: Option<&'a str>,
    report_id: &'a str,
    applicant: &'a str,
    period: &'a str,
    /// In open lists.
    label: Option<&'a str>,
}

impl<'a> Key<'a> {
    /// That of the row that is next in a file; none at its end.
    fn next(
        reader: &'a mut Option<TableReader<ObservationRow>>,
        columns: &KeyColumns,
        lexicon: &Lexicon,
    ) -> Result<Option<Self>, DatasetError> {
        let Some(reader) = reader else {
            return Ok(None);
        };
        if !reader.load()? {
            return Ok(None);
        }
        let (values, rows) = reader.ahead();
        let value = |place: usize| text(values, place, rows.start);
        let category = value(columns.category).unwrap_or_default();
        Ok(Some(Self {
            category,
            jurisdiction_code: value(columns.jurisdiction_code),
            report_id: value(columns.report_id).unwrap_or_default(),
            applicant: value(columns.applicant).unwrap_or_default(),
            period: value(columns.period).unwrap_or_default(),
            label: value(columns.label).filter(|_| lexicon.categories.is_list(category)),
        }))
    }

    /// That of a row within its report: what is left when it does not matter which report it is.
    fn in_report(row: &'a ObservationRow, lexicon: &Lexicon) -> Self {
        Self {
            category: &row.category,
            jurisdiction_code: None,
            report_id: "",
            applicant: row.applicant.as_str(),
            period: row.period.as_str(),
            label: row
                .label
                .as_deref()
                .filter(|_| lexicon.categories.is_list(&row.category)),
        }
    }
}

/// Where the columns of the key stand.
struct KeyColumns {
    category: usize,
    jurisdiction_code: usize,
    report_id: usize,
    applicant: usize,
    period: usize,
    label: usize,
}

impl KeyColumns {
    fn find() -> Self {
        let place = place_of::<ObservationRow>;
        Self {
            category: place("category"),
            jurisdiction_code: place("jurisdiction_code"),
            report_id: place("report_id"),
            applicant: place("applicant"),
            period: place("period"),
            label: place("label"),
        }
    }
}

/// A file on both sides; none where that side has no such file.
struct Files<'a> {
    olds: Option<TableReader<ObservationRow>>,
    news: Option<TableReader<ObservationRow>>,
    same_rows: SameRows,
    columns: KeyColumns,
    /// Rows of paired reports, by the places of the pairs.
    waiting: BTreeMap<usize, Sides>,
    paired: &'a Paired,
    lexicon: &'a Lexicon,
}

impl Files<'_> {
    fn compare(mut self, partition: &str, findings: &mut Findings<Found, DatasetError>) -> Result<(), DatasetError> {
        let mut give = |was: Option<&ObservationRow>, is: Option<&ObservationRow>, but: &[&str]| {
            let told = tell(was, is, but);
            told.is_none_or(|told| findings.push(Found::Differs(Box::new(told))))
        };
        while let Some((was, is)) = self.next()? {
            if !give(was.as_ref(), is.as_ref(), &[]) {
                return Ok(());
            }
        }
        let is_here = |place: &usize| self.paired.partition(*place) == Some(partition);
        let (here, elsewhere): (Vec<_>, Vec<_>) = self.waiting.into_iter().partition(|(place, _)| is_here(place));
        for (place, sides) in here {
            let but = self.paired.but(place);
            side_by_side(&sides, self.lexicon, |was, is| {
                give(was, is, but);
                Ok(())
            })?;
        }
        for (place, sides) in elsewhere {
            findings.push(Found::Waits(place, Box::new(sides)));
        }
        Ok(())
    }

    /// The next row that one side has alone, or that may differ; none at the end of both.
    fn next(&mut self) -> Result<Option<Rows>, DatasetError> {
        if let (Some(olds), Some(news)) = (&mut self.olds, &mut self.news) {
            self.same_rows.skip(olds, news)?;
        }
        self.hold_back()?;
        let was = Key::next(&mut self.olds, &self.columns, self.lexicon)?;
        let is = Key::next(&mut self.news, &self.columns, self.lexicon)?;
        let order = match (was, is) {
            (Some(was), Some(is)) => was.cmp(&is),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return Ok(None),
        };
        let next = |reader: &mut Option<TableReader<ObservationRow>>, is_wanted: bool| {
            let reader = reader.as_mut().filter(|_| is_wanted);
            reader.map_or(Ok(None), TableReader::next)
        };
        Ok(Some((
            next(&mut self.olds, order != Ordering::Greater)?,
            next(&mut self.news, order != Ordering::Less)?,
        )))
    }

    /// Puts the rows that come next and are of a paired report where they wait for those of the other side.
    fn hold_back(&mut self) -> Result<(), DatasetError> {
        let olds = (&mut self.olds, &self.paired.olds, true);
        let news = (&mut self.news, &self.paired.news, false);
        for (reader, places, is_old) in [olds, news] {
            let Some(reader) = reader.as_mut().filter(|_| !places.is_empty()) else {
                continue;
            };
            while let Some(report) = next_text(reader, self.columns.report_id)?
                && let Some(place) = places.get(report)
            {
                let row = reader.next()?;
                let [olds, news] = self.waiting.entry(*place).or_default();
                if is_old { olds } else { news }.extend(row);
            }
        }
        Ok(())
    }
}

/// How a value differs.
struct Told {
    change: Change,
    /// It is another count, amount or status.
    is_value: bool,
    difference: Difference,
}

impl Told {
    fn give(self, out: &mut Out<'_>) -> Result<(), DatasetError> {
        out.totals.values += u64::from(self.is_value);
        out.push(Record::Observation, self.change, self.difference)
    }
}

/// How a value differs, if it does; not by the columns `but`.
fn tell(was: Option<&ObservationRow>, is: Option<&ObservationRow>, but: &[&str]) -> Option<Told> {
    let row = is.or(was)?;
    let change = match (was, is) {
        (None, _) => Change::Added,
        (_, None) => Change::Withdrawn,
        _ => Change::Changed,
    };
    let mut columns = Vec::new();
    let mut is_value = false;
    if let (Some(was), Some(is)) = (was, is) {
        columns = columns_that_differ(was, is, &[&OF_REPORT, but].concat());
        if columns.is_empty() {
            return None;
        }
        is_value = (was.count, was.amount_cny, was.status) != (is.count, is.amount_cny, is.status);
    }
    let text = |text: &Option<Text>| text.as_deref().map(str::to_owned);
    let difference = Difference {
        record: String::new(),
        change: String::new(),
        report_id: row.report_id.to_string(),
        old_report_id: was
            .filter(|was| was.report_id != row.report_id)
            .map(|was| was.report_id.to_string()),
        body_id: text(&row.body_id),
        jurisdiction_code: text(&row.jurisdiction_code),
        jurisdiction: text(&row.jurisdiction),
        organ: text(&row.organ),
        year: row.year,
        category: Some(row.category.to_string()),
        label: text(&row.label),
        applicant: Some(row.applicant.as_str().to_owned()),
        period: Some(row.period.as_str().to_owned()),
        old_count: was.and_then(|was| was.count),
        new_count: is.and_then(|is| is.count),
        old_amount_cny: was.and_then(|was| was.amount_cny),
        new_amount_cny: is.and_then(|is| is.amount_cny),
        old_status: was.map(|was| was.status.as_str().to_owned()),
        new_status: is.map(|is| is.status.as_str().to_owned()),
        columns,
    };
    Some(Told {
        change,
        is_value,
        difference,
    })
}

/// The pairs, and where they stand among them by the ids of their reports.
struct Paired {
    olds: FxHashMap<String, usize>,
    news: FxHashMap<String, usize>,
    pairs: Vec<Pair>,
}

impl Paired {
    fn new(pairs: Vec<Pair>) -> Self {
        let places = |id: fn(&Pair) -> &String| {
            let ids = pairs.iter().map(|pair| id(pair).clone());
            ids.zip(0..).collect()
        };
        Self {
            olds: places(|pair| &pair.old),
            news: places(|pair| &pair.new),
            pairs,
        }
    }

    /// The file that has the values of both, when it is one.
    fn partition(&self, place: usize) -> Option<&str> {
        self.pairs.get(place)?.partition.as_deref()
    }

    /// The columns that do not matter: another text has its values elsewhere.
    fn but(&self, place: usize) -> &'static [&'static str] {
        let is_one = self.pairs.get(place).is_some_and(|pair| pair.old == pair.new);
        if is_one { &[] } else { &OF_TEXT }
    }
}

/// Gives the values of a pair, each with its other when it has one.
fn side_by_side(
    sides: &Sides,
    lexicon: &Lexicon,
    mut give: impl FnMut(Option<&ObservationRow>, Option<&ObservationRow>) -> Result<(), DatasetError>,
) -> Result<(), DatasetError> {
    let [olds, news] = sides.each_ref().map(|rows| {
        let mut rows: Vec<_> = rows.iter().map(|row| (Key::in_report(row, lexicon), row)).collect();
        rows.sort_by(|(left, _), (right, _)| left.cmp(right));
        rows
    });
    let (mut olds, mut news) = (olds.iter().peekable(), news.iter().peekable());
    loop {
        let order = match (olds.peek(), news.peek()) {
            (Some((was, _)), Some((is, _))) => was.cmp(is),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return Ok(()),
        };
        let was = olds.next_if(|_| order != Ordering::Greater);
        let is = news.next_if(|_| order != Ordering::Less);
        give(was.map(|(_, row)| *row), is.map(|(_, row)| *row))?;
    }
}
