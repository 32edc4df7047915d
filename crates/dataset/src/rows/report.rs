//! The tables about reports and dumps: who reports, what was tested, what was met on the way, what every dump became.

use gongkai_extract::{Applicant, BodyKind, CheckResult, CodeStatus, Level, Period, Scope};
use gongkai_lexicon::IdentityKind;

use crate::name::{DumpOutcome, Named};
use crate::table::table;

table! {
    /// One annual report. The same text in several dumps is one row with several origins; other pages with the same report, or an older version of it, have rows of their own and say so in `duplicate_of`.
    ReportRow, ReportBuffers, "reports" {
        /// Hash of the decoded page's text and the ordinal of the report in it.
        report_id: String,
        /// The reporting body across years: territory code lineage and normalised organ.
        body_id: Option<String>,
        /// Every dump the page was found in, sorted, relative to the named inputs.
        origins: Vec<String>,
        /// Address of the page.
        url: Option<String>,
        /// Size of the dump.
        bytes: i64,
        /// Hash of the dump's bytes.
        hash: String,
        /// Encoding the page was decoded with.
        encoding: String,
        /// What decided the encoding: bom, declared, utf8, detected.
        encoding_source: String,
        /// Script of the page: hans, hant or mixed.
        script: String,
        /// Title as printed.
        title: Option<String>,
        /// Body whose work is reported, in Simplified script.
        organ: Option<String>,
        /// Further issuers of the same report.
        co_organs: Vec<String>,
        /// What kind of body reports.
        body_kind: Option<Named<BodyKind>>,
        /// Rank of the reporting body.
        level: Option<Named<Level>>,
        /// Rank of the territory.
        rank: Option<Named<Level>>,
        /// GB/T 2260 code valid on 31 December of the year; null when there is none or it is undecided.
        jurisdiction_code: Option<String>,
        /// How the code was come by.
        code_status: Option<Named<CodeStatus>>,
        /// Full name from the province down.
        jurisdiction: Option<String>,
        /// Code of the unit above.
        parent_code: Option<String>,
        /// Code of the township where the body is one.
        township_code: Option<String>,
        /// Today's code of the same territory.
        successor_code: Option<String>,
        /// Codes that could be meant, best first.
        candidates: Vec<String>,
        /// From 0 to 1.
        jurisdiction_confidence: f32,
        /// What speaks for the jurisdiction, one entry a clue.
        jurisdiction_evidence: Vec<String>,
        /// Reporting year (not publication year).
        year: Option<i16>,
        /// What speaks for the year, one entry a clue.
        year_evidence: Vec<String>,
        /// First day of the period, YYYY-MM-DD.
        period_start: Option<String>,
        /// Last day of the period, YYYY-MM-DD.
        period_end: Option<String>,
        /// Day of publication, YYYY-MM-DD.
        published: Option<String>,
        /// Whose work the report covers as a whole.
        scope: Option<Named<Scope>>,
        /// Table families found, e.g. S21-3.
        templates: Vec<String>,
        /// Number of observations.
        n_observations: u32,
        /// Number of checks that passed.
        checks_passed: u32,
        /// Number of definitional checks that failed.
        checks_failed: u32,
        /// Number of other checks that failed: usual practice, inequality, share.
        checks_warned: u32,
        /// The report that stands for this one, which is a copy or an older version of it; null for the one that stands. Keep rows where it is null to count every report once, as the panel does.
        duplicate_of: Option<String>,
    }
}

table! {
    /// One identity tested on one report.
    CheckRow, CheckBuffers, "checks" {
        /// The report.
        report_id: String,
        /// Id of the identity, e.g. S-2.
        identity: String,
        /// D definitional, W usual practice, I inequality, share.
        kind: Named<IdentityKind>,
        /// The column tested.
        applicant: Named<Applicant>,
        /// The period tested.
        period: Named<Period>,
        /// The printed side.
        left: Option<f64>,
        /// The computed side.
        right: Option<f64>,
        /// Left less right.
        delta: Option<f64>,
        /// Whether the test passes, fails or cannot be made.
        result: Named<CheckResult>,
        /// `start` of every mention that took part: joins mentions on report_id and start.
        mentions: Vec<u32>,
        /// The finding in a sentence.
        message: String,
    }
}

table! {
    /// Something that was left out, capped or repaired, or that a version of the report changed.
    ProblemRow, ProblemBuffers, "problems" {
        /// The report.
        report_id: String,
        /// The stage that met it: page, table, prose, dataset.
        stage: String,
        /// A stable short name, e.g. row_short; revised where the report replaces an older version, versions_undecided where none of its versions is known to be the later one.
        code: String,
        /// First byte of the place in the page's text; null when there is no place.
        start: Option<u32>,
        /// One past the last byte of the place.
        end: Option<u32>,
        /// What was left out, capped or changed, and why.
        message: String,
    }
}

table! {
    /// A dump, or a part of one, that gave no report.
    RejectRow, RejectBuffers, "rejects" {
        /// Where the dump was found.
        origin: String,
        /// The stage that rejected it.
        stage: String,
        /// A stable short name, e.g. not_a_report, half_year.
        reason: String,
        /// The reason in a sentence.
        message: String,
        /// Size of the dump.
        bytes: i64,
        /// Hash of the dump's bytes; null when they could not be read.
        hash: Option<String>,
        /// True when left out on purpose, false when it failed.
        intentional: bool,
    }
}

table! {
    /// A dump that was seen, and what became of it.
    DumpRow, DumpBuffers, "dumps" {
        /// Where the dump was found.
        origin: String,
        /// Hash of its bytes.
        hash: String,
        /// Its size.
        bytes: i64,
        /// What the bytes are: html, text, …
        file_type: Option<String>,
        /// extracted, rejected on purpose, or failed.
        outcome: Named<DumpOutcome>,
        /// The reports read from it.
        report_ids: Vec<String>,
        /// Encoding it was decoded with.
        encoding: Option<String>,
        /// Why it could not be read in the last run, e.g. unreadable, empty, vanished: all that is said of it, and its reports, are those of an earlier night; null when it could be read.
        stale: Option<String>,
        /// The last snapshot that was made when it could be read; null when there was none, or it could be read now.
        stale_since: Option<String>,
    }
}

table! {
    /// The decoded text of a page, so that every span can be shown without the dump.
    PageRow, PageBuffers, "pages" {
        /// Hash of the text.
        page_id: String,
        /// The reports of the page.
        report_ids: Vec<String>,
        /// The text that `start` and `end` of observations, mentions and problems count bytes of.
        text: String,
    }
}
