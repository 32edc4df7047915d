//! Damages to tables and to the page as a whole.

use super::{Place, tables_mut};
use crate::doc::{Block, Cell, Kind, Line, Role, Table, Value};
use crate::layout::Look;
use crate::printer::Page;
use crate::vocabulary::Layout;

/// Heads are cut or gone: the order of the form still tells the columns.
pub fn lose_headers(page: &mut Page, place: &mut Place<'_>) -> bool {
    let all = place.dice.chance(50);
    let mut done = false;
    for table in tables_mut(page) {
        if all && table.heads > 0 {
            table.rows.drain(..table.heads);
            table.heads = 0;
            done = true;
            continue;
        }
        for piece in table
            .rows
            .iter_mut()
            .flatten()
            .filter(|cell| cell.role == Role::Head)
            .flat_map(|cell| &mut cell.line)
        {
            // The cell breaks its line, and the second line is lost.
            if piece.text.starts_with("本年新") {
                piece.text = "本年新".into();
                done = true;
            }
        }
    }
    done
}

/// A row stands twice.
pub fn double_row(page: &mut Page, place: &mut Place<'_>) -> bool {
    let mut done = false;
    for table in tables_mut(page) {
        let plain = |row: &Vec<Cell>| {
            row.iter().all(|cell| cell.rowspan == 1) && row.iter().any(|cell| cell.role == Role::Value)
        };
        let covered = covered_rows(table);
        let rows: Vec<usize> = (table.heads..table.rows.len())
            .filter(|&at| !covered[at] && plain(&table.rows[at]))
            .collect();
        if rows.is_empty() || table.columns == 15 {
            continue;
        }
        let at = place.dice.pick(&rows);
        table.rows.insert(at, table.rows[at].clone());
        done = true;
    }
    done
}

/// Rows into which a cell from above reaches.
fn covered_rows(table: &Table) -> Vec<bool> {
    let mut covered = vec![false; table.rows.len()];
    for (at, row) in table.rows.iter().enumerate() {
        let deepest = row.iter().map(|cell| cell.rowspan).max().unwrap_or(1);
        for below in covered
            .iter_mut()
            .take((at + deepest).min(table.rows.len()))
            .skip(at + 1)
        {
            *below = true;
        }
    }
    covered
}

/// The page ends in the middle: between two rows of a table, or in the words of a sentence.
pub fn truncate(page: &mut Page, place: &mut Place<'_>) -> bool {
    let blocks = page.blocks.len();
    let keep = place.dice.between((blocks * 2 / 5) as i64, blocks as i64 - 2).max(3) as usize;
    let says = |block: &Block| block.pieces().iter().any(|piece| !piece.says.is_empty());
    // Something must be left to be read.
    if keep + 1 >= blocks || !page.blocks[..keep - 1].iter().any(says) {
        return false;
    }
    page.blocks.truncate(keep);
    match page.blocks.last_mut() {
        Some(Block::Table(table)) => {
            let rows = table.rows.len();
            let kept = place.dice.between(table.heads as i64 + 1, rows as i64) as usize;
            table.rows.truncate(kept.min(rows));
        }
        Some(Block::Para(line)) => cut(line),
        _ => {}
    }
    place.plan.look.truncated = true;
    true
}

/// Cuts a sentence in the middle of its last long run of words, so that no number is cut.
fn cut(line: &mut Line) {
    let long = |kind: Kind, text: &str| {
        kind == Kind::Text && text.chars().count() > 8 && !text.contains(|c: char| c.is_ascii_digit())
    };
    let Some(at) = line
        .iter()
        .rposition(|piece| piece.says.is_empty() && long(piece.kind, &piece.text))
    else {
        return;
    };
    line.truncate(at + 1);
    if let Some(piece) = line.last_mut() {
        let half = piece.text.chars().count() / 2;
        piece.text = piece.text.chars().take(half).collect::<String>().into();
    }
}

/// Empty cells leave no trace in rows of plain text. What stands in such a row can be placed no more, but for a total
/// that is the last of its row. Says whether any cell was dropped.
pub fn drop_cells(page: &mut Page, look: &mut Look) -> bool {
    if look.main == Layout::Markdown || look.is_html() {
        return false;
    }
    let mut open = Vec::new();
    for table in tables_mut(page) {
        let columns = table.columns;
        for row in &mut table.rows {
            open.extend(doubt_row(row, columns));
        }
    }
    look.cells_dropped |= !open.is_empty();
    let dropped = !open.is_empty();
    page.ignore.extend(open);
    dropped
}

/// Takes back what a row with empty cells said; gives the entries that the truth must leave open.
fn doubt_row(row: &mut [Cell], columns: usize) -> Vec<String> {
    let values: Vec<usize> = (0..row.len()).filter(|&at| row[at].role == Role::Value).collect();
    let is_empty = |cell: &Cell| cell.line.iter().all(|piece| piece.text.is_empty());
    if values.len() < 2 && columns != 3 && columns != 4 || !values.iter().any(|&at| is_empty(&row[at])) {
        return Vec::new();
    }
    let last = values.last().copied();
    let matrix = columns == 10;
    let total_stays = matrix && last.is_some_and(|at| !is_empty(&row[at]));
    let mut open = Vec::new();
    for &at in values.iter().filter(|&&at| !(total_stays && Some(at) == last)) {
        for reading in row[at]
            .line
            .iter_mut()
            .flat_map(|piece| std::mem::take(&mut piece.says))
        {
            let category = reading.key.category;
            open.push(match reading.value {
                Value::None if values.len() == 1 => format!("{category}:blank"),
                _ if total_stays => format!("{category}:{}", reading.key.applicant.name()),
                _ => category.to_string(),
            });
        }
    }
    open
}
