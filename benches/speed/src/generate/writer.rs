//! Writes one page in the markup of its site: paragraphs, headings and grids.

use std::fmt::Write as _;

use super::chance::Chance;
use super::form::{Cell, Grid};
use super::page::Maker;
use super::text::{Facts, Line};

/// Sentences in a paragraph.
const SENTENCES: usize = 4;

/// Writes one page.
pub(super) struct Writer<'a> {
    pub(super) maker: &'a Maker,
    pub(super) facts: Facts,
    pub(super) is_old: bool,
    pub(super) chance: Chance,
    pub(super) out: String,
}

impl Writer<'_> {
    pub(super) fn fact(&self, name: &str) -> String {
        let known = self.facts.iter().find(|(known, _)| *known == name);
        known.map(|(_, fact)| fact.clone()).unwrap_or_default()
    }

    pub(super) fn fill(&mut self, line: &Line) {
        line.fill(&mut self.out, &self.facts, &self.maker.words, &mut self.chance);
    }

    pub(super) fn heading(&mut self, text: &str) {
        let _ = if self.is_old {
            writeln!(self.out, "<P><STRONG>{text}</STRONG></P>")
        } else {
            writeln!(
                self.out,
                "<p style=\"text-indent:2em;line-height:2\"><strong><span style=\"font-family:黑体;font-size:18px\">{text}</span></strong></p>"
            )
        };
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        let _ = if self.is_old {
            writeln!(self.out, "<P>　　{text}</P>")
        } else {
            writeln!(
                self.out,
                "<p style=\"text-indent:2em;line-height:2\"><span style=\"font-family:仿宋;font-size:18px\">{text}</span></p>"
            )
        };
    }

    /// Paragraphs of sentences from these lists, in chance order, until `bytes` of them are written.
    pub(super) fn section(&mut self, heading: &str, names: &[&str], bytes: u64) {
        if !heading.is_empty() {
            self.heading(heading);
        }
        let maker = self.maker;
        let lines: Vec<&Line> = names
            .iter()
            .filter_map(|name| maker.lists.get(name))
            .flatten()
            .collect();
        if lines.is_empty() {
            return;
        }
        let in_order = names.iter().all(|name| name.starts_with("figures."));
        let mut written = 0;
        let mut next = if in_order {
            0
        } else {
            usize::try_from(self.chance.between(0, 99)).unwrap_or(0)
        };
        while written < bytes {
            let mut paragraph = String::new();
            for _ in 0..SENTENCES.min(lines.len()) {
                if let Some(line) = lines.get(next % lines.len()) {
                    line.fill(&mut paragraph, &self.facts, &maker.words, &mut self.chance);
                }
                next += 1;
            }
            written += paragraph.len() as u64;
            self.paragraph(&paragraph);
        }
    }

    /// A table as editors of content management systems print it; every page in one of three manners.
    pub(super) fn grid(&mut self, grid: &Grid) {
        let (cell, before, after) = match (self.is_old, self.chance.between(0, 2)) {
            (true, _) => ("", "<P align=center>", "</P>"),
            (false, 0) => (" style=\"border:1px solid #000;text-align:center\"", "", ""),
            (false, 1) => (
                " style=\"border:1px solid #000;padding:2px 5px\" valign=\"middle\"",
                "<p style=\"text-align:center\">",
                "</p>",
            ),
            _ => (
                " style=\"border:1px solid #000\"",
                "<span style=\"font-family:宋体;font-size:14px\">",
                "</span>",
            ),
        };
        self.out
            .push_str("<table border=\"1\" cellspacing=\"0\" cellpadding=\"0\" width=\"100%\"><tbody>\n");
        for row in grid {
            self.out.push_str("<tr>\n");
            for Cell { text, columns, rows } in row {
                self.out.push_str("<td");
                for (name, span) in [("colspan", columns), ("rowspan", rows)] {
                    if *span > 1 {
                        let _ = write!(self.out, " {name}=\"{span}\"");
                    }
                }
                let _ = writeln!(self.out, "{cell}>{before}{text}{after}</td>");
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</tbody></table>\n");
    }
}
