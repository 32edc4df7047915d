//! The codes of places and the years they were valid in, as the other files of the gazetteer are held to them.

use rustc_hash::FxHashMap;

use super::{Place, PlaceLevel};
use crate::row::Row;
use crate::tsv::DataError;

/// Where the codes stand.
const FILE: &str = "gazetteer/places.tsv";

/// The rows of each code.
pub(super) struct Codes<'a> {
    places: FxHashMap<&'a str, Vec<&'a Place>>,
}

impl<'a> Codes<'a> {
    pub(super) fn new(rows: &'a [Place]) -> Self {
        let mut places: FxHashMap<&str, Vec<&Place>> = FxHashMap::default();
        for place in rows {
            places.entry(&place.code).or_default().push(place);
        }
        Self { places }
    }

    fn of(&self, code: &str) -> &[&'a Place] {
        self.places.get(code).map_or(&[], Vec::as_slice)
    }

    fn is_today(&self, code: &str) -> bool {
        self.of(code).iter().any(|place| place.valid_to.is_none())
    }

    /// Whether the code of some place begins with these digits.
    pub(super) fn begin(&self, digits: &str) -> bool {
        self.places.keys().any(|code| code.starts_with(digits))
    }

    /// Refuses what is the code of no place.
    pub(super) fn check(&self, row: Row<'_>, code: &str) -> Result<(), DataError> {
        match self.of(code) {
            [] => Err(row.unknown("not the code of a place", code, self.places.keys().copied(), FILE)),
            _ => Ok(()),
        }
    }

    /// Refuses what is no code today.
    pub(super) fn check_today(&self, row: Row<'_>, column: &str, code: &str) -> Result<(), DataError> {
        if self.is_today(code) {
            return Ok(());
        }
        let today = self.places.keys().copied().filter(|code| self.is_today(code));
        Err(row.unknown(&format!("{column} is no code of today"), code, today, FILE))
    }

    /// Refuses a code that was not valid on 31 December of a year.
    pub(super) fn check_year(&self, row: Row<'_>, code: &str, year: i16) -> Result<(), DataError> {
        self.check(row, code)?;
        match self.of(code).iter().any(|place| place.valid_in(year)) {
            true => Ok(()),
            false => Err(row.wrong(format!(
                "{code} was not valid on 31 December {year}\nhint: {FILE} has its years"
            ))),
        }
    }

    /// Refuses a place that has not the code of its level, lies in no province, has years in common with another row of
    /// its code, or does not lead to a code of today when it has ended.
    pub(super) fn check_place(&self, row: Row<'_>, place: &Place) -> Result<(), DataError> {
        let Place { code, level, .. } = place;
        let by_code = match code.get(2..) {
            Some("0000") => PlaceLevel::Province,
            Some(rest) if rest.ends_with("00") => PlaceLevel::Prefecture,
            _ => PlaceLevel::County,
        };
        if by_code != *level {
            let (by_code, level) = (by_code.as_str(), level.as_str());
            return Err(row.wrong(format!("{code} is the code of a {by_code}: {level}")));
        }
        let province = format!("{}0000", code.get(..2).unwrap_or_default());
        if self.of(&province).is_empty() {
            return Err(row.wrong(format!("there is no province {province}: {code}")));
        }
        let above = self.of(code).iter().take_while(|other| !std::ptr::eq(**other, place));
        if let Some(other) = above.into_iter().find(|other| overlap(other, place)) {
            return Err(row.wrong(format!(
                "another row has this code in some of these years, {}: {code}\nhint: a code has a row for each of its names; end one in valid_to the year before the next begins in valid_from",
                other.name
            )));
        }
        match (place.valid_to, &place.successor) {
            (Some(_), Some(successor)) => self.check_today(row, "successor", successor),
            (Some(_), None) => Err(row.wrong(
                "must not be empty where valid_to is not: successor\nhint: today's code of the main part of the territory".to_owned(),
            )),
            (None, Some(successor)) => Err(row.wrong(format!(
                "a place that goes on has no successor: {successor}\nhint: valid_to is its last year"
            ))),
            (None, None) => Ok(()),
        }
    }
}

/// Whether two rows have a year in common.
fn overlap(left: &Place, right: &Place) -> bool {
    let before =
        |left: &Place, right: &Place| matches!((left.valid_to, right.valid_from), (Some(to), Some(from)) if to < from);
    !before(left, right) && !before(right, left)
}

/// Places of these codes for tests, each with its first and last year.
#[cfg(test)]
pub(super) fn places(rows: &[(&str, Option<i16>, Option<i16>)]) -> Vec<Place> {
    let place = |(code, valid_from, valid_to): &(&str, Option<i16>, Option<i16>)| Place {
        code: (*code).to_owned(),
        name: format!("{code}区"),
        level: PlaceLevel::County,
        valid_from: *valid_from,
        valid_to: *valid_to,
        successor: None,
    };
    rows.iter().map(place).collect()
}
