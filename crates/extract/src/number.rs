//! Numbers as reports print them: thousands commas, 万 and 亿, decimals, Chinese numerals, 余 and 多, signs.

use std::ops::Range;

use crate::fold::is_unseen;
use crate::model::Value;
use crate::numeral;

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

/// Why a number is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Nothing can be counted in fractions.
    Fraction,
    /// More digits than a count or a sum of money can have.
    TooLarge,
}

impl Amount {
    /// The count.
    ///
    /// # Errors
    /// When the number is not whole, or no count is so large.
    pub fn count(&self) -> Result<i64, Unfit> {
        let scaled = i128::from(self.digits) * i128::from(self.scale);
        let divisor = self.divisor().ok_or(Unfit::TooLarge)?;
        if scaled % divisor != 0 {
            return Err(Unfit::Fraction);
        }
        within(scaled / divisor, Value::MAX_COUNT)
    }

    /// Fen, when the number is money in a unit of `yuan` yuan; fractions of a fen are rounded.
    ///
    /// # Errors
    /// When no sum of money is so large.
    pub fn fen(&self, yuan: i64) -> Result<i64, Unfit> {
        let scaled = i128::from(self.digits) * i128::from(self.scale) * i128::from(yuan) * 100;
        let divisor = self.divisor().ok_or(Unfit::TooLarge)?;
        let half = if scaled < 0 { -divisor / 2 } else { divisor / 2 };
        within((scaled + half) / divisor, Value::MAX_FEN)
    }

    fn divisor(&self) -> Option<i128> {
        10i128.checked_pow(self.decimals)
    }

    /// The number as printed, for shares.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn as_f64(&self) -> f64 {
        self.digits as f64 * self.scale as f64 / 10f64.powi(i32::try_from(self.decimals).unwrap_or(0))
    }

    /// A number read at one place and then multiplied, with what was read at the next added: 1万 and 2千.
    fn plus(self, lower: Self) -> Option<Self> {
        let digits = [self, lower].map(|part| part.digits.checked_mul(part.scale));
        Some(Self {
            digits: digits[0]?.checked_add(digits[1]?)?,
            decimals: 0,
            scale: 1,
        })
    }
}

fn within(value: i128, limit: i64) -> Result<i64, Unfit> {
    i64::try_from(value)
        .ok()
        .filter(|value| value.unsigned_abs() <= limit.unsigned_abs())
        .ok_or(Unfit::TooLarge)
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
                if numeral::may_be_numeral(second, last) && text.get(at..)?.starts_with(begins_number) {
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
    let (section, end) = section_at(text, start, true);
    let Some(mut number) = section else {
        return (None, end);
    };
    while let Some(both) = number.with(|end| section_at(text, end, false).0, text) {
        number = both;
    }
    (Some(number.token(start)), end)
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

/// Digits with what they are multiplied by, or a sum of such: 2千, 1万2千.
#[derive(Debug, Clone, Copy)]
struct Term {
    amount: Amount,
    /// One past its last digit.
    digits_end: usize,
    /// One past its last character.
    end: usize,
    /// What its last digit counts: 10,000 in 1万, 1 in 一千零四.
    unit: i64,
    /// How many digits it was written with.
    written: usize,
    approximate: bool,
    chinese: bool,
}

/// What 万 and 亿 are of, and these: 2千3百万. Where digits are none, where they end.
fn section_at(text: &str, start: usize, is_first: bool) -> (Option<Term>, usize) {
    let (term, end) = term_at(text, start, is_first);
    let Some(mut section) = term else {
        return (None, end);
    };
    while let Some(both) = section.with(|end| term_at(text, end, false).0, text) {
        section = both;
    }
    (Some(section.times_ten_thousands(text)), end)
}

/// Digits or numerals with 百, 千 and 余 behind them. Where they are no number, where they end.
fn term_at(text: &str, start: usize, is_first: bool) -> (Option<Term>, usize) {
    let chinese = !text.as_bytes().get(start).is_some_and(u8::is_ascii_digit);
    let (amount, end, unit) = if chinese {
        let end = start + numeral::run(&text[start..]);
        let numerals = &text[start..end];
        let amount = numeral::value(numerals).map(|digits| Amount {
            digits,
            decimals: 0,
            scale: 1,
        });
        (amount, end, numeral::unit(numerals))
    } else {
        let (amount, end) = arabic(text, start);
        (amount, end, 1)
    };
    let term = amount.map(|amount| Term {
        amount,
        digits_end: end,
        end,
        unit,
        written: text[start..end].chars().count(),
        approximate: false,
        chinese,
    });
    (term.map(|term| term.times_hundreds(text, is_first)), end)
}

impl Term {
    /// Takes 百 or 千 and 余, 多 behind the digits.
    fn times_hundreds(mut self, text: &str, is_first: bool) -> Self {
        let rest = text.get(self.end..).unwrap_or_default();
        match rest.chars().next() {
            _ if self.chinese => {}
            // 5千余条; in 5千元 the unit is 千元.
            Some('千') if !(is_first && rest.starts_with("千元")) => self.multiply('千', 1000),
            Some('百') if !(is_first && rest.starts_with("百元")) => self.multiply('百', 100),
            _ => {}
        }
        self.about(text)
    }

    /// Takes 万 and 亿 and 余, 多 behind them.
    fn times_ten_thousands(mut self, text: &str) -> Self {
        for (names, scale) in [(['万', '萬'], 10_000), (['亿', '億'], 100_000_000)] {
            let next = text.get(self.end..).and_then(|rest| rest.chars().next());
            // 一万零三 has its 万.
            let taken = self.chinese && self.amount.scale == 1 && self.amount.digits >= scale;
            if let Some(name) = next.filter(|next| !taken && names.contains(next)) {
                self.multiply(name, scale);
                self = self.about(text);
            }
        }
        self
    }

    fn multiply(&mut self, name: char, scale: i64) {
        self.end += name.len_utf8();
        self.amount.scale = self.amount.scale.saturating_mul(scale);
        self.unit = self.unit.saturating_mul(scale);
    }

    /// Takes one 余, 多 or 几.
    fn about(mut self, text: &str) -> Self {
        let next = text.get(self.end..).and_then(|rest| rest.chars().next());
        if let Some(word) = next.filter(|next| !self.approximate && matches!(next, '余' | '餘' | '多' | '几' | '幾'))
        {
            self.end += word.len_utf8();
            self.approximate = true;
        }
        self
    }

    /// The same with what follows at once, where the two are one number: 1万2千, 3千二百, 1万2345, but not 1万2.
    fn with(self, next_at: impl Fn(usize) -> Option<Self>, text: &str) -> Option<Self> {
        // The 千 of 5万千元 is one of the unit, if anything.
        let begins = |c: char| begins_number(c) && !matches!(c, '百' | '千');
        let follows = || text.get(self.end..).is_some_and(|rest| rest.starts_with(begins));
        if self.unit == 1 || self.approximate || self.amount.decimals > 0 || !follows() {
            return None;
        }
        // 12万零300: 零 stands for the places that are left out.
        let rest = text.get(self.end..).unwrap_or("");
        let behind_zero = rest
            .strip_prefix(['零', '〇'])
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let at = behind_zero.map_or(self.end, |behind| text.len() - behind.len());
        let next = next_at(at).filter(|next| next.amount.decimals == 0 && next.unit < self.unit)?;
        let places = usize::try_from(self.unit.ilog10()).ok()?;
        let is_told = match behind_zero {
            Some(_) => next.written < places,
            None => next.unit > 1 || next.written == places,
        };
        let is_smaller = next.amount.count().is_ok_and(|count| count < self.unit);
        (is_told && is_smaller).then_some(Self {
            amount: self.amount.plus(next.amount)?,
            chinese: self.chinese && next.chinese,
            ..next
        })
    }

    fn token(self, start: usize) -> NumberToken {
        NumberToken {
            range: start..self.end,
            digits: start..self.digits_end,
            amount: self.amount,
            approximate: self.approximate,
            chinese: self.chinese,
        }
    }
}

/// Whether white space among the printed characters of a number leaves open whether they are one: beside its point or
/// comma, as in 6. 0, or a line end between its digits.
#[must_use]
pub fn is_apart(printed: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let is_mark = |c: char| matches!(c, '.' | '．' | ',' | '，');
    // The last digit, what stands behind it, and whether white space is part of that.
    let (mut digit, mut mark, mut space, mut line) = (false, false, false, false);
    for character in printed.chars() {
        if character.is_whitespace() {
            space |= digit;
            line |= digit && matches!(character, '\n' | '\r');
        } else if is_digit(character) {
            if space && mark || line {
                return true;
            }
            (digit, mark, space, line) = (true, false, false, false);
        } else if is_mark(character) && digit && !mark {
            mark = true;
        } else if !is_unseen(character) {
            (digit, mark, space, line) = (false, false, false, false);
        }
    }
    false
}

/// Whether a number may begin with a character.
#[must_use]
pub fn begins_number(character: char) -> bool {
    character.is_ascii_digit() || numeral::numeral(character).is_some()
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
    /// Numbers that a space or a range puts beside each other, as in `12 34` and `1~2件`: none of them is the value.
    InPieces,
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
    // 千元 is a unit.
    let Some(token) = number_at_start(rest).filter(|_| !rest.starts_with(['百', '千'])) else {
        return CellValue::Text;
    };
    let behind = rest[token.range.end..].trim_end_matches(['。', ';', '；']);
    let behind = behind.strip_suffix('.').unwrap_or(behind);
    let unit = units.exact(behind).map(|_| behind.to_owned());
    if !behind.is_empty() && is_in_pieces(rest, units) {
        return CellValue::InPieces;
    }
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

/// Whether a number can go on in the next line, which is nothing but digits and a unit.
#[must_use]
pub fn goes_on(number: &str, next: &str, units: &gongkai_lexicon::Units) -> bool {
    let behind = next.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '，' | '万' | '亿'));
    let unit = behind.trim_end_matches(['。', ';', '；', '.']);
    number.ends_with(|c: char| c.is_ascii_digit())
        && behind.len() < next.len()
        && (unit.is_empty() || units.exact(unit).is_some())
}

/// A longer cell, in bytes, is no number in pieces.
const MAX_PIECES: usize = 60;

/// Whether a text is nothing but numbers beside each other, or from one to another, and their unit.
fn is_in_pieces(text: &str, units: &gongkai_lexicon::Units) -> bool {
    if text.len() > MAX_PIECES {
        return false;
    }
    let mut pieces = 0;
    let mut rest = text;
    loop {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, behind) = rest.split_at(digits);
        // 2018 12 can be a month.
        let is_year = digits == 4 && (number.starts_with("19") || number.starts_with("20"));
        if digits == 0 || is_year {
            return false;
        }
        pieces += 1;
        if behind.is_empty() || units.exact(behind).is_some() {
            return pieces > 1;
        }
        let unit = units.at_start(behind).map_or(0, |unit| unit.name.len());
        let gap = behind.get(unit..).unwrap_or_default();
        rest = gap.trim_start_matches([' ', '~', '-', '—', '至', '到']);
        // 0571-8888 is a telephone.
        let is_dash = gap.starts_with('-') && rest.bytes().all(|byte| byte.is_ascii_digit());
        if rest.len() == gap.len() || is_dash {
            return false;
        }
    }
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
            ("5千万条", "50000000"),
            ("3百余万条", "3000000~"),
            ("1.2万亿元", "1200000000000"),
            ("20几条", "20~"),
            ("1万2千余条", "12000~"),
            ("3千二百条", "3200"),
            ("三千2百条", "3200"),
            ("1万2345条", "12345"),
            ("12万零300条", "120300"),
            ("12万零3000条", "120000 0 3000"),
            ("1亿2千3百万元", "123000000"),
            ("1千2百万元", "12000000"),
            ("一亿二千万元", "120000000"),
            ("1万2条", "10000 2"),
            ("2百3千条", "200 3000"),
            ("1.5万2千条", "15000 2000"),
            ("一百二条", ""),
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
