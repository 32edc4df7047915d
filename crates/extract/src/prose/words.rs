//! The known words of one block, found in one pass and asked for by range.

use std::ops::Range;

use gongkai_lexicon::{ProseLexicon, WordFound, WordId, WordSet};

/// Word occurrences, by start, then end.
#[derive(Debug, Default)]
pub struct Words {
    hits: Vec<WordFound>,
    /// Every word that is found at all: few sets have one of them.
    said: WordSet,
}

impl Words {
    /// Finds every known word of a folded text.
    #[must_use]
    pub fn find(text: &str, prose: &ProseLexicon) -> Self {
        let hits = prose.find(text);
        let mut said = WordSet::default();
        hits.iter().for_each(|hit| said.insert(WordId(hit.word)));
        Self { hits, said }
    }

    /// The occurrences that lie inside a range.
    pub fn within<'a>(&'a self, range: &Range<usize>) -> impl DoubleEndedIterator<Item = (usize, usize, WordId)> + 'a {
        let first = self.hits.partition_point(|hit| hit.start < range.start);
        let last = self.hits.partition_point(|hit| hit.start < range.end);
        let end = range.end;
        self.hits
            .get(first..last.max(first))
            .unwrap_or(&[])
            .iter()
            .filter(move |hit| hit.end <= end)
            .map(|hit| (hit.start, hit.end, WordId(hit.word)))
    }

    /// The set of words inside a range, brackets' contents left out.
    #[must_use]
    pub fn set(&self, range: &Range<usize>, brackets: &[Range<usize>]) -> WordSet {
        let mut set = WordSet::default();
        for (start, _, word) in self.within(range) {
            // A gloss in brackets explains the label; it is not the label. But a range that is all inside one stays.
            let glossed = brackets
                .iter()
                .any(|bracket| bracket.contains(&start) && !bracket.contains(&range.start));
            if !glossed {
                set.insert(word);
            }
        }
        set
    }

    /// Whether a word of a set lies inside a range.
    #[must_use]
    pub fn any_in(&self, range: &Range<usize>, set: &WordSet) -> bool {
        self.said.intersects(set) && self.within(range).any(|(_, _, word)| set.contains(word))
    }

    /// The last occurrence of a word of a set inside a range.
    #[must_use]
    pub fn last_in(&self, range: &Range<usize>, set: &WordSet) -> Option<(usize, usize)> {
        if !self.said.intersects(set) {
            return None;
        }
        let (start, end, _) = self.within(range).rfind(|(_, _, word)| set.contains(*word))?;
        Some((start, end))
    }
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
