//! The canonical category tree: dotted codes with unit, label and comparability.

use std::collections::HashMap;

use crate::prose::SECTIONS;
use crate::row::Row;
use crate::tsv::{DataError, Table};
use crate::unit::{UnitClass, Units};

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

/// What sentences do with a category that they do with few others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// How much was disclosed in all.
    Disclosed,
    /// What of it was disclosed over one channel.
    Channel,
    /// What of it, or of what was made, is of one class.
    Class,
    /// What of it is on one theme, by the name that is printed.
    Theme,
    /// How many requests were received: those of one website are a part.
    Received,
    /// How many were closed: what is said of all of them is how.
    Closed,
}

impl Role {
    const CHOICES: [(&str, Option<Self>); 7] = [
        ("", None),
        ("disclosed", Some(Self::Disclosed)),
        ("channel", Some(Self::Channel)),
        ("class", Some(Self::Class)),
        ("theme", Some(Self::Theme)),
        ("received", Some(Self::Received)),
        ("closed", Some(Self::Closed)),
    ];

    /// As the file has it.
    fn name(self) -> &'static str {
        let choice = Self::CHOICES.iter().find(|(_, role)| *role == Some(self));
        choice.map_or("", |(name, _)| name)
    }
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
    /// What sentences do with it.
    pub role: Option<Role>,
    /// How far the series may be joined over the years.
    pub comparability: String,
    /// What it means, in English.
    pub meaning: String,
}

/// The category of printed rows that no form knows.
const UNMAPPED: &str = "unmapped";

/// Where the codes stand.
const FILE: &str = "categories.tsv";

/// Every category, sorted by code.
#[derive(Debug)]
pub struct Categories {
    list: Vec<Category>,
    by_code: HashMap<String, CategoryId>,
    unmapped: CategoryId,
    disclosed: CategoryId,
    theme: CategoryId,
}

impl Categories {
    pub(crate) fn parse(table: &Table, units: &Units) -> Result<Self, DataError> {
        let mut rows = Vec::new();
        for row in table.rows() {
            rows.push((parse_row(row, units)?, row));
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
                let id = by_code.get(whole).copied();
                let codes = by_code.keys().map(String::as_str);
                category.whole = Some(id.ok_or_else(|| row.unknown("whole is not a category", whole, codes, FILE))?);
            }
        }
        check_wholes(&rows)?;
        let missing = |what: &str| DataError::Wrong {
            file: table.file.clone(),
            line: 1,
            reason: format!("missing category: {what}"),
        };
        let unmapped = *by_code.get(UNMAPPED).ok_or_else(|| missing(UNMAPPED))?;
        let the = |role: Role| {
            let name = role.name();
            let of_role = (0u16..)
                .zip(&rows)
                .filter(|(_, (category, _))| category.role == Some(role));
            let mut of_role: Vec<(u16, Row<'_>)> = of_role.map(|(id, (_, row))| (id, *row)).collect();
            of_role.sort_by_key(|(_, row)| row.line);
            match of_role.as_slice() {
                [] => Err(missing(&format!("one with the role {name}"))),
                [(id, _)] => Ok(CategoryId(*id)),
                [_, (_, row), ..] => Err(row.wrong(format!("a second category with the role: {name}"))),
            }
        };
        Ok(Self {
            disclosed: the(Role::Disclosed)?,
            theme: the(Role::Theme)?,
            list: rows.into_iter().map(|(category, _)| category).collect(),
            by_code,
            unmapped,
        })
    }

    /// The id of a code that a row names.
    pub(crate) fn named(&self, row: Row<'_>, code: &str) -> Result<CategoryId, DataError> {
        let codes = self.list.iter().map(|category| category.code.as_str());
        self.id(code)
            .ok_or_else(|| row.unknown("no such category", code, codes, FILE))
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

    /// The one that counts what was disclosed in all.
    #[must_use]
    pub fn disclosed(&self) -> CategoryId {
        self.disclosed
    }

    /// The one that counts what was disclosed on a theme.
    #[must_use]
    pub fn theme(&self) -> CategoryId {
        self.theme
    }

    /// Whether others are parts of a category.
    #[must_use]
    pub fn has_parts(&self, id: CategoryId) -> bool {
        self.list.iter().any(|category| category.whole == Some(id))
    }

    /// Every category, by code.
    pub fn iter(&self) -> impl Iterator<Item = (CategoryId, &Category)> {
        (0u16..).map(CategoryId).zip(&self.list)
    }
}

fn parse_row(row: Row<'_>, units: &Units) -> Result<Category, DataError> {
    let kinds = [
        ("count", CategoryKind::Count),
        ("money", CategoryKind::Money),
        ("list", CategoryKind::List),
    ];
    let code = row.required("code")?;
    let is_word = |part: &str| {
        let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        !part.is_empty() && part.bytes().all(plain)
    };
    if !code.split('.').all(is_word) {
        return Err(row.wrong(format!(
            "code must be words of a to z, 0 to 9 and _ with dots between them: {code}"
        )));
    }
    let kind = row.choice("kind", &kinds)?;
    if code == UNMAPPED && kind != CategoryKind::List {
        return Err(row.wrong(format!(
            "labels tell what no form knows apart, so kind must be list: {code}"
        )));
    }
    Ok(Category {
        code: code.to_owned(),
        unit: parse_unit(row, kind, units)?,
        kind,
        label: row.required("label")?.to_owned(),
        whole: None,
        section: parse_section(row)?,
        role: row.choice("role", &Role::CHOICES)?,
        comparability: row.get("comparability")?.to_owned(),
        meaning: row.required("meaning")?.to_owned(),
    })
}

/// The unit of a category; what no form knows can have any.
fn parse_unit(row: Row<'_>, kind: CategoryKind, units: &Units) -> Result<String, DataError> {
    let name = match kind {
        CategoryKind::List => row.get("unit")?,
        CategoryKind::Count | CategoryKind::Money => row.required("unit")?,
    };
    let unit = units.exact(name);
    if unit.is_none() && !name.is_empty() {
        return Err(row.unknown("no such unit", name, units.names(), "units.tsv"));
    }
    let is_money = unit.is_some_and(|unit| unit.class == UnitClass::Money);
    match is_money == (kind == CategoryKind::Money) {
        true => Ok(name.to_owned()),
        false => Err(row.wrong(format!("money has a unit of class money, and nothing else has: {name}"))),
    }
}

fn parse_section(row: Row<'_>) -> Result<String, DataError> {
    let section = row.get("section")?;
    let known = || SECTIONS.iter().filter_map(|name| name.strip_prefix("section."));
    match section.is_empty() || known().any(|name| name == section) {
        true => Ok(section.to_owned()),
        false => Err(row.unknown("no such section", section, known(), "prose/words.tsv")),
    }
}

/// Refuses wholes that are of another kind or lead back to themselves.
fn check_wholes(rows: &[(Category, Row<'_>)]) -> Result<(), DataError> {
    let get = |id: CategoryId| rows.get(usize::from(id.0)).map(|(category, _)| category);
    for (category, row) in rows {
        let Some(whole) = category.whole.and_then(get) else {
            continue;
        };
        let is_money = |category: &Category| category.kind == CategoryKind::Money;
        if whole.kind == CategoryKind::List || is_money(whole) != is_money(category) {
            return Err(row.wrong(format!(
                "whole must be a count, or for money an amount of money: {}",
                whole.code
            )));
        }
        let mut chain = vec![category.code.as_str()];
        let mut next = Some(whole);
        // A circle further up is told at the rows that are in it.
        while let Some(above) = next.filter(|above| chain.iter().skip(1).all(|seen| *seen != above.code)) {
            chain.push(&above.code);
            if above.code == category.code {
                let chain = chain.join(" in ");
                return Err(row.wrong(format!(
                    "whole leads back to where it came from: {chain}\nhint: what is a part of nothing has an empty whole"
                )));
            }
            next = above.whole.and_then(get);
        }
    }
    Ok(())
}
