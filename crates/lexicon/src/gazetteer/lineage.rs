//! How the territory of a code in a year stands to that of today's code: whether years may be joined without adding up.
//!
//! Today's code of a territory that was divided is that of its main part, as `successor` in `places.tsv` has it. Land that
//! passed between two places that both go on (`transfer`) is not counted.

use std::collections::HashMap;

use super::{Change, ChangeKind, Gazetteer, Place};

/// How a territory then stands to that of today's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lineage {
    /// The same territory, whatever its code and name were.
    Same,
    /// A part of it: the territory of today was several then, or has gained a part of another since. Add up the parts.
    Part,
    /// More than it: a part has gone to another code since. Years before and after are not one territory.
    Divided,
}

impl Lineage {
    /// Every printed name, in declaration order.
    pub const NAMES: &'static [&'static str] = &["same", "part", "divided"];

    /// The name in the dataset's `lineage` column.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Part => "part",
            Self::Divided => "divided",
        }
    }
}

/// Who takes part in the changes, to be found by code: every place and year of a snapshot is asked for.
#[derive(Debug)]
pub(super) struct Heirs {
    /// The changes that lead from a code and to it, by their places.
    from: HashMap<String, Vec<usize>>,
    to: HashMap<String, Vec<usize>>,
    /// The places that a code of today has been, by their places.
    past: HashMap<String, Vec<usize>>,
}

impl Heirs {
    pub(super) fn new(places: &[Place], changes: &[Change]) -> Self {
        let (mut from, mut to): (HashMap<String, Vec<usize>>, HashMap<String, Vec<usize>>) = Default::default();
        for (at, change) in changes.iter().enumerate() {
            from.entry(change.from.clone()).or_default().push(at);
            to.entry(change.to.clone()).or_default().push(at);
        }
        let mut past: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, place) in places.iter().enumerate() {
            let today = place.successor.as_ref().unwrap_or(&place.code);
            past.entry(today.clone()).or_default().push(at);
        }
        Self { from, to, past }
    }
}

impl Gazetteer {
    /// Today's code of a territory, and how its territory in the year stands to that of today's code.
    #[must_use]
    pub fn lineage(&self, code: &str, year: i16) -> Option<(&str, Lineage)> {
        let today = self.today(code, Some(year))?;
        let names = self.names_since(code, today, year);
        let own = |index: &'_ HashMap<String, Vec<usize>>| {
            let of_names = names.iter().filter_map(|name| index.get(*name)).flatten();
            let changes = of_names.filter_map(|at| self.changes.get(*at));
            let splits = changes.filter(|change| change.kind == ChangeKind::Split && change.year > year);
            splits
                .filter(|split| !lies_in(&split.to, &split.from))
                .collect::<Vec<&Change>>()
        };
        let lost = own(&self.heirs.from)
            .iter()
            .any(|split| self.today(&split.to, None) != Some(today));
        let gained = || {
            let splits = own(&self.heirs.to);
            splits.iter().any(|split| !names.contains(&split.from.as_str()))
        };
        let was_several = || {
            let places = self.heirs.past.get(today).into_iter().flatten();
            let places = places.filter_map(|at| self.places.get(*at));
            places.filter(|place| place.valid_in(year)).count() > 1
        };
        let lineage = match () {
            () if lost => Lineage::Divided,
            () if gained() || was_several() => Lineage::Part,
            () => Lineage::Same,
        };
        Some((today, lineage))
    }

    /// The codes that a territory has had since a year, whole or as the main part.
    fn names_since<'a>(&'a self, code: &'a str, today: &'a str, year: i16) -> Vec<&'a str> {
        let mut names = vec![code];
        let mut next = 0;
        while let Some(name) = names.get(next).copied() {
            next += 1;
            let changes = self.heirs.from.get(name).into_iter().flatten();
            for change in changes.filter_map(|at| self.changes.get(*at)) {
                let goes_on = !matches!(change.kind, ChangeKind::Split | ChangeKind::Transfer);
                if goes_on && change.year > year && !names.contains(&change.to.as_str()) {
                    names.push(&change.to);
                }
            }
        }
        if !names.contains(&today) {
            names.push(today);
        }
        names
    }
}

/// Whether a code is of a place in another: a new district is no loss to its city.
fn lies_in(code: &str, whole: &str) -> bool {
    let digits = whole.trim_end_matches("00");
    digits.len() < whole.len() && code.starts_with(digits)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{DataSource, Lexicon};

    #[test]
    fn the_best_known_changes_lead_to_todays_code() {
        let gazetteer = Lexicon::load(&DataSource::embedded()).unwrap().gazetteer;
        for (code, year, expected) in [
            // Nothing happened.
            ("440106", 2012, Some(("440106", Lineage::Same))),
            // Upgrade: a county-level city became a district (增城).
            ("440183", 2013, Some(("440118", Lineage::Same))),
            ("440118", 2014, Some(("440118", Lineage::Same))),
            // Merge: Chongwen went into Dongcheng in 2010.
            ("110103", 2009, Some(("110101", Lineage::Part))),
            ("110101", 2009, Some(("110101", Lineage::Part))),
            ("110101", 2010, Some(("110101", Lineage::Same))),
            // Split of a county that ended: Jianggan in 2021, to Shangcheng and Qiantang.
            ("330104", 2020, Some(("330102", Lineage::Divided))),
            // What gained by it is larger today, and what is new has no past.
            ("330102", 2020, Some(("330102", Lineage::Part))),
            ("330102", 2021, Some(("330102", Lineage::Same))),
            ("330114", 2021, Some(("330114", Lineage::Same))),
            // Split of a county that goes on: Yuhang gave Linping in 2021.
            ("330110", 2020, Some(("330110", Lineage::Divided))),
            ("330110", 2021, Some(("330110", Lineage::Same))),
            // Split of a prefecture that ended: Chaohu in 2011.
            ("341400", 2010, Some(("340100", Lineage::Divided))),
            ("340100", 2010, Some(("340100", Lineage::Part))),
            // Wuhu gained a county by it, and is no main part of anything.
            ("340200", 2010, Some(("340200", Lineage::Part))),
            ("340200", 2011, Some(("340200", Lineage::Same))),
            // A city that got its first districts has lost nothing.
            ("460200", 2013, Some(("460200", Lineage::Same))),
            // Recoded when a county was cut out.
            ("421302", 2008, Some(("421303", Lineage::Divided))),
            ("999999", 2012, None),
        ] {
            assert_eq!(gazetteer.lineage(code, year), expected, "{code} in {year}");
        }
    }

    #[test]
    fn every_code_leads_to_one_that_is_valid_today() {
        let gazetteer = Lexicon::load(&DataSource::embedded()).unwrap().gazetteer;
        for place in gazetteer.places() {
            let year = place.valid_to.or(place.valid_from).unwrap_or(2020);
            let (today, _) = gazetteer.lineage(&place.code, year).unwrap();
            assert_eq!(
                gazetteer.latest(today).unwrap().valid_to,
                None,
                "{} in {year}",
                place.code
            );
        }
    }
}
