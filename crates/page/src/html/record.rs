//! What the tags of a page amount to: lines of collapsed text and the table structure around them, in page order.
//!
//! Whether a table holds data or only arranges the page is known at its end, so nothing is laid out here.

use super::element::Container;
use crate::limits::beginning;
use crate::space::trimmed;

/// One line: what stands between two block boundaries or breaks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// Where it stands in [`Record::text`], without white space at its ends; never empty. A page of short lines costs
    /// many times its size if these are larger.
    start: u32,
    end: u32,
    link_bytes: u32,
    /// Level of the heading it stands in, 0 for none.
    pub(super) heading: u8,
}

impl Line {
    pub(super) fn text<'a>(&self, recorded: &'a str) -> &'a str {
        recorded.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    pub(super) fn link_bytes(&self) -> usize {
        self.link_bytes as usize
    }
}

/// A line or a piece of table structure.
#[derive(Debug, Clone, Copy)]
pub(super) enum Event {
    Line(Line),
    /// A table whose [`Event::TableEnd`] stands at `end`; `data` is false when it only arranges the page.
    Table {
        end: u32,
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
    /// A cap on text or lines was met; what follows is left out.
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
            max_bytes: max_bytes.min(u32::MAX as usize),
            max_lines,
        }
    }

    /// Adds text to the current line, as much of it as fits.
    pub(super) fn push(&mut self, text: &str, context: Context) {
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
        while !self.full && !rest.is_empty() {
            let word = rest.trim_ascii_start();
            self.space_pending |= word.len() < rest.len();
            if word.is_empty() {
                return;
            }
            if self.space_pending && self.text.len() > self.line_start {
                self.fit(" ");
            }
            self.space_pending = false;
            let end = word
                .bytes()
                .position(|byte| byte.is_ascii_whitespace())
                .unwrap_or(word.len());
            let (word, tail) = word.split_at(end);
            self.fit(word);
            rest = tail;
        }
    }

    /// White space stands as it is; a line break ends the line.
    fn push_preformatted(&mut self, text: &str, heading: u8) {
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.end_line(heading);
            }
            self.fit(line);
            if self.full {
                return;
            }
        }
    }

    /// Writes the text, or its beginning where a cap is met.
    fn fit(&mut self, text: &str) {
        let room = if self.lines < self.max_lines {
            self.max_bytes.saturating_sub(self.text.len())
        } else {
            0
        };
        let kept = beginning(text, room);
        self.text.push_str(kept);
        self.full = text.get(kept.len()..).is_some_and(|left| !left.trim_ascii().is_empty());
    }

    /// Ends the current line, if it has text.
    pub(super) fn end_line(&mut self, heading: u8) {
        self.space_pending = false;
        if self.text.len() == self.line_start {
            return;
        }
        let line = trimmed(&self.text, self.line_start..self.text.len());
        if !line.is_empty() {
            // No text is longer than `max_bytes`.
            let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            self.events.push(Event::Line(Line {
                start: place(line.start),
                end: place(line.end),
                link_bytes: place(self.link_bytes.min(line.len())),
                heading,
            }));
            self.lines += 1;
        }
        self.line_start = self.text.len();
        self.link_bytes = 0;
    }
}
