//! The text of a printed document, as tools take it from PDF files: every line has the width of its column on paper.

use super::Look;
use super::plain::cell_text;
use crate::dice::Dice;
use crate::doc::{Block, Cell, Role, Table, text_of};

/// Columns of section four.
const LINE_COLUMNS: usize = 15;

/// The page as text of a printed document.
pub fn printed(blocks: &[Block], look: &Look, dice: &mut Dice) -> String {
    let mut paper = Paper::new(dice);
    for block in blocks {
        match block {
            Block::Title(line) | Block::Heading(_, line) | Block::Sign(line) => paper.line(&text_of(line)),
            Block::Para(line) => paper.paragraph(&text_of(line)),
            Block::Table(table) => table_on(&mut paper, table, look),
            Block::Meta(pairs) => pairs
                .iter()
                .for_each(|(name, value)| paper.line(&format!("{name}：{value}"))),
        }
    }
    paper.text
}

/// Sheets of paper that are filled line by line.
struct Paper {
    text: String,
    /// Characters on a line of a paragraph.
    width: usize,
    /// Characters on a line of the column of labels.
    label_width: usize,
    /// Lines on a sheet.
    height: usize,
    lines: usize,
}

impl Paper {
    fn new(dice: &mut Dice) -> Self {
        Self {
            text: String::with_capacity(16 * 1024),
            width: dice.between(26, 34) as usize,
            label_width: dice.between(14, 22) as usize,
            height: dice.between(24, 40) as usize,
            lines: 0,
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
        self.lines += 1;
        if self.lines.is_multiple_of(self.height) {
            self.text.push_str(&format!("- {} -\n", self.lines / self.height));
        }
    }

    fn paragraph(&mut self, text: &str) {
        for line in wrap(text, self.width) {
            self.line(&line);
        }
    }
}

/// Rows of cells with a space between; a long label is broken, and its values stand behind its last line.
fn table_on(paper: &mut Paper, table: &Table, look: &Look) {
    for row in &table.rows {
        let (words, values): (Vec<&Cell>, Vec<&Cell>) = row.iter().partition(|cell| cell.role != Role::Value);
        let of_results = table.columns == LINE_COLUMNS && words.len() >= LINE_COLUMNS / 3;
        let mut lines: Vec<String> = Vec::new();
        for cell in words {
            // Narrow columns break the words of their heads; a unit stays behind its label.
            let width = if of_results { 2 } else { paper.label_width };
            let pieces = wrap(&cell_text(cell), width);
            match lines.last_mut() {
                Some(last) if cell.role == Role::Unit => {
                    last.push(' ');
                    last.push_str(&pieces.concat());
                }
                _ => lines.extend(pieces),
            }
        }
        let kept = values
            .iter()
            .map(|cell| cell_text(cell))
            .filter(|text| !look.cells_dropped || !text.is_empty());
        let values = kept.collect::<Vec<_>>().join(" ");
        match lines.last_mut() {
            Some(last) if !values.is_empty() => *last = format!("{last} {values}"),
            None => lines.push(values),
            Some(_) => {}
        }
        lines.iter().for_each(|line| paper.line(line));
    }
}

/// A text in pieces of at most `width` characters; numbers with their signs and units of measure stay whole.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut room = width;
    for word in words(text) {
        let length = word.chars().count();
        if length > room && room < width {
            lines.push(String::new());
            room = width;
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(word);
        }
        room = room.saturating_sub(length);
    }
    lines
}

/// Single characters, and runs that printers do not break.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let is_run = |c: char| c.is_ascii_graphic() || c.is_numeric();
        let end = match is_run(first) {
            true => rest.find(|c| !is_run(c)).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        // A closing mark does not begin a line.
        let end = end
            + rest[end..]
                .chars()
                .next()
                .filter(|c| "，。；：、）”》％".contains(*c))
                .map_or(0, char::len_utf8);
        let (word, behind) = rest.split_at(end);
        rest = behind;
        Some(word)
    })
}
