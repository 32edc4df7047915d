//! Totals that a form does not print, as sums of rows that it prints.

use crate::category::{Categories, CategoryId, CategoryKind};
use crate::row::Row;
use crate::tsv::{DataError, Table};
use crate::years::Years;

/// A total and its parts.
#[derive(Debug, Clone)]
pub struct DerivedTotal {
    /// The category of the total.
    pub category: CategoryId,
    /// The years of the reports.
    pub years: Years,
    /// The categories that are added up.
    pub parts: Vec<CategoryId>,
    /// What it is, for people.
    pub note: String,
}

/// Reads `derived.tsv`.
pub(crate) fn parse(table: &Table, categories: &Categories) -> Result<Vec<DerivedTotal>, DataError> {
    let mut totals: Vec<DerivedTotal> = Vec::new();
    for row in table.rows() {
        let category = count(row, row.required("category")?, categories)?;
        let years = Years::parse(row, "years")?;
        let parts = row.list("parts", '+')?;
        let parts: Vec<CategoryId> = parts
            .into_iter()
            .map(|part| count(row, part, categories))
            .collect::<Result<_, _>>()?;
        let mut distinct = parts.clone();
        distinct.sort_unstable();
        distinct.dedup();
        if parts.len() < 2 || distinct.len() < parts.len() || parts.contains(&category) {
            return Err(row.wrong("parts must be two or more other categories, each once".to_owned()));
        }
        let code = categories.code(category);
        if totals
            .iter()
            .any(|other| other.category == category && other.years.overlaps(years))
        {
            return Err(row.wrong(format!("another line has some of these years: {code}")));
        }
        totals.push(DerivedTotal {
            category,
            years,
            parts,
            note: row.get("note")?.to_owned(),
        });
    }
    // What is derived is derived from what is printed.
    for (row, total) in table.rows().zip(&totals) {
        let is_derived = |part: &&CategoryId| {
            let of_part = totals.iter().filter(|other| other.category == **part);
            of_part.into_iter().any(|other| other.years.overlaps(total.years))
        };
        if let Some(part) = total.parts.iter().find(is_derived) {
            return Err(row.wrong(format!("a part is derived itself: {}", categories.code(*part))));
        }
    }
    Ok(totals)
}

fn count(row: Row<'_>, code: &str, categories: &Categories) -> Result<CategoryId, DataError> {
    let id = categories.named(row, code)?;
    match categories.get(id).kind {
        CategoryKind::Count => Ok(id),
        CategoryKind::Money | CategoryKind::List => Err(row.wrong(format!("not a count: {code}"))),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{DataSource, Lexicon};

    #[test]
    fn totals_are_read_or_refused() {
        let lexicon = Lexicon::load(&DataSource::embedded()).unwrap();
        for (lines, expected) in [
            (
                "litigation.total\t2019-\tlitigation.direct.total + litigation.after_review.total\t",
                "read",
            ),
            (
                "litigation.tota\t2019-\tlitigation.direct.total\t",
                "d.tsv:2: no such category: litigation.tota\nhint: did you mean litigation.total? categories.tsv has all that may stand there",
            ),
            (
                "litigation.total\t2019-\tlitigation.direct.tota\t",
                "d.tsv:2: no such category: litigation.direct.tota\nhint: did you mean litigation.direct.total? categories.tsv has all that may stand there",
            ),
            (
                "litigation.total\t2019-\tlitigation.direct.total\t",
                "d.tsv:2: parts must be two or more other categories, each once",
            ),
            (
                "litigation.total\t2019-\tfee.collected + review.total\t",
                "d.tsv:2: not a count: fee.collected",
            ),
            (
                "review.total\t2019-\treview.upheld + review.other\t\nreview.total\t\treview.upheld + review.corrected\t",
                "d.tsv:3: another line has some of these years: review.total",
            ),
            (
                "review.total\t2019-\treview.upheld + review.other\t\nlitigation.total\t2020\treview.total + review.other\t",
                "d.tsv:3: a part is derived itself: review.total",
            ),
        ] {
            let table = Table::parse("d.tsv", &format!("category\tyears\tparts\tnote\n{lines}\n")).unwrap();
            let found = parse(&table, &lexicon.categories).map(|_| "read".to_owned());
            assert_eq!(found.unwrap_or_else(|error| error.to_string()), expected);
        }
    }
}
