//! The page model: one decoded text and the blocks that stand in it.
//!
//! Every place is a range of UTF-8 bytes in [`Page::text`]. The text is what a reader sees: entities resolved and white
//! space collapsed where HTML says so, but no character rewritten; script and width folding belong to extraction.

use std::ops::Range;

/// A decoded page.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The decoded text, blocks one a line, table cells of one row separated by tabs.
    pub text: String,
    /// `<title>`, or the first heading; for plain text none.
    pub title: Option<String>,
    /// Canonical link or `og:url` of the page.
    pub url: Option<String>,
    /// Name and content of the `<meta>` tags (`PubDate`, `ContentSource`, `keywords` ...), as printed.
    pub meta: Vec<(String, String)>,
    /// Headings, paragraphs and tables in reading order; their ranges do not overlap and grow.
    pub blocks: Vec<Block>,
    /// Name of the encoding that was used, as the WHATWG standard prints it, or `HZ-GB-2312`, which it does not decode.
    pub encoding: &'static str,
    /// What decided the encoding.
    pub encoding_source: EncodingSource,
    /// What was capped or could not be decoded.
    pub problems: Vec<PageProblem>,
}

/// What decided a page's encoding, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EncodingSource {
    /// A byte order mark.
    Bom,
    /// A declaration in the page that the bytes do not contradict.
    Declared,
    /// The bytes are valid UTF-8.
    #[default]
    Utf8,
    /// A statistical guess.
    Detected,
}

impl EncodingSource {
    /// The name in the dataset's `encoding` column.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bom => "bom",
            Self::Declared => "declared",
            Self::Utf8 => "utf8",
            Self::Detected => "detected",
        }
    }
}

/// A heading, a paragraph or a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Where it stands in the text.
    pub span: Range<usize>,
    /// What it is.
    pub kind: BlockKind,
    /// How many of its bytes stand inside links: navigation is mostly links.
    pub link_bytes: usize,
}

/// What a block is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockKind {
    /// `<h1>` to `<h6>`.
    Heading(u8),
    /// A paragraph, a list item, or a line of a text file.
    Paragraph,
    /// A table whose row and column spans are resolved.
    Table(Grid),
}

/// A table: cells in reading order, each with the rectangle it covers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    /// Number of rows.
    pub rows: u32,
    /// Number of columns.
    pub columns: u32,
    /// The cells, sorted by row, then column; empty cells included.
    pub cells: Vec<GridCell>,
}

/// One cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridCell {
    /// First row it covers.
    pub row: u32,
    /// First column it covers.
    pub column: u32,
    /// How many rows it covers, at least 1.
    pub row_span: u32,
    /// How many columns it covers, at least 1.
    pub column_span: u32,
    /// Where its text stands; empty where the cell is.
    pub span: Range<usize>,
}

/// Something the page reader capped or could not decode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageProblem {
    /// A stable short name, e.g. `undecodable_bytes`, `depth_capped`, `truncated`.
    pub code: &'static str,
    /// A sentence a person understands.
    pub message: String,
}
