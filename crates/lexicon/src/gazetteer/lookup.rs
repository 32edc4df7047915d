//! Looking places up by what people call them: official and short names, with or without the places above, and codes.

use super::{Gazetteer, Place, Township, Zone};

/// Something a name can mean.
#[derive(Debug, Clone)]
pub enum Named<'a> {
    /// A place with a code.
    Place(&'a Place),
    /// A town, township or street, and the place it lies in.
    Township(Township<'a>, &'a Place),
    /// A zone without a code, and the place that holds it.
    Zone(&'a Zone, &'a Place),
}

/// What official names go on with where people leave it out: 天河 is 天河区.
const ENDINGS: [&str; 7] = ["自治区", "省", "市", "区", "县", "旗", "州"];

impl Gazetteer {
    /// Everything that a name or a six- or nine-digit code can mean, in a year or at any time; by code.
    #[must_use]
    pub fn look_up(&self, name: &str, year: Option<i16>) -> Vec<Named<'_>> {
        let mut found: Vec<Named<'_>> = self.places_called(name, year).into_iter().map(Named::Place).collect();
        for place in self.places.iter().filter(|place| is_current(place, year)) {
            let townships = self.townships(&place.code).filter(|township| {
                let then = township
                    .last_year
                    .is_none_or(|last| year.is_some_and(|year| year <= last));
                let called = township.code == name || self.is_called(name, township.name, &place.code, year);
                called && (then || year.is_none())
            });
            found.extend(townships.map(|township| Named::Township(township, place)));
        }
        for zone in &self.zones {
            let mut forms = std::iter::once(&zone.name).chain(&zone.aliases);
            let parent = self.at_or_latest(&zone.parent, year);
            if let Some(parent) = parent.filter(|_| forms.any(|form| form == name)) {
                found.push(Named::Zone(zone, parent));
            }
        }
        found
    }

    fn places_called(&self, name: &str, year: Option<i16>) -> Vec<&Place> {
        let short = |place: &Place| {
            let mut forms = self.short_names().filter(|(_, official)| *official == place.name);
            forms.any(|(short, _)| self.is_called(name, short, &place.code, year))
        };
        let stem = |place: &Place| {
            let stem = ENDINGS.iter().find_map(|ending| place.name.strip_suffix(ending));
            let stem = stem.filter(|stem| stem.chars().count() > 1);
            stem.is_some_and(|stem| self.is_called(name, stem, &place.code, year))
        };
        let places = self
            .places
            .iter()
            .filter(|place| year.is_none_or(|year| place.valid_in(year)));
        let called = |place: &&Place| {
            place.code == name || self.is_called(name, &place.name, &place.code, year) || stem(place) || short(place)
        };
        places.filter(called).collect()
    }

    /// Whether a name is this form, alone or behind names of places above: 广州市天河区, 广东天河区.
    fn is_called(&self, name: &str, form: &str, code: &str, year: Option<i16>) -> bool {
        let Some(above) = name.strip_suffix(form) else {
            return false;
        };
        above.is_empty() || {
            let mut rest = above;
            let own = self.at_or_latest(code, year).filter(|place| place.name != form);
            for place in self.above(code, year).into_iter().rev().chain(own) {
                let stem = ENDINGS.iter().find_map(|ending| place.name.strip_suffix(ending));
                let forms = [Some(place.name.as_str()), stem];
                let stripped = forms.into_iter().flatten().find_map(|form| rest.strip_prefix(form));
                rest = stripped.unwrap_or(rest);
            }
            rest.is_empty()
        }
    }
}

/// Whether townships are to be looked for in a place: in the year, or today.
fn is_current(place: &Place, year: Option<i16>) -> bool {
    year.map_or(place.valid_to.is_none(), |year| place.valid_in(year))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{DataSource, Lexicon};

    #[test]
    fn names_mean_places() {
        let gazetteer = Lexicon::load(&DataSource::embedded()).unwrap().gazetteer;
        let codes = |name: &str, year| {
            let found = gazetteer.look_up(name, year).into_iter().map(|found| match found {
                Named::Place(place) => place.code.clone(),
                Named::Township(township, _) => township.code,
                Named::Zone(zone, _) => format!("{} in {}", zone.name, zone.parent),
            });
            found.collect::<Vec<String>>().join(" ")
        };
        for (name, year, expected) in [
            ("天河区", None, "440106"),
            ("天河", None, "440106"),
            ("广州市天河区", None, "440106"),
            ("广东天河", None, "440106"),
            ("杭州市天河区", None, ""),
            ("增城市", Some(2012), "440183"),
            ("增城市", Some(2016), ""),
            ("增城", Some(2016), "440118"),
            ("河东区", Some(2019), "120102 371312"),
            ("山东省河东区", Some(2019), "371312"),
            ("河口县", Some(2019), "532532"),
            ("440106", None, "440106"),
            ("万盛经济技术开发区", None, "万盛经济技术开发区 in 500110"),
            ("越秀区北京街道", None, "440104003"),
            ("北京街道", None, "210203005 440104003"),
            ("没有这个地方", None, ""),
            ("", None, ""),
        ] {
            assert_eq!(codes(name, year), expected, "{name} {year:?}");
        }
    }
}
