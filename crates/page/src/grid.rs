//! Cells with row and column spans to rectangles of a grid that do not overlap.

use std::ops::Range;

use crate::limits::Limits;
use crate::model::{Grid, GridCell};

/// Wider tables than this do not occur in reports; the cap bounds the search for a free column.
const MAX_COLUMNS: u32 = 1024;

/// Places the cells of a table in reading order.
#[derive(Default)]
pub(crate) struct GridBuilder {
    grid: Grid,
    /// For each column the first row that is free below the cells placed so far.
    free_from: Vec<u32>,
    column: usize,
    group_start: usize,
}

/// A cell could not be placed since the table is too wide or has too many cells.
pub(crate) struct TableFull;

impl GridBuilder {
    pub(crate) fn begin_row(&mut self) {
        self.grid.rows = self.grid.rows.saturating_add(1);
        self.column = 0;
    }

    /// Places the next cell of the current row; spans are at least 1 and a row span of `u32::MAX` means "to the end".
    pub(crate) fn place(
        &mut self,
        column_span: u32,
        row_span: u32,
        span: Range<usize>,
        limits: &Limits,
    ) -> Result<(), TableFull> {
        let row = self.grid.rows.saturating_sub(1);
        while self.free_from.get(self.column).is_some_and(|free| *free > row) {
            self.column += 1;
        }
        let column = u32::try_from(self.column).unwrap_or(u32::MAX);
        if column >= MAX_COLUMNS || self.grid.cells.len() >= limits.max_cells_per_table {
            return Err(TableFull);
        }
        let wanted = column_span.clamp(1, MAX_COLUMNS - column);
        let free_below = row.saturating_add(row_span.max(1));
        let mut covered = 0;
        while covered < wanted {
            // A wide cell that meets a cell from above ends there: browsers let them overlap, a grid must not.
            match self.free_from.get_mut(self.column) {
                Some(free) if *free > row => break,
                Some(free) => *free = free_below,
                None => self.free_from.push(free_below),
            }
            self.column += 1;
            covered += 1;
        }
        self.grid.columns = self.grid.columns.max(column + covered);
        let column_span = covered;
        self.grid.cells.push(GridCell {
            row,
            column,
            row_span,
            column_span,
            span,
        });
        Ok(())
    }

    /// Ends `<thead>`, `<tbody>` or `<tfoot>`: no row span reaches beyond it.
    pub(crate) fn end_group(&mut self) {
        let rows = self.grid.rows;
        for cell in self.grid.cells.iter_mut().skip(self.group_start) {
            cell.row_span = cell.row_span.min(rows.saturating_sub(cell.row)).max(1);
        }
        for free in &mut self.free_from {
            *free = (*free).min(rows);
        }
        self.group_start = self.grid.cells.len();
    }

    pub(crate) fn finish(mut self) -> Grid {
        self.end_group();
        self.grid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows separated by `/`, cells by a space, each `columns x rows`; `|` ends a row group.
    fn check(spans: &str, expected: &str) {
        let mut builder = GridBuilder::default();
        for (index, group) in spans.split('|').enumerate() {
            if index > 0 {
                builder.end_group();
            }
            for row in group.split('/') {
                builder.begin_row();
                for cell in row.split_whitespace() {
                    let (columns, rows) = cell.split_once('x').unwrap_or_default();
                    let (columns, rows) = (columns.parse().unwrap_or(0), rows.parse().unwrap_or(u32::MAX));
                    assert!(builder.place(columns, rows, 0..0, &Limits::default()).is_ok());
                }
            }
        }
        let grid = builder.finish();
        let cells: Vec<String> = grid
            .cells
            .iter()
            .map(|cell| format!("{},{}:{}x{}", cell.row, cell.column, cell.column_span, cell.row_span))
            .collect();
        assert_eq!(
            format!("{}x{} {}", grid.rows, grid.columns, cells.join(" ")),
            expected,
            "{spans}"
        );
    }

    #[test]
    fn spans_are_resolved() {
        check("1x1 1x1/1x1 1x1", "2x2 0,0:1x1 0,1:1x1 1,0:1x1 1,1:1x1");
        check("2x1/1x1 1x1", "2x2 0,0:2x1 1,0:1x1 1,1:1x1");
        check("1x2 1x1/1x1", "2x2 0,0:1x2 0,1:1x1 1,1:1x1");
        check("1x1 1x2/2x1", "2x2 0,0:1x1 0,1:1x2 1,0:1x1");
        check("1x9 1x1/1x1", "2x2 0,0:1x2 0,1:1x1 1,1:1x1");
        check("1xend 1x1/1x1/1x1", "3x2 0,0:1x3 0,1:1x1 1,1:1x1 2,1:1x1");
        check("1x5 1x1|1x1 1x1", "2x2 0,0:1x1 0,1:1x1 1,0:1x1 1,1:1x1");
        check("1x2 1x2 1x2//1x1", "3x3 0,0:1x2 0,1:1x2 0,2:1x2 2,0:1x1");
    }

    #[test]
    fn the_width_is_bounded() {
        let mut builder = GridBuilder::default();
        builder.begin_row();
        assert!(builder.place(u32::MAX, 1, 0..0, &Limits::default()).is_ok());
        assert!(builder.place(1, 1, 0..0, &Limits::default()).is_err());
        assert_eq!(builder.finish().columns, MAX_COLUMNS);
    }
}
