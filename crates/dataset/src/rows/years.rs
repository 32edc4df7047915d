//! The table of what reports of successive years say of each other.

use gongkai_extract::{Applicant, CheckResult};
use gongkai_lexicon::IdentityKind;

use crate::name::Named;
use crate::table::table;

table! {
    /// One identity tested between a body's report and its report of the year before; after a merger, on the sum of the predecessors. Copies and replaced versions take no part.
    YearCheckRow, YearCheckBuffers, "year_checks" {
        /// Id of the identity, e.g. S-6.
        identity: String,
        /// D definitional, W usual practice, I inequality.
        kind: Named<IdentityKind>,
        /// The reporting body across years: territory code lineage and normalised organ.
        body_id: String,
        /// Body whose work is reported, in the later year.
        organ: String,
        /// GB/T 2260 code of the later report; the first one where several are added up.
        jurisdiction_code: String,
        /// The later year.
        year: i16,
        /// The reports of the later year: one, or all that are added up.
        report_ids: Vec<String>,
        /// The reports of the year before: one, or all predecessors that are added up.
        previous_report_ids: Vec<String>,
        /// The row tested; null when the identity names its categories.
        category: Option<String>,
        /// The column tested.
        applicant: Named<Applicant>,
        /// The left side of the identity, as `data/identities.tsv` has it; null when it cannot be added up.
        left: Option<f64>,
        /// The right side; null when it cannot be added up.
        right: Option<f64>,
        /// Left less right.
        delta: Option<f64>,
        /// Whether the test passes, fails or cannot be made.
        result: Named<CheckResult>,
        /// The report of each value that took part, left side first.
        term_report_ids: Vec<String>,
        /// `start` of each value that took part: with its report, joins mentions on report_id and start.
        term_starts: Vec<u32>,
        /// The finding in a sentence.
        message: String,
    }
}
