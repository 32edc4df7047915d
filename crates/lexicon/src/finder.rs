//! Finds known words in a text: every occurrence, or the longest at each place.
//!
//! Most places of a Chinese text begin no known word, and two characters tell that. So a bit for each pair of first
//! characters is asked before any word is compared; the bits fit the fastest cache, which an automaton over bytes of
//! thousands of words does not. Two Chinese characters are asked for as the six bytes they are, without being decoded.

use rustc_hash::FxHashMap;

/// So many bits for the pairs of characters that begin a word: a few of a hundred are set.
const PAIR_BITS: usize = 1 << 16;
/// So many bits for words of one character, of which there are a few dozen.
const SINGLE_BITS: usize = 1 << 13;
/// Spreads pairs of characters over the bits; any odd number with well mixed bits will do.
const MIXER: u64 = 0x9E37_79B9_7F4A_7C15;
/// The first six of eight bytes, two characters of three, and the first three.
const SIX_BYTES: u64 = (1 << 48) - 1;
const THREE_BYTES: u64 = (1 << 24) - 1;

/// About so many bytes of a report have one known word of its sentences.
const BYTES_PER_WORD: usize = 16;

/// A word's place in the list it was built from.
pub type WordIndex = u16;

/// The words as a tree of characters, and what rules out most places before it is entered.
#[derive(Debug)]
pub struct WordFinder {
    /// Whether a word begins with a byte: few do with a digit, letter or mark.
    first_bytes: [bool; 256],
    /// For each value of [`slot`], whether a word of two characters or more begins so.
    pair_bits: Box<[u64; PAIR_BITS / 64]>,
    /// For each value of [`single_slot`], whether a word of one character has it.
    single_bits: Box<[u64; SINGLE_BITS / 64]>,
    /// Words of one character.
    single: FxHashMap<char, WordIndex>,
    /// Where the first two characters of longer words lead, by their number.
    pairs: FxHashMap<u64, Node>,
    /// Where the characters behind them lead.
    next: FxHashMap<(NodeIndex, char), Node>,
    /// How many beginnings there are.
    nodes: NodeIndex,
}

type NodeIndex = u32;

/// A beginning of words; it stands in the tables themselves, so that one look finds it.
#[derive(Debug, Clone, Copy, Default)]
struct Node {
    index: NodeIndex,
    /// The word that ends here.
    word: Option<WordIndex>,
    /// Whether longer words begin so, too.
    goes_on: bool,
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

/// A place where a word may begin.
struct Start {
    at: usize,
    /// One past its first character.
    end: usize,
    /// Whether that one may be a word.
    alone: bool,
    /// The number of the first two characters, if they may begin one, and one past them.
    pair: Option<(u64, usize)>,
}

impl WordFinder {
    /// Prepares different words; empty ones, and those beyond what an index can count, are never found.
    #[must_use]
    pub fn new<S: AsRef<str>>(words: &[S]) -> Self {
        let mut finder = Self {
            first_bytes: [false; 256],
            pair_bits: Box::new([0; PAIR_BITS / 64]),
            single_bits: Box::new([0; SINGLE_BITS / 64]),
            single: FxHashMap::default(),
            pairs: FxHashMap::default(),
            next: FxHashMap::default(),
            nodes: 0,
        };
        for (index, word) in (0..=WordIndex::MAX).zip(words) {
            finder.add(index, word.as_ref());
        }
        finder
    }

    fn add(&mut self, index: WordIndex, word: &str) {
        if let Some(byte) = word.bytes().next() {
            self.first_bytes[usize::from(byte)] = true;
        }
        let mut characters = word.chars();
        let (first, second) = match (characters.next(), characters.next()) {
            (Some(first), Some(second)) => (first, second),
            (Some(only), None) => {
                set(&mut *self.single_bits, single_slot(number(only, None)));
                self.single.insert(only, index);
                return;
            }
            (None, _) => return,
        };
        let pair = number(first, Some(second));
        set(&mut *self.pair_bits, slot(pair));
        let mut new_node = || {
            self.nodes += 1;
            Node {
                index: self.nodes,
                ..Node::default()
            }
        };
        let mut node = self.pairs.entry(pair).or_insert_with(&mut new_node);
        for character in characters {
            node.goes_on = true;
            let place = (node.index, character);
            node = self.next.entry(place).or_insert_with(&mut new_node);
        }
        node.word = Some(index);
    }

    /// Every occurrence of every word, overlapping ones included, by start, then end.
    #[must_use]
    pub fn all(&self, text: &str) -> Vec<WordFound> {
        let mut found = Vec::with_capacity(text.len() / BYTES_PER_WORD);
        self.each(text, |word| found.push(word));
        found
    }

    /// Visits every occurrence of every word in the same order.
    pub fn each(&self, text: &str, mut visit: impl FnMut(WordFound)) {
        self.starts(text, |start| self.words_at(text, &start, &mut visit));
    }

    /// The longest word at each place, left to right, none overlapping another.
    #[must_use]
    pub fn longest(&self, text: &str) -> Vec<WordFound> {
        let mut found: Vec<WordFound> = Vec::new();
        let mut free_from = 0;
        self.starts(text, |start| {
            if start.at >= free_from {
                let mut longest = None;
                self.words_at(text, &start, |word| longest = Some(word));
                free_from = longest.map_or(free_from, |word| word.end);
                found.extend(longest);
            }
        });
        found
    }

    /// Visits the places where words may begin.
    fn starts(&self, text: &str, mut visit: impl FnMut(Start)) {
        let mut rest = text.as_bytes();
        loop {
            if let Some(eight @ [0xe0..=0xef, _, _, 0xe0..=0xef, ..]) = rest.first_chunk::<8>() {
                let six = u64::from_le_bytes(*eight) & SIX_BYTES;
                let alone = is_set(&self.single_bits, single_slot(six & THREE_BYTES));
                let begins = is_set(&self.pair_bits, slot(six));
                if alone | begins {
                    let at = text.len() - rest.len();
                    let pair = begins.then_some((six, at + 6));
                    visit(Start {
                        at,
                        end: at + 3,
                        alone,
                        pair,
                    });
                }
                rest = &rest[3..];
                continue;
            }
            let Some(byte) = rest.first() else { return };
            if !self.first_bytes[usize::from(*byte)] {
                rest = rest.get(length_of(*byte)..).unwrap_or_default();
                continue;
            }
            let at = text.len() - rest.len();
            let mut characters = text.get(at..).unwrap_or("").chars();
            let Some(first) = characters.next() else { return };
            let end = at + first.len_utf8();
            let alone = is_set(&self.single_bits, single_slot(number(first, None)));
            let pair = characters
                .next()
                .map(|second| (number(first, Some(second)), end + second.len_utf8()));
            let pair = pair.filter(|(pair, _)| is_set(&self.pair_bits, slot(*pair)));
            if alone || pair.is_some() {
                visit(Start { at, end, alone, pair });
            }
            rest = &rest[first.len_utf8()..];
        }
    }

    /// Visits the words that begin at a place, shortest first.
    fn words_at(&self, text: &str, start: &Start, mut visit: impl FnMut(WordFound)) {
        let mut found = |word: WordIndex, end: usize| {
            visit(WordFound {
                word,
                start: start.at,
                end,
            });
        };
        if start.alone
            && let Some(only) = text.get(start.at..).and_then(|rest| rest.chars().next())
            && let Some(word) = self.single.get(&only)
        {
            found(*word, start.end);
        }
        let Some((pair, mut end)) = start.pair else { return };
        let mut place = self.pairs.get(&pair);
        while let Some(node) = place {
            if let Some(word) = node.word {
                found(word, end);
            }
            let behind = text.get(end..).filter(|_| node.goes_on);
            let Some(character) = behind.and_then(|behind| behind.chars().next()) else {
                return;
            };
            end += character.len_utf8();
            place = self.next.get(&(node.index, character));
        }
    }
}

/// How many bytes a character has, by its first.
fn length_of(first: u8) -> usize {
    match first {
        0..=0x7f => 1,
        0x80..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0.. => 4,
    }
}

/// A number for one or two characters: their bytes, as they stand in a text, where each has three.
#[inline]
fn number(first: char, second: Option<char>) -> u64 {
    let mut bytes = [0; 8];
    first.encode_utf8(&mut bytes);
    if let Some(second) = second {
        second.encode_utf8(&mut bytes[first.len_utf8()..]);
    }
    u64::from_le_bytes(bytes)
}

/// The bit of a pair's number.
fn slot(pair: u64) -> usize {
    (pair.wrapping_mul(MIXER) >> 48) as usize % PAIR_BITS
}

/// The bit of one character's number.
fn single_slot(number: u64) -> usize {
    (number.wrapping_mul(MIXER) >> 48) as usize % SINGLE_BITS
}

fn set(bits: &mut [u64], bit: usize) {
    if let Some(block) = bits.get_mut(bit / 64) {
        *block |= 1 << (bit % 64);
    }
}

fn is_set<const BLOCKS: usize>(bits: &[u64; BLOCKS], bit: usize) -> bool {
    bits.get(bit / 64).is_some_and(|block| block & (1 << (bit % 64)) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 7] = ["公开", "公开信息", "信息", "均", "开信", "12345", "息均"];

    fn check(found: &[WordFound], text: &str, expected: &str) {
        let words: Vec<&str> = found
            .iter()
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
            ("𠀀公开é信息!均", "公开 信息 均", "公开 信息 均"),
            ("公", "", ""),
            ("", "", ""),
        ] {
            check(&finder.all(text), text, all);
            check(&finder.longest(text), text, longest);
        }
    }
}
