//! What the codebook tells people besides the categories and forms: how to read the tables, the sections categories
//! stand in, caveats, and what the values of columns mean. Texts with `code` in them, never markup.

use crate::category::Categories;
use crate::row::Row;
use crate::source::DataSource;
use crate::tsv::{DataError, Table};

/// The prefix of the section that takes what no other one takes.
const REST: &str = "*";

/// One piece of the guide, in reading order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GuideText {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// A line of a program; lines that follow each other are one program.
    Code(String),
}

/// A section of the codebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// A word that links lead to.
    pub name: String,
    /// The codes that begin like this stand in it, unless a longer beginning stands elsewhere.
    pub prefixes: Vec<String>,
    /// Its heading in Chinese.
    pub label: String,
    /// Its heading in English.
    pub title: String,
    /// A sentence on it, or nothing.
    pub note: String,
}

/// Everything of `codebook/`.
#[derive(Debug)]
pub struct CodebookTexts {
    /// How to read the tables.
    pub guide: Vec<GuideText>,
    /// The sections, in order.
    pub sections: Vec<Section>,
    values: Vec<(String, String, String)>,
    caveats: Vec<(Vec<String>, String)>,
}

impl CodebookTexts {
    pub(crate) fn parse(source: &DataSource, categories: &Categories) -> Result<Self, DataError> {
        Ok(Self {
            guide: parse_guide(&source.table("codebook/guide.tsv")?)?,
            sections: parse_sections(&source.table("codebook/sections.tsv")?, categories)?,
            values: parse_values(&source.table("codebook/values.tsv")?)?,
            caveats: parse_caveats(&source.table("codebook/caveats.tsv")?, categories)?,
        })
    }

    /// The place of the section that a category stands in.
    #[must_use]
    pub fn section_of(&self, code: &str) -> usize {
        let matched = |section: &Section| {
            let fits = section.prefixes.iter().filter(|prefix| is_below(code, prefix));
            fits.map(String::len).max().unwrap_or(0)
        };
        let is_rest = |section: &Section| section.prefixes.iter().any(|prefix| prefix == REST);
        let best = self
            .sections
            .iter()
            .enumerate()
            .max_by_key(|(_, section)| matched(section));
        match best {
            Some((place, section)) if matched(section) > 0 => place,
            _ => self.sections.iter().position(is_rest).unwrap_or_default(),
        }
    }

    /// What a value of a column means; none when nobody has written it down.
    #[must_use]
    pub fn meaning(&self, column: &str, value: &str) -> Option<&str> {
        let found = self.values.iter().find(|(of, name, _)| of == column && name == value);
        found.map(|(_, _, meaning)| meaning.as_str())
    }

    /// Every column and value that is explained.
    pub fn explained(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values
            .iter()
            .map(|(column, value, _)| (column.as_str(), value.as_str()))
    }

    /// What to beware of with a category.
    pub fn caveats(&self, code: &str) -> impl Iterator<Item = &str> {
        let of = move |prefixes: &[String]| prefixes.iter().any(|prefix| is_below(code, prefix));
        let found = self.caveats.iter().filter(move |(prefixes, _)| of(prefixes));
        found.map(|(_, text)| text.as_str())
    }
}

/// Whether a dotted code is another one or stands below it.
fn is_below(code: &str, prefix: &str) -> bool {
    code.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn parse_guide(table: &Table) -> Result<Vec<GuideText>, DataError> {
    type Kind = fn(String) -> GuideText;
    let kinds: [(&str, Kind); 3] = [
        ("heading", GuideText::Heading),
        ("text", GuideText::Text),
        ("code", GuideText::Code),
    ];
    let text = |row: Row<'_>| Ok(row.choice("kind", &kinds)?(row.required("text")?.to_owned()));
    table.rows().map(text).collect()
}

/// Beginnings of codes, each of which some category has.
fn parse_prefixes(row: Row<'_>, column: &str, categories: &Categories) -> Result<Vec<String>, DataError> {
    row.required(column)?;
    let prefixes = row.distinct(column, ' ')?;
    let codes = || categories.iter().map(|(_, category)| category.code.as_str());
    let is_known = |prefix: &&str| codes().any(|code| is_below(code, prefix));
    match prefixes.iter().find(|prefix| **prefix != REST && !is_known(prefix)) {
        Some(prefix) => Err(row.unknown("no category begins so", prefix, codes(), "categories.tsv")),
        None => Ok(prefixes.into_iter().map(str::to_owned).collect()),
    }
}

fn parse_sections(table: &Table, categories: &Categories) -> Result<Vec<Section>, DataError> {
    let mut sections: Vec<Section> = Vec::new();
    for row in table.rows() {
        let name = row.required("section")?.to_owned();
        if sections.iter().any(|section| section.name == name) {
            return Err(row.wrong(format!("listed twice: {name}")));
        }
        // Links lead to it.
        if !name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-'))
        {
            return Err(row.wrong(format!("section must be a word of a to z, _ and -: {name}")));
        }
        let prefixes = parse_prefixes(row, "prefixes", categories)?;
        let mut taken = sections.iter().flat_map(|section| &section.prefixes);
        if let Some(prefix) = taken.find(|prefix| prefixes.contains(prefix)) {
            return Err(row.wrong(format!("another section has this prefix: {prefix}")));
        }
        sections.push(Section {
            name,
            prefixes,
            label: row.required("label")?.to_owned(),
            title: row.required("title")?.to_owned(),
            note: row.get("note")?.to_owned(),
        });
    }
    let rest = sections
        .iter()
        .flat_map(|section| &section.prefixes)
        .filter(|prefix| *prefix == REST);
    match rest.count() {
        1 => Ok(sections),
        _ => Err(DataError::Wrong {
            file: table.file.clone(),
            line: 1,
            reason: format!("one section must have the prefix {REST}"),
        }),
    }
}

fn parse_values(table: &Table) -> Result<Vec<(String, String, String)>, DataError> {
    let mut values: Vec<(String, String, String)> = Vec::new();
    for row in table.rows() {
        let (column, value) = (row.required("column")?, row.required("value")?);
        if values.iter().any(|(of, name, _)| of == column && name == value) {
            return Err(row.wrong(format!("listed twice: {column} {value}")));
        }
        values.push((column.to_owned(), value.to_owned(), row.required("meaning")?.to_owned()));
    }
    Ok(values)
}

fn parse_caveats(table: &Table, categories: &Categories) -> Result<Vec<(Vec<String>, String)>, DataError> {
    let mut caveats: Vec<(Vec<String>, String)> = Vec::new();
    for row in table.rows() {
        let prefixes = parse_prefixes(row, "categories", categories)?;
        let caveat = (prefixes, row.required("caveat")?.to_owned());
        if caveats.contains(&caveat) {
            return Err(row.wrong(format!("listed twice: {}", row.get("categories")?)));
        }
        caveats.push(caveat);
    }
    Ok(caveats)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::Lexicon;

    #[test]
    fn a_category_stands_in_the_section_with_the_longest_beginning() {
        let texts = Lexicon::load(&DataSource::embedded()).unwrap().codebook;
        for (code, section) in [
            ("requests.received.total", "requests"),
            ("requests.outcome.total", "outcome"),
            ("requests.outcomes", "requests"),
            ("complaint_appeal.total", "cases"),
            ("complaint.total", "cases"),
            ("unmapped", "other"),
            ("information", "other"),
        ] {
            assert_eq!(texts.sections[texts.section_of(code)].name, section, "{code}");
        }
    }

    #[test]
    fn wrong_files_are_refused() {
        for (file, text, expected) in [
            (
                "codebook/guide.tsv",
                "kind\ttext\nverse\tx\n",
                "codebook/guide.tsv:2: kind must be one of heading, text, code, found: verse",
            ),
            (
                "codebook/sections.tsv",
                "section\tprefixes\tlabel\ttitle\tnote\na\treview\tc\td\t\n",
                "codebook/sections.tsv:1: one section must have the prefix *",
            ),
            (
                "codebook/sections.tsv",
                "section\tprefixes\tlabel\ttitle\tnote\na\treview\tc\td\t\nb\t* review\tc\td\t\n",
                "codebook/sections.tsv:3: another section has this prefix: review",
            ),
            (
                "codebook/caveats.tsv",
                "categories\tcaveat\nreview.totals\tx\n",
                "codebook/caveats.tsv:2: no category begins so: review.totals\nhint: did you mean review.total? categories.tsv has all that may stand there",
            ),
            (
                "codebook/values.tsv",
                "column\tvalue\tmeaning\na\tb\tc\na\tb\td\n",
                "codebook/values.tsv:3: listed twice: a b",
            ),
        ] {
            let error = Lexicon::load(&DataSource::embedded().with(file, text)).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
    }
}
