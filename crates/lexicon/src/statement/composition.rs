//! One line of the table of compositions: what a statement must mean to count a category.

use crate::category::{Categories, CategoryId};
use crate::row::Row;
use crate::tsv::DataError;
use crate::unit::UnitClass;

use super::feature::{FeatureId, FeatureKind, FeatureSet, Features};
use super::places::{Place, Surroundings};

/// What a statement means, as far as it is known.
#[derive(Debug, Clone, Copy)]
pub struct Means<'a> {
    /// What was done, the nearest to the number last.
    pub acts: &'a [FeatureId],
    /// What it was done to.
    pub thing: Option<FeatureId>,
    /// Whether the thing stands with the number, and was not only spoken of before.
    pub is_own: bool,
    /// Everything else that the words mean: through what, by whom, why.
    pub others: &'a FeatureSet,
    /// Applicants and grounds, which tell numbers apart: none of them can be passed over.
    pub must: [FeatureSet; 2],
    /// The case that was named last: 行政复议, 行政诉讼.
    pub case: Option<FeatureId>,
    /// What stands around it.
    pub around: Surroundings<'a>,
    /// The unit of the number; none without one. A denial has the unit of what it denies.
    pub unit: Unit<'a>,
    /// The report's year.
    pub year: Option<i16>,
}

/// The unit with which something is counted.
#[derive(Debug, Clone, Copy)]
pub enum Unit<'a> {
    /// None is printed.
    None,
    /// As printed, with its class.
    Printed(&'a str, UnitClass),
    /// Nothing is counted: a zero in words.
    Denied,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Composed {
    /// The category.
    pub category: CategoryId,
    /// What the same number counts, too.
    pub also: Option<CategoryId>,
    /// Whose requests, as the dataset's `applicant` says it.
    pub applicant: Option<&'static str>,
    /// How much of a guess it is, from 0.
    pub guess: u8,
    /// Its line in the table.
    pub line: usize,
}

/// Acts that a composition asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acts {
    /// None.
    Any,
    /// One of them.
    One(FeatureSet),
    /// All of them.
    All(FeatureSet),
}

/// Which units count something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    classes: [bool; UnitClass::CHOICES.len()],
    unitless: bool,
    refused: Vec<String>,
}

impl Counted {
    fn parse(row: Row<'_>) -> Result<Self, DataError> {
        let mut counted = Self::default();
        row.required("units")?;
        for name in row.distinct("units", '|')? {
            if let Some(unit) = name.strip_prefix('!') {
                counted.refused.push(unit.to_owned());
                continue;
            }
            let class = UnitClass::CHOICES.iter().position(|(choice, _)| *choice == name);
            match (name, class) {
                ("none", _) => counted.unitless = true,
                (_, Some(class)) => counted.classes[class] = true,
                _ => {
                    let names = UnitClass::CHOICES.iter().map(|(choice, _)| *choice).chain(["none"]);
                    return Err(row.unknown("no such unit class", name, names, "units.tsv"));
                }
            }
        }
        Ok(counted)
    }

    pub(super) fn extend(&mut self, other: &Self) {
        for (own, more) in self.classes.iter_mut().zip(other.classes) {
            *own |= more;
        }
        self.unitless |= other.unitless;
    }

    /// Whether a number with a unit counts it. What is denied has none, and can be anything.
    pub(super) fn allows(&self, unit: Unit<'_>) -> bool {
        let (name, class) = match unit {
            // What stands right behind its label needs no 件; money and persons are not told without theirs.
            Unit::None => return self.unitless || self.classes[0],
            Unit::Denied => return true,
            Unit::Printed(name, class) => (name, class),
        };
        let of_class = UnitClass::CHOICES.iter().position(|(_, choice)| *choice == class);
        of_class.and_then(|class| self.classes.get(class)) == Some(&true)
            && !self.refused.iter().any(|unit| unit == name)
    }
}

/// The category of a composition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfCategory {
    /// Always the same.
    Fixed(CategoryId),
    /// By the case that was named, each with its feature.
    Case(Vec<(FeatureId, CategoryId)>),
}

impl OfCategory {
    fn parse(row: Row<'_>, features: &Features, categories: &Categories) -> Result<Self, DataError> {
        let code = row.required("category")?;
        let Some(part) = code.strip_prefix("{case}") else {
            return Ok(Self::Fixed(categories.named(row, code)?));
        };
        // A case is called like its categories, with _ for dots.
        let things = features.of_kind(FeatureKind::Thing).iter();
        let cases = things.filter_map(|thing| {
            let matter = features.name(thing).replacen('_', ".", 1);
            Some((thing, categories.id(&format!("{matter}{part}"))?))
        });
        let cases: Vec<(FeatureId, CategoryId)> = cases.collect();
        match cases.is_empty() {
            true => Err(row.wrong(format!("no case has such a category: {code}"))),
            false => Ok(Self::Case(cases)),
        }
    }

    fn of(&self, case: Option<FeatureId>) -> Option<CategoryId> {
        match self {
            Self::Fixed(category) => Some(*category),
            Self::Case(cases) => cases
                .iter()
                .find(|(name, _)| Some(*name) == case)
                .map(|(_, category)| *category),
        }
    }

    /// The cases it tells apart.
    pub(super) fn cases(&self) -> FeatureSet {
        let mut cases = FeatureSet::default();
        if let Self::Case(named) = self {
            named.iter().for_each(|(case, _)| cases.insert(*case));
        }
        cases
    }

    /// Every category it can be.
    pub(super) fn all(&self) -> Vec<CategoryId> {
        match self {
            Self::Fixed(category) => vec![*category],
            Self::Case(cases) => cases.iter().map(|(_, category)| *category).collect(),
        }
    }
}

/// A line of the table.
#[derive(Debug, Clone)]
pub struct Composition {
    pub(super) category: OfCategory,
    /// What the same number counts, too: 收到并答复申请5件.
    pub(super) also: Option<CategoryId>,
    /// Whether it counts the requests of the applicants that are named.
    pub(super) of_named: bool,
    acts: Acts,
    pub(super) things: FeatureSet,
    with: Vec<FeatureSet>,
    without: FeatureSet,
    places: Vec<Place>,
    pub(super) counted: Counted,
    from: Option<i16>,
    until: Option<i16>,
    zero: bool,
    pub(super) guess: u8,
    pub(super) line: usize,
}

/// What a condition that is met is worth; a nearer act decides between equals, then the smaller guess.
pub(super) const CONDITION: i32 = 1000;
const NEARNESS: i32 = 40;

impl Composition {
    pub(super) fn parse(row: Row<'_>, features: &Features, categories: &Categories) -> Result<Self, DataError> {
        let (from, until) = (row.year("from")?, row.year("until")?);
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            return Err(row.wrong(format!("until must not be before from, which is {from}: {until}")));
        }
        let guess: Option<u8> = row.number("guess")?;
        if guess.is_some_and(|guess| guess > 30) {
            return Err(row.wrong(format!("guess must be from 0 to 30: {}", guess.unwrap_or(0))));
        }
        let mut with = Vec::new();
        for group in row.list("with", ' ')? {
            let mut set = FeatureSet::default();
            for name in row.parts("with", group, '|')? {
                set.extend(&features.set(row, name)?);
            }
            with.push(set);
        }
        let mut refused = FeatureSet::default();
        for name in row.distinct("without", '|')? {
            refused.extend(&features.set(row, name)?);
        }
        // What a line asks for it does not refuse: any other ground than its own.
        let mut without = FeatureSet::default();
        let asked_for = |feature: &FeatureId| with.iter().any(|group: &FeatureSet| group.contains(*feature));
        refused
            .iter()
            .filter(|feature| !asked_for(feature))
            .for_each(|feature| without.insert(feature));
        Ok(Self {
            category: OfCategory::parse(row, features, categories)?,
            also: match row.get("also")? {
                "" => None,
                code => Some(categories.named(row, code)?),
            },
            of_named: row.choice("applicant", &[("named", true), ("", false)])?,
            acts: acts(row, features)?,
            things: things(row, features)?,
            with,
            without,
            places: Place::parse(row, "where", categories)?,
            counted: Counted::parse(row)?,
            from,
            until,
            zero: row.choice("zero", &[("yes", true), ("no", false), ("", false)])?,
            guess: guess.unwrap_or(0),
            line: row.line,
        })
    }

    /// Whether it asks for one of the features of each kind that a statement cannot have for nothing.
    fn takes_all(&self, must: [FeatureSet; 2]) -> bool {
        let takes =
            |of_kind: &FeatureSet| of_kind.is_empty() || self.with.iter().any(|group| group.intersects(of_kind));
        must.iter().all(takes)
    }

    /// Features of which a statement that fits has one; none where it asks for none.
    pub(super) fn anchor(&self) -> Option<&FeatureSet> {
        match &self.acts {
            _ if !self.things.is_empty() => Some(&self.things),
            Acts::One(acts) | Acts::All(acts) => Some(acts),
            Acts::Any => self.with.first(),
        }
    }

    /// How well a statement fits, and the category it then has.
    pub(super) fn fits(&self, means: &Means<'_>) -> Option<(i32, CategoryId)> {
        let has_thing = self.things.is_empty() || means.thing.is_some_and(|thing| self.things.contains(thing));
        if !has_thing {
            return None;
        }
        let (conditions, distance) = self.acts_fit(means.acts)?;
        let is_denied = matches!(means.unit, Unit::Denied);
        let has =
            |group: &FeatureSet| group.intersects(means.others) || means.acts.iter().any(|act| group.contains(*act));
        let holds = self.with.iter().all(has)
            && !self.without.intersects(means.others)
            && self.takes_all(means.must)
            && (self.places.is_empty() || self.places.iter().any(|place| place.holds(&means.around)))
            && self.counted.allows(means.unit)
            && (self.zero || !is_denied)
            && self.from.is_none_or(|from| means.year.is_some_and(|year| from <= year))
            && self
                .until
                .is_none_or(|until| means.year.is_some_and(|year| year <= until));
        if !holds {
            return None;
        }
        let category = self.category.of(means.case)?;
        let count = |present: bool| i32::from(present);
        let conditions = conditions
            + count(!self.things.is_empty())
            + i32::try_from(self.with.len()).unwrap_or(0)
            + count(!self.places.is_empty())
            + count(self.from.is_some() || self.until.is_some());
        Some((
            conditions * CONDITION - distance * NEARNESS - i32::from(self.guess),
            category,
        ))
    }

    /// How many conditions the acts fulfil, several at once one more, and how far from the number the farthest of them is that is needed.
    fn acts_fit(&self, acts: &[FeatureId]) -> Option<(i32, i32)> {
        let distance = |wanted: FeatureId| {
            let place = acts.iter().rev().position(|act| *act == wanted)?;
            i32::try_from(place).ok()
        };
        match &self.acts {
            Acts::Any => Some((0, 0)),
            Acts::One(wanted) => {
                let place = acts.iter().rev().position(|act| wanted.contains(*act))?;
                Some((1, i32::try_from(place).ok()?.min(20)))
            }
            Acts::All(wanted) => {
                let places: Option<Vec<i32>> = wanted.iter().map(distance).collect();
                let places = places?;
                Some((i32::try_from(places.len() + 1).ok()?, places.into_iter().max()?.min(20)))
            }
        }
    }
}

/// What a field without a condition has.
const NONE: &str = "-";

fn acts(row: Row<'_>, features: &Features) -> Result<Acts, DataError> {
    let field = row.required("act")?;
    if field == NONE {
        return Ok(Acts::Any);
    }
    let is_pair = field.contains('+');
    if is_pair && field.contains('|') {
        return Err(row.wrong(format!("act has either + or |, not both: {field}")));
    }
    let mut set = FeatureSet::default();
    for name in row.distinct("act", if is_pair { '+' } else { '|' })? {
        set.insert(features.of_kinds(row, name, &[FeatureKind::Act])?);
    }
    Ok(if is_pair { Acts::All(set) } else { Acts::One(set) })
}

fn things(row: Row<'_>, features: &Features) -> Result<FeatureSet, DataError> {
    let mut set = FeatureSet::default();
    if row.required("thing")? != NONE {
        for name in row.distinct("thing", '|')? {
            set.insert(features.of_kinds(row, name, &[FeatureKind::Thing])?);
        }
    }
    Ok(set)
}
