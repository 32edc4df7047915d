//! Characters read again: does `raw` give the value that stands beside it? Written on its own, sharing nothing with what
//! reads reports, so that a mistake there shows here.

use gongkai_extract::Status;
use gongkai_lexicon::Lexicon;

use crate::name::{Fen, Named};

const MILLION: i64 = 1_000_000;

/// A value and the characters that prove it.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The characters as printed.
    pub raw: &'a str,
    /// How the value stands there.
    pub status: Named<Status>,
    /// The count.
    pub count: Option<i64>,
    /// Money.
    pub amount_cny: Option<Fen>,
    /// The unit as printed.
    pub unit_printed: Option<&'a str>,
    /// Row of the official form, which may say the unit.
    pub template_row: Option<&'a str>,
}

/// Why the characters do not give the value; none when they do.
#[must_use]
pub fn unproved(row: Reading<'_>, lexicon: &Lexicon) -> Option<String> {
    let raw = row.raw;
    let fen = row.amount_cny.map(|fen| fen.0);
    let is_without_value = row.count.is_none() && fen.is_none();
    let fits = match row.status.as_str() {
        "blank" => is_without_value && is_empty_or_dash(raw),
        "not_applicable" => is_without_value && says_not_applicable(raw),
        "in_words" => row.count.or(fen) == Some(0) && says_none(raw),
        _ => match (millionths(raw), row.count, fen) {
            (Some(printed), Some(count), None) => count.checked_mul(MILLION) == Some(printed),
            // A fraction of a fen is rounded.
            (Some(printed), None, Some(fen)) => yuan(row, lexicon).iter().any(|yuan| {
                let printed = i128::from(printed) * i128::from(*yuan);
                (printed + 5_000).div_euclid(10_000) == i128::from(fen)
            }),
            _ => false,
        },
    };
    let value = match (row.count, row.amount_cny) {
        (Some(count), _) => count.to_string(),
        (None, Some(Fen(fen))) => format!("{}.{:02} yuan", fen / 100, fen.unsigned_abs() % 100),
        (None, None) => "no value".to_owned(),
    };
    let status = row.status.as_str();
    (!fits).then(|| {
        format!(
            "{raw:?} does not give {value} ({status}, unit {})",
            row.unit_printed.unwrap_or("none")
        )
    })
}

/// The yuan that one of the unit may be: as printed, else what the form's row prints.
fn yuan(row: Reading<'_>, lexicon: &Lexicon) -> Vec<i64> {
    let scale = |unit: &str| {
        if unit.contains('亿') {
            100_000_000
        } else if unit.contains('万') {
            10_000
        } else if unit.contains('千') {
            1000
        } else {
            1
        }
    };
    if let Some(unit) = row.unit_printed {
        return vec![scale(unit)];
    }
    let mut forms = lexicon.templates.rows();
    match forms.find(|(_, form)| Some(form.name.as_str()) == row.template_row) {
        Some((_, form)) => form.units.iter().map(|unit| scale(unit)).collect(),
        None => vec![1],
    }
}

fn is_empty_or_dash(raw: &str) -> bool {
    raw.chars().all(|c| c.is_whitespace() || "-－—–─―_".contains(c))
}

fn says_not_applicable(raw: &str) -> bool {
    let raw = raw.trim();
    raw.contains(['/', '／', '\\', '＼']) || raw.contains('不')
}

/// Words of "there were none" have a negation in them.
fn says_none(raw: &str) -> bool {
    raw.contains(['无', '無', '没', '沒', '未', '零', '不', '〇', '免', '0'])
}

/// Digits in groups of three behind a first of at most three: the spaces between them are taken out.
fn without_group_spaces(text: &str) -> String {
    let digits = text
        .find(|c: char| !c.is_ascii_digit() && !c.is_whitespace())
        .unwrap_or(text.len());
    let (number, rest) = text.split_at(digits);
    let groups: Vec<&str> = number.split_whitespace().collect();
    let grouped = groups.len() > 1 && group_lengths(&groups);
    if grouped {
        groups.concat() + rest
    } else {
        text.to_owned()
    }
}

/// The number that `raw` is, in millionths, with nothing before or behind it but signs, 约, 余 and a unit.
fn millionths(raw: &str) -> Option<i64> {
    // Most are plain digits.
    if (1..=12).contains(&raw.len()) && raw.bytes().all(|byte| byte.is_ascii_digit()) {
        return raw.parse::<i64>().ok()?.checked_mul(MILLION);
    }
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '—' | '−' => '-',
        c => c,
    };
    let text: String = raw.trim().chars().map(narrow).collect();
    let text = without_group_spaces(&text);
    let (sign, text) = match text.as_str() {
        text if text.starts_with("减少") => (-1, text.trim_start_matches("减少")),
        text if text.starts_with("增加") => (1, text.trim_start_matches("增加")),
        text if text.starts_with(['-', '减']) => (-1, text.trim_start_matches(['-', '减'])),
        text => (1, text.trim_start_matches(['+', '增'])),
    };
    let text = text.trim_start_matches(['约', '近', '¥', '￥']);
    let arabic = text.len()
        - text
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == ',' || c == '.')
            .len();
    let (number, rest) = if arabic > 0 {
        let (digits, rest) = text.split_at(arabic);
        let digits = digits.strip_suffix('.').unwrap_or(digits);
        (digits.replace(',', "").parse::<f64>().ok()?, rest)
    } else {
        let run = |text: &str| text.len() - text.trim_start_matches(is_numeral).len();
        let (high, rest) = text.split_at(run(text));
        // 一万二千 goes on behind its 万, 三万条 does not.
        match rest.strip_prefix('万').map(|low| low.split_at(run(low))) {
            Some((low, rest)) if !low.is_empty() => (numeral_value(high)? * 1e4 + numeral_value(low)?, rest),
            _ => (numeral_value(high)?, rest),
        }
    };
    let rest = rest.trim_start_matches(['余', '餘', '多']);
    let (scale, rest) = match rest.chars().next() {
        Some('万' | '萬') => (1e4, &rest[3..]),
        Some('亿' | '億') => (1e8, &rest[3..]),
        Some('千') if !rest.starts_with("千元") => (1e3, &rest[3..]),
        Some('百') if !rest.starts_with("百元") => (1e2, &rest[3..]),
        _ => (1.0, rest),
    };
    let unit = rest
        .trim_start_matches(['余', '餘', '多'])
        .trim_end_matches(['。', ';', '.']);
    let is_unit =
        unit.chars().count() <= 4 && !unit.contains(|c: char| c.is_whitespace() || c.is_ascii_digit() || is_numeral(c));
    let value = (number * scale * 1e6).round();
    #[allow(clippy::cast_possible_truncation)]
    is_unit.then_some(sign * value as i64)
}

fn group_lengths(groups: &[&str]) -> bool {
    let mut lengths = groups.iter().map(|group| group.len());
    lengths.next().is_some_and(|first| first <= 3) && lengths.all(|length| length == 3)
}

fn is_numeral(c: char) -> bool {
    "零〇○一二两兩三四五六七八九十百千".contains(c)
}

/// A Chinese numeral below ten thousand: digit by digit (二〇), or with 十, 百 and 千.
fn numeral_value(text: &str) -> Option<f64> {
    let digit = |c: char| {
        "零一二三四五六七八九"
            .chars()
            .position(|other| other == c)
            .map(|at| at as f64)
    };
    let plain: Vec<char> = text
        .chars()
        .map(|c| match c {
            '〇' | '○' => '零',
            '两' | '兩' => '二',
            c => c,
        })
        .collect();
    if plain.is_empty() {
        return None;
    }
    if !plain.iter().any(|c| "十百千".contains(*c)) {
        return plain.iter().try_fold(0.0, |sum, c| Some(sum * 10.0 + digit(*c)?));
    }
    let (mut sum, mut last) = (0.0, None);
    for c in plain {
        let scale = match c {
            '十' => 10.0,
            '百' => 100.0,
            '千' => 1000.0,
            c => {
                last = digit(c);
                continue;
            }
        };
        sum += last.take().filter(|digit| *digit > 0.0).unwrap_or(1.0) * scale;
    }
    Some(sum + last.unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read() {
        for (raw, expected) in [
            ("12", Some(12_000_000)),
            ("１，２３４", Some(1_234_000_000)),
            ("4.8万", Some(48_000_000_000)),
            ("14万余", Some(140_000_000_000)),
            ("约3件", Some(3_000_000)),
            ("减少5", Some(-5_000_000)),
            ("--7", Some(-7_000_000)),
            ("160.5964万元", Some(1_605_964_000_000)),
            ("一万二千三百一十", Some(12_310_000_000)),
            ("一千零四", Some(1_004_000_000)),
            ("二〇", Some(20_000_000)),
            ("十二", Some(12_000_000)),
            ("两", Some(2_000_000)),
            ("3.481亿", Some(348_100_000_000_000)),
            ("1 234", Some(1_234_000_000)),
            ("1 23", None),
            ("1234 567", None),
            ("12件3", None),
            ("件", None),
            ("", None),
        ] {
            assert_eq!(millionths(raw), expected, "{raw}");
        }
    }
}
