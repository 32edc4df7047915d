//! The arithmetic that must hold (勾稽关系), as formulas over category codes: within a report here, over years in
//! [`crate::year_identity`].

use crate::category::{Categories, CategoryId};
use crate::row::Row;
use crate::template::{TemplateId, Templates};
use crate::tsv::{DataError, Table};
use crate::year_identity::{Common, YearEach, YearRule, parse_rule};

/// How strict an identity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityKind {
    /// Holds by definition of the form.
    Definitional,
    /// Holds when the unit fills the form in the usual way.
    Usual,
    /// An inequality.
    Inequality,
    /// A printed share against the counts.
    Share,
}

impl IdentityKind {
    /// Every printed name.
    pub const NAMES: &'static [&'static str] = &["D", "W", "I", "share"];

    /// The name in the dataset's `kind` column.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Definitional => "D",
            Self::Usual => "W",
            Self::Inequality => "I",
            Self::Share => "share",
        }
    }
}

/// What an identity is tested on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Each {
    /// Every row of the matrix, over its applicant columns.
    Row,
    /// Every applicant column.
    Column,
    /// Year and cumulative values apart.
    Period,
    /// Once.
    Report,
}

/// How the two sides compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Both are equal.
    Equal,
    /// The left is at least the right.
    AtLeast,
}

/// One term of a sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// A category; optional when the form need not print it.
    Category {
        /// The category.
        id: CategoryId,
        /// Whether the test can be made without it.
        optional: bool,
    },
    /// An applicant column of the row under test, by name.
    Applicant(String),
}

/// In the place of a form: the identity is tested on sentences.
const PROSE: &str = "prose";

/// One identity.
#[derive(Debug, Clone)]
pub struct IdentityRule {
    /// Its id, e.g. `S-2`.
    pub name: String,
    /// How strict it is.
    pub kind: IdentityKind,
    /// The forms it belongs to; empty for prose.
    pub templates: Vec<TemplateId>,
    /// Whether it is tested on prose.
    pub prose: bool,
    /// What it is tested on.
    pub each: Each,
    /// Left side, usually the printed total.
    pub left: Vec<Term>,
    /// How the sides compare.
    pub comparison: Comparison,
    /// Right side.
    pub right: Vec<Term>,
    /// What it says, for people.
    pub title: String,
}

/// Whether a line is about one report or about two of successive years.
#[derive(Clone, Copy)]
enum Reach {
    Report(Each),
    Years(YearEach),
}

/// Every identity of the table: those within a report, and those over years.
pub(crate) fn parse(
    table: &Table,
    categories: &Categories,
    templates: &Templates,
) -> Result<(Vec<IdentityRule>, Vec<YearRule>), DataError> {
    let within = [
        ("row", Each::Row),
        ("column", Each::Column),
        ("period", Each::Period),
        ("report", Each::Report),
    ];
    let within = within.map(|(name, each)| (name, Reach::Report(each)));
    let over = YearEach::NAMES.map(|(name, each)| (name, Reach::Years(each)));
    let reaches: Vec<(&str, Reach)> = within.into_iter().chain(over).collect();
    let columns = templates
        .column_set("applicants")
        .into_iter()
        .flat_map(|set| &set.columns);
    let applicants: Vec<String> = columns.map(|column| column.name.clone()).collect();
    let mut rules: Vec<IdentityRule> = Vec::new();
    let mut year_rules: Vec<YearRule> = Vec::new();
    for row in table.rows() {
        let common = parse_common(row, templates)?;
        let mut names = rules.iter().map(|rule| &rule.name);
        if names.any(|name| *name == common.name) || year_rules.iter().any(|rule| rule.name == common.name) {
            return Err(row.wrong(format!("listed twice: {}", common.name)));
        }
        match row.choice("each", &reaches)? {
            Reach::Years(each) => year_rules.push(parse_rule(row, common, each, categories, templates)?),
            Reach::Report(each) => rules.push(IdentityRule {
                prose: row.list("templates", ',')?.contains(&PROSE),
                each,
                left: parse_sum(row, "left", each, categories, &applicants)?,
                right: parse_sum(row, "right", each, categories, &applicants)?,
                name: common.name,
                kind: common.kind,
                templates: common.templates,
                comparison: common.comparison,
                title: common.title,
            }),
        }
    }
    Ok((rules, year_rules))
}

fn parse_common(row: Row<'_>, templates: &Templates) -> Result<Common, DataError> {
    let kinds = [
        ("D", IdentityKind::Definitional),
        ("W", IdentityKind::Usual),
        ("I", IdentityKind::Inequality),
    ];
    let comparisons = [("=", Comparison::Equal), (">=", Comparison::AtLeast)];
    row.required("templates")?;
    let forms = row.distinct("templates", ',')?;
    let names = || {
        templates
            .iter()
            .map(|(_, template)| template.name.as_str())
            .chain([PROSE])
    };
    let named = forms.iter().filter(|form| **form != PROSE).map(|form| {
        let unknown = || row.unknown("no such template", form, names(), "templates.tsv");
        templates.id(form).ok_or_else(unknown)
    });
    let (left, right) = (row.list("left", '+')?, row.list("right", '+')?);
    for side in ["left", "right"] {
        row.required(side)?;
        row.distinct(side, '+')?;
    }
    // What stands on both sides says nothing, and a sum that is its own total is always right.
    if let Some(term) = left.iter().find(|term| right.contains(term)) {
        return Err(row.wrong(format!("stands on both sides: {term}")));
    }
    Ok(Common {
        name: row.required("identity")?.to_owned(),
        kind: row.choice("kind", &kinds)?,
        templates: named.collect::<Result<_, _>>()?,
        comparison: row.choice("op", &comparisons)?,
        title: row.required("title")?.to_owned(),
    })
}

/// A side of an identity: columns of applicants where it is tested row by row, else categories.
fn parse_sum(
    row: Row<'_>,
    side: &str,
    each: Each,
    categories: &Categories,
    applicants: &[String],
) -> Result<Vec<Term>, DataError> {
    let parse = |term: &str| match term.strip_prefix('@') {
        Some(applicant) if each == Each::Row => {
            let unknown = || {
                let names = applicants.iter().map(String::as_str);
                row.unknown("no such applicant column", applicant, names, "columns.tsv")
            };
            let known = applicants.iter().find(|known| *known == applicant);
            known.cloned().map(Term::Applicant).ok_or_else(unknown)
        }
        Some(_) => Err(row.wrong(format!(
            "only an identity of each row has columns of applicants: {term}"
        ))),
        None if each == Each::Row => Err(row.wrong(format!(
            "an identity of each row has columns of applicants, as @all, found: {term}"
        ))),
        None => Ok(Term::Category {
            id: categories.named(row, term.strip_suffix('?').unwrap_or(term))?,
            optional: term.ends_with('?'),
        }),
    };
    row.list(side, '+')?.into_iter().map(parse).collect()
}
