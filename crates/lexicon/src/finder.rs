//! Finds known words in a text: every occurrence, or the longest at each place.
//!
//! Most places of a Chinese text begin no known word, and two characters tell that. So a bit for each pair of first
//! characters is asked before any word is compared; the bits fit the fastest cache, which an automaton over bytes of
//! thousands of words does not.

use rustc_hash::FxHashMap;

/// So many bits for the pairs of characters that begin a word: a few of a hundred are set.
const PAIR_BITS: u32 = 1 << 16;
/// Spreads pairs of characters over the bits; any odd number with well mixed bits will do.
const MIXER: u32 = 0x9E37_79B1;

/// A word's place in the list it was built from.
pub type WordIndex = u16;

/// The words, by their first characters.
#[derive(Debug)]
pub struct WordFinder {
    /// For each value of [`slot`], whether a word of two characters or more begins so.
    pairs: Vec<u64>,
    /// Words of one character.
    single: FxHashMap<char, WordIndex>,
    /// What follows the first two characters of longer words, shortest first.
    longer: FxHashMap<(char, char), Vec<(Box<str>, WordIndex)>>,
    /// For the low bits of a character, whether a word of one character has them.
    single_bits: [u64; 4],
}

/// An occurrence of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordFound {
    /// Which word.
    pub word: WordIndex,
    /// Its first byte.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

impl WordFinder {
    /// Prepares different words; empty ones, and those beyond what an index can count, are never found.
    #[must_use]
    pub fn new<S: AsRef<str>>(words: &[S]) -> Self {
        let mut finder = Self {
            pairs: vec![0; (PAIR_BITS / 64) as usize],
            single: FxHashMap::default(),
            longer: FxHashMap::default(),
            single_bits: [0; 4],
        };
        for (index, word) in (0..=WordIndex::MAX).zip(words) {
            let mut characters = word.as_ref().chars();
            match (characters.next(), characters.next()) {
                (Some(first), Some(second)) => {
                    set(&mut finder.pairs, slot(first, second));
                    let tails = finder.longer.entry((first, second)).or_default();
                    tails.push((characters.as_str().into(), index));
                }
                (Some(only), None) => {
                    set(&mut finder.single_bits, low_bits(only));
                    finder.single.insert(only, index);
                }
                (None, _) => {}
            }
        }
        for tails in finder.longer.values_mut() {
            tails.sort_by_key(|(tail, _)| tail.len());
        }
        finder
    }

    /// Every occurrence of every word, overlapping ones included, by start, then end.
    pub fn all<'a>(&'a self, text: &'a str) -> impl Iterator<Item = WordFound> + 'a {
        self.starts(text).flat_map(move |start| self.at(text, start))
    }

    /// The longest word at each place, left to right, none overlapping another.
    pub fn longest<'a>(&'a self, text: &'a str) -> impl Iterator<Item = WordFound> + 'a {
        let mut free_from = 0;
        self.starts(text).filter_map(move |start| {
            if start < free_from {
                return None;
            }
            let found = self.at(text, start).last()?;
            free_from = found.end;
            Some(found)
        })
    }

    /// The places where words may begin.
    fn starts<'a>(&'a self, text: &'a str) -> impl Iterator<Item = usize> + 'a {
        let mut before = None;
        let end = (text.len(), char::REPLACEMENT_CHARACTER);
        let characters = text.char_indices().chain(std::iter::once(end));
        characters.filter_map(move |(at, second)| {
            let (start, first) = before.replace((at, second))?;
            let begins = is_set(&self.pairs, slot(first, second)) || is_set(&self.single_bits, low_bits(first));
            begins.then_some(start)
        })
    }

    /// The words that begin at a place, shortest first.
    fn at<'a>(&'a self, text: &'a str, start: usize) -> impl Iterator<Item = WordFound> + 'a {
        let mut characters = text.get(start..).unwrap_or_default().chars();
        let (first, second) = (characters.next(), characters.next());
        let rest = characters.as_str();
        let behind_pair = text.len() - rest.len();
        let single = first.and_then(|first| {
            let word = *self.single.get(&first)?;
            let end = start + first.len_utf8();
            Some(WordFound { word, start, end })
        });
        let tails = first.zip(second).and_then(|pair| self.longer.get(&pair));
        let longer = tails.into_iter().flatten().filter_map(move |(tail, word)| {
            let end = behind_pair + tail.len();
            rest.starts_with(&**tail).then_some(WordFound {
                word: *word,
                start,
                end,
            })
        });
        single.into_iter().chain(longer)
    }
}

/// The bit of a pair of characters.
fn slot(first: char, second: char) -> u32 {
    let mixed = (first as u32).wrapping_mul(MIXER).rotate_left(15) ^ second as u32;
    mixed.wrapping_mul(MIXER) / (u32::MAX / PAIR_BITS + 1)
}

fn low_bits(character: char) -> u32 {
    character as u32 % 256
}

fn set(bits: &mut [u64], bit: u32) {
    if let Some(block) = bits.get_mut((bit / 64) as usize) {
        *block |= 1 << (bit % 64);
    }
}

fn is_set(bits: &[u64], bit: u32) -> bool {
    bits.get((bit / 64) as usize)
        .is_some_and(|block| block & (1 << (bit % 64)) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 7] = ["公开", "公开信息", "信息", "均", "开信", "12345", "息均"];

    fn check(found: impl Iterator<Item = WordFound>, text: &str, expected: &str) {
        let words: Vec<&str> = found
            .map(|found| {
                assert_eq!(&text[found.start..found.end], WORDS[usize::from(found.word)]);
                WORDS[usize::from(found.word)]
            })
            .collect();
        assert_eq!(words.join(" "), expected, "{text}");
    }

    #[test]
    fn words_are_found_overlapping_or_longest_first() {
        let finder = WordFinder::new(&WORDS);
        for (text, all, longest) in [
            ("公开信息均", "公开 公开信息 开信 信息 息均 均", "公开信息 均"),
            ("a公开,信息", "公开 信息", "公开 信息"),
            ("电话112345均", "12345 均", "12345 均"),
            ("公", "", ""),
            ("", "", ""),
        ] {
            check(finder.all(text), text, all);
            check(finder.longest(text), text, longest);
        }
    }
}
