//! Tables in plain text: Markdown and pipe rows, rows of tab-separated cells, and "spilled" tables with a cell a line.
//!
//! Rows may be ragged: a row without trailing cells has none, since what is not printed is not a blank cell.

use std::ops::Range;

use crate::model::{Grid, GridCell};
use crate::space::trimmed;
use crate::text::{Line, Lines};

/// A longer cell is prose with a stray delimiter (`1.<tab>` before a paragraph), in bytes.
const MAX_TAB_CELL: usize = 600;
const MAX_PIPE_CELL: usize = 3000;
/// An indented line inside a tab-separated table is a row without label only when it is short, in bytes.
const MAX_INDENTED_VALUE: usize = 60;
/// A longer line without a pipe is a heading between tables, not the beginning of a broken cell, in bytes.
const MAX_FRAGMENT: usize = 15;
/// Lines with more cells than this are no rows.
const MAX_COLUMNS: usize = 4096;
/// Rows that prove a table: prose and navigation have a line or two with pipes.
const MIN_PIPE_ROWS: usize = 3;
const MIN_RULED_ROWS: usize = 2;
const MIN_SPILL_LINES: usize = 3;
/// So many words side by side name columns.
const MIN_NAMES: usize = 4;
const MIN_TAB_ROWS: usize = 2;

/// Which delimiters a text has at all, so that most texts skip the search in every line.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Delimiters {
    pipes: bool,
    tabs: bool,
    /// Lines of a pipe alone: an extraction may have put each empty cell of a row into a line of its own.
    empty_lines: bool,
}

impl Delimiters {
    pub(crate) fn of(text: &str) -> Self {
        let pipes = text.contains('|') || text.contains(is_pipe);
        Self {
            pipes,
            tabs: text.contains('\t'),
            empty_lines: pipes && ["\n|\n", "\n|\r\n"].iter().any(|line| text.contains(line)),
        }
    }

    pub(crate) fn any(self) -> bool {
        self.pipes || self.tabs
    }
}

/// A table found at the start of some lines.
#[derive(Debug)]
pub(crate) struct Found<'a> {
    pub(crate) span: Range<usize>,
    pub(crate) grid: Grid,
    /// The lines behind it.
    pub(crate) rest: Lines<'a>,
    /// It was ended by the cap on cells; its further rows are another table.
    pub(crate) capped: bool,
}

/// The table that begins with the first of the lines, if one does.
pub(crate) fn table<'a>(text: &str, lines: &Lines<'a>, delimiters: Delimiters, max_cells: usize) -> Option<Found<'a>> {
    let pipes = || spilled(text, lines, max_cells).or_else(|| piped(text, lines, max_cells, delimiters.empty_lines));
    let tabs = || tabbed(text, lines, max_cells);
    delimiters
        .pipes
        .then(pipes)
        .flatten()
        .or_else(|| delimiters.tabs.then(tabs).flatten())
}

/// Whether a line has so many delimiters that it is no row of a table.
pub(crate) fn is_too_wide(text: &str, line: &Line) -> bool {
    let slice = text.get(line.inner.clone()).unwrap_or_default();
    let is_wide = |is_delimiter: fn(char) -> bool| slice.matches(is_delimiter).nth(MAX_COLUMNS).is_some();
    slice.len() > MAX_COLUMNS && (is_wide(is_pipe) || is_wide(is_tab))
}

/// Collects rows into a grid.
struct Rows<'a> {
    grid: Grid,
    max_cells: usize,
    /// From the first line of the table to the end of its last.
    span: Option<Range<usize>>,
    /// The lines behind those that were taken.
    rest: Lines<'a>,
}

impl<'a> Rows<'a> {
    fn new(lines: &Lines<'a>, max_cells: usize) -> Self {
        Self {
            grid: Grid::default(),
            max_cells,
            span: None,
            rest: lines.clone(),
        }
    }

    /// Takes a line into the table; `rest` are those behind it.
    fn take(&mut self, line: &Line, rest: Lines<'a>) {
        let start = self.span.as_ref().map_or(line.inner.start, |span| span.start);
        self.span = Some(start..line.inner.end);
        self.rest = rest;
    }

    fn push(&mut self, cells: impl IntoIterator<Item = Range<usize>>) {
        for (column, span) in (0u32..).zip(cells) {
            self.grid.columns = self.grid.columns.max(column + 1);
            self.grid.cells.push(GridCell {
                row: self.grid.rows,
                column,
                row_span: 1,
                column_span: 1,
                span,
            });
        }
        self.grid.rows += 1;
    }

    /// How many cells the last row has.
    fn last_width(&self) -> usize {
        let last = self.grid.rows.checked_sub(1);
        let cells = self.grid.cells.iter().rev();
        cells.take_while(|cell| Some(cell.row) == last).count()
    }

    fn is_full(&self) -> bool {
        self.grid.cells.len() >= self.max_cells
    }

    fn found(self, min_rows: usize) -> Option<Found<'a>> {
        if (self.grid.rows as usize) < min_rows {
            return None;
        }
        let (first, last) = (self.grid.cells.first()?, self.grid.cells.last()?);
        let span = self.span.as_ref()?;
        Some(Found {
            span: span.start.min(first.span.start)..span.end.max(last.span.end),
            capped: self.is_full(),
            grid: self.grid,
            rest: self.rest,
        })
    }
}

/// One cell a line, each line ending with a pipe; a lone pipe is an empty cell, two are two. One column of cells.
///
/// A cell's own line end can stand before its pipe: the pipe that follows closes it.
fn spilled<'a>(text: &str, lines: &Lines<'a>, max_cells: usize) -> Option<Found<'a>> {
    let mut rows = Rows::new(lines, max_cells);
    let mut taken = 0;
    while !rows.is_full() {
        let mut rest = rows.rest.clone();
        let Some(mut line) = rest.next() else { break };
        let (mut cells, mut of_lines) = (spilled_cells(text, &line), 1);
        if cells.is_none() && taken > 0 {
            let Some(next) = rest.next() else { break };
            cells = broken_cell(text, &line, &next);
            (line, of_lines) = (next, 2);
        }
        let Some(cells) = cells else { break };
        let begins = cells.len() == 1 && cells.first().is_some_and(|cell| !cell.is_empty());
        if taken == 0 && !begins {
            break;
        }
        taken += of_lines;
        rows.take(&line, rest);
        for cell in cells {
            rows.push([cell]);
        }
    }
    if taken < MIN_SPILL_LINES { None } else { rows.found(1) }
}

/// The cells of two lines when the first is a cell whose pipe stands on the second: alone, or behind its last words.
fn broken_cell(text: &str, line: &Line, next: &Line) -> Option<Vec<Range<usize>>> {
    let mut cells = spilled_cells(text, next).filter(|_| !line.inner.is_empty())?;
    let first = cells.first_mut()?;
    if first.start == first.end {
        *first = line.inner.clone();
    } else if line.inner.len() <= MAX_FRAGMENT {
        first.start = line.inner.start;
    } else {
        return None;
    }
    Some(cells)
}

/// The cells of a spilled line: at most one has text, and it comes first.
fn spilled_cells(text: &str, line: &Line) -> Option<Vec<Range<usize>>> {
    let slice = text.get(line.inner.clone())?;
    slice.chars().next_back().filter(|last| is_pipe(*last))?;
    let mut cells = split(text, line.inner.clone(), is_pipe)?;
    cells.pop();
    cells.iter().skip(1).all(Range::is_empty).then_some(cells)
}

/// Rows of cells between pipes; ruled lines are dropped. Where empty cells stand in lines of their own, a row has several.
fn piped<'a>(text: &str, lines: &Lines<'a>, max_cells: usize, empty_lines: bool) -> Option<Found<'a>> {
    let mut table = Rows::new(lines, max_cells);
    let mut rows: Vec<Vec<Range<usize>>> = Vec::new();
    let (mut cells, mut ruled, mut after_rule) = (0, false, false);
    let mut rest = lines.clone();
    while let Some(mut line) = rest.next() {
        let slice = text.get(line.inner.clone()).unwrap_or_default();
        let rule = table.span.is_some() && is_rule(slice);
        if cells >= max_cells || rule && after_rule {
            break;
        }
        after_rule = rule;
        if rule {
            ruled = true;
        } else {
            let mut row = split(text, line.inner.clone(), is_pipe);
            let begins = || !slice.starts_with(is_pipe) || rows.last().is_some_and(|row| are_names(text, row));
            if let Some(row) = row.as_mut().filter(|_| empty_lines && begins()) {
                while let Some(behind) = goes_on(text, row, &mut line, &mut rest) {
                    row.pop();
                    row.extend(behind);
                }
            }
            let Some(row) = row.filter(|row| is_row(row)) else {
                break;
            };
            cells += row.len();
            rows.push(row);
        }
        table.take(&line, rest.clone());
    }
    for row in without_frame(rows) {
        table.push(row);
    }
    table.found(if ruled { MIN_RULED_ROWS } else { MIN_PIPE_ROWS })
}

/// Pipes at the ends of the lines frame the table when nearly every line has one. Those at the beginning could also stand
/// behind the empty cell of a merged label: then the next cell is often empty, too.
fn without_frame(mut rows: Vec<Vec<Range<usize>>>) -> Vec<Vec<Range<usize>>> {
    let is_empty = |cell: Option<&Range<usize>>| cell.is_some_and(Range::is_empty);
    let starts: Vec<bool> = rows.iter().map(|row| is_empty(row.first())).collect();
    let ends: Vec<bool> = rows.iter().map(|row| is_empty(row.last())).collect();
    let named = rows
        .iter()
        .zip(&starts)
        .map(|(row, starts)| *starts && !is_empty(row.get(1)));
    let left = starts.iter().all(|starts| *starts) || nearly_all(starts.iter().copied()) && nearly_all(named);
    let right = nearly_all(ends.iter().copied());
    for (row, (starts, ends)) in rows.iter_mut().zip(starts.into_iter().zip(ends)) {
        if right && ends {
            row.pop();
        }
        if left && starts && row.len() > 1 {
            row.remove(0);
        }
    }
    rows
}

/// Four of five.
fn nearly_all(rows: impl Iterator<Item = bool>) -> bool {
    let (yes, all) = rows.fold((0, 0), |(yes, all), row| (yes + usize::from(row), all + 1));
    yes * 5 >= all * 4
}

/// The cells of the next line where it goes on with a row: an empty one stands before its first pipe. The names of columns
/// have none behind them; what follows these is a row that begins with an empty cell.
fn goes_on(text: &str, row: &[Range<usize>], line: &mut Line, rest: &mut Lines<'_>) -> Option<Vec<Range<usize>>> {
    let is_open = row.last().is_some_and(Range::is_empty);
    if !is_open || row.len() >= MAX_COLUMNS || are_names(text, row) {
        return None;
    }
    let mut behind = rest.clone();
    let next = behind.next()?;
    let begins = text.get(next.inner.clone())?.starts_with(is_pipe);
    let cells = split(text, next.inner.clone(), is_pipe).filter(|_| begins)?;
    (*line, *rest) = (next, behind);
    Some(cells)
}

/// Whether the cells of a row, each with a pipe behind it, are words alone.
fn are_names(text: &str, row: &[Range<usize>]) -> bool {
    let is_name = |cell: &Range<usize>| {
        let cell = text.get(cell.clone()).unwrap_or_default();
        !cell.is_empty() && !cell.contains(|c: char| c.is_ascii_digit())
    };
    let cells = row.split_last().map_or(row, |(_, cells)| cells);
    cells.len() >= MIN_NAMES && cells.iter().all(is_name)
}

fn is_row(cells: &[Range<usize>]) -> bool {
    let ends = [cells.first(), cells.last()];
    let frame = ends.into_iter().flatten().filter(|cell| cell.is_empty()).count();
    cells.len() >= 2 + frame && cells.iter().all(|cell| cell.len() <= MAX_PIPE_CELL)
}

/// Rows of cells between tabs; a line that is only indented is a row only inside a table.
fn tabbed<'a>(text: &str, lines: &Lines<'a>, max_cells: usize) -> Option<Found<'a>> {
    let mut rows = Rows::new(lines, max_cells);
    let mut rest = lines.clone();
    while let Some(line) = rest.next() {
        let whole = text.get(line.whole.clone()).unwrap_or_default();
        let separates = whole.trim_start().contains('\t');
        let continues = rows.span.is_some() && whole.contains('\t') && line.inner.len() <= MAX_INDENTED_VALUE;
        if !(separates || continues) || rows.is_full() {
            break;
        }
        let cells = split(text, line.whole.clone(), is_tab);
        // A row of empty cells is as wide as the row above it; other lines without words end the table.
        let fits = |cells: &Vec<Range<usize>>| {
            cells.iter().all(|cell| cell.len() <= MAX_TAB_CELL)
                && (!line.inner.is_empty() || cells.len() == rows.last_width())
        };
        let Some(cells) = cells.filter(fits) else { break };
        rows.push(cells);
        rows.take(&line, rest.clone());
    }
    rows.found(MIN_TAB_ROWS)
}

/// The trimmed parts between delimiters; none when there are no delimiters or too many.
fn split(text: &str, range: Range<usize>, is_delimiter: impl Fn(char) -> bool) -> Option<Vec<Range<usize>>> {
    let slice = text.get(range.clone())?;
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, delimiter) in slice.match_indices(&is_delimiter) {
        if parts.len() >= MAX_COLUMNS {
            return None;
        }
        parts.push(trimmed(text, range.start + start..range.start + at));
        start = at + delimiter.len();
    }
    if parts.is_empty() {
        return None;
    }
    parts.push(trimmed(text, range.start + start..range.end));
    Some(parts)
}

fn is_tab(character: char) -> bool {
    character == '\t'
}

/// The pipe and its full-width and box-drawing forms.
fn is_pipe(character: char) -> bool {
    matches!(character, '|' | '\u{FF5C}' | '│' | '┃')
}

/// `|---|:-:|`, `+----+`, `├──┼──┤`.
fn is_rule(line: &str) -> bool {
    let mut strokes = 0;
    line.chars().all(|character| {
        strokes += usize::from(matches!(character, '-' | '=' | '─' | '━' | '═'));
        matches!(character, '-' | '=' | '+' | ':' | ' ' | '\t' | '\u{2500}'..='\u{257F}') || is_pipe(character)
    }) && strokes >= 2
}
