//! Recorded lines and tables to the text and blocks of the page.

use super::record::{Event, Line};
use crate::grid::GridBuilder;
use crate::limits::{Limits, beginning};
use crate::model::{Block, BlockKind, Page};
use crate::time::check_time;

/// What did not fit.
#[derive(Default)]
pub(super) struct Unfit {
    /// How many cells had no place in their grid.
    pub(super) cells: usize,
    /// Whether the text grew too long by what parts its lines and cells.
    pub(super) text: bool,
}

/// Writes the text and blocks of the page.
pub(super) fn render(recorded: &str, events: &[Event], limits: &Limits, page: &mut Page) -> Unfit {
    let most = recorded.len() + events.len();
    page.text.reserve_exact(most.min(limits.max_text_bytes));
    let mut writer = Writer {
        recorded,
        limits,
        page,
        unfit: Unfit::default(),
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
    writer.unfit
}

struct Writer<'a> {
    recorded: &'a str,
    limits: &'a Limits,
    page: &'a mut Page,
    unfit: Unfit,
}

impl Writer<'_> {
    fn line(&mut self, line: &Line) {
        self.separate();
        let start = self.page.text.len();
        self.write(line.text(self.recorded));
        if self.page.text.len() == start {
            return;
        }
        let kind = if line.heading > 0 {
            BlockKind::Heading(line.heading)
        } else {
            BlockKind::Paragraph
        };
        check_time();
        self.page.blocks.push(Block {
            span: start..self.page.text.len(),
            kind,
            link_bytes: line.link_bytes().min(self.page.text.len() - start),
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
        let written = self.page.text.get(start..).unwrap_or_default();
        if written.trim().is_empty() {
            return;
        }
        self.page.blocks.push(Block {
            span: start..self.page.text.len(),
            kind: BlockKind::Table(grid),
            link_bytes: link_bytes.min(written.len()),
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
                        self.write("\n");
                    }
                    rows += 1;
                    cells_in_row = 0;
                    builder.begin_row();
                }
                Event::GroupEnd => builder.end_group(),
                Event::Cell { column_span, row_span } => {
                    if cells_in_row > 0 {
                        self.write("\t");
                    }
                    cells_in_row += 1;
                    open = Some((self.page.text.len(), *column_span, *row_span));
                }
                Event::CellEnd => {
                    if let Some((start, columns, row_span)) = open.take() {
                        let placed = builder.place(columns, row_span, start..self.page.text.len(), self.limits);
                        self.unfit.cells += usize::from(placed.is_err());
                    }
                }
                Event::Line(line) => {
                    if let Some((start, ..)) = open {
                        if self.page.text.len() > start {
                            self.write(" ");
                        }
                        self.write(line.text(self.recorded));
                        link_bytes += line.link_bytes();
                    }
                }
                Event::Table { .. } | Event::TableEnd => {}
            }
        }
        (builder.finish(), link_bytes)
    }

    fn separate(&mut self) {
        if !self.page.text.is_empty() {
            self.write("\n");
        }
    }

    /// Writes as much of a text as fits; behind what does not, nothing.
    fn write(&mut self, text: &str) {
        let used = self.page.text.len();
        let room = if self.unfit.text {
            0
        } else {
            self.limits.max_text_bytes.saturating_sub(used)
        };
        if text.len() <= room {
            self.page.text.push_str(text);
        } else {
            self.unfit.text = true;
            self.page.text.push_str(beginning(text, room).trim_end());
        }
    }
}
