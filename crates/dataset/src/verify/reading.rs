//! Characters read again: does `raw` give the value that stands beside it? Written on its own, sharing nothing with what
//! reads reports, so that a mistake there shows here.

use gongkai_extract::Status;
use gongkai_lexicon::Lexicon;

use super::printed::{Printed, number, plain};
use crate::name::{Fen, Named};

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
    let value = row.count.or(row.amount_cny.map(|fen| fen.0));
    let fits = match row.status.as_str() {
        "blank" => value.is_none() && is_empty_or_dash(&plain(row.raw, &lexicon.script)),
        "not_applicable" => value.is_none() && says_not_applicable(row.raw),
        "in_words" => value == Some(0) && says_none(&plain(row.raw, &lexicon.script)),
        _ => is_printed(row, lexicon),
    };
    (!fits).then(|| {
        format!(
            "{:?} does not give {} ({}, unit {})",
            row.raw,
            told(row),
            row.status.as_str(),
            row.unit_printed.unwrap_or("none")
        )
    })
}

/// The value, for people.
fn told(row: Reading<'_>) -> String {
    match (row.count, row.amount_cny) {
        (Some(count), _) => count.to_string(),
        (None, Some(Fen(fen))) => format!("{}.{:02} yuan", fen / 100, fen.unsigned_abs() % 100),
        (None, None) => "no value".to_owned(),
    }
}

/// Whether the characters are the number, and nothing else but its unit.
fn is_printed(row: Reading<'_>, lexicon: &Lexicon) -> bool {
    match (row.count, row.amount_cny) {
        (Some(count), None) => count_of(row.raw, row.unit_printed, lexicon).is_some_and(|printed| printed.is(count)),
        // A fraction of a fen is rounded.
        (None, Some(Fen(fen))) => count_of(row.raw, row.unit_printed, lexicon).is_some_and(|printed| {
            let mut yuan = yuan(row, lexicon).into_iter();
            yuan.any(|yuan| printed.fen(yuan) == Some(i128::from(fen)))
        }),
        _ => false,
    }
}

/// The number in front of the unit, where that stands there at all.
fn count_of(raw: &str, unit: Option<&str>, lexicon: &Lexicon) -> Option<Printed> {
    // Most are plain digits.
    if (1..=12).contains(&raw.len()) && raw.bytes().all(|byte| byte.is_ascii_digit()) {
        return number(raw);
    }
    let text = plain(raw, &lexicon.script);
    let marked = text.trim_end_matches(['。', ';', '.']);
    let unit = unit.map(|unit| plain(unit, &lexicon.script));
    number(unit.and_then(|unit| marked.strip_suffix(&unit)).unwrap_or(&text))
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

fn is_empty_or_dash(plain: &str) -> bool {
    plain.chars().all(|c| "-_".contains(c))
}

fn says_not_applicable(raw: &str) -> bool {
    raw.contains(['/', '／', '\\', '＼']) || raw.contains('不')
}

/// Words of "there were none" have a negation in them.
fn says_none(plain: &str) -> bool {
    plain.contains(['无', '没', '未', '零', '不', '〇', '免', '0'])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use gongkai_lexicon::DataSource;

    use super::*;

    #[test]
    fn numbers_are_read() {
        let lexicon = Lexicon::load(&DataSource::embedded()).unwrap();
        for (raw, unit, expected) in [
            ("12", None, Some(12)),
            ("１，２３４", None, Some(1234)),
            ("4.8万", None, Some(48_000)),
            ("14万余", None, Some(140_000)),
            ("约3件", Some("件"), Some(3)),
            ("减少5", None, Some(-5)),
            ("--7", None, Some(-7)),
            ("160.5964万元", Some("元"), Some(1_605_964)),
            ("一万二千三百一十", None, Some(12_310)),
            ("一千零四", None, Some(1004)),
            ("二〇", None, Some(20)),
            ("十二", None, Some(12)),
            ("两", None, Some(2)),
            ("3.481亿", None, Some(348_100_000)),
            ("1 234", None, Some(1234)),
            ("6 条", Some("条"), Some(6)),
            ("6\u{a0}条。", Some("条"), Some(6)),
            ("6\u{3000}余 条", Some("条"), Some(6)),
            ("6. 0", None, Some(6)),
            ("6 。", None, Some(6)),
            ("12\u{ad}3\u{200b}4 条", Some("条"), Some(1234)),
            ("6条(tiáo)", Some("条"), Some(6)),
            ("6條", Some("条"), Some(6)),
            ("6条（含转载2条）", Some("条(含转载2条)"), Some(6)),
            ("999999999999999", None, Some(999_999_999_999_999)),
            ("5千万", None, Some(50_000_000)),
            ("1万2千余", None, Some(12_000)),
            ("1亿2千万元", Some("元"), Some(120_000_000)),
            ("三千2百", None, Some(3200)),
            ("一万零三亿", None, Some(1_000_300_000_000)),
            ("0万", None, Some(0)),
            ("廿三件", Some("件"), Some(23)),
            ("12万零300条", Some("条"), Some(120_300)),
            ("12万零30万", None, None),
            ("卅", None, Some(30)),
            ("一百零廿五", None, Some(125)),
            ("二廿", None, None),
            ("十廿", None, None),
            ("1.2万亿", None, Some(1_200_000_000_000)),
            ("1 23", None, None),
            ("1234 567", None, None),
            ("1,23", None, None),
            ("一百二", None, None),
            ("1万2", None, None),
            ("2百3千", None, None),
            ("6条", None, None),
            ("6条", Some("件"), None),
            ("12件3", Some("件"), None),
            ("件", Some("件"), None),
            ("万", None, None),
            ("1万2万", None, None),
            ("", None, None),
        ] {
            let found = count_of(raw, unit, &lexicon);
            assert_eq!(
                found,
                expected.map(|count: i64| number(&count.to_string()).unwrap()),
                "{raw}"
            );
        }
    }

    #[test]
    fn a_number_without_value_is_never_proved() {
        let lexicon = Lexicon::load(&DataSource::embedded()).unwrap();
        let reading = Reading {
            raw: "1999999999999.99万元",
            status: Status::Reported.into(),
            count: None,
            amount_cny: None,
            unit_printed: Some("元"),
            template_row: None,
        };
        assert!(unproved(reading, &lexicon).is_some());
    }
}
