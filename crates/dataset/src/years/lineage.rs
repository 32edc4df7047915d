//! Which codes a territory of today had in a year: what a merger joined.

use gongkai_lexicon::{Gazetteer, Place};
use rustc_hash::FxHashMap;

/// The territories of today that were several at some time, by today's code.
#[derive(Debug)]
pub(crate) struct Lineages(FxHashMap<String, Vec<Place>>);

impl Lineages {
    /// The lineages of a gazetteer. A territory that only changed its code is none: it always was one.
    pub(crate) fn new(gazetteer: &Gazetteer) -> Self {
        let mut all: FxHashMap<String, Vec<Place>> = FxHashMap::default();
        for place in gazetteer.places() {
            let lineage = place.successor.as_ref().unwrap_or(&place.code);
            all.entry(lineage.clone()).or_default().push(place.clone());
        }
        all.retain(|_, places| {
            let last_years = places.iter().map(|place| place.valid_to.unwrap_or(i16::MAX));
            last_years
                .into_iter()
                .any(|year| places.iter().filter(|place| place.valid_in(year)).count() > 1)
        });
        Self(all)
    }

    /// Whether the territory was several at some time.
    pub(crate) fn is_merged(&self, lineage_code: &str) -> bool {
        self.0.contains_key(lineage_code)
    }

    /// The codes that the territory had on 31 December of a year, where it was several at some time.
    pub(crate) fn codes(&self, lineage_code: &str, year: i16) -> impl Iterator<Item = &str> {
        let places = self.0.get(lineage_code).into_iter().flatten();
        places
            .filter(move |place| place.valid_in(year))
            .map(|place| place.code.as_str())
    }

    /// The name that a code of the territory had in a year, or at any time.
    pub(crate) fn name(&self, lineage_code: &str, code: &str, year: i16) -> Option<&str> {
        let places = self.0.get(lineage_code)?;
        let of_code = || places.iter().filter(|place| place.code == code);
        let place = of_code()
            .find(|place| place.valid_in(year))
            .or_else(|| of_code().next())?;
        Some(&place.name)
    }
}
