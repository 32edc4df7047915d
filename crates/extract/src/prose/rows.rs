//! Lists of what was disclosed, a line or a row of a table each: `1801 工作动态 70 71.43%`.
//!
//! Such rows are no sentences. They are themes of the total told right before them, but only where the shares or the sum
//! show it: any table can have names and numbers side by side.

use std::ops::Range;

use gongkai_lexicon::{Lexicon, Role};

use super::ProseReading;
use crate::model::{Mention, Method, Scope, Span, Status, UnitSource, Value};
use crate::number::{Amount, scan};

/// Fewer rows are no list.
pub const MIN_ROWS: usize = 3;
/// More are no list of a report.
const MAX_ROWS: usize = 1000;
/// The longest row and the longest name in one, in bytes.
const MAX_ROW: usize = 200;
const MAX_NAME: usize = 120;
/// A code before the name has at most so many digits.
const MAX_CODE: usize = 8;
/// The total stands at most so many blocks before the first row: a header and a caption may stand between.
const NEAR: u32 = 3;
const CONFIDENCE: f32 = 0.9;

/// One row of a list.
pub struct Row {
    name: Range<usize>,
    count: Range<usize>,
    value: i64,
    share: Option<Amount>,
    /// Whether it sums up the others.
    is_sum: bool,
    block: u32,
}

impl Row {
    /// A line as a row.
    pub fn of_line(text: &str, line: &Range<usize>, block: u32, lexicon: &Lexicon) -> Option<Self> {
        let printed = text.get(line.clone())?;
        let may_be = printed.len() <= MAX_ROW && printed.ends_with(|c: char| c.is_ascii_digit() || c == '%');
        let words = may_be.then(|| printed.split_whitespace())?;
        let places = words.map(|word| {
            let start = line.start + (word.as_ptr() as usize - printed.as_ptr() as usize);
            start..start + word.len()
        });
        Self::of(text, &places.collect::<Vec<_>>(), block, lexicon)
    }

    /// Words or cells side by side as a row: a code, a name, a count and its share; the first and the last may be missing.
    pub fn of(text: &str, words: &[Range<usize>], block: u32, lexicon: &Lexicon) -> Option<Self> {
        let printed = |word: &Range<usize>| text.get(word.clone()).unwrap_or_default().trim();
        let (share, words) = match words.split_last()? {
            (last, rest) if printed(last).ends_with('%') => (Some(share(printed(last))?), rest),
            _ => (None, words),
        };
        let (count, words) = words.split_last()?;
        let value = Some(printed(count)).filter(|count| is_digits(count))?.parse().ok()?;
        let words = match words.split_first()? {
            (code, rest) if is_digits(printed(code)) && printed(code).len() <= MAX_CODE => rest,
            _ => words,
        };
        let name = words.first()?.start..words.last()?.end;
        let named = printed(&name);
        let is_name = named.contains(is_han) && !named.contains(['，', '。', '；', ',', ';', '%']);
        (is_name && named.len() <= MAX_NAME).then(|| Self {
            is_sum: lexicon.marks.sum.end(named.trim_end_matches([':', '：'])),
            name,
            count: count.clone(),
            value,
            share,
            block,
        })
    }
}

/// Whether rows are a list at all, which is no text whatever it says.
pub fn is_list(rows: &[Row]) -> bool {
    rows.len() >= MIN_ROWS && rows.iter().filter(|row| row.share.is_some()).count() * 2 > rows.len()
}

/// Notes the rows as themes of the total that was told right before them; whether they are.
pub fn read(rows: &[Row], text: &str, reading: &mut ProseReading, lexicon: &Lexicon) -> bool {
    if rows.len() > MAX_ROWS {
        return false;
    }
    let themes: Vec<&Row> = rows.iter().filter(|row| !row.is_sum).collect();
    let category = lexicon.categories.theme();
    let Some(first) = themes.first() else {
        return false;
    };
    let found = total(first.block, reading, lexicon).filter(|total| adds_up(rows, &themes, total));
    let Some((total, _)) = found else {
        return false;
    };
    for row in themes {
        let mention = Mention {
            category,
            label: text.get(row.name.clone()).map(|name| name.trim().to_owned()),
            template_row: None,
            value: Value::Count(row.value),
            unit_printed: None,
            unit_source: UnitSource::Form,
            status: Status::Reported,
            method: Method::Prose,
            block: row.block,
            span: span(&row.count),
            scope: Scope::Unknown,
            scope_label: None,
            confidence: CONFIDENCE,
            ..total.clone()
        };
        let index = reading.add(mention, RANK);
        let share = row.share.map(|percent| super::Share {
            mention: index,
            percent,
        });
        reading.shares.extend(share);
    }
    true
}

/// A statement of its own, as the theme of a sentence has it.
const RANK: u8 = 4;

/// What was disclosed in all, or over a channel, as told right before a block.
fn total(block: u32, reading: &ProseReading, lexicon: &Lexicon) -> Option<(Mention, i64)> {
    let near = reading
        .mentions
        .iter()
        .rev()
        .take_while(|told| told.block + NEAR >= block);
    let disclosed = near.filter(|told| {
        let role = lexicon.categories.get(told.category).role;
        told.block < block && matches!(role, Some(Role::Disclosed | Role::Channel))
    });
    let mut counts = disclosed.filter_map(|told| match told.value {
        Value::Count(count) => Some((told.clone(), count)),
        _ => None,
    });
    counts.next()
}

/// Whether the shares are those of the total, or the rows sum up to it.
fn adds_up(rows: &[Row], themes: &[&Row], (_, total): &(Mention, i64)) -> bool {
    let sums = rows.iter().filter(|row| row.is_sum);
    let sum: i64 = themes.iter().map(|row| row.value).fold(0, i64::saturating_add);
    let shares = themes.iter().filter_map(|row| Some((row.value, row.share?)));
    let shared = themes.iter().filter(|row| row.share.is_some() && row.value > 0).count();
    let fits = shares.clone().all(|(value, share)| is_share(value, *total, share));
    let is_sum = sums.into_iter().all(|row| row.value == *total);
    is_sum && fits && sum <= *total && (sum == *total || shared >= MIN_ROWS) && *total > 0
}

/// Whether a share is that of a count in a total, as exact as it is printed.
#[allow(clippy::cast_precision_loss)]
fn is_share(count: i64, total: i64, share: Amount) -> bool {
    let exact = 100.0 * count as f64 / total.max(1) as f64;
    let step = 10f64.powi(-i32::try_from(share.decimals).unwrap_or(0));
    (exact - share.as_f64()).abs() <= step
}

fn share(word: &str) -> Option<Amount> {
    let number = word.trim_end_matches('%');
    let token = scan(number).into_iter().next()?;
    (token.range == (0..number.len())).then_some(token.amount)
}

fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.len() <= 12 && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_han(character: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&character)
}

fn span(range: &Range<usize>) -> Span {
    Span {
        start: u32::try_from(range.start).unwrap_or(u32::MAX),
        end: u32::try_from(range.end).unwrap_or(u32::MAX),
    }
}
