//! A document as one HTML file that loads nothing and runs nothing. Markup comes from this file alone, everything else is
//! escaped.

use super::document::{Block, Inline, Line, contents};

const HEAD: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
<title>gongkai codebook</title>\n<style>\n";

/// Prints a document.
pub(super) fn html(blocks: &[Block]) -> String {
    let mut out = String::from(HEAD);
    out.push_str(include_str!("style.css"));
    out.push_str("</style>\n</head>\n<body>\n");
    for block in blocks {
        match block {
            Block::Heading { level, id, text } => heading(*level, id, text, &mut out),
            Block::Paragraph(line) => element("p", line, &mut out),
            Block::Program(text) => {
                out.push_str("<pre><code>");
                escape(text, &mut out);
                out.push_str("</code></pre>\n");
            }
            Block::Table { head, rows } => table(head, rows, &mut out),
            Block::Terms(terms) => {
                out.push_str("<dl>\n");
                for (term, lines) in terms {
                    out.push_str("<dt>");
                    escape(term, &mut out);
                    out.push_str("</dt>\n");
                    for line in lines {
                        element("dd", line, &mut out);
                    }
                }
                out.push_str("</dl>\n");
            }
            Block::Contents => list_contents(blocks, &mut out),
        }
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn heading(level: u8, id: &str, text: &Line, out: &mut String) {
    let name = match level {
        1 => "h1",
        2 => "h2",
        3 => "h3",
        _ => "h4",
    };
    out.push('<');
    out.push_str(name);
    out.push_str(" id=\"");
    escape(id, out);
    out.push_str("\">");
    words(text, out);
    out.push_str("</");
    out.push_str(name);
    out.push_str(">\n");
}

fn table(head: &[&str], rows: &[Vec<Line>], out: &mut String) {
    out.push_str("<table>\n<thead><tr>");
    for name in head {
        out.push_str("<th>");
        escape(name, out);
        out.push_str("</th>");
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for cell in row {
            out.push_str("<td>");
            words(cell, out);
            out.push_str("</td>");
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n");
}

fn list_contents(blocks: &[Block], out: &mut String) {
    out.push_str("<nav>\n<ul>\n");
    let mut open = false;
    for (level, id, text) in contents(blocks) {
        match (level, open) {
            (2, true) => out.push_str("</ul></li>\n"),
            (3, false) => continue,
            _ => {}
        }
        out.push_str("<li>");
        let line = Line(vec![Inline::Link {
            to: id.to_owned(),
            text: plain(text),
        }]);
        words(&line, out);
        if level == 2 {
            out.push_str("<ul>\n");
            open = true;
        } else {
            out.push_str("</li>\n");
        }
    }
    if open {
        out.push_str("</ul></li>\n");
    }
    out.push_str("</ul>\n</nav>\n");
}

fn element(name: &'static str, line: &Line, out: &mut String) {
    out.push('<');
    out.push_str(name);
    out.push('>');
    words(line, out);
    out.push_str("</");
    out.push_str(name);
    out.push_str(">\n");
}

fn words(line: &Line, out: &mut String) {
    for part in &line.0 {
        match part {
            Inline::Text(text) => escape(text, out),
            Inline::Code(text) => {
                out.push_str("<code>");
                escape(text, out);
                out.push_str("</code>");
            }
            Inline::Link { to, text } => {
                out.push_str("<a href=\"#");
                escape(to, out);
                out.push_str("\">");
                escape(text, out);
                out.push_str("</a>");
            }
        }
    }
}

/// The words of a line without what they are.
pub(super) fn plain(line: &Line) -> String {
    let parts = line.0.iter().map(|part| match part {
        Inline::Text(text) | Inline::Code(text) | Inline::Link { text, .. } => text.as_str(),
    });
    parts.collect()
}

/// Adds a text to an HTML document, between tags or as an attribute in quotes: nothing in it is markup, and nothing turns
/// what stands around it.
pub fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            character => out.push(visible(character)),
        }
    }
}

/// Control characters have no place in a document, nor have marks that turn the direction of writing.
pub(super) fn visible(character: char) -> char {
    match character {
        '\n' | '\t' => character,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        character if character.is_control() => '\u{fffd}',
        character => character,
    }
}
