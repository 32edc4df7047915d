//! Pages in two encodings: a template in one around text in another, or text that was damaged on its way. Each part is
//! read in the encoding in which it is text.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};
use simdutf8::compat::from_utf8;

use crate::legible::doubtful;

/// So many characters of UTF-8 in a row are no chance in another encoding.
const RUN: usize = 3;
/// So many bytes are looked at in one go.
const BLOCK: usize = 64;

/// The text of a page, and how often it was no text in the encoding that most of it is in.
pub(crate) struct Mixed {
    pub(crate) text: String,
    /// Parts that were read in the other encoding.
    pub(crate) foreign: usize,
    /// Sequences of bytes that are text in neither.
    pub(crate) undecodable: usize,
}

/// Decodes a page that is mostly in `main`; parts that read better in `other` are read so. A line is read as a whole if
/// it can be: the more characters, the surer.
pub(crate) fn decode(bytes: &[u8], main: &'static Encoding, other: &'static Encoding) -> Mixed {
    let mut mixed = Mixed {
        text: String::with_capacity(bytes.len()),
        foreign: 0,
        undecodable: 0,
    };
    for line in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r' | b'<' | b'>')) {
        let reading = best(line, main, other);
        if reading.doubts == 0 {
            mixed.push(&reading);
        } else {
            words(line).for_each(|word| mixed.push(&best(word, main, other)));
        }
    }
    mixed
}

impl Mixed {
    fn push(&mut self, reading: &Reading) {
        self.text.push_str(&reading.text);
        self.foreign += usize::from(reading.foreign);
        if reading.doubts > 0 {
            self.undecodable += reading.text.matches(char::REPLACEMENT_CHARACTER).count();
        }
    }
}

/// A part of the page as text.
struct Reading<'a> {
    text: Cow<'a, str>,
    doubts: usize,
    foreign: bool,
}

fn best<'a>(part: &'a [u8], main: &'static Encoding, other: &'static Encoding) -> Reading<'a> {
    let (text, had_errors) = main.decode_without_bom_handling(part);
    // Valid UTF-8 is no other encoding by chance, whatever it says.
    let doubts = if had_errors || main != UTF_8 {
        doubtful(&text)
    } else {
        0
    };
    // A character that was cut in two can be one of the other encoding: one doubt less proves nothing.
    if doubts > 1 {
        let (text, _) = other.decode_without_bom_handling(part);
        let fewer = doubtful(&text);
        if fewer + 1 < doubts {
            return Reading {
                text,
                doubts: fewer,
                foreign: true,
            };
        }
    }
    Reading {
        text,
        doubts,
        foreign: false,
    }
}

/// The parts of a page that are not UTF-8, at most so many bytes of them.
pub(crate) fn not_utf8(bytes: &[u8], at_most: usize) -> Vec<u8> {
    let mut found = Vec::new();
    for part in words(bytes).filter(|part| from_utf8(part).is_err()) {
        if found.len() >= at_most {
            break;
        }
        found.extend_from_slice(part);
    }
    found
}

/// Words and clauses, each with the byte behind it. What separates them is part of no character of several bytes:
/// GB18030 has digits and letters in its.
fn words(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split_inclusive(|byte| matches!(byte, 0..=0x2F | 0x3A..=0x3F))
}

/// Whether some Chinese words are in UTF-8: characters of three bytes in a row, which other encodings hardly ever give.
///
/// Every page in another encoding is looked through, so this goes over blocks of bytes at once, and looks closer only
/// where two characters may begin.
pub(crate) fn has_utf8_words(bytes: &[u8]) -> bool {
    let behind = |count: usize| bytes.get(count..).unwrap_or_default().chunks(BLOCK);
    let blocks = behind(0).zip(behind(1)).zip(behind(2).zip(behind(3))).enumerate();
    blocks.into_iter().any(|(index, ((first, second), (third, fourth)))| {
        let places = first.iter().zip(second).zip(third.iter().zip(fourth));
        let may_begin = places.fold(false, |any, ((first, second), (third, fourth))| {
            any | (is_lead(*first) & is_continuation(*second) & is_continuation(*third) & is_lead(*fourth))
        });
        may_begin && has_run(bytes.get(index * BLOCK..).unwrap_or_default())
    })
}

/// Whether so many characters of three bytes begin within the first block.
fn has_run(bytes: &[u8]) -> bool {
    let is_of_three = |character: &[u8]| {
        matches!(character, [lead, second, third]
            if is_lead(*lead) && is_continuation(*second) && is_continuation(*third))
    };
    let within = bytes.get(..bytes.len().min(BLOCK + 3 * RUN)).unwrap_or_default();
    within
        .windows(3 * RUN)
        .any(|window| window.chunks_exact(3).all(is_of_three))
}

/// Begins a character of three bytes that Chinese has.
fn is_lead(byte: u8) -> bool {
    byte.wrapping_sub(0xE3) <= 0xEF - 0xE3
}

fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

/// Whether at least half of what is not ASCII is UTF-8, when a third of the rest is so by chance, as of GB18030.
pub(crate) fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut all) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        let of_several = chunk.valid().bytes().filter(|byte| !byte.is_ascii()).count();
        valid += of_several;
        all += of_several + chunk.invalid().len();
    }
    valid * 3 > all * 2
}
