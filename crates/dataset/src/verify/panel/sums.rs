//! Totals and ratios of one place and year, computed again from the rows of the panel.

use gongkai_extract::{Applicant, CheckMark};
use gongkai_lexicon::{CategoryId, Comparability, DerivedTotal, Indicator, IndicatorTerm, Lexicon};

use super::super::Snapshot;
use super::super::findings::FindingKind;
use super::super::index::Id;
use super::Stream;
use super::province::Held;
use crate::error::DatasetError;
use crate::name::Named;
use crate::panel::PanelBook;
use crate::rows::IndicatorRow;

/// Marks from the best to the worst.
const MARKS: [CheckMark; 4] = [CheckMark::Passed, CheckMark::None, CheckMark::Warned, CheckMark::Failed];

/// A sum, and the worst of its parts.
#[derive(Debug, Clone, Copy)]
struct Sum {
    count: i64,
    report: Id,
    check: usize,
    confidence: f32,
    comparability: Comparability,
}

impl Sum {
    /// The sum of rows, each with what is to be taken for its comparability; none when one is missing or no count, or of
    /// another report.
    fn of<'h>(parts: impl Iterator<Item = Option<(&'h Held, Comparability)>>) -> Option<Self> {
        let mut sum: Option<Self> = None;
        for part in parts {
            let (held, comparability) = part?;
            let part = Self {
                count: held.count?,
                report: held.report,
                check: MARKS.iter().position(|mark| held.check == *mark)?,
                confidence: held.confidence,
                comparability,
            };
            sum = match sum {
                None => Some(part),
                Some(sum) if sum.report == part.report => Some(Self {
                    count: sum.count.checked_add(part.count)?,
                    ..sum.with(&part)
                }),
                Some(_) => return None,
            };
        }
        sum
    }

    fn with(&self, other: &Self) -> Self {
        Self {
            check: self.check.max(other.check),
            confidence: self.confidence.min(other.confidence),
            comparability: self.comparability.max(other.comparability),
            ..*self
        }
    }

    fn is_marked(&self, check: Named<CheckMark>, confidence: f32, comparability: Named<Comparability>) -> bool {
        MARKS.get(self.check).is_some_and(|mark| check == *mark)
            && confidence.to_bits() == self.confidence.to_bits()
            && comparability == self.comparability
    }
}

/// What is wrong with the totals of a place and year; a total that is missing is told of its first part.
pub(super) fn wrong_totals<'h>(rows: &'h [Held], lexicon: &Lexicon, book: &PanelBook) -> Vec<(&'h Held, String)> {
    let Some(year) = rows.first().map(|row| row.year) else {
        return Vec::new();
    };
    let totals: Vec<&DerivedTotal> = lexicon
        .derived
        .iter()
        .filter(|total| total.years.contains(year))
        .collect();
    let code = |total: &DerivedTotal| lexicon.categories.code(total.category).to_owned();
    let mut wrong = Vec::new();
    for total in &totals {
        let (_, of_series) = book.series(lexicon.categories.code(total.category), year);
        for first in rows.iter().filter(|row| total.parts.first() == Some(&row.category)) {
            let parts = total.parts.iter().map(|part| {
                let held = find(rows, *part, first.applicant)?;
                Some((held, held.printed.unwrap_or(Comparability::Break).max(of_series)))
            });
            let found = find(rows, total.category, first.applicant);
            match (Sum::of(parts), found) {
                (Some(_), None) => wrong.push((first, format!("expected the total {}", code(total)))),
                (Some(sum), Some(found)) if found.derived => {
                    let is_same = found.count == Some(sum.count) && found.report == sum.report;
                    if !is_same || !sum.is_marked(found.check, found.confidence, found.comparability) {
                        wrong.push((found, format!("not the sum of its parts, {}", sum.count)));
                    }
                }
                (None, Some(found)) if found.derived => {
                    wrong.push((
                        found,
                        "derived, though a part is missing or of another report".to_owned(),
                    ));
                }
                _ => {}
            }
        }
    }
    for row in rows.iter().filter(|row| row.derived) {
        let has_part = |total: &&&DerivedTotal| {
            let first = total.parts.first().and_then(|part| find(rows, *part, row.applicant));
            total.category == row.category && first.is_some()
        };
        if row.amount.is_some() || totals.iter().find(has_part).is_none() {
            wrong.push((row, "derived, though no total of its year has these parts".to_owned()));
        }
    }
    wrong
}

/// The row of a category and applicant among those of a place and year.
fn find(rows: &[Held], category: CategoryId, applicant: Named<Applicant>) -> Option<&Held> {
    // In a file whose rows are out of order nothing is found, which is told too.
    let wanted = (category, applicant.as_str());
    let place = rows.binary_search_by(|row| (row.category, row.applicant.as_str()).cmp(&wanted));
    rows.get(place.ok()?)
}

/// The ratios, in the order of the panel.
pub(super) struct Ratios {
    rows: Stream<IndicatorRow>,
}

impl Ratios {
    pub(super) fn new(rows: Stream<IndicatorRow>) -> Self {
        Self { rows }
    }

    /// Compares the ratios of a place and year with what its rows give.
    pub(super) fn compare(
        &mut self,
        snapshot: &mut Snapshot<'_>,
        rows: &[Held],
        book: &PanelBook,
    ) -> Result<(), DatasetError> {
        let Some(first) = rows.first() else {
            return Ok(());
        };
        let place = (format!("{:06}", first.code), first.year);
        self.without_rows(snapshot, |row| {
            (row.jurisdiction_code.as_str(), row.year) < (&place.0, place.1)
        })?;
        let mut expected = ratios(rows, snapshot.lexicon, book).into_iter().peekable();
        let is_here = |row: &IndicatorRow| row.jurisdiction_code == place.0 && row.year == place.1;
        while let Some((number, row)) = self.rows.next_if(snapshot, is_here)? {
            while let Some((missing, ..)) = expected.next_if(|(name, ..)| ***name < *row.indicator) {
                self.tell(snapshot, number, format!("expected {missing} before it"));
            }
            match expected.next_if(|(name, ..)| ***name == *row.indicator) {
                Some((_, above, below)) if is_ratio(&row, &above, &below, book) => {}
                Some((_, above, below)) => {
                    let message = format!("expected {} / {}", above.count, below.count);
                    self.tell(snapshot, number, message);
                }
                None => self.tell(snapshot, number, "the panel does not give it".to_owned()),
            }
        }
        for (missing, ..) in expected {
            let place = format!("{} in {}", place.0, place.1);
            let message = format!("expected {missing}");
            snapshot
                .findings
                .add(FindingKind::Panel, &self.rows.file.name, place, message);
        }
        Ok(())
    }

    /// No ratio may be left.
    pub(super) fn finish(mut self, snapshot: &mut Snapshot<'_>) -> Result<(), DatasetError> {
        self.without_rows(snapshot, |_| true)
    }

    fn without_rows(
        &mut self,
        snapshot: &mut Snapshot<'_>,
        which: impl Fn(&IndicatorRow) -> bool,
    ) -> Result<(), DatasetError> {
        while let Some((number, _)) = self.rows.next_if(snapshot, &which)? {
            self.tell(
                snapshot,
                number,
                "the panel has no rows of its place and year".to_owned(),
            );
        }
        Ok(())
    }

    fn tell(&self, snapshot: &mut Snapshot<'_>, number: u64, message: String) {
        let place = format!("row {number}");
        snapshot
            .findings
            .add(FindingKind::Panel, &self.rows.file.name, place, message);
    }
}

fn is_ratio(row: &IndicatorRow, above: &Sum, below: &Sum, book: &PanelBook) -> bool {
    let worst = above.with(below);
    let lineage = book.gazetteer.lineage(&row.jurisdiction_code, row.year);
    row.numerator == above.count
        && row.denominator == below.count
        && row.report_id == format!("{:032x}", below.report)
        && worst.is_marked(row.check, row.confidence, row.comparability)
        && lineage.is_some_and(|(code, lineage)| row.lineage_code == code && row.lineage == lineage)
}

/// The ratios that the rows of a place and year give, by name.
fn ratios<'l>(rows: &[Held], lexicon: &'l Lexicon, book: &PanelBook) -> Vec<(&'l String, Sum, Sum)> {
    let ratio = |indicator: &'l Indicator| {
        let below = sum(rows, &indicator.denominator, lexicon, book)?;
        let above = indicator.numerators.iter().find_map(|terms| {
            let above = sum(rows, terms, lexicon, book)?;
            (above.report == below.report).then_some(above)
        })?;
        (below.count > 0).then_some((&indicator.name, above, below))
    };
    lexicon.indicators.iter().filter_map(ratio).collect()
}

fn sum(rows: &[Held], terms: &[IndicatorTerm], lexicon: &Lexicon, book: &PanelBook) -> Option<Sum> {
    let part = |term: &IndicatorTerm| {
        let held = rows.iter().find(|row| {
            let category = lexicon.categories.code(row.category);
            row.applicant.as_str() == term.applicant && book.series(category, row.year).0 == term.series
        })?;
        let comparability = Comparability::ALL.get(usize::from(held.comparability.index()))?;
        Some((held, *comparability))
    };
    Sum::of(terms.iter().map(part))
}
