//! The places that the evidence allows: by name in the year, or else by zone, address, number or township.

use std::collections::BTreeSet;

use gongkai_lexicon::{Gazetteer, Place, PlaceLevel};

use super::clues::Clues;
use super::names::PlaceFinder;
use super::place::Body;
use crate::model::BodyKind;

/// Names of townships that more counties have tell nothing.
const MOST_COUNTIES: usize = 20;
/// So many years a name stays in use after its end, and is used for years before its beginning.
const NAME_LASTS: i16 = 3;
const NAME_AHEAD: i16 = 2;

/// The places that hold the zone of this name: 亦庄开发区 is in 北京市.
pub(super) fn of_zones<'a>(gazetteer: &'a Gazetteer, finder: &PlaceFinder, body: &Body<'_>) -> Vec<&'a Place> {
    let is_zone = matches!(body.kind, Some(BodyKind::Zone | BodyKind::Xpcc));
    let Some((name, _)) = body.organs.first().filter(|_| is_zone) else {
        return Vec::new();
    };
    let parents = finder.zone_parents(name, gazetteer);
    let places = parents
        .into_iter()
        .filter_map(|code| in_year(gazetteer, code, body.year));
    places.collect()
}

/// The places that have a township of this name: few names are of one alone.
pub(super) fn of_townships<'a>(gazetteer: &'a Gazetteer, body: &Body<'_>) -> Vec<&'a Place> {
    let Some(name) = body.organs.first().and_then(|(name, _)| township_name(name, body.kind)) else {
        return Vec::new();
    };
    let counties = gazetteer.counties_with(name);
    let places = counties
        .into_iter()
        .filter_map(|code| in_year(gazetteer, code, body.year));
    let places: Vec<&Place> = places.collect();
    if places.len() <= MOST_COUNTIES {
        places
    } else {
        Vec::new()
    }
}

/// The name of a township or street without what its government is called: 北京街道 of 北京街道办事处.
fn township_name(organ: &str, kind: Option<BodyKind>) -> Option<&str> {
    let endings = match kind? {
        BodyKind::Township => ["人民政府办公室", "人民政府", "政府办公室", "政府"].as_slice(),
        BodyKind::Street => ["办事处", "办"].as_slice(),
        _ => return None,
    };
    let name = endings
        .iter()
        .find_map(|ending| organ.strip_suffix(*ending))
        .unwrap_or(organ);
    (name.chars().count() > 2).then_some(name)
}

/// The nine digits of the township that a body is of; none where no list has it.
#[must_use]
pub fn township(gazetteer: &Gazetteer, organ: &str, kind: Option<BodyKind>, code: &str) -> Option<String> {
    let name = township_name(organ, kind)?;
    let own = gazetteer
        .townships(code)
        .filter(|township| name.ends_with(township.name));
    own.max_by_key(|township| (township.name.len(), township.last_year.is_none()))
        .map(|township| township.code)
}

/// The places of the page's address or organisation code, where no name tells any.
pub(super) fn of_clues<'a>(gazetteer: &'a Gazetteer, clues: &Clues<'_>, body: &Body<'_>) -> Vec<&'a Place> {
    let codes: BTreeSet<String> = clues.codes().collect();
    let places = codes.iter().filter_map(|code| in_year(gazetteer, code, body.year));
    places
        .filter(|place| body.rank.is_none_or(|rank| place.name.ends_with(rank)))
        .collect()
}

/// The place of a code if it was valid in the year; as it is or was last where no year is known.
fn in_year<'a>(gazetteer: &'a Gazetteer, code: &str, year: Option<i16>) -> Option<&'a Place> {
    match year {
        Some(year) => gazetteer.at(code, year),
        None => gazetteer.latest(code),
    }
}

/// The smallest of the places that names are of.
pub(super) fn deepest<'a>(gazetteer: &'a Gazetteer, names: &[&str], year: Option<i16>) -> Vec<&'a Place> {
    let mut places = valid(gazetteer, names, year);
    let level = places.iter().map(|place| place.level).max();
    places.retain(|place| Some(place.level) == level);
    places
}

/// The places of names that were valid in a year. A name that no place had then stands for what became of its place.
pub(super) fn valid<'a>(gazetteer: &'a Gazetteer, names: &[&str], year: Option<i16>) -> Vec<&'a Place> {
    let of_name = |name: &&str| {
        let named: Vec<&Place> = gazetteer.named(name).collect();
        let then = named
            .iter()
            .copied()
            .filter(|place| year.is_none_or(|year| place.valid_in(year)));
        match then.collect::<Vec<&Place>>() {
            none if none.is_empty() => named
                .into_iter()
                .flat_map(|place| heirs(gazetteer, place, year))
                .collect(),
            some => some,
        }
    };
    let mut places: Vec<&Place> = names.iter().flat_map(of_name).collect();
    places.sort_by(|left, right| left.code.cmp(&right.code));
    places.dedup_by(|left, right| left.code == right.code);
    places
}

/// What a place's territory was in a year soon after its end, or shortly before its beginning: reports for 2014 may be
/// titled 增城市 or 增城区.
fn heirs<'a>(gazetteer: &'a Gazetteer, place: &Place, year: Option<i16>) -> Vec<&'a Place> {
    let Some(year) = year else { return Vec::new() };
    let ended = place.valid_to.filter(|to| (year - NAME_LASTS..year).contains(to));
    let begins = place
        .valid_from
        .filter(|from| (year + 1..=year + NAME_AHEAD).contains(from));
    let codes: Vec<&str> = match (ended, begins) {
        (Some(_), _) => gazetteer
            .changes_from(&place.code)
            .filter(|change| change.year <= year)
            .map(|change| change.to.as_str())
            .collect(),
        (None, Some(_)) => gazetteer
            .changes_to(&place.code)
            .map(|change| change.from.as_str())
            .collect(),
        (None, None) => Vec::new(),
    };
    codes.into_iter().filter_map(|code| gazetteer.at(code, year)).collect()
}

/// What the territory was called before and after.
pub(super) fn other_names<'a>(gazetteer: &'a Gazetteer, place: &Place) -> impl Iterator<Item = &'a str> {
    let before = gazetteer.changes_to(&place.code).map(|change| change.from.as_str());
    let after = gazetteer.changes_from(&place.code).map(|change| change.to.as_str());
    let places = before.chain(after).filter_map(|code| gazetteer.latest(code));
    places.map(|place| place.name.as_str())
}

/// Whether a prefecture or province is divided into counties: 东莞市 is not.
pub(super) fn has_counties(gazetteer: &Gazetteer, place: &Place, year: Option<i16>) -> bool {
    let prefix = place.code.trim_end_matches("00");
    gazetteer.places().iter().any(|other| {
        other.level == PlaceLevel::County
            && other.code.starts_with(prefix)
            && year.is_none_or(|year| other.valid_in(year))
    })
}
