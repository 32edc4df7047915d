//! Comparable series over the forms: which category carries a series in which year, and how its values stand to those of
//! other years.
//!
//! A year of a series has one category, so a series is one value for each place, year and applicant. Knows nothing of
//! values.

use std::collections::{BTreeMap, BTreeSet};

use crate::category::{Categories, CategoryId, CategoryKind};
use crate::row::Row;
use crate::template::Relation;
use crate::tsv::{DataError, Table};
use crate::years::Years;

/// How a value stands to the values of its series in other years. The later one is the worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparability {
    /// The same thing, counted the same way.
    Exact,
    /// Nearly the same thing: a jump at the edge of a form may be the form's doing.
    Near,
    /// Not to be joined with other years: another thing under the same name, or no form says how it is counted.
    Break,
}

impl Comparability {
    /// Every printed name, in declaration order.
    pub const NAMES: &'static [&'static str] = &["exact", "near", "break"];
    /// Every value, in declaration order.
    pub const ALL: &'static [Self] = &[Self::Exact, Self::Near, Self::Break];

    /// The name in the dataset's `comparability` columns.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Near => "near",
            Self::Break => "break",
        }
    }

    /// What it means for a value how its printed row relates to its category.
    #[must_use]
    pub fn of_relation(relation: Relation) -> Self {
        match relation {
            Relation::Exact => Self::Exact,
            Relation::Narrower | Relation::Broader | Relation::Near => Self::Near,
            Relation::NotComparable => Self::Break,
        }
    }
}

/// What a category is to a series in some years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesLine {
    /// The years of the reports.
    pub years: Years,
    /// The series: the code of a category, or such a code with a suffix.
    pub series: String,
    /// How values of these years stand to those of others.
    pub comparability: Comparability,
    /// Why, for people.
    pub note: String,
}

/// Every series.
#[derive(Debug)]
pub struct SeriesBook {
    lines: BTreeMap<CategoryId, Vec<SeriesLine>>,
    names: BTreeSet<String>,
}

impl SeriesBook {
    pub(crate) fn parse(table: &Table, categories: &Categories) -> Result<Self, DataError> {
        let mut lines: BTreeMap<CategoryId, Vec<(SeriesLine, Row<'_>)>> = BTreeMap::new();
        for row in table.rows() {
            for id in meant(row, categories)? {
                let line = parse_line(row, id, categories)?;
                let of_category = lines.entry(id).or_default();
                if of_category.iter().any(|(other, _)| other.years.overlaps(line.years)) {
                    let code = categories.code(id);
                    return Err(row.wrong(format!("another line has some of these years: {code}")));
                }
                of_category.push((line, row));
            }
        }
        one_category_a_year(&lines, categories)?;
        let series = lines.values().flatten().map(|(line, _)| line.series.clone());
        let own = categories.iter().map(|(_, category)| category.code.clone());
        let names = series.chain(own).collect();
        let lines = lines
            .into_iter()
            .map(|(id, of_category)| (id, of_category.into_iter().map(|(line, _)| line).collect()));
        Ok(Self {
            lines: lines.collect(),
            names,
        })
    }

    /// The lines of a category, in the order of the file. In years of no line it is a series of its own, exact.
    #[must_use]
    pub fn lines(&self, category: CategoryId) -> &[SeriesLine] {
        self.lines.get(&category).map_or(&[], Vec::as_slice)
    }

    /// Whether there is a series of this name.
    #[must_use]
    pub fn has(&self, series: &str) -> bool {
        self.names.contains(series)
    }

    /// The name of every series.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }
}

/// The categories of a line.
fn meant(row: Row<'_>, categories: &Categories) -> Result<Vec<CategoryId>, DataError> {
    let code = row.required("category")?;
    let found: Vec<CategoryId> = match code.strip_suffix('*') {
        None => vec![categories.named(row, code)?],
        Some(prefix) => {
            let below = |code: &str| prefix.ends_with('.') && code.starts_with(prefix);
            let all = categories.iter().filter(|(_, category)| below(&category.code));
            all.map(|(id, _)| id).collect()
        }
    };
    match found.is_empty() {
        true => Err(row.wrong(format!("no such category: {code}"))),
        false => Ok(found),
    }
}

fn parse_line(row: Row<'_>, id: CategoryId, categories: &Categories) -> Result<SeriesLine, DataError> {
    let choices: Vec<(&str, Comparability)> = Comparability::ALL.iter().map(|one| (one.as_str(), *one)).collect();
    let category = categories.get(id);
    if category.kind == CategoryKind::List {
        return Err(row.wrong(format!("an open list is no series: {}", category.code)));
    }
    let series = match row.get("series")? {
        "" => category.code.as_str(),
        series => series,
    };
    let is_known = |code: &str| categories.id(code).is_some();
    if !is_known(series) && !series.rsplit_once('.').is_some_and(|(code, _)| is_known(code)) {
        return Err(row.wrong(format!("neither a category nor one with a suffix: {series}")));
    }
    Ok(SeriesLine {
        years: Years::parse(row, "years")?,
        series: series.to_owned(),
        comparability: row.choice("comparability", &choices)?,
        note: row.get("note")?.to_owned(),
    })
}

/// Refuses two categories in one year of a series. Looks at every year in which something changes.
fn one_category_a_year(
    lines: &BTreeMap<CategoryId, Vec<(SeriesLine, Row<'_>)>>,
    categories: &Categories,
) -> Result<(), DataError> {
    let all = lines.values().flatten();
    let changes = all.flat_map(|(line, _)| [line.years.from, line.years.to.saturating_add(1)]);
    for year in changes.chain([i16::MIN]).collect::<BTreeSet<i16>>() {
        let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
        // Categories without a line first: a line is what is told to be wrong.
        let mut with_line = Vec::new();
        for (id, category) in categories.iter() {
            let line = lines
                .get(&id)
                .and_then(|of| of.iter().find(|(line, _)| line.years.contains(year)));
            match line {
                Some((line, row)) => with_line.push((line.series.as_str(), category.code.as_str(), row)),
                None => {
                    taken.insert(&category.code, &category.code);
                }
            }
        }
        for (series, code, row) in with_line {
            if let Some(other) = taken.insert(series, code) {
                return Err(row.wrong(format!("{series} has {other} in these years, too: {code}")));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{DataSource, Lexicon};

    fn check(lines: &str, expected: &str) {
        let lexicon = Lexicon::load(&DataSource::embedded()).unwrap();
        let text = format!("category\tyears\tseries\tcomparability\tnote\n{lines}\n");
        let table = Table::parse("s.tsv", &text).unwrap();
        let found = SeriesBook::parse(&table, &lexicon.categories).map(|_| "read".to_owned());
        assert_eq!(found.unwrap_or_else(|error| error.to_string()), expected, "{lines}");
    }

    #[test]
    fn lines_are_read_or_refused() {
        check("review.total\t-2018\t\tnear\t", "read");
        check("training.*\t-2013\t\tnear\t", "read");
        check(
            "review.tota\t-2018\t\tnear\t",
            "s.tsv:2: no such category: review.tota\nhint: did you mean review.total? categories.tsv has all that may stand there",
        );
        check("review*\t-2018\t\tnear\t", "s.tsv:2: no such category: review*");
        check(
            "review.total\t-2018\t\tnearly\t",
            "s.tsv:2: comparability must be one of exact, near, break, found: nearly",
        );
        check(
            "proactive.theme\t-2018\t\tnear\t",
            "s.tsv:2: an open list is no series: proactive.theme",
        );
        check(
            "review.total\t-2018\treviews\tnear\t",
            "s.tsv:2: neither a category nor one with a suffix: reviews",
        );
        check(
            "review.total\t-2018\t\tnear\t\nreview.total\t2018\t\texact\t",
            "s.tsv:3: another line has some of these years: review.total",
        );
        check(
            "statutory.norm.made\t2019-\tstatutory.norm.issued\tnear\t",
            "s.tsv:2: statutory.norm.issued has statutory.norm.issued in these years, too: statutory.norm.made",
        );
        check(
            "statutory.norm.issued\t-2020\tstatutory.norm.issued.old\tnear\t\nstatutory.norm.made\t2019-2020\tstatutory.norm.issued\tnear\t",
            "read",
        );
    }
}
