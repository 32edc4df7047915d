//! A document as Markdown with tables, as GitHub, Pandoc and editors read it. What has a meaning in Markdown is escaped.

use super::document::{Block, Inline, Line, contents};
use super::html::{plain, visible};

/// Prints a document.
pub(super) fn markdown(blocks: &[Block]) -> String {
    let mut out = String::new();
    for block in blocks {
        match block {
            Block::Heading { level, id, text } => {
                // Readers make ids of headings in different ways: this one is the same everywhere.
                out.push_str(&format!("<a id=\"{}\"></a>\n\n", identifier(id)));
                out.push_str(&"#".repeat(usize::from(*level)));
                out.push_str(&format!(" {}\n\n", words(text)));
            }
            Block::Paragraph(line) => out.push_str(&format!("{}\n\n", words(line))),
            Block::Program(text) => out.push_str(&format!("```python\n{}\n```\n\n", text.replace("```", "` ` `"))),
            Block::Table { head, rows } => table(head, rows, &mut out),
            Block::Terms(terms) => list_terms(terms, &mut out),
            Block::Contents => {
                for (level, id, text) in contents(blocks) {
                    let indent = if level == 2 { "" } else { "  " };
                    let text = escaped(&plain(text));
                    out.push_str(&format!("{indent}- [{text}](#{})\n", identifier(id)));
                }
                out.push('\n');
            }
        }
    }
    let lines: Vec<&str> = out.trim_end().lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

fn table(head: &[&str], rows: &[Vec<Line>], out: &mut String) {
    let mut row = |cells: Vec<String>| out.push_str(&format!("| {} |\n", cells.join(" | ")));
    row(head.iter().map(|name| escaped(name)).collect());
    row(head.iter().map(|_| "---".to_owned()).collect());
    for cells in rows {
        row(cells.iter().map(words).collect());
    }
    out.push('\n');
}

fn list_terms(terms: &[(&str, Vec<Line>)], out: &mut String) {
    for (term, lines) in terms {
        match lines.as_slice() {
            [line] => out.push_str(&format!("- **{}:** {}\n", escaped(term), words(line))),
            lines => {
                out.push_str(&format!("- **{}:**\n", escaped(term)));
                for line in lines {
                    out.push_str(&format!("  - {}\n", words(line)));
                }
            }
        }
    }
    out.push('\n');
}

fn words(line: &Line) -> String {
    let part = |part: &Inline| match part {
        Inline::Text(text) => escaped(text),
        // A bar would end a table's cell even here.
        Inline::Code(text) => format!("`{}`", one_line(text).replace('`', "'").replace('|', "\\|")),
        Inline::Link { to, text } => format!("[{}](#{})", escaped(text), identifier(to)),
    };
    line.0.iter().map(part).collect()
}

/// The text as Markdown prints it.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for (place, character) in one_line(text).chars().enumerate() {
        let is_markup = matches!(
            character,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '&' | '~' | '#'
        );
        // Only at its beginning would these make a line a list or a rule.
        if is_markup || (place == 0 && matches!(character, '-' | '+' | '=')) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

fn one_line(text: &str) -> String {
    let flat = |character| match visible(character) {
        '\n' | '\t' => ' ',
        character => character,
    };
    text.chars().map(flat).collect()
}

/// An id without anything that could end an attribute or a link.
fn identifier(id: &str) -> String {
    let keep = |character: &char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_');
    id.chars().filter(keep).collect()
}
