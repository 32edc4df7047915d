//! The totals of one place and year, computed again from the rows of the panel.

use gongkai_extract::Applicant;
use gongkai_lexicon::{CategoryId, Comparability, DerivedTotal, Lexicon};

use super::province::Held;
use super::sums::Sum;
use crate::name::Named;
use crate::panel::PanelBook;

/// What is wrong with the totals of a place and year; a total that is missing is told of its first part.
pub(super) fn wrong_totals<'h>(rows: &'h [Held], lexicon: &Lexicon, book: &PanelBook) -> Vec<(&'h Held, String)> {
    let Some(year) = rows.first().map(|row| row.year) else {
        return Vec::new();
    };
    let totals = lexicon.derived.iter().filter(|total| total.years.contains(year));
    let totals: Vec<&DerivedTotal> = totals.collect();
    let mut wrong = Vec::new();
    for total in &totals {
        let code = lexicon.categories.code(total.category);
        for first in rows.iter().filter(|row| total.parts.first() == Some(&row.category)) {
            let sum = sum(rows, total, first.applicant, book.series(code, year).1);
            let found = find(rows, total.category, first.applicant);
            let message = match (sum, found) {
                (Some(_), None) => format!("expected the total {code}"),
                (Some(sum), Some(found)) if found.derived && !is_sum(found, &sum) => {
                    format!("{code} is not the sum of its parts, {}", sum.count)
                }
                (None, Some(found)) if found.derived => {
                    format!("{code} is derived, though a part is missing or of another report")
                }
                _ => continue,
            };
            wrong.push((found.unwrap_or(first), message));
        }
    }
    let without_parts = rows.iter().filter(|row| row.derived && !has_a_part(rows, row, &totals));
    wrong.extend(without_parts.map(|row| (row, "derived, though no total of its year has such parts".to_owned())));
    wrong
}

fn sum(rows: &[Held], total: &DerivedTotal, applicant: Named<Applicant>, of_series: Comparability) -> Option<Sum> {
    Sum::of(total.parts.iter().map(|part| {
        let held = find(rows, *part, applicant)?;
        Some((held, held.printed.unwrap_or(Comparability::Break).max(of_series)))
    }))
}

fn is_sum(found: &Held, sum: &Sum) -> bool {
    found.count == Some(sum.count)
        && found.amount.is_none()
        && found.report == sum.report
        && sum.is_marked(found.check, found.confidence, found.comparability)
}

/// Whether the first part of a derived row is there: its total is then compared with it.
fn has_a_part(rows: &[Held], row: &Held, totals: &[&DerivedTotal]) -> bool {
    let mut totals = totals.iter().filter(|total| total.category == row.category);
    totals.any(|total| {
        let first = total.parts.first();
        first.is_some_and(|part| find(rows, *part, row.applicant).is_some())
    })
}

/// The row of a category and applicant among those of a place and year.
fn find(rows: &[Held], category: CategoryId, applicant: Named<Applicant>) -> Option<&Held> {
    // In a file whose rows are out of order nothing is found, which is told too.
    let wanted = (category, applicant.as_str());
    let place = rows.binary_search_by(|row| (row.category, row.applicant.as_str()).cmp(&wanted));
    rows.get(place.ok()?)
}
