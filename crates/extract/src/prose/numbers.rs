//! Which numbers of a sentence can be statistics, and which are dates, shares, enumerators, changes or addresses.

use std::ops::Range;

use gongkai_lexicon::{Lexicon, UnitClass};

use crate::number::{Amount, NumberToken};
use crate::prose::clauses::{Clauses, is_separator};
use crate::prose::pieces;
use crate::prose::words::Words;

/// A number in a sentence, and what it can be.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// The number.
    pub token: NumberToken,
    /// What it can be.
    pub role: Role,
    /// Its unit as printed, and the unit's class.
    pub unit: Option<(String, UnitClass)>,
    /// One past its unit.
    pub end: usize,
    /// Whether it is a bound, not the number itself.
    pub approximate: bool,
    /// Other ways to read the digits when they were glued to something: an enumerator or a share.
    pub readings: Vec<Reading>,
    /// Whether another number touches it, so that nobody can tell what it is.
    pub in_pieces: bool,
}

impl Quantity {
    /// The first character of its unit; numbers of one list share it.
    pub fn unit_character(&self) -> Option<char> {
        self.unit.as_ref().and_then(|(unit, _)| unit.chars().next())
    }

    /// The same, touched by another number: then it is no share, and glued digits are the least of it.
    #[must_use]
    pub fn touched(mut self) -> Self {
        self.in_pieces = true;
        self.readings.clear();
        if self.role == Role::Share {
            self.role = Role::Other;
        }
        self
    }
}

/// One way to read glued digits.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The digits that are the count.
    pub digits: Range<usize>,
    /// The count.
    pub count: i64,
    /// The share that was glued to it.
    pub share: Option<Amount>,
}

/// What a number can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A statistic, if a wording says which.
    Count,
    /// A share in per cent.
    Share,
    /// Anything else: it separates nothing and counts nothing.
    Other,
}

/// Classifies every number of a sentence, left to right.
#[must_use]
pub fn quantities(
    text: &str,
    sentence: &Range<usize>,
    tokens: &[NumberToken],
    clauses: &Clauses,
    words: &Words,
    lexicon: &Lexicon,
) -> Vec<Quantity> {
    let mut out: Vec<Quantity> = Vec::new();
    let mut enumerator = 0i64;
    let first = tokens.partition_point(|token| token.range.start < sentence.start);
    // A number across the cut of an endless sentence belongs to neither part.
    let last = tokens.partition_point(|token| token.range.end <= sentence.end);
    let mut inside = tokens.get(first..last).unwrap_or_default();
    while let [token, rest @ ..] = inside {
        if out.last().is_some_and(|last| token.range.start < last.end) {
            inside = rest;
            continue;
        }
        let pieces = pieces::whole(text, inside, lexicon);
        let (token, behind) = pieces.as_ref().map_or((token, 0), |(whole, behind)| (whole, *behind));
        inside = rest.get(behind..).unwrap_or_default();
        let clause_start = out
            .last()
            .map_or(sentence.start, |last| last.end)
            .max(clauses.start(sentence, token.range.start));
        let reader = Reader {
            text,
            sentence,
            words,
            lexicon,
            clause_start,
        };
        let quantity = reader.read(token, &mut enumerator);
        out.push(if pieces.is_some() { quantity.touched() } else { quantity });
    }
    set_kinds_aside(text, &mut out, lexicon);
    out
}

/// 16项65条: sixty-five, in sixteen kinds.
fn set_kinds_aside(text: &str, quantities: &mut [Quantity], lexicon: &Lexicon) {
    for at in 1..quantities.len() {
        let [kinds, count] = &mut quantities[at - 1..=at] else {
            continue;
        };
        let both = kinds.role == Role::Count && count.role == Role::Count && count.unit.is_some();
        let adjoin = kinds.end == count.token.range.start && kinds.unit_character() != count.unit_character();
        if both && adjoin && lexicon.marks.kind_unit.begin(&text[kinds.token.range.end..]) {
            kinds.role = Role::Other;
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    sentence: &'a Range<usize>,
    words: &'a Words,
    lexicon: &'a Lexicon,
    clause_start: usize,
}

impl Reader<'_> {
    fn read(&self, token: &NumberToken, enumerator: &mut i64) -> Quantity {
        let after = &self.text[token.range.end..self.sentence.end];
        let before = &self.text[self.sentence.start..token.range.start];
        let mut quantity = Quantity {
            token: token.clone(),
            role: Role::Other,
            unit: None,
            end: token.range.end,
            approximate: token.approximate,
            readings: Vec::new(),
            in_pieces: false,
        };
        if after.starts_with('%') {
            return self.share(quantity);
        }
        if self.is_enumerator(token, before, after) {
            *enumerator = token.amount.digits;
            return quantity;
        }
        if self.is_excluded(token, before, after) {
            return quantity;
        }
        quantity.role = Role::Count;
        self.take_unit(&mut quantity);
        quantity.approximate |= self.is_about(token);
        if token.chinese && (quantity.unit.is_none() || self.is_idle_numeral(token, before, after)) {
            quantity.role = Role::Other;
        }
        if quantity.unit.is_none() && !token.chinese {
            self.glued_enumerator(&mut quantity, enumerator);
        }
        quantity
    }

    /// A share; one above 100 has the count glued to it, and every split is a reading.
    fn share(&self, mut quantity: Quantity) -> Quantity {
        quantity.end += 1;
        quantity.role = Role::Share;
        let amount = quantity.token.amount;
        // 同比增长159.7% is a change above one hundred, not a count with its share.
        let clause = self.clause_start..quantity.token.range.start;
        let change = self.words.any_in(&clause, &self.lexicon.prose.grammar().comparison);
        if amount.as_f64() <= 100.0 || change || quantity.token.approximate || amount.scale != 1 {
            return quantity;
        }
        let digits = quantity.token.digits.clone();
        let whole_end = self.text[digits.clone()]
            .find('.')
            .map_or(digits.end, |point| digits.start + point);
        for cut in digits.start + 1..whole_end {
            // A full-width comma between the thousands is longer than a byte.
            let Some((count, share)) = self.text[digits.clone()].split_at_checked(cut - digits.start) else {
                continue;
            };
            let leading_zero = share.starts_with('0') && !share.starts_with("0.") || count.starts_with('0');
            let share_value = parse_decimal(share).filter(|share| share.as_f64() <= 100.0);
            if let (Ok(count), Some(share), false) = (count.parse(), share_value, leading_zero) {
                quantity.readings.push(Reading {
                    digits: digits.start..cut,
                    count,
                    share: Some(share),
                });
            }
        }
        quantity.role = if quantity.readings.is_empty() {
            Role::Other
        } else {
            Role::Count
        };
        quantity
    }

    /// `1.` or `1、` before words, not behind a label.
    fn is_enumerator(&self, token: &NumberToken, before: &str, after: &str) -> bool {
        let marked = after.starts_with(['.', '、', ')']) && after.chars().nth(1).is_some_and(|c| !c.is_ascii_digit());
        let small = token.amount.digits <= 30 && token.amount.decimals == 0 && !token.chinese;
        let opens = before.ends_with(|c: char| is_separator(c) || matches!(c, ' ' | '(' | '、'))
            || before.is_empty()
            || before.ends_with("其中")
            || self
                .lexicon
                .units
                .at_start(before.get(before.len().saturating_sub(3)..).unwrap_or(""))
                .is_some();
        marked && small && opens
    }

    fn is_excluded(&self, token: &NumberToken, before: &str, after: &str) -> bool {
        let bare_year = token.amount.decimals == 0
            && token.amount.scale == 1
            && token.digits.len() == 4
            && (1990..=2040).contains(&token.amount.digits)
            && self.unit_at(after).is_none();
        let in_address = before
            .ends_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '@' | '_' | '-' | '~' | '.' | '#'))
            || after.starts_with(|c: char| matches!(c, '@' | '/' | '_' | '-' | '~') || c.is_ascii_alphabetic())
            || !token.chinese && self.digits(token) >= 11;
        // 7****条, and where a character was lost: the digits that are left are not the number.
        let masks = |c: char| matches!(c, '*' | char::REPLACEMENT_CHARACTER);
        let masked = before.ends_with(masks) || after.starts_with(masks);
        // 2百3千条, 一万零三万条: whatever is multiplied so is no number.
        let multiplied = after.starts_with(['十', '百', '千', '万', '亿']) && self.unit_at(after).is_none();
        let marks = &self.lexicon.marks;
        let numbered = marks.before_ordinal.end(before) && !marks.no_ordinal.end(before);
        let ordinal = numbered || after.starts_with(['〕', '】']);
        // 同一信息计1条; but 不同渠道公开相同信息计53条.
        let gloss = token.amount.digits == 1 && before.ends_with('计') && !marks.sum.end(before);
        let date = marks.after_date.begin(after);
        let words = self.clause_start..token.range.start;
        // All of it, and not the 12388 in 1238800元.
        let named = |(start, end, word)| {
            let hotlines = &self.lexicon.prose.grammar().not_a_count;
            (start, end) == (token.range.start, token.range.end) && hotlines.contains(word)
        };
        let hotline = self.words.within(&token.range).any(named);
        // 答复率100 without its %.
        let rate = marks.before_rate.end(before) && self.unit_at(after).is_none();
        bare_year
            || rate
            || is_clock(before, after)
            || in_address
            || masked
            || multiplied
            || ordinal
            || gloss
            || date
            || hotline
            || self.is_called(token, before, after)
            || self.words.any_in(&words, &self.lexicon.prose.grammar().comparison)
            || self.words.any_in(&words, &self.lexicon.prose.grammar().requirement)
    }

    /// With how many digits a number is written: 12万零300 with five.
    fn digits(&self, token: &NumberToken) -> usize {
        let printed = self.text.get(token.digits.clone()).unwrap_or_default();
        printed.bytes().filter(u8::is_ascii_digit).count()
    }

    /// Whether the digits name something one calls or quotes: “12333”, 12333服务热线, 咨询电话2320900.
    fn is_called(&self, token: &NumberToken, before: &str, after: &str) -> bool {
        let quoted = before.ends_with(['“', '"', '‘', '「']) && after.starts_with(['”', '"', '’', '」']);
        let digits = self.digits(token);
        let marks = &self.lexicon.marks;
        let contact =
            digits >= 7 && marks.before_contact.end(before) || digits >= 3 && marks.after_hotline.begin(after);
        !token.chinese && (quoted || contact && self.unit_at(after).is_none())
    }

    /// Whether the words right before a number make it an approximation (约, 近).
    fn is_about(&self, token: &NumberToken) -> bool {
        let about = &self.lexicon.prose.grammar().approximate_before;
        let before = self.sentence.start..token.range.start;
        self.words.ends(&before, about)
    }

    /// Numerals that count nothing: 哪一份, 分三批, 未发生一例.
    fn is_idle_numeral(&self, token: &NumberToken, before: &str, after: &str) -> bool {
        let marks = &self.lexicon.marks;
        // 上千, 近百: a bare multiplier is no number.
        let bare = self.text[token.range.clone()].starts_with(['百', '千']);
        let vague = &self.text[token.range.clone()] == "十" && marks.before_vague.end(before);
        let pointed = bare || vague || marks.before_idle.end(before);
        let one = token.amount.digits == 1;
        let case = marks.case_unit.begin(after);
        let denied = self.words.any_in(
            &(self.clause_start..token.range.start),
            &self.lexicon.prose.grammar().zero,
        );
        pointed || one && (!case || denied)
    }

    /// The unit behind a number, also in brackets: 件, 件(条), (篇).
    fn unit_at(&self, after: &str) -> Option<(String, UnitClass, usize)> {
        let bracketed = after.strip_prefix('(').and_then(|rest| {
            let unit = self.lexicon.units.at_start(rest)?;
            rest[unit.name.len()..]
                .starts_with(')')
                .then_some((unit.name.clone(), unit.class, unit.name.len() + 2))
        });
        if bracketed.is_some() {
            return bracketed;
        }
        let unit = self.lexicon.units.at_start(after)?;
        let mut length = unit.name.len();
        let mut class = unit.class;
        if let Some(inside) = after[length..].strip_prefix('(')
            && let Some(second) = self.lexicon.units.at_start(inside)
            && inside[second.name.len()..].starts_with(')')
        {
            length += second.name.len() + 2;
            // 人(次) counts visits, 件(次) counts what 件 does.
            if class == UnitClass::Person {
                class = UnitClass::Visit;
            }
        }
        Some((after[..length].to_owned(), class, length))
    }

    fn take_unit(&self, quantity: &mut Quantity) {
        let after = &self.text[quantity.token.range.end..self.sentence.end];
        if let Some((unit, class, length)) = self.unit_at(after) {
            quantity.end = quantity.token.range.end + length;
            quantity.unit = Some((unit, class));
            let behind = &self.text[quantity.end..self.sentence.end];
            quantity.approximate |= self.lexicon.marks.after_about.begin(behind);
        }
    }

    /// `1162.部门…` behind item 1: the last digit is the next item's number. Both readings are kept.
    fn glued_enumerator(&self, quantity: &mut Quantity, enumerator: &mut i64) {
        let after = &self.text[quantity.token.range.end..self.sentence.end];
        let next_item = after.starts_with(['.', '、']) && after.chars().nth(1).is_some_and(|c| c > '\u{2e80}');
        let digits = quantity.token.digits.clone();
        let next = (*enumerator + 1).to_string();
        if !next_item || *enumerator == 0 || quantity.token.amount.decimals > 0 || quantity.token.amount.scale != 1 {
            return;
        }
        let Some(count) = self.text[digits.clone()]
            .strip_suffix(next.as_str())
            .filter(|count| !count.is_empty())
        else {
            return;
        };
        if let (Ok(short), Some(whole)) = (count.parse(), quantity.token.amount.count().ok()) {
            quantity.readings.push(Reading {
                digits: digits.start..digits.start + count.len(),
                count: short,
                share: None,
            });
            quantity.readings.push(Reading {
                digits,
                count: whole,
                share: None,
            });
            *enumerator += 1;
        }
    }
}

/// Whether the digits are those of a time of day: 10:00.
fn is_clock(before: &str, after: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    before.strip_suffix(':').is_some_and(|hour| hour.ends_with(digit))
        || after.strip_prefix(':').is_some_and(|minute| minute.starts_with(digit))
}

fn parse_decimal(text: &str) -> Option<Amount> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction}").parse().ok()?;
    Some(Amount {
        digits,
        decimals: u32::try_from(fraction.len()).ok()?,
        scale: 1,
    })
}
