//! The codebook: as CSV, every category with its labels in every form, what it is tested by and how far it may be joined;
//! as Markdown and HTML, that and all else an analyst needs to read the tables.
//!
//! Made from the lexicon and the tables' columns alone; knows nothing of values.

mod book;
mod categories;
mod document;
mod html;
mod identities;
mod markdown;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use gongkai_lexicon::{CategoryId, CategoryKind, DerivedTotal, Lexicon, SeriesLine, Term};
use serde::Serialize;

use crate::column::ColumnKind;
use crate::error::{AtPath, DatasetError};
use crate::staged::{FileInfo, write_file};
use crate::table::ColumnSpec;
pub use html::escape as escape_html;

/// The forms a codebook comes in, by the end of the file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodebookFormat {
    /// The categories, for programs.
    Csv,
    /// Everything, for people with an editor.
    Markdown,
    /// Everything, for people with a browser.
    Html,
}

/// The codebook in one of its forms: the same bytes whenever the domain data and the program are the same.
///
/// # Errors
/// What the CSV writer met.
pub fn codebook(lexicon: &Lexicon, format: CodebookFormat) -> Result<Vec<u8>, csv::Error> {
    Ok(match format {
        CodebookFormat::Csv => {
            let mut text = Vec::new();
            write_codebook(&codebook_rows(lexicon), &mut text)?;
            text
        }
        CodebookFormat::Markdown => markdown::markdown(&book::book(lexicon)).into_bytes(),
        CodebookFormat::Html => html::html(&book::book(lexicon)).into_bytes(),
    })
}

/// The codebook's files, as a snapshot has them.
pub(crate) struct CodebookFiles {
    rows: Vec<CodebookRow>,
    markdown: String,
    html: String,
}

impl CodebookFiles {
    /// Makes all of them.
    pub(crate) fn new(lexicon: &Lexicon) -> Self {
        let book = book::book(lexicon);
        Self {
            rows: codebook_rows(lexicon),
            markdown: markdown::markdown(&book),
            html: html::html(&book),
        }
    }

    /// Writes them into a snapshot.
    pub(crate) fn write(&self, root: &Path) -> Result<Vec<FileInfo>, DatasetError> {
        let mut csv = Vec::new();
        write_codebook(&self.rows, &mut csv).at(root)?;
        Ok(vec![
            write_file(root, "codebook.csv", &csv, self.rows.len() as u64)?,
            write_file(root, "codebook.html", self.html.as_bytes(), 0)?,
            write_file(root, "codebook.md", self.markdown.as_bytes(), 0)?,
        ])
    }
}

/// One category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodebookRow {
    /// Dotted code.
    pub category: String,
    /// Chinese label.
    pub label_zh: String,
    /// Unit of the values; CNY for money.
    pub unit: String,
    /// count, money or list.
    pub kind: String,
    /// The printed rows of every form, form row and label, oldest form first, joined by `; `.
    pub labels: String,
    /// Identities the category takes part in, joined by `; `.
    pub identities: String,
    /// The series it belongs to in which years, and how values of these years stand to others, joined by `; `.
    pub series: String,
    /// The sums that stand for it in the panel where no form prints it, joined by `; `.
    pub derived: String,
    /// How far the series may be joined over the years.
    pub comparability: String,
    /// What it means, in English.
    pub meaning: String,
}

impl CodebookRow {
    /// The columns, in order.
    pub(crate) fn columns() -> Vec<ColumnSpec> {
        let column = |name, nullable, description| ColumnSpec {
            name,
            kind: ColumnKind::String,
            nullable,
            description,
        };
        vec![
            column("category", false, "Dotted code."),
            column("label_zh", false, "Chinese label."),
            column("unit", true, "Unit of the values; CNY for money."),
            column(
                "kind",
                false,
                "count, money or list (an open list, whose printed label is part of the key).",
            ),
            column(
                "labels",
                true,
                "The printed rows of every form: form row and label, joined by `; `; empty where no form prints it.",
            ),
            column(
                "identities",
                true,
                "Identities the category takes part in, joined by `; `.",
            ),
            column(
                "series",
                true,
                "Years, series and comparability as in the panel, and why, joined by `; `; in years of no entry the category is a series of its own, exact.",
            ),
            column(
                "derived",
                true,
                "Years and the sum that stands for it in the panel where its value was not read, joined by `; `.",
            ),
            column(
                "comparability",
                true,
                "How far the series may be joined over the years; empty where nothing is known against it.",
            ),
            column("meaning", false, "What it means."),
        ]
    }
}

/// Every category, by code.
#[must_use]
pub fn codebook_rows(lexicon: &Lexicon) -> Vec<CodebookRow> {
    let labels = labels(lexicon);
    let identities = identities(lexicon);
    let listed = |lists: &BTreeMap<CategoryId, Vec<String>>, id| joined(lists.get(&id).into_iter().flatten().cloned());
    lexicon
        .categories
        .iter()
        .map(|(id, category)| {
            let (kind, unit) = match category.kind {
                CategoryKind::Count => ("count", category.unit.as_str()),
                CategoryKind::Money => ("money", "CNY"),
                CategoryKind::List => ("list", category.unit.as_str()),
            };
            CodebookRow {
                category: category.code.clone(),
                label_zh: category.label.clone(),
                unit: unit.to_owned(),
                kind: kind.to_owned(),
                labels: listed(&labels, id),
                identities: listed(&identities, id),
                series: joined(series(lexicon, id)),
                derived: joined(derived(lexicon, id)),
                comparability: category.comparability.clone(),
                meaning: category.meaning.clone(),
            }
        })
        .collect()
}

/// The series a category belongs to, by years.
fn series(lexicon: &Lexicon, id: CategoryId) -> impl Iterator<Item = String> {
    let line = |line: &SeriesLine| {
        let comparability = line.comparability.as_str();
        format!("{} {} {comparability} ({})", line.years, line.series, line.note)
    };
    lexicon.series.lines(id).iter().map(line)
}

/// The sums that may stand for a category, by years.
fn derived(lexicon: &Lexicon, id: CategoryId) -> impl Iterator<Item = String> {
    let totals = lexicon.derived.iter().filter(move |total| total.category == id);
    totals.map(|total: &DerivedTotal| {
        let parts = total.parts.iter().map(|part| lexicon.categories.code(*part));
        format!("{} {}", total.years, parts.collect::<Vec<_>>().join(" + "))
    })
}

fn joined(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("; ")
}

fn labels(lexicon: &Lexicon) -> BTreeMap<CategoryId, Vec<String>> {
    let mut labels: BTreeMap<CategoryId, Vec<String>> = BTreeMap::new();
    for (_, row) in lexicon.templates.rows() {
        for id in &row.categories {
            let list = labels.entry(*id).or_default();
            let label = format!("{} {}", row.name, row.label);
            if list.last() != Some(&label) {
                list.push(label);
            }
        }
    }
    labels
}

fn identities(lexicon: &Lexicon) -> BTreeMap<CategoryId, Vec<String>> {
    let mut identities: BTreeMap<CategoryId, Vec<String>> = BTreeMap::new();
    for rule in &lexicon.identities {
        for term in rule.left.iter().chain(&rule.right) {
            if let Term::Category { id, .. } = term {
                let list = identities.entry(*id).or_default();
                if list.last() != Some(&rule.name) {
                    list.push(rule.name.clone());
                }
            }
        }
    }
    for rule in &lexicon.year_identities {
        for id in &rule.categories {
            identities.entry(*id).or_default().push(rule.name.clone());
        }
    }
    identities
}

/// Writes codebook rows as CSV with a header line.
///
/// # Errors
/// What the writer met.
pub fn write_codebook(rows: &[CodebookRow], to: impl Write) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(to);
    for row in rows {
        writer.serialize(row)?;
    }
    writer.flush().map_err(csv::Error::from)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use gongkai_lexicon::DataSource;

    use super::*;

    #[test]
    fn a_category_has_its_labels_and_identities() {
        let lexicon = Lexicon::load(&DataSource::embedded()).unwrap();
        let rows = codebook_rows(&lexicon);
        assert!(rows.is_sorted_by(|left, right| left.category < right.category));
        let received = rows
            .iter()
            .find(|row| row.category == "requests.received.total")
            .unwrap();
        assert!(
            received.labels.split("; ").any(|label| label.starts_with("N14-")),
            "{}",
            received.labels
        );
        assert!(
            received.identities.split("; ").any(|name| name == "S-2"),
            "{}",
            received.identities
        );
        assert_eq!(
            rows.iter()
                .find(|row| row.category == "statutory.fee.amount")
                .unwrap()
                .unit,
            "CNY"
        );
    }

    #[test]
    fn the_csv_has_the_described_columns() {
        let lexicon = Lexicon::load(&DataSource::embedded()).unwrap();
        let mut text = Vec::new();
        write_codebook(&codebook_rows(&lexicon), &mut text).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_slice());
        let described: Vec<&str> = CodebookRow::columns().iter().map(|column| column.name).collect();
        assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), described);
        assert_eq!(reader.records().count(), lexicon.categories.iter().count());
    }
}
