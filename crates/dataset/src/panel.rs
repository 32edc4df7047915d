//! The panel and the indicators: one value per jurisdiction, year, category and applicant, and ratios of them.
//!
//! Sees observations in their final order, so that all rows that compete for one place come together. Knows nothing of
//! how reports were read.

use std::path::PathBuf;
use std::sync::Arc;

use gongkai_extract::{Applicant, CheckMark};
use serde::{Deserialize, Serialize};

use crate::block::Claim;
use crate::error::DatasetError;
use crate::key::Key;
use crate::name::{Fen, Named};
use crate::rows::IndicatorRow;
use crate::spill::{Run, SpillFolder, Spool};
use crate::worker::row_error;

/// An observation that may stand in the panel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pick<'a> {
    pub claim: Claim<'a>,
    pub code: &'a str,
    pub year: i16,
    pub jurisdiction: Option<&'a str>,
    pub category: &'a str,
    pub applicant: Named<Applicant>,
    pub count: Option<i64>,
    pub amount_cny: Option<Fen>,
    pub check: Named<CheckMark>,
    pub confidence: f32,
}

impl Pick<'_> {
    fn is_rival(&self, other: &Self) -> bool {
        self.code == other.code && self.year == other.year && self.category == other.category
    }

    /// What the panel is sorted by.
    fn place(&self) -> (&str, i16, &str, &'static str) {
        (self.code, self.year, self.category, self.applicant.as_str())
    }
}

/// Picks the panel's rows from observations in their final order.
#[derive(Debug, Default)]
pub(crate) struct PanelPicker<'a> {
    picks: Vec<Pick<'a>>,
    /// The first pick of the jurisdiction, year and category that is being decided: one for each applicant from it on.
    group: usize,
}

impl<'a> PanelPicker<'a> {
    /// Takes an observation.
    pub(crate) fn push(&mut self, pick: Pick<'a>) {
        if self.picks.get(self.group).is_some_and(|first| !first.is_rival(&pick)) {
            self.group = self.picks.len();
        }
        let group = self.picks.get_mut(self.group..).unwrap_or_default();
        match group.iter_mut().find(|rival| rival.applicant == pick.applicant) {
            Some(rival) if pick.claim < rival.claim => *rival = pick,
            Some(_) => {}
            None => self.picks.push(pick),
        }
    }

    /// Gives the rows in the order of the panel.
    pub(crate) fn finish(mut self) -> Vec<Pick<'a>> {
        self.picks.sort_by(|left, right| left.place().cmp(&right.place()));
        self.picks
    }
}

/// Panel rows of one jurisdiction and year as they wait to be sorted by jurisdiction.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PanelGroup<'a> {
    pub code: &'a str,
    pub year: i16,
    /// The reports that values were taken from.
    #[serde(borrow)]
    pub sources: Vec<PanelSource<'a>>,
    pub values: Vec<PanelValue<'a>>,
}

/// A report that values of the panel were taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PanelSource<'a> {
    pub report_id: &'a str,
    pub jurisdiction: Option<&'a str>,
    pub lineage_code: &'a str,
}

/// A value of the panel.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PanelValue<'a> {
    pub category: &'a str,
    pub applicant: Named<Applicant>,
    pub count: Option<i64>,
    pub amount_cny: Option<Fen>,
    pub check: Named<CheckMark>,
    pub confidence: f32,
    /// Its place among the group's sources.
    pub source: usize,
}

impl<'a> PanelGroup<'a> {
    fn of(picks: &[Pick<'a>]) -> Option<Self> {
        let first = picks.first()?;
        let mut sources: Vec<PanelSource<'a>> = Vec::new();
        let value = |pick: &Pick<'a>| {
            let source = PanelSource {
                report_id: pick.claim.report_id,
                jurisdiction: pick.jurisdiction,
                lineage_code: pick.claim.lineage_code,
            };
            let place = sources.iter().position(|known| *known == source).unwrap_or_else(|| {
                sources.push(source);
                sources.len() - 1
            });
            PanelValue {
                category: pick.category,
                applicant: pick.applicant,
                count: pick.count,
                amount_cny: pick.amount_cny,
                check: pick.check,
                confidence: pick.confidence,
                source: place,
            }
        };
        let values = picks.iter().map(value).collect();
        Some(Self {
            code: first.code,
            year: first.year,
            sources,
            values,
        })
    }
}

/// Panel rows waiting to be sorted by jurisdiction: they are picked in the order of observations.
pub(crate) struct PanelSpool {
    spool: Spool,
    folder: PathBuf,
    key: Key,
}

impl PanelSpool {
    /// A spool whose rows wait in the folder.
    pub(crate) fn new(spill: &Arc<SpillFolder>) -> Self {
        Self {
            spool: Spool::small(spill),
            folder: spill.path().to_owned(),
            key: Key::default(),
        }
    }

    /// Takes rows in the order of the panel.
    pub(crate) fn push(&mut self, picks: Vec<Pick<'_>>) -> Result<(), DatasetError> {
        for picks in picks.chunk_by(|left, right| left.code == right.code && left.year == right.year) {
            let (Some(group), Some(first)) = (PanelGroup::of(picks), picks.first()) else {
                continue;
            };
            self.key.panel(first.code, first.year, first.category);
            let packed = self
                .spool
                .push(0, self.key.bytes(), |bytes| postcard::to_io(&group, bytes).map(|_| ()));
            packed.map_err(|error| row_error(&self.folder, "panel", error))?;
        }
        self.spool.relieve()
    }

    /// The runs.
    pub(crate) fn finish(self) -> Result<Vec<Run>, DatasetError> {
        Ok(self.spool.finish()?.into_iter().flatten().collect())
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
    /// Takes the next rows of the panel; gives the indicators of the jurisdiction and year before, when it is complete.
    pub(crate) fn push(&mut self, group: &PanelGroup<'_>) -> Vec<IndicatorRow> {
        let is_same = |(code, year): &(String, i16)| *code == group.code && *year == group.year;
        let mut made = Vec::new();
        if !self.place.as_ref().is_some_and(is_same) {
            made = self.finish();
            self.place = Some((group.code.to_owned(), group.year));
        }
        for value in &group.values {
            let source = group.sources.get(value.source);
            if let (Some(count), Some(source)) = (value.count, source)
                && value.applicant == Applicant::All
                && INDICATORS.iter().any(|indicator| indicator.uses(value.category))
            {
                self.counts
                    .push((value.category.to_owned(), count, source.report_id.to_owned()));
            }
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
    fn uses(&self, category: &str) -> bool {
        let parts = self.numerators.iter().copied().chain([self.optional, self.denominator]);
        parts.flatten().any(|part| *part == category)
    }

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
