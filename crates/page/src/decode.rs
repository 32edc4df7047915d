//! Bytes to text: which encoding a dump is in, what decided it, and how much of it could not be decoded.
//!
//! The order is byte order mark, declaration, strict UTF-8, detector. A declaration is a claim: templates are copied
//! between sites without their encoding, so it falls when the bytes contradict it.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use simdutf8::compat::{Utf8Error, from_utf8};

use crate::declared;
use crate::kind::PageKind;
use crate::model::{EncodingSource, PageProblem};

/// How much text the detector sees, without markup and from its first byte outside ASCII.
const DETECTOR_BYTES: usize = 16 << 10;
/// Fewer characters do not tell an encoding by how common they are.
const FEW_CHARACTERS: u32 = 50;
/// How many bytes decide whether a dump is binary or UTF-16.
const SAMPLE_BYTES: usize = 8 << 10;
/// How files begin that are no pages but end up among them: PDF, Office, archives, images.
const BINARY_BEGINNINGS: [&[u8]; 8] = [
    b"%PDF-",
    b"PK\x03\x04",
    b"\xD0\xCF\x11\xE0",
    b"\x1F\x8B",
    b"\x89PNG",
    b"GIF8",
    b"\xFF\xD8\xFF",
    b"Rar!",
];

/// A decoded dump.
#[derive(Debug)]
pub struct Decoded<'a> {
    /// Its text.
    pub text: Cow<'a, str>,
    /// The encoding it was decoded from.
    pub encoding: &'static Encoding,
    /// What decided that.
    pub source: EncodingSource,
    /// What could not be decoded, or contradicts.
    pub problems: Vec<PageProblem>,
}

impl<'a> Decoded<'a> {
    fn new(text: impl Into<Cow<'a, str>>, encoding: &'static Encoding, source: EncodingSource) -> Self {
        Self {
            text: text.into(),
            encoding,
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
        let mut decoded = Self::new(text, encoding, source);
        if undecodable > 0 {
            let message = format!("byte sequences that are not {}: {undecodable}", encoding.name());
            decoded.problems.push(PageProblem {
                code: "undecodable_bytes",
                message,
            });
        }
        decoded
    }

    fn undecodable(&self) -> usize {
        if self.problems.is_empty() {
            0
        } else {
            self.text.matches('\u{FFFD}').count()
        }
    }

    fn contradicting(mut self, declared: Option<&'static Encoding>) -> Self {
        if let Some(declared) = declared.filter(|declared| *declared != self.encoding) {
            let message = format!(
                "the page declares another charset than its bytes are in: {}",
                declared.name()
            );
            self.problems.push(PageProblem {
                code: "charset_contradicted",
                message,
            });
        }
        self
    }
}

/// Decodes a dump. Never fails; a binary file gives an empty text.
#[must_use]
pub fn decode(bytes: &[u8], kind: PageKind) -> Decoded<'_> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Decoded::lossy(bytes.get(mark..).unwrap_or_default(), encoding, EncodingSource::Bom);
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return Decoded::lossy(bytes, encoding, EncodingSource::Detected);
    }
    if is_binary(bytes) {
        let mut decoded = Decoded::new("", UTF_8, EncodingSource::Detected);
        let message = format!("the file is not text, bytes: {}", bytes.len());
        decoded.problems.push(PageProblem {
            code: "binary",
            message,
        });
        return decoded;
    }
    let declared = if kind == PageKind::Html {
        declared::charset(bytes)
    } else {
        None
    };
    match from_utf8(bytes) {
        Ok(text) => valid_utf8(bytes, Some(text), declared),
        Err(error) if is_cut_off(error) => valid_utf8(bytes, None, declared),
        Err(_) => not_utf8(bytes, declared),
    }
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

/// The bytes are not valid UTF-8: the declaration when it fits, else whatever leaves the fewest undecodable bytes.
fn not_utf8<'a>(bytes: &'a [u8], declared: Option<&'static Encoding>) -> Decoded<'a> {
    // No byte contradicts a single-byte encoding, so its declaration (often a server default) proves nothing.
    let provable = declared.filter(|encoding| !encoding.is_single_byte());
    if let Some(encoding) = provable
        && let Some(text) = strictly(bytes, encoding)
    {
        return Decoded::new(text, encoding, EncodingSource::Declared);
    }
    let detected = detect(bytes);
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
fn is_utf8(bytes: &[u8]) -> bool {
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

/// GB18030 or Big5, which share their bytes: read as the wrong one, a text is full of kana, Greek and private
/// characters. (The detector leans too far towards its expectation of simplified script.)
fn simplified_or_traditional(sample: &[u8]) -> &'static Encoding {
    let strange = |encoding: &'static Encoding| {
        let (text, _) = encoding.decode_without_bom_handling(sample);
        let is_strange = |character: &char| {
            matches!(character, '\u{370}'..='\u{4FF}' | '\u{2500}'..='\u{257F}' | '\u{3040}'..='\u{312F}'
                | '\u{E000}'..='\u{F8FF}' | '\u{FFFD}')
        };
        text.chars().filter(is_strange).count()
    };
    if strange(BIG5) < strange(GB18030) {
        BIG5
    } else {
        GB18030
    }
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

/// UTF-16 without a byte order mark: NUL bytes alternate, and what decodes is readable.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..SAMPLE_BYTES.min(bytes.len() & !1))?;
    if !sample.contains(&0) {
        return None;
    }
    let nuls = |parity: usize| sample.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    let (encoding, more, fewer) = if odd > even {
        (UTF_16LE, odd, even)
    } else {
        (UTF_16BE, even, odd)
    };
    if more * 40 < sample.len() || more < 4 || fewer * 20 > more {
        return None;
    }
    // ASCII in pairs reads as Chinese: with a few stray NULs it is damaged UTF-8, and UTF-16 only when nearly every
    // other byte is NUL.
    if is_utf8(sample) && more * 5 < sample.len() * 2 {
        return None;
    }
    let (text, _) = encoding.decode_without_bom_handling(sample);
    let (mut readable, mut all) = (0, 0);
    for character in text.chars() {
        all += 1;
        readable += usize::from(matches!(character,
            '\t' | '\n' | '\r' | ' '..='~' | '\u{A0}'..='\u{FF}' | '\u{2000}'..='\u{22FF}' | '\u{2460}'..='\u{24FF}'
            | '\u{3000}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}'));
    }
    (readable * 10 >= all * 9).then_some(encoding)
}

/// Many control bytes, or the signature of a format that is not text.
fn is_binary(bytes: &[u8]) -> bool {
    let sample = bytes.get(..SAMPLE_BYTES.min(bytes.len())).unwrap_or_default();
    let controls = count(sample, |byte| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127));
    controls > 2 && controls * 10 > sample.len() || BINARY_BEGINNINGS.iter().any(|start| bytes.starts_with(start))
}
