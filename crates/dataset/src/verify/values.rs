//! The values by themselves: in order, no key twice, each of a report that says the same of who reports, its number
//! what its characters give, every observation a mention.

use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Snapshot;
use super::by_category::Balances;
use super::files::DeclaredFile;
use super::findings::{At, FindingKind, Findings};
use super::index::{Index, identity_hash};
use super::reading::{Reading, unproved};
use crate::error::DatasetError;
use crate::rows::{MentionRow, ObservationRow};
use crate::table::Row;
use crate::text::Text;

/// Looks at both tables of values. Gives what the observations are by category.
pub(super) fn verify(snapshot: &mut Snapshot<'_>, index: &mut Index) -> Result<Balances, DatasetError> {
    let lexicon = snapshot.lexicon;
    let list = |category: &str| lexicon.categories.is_list(category);
    let mut by_category = Balances::default();
    for file in snapshot.files_of(ObservationRow::TABLE) {
        let mut last: Option<Place> = None;
        snapshot.each(&file, |findings, number, row: ObservationRow| {
            let at = at(&file, number, &row.report_id);
            let place = Place::of(&row, (0, 0));
            if let Some(last) = &last {
                match place.cmp(last) {
                    Ordering::Less => out_of_order(findings, at, &row.category),
                    _ if place.has_key_of(last, list(&row.category)) => {
                        let message = format!("a report has one value for a key, found another for {}", row.category);
                        findings.row(FindingKind::Key, at, message);
                    }
                    _ => {}
                }
            }
            last = Some(place);
            if let Some(entry) = of_report(findings, at, &file, &row, index) {
                entry.observe();
                entry.balance = entry.balance.wrapping_add(fingerprint(&row));
                by_category.add(&row, list(&row.category), entry.is_duplicate());
            }
            prove(findings, at, &row, lexicon);
        })?;
    }
    for file in snapshot.files_of(MentionRow::TABLE) {
        let mut last: Option<Place> = None;
        snapshot.each(&file, |findings, number, mention: MentionRow| {
            let row = mention.value();
            let at = at(&file, number, &row.report_id);
            let place = Place::of(&row, (row.start, row.end));
            if last.as_ref().is_some_and(|last| place < *last) {
                out_of_order(findings, at, &row.category);
            }
            last = Some(place);
            if let Some(entry) = of_report(findings, at, &file, &row, index)
                && mention.observation
            {
                entry.balance = entry.balance.wrapping_sub(fingerprint(&row));
            }
            prove(findings, at, &row, lexicon);
        })?;
    }
    Ok(by_category)
}

fn at<'a>(file: &'a DeclaredFile, row: u64, report: &'a str) -> At<'a> {
    At {
        file: &file.name,
        row,
        report,
    }
}

fn out_of_order(findings: &mut Findings<'_>, at: At<'_>, category: &str) {
    let message =
        format!("expected order by category, jurisdiction, report, applicant, period and label, found {category}");
    findings.row(FindingKind::Order, at, message);
}

/// Where a row stands in its file.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    category: Text,
    jurisdiction_code: Option<Text>,
    report_id: Text,
    applicant: &'static str,
    period: &'static str,
    label: Option<Text>,
    last: (u32, u32),
}

impl Place {
    fn of(row: &ObservationRow, last: (u32, u32)) -> Self {
        Self {
            category: row.category.clone(),
            jurisdiction_code: row.jurisdiction_code.clone(),
            report_id: row.report_id.clone(),
            applicant: row.applicant.as_str(),
            period: row.period.as_str(),
            label: row.label.clone(),
            last,
        }
    }

    /// Labels are part of the key in open lists alone.
    fn has_key_of(&self, other: &Self, list: bool) -> bool {
        self.report_id == other.report_id
            && self.category == other.category
            && self.applicant == other.applicant
            && self.period == other.period
            && (!list || self.label == other.label)
    }
}

/// The entry of a row's report, when there is one and the row says the same as it.
fn of_report<'a>(
    findings: &mut Findings<'_>,
    at: At<'_>,
    file: &DeclaredFile,
    row: &ObservationRow,
    index: &'a mut Index,
) -> Option<&'a mut super::index::Entry> {
    let Some(entry) = index.get(&row.report_id) else {
        findings.row(FindingKind::Report, at, "reports.parquet has no such report".to_owned());
        return None;
    };
    let identity = identity_hash(
        row.body_id.as_deref(),
        row.jurisdiction_code.as_deref(),
        row.jurisdiction.as_deref(),
        row.organ.as_deref(),
        row.level.map(|level| level.as_str()),
        row.year,
    );
    if identity != entry.identity {
        let message = "expected body, jurisdiction, organ, level and year of its report, found others".to_owned();
        findings.row(FindingKind::Report, at, message);
    } else if index.partition(entry) != file.partition() {
        let message = format!("expected in the file of {}", index.partition(entry));
        findings.row(FindingKind::Report, at, message);
    }
    index.get_mut(&row.report_id)
}

fn prove(findings: &mut Findings<'_>, at: At<'_>, row: &ObservationRow, lexicon: &gongkai_lexicon::Lexicon) {
    let reading = Reading {
        raw: &row.raw,
        status: row.status,
        count: row.count,
        amount_cny: row.amount_cny,
        unit_printed: row.unit_printed.as_deref(),
        template_row: row.template_row.as_deref(),
    };
    if let Some(message) = unproved(reading, lexicon) {
        findings.row(FindingKind::Value, at, message);
    }
}

/// What an observation and its mention have in common: all but the confidence.
fn fingerprint(row: &ObservationRow) -> u64 {
    let mut hasher = DefaultHasher::new();
    (
        &*row.report_id,
        &*row.category,
        row.label.as_deref(),
        row.template_row.as_deref(),
    )
        .hash(&mut hasher);
    (row.relation.as_str(), row.applicant.as_str(), row.period.as_str()).hash(&mut hasher);
    (
        row.count,
        row.amount_cny.map(|fen| fen.0),
        row.unit.as_deref(),
        row.unit_printed.as_deref(),
    )
        .hash(&mut hasher);
    (
        row.unit_source.as_str(),
        row.status.as_str(),
        &*row.raw,
        row.method.as_str(),
    )
        .hash(&mut hasher);
    (row.block, row.start, row.end, row.check.as_str()).hash(&mut hasher);
    hasher.finish()
}
