//! What extraction gives: reports with their mentions, observations, checks and problems.
//!
//! A *mention* is "this number, at this place, read as this category"; an *observation* is the one mention per key
//! that the report supports after its arithmetic has been checked. Nothing here knows of files, threads or Parquet.

use gongkai_lexicon::CategoryId;
use serde::Serialize;

/// Declares an enum whose variants have one stable printed name each: the value of the dataset's columns.
macro_rules! named_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum $name { $($(#[$variant_doc])* #[doc = concat!("`", $text, "`")] #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// Every printed name, in declaration order.
            pub const NAMES: &'static [&'static str] = &[$($text),+];
            /// Every variant, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The printed name, as it stands in the dataset's columns.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

named_enum! {
    /// Who applied (申请人情况); only section three of the statutory form (2019 and later) tells.
    Applicant {
        /// The total of all applicants, and every value that is not split.
        All = "all",
        /// 自然人
        NaturalPerson = "natural_person",
        /// 商业企业
        Business = "business",
        /// 科研机构
        Research = "research",
        /// 社会公益组织
        PublicInterest = "public_interest",
        /// 法律服务机构
        LegalService = "legal_service",
        /// 其他
        Other = "other",
    }
}

named_enum! {
    /// Whether a value counts the reporting year or everything since an earlier year (历年累计).
    Period { Year = "year", Cumulative = "cumulative" }
}

named_enum! {
    /// How a value stands in the report.
    Status {
        /// A number as printed.
        Reported = "reported",
        /// Said in words: "none were received".
        InWords = "in_words",
        /// Printed with 余, 多, 约, 近 and the like.
        Approximate = "approximate",
        /// Recovered from damaged characters, with proof in the checks.
        Repaired = "repaired",
        /// A printed row whose cell is empty or holds a filler dash.
        Blank = "blank",
        /// A cell that says the row does not apply (`/`, 不适用).
        NotApplicable = "not_applicable",
    }
}

named_enum! {
    /// Where a value was read.
    Method { Table = "table", Prose = "prose" }
}

named_enum! {
    /// Whose information a value counts.
    Scope {
        /// The whole territory (全市, 全区).
        Territory = "territory",
        /// The government itself and its office (本级).
        OwnLevel = "own_level",
        /// One department or other unit that reports for itself.
        Unit = "unit",
        /// A part of the reporting body's work: one website, one account, one bureau.
        Subset = "subset",
        /// The report does not say.
        Unknown = "unknown",
    }
}

named_enum! {
    /// Where the unit of a value was found.
    UnitSource { Cell = "cell", Header = "header", Form = "form", Assumed = "assumed" }
}

named_enum! {
    /// What the arithmetic says of a value.
    CheckMark {
        /// Some test holds and none fails.
        Passed = "passed",
        /// A definitional identity fails and nothing else explains it.
        Failed = "failed",
        /// A usual-practice, inequality or share test fails, or another test explains the failure.
        Warned = "warned",
        /// No test could be made.
        None = "none",
    }
}

named_enum! {
    /// The result of one check.
    CheckResult { Pass = "pass", Fail = "fail", NotTestable = "not_testable" }
}

named_enum! {
    /// The rank of the reporting body.
    Level {
        National = "national",
        Province = "province",
        Prefecture = "prefecture",
        County = "county",
        Township = "township",
        /// 开发区, 高新区, 管委会 and the like.
        Zone = "zone",
        /// 局, 委, 办, 厅 and other units of a government.
        Department = "department",
    }
}

named_enum! {
    /// What kind of body reports.
    BodyKind {
        Government = "government",
        GovernmentOffice = "government_office",
        Department = "department",
        Township = "township",
        Street = "street",
        Zone = "zone",
        Xpcc = "xpcc",
        Institution = "institution",
        Central = "central",
    }
}

named_enum! {
    /// How the jurisdiction's code was come by.
    CodeStatus {
        Gb2260 = "gb2260",
        Zone = "zone",
        National = "national",
        Ambiguous = "ambiguous",
        None = "none",
    }
}

/// A range of UTF-8 bytes in the page's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// What a mention says, apart from how it says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// A count in the category's unit.
    Count(i64),
    /// Money in fen (hundredths of a yuan).
    Fen(i64),
    /// Nothing: a blank or a cell that says "not applicable".
    Nothing,
}

impl Value {
    /// The largest count: as many digits as a number is read with, whatever it is multiplied by. Sums of such are exact.
    pub const MAX_COUNT: i64 = 999_999_999_999_999;
    /// The largest sum of money: what eighteen decimal digits hold, as the dataset has them.
    pub const MAX_FEN: i64 = 999_999_999_999_999_999;
}

/// "This number, at this place, read as this category."
#[derive(Debug, Clone)]
pub struct Mention {
    /// What is counted.
    pub category: CategoryId,
    /// The printed label, in the script it was printed in.
    pub label: Option<String>,
    /// Row of the official form, e.g. `N14-05`; none for prose.
    pub template_row: Option<String>,
    /// How the printed row relates to the category.
    pub relation: gongkai_lexicon::Relation,
    /// Whose requests.
    pub applicant: Applicant,
    /// Year or cumulative.
    pub period: Period,
    /// The value read.
    pub value: Value,
    /// The unit as printed, e.g. 万元.
    pub unit_printed: Option<String>,
    /// Where the unit was found.
    pub unit_source: UnitSource,
    /// How the value stands there.
    pub status: Status,
    /// Table or prose.
    pub method: Method,
    /// Index of the block in the page.
    pub block: u32,
    /// Where the characters stand; `raw` is `text[span]`.
    pub span: Span,
    /// Whose information is counted.
    pub scope: Scope,
    /// The words that narrow or widen the scope.
    pub scope_label: Option<String>,
    /// From 0 to 1; ordinal.
    pub confidence: f32,
}

/// The one value per key that the report supports.
#[derive(Debug, Clone, Copy)]
pub struct Observation {
    /// Index into the report's mentions.
    pub mention: usize,
    /// What the arithmetic says.
    pub check: CheckMark,
    /// From 0 to 1; ordinal.
    pub confidence: f32,
}

/// One identity tested on one report.
#[derive(Debug, Clone)]
pub struct Check {
    /// Id of the identity, e.g. `S-2`.
    pub identity: String,
    /// D definitional, W usual practice, I inequality, share.
    pub kind: gongkai_lexicon::IdentityKind,
    /// The column tested.
    pub applicant: Applicant,
    /// The period tested.
    pub period: Period,
    /// The printed side.
    pub left: Option<f64>,
    /// The computed side.
    pub right: Option<f64>,
    /// Pass, fail or not testable.
    pub result: CheckResult,
    /// Indices of the mentions that took part.
    pub mentions: Vec<usize>,
    /// A sentence a person understands.
    pub message: String,
}

/// Something that was left out, capped or repaired, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The stage that met it: page, table, prose.
    pub stage: &'static str,
    /// A stable short name, e.g. `row_short`.
    pub code: &'static str,
    /// Where, when there is a place.
    pub span: Option<Span>,
    /// A sentence a person understands.
    pub message: String,
}

/// Who reports, for where and when, with the evidence for each.
#[derive(Debug, Clone, Default)]
pub struct Identity {
    /// The report's title as printed.
    pub title: Option<String>,
    /// The body whose work is reported, in Simplified script.
    pub organ: Option<String>,
    /// Further issuers of the same report.
    pub co_organs: Vec<String>,
    /// What kind of body it is.
    pub body_kind: Option<BodyKind>,
    /// Its rank.
    pub level: Option<Level>,
    /// The rank of the territory (a department's territory may be a county).
    pub rank: Option<Level>,
    /// GB/T 2260 code valid on 31 December of the year.
    pub jurisdiction_code: Option<String>,
    /// How the code was come by.
    pub code_status: Option<CodeStatus>,
    /// Full name from the province down.
    pub jurisdiction: Option<String>,
    /// Code of the unit above.
    pub parent_code: Option<String>,
    /// Code of the township where the body is one.
    pub township_code: Option<String>,
    /// Today's code of the same territory.
    pub successor_code: Option<String>,
    /// Codes that could be meant, best first.
    pub candidates: Vec<String>,
    /// From 0 to 1.
    pub jurisdiction_confidence: f32,
    /// What speaks for the decision, a line each.
    pub jurisdiction_evidence: Vec<String>,
    /// Reporting year (not publication year).
    pub year: Option<i16>,
    /// What speaks for the year, a line each.
    pub year_evidence: Vec<String>,
    /// First day of the period, `YYYY-MM-DD`.
    pub period_start: Option<String>,
    /// Last day of the period, `YYYY-MM-DD`.
    pub period_end: Option<String>,
    /// Day of publication, `YYYY-MM-DD`.
    pub published: Option<String>,
    /// Whose work the report covers as a whole.
    pub scope: Option<Scope>,
    /// Lineage of the territory and normalised organ: joins years.
    pub body_id: Option<String>,
}

/// One report read from a page.
#[derive(Debug, Clone)]
pub struct Report {
    /// Ordinal of the report in its page, from 0.
    pub ordinal: u32,
    /// Who, where, when.
    pub identity: Identity,
    /// Ids of the table families found, e.g. `S21-3`, sorted.
    pub templates: Vec<String>,
    /// Script of the page: `hans`, `hant` or `mixed`.
    pub script: &'static str,
    /// Every value read, in page order.
    pub mentions: Vec<Mention>,
    /// The value per key, in key order.
    pub observations: Vec<Observation>,
    /// Every identity tested.
    pub checks: Vec<Check>,
    /// What was left out, capped or repaired.
    pub problems: Vec<Problem>,
}

impl Report {
    /// The same, as a part of a page that begins behind so many blocks.
    pub(crate) fn behind(mut self, blocks: usize) -> Self {
        let blocks = u32::try_from(blocks).unwrap_or(u32::MAX);
        for mention in &mut self.mentions {
            mention.block = mention.block.saturating_add(blocks);
        }
        self
    }
}

/// What a page turned out to be.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Annual reports, usually one.
    Reports(Vec<Report>),
    /// No annual report, on purpose left out.
    NotAReport {
        /// A stable short name, e.g. `not_a_report`, `half_year`.
        reason: &'static str,
        /// A sentence a person understands.
        message: String,
    },
}

#[cfg(test)]
mod tests {
    use super::{Applicant, Period};

    #[test]
    fn columns_of_forms_are_called_like_the_values_they_stand_for() {
        let mut applicants = gongkai_lexicon::APPLICANTS;
        applicants.sort_unstable_by_key(|name| Applicant::ALL.iter().position(|one| one.as_str() == *name));
        assert!(Applicant::ALL.iter().map(|one| one.as_str()).eq(applicants));
        assert!(Period::ALL.iter().map(|one| one.as_str()).eq(gongkai_lexicon::PERIODS));
    }
}
