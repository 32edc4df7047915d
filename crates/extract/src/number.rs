//! Numbers as reports print them: thousands commas, 万 and 亿, decimals, Chinese numerals, 余 and 多, signs.

use std::ops::Range;

/// A decimal number with its multiplier, e.g. 4.8万.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// All digits as one whole number, signed.
    pub digits: i64,
    /// How many of them stand behind the point.
    pub decimals: u32,
    /// 1, 万 or 亿.
    pub scale: i64,
}

impl Amount {
    /// The count, when the number is whole.
    #[must_use]
    pub fn count(&self) -> Option<i64> {
        if self.decimals == 0 {
            return self.digits.checked_mul(self.scale);
        }
        let scaled = i128::from(self.digits) * i128::from(self.scale);
        let divisor = 10i128.checked_pow(self.decimals)?;
        (scaled % divisor == 0)
            .then(|| i64::try_from(scaled / divisor).ok())
            .flatten()
    }

    /// Fen, when the number is money in a unit of `yuan` yuan; fractions of a fen are rounded.
    #[must_use]
    pub fn fen(&self, yuan: i64) -> Option<i64> {
        let scaled = i128::from(self.digits) * i128::from(self.scale) * i128::from(yuan) * 100;
        let divisor = 10i128.checked_pow(self.decimals)?;
        let half = if scaled < 0 { -divisor / 2 } else { divisor / 2 };
        i64::try_from((scaled + half) / divisor).ok()
    }

    /// The number as printed, for shares.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn as_f64(&self) -> f64 {
        self.digits as f64 * self.scale as f64 / 10f64.powi(i32::try_from(self.decimals).unwrap_or(0))
    }
}

/// A number in a folded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberToken {
    /// Its characters: digits, 万, 余.
    pub range: Range<usize>,
    /// Its digits alone.
    pub digits: Range<usize>,
    /// What it is.
    pub amount: Amount,
    /// Whether 余 or 多 follow: the number is a lower bound.
    pub approximate: bool,
    /// Whether it is written in Chinese numerals.
    pub chinese: bool,
}

/// The longest run of digits that can be a statistic; longer ones are phone, account and index numbers.
const MAX_DIGITS: usize = 13;
/// The same with two of them behind the point.
const MAX_WRITTEN: usize = MAX_DIGITS + 2;

/// Every number of a folded text, left to right. Runs of digits inside words and addresses are found, too: the caller
/// knows the neighbourhood.
#[must_use]
pub fn scan(text: &str) -> Vec<NumberToken> {
    let mut found: Vec<NumberToken> = Vec::new();
    let mut position = 0;
    while let Some(start) = next_number(text, position) {
        let (token, end) = token_at(text, start);
        position = token.as_ref().map_or(end, |token| token.range.end);
        found.extend(token);
    }
    found
}

/// Where the next digit or numeral stands. Most characters of a text are told from them by their bytes.
fn next_number(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            b'0'..=b'9' => return Some(at),
            0..=0x7f => 1,
            // The numerals have three bytes; the low bits of a code point are those of the last two.
            0xe0..=0xef => {
                let [second, last] = *bytes.get(at + 1..)?.first_chunk()?;
                let may_begin = BY_LOW_BITS[usize::from(second << 6 | last & 0x3f)] != 0;
                if may_begin && text.get(at..)?.starts_with(begins_number) {
                    return Some(at);
                }
                3
            }
            0xf0.. => 4,
            _ => 2,
        };
    }
    None
}

/// The number at the start of a text.
#[must_use]
fn number_at_start(text: &str) -> Option<NumberToken> {
    text.starts_with(begins_number).then(|| token_at(text, 0).0).flatten()
}

/// The number that begins at a digit or numeral, if it is one, and where its digits end.
fn token_at(text: &str, start: usize) -> (Option<NumberToken>, usize) {
    if text.as_bytes().get(start).is_some_and(u8::is_ascii_digit) {
        let (amount, end) = arabic(text, start);
        return (amount.map(|amount| finish(text, start, end, amount, false)), end);
    }
    let end = start + chinese_run(&text[start..]);
    let amount = chinese(&text[start..end]).map(|digits| Amount {
        digits,
        decimals: 0,
        scale: 1,
    });
    (amount.map(|amount| finish(text, start, end, amount, true)), end)
}

/// Where groups of three digits behind a space end, as in 共12 514条: with letters on both sides, so that cells beside each
/// other are never one number.
fn spaced_groups(text: &str, start: usize, end: usize) -> usize {
    let bytes = text.as_bytes();
    if bytes.get(end) != Some(&b' ') {
        return end;
    }
    let is_letter = |character: Option<char>| character.is_some_and(|c| c.is_alphabetic() && !c.is_ascii());
    if !is_letter(text[..start].chars().next_back()) {
        return end;
    }
    let mut last = end;
    while bytes.get(last) == Some(&b' ') && (1..=3).all(|at| bytes.get(last + at).is_some_and(u8::is_ascii_digit)) {
        last += 4;
    }
    if is_letter(text[last..].chars().next()) {
        last
    } else {
        end
    }
}

fn arabic(text: &str, start: usize) -> (Option<Amount>, usize) {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = start;
    while digit(end) {
        end += 1;
    }
    let mut written = Digits::default();
    written.push(&text[start..end]);
    // 1,234,567: groups of three behind a first group of at most three; the comma can be full-width.
    if end - start <= 3 && matches!(bytes.get(end), Some(b',' | 0xef)) {
        while let Some(comma) = [",", "，"]
            .iter()
            .find(|comma| text[end..].starts_with(*comma))
            .map(|comma| comma.len())
        {
            let group = end + comma;
            if !(0..3).all(|i| digit(group + i)) || digit(group + 3) {
                break;
            }
            written.push(&text[group..group + 3]);
            end = group + 3;
        }
    }
    // Not behind groups with commas, and not where a first group of four digits would be a year or a number of its own.
    if written.count <= 3 {
        let spaced = spaced_groups(text, start, end);
        text[end..spaced].split(' ').for_each(|group| written.push(group));
        end = spaced;
    }
    let mut decimals = 0;
    if bytes.get(end) == Some(&b'.') && digit(end + 1) {
        let point = end;
        end += 1;
        while digit(end) {
            end += 1;
        }
        // 1.2.3 is an enumerator or a version, 2019.1.16 a date.
        if bytes.get(end) == Some(&b'.') && digit(end + 1) {
            while digit(end) || bytes.get(end) == Some(&b'.') {
                end += 1;
            }
            return (None, end);
        }
        written.push(&text[point + 1..end]);
        decimals = u32::try_from(end - point - 1).unwrap_or(u32::MAX);
    }
    let amount = (written.count <= MAX_WRITTEN && decimals <= 6).then_some(Amount {
        digits: written.value,
        decimals,
        scale: 1,
    });
    (amount, end)
}

/// Digits read one after the other.
#[derive(Default)]
struct Digits {
    count: usize,
    /// What they make; wrong beyond what a number can have.
    value: i64,
}

impl Digits {
    fn push(&mut self, digits: &str) {
        self.count += digits.len();
        for digit in digits.bytes() {
            self.value = self.value.saturating_mul(10).saturating_add(i64::from(digit - b'0'));
        }
    }
}

/// Takes 万, 亿 and 余, 多 behind the digits into the token.
fn finish(text: &str, start: usize, digits_end: usize, amount: Amount, chinese: bool) -> NumberToken {
    let mut token = NumberToken {
        range: start..digits_end,
        digits: start..digits_end,
        amount,
        approximate: false,
        chinese,
    };
    loop {
        let rest = &text[token.range.end..];
        let (length, scale, about) = match rest.chars().next() {
            Some('万' | '萬') if token.amount.scale == 1 => (3, 10_000, false),
            Some('亿' | '億') if token.amount.scale == 1 => (3, 100_000_000, false),
            // 5千余条; in 5千元 the unit is 千元.
            Some('千') if token.amount.scale == 1 && !chinese && !rest.starts_with("千元") => (3, 1_000, false),
            Some('百') if token.amount.scale == 1 && !chinese && !rest.starts_with("百元") => (3, 100, false),
            Some('余' | '餘' | '多') if !token.approximate => (3, 1, true),
            _ => return token,
        };
        token.range.end += length;
        token.amount.scale *= scale;
        token.approximate |= about;
    }
}

/// The Chinese numerals.
const NUMERALS: [(char, i64); 17] = [
    ('零', 0),
    ('〇', 0),
    ('○', 0),
    ('一', 1),
    ('二', 2),
    ('两', 2),
    ('兩', 2),
    ('三', 3),
    ('四', 4),
    ('五', 5),
    ('六', 6),
    ('七', 7),
    ('八', 8),
    ('九', 9),
    ('十', 10),
    ('百', 100),
    ('千', 1000),
];

/// Which of the [`NUMERALS`] has these low eight bits of its code point, as its place from 1: no two share them, and
/// nearly every other character is told from them all by one look.
const BY_LOW_BITS: [u8; 256] = by_low_bits();

const fn by_low_bits() -> [u8; 256] {
    let mut places = [0; 256];
    let mut index = 0;
    while index < NUMERALS.len() {
        let low = (NUMERALS[index].0 as u32 % 256) as usize;
        assert!(places[low] == 0, "two numerals share their low bits");
        index += 1;
        places[low] = index as u8;
    }
    places
}

fn chinese_digit(character: char) -> Option<i64> {
    let place = BY_LOW_BITS.get((character as u32 % 256) as usize)?;
    let (numeral, digit) = NUMERALS.get(usize::from(place.checked_sub(1)?))?;
    (*numeral == character).then_some(*digit)
}

fn begins_number(character: char) -> bool {
    character.is_ascii_digit() || chinese_digit(character).is_some()
}

/// Bytes of the Chinese numeral at the start of a text. 万 belongs to it where digits follow: 一万二千, not 三万条.
fn chinese_run(text: &str) -> usize {
    let mut length = 0;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let inner =
            length > 0 && character == '万' && characters.peek().is_some_and(|next| chinese_digit(*next).is_some());
        if chinese_digit(character).is_none() && !inner {
            break;
        }
        length += character.len_utf8();
    }
    length
}

/// A Chinese numeral: positional (二〇一二) or with 十百千万 (一万二千三百一十).
fn chinese(text: &str) -> Option<i64> {
    if text.chars().count() > 16 {
        return None;
    }
    if let Some((high, low)) = text.split_once('万') {
        return Some(below_ten_thousand(high)? * 10_000 + below_ten_thousand(low)?);
    }
    below_ten_thousand(text)
}

fn below_ten_thousand(text: &str) -> Option<i64> {
    let count = text.chars().count();
    let values = text.chars().map_while(chinese_digit);
    if values.clone().count() < count {
        return None;
    }
    if values.clone().all(|value| value < 10) {
        // 两三件, 三五次: neighbours of digits are vague, not positions; years and spelled-out numbers are longer.
        let positional = count == 1 || count >= 4 || values.clone().any(|value| value == 0);
        return (positional && count <= 9).then(|| values.fold(0, |sum, value| sum * 10 + value));
    }
    let (mut total, mut digit) = (0, None);
    for value in values {
        if value < 10 {
            digit = Some(value);
        } else {
            total += digit.take().unwrap_or(1) * value;
        }
    }
    Some(total + digit.unwrap_or(0))
}

/// What a table's value cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellValue {
    /// Nothing at all, or a filler dash.
    Blank,
    /// "Does not apply": `/`, 不适用.
    NotApplicable,
    /// 无, 没有: none, in words.
    ZeroInWords,
    /// A number, its unit if one is printed in the cell, and whether it is a lower bound.
    Number {
        /// The number.
        amount: Amount,
        /// The unit printed behind it.
        unit: Option<String>,
        /// Whether 余 or 约 stand by it.
        approximate: bool,
    },
    /// Digits hidden by the site, as in `1**`.
    Masked,
    /// Something else: a label, a unit, a remark.
    Text,
}

/// Reads a folded cell.
#[must_use]
pub fn read_cell(cell: &str, units: &gongkai_lexicon::Units) -> CellValue {
    let cell = cell.trim();
    // Most cells are plain digits.
    if !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit()) {
        let mut written = Digits::default();
        written.push(cell);
        return match written.count {
            ..=MAX_WRITTEN => CellValue::Number {
                amount: Amount {
                    digits: written.value,
                    decimals: 0,
                    scale: 1,
                },
                unit: None,
                approximate: false,
            },
            _ => CellValue::Text,
        };
    }
    if cell.starts_with(begins_words) {
        return CellValue::Text;
    }
    if let Some(compact) = without_group_spaces(cell) {
        return read_cell(&compact, units);
    }
    if cell.is_empty() || cell.chars().all(|c| matches!(c, '-' | '—' | '─' | '－' | '_' | '―')) {
        return if cell == "--" || cell.chars().count() < 8 {
            CellValue::Blank
        } else {
            CellValue::Text
        };
    }
    match cell {
        "/" | "\\" | "//" | "不适用" | "不涉及" | "N/A" | "n/a" | "-/-" => return CellValue::NotApplicable,
        "无" | "没有" | "零" => return CellValue::ZeroInWords,
        _ => {}
    }
    if cell.contains('*') && cell.chars().all(|c| c == '*' || c.is_ascii_digit() || c == ',') {
        return CellValue::Masked;
    }
    let (sign, rest) = read_sign(cell);
    let about = rest.starts_with(['约', '近']);
    let rest = rest.trim_start_matches(['约', '近', '¥', '￥']);
    let Some(token) = number_at_start(rest) else {
        return CellValue::Text;
    };
    let behind = rest[token.range.end..].trim_end_matches(['。', ';', '；']);
    let behind = behind
        .strip_prefix('.')
        .filter(|rest| rest.is_empty())
        .unwrap_or(behind);
    let unit = units.exact(behind).map(|_| behind.to_owned());
    if !behind.is_empty() && unit.is_none() || token.chinese && unit.is_none() {
        return CellValue::Text;
    }
    let amount = Amount {
        digits: token.amount.digits * sign,
        ..token.amount
    };
    CellValue::Number {
        amount,
        unit,
        approximate: about || token.approximate,
    }
}

/// Whether a cell that begins so is nothing but words: with a bracket, or with a Chinese character that begins no number
/// and nothing that stands for one, 约, 减少, 无, 不适用.
fn begins_words(character: char) -> bool {
    let is_han = ('\u{4e00}'..='\u{9fff}').contains(&character);
    let stands_for_one = || matches!(character, '约' | '近' | '减' | '增' | '无' | '没' | '不');
    character == '(' || is_han && !begins_number(character) && !stands_for_one()
}

/// A cell whose thousands are set apart by spaces, as in `12 514件`, without them.
fn without_group_spaces(cell: &str) -> Option<String> {
    memchr::memchr(b' ', cell.as_bytes())?;
    let number = cell.trim_start_matches(['+', '-']);
    let (first, rest) = number.split_once(' ')?;
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut groups = rest.split(' ').rev();
    let last = digits(groups.next()?) == 3;
    let fits = (1..=3).contains(&first.len()) && digits(first) == first.len();
    let between = groups.all(|group| group.len() == 3 && digits(group) == 3);
    (fits && last && between).then(|| cell.replace(' ', ""))
}

/// A sign, also a doubled one or 增 and 减 in words. A doubled minus is one slip of the finger, not a plus.
fn read_sign(cell: &str) -> (i64, &str) {
    if !cell.starts_with(['减', '增', '+', '-', '－', '—']) {
        return (1, cell);
    }
    for (prefix, sign) in [
        ("减少", -1),
        ("增加", 1),
        ("减", -1),
        ("增", 1),
        ("+", 1),
        ("--", -1),
        ("-", -1),
        ("－", -1),
        ("—", -1),
    ] {
        if let Some(rest) = cell.strip_prefix(prefix)
            && rest.starts_with(|c: char| c.is_ascii_digit())
        {
            return (sign, rest);
        }
    }
    (1, cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_with_their_multipliers() {
        for (text, expected) in [
            ("共1,234条", "1234"),
            ("共12 514条", "12514"),
            ("共1 234 567条", "1234567"),
            ("申请 12 514 3 ", "12 514 3"),
            ("共12 51条", "12 51"),
            ("共2012 514条", "2012 514"),
            ("12 514条", "12 514"),
            ("4.8万份", "48000"),
            ("14万余条", "140000~"),
            ("2000余条", "2000~"),
            ("1.9余件", "-~"),
            ("十二件", "12"),
            ("二〇一二年", "2012"),
            ("一百二十件", "120"),
            ("一万二千三百一十条", "12310"),
            ("一千零四条", "1004"),
            ("三万条", "30000"),
            ("2019.1.16", ""),
            ("两场", "2"),
            ("160.5964万元", "1605964"),
            ("055162999615000000", ""),
        ] {
            let found: Vec<String> = scan(text)
                .iter()
                .map(|token| {
                    let count = token.amount.count().map_or("-".to_owned(), |count| count.to_string());
                    if token.approximate { count + "~" } else { count }
                })
                .collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }
}
