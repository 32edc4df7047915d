//! The printed report before it has a layout: blocks of pieces, each piece knowing what it says. The truth is read off
//! these pieces at the very end, so that whatever a damage takes away is away in the truth, too.

use std::borrow::Cow;

pub use crate::reading::{Applicant, Key, Period, Reading, Status, Trust, Value};

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
    /// The line of a paragraph.
    pub fn paragraph(&self) -> Option<&Line> {
        match self {
            Self::Para(line) => Some(line),
            _ => None,
        }
    }

    /// The line of a paragraph.
    pub fn paragraph_mut(&mut self) -> Option<&mut Line> {
        match self {
            Self::Para(line) => Some(line),
            _ => None,
        }
    }

    /// The table, when the block is one.
    pub fn table(&self) -> Option<&Table> {
        match self {
            Self::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The table, when the block is one.
    pub fn table_mut(&mut self) -> Option<&mut Table> {
        match self {
            Self::Table(table) => Some(table),
            _ => None,
        }
    }

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
