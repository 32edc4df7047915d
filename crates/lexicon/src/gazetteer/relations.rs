//! How places lie in one another, and what became of them.

use super::{Gazetteer, Place};

impl Gazetteer {
    /// The place of a code in a year; as it is or was last, without a year or where it was not valid then.
    #[must_use]
    pub fn at_or_latest(&self, code: &str, year: Option<i16>) -> Option<&Place> {
        let then = year.and_then(|year| self.at(code, year));
        then.or_else(|| self.latest(code))
    }

    /// The units above a code, prefecture before province.
    #[must_use]
    pub fn above(&self, code: &str, year: Option<i16>) -> Vec<&Place> {
        let prefix = |length: usize| code.get(..length).map(|digits| format!("{digits:0<6}"));
        let codes = [prefix(4), prefix(2)].into_iter().flatten();
        codes
            .filter(|above| above != code)
            .filter_map(|above| self.at_or_latest(&above, year))
            .collect()
    }

    /// The full name from the province down: 广东省广州市天河区.
    #[must_use]
    pub fn full_name(&self, code: &str, year: Option<i16>) -> Option<String> {
        let own = self.at_or_latest(code, year)?;
        let above = self.above(code, year);
        let names = above.iter().rev().chain([&own]);
        Some(names.map(|place| place.name.as_str()).collect())
    }

    /// Today's code of the same territory.
    #[must_use]
    pub fn today(&self, code: &str, year: Option<i16>) -> Option<&str> {
        let place = self.at_or_latest(code, year)?;
        Some(place.successor.as_deref().unwrap_or(&place.code))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::{DataSource, Lexicon};

    #[test]
    fn places_lie_in_others_and_have_heirs() {
        let gazetteer = Lexicon::load(&DataSource::embedded()).unwrap().gazetteer;
        for (code, year, name, today) in [
            ("440106", Some(2012), Some("广东省广州市天河区"), Some("440106")),
            ("440183", Some(2012), Some("广东省广州市增城市"), Some("440118")),
            ("440183", Some(2020), Some("广东省广州市增城市"), Some("440118")),
            ("440000", None, Some("广东省"), Some("440000")),
            ("110103", Some(2009), Some("北京市崇文区"), Some("110101")),
            ("999999", None, None, None),
        ] {
            let found = gazetteer.full_name(code, year);
            assert_eq!(found.as_deref(), name, "{code}");
            assert_eq!(gazetteer.today(code, year), today, "{code}");
        }
    }
}
