//! What the panel is made by, taken from the data: series, totals, ratios and places.

use std::sync::Arc;

use gongkai_extract::Applicant;
use gongkai_lexicon::{CategoryKind, Comparability, Gazetteer, Indicator, Lexicon, Relation, SeriesLine, Years};
use rustc_hash::FxHashMap;

use crate::name::Named;

/// A total that no form prints, by codes.
#[derive(Debug)]
pub(crate) struct Total {
    pub category: String,
    pub years: Years,
    pub parts: Vec<String>,
}

/// Everything that the panel, the indicators and the coverage are made by.
#[derive(Debug)]
pub(crate) struct PanelBook {
    /// The series of each category that the panel takes; open lists are not in it, since several values share one
    /// category there.
    categories: FxHashMap<String, Vec<SeriesLine>>,
    /// The years of each printed row's form.
    rows: FxHashMap<String, Years>,
    pub totals: Vec<Total>,
    pub indicators: Vec<Indicator>,
    /// The series that indicators are made of, and the applicants whose values these take.
    pub measured: FxHashMap<String, Vec<Named<Applicant>>>,
    pub gazetteer: Arc<Gazetteer>,
}

impl PanelBook {
    /// The book of a lexicon.
    pub(crate) fn new(lexicon: &Lexicon) -> Self {
        let categories = lexicon.categories.iter();
        let taken = categories.filter(|(_, category)| category.kind != CategoryKind::List);
        let rows = lexicon.templates.rows();
        let code = |id| lexicon.categories.code(id).to_owned();
        let totals = lexicon.derived.iter().map(|total| Total {
            category: code(total.category),
            years: total.years,
            parts: total.parts.iter().map(|part| code(*part)).collect(),
        });
        Self {
            categories: taken
                .map(|(id, category)| (category.code.clone(), lexicon.series.lines(id).to_vec()))
                .collect(),
            rows: rows
                .map(|(_, row)| (row.name.clone(), lexicon.templates.get(row.template).years))
                .collect(),
            totals: totals.collect(),
            indicators: lexicon.indicators.clone(),
            measured: measured(&lexicon.indicators),
            gazetteer: Arc::clone(&lexicon.gazetteer),
        }
    }

    /// Whether the panel takes values of a category.
    pub(crate) fn takes(&self, category: &str) -> bool {
        self.categories.contains_key(category)
    }

    /// The series of a category in a year, and how its values of that year stand to those of others.
    pub(crate) fn series<'a>(&'a self, category: &'a str, year: i16) -> (&'a str, Comparability) {
        let mut lines = self.categories.get(category).into_iter().flatten();
        let line = lines.find(|line| line.years.contains(year));
        line.map_or((category, Comparability::Exact), |line| {
            (line.series.as_str(), line.comparability)
        })
    }

    /// What the printed row of a value says of its comparability: how it relates to the category, and whether it is of
    /// a form of another time, in which the category was something else.
    pub(crate) fn of_row(
        &self,
        category: &str,
        year: i16,
        relation: Named<Relation>,
        template_row: Option<&str>,
    ) -> Comparability {
        let form = template_row.and_then(|row| self.rows.get(row));
        let of_its_time = form.map_or(year, |years| year.clamp(years.from, years.to));
        if of_its_time != year && self.series(category, of_its_time) != self.series(category, year) {
            return Comparability::Break;
        }
        let relation = Relation::ALL.get(usize::from(relation.index())).copied();
        Comparability::of_relation(relation.unwrap_or(Relation::NotComparable))
    }
}

fn measured(indicators: &[Indicator]) -> FxHashMap<String, Vec<Named<Applicant>>> {
    let sums = indicators
        .iter()
        .flat_map(|indicator| indicator.numerators.iter().chain([&indicator.denominator]));
    let mut measured: FxHashMap<String, Vec<Named<Applicant>>> = FxHashMap::default();
    for term in sums.flatten() {
        let applicants = measured.entry(term.series.clone()).or_default();
        applicants.extend(Named::parse(&term.applicant));
    }
    measured
}
