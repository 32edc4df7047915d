//! The reports of both snapshots side by side, and which new report came in the place of which old one.

use std::cmp::Ordering;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::columns::{SameRows, next_text, place_of};
use super::{Change, Difference, Out, Record, Side, columns_that_differ};
use crate::error::DatasetError;
use crate::key::partition;
use crate::parquet::TableSchema;
use crate::read::TableReader;
use crate::rows::ReportRow;

const FILE: &str = "reports.parquet";

/// Two reports whose values are compared although they do not stand in one place of the tables: a report and its
/// revision, or one that moved to another jurisdiction or year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    /// The old report.
    pub old: String,
    /// The new one.
    pub new: String,
    /// The file that has the values of both, when it is one.
    pub partition: Option<String>,
}

impl Pair {
    fn of(was: &Lone, is: &Lone) -> Self {
        let file = |report: &Lone| partition(report.year, report.jurisdiction_code.as_deref());
        let new_file = file(is);
        Self {
            old: was.report_id.clone(),
            new: is.report_id.clone(),
            partition: (file(was) == new_file).then_some(new_file),
        }
    }
}

/// What is kept of a report that only one side has.
struct Lone {
    report_id: String,
    body_id: Option<String>,
    jurisdiction_code: Option<String>,
    jurisdiction: Option<String>,
    organ: Option<String>,
    year: Option<i16>,
    origins: Vec<String>,
}

/// Compares the reports, and gives the pairs.
pub(super) fn compare(old: &Side, new: &Side, out: &mut Out<'_>) -> Result<Vec<Pair>, DatasetError> {
    let mut pairs = Vec::new();
    if old.has_same(new, FILE) {
        return Ok(pairs);
    }
    let schema = TableSchema::of::<ReportRow>(&new.root)?;
    let mut olds = TableReader::<ReportRow>::open_keyed(&old.root.join(FILE), Arc::clone(&schema))?;
    let mut news = TableReader::<ReportRow>::open_keyed(&new.root.join(FILE), schema)?;
    let id = place_of::<ReportRow>("report_id");
    let mut same_rows = SameRows::new();
    let (mut withdrawn, mut added) = (Vec::new(), Vec::new());
    loop {
        same_rows.skip(&mut olds, &mut news)?;
        let order = match (next_text(&mut olds, id)?, next_text(&mut news, id)?) {
            (Some(was), Some(is)) => was.cmp(is),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => break,
        };
        match order {
            Ordering::Less => withdrawn.extend(olds.next()?.map(Lone::of)),
            Ordering::Greater => added.extend(news.next()?.map(Lone::of)),
            Ordering::Equal => {
                if let (Some(was), Some(is)) = (olds.next()?, news.next()?) {
                    both(&was, &is, &mut pairs, out)?;
                }
            }
        }
    }
    pair(&withdrawn, &added, &mut pairs, out)?;
    Ok(pairs)
}

/// A report that both snapshots have.
fn both(was: &ReportRow, is: &ReportRow, pairs: &mut Vec<Pair>, out: &mut Out<'_>) -> Result<(), DatasetError> {
    if was == is {
        return Ok(());
    }
    if (was.year, &was.jurisdiction_code) != (is.year, &is.jurisdiction_code) {
        pairs.push(Pair::of(&Lone::of(was.clone()), &Lone::of(is.clone())));
    }
    let columns = columns_that_differ(was, is, &[]);
    let difference = Lone::of(is.clone()).difference(None, columns);
    out.push(Record::Report, Change::Changed, difference)
}

/// Finds the revisions among the reports that came and went, and tells all of them.
fn pair(withdrawn: &[Lone], added: &[Lone], pairs: &mut Vec<Pair>, out: &mut Out<'_>) -> Result<(), DatasetError> {
    let mut by_origin: FxHashMap<&str, usize> = FxHashMap::default();
    let mut by_body: FxHashMap<(&str, i16), usize> = FxHashMap::default();
    for (place, was) in withdrawn.iter().enumerate() {
        for origin in &was.origins {
            by_origin.entry(origin).or_insert(place);
        }
        if let Some(body) = was.body() {
            by_body.entry(body).or_insert(place);
        }
    }
    let mut taken = vec![false; withdrawn.len()];
    let mut replaced = vec![None; added.len()];
    // The origin is surer than body and year, which two reports may share: all go by it first.
    for by_name in [true, false] {
        for (is, replaced) in added
            .iter()
            .zip(&mut replaced)
            .filter(|(_, replaced)| replaced.is_none())
        {
            let place = match by_name {
                true => is.origins.iter().find_map(|origin| by_origin.get(origin.as_str())),
                false => is.body().and_then(|body| by_body.get(&body)),
            };
            if let Some(place) = place.copied()
                && let Some(taken) = taken.get_mut(place).filter(|taken| !**taken)
            {
                *taken = true;
                *replaced = Some(place);
            }
        }
    }
    for (is, replaced) in added.iter().zip(replaced) {
        match replaced.and_then(|place| withdrawn.get(place)) {
            Some(was) => {
                pairs.push(Pair::of(was, is));
                let difference = is.difference(Some(&was.report_id), Vec::new());
                out.push(Record::Report, Change::Revised, difference)?;
            }
            None => out.push(Record::Report, Change::Added, is.difference(None, Vec::new()))?,
        }
    }
    let gone = withdrawn.iter().zip(taken).filter(|(_, taken)| !taken);
    gone.map(|(was, _)| was.difference(None, Vec::new()))
        .try_for_each(|difference| out.push(Record::Report, Change::Withdrawn, difference))
}

impl Lone {
    fn of(row: ReportRow) -> Self {
        Self {
            report_id: row.report_id,
            body_id: row.body_id,
            jurisdiction_code: row.jurisdiction_code,
            jurisdiction: row.jurisdiction,
            organ: row.organ,
            year: row.year,
            origins: row.origins,
        }
    }

    /// Body and year, when both are known.
    fn body(&self) -> Option<(&str, i16)> {
        self.body_id.as_deref().zip(self.year)
    }

    fn difference(&self, old_report_id: Option<&str>, columns: Vec<String>) -> Difference {
        Difference {
            record: String::new(),
            change: String::new(),
            report_id: self.report_id.clone(),
            old_report_id: old_report_id.map(str::to_owned),
            body_id: self.body_id.clone(),
            jurisdiction_code: self.jurisdiction_code.clone(),
            jurisdiction: self.jurisdiction.clone(),
            organ: self.organ.clone(),
            year: self.year,
            category: None,
            label: None,
            applicant: None,
            period: None,
            old_count: None,
            new_count: None,
            old_amount_cny: None,
            new_amount_cny: None,
            old_status: None,
            new_status: None,
            columns,
        }
    }
}
