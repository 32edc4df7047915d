//! Cuts a page into strips: its tables, and its lines of cells as far as they belong together.
//!
//! No form has as many cells as a strip, and no report as many as a page, may have here: what is more is left out and said so.

use gongkai_lexicon::Lexicon;
use gongkai_page::{Block, BlockKind, Grid, check_time};

use crate::cells::{Cell, Layout, Line, Maker, Strip};
use crate::model::{Problem, Span};
use crate::number::{CellValue, goes_on};
use crate::wrapped;

/// A longer run of lines is cut: no form has so many cells, and aligning takes more than linear time. A larger table is
/// a list of something else.
const MAX_CELLS: usize = 4000;
/// Most cells of a page: each takes some 150 bytes, whatever stands in it.
const MAX_PAGE_CELLS: usize = 20_000;

/// A page's strips, and what was left out of them.
#[must_use]
pub fn strips<'a>(maker: &Maker<'a>) -> (Vec<Strip<'a>>, Vec<Problem>) {
    let mut cutter = Cutter {
        maker,
        strips: Vec::new(),
        lines: Vec::new(),
        before: None,
        cells: 0,
        problems: Vec::new(),
    };
    let mut put_together = 0;
    let mut sheets = Sheets::default();
    for (index, block) in (0u32..).zip(&maker.page.blocks) {
        check_time();
        if put_together > 0 {
            put_together -= 1;
            continue;
        }
        if cutter.is_full() {
            cutter.leave_out(
                block.span.start..maker.page.text.len(),
                "more cells than a report can have",
            );
            break;
        }
        match &block.kind {
            BlockKind::Table(grid) => {
                cutter.table(index, block, grid);
                continue;
            }
            // A menu's entries are called as the rows of section two are.
            BlockKind::Paragraph if block.link_bytes * 2 > block.span.len() => cutter.flush(),
            BlockKind::Paragraph | BlockKind::Heading(_) => {
                if sheets.turns(maker.printed(&block.span), cutter.lines.last()) {
                    continue;
                }
                let wrapped = maker.wrapped(index);
                put_together = wrapped.as_ref().map_or(0, |(blocks, _)| blocks - 1);
                let wrapped = wrapped.map(|(_, cells)| Line { cells, rest: None });
                cutter.line(wrapped.or_else(|| maker.line(index, block)));
            }
        }
        cutter.before = Some(index);
    }
    cutter.flush();
    (cutter.strips, cutter.problems)
}

/// A page while it is cut.
struct Cutter<'m, 'a> {
    maker: &'m Maker<'a>,
    strips: Vec<Strip<'a>>,
    /// The cells of the lines that belong together.
    lines: Vec<Cell<'a>>,
    /// The last line.
    before: Option<u32>,
    /// How many cells the strips have.
    cells: usize,
    problems: Vec<Problem>,
}

impl<'a> Cutter<'_, 'a> {
    fn is_full(&self) -> bool {
        self.cells + self.lines.len() >= MAX_PAGE_CELLS
    }

    fn table(&mut self, index: u32, block: &Block, grid: &Grid) {
        self.flush();
        if grid.cells.len() > MAX_CELLS {
            self.leave_out(block.span.clone(), "more cells than a table of a form can have");
            return;
        }
        self.cells += grid.cells.len();
        self.strips.push(self.maker.table(index, grid, self.before));
    }

    /// Takes the cells of a line; none of a sentence, which ends the strip.
    fn line(&mut self, line: Option<Line<'a>>) {
        match line {
            Some(Line { cells, rest }) => {
                self.lines.extend(cells);
                if let Some(rest) = rest {
                    self.leave_out(rest, "more cells than a line of a form can have");
                }
            }
            None => self.flush(),
        }
        if self.lines.len() >= MAX_CELLS {
            self.flush();
        }
    }

    /// Makes a strip of the lines.
    fn flush(&mut self) {
        if self.lines.is_empty() {
            return;
        }
        self.maker.join_spaced(&mut self.lines);
        mark_broken(&mut self.lines, self.maker.lexicon);
        for (row, cell) in (0u32..).zip(self.lines.iter_mut()) {
            cell.row = row;
        }
        self.cells += self.lines.len();
        self.strips.push(Strip {
            layout: Layout::Stream,
            before: self.lines.first().and_then(|first| first.block.checked_sub(1)),
            cells: std::mem::take(&mut self.lines),
        });
    }

    fn leave_out(&mut self, span: std::ops::Range<usize>, why: &str) {
        self.problems.push(Problem {
            stage: "table",
            code: "cells_capped",
            span: Some(Span {
                start: u32::try_from(span.start).unwrap_or(u32::MAX),
                end: u32::try_from(span.end).unwrap_or(u32::MAX),
            }),
            message: format!("{why}; left out, in bytes: {}", span.len()),
        });
    }
}

/// Notes the numbers that the end of a line cuts in two, 12 and 34条: neither is the value.
fn mark_broken(lines: &mut [Cell<'_>], lexicon: &Lexicon) {
    for at in 1..lines.len() {
        let [line, next] = &mut lines[at - 1..=at] else {
            continue;
        };
        let may_be = matches!(line.value, CellValue::Number { unit: None, .. }) && next.is_words();
        if may_be && line.block != next.block && goes_on(&line.text, &next.text, &lexicon.units) {
            line.value = CellValue::InPieces;
        }
    }
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
