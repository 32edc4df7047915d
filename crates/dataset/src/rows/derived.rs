//! The tables for people who want one number per place and year: the panel, the indicators made from it, and the coverage.

use gongkai_extract::{Applicant, CheckMark, Scope};
use gongkai_lexicon::{Comparability, Lineage, PlaceLevel};

use crate::name::{CoverageStatus, Fen, Named};
use crate::table::table;

table! {
    /// One annual value per jurisdiction, year, category and applicant. Of several reports the one that has the value and comes first gives it: that of the whole territory, then of the government rather than of its office, of fewer joint issuers, with more observations, with fewer failed definitional checks, with the smaller report_id. Reports of other bodies, on one unit or a part of the work, copies and replaced versions give none.
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
        /// The report the value, or every part of it, was taken from.
        report_id: String,
        /// What the report's arithmetic says: passed, failed, warned, none; of a derived value, of the worst of its parts.
        check: Named<CheckMark>,
        /// From 0 to 1; ordinal; of a derived value, of the least of its parts.
        confidence: f32,
        /// The comparable series over the forms that the value belongs to: at most one value per jurisdiction, year and applicant. Mostly the category; the codebook names the years in which it is another.
        series: String,
        /// How the value stands to those of its series in other years: exact; near, where a jump may be the form's doing; break, where years must not be joined.
        comparability: Named<Comparability>,
        /// Today's code of the same territory, of a divided one that of its main part: joins years over boundary and code changes.
        lineage_code: String,
        /// How the territory of the year stands to that of lineage_code today: same; part of it, so that parts must be added up; divided, where a part has gone to another code since.
        lineage: Named<Lineage>,
        /// True where the value is a sum of values of the same report, since its form does not print it.
        derived: bool,
    }
}

table! {
    /// One ratio per jurisdiction and year, computed from panel rows of one report. There is none where a part is absent or blank or the sum below the line is zero.
    IndicatorRow, IndicatorBuffers, "indicators" {
        /// GB/T 2260 code valid on 31 December of the year.
        jurisdiction_code: String,
        /// Reporting year.
        year: i16,
        /// Name of the ratio, e.g. granted_share; data/indicators.tsv has the formulas.
        indicator: String,
        /// Sum above the line.
        numerator: i64,
        /// Sum below the line, greater than zero.
        denominator: i64,
        /// numerator / denominator.
        value: f64,
        /// The report that all parts were taken from.
        report_id: String,
        /// The worst comparability of its parts: exact, near, break.
        comparability: Named<Comparability>,
        /// The worst check of its parts: passed, none, warned, failed.
        check: Named<CheckMark>,
        /// The least confidence of its parts, from 0 to 1; ordinal.
        confidence: f32,
        /// Today's code of the same territory, as in the panel.
        lineage_code: String,
        /// How the territory of the year stands to that of lineage_code today, as in the panel.
        lineage: Named<Lineage>,
    }
}

table! {
    /// Every province, prefecture and county of the gazetteer in every year from the first to the last that a report of the snapshot has, and whether there is a report of its government. Of several reports the one that comes first in the panel is told.
    CoverageRow, CoverageBuffers, "coverage" {
        /// GB/T 2260 code valid on 31 December of the year.
        jurisdiction_code: String,
        /// Reporting year.
        year: i16,
        /// present; missing; doubtful where doubts says why.
        status: Named<CoverageStatus>,
        /// check_failed: a definitional check fails; narrower_scope: the report is on the government itself (本级) or less; low_confidence: the jurisdiction's confidence is below 0.5.
        doubts: Vec<String>,
        /// Full name from the province down, as in the year.
        jurisdiction: String,
        /// Rank of the place.
        level: Named<PlaceLevel>,
        /// Code of the province.
        province_code: String,
        /// Name of the province.
        province: String,
        /// Today's code of the same territory, as in the panel.
        lineage_code: String,
        /// How the territory of the year stands to that of lineage_code today, as in the panel.
        lineage: Named<Lineage>,
        /// The report; null where there is none.
        report_id: Option<String>,
        /// Whose work the report covers as a whole.
        scope: Option<Named<Scope>>,
        /// Number of its observations.
        n_observations: Option<u32>,
        /// Number of its definitional checks that failed.
        checks_failed: Option<u32>,
        /// From 0 to 1.
        jurisdiction_confidence: Option<f32>,
    }
}
