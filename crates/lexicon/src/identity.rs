//! The arithmetic that must hold (勾稽关系), as formulas over category codes.

use crate::category::{Categories, CategoryId};
use crate::template::{TemplateId, Templates};
use crate::tsv::{DataError, Row, Table};

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

pub(crate) fn parse(
    table: &Table,
    categories: &Categories,
    templates: &Templates,
) -> Result<Vec<IdentityRule>, DataError> {
    let kinds = [
        ("D", IdentityKind::Definitional),
        ("W", IdentityKind::Usual),
        ("I", IdentityKind::Inequality),
    ];
    let scopes = [
        ("row", Each::Row),
        ("column", Each::Column),
        ("period", Each::Period),
        ("report", Each::Report),
    ];
    let comparisons = [("=", Comparison::Equal), (">=", Comparison::AtLeast)];
    let columns = templates
        .column_sets()
        .get("applicants")
        .into_iter()
        .flat_map(|set| &set.columns);
    let applicants: Vec<String> = columns.map(|column| column.name.clone()).collect();
    let mut rules: Vec<IdentityRule> = Vec::new();
    for row in table.rows() {
        let name = row.required("identity")?;
        if rules.iter().any(|rule| rule.name == name) {
            return Err(row.wrong(format!("listed twice: {name}")));
        }
        let forms = row.list("templates", ',')?;
        let named = forms.iter().filter(|form| **form != "prose");
        rules.push(IdentityRule {
            name: name.to_owned(),
            kind: row.choice("kind", &kinds)?,
            templates: named
                .map(|form| {
                    templates
                        .id(form)
                        .ok_or_else(|| row.wrong(format!("no such template: {form}")))
                })
                .collect::<Result<_, _>>()?,
            prose: forms.contains(&"prose"),
            each: row.choice("each", &scopes)?,
            left: parse_sum(row, "left", categories, &applicants)?,
            comparison: row.choice("op", &comparisons)?,
            right: parse_sum(row, "right", categories, &applicants)?,
            title: row.required("title")?.to_owned(),
        });
    }
    Ok(rules)
}

fn parse_sum(row: Row<'_>, side: &str, categories: &Categories, applicants: &[String]) -> Result<Vec<Term>, DataError> {
    let terms = row.list(side, '+')?;
    if terms.is_empty() {
        return Err(row.wrong(format!("must not be empty: {side}")));
    }
    terms
        .into_iter()
        .map(|term| {
            if let Some(applicant) = term.strip_prefix('@') {
                if !applicants.iter().any(|known| known == applicant) {
                    return Err(row.wrong(format!("no such applicant column: {applicant}")));
                }
                return Ok(Term::Applicant(applicant.to_owned()));
            }
            let code = term.trim_end_matches('?');
            let id = categories
                .id(code)
                .ok_or_else(|| row.wrong(format!("no such category: {code}")))?;
            Ok(Term::Category {
                id,
                optional: term.ends_with('?'),
            })
        })
        .collect()
}
