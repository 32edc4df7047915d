//! Section four of the statutory form: fifteen numbers in one line below three rows of headers.
//!
//! Reports print it as one table, as two (reviews, lawsuits) or as three, and text extraction leaves the fifteen labels
//! in a row before the fifteen numbers. Results repeat, so only their order tells whose they are.

use gongkai_lexicon::{Lexicon, RowId, TemplateKind, TemplateRow};

use crate::align::is_result_label;
use crate::cells::{Cell, Layout, filled};
use crate::model::Problem;
use crate::table::{Context, TableReading};
use crate::value::{self, Place};

/// Results in one group: upheld, corrected, other, pending, total.
pub(super) const GROUP: usize = 5;

/// Reads every line of results of a table.
pub fn read(context: &Context<'_>, reading: &mut TableReading, blocks: &mut Vec<u32>) {
    let found = match context.aligned.strip.layout {
        Layout::Grid => grid_lines(context),
        Layout::StreamWithBlanks | Layout::Stream => stream_lines(context),
    };
    for line in found {
        blocks.extend(line.labels.iter().chain(&line.values).map(|cell| cell.block));
        emit(context, &line, reading);
    }
}

/// The result labels of a header, the groups named above them, and the cells below.
#[derive(Default)]
struct Line<'a> {
    groups: Vec<RowId>,
    labels: Vec<&'a Cell<'a>>,
    values: Vec<&'a Cell<'a>>,
}

impl Line<'_> {
    /// Puts labels of several header rows in the order of their columns; where the columns are lost, and labels seem to
    /// stand above each other, reading order is that order.
    fn sort_by_column(&mut self) {
        let mut columns: Vec<u32> = self.labels.iter().map(|label| label.columns.start).collect();
        columns.sort_unstable();
        let apart = columns.windows(2).all(|pair| pair.first() != pair.last());
        if apart {
            self.labels.sort_by_key(|label| label.columns.start);
        }
    }
}

fn group_of(context: &Context<'_>, cell: &Cell<'_>) -> Option<RowId> {
    let rows = context.lexicon.templates.rows_of_label(&cell.key);
    rows.iter()
        .copied()
        .find(|row| context.is_line(context.lexicon.templates.row(*row)))
}

/// In a grid: the result labels of all header rows, and the first row below them that holds values.
///
/// The official header prints the results of reviews one row above those of lawsuits.
fn grid_lines<'a>(context: &Context<'a>) -> Vec<Line<'a>> {
    let cells = context.cells();
    let mut lines = Vec::new();
    let mut open = Line::default();
    for row in cells.chunk_by(|left, right| left.row == right.row) {
        open.groups
            .extend(row.iter().filter_map(|cell| group_of(context, cell)));
        let results = row.iter().filter(|cell| is_result_label(&cell.key, context.lexicon));
        let before = open.labels.len();
        open.labels.extend(results);
        if open.labels.len() > before {
            continue;
        }
        let values: Vec<&Cell<'_>> = row.iter().filter(|cell| cell.is_value()).collect();
        let has_number = values.iter().any(|cell| !cell.is_blank());
        let is_line = row.iter().all(|cell| !cell.is_words()) && (has_number || values.len() >= open.labels.len());
        if open.labels.len() >= GROUP && is_line {
            let mut line = std::mem::take(&mut open);
            line.sort_by_column();
            lines.push(Line { values, ..line });
        }
    }
    lines
}

/// In a stream: result labels until the first value, then values until the next words.
fn stream_lines<'a>(context: &Context<'a>) -> Vec<Line<'a>> {
    let mut lines: Vec<Line<'a>> = Vec::new();
    let mut open = Line::default();
    let blanks_kept = context.aligned.strip.layout == Layout::StreamWithBlanks;
    for cell in context.cells() {
        let is_result = is_result_label(&cell.key, context.lexicon);
        let is_value = cell.is_value();
        if is_value {
            let counts = !cell.is_blank() || blanks_kept || open.labels.len() >= GROUP;
            if open.labels.len() >= GROUP && counts {
                open.values.push(cell);
            }
            continue;
        }
        let values_end = open.values.iter().any(|value| !value.is_blank());
        if values_end || !open.values.is_empty() && !is_result && group_of(context, cell).is_none() {
            lines.push(std::mem::take(&mut open));
        } else if is_result {
            // Fillers of merged header cells stand among the labels.
            open.values.clear();
        }
        if is_result {
            open.labels.push(cell);
        } else if let Some(group) = group_of(context, cell) {
            open.groups.push(group);
        } else if !open.labels.is_empty() && !cell.is_unit {
            open = Line::default();
        }
    }
    lines.push(open);
    lines.retain(|line| line.labels.len() >= GROUP && !line.values.is_empty());
    lines
}

fn emit(context: &Context<'_>, line: &Line<'_>, reading: &mut TableReading) {
    let rows = groups_of_form(context.lexicon);
    let filled = filled(&line.values);
    let width = line.labels.len();
    let values = if line.values.len() == width {
        line.values.clone()
    } else if filled.len() == width {
        filled
    } else {
        reading.problems.push(Problem {
            stage: "table",
            code: "line_short",
            span: line.values.first().map(|cell| cell.span),
            message: format!("section four: {} values for {width} columns; left out", filled.len()),
        });
        return;
    };
    let Some(groups) = groups_of(line, &rows) else { return };
    for (index, (label, cell)) in line.labels.iter().zip(values).enumerate() {
        let Some((_, row)) = groups.get(index / GROUP) else {
            return;
        };
        let set = context.lexicon.templates.set_of_row(row);
        let Some(position) = set.and_then(|set| set.position(&label.key)) else {
            continue;
        };
        let by_header = context.aligned.strip.layout == Layout::Grid;
        let place = place(context.lexicon, row, position, label, cell, by_header);
        read_value(&place, context.text, context.lexicon, reading);
    }
    if let Some((_, row)) = groups.first() {
        reading.templates.push(row.template);
    }
}

pub(super) fn place<'a>(
    lexicon: &'a Lexicon,
    row: &'a TemplateRow,
    position: usize,
    label: &'a Cell<'a>,
    cell: &'a Cell<'a>,
    by_header: bool,
) -> Place<'a> {
    Place {
        row,
        column: lexicon.templates.columns(row).get(position),
        position,
        label,
        cell: Some(cell),
        unit_cell: None,
        header: None,
        by_header,
        fuzzy: false,
    }
}

pub(super) fn read_value(place: &Place<'_>, text: &str, lexicon: &Lexicon, reading: &mut TableReading) {
    match value::mention(place, text, lexicon) {
        Ok(Some(mention)) => reading.mentions.push(mention),
        Ok(None) => {}
        Err(problem) => reading.problems.push(problem),
    }
}

/// The groups of section four in the form's order: reviews, direct lawsuits, lawsuits after review.
pub(super) fn groups_of_form(lexicon: &Lexicon) -> Vec<(RowId, &TemplateRow)> {
    let is_group = |row: &TemplateRow| !row.header && lexicon.templates.get(row.template).kind == TemplateKind::Line;
    lexicon.templates.rows().filter(|(_, row)| is_group(row)).collect()
}

/// The groups of a line, left to right: those the headers name when they are as many, else the form's own order.
fn groups_of<'r>(line: &Line<'_>, rows: &[(RowId, &'r TemplateRow)]) -> Option<Vec<(RowId, &'r TemplateRow)>> {
    let wanted = line.labels.len() / GROUP;
    if !line.labels.len().is_multiple_of(GROUP) {
        return None;
    }
    let mut named: Vec<RowId> = Vec::new();
    for group in &line.groups {
        if !named.contains(group) {
            named.push(*group);
        }
    }
    if named.len() == wanted {
        return named
            .iter()
            .map(|id| rows.iter().find(|(row, _)| row == id).copied())
            .collect();
    }
    (wanted == rows.len()).then(|| rows.to_vec())
}
