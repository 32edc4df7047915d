//! Which of several reports on a place and year the panel takes a value from.

use gongkai_extract::{BodyKind, Level, Scope};
use serde::{Deserialize, Serialize};

use crate::rows::ReportRow;

/// A report's claim to the values of its place and year. Of all reports that have a value the one with the smallest
/// claim gives it: the fields in their order.
///
/// Only reports of a government of province, prefecture or county, or of its office, have a claim. The first issuer
/// decides whose report it is: one of a bureau that names the government second has none. Copies and replaced versions
/// have none, since another report stands for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Claim<'a> {
    /// 0 for the whole territory, 1 when the report does not say, 2 for the government itself (本级), [`PARTIAL`] for less.
    pub scope: u8,
    /// 0 for the government, 1 for its office: what an office publishes alone may be on the office alone.
    pub office: u8,
    /// Issuers besides the first: a joint report may count the work of all.
    pub further_issuers: u32,
    /// Fewer than the most possible by as many observations as the report has: the fuller report comes first.
    pub missing_observations: u32,
    /// Definitional checks that failed.
    pub checks_failed: u32,
    /// Decides between equals.
    pub report_id: &'a str,
}

/// A claim without the report's id.
pub(crate) type ClaimRank = (u8, u8, u32, u32, u32);

/// The scope of a report on one unit or a part of the work.
const PARTIAL: u8 = 3;

impl<'a> Claim<'a> {
    /// The claim of a report to a place in the panel; none when it is on one unit or a part of the work.
    pub(crate) fn of(report: &'a ReportRow) -> Option<Self> {
        Self::of_any_scope(report).filter(|claim| claim.scope < PARTIAL)
    }

    /// The claim of a report of a government, on however little.
    pub(crate) fn of_any_scope(report: &'a ReportRow) -> Option<Self> {
        report.jurisdiction_code.as_ref()?;
        let (level, kind) = (report.level?, report.body_kind?);
        let is_rank = level == Level::Province || level == Level::Prefecture || level == Level::County;
        let office = match kind {
            kind if kind == BodyKind::Government => 0,
            kind if kind == BodyKind::GovernmentOffice => 1,
            _ => return None,
        };
        let scope = match report.scope {
            Some(scope) if scope == Scope::Territory => 0,
            Some(scope) if scope == Scope::OwnLevel => 2,
            Some(scope) if scope == Scope::Unit || scope == Scope::Subset => PARTIAL,
            _ => 1,
        };
        is_rank.then(|| Self {
            scope,
            office,
            further_issuers: u32::try_from(report.co_organs.len()).unwrap_or(u32::MAX),
            missing_observations: u32::MAX - report.n_observations,
            checks_failed: report.checks_failed,
            report_id: &report.report_id,
        })
    }

    /// Everything but the report's id, in the order of comparison.
    pub(crate) fn rank(&self) -> ClaimRank {
        (
            self.scope,
            self.office,
            self.further_issuers,
            self.missing_observations,
            self.checks_failed,
        )
    }

    /// Whether the report is known to be on less than the whole territory.
    pub(crate) fn is_narrower(&self) -> bool {
        self.scope > 1
    }
}
