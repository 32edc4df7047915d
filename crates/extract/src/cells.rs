//! A page's tables and table-like lines as strips of cells, ready to be aligned with the forms.
//!
//! A grid keeps its rows and columns. A stream is what text extraction left of a table: one cell after the other, with
//! the empty ones kept (pipes) or dropped (one cell per line). Sentences are no cells: they go to the prose reader.

use std::borrow::Cow;
use std::ops::Range;

use gongkai_lexicon::{Lexicon, normalize_label, strip_enumerator};
use gongkai_page::{Block, BlockKind, Grid, Page};

use crate::fold::{fold_text, has_space};
use crate::model::Span;
use crate::number::{CellValue, read_cell};
use crate::wrapped;

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

/// A longer run of lines is cut: no form has so many cells, and aligning takes more than linear time.
const MAX_CELLS: usize = 4000;
/// How many lines of one cell there are for each of several where a table was printed one cell a line.
const ONE_CELL_LINES: usize = 6;
/// How many values behind an unknown label make a line a row.
const LEAST_VALUES: usize = 2;
/// Longest line, in characters, that can be a label of the official forms with its gloss.
const MAX_LABEL_CHARACTERS: usize = 90;

/// Cuts a page into strips.
#[must_use]
pub fn strips<'a>(maker: &Maker<'a>) -> Vec<Strip<'a>> {
    let page = maker.page;
    let mut out: Vec<Strip<'a>> = Vec::new();
    let mut lines: Vec<Cell<'a>> = Vec::new();
    let mut before: Option<u32> = None;
    let mut put_together = 0;
    let mut sheets = Sheets::default();
    for (index, block) in (0u32..).zip(&page.blocks) {
        if put_together > 0 {
            put_together -= 1;
            continue;
        }
        match &block.kind {
            BlockKind::Table(grid) => {
                flush(maker, &mut lines, &mut out);
                // A larger table is a list of something else; its numbers stay unread.
                if grid.cells.len() <= MAX_CELLS {
                    out.push(maker.table(index, grid, before));
                }
                continue;
            }
            // A menu's entries are called as the rows of section two are.
            BlockKind::Paragraph if block.link_bytes * 2 > block.span.len() => flush(maker, &mut lines, &mut out),
            BlockKind::Paragraph | BlockKind::Heading(_) => {
                if sheets.turns(maker.printed(block), lines.last()) {
                    continue;
                }
                let wrapped = maker.wrapped(index);
                put_together = wrapped.as_ref().map_or(0, |(blocks, _)| blocks - 1);
                match wrapped.map(|(_, cells)| cells).or_else(|| maker.line(index, block)) {
                    Some(cells) => lines.extend(cells),
                    None => flush(maker, &mut lines, &mut out),
                }
                if lines.len() >= MAX_CELLS {
                    flush(maker, &mut lines, &mut out);
                }
            }
        }
        before = Some(index);
    }
    flush(maker, &mut lines, &mut out);
    out
}

/// The sheets of a printed document, of which the text keeps the numbers.
#[derive(Default)]
struct Sheets {
    last: u32,
}

impl Sheets {
    /// Whether a line is the number of the next sheet. Behind a label it could be a value between two dashes, and is only
    /// believed when it goes on from the sheet before.
    fn turns(&mut self, line: &str, before: Option<&Cell<'_>>) -> bool {
        let Some(number) = wrapped::page_number(line) else {
            return false;
        };
        let turns = number == self.last + 1 || !before.is_some_and(Cell::is_words);
        if turns {
            self.last = number;
        }
        turns
    }
}

fn flush<'a>(maker: &Maker<'a>, lines: &mut Vec<Cell<'a>>, out: &mut Vec<Strip<'a>>) {
    if !lines.is_empty() {
        maker.join_spaced(lines);
        for (row, cell) in (0u32..).zip(lines.iter_mut()) {
            cell.row = row;
        }
        out.push(Strip {
            layout: Layout::Stream,
            before: lines.first().and_then(|first| first.block.checked_sub(1)),
            cells: std::mem::take(lines),
        });
    }
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
    fn printed(&self, block: &Block) -> &'a str {
        self.page.text.get(block.span.clone()).unwrap_or("")
    }

    /// The last line before a strip as a cell, when it is short enough for a heading.
    pub fn heading(&self, strip: &Strip<'_>) -> Option<Cell<'a>> {
        let block = strip.before?;
        let found = self.page.blocks.get(block as usize)?;
        let text = self.page.text.get(found.span.clone())?;
        let is_line = !matches!(found.kind, BlockKind::Table(_)) && text.chars().count() <= MAX_LABEL_CHARACTERS;
        is_line.then(|| self.cell(block, found.span.clone(), 0, 0..1))
    }

    fn table(&self, block: u32, grid: &Grid, before: Option<u32>) -> Strip<'a> {
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

    fn cell(&self, block: u32, span: Range<usize>, row: u32, columns: Range<u32>) -> Cell<'a> {
        let printed = self.page.text.get(span.clone()).unwrap_or("");
        let text = fold_text(printed, &self.lexicon.script, self.traditional);
        let value = read_cell(&text, &self.lexicon.units);
        let is_unit = value == CellValue::Text && is_unit(&text, self.lexicon);
        let key = match &text {
            _ if value != CellValue::Text || is_unit => Cow::default(),
            Cow::Borrowed(text) => normalize_label(text),
            Cow::Owned(text) => Cow::Owned(normalize_label(text).into_owned()),
        };
        let span = Span {
            start: u32::try_from(span.start).unwrap_or(u32::MAX),
            end: u32::try_from(span.end).unwrap_or(u32::MAX),
        };
        Cell {
            text,
            key,
            value,
            is_unit,
            span,
            block,
            row,
            columns,
        }
    }

    /// The cells of some lines that are one label, with the values behind it, and how many lines they are.
    fn wrapped(&self, index: u32) -> Option<(usize, Vec<Cell<'a>>)> {
        let text_of = |block: &'a Block| match block.kind {
            BlockKind::Table(_) => None,
            _ => self.page.text.get(block.span.clone()),
        };
        let blocks = self.page.blocks.get(index as usize..)?;
        let fold = |words: &'a str| fold_text(words, &self.lexicon.script, self.traditional);
        let label = wrapped::label(blocks.iter().map_while(text_of), fold, self.lexicon)?;
        let last = blocks.get(label.lines - 1)?;
        let printed = text_of(last)?;
        let mut pieces: Vec<Range<usize>> = pieces(printed).map(|piece| at(&piece, last.span.start)).collect();
        let values = pieces.split_off(pieces.len().checked_sub(label.values)?);
        let end = pieces.last()?.end;
        let mut cell = self.cell(index, blocks.first()?.span.start..end, 0, 0..1);
        cell.key = Cow::Owned(label.key);
        let last_block = index + u32::try_from(label.lines - 1).ok()?;
        let values = values.into_iter().map(|piece| self.cell(last_block, piece, 0, 0..1));
        Some((label.lines, std::iter::once(cell).chain(values).collect()))
    }

    /// The cells of a line, or none when the line is a sentence.
    fn line(&self, index: u32, block: &Block) -> Option<Vec<Cell<'a>>> {
        let text = self.page.text.get(block.span.clone())?;
        // A pipe alone parts the cells above and below it.
        if text == "|" {
            return Some(Vec::new());
        }
        if text.matches('|').count() >= 2 {
            let cells = pipe_pieces(text).map(|piece| self.cell(index, at(&piece, block.span.start), 0, 0..1));
            return Some(cells.collect());
        }
        if has_space(text) {
            let pieces: Vec<Range<usize>> = words(text).map(|piece| at(&piece, block.span.start)).collect();
            if pieces.len() > 1
                && let Some(cells) = self.split_line(index, &pieces)
            {
                return Some(cells);
            }
        }
        if text.chars().count() > MAX_LABEL_CHARACTERS {
            return None;
        }
        let is_frame = |c: char| c == '|' || c.is_whitespace();
        let framed = text.trim_start_matches(is_frame);
        let start = block.span.start + (text.len() - framed.len());
        let bare = framed.trim_end_matches(is_frame);
        let cell = self.cell(index, start..start + bare.len(), 0, 0..1);
        let known = !self.lexicon.templates.rows_of_label(&cell.key).is_empty();
        let sentence = cell.text.contains(['。', '，', '；']) && !known;
        (!sentence).then(|| vec![cell])
    }

    /// Splits a line such as `一、本年新收… 241 16 0` at its white space, when its words are labels of the forms.
    fn split_line(&self, index: u32, pieces: &[Range<usize>]) -> Option<Vec<Cell<'a>>> {
        let parts: Vec<Cell<'a>> = pieces
            .iter()
            .map(|piece| self.cell(index, piece.clone(), 0, 0..1))
            .collect();
        let mut cells: Vec<Cell<'a>> = Vec::with_capacity(parts.len());
        let mut words: Option<Cell<'a>> = None;
        let mut known = 0;
        for part in parts {
            if part.is_words() {
                let Some(before) = words.take() else {
                    words = Some(part);
                    continue;
                };
                let joined = self.cell(index, before.span.start as usize..part.span.end as usize, 0, 0..1);
                // Two labels may stand side by side: keep them apart when one of them is one by itself.
                if (self.is_known(&before) || self.is_known(&part)) && !self.is_known(&joined) {
                    known += 1;
                    cells.push(before);
                    words = Some(part);
                } else {
                    words = Some(joined);
                }
            } else {
                if let Some(label) = words.take() {
                    known += usize::from(self.is_known(&label));
                    cells.push(label);
                }
                cells.push(part);
            }
        }
        if let Some(label) = words {
            known += usize::from(self.is_known(&label));
            cells.push(label);
        }
        let values = cells.iter().filter(|cell| !cell.is_words()).count();
        let labels = cells.len() - values;
        // A label of other words before several values is a row, too; a sentence has words between its numbers.
        let is_row = labels == 1 && values >= LEAST_VALUES && cells.first().is_some_and(Cell::is_words);
        (labels == 0 || is_row || known * 2 >= labels && cells.len() > 1).then_some(cells)
    }

    /// Where nearly every line holds one cell, `12 514` alone on its line is one number, too.
    fn join_spaced(&self, lines: &mut Vec<Cell<'a>>) {
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

    fn is_known(&self, cell: &Cell<'_>) -> bool {
        !self.lexicon.templates.rows_of_label(&cell.key).is_empty() || is_column_label(&cell.key, self.lexicon)
    }
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

fn pieces(text: &str) -> impl Iterator<Item = Range<usize>> {
    let start = text.as_ptr() as usize;
    text.split_whitespace().map(move |piece| {
        let from = piece.as_ptr() as usize - start;
        from..from + piece.len()
    })
}

/// A letter of words, in whatever form it was printed.
fn is_letter(character: char) -> bool {
    !character.is_ascii() && character.is_alphanumeric() && !character.is_numeric() || is_radical(character)
}

/// Radicals stand for characters in text taken from PDF files; they are symbols, not letters.
fn is_radical(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{2fdf}')
}

/// The pieces of a line; an enumerator that a space sets apart from its words stays with them.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut pieces = pieces(text).peekable();
    std::iter::from_fn(move || {
        let mut piece = pieces.next()?;
        let is_enumerator = strip_enumerator(&text[piece.clone()]).is_empty();
        let next = pieces
            .peek()
            .filter(|next| is_enumerator && text[(*next).clone()].starts_with(is_letter))
            .cloned();
        if let Some(next) = next {
            piece.end = next.end;
            pieces.next();
        }
        Some(piece)
    })
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
