//! Plain text to blocks: each line a paragraph, lines with delimiters a table.
//!
//! The text stays as it is; line ends and the white space around lines stand outside the spans.

use std::ops::Range;

use crate::delimited::{self, Delimiters};
use crate::limits::{Limits, beginning};
use crate::model::{Block, BlockKind, Page};
use crate::read::problem;
use crate::space::trimmed;
use crate::time::check_time;

/// One line of a text file.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// All of it but the line end.
    pub(crate) whole: Range<usize>,
    /// Without white space at its ends; empty for a blank line.
    pub(crate) inner: Range<usize>,
}

/// Reads decoded plain text into the page.
pub(crate) fn build(mut text: String, limits: &Limits, page: &mut Page) {
    if text.starts_with('\u{FEFF}') {
        text.remove(0);
    }
    if text.len() > limits.max_text_bytes {
        let message = format!("the text was cut off where it grew too long, bytes: {}", text.len());
        problem(page, "truncated", message);
        text.truncate(beginning(&text, limits.max_text_bytes).len());
    }
    blocks(&text, limits, page);
    page.text = text;
}

/// Finds the paragraphs and tables of the text.
fn blocks(text: &str, limits: &Limits, page: &mut Page) {
    let mut delimiters = Delimiters::of(text);
    let mut lines = Lines::new(text);
    let (mut cells, mut capped, mut wide) = (0, 0, 0);
    loop {
        let mut rest = lines.clone();
        let Some(line) = rest.next() else { break };
        if line.inner.is_empty() {
            lines = rest;
            continue;
        }
        if page.blocks.len() >= limits.max_blocks {
            problem(
                page,
                "truncated",
                format!("blocks beyond the most a page may have: {}", limits.max_blocks),
            );
            break;
        }
        if cells >= limits.max_cells && delimiters.any() {
            delimiters = Delimiters::default();
            capped += 1;
        }
        let block = match delimited::table(text, &lines, delimiters, limits.max_cells_per_table) {
            Some(table) => {
                capped += usize::from(table.capped);
                cells += table.grid.cells.len();
                lines = table.rest;
                block(table.span, BlockKind::Table(table.grid))
            }
            None => {
                wide += usize::from(delimiters.any() && delimited::is_too_wide(text, &line));
                lines = rest;
                block(line.inner, BlockKind::Paragraph)
            }
        };
        check_time();
        page.blocks.push(block);
    }
    let counts = [
        (
            capped,
            "tables cut off where a table or the page had the most cells it may have",
        ),
        (wide, "lines with more cells than a table has columns"),
    ];
    for (count, what) in counts.into_iter().filter(|(count, _)| *count > 0) {
        problem(page, "table_capped", format!("{what}: {count}"));
    }
}

fn block(span: Range<usize>, kind: BlockKind) -> Block {
    Block {
        span,
        kind,
        link_bytes: 0,
    }
}

/// The lines of a text from some place on, whatever system wrote it: `\n`, `\r\n` or `\r` ends a line. They are made when
/// they are asked for, since a list of them would take many times the memory of a text of empty lines.
#[derive(Debug, Clone)]
pub(crate) struct Lines<'a> {
    text: &'a str,
    /// Where the next line begins; none behind the last.
    start: Option<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, start: Some(0) }
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let start = self.start?;
        let rest = self.text.as_bytes().get(start..)?;
        let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let end = start + length.unwrap_or(rest.len());
        self.start = length.map(|length| {
            let ends_in_two = rest.get(length..length + 2) == Some(b"\r\n");
            end + 1 + usize::from(ends_in_two)
        });
        Some(Line {
            whole: start..end,
            inner: trimmed(self.text, start..end),
        })
    }
}
