//! Which column headers stand above a cell of a grid, found once for each column.

use gongkai_lexicon::{ColumnSet, Lexicon};

use crate::align::{Aligned, year_less};
use crate::cells::{Cell, Layout};

/// The header cells of a grid by the columns they stand in, the lowest first; none in a stream.
pub struct Headers<'a> {
    by_column: Vec<Vec<Header<'a>>>,
}

#[derive(Clone, Copy)]
struct Header<'a> {
    cell: &'a Cell<'a>,
    /// Whether its column holds no values: unit, row code.
    is_frame: bool,
}

impl<'a> Headers<'a> {
    /// Sorts the headers of a table.
    pub fn new(aligned: &'a Aligned<'a>, lexicon: &Lexicon) -> Self {
        let mut by_column: Vec<Vec<Header<'a>>> = Vec::new();
        let frame = lexicon.templates.column_set("frame");
        let in_grid = aligned.strip.layout == Layout::Grid;
        let cells = aligned
            .headers
            .iter()
            .rev()
            .filter_map(|index| aligned.strip.cells.get(*index));
        for cell in cells.filter(|_| in_grid) {
            let is_frame = frame.is_some_and(|frame| frame.position(&cell.key).is_some());
            let columns = cell.columns.start as usize..cell.columns.end as usize;
            by_column.resize_with(by_column.len().max(columns.end), Vec::new);
            for above in by_column.get_mut(columns).unwrap_or_default() {
                above.push(Header { cell, is_frame });
            }
        }
        Self { by_column }
    }

    fn above_cell(&self, cell: &Cell<'_>) -> impl Iterator<Item = Header<'a>> {
        let row = cell.row;
        let column = self.by_column.get(cell.columns.start as usize);
        let column = column.map_or(&[][..], Vec::as_slice);
        let first = column.partition_point(|header| header.cell.row >= row);
        column.get(first..).unwrap_or_default().iter().copied()
    }

    /// The nearest header above a cell.
    pub fn above(&self, cell: &Cell<'_>) -> Option<&'a Cell<'a>> {
        self.above_cell(cell).next().map(|header| header.cell)
    }

    /// Whether the nearest header says that a cell's column holds no values.
    pub fn is_frame(&self, cell: &Cell<'_>) -> bool {
        self.above_cell(cell).next().is_some_and(|header| header.is_frame)
    }

    /// The column of a set that the nearest header above a cell names.
    pub fn column_of(&self, cell: &Cell<'_>, set: &ColumnSet) -> Option<usize> {
        self.above_cell(cell).find_map(|header| {
            let key = header.cell.key.as_ref();
            let bare = year_less(key);
            let named = set.position(key);
            // `2018年度` may be the label of a later column than `年度`.
            let yearless = (bare.len() < key.len()).then(|| set.position(bare)).flatten();
            named.into_iter().chain(yearless).min()
        })
    }
}
