//! The tables for people who want one number per place and year: the panel and the indicators made from it.

use gongkai_extract::{Applicant, CheckMark};

use crate::name::{Fen, Named};
use crate::table::table;

table! {
    /// One annual value per jurisdiction, year, category and applicant, from the report of the whole jurisdiction; never from a copy or a replaced version.
    PanelRow, PanelBuffers, "panel" {
        /// GB/T 2260 code valid on 31 December of the year.
        jurisdiction_code: String,
        /// Full name from the province down.
        jurisdiction: Option<String>,
        /// Reporting year.
        year: i16,
        /// Dotted code of the codebook; never an open list.
        category: String,
        /// Who applied; `all` for totals.
        applicant: Named<Applicant>,
        /// The count; null for money.
        count: Option<i64>,
        /// Money in yuan; null for counts.
        amount_cny: Option<Fen>,
        /// The report the value was taken from.
        report_id: String,
        /// What the report's arithmetic says: passed, failed, warned, none.
        check: Named<CheckMark>,
        /// From 0 to 1; ordinal.
        confidence: f32,
        /// The series the value belongs to over the forms.
        series: String,
        /// How far the series may be joined over the years; null when nothing speaks against it.
        comparability: Option<String>,
        /// Today's code of the same territory: joins years over boundary and code changes.
        lineage_code: String,
        /// Whether the value was computed rather than read.
        derived: bool,
    }
}

table! {
    /// One ratio per jurisdiction and year, computed from panel rows of one report.
    IndicatorRow, IndicatorBuffers, "indicators" {
        /// GB/T 2260 code valid on 31 December of the year.
        jurisdiction_code: String,
        /// Reporting year.
        year: i16,
        /// granted_share, refusal_core_share, review_corrected_share or carry_over.
        indicator: String,
        /// Sum above the line.
        numerator: i64,
        /// Sum below the line, greater than zero.
        denominator: i64,
        /// numerator / denominator.
        value: f64,
    }
}
