//! The observations by category: in order, and the same as those of all partitions. Each category's are compared by
//! number and by a sum over hashes of their rows, in which their order does not matter.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Snapshot;
use super::findings::FindingKind;
use crate::error::DatasetError;
use crate::rows::{ByCategoryRow, ObservationRow};
use crate::table::Row;
use crate::text::Text;

/// How many observations a category has, and a sum over hashes of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Balance {
    rows: u64,
    sum: u64,
}

impl Balance {
    fn add(&mut self, row: &ByCategoryRow) {
        self.rows += 1;
        self.sum = self.sum.wrapping_add(fingerprint(row));
    }
}

/// The balance of every category.
#[derive(Debug, Default)]
pub(super) struct Balances(BTreeMap<Text, Balance>);

impl Balances {
    /// Adds an observation. `duplicate` tells whether another report stands for its report.
    pub(super) fn add(&mut self, row: &ObservationRow, is_list: bool, duplicate: bool) {
        self.of(&row.category).add(&ByCategoryRow {
            category: row.category.clone(),
            year: row.year,
            jurisdiction_code: row.jurisdiction_code.clone(),
            report_id: row.report_id.clone(),
            level: row.level,
            applicant: row.applicant,
            period: row.period,
            label: row.label.clone().filter(|_| is_list),
            relation: row.relation,
            count: row.count,
            amount_cny: row.amount_cny,
            status: row.status,
            check: row.check,
            confidence: row.confidence,
            duplicate,
        });
    }

    fn of(&mut self, category: &Text) -> &mut Balance {
        self.0.entry(category.clone()).or_default()
    }
}

/// Compares the table with the observations. Where not all of them can be read, nothing can be said.
pub(super) fn verify(snapshot: &mut Snapshot<'_>, expected: Balances) -> Result<(), DatasetError> {
    let mut found = Balances::default();
    snapshot.sorted(Place::of, false, |_, _, _, row: &ByCategoryRow| {
        found.of(&row.category).add(row);
    })?;
    let file = snapshot.files_of(ByCategoryRow::TABLE).pop();
    let Some(file) = file.filter(|_| snapshot.is_complete(ObservationRow::TABLE)) else {
        return Ok(());
    };
    let categories: BTreeSet<&Text> = expected.0.keys().chain(found.0.keys()).collect();
    for category in categories {
        let of = |balances: &Balances| balances.0.get(category).copied().unwrap_or_default();
        let (expected, found) = (of(&expected), of(&found));
        if expected != found {
            let message = match expected.rows == found.rows {
                true => "rows differ from the observations".to_owned(),
                false => format!("expected {} rows, found {}", expected.rows, found.rows),
            };
            snapshot
                .findings
                .add(FindingKind::Panel, &file.name, category.to_string(), message);
        }
    }
    Ok(())
}

/// Where a row stands.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    category: Text,
    /// None comes last.
    year: (bool, Option<i16>),
    jurisdiction_code: Option<Text>,
    report_id: Text,
    applicant: &'static str,
    period: &'static str,
    label: Option<Text>,
}

impl Place {
    fn of(row: &ByCategoryRow) -> Self {
        Self {
            category: row.category.clone(),
            year: (row.year.is_none(), row.year),
            jurisdiction_code: row.jurisdiction_code.clone(),
            report_id: row.report_id.clone(),
            applicant: row.applicant.as_str(),
            period: row.period.as_str(),
            label: row.label.clone(),
        }
    }
}

fn fingerprint(row: &ByCategoryRow) -> u64 {
    let mut hasher = DefaultHasher::new();
    let code = row.jurisdiction_code.as_deref();
    (row.year, code, &*row.report_id, row.label.as_deref(), row.duplicate).hash(&mut hasher);
    (
        row.level.map(|level| level.as_str()),
        row.applicant.as_str(),
        row.period.as_str(),
    )
        .hash(&mut hasher);
    (row.relation.as_str(), row.count, row.amount_cny.map(|fen| fen.0)).hash(&mut hasher);
    (row.status.as_str(), row.check.as_str(), row.confidence.to_bits()).hash(&mut hasher);
    hasher.finish()
}
