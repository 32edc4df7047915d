//! Chapters, paragraphs' lead-ins and sentences: the frame in which words mean what they mean.

use std::ops::Range;

use gongkai_lexicon::{Lexicon, SECTIONS};
use gongkai_page::{Block, BlockKind};

use super::words::Words;
use crate::number::NumberToken;

/// Longest line that can be a section's heading, in characters.
pub const MAX_HEADING: usize = 45;
/// The same of a line that has no number of its own, and nothing but its words.
const MAX_TITLE: usize = 30;
/// Longest lead-in of a paragraph (`5. 其他途径。`), in bytes.
const MAX_LEAD: usize = 60;
/// No sentence of a report is longer, in bytes; reading takes more than linear time in it.
pub const MAX_SENTENCE: usize = 8000;

/// The section that a heading opens, and where its text ends: the whole block, or nowhere where sentences follow or the
/// heading itself counts something.
pub fn heading(
    text: &str,
    block: &Block,
    words: &Words,
    tokens: &[NumberToken],
    lexicon: &Lexicon,
) -> Option<(Option<&'static str>, usize)> {
    let numbered = gongkai_lexicon::strip_enumerator(text).len() < text.len()
        && text
            .trim_start_matches('(')
            .starts_with(['一', '二', '三', '四', '五', '六', '七', '八', '九', '十']);
    // A heading names a matter, or its number.
    if !numbered && words.is_empty() {
        return None;
    }
    let end = text.find(['。', '，', '\n']).unwrap_or(text.len());
    let has = |text: &str, most: usize| text.chars().nth(most).is_none();
    let whole = end == text.len();
    let counts = || tokens.iter().any(|token| !token.chinese);
    let is_heading =
        matches!(block.kind, BlockKind::Heading(_)) || numbered || whole && has(text, MAX_TITLE) && !counts();
    if !is_heading || !text.get(..end).is_some_and(|lead| has(lead, MAX_HEADING)) {
        return None;
    }
    // A heading names its matter; where it names several, the more particular one counts.
    let said = words.set(&(0..end));
    let sections = SECTIONS.iter().zip(&lexicon.prose.grammar().sections);
    let named = sections.into_iter().find(|(_, section)| section.intersects(&said));
    let says_more = !whole || tokens.iter().any(|token| is_count(text, token, lexicon));
    let rest = if says_more { 0 } else { text.len() };
    match named {
        Some((name, _)) => Some((Some(*name), rest)),
        // A chapter of another matter ends the one before: 六、其他事项 is not about the problems of 五.
        None if numbered && !text.starts_with('(') => Some((None, rest)),
        None => None,
    }
}

/// Whether a number is followed by its unit: (一)主动公开政府信息876条.
fn is_count(text: &str, token: &NumberToken, lexicon: &Lexicon) -> bool {
    let behind = text.get(token.range.end..).unwrap_or_default();
    !token.chinese && lexicon.units.at_start(behind).is_some()
}

/// The first words of a paragraph that name its matter: `2. 政府网站。`.
pub fn lead(text: &str) -> Range<usize> {
    let end = text.find('。').unwrap_or(0);
    if end <= MAX_LEAD { 0..end } else { 0..0 }
}

/// The sentences of a folded text, without their closing marks; what never closes is cut at a length.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let mark = match byte {
            // Han characters, three bytes each.
            0xe4..=0xe9 => {
                at += 3;
                continue;
            }
            b'!' | b'?' => 1,
            // The full-width marks are three bytes; few other characters begin as they do.
            0xe3 | 0xef if text[at..].starts_with(['。', '！', '？']) => 3,
            _ => 0,
        };
        if mark > 0 {
            cut(text, start..at, &mut out);
            start = at + mark;
        }
        at += mark.max(1);
    }
    cut(text, start..text.len(), &mut out);
    out
}

fn cut(text: &str, range: Range<usize>, out: &mut Vec<Range<usize>>) {
    let mut start = range.start;
    while range.end - start > MAX_SENTENCE {
        let end = text.floor_char_boundary(start + MAX_SENTENCE);
        out.push(start..end);
        start = end;
    }
    if range.end > start {
        out.push(start..range.end);
    }
}
