//! A page's tables and table-like lines as cells, ready to be aligned with the forms.
//!
//! A grid keeps its rows and columns. A stream is what text extraction left of a table: one cell after the other, with
//! the empty ones kept (pipes) or dropped (one cell per line). Sentences are no cells: they go to the prose reader.

use std::borrow::Cow;
use std::ops::Range;

use gongkai_lexicon::{Lexicon, normalize_label};
use gongkai_page::{Block, BlockKind, Grid, Page};

use crate::fold::{fold_text, has_space};
use crate::model::Span;
use crate::number::{CellValue, read_cell};
use crate::{spaced, wrapped};

/// One cell.
#[derive(Debug, Clone)]
pub struct Cell<'a> {
    /// Its folded text.
    pub text: Cow<'a, str>,
    /// Its label in the form in which labels are compared.
    pub key: Cow<'a, str>,
    /// What it says as a value.
    pub value: CellValue,
    /// Whether it is a unit.
    pub is_unit: bool,
    /// Where it stands in the page.
    pub span: Span,
    /// The block it stands in.
    pub block: u32,
    /// First row it covers; in a stream every cell has its own.
    pub row: u32,
    /// Columns it covers; in a stream the first.
    pub columns: Range<u32>,
}

impl Cell<'_> {
    /// Whether the cell holds words that are neither value nor unit.
    #[must_use]
    pub fn is_words(&self) -> bool {
        self.value == CellValue::Text && !self.is_unit
    }

    /// Whether the cell can hold a value, if only an empty one.
    #[must_use]
    pub fn is_value(&self) -> bool {
        !self.is_words() && !self.is_unit
    }

    /// Whether nothing stands in the cell.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.value == CellValue::Blank
    }
}

/// The cells in which something stands.
#[must_use]
pub fn filled<'a>(cells: &[&'a Cell<'a>]) -> Vec<&'a Cell<'a>> {
    cells.iter().copied().filter(|cell| !cell.is_blank()).collect()
}

/// How many cells there are up to the last filled one.
#[must_use]
pub fn filled_width(cells: &[&Cell<'_>]) -> usize {
    cells
        .iter()
        .rposition(|cell| !cell.is_blank())
        .map_or(0, |last| last + 1)
}

/// What stands at a place, before it is a cell.
pub struct Entry<'a> {
    /// Its folded text.
    text: Cow<'a, str>,
    /// What it says as a value.
    value: CellValue,
    /// Whether it is a unit.
    is_unit: bool,
    /// Where it stands in the page.
    pub span: Range<usize>,
}

impl<'a> Entry<'a> {
    /// Whether it holds words that are neither value nor unit.
    pub fn is_words(&self) -> bool {
        self.value == CellValue::Text && !self.is_unit
    }

    /// As a cell of a block, a row and columns.
    pub fn into_cell(self, block: u32, row: u32, columns: Range<u32>) -> Cell<'a> {
        let key = match &self.text {
            _ if !self.is_words() => Cow::default(),
            Cow::Borrowed(text) => normalize_label(text),
            Cow::Owned(text) => Cow::Owned(normalize_label(text).into_owned()),
        };
        Cell {
            text: self.text,
            key,
            value: self.value,
            is_unit: self.is_unit,
            span: Span {
                start: u32::try_from(self.span.start).unwrap_or(u32::MAX),
                end: u32::try_from(self.span.end).unwrap_or(u32::MAX),
            },
            block,
            row,
            columns,
        }
    }
}

/// How a strip's cells are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Rows and columns are known.
    Grid,
    /// One after the other, empty cells kept.
    StreamWithBlanks,
    /// One after the other, empty cells lost.
    Stream,
}

/// A run of cells that belong together.
#[derive(Debug, Clone)]
pub struct Strip<'a> {
    /// How they are laid out.
    pub layout: Layout,
    /// The cells in reading order.
    pub cells: Vec<Cell<'a>>,
    /// The block of the last line before them.
    pub before: Option<u32>,
}

/// Longest line, in characters, that can be a label of the official forms with its gloss.
pub const MAX_LABEL_CHARACTERS: usize = 90;
/// No line of a form has so many cells, or words between them: those behind are left out.
const MAX_LINE_CELLS: usize = 4000;
/// How many lines of one cell there are for each of several where a table was printed one cell a line.
const ONE_CELL_LINES: usize = 6;

/// The cells of a line.
pub struct Line<'a> {
    /// The first of them.
    pub cells: Vec<Cell<'a>>,
    /// What stands behind them where there are more than a line can have.
    pub rest: Option<Range<usize>>,
}

/// Makes cells of a page's text.
#[derive(Clone, Copy)]
pub struct Maker<'a> {
    /// The page.
    pub page: &'a Page,
    /// What is known.
    pub lexicon: &'a Lexicon,
    /// Whether the page is in Traditional script.
    pub traditional: bool,
}

impl<'a> Maker<'a> {
    /// What the page prints there.
    pub fn printed(&self, span: &Range<usize>) -> &'a str {
        self.page.text.get(span.clone()).unwrap_or("")
    }

    /// The last line before a strip as a cell, when it is short enough for a heading.
    pub fn heading(&self, strip: &Strip<'_>) -> Option<Cell<'a>> {
        let block = strip.before?;
        let found = self.page.blocks.get(block as usize)?;
        let text = self.page.text.get(found.span.clone())?;
        let is_short = text.chars().nth(MAX_LABEL_CHARACTERS).is_none();
        let is_line = is_short && !matches!(found.kind, BlockKind::Table(_));
        is_line.then(|| self.cell(block, found.span.clone(), 0, 0..1))
    }

    /// A table as a strip.
    pub fn table(&self, block: u32, grid: &Grid, before: Option<u32>) -> Strip<'a> {
        let single = grid.columns == 1;
        let cells = grid
            .cells
            .iter()
            .map(|cell| {
                let columns = cell.column..cell.column + cell.column_span;
                self.cell(block, cell.span.clone(), cell.row, columns)
            })
            .collect();
        let layout = if single { Layout::StreamWithBlanks } else { Layout::Grid };
        Strip { layout, cells, before }
    }

    /// What stands at a place as a cell.
    pub fn cell(&self, block: u32, span: Range<usize>, row: u32, columns: Range<u32>) -> Cell<'a> {
        self.entry(span).into_cell(block, row, columns)
    }

    /// What stands at a place, and what it says as a value.
    pub fn entry(&self, span: Range<usize>) -> Entry<'a> {
        let text = fold_text(self.printed(&span), &self.lexicon.script, self.traditional);
        let value = read_cell(&text, &self.lexicon.units);
        let is_unit = value == CellValue::Text && is_unit(&text, self.lexicon);
        Entry {
            text,
            value,
            is_unit,
            span,
        }
    }

    /// The cells of some lines that are one label, with the values behind it, and how many lines they are.
    pub fn wrapped(&self, index: u32) -> Option<(usize, Vec<Cell<'a>>)> {
        let text_of = |block: &'a Block| match block.kind {
            BlockKind::Table(_) => None,
            _ => self.page.text.get(block.span.clone()),
        };
        let blocks = self.page.blocks.get(index as usize..)?;
        let fold = |words: &'a str| fold_text(words, &self.lexicon.script, self.traditional);
        let label = wrapped::label(blocks.iter().map_while(text_of), fold, self.lexicon)?;
        let last = blocks.get(label.lines - 1)?;
        let printed = text_of(last)?;
        let mut pieces: Vec<Range<usize>> = spaced::pieces(printed)
            .map(|piece| at(&piece, last.span.start))
            .collect();
        let values = pieces.split_off(pieces.len().checked_sub(label.values)?);
        let end = pieces.last()?.end;
        let mut cell = self.cell(index, blocks.first()?.span.start..end, 0, 0..1);
        cell.key = Cow::Owned(label.key);
        let last_block = index + u32::try_from(label.lines - 1).ok()?;
        let values = values.into_iter().map(|piece| self.cell(last_block, piece, 0, 0..1));
        Some((label.lines, std::iter::once(cell).chain(values).collect()))
    }

    /// The cells of a line, or none when the line is a sentence.
    pub fn line(&self, index: u32, block: &Block) -> Option<Line<'a>> {
        let text = self.page.text.get(block.span.clone())?;
        let whole = |cells: Vec<Cell<'a>>| Line { cells, rest: None };
        // A pipe alone parts the cells above and below it.
        if text == "|" {
            return Some(whole(Vec::new()));
        }
        if text.matches('|').nth(1).is_some() {
            let mut pieces = pipe_pieces(text).map(|piece| at(&piece, block.span.start));
            let cells = pieces.by_ref().take(MAX_LINE_CELLS);
            return Some(Line {
                cells: cells.map(|piece| self.cell(index, piece, 0, 0..1)).collect(),
                rest: pieces.next().map(|next| next.start..block.span.end),
            });
        }
        if has_space(text) {
            let pieces = || spaced::words(text).map(|piece| at(&piece, block.span.start));
            let line = pieces()
                .nth(1)
                .and_then(|_| spaced::split(self, index, pieces(), MAX_LINE_CELLS, block.span.end));
            if line.is_some() {
                return line;
            }
        }
        if text.chars().nth(MAX_LABEL_CHARACTERS).is_some() {
            return None;
        }
        let is_frame = |c: char| c == '|' || c.is_whitespace();
        let framed = text.trim_start_matches(is_frame);
        let start = block.span.start + (text.len() - framed.len());
        let bare = framed.trim_end_matches(is_frame);
        let cell = self.cell(index, start..start + bare.len(), 0, 0..1);
        let known = !self.lexicon.templates.rows_of_label(&cell.key).is_empty();
        let sentence = cell.text.contains(['。', '，', '；']) && !known;
        (!sentence).then(|| whole(vec![cell]))
    }

    /// Where nearly every line holds one cell, `12 514` alone on its line is one number, too.
    pub fn join_spaced(&self, lines: &mut Vec<Cell<'a>>) {
        let of_line = |left: &Cell<'_>, right: &Cell<'_>| left.block == right.block;
        let (alone, beside): (Vec<_>, Vec<_>) = lines.chunk_by(of_line).partition(|line| line.len() == 1);
        if beside.is_empty() || alone.len() < ONE_CELL_LINES * beside.len() {
            return;
        }
        let joined = lines.chunk_by(of_line).flat_map(|line| {
            let (Some(first), Some(last)) = (line.first(), line.last()) else {
                return Vec::new();
            };
            let whole = self.cell(first.block, first.span.start as usize..last.span.end as usize, 0, 0..1);
            let is_number = line.len() > 1 && matches!(whole.value, CellValue::Number { .. });
            if is_number { vec![whole] } else { line.to_vec() }
        });
        *lines = joined.collect();
    }

    /// Whether words are a label of a row or a column of the forms.
    pub fn is_known(&self, entry: &Entry<'_>) -> bool {
        // Every label of the forms has a Chinese character.
        if !entry.is_words() || !entry.text.contains(is_han) {
            return false;
        }
        let key = normalize_label(&entry.text);
        !self.lexicon.templates.rows_of_label(&key).is_empty() || is_column_label(&key, self.lexicon)
    }
}

fn is_han(character: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&character)
}

/// Whether a folded text is a unit, as `件` or `(条)` or `条(件)`.
fn is_unit(text: &str, lexicon: &Lexicon) -> bool {
    let bare = text
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'))
        .unwrap_or(text);
    let bare = bare.strip_prefix("单位:").unwrap_or(bare);
    // Few labels begin as a unit does.
    let mut parts = bare.split(['、', '/', ',']);
    lexicon.units.at_start(bare).is_some() && parts.all(|part| lexicon.units.exact(part).is_some())
}

/// Whether a normalised label is one of a column.
#[must_use]
pub fn is_column_label(key: &str, lexicon: &Lexicon) -> bool {
    !key.is_empty() && lexicon.templates.forms_of_column(key).is_some()
}

/// The cells of a line with pipes, trimmed, empty ones kept; pipes at its ends are its frame.
fn pipe_pieces(text: &str) -> impl Iterator<Item = Range<usize>> {
    let start = text.as_ptr() as usize;
    let framed = text.trim();
    let framed = framed.strip_prefix('|').unwrap_or(framed);
    let framed = framed.strip_suffix('|').unwrap_or(framed);
    framed.split('|').map(move |piece| {
        let piece = piece.trim();
        let from = piece.as_ptr() as usize - start;
        from..from + piece.len()
    })
}

fn at(range: &Range<usize>, base: usize) -> Range<usize> {
    range.start + base..range.end + base
}
