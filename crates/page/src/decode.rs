//! Bytes to text: which encoding a dump is in, what decided it, and how much of it could not be decoded.
//!
//! The order is byte order mark, declaration, strict UTF-8, detector. A mark or a declaration is a claim: templates are
//! copied between sites without their encoding, so it falls when the bytes contradict it.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8};
use simdutf8::compat::{Utf8Error, from_utf8};

use crate::kind::PageKind;
use crate::legible::doubtful;
use crate::model::{EncodingSource, PageProblem};
use crate::{binary, declared, hz, mixed, utf16};

/// How much text the detector sees, without markup and from its first byte outside ASCII.
const DETECTOR_BYTES: usize = 16 << 10;
/// Fewer characters do not tell an encoding by how common they are.
const FEW_CHARACTERS: u32 = 50;
/// How many bytes decide whether a dump is binary or UTF-16.
pub(crate) const SAMPLE_BYTES: usize = 8 << 10;

/// A decoded dump.
#[derive(Debug)]
pub struct Decoded<'a> {
    /// Its text.
    pub text: Cow<'a, str>,
    /// The name of the encoding it was decoded from.
    pub encoding: &'static str,
    /// What decided that.
    pub source: EncodingSource,
    /// What could not be decoded, or contradicts.
    pub problems: Vec<PageProblem>,
}

impl<'a> Decoded<'a> {
    fn new(text: impl Into<Cow<'a, str>>, encoding: &'static Encoding, source: EncodingSource) -> Self {
        Self {
            text: text.into(),
            encoding: encoding.name(),
            source,
            problems: Vec::new(),
        }
    }

    /// Decodes with U+FFFD for what is not in the encoding, and says how often that was needed.
    fn lossy(bytes: &'a [u8], encoding: &'static Encoding, source: EncodingSource) -> Self {
        let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
        let undecodable = if had_errors {
            text.matches('\u{FFFD}').count()
        } else {
            0
        };
        Self::new(text, encoding, source).with_undecodable(undecodable, encoding, "")
    }

    /// Decodes each part as what it reads best as, and says how often that was not what most of the page is in.
    fn mixed(bytes: &[u8], main: &'static Encoding, other: &'static Encoding, source: EncodingSource) -> Self {
        let mixed = mixed::decode(bytes, main, other);
        let foreign = match mixed.foreign {
            0 => String::new(),
            count => format!(", of which so many were read as {}: {count}", other.name()),
        };
        Self::new(mixed.text, main, source).with_undecodable(mixed.foreign + mixed.undecodable, main, &foreign)
    }

    fn with_undecodable(self, count: usize, encoding: &'static Encoding, foreign: &str) -> Self {
        if count == 0 {
            return self;
        }
        let message = format!("byte sequences that are not {}: {count}{foreign}", encoding.name());
        self.with("undecodable_bytes", message)
    }

    fn with(mut self, code: &'static str, message: String) -> Self {
        self.problems.push(PageProblem { code, message });
        self
    }

    fn undecodable(&self) -> usize {
        if self.problems.is_empty() {
            0
        } else {
            self.text.matches('\u{FFFD}').count()
        }
    }

    fn contradicting(self, declared: Option<&'static Encoding>) -> Self {
        match declared.filter(|declared| declared.name() != self.encoding) {
            Some(declared) => {
                let message = format!(
                    "the page declares another charset than its bytes are in: {}",
                    declared.name()
                );
                self.with("charset_contradicted", message)
            }
            None => self,
        }
    }
}

/// Decodes a dump. Never fails; a binary file gives an empty text.
#[must_use]
pub fn decode(bytes: &[u8], kind: PageKind) -> Decoded<'_> {
    if let Some(format) = binary::signature(bytes) {
        return binary_file(bytes, format);
    }
    match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => marked(bytes.get(mark..).unwrap_or_default(), kind, encoding),
        None => unmarked(bytes, kind),
    }
}

/// Decodes what stands behind a byte order mark. That of UTF-8 can have come from a file that was included in the page.
fn marked<'a>(bytes: &'a [u8], kind: PageKind, encoding: &'static Encoding) -> Decoded<'a> {
    if encoding != UTF_8 || is_utf8(bytes) {
        return Decoded::lossy(bytes, encoding, EncodingSource::Bom);
    }
    let mut decoded = not_utf8(bytes, declared_for(bytes, kind).or(Some(UTF_8)));
    if decoded.encoding == UTF_8.name() {
        decoded.source = EncodingSource::Bom;
    }
    decoded
}

fn unmarked(bytes: &[u8], kind: PageKind) -> Decoded<'_> {
    if let Some(encoding) = utf16::without_mark(bytes) {
        return Decoded::lossy(bytes, encoding, EncodingSource::Detected);
    }
    if binary::has_many_controls(bytes) {
        return binary_file(bytes, "binary data");
    }
    if let Some(text) = hz::decode(bytes) {
        let mut decoded = Decoded::new(text, GB18030, EncodingSource::Detected);
        decoded.encoding = hz::NAME;
        return decoded;
    }
    let declared = declared_for(bytes, kind);
    match from_utf8(bytes) {
        Ok(text) => valid_utf8(bytes, Some(text), declared),
        Err(error) if is_cut_off(error) => valid_utf8(bytes, None, declared),
        Err(_) => not_utf8(bytes, declared),
    }
}

fn binary_file<'a>(bytes: &[u8], format: &str) -> Decoded<'a> {
    let message = format!("the file is not text but {format}, bytes: {}", bytes.len());
    Decoded::new("", UTF_8, EncodingSource::Detected).with("binary", message)
}

fn declared_for(bytes: &[u8], kind: PageKind) -> Option<&'static Encoding> {
    (kind == PageKind::Html).then(|| declared::charset(bytes)).flatten()
}

/// How many bytes are `wanted`. The sum wraps, which it cannot reach: a checked one is taken byte by byte.
fn count(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> usize {
    bytes
        .iter()
        .fold(0usize, |sum, byte| sum.wrapping_add(usize::from(wanted(*byte))))
}

/// The bytes are valid UTF-8: a declaration of something else holds only when they could be that by chance.
/// `text` is them all, when the last character is whole.
fn valid_utf8<'a>(bytes: &'a [u8], text: Option<&'a str>, declared: Option<&'static Encoding>) -> Decoded<'a> {
    let as_utf8 = |source| match text {
        Some(text) => Decoded::new(text, UTF_8, source),
        None => Decoded::lossy(bytes, UTF_8, source),
    };
    match declared {
        Some(encoding) if encoding == UTF_8 => as_utf8(EncodingSource::Declared),
        Some(encoding) if !is_surely_utf8(bytes) => match strictly(bytes, encoding) {
            Some(text) => Decoded::new(text, encoding, EncodingSource::Declared),
            None => as_utf8(EncodingSource::Utf8).contradicting(declared),
        },
        _ => as_utf8(EncodingSource::Utf8).contradicting(declared),
    }
}

/// The bytes are not valid UTF-8. Where there are words in UTF-8 all the same, the page is in two encodings, or damaged.
fn not_utf8<'a>(bytes: &'a [u8], declared: Option<&'static Encoding>) -> Decoded<'a> {
    // No byte contradicts a single-byte encoding, so its declaration (often a server default) proves nothing.
    let provable = declared.filter(|encoding| !encoding.is_single_byte());
    if mixed::has_utf8_words(bytes) {
        let other = beside_utf8(&mixed::not_utf8(bytes, DETECTOR_BYTES), provable);
        let (main, other) = if mixed::is_mostly_utf8(bytes) {
            (UTF_8, other)
        } else {
            (other, UTF_8)
        };
        let source = match declared {
            Some(declared) if declared == main => EncodingSource::Declared,
            _ if main == UTF_8 => EncodingSource::Utf8,
            _ => EncodingSource::Detected,
        };
        return Decoded::mixed(bytes, main, other, source).contradicting(declared);
    }
    if let Some(encoding) = provable
        && let Some(text) = strictly(bytes, encoding)
    {
        return Decoded::new(text, encoding, EncodingSource::Declared);
    }
    with_fewest_errors(bytes, declared, provable)
}

/// The declaration, or whatever leaves fewer undecodable bytes.
fn with_fewest_errors<'a>(
    bytes: &'a [u8],
    declared: Option<&'static Encoding>,
    provable: Option<&'static Encoding>,
) -> Decoded<'a> {
    let detected = detect(bytes);
    // The others are known to have errors.
    if let Some(text) = strictly(bytes, detected) {
        return Decoded::new(text, detected, EncodingSource::Detected).contradicting(declared);
    }
    let mut candidates: Vec<(&'static Encoding, EncodingSource)> = Vec::with_capacity(3);
    candidates.extend(provable.map(|encoding| (encoding, EncodingSource::Declared)));
    candidates.push((UTF_8, EncodingSource::Utf8));
    candidates.push((detected, EncodingSource::Detected));
    let best = candidates
        .into_iter()
        .map(|(encoding, source)| Decoded::lossy(bytes, encoding, source))
        .min_by_key(Decoded::undecodable);
    match (best, declared) {
        (Some(best), Some(declared)) if declared.is_single_byte() && best.undecodable() * 20 > best.text.len() => {
            Decoded::lossy(bytes, declared, EncodingSource::Declared)
        }
        (Some(best), _) => best.contradicting(declared),
        (None, _) => Decoded::lossy(bytes, UTF_8, EncodingSource::Utf8),
    }
}

fn strictly<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Option<Cow<'a, str>> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes)
}

/// Valid UTF-8, where a character cut off at the end of the file is no contradiction.
pub(crate) fn is_utf8(bytes: &[u8]) -> bool {
    from_utf8(bytes).map_or_else(is_cut_off, |_| true)
}

/// Whether all that is wrong is a character cut off at the end.
fn is_cut_off(error: Utf8Error) -> bool {
    error.error_len().is_none()
}

/// Valid UTF-8 that is hardly GB18030 or Big5 by chance: mostly sequences of three bytes, as Chinese is in UTF-8.
/// Characters of two bytes pass for UTF-8 one by one, but rarely in a row and hardly ever in threes.
fn is_surely_utf8(bytes: &[u8]) -> bool {
    let of_three = count(bytes, |byte| byte >= 0xE0);
    let of_two = count(bytes, |byte| (0xC2..0xE0).contains(&byte));
    of_three >= 4 && of_three >= 2 * of_two
}

/// The detector's guess from the text without its markup, whose ASCII letters would make everything look Western.
fn detect(bytes: &[u8]) -> &'static Encoding {
    let stripped = without_tags(bytes);
    let sample = if stripped.is_ascii() {
        bytes
    } else {
        stripped.as_slice()
    };
    let start = sample.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let end = sample.len().min(start + DETECTOR_BYTES);
    let sample = sample.get(start..end).unwrap_or_default();
    if is_plainly_simplified(sample) {
        return GB18030;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, false);
    let guess = detector.guess(Some(b"cn"), Utf8Detection::Allow);
    // A web page of a Chinese government is hardly ever in a single-byte encoding; damaged GB18030 is likelier.
    if guess == GBK || guess == BIG5 || guess.is_single_byte() {
        simplified_or_traditional(sample)
    } else {
        guess
    }
}

/// Text in GB18030 as it mostly is: nearly all characters are among the 3,755 common ones, which have their own rows in
/// GB 2312-80. The detector would come to the same and take as long as the rest of the page.
fn is_plainly_simplified(sample: &[u8]) -> bool {
    let (mut common, mut others) = (0u32, 0u32);
    let mut bytes = sample.iter();
    while let Some(first) = bytes.next() {
        if first.is_ascii() {
            continue;
        }
        match (first, bytes.next()) {
            (0xB0..=0xD7, Some(0xA1..=0xFE)) => common += 1,
            // Punctuation and full-width characters.
            (0xA1..=0xA3, Some(0xA1..=0xFE)) => {}
            _ => others += 1,
        }
    }
    common >= FEW_CHARACTERS && others < common / 10
}

/// GB18030 or Big5, which share their bytes: read as the wrong one, a text is full of rare characters, kana, Greek and
/// private ones. (The detector leans too far towards its expectation of simplified script.)
fn simplified_or_traditional(sample: &[u8]) -> &'static Encoding {
    beside_utf8(sample, None)
}

/// The encoding in which what is not UTF-8 reads best; in doubt the declared one.
fn beside_utf8(sample: &[u8], declared: Option<&'static Encoding>) -> &'static Encoding {
    let doubts = |encoding: &&'static Encoding| doubtful(&encoding.decode_without_bom_handling(sample).0);
    let declared = declared.filter(|encoding| *encoding != UTF_8);
    let candidates = declared.into_iter().chain([GB18030, BIG5]);
    candidates.min_by_key(doubts).unwrap_or(GB18030)
}

/// No byte of a character in GB18030 or Big5 is `<` or `>`, so tags can be cut out before decoding.
fn without_tags(bytes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(DETECTOR_BYTES);
    let mut inside = false;
    for byte in bytes {
        match byte {
            b'<' => inside = true,
            b'>' if inside => {
                inside = false;
                kept.push(b' ');
            }
            _ if !inside && (!byte.is_ascii() || !kept.is_empty()) => kept.push(*byte),
            _ => {}
        }
        if kept.len() >= 2 * DETECTOR_BYTES {
            break;
        }
    }
    kept
}
