//! Places with their GB/T 2260 codes and the years they were valid in, and what speaks for a place.

use std::collections::HashMap;

use crate::tsv::{DataError, Table};

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

/// What kind of evidence a clue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClueKind {
    /// Words of the text.
    Text,
    /// The beginning of an index number.
    Index,
    /// A host, or the end of one.
    Host,
    /// A phone area code.
    Phone,
    /// The first digits of a postcode.
    Postcode,
}

/// "A page with this in it speaks of a place whose code begins so."
#[derive(Debug, Clone)]
pub struct Clue {
    /// Where to look.
    pub kind: ClueKind,
    /// What to look for.
    pub text: String,
    /// The codes it speaks for begin with these digits.
    pub code_prefix: String,
    /// Log odds it adds.
    pub weight: f32,
}

/// Every place and clue.
#[derive(Debug)]
pub struct Gazetteer {
    places: Vec<Place>,
    by_name: HashMap<String, Vec<usize>>,
    by_code: HashMap<String, Vec<usize>>,
    short_names: Vec<(String, String)>,
    clues: Vec<Clue>,
    area_clues: HashMap<(ClueKind, String), Vec<Clue>>,
}

impl Gazetteer {
    pub(crate) fn parse(
        places: &Table,
        short_names: &Table,
        area_codes: &Table,
        clues: &Table,
    ) -> Result<Self, DataError> {
        let levels = [
            ("province", PlaceLevel::Province),
            ("prefecture", PlaceLevel::Prefecture),
            ("county", PlaceLevel::County),
        ];
        let mut list = Vec::new();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        let mut by_code: HashMap<String, Vec<usize>> = HashMap::new();
        for row in places.rows() {
            let code = row.required("code")?;
            if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(row.wrong(format!("code must have six digits: {code}")));
            }
            let name = row.required("name")?;
            by_name.entry(name.to_owned()).or_default().push(list.len());
            by_code.entry(code.to_owned()).or_default().push(list.len());
            let successor = row.get("successor")?;
            list.push(Place {
                code: code.to_owned(),
                name: name.to_owned(),
                level: row.choice("level", &levels)?,
                valid_from: row.number("valid_from")?,
                valid_to: row.number("valid_to")?,
                successor: (!successor.is_empty()).then(|| successor.to_owned()),
            });
        }
        let mut short = Vec::new();
        for row in short_names.rows() {
            let (name, official) = (row.required("short")?, row.required("name")?);
            if by_name.contains_key(name) || !by_name.contains_key(official) {
                return Err(row.wrong(format!("not a short form of a place's name: {name}")));
            }
            short.push((name.to_owned(), official.to_owned()));
        }
        let mut area_clues: HashMap<_, Vec<Clue>> = HashMap::new();
        for clue in area_code_clues(area_codes)? {
            area_clues.entry((clue.kind, clue.text.clone())).or_default().push(clue);
        }
        Ok(Self {
            places: list,
            by_name,
            by_code,
            short_names: short,
            clues: parse_clues(clues)?,
            area_clues,
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
}

fn parse_clues(table: &Table) -> Result<Vec<Clue>, DataError> {
    let kinds = [
        ("text", ClueKind::Text),
        ("index", ClueKind::Index),
        ("host", ClueKind::Host),
    ];
    table
        .rows()
        .map(|row| {
            Ok(Clue {
                kind: row.choice("kind", &kinds)?,
                text: row.required("text")?.to_owned(),
                code_prefix: row.required("code_prefix")?.to_owned(),
                weight: row.number("weight")?.unwrap_or(1.0),
            })
        })
        .collect()
}

fn area_code_clues(table: &Table) -> Result<Vec<Clue>, DataError> {
    let mut clues = Vec::new();
    for row in table.rows() {
        let code = row.required("code")?;
        let prefix = code.trim_end_matches("00").to_owned();
        for (kind, column, weight) in [(ClueKind::Phone, "phone", 3.0), (ClueKind::Postcode, "postcode", 2.0)] {
            let text = row.get(column)?;
            if !text.is_empty() {
                clues.push(Clue {
                    kind,
                    text: text.to_owned(),
                    code_prefix: prefix.clone(),
                    weight,
                });
            }
        }
    }
    Ok(clues)
}
