//! Places with their GB/T 2260 codes and the years they were valid in, and what speaks for a place.

mod changes;
mod clues;
mod codes;
mod lineage;
mod lookup;
mod relations;
mod sites;
mod townships;
mod zones;

use std::collections::HashMap;

pub use changes::{Change, ChangeKind};
pub use clues::{Clue, ClueKind};
pub use lineage::Lineage;
pub use lookup::Named;
pub use townships::Township;
pub use zones::Zone;

use crate::DataSource;
use crate::row::Row;
use crate::tsv::{DataError, Table};
use codes::Codes;
use lineage::Heirs;
use sites::Sites;
use townships::Townships;

/// Rank of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceLevel {
    /// 省, 自治区, 直辖市
    Province,
    /// 地级市, 自治州, 盟
    Prefecture,
    /// 县, 区, 县级市, 旗
    County,
}

impl PlaceLevel {
    /// Every name, in declaration order.
    pub const NAMES: &'static [&'static str] = &["province", "prefecture", "county"];

    /// As the data has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::Prefecture => "prefecture",
            Self::County => "county",
        }
    }
}

/// One code in the years it was valid.
#[derive(Debug, Clone)]
pub struct Place {
    /// Six digits.
    pub code: String,
    /// Official name, e.g. 天河区.
    pub name: String,
    /// Its rank.
    pub level: PlaceLevel,
    /// First year on whose 31 December it was valid; none when before 2008.
    pub valid_from: Option<i16>,
    /// Last year on whose 31 December it was valid; none while it is.
    pub valid_to: Option<i16>,
    /// Today's code of the same territory, when this one has ended.
    pub successor: Option<String>,
}

impl Place {
    /// Whether the code was valid on 31 December of a year.
    #[must_use]
    pub fn valid_in(&self, year: i16) -> bool {
        self.valid_from.is_none_or(|from| from <= year) && self.valid_to.is_none_or(|to| year <= to)
    }
}

/// Every place, what became of it, what lies in it and what speaks for it.
#[derive(Debug)]
pub struct Gazetteer {
    places: Vec<Place>,
    by_name: HashMap<String, Vec<usize>>,
    by_code: HashMap<String, Vec<usize>>,
    short_names: Vec<(String, String)>,
    clues: Vec<Clue>,
    area_clues: HashMap<(ClueKind, String), Vec<Clue>>,
    townships: Townships,
    zones: Vec<Zone>,
    changes: Vec<Change>,
    heirs: Heirs,
    sites: Sites,
}

impl Gazetteer {
    pub(crate) fn parse(source: &DataSource) -> Result<Self, DataError> {
        let table = |name: &str| source.table(&format!("gazetteer/{name}.tsv"));
        let places = parse_places(&table("places")?)?;
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        let mut by_code: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, place) in places.iter().enumerate() {
            by_name.entry(place.name.clone()).or_default().push(index);
            by_code.entry(place.code.clone()).or_default().push(index);
        }
        let codes = Codes::new(&places);
        let mut area_clues: HashMap<_, Vec<Clue>> = HashMap::new();
        for clue in clues::of_area_codes(&table("area_codes")?, &codes)? {
            area_clues.entry((clue.kind, clue.text.clone())).or_default().push(clue);
        }
        let changes = changes::parse(&table("changes")?, &codes)?;
        Ok(Self {
            short_names: parse_short_names(&table("short_names")?, &by_name)?,
            clues: clues::parse(&table("clues")?, &codes)?,
            area_clues,
            townships: Townships::parse(&table("townships")?, &codes)?,
            zones: zones::parse(&table("zones")?, &codes, |name| by_name.contains_key(name))?,
            heirs: Heirs::new(&places, &changes),
            changes,
            sites: Sites::parse(&table("sites")?, &codes)?,
            places,
            by_name,
            by_code,
        })
    }

    /// The places of an official name, whenever valid.
    pub fn named<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Place> {
        self.by_name
            .get(name)
            .into_iter()
            .flatten()
            .filter_map(|index| self.places.get(*index))
    }

    /// Whether a text is a place's name, official or another form.
    #[must_use]
    pub fn is_named(&self, text: &str) -> bool {
        self.by_name.contains_key(text) || self.short_names.iter().any(|(short, _)| short == text)
    }

    /// Other forms of official names, each with its official one: 河口县 is 河口瑶族自治县.
    pub fn short_names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.short_names
            .iter()
            .map(|(short, name)| (short.as_str(), name.as_str()))
    }

    /// The place a code meant in a year.
    #[must_use]
    pub fn at(&self, code: &str, year: i16) -> Option<&Place> {
        let found = self.by_code.get(code)?;
        found
            .iter()
            .filter_map(|index| self.places.get(*index))
            .find(|place| place.valid_in(year))
    }

    /// The place a code means today, or meant last.
    #[must_use]
    pub fn latest(&self, code: &str) -> Option<&Place> {
        let found = self.by_code.get(code)?;
        let places = found.iter().filter_map(|index| self.places.get(*index));
        places.max_by_key(|place| place.valid_to.unwrap_or(i16::MAX))
    }

    /// Every place.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// The clues of texts, index numbers and hosts.
    #[must_use]
    pub fn clues(&self) -> &[Clue] {
        &self.clues
    }

    /// The clues of a phone's area code, or of a postcode's first digits.
    #[must_use]
    pub fn area_clues(&self, kind: ClueKind, digits: &str) -> &[Clue] {
        let found = self.area_clues.get(&(kind, digits.to_owned()));
        found.map_or(&[], Vec::as_slice)
    }

    /// Towns, townships and streets of a county, and of a prefecture that has no counties; those that are gone too.
    pub fn townships<'a>(&'a self, county: &str) -> impl Iterator<Item = Township<'a>> {
        self.townships.of(county)
    }

    /// The counties with a township of this name, by code.
    #[must_use]
    pub fn counties_with(&self, township: &str) -> Vec<&str> {
        self.townships.with(township)
    }

    /// Every zone that has no code.
    #[must_use]
    pub fn zones(&self) -> &[Zone] {
        &self.zones
    }

    /// What became of a code, by year.
    pub fn changes_from<'a>(&'a self, code: &str) -> impl Iterator<Item = &'a Change> {
        self.changes.iter().filter(move |change| change.from == code)
    }

    /// What a code came from, by year.
    pub fn changes_to<'a>(&'a self, code: &str) -> impl Iterator<Item = &'a Change> {
        self.changes.iter().filter(move |change| change.to == code)
    }

    /// The place, as it is or was last, whose official site an address, a host or a path belongs to.
    #[must_use]
    pub fn site(&self, address: &str) -> Option<&Place> {
        self.sites.code(address).and_then(|code| self.latest(code))
    }
}

fn parse_places(table: &Table) -> Result<Vec<Place>, DataError> {
    let places: Vec<Place> = table.rows().map(parse_place).collect::<Result<_, _>>()?;
    let codes = Codes::new(&places);
    for (row, place) in table.rows().zip(&places) {
        codes.check_place(row, place)?;
    }
    Ok(places)
}

fn parse_place(row: Row<'_>) -> Result<Place, DataError> {
    let levels = [
        ("province", PlaceLevel::Province),
        ("prefecture", PlaceLevel::Prefecture),
        ("county", PlaceLevel::County),
    ];
    let code = row.required("code")?;
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(row.wrong(format!("code must have six digits: {code}")));
    }
    let (valid_from, valid_to) = (row.year("valid_from")?, row.year("valid_to")?);
    if let (Some(from), Some(to)) = (valid_from, valid_to)
        && to < from
    {
        return Err(row.wrong(format!("valid_to must not be before valid_from, which is {from}: {to}")));
    }
    let successor = row.get("successor")?;
    Ok(Place {
        code: code.to_owned(),
        name: row.required("name")?.to_owned(),
        level: row.choice("level", &levels)?,
        valid_from,
        valid_to,
        successor: (!successor.is_empty()).then(|| successor.to_owned()),
    })
}

fn parse_short_names(table: &Table, by_name: &HashMap<String, Vec<usize>>) -> Result<Vec<(String, String)>, DataError> {
    let mut short_names: Vec<(String, String)> = Vec::new();
    for row in table.rows() {
        let (short, name) = (row.required("short")?, row.required("name")?);
        if by_name.contains_key(short) {
            return Err(row.wrong(format!("the official name of a place is no short form: {short}")));
        }
        if !by_name.contains_key(name) {
            let names = by_name.keys().map(String::as_str);
            return Err(row.unknown("no place has this name", name, names, "gazetteer/places.tsv"));
        }
        let pair = (short.to_owned(), name.to_owned());
        if short_names.contains(&pair) {
            return Err(row.wrong(format!("listed twice: {short}")));
        }
        short_names.push(pair);
    }
    Ok(short_names)
}
