//! Units of count and money.

use rustc_hash::FxHashMap;

use crate::row::Row;
use crate::tsv::{DataError, Table};

/// What kind of thing a unit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnitClass {
    /// Documents, requests, cases: 件 条 宗 起 项.
    Item,
    /// Things that are no statistic by themselves: 个 家 处.
    Thing,
    /// Occasions: 次 场.
    Event,
    /// Visits of persons: 人次.
    Visit,
    /// Persons: 人 名.
    Person,
    /// Money.
    Money,
}

impl UnitClass {
    pub(crate) const CHOICES: [(&'static str, Self); 6] = [
        ("item", Self::Item),
        ("thing", Self::Thing),
        ("event", Self::Event),
        ("visit", Self::Visit),
        ("person", Self::Person),
        ("money", Self::Money),
    ];
}

/// One unit.
#[derive(Debug, Clone)]
pub struct Unit {
    /// As printed.
    pub name: String,
    /// What it counts.
    pub class: UnitClass,
    /// Yuan in one of it, for money; else 1.
    pub scale: i64,
}

/// The largest scale: amounts are multiplied with it, and must not leave what a number can hold.
const MOST_YUAN: i64 = 1_000_000_000;

/// Every unit, found by its first character.
#[derive(Debug)]
pub struct Units {
    /// Longest name first.
    by_first: FxHashMap<char, Vec<Unit>>,
}

impl Units {
    pub(crate) fn parse(table: &Table) -> Result<Self, DataError> {
        let mut list: Vec<Unit> = Vec::new();
        for row in table.rows() {
            let unit = parse_unit(row)?;
            if list.iter().any(|other| other.name == unit.name) {
                return Err(row.wrong(format!("listed twice: {}", unit.name)));
            }
            list.push(unit);
        }
        list.sort_by_key(|unit: &Unit| std::cmp::Reverse(unit.name.len()));
        let mut by_first: FxHashMap<char, Vec<Unit>> = FxHashMap::default();
        for unit in list {
            if let Some(first) = unit.name.chars().next() {
                by_first.entry(first).or_default().push(unit);
            }
        }
        Ok(Self { by_first })
    }

    /// The name of every unit.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_first.values().flatten().map(|unit| unit.name.as_str())
    }

    fn like(&self, text: &str) -> &[Unit] {
        let first = text.chars().next();
        first
            .and_then(|first| self.by_first.get(&first))
            .map_or(&[], Vec::as_slice)
    }

    /// The longest unit at the start of a text.
    #[must_use]
    pub fn at_start(&self, text: &str) -> Option<&Unit> {
        self.like(text).iter().find(|unit| text.starts_with(unit.name.as_str()))
    }

    /// The unit a text is, if it is one; 件(条) is 件, and so is 件(含转办2件).
    #[must_use]
    pub fn exact(&self, text: &str) -> Option<&Unit> {
        let like = self.like(text);
        if like.is_empty() {
            return None;
        }
        let named = |name: &str| like.iter().find(|unit| unit.name == name);
        let bare = || {
            let (bare, bracket) = text.split_once('(')?;
            (bracket.find(')') == bracket.len().checked_sub(1)).then_some(bare)
        };
        named(text).or_else(|| named(bare()?))
    }
}

fn parse_unit(row: Row<'_>) -> Result<Unit, DataError> {
    let name = row.required("unit")?;
    let class = row.choice("class", &UnitClass::CHOICES)?;
    row.required("scale")?;
    let scale = row.number("scale")?.unwrap_or(1);
    match class {
        UnitClass::Money if !(1..=MOST_YUAN).contains(&scale) => Err(row.wrong(format!(
            "scale must be the yuan in one {name}, from 1 to {MOST_YUAN}: {scale}"
        ))),
        UnitClass::Money => Ok(scale),
        _ if scale != 1 => Err(row.wrong(format!("scale of what is no money must be 1: {scale}"))),
        _ => Ok(scale),
    }
    .map(|scale| Unit {
        name: name.to_owned(),
        class,
        scale,
    })
}
