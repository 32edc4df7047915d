//! The observations of both snapshots side by side, file by file.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use gongkai_lexicon::{CategoryKind, Lexicon};
use rustc_hash::FxHashMap;

use super::reports::Pair;
use super::{Change, Difference, Out, Record, Side, columns_that_differ};
use crate::error::DatasetError;
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

/// Compares the observations.
pub(super) fn compare(
    old: &Side,
    new: &Side,
    lexicon: &Lexicon,
    pairs: Vec<Pair>,
    out: &mut Out<'_>,
) -> Result<(), DatasetError> {
    let folder = format!("{}/", ObservationRow::TABLE);
    let names = old.hashes.keys().chain(new.hashes.keys());
    let names: BTreeSet<&String> = names.filter(|name| name.starts_with(&folder)).collect();
    let mut waiting = Waiting::new(pairs);
    for name in names {
        if old.has_same(new, name) {
            out.totals.same_files += 1;
            continue;
        }
        out.totals.read_files += 1;
        let mut streams = Streams {
            old: Stream::open(old, name, lexicon)?,
            new: Stream::open(new, name, lexicon)?,
        };
        streams.compare(&mut waiting, out)?;
        let partition = name.trim_start_matches(&folder).trim_end_matches(".parquet");
        waiting.finish(Some(partition), lexicon, out)?;
    }
    waiting.finish(None, lexicon, out)
}

/// What a value is compared by, in the order of the table.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    category: Text,
    jurisdiction_code: Option<Text>,
    report_id: Text,
    applicant: &'static str,
    period: &'static str,
    /// In open lists.
    label: Option<Text>,
}

impl Key {
    fn of(row: &ObservationRow, lexicon: &Lexicon) -> Self {
        Self {
            category: row.category.clone(),
            jurisdiction_code: row.jurisdiction_code.clone(),
            report_id: row.report_id.clone(),
            applicant: row.applicant.as_str(),
            period: row.period.as_str(),
            label: row.label.clone().filter(|_| is_list(&row.category, lexicon)),
        }
    }

    /// What is left when it does not matter which report it is.
    fn in_report(&self) -> (&str, &str, &str, Option<&str>) {
        (&self.category, self.applicant, self.period, self.label.as_deref())
    }
}

fn is_list(category: &str, lexicon: &Lexicon) -> bool {
    let id = lexicon.categories.id(category);
    id.is_none_or(|id| lexicon.categories.get(id).kind == CategoryKind::List)
}

/// The rows of a file on one side; none when that side has no such file.
struct Stream<'a> {
    reader: Option<TableReader<ObservationRow>>,
    lexicon: &'a Lexicon,
}

impl<'a> Stream<'a> {
    fn open(side: &Side, name: &str, lexicon: &'a Lexicon) -> Result<Self, DatasetError> {
        let is_there = side.hashes.contains_key(name);
        let reader = is_there.then(|| TableReader::open(&side.root.join(name))).transpose()?;
        Ok(Self { reader, lexicon })
    }

    /// The next row that does not wait for another of its pair.
    fn next(&mut self, waiting: &mut Waiting, is_old: bool) -> Result<Option<(Key, ObservationRow)>, DatasetError> {
        let Some(reader) = &mut self.reader else {
            return Ok(None);
        };
        while let Some(row) = reader.next()? {
            if let Some(row) = waiting.take(row, is_old) {
                return Ok(Some((Key::of(&row, self.lexicon), row)));
            }
        }
        Ok(None)
    }
}

/// Both sides of a file.
struct Streams<'a> {
    old: Stream<'a>,
    new: Stream<'a>,
}

impl Streams<'_> {
    fn compare(&mut self, waiting: &mut Waiting, out: &mut Out<'_>) -> Result<(), DatasetError> {
        let mut was = self.old.next(waiting, true)?;
        let mut is = self.new.next(waiting, false)?;
        loop {
            let order = match (&was, &is) {
                (Some((was, _)), Some((is, _))) => was.cmp(is),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return Ok(()),
            };
            let old = was.as_ref().filter(|_| order != Ordering::Greater);
            let new = is.as_ref().filter(|_| order != Ordering::Less);
            tell(old.map(|(_, row)| row), new.map(|(_, row)| row), &[], out)?;
            if order != Ordering::Greater {
                was = self.old.next(waiting, true)?;
            }
            if order != Ordering::Less {
                is = self.new.next(waiting, false)?;
            }
        }
    }
}

/// Tells how a value differs, if it does.
fn tell(
    was: Option<&ObservationRow>,
    is: Option<&ObservationRow>,
    but: &[&str],
    out: &mut Out<'_>,
) -> Result<(), DatasetError> {
    let change = match (was, is) {
        (None, Some(_)) => Change::Added,
        (Some(_), None) => Change::Withdrawn,
        (Some(was), Some(is)) if was == is => return Ok(()),
        (Some(_), Some(_)) => Change::Changed,
        (None, None) => return Ok(()),
    };
    let mut columns = Vec::new();
    if let (Some(was), Some(is)) = (was, is) {
        columns = columns_that_differ(was, is, &[&OF_REPORT, but].concat());
        if columns.is_empty() {
            return Ok(());
        }
        let is_value = (was.count, was.amount_cny, was.status) != (is.count, is.amount_cny, is.status);
        out.totals.values += u64::from(is_value);
    }
    let Some(row) = is.or(was) else {
        return Ok(());
    };
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
    out.push(Record::Observation, change, difference)
}

/// The values of paired reports until both sides have come.
struct Waiting {
    olds: FxHashMap<String, usize>,
    news: FxHashMap<String, usize>,
    pairs: Vec<(Pair, [Vec<ObservationRow>; 2])>,
}

impl Waiting {
    fn new(pairs: Vec<Pair>) -> Self {
        let places = |id: fn(&Pair) -> &String| {
            let ids = pairs.iter().map(|pair| id(pair).clone());
            ids.zip(0..).collect()
        };
        Self {
            olds: places(|pair| &pair.old),
            news: places(|pair| &pair.new),
            pairs: pairs.into_iter().map(|pair| (pair, Default::default())).collect(),
        }
    }

    /// Takes a row of a paired report; gives others back.
    fn take(&mut self, row: ObservationRow, is_old: bool) -> Option<ObservationRow> {
        let places = if is_old { &self.olds } else { &self.news };
        let Some((_, [olds, news])) = places
            .get(row.report_id.as_str())
            .and_then(|place| self.pairs.get_mut(*place))
        else {
            return Some(row);
        };
        if is_old { olds } else { news }.push(row);
        None
    }

    /// Compares the pairs whose values have all come: those of a partition, or, at the end, all that are left.
    fn finish(&mut self, partition: Option<&str>, lexicon: &Lexicon, out: &mut Out<'_>) -> Result<(), DatasetError> {
        for (pair, sides) in &mut self.pairs {
            if partition.is_none() || pair.partition.as_deref() == partition {
                let but: &[&str] = if pair.old == pair.new { &[] } else { &OF_TEXT };
                side_by_side(std::mem::take(sides), lexicon, but, out)?;
            }
        }
        Ok(())
    }
}

fn side_by_side(
    sides: [Vec<ObservationRow>; 2],
    lexicon: &Lexicon,
    but: &[&str],
    out: &mut Out<'_>,
) -> Result<(), DatasetError> {
    let [olds, news] = sides.map(|rows| {
        let mut rows: Vec<(Key, ObservationRow)> = rows.into_iter().map(|row| (Key::of(&row, lexicon), row)).collect();
        rows.sort_by(|(left, _), (right, _)| left.in_report().cmp(&right.in_report()));
        rows
    });
    let (mut olds, mut news) = (olds.iter().peekable(), news.iter().peekable());
    loop {
        let order = match (olds.peek(), news.peek()) {
            (Some((was, _)), Some((is, _))) => was.in_report().cmp(&is.in_report()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return Ok(()),
        };
        let was = olds.next_if(|_| order != Ordering::Greater);
        let is = news.next_if(|_| order != Ordering::Less);
        tell(was.map(|(_, row)| row), is.map(|(_, row)| row), but, out)?;
    }
}
