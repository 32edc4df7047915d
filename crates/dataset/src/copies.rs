//! Copies: the same page found in several dumps is one report with several origins.
//!
//! Reports stream by in the order of their ids, the copies of one in the order of their origins. Only the reports that
//! really were found more than once are remembered.

use std::collections::HashMap;

use crate::key::CopyKey;
use crate::rows::ReportRow;

/// Which copy stands, for each report that was found more than once.
#[derive(Debug, Default)]
pub(crate) struct Copies {
    standing: HashMap<String, CopyKey>,
}

impl Copies {
    /// Whether a row of this report and copy is part of the dataset.
    pub(crate) fn stands(&self, report_id: &str, copy: CopyKey) -> bool {
        self.standing.get(report_id).is_none_or(|standing| *standing == copy)
    }
}

/// Joins the copies in a stream of reports.
#[derive(Debug, Default)]
pub(crate) struct CopyJoiner {
    current: Option<(ReportRow, CopyKey)>,
    copies: Copies,
}

impl CopyJoiner {
    /// Takes the next report; gives the one before when it is complete.
    pub(crate) fn push(&mut self, row: ReportRow, copy: CopyKey) -> Option<ReportRow> {
        if let Some((current, standing)) = &mut self.current
            && current.report_id == row.report_id
        {
            self.copies.standing.insert(row.report_id, *standing);
            current.origins.extend(row.origins);
            return None;
        }
        self.current
            .replace((row, copy))
            .map(|(row, _)| with_distinct_origins(row))
    }

    /// Gives the last report, and which copies stand.
    pub(crate) fn finish(self) -> (Option<ReportRow>, Copies) {
        (self.current.map(|(row, _)| with_distinct_origins(row)), self.copies)
    }
}

fn with_distinct_origins(mut row: ReportRow) -> ReportRow {
    row.origins.sort_unstable();
    row.origins.dedup();
    row
}
