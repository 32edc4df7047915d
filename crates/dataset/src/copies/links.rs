//! Which report stands for which: what `duplicate_of` says, and what there is to tell of it.

use rustc_hash::FxHashMap;

use crate::key::CopyKey;
use crate::rows::ProblemRow;

/// The number that a report's id is: sixteen bytes where the text takes fifty.
pub(crate) type ReportNumber = u128;

/// The number of a report's id.
pub(crate) fn report_number(report_id: &str) -> ReportNumber {
    // Ids are 32 hexadecimal digits, made by this crate.
    u128::from_str_radix(report_id, 16).unwrap_or_default()
}

/// Reports that another one stands for, which stands for itself: no report that was linked to is linked later.
#[derive(Debug, Default)]
pub(crate) struct Links(FxHashMap<ReportNumber, ReportNumber>);

impl Links {
    /// Lets one report stand for another, or the report that stands for it in turn.
    pub(crate) fn add(&mut self, report: ReportNumber, standing: ReportNumber) {
        let standing = self.0.get(&standing).copied().unwrap_or(standing);
        self.0.insert(report, standing);
    }

    /// The report that stands for another; none when it stands for itself.
    pub(crate) fn standing_for(&self, report_id: &str) -> Option<String> {
        let standing = self.0.get(&report_number(report_id))?;
        Some(format!("{standing:032x}"))
    }

    /// Whether another report stands for it.
    pub(crate) fn has(&self, report_id: &str) -> bool {
        self.0.contains_key(&report_number(report_id))
    }
}

/// Something to tell of a report that was compared with others.
#[derive(Debug)]
pub(crate) struct Finding {
    /// The copy of the page that the report's rows are taken from.
    pub copy: CopyKey,
    /// What is told.
    pub problem: ProblemRow,
}

impl Finding {
    /// A finding without a place in the page.
    pub(crate) fn new(report_id: &str, copy: CopyKey, code: &str, message: String) -> Self {
        Self {
            copy,
            problem: ProblemRow {
                report_id: report_id.to_owned(),
                stage: "dataset".to_owned(),
                code: code.to_owned(),
                start: None,
                end: None,
                message,
            },
        }
    }
}
