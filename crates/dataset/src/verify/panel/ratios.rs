//! The ratios of one place and year, computed again from the rows of the panel.

use gongkai_lexicon::{Comparability, Indicator, IndicatorTerm, Lexicon};

use super::super::Snapshot;
use super::super::findings::FindingKind;
use super::Stream;
use super::province::Held;
use super::sums::Sum;
use crate::error::DatasetError;
use crate::panel::PanelBook;
use crate::rows::IndicatorRow;

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
