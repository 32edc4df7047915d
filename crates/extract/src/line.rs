//! Section four of the statutory form: fifteen numbers in one line below three rows of headers.
//!
//! Reports print it as one table, as two (reviews, lawsuits) or as three, and text extraction leaves the fifteen labels
//! in a row before the fifteen numbers. Results repeat, so only their order tells whose they are.

use gongkai_lexicon::{RowId, TemplateRow};

use crate::align::is_result_label;
use crate::cells::{Cell, Layout};
use crate::model::Problem;
use crate::number::CellValue;
use crate::table::{Context, TableReading};
use crate::value::{self, Place};

/// Results in one group: upheld, corrected, other, pending, total.
const GROUP: usize = 5;

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
struct Line<'a> {
    groups: Vec<RowId>,
    labels: Vec<&'a Cell>,
    values: Vec<&'a Cell>,
}

fn group_of(context: &Context<'_>, cell: &Cell) -> Option<RowId> {
    let rows = context.lexicon.templates.rows_of_label(&cell.key);
    rows.iter()
        .copied()
        .find(|row| context.is_line(context.lexicon.templates.row(*row)))
}

/// In a grid: a row with at least one group of result labels, and the first row below it that holds values.
fn grid_lines<'a>(context: &Context<'a>) -> Vec<Line<'a>> {
    let cells = context.cells();
    let rows = cells.iter().map(|cell| cell.row).max().map_or(0, |last| last + 1);
    let of_row = |row: u32| cells.iter().filter(move |cell| cell.row == row);
    let mut lines = Vec::new();
    let mut groups: Vec<RowId> = Vec::new();
    let mut labels: Vec<&Cell> = Vec::new();
    for row in 0..rows {
        groups.extend(of_row(row).filter_map(|cell| group_of(context, cell)));
        let results: Vec<&Cell> = of_row(row)
            .filter(|cell| is_result_label(&cell.key, context.lexicon))
            .collect();
        if results.len() >= GROUP {
            labels = results;
            continue;
        }
        let is_value = |cell: &&Cell| !cell.is_words() && !cell.is_unit;
        let under = |cell: &&Cell| {
            is_value(cell)
                && labels
                    .first()
                    .is_some_and(|first| cell.columns.start >= first.columns.start)
        };
        let values: Vec<&Cell> = of_row(row).filter(under).collect();
        let has_number = values.iter().any(|cell| cell.value != CellValue::Blank);
        let no_labels = of_row(row).all(|cell| !cell.is_words() || group_of(context, cell).is_none());
        if !labels.is_empty() && no_labels && (has_number || values.len() >= labels.len()) {
            lines.push(Line {
                groups: std::mem::take(&mut groups),
                labels: std::mem::take(&mut labels),
                values,
            });
        }
    }
    lines
}

/// In a stream: result labels until the first value, then values until the next words.
fn stream_lines<'a>(context: &Context<'a>) -> Vec<Line<'a>> {
    let mut lines: Vec<Line<'a>> = Vec::new();
    let mut open = Line {
        groups: Vec::new(),
        labels: Vec::new(),
        values: Vec::new(),
    };
    let blanks_kept = context.aligned.strip.layout == Layout::StreamWithBlanks;
    for cell in context.cells() {
        let is_result = is_result_label(&cell.key, context.lexicon);
        let is_value = !cell.is_words() && !cell.is_unit;
        if is_value {
            let counts = cell.value != CellValue::Blank || blanks_kept || open.labels.len() >= GROUP;
            if open.labels.len() >= GROUP && counts {
                open.values.push(cell);
            }
            continue;
        }
        let values_end = open.values.iter().any(|value| value.value != CellValue::Blank);
        if values_end || !open.values.is_empty() && !is_result && group_of(context, cell).is_none() {
            lines.push(std::mem::replace(
                &mut open,
                Line {
                    groups: Vec::new(),
                    labels: Vec::new(),
                    values: Vec::new(),
                },
            ));
        } else if is_result {
            // Fillers of merged header cells stand among the labels.
            open.values.clear();
        }
        if is_result {
            open.labels.push(cell);
        } else if let Some(group) = group_of(context, cell) {
            open.groups.push(group);
        } else if !open.labels.is_empty() && !cell.is_unit {
            open = Line {
                groups: Vec::new(),
                labels: Vec::new(),
                values: Vec::new(),
            };
        }
    }
    lines.push(open);
    lines.retain(|line| line.labels.len() >= GROUP && !line.values.is_empty());
    lines
}

fn emit(context: &Context<'_>, line: &Line<'_>, reading: &mut TableReading) {
    let rows: Vec<(RowId, &TemplateRow)> = context
        .lexicon
        .templates
        .rows()
        .filter(|(_, row)| context.is_line(row))
        .collect();
    let filled: Vec<&Cell> = line
        .values
        .iter()
        .copied()
        .filter(|cell| cell.value != CellValue::Blank)
        .collect();
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
        let columns = context.lexicon.templates.columns(row);
        let position = columns.iter().position(|column| column.labels.contains(&label.key));
        let Some(position) = position else { continue };
        let place = Place {
            row,
            column: columns.get(position),
            position,
            label,
            cell: Some(cell),
            unit_cell: None,
            header: None,
            by_header: context.aligned.strip.layout == Layout::Grid,
            fuzzy: false,
        };
        match value::mention(&place, context.text, context.lexicon) {
            Ok(Some(mention)) => reading.mentions.push(mention),
            Ok(None) => {}
            Err(problem) => reading.problems.push(problem),
        }
    }
    if let Some((_, row)) = groups.first() {
        reading.templates.push(row.template);
    }
}

/// The groups of a line, left to right: those the headers name when they are as many, else the form's own order.
fn groups_of<'r>(line: &Line<'_>, rows: &[(RowId, &'r TemplateRow)]) -> Option<Vec<(RowId, &'r TemplateRow)>> {
    let wanted = line.labels.len() / GROUP;
    if line.labels.len() % GROUP != 0 {
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
