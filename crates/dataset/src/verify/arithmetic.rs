//! The checks within a report, computed again from the mentions they name.
//!
//! Identities of the data: both sides, the difference and the result. Sentences against tables (S-10): both numbers and
//! the result. Printed shares (P-7) stand in no table, so of them only the difference is computed. Many thousand checks of
//! one partition or of neighbours are held at a time, and their mentions are read once for each such window.

use std::cmp::Ordering;

use gongkai_extract::CheckResult;
use gongkai_lexicon::{CategoryId, Comparison, Each, IdentityKind, IdentityRule, Lexicon, Term as Formula};

use super::Snapshot;
use super::files::DeclaredFile;
use super::findings::{At, FindingKind};
use super::index::Index;
use super::terms::{Term, Terms};
use super::waiting::{SortedChecks, WaitingChecks};
use crate::error::DatasetError;
use crate::name::Named;
use crate::rows::CheckRow;
use crate::table::Row;

/// How many checks are held at a time.
const WINDOW: usize = 1 << 17;

/// Sides that differ by less are equal: money has two decimals.
pub(super) const EQUAL: f64 = 0.005;

/// The check of what sentences say against what tables say.
const PROSE_AGAINST_TABLE: &str = "S-10";

/// Looks at every check.
pub(super) fn verify(snapshot: &mut Snapshot<'_>, index: &mut Index) -> Result<(), DatasetError> {
    for file in snapshot.files_of(CheckRow::TABLE) {
        let Some(mut checks) = by_partition(snapshot, index, &file)? else {
            continue;
        };
        loop {
            let mut window: Vec<(u64, CheckRow)> = Vec::new();
            let mut terms = Terms::default();
            while window.len() < WINDOW
                && let Some((row, check)) = checks.next()?
            {
                terms.want(index, &check.report_id, &check.mentions);
                window.push((row, check));
            }
            if window.is_empty() {
                break;
            }
            window_verify(snapshot, index, &file, &window, terms)?;
        }
    }
    Ok(())
}

/// Reads a file, compares what needs no mentions, and sorts its checks.
fn by_partition(
    snapshot: &mut Snapshot<'_>,
    index: &mut Index,
    file: &DeclaredFile,
) -> Result<Option<SortedChecks>, DatasetError> {
    let Some(mut reader) = snapshot.open::<CheckRow>(file)? else {
        return Ok(None);
    };
    let mut waiting = WaitingChecks::new()?;
    let mut last = String::new();
    let mut failed = Ok(());
    snapshot.until(file, &mut reader, |findings, row, check| {
        let at = at(file, row, &check);
        if check.report_id.cmp(&last) == Ordering::Less {
            findings.row(FindingKind::Order, at, format!("expected a report behind {last}"));
        }
        last.clone_from(&check.report_id);
        let partition = match index.get_mut(&check.report_id) {
            Some(entry) => {
                entry.check(&check);
                entry.partition
            }
            None => {
                findings.row(FindingKind::Report, at, "reports.parquet has no such report".to_owned());
                u32::MAX
            }
        };
        failed = waiting.push(partition, row, &check);
        failed.is_err()
    })?;
    failed?;
    waiting.sorted().map(Some)
}

fn at<'a>(file: &'a DeclaredFile, row: u64, check: &'a CheckRow) -> At<'a> {
    At {
        file: &file.name,
        row,
        report: &check.report_id,
    }
}

fn window_verify(
    snapshot: &mut Snapshot<'_>,
    index: &Index,
    file: &DeclaredFile,
    window: &[(u64, CheckRow)],
    mut terms: Terms,
) -> Result<(), DatasetError> {
    if !snapshot.is_complete("mentions") {
        return Ok(());
    }
    terms.find(snapshot, index)?;
    let lexicon = snapshot.lexicon;
    for (row, check) in window {
        let found = terms.of(&check.report_id, &check.mentions);
        if let Some(message) = wrong(check, &found, lexicon) {
            let message = format!("{} {}: {message}", check.identity, check.applicant.as_str());
            snapshot
                .findings
                .row(FindingKind::Check, at(file, *row, check), message);
        }
    }
    Ok(())
}

/// What is wrong with a check.
fn wrong(check: &CheckRow, found: &[Term], lexicon: &Lexicon) -> Option<String> {
    if let Some(message) = wrong_delta(check.left, check.right, check.delta) {
        return Some(message);
    }
    let missing = check
        .mentions
        .iter()
        .find(|start| found.iter().all(|term| term.start != **start));
    if let Some(start) = missing {
        return Some(format!("its report has no mention at {start}"));
    }
    if check.kind == IdentityKind::Share {
        return None;
    }
    if check.identity == PROSE_AGAINST_TABLE {
        return prose_against_table(check, found);
    }
    let named = |rule: &&IdentityRule| rule.name == check.identity && is_tested_so(rule, check);
    let rules: Vec<&IdentityRule> = lexicon.identities.iter().filter(named).collect();
    let mut first = None;
    for rule in rules {
        for row in rows(rule, found) {
            match compare(check, &Computed::of(rule, check, row, found)) {
                None => return None,
                message => first = first.or(message),
            }
        }
    }
    Some(first.unwrap_or_else(|| "the data has no such identity".to_owned()))
}

/// Whether a rule is tested on such a column and period: one id can stand for several forms.
fn is_tested_so(rule: &IdentityRule, check: &CheckRow) -> bool {
    let is_all = check.applicant.as_str() == "all";
    let is_year = check.period.as_str() == "year";
    match rule.each {
        Each::Column => is_year,
        Each::Period => is_all,
        Each::Row | Each::Report => is_all && is_year,
    }
}

/// The rows a rule may have been tested on: those of its mentions, or none.
fn rows(rule: &IdentityRule, found: &[Term]) -> Vec<Option<CategoryId>> {
    if rule.each != Each::Row {
        return vec![None];
    }
    let mut rows: Vec<_> = found.iter().map(|term| Some(term.category)).collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// The difference is that of the sides, where both are there.
pub(super) fn wrong_delta(left: Option<f64>, right: Option<f64>, delta: Option<f64>) -> Option<String> {
    let expected = left.zip(right).map(|(left, right)| left - right);
    let fits = match (expected, delta) {
        (Some(expected), Some(delta)) => is_same(expected, delta),
        (expected, delta) => expected.is_none() && delta.is_none(),
    };
    (!fits).then(|| format!("delta: expected {}, found {}", number(expected), number(delta)))
}

/// A number that may be missing, for people.
pub(super) fn number(number: Option<f64>) -> String {
    number.map_or_else(|| "none".to_owned(), |number| number.to_string())
}

/// Whether two sums of the same numbers are one.
pub(super) fn is_same(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-9 * left.abs().max(1.0)
}

fn prose_against_table(check: &CheckRow, found: &[Term]) -> Option<String> {
    let at = |place: usize| check.mentions.get(place).copied();
    let has = |term: &&Term, side: Option<f64>| {
        term.applicant == check.applicant
            && term.period == check.period
            && term
                .number
                .zip(side)
                .is_some_and(|(number, side)| is_same(number, side))
    };
    let of_table = |term: &&Term| Some(term.start) == at(0) && term.is_observation && has(term, check.left);
    let of_prose = |term: &&Term| Some(term.start) == at(1) && term.is_prose && has(term, check.right);
    let mut tables = found.iter().filter(of_table);
    let fits = tables.any(|table| {
        found
            .iter()
            .filter(of_prose)
            .any(|prose| prose.category == table.category)
    });
    if !fits {
        let (left, right) = (number(check.left), number(check.right));
        return Some(format!("its mentions do not have the numbers {left} and {right}"));
    }
    let holds = check
        .left
        .zip(check.right)
        .map(|(left, right)| (left - right).abs() < EQUAL);
    wrong_result(holds, check.result)
}

/// What a test says of its result, where it can be made.
pub(super) fn wrong_result(holds: Option<bool>, found: Named<CheckResult>) -> Option<String> {
    let expected = match holds {
        Some(true) => CheckResult::Pass,
        Some(false) => CheckResult::Fail,
        None => CheckResult::NotTestable,
    };
    (found != expected).then(|| format!("result: expected {}, found {}", expected.as_str(), found.as_str()))
}

/// An identity computed from mentions.
struct Computed {
    left: f64,
    right: f64,
    holds: Option<bool>,
}

impl Computed {
    fn of(rule: &IdentityRule, check: &CheckRow, row: Option<CategoryId>, found: &[Term]) -> Self {
        let left = Side::of(&rule.left, check, row, found);
        let right = Side::of(&rule.right, check, row, found);
        let difference = left.sum - right.sum;
        let holds = match rule.comparison {
            Comparison::Equal => difference.abs() < EQUAL,
            Comparison::AtLeast => difference > -EQUAL,
        };
        // Of sentences, parts may be left out: a total that is more than its parts says nothing, one that is their sum does.
        let is_open = left.missing + right.missing > 0 || !left.first || rule.prose && !holds && difference > 0.0;
        let is_tested = !is_open || rule.prose && holds;
        Self {
            left: left.sum,
            right: right.sum,
            holds: is_tested.then_some(holds),
        }
    }
}

/// What speaks against a check; none when it is what was computed.
fn compare(check: &CheckRow, computed: &Computed) -> Option<String> {
    for (name, said, expected) in [
        ("left", check.left, computed.left),
        ("right", check.right, computed.right),
    ] {
        if !said.is_some_and(|said| is_same(expected, said)) {
            return Some(format!("{name}: expected {expected}, found {}", number(said)));
        }
    }
    wrong_result(computed.holds, check.result)
}

/// One side of an identity.
#[derive(Default)]
struct Side {
    sum: f64,
    /// Terms the form must print and that are not named.
    missing: usize,
    /// Whether the first term is a number.
    first: bool,
}

impl Side {
    fn of(formulas: &[Formula], check: &CheckRow, row: Option<CategoryId>, found: &[Term]) -> Self {
        let mut side = Self::default();
        for (position, formula) in formulas.iter().enumerate() {
            let (category, applicant, is_optional) = match (formula, row) {
                (Formula::Category { id, optional }, _) => (*id, check.applicant, *optional),
                (Formula::Applicant(name), Some(row)) => (row, Named::parse(name).unwrap_or(check.applicant), false),
                (Formula::Applicant(_), None) => continue,
            };
            let has_key = |term: &&Term| term.is_observation && term.has(category, applicant, check.period);
            let mut is_missing = !is_optional;
            for term in found.iter().filter(has_key) {
                is_missing = false;
                side.sum += term.number.unwrap_or_default();
                side.first |= position == 0 && term.number.is_some();
            }
            side.missing += usize::from(is_missing);
        }
        side
    }
}
