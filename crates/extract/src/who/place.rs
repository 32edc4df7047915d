//! The jurisdiction: every place the evidence names, weighed, and the code that was valid in the year.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_lexicon::{Gazetteer, Lexicon, Place, PlaceLevel, WordFinder};

use super::organ::OrganSource;
use super::{Evidence, clue_speaks, has_digit_run};
use crate::model::Level;

/// Finds the names of all places in one pass.
#[derive(Debug)]
pub struct PlaceFinder {
    finder: WordFinder,
    names: Vec<String>,
}

/// What was decided.
#[derive(Debug, Default)]
pub struct Decision {
    /// The code.
    pub code: Option<String>,
    /// Codes that could be meant, best first.
    pub candidates: Vec<String>,
    /// From 0 to 1.
    pub confidence: f32,
    /// What speaks for the codes.
    pub evidence: Vec<String>,
    /// Rank of the territory.
    pub rank: Option<Level>,
}

/// How much a place's name counts by where it stands.
const IN_ORGAN: f32 = 6.0;
const IN_SENTENCE: f32 = 4.0;
const IN_METADATA: f32 = 3.0;
const IN_TEXT: f32 = 1.0;
/// Of a name of the unit above, what its parts get.
const PARENT_SHARE: f32 = 0.5;
/// So many digits stand together in a postcode, and in a phone number behind its area code.
const POSTCODE_RUN: usize = 6;
const PHONE_RUN: usize = 7;
/// Two candidates closer than this are undecided.
const MARGIN: f32 = 0.75;

impl PlaceFinder {
    /// Prepares every name.
    #[must_use]
    pub fn new(lexicon: &Lexicon) -> Self {
        let names: BTreeSet<&str> = lexicon
            .gazetteer
            .places()
            .iter()
            .map(|place| place.name.as_str())
            .collect();
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        Self {
            finder: WordFinder::new(&names),
            names,
        }
    }

    fn names_in<'a>(&'a self, text: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.finder
            .longest(text)
            .into_iter()
            .filter_map(|found| self.names.get(usize::from(found.word)).map(String::as_str))
    }

    /// The place whose bare name an issuer's begins with: 西安高新技术产业开发区 is 西安市's.
    fn stem_of(&self, organ: &str) -> Option<&str> {
        let begins = |name: &&String| {
            let stem = name.strip_suffix(['市', '县', '省', '州']).unwrap_or(name);
            stem.chars().count() >= 2 && stem.len() < name.len() && organ.starts_with(stem)
        };
        self.names
            .iter()
            .filter(begins)
            .max_by_key(|name| (name.len(), name.ends_with('市')))
            .map(String::as_str)
    }

    /// The place that the evidence speaks for.
    #[must_use]
    pub fn decide(
        &self,
        evidence: &Evidence<'_>,
        title: Option<&str>,
        organs: &[(String, OrganSource)],
        year: Option<i16>,
    ) -> Decision {
        let mut tally = Tally {
            finder: self,
            weights: BTreeMap::new(),
            notes: Vec::new(),
        };
        let mut own: Vec<&str> = Vec::new();
        for (name, source) in organs {
            let weight = match source {
                OrganSource::Title => IN_ORGAN,
                OrganSource::Sentence => IN_SENTENCE,
                OrganSource::Metadata | OrganSource::Signature | OrganSource::Contact => IN_METADATA,
            };
            tally.add(source.as_str(), name, weight);
            if own.is_empty() {
                own = self.names_in(name).collect();
            }
        }
        if let Some(title) = title.filter(|_| own.is_empty()) {
            tally.add("title", title, IN_ORGAN);
            own = self.names_in(title).collect();
        }
        if own.is_empty() {
            own = organs
                .iter()
                .filter_map(|(name, _)| self.stem_of(name))
                .take(1)
                .collect();
            for name in &own {
                tally.add("issuer", name, IN_ORGAN);
            }
        }
        let mut in_text: BTreeMap<&str, u16> = BTreeMap::new();
        for name in evidence.texts().flat_map(|line| self.names_in(line)) {
            *in_text.entry(name).or_default() += 1;
        }
        for (name, count) in in_text {
            tally.add("text", name, f32::from(count.min(3)) * IN_TEXT);
        }
        let Tally { weights, notes, .. } = tally;
        let gazetteer = &evidence.lexicon.gazetteer;
        let candidates = candidates(gazetteer, &own, &weights, year);
        decide(gazetteer, candidates, &weights, evidence, year, notes)
    }
}

/// How much the evidence names each place.
struct Tally<'a> {
    finder: &'a PlaceFinder,
    weights: BTreeMap<&'a str, f32>,
    notes: Vec<String>,
}

impl Tally<'_> {
    fn add(&mut self, what: &str, text: &str, weight: f32) {
        for name in self.finder.names_in(text) {
            *self.weights.entry(name).or_default() += weight;
            self.notes.push(format!("{what}: {name}"));
        }
    }
}

/// The places that could be meant: the smallest one the issuer's name has, else every one that is named at all.
fn candidates<'a>(
    gazetteer: &'a Gazetteer,
    own: &[&str],
    weights: &BTreeMap<&str, f32>,
    year: Option<i16>,
) -> Vec<&'a Place> {
    let valid = |place: &&Place| year.is_none_or(|year| place.valid_in(year));
    let named = |names: &mut dyn Iterator<Item = &str>| -> Vec<&'a Place> {
        names.flat_map(|name| gazetteer.named(name)).filter(valid).collect()
    };
    let own_places = named(&mut own.iter().copied());
    let deepest = own_places.iter().map(|place| place.level).max();
    let mut places: Vec<&Place> = match deepest {
        Some(level) => own_places.into_iter().filter(|place| place.level == level).collect(),
        None => named(&mut weights.keys().copied()),
    };
    places.sort_by(|left, right| left.code.cmp(&right.code));
    places.dedup_by(|left, right| left.code == right.code);
    places
}

fn decide(
    gazetteer: &Gazetteer,
    candidates: Vec<&Place>,
    weights: &BTreeMap<&str, f32>,
    evidence: &Evidence<'_>,
    year: Option<i16>,
    mut notes: Vec<String>,
) -> Decision {
    let texts: Vec<&str> = evidence.texts().collect();
    let phones = captures(&evidence.patterns.phone, &texts, PHONE_RUN);
    let postcodes = captures(&evidence.patterns.postcode, &texts, POSTCODE_RUN);
    let spoken: Vec<_> = gazetteer
        .clues()
        .iter()
        .filter(|clue| {
            // The page is searched only for what can decide between the candidates.
            let matters = candidates.iter().any(|place| place.code.starts_with(&clue.code_prefix));
            matters && clue_speaks(clue.kind, &clue.text, evidence, &phones, &postcodes)
        })
        .collect();
    let mut scored: Vec<(f32, &Place)> = candidates
        .into_iter()
        .map(|place| {
            let named = |name: &str| weights.get(name).copied().unwrap_or(0.0);
            let mut score = named(&place.name);
            for parent in ancestors(gazetteer, &place.code, year) {
                score += PARENT_SHARE * named(&parent.name);
            }
            score += spoken
                .iter()
                .filter(|clue| place.code.starts_with(&clue.code_prefix))
                .map(|clue| clue.weight)
                .sum::<f32>();
            (score, place)
        })
        .collect();
    scored.sort_by(|left, right| right.0.total_cmp(&left.0).then_with(|| left.1.code.cmp(&right.1.code)));
    notes.extend(spoken.iter().map(|clue| {
        let side = if clue.weight < 0.0 { "against" } else { "for" };
        format!("{} speaks {side} {}", clue.text, clue.code_prefix)
    }));
    let Some((best, place)) = scored.first().copied() else {
        return Decision {
            evidence: notes,
            ..Decision::default()
        };
    };
    let same_rank = scored.iter().all(|(_, other)| other.level == place.level);
    let rival = scored.get(1).map(|(score, _)| *score);
    let margin = rival.map_or(f32::INFINITY, |rival| best - rival);
    let decided = margin >= MARGIN;
    Decision {
        code: decided.then(|| place.code.clone()),
        candidates: scored.iter().take(8).map(|(_, place)| place.code.clone()).collect(),
        confidence: if decided { confidence(margin) } else { 0.0 },
        evidence: notes,
        rank: (decided || same_rank).then_some(match place.level {
            PlaceLevel::Province => Level::Province,
            PlaceLevel::Prefecture => Level::Prefecture,
            PlaceLevel::County => Level::County,
        }),
    }
}

/// Never 1: a name can be borrowed.
fn confidence(margin: f32) -> f32 {
    if margin.is_infinite() {
        0.98
    } else {
        (0.6 + margin * 0.08).min(0.97)
    }
}

/// What a pattern that needs a run of so many digits captures.
fn captures(pattern: &regex::Regex, texts: &[&str], run: usize) -> Vec<String> {
    let mut found: Vec<String> = texts
        .iter()
        .filter(|text| has_digit_run(text, run))
        .flat_map(|text| pattern.captures_iter(text))
        .filter_map(|captures| captures.get(1).map(|found| found.as_str().to_owned()))
        .collect();
    found.sort();
    found.dedup();
    found
}

/// The units above a code: prefecture and province.
fn ancestors<'a>(gazetteer: &'a Gazetteer, code: &str, year: Option<i16>) -> Vec<&'a Place> {
    let above = [format!("{}00", &code[..4]), format!("{}0000", &code[..2])];
    above
        .iter()
        .filter(|above| above.as_str() != code)
        .filter_map(|above| at(gazetteer, above, year))
        .collect()
}

fn at<'a>(gazetteer: &'a Gazetteer, code: &str, year: Option<i16>) -> Option<&'a Place> {
    year.and_then(|year| gazetteer.at(code, year))
        .or_else(|| gazetteer.latest(code))
}

/// The full name from the province down.
#[must_use]
pub fn full_name(gazetteer: &Gazetteer, code: &str, year: Option<i16>) -> Option<String> {
    let own = at(gazetteer, code, year)?;
    let mut names: Vec<&str> = ancestors(gazetteer, code, year)
        .iter()
        .rev()
        .map(|place| place.name.as_str())
        .collect();
    names.push(&own.name);
    Some(names.concat())
}

/// Code of the unit above.
#[must_use]
pub fn parent(gazetteer: &Gazetteer, code: &str, year: Option<i16>) -> Option<String> {
    ancestors(gazetteer, code, year).first().map(|place| place.code.clone())
}

/// Today's code of the same territory.
#[must_use]
pub fn successor(gazetteer: &Gazetteer, code: &str, year: Option<i16>) -> Option<String> {
    let place = at(gazetteer, code, year)?;
    Some(place.successor.clone().unwrap_or_else(|| place.code.clone()))
}

/// A body's name without the names of its territory, so that 广州市天河区人民政府 and 天河区人民政府 are one body.
#[must_use]
pub fn without_places(organ: &str, jurisdiction: &str) -> String {
    let start = organ
        .char_indices()
        .map(|(at, _)| at)
        .rev()
        .find(|at| jurisdiction.contains(&organ[..*at]));
    match start.map(|at| &organ[at..]) {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => organ.to_owned(),
    }
}
