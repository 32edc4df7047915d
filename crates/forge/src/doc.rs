//! The printed report before it has a layout: blocks of pieces, each piece knowing what it says. The truth is read off
//! these pieces at the very end, so that whatever a damage takes away is away in the truth, too.

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

/// What a piece is, for the damages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// The digits (or numerals) of a number.
    Number,
    /// The unit behind a number.
    Unit,
    /// A share in percent, with its words (`，占60.3%`).
    Share,
    /// Words that say that there was nothing.
    Words,
}

/// A stretch of text and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: Kind,
    /// As printed.
    pub text: Cow<'static, str>,
    /// What it says; empty for words and for numbers that are no statistics.
    pub says: Vec<Reading>,
}

impl Piece {
    /// Words.
    pub fn text(text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind: Kind::Text,
            text: text.into(),
            says: Vec::new(),
        }
    }

    /// A piece of another kind that says nothing.
    pub fn mute(kind: Kind, text: impl Into<Cow<'static, str>>) -> Self {
        Self {
            kind,
            text: text.into(),
            says: Vec::new(),
        }
    }

    /// A number.
    pub fn number(text: impl Into<Cow<'static, str>>, reading: Reading) -> Self {
        Self {
            kind: Kind::Number,
            text: text.into(),
            says: vec![reading],
        }
    }
}

/// A paragraph or the content of a cell.
pub type Line = Vec<Piece>;

/// What a cell is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Heads a column.
    Head,
    /// Names a row.
    Label,
    /// Holds the unit.
    Unit,
    /// Holds a value.
    Value,
}

/// One cell, where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What it is for.
    pub role: Role,
    /// Its content.
    pub line: Line,
    /// Columns it spans.
    pub colspan: usize,
    /// Rows it spans.
    pub rowspan: usize,
}

impl Cell {
    /// A cell of one column and row.
    pub fn new(role: Role, line: Line) -> Self {
        Self {
            role,
            line,
            colspan: 1,
            rowspan: 1,
        }
    }

    /// A cell of words.
    pub fn words(role: Role, text: impl Into<Cow<'static, str>>) -> Self {
        Self::new(role, vec![Piece::text(text)])
    }

    /// The same over several columns and rows.
    pub fn span(mut self, colspan: usize, rowspan: usize) -> Self {
        self.colspan = colspan;
        self.rowspan = rowspan;
        self
    }
}

/// A table: rows of cells, each cell in the row in which it begins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
    /// Columns of its grid.
    pub columns: usize,
    /// Rows at the top that are head.
    pub heads: usize,
}

/// One block of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// The title on the page.
    Title(Line),
    /// A heading; 1 for `一、`, 2 for `（一）`.
    Heading(u8, Line),
    /// A paragraph.
    Para(Line),
    /// A table.
    Table(Table),
    /// Right-aligned lines: signature and date.
    Sign(Line),
    /// Pairs of the metadata header (索引号, 发布机构 …).
    Meta(Vec<(Cow<'static, str>, Cow<'static, str>)>),
}

impl Block {
    /// All pieces of the block, in printed order.
    pub fn pieces_mut(&mut self) -> Vec<&mut Piece> {
        match self {
            Self::Title(line) | Self::Heading(_, line) | Self::Para(line) | Self::Sign(line) => {
                line.iter_mut().collect()
            }
            Self::Table(table) => table
                .rows
                .iter_mut()
                .flatten()
                .flat_map(|cell| cell.line.iter_mut())
                .collect(),
            Self::Meta(_) => Vec::new(),
        }
    }

    /// All pieces of the block, in printed order.
    pub fn pieces(&self) -> Vec<&Piece> {
        match self {
            Self::Title(line) | Self::Heading(_, line) | Self::Para(line) | Self::Sign(line) => line.iter().collect(),
            Self::Table(table) => table.rows.iter().flatten().flat_map(|cell| cell.line.iter()).collect(),
            Self::Meta(_) => Vec::new(),
        }
    }
}

/// The text of a line.
pub fn text_of(line: &[Piece]) -> String {
    line.iter().map(|piece| piece.text.as_ref()).collect()
}
