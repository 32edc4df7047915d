//! Traditional characters and Taiwan vocabulary, and what they are in Mainland Simplified.

use rustc_hash::FxHashSet;

use crate::row::Row;
use crate::tsv::{DataError, Table};

/// First character of the table: the CJK radicals.
const FIRST: u32 = 0x2E80;
/// One past the last radical.
const RADICALS_END: u32 = 0x2FE0;
/// One past the last character of the table: the end of the basic plane.
const END: u32 = 0x1_0000;

/// A word and what it is called on the Mainland.
#[derive(Debug, Clone)]
pub struct VocabularyEntry {
    /// The word, its characters already folded.
    pub from: String,
    /// The Mainland word.
    pub to: String,
    /// The entry does not apply before one of these words.
    pub unless_followed_by: Vec<String>,
}

/// The folding tables.
#[derive(Debug)]
pub struct ScriptTable {
    /// The character that each radical stands for, by code point from [`FIRST`]; 0 where there is none.
    radicals: Vec<u16>,
    /// Simplified form by code point from [`FIRST`]; 0 where nothing changes.
    simplified: Vec<u16>,
    /// A bit for each of them that is not 0: telling a page's script asks for nothing else, thousands of times.
    traditional: Vec<u64>,
    vocabulary: Vec<VocabularyEntry>,
    matcher: aho_corasick::AhoCorasick,
}

impl ScriptTable {
    pub(crate) fn parse(radicals: &Table, characters: &Table, words: &Table) -> Result<Self, DataError> {
        let mut of_radicals = vec![0u16; (RADICALS_END - FIRST) as usize];
        for row in radicals.rows() {
            put(&mut of_radicals, &row, "radical", "character")?;
        }
        let mut simplified = vec![0u16; (END - FIRST) as usize];
        let mut traditional = vec![0u64; simplified.len() / 64];
        for row in characters.rows() {
            if let Some(slot) = put(&mut simplified, &row, "hant", "hans")?
                && let Some(bits) = traditional.get_mut(slot / 64)
            {
                *bits |= 1 << (slot % 64);
            }
        }
        let is_traditional = |c: &char| {
            slot(*c)
                .and_then(|slot| simplified.get(slot))
                .is_some_and(|to| *to != 0)
        };
        let mut vocabulary: Vec<VocabularyEntry> = Vec::new();
        let mut seen = FxHashSet::default();
        for row in words.rows() {
            let from = row.required("from")?;
            if !seen.insert(from) {
                return Err(row.wrong(format!("listed twice: {from}")));
            }
            let unless_followed_by = row.distinct("unless_followed_by", '|')?;
            // They are looked for where characters are folded already.
            for word in unless_followed_by.iter().chain([&from]) {
                if let Some(character) = word.chars().find(|c| is_traditional(c)) {
                    return Err(row.wrong(format!("must be Simplified, {character} is not: {word}")));
                }
            }
            vocabulary.push(VocabularyEntry {
                from: from.to_owned(),
                to: row.required("to")?.to_owned(),
                unless_followed_by: unless_followed_by.into_iter().map(str::to_owned).collect(),
            });
        }
        let matcher = aho_corasick::AhoCorasick::builder()
            .match_kind(aho_corasick::MatchKind::LeftmostLongest)
            .build(vocabulary.iter().map(|entry| &entry.from))
            .map_err(|error| DataError::Wrong {
                file: words.file.clone(),
                line: 1,
                reason: error.to_string(),
            })?;
        Ok(Self {
            radicals: of_radicals,
            simplified,
            traditional,
            vocabulary,
            matcher,
        })
    }

    /// The character that a radical stands for, as PDF files print one for the other; none when it is not one.
    #[must_use]
    pub fn radical(&self, character: char) -> Option<char> {
        let found = *self.radicals.get(slot(character)?)?;
        char::from_u32(u32::from(found)).filter(|_| found != 0)
    }

    /// The Simplified form of a Traditional character; none when it is not one.
    #[must_use]
    pub fn simplify(&self, character: char) -> Option<char> {
        let folded = *self.simplified.get(slot(character)?)?;
        if folded == 0 {
            None
        } else {
            char::from_u32(u32::from(folded))
        }
    }

    /// Whether the character of a code point has a Simplified form that is another.
    #[must_use]
    #[inline]
    pub fn is_traditional(&self, code: u32) -> bool {
        let slot = code.checked_sub(FIRST).map(|slot| slot as usize);
        slot.and_then(|slot| Some(self.traditional.get(slot / 64)? & (1 << (slot % 64)) != 0))
            .unwrap_or(false)
    }

    /// Taiwan words in a text whose characters are folded: byte range and Mainland word, left to right.
    pub fn vocabulary<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (std::ops::Range<usize>, &'a str)> + 'a {
        self.matcher.find_iter(text).filter_map(move |found| {
            let entry = self.vocabulary.get(found.pattern().as_usize())?;
            let after = text.get(found.end()..).unwrap_or("");
            let kept = entry
                .unless_followed_by
                .iter()
                .any(|word| after.starts_with(word.as_str()));
            (!kept).then_some((found.start()..found.end(), entry.to.as_str()))
        })
    }
}

/// Enters a row's pair of characters; gives their slot, none for characters beyond the basic plane, which are too rare to
/// be worth a second table.
fn put(table: &mut [u16], row: &Row<'_>, from: &'static str, to: &'static str) -> Result<Option<usize>, DataError> {
    let (Some(printed), Some(folded)) = (single(row.required(from)?), single(row.required(to)?)) else {
        return Err(row.wrong(format!(
            "expected one character on each side, found: {} {}",
            row.get(from)?,
            row.get(to)?
        )));
    };
    if printed == folded {
        return Err(row.wrong(format!("stands for itself: {printed}")));
    }
    if [printed, folded].iter().any(|character| (*character as u32) < FIRST) {
        return Err(row.wrong(format!("not Chinese characters: {printed} {folded}")));
    }
    let (Some(slot), Ok(folded)) = (slot(printed), u16::try_from(folded as u32)) else {
        return Ok(None);
    };
    let back = char::from_u32(u32::from(folded)).and_then(self::slot);
    if back.and_then(|back| table.get(back)) == u16::try_from(printed as u32).ok().as_ref() {
        return Err(row.wrong(format!("{printed} and its {to} lead to each other: {}", row.get(to)?)));
    }
    let Some(place) = table.get_mut(slot) else {
        return Err(row.wrong(format!("outside the table's range: {printed}")));
    };
    if *place != 0 {
        return Err(row.wrong(format!("listed twice: {printed}")));
    }
    *place = folded;
    Ok(Some(slot))
}

fn slot(character: char) -> Option<usize> {
    let code = character as u32;
    (FIRST..END).contains(&code).then(|| (code - FIRST) as usize)
}

fn single(text: &str) -> Option<char> {
    let mut characters = text.chars();
    let first = characters.next()?;
    characters.next().is_none().then_some(first)
}
