//! Columns of text: every distinct value once and a key for each row, or, where values hardly repeat, all of them.
//!
//! The choice depends on the values alone, so that the same rows give the same bytes.

use std::hash::Hasher;
use std::sync::atomic::{AtomicU64, Ordering};

use polars::prelude::{ArrowDataType, PolarsResult};
use polars_arrow::array::BinaryArray;
use polars_arrow::bitmap::Bitmap;
use polars_arrow::offset::OffsetsBuffer;
use polars_parquet::write::Encoding;
use rustc_hash::FxHasher;

use crate::column::{Buffer, Encoded, Presence, dictionary, primitive};

/// Longer texts are not looked up: they hardly repeat.
const LONG_TEXT: usize = 256;

/// From this many distinct texts on, a column whose texts hardly repeat is written without a dictionary.
const MANY_TEXTS: usize = 16 * 1024;

/// No key: texts that were not met.
const NONE: u32 = u32::MAX;

/// Texts one after the other.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    bytes: Vec<u8>,
    ends: Vec<i64>,
}

impl Texts {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Adds a text.
    pub(crate) fn push(&mut self, text: &str) {
        self.push_bytes(text.as_bytes());
    }

    fn push_bytes(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(i64::try_from(self.bytes.len()).unwrap_or(i64::MAX));
    }

    fn get(&self, place: usize) -> Option<&[u8]> {
        let end = |place: usize| self.ends.get(place).and_then(|end| usize::try_from(*end).ok());
        let start = place.checked_sub(1).map_or(Some(0), end)?;
        self.bytes.get(start..end(place)?)
    }

    /// The array of them; none are left.
    pub(crate) fn take(&mut self, present: Option<Bitmap>) -> PolarsResult<BinaryArray<i64>> {
        let mut offsets = Vec::with_capacity(self.ends.len() + 1);
        offsets.push(0);
        offsets.append(&mut self.ends);
        BinaryArray::try_new(
            ArrowDataType::LargeBinary,
            OffsetsBuffer::try_from(offsets)?,
            std::mem::take(&mut self.bytes).into(),
            present,
        )
    }
}

/// Tells numberings apart; 0 is none.
static NUMBERINGS: AtomicU64 = AtomicU64::new(1);

/// Texts that have numbers.
#[derive(Debug)]
pub(crate) struct Numbering<'a> {
    id: u64,
    /// The texts, by number.
    pub texts: Vec<&'a str>,
}

impl<'a> Numbering<'a> {
    /// Numbers that are the places in a list of different texts.
    pub(crate) fn new(texts: Vec<&'a str>) -> Self {
        Self {
            id: NUMBERINGS.fetch_add(1, Ordering::Relaxed),
            texts,
        }
    }

    /// The text with a number.
    pub(crate) fn text(&self, number: u32) -> &'a str {
        self.texts.get(number as usize).copied().unwrap_or_default()
    }
}

/// The texts of a column.
#[derive(Debug, Default)]
pub(crate) struct TextColumn {
    presence: Presence,
    texts: Texts,
    keys: Vec<u32>,
    last: u32,
    /// An open hash table of keys, [`NONE`] where free.
    slots: Vec<u32>,
    /// The keys of texts that the caller numbers.
    numbered: Vec<u32>,
    /// Whose numbers these are.
    numbering: u64,
    is_plain: bool,
}

impl TextColumn {
    /// Adds a text; gives the bytes it takes up.
    pub(crate) fn push(&mut self, text: Option<&str>) -> usize {
        self.push_bytes(text.map(str::as_bytes))
    }

    /// Adds the bytes of a text; gives how many it takes up.
    pub(crate) fn push_bytes(&mut self, text: Option<&[u8]>) -> usize {
        let before = self.texts.bytes.len();
        self.presence.push(text.is_some());
        let bytes = text.unwrap_or_default();
        if !self.is_plain && (bytes.len() > LONG_TEXT || self.hardly_repeats()) {
            self.give_up();
        }
        if self.is_plain {
            self.texts.push_bytes(bytes);
        } else {
            if text.is_some() {
                self.last = self.key(bytes);
            }
            self.keys.push(self.last);
        }
        size_of::<u32>() + self.texts.bytes.len() - before
    }

    /// Adds a text that the caller has a number for, the same for equal texts of one numbering. The column then has a
    /// dictionary, whatever its texts; all of them must come this way.
    pub(crate) fn push_numbered(&mut self, number: Option<u32>, numbering: &Numbering<'_>) -> usize {
        self.presence.push(number.is_some());
        let Some(number) = number else {
            self.keys.push(0);
            return 0;
        };
        if self.numbering != numbering.id {
            self.numbering = numbering.id;
            self.numbered.clear();
        }
        let place = number as usize;
        if self.numbered.len() <= place {
            self.numbered.resize(numbering.texts.len().max(place + 1), NONE);
        }
        let before = self.texts.bytes.len();
        let mut key = self.numbered.get(place).copied().unwrap_or(NONE);
        if key == NONE {
            key = self.key(numbering.text(number).as_bytes());
            if let Some(numbered) = self.numbered.get_mut(place) {
                *numbered = key;
            }
        }
        self.keys.push(key);
        size_of::<u32>() + self.texts.bytes.len() - before
    }

    fn hardly_repeats(&self) -> bool {
        self.texts.len() >= MANY_TEXTS && self.texts.len() > self.keys.len() / 4 * 3
    }

    /// Puts every text where its key was.
    fn give_up(&mut self) {
        let texts = std::mem::take(&mut self.texts);
        for key in self.keys.drain(..) {
            self.texts.push_bytes(texts.get(key as usize).unwrap_or_default());
        }
        self.slots = Vec::new();
        self.is_plain = true;
    }

    fn key(&mut self, text: &[u8]) -> u32 {
        if self.texts.get(self.last as usize) == Some(text) {
            return self.last;
        }
        if self.slots.len() < 2 * (self.texts.len() + 1) {
            self.grow();
        }
        let (slot, key) = self.find(text);
        if key != NONE {
            return key;
        }
        let key = key_of(self.texts.len());
        self.texts.push_bytes(text);
        if let Some(slot) = self.slots.get_mut(slot) {
            *slot = key;
        }
        key
    }

    /// The slot of a text and the key in it.
    fn find(&self, text: &[u8]) -> (usize, u32) {
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = hash(text) & mask;
        loop {
            match self.slots.get(slot).copied().unwrap_or(NONE) {
                NONE => return (slot, NONE),
                key if self.texts.get(key as usize) == Some(text) => return (slot, key),
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        let size = (4 * (self.texts.len() + 1)).next_power_of_two().max(64);
        self.slots.clear();
        self.slots.resize(size, NONE);
        for place in 0..self.texts.len() {
            let (slot, _) = self.find(self.texts.get(place).unwrap_or_default());
            if let Some(slot) = self.slots.get_mut(slot) {
                *slot = key_of(place);
            }
        }
    }
}

fn key_of(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(NONE)
}

fn hash(text: &[u8]) -> usize {
    let mut hasher = FxHasher::default();
    hasher.write(text);
    usize::try_from(hasher.finish()).unwrap_or_default()
}

impl Buffer for TextColumn {
    fn reserve(&mut self, values: usize) {
        self.keys.reserve(values);
    }

    fn take(&mut self) -> PolarsResult<Encoded> {
        let present = self.presence.take();
        let keys = std::mem::take(&mut self.keys);
        self.last = 0;
        self.slots.fill(NONE);
        self.numbering = 0;
        if std::mem::take(&mut self.is_plain) {
            return Ok((Box::new(self.texts.take(present)?), Encoding::Plain));
        }
        let texts = self.texts.take(None)?;
        dictionary(primitive(keys, present), Box::new(texts))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use polars_arrow::array::DictionaryArray;

    use super::*;

    /// The texts of a column, and whether it has a dictionary.
    fn taken(column: &mut TextColumn) -> (Vec<Option<String>>, bool) {
        let (array, encoding) = column.take().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        if encoding == Encoding::Plain {
            let texts = array.as_any().downcast_ref::<BinaryArray<i64>>().unwrap();
            return (texts.iter().map(|bytes| bytes.map(text)).collect(), false);
        }
        let array = array.as_any().downcast_ref::<DictionaryArray<u32>>().unwrap();
        let values = array.values().as_any().downcast_ref::<BinaryArray<i64>>().unwrap();
        let texts = array
            .keys()
            .iter()
            .map(|key| key.map(|key| text(values.value(*key as usize))));
        (texts.collect(), true)
    }

    #[test]
    fn texts_come_back_however_many_are_different() {
        let mut column = TextColumn::default();
        for (different, has_dictionary) in [(0, true), (1, true), (7, true), (MANY_TEXTS * 2, false), (3, true)] {
            let texts: Vec<Option<String>> = (0..MANY_TEXTS * 2)
                .map(|row| (row % 5 != 0 && different > 0).then(|| (row % different.max(1)).to_string()))
                .collect();
            texts.iter().for_each(|text| {
                column.push(text.as_deref());
            });
            assert_eq!(taken(&mut column), (texts, has_dictionary), "{different}");
        }
    }

    #[test]
    fn long_texts_are_written_as_they_are() {
        let mut column = TextColumn::default();
        let texts = [
            Some("a".to_owned()),
            None,
            Some("a".to_owned()),
            Some("b".repeat(LONG_TEXT + 1)),
        ];
        texts.iter().for_each(|text| {
            column.push(text.as_deref());
        });
        assert_eq!(taken(&mut column), (texts.to_vec(), false));
    }

    #[test]
    fn a_text_has_one_key_in_all_numberings() {
        let mut column = TextColumn::default();
        for texts in [["a", "b"], ["b", "c"]] {
            let numbering = Numbering::new(texts.to_vec());
            for number in [Some(1), Some(0), None, Some(1)] {
                column.push_numbered(number, &numbering);
            }
        }
        assert_eq!(column.texts.len(), 3);
        let texts = ["b", "a", "", "b", "c", "b", "", "c"];
        let texts = texts.map(|text| (!text.is_empty()).then(|| text.to_owned()));
        assert_eq!(taken(&mut column), (texts.to_vec(), true));
    }
}
