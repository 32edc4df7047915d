//! Habits of one page: how it writes zeros, large numbers, units and punctuation.

use crate::body::Body;
use crate::dice::Dice;

/// How a table shows that there was nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zero {
    /// `0`
    Digit,
    /// An empty cell.
    Blank,
    /// An empty cell, but totals are always printed.
    TotalsOnly,
    /// `-`
    Dash,
    /// `/`
    Slash,
}

/// Habits of one page.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Zeros in tables.
    pub zero: Zero,
    /// `1,234` instead of `1234`.
    pub thousands: bool,
    /// Unit of requests in sentences.
    pub request_unit: &'static str,
    /// Small numbers in sentences as Chinese numerals.
    pub chinese_numerals: bool,
    /// Full-width punctuation in labels.
    pub wide: bool,
}

impl Style {
    /// Draws the habits of a page.
    pub fn draw(body: &Body, dice: &mut Dice) -> Self {
        let small = !body.is_government();
        let zeros = [Zero::Digit, Zero::Blank, Zero::TotalsOnly, Zero::Dash, Zero::Slash];
        let weights = if small { [68, 12, 10, 3, 7] } else { [92, 2, 2, 1, 3] };
        let cantonese = body.place.code.starts_with("44");
        let unit = if cantonese && dice.chance(60) {
            "宗"
        } else {
            ["件", "件", "件", "起", "件（次）"][dice.below(5) as usize]
        };
        Self {
            zero: zeros[dice.weighted(&weights)],
            thousands: dice.chance(8),
            request_unit: unit,
            chinese_numerals: small && dice.chance(10),
            wide: dice.chance(80),
        }
    }

    /// A count in digits.
    pub fn digits(&self, count: i64) -> String {
        let plain = count.unsigned_abs().to_string();
        let sign = if count < 0 { "-" } else { "" };
        if !self.thousands || plain.len() < 4 {
            return format!("{sign}{plain}");
        }
        let mut grouped = String::with_capacity(plain.len() + 4);
        for (at, digit) in plain.chars().enumerate() {
            if at > 0 && (plain.len() - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        sign.to_string() + &grouped
    }

    /// A label with this page's punctuation.
    pub fn label(&self, label: &'static str) -> std::borrow::Cow<'static, str> {
        if self.wide {
            return label.into();
        }
        let narrow = |c| match c {
            '（' => '(',
            '）' => ')',
            '：' => ':',
            '，' => ',',
            other => other,
        };
        label.chars().map(narrow).collect::<String>().into()
    }
}

/// Money in yuan: `3481775656.00`, `12.5`.
pub fn yuan(fen: i64) -> String {
    trimmed(fen, 100)
}

/// Money in units of 10,000 yuan: `0.32`.
pub fn ten_thousands(fen: i64) -> String {
    trimmed(fen, 1_000_000)
}

fn trimmed(value: i64, unit: i64) -> String {
    let (whole, rest) = (value / unit, value % unit);
    if rest == 0 {
        return whole.to_string();
    }
    let width = unit.to_string().len() - 1;
    format!("{whole}.{}", format!("{rest:0width$}").trim_end_matches('0'))
}

/// A small number as a Chinese numeral; none above 99.
pub fn chinese(count: i64) -> Option<String> {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |at: i64| DIGITS[at as usize];
    match count {
        0..=9 => Some(digit(count).to_string()),
        10 => Some("十".to_string()),
        11..=19 => Some(format!("十{}", digit(count % 10))),
        20..=99 if count % 10 == 0 => Some(format!("{}十", digit(count / 10))),
        20..=99 => Some(format!("{}十{}", digit(count / 10), digit(count % 10))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_and_numerals() {
        assert_eq!(ten_thousands(320_000), "0.32");
        assert_eq!(ten_thousands(120_000_000), "120");
        assert_eq!(yuan(1_250), "12.5");
        assert_eq!(chinese(12).as_deref(), Some("十二"));
        assert_eq!(chinese(40).as_deref(), Some("四十"));
        assert_eq!(chinese(100), None);
    }
}
