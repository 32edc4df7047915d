//! The arithmetic that joins a report with the one before it (勾稽关系 over years), as formulas over category codes.
//!
//! Lines of `data/identities.tsv` whose `each` begins with `year_pair`. A term is of the later year N; with `(N-1)`
//! behind it, of the year before.

use crate::category::{Categories, CategoryId, CategoryKind};
use crate::identity::{Comparison, IdentityKind};
use crate::row::Row;
use crate::template::{TemplateId, Templates};
use crate::tsv::DataError;

/// What stands behind a term of the year before.
const BEFORE: &str = "(N-1)";

/// What a year-to-year identity is tested on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YearEach {
    /// Once for each pair of reports.
    Pair,
    /// Every applicant column of a pair.
    Column,
    /// Every row of the forms, over its column of the year and its cumulative column (历年累计).
    Row,
}

impl YearEach {
    /// The names in the data.
    pub(crate) const NAMES: [(&'static str, Self); 3] = [
        ("year_pair", Self::Pair),
        ("year_pair_column", Self::Column),
        ("year_pair_row", Self::Row),
    ];
}

/// What a term counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YearCount {
    /// A category, in its year.
    Category(CategoryId),
    /// The row under test, in its year.
    RowOfYear,
    /// The row under test, since an earlier year.
    RowCumulative,
}

/// One term of a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearTerm {
    /// What it counts.
    pub count: YearCount,
    /// Whether it stands in the report of the year before.
    pub before: bool,
}

/// An identity between the reports of a body on two successive years.
#[derive(Debug, Clone)]
pub struct YearRule {
    /// Its id, e.g. `S-6`.
    pub name: String,
    /// How strict it is.
    pub kind: IdentityKind,
    /// The forms it belongs to: both reports must have one of them.
    pub templates: Vec<TemplateId>,
    /// What it is tested on.
    pub each: YearEach,
    /// Left side.
    pub left: Vec<YearTerm>,
    /// How the sides compare.
    pub comparison: Comparison,
    /// Right side.
    pub right: Vec<YearTerm>,
    /// The categories that take part; of a rule for rows, those that are tested one by one. Sorted.
    pub categories: Vec<CategoryId>,
    /// What it says, for people.
    pub title: String,
}

/// What a rule has in common with those within a report.
pub(crate) struct Common {
    pub name: String,
    pub kind: IdentityKind,
    pub templates: Vec<TemplateId>,
    pub comparison: Comparison,
    pub title: String,
}

pub(crate) fn parse_rule(
    row: Row<'_>,
    common: Common,
    each: YearEach,
    categories: &Categories,
    templates: &Templates,
) -> Result<YearRule, DataError> {
    if common.templates.is_empty() {
        return Err(row.wrong("an identity over years needs a form in templates".to_owned()));
    }
    let left = parse_sum(row, "left", each, categories)?;
    let right = parse_sum(row, "right", each, categories)?;
    let terms = || left.iter().chain(&right);
    if terms().all(|term| term.before) || !terms().any(|term| term.before) {
        return Err(row.wrong(format!("an identity over years needs terms with {BEFORE} and without")));
    }
    let mut taking_part: Vec<CategoryId> = match each {
        YearEach::Row => rows_of(&common.templates, categories, templates),
        YearEach::Pair | YearEach::Column => terms().filter_map(|term| term.category()).collect(),
    };
    taking_part.sort_unstable();
    taking_part.dedup();
    Ok(YearRule {
        name: common.name,
        kind: common.kind,
        templates: common.templates,
        each,
        comparison: common.comparison,
        title: common.title,
        left,
        right,
        categories: taking_part,
    })
}

impl YearTerm {
    fn category(self) -> Option<CategoryId> {
        match self.count {
            YearCount::Category(id) => Some(id),
            YearCount::RowOfYear | YearCount::RowCumulative => None,
        }
    }
}

/// The categories of the forms' rows; open lists have several values in one row and none that could be compared.
fn rows_of(forms: &[TemplateId], categories: &Categories, templates: &Templates) -> Vec<CategoryId> {
    let rows = templates.rows().filter(|(_, row)| forms.contains(&row.template));
    rows.flat_map(|(_, row)| row.categories.iter().copied())
        .filter(|id| categories.get(*id).kind != CategoryKind::List)
        .collect()
}

fn parse_sum(row: Row<'_>, side: &str, each: YearEach, categories: &Categories) -> Result<Vec<YearTerm>, DataError> {
    row.list(side, '+')?
        .into_iter()
        .map(|term| {
            let (name, before) = match term.strip_suffix(BEFORE) {
                Some(name) => (name.trim_end(), true),
                None => (term, false),
            };
            let count = parse_count(row, name, each, categories)?;
            Ok(YearTerm { count, before })
        })
        .collect()
}

fn parse_count(row: Row<'_>, name: &str, each: YearEach, categories: &Categories) -> Result<YearCount, DataError> {
    if each == YearEach::Row {
        return match name {
            "@year" => Ok(YearCount::RowOfYear),
            "@cumulative" => Ok(YearCount::RowCumulative),
            other => Err(row.wrong(format!("a row over years has @year and @cumulative, found: {other}"))),
        };
    }
    let id = categories.named(row, name)?;
    match categories.get(id).kind {
        CategoryKind::List => Err(row.wrong(format!("an open list has several values: {name}"))),
        CategoryKind::Count | CategoryKind::Money => Ok(YearCount::Category(id)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::tsv::Table;
    use crate::{DataSource, Lexicon};

    /// Reads a line of `each`, `templates`, `left` and `right`; gives the rule's categories, or why it was refused.
    fn check(line: &str, expected: &str) {
        let lexicon = Lexicon::load(&DataSource::embedded()).unwrap();
        let fields: Vec<&str> = line.split(" | ").collect();
        let [each, templates, left, right] = fields.as_slice() else {
            panic!("four fields: {line}");
        };
        let text = format!(
            "identity\tkind\ttemplates\teach\tleft\top\tright\ttitle\nX-1\tD\t{templates}\t{each}\t{left}\t=\t{right}\tx"
        );
        let table = Table::parse("identities.tsv", &text).unwrap();
        let parsed = crate::identity::parse(&table, &lexicon.categories, &lexicon.templates);
        let found = match parsed {
            Ok((_, rules)) => {
                let codes = rules.iter().flat_map(|rule| &rule.categories);
                codes
                    .map(|id| lexicon.categories.code(*id))
                    .collect::<Vec<_>>()
                    .join(" ")
            }
            Err(error) => error.to_string(),
        };
        assert!(found.contains(expected), "{line}: {found}");
    }

    #[test]
    fn rules_over_years_are_read_or_refused_with_the_reason() {
        for (line, expected) in [
            (
                "year_pair | S19-3 | requests.carried_in | requests.carried_out(N-1)",
                "requests.carried_in requests.carried_out",
            ),
            (
                "year_pair_row | FJ09 | @cumulative | @cumulative (N-1) + @year",
                "review.total",
            ),
            (
                "year_pair | prose | review.total | review.total(N-1)",
                ":2: an identity over years needs a form in templates",
            ),
            (
                "year_pair | N14 | review.total | review.upheld",
                ":2: an identity over years needs terms with (N-1) and without",
            ),
            (
                "year_pair | N14 | review.total(N-1) | review.upheld(N-1)",
                ":2: an identity over years needs terms with (N-1) and without",
            ),
            (
                "year_pair | N14 | review.totl | review.total(N-1)",
                ":2: no such category: review.totl\nhint: did you mean review.total? categories.tsv has all that may stand there",
            ),
            ("year_pair | N14 |  | review.total(N-1)", ":2: must not be empty: left"),
            (
                "year_pair | N14 | proactive.theme | proactive.theme(N-1)",
                ":2: an open list has several values: proactive.theme",
            ),
            (
                "year_pair_row | FJ09 | @cumulative | review.total(N-1)",
                ":2: a row over years has @year and @cumulative, found: review.total",
            ),
            (
                "year | FJ09 | @cumulative | @cumulative(N-1)",
                "year_pair, year_pair_column, year_pair_row, found: year",
            ),
            // Within a report there is no year before.
            (
                "report | N14 | review.total | review.total(N-1)",
                ":2: no such category: review.total(N-1)",
            ),
        ] {
            check(line, expected);
        }
    }
}
