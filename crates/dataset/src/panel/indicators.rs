//! Ratios of sums of series, as the data defines them.

use gongkai_extract::CheckMark;
use gongkai_lexicon::{Comparability, Indicator, IndicatorTerm};

use super::derived::worse;
use super::spool::PanelValue;
use crate::name::Named;

/// A value of one place and year, with the series it belongs to.
pub(super) struct Measured<'a> {
    pub series: &'a str,
    pub comparability: Comparability,
    pub value: &'a PanelValue<'a>,
}

/// A ratio of one place and year.
pub(super) struct Ratio<'m> {
    pub name: &'m str,
    pub numerator: i64,
    pub denominator: i64,
    /// The worst of all parts.
    pub comparability: Comparability,
    pub check: Named<CheckMark>,
    pub confidence: f32,
    /// The place of the report among the sources.
    pub source: usize,
}

/// The ratios of one place and year, by name.
///
/// One is given when a value of every term is there, all of one report, and the sum below the line is greater than zero.
/// A term that is absent or blank is not taken for zero.
pub(super) fn ratios<'m>(
    indicators: &'m [Indicator],
    measured: &'m [Measured<'m>],
) -> impl Iterator<Item = Ratio<'m>> + 'm {
    indicators.iter().filter_map(|indicator| {
        let source = find(measured, indicator.denominator.first()?, None)?.value.source;
        let below = Sum::of(measured, &indicator.denominator, source)?;
        let mut above = indicator.numerators.iter();
        let above = above.find_map(|terms| Sum::of(measured, terms, source))?;
        let (numerator, denominator) = (above.count, below.count);
        let worst = above.with_worst_of(&below);
        (denominator > 0).then_some(Ratio {
            name: &indicator.name,
            numerator,
            denominator,
            comparability: worst.comparability,
            check: worst.check,
            confidence: worst.confidence,
            source,
        })
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
    check: Named<CheckMark>,
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
}
