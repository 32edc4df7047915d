//! The two tables of values: what a report supports, and every place a value was read.

use gongkai_extract::{Applicant, CheckMark, Level, Method, Period, Scope, Status, UnitSource};
use gongkai_lexicon::Relation;

use crate::name::{Fen, Named};
use crate::table::table;
use crate::text::Text;

/// Makes both tables of one list of columns, so that they cannot differ.
macro_rules! value_tables {
    ($($(#[doc = $text:literal])+ $field:ident: $type:ty),+ $(,)?) => {
        table! {
            /// One value that a report supports for a category, an applicant and a period.
            ObservationRow, ObservationBuffers, "observations" {
                $($(#[doc = $text])+ $field: $type),+
            }
        }

        table! {
            /// One place where a value was read, whether or not the report's arithmetic supports it.
            MentionRow, MentionBuffers, "mentions" {
                $($(#[doc = $text])+ $field: $type,)+
                /// Whose information is counted: territory, own_level, unit, subset or unknown.
                scope: Named<Scope>,
                /// The words that narrow or widen the scope.
                scope_label: Option<Text>,
                /// Whether this is the mention that became an observation.
                observation: bool,
            }
        }

        impl MentionRow {
            /// A mention with the columns it shares with observations.
            #[must_use]
            pub fn new(value: ObservationRow, scope: Scope, scope_label: Option<Text>, observation: bool) -> Self {
                Self { $($field: value.$field,)+ scope: scope.into(), scope_label, observation }
            }

            /// The columns it shares with observations.
            #[must_use]
            pub fn value(&self) -> ObservationRow {
                ObservationRow { $($field: self.$field.clone()),+ }
            }
        }
    };
}

value_tables! {
    /// Hash of the decoded page's text and the ordinal of the report in it. Copies of a report are all here: those to leave out have a `duplicate_of` in reports.
    report_id: Text,
    /// The reporting body across years: territory code lineage and normalised organ.
    body_id: Option<Text>,
    /// GB/T 2260 code valid on 31 December of the year; null when there is none or it is undecided.
    jurisdiction_code: Option<Text>,
    /// Full name from the province down.
    jurisdiction: Option<Text>,
    /// Body whose work is reported, in Simplified script.
    organ: Option<Text>,
    /// Rank of the reporting body.
    level: Option<Named<Level>>,
    /// Reporting year (not publication year).
    year: Option<i16>,
    /// Dotted code of the codebook; `unmapped` for rows no form knows.
    category: Text,
    /// Printed label as read; part of the key only for open lists.
    label: Option<Text>,
    /// Row of the official form, e.g. N14-05; null for prose.
    template_row: Option<Text>,
    /// How the printed row relates to the category.
    relation: Named<Relation>,
    /// Who applied; `all` for totals and for every value that is not split.
    applicant: Named<Applicant>,
    /// The reporting year, or everything since an earlier year.
    period: Named<Period>,
    /// The count; null when blank, not applicable, or money.
    count: Option<i64>,
    /// Money in yuan, whatever was printed; null for counts.
    amount_cny: Option<Fen>,
    /// Unit of the value; CNY for money.
    unit: Option<Text>,
    /// The unit as printed.
    unit_printed: Option<Text>,
    /// Where the unit was found: cell, header, form or assumed.
    unit_source: Named<UnitSource>,
    /// How the value stands in the report: reported, in_words, approximate, repaired, blank, not_applicable.
    status: Named<Status>,
    /// The characters as printed.
    raw: Text,
    /// Where it was read: table or prose.
    method: Named<Method>,
    /// Index of the block in the page.
    block: u32,
    /// First byte of `raw` in the page's text (UTF-8).
    start: u32,
    /// One past the last byte of `raw` in the page's text (UTF-8).
    end: u32,
    /// From 0 to 1; ordinal.
    confidence: f32,
    /// What the report's arithmetic says: passed, failed, warned, none.
    check: Named<CheckMark>,
}

table! {
    /// The observations once more, in one file: for questions about one category over all years and places. Sorted by category, year (null last), jurisdiction_code (null first), report_id, applicant, period, label. Who reports and where a value was read stand in reports and observations, which have the same report_id.
    ByCategoryRow, ByCategoryBuffers, "by_category" {
        /// Dotted code of the codebook; `unmapped` for rows no form knows.
        category: Text,
        /// Reporting year (not publication year).
        year: Option<i16>,
        /// GB/T 2260 code valid on 31 December of the year; null when there is none or it is undecided.
        jurisdiction_code: Option<Text>,
        /// Hash of the decoded page's text and the ordinal of the report in it.
        report_id: Text,
        /// Rank of the reporting body.
        level: Option<Named<Level>>,
        /// Who applied; `all` for totals and for every value that is not split.
        applicant: Named<Applicant>,
        /// The reporting year, or everything since an earlier year.
        period: Named<Period>,
        /// Printed label as read, of open lists and unmapped rows; else null.
        label: Option<Text>,
        /// How the printed row relates to the category.
        relation: Named<Relation>,
        /// The count; null when blank, not applicable, or money.
        count: Option<i64>,
        /// Money in yuan, whatever was printed; null for counts.
        amount_cny: Option<Fen>,
        /// How the value stands in the report: reported, in_words, approximate, repaired, blank, not_applicable.
        status: Named<Status>,
        /// What the report's arithmetic says: passed, failed, warned, none.
        check: Named<CheckMark>,
        /// From 0 to 1; ordinal.
        confidence: f32,
        /// True where another report stands for this one: leave it out of sums.
        duplicate: bool,
    }
}
