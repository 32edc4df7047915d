//! What a number says: of whom, of what, over which time, and how surely it can be read.

use std::borrow::Cow;

/// Who asked (columns of section three since 2019).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Applicant {
    /// 自然人
    NaturalPerson,
    /// 商业企业
    Business,
    /// 科研机构
    Research,
    /// 社会公益组织
    PublicInterest,
    /// 法律服务机构
    LegalService,
    /// 其他
    Other,
    /// 总计, and every number that is not split by applicant.
    All,
}

impl Applicant {
    /// The columns in printed order, 总计 last.
    pub const COLUMNS: [Self; 7] = [
        Self::NaturalPerson,
        Self::Business,
        Self::Research,
        Self::PublicInterest,
        Self::LegalService,
        Self::Other,
        Self::All,
    ];

    /// The name in the dataset.
    pub fn name(self) -> &'static str {
        match self {
            Self::NaturalPerson => "natural_person",
            Self::Business => "business",
            Self::Research => "research",
            Self::PublicInterest => "public_interest",
            Self::LegalService => "legal_service",
            Self::Other => "other",
            Self::All => "all",
        }
    }
}

/// What is counted over: the year of the report, or everything since an earlier one (历年累计).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    /// The reporting year.
    Year,
    /// Since the regulation came into force, or since another earlier year.
    Cumulative,
}

impl Period {
    /// The name in the dataset.
    pub fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Cumulative => "cumulative",
        }
    }
}

/// What a number is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Category code.
    pub category: &'static str,
    /// The printed label, in open lists only; else empty.
    pub label: Cow<'static, str>,
    /// Column of section three.
    pub applicant: Applicant,
    /// Year or cumulative.
    pub period: Period,
}

impl Key {
    /// A number of the year that is not split.
    pub fn year(category: &'static str) -> Self {
        Self {
            category,
            label: Cow::Borrowed(""),
            applicant: Applicant::All,
            period: Period::Year,
        }
    }

    /// A number of the year in one column of section three.
    pub fn of(category: &'static str, applicant: Applicant) -> Self {
        Self {
            applicant,
            ..Self::year(category)
        }
    }

    /// A number since an earlier year.
    pub fn cumulative(category: &'static str) -> Self {
        Self {
            period: Period::Cumulative,
            ..Self::year(category)
        }
    }
}

/// The value of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// A count of things.
    Count(i64),
    /// Money, in fen (1/100 yuan).
    Money(i64),
    /// The place of a number without one.
    None,
}

/// How a value is printed; only what the gold format names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// In digits.
    Reported,
    /// A zero said in words.
    InWords,
    /// With 约, 余, 多, 近.
    Approximate,
    /// Damaged in print and certain all the same.
    Repaired,
    /// An empty cell, or a dash.
    Blank,
    /// A cell that says there is nothing to say, such as `/`.
    NotApplicable,
}

impl Status {
    /// The name in the dataset; none where the gold leaves the status out.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Reported => None,
            Self::InWords => Some("in_words"),
            Self::Approximate => Some("approximate"),
            Self::Repaired => Some("repaired"),
            Self::Blank => Some("blank"),
            Self::NotApplicable => Some("not_applicable"),
        }
    }
}

/// How much the truth may ask of a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// The page says it: a reader must get it.
    Sure,
    /// A reader may take it so, but need not: `optional` in the truth.
    Open,
    /// What is printed here cannot be read any more; a reader that restores this value by arithmetic is not wrong.
    Lost,
}

/// One statement of a piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What about.
    pub key: Key,
    /// Its value.
    pub value: Value,
    /// How it is printed.
    pub status: Status,
    /// What may be asked of a reader.
    pub trust: Trust,
}

impl Reading {
    /// A plain printed number.
    pub fn sure(key: Key, value: Value) -> Self {
        Self {
            key,
            value,
            status: Status::Reported,
            trust: Trust::Sure,
        }
    }
}
