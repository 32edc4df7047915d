//! The known words of one block, found in one pass and asked for by range.

use std::ops::Range;

use gongkai_lexicon::{ProseLexicon, WordFound, WordId, WordSet};

use crate::work;

/// Word occurrences, by start, then end.
#[derive(Debug, Default)]
pub struct Words {
    hits: Vec<WordFound>,
    /// Every word that is found at all: few sets have one of them.
    said: WordSet,
    /// In a long block the words of each [`GROUP`] occurrences: those without a wanted word are passed by.
    groups: Vec<WordSet>,
    /// Bytes of the longest word found.
    longest: usize,
}

/// So many occurrences are asked together.
const GROUP: usize = 32;

impl Words {
    /// Finds every known word of a folded text.
    #[must_use]
    pub fn find(text: &str, prose: &ProseLexicon) -> Self {
        let hits = prose.find(text);
        let words_of = |hits: &[WordFound]| {
            let mut words = WordSet::default();
            hits.iter().for_each(|hit| words.insert(WordId(hit.word)));
            words
        };
        let said = words_of(&hits);
        let groups = if hits.len() > 2 * GROUP {
            hits.chunks(GROUP).map(words_of).collect()
        } else {
            Vec::new()
        };
        Self {
            longest: hits.iter().map(|hit| hit.end - hit.start).max().unwrap_or(0),
            hits,
            said,
            groups,
        }
    }

    /// The places of the occurrences that begin in a range.
    fn beginning_in(&self, range: &Range<usize>) -> Range<usize> {
        let first = self.hits.partition_point(|hit| hit.start < range.start);
        let last = self.hits.partition_point(|hit| hit.start < range.end);
        first..last.max(first)
    }

    /// The occurrences that lie inside a range.
    pub fn within<'a>(&'a self, range: &Range<usize>) -> impl DoubleEndedIterator<Item = (usize, usize, WordId)> + 'a {
        let hits = self.hits.get(self.beginning_in(range)).unwrap_or_default();
        inside(hits, range.end)
    }

    /// The occurrences of the words of a set that lie inside a range.
    pub fn of_set<'a>(
        &'a self,
        range: &Range<usize>,
        set: &'a WordSet,
    ) -> impl DoubleEndedIterator<Item = (usize, usize, WordId)> + 'a {
        let places = if self.said.intersects(set) {
            self.beginning_in(range)
        } else {
            0..0
        };
        let end = range.end;
        let groups = places.start / GROUP..places.end.div_ceil(GROUP);
        work::note(groups.len());
        let asked = groups.filter(move |group| self.groups.get(*group).is_none_or(|words| words.intersects(set)));
        let hits = asked.flat_map(move |group| {
            let (from, to) = (group * GROUP, (group + 1) * GROUP);
            let hits = self.hits.get(from.max(places.start)..to.min(places.end));
            work::note(hits.map_or(0, <[WordFound]>::len));
            hits.unwrap_or_default()
        });
        hits.filter(move |hit| hit.end <= end && set.contains(WordId(hit.word)))
            .map(|hit| (hit.start, hit.end, WordId(hit.word)))
    }

    /// The set of words inside a range.
    #[must_use]
    pub fn set(&self, range: &Range<usize>) -> WordSet {
        let mut set = WordSet::default();
        self.within(range).for_each(|(_, _, word)| set.insert(word));
        set
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hits.is_empty()
    }

    /// Whether a word of a set stands anywhere.
    #[must_use]
    pub fn any(&self, set: &WordSet) -> bool {
        self.said.intersects(set)
    }

    /// Whether a word of a set lies inside a range.
    #[must_use]
    pub fn any_in(&self, range: &Range<usize>, set: &WordSet) -> bool {
        self.of_set(range, set).next().is_some()
    }

    /// The last occurrence of a word of a set inside a range.
    #[must_use]
    pub fn last_in(&self, range: &Range<usize>, set: &WordSet) -> Option<(usize, usize)> {
        let (start, end, _) = self.of_set(range, set).next_back()?;
        Some((start, end))
    }

    /// Whether a range ends with a word of a set.
    #[must_use]
    pub fn ends(&self, range: &Range<usize>, set: &WordSet) -> bool {
        let near = range.end.saturating_sub(self.longest).max(range.start)..range.end;
        self.of_set(&near, set).any(|(_, end, _)| end == range.end)
    }
}

fn inside(hits: &[WordFound], end: usize) -> impl DoubleEndedIterator<Item = (usize, usize, WordId)> {
    work::note(hits.len());
    hits.iter()
        .filter(move |hit| hit.end <= end)
        .map(|hit| (hit.start, hit.end, WordId(hit.word)))
}

/// The round brackets of a text, outermost only.
#[must_use]
pub fn brackets(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !text.contains('(') {
        return found;
    }
    let mut open: Option<usize> = None;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' if open.is_none() => open = Some(at),
            b')' => {
                if let Some(start) = open.take() {
                    found.push(start..at + 1);
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether a place of a text lies in one of its brackets.
#[must_use]
pub fn is_bracketed(brackets: &[Range<usize>], at: usize) -> bool {
    let behind = brackets.partition_point(|bracket| bracket.end <= at);
    brackets.get(behind).is_some_and(|bracket| bracket.contains(&at))
}
