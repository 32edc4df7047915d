//! The printed forms: rows with labels, columns, categories and where they nest.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::category::{Categories, CategoryId};
use crate::label::label_run;
use crate::tsv::{DataError, Table};
use crate::unit::Units;
use crate::years::Years;

mod parse;

/// What columns of applicants can be called: the values of the dataset's `applicant` column.
pub const APPLICANTS: [&str; 7] = [
    "natural_person",
    "business",
    "research",
    "public_interest",
    "legal_service",
    "other",
    "all",
];
/// What columns of periods can be called: the values of the dataset's `period` column.
pub const PERIODS: [&str; 2] = ["year", "cumulative"];

/// A table family by its place in `templates.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TemplateId(pub u16);

/// A row by its place in `template_rows.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(pub u16);

/// How a family lays out its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemplateKind {
    /// A label and one or two values a row.
    List,
    /// A label and seven applicant columns a row (section three of the statutory form).
    Matrix,
    /// Small tables, each with its own header (section two of the statutory form).
    Block,
    /// One line of numbers below its headers (section four of the statutory form).
    Line,
}

/// How a printed row relates to its category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The same thing.
    Exact,
    /// The row counts less than the category.
    Narrower,
    /// The row counts more than the category.
    Broader,
    /// Nearly the same thing.
    Near,
    /// Not comparable over forms.
    NotComparable,
}

impl Relation {
    /// Every printed name, in declaration order.
    pub const NAMES: &'static [&'static str] = &["exact", "narrower", "broader", "near", "not_comparable"];
    /// Every value, in declaration order.
    pub const ALL: &'static [Self] = &[
        Self::Exact,
        Self::Narrower,
        Self::Broader,
        Self::Near,
        Self::NotComparable,
    ];

    /// The name in the dataset's `relation` column.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Narrower => "narrower",
            Self::Broader => "broader",
            Self::Near => "near",
            Self::NotComparable => "not_comparable",
        }
    }
}

/// What a column stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnMeaning {
    /// Year or cumulative.
    Period,
    /// An applicant.
    Applicant,
    /// A category of its own.
    Part,
    /// A column whose values are not the year's (a month).
    Ignored,
    /// A column that holds no values: label, unit, row code.
    Frame,
}

/// One column of a form.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name, e.g. `natural_person`.
    pub name: String,
    /// What it stands for.
    pub meaning: ColumnMeaning,
    /// Its printed labels, normalised.
    pub labels: Vec<String>,
}

/// The columns of a form, left to right.
#[derive(Debug, Clone, Default)]
pub struct ColumnSet {
    /// Its name.
    pub name: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The first column of each normalised label.
    positions: FxHashMap<String, usize>,
}

impl ColumnSet {
    /// The first column with a normalised label.
    #[must_use]
    pub fn position(&self, label: &str) -> Option<usize> {
        self.positions.get(label).copied()
    }

    fn push(&mut self, column: Column) {
        for label in &column.labels {
            self.positions.entry(label.clone()).or_insert(self.columns.len());
        }
        self.columns.push(column);
    }
}

/// A table family.
#[derive(Debug, Clone)]
pub struct Template {
    /// Its id, e.g. `S21-3`.
    pub name: String,
    /// Its layout.
    pub kind: TemplateKind,
    /// Report years it was in use for.
    pub years: Years,
    /// The family whose table these rows are inserted into.
    pub extends: Option<TemplateId>,
    /// What it is, for people.
    pub title: String,
    /// Document number or where it was read.
    pub source: String,
}

/// One printed row.
#[derive(Debug, Clone)]
pub struct TemplateRow {
    /// The family.
    pub template: TemplateId,
    /// Its id, e.g. `N14-05`.
    pub name: String,
    /// Depth below the block headers, from 0.
    pub depth: u8,
    /// The row it is nested in.
    pub parent: Option<RowId>,
    /// The official label.
    pub label: String,
    /// Every form of the label, normalised.
    pub keys: Vec<String>,
    /// The [`label_letters`] of each.
    pub key_letters: Vec<u128>,
    /// Unit of each column's values; one for all when the form prints one.
    pub units: Vec<String>,
    /// Place of the column set; none for headers.
    columns: Option<usize>,
    /// One category for all columns, or one for each.
    pub categories: Vec<CategoryId>,
    /// How the row relates to the category.
    pub relation: Relation,
    /// Whether the row is a header that carries no number.
    pub header: bool,
    /// Whether the cell of the official form is empty already, so that an empty one says nothing.
    pub empty_is_silent: bool,
    /// What to know of the row, for people.
    pub note: String,
}

/// Every form.
#[derive(Debug)]
pub struct Templates {
    templates: Vec<Template>,
    rows: Vec<TemplateRow>,
    sets: Vec<ColumnSet>,
    by_key: FxHashMap<String, Vec<RowId>>,
    /// The Chinese characters of every label, sorted.
    runs: Vec<String>,
    /// Where those stand that begin with a character.
    runs_by_first: FxHashMap<char, Range<usize>>,
    /// Words that make one row another.
    contrasts: Vec<String>,
    /// Every label of a column, with the forms whose rows have that column.
    column_labels: FxHashMap<String, Vec<TemplateId>>,
    result_labels: FxHashSet<String>,
    /// The forms that have a column whose values are not the year's.
    with_month: FxHashSet<TemplateId>,
}

impl Templates {
    pub(crate) fn parse(
        families: &Table,
        columns: &Table,
        rows: &Table,
        contrasts: &Table,
        categories: &Categories,
        units: &Units,
    ) -> Result<Self, DataError> {
        let templates = parse::families(families)?;
        let sets = parse::columns(columns)?;
        let parsed = parse::rows(rows, &templates, &sets, categories, units)?;
        let mut by_key: FxHashMap<String, Vec<RowId>> = FxHashMap::default();
        for (id, row) in (0u16..).map(RowId).zip(&parsed) {
            for key in &row.keys {
                by_key.entry(key.clone()).or_default().push(id);
            }
        }
        let mut runs: Vec<String> = rows
            .rows()
            .flat_map(|row| [row.get("label"), row.get("aliases")])
            .flatten()
            .flat_map(|labels| labels.split('|'))
            .map(label_run)
            .collect();
        runs.sort_unstable();
        runs.dedup();
        let result_labels = labels_of(set_of(&sets, "results")).map(str::to_owned).collect();
        let column_labels = column_labels(&templates, &parsed, &sets);
        let has_month = |row: &&TemplateRow| {
            let set = row.columns.and_then(|set| sets.get(set));
            set.is_some_and(|set| {
                set.columns
                    .iter()
                    .any(|column| column.meaning == ColumnMeaning::Ignored)
            })
        };
        let with_month = parsed.iter().filter(has_month).map(|row| row.template).collect();
        Ok(Self {
            templates,
            rows: parsed,
            sets,
            by_key,
            runs_by_first: by_first(&runs),
            runs,
            contrasts: parse::contrasts(contrasts)?,
            column_labels,
            result_labels,
            with_month,
        })
    }

    /// The family of an id.
    #[must_use]
    pub fn get(&self, id: TemplateId) -> &Template {
        &self.templates[usize::from(id.0)]
    }

    /// The id of a family's name.
    #[must_use]
    pub fn id(&self, name: &str) -> Option<TemplateId> {
        self.iter()
            .find(|(_, template)| template.name == name)
            .map(|(id, _)| id)
    }

    /// Every family.
    pub fn iter(&self) -> impl Iterator<Item = (TemplateId, &Template)> {
        (0u16..).map(TemplateId).zip(&self.templates)
    }

    /// The row of an id.
    #[must_use]
    pub fn row(&self, id: RowId) -> &TemplateRow {
        &self.rows[usize::from(id.0)]
    }

    /// Every row, in form order.
    pub fn rows(&self) -> impl Iterator<Item = (RowId, &TemplateRow)> {
        (0u16..).map(RowId).zip(&self.rows)
    }

    /// The rows whose label has this normalised form.
    #[must_use]
    pub fn rows_of_label(&self, key: &str) -> &[RowId] {
        // Cells that are no words have no key.
        let rows = if key.is_empty() { None } else { self.by_key.get(key) };
        rows.map_or(&[], Vec::as_slice)
    }

    /// Whether one of two labels has a word that makes it another row, as 维持 and 撤销 do, and the other has not.
    #[must_use]
    pub fn contrast(&self, left: &str, right: &str) -> bool {
        self.contrasts
            .iter()
            .any(|word| left.contains(word.as_str()) != right.contains(word.as_str()))
    }

    /// Whether some label's Chinese characters begin with this one.
    #[must_use]
    pub fn begins_run(&self, first: char) -> bool {
        self.runs_by_first.contains_key(&first)
    }

    /// Whether the Chinese characters of a text are those of a label ([`label_run`]), and whether a longer label begins
    /// with them.
    #[must_use]
    pub fn label_of_run(&self, run: &str) -> (bool, bool) {
        let alike = run.chars().next().and_then(|first| self.runs_by_first.get(&first));
        let alike = alike.and_then(|alike| self.runs.get(alike.clone())).unwrap_or_default();
        let first = alike.partition_point(|label| label.as_str() < run);
        let mut from = alike.iter().skip(first);
        let is_label = from.clone().next().is_some_and(|label| label == run);
        let begins = from
            .nth(usize::from(is_label))
            .is_some_and(|label| label.starts_with(run));
        (is_label, begins)
    }

    /// The forms that have a column with this normalised label; none when no column of any form is called so.
    #[must_use]
    pub fn forms_of_column(&self, key: &str) -> Option<&[TemplateId]> {
        self.column_labels.get(key).map(Vec::as_slice)
    }

    /// Whether a normalised label is one of the results of section four.
    #[must_use]
    pub fn is_result(&self, key: &str) -> bool {
        !key.is_empty() && self.result_labels.contains(key)
    }

    /// Whether a form has a column whose values are not the year's.
    #[must_use]
    pub fn has_month(&self, id: TemplateId) -> bool {
        self.with_month.contains(&id)
    }

    /// The columns of a row; empty for headers.
    #[must_use]
    pub fn columns(&self, row: &TemplateRow) -> &[Column] {
        self.set_of_row(row).map_or(&[], |set| set.columns.as_slice())
    }

    /// The column set of a row; none for headers.
    #[must_use]
    pub fn set_of_row(&self, row: &TemplateRow) -> Option<&ColumnSet> {
        self.sets.get(row.columns?)
    }

    /// A column set by its name.
    #[must_use]
    pub fn column_set(&self, name: &str) -> Option<&ColumnSet> {
        set_of(&self.sets, name)
    }
}

/// Where the labels with each first character stand among all of them, sorted.
fn by_first(labels: &[String]) -> FxHashMap<char, Range<usize>> {
    let mut places: FxHashMap<char, Range<usize>> = FxHashMap::default();
    for (place, label) in labels.iter().enumerate() {
        if let Some(first) = label.chars().next() {
            places.entry(first).or_insert(place..place).end = place + 1;
        }
    }
    places
}

fn set_of<'s>(sets: &'s [ColumnSet], name: &str) -> Option<&'s ColumnSet> {
    sets.iter().find(|set| set.name == name)
}

fn labels_of(set: Option<&ColumnSet>) -> impl Iterator<Item = &str> {
    set.into_iter()
        .flat_map(|set| &set.columns)
        .flat_map(|column| &column.labels)
        .map(String::as_str)
}

fn column_labels(
    templates: &[Template],
    rows: &[TemplateRow],
    sets: &[ColumnSet],
) -> FxHashMap<String, Vec<TemplateId>> {
    let mut labels: FxHashMap<String, Vec<TemplateId>> = FxHashMap::default();
    for label in sets.iter().flat_map(|set| labels_of(Some(set))) {
        labels.entry(label.to_owned()).or_default();
    }
    for row in rows {
        for label in labels_of(row.columns.and_then(|set| sets.get(set))) {
            let forms = labels.entry(label.to_owned()).or_default();
            if !forms.contains(&row.template) && usize::from(row.template.0) < templates.len() {
                forms.push(row.template);
            }
        }
    }
    labels
}

impl TemplateRow {
    /// The category of a column, by position.
    #[must_use]
    pub fn category(&self, column: usize) -> Option<CategoryId> {
        if self.categories.len() == 1 {
            self.categories.first().copied()
        } else {
            self.categories.get(column).copied()
        }
    }

    /// The unit of a column, by position.
    #[must_use]
    pub fn unit(&self, column: usize) -> Option<&str> {
        self.units
            .get(column)
            .or_else(|| self.units.first())
            .map(String::as_str)
    }
}
