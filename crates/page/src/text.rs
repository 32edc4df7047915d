//! Plain text to blocks: each line a paragraph, lines with delimiters a table.
//!
//! The text stays as it is; line ends and the white space around lines stand outside the spans.

use std::ops::Range;

use crate::delimited::{self, Delimiters};
use crate::limits::Limits;
use crate::model::{Block, BlockKind, Page};
use crate::read::problem;
use crate::space::trimmed;

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
        text.truncate(text.floor_char_boundary(limits.max_text_bytes));
    }
    let lines = lines(&text);
    let delimiters = Delimiters::of(&text);
    let mut rest = lines.as_slice();
    let mut capped = 0;
    while let Some((line, following)) = rest.split_first() {
        if line.inner.is_empty() {
            rest = following;
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
        if let Some(table) = delimited::table(&text, rest, delimiters, limits.max_cells_per_table) {
            capped += usize::from(table.capped);
            rest = rest.get(table.lines..).unwrap_or_default();
            page.blocks.push(Block {
                span: table.span,
                kind: BlockKind::Table(table.grid),
                link_bytes: 0,
            });
        } else {
            page.blocks.push(Block {
                span: line.inner.clone(),
                kind: BlockKind::Paragraph,
                link_bytes: 0,
            });
            rest = following;
        }
    }
    if capped > 0 {
        problem(
            page,
            "table_capped",
            format!("tables split at the most cells a table may have: {capped}"),
        );
    }
    page.text = text;
}

/// The lines of a text, whatever system wrote it: `\n`, `\r\n` or `\r` ends a line.
fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::with_capacity(text.len() / 64 + 1);
    let mut start = 0;
    for (end, byte) in text.bytes().enumerate() {
        if byte == b'\n' || byte == b'\r' {
            // The empty line between `\r` and `\n` is none.
            if !(byte == b'\n' && start == end && end > 0 && text.as_bytes().get(end - 1) == Some(&b'\r')) {
                lines.push(Line {
                    whole: start..end,
                    inner: trimmed(text, start..end),
                });
            }
            start = end + 1;
        }
    }
    lines.push(Line {
        whole: start..text.len(),
        inner: trimmed(text, start..text.len()),
    });
    lines
}
