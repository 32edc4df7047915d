//! Ratios that an analyst would compute first, as sums of series.

use crate::series::SeriesBook;
use crate::template::Templates;
use crate::tsv::{DataError, Row, Table};

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
    let applicants: Vec<&str> = columns.map(|column| column.name.as_str()).chain([ALL]).collect();
    let mut indicators: Vec<Indicator> = Vec::new();
    for row in table.rows() {
        let name = row.required("indicator")?;
        if indicators.iter().any(|known| known.name == name) {
            return Err(row.wrong(format!("listed twice: {name}")));
        }
        let sum = |text: &str| -> Result<Vec<IndicatorTerm>, DataError> {
            let terms = text.split('+').map(str::trim);
            terms.map(|term| parse_term(row, term, series, &applicants)).collect()
        };
        let numerators = row.required("numerator")?.split('|').map(sum);
        indicators.push(Indicator {
            name: name.to_owned(),
            numerators: numerators.collect::<Result<_, _>>()?,
            denominator: sum(row.required("denominator")?)?,
            meaning: row.required("meaning")?.to_owned(),
        });
    }
    indicators.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(indicators)
}

fn parse_term(row: Row<'_>, term: &str, known: &SeriesBook, applicants: &[&str]) -> Result<IndicatorTerm, DataError> {
    let (series, applicant) = match term.strip_suffix(']').and_then(|term| term.split_once('[')) {
        Some((series, applicant)) => (series, applicant),
        None => (term, ALL),
    };
    if !known.has(series) {
        return Err(row.wrong(format!("no such series: {series}")));
    }
    if !applicants.contains(&applicant) {
        return Err(row.wrong(format!("no such applicant column: {applicant}")));
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
                "i.tsv:2: no such series: review.correct",
            ),
            ("a\treview.corrected + \treview.total\tx", "i.tsv:2: no such series: "),
            (
                "a\treview.corrected[firms]\treview.total\tx",
                "i.tsv:2: no such applicant column: firms",
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
