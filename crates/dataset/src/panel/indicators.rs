//! Ratios of sums of series, as the data defines them.

use gongkai_lexicon::{Comparability, Indicator, IndicatorTerm};

use super::derived::worse;
use super::spool::PanelValue;
use crate::rows::IndicatorRow;

/// A value of one place and year, with the series it belongs to.
pub(super) struct Measured<'a> {
    pub series: &'a str,
    pub comparability: Comparability,
    pub value: &'a PanelValue<'a>,
}

/// The indicators of one place and year, by name.
///
/// One is given when a value of every term is there, all of one report, and the sum below the line is greater than zero.
/// A term that is absent or blank is not taken for zero.
pub(super) fn indicators<'m>(
    indicators: &'m [Indicator],
    measured: &'m [Measured<'m>],
) -> impl Iterator<Item = (usize, IndicatorRow)> + 'm {
    indicators.iter().filter_map(|indicator| {
        let first = find(measured, indicator.denominator.first()?, None)?;
        let source = first.value.source;
        let below = Sum::of(measured, &indicator.denominator, source)?;
        let mut above = indicator.numerators.iter();
        let above = above.find_map(|terms| Sum::of(measured, terms, source))?;
        let row = above.over(&below, &indicator.name)?;
        Some((source, row))
    })
}

fn find<'m>(measured: &'m [Measured<'m>], term: &IndicatorTerm, source: Option<usize>) -> Option<&'m Measured<'m>> {
    measured.iter().find(|one| {
        one.series == term.series
            && one.value.applicant.as_str() == term.applicant
            && source.is_none_or(|source| one.value.source == source)
    })
}

/// A sum of values, and what is worst of them.
struct Sum {
    count: i64,
    comparability: Comparability,
    check: crate::name::Named<gongkai_extract::CheckMark>,
    confidence: f32,
}

impl Sum {
    fn of(measured: &[Measured<'_>], terms: &[IndicatorTerm], source: usize) -> Option<Self> {
        let mut sum: Option<Self> = None;
        for term in terms {
            let one = find(measured, term, Some(source))?;
            let next = Self {
                count: one.value.count?,
                comparability: one.comparability,
                check: one.value.check,
                confidence: one.value.confidence,
            };
            sum = Some(match sum {
                None => next,
                Some(sum) => Self {
                    count: sum.count.checked_add(next.count)?,
                    ..sum.with_worst_of(&next)
                },
            });
        }
        sum
    }

    fn with_worst_of(self, other: &Self) -> Self {
        Self {
            count: self.count,
            comparability: self.comparability.max(other.comparability),
            check: worse(self.check, other.check),
            confidence: self.confidence.min(other.confidence),
        }
    }

    /// The ratio; place and report are filled in by who knows them.
    #[allow(clippy::cast_precision_loss)] // counts are far below 2^53
    fn over(self, below: &Self, name: &str) -> Option<IndicatorRow> {
        let (numerator, denominator) = (self.count, below.count);
        let worst = self.with_worst_of(below);
        (denominator > 0).then(|| IndicatorRow {
            jurisdiction_code: String::new(),
            year: 0,
            indicator: name.to_owned(),
            numerator,
            denominator,
            value: numerator as f64 / denominator as f64,
            report_id: String::new(),
            comparability: worst.comparability.into(),
            check: worst.check,
            confidence: worst.confidence,
            lineage_code: String::new(),
            lineage: gongkai_lexicon::Lineage::Same.into(),
        })
    }
}
