//! Tables while they are open: implied ends of cells, rows and tables, and whether a table holds data or arranges
//! the page.

use super::element::{Element, is_hidden, printed_span};
use super::flow::Flow;
use super::hidden::Hidden;
use super::record::{Context, Event};
use super::scan::Tag;

/// Tables nested deeper than this are read as paragraphs.
const MAX_TABLE_DEPTH: usize = 64;
/// A cell with more characters than this holds part of the page, not a datum.
const LONG_CELL: usize = 1000;
/// So does a cell of several lines with more characters than this.
const LONG_LINES: usize = 500;

/// A table whose end has not been met.
pub(super) struct OpenTable {
    /// Index of its [`Event::Table`].
    event: usize,
    /// How many lines the page had before it.
    lines_before: usize,
    /// Depth of the element stack outside it, and the context to return to.
    depth: usize,
    outside: Context,
    cell: Option<OpenCell>,
    in_row: bool,
    cells: usize,
    cells_in_row: usize,
    widest_row: usize,
    cells_with_text: usize,
    /// Something was met that no data table has.
    arranges: bool,
}

/// A cell or caption whose end has not been met.
struct OpenCell {
    /// Index of the first event inside it.
    event: usize,
    depth: usize,
    /// Whether it has an [`Event::Cell`]: captions and cells beyond the cap have none, their text becomes paragraphs.
    recorded: bool,
}

impl Flow<'_> {
    /// Depth of the element stack below which end tags do not reach: the open cell's or table's.
    pub(super) fn base(&self) -> usize {
        self.tables
            .last()
            .map_or(0, |table| table.cell.as_ref().map_or(table.depth, |cell| cell.depth))
    }

    /// Whether tags of rows and cells belong to an open table.
    pub(super) fn in_table(&self) -> bool {
        !self.tables.is_empty() && self.passed_tables == 0
    }

    pub(super) fn start_table(&mut self, tag: &Tag) {
        self.end_line();
        // A table cannot stand between cells: the one before it lacks its end tag.
        if self.in_table() && self.tables.last().is_some_and(|table| table.cell.is_none()) {
            self.close_table();
        }
        if is_hidden(tag) {
            self.hidden = Some(Hidden::new(tag, Element::Table, self.stack.len()));
            return;
        }
        if self.tables.len() >= MAX_TABLE_DEPTH {
            self.passed_tables += 1;
            self.caps.depth += 1;
            return;
        }
        self.tables.push(OpenTable {
            event: self.record.events.len(),
            lines_before: self.record.lines,
            depth: self.stack.len(),
            outside: self.context,
            cell: None,
            in_row: false,
            cells: 0,
            cells_in_row: 0,
            widest_row: 0,
            cells_with_text: 0,
            arranges: false,
        });
        self.record.events.push(Event::Table { end: 0, data: false });
        self.context = Context::default();
    }

    pub(super) fn end_table(&mut self) {
        self.end_line();
        if self.passed_tables > 0 {
            self.passed_tables -= 1;
        } else {
            self.close_table();
        }
    }

    /// Closes the innermost table, if one is open.
    pub(super) fn close_table(&mut self) {
        self.close_row();
        let Some(table) = self.tables.pop() else { return };
        self.stack.truncate(table.depth);
        self.context = table.outside;
        if self.record.lines == table.lines_before {
            self.record.events.truncate(table.event);
            self.cells -= table.cells;
            return;
        }
        // A grid needs two columns and two cells; anything less is a frame around paragraphs.
        let data = !table.arranges && table.widest_row >= 2 && table.cells_with_text >= 2;
        let end = u32::try_from(self.record.events.len()).unwrap_or(u32::MAX);
        self.record.events.push(Event::TableEnd);
        if let Some(event) = self.record.events.get_mut(table.event) {
            *event = Event::Table { end, data };
        }
        if let Some(outer) = self.tables.last_mut() {
            outer.arranges = true;
        }
    }

    pub(super) fn start_group(&mut self, tag: &Tag) {
        self.end_line();
        if self.in_table() {
            self.end_group();
            if is_hidden(tag) {
                self.hidden = Some(Hidden::new(tag, Element::Group, self.stack.len()));
            }
        }
    }

    pub(super) fn end_group(&mut self) {
        self.end_line();
        if self.in_table() {
            self.close_row();
            self.record.events.push(Event::GroupEnd);
        }
    }

    pub(super) fn start_caption(&mut self, tag: &Tag) {
        self.end_line();
        if !self.in_table() {
            return;
        }
        self.close_row();
        if is_hidden(tag) {
            self.hidden = Some(Hidden::new(tag, Element::Caption, self.stack.len()));
        } else {
            self.open_cell(false);
        }
    }

    pub(super) fn start_row(&mut self, tag: &Tag) {
        self.end_line();
        if !self.in_table() {
            return;
        }
        self.close_row();
        if is_hidden(tag) {
            self.hidden = Some(Hidden::new(tag, Element::Row, self.stack.len()));
        } else {
            self.open_row();
        }
    }

    pub(super) fn end_row(&mut self) {
        self.end_line();
        if self.in_table() {
            self.close_row();
        }
    }

    pub(super) fn start_cell(&mut self, tag: &Tag) {
        self.end_line();
        if !self.in_table() {
            return;
        }
        self.close_cell();
        if self.tables.last().is_some_and(|table| !table.in_row) {
            self.open_row();
        }
        if is_hidden(tag) {
            self.hidden = Some(Hidden::new(tag, Element::Cell, self.stack.len()));
            return;
        }
        let Some(table) = self.tables.last_mut() else { return };
        if table.cells >= self.limits.max_cells_per_table || self.cells >= self.limits.max_cells {
            self.caps.cells += 1;
            self.open_cell(false);
            return;
        }
        self.cells += 1;
        table.cells += 1;
        table.cells_in_row += 1;
        table.widest_row = table.widest_row.max(table.cells_in_row);
        let column_span = self.span(
            printed_span(tag, "colspan").map(|n| n.max(1)),
            self.limits.max_column_span,
        );
        // A row span of 0 reaches to the end of the row group.
        let row_span = match printed_span(tag, "rowspan") {
            Some(0) => u32::MAX,
            printed => self.span(printed, self.limits.max_row_span),
        };
        self.record.events.push(Event::Cell { column_span, row_span });
        self.open_cell(true);
    }

    pub(super) fn end_cell(&mut self) {
        self.end_line();
        if self.in_table() {
            self.close_cell();
        }
    }

    fn open_row(&mut self) {
        self.record.events.push(Event::Row);
        if let Some(table) = self.tables.last_mut() {
            table.in_row = true;
            table.cells_in_row = 0;
        }
    }

    fn open_cell(&mut self, recorded: bool) {
        let (event, depth) = (self.record.events.len(), self.stack.len());
        if let Some(table) = self.tables.last_mut() {
            table.cell = Some(OpenCell { event, depth, recorded });
        }
        self.context = Context::default();
    }

    fn close_row(&mut self) {
        self.close_cell();
        if let Some(table) = self.tables.last_mut() {
            table.in_row = false;
        }
    }

    fn close_cell(&mut self) {
        self.end_line();
        let Some(table) = self.tables.last_mut() else { return };
        let Some(cell) = table.cell.take() else { return };
        self.stack.truncate(cell.depth);
        self.context = Context::default();
        if !cell.recorded {
            return;
        }
        let inside = self.record.events.get(cell.event..).unwrap_or_default();
        table.cells_with_text += usize::from(!inside.is_empty());
        table.arranges = table.arranges || arranges_page(inside, &self.record.text);
        self.record.events.push(Event::CellEnd);
    }

    fn span(&mut self, printed: Option<u32>, max: u32) -> u32 {
        let printed = printed.unwrap_or(1);
        if printed > max {
            self.caps.spans += 1;
        }
        printed.clamp(1, max.max(1))
    }
}

/// Whether a cell holds part of the page rather than a datum: long text, or a heading with text below it.
fn arranges_page(inside: &[Event], text: &str) -> bool {
    let (mut lines, mut characters, mut headings) = (0, 0, 0);
    for event in inside {
        if let Event::Line(line) = event {
            lines += 1;
            headings += usize::from(line.heading > 0);
            characters += line.text(text).chars().count();
        }
    }
    characters > LONG_CELL || (lines >= 3 && characters > LONG_LINES) || (headings > 0 && lines > headings)
}
