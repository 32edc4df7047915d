//! The panel and the indicators: one value per jurisdiction, year, category and applicant, and ratios of them.
//!
//! Sees observations in their final order, so that all rows that compete for one place come together. Knows nothing of
//! how reports were read.

use gongkai_extract::Applicant;

use crate::rows::{IndicatorRow, ObservationRow, PanelRow};
use crate::worker::{PanelCategories, PanelClaim};

/// Picks the panel's rows from the stream of observations.
#[derive(Debug)]
pub(crate) struct PanelPicker<'a> {
    categories: &'a PanelCategories,
    /// The best so far, one for each applicant of one jurisdiction, year and category.
    best: Vec<(PanelClaim, PanelRow)>,
}

impl<'a> PanelPicker<'a> {
    /// A picker for these categories.
    pub(crate) fn new(categories: &'a PanelCategories) -> Self {
        Self {
            categories,
            best: Vec::new(),
        }
    }

    /// Takes an observation that may enter the panel; gives the rows that are decided.
    pub(crate) fn push(&mut self, claim: PanelClaim, row: &ObservationRow) -> Vec<PanelRow> {
        let Some(candidate) = self.candidate(&claim, row) else {
            return Vec::new();
        };
        let is_same_group = self.best.first().is_none_or(|(_, best)| {
            best.jurisdiction_code == candidate.jurisdiction_code
                && best.year == candidate.year
                && best.category == candidate.category
        });
        let decided = if is_same_group { Vec::new() } else { self.finish() };
        let rival = self
            .best
            .iter_mut()
            .find(|(_, best)| best.applicant == candidate.applicant);
        match rival {
            Some(rival) if claim < rival.0 => *rival = (claim, candidate),
            Some(_) => {}
            None => self.best.push((claim, candidate)),
        }
        decided
    }

    /// Gives the rows of the last group.
    pub(crate) fn finish(&mut self) -> Vec<PanelRow> {
        self.best.drain(..).map(|(_, row)| row).collect()
    }

    fn candidate(&self, claim: &PanelClaim, row: &ObservationRow) -> Option<PanelRow> {
        Some(PanelRow {
            jurisdiction_code: row.jurisdiction_code.clone()?,
            jurisdiction: row.jurisdiction.clone(),
            year: row.year?,
            category: row.category.clone(),
            applicant: row.applicant,
            count: row.count,
            amount_cny: row.amount_cny,
            report_id: row.report_id.clone(),
            check: row.check,
            confidence: row.confidence,
            series: row.category.clone(),
            comparability: self.categories.get(&row.category).cloned().flatten(),
            lineage_code: claim.lineage_code.clone(),
            derived: false,
        })
    }
}

/// A ratio of sums of categories.
struct Indicator {
    name: &'static str,
    /// The sums that can stand above the line, one for each form; the first whose parts are all there is taken.
    numerators: &'static [&'static [&'static str]],
    /// Added above the line when it is there.
    optional: &'static [&'static str],
    /// The sum below the line.
    denominator: &'static [&'static str],
}

/// The grounds of refusal that protect content: the forms since 2019, and the form of 2014 to 2018.
const CORE_REFUSALS: &[&[&str]] = &[
    &[
        "requests.outcome.denied.state_secret",
        "requests.outcome.denied.law_forbidden",
        "requests.outcome.denied.security_stability",
        "requests.outcome.denied.third_party",
    ],
    &[
        "requests.outcome.denied.state_secret",
        "requests.outcome.denied.trade_secret",
        "requests.outcome.denied.privacy",
        "requests.outcome.denied.security_stability",
        "requests.outcome.denied.other_legal",
    ],
];

const INDICATORS: &[Indicator] = &[
    // Disclosed in full; until 2018 "already public" was a row of its own.
    Indicator {
        name: "granted_share",
        numerators: &[&["requests.outcome.granted"]],
        optional: &["requests.outcome.already_public"],
        denominator: &["requests.outcome.total"],
    },
    Indicator {
        name: "refusal_core_share",
        numerators: CORE_REFUSALS,
        optional: &[],
        denominator: &["requests.outcome.total"],
    },
    Indicator {
        name: "review_corrected_share",
        numerators: &[&["review.corrected"]],
        optional: &[],
        denominator: &["review.total"],
    },
    Indicator {
        name: "carry_over",
        numerators: &[&["requests.carried_out"]],
        optional: &[],
        denominator: &["requests.received.total", "requests.carried_in"],
    },
];

/// Computes indicators from the stream of panel rows, sorted by jurisdiction and year.
///
/// An indicator is given when every part is printed for all applicants, all parts come from one report, and the sum
/// below the line is greater than zero. A part that is absent or blank is not taken for zero.
#[derive(Debug, Default)]
pub(crate) struct IndicatorMaker {
    place: Option<(String, i16)>,
    /// Category, count and report.
    counts: Vec<(String, i64, String)>,
}

impl IndicatorMaker {
    /// Takes a panel row; gives the indicators of the jurisdiction and year before, when it is complete.
    pub(crate) fn push(&mut self, row: &PanelRow) -> Vec<IndicatorRow> {
        let is_same = |(code, year): &(String, i16)| *code == row.jurisdiction_code && *year == row.year;
        let mut made = Vec::new();
        if !self.place.as_ref().is_some_and(is_same) {
            made = self.finish();
            self.place = Some((row.jurisdiction_code.clone(), row.year));
        }
        if let Some(count) = row.count.filter(|_| row.applicant == Applicant::All) {
            self.counts.push((row.category.clone(), count, row.report_id.clone()));
        }
        made
    }

    /// Gives the indicators of the last jurisdiction and year.
    pub(crate) fn finish(&mut self) -> Vec<IndicatorRow> {
        let counts = std::mem::take(&mut self.counts);
        let Some((code, year)) = self.place.take() else {
            return Vec::new();
        };
        let made = INDICATORS.iter().filter_map(|indicator| {
            let (numerator, denominator) = indicator.sums(&counts)?;
            Some(IndicatorRow {
                jurisdiction_code: code.clone(),
                year,
                indicator: indicator.name.to_owned(),
                numerator,
                denominator,
                value: numerator as f64 / denominator as f64,
            })
        });
        let mut made: Vec<IndicatorRow> = made.collect();
        made.sort_by(|left, right| left.indicator.cmp(&right.indicator));
        made
    }
}

impl Indicator {
    fn sums(&self, counts: &[(String, i64, String)]) -> Option<(i64, i64)> {
        let (_, _, report) = counts
            .iter()
            .find(|(code, ..)| self.denominator.first() == Some(&code.as_str()))?;
        let count = |wanted: &&str| {
            let found = counts.iter().find(|(code, _, from)| code == wanted && from == report);
            found.map(|(_, count, _)| *count)
        };
        let sum = |parts: &[&str]| parts.iter().try_fold(0i64, |sum, part| sum.checked_add(count(part)?));
        let denominator = sum(self.denominator).filter(|sum| *sum > 0)?;
        let numerator = self.numerators.iter().find_map(|parts| sum(parts))?;
        let mut extra = self.optional.iter().filter_map(count);
        let numerator = extra.try_fold(numerator, i64::checked_add)?;
        Some((numerator, denominator))
    }
}
