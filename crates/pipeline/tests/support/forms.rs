//! Numbers as reports print them, and worse, each with what a person reads there.

use proptest::prelude::*;
use proptest::sample::select;

/// A number on a page.
#[derive(Debug, Clone)]
pub struct Form {
    /// How it is printed, its unit with it; [`BREAK`] where a line ends.
    pub text: String,
    /// What it is in millionths; none where nobody can tell.
    pub value: Option<i128>,
    /// Whether it is so plain that it must be read.
    pub plain: bool,
}

/// Stands for the end of a line, which every kind of page writes in its own way.
pub const BREAK: char = '⏎';

const ONE: i128 = 1_000_000;
/// What layout puts between characters and nobody takes for one.
const UNSEEN: [&str; 4] = ["\u{ad}", "\u{200b}", "\u{feff}", "\u{2060}"];
const SPACES: [&str; 7] = [" ", "  ", "\u{a0}", "\u{3000}", "\u{2003}", "\t", "⏎"];

impl Form {
    fn plain(value: u64) -> Self {
        Self {
            text: value.to_string(),
            value: Some(i128::from(value) * ONE),
            plain: true,
        }
    }

    fn odd(text: String, value: Option<i128>) -> Self {
        Self {
            text,
            value,
            plain: false,
        }
    }

    /// The same with other characters around it or between its own.
    fn with(self, text: String) -> Self {
        Self { text, ..self }
    }
}

/// A number with or without a unit, and with what stands around it.
pub fn form(units: &'static [&'static str]) -> impl Strategy<Value = Form> {
    let number = prop_oneof![
        3 => quantity(),
        1 => quantity().prop_flat_map(about),
        1 => quantity().prop_flat_map(unseen),
        1 => quantity().prop_flat_map(torn),
        1 => quantity().prop_flat_map(marked),
    ];
    let united = (number, prop::option::weighted(0.8, select(units)), gap(), select(TAILS)).prop_map(united);
    prop_oneof![6 => united, 1 => range(units)]
}

/// Marks behind a number and its unit that leave both as they are.
const TAILS: &[&str] = &["", "", "", "", "。", " 。", "；", "."];

fn united((form, unit, gap, tail): (Form, Option<&'static str>, &'static str, &'static str)) -> Form {
    let unit = unit.unwrap_or_default();
    // Longer ones are telephones in sentences, and sums of money that no one has.
    let is_short = form.value.is_some_and(|value| value < 10_000_000 * ONE);
    let plain = form.plain && is_short && !unit.is_empty() && gap != "⏎" && tail.is_empty();
    Form {
        plain,
        ..form.clone().with(format!("{}{gap}{unit}{tail}", form.text))
    }
}

fn gap() -> impl Strategy<Value = &'static str> {
    prop_oneof![4 => Just(""), 2 => select(&SPACES[..]), 1 => select(&UNSEEN[..])]
}

/// A number alone, in some way of writing it.
fn quantity() -> impl Strategy<Value = Form> {
    prop_oneof![
        4 => (1u64..1000).prop_map(Form::plain),
        2 => whole().prop_map(Form::plain),
        1 => whole().prop_map(|value| Form::plain(value).with(wide(&value.to_string()))),
        2 => (1000u64..1_000_000_000_000, select(&[",", "，", " "][..])).prop_map(grouped),
        2 => (0u64..100_000, 1u64..1_000_000).prop_map(decimal),
        2 => (1u64..100_000_000).prop_map(|value| Form::odd(chinese(value), Some(i128::from(value) * ONE))),
        2 => multiplied(),
        1 => composed(),
        1 => "[0-9]{14,24}".prop_map(long),
        1 => "[零〇一二两三四五六七八九十百千万亿]{2,8}".prop_map(numerals),
        1 => "[0-9]{1,3}[，,.·'’:/\\\\*+_=~^-][0-9]{1,5}".prop_map(joined),
    ]
}

/// A whole number of any length that a count can have.
fn whole() -> impl Strategy<Value = u64> {
    (0u32..15).prop_flat_map(|digits| 10u64.pow(digits) - u64::from(digits == 0)..10u64.pow(digits + 1))
}

fn wide(digits: &str) -> String {
    let wide = |digit: char| char::from_u32(digit as u32 + 0xfee0).unwrap_or(digit);
    digits.chars().map(wide).collect()
}

fn grouped((value, mark): (u64, &str)) -> Form {
    let digits = value.to_string();
    let first = (digits.len() - 1) % 3 + 1;
    let mut text = digits[..first].to_owned();
    for group in digits.as_bytes()[first..].chunks(3) {
        text.push_str(mark);
        text.extend(group.iter().map(|digit| char::from(*digit)));
    }
    Form::odd(text, Some(i128::from(value) * ONE))
}

fn decimal((whole, millionths): (u64, u64)) -> Form {
    let fraction = format!("{millionths:06}");
    let value = i128::from(whole) * ONE + i128::from(millionths);
    Form::odd(format!("{whole}.{}", fraction.trim_end_matches('0')), Some(value))
}

/// As one says it: 一万零三百二十.
fn chinese(value: u64) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let section = |value: u64| {
        let mut text = String::new();
        let mut is_gap = false;
        for (place, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
            let digit = (value / place % 10) as usize;
            match digit {
                0 => is_gap |= !text.is_empty(),
                _ => {
                    let zero = if std::mem::take(&mut is_gap) { "零" } else { "" };
                    text.push_str(&format!("{zero}{}{name}", DIGITS[digit]));
                }
            }
        }
        text
    };
    let (high, low) = (value / 10_000, value % 10_000);
    match (high, low) {
        (0, low) => section(low),
        (high, 0) => format!("{}万", section(high)),
        (high, low) => {
            let zero = if low < 1000 { "零" } else { "" };
            format!("{}万{zero}{}", section(high), section(low))
        }
    }
}

const SCALES: &[(&str, i128)] = &[
    ("百", 100),
    ("千", 1000),
    ("万", 10_000),
    ("萬", 10_000),
    ("十万", 100_000),
    ("百万", 1_000_000),
    ("千万", 10_000_000),
    ("亿", 100_000_000),
    ("万亿", 1_000_000_000_000),
];

fn multiplied() -> impl Strategy<Value = Form> {
    let number = prop_oneof![
        (1u64..10_000).prop_map(Form::plain),
        (0u64..1000, 1u64..100).prop_map(|(whole, cents)| decimal((whole, cents * 10_000))),
    ];
    (number, select(SCALES)).prop_map(|(number, (name, scale))| {
        let value = number.value.map(|value| value * scale);
        Form::odd(format!("{}{name}", number.text), value)
    })
}

/// 1万2千, 3千二百, 1亿2千万, 1万2345.
fn composed() -> impl Strategy<Value = Form> {
    let digit = |value: u64, is_chinese: bool| match is_chinese {
        true => chinese(value),
        false => value.to_string(),
    };
    let two = (1u64..10, 1u64..10, any::<bool>(), any::<bool>(), 0usize..4).prop_map(
        move |(high, low, high_is_chinese, low_is_chinese, kind)| {
            let (first, second, one, other) = [
                ("万", "千", 10_000, 1000),
                ("千", "百", 1000, 100),
                ("亿", "千万", 100_000_000, 10_000_000),
                ("万", "百", 10_000, 100),
            ][kind];
            let text = format!(
                "{}{first}{}{second}",
                digit(high, high_is_chinese),
                digit(low, low_is_chinese)
            );
            Form::odd(text, Some(i128::from(high * one + low * other) * ONE))
        },
    );
    let tail = (1u64..100, 1u64..10_000).prop_map(|(high, low)| {
        let value = (low >= 1000).then_some(i128::from(high * 10_000 + low) * ONE);
        Form::odd(format!("{high}万{low}"), value)
    });
    prop_oneof![2 => two, 1 => tail]
}

/// More digits than a count has: its value, or nothing.
fn long(digits: String) -> Form {
    let value = digits.parse().ok().map(|value: i128| value * ONE);
    Form::odd(digits, value)
}

/// Any numerals: what they are is no matter here, as long as both sides read the same.
fn numerals(text: String) -> Form {
    Form {
        value: Some(ANY),
        ..Form::odd(text, None)
    }
}

/// Whatever was read is right.
pub const ANY: i128 = i128::MAX;

/// Two numbers with one mark between them: thousands, a fraction or nothing.
fn joined(text: String) -> Form {
    let (left, mark, right) = {
        let at = text.find(|c: char| !c.is_ascii_digit()).unwrap_or_default();
        let mark = text[at..].chars().next().unwrap_or_default();
        (&text[..at], mark, &text[at + mark.len_utf8()..])
    };
    let number = |digits: &str| digits.parse::<i128>().ok();
    let value = match mark {
        '.' => number(&format!("{left}{right:0<6}")),
        ',' | '，' if right.len() == 3 => number(&format!("{left}{right}")).map(|value| value * ONE),
        // Clauses can be set apart so: what stands behind is a number of its own.
        '，' => Some(ANY),
        _ => None,
    };
    Form::odd(text, value)
}

/// About so many: the number itself is a bound.
fn about(form: Form) -> impl Strategy<Value = Form> {
    let words: &[(&str, &str)] = &[
        ("约", ""),
        ("近", ""),
        ("", "余"),
        ("", "多"),
        ("", "几"),
        ("约", "余"),
        ("", " 余"),
    ];
    select(words).prop_map(move |(before, behind)| Form {
        plain: false,
        ..form.clone().with(format!("{before}{}{behind}", form.text))
    })
}

/// Characters without width among its own.
fn unseen(form: Form) -> impl Strategy<Value = Form> {
    let places = form.text.chars().count();
    (0..places, select(&UNSEEN[..])).prop_map(move |(place, mark)| {
        let text = insert(&form.text, place, mark);
        form.clone().with(text)
    })
}

/// Spaces or line ends among its own.
fn torn(form: Form) -> impl Strategy<Value = Form> {
    let places = form.text.chars().count().max(2);
    (1..places, select(&SPACES[..])).prop_map(move |(place, space)| {
        let text = insert(&form.text, place, space);
        // Lines can end behind a number, and clauses behind a comma.
        let is_digits = text.chars().all(|c| c.is_ascii_digit() || c == BREAK);
        let is_open = space == "⏎" && !is_digits || text.contains('，');
        Form {
            plain: false,
            value: if is_open { Some(ANY) } else { form.value },
            ..form.clone().with(text)
        }
    })
}

/// Signs, currencies and brackets before it.
fn marked(form: Form) -> impl Strategy<Value = Form> {
    let signs: &[(&str, &str, i128)] = &[
        ("-", "", -1),
        ("－", "", -1),
        ("+", "", 1),
        ("¥", "", 1),
        ("￥", "", 1),
        ("*", "", 0),
        ("(", ")", 1),
        ("第", "", 0),
        ("", "+", 1),
        ("", "*", 0),
        ("=", "", 1),
    ];
    select(signs).prop_map(move |(before, behind, sign)| Form {
        plain: false,
        value: signed(form.value, sign),
        ..form.clone().with(format!("{before}{}{behind}", form.text))
    })
}

fn signed(value: Option<i128>, sign: i128) -> Option<i128> {
    match value {
        Some(ANY) => value,
        _ if sign == 0 => None,
        value => value.map(|value| value * sign),
    }
}

/// From one number to another: neither is the count.
fn range(units: &'static [&'static str]) -> impl Strategy<Value = Form> {
    let marks: &[&str] = &["~", "～", "—", "-", "－", "–", "至", "到", "〜", " - ", "——"];
    (1u64..200, select(marks), 1u64..200, select(units), any::<bool>()).prop_map(|(from, mark, to, unit, both)| {
        let inner = if both { unit } else { "" };
        Form::odd(format!("{from}{inner}{mark}{to}{unit}"), None)
    })
}

fn insert(text: &str, place: usize, what: &str) -> String {
    let at = text.char_indices().nth(place).map_or(text.len(), |(at, _)| at);
    format!("{}{what}{}", &text[..at], &text[at..])
}
