//! Places that bodies are named after without the word for what they are: 西安高新区, 安徽舒城经济开发区, 公安局长宁分局.

use gongkai_lexicon::{Gazetteer, OrganWords, Place, PlaceLevel, WordKind};

use super::Evidence;
use super::body::{self, names_zone};
use super::candidates::deepest;
use super::clues::Clues;
use super::names::PlaceFinder;
use super::place::{Body, Tally};
use crate::model::BodyKind;

/// The places whose bare names begin the issuer's, as far as something else on the page speaks for them, too: brands and
/// slogans in place of a name begin like places as well.
pub(super) fn stems<'a>(
    evidence: &Evidence<'a>,
    finder: &'a PlaceFinder,
    body: &Body<'_>,
    tally: &Tally<'_>,
    clues: &Clues<'_>,
) -> Vec<&'a str> {
    let gazetteer = &evidence.lexicon.gazetteer;
    let is_bureau = body.kind == Some(BodyKind::Department);
    let has_witness = |name: &&str| {
        let places = deepest(gazetteer, &[name], body.year);
        places.iter().any(|place| {
            let above = gazetteer.above(&place.code, body.year);
            let named = |name: &str| tally.weights.contains_key(name);
            let names_above = named(&place.name) || above.iter().any(|above| named(&above.name));
            names_above || clues.weight(place) > 0.0 || is_bureau && names_within(gazetteer, tally, place)
        })
    };
    let own_names = body
        .organs
        .iter()
        .filter(|_| !matches!(body.kind, Some(BodyKind::Township | BodyKind::Street)));
    let lexicon = evidence.lexicon;
    let central = body.kind == Some(BodyKind::Central);
    let mut stems = own_names.filter_map(|(name, _)| {
        let name = if central { body::branch(name, lexicon) } else { name };
        let (stem, rest) = finder.stem_and_rest(name, &lexicon.organs)?;
        let is_own = central || names_zone(name, lexicon) || has_witness(&stem);
        is_own.then(|| within(gazetteer, (stem, rest), body.year, &lexicon.organs).unwrap_or(stem))
    });
    let of_zone = || {
        let zone = body.organs.first().filter(|_| body.kind == Some(BodyKind::Zone));
        // 河北白沟新城 has nothing to do with 河北区.
        let (name, _) = zone.filter(|(name, _)| finder.stem_of(name, &lexicon.organs).is_none())?;
        district_of_zone(gazetteer, name, body.year, &lexicon.organs)
    };
    match stems.next() {
        Some(stem) => vec![stem],
        None => of_zone().into_iter().collect(),
    }
}

/// The districts that a city's bureau has branches for, by their bare names: 长宁 of 上海市公安局长宁分局.
pub(super) fn branches<'a>(
    gazetteer: &'a Gazetteer,
    cities: &[&Place],
    body: &Body<'_>,
    words: &OrganWords,
) -> Vec<&'a Place> {
    let branch = || {
        let (name, _) = body.organs.first()?;
        let bureau = name.strip_suffix(words.ending(WordKind::BranchEnding, name)?)?;
        let ends = words.of(WordKind::Department).iter();
        let end = ends
            .filter_map(|word| Some(bureau.rfind(word.as_str())? + word.len()))
            .max()?;
        bureau.get(end..).filter(|stem| stem.chars().count() >= 2)
    };
    let ([city], Some(stem)) = (cities, branch()) else {
        return Vec::new();
    };
    let is_named = |place: &&Place| {
        let rest = place.name.strip_prefix(stem);
        let named = rest.is_some_and(|rest| rest.is_empty() || words.ending(WordKind::PlaceEnding, rest) == Some(rest));
        named
            && gazetteer
                .above(&place.code, body.year)
                .iter()
                .any(|above| above.code == city.code)
    };
    let valid = gazetteer
        .places()
        .iter()
        .filter(|place| body.year.is_none_or(|year| place.valid_in(year)));
    valid.filter(is_named).collect()
}

/// The place in another whose bare name comes next: 舒城 of 安徽舒城经济开发区.
fn within<'a>(
    gazetteer: &'a Gazetteer,
    (first, rest): (&str, &str),
    year: Option<i16>,
    words: &OrganWords,
) -> Option<&'a str> {
    let begins = |place: &&Place| {
        let stem = bare(&place.name, words).filter(|stem| rest.starts_with(stem));
        stem.is_some()
            && gazetteer
                .above(&place.code, year)
                .iter()
                .any(|above| above.name == first)
    };
    let valid = gazetteer
        .places()
        .iter()
        .filter(|place| year.is_none_or(|year| place.valid_in(year)));
    let longest = valid.filter(begins).max_by_key(|place| (place.level, place.name.len()));
    longest.map(|place| place.name.as_str())
}

/// The district that a zone is named after, if no other has that name: 番禺 of 番禺经济技术开发区.
pub(super) fn district_of_zone<'a>(
    gazetteer: &'a Gazetteer,
    zone: &str,
    year: Option<i16>,
    words: &OrganWords,
) -> Option<&'a str> {
    let ordinary = words.of(WordKind::PlaceOrdinary);
    let begins = |place: &&Place| {
        let stem = bare(&place.name, words).filter(|stem| zone.starts_with(stem));
        place.level == PlaceLevel::County && stem.is_some() && !ordinary.contains(&place.name)
    };
    let valid = gazetteer
        .places()
        .iter()
        .filter(|place| year.is_none_or(|year| place.valid_in(year)));
    let mut named = valid.filter(begins);
    let only = named.next()?;
    named.next().is_none().then_some(only.name.as_str())
}

/// A place's name without what it is: 番禺 of 番禺区.
fn bare<'n>(name: &'n str, words: &OrganWords) -> Option<&'n str> {
    let stem = name.strip_suffix(words.ending(WordKind::PlaceEnding, name)?)?;
    (stem.chars().count() >= 2).then_some(stem)
}

/// Whether the page names a place in a province: an address speaks for it, too.
fn names_within(gazetteer: &Gazetteer, tally: &Tally<'_>, province: &Place) -> bool {
    let prefix = province.code.trim_end_matches("0000");
    let mut named = tally.weights.keys().flat_map(|name| gazetteer.named(name));
    province.level == PlaceLevel::Province && named.any(|place| place.code.starts_with(prefix))
}
