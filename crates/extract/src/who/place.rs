//! The jurisdiction: every place the evidence names, weighed, and the code that was valid in the year.

use std::collections::{BTreeMap, BTreeSet};

use gongkai_lexicon::{Clue, ClueKind, Gazetteer, OrganWords, Place, PlaceLevel};

use super::names::{PlaceFinder, Setting};
use super::organ::OrganSource;
use super::{Evidence, clue_speaks, has_digit_run};
use crate::model::{BodyKind, Level};

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

/// What is known of the body before its place is.
#[derive(Debug, Clone, Copy)]
pub struct Body<'a> {
    /// The report's title, folded.
    pub title: Option<&'a str>,
    /// The names of its issuer, strongest evidence first.
    pub organs: &'a [(String, OrganSource)],
    /// What kind of body it is.
    pub kind: Option<BodyKind>,
    /// What the names of its places end with, where it says 区民政局 or 我区.
    pub rank: Option<char>,
    /// The reporting year.
    pub year: Option<i16>,
}

/// The place that the evidence speaks for.
#[must_use]
pub fn decide(evidence: &Evidence<'_>, finder: &PlaceFinder, body: &Body<'_>) -> Decision {
    let words = &evidence.lexicon.organs;
    let mut tally = Tally::default();
    let mut own: Vec<&str> = Vec::new();
    for (name, source) in body.organs {
        let weight = match source {
            OrganSource::Title => IN_ORGAN,
            OrganSource::Sentence => IN_SENTENCE,
            OrganSource::Metadata | OrganSource::Signature | OrganSource::Subject | OrganSource::Contact => IN_METADATA,
        };
        let names = sure_names(finder, name, words);
        tally.add_all(source.as_str(), &names, weight);
        if own.is_empty() {
            own = names;
        }
    }
    if let Some(title) = body.title.filter(|_| own.is_empty()) {
        own = sure_names(finder, title, words);
        tally.add_all("title", &own, IN_ORGAN);
    }
    let mentioned = Mentioned::read(evidence, finder);
    for (name, count) in mentioned.names() {
        tally.add("text", name, f32::from(count.min(3)) * IN_TEXT);
    }
    let mut clues = Clues::read(evidence);
    if own.is_empty() {
        own = stems(evidence, finder, body, &tally, &clues);
        tally.add_all("issuer", &own, IN_ORGAN);
    }
    let gazetteer = &evidence.lexicon.gazetteer;
    let places = match deepest(gazetteer, &own, body.year) {
        places if places.is_empty() => mentioned.candidates(gazetteer, body),
        places => places,
    };
    // The whole text is searched only where something is to be decided.
    if places.len() > 1 {
        clues.read_text(evidence);
    }
    score(gazetteer, &places, tally, &clues, body.year)
}

fn sure_names<'a>(finder: &'a PlaceFinder, text: &str, words: &OrganWords) -> Vec<&'a str> {
    let found = finder.names_in(text, Setting::Name, words).into_iter();
    found.filter(|found| found.sure).map(|found| found.name).collect()
}

/// The places whose bare names begin the issuer's, as far as something else on the page speaks for them, too: brands and
/// slogans in place of a name begin like places as well.
fn stems<'a>(
    evidence: &Evidence<'_>,
    finder: &'a PlaceFinder,
    body: &Body<'_>,
    tally: &Tally<'_>,
    clues: &Clues<'_>,
) -> Vec<&'a str> {
    let gazetteer = &evidence.lexicon.gazetteer;
    let has_witness = |name: &&str| {
        let places = deepest(gazetteer, &[name], body.year);
        places.iter().any(|place| {
            let above = ancestors(gazetteer, &place.code, body.year);
            let named = |name: &str| tally.weights.contains_key(name);
            named(&place.name) || above.iter().any(|above| named(&above.name)) || clues.weight(place) > 0.0
        })
    };
    let own_names = body
        .organs
        .iter()
        .filter(|_| !matches!(body.kind, Some(BodyKind::Township | BodyKind::Street)));
    let stems = own_names.filter_map(|(name, _)| finder.stem_of(name, &evidence.lexicon.organs));
    stems.filter(has_witness).take(1).collect()
}

/// How much the evidence names each place.
#[derive(Debug, Default)]
struct Tally<'a> {
    weights: BTreeMap<&'a str, f32>,
    notes: Vec<String>,
}

impl<'a> Tally<'a> {
    fn add(&mut self, what: &str, name: &'a str, weight: f32) {
        *self.weights.entry(name).or_default() += weight;
        self.notes.push(format!("{what}: {name}"));
    }

    fn add_all(&mut self, what: &str, names: &[&'a str], weight: f32) {
        for name in names {
            self.add(what, name, weight);
        }
    }
}

/// How often the text names a place.
#[derive(Debug, Default)]
struct Mention {
    /// As a name and not as a piece of other words.
    sure: u16,
    /// As a name, and not in the title of a document that is cited.
    uncited: u16,
    /// What stood before it where it may be a piece of other words.
    doubtful: BTreeSet<Option<char>>,
}

/// The places that the text names.
#[derive(Debug, Default)]
struct Mentioned<'a>(BTreeMap<&'a str, Mention>);

impl<'a> Mentioned<'a> {
    fn read(evidence: &Evidence<'_>, finder: &'a PlaceFinder) -> Self {
        let mut mentioned = Self::default();
        let words = &evidence.lexicon.organs;
        for found in evidence
            .texts()
            .flat_map(|line| finder.names_in(line, Setting::Text, words))
        {
            let mention = mentioned.0.entry(found.name).or_default();
            if found.sure {
                mention.sure += 1;
                mention.uncited += u16::from(!found.cited);
            } else if found.form_length > 2 {
                mention.doubtful.insert(found.before);
            }
        }
        // A piece of words stands behind one or two characters: 行政和县, 财政和县. Behind more of them it is a name.
        for mention in mentioned.0.values_mut().filter(|mention| mention.doubtful.len() > 2) {
            mention.sure += 1;
            mention.uncited += 1;
        }
        mentioned.0.retain(|_, mention| mention.sure > 0);
        mentioned
    }

    fn names(&self) -> impl Iterator<Item = (&'a str, u16)> {
        self.0.iter().map(|(name, mention)| (*name, mention.sure))
    }

    /// The places that can be the body's where its own name has none.
    fn candidates(&self, gazetteer: &'a Gazetteer, body: &Body<'_>) -> Vec<&'a Place> {
        let may_be = |place: &&Place| {
            let ranked = body.rank.is_some_and(|rank| place.name.ends_with(rank));
            let cited = self
                .0
                .get(place.name.as_str())
                .is_some_and(|mention| mention.uncited == 0);
            // 《湖北省人民政府办公厅关于…的通知》 in a bureau's report: whoever is told is below whoever tells.
            let cited_from_above = cited && place.level != PlaceLevel::County && !ranked;
            let township = matches!(body.kind, Some(BodyKind::Township | BodyKind::Street));
            let holds_townships = place.level == PlaceLevel::County || !has_counties(gazetteer, place, body.year);
            !cited_from_above && (body.rank.is_none() || ranked) && (!township || holds_townships)
        };
        let mut places = valid(gazetteer, &self.0.keys().copied().collect::<Vec<_>>(), body.year);
        places.retain(may_be);
        places
    }
}

/// The smallest of the places that names are of.
fn deepest<'a>(gazetteer: &'a Gazetteer, names: &[&str], year: Option<i16>) -> Vec<&'a Place> {
    let mut places = valid(gazetteer, names, year);
    let level = places.iter().map(|place| place.level).max();
    places.retain(|place| Some(place.level) == level);
    places
}

/// The places of names that were valid in a year.
fn valid<'a>(gazetteer: &'a Gazetteer, names: &[&str], year: Option<i16>) -> Vec<&'a Place> {
    let named = names.iter().flat_map(|name| gazetteer.named(name));
    let mut places: Vec<&Place> = named
        .filter(|place| year.is_none_or(|year| place.valid_in(year)))
        .collect();
    places.sort_by(|left, right| left.code.cmp(&right.code));
    places.dedup_by(|left, right| left.code == right.code);
    places
}

/// Whether a prefecture or province is divided into counties: 东莞市 is not.
fn has_counties(gazetteer: &Gazetteer, place: &Place, year: Option<i16>) -> bool {
    let prefix = place.code.trim_end_matches("00");
    gazetteer.places().iter().any(|other| {
        other.level == PlaceLevel::County
            && other.code.starts_with(prefix)
            && year.is_none_or(|year| other.valid_in(year))
    })
}

/// The clues that speak on a page.
struct Clues<'a>(Vec<&'a Clue>);

impl<'a> Clues<'a> {
    fn read(evidence: &Evidence<'a>) -> Self {
        let gazetteer = &evidence.lexicon.gazetteer;
        let texts: Vec<&str> = evidence.texts().collect();
        let mut spoken: Vec<&Clue> = gazetteer
            .clues()
            .iter()
            .filter(|clue| clue.kind != ClueKind::Text && clue_speaks(clue, evidence))
            .collect();
        for phone in captures(&evidence.patterns.phone, &texts, PHONE_RUN) {
            spoken.extend(gazetteer.area_clues(ClueKind::Phone, &phone));
        }
        let postcodes = captures(&evidence.patterns.postcode, &texts, POSTCODE_RUN);
        let prefixes: BTreeSet<&str> = postcodes
            .iter()
            .flat_map(|postcode| (1..=postcode.len()).filter_map(|length| postcode.get(..length)))
            .collect();
        for prefix in prefixes {
            spoken.extend(gazetteer.area_clues(ClueKind::Postcode, prefix));
        }
        Self(spoken)
    }

    /// Adds the clues of words that stand anywhere on the page.
    fn read_text(&mut self, evidence: &Evidence<'a>) {
        let clues = evidence.lexicon.gazetteer.clues().iter();
        self.0
            .extend(clues.filter(|clue| clue.kind == ClueKind::Text && clue_speaks(clue, evidence)));
    }

    /// What they add for a place.
    fn weight(&self, place: &Place) -> f32 {
        let own = self.0.iter().filter(|clue| place.code.starts_with(&clue.code_prefix));
        own.map(|clue| clue.weight).sum()
    }

    fn notes(&self, candidates: &[&Place]) -> impl Iterator<Item = String> {
        let matter = |clue: &&&Clue| candidates.iter().any(|place| place.code.starts_with(&clue.code_prefix));
        self.0.iter().filter(matter).map(|clue| {
            let side = if clue.weight < 0.0 { "against" } else { "for" };
            format!("{} speaks {side} {}", clue.text, clue.code_prefix)
        })
    }
}

fn score(
    gazetteer: &Gazetteer,
    candidates: &[&Place],
    tally: Tally<'_>,
    clues: &Clues<'_>,
    year: Option<i16>,
) -> Decision {
    let Tally { weights, mut notes } = tally;
    let named = |name: &str| weights.get(name).copied().unwrap_or(0.0);
    let mut scored: Vec<(f32, &Place)> = candidates
        .iter()
        .map(|place| {
            let above = ancestors(gazetteer, &place.code, year);
            let above: f32 = above.iter().map(|above| PARENT_SHARE * named(&above.name)).sum();
            (named(&place.name) + above + clues.weight(place), *place)
        })
        .collect();
    scored.sort_by(|left, right| right.0.total_cmp(&left.0).then_with(|| left.1.code.cmp(&right.1.code)));
    notes.extend(clues.notes(candidates));
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
        rank: (decided || same_rank).then_some(level(place.level)),
    }
}

/// The level of a government of such a place.
pub fn level(place: PlaceLevel) -> Level {
    match place {
        PlaceLevel::Province => Level::Province,
        PlaceLevel::Prefecture => Level::Prefecture,
        PlaceLevel::County => Level::County,
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

/// 河口县卫生健康局 with the place's official name, so that both forms are one body.
pub fn with_official_name(gazetteer: &Gazetteer, organ: &str, code: &str, year: Option<i16>) -> String {
    let official = at(gazetteer, code, year).map_or("", |place| place.name.as_str());
    let mut forms = gazetteer.short_names().filter(|(_, name)| *name == official);
    let short = forms.find(|(short, _)| organ.contains(short));
    short.map_or_else(|| organ.to_owned(), |(short, _)| organ.replace(short, official))
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
