//! The private overlay in which text is compared: Simplified, half-width, without white space and characters without width,
//! with a map back.
//!
//! The page's own text is never rewritten; every place found in the overlay is translated to the printed characters.

use std::borrow::Cow;
use std::ops::Range;

use gongkai_lexicon::ScriptTable;

use crate::model::Span;
use crate::work;

/// A folded piece of a page's text.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    /// The folded text.
    pub text: String,
    /// Where the mapping changes, by position in the folded text.
    steps: Vec<Step>,
    /// Whether places do not matter: then there are no steps.
    placeless: bool,
}

/// From `folded` on, bytes map one to one to those from `printed` on; or, when `replaced` is not 0, the one folded
/// character or word stands for that many printed bytes.
#[derive(Debug, Clone, Copy)]
struct Step {
    folded: usize,
    printed: usize,
    replaced: usize,
}

/// About so many bytes of a report are folded alike one after the other.
const BYTES_PER_STEP: usize = 24;

impl Folded {
    /// Folds pieces of a text as if nothing stood between them; with `traditional`, characters and vocabulary are folded to
    /// Mainland Simplified, too.
    #[must_use]
    pub fn of(text: &str, pieces: &[Range<usize>], script: &ScriptTable, traditional: bool) -> Self {
        let length = pieces.iter().map(Range::len).sum();
        let mut folded = Self {
            text: String::with_capacity(length),
            steps: Vec::with_capacity(length / BYTES_PER_STEP + 4),
            placeless: false,
        };
        for range in pieces {
            let piece = text.get(range.clone()).unwrap_or("");
            folded = folded.fold(piece, range.start, script, traditional);
        }
        if traditional {
            folded.with_vocabulary(script)
        } else {
            folded
        }
    }

    /// An empty text with room for a piece, which keeps no places.
    fn without_places(piece: &str) -> Self {
        Self {
            text: String::with_capacity(piece.len()),
            steps: Vec::new(),
            placeless: true,
        }
    }

    /// Appends the folded characters of a piece, whose vocabulary stays as it is.
    fn fold(mut self, piece: &str, base: usize, script: &ScriptTable, traditional: bool) -> Self {
        work::note(piece.len());
        let mut space = None;
        let mut at = 0;
        while at < piece.len() {
            let plain = plain_run(piece, at, !traditional);
            if plain > 0 {
                self.keep_space(piece, base, &mut space, at);
                self.step(base + at, 0);
                self.text.push_str(&piece[at..at + plain]);
                at += plain;
                continue;
            }
            let gloss = gloss(piece.as_bytes(), at);
            if gloss > 0 {
                at += gloss;
                continue;
            }
            let Some(printed) = piece[at..].chars().next() else {
                break;
            };
            let offset = at;
            at += printed.len_utf8();
            if printed.is_whitespace() {
                space.get_or_insert(offset);
                continue;
            }
            if is_unseen(printed) {
                continue;
            }
            let folded = fold_width(printed);
            let simplified = if traditional { script.simplify(folded) } else { None };
            let folded = simplified.or_else(|| script.radical(folded)).unwrap_or(folded);
            if folded.is_ascii_alphanumeric() {
                self.keep_space_before_word(base, &mut space, offset);
            }
            space = None;
            let replaced = if folded.len_utf8() == printed.len_utf8() {
                0
            } else {
                printed.len_utf8()
            };
            self.step(base + offset, replaced);
            self.text.push(folded);
        }
        self
    }

    /// The printed bytes behind a range of the folded text.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Span {
        let start = self.printed_start(range.start);
        let end = if range.end > range.start {
            self.printed_end(range.end)
        } else {
            start
        };
        Span {
            start: clamp(start),
            end: clamp(end),
        }
    }

    fn step_at(&self, position: usize) -> Option<&Step> {
        let after = self.steps.partition_point(|step| step.folded <= position);
        after.checked_sub(1).and_then(|index| self.steps.get(index))
    }

    fn printed_start(&self, position: usize) -> usize {
        self.step_at(position).map_or(0, |step| {
            if step.replaced > 0 {
                step.printed
            } else {
                step.printed + (position - step.folded)
            }
        })
    }

    /// One past the printed bytes of the folded byte before `position`.
    fn printed_end(&self, position: usize) -> usize {
        self.step_at(position - 1).map_or(0, |step| {
            if step.replaced > 0 {
                step.printed + step.replaced
            } else {
                step.printed + (position - step.folded)
            }
        })
    }

    /// Notes that the next folded byte stands for printed bytes from `printed` on.
    fn step(&mut self, printed: usize, replaced: usize) {
        if self.placeless {
            return;
        }
        let folded = self.text.len();
        let continues = replaced == 0
            && self
                .steps
                .last()
                .is_some_and(|step| step.replaced == 0 && step.printed + (folded - step.folded) == printed);
        if !continues {
            self.steps.push(Step {
                folded,
                printed,
                replaced,
            });
        }
    }

    /// 2840 5.: a space between two runs of digits or letters is all that keeps them apart.
    fn keep_space_before_word(&mut self, base: usize, space: &mut Option<usize>, next: usize) {
        if let Some(at) = space
            .take()
            .filter(|_| self.text.ends_with(|c: char| c.is_ascii_alphanumeric()))
        {
            self.step(base + at, next - at);
            self.text.push(' ');
        }
    }

    /// The same before a run of plain characters.
    fn keep_space(&mut self, piece: &str, base: usize, space: &mut Option<usize>, next: usize) {
        if piece.as_bytes().get(next).is_some_and(u8::is_ascii_alphanumeric) {
            self.keep_space_before_word(base, space, next);
        }
        *space = None;
    }

    fn with_vocabulary(self, script: &ScriptTable) -> Self {
        let mut out = Self::default();
        let mut done = 0;
        for (range, word) in script.vocabulary(&self.text) {
            out.copy(&self, done..range.start);
            let printed = self.span(range.clone());
            out.step(printed.start as usize, (printed.end - printed.start) as usize);
            out.text.push_str(word);
            done = range.end;
        }
        if done == 0 {
            return self;
        }
        out.copy(&self, done..self.text.len());
        out
    }

    /// Appends a range of another overlay, mapping included.
    fn copy(&mut self, from: &Self, range: Range<usize>) {
        let mut position = range.start;
        while position < range.end {
            let after = from.steps.partition_point(|step| step.folded <= position);
            let next = from
                .steps
                .get(after)
                .map_or(range.end, |step| step.folded.min(range.end));
            let replaced = from.step_at(position).map_or(0, |step| step.replaced);
            self.step(from.printed_start(position), replaced);
            self.text.push_str(from.text.get(position..next).unwrap_or(""));
            position = next;
        }
    }
}

/// Folds a text whose places do not matter.
#[must_use]
pub fn fold_text<'a>(text: &'a str, script: &ScriptTable, traditional: bool) -> Cow<'a, str> {
    work::note(text.len());
    // Digits and most labels fold to themselves.
    if plain_run(text, 0, !traditional) == text.len() {
        return Cow::Borrowed(text);
    }
    let folded = Folded::without_places(text).fold(text, 0, script, traditional).text;
    Cow::Owned(if traditional {
        with_vocabulary(folded, script)
    } else {
        folded
    })
}

/// A text whose characters are folded with its vocabulary folded, too.
fn with_vocabulary(folded: String, script: &ScriptTable) -> String {
    let mut out = String::new();
    let mut done = 0;
    for (range, word) in script.vocabulary(&folded) {
        out.push_str(folded.get(done..range.start).unwrap_or(""));
        out.push_str(word);
        done = range.end;
    }
    if done == 0 {
        return folded;
    }
    out.push_str(folded.get(done..).unwrap_or(""));
    out
}

fn clamp(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// Bytes from a position on that fold to themselves: printable ASCII, and Han characters and their marks where script
/// stays.
fn plain_run(piece: &str, from: usize, script_stays: bool) -> usize {
    let bytes = piece.as_bytes();
    let mut at = from;
    // A table of lengths would take fewer instructions and twice the time: each step would wait for the one before, where
    // branches are foreseen.
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            // U+4000 to U+9FFF.
            0xe4..=0xe9 if script_stays => 3,
            b'(' if gloss(bytes, at) > 0 => break,
            0x21..=0x7e => 1,
            0xe3 | 0xef if script_stays && is_plain_mark(bytes.get(at..at + 3)) => 3,
            _ => break,
        };
    }
    at - from
}

/// The longest syllable, in letters: zhuang.
const SYLLABLE: usize = 6;

/// Bytes of the pinyin in brackets that copying sites put behind a Han character, as in 信息(xī); 0 when there is none.
fn gloss(bytes: &[u8], at: usize) -> usize {
    let bracket = |at: usize, half: u8, full: u8| match bytes.get(at..) {
        Some([first, ..]) if *first == half => 1,
        Some([0xef, 0xbc, last, ..]) if *last == full => 3,
        _ => 0,
    };
    let behind_han = at
        .checked_sub(3)
        .is_some_and(|before| matches!(bytes[before], 0xe4..=0xe9));
    let open = bracket(at, b'(', 0x88);
    if open == 0 || !behind_han {
        return 0;
    }
    let mut end = at + open;
    for letters in 0..=SYLLABLE {
        let close = bracket(end, b')', 0x89);
        if close > 0 && letters > 0 {
            return end + close - at;
        }
        end += match bytes.get(end) {
            Some(b'a'..=b'z') => 1,
            // à to ǜ, and ɡ as some fonts write g.
            Some(0xc3..=0xc5 | 0xc7 | 0xc9) => 2,
            _ => return 0,
        };
    }
    0
}

/// 、 。 《 and the like (U+3001 to U+303F), and the full-width comma, which folding leaves alone.
fn is_plain_mark(character: Option<&[u8]>) -> bool {
    matches!(character, Some([0xe3, 0x80, 0x81..=0xbf] | [0xef, 0xbc, 0x8c]))
}

/// Whether a text has white space at all.
#[must_use]
pub fn has_space(text: &str) -> bool {
    let mut rest = text;
    loop {
        rest = rest.get(plain_run(rest, 0, true)..).unwrap_or_default();
        let mut characters = rest.chars();
        match characters.next() {
            Some(character) if character.is_whitespace() => return true,
            Some(_) => rest = characters.as_str(),
            None => return false,
        }
    }
}

/// Characters without width, which layout puts anywhere and nobody sees.
#[must_use]
pub fn is_unseen(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}' | '\u{2060}')
}

/// Full-width forms as half-width ones. The full-width comma stays apart: it mostly separates clauses.
fn fold_width(character: char) -> char {
    match character {
        '，' => '，',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0).unwrap_or(character),
        '﹪' => '%',
        '﹣' | '−' | '‐' | '‑' | '–' => '-',
        '﹙' => '(',
        '﹚' => ')',
        _ => character,
    }
}

/// So many Han characters tell a page's script.
const SCRIPT_SAMPLE: usize = 5000;

/// The script of a text by its share of characters that have a Simplified form: `hans`, `mixed` or `hant`.
#[must_use]
pub fn script_of(text: &str, script: &ScriptTable) -> &'static str {
    let (mut traditional, mut han) = (0usize, 0usize);
    let mut rest = text.as_bytes();
    // Han characters are told by their first byte, and the bytes within them need no look.
    while han < SCRIPT_SAMPLE {
        rest = match rest {
            [first @ 0xe4..=0xe9, second, third, rest @ ..] => {
                let code = u32::from(first & 0x0f) << 12 | u32::from(second & 0x3f) << 6 | u32::from(third & 0x3f);
                let counts = code >= 0x4e00;
                han += usize::from(counts);
                traditional += usize::from(counts && script.is_traditional(code));
                rest
            }
            [_, rest @ ..] => rest,
            [] => break,
        };
    }
    // Traditional prose has about one such character in three; Simplified pages have a stray name or a slip.
    match traditional {
        few if few * 50 <= han => "hans",
        some if some * 8 <= han => "mixed",
        _ => "hant",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gongkai_lexicon::{DataSource, Lexicon};

    #[test]
    fn places_translate_back_to_the_printed_characters() -> Result<(), Box<dyn std::error::Error>> {
        let lexicon = Lexicon::load(&DataSource::embedded())?;
        let text = "前 規範性檔案２７５ 份,占 57.7 ％ 2840 5.辦事";
        let folded = Folded::of(text, std::slice::from_ref(&(0..text.len())), &lexicon.script, true);
        assert_eq!(folded.text, "前规范性文件275份,占57.7%2840 5.办事");
        for (word, printed) in [
            ("文件", "檔案"),
            ("275", "２７５"),
            ("57.7%", "57.7 ％"),
            ("办事", "辦事"),
            ("275份", "２７５ 份"),
        ] {
            let at = folded.text.find(word).ok_or("word is missing")?;
            let span = folded.span(at..at + word.len());
            assert_eq!(&text[span.start as usize..span.end as usize], printed);
        }
        Ok(())
    }

    #[test]
    fn readings_in_brackets_are_not_there() -> Result<(), Box<dyn std::error::Error>> {
        let lexicon = Lexicon::load(&DataSource::embedded())?;
        let fold = |text: &str| Folded::of(text, std::slice::from_ref(&(0..text.len())), &lexicon.script, false);
        for (text, expected) in [
            ("公开(kāi)报(bào)告", "公开报告"),
            ("状态（zhuàng）12(jiàn)件", "状态12(jiàn)件"),
            ("爱(ài)30(é)额(é)", "爱30(é)额"),
            ("的(de)网(WWW)站(é", "的网(WWW)站(é"),
            ("女(nǚ)1５ 件（é1）", "女15件(é1)"),
            ("(kāi)开", "(kāi)开"),
        ] {
            assert_eq!(fold(text).text, expected, "{text}");
        }
        let text = "公开(kāi)报(bào)告 12 件";
        let folded = fold(text);
        for (word, printed) in [
            ("开", "开"),
            ("开报", "开(kāi)报"),
            ("告", "告"),
            ("12", "12"),
            ("12件", "12 件"),
        ] {
            let at = folded.text.find(word).ok_or("word is missing")?;
            let span = folded.span(at..at + word.len());
            assert_eq!(&text[span.start as usize..span.end as usize], printed);
        }
        Ok(())
    }
}
