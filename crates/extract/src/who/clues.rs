//! What speaks for a place other than its name: phone codes, postcodes, index numbers, addresses, its own townships.

use std::collections::BTreeSet;

use gongkai_lexicon::{ClueKind, Gazetteer, Place, WordFinder};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Evidence, contains, has_digits};

/// So many digits stand together in a postcode, in a phone number behind its area code, and in a credit code.
const POSTCODE_RUN: usize = 6;
const PHONE_RUN: usize = 7;
const CREDIT_CODE_RUN: usize = 8;
/// So many digits at least has the shortest index number that a clue is for.
const INDEX_DIGITS: usize = 4;

/// Weights: the organisation's registered territory and its official site say more than where a file was put.
const CREDIT_CODE: f32 = 4.0;
const SITE: f32 = 4.0;
const PRINTED: f32 = 2.0;
const ORIGIN: f32 = 2.0;
const FOLDER: f32 = 1.0;
const TOWNSHIP: f32 = 1.5;
const MOST_TOWNSHIPS: u8 = 3;

/// What official hosts end with.
const OFFICIAL: &str = ".gov.cn";

/// Something on a page that speaks for the places whose codes begin so, or against them.
#[derive(Debug)]
struct Clue<'a> {
    text: &'a str,
    prefix: &'a str,
    weight: f32,
}

/// The clues of a page.
#[derive(Debug, Default)]
pub(super) struct Clues<'a>(Vec<Clue<'a>>);

impl<'a> Clues<'a> {
    /// Reads the clues that are cheap to find.
    pub(super) fn read(evidence: &'a Evidence<'a>) -> Self {
        let mut clues = Self::default();
        clues.read_numbers(evidence);
        clues.read_addresses(evidence);
        clues
    }

    fn add(&mut self, text: &'a str, prefix: &'a str, weight: f32) {
        self.0.push(Clue { text, prefix, weight });
    }

    fn read_numbers(&mut self, evidence: &'a Evidence<'a>) {
        let gazetteer = &evidence.lexicon.gazetteer;
        let patterns = evidence.patterns;
        for (kind, pattern, run) in [
            (ClueKind::Phone, &patterns.phone, PHONE_RUN),
            (ClueKind::Postcode, &patterns.postcode, POSTCODE_RUN),
        ] {
            for digits in captures(pattern, evidence, run) {
                let shorter = (1..digits.len()).rev().filter(|_| kind == ClueKind::Postcode);
                let prefixes = std::iter::once(digits.len()).chain(shorter);
                let clues = prefixes.filter_map(|length| digits.get(..length));
                for clue in clues.flat_map(|prefix| gazetteer.area_clues(kind, prefix)) {
                    self.add(&clue.text, &clue.code_prefix, clue.weight);
                }
            }
        }
        for code in captures(&patterns.credit_code, evidence, CREDIT_CODE_RUN) {
            self.add(code, code.trim_end_matches("00"), CREDIT_CODE);
        }
        let numbered = evidence.head.iter().filter(|line| has_digits(line, INDEX_DIGITS));
        let numbers: Vec<&str> = numbered.flat_map(|line| numbers(line)).collect();
        for code in numbers.iter().filter_map(|number| territory(number)) {
            if gazetteer.latest(code).is_some() {
                self.add(code, code.trim_end_matches("00"), CREDIT_CODE);
            }
        }
        for clue in gazetteer.clues().iter().filter(|clue| clue.kind == ClueKind::Index) {
            if numbers.iter().any(|number| number.starts_with(&clue.text)) {
                self.add(&clue.text, &clue.code_prefix, clue.weight);
            }
        }
    }

    fn read_addresses(&mut self, evidence: &'a Evidence<'a>) {
        let gazetteer = &evidence.lexicon.gazetteer;
        let mut add = |address: &'a str, weight| {
            if let Some(place) = gazetteer.site(address) {
                self.add(address, place.code.trim_end_matches("00"), weight);
            }
        };
        let url = evidence.page.url.as_deref();
        if let Some(url) = url {
            add(url, SITE);
        }
        let origin = evidence.origin;
        // Crawlers keep pages in folders named after hosts.
        let hosts = origin.match_indices('/').map(|(at, _)| at + 1);
        for at in std::iter::once(0).chain(hosts) {
            let rest = origin.get(at..).unwrap_or_default();
            if rest.split('/').next().is_some_and(|piece| piece.contains('.')) {
                add(rest, ORIGIN);
            }
        }
        // Addresses that the text prints, of its site or of a mailbox.
        for line in evidence.texts().filter(|line| contains(line, OFFICIAL)) {
            for site in evidence.patterns.site.find_iter(line) {
                add(site.as_str(), PRINTED);
            }
        }
        for clue in gazetteer.clues().iter().filter(|clue| clue.kind == ClueKind::Host) {
            if url.is_some_and(|url| url.contains(&clue.text)) {
                self.add(&clue.text, &clue.code_prefix, clue.weight);
            }
        }
        for piece in origin.split(|c: char| !c.is_ascii_alphanumeric()) {
            if piece.len() == 6 && gazetteer.latest(piece).is_some() {
                self.add(piece, piece.trim_end_matches("00"), ORIGIN);
            }
            // liaoning/anshan: folders of provinces and prefectures, named as their hosts are.
            let named = piece.len() > 2 && piece.bytes().all(|byte| byte.is_ascii_lowercase());
            let place = named.then(|| gazetteer.site(&format!("{piece}{OFFICIAL}"))).flatten();
            if let Some(place) = place.filter(|place| place.code.ends_with("00")) {
                self.add(piece, place.code.trim_end_matches("00"), FOLDER);
            }
        }
    }

    /// Adds what takes a search of the whole page: words, and the names of townships that only one candidate has.
    pub(super) fn read_text(&mut self, evidence: &'a Evidence<'a>, candidates: &[&'a Place]) {
        let gazetteer = &evidence.lexicon.gazetteer;
        let words: Vec<&gongkai_lexicon::Clue> = (gazetteer.clues().iter())
            .filter(|clue| clue.kind == ClueKind::Text)
            .collect();
        let names = own_townships(gazetteer, candidates);
        let wanted: BTreeSet<&str> = (words.iter().map(|clue| clue.text.as_str()))
            .chain(names.iter().map(|(_, name)| *name))
            .collect();
        let said = said(&evidence.page.text, wanted);
        for clue in words.into_iter().filter(|clue| said.contains(clue.text.as_str())) {
            self.add(&clue.text, &clue.code_prefix, clue.weight);
        }
        for of_place in names.chunk_by(|left, right| left.0.code == right.0.code) {
            let found = of_place.iter().filter(|(_, name)| said.contains(name));
            for (place, name) in found.take(usize::from(MOST_TOWNSHIPS)) {
                self.add(name, &place.code, TOWNSHIP);
            }
        }
    }

    /// What they add for a place.
    pub(super) fn weight(&self, place: &Place) -> f32 {
        let own = self.0.iter().filter(|clue| place.code.starts_with(clue.prefix));
        own.map(|clue| clue.weight).sum()
    }

    /// The codes that one clue alone names: of the official site, or of the organisation's registration.
    pub(super) fn codes(&self) -> impl Iterator<Item = String> {
        let strong = self.0.iter().filter(|clue| clue.weight >= SITE.min(CREDIT_CODE));
        strong
            .filter(|clue| clue.prefix.len() >= 2)
            .map(|clue| format!("{:0<6}", clue.prefix))
    }

    /// A line for each clue that matters to the candidates.
    pub(super) fn notes(&self, candidates: &[&Place]) -> impl Iterator<Item = String> {
        let matter = |clue: &&Clue<'_>| candidates.iter().any(|place| place.code.starts_with(clue.prefix));
        self.0.iter().filter(matter).map(|clue| {
            let side = if clue.weight < 0.0 { "against" } else { "for" };
            format!("{} speaks {side} {}", clue.text, clue.prefix)
        })
    }
}

/// The names of a place's townships, as long as they say more than a common word.
fn townships<'a>(gazetteer: &'a Gazetteer, place: &Place) -> impl Iterator<Item = &'a str> {
    let townships = gazetteer.townships(&place.code);
    townships
        .map(|township| township.name)
        .filter(|name| name.chars().count() > 2)
}

/// The names of townships that only one of some places has, place by place, sorted.
fn own_townships<'a>(gazetteer: &'a Gazetteer, places: &[&'a Place]) -> Vec<(&'a Place, &'a str)> {
    let named: Vec<(&Place, BTreeSet<&str>)> = places
        .iter()
        .map(|place| (*place, townships(gazetteer, place).collect()))
        .collect();
    let mut owners: FxHashMap<&str, usize> = FxHashMap::default();
    for name in named.iter().flat_map(|(_, names)| names) {
        *owners.entry(name).or_default() += 1;
    }
    let all = named
        .iter()
        .flat_map(|(place, names)| names.iter().map(move |name| (*place, *name)));
    all.filter(|(_, name)| owners.get(name) == Some(&1)).collect()
}

/// Which of some words stand in a text, found in one pass.
fn said<'w>(text: &str, words: BTreeSet<&'w str>) -> FxHashSet<&'w str> {
    let words: Vec<&str> = words.into_iter().collect();
    let mut said = FxHashSet::default();
    WordFinder::new(&words).each(text, |found| {
        said.extend(words.get(usize::from(found.word)).copied());
    });
    said
}

/// The code of the territory that an index number of nine digits and a year begins with: 620702 of 620702081/2026-00007.
fn territory(number: &str) -> Option<&str> {
    let (organisation, year) = number.split_once('/')?;
    let is_code = organisation.len() == 9 && organisation.bytes().all(|byte| byte.is_ascii_digit());
    (is_code && year.starts_with("20"))
        .then(|| organisation.get(..6))
        .flatten()
}

/// What stands from the beginning of each number in a line on: XM03125-2019 is one, in Latin letters and digits.
fn numbers(line: &str) -> impl Iterator<Item = &str> {
    let bytes = line.as_bytes();
    let is_part = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let begins = (0..bytes.len()).filter(move |at| is_part(*at) && (*at == 0 || !is_part(at - 1)));
    begins.filter_map(|at| line.get(at..))
}

/// What a pattern that needs a run of so many digits captures, in order and once each.
fn captures<'a>(pattern: &regex::Regex, evidence: &'a Evidence<'a>, run: usize) -> BTreeSet<&'a str> {
    let lines = evidence.texts().filter(|text| has_digit_run(text, run));
    let found = lines.flat_map(|line| pattern.captures_iter(line));
    found
        .filter_map(|captures| captures.get(1).map(|found| found.as_str()))
        .collect()
}

/// Whether a line has a run of so many digits.
fn has_digit_run(line: &str, least: usize) -> bool {
    let bytes = line.as_bytes();
    let is_digit = |byte: &&u8| byte.is_ascii_digit();
    // A run of six cannot avoid every sixth byte.
    let mut sample = bytes.iter().enumerate().skip(least - 1).step_by(least);
    sample.any(|(at, byte)| {
        let (before, from) = bytes.split_at(at);
        byte.is_ascii_digit()
            && before.iter().rev().take_while(is_digit).count() + from.iter().take_while(is_digit).count() >= least
    })
}
