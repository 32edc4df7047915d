//! Printed characters as an exact number: digits and numerals, grouped thousands, 万 and its like, signs. Written on its
//! own, sharing nothing with what reads reports.
//!
//! White space says something only between two digits, where groups of three may be set apart by it.

use std::iter::Peekable;
use std::str::Chars;

use gongkai_lexicon::ScriptTable;

/// So many decimals are kept exactly; more is no number of a report.
const DECIMALS: usize = 6;
const ONE: i128 = 1_000_000;

/// A number, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Printed(i128);

impl Printed {
    /// Whether it is this whole number.
    pub(super) fn is(self, whole: i64) -> bool {
        self.0 == i128::from(whole) * ONE
    }

    /// The fen of so many units of money; a fraction of a fen is rounded.
    pub(super) fn fen(self, yuan: i64) -> Option<i128> {
        let parts = self.0.checked_mul(i128::from(yuan))?.checked_mul(100)?;
        let rounded = (parts.unsigned_abs() + ONE.unsigned_abs() / 2) / ONE.unsigned_abs();
        i128::try_from(rounded).ok().map(|fen| fen * parts.signum())
    }
}

/// The number that characters are, with nothing before or behind it but a sign, words like 约 and 余, and marks.
pub(super) fn number(plain: &str) -> Option<Printed> {
    let (sign, text) = signed(plain);
    let text = text.trim_start_matches(['约', '近', '¥', '￥']);
    let text = text.trim_end_matches(['。', ';']);
    let text = text.strip_suffix('.').unwrap_or(text);
    let value = Reader {
        characters: text.chars().peekable(),
    }
    .value()?;
    Some(Printed(sign * value))
}

/// Printed characters in the form in which they are read: half-width and simplified, without what nobody sees, without
/// readings in brackets, and white space, as one blank, only where it stands between two digits.
pub(super) fn plain(raw: &str, script: &ScriptTable) -> String {
    let mut out = String::with_capacity(raw.len());
    let characters = raw.chars().map(half_width).filter(|c| !is_unseen(*c));
    let mut is_blank = false;
    for character in characters {
        if character.is_whitespace() {
            is_blank = true;
            continue;
        }
        if std::mem::take(&mut is_blank) && character.is_ascii_digit() && ends_in_digit(&out) {
            out.push(' ');
        }
        let simple = script.radical(character).or_else(|| script.simplify(character));
        out.push(simple.unwrap_or(character));
    }
    without_glosses(out)
}

fn ends_in_digit(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit())
}

fn half_width(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0).unwrap_or(character),
        '—' | '−' | '–' | '﹣' | '‐' | '‑' | '―' | '─' => '-',
        '﹙' => '(',
        '﹚' => ')',
        character => character,
    }
}

/// Characters without width.
fn is_unseen(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// 条(tiáo): letters alone in brackets are how a character is read.
fn without_glosses(text: String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(open) = rest.find('(') {
        let (before, bracket) = rest.split_at(open);
        out.push_str(before);
        let inside = bracket.find(')').and_then(|close| bracket.get(1..close));
        let is_gloss = inside.is_some_and(|inside| !inside.is_empty() && inside.chars().all(is_latin));
        let length = inside.filter(|_| is_gloss).map_or(1, |inside| inside.len() + 2);
        let (bracket, behind) = bracket.split_at(length);
        out.push_str(if is_gloss { "" } else { bracket });
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn is_latin(character: char) -> bool {
    character.is_alphabetic() && character < '\u{2c0}'
}

fn signed(text: &str) -> (i128, &str) {
    for (words, sign) in [("减少", -1), ("增加", 1), ("减", -1), ("增", 1), ("+", 1)] {
        if let Some(rest) = text.strip_prefix(words) {
            return (sign, rest);
        }
    }
    match text.trim_start_matches('-') {
        rest if rest.len() < text.len() => (-1, rest),
        _ => (1, text),
    }
}

/// Reads a number as one says it: digits, each with what it is multiplied by, the larger first.
struct Reader<'a> {
    characters: Peekable<Chars<'a>>,
}

/// One number of the larger ones before it: 3 in 2万3千.
#[derive(Clone, Copy)]
struct Part {
    value: i128,
    /// How many digits it is written with; 0 where it follows 零, which makes it the last places' whatever its length.
    digits: usize,
}

impl Reader<'_> {
    /// All of it as one number, in millionths.
    fn value(mut self) -> Option<i128> {
        // What 亿 and 万 have multiplied, what they may, and the digits that wait for what they count.
        let (mut high, mut middle, mut low, mut part) = (None, None, None::<i128>, None::<Part>);
        // What the digits before were multiplied by: what follows must be smaller.
        let mut unit = i128::MAX;
        while let Some(next) = self.characters.peek().copied() {
            match next {
                '余' | '多' | '几' => {
                    self.characters.next();
                }
                '廿' | '卅' if unit > 10 && part.take().is_none_or(Part::only_leads) => {
                    self.characters.next();
                    low = Some(low.unwrap_or(0) + if next == '廿' { 20 } else { 30 } * ONE);
                    unit = 10;
                }
                '十' | '百' | '千' => {
                    self.characters.next();
                    let times = part.take().map_or(ONE, |part| part.value);
                    low = Some(low.unwrap_or(0) + times.checked_mul(scale(next))?);
                    unit = Some(scale(next)).filter(|scale| *scale < unit)?;
                }
                '万' | '亿' => {
                    self.characters.next();
                    let before = sum([low.take(), part.take().map(|part| part.value)]);
                    // 1.2万亿, 一万零三亿: 亿 multiplies all that 万 did.
                    let (taken, before) = match next {
                        '万' => (middle.is_some(), before),
                        _ => (high.is_some(), sum([middle.take(), before])),
                    };
                    let multiplied = before.filter(|_| !taken)?.checked_mul(scale(next))?;
                    *(if next == '万' { &mut middle } else { &mut high }) = Some(multiplied);
                    unit = scale(next);
                }
                _ if part.is_some() => return None,
                _ => part = Some(self.part()?),
            }
        }
        let last = part.map_or(Some(None), |part| part.below(unit).map(Some))?;
        let fits = |above: Option<i128>, below: Option<i128>, limit: char| {
            above.is_none() || below.is_none_or(|below| below < scale(limit) * ONE)
        };
        let below = sum([low, last]);
        (fits(high, middle, '亿') && fits(middle, below, '万')).then(|| sum([high, middle, below]))?
    }

    fn part(&mut self) -> Option<Part> {
        let first = self.characters.peek().copied()?;
        if first.is_ascii_digit() {
            return self.arabic();
        }
        self.numerals()
    }

    /// 1,234.5 or 12 345.
    fn arabic(&mut self) -> Option<Part> {
        let mut value = 0i128;
        let mut groups = vec![0usize];
        while let Some(next) = self.characters.peek().copied() {
            match next {
                '0'..='9' => {
                    value = value.checked_mul(10)?.checked_add(digit(next)?)?;
                    *groups.last_mut()? += 1;
                }
                ',' | ' ' => groups.push(0),
                _ => break,
            }
            self.characters.next();
        }
        let mut lengths = groups.iter();
        let is_grouped = lengths.next().is_some_and(|first| *first <= 3) && lengths.all(|length| *length == 3);
        if groups.len() > 1 && !is_grouped {
            return None;
        }
        value = value.checked_mul(ONE)?;
        if self.characters.next_if_eq(&'.').is_some() {
            value += self.fraction()?;
        }
        let digits = groups.iter().sum();
        Some(Part { value, digits })
    }

    fn fraction(&mut self) -> Option<i128> {
        let (mut value, mut written) = (0, 0);
        while let Some(next) = self.characters.next_if(char::is_ascii_digit) {
            value = value * 10 + digit(next)?;
            written += 1;
            if written > DECIMALS {
                return None;
            }
        }
        (written > 0).then(|| (written..DECIMALS).fold(value, |value, _| value * 10))
    }

    /// 二〇一二, place by place. A 零 in front of others only says that places are left out.
    fn numerals(&mut self) -> Option<Part> {
        let mut value = 0i128;
        let mut digits = 0;
        let mut leads = false;
        while let Some(next) = self.characters.peek().copied().and_then(numeral) {
            self.characters.next();
            leads |= digits == 0 && next == 0;
            value = value.checked_mul(10)?.checked_add(next)?;
            digits += 1;
        }
        // 12万零300: the places that 零 leaves out can stand before digits, too.
        if leads && digits == 1 && self.characters.peek().is_some_and(char::is_ascii_digit) {
            return self.arabic().map(|part| Part { digits: 0, ..part });
        }
        let digits = if leads { 0 } else { digits };
        let value = value.checked_mul(ONE)?;
        (digits > 0 || leads).then_some(Part { value, digits })
    }
}

impl Part {
    /// A 零 that only says that places are left out.
    fn only_leads(self) -> bool {
        self.digits == 0 && self.value == 0
    }

    /// The last number of all, behind one multiplied by `unit`: 一百二 leaves open what the 二 is.
    fn below(self, unit: i128) -> Option<i128> {
        if unit == i128::MAX || unit == 10 {
            return Some(self.value);
        }
        let places = unit.ilog10() as usize;
        let fits = self.digits == 0 || self.digits == places;
        (fits && self.value < unit.checked_mul(ONE)?).then_some(self.value)
    }
}

/// The sum of what is there.
fn sum<const N: usize>(parts: [Option<i128>; N]) -> Option<i128> {
    let said = parts.iter().any(Option::is_some);
    said.then(|| parts.into_iter().flatten().sum())
}

fn scale(character: char) -> i128 {
    match character {
        '十' => 10,
        '百' => 100,
        '千' => 1000,
        '万' => 10_000,
        _ => 100_000_000,
    }
}

fn digit(character: char) -> Option<i128> {
    character.to_digit(10).map(i128::from)
}

fn numeral(character: char) -> Option<i128> {
    let place = match character {
        '〇' | '○' => 0,
        '两' => 2,
        character => "零一二三四五六七八九".chars().position(|other| other == character)?,
    };
    i128::try_from(place).ok()
}
