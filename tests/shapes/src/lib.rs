//! Pages that are one piece over and over, of any size: what reading must not take more than linear time for, nor more
//! memory. The shapes stand in `shapes.tsv`; knows nothing of what reads them.

use std::fmt::Write as _;

/// The shapes, a line each.
const TABLE: &str = include_str!("../shapes.tsv");
/// The title and the first sentence of every page: it is a report.
const TITLE: &str = "云溪县人民政府2020年政府信息公开工作年度报告";
const FIRST: &str = "2020年，云溪县人民政府主动公开政府信息1234条。";

/// A shape of pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// Its name.
    pub name: &'static str,
    /// Whether the page is HTML, not a text file.
    pub html: bool,
    /// What each group begins with.
    open: String,
    /// What is repeated.
    unit: String,
    /// How often in each group; none where the page has but one group.
    times: Option<usize>,
    /// What each group ends with.
    close: String,
}

/// Every shape.
///
/// # Errors
/// The number and the fault of a line that is none.
pub fn shapes() -> Result<Vec<Shape>, String> {
    let lines = TABLE.lines().enumerate().skip(1);
    let shapes = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    shapes
        .map(|(number, line)| Shape::parse(line).map_err(|fault| format!("shapes.tsv:{}: {fault}", number + 1)))
        .collect()
}

impl Shape {
    fn parse(line: &'static str) -> Result<Self, String> {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, kind, open, unit, times, close] = fields.as_slice() else {
            return Err(format!("expected 6 fields, found: {}", fields.len()));
        };
        let html = match *kind {
            "html" => true,
            "text" => false,
            other => return Err(format!("expected html or text, found: {other}")),
        };
        let times = match *times {
            "-" => None,
            times => Some(times.parse().map_err(|_| format!("not a number: {times}"))?),
        };
        Ok(Self {
            name,
            html,
            open: printed(open),
            unit: printed(unit),
            times,
            close: printed(close),
        })
    }

    /// A file name for a page of so many bytes.
    #[must_use]
    pub fn file_name(&self, bytes: usize) -> String {
        format!(
            "{}-{bytes}.{}",
            self.name.replace(' ', "-"),
            if self.html { "html" } else { "txt" }
        )
    }

    /// A page of at least so many bytes, and of not much more than a group besides.
    #[must_use]
    pub fn page(&self, bytes: usize) -> String {
        let mut page = if self.html {
            format!(
                "<html><head><meta charset=\"utf-8\"><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p>{FIRST}</p>"
            )
        } else {
            format!("{TITLE}\n一、概述\n{FIRST}\n")
        };
        let mut number = 0;
        while page.len() < bytes {
            page.push_str(&self.open);
            let last = self.times.map_or(usize::MAX, |times| number + times);
            while number < last && page.len() < bytes {
                push(&self.unit, number, &mut page);
                number += 1;
            }
            page.push_str(&self.close);
        }
        page
    }
}

/// A field as it is printed: `.` for nothing, `\n`, `\t` and `\s` for white space.
fn printed(field: &str) -> String {
    if field == "." {
        return String::new();
    }
    field.replace("\\n", "\n").replace("\\t", "\t").replace("\\s", " ")
}

/// The Han characters that stand for `{c}`, one after the other: different words, as far as a few hundred are.
const HAN: u32 = 600;

/// Appends a unit: `{i}` is its number, `{c}` a character that goes with it.
fn push(unit: &str, number: usize, page: &mut String) {
    let mut rest = unit;
    while let Some((before, behind)) = rest.split_once('{') {
        page.push_str(before);
        rest = match behind.split_once('}') {
            Some(("i", rest)) => {
                // Writing to a string does not fail.
                let _ = write!(page, "{number}");
                rest
            }
            Some(("c", rest)) => {
                let place = u32::try_from(number * 7 % HAN as usize).unwrap_or(0);
                page.extend(char::from_u32(0x4e00 + 31 * place));
                rest
            }
            _ => {
                page.push('{');
                behind
            }
        };
    }
    page.push_str(rest);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn shapes_have_the_size_that_is_asked_for_and_names_of_their_own() {
        let shapes = shapes().unwrap();
        assert!(shapes.len() > 150, "{}", shapes.len());
        for (index, shape) in shapes.iter().enumerate() {
            assert!(
                shapes[..index].iter().all(|other| other.name != shape.name),
                "{}",
                shape.name
            );
            for bytes in [10_000, 40_000] {
                let length = shape.page(bytes).len();
                assert!((bytes..bytes + 8000).contains(&length), "{}: {length}", shape.name);
            }
        }
    }

    #[test]
    fn wrong_lines_are_told() {
        for (line, fault) in [
            ("a\thtml\t.\tb\t-", "expected 6 fields, found: 5"),
            ("a\tpdf\t.\tb\t-\t.", "expected html or text, found: pdf"),
            ("a\ttext\t.\tb\tx\t.", "not a number: x"),
        ] {
            assert_eq!(Shape::parse(line), Err(fault.to_owned()));
        }
        let shape = Shape::parse("a\ttext\t<\t{i}\\s{c}{x}\t2\t>").unwrap();
        let page = shape.page(400);
        assert!(page.contains("<0 一{x}1 仙{x}><2 "), "{page}");
    }
}
