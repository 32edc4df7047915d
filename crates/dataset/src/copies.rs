//! Copies: a report that was found more than once counts once.
//!
//! The same text in several dumps is one report with several origins. Other pages with the same report, or with another
//! version of it, are reports of their own that point at the one that stands for them. Only what really was found more
//! than once is remembered of all reports, a few dozen bytes each.

mod decide;
mod entry;
mod facts;
mod links;
mod rivals;
mod sketch;
mod twins;

use rustc_hash::FxHashMap;

pub(crate) use decide::CopyRuns;
pub(crate) use entry::{BodyYear, CopyBook, Preference, Rival, Twin};
pub(crate) use facts::{FactHash, Facts};
pub(crate) use links::Links;
use links::{ReportNumber, report_number};
pub(crate) use sketch::Sketch;

use crate::key::CopyKey;
use crate::rows::ReportRow;

/// Which of the reports and of their copies count.
#[derive(Debug, Default)]
pub(crate) struct Copies {
    /// The copy of the page that is taken, for each report whose page was found more than once.
    standing: FxHashMap<ReportNumber, CopyKey>,
    /// Reports that another one stands for.
    pub links: Links,
}

impl Copies {
    /// Whether a row of this report and copy is part of the dataset.
    pub(crate) fn stands(&self, report_id: &str, copy: CopyKey) -> bool {
        let standing = self.standing.get(&report_number(report_id));
        standing.is_none_or(|standing| *standing == copy)
    }

    /// Whether a row of this report and copy counts where every report is to count once.
    pub(crate) fn counts(&self, report_id: &str, copy: CopyKey) -> bool {
        self.stands(report_id, copy) && !self.links.has(report_id)
    }
}

/// Finds the pages that were found more than once in a stream of the copies of reports, by report and origin: the first
/// of each stands.
#[derive(Debug, Default)]
pub(crate) struct CopyFinder {
    current: Option<(ReportNumber, CopyKey)>,
    copies: Copies,
}

impl CopyFinder {
    /// Takes the next copy.
    pub(crate) fn push(&mut self, report_id: &str, copy: CopyKey) {
        let report = report_number(report_id);
        match self.current {
            Some((current, standing)) if current == report => {
                self.copies.standing.insert(report, standing);
            }
            _ => self.current = Some((report, copy)),
        }
    }

    /// What was found.
    pub(crate) fn finish(self) -> Copies {
        self.copies
    }
}

/// Joins the copies in the same stream of reports.
#[derive(Debug, Default)]
pub(crate) struct CopyJoiner {
    current: Option<ReportRow>,
}

impl CopyJoiner {
    /// Takes the next report; gives the one before when it is complete.
    pub(crate) fn push(&mut self, row: ReportRow) -> Option<ReportRow> {
        if let Some(current) = &mut self.current
            && current.report_id == row.report_id
        {
            current.origins.extend(row.origins);
            return None;
        }
        self.current.replace(row).map(with_distinct_origins)
    }

    /// Gives the last report.
    pub(crate) fn finish(self) -> Option<ReportRow> {
        self.current.map(with_distinct_origins)
    }
}

fn with_distinct_origins(mut row: ReportRow) -> ReportRow {
    row.origins.sort_unstable();
    row.origins.dedup();
    row
}
