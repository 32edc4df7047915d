//! UTF-16 without a byte order mark: how well the bytes read in either order tells.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use crate::decode::{SAMPLE_BYTES, is_utf8};
use crate::legible::is_common_han;

/// Fewer characters prove nothing.
const FEW_CHARACTERS: usize = 4;

/// The order in which the bytes are text, if one is.
///
/// Where a NUL stands does not tell: 开 (U+5F00) and 一 (U+4E00) have theirs in the other place than ASCII. Read in the
/// wrong order, or when they are no UTF-16 at all, bytes give rare characters and those of many scripts.
pub(crate) fn without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..SAMPLE_BYTES.min(bytes.len() & !1))?;
    // Hardly a text is without a digit, a space or a line end, whose high byte is NUL.
    if !sample.contains(&0) {
        return None;
    }
    // ASCII in pairs reads as Chinese: with a few stray NULs it is damaged UTF-8, and UTF-16 only when nearly every
    // other byte is NUL.
    let nuls = sample.iter().filter(|byte| **byte == 0).count();
    if is_utf8(sample) && nuls * 5 < sample.len() * 2 {
        return None;
    }
    let (little, big) = (readable(sample, UTF_16LE), readable(sample, UTF_16BE));
    let (encoding, readable) = if little > big {
        (UTF_16LE, little)
    } else {
        (UTF_16BE, big)
    };
    let all = sample.len() / 2;
    (all >= FEW_CHARACTERS && readable * 10 >= all * 9).then_some(encoding)
}

/// How many characters are of those that Chinese pages are made of.
fn readable(sample: &[u8], encoding: &'static Encoding) -> usize {
    let (text, _) = encoding.decode_without_bom_handling(sample);
    let is_readable = |character: &char| {
        matches!(character, '\t' | '\n' | '\r' | ' '..='~' | '\u{A0}'..='\u{FF}' | '\u{2000}'..='\u{22FF}'
            | '\u{2460}'..='\u{24FF}' | '\u{3000}'..='\u{30FF}' | '\u{FF00}'..='\u{FFEF}')
            || is_common_han(*character)
    };
    text.chars().filter(is_readable).count()
}
