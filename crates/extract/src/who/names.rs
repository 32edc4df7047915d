//! Names of places in text, and whether they are names there: 和县 also stands in 》和县政府, 应城市 in 相应城市.
//!
//! Knows nothing of codes and of which place is meant.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use gongkai_lexicon::{Gazetteer, Lexicon, OrganWords, PlaceLevel, WordFinder, WordKind};

/// Finds the names of all places in one pass.
#[derive(Debug)]
pub struct PlaceFinder {
    finder: WordFinder,
    /// The forms searched for, official and short ones.
    forms: Vec<String>,
    /// The official name of each form.
    names: Vec<String>,
    /// Finds the names of zones.
    zones: WordFinder,
    /// What names end with: 省, 市, 县.
    endings: BTreeMap<char, Vec<PlaceLevel>>,
}

/// A name as it stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaceNamed<'a> {
    /// The official name.
    pub name: &'a str,
    /// Whether it is a name there, and not a piece of other words.
    pub sure: bool,
    /// Whether it stands in the title of a document that is cited.
    pub cited: bool,
    /// The character before it.
    pub before: Option<char>,
    /// How many characters stand there.
    pub form_length: usize,
}

/// What a text is that names are looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// A body's name or a title: a place stands at its beginning, or behind another place.
    Name,
    /// Running text.
    Text,
}

impl PlaceFinder {
    /// Prepares every name.
    #[must_use]
    pub fn new(lexicon: &Lexicon) -> Self {
        let gazetteer = &lexicon.gazetteer;
        let official = gazetteer.places().iter().map(|place| place.name.as_str());
        let mut forms: HashMap<&str, &str> = official.map(|name| (name, name)).collect();
        forms.extend(gazetteer.short_names());
        let mut forms: Vec<(&str, &str)> = forms.into_iter().collect();
        forms.sort_unstable();
        let mut endings: BTreeMap<char, Vec<PlaceLevel>> = BTreeMap::new();
        for place in gazetteer.places() {
            let ending = place.name.chars().next_back().unwrap_or_default();
            endings.entry(ending).or_default().push(place.level);
        }
        let (forms, names): (Vec<String>, Vec<String>) = forms
            .into_iter()
            .map(|(form, name)| (form.to_owned(), name.to_owned()))
            .unzip();
        let zone_forms = gazetteer
            .zones()
            .iter()
            .flat_map(|zone| zone.aliases.iter().chain([&zone.name]));
        let zone_forms: BTreeSet<&str> = zone_forms.map(String::as_str).collect();
        let zone_forms: Vec<&str> = zone_forms.into_iter().collect();
        Self {
            finder: WordFinder::new(&forms),
            zones: WordFinder::new(&zone_forms),
            endings,
            forms,
            names,
        }
    }

    /// The names in a text, the longest at each place.
    pub fn names_in<'a>(&'a self, text: &str, setting: Setting, words: &OrganWords) -> Vec<PlaceNamed<'a>> {
        let mut place_ends = None;
        let mut cited = Cited::default();
        let found = self.finder.longest(text).into_iter().filter_map(|found| {
            let form = self.forms.get(usize::from(found.word))?;
            let name = self.names.get(usize::from(found.word))?;
            let (before, after) = (text.get(..found.start)?, text.get(found.end..)?);
            let behind_place = place_ends.replace(found.end) == Some(found.start);
            Some(PlaceNamed {
                name,
                sure: stands_alone(form, before, after, behind_place, setting, words),
                cited: cited.at(text, found.start),
                before: before.chars().next_back(),
                form_length: form.chars().count(),
            })
        });
        found.collect()
    }

    /// The codes of the places that hold the zones of the longest name in a body's.
    pub fn zone_parents<'a>(&self, organ: &str, gazetteer: &'a Gazetteer) -> BTreeSet<&'a str> {
        let found = self.zones.all(organ);
        let longest = found.iter().map(|found| found.end - found.start).max();
        let longest = found.iter().filter(|found| Some(found.end - found.start) == longest);
        let forms = longest.filter_map(|found| organ.get(found.start..found.end));
        let zones = gazetteer.zones().iter();
        let mut parents = BTreeSet::new();
        for form in forms {
            let named = zones
                .clone()
                .filter(|zone| zone.name == form || zone.aliases.iter().any(|alias| alias == form));
            parents.extend(named.map(|zone| zone.parent.as_str()));
        }
        parents
    }

    /// The place whose bare name a body's begins with: 西安高新技术产业开发区 is 西安市's.
    pub fn stem_of(&self, organ: &str, words: &OrganWords) -> Option<&str> {
        self.stem_and_rest(organ, words).map(|(name, _)| name)
    }

    /// The same, and what stands behind the bare name. A township's own name is none: 永安镇 has nothing to do with 永安市.
    pub fn stem_and_rest<'a, 'o>(&'a self, organ: &'o str, words: &OrganWords) -> Option<(&'a str, &'o str)> {
        let endings = words.of(WordKind::PlaceStem);
        let rest = |form: &str| {
            let stem = endings.iter().find_map(|ending| form.strip_suffix(ending.as_str()));
            let stem = stem.filter(|stem| stem.chars().count() >= 2);
            let rest = stem.and_then(|stem| organ.strip_prefix(stem));
            rest.filter(|rest| !names_township(rest, words))
        };
        let forms = self.forms.iter().enumerate();
        let begins = forms.filter_map(|(index, form)| Some((index, form, rest(form)?)));
        let (index, _, rest) = begins.max_by_key(|(_, form, _)| (form.len(), form.ends_with('市')))?;
        self.names.get(index).map(|name| (name.as_str(), rest))
    }

    /// Whether a name begins with a place's, or with the rank of one: 区民政局.
    pub fn begins_with_place(&self, name: &str, words: &OrganWords) -> bool {
        let places = self.names_in(name, Setting::Name, words);
        let begins = |found: &PlaceNamed<'_>| found.before.is_none() && found.sure;
        self.rank_of(name, words).is_some() || places.first().is_some_and(begins)
    }

    /// The rank a body without a place's name gives itself, as names of such places end: 区 of 区民政局.
    pub fn rank_of(&self, organ: &str, words: &OrganWords) -> Option<char> {
        let first = organ.chars().next().filter(|first| self.endings.contains_key(first))?;
        // 市场监督管理局 is of any rank.
        let goes_on = words.beginning(WordKind::PlaceNotBefore, organ.get(first.len_utf8()..)?);
        goes_on.is_none_or(|word| word.chars().count() > 1).then_some(first)
    }

    /// The level of places whose names end so, where nearly all of them have one: 县, but not 市.
    pub fn level_of_rank(&self, rank: char) -> Option<PlaceLevel> {
        let levels = self.endings.get(&rank)?;
        let most = [PlaceLevel::Province, PlaceLevel::Prefecture, PlaceLevel::County];
        let share = |level: &PlaceLevel| levels.iter().filter(|other| *other == level).count();
        most.into_iter().find(|level| share(level) * 20 >= levels.len() * 19)
    }
}

/// Whether the title of a document is open at places of a text that come one behind the other.
#[derive(Default)]
struct Cited {
    read: usize,
    open: bool,
}

impl Cited {
    fn at(&mut self, text: &str, place: usize) -> bool {
        let next = text.get(self.read..place).unwrap_or_default();
        if let Some(last) = next.rfind(['《', '》']) {
            self.open = next[last..].starts_with('《');
        }
        self.read = place;
        self.open
    }
}

/// Whether a name begins as those of townships and streets go on: 镇人民政府, 街道办事处.
fn names_township(rest: &str, words: &OrganWords) -> bool {
    let township = words.beginning(WordKind::Township, rest);
    township.or(words.beginning(WordKind::Street, rest)).is_some()
}

/// Whether what stands behind a name makes a township's or a street's of it: 镇人民政府, but not 镇街 or 乡镇.
fn is_township(after: &str, words: &OrganWords) -> bool {
    let is_whole = |word: &str| word.chars().count() > 1 || word.len() == after.len();
    let township = words.beginning(WordKind::Township, after);
    township
        .or(words.beginning(WordKind::Street, after))
        .is_some_and(is_whole)
}

/// Whether a form that was found is a name where it stands.
fn stands_alone(
    form: &str,
    before: &str,
    after: &str,
    behind_place: bool,
    setting: Setting,
    words: &OrganWords,
) -> bool {
    let starts = |text: &str, kind| words.beginning(kind, text).is_some();
    let ends = |text: &str, kind| words.ending(kind, text).is_some();
    // 和县, 应县: one character and an ending are found in any text.
    let short = form.chars().count() == 2;
    let goes_on = if short {
        WordKind::ShortPlaceNotBefore
    } else {
        WordKind::PlaceNotBefore
    };
    // 新县镇人民政府 is no county's.
    let of_township = setting == Setting::Name && !form.ends_with('市') && is_township(after, words);
    if starts(after, goes_on) || of_township {
        return false;
    }
    if behind_place || before.is_empty() {
        return true;
    }
    let behind_mark = before.ends_with(|c: char| !is_han(c));
    if short || words.of(WordKind::PlaceOrdinary).iter().any(|word| word == form) {
        let behind_word = words
            .of(WordKind::PlaceAfter)
            .iter()
            .any(|word| word.chars().count() > 1 && before.ends_with(word.as_str()));
        let names_body = behind_mark && starts(after, WordKind::Government);
        return (names_body || behind_word) && !starts(form, WordKind::PlaceAfter);
    }
    behind_mark || setting == Setting::Name || ends(before, WordKind::PlaceAfter)
}

pub(super) fn is_han(character: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&character)
}
