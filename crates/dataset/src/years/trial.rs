//! One pairing of reports tested by every rule: both sides added up, the finding told in a sentence.

use gongkai_extract::{Applicant, CheckResult, Period};
use gongkai_lexicon::{CategoryId, Comparison, YearCount, YearEach, YearRule, YearTerm};

use super::YearBook;
use super::entry::YearEntry;
use super::pairing::Pairing;
use crate::rows::YearCheckRow;

/// Sides that differ by less are equal: money has two decimals.
const EQUAL: f64 = 0.005;

/// What a rule is tested on.
#[derive(Debug, Clone, Copy)]
struct Subject {
    applicant: Applicant,
    /// The row under test.
    row: Option<CategoryId>,
}

/// One side of a test.
#[derive(Debug, Default)]
struct Side {
    sum: f64,
    /// Terms that are printed at all: report and place.
    printed: Vec<(String, u32)>,
    /// Whether a number is needed that is not there.
    is_open: bool,
}

impl Side {
    /// The sum, where it is known.
    fn total(&self) -> Option<f64> {
        (!self.is_open).then_some(self.sum)
    }
}

impl Pairing<'_> {
    /// The findings, in the order of rules and columns.
    pub(crate) fn test(&self, book: &YearBook) -> Vec<YearCheckRow> {
        let all = |row| Subject {
            applicant: Applicant::All,
            row,
        };
        let mut findings = Vec::new();
        let has_form = |rule: &&YearRule| {
            let mut entries = self.before.entries.iter().chain(&self.now.entries);
            entries.all(|entry| entry.has_form(&rule.templates))
        };
        for rule in book.rules.iter().filter(has_form) {
            let mut test = |subject| findings.extend(self.finding(rule, subject, book));
            match rule.each {
                YearEach::Pair => test(all(None)),
                YearEach::Column => Applicant::ALL.iter().for_each(|applicant| {
                    test(Subject {
                        applicant: *applicant,
                        row: None,
                    })
                }),
                YearEach::Row => rule.categories.iter().for_each(|category| test(all(Some(*category)))),
            }
        }
        findings
    }

    /// None when a side is not printed at all.
    fn finding(&self, rule: &YearRule, subject: Subject, book: &YearBook) -> Option<YearCheckRow> {
        let left = self.side(&rule.left, subject);
        let right = self.side(&rule.right, subject);
        if left.printed.is_empty() || right.printed.is_empty() {
            return None;
        }
        let sides = [left.total(), right.total()];
        let delta = left.total().zip(right.total()).map(|(left, right)| left - right);
        let holds = delta.map(|delta| match rule.comparison {
            Comparison::Equal => delta.abs() < EQUAL,
            Comparison::AtLeast => delta > -EQUAL,
        });
        let result = match holds {
            Some(true) => CheckResult::Pass,
            Some(false) => CheckResult::Fail,
            None => CheckResult::NotTestable,
        };
        let later = self.now.entries.first()?;
        let message = self.message(rule, subject, sides, result, book)?;
        let (term_report_ids, term_starts) = left.printed.into_iter().chain(right.printed).unzip();
        Some(YearCheckRow {
            identity: rule.name.clone(),
            kind: rule.kind.into(),
            body_id: later.body_id.clone(),
            organ: later.organ.clone(),
            jurisdiction_code: later.code.clone(),
            year: later.year,
            report_ids: ids(&self.now.entries),
            previous_report_ids: ids(&self.before.entries),
            category: subject.row.and_then(|row| Some(book.names.get(&row)?.0.clone())),
            applicant: subject.applicant.into(),
            left: sides[0],
            right: sides[1],
            delta,
            result: result.into(),
            term_report_ids,
            term_starts,
            message,
        })
    }

    /// Adds a side up. Every term must be printed, by every report, and the first one as a number; behind it a blank
    /// counts as 0, as it does within a report.
    fn side(&self, terms: &[YearTerm], subject: Subject) -> Side {
        let mut side = Side::default();
        for (place, term) in terms.iter().enumerate() {
            let (category, period) = match (term.count, subject.row) {
                (YearCount::Category(category), _) => (category, Period::Year),
                (YearCount::RowOfYear, Some(row)) => (row, Period::Year),
                (YearCount::RowCumulative, Some(row)) => (row, Period::Cumulative),
                (YearCount::RowOfYear | YearCount::RowCumulative, None) => continue,
            };
            let half = if term.before { &self.before } else { &self.now };
            side.is_open |= !half.missing.is_empty();
            for entry in &half.entries {
                let Some(value) = entry.value(category, subject.applicant, period) else {
                    side.is_open = true;
                    continue;
                };
                side.printed.push((entry.report_id.clone(), value.start));
                side.is_open |= place == 0 && value.number.is_none();
                side.sum += value.number.unwrap_or_default();
            }
        }
        side
    }

    /// The finding in a sentence.
    fn message(
        &self,
        rule: &YearRule,
        subject: Subject,
        sides: [Option<f64>; 2],
        result: CheckResult,
        book: &YearBook,
    ) -> Option<String> {
        let (before, now) = (&self.before.entries, &self.now.entries);
        let (earlier, later) = (before.first()?, now.first()?);
        let mut text = format!("{}, {} and {}", rule.title, earlier.year, later.year);
        if let Some((_, label)) = subject.row.and_then(|row| book.names.get(&row)) {
            text += &format!(", row {label}");
        }
        if rule.each == YearEach::Column {
            text += &format!(", column {}", subject.applicant.as_str());
        }
        if before.len() + now.len() > 2 {
            text += &format!(", {} against {}", names(now, book), names(before, book));
        }
        let [left, right] = sides.map(|side| side.map_or_else(|| "nothing".to_owned(), |sum| sum.to_string()));
        text += &format!(": {left} against {right}");
        let missing: Vec<&str> = self
            .before
            .missing
            .iter()
            .chain(&self.now.missing)
            .map(String::as_str)
            .collect();
        text += &match (result, sides) {
            (CheckResult::Fail, [Some(left), Some(right)]) => format!(", fails by {}", left - right),
            (CheckResult::Pass, _) => ", holds".to_owned(),
            _ if missing.is_empty() => ", cannot be tested: a part is not printed or not read".to_owned(),
            _ => format!(", cannot be tested: no report of {}", missing.join(", ")),
        };
        Some(text)
    }
}

fn ids(entries: &[&YearEntry]) -> Vec<String> {
    entries.iter().map(|entry| entry.report_id.clone()).collect()
}

/// The territories that were added up.
fn names(entries: &[&YearEntry], book: &YearBook) -> String {
    let names = entries.iter().map(|entry| {
        let name = book.lineages.name(&entry.lineage_code, &entry.code, entry.year);
        name.unwrap_or(&entry.code)
    });
    names.collect::<Vec<_>>().join(" + ")
}
