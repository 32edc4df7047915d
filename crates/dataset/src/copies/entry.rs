//! What a report leaves to be recognised by: beside the reports of its body and year, and among all with its facts.

use gongkai_extract::Scope;
use gongkai_lexicon::Lexicon;
use serde::{Deserialize, Serialize};

use super::facts::{FactBook, Facts};
use super::sketch::{Sketch, Words};
use crate::convert::ReportRows;
use crate::name::Named;
use crate::rows::ReportRow;

/// What is known to compare reports by: shared by all threads of a snapshot.
#[derive(Debug)]
pub(crate) struct CopyBook {
    pub words: Words,
    pub facts: FactBook,
}

impl CopyBook {
    /// The book of a lexicon.
    pub(crate) fn new(lexicon: &Lexicon) -> Self {
        Self {
            words: Words::new(lexicon),
            facts: FactBook::new(lexicon),
        }
    }
}

/// Which of several copies stands for them: the smallest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Preference {
    /// Fewer than the most possible by as many observations as the report has.
    pub missing_observations: u32,
    /// Definitional checks that fail.
    pub checks_failed: u32,
    /// What the observations lack to full confidence on average, in thousandths.
    pub doubt: u32,
}

impl Preference {
    /// The preference of a report.
    pub(crate) fn of(rows: &ReportRows) -> Self {
        let confidence: f64 = rows
            .observed
            .iter()
            .map(|observed| f64::from(observed.confidence))
            .sum();
        let mean = confidence / rows.observed.len().max(1) as f64;
        Self {
            missing_observations: u32::MAX - rows.report.n_observations,
            checks_failed: rows.report.checks_failed,
            doubt: (1000.0 * (1.0 - mean)).clamp(0.0, 1000.0) as u32,
        }
    }
}

/// Whose report it is and on which year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BodyYear<'a> {
    pub body_id: &'a str,
    /// Before a merger one body has several: its predecessors.
    pub code: &'a str,
    pub year: i16,
}

impl<'a> BodyYear<'a> {
    /// Whose report it is, where nothing is missing. Reports that do not name their organ would all pass for one body of
    /// their territory.
    pub(crate) fn of(report: &'a ReportRow) -> Option<Self> {
        report.organ.as_ref()?;
        Some(Self {
            body_id: report.body_id.as_ref()?,
            code: report.jurisdiction_code.as_ref()?,
            year: report.year?,
        })
    }
}

/// A report as it is compared with those of the same body, territory and year.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Rival {
    pub report_id: String,
    /// Day of publication, YYYY-MM-DD.
    pub published: Option<String>,
    pub scope: Option<Named<Scope>>,
    pub checks_failed: u32,
    pub facts: Facts,
    pub sketch: Sketch,
}

impl Rival {
    /// The entry of a report.
    pub(crate) fn of(report: &ReportRow, facts: Facts, sketch: &Sketch) -> Self {
        Self {
            report_id: report.report_id.clone(),
            published: report.published.clone(),
            scope: report.scope,
            checks_failed: report.checks_failed,
            facts,
            sketch: sketch.clone(),
        }
    }
}

/// A report as it is compared with all that have the same facts.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Twin {
    pub report_id: String,
    /// The body; none when it or the year is not known for certain.
    pub body_id: Option<String>,
    pub year: Option<i16>,
    pub code: Option<String>,
    pub candidates: Vec<String>,
    pub organ: Option<String>,
    /// How many different numbers its facts have.
    pub values: usize,
    pub sketch: Sketch,
}

impl Twin {
    /// The entry of a report.
    pub(crate) fn of(report: &ReportRow, facts: &Facts, sketch: &Sketch) -> Self {
        Self {
            report_id: report.report_id.clone(),
            body_id: BodyYear::of(report).map(|body| body.body_id.to_owned()),
            year: report.year,
            code: report.jurisdiction_code.clone(),
            candidates: report.candidates.clone(),
            organ: report.organ.clone(),
            values: facts.values(),
            sketch: sketch.clone(),
        }
    }
}
