//! The canonical category tree: dotted codes with unit, label and comparability.

use std::collections::HashMap;

use crate::tsv::{DataError, Table};

/// A category by its place in the sorted list of codes: comparing ids compares codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CategoryId(pub u16);

/// What a category's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CategoryKind {
    /// A count.
    Count,
    /// Money, stored in yuan.
    Money,
    /// A count in an open list, where the printed label is part of the key.
    List,
}

/// One statistic.
#[derive(Debug, Clone)]
pub struct Category {
    /// Dotted code, e.g. `requests.received.total`.
    pub code: String,
    /// Usual unit, in Chinese.
    pub unit: String,
    /// Count, money or open list.
    pub kind: CategoryKind,
    /// Chinese label.
    pub label: String,
    /// The category this one is a part of: what a printed share refers to.
    pub whole: Option<CategoryId>,
    /// The section of a report that speaks of it, as in the `section.*` word sets; empty for statutory tables.
    pub section: String,
    /// How far the series may be joined over the years.
    pub comparability: String,
    /// What it means, in English.
    pub meaning: String,
}

/// Every category, sorted by code.
#[derive(Debug)]
pub struct Categories {
    list: Vec<Category>,
    by_code: HashMap<String, CategoryId>,
    unmapped: CategoryId,
}

impl Categories {
    pub(crate) fn parse(table: &Table) -> Result<Self, DataError> {
        let mut rows = Vec::new();
        for row in table.rows() {
            let kinds = [
                ("count", CategoryKind::Count),
                ("money", CategoryKind::Money),
                ("list", CategoryKind::List),
            ];
            let category = Category {
                code: row.required("code")?.to_owned(),
                unit: row.get("unit")?.to_owned(),
                kind: row.choice("kind", &kinds)?,
                label: row.required("label")?.to_owned(),
                whole: None,
                section: row.get("section")?.to_owned(),
                comparability: row.get("comparability")?.to_owned(),
                meaning: row.get("meaning")?.to_owned(),
            };
            rows.push((category, row));
        }
        rows.sort_by(|left, right| left.0.code.cmp(&right.0.code));
        let mut by_code = HashMap::new();
        for (index, (category, row)) in rows.iter().enumerate() {
            let id = u16::try_from(index).map_err(|_| row.wrong(format!("too many categories: {}", category.code)))?;
            if by_code.insert(category.code.clone(), CategoryId(id)).is_some() {
                return Err(row.wrong(format!("listed twice: {}", category.code)));
            }
        }
        for (category, row) in &mut rows {
            let whole = row.get("whole")?;
            if !whole.is_empty() {
                let id = by_code
                    .get(whole)
                    .ok_or_else(|| row.wrong(format!("whole is not a category: {whole}")))?;
                category.whole = Some(*id);
            }
        }
        let unmapped = *by_code.get("unmapped").ok_or_else(|| DataError::Wrong {
            file: table.file.clone(),
            line: 1,
            reason: "missing category: unmapped".to_owned(),
        })?;
        Ok(Self {
            list: rows.into_iter().map(|(category, _)| category).collect(),
            by_code,
            unmapped,
        })
    }

    /// The category of an id given out by this list.
    #[must_use]
    pub fn get(&self, id: CategoryId) -> &Category {
        &self.list[usize::from(id.0)]
    }

    /// The code of an id given out by this list.
    #[must_use]
    pub fn code(&self, id: CategoryId) -> &str {
        &self.get(id).code
    }

    /// The id of a code.
    #[must_use]
    pub fn id(&self, code: &str) -> Option<CategoryId> {
        self.by_code.get(code).copied()
    }

    /// Whether labels tell the values of a category apart: those of open lists, and of codes that are not known.
    #[must_use]
    pub fn is_list(&self, code: &str) -> bool {
        let id = self.id(code);
        id.is_none_or(|id| self.get(id).kind == CategoryKind::List)
    }

    /// The category of printed rows that no form knows.
    #[must_use]
    pub fn unmapped(&self) -> CategoryId {
        self.unmapped
    }

    /// Every category, by code.
    pub fn iter(&self) -> impl Iterator<Item = (CategoryId, &Category)> {
        (0u16..).map(CategoryId).zip(&self.list)
    }
}
