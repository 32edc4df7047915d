//! What the tags of a page amount to: lines of collapsed text and the table structure around them, in page order.
//!
//! Whether a table holds data or only arranges the page is known at its end, so nothing is laid out here.

use super::element::Container;
use crate::space::trimmed;

/// One line: what stands between two block boundaries or breaks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// Where it stands in [`Record::text`], without white space at its ends; never empty.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Level of the heading it stands in, 0 for none.
    pub(super) heading: u8,
    pub(super) link_bytes: usize,
}

/// A line or a piece of table structure.
#[derive(Debug, Clone, Copy)]
pub(super) enum Event {
    Line(Line),
    /// A table whose [`Event::TableEnd`] stands at `end`; `data` is false when it only arranges the page.
    Table {
        end: usize,
        data: bool,
    },
    GroupEnd,
    Row,
    Cell {
        column_span: u32,
        row_span: u32,
    },
    CellEnd,
    TableEnd,
}

/// How text is to be taken where it stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Context {
    pub(super) heading: u8,
    pub(super) preformatted: bool,
    /// Depth of the element stack at the open `<a href>`.
    pub(super) link: Option<usize>,
}

impl Context {
    /// Takes back what an element that is being closed had set.
    pub(super) fn close(&mut self, container: Container) {
        match container {
            Container::Heading => self.heading = 0,
            Container::Preformatted => self.preformatted = false,
            _ => {}
        }
    }
}

/// Collects the events of one page.
pub(super) struct Record {
    pub(super) text: String,
    pub(super) events: Vec<Event>,
    /// How many lines there are among the events.
    pub(super) lines: usize,
    /// A cap on text or lines was met; later text is left out.
    pub(super) full: bool,
    line_start: usize,
    space_pending: bool,
    link_bytes: usize,
    max_bytes: usize,
    max_lines: usize,
}

impl Record {
    pub(super) fn new(capacity: usize, max_bytes: usize, max_lines: usize) -> Self {
        Self {
            text: String::with_capacity(capacity.min(max_bytes)),
            events: Vec::new(),
            lines: 0,
            full: false,
            line_start: 0,
            space_pending: false,
            link_bytes: 0,
            max_bytes,
            max_lines,
        }
    }

    /// Adds text to the current line.
    pub(super) fn push(&mut self, text: &str, context: Context) {
        if self.full {
            return;
        }
        if self.text.len() + text.len() > self.max_bytes || self.lines >= self.max_lines {
            self.full = !text.trim_ascii().is_empty();
            return;
        }
        let before = self.text.len();
        if context.preformatted {
            self.push_preformatted(text, context.heading);
        } else {
            self.push_collapsed(text);
        }
        if context.link.is_some() {
            self.link_bytes += self.text.len().saturating_sub(before);
        }
    }

    fn push_collapsed(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let word = rest.trim_ascii_start();
            self.space_pending |= word.len() < rest.len();
            if word.is_empty() {
                return;
            }
            if self.space_pending && self.text.len() > self.line_start {
                self.text.push(' ');
            }
            self.space_pending = false;
            let end = word
                .bytes()
                .position(|byte| byte.is_ascii_whitespace())
                .unwrap_or(word.len());
            let (word, tail) = word.split_at(end);
            self.text.push_str(word);
            rest = tail;
        }
    }

    /// White space stands as it is; a line break ends the line.
    fn push_preformatted(&mut self, text: &str, heading: u8) {
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.end_line(heading);
            }
            self.text.push_str(line);
        }
    }

    /// Ends the current line, if it has text.
    pub(super) fn end_line(&mut self, heading: u8) {
        self.space_pending = false;
        if self.text.len() == self.line_start {
            return;
        }
        let line = trimmed(&self.text, self.line_start..self.text.len());
        if !line.is_empty() {
            let link_bytes = self.link_bytes.min(line.len());
            self.events.push(Event::Line(Line {
                start: line.start,
                end: line.end,
                heading,
                link_bytes,
            }));
            self.lines += 1;
        }
        self.line_start = self.text.len();
        self.link_bytes = 0;
    }
}
