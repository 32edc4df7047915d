//! Blocks to text: HTML of several hands, or plain text as extraction tools leave it.

mod html;
mod plain;
mod printed;

pub use html::html;
pub use plain::plain;

use crate::doc::Table;
use crate::vocabulary::Layout;

/// How a page is laid out.
#[derive(Debug, Clone)]
pub struct Look {
    /// The one layout of its cells.
    pub main: Layout,
    /// What else is done to it.
    pub more: Vec<Layout>,
    /// Cells that merged cells cover are printed as dashes.
    pub filler_dashes: bool,
    /// Empty cells of plain text are left out.
    pub cells_dropped: bool,
    /// The page breaks off: nothing is closed behind the last block.
    pub truncated: bool,
}

impl Look {
    /// Is it HTML?
    pub fn is_html(&self) -> bool {
        matches!(self.main, Layout::HtmlSpans | Layout::HtmlFlat)
    }

    /// Does it also have this layout?
    pub fn has(&self, layout: Layout) -> bool {
        self.more.contains(&layout)
    }

    /// The labels.
    pub fn names(&self) -> Vec<&'static str> {
        std::iter::once(self.main)
            .chain(self.more.iter().copied())
            .map(Layout::name)
            .collect()
    }
}

/// What a place of the grid shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    /// The cell of this number in its row begins here.
    Cell(usize),
    /// Covered by a cell that begins elsewhere.
    Covered,
}

/// The full grid of a table: one slot for every column of every row.
fn grid(table: &Table) -> Vec<Vec<Slot>> {
    let mut down = vec![0_usize; table.columns];
    let mut grid = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let mut line = Vec::with_capacity(table.columns);
        let mut cells = row.iter().enumerate();
        let mut next = cells.next();
        while line.len() < table.columns {
            let column = line.len();
            if down[column] > 0 {
                down[column] -= 1;
                line.push(Slot::Covered);
                continue;
            }
            let Some((at, cell)) = next else {
                line.push(Slot::Covered);
                continue;
            };
            line.push(Slot::Cell(at));
            let end = (column + cell.colspan).min(table.columns);
            down[column..end].fill(cell.rowspan - 1);
            line.extend((column + 1..end).map(|_| Slot::Covered));
            next = cells.next();
        }
        grid.push(line);
    }
    grid
}
