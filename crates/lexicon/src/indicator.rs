//! Ratios that an analyst would compute first, as sums of series.

use crate::row::Row;
use crate::series::SeriesBook;
use crate::template::Templates;
use crate::tsv::{DataError, Table};

/// The applicant of terms that name none.
const ALL: &str = "all";

/// One term of a sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndicatorTerm {
    /// The series.
    pub series: String,
    /// The applicant's column, by name.
    pub applicant: String,
}

/// A ratio.
#[derive(Debug, Clone)]
pub struct Indicator {
    /// Its name, e.g. `granted_share`.
    pub name: String,
    /// The sums that can stand above the line; the first whose terms are all there is taken.
    pub numerators: Vec<Vec<IndicatorTerm>>,
    /// The sum below the line.
    pub denominator: Vec<IndicatorTerm>,
    /// What it says, for people.
    pub meaning: String,
}

/// Reads `indicators.tsv`; gives the ratios by name.
pub(crate) fn parse(table: &Table, series: &SeriesBook, templates: &Templates) -> Result<Vec<Indicator>, DataError> {
    let columns = templates.column_set("applicants").into_iter();
    let columns = columns.flat_map(|set| &set.columns);
    let applicants: Vec<&str> = columns.map(|column| column.name.as_str()).collect();
    let mut indicators: Vec<Indicator> = Vec::new();
    for row in table.rows() {
        let name = row.required("indicator")?;
        if indicators.iter().any(|known| known.name == name) {
            return Err(row.wrong(format!("listed twice: {name}")));
        }
        let sum = |column: &str, text: &str| parse_sum(row, column, text, series, &applicants);
        row.required("numerator")?;
        let numerators = row.list("numerator", '|')?.into_iter();
        let numerators: Vec<Vec<IndicatorTerm>> = numerators
            .map(|text| sum("numerator", text))
            .collect::<Result<_, _>>()?;
        let denominator = sum("denominator", row.required("denominator")?)?;
        for (at, numerator) in numerators.iter().enumerate() {
            if are_same(numerator, &denominator) {
                return Err(row.wrong(format!(
                    "numerator and denominator are the same, the ratio is always 1: {}",
                    row.get("denominator")?
                )));
            }
            if numerators.iter().take(at).any(|before| are_same(before, numerator)) {
                return Err(row.wrong(format!("numerator has a sum twice: {}", row.get("numerator")?)));
            }
        }
        indicators.push(Indicator {
            name: name.to_owned(),
            numerators,
            denominator,
            meaning: row.required("meaning")?.to_owned(),
        });
    }
    indicators.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(indicators)
}

fn parse_sum(
    row: Row<'_>,
    column: &str,
    text: &str,
    series: &SeriesBook,
    applicants: &[&str],
) -> Result<Vec<IndicatorTerm>, DataError> {
    let terms = row.parts(column, text, '+')?;
    row.check_distinct(column, &terms)?;
    let terms = terms.into_iter();
    terms.map(|term| parse_term(row, term, series, applicants)).collect()
}

/// Whether two sums have the same terms, in whatever order.
fn are_same(left: &[IndicatorTerm], right: &[IndicatorTerm]) -> bool {
    left.len() == right.len() && left.iter().all(|term| right.contains(term))
}

fn parse_term(row: Row<'_>, term: &str, known: &SeriesBook, applicants: &[&str]) -> Result<IndicatorTerm, DataError> {
    let (series, applicant) = match term.strip_suffix(']').and_then(|term| term.split_once('[')) {
        Some((series, applicant)) => (series, applicant),
        None => (term, ALL),
    };
    if !known.has(series) {
        return Err(row.unknown(
            "no such series",
            series,
            known.names(),
            "series.tsv, with categories.tsv,",
        ));
    }
    if !applicants.contains(&applicant) {
        let names = applicants.iter().copied();
        return Err(row.unknown("no such applicant column", applicant, names, "columns.tsv"));
    }
    Ok(IndicatorTerm {
        series: series.to_owned(),
        applicant: applicant.to_owned(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{DataSource, Lexicon};

    #[test]
    fn ratios_are_read_or_refused() {
        let lexicon = Lexicon::load(&DataSource::embedded()).unwrap();
        for (lines, expected) in [
            (
                "a\treview.corrected | review.upheld + review.other\treview.total\tx",
                "read",
            ),
            (
                "a\trequests.received.total[business]\trequests.received.total\tx",
                "read",
            ),
            (
                "a\treview.correct\treview.total\tx",
                "i.tsv:2: no such series: review.correct\nhint: did you mean review.corrected? series.tsv, with categories.tsv, has all that may stand there",
            ),
            (
                "a\treview.corrected + \treview.total\tx",
                "i.tsv:2: numerator has + with nothing beside it: review.corrected +",
            ),
            (
                "a\treview.corrected + review.other + review.corrected\treview.total\tx",
                "i.tsv:2: numerator has this twice: review.corrected",
            ),
            (
                "a\treview.other | review.upheld + review.corrected\treview.corrected + review.upheld\tx",
                "i.tsv:2: numerator and denominator are the same, the ratio is always 1: review.corrected + review.upheld",
            ),
            (
                "a\treview.total[all]\treview.total\tx",
                "i.tsv:2: numerator and denominator are the same, the ratio is always 1: review.total",
            ),
            (
                "a\treview.other + review.upheld | review.upheld + review.other\treview.total\tx",
                "i.tsv:2: numerator has a sum twice: review.other + review.upheld | review.upheld + review.other",
            ),
            (
                "a\treview.corrected[firms]\treview.total\tx",
                "i.tsv:2: no such applicant column: firms\nhint: there may stand all, business, legal_service, natural_person, other, public_interest, research",
            ),
            ("a\treview.corrected\t\tx", "i.tsv:2: must not be empty: denominator"),
            (
                "a\treview.corrected\treview.total\tx\na\treview.other\treview.total\tx",
                "i.tsv:3: listed twice: a",
            ),
        ] {
            let table = Table::parse(
                "i.tsv",
                &format!("indicator\tnumerator\tdenominator\tmeaning\n{lines}\n"),
            )
            .unwrap();
            let found = parse(&table, &lexicon.series, &lexicon.templates).map(|_| "read".to_owned());
            assert_eq!(found.unwrap_or_else(|error| error.to_string()), expected);
        }
    }
}
