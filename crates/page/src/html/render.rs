//! Recorded lines and tables to the text and blocks of the page.

use super::record::{Event, Line};
use crate::grid::GridBuilder;
use crate::limits::Limits;
use crate::model::{Block, BlockKind, Page};
use crate::time::check_time;

/// Writes the text and blocks of the page; returns how many cells had no place in their grid.
pub(super) fn render(recorded: &str, events: &[Event], limits: &Limits, page: &mut Page) -> usize {
    page.text.reserve_exact(recorded.len() + events.len());
    let mut writer = Writer {
        recorded,
        limits,
        page,
        unplaced: 0,
    };
    let mut index = 0;
    while let Some(event) = events.get(index) {
        index += 1;
        match event {
            Event::Line(line) => writer.line(line),
            Event::Table { end, data: true } => {
                let end = *end as usize;
                writer.table(events.get(index..end).unwrap_or_default());
                index = end + 1;
            }
            // The structure of a table that only arranges the page falls away, its lines stay.
            _ => {}
        }
    }
    writer.unplaced
}

struct Writer<'a> {
    recorded: &'a str,
    limits: &'a Limits,
    page: &'a mut Page,
    unplaced: usize,
}

impl Writer<'_> {
    fn line(&mut self, line: &Line) {
        self.separate();
        let start = self.page.text.len();
        self.push(line);
        let kind = if line.heading > 0 {
            BlockKind::Heading(line.heading)
        } else {
            BlockKind::Paragraph
        };
        check_time();
        self.page.blocks.push(Block {
            span: start..self.page.text.len(),
            kind,
            link_bytes: line.link_bytes(),
        });
    }

    /// A data table: first, as paragraphs, the text that stands in no cell (captions, text between rows).
    fn table(&mut self, events: &[Event]) {
        let mut in_cell = false;
        for event in events {
            match event {
                Event::Cell { .. } => in_cell = true,
                Event::CellEnd => in_cell = false,
                Event::Line(line) if !in_cell => self.line(line),
                _ => {}
            }
        }
        self.separate();
        let start = self.page.text.len();
        let (grid, link_bytes) = self.cells(events);
        check_time();
        self.page.blocks.push(Block {
            span: start..self.page.text.len(),
            kind: BlockKind::Table(grid),
            link_bytes,
        });
    }

    /// Writes the cells: the lines of a cell joined by a space, cells separated by tabs, rows by line ends.
    fn cells(&mut self, events: &[Event]) -> (crate::model::Grid, usize) {
        let mut builder = GridBuilder::default();
        let (mut rows, mut cells_in_row, mut link_bytes) = (0, 0, 0);
        let mut open = None;
        for event in events {
            match event {
                Event::Row => {
                    if rows > 0 {
                        self.page.text.push('\n');
                    }
                    rows += 1;
                    cells_in_row = 0;
                    builder.begin_row();
                }
                Event::GroupEnd => builder.end_group(),
                Event::Cell { column_span, row_span } => {
                    if cells_in_row > 0 {
                        self.page.text.push('\t');
                    }
                    cells_in_row += 1;
                    open = Some((self.page.text.len(), *column_span, *row_span));
                }
                Event::CellEnd => {
                    if let Some((start, columns, row_span)) = open.take() {
                        let placed = builder.place(columns, row_span, start..self.page.text.len(), self.limits);
                        self.unplaced += usize::from(placed.is_err());
                    }
                }
                Event::Line(line) => {
                    if let Some((start, ..)) = open {
                        if self.page.text.len() > start {
                            self.page.text.push(' ');
                        }
                        self.push(line);
                        link_bytes += line.link_bytes();
                    }
                }
                Event::Table { .. } | Event::TableEnd => {}
            }
        }
        (builder.finish(), link_bytes)
    }

    fn push(&mut self, line: &Line) {
        self.page.text.push_str(line.text(self.recorded));
    }

    fn separate(&mut self) {
        if !self.page.text.is_empty() {
            self.page.text.push('\n');
        }
    }
}
