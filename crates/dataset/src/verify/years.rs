//! The checks over years, computed again from the values they name: the difference, the result, and each side that is
//! told.

use gongkai_extract::Period;
use gongkai_lexicon::{CategoryId, Comparison, Lexicon, YearCount, YearRule, YearTerm};

use super::Snapshot;
use super::arithmetic::{EQUAL, is_same, number, wrong_delta, wrong_result};
use super::findings::FindingKind;
use super::index::Index;
use super::terms::{Term, Terms};
use crate::error::DatasetError;
use crate::name::Named;
use crate::rows::YearCheckRow;
use crate::table::Row;

/// How many checks are held at a time.
const WINDOW: usize = 1 << 16;

/// Looks at every check over years.
pub(super) fn verify(snapshot: &mut Snapshot<'_>, index: &Index) -> Result<(), DatasetError> {
    for file in snapshot.files_of(YearCheckRow::TABLE) {
        let Some(mut reader) = snapshot.open::<YearCheckRow>(&file)? else {
            continue;
        };
        loop {
            let mut window = Vec::new();
            let mut terms = Terms::default();
            let is_full = snapshot.until(&file, &mut reader, |findings, row, check| {
                for report in check.report_ids.iter().chain(&check.previous_report_ids) {
                    let message = match index.get(report) {
                        None => format!("reports.parquet has no report {report}"),
                        Some(entry) if entry.is_duplicate() => format!("another report stands for {report}"),
                        Some(_) => continue,
                    };
                    findings.add(FindingKind::Report, &file.name, place(row, &check), message);
                }
                for (report, start) in check.term_report_ids.iter().zip(&check.term_starts) {
                    terms.want(index, report, &[*start]);
                }
                window.push((row, check));
                window.len() >= WINDOW
            })?;
            if snapshot.is_complete("mentions") {
                terms.find(snapshot, index)?;
                let lexicon = snapshot.lexicon;
                for (row, check) in &window {
                    if let Some(message) = wrong(check, &terms, lexicon) {
                        snapshot
                            .findings
                            .add(FindingKind::Check, &file.name, place(*row, check), message);
                    }
                }
            }
            if !is_full {
                break;
            }
        }
    }
    Ok(())
}

fn place(row: u64, check: &YearCheckRow) -> String {
    format!("row {row}, {} of {} in {}", check.identity, check.body_id, check.year)
}

/// What is wrong with a check.
fn wrong(check: &YearCheckRow, terms: &Terms, lexicon: &Lexicon) -> Option<String> {
    if let Some(message) = wrong_delta(check.left, check.right, check.delta) {
        return Some(message);
    }
    let rules = lexicon
        .year_identities
        .iter()
        .filter(|rule| rule.name == check.identity);
    let mut first = None;
    for rule in rules {
        match wrong_by(rule, check, terms, lexicon) {
            None => return None,
            message => first = first.or(message),
        }
    }
    Some(first.unwrap_or_else(|| "the data has no such identity".to_owned()))
}

fn wrong_by(rule: &YearRule, check: &YearCheckRow, terms: &Terms, lexicon: &Lexicon) -> Option<String> {
    let row = check
        .category
        .as_deref()
        .and_then(|category| lexicon.categories.id(category));
    for (name, formulas, said) in [("left", &rule.left, check.left), ("right", &rule.right, check.right)] {
        let expected = side(formulas, row, check, terms);
        if said.is_some_and(|said| !is_same(expected, said)) {
            return Some(format!("{name}: expected {expected}, found {}", number(said)));
        }
    }
    let holds = check.delta.map(|delta| match rule.comparison {
        Comparison::Equal => delta.abs() < EQUAL,
        Comparison::AtLeast => delta > -EQUAL,
    });
    wrong_result(holds, check.result)
}

fn side(formulas: &[YearTerm], row: Option<CategoryId>, check: &YearCheckRow, terms: &Terms) -> f64 {
    let mut sum = 0.0;
    for formula in formulas {
        let (category, period) = match (formula.count, row) {
            (YearCount::Category(category), _) => (category, Period::Year),
            (YearCount::RowOfYear, Some(row)) => (row, Period::Year),
            (YearCount::RowCumulative, Some(row)) => (row, Period::Cumulative),
            (YearCount::RowOfYear | YearCount::RowCumulative, None) => continue,
        };
        let half = if formula.before {
            &check.previous_report_ids
        } else {
            &check.report_ids
        };
        let has_key = |term: &&Term| term.is_observation && term.has(category, check.applicant, Named::from(period));
        for report in half {
            let named = check.term_report_ids.iter().zip(&check.term_starts);
            let starts: Vec<u32> = named.filter(|(of, _)| *of == report).map(|(_, start)| *start).collect();
            let found = terms.of(report, &starts);
            sum += found
                .iter()
                .find(has_key)
                .and_then(|term| term.number)
                .unwrap_or_default();
        }
    }
    sum
}
