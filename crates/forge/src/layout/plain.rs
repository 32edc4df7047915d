//! Plain text: cells on lines of their own, between pipes, tabs or spaces, or Markdown.

use std::fmt::Write;

use super::{Look, Slot, grid};
use crate::dice::Dice;
use crate::doc::{Block, Cell, Role, Table, text_of};
use crate::vocabulary::Layout;

/// The page as plain text.
pub fn plain(blocks: &[Block], look: &Look, dice: &mut Dice) -> String {
    if look.main == Layout::Printed {
        return super::printed::printed(blocks, look, dice);
    }
    let mut out = String::with_capacity(16 * 1024);
    let indent = dice.pick(&["", "　　", "  "]);
    let gap = if dice.chance(50) { "\n" } else { "" };
    for block in blocks {
        match block {
            Block::Title(line) if look.main == Layout::Markdown => _ = writeln!(out, "# {}\n", text_of(line)),
            Block::Heading(depth, line) if look.main == Layout::Markdown => {
                _ = writeln!(out, "\n{} {}\n", "#".repeat(usize::from(*depth) + 1), text_of(line));
            }
            Block::Title(line) | Block::Heading(_, line) | Block::Sign(line) => {
                _ = writeln!(out, "{}\n{gap}", text_of(line))
            }
            Block::Para(line) if line.is_empty() => {}
            Block::Para(line) => _ = writeln!(out, "{indent}{}\n{gap}", text_of(line)),
            Block::Table(table) => write_table(&mut out, table, look, dice),
            Block::Meta(pairs) => {
                for (name, value) in pairs {
                    _ = writeln!(out, "{name}：{value}");
                }
                out.push('\n');
            }
        }
    }
    out
}

fn write_table(out: &mut String, table: &Table, look: &Look, dice: &mut Dice) {
    let full = look.main == Layout::Markdown || dice.chance(40);
    let grid = grid(table);
    for (at, row) in table.rows.iter().enumerate() {
        let cells = if full {
            full_row(row, &grid[at], look)
        } else {
            short_row(row, &grid[at], look, dice)
        };
        let cells: Vec<&String> = cells
            .iter()
            .filter(|cell| !look.cells_dropped || !cell.is_empty())
            .collect();
        match look.main {
            Layout::CellPerLine => {
                for cell in cells {
                    // An empty cell keeps its line; a merged cell has none.
                    _ = writeln!(out, "{cell}");
                }
            }
            Layout::PipeLines => {
                for cell in cells {
                    _ = writeln!(out, "{cell}\n|");
                }
            }
            Layout::Tabs => _ = writeln!(out, "{}", join(&cells, "\t")),
            Layout::Spaces => _ = writeln!(out, "{}", join(&cells, "  ")),
            Layout::Markdown => {
                _ = writeln!(out, "| {} |", join(&cells, " | "));
                if at == 0 {
                    _ = writeln!(out, "|{}", " --- |".repeat(table.columns));
                }
            }
            _ => _ = writeln!(out, "{} |", join(&cells, " | ")),
        }
    }
    out.push('\n');
}

fn join(cells: &[&String], mark: &str) -> String {
    cells.iter().map(|cell| cell.as_str()).collect::<Vec<_>>().join(mark)
}

/// Every column of the grid; covered ones empty, or a dash.
fn full_row(row: &[Cell], slots: &[Slot], look: &Look) -> Vec<String> {
    let filler = if look.filler_dashes { "-" } else { "" };
    slots
        .iter()
        .map(|slot| match slot {
            Slot::Cell(at) => cell_text(&row[*at]),
            Slot::Covered => filler.to_string(),
        })
        .collect()
}

/// Cells only where they begin; dashes for some of the covered ones, behind the row.
fn short_row(row: &[Cell], slots: &[Slot], look: &Look, dice: &mut Dice) -> Vec<String> {
    let mut cells: Vec<String> = row.iter().map(cell_text).collect();
    let blank_values = row
        .iter()
        .any(|cell| cell.role == Role::Value && cell_text(cell).is_empty());
    if look.filler_dashes && !blank_values {
        let covered = slots.iter().filter(|slot| **slot == Slot::Covered).count() as i64;
        let dashes = dice.between(0, covered);
        cells.extend((0..dashes).map(|_| "-".to_string()));
    }
    cells
}

pub(super) fn cell_text(cell: &Cell) -> String {
    text_of(&cell.line)
}
