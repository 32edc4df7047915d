//! Where in a report a composition holds: below totals that are open, or in a chapter.

use crate::category::{Categories, CategoryId};
use crate::prose::SECTIONS;
use crate::row::Row;
use crate::tsv::DataError;

/// Where a composition holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Below a total of one of these.
    Open(Vec<CategoryId>),
    /// In a chapter, by the name of its word set.
    Section(String),
}

/// What stands around a statement.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// The totals that were named in the chapter.
    pub open: &'a [CategoryId],
    /// The chapter, as its word set's name.
    pub section: Option<&'a str>,
}

impl Place {
    /// The places that a field lists: `requests.*|@requests`.
    pub(super) fn parse(row: Row<'_>, column: &str, categories: &Categories) -> Result<Vec<Self>, DataError> {
        let places = row.distinct(column, '|')?.into_iter();
        places.map(|place| Self::named(row, place, categories)).collect()
    }

    fn named(row: Row<'_>, place: &str, categories: &Categories) -> Result<Self, DataError> {
        if let Some(section) = place.strip_prefix('@') {
            let known = || SECTIONS.iter().filter_map(|name| name.strip_prefix("section."));
            return match known().any(|name| name == section) {
                true => Ok(Self::Section(format!("section.{section}"))),
                false => Err(row.unknown("no such section", section, known(), "prose/words.tsv")),
            };
        }
        let Some(matter) = place.strip_suffix('*') else {
            return Ok(Self::Open(vec![categories.named(row, place)?]));
        };
        let of_matter = categories
            .iter()
            .filter(|(_, category)| category.code.starts_with(matter));
        let of_matter: Vec<CategoryId> = of_matter.map(|(id, _)| id).collect();
        match of_matter.is_empty() {
            true => Err(row.wrong(format!("no category begins so: {matter}"))),
            false => Ok(Self::Open(of_matter)),
        }
    }

    /// Whether a statement stands there.
    pub(super) fn holds(&self, around: &Surroundings<'_>) -> bool {
        match self {
            Self::Open(categories) => around.open.iter().any(|open| categories.contains(open)),
            Self::Section(section) => around.section == Some(section),
        }
    }
}
