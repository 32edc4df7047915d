//! Numbers in Chinese numerals: 一万二千三百一十, 二〇一二. Those that leave open how much they are, 两三 and 一百二, are none.

/// The numerals.
const NUMERALS: [(char, i64); 19] = [
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
    ('廿', 20),
    ('卅', 30),
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

/// 廿 and 卅 are tens with their digit.
const TWENTY: i64 = 20;
const THIRTY: i64 = 30;

/// More characters are no number that anyone writes out.
const MAX_CHARACTERS: usize = 16;

/// Whether a character of three bytes can be a numeral, by the last two of them.
#[inline]
pub fn may_be_numeral(second: u8, last: u8) -> bool {
    BY_LOW_BITS[usize::from(second << 6 | last & 0x3f)] != 0
}

/// What a numeral stands for.
pub fn numeral(character: char) -> Option<i64> {
    let place = BY_LOW_BITS.get((character as u32 % 256) as usize)?;
    let (numeral, value) = NUMERALS.get(usize::from(place.checked_sub(1)?))?;
    (*numeral == character).then_some(*value)
}

/// Bytes of the numerals at the start of a text. 万 belongs to them where others follow: 一万二千, not 三万条 and 三万千元.
pub fn run(text: &str) -> usize {
    let mut length = 0;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let goes_on = |next: &char| numeral(*next).is_some_and(|value| value < 100);
        let inner = length > 0 && character == '万' && characters.peek().is_some_and(goes_on);
        if numeral(character).is_none() && !inner {
            break;
        }
        length += character.len_utf8();
    }
    length
}

/// What numerals are: place by place (二〇一二) or with 十百千万 (一万二千三百一十).
pub fn value(text: &str) -> Option<i64> {
    if text.chars().count() > MAX_CHARACTERS {
        return None;
    }
    let Some((high, low)) = text.split_once('万') else {
        return below_ten_thousand(text);
    };
    // 一万二 is 12,000 to most who write it.
    let is_whole = low.starts_with(['零', '〇', '○']) || low.contains(['十', '百', '千']) || low.chars().count() == 4;
    let (high, low) = (below_ten_thousand(high)?, below_ten_thousand(low)?);
    // 九〇万〇三二〇〇〇 has more behind 万 than 万 leaves room for.
    (is_whole && high > 0 && low < 10_000).then_some(high * 10_000 + low)
}

/// What the last of some numerals counts: thousands in 三千, ones in 三千一.
pub fn unit(text: &str) -> i64 {
    let last = text.chars().next_back().and_then(numeral);
    match last {
        Some(TWENTY | THIRTY) => 10,
        last => last.filter(|value| *value >= 10).unwrap_or(1),
    }
}

fn below_ten_thousand(text: &str) -> Option<i64> {
    let count = text.chars().count();
    let values = text.chars().map_while(numeral);
    if values.clone().count() < count {
        return None;
    }
    if values.clone().all(|value| value < 10) {
        // 两三件, 三五次: neighbours of digits are vague, not positions; years and spelled-out numbers are longer.
        let positional = count == 1 || count >= 4 || values.clone().any(|value| value == 0);
        return (positional && count <= 9).then(|| values.fold(0, |sum, value| sum * 10 + value));
    }
    spelled_out(values)
}

/// Digits with 十, 百 and 千, each smaller than the one before.
fn spelled_out(values: impl Iterator<Item = i64>) -> Option<i64> {
    let (mut total, mut digit) = (0, None);
    let mut scale = i64::MAX;
    let (mut is_bare, mut leaves_out) = (false, false);
    for value in values {
        match value {
            0 if digit.is_some() => return None,
            0 => leaves_out = true,
            1..10 if digit.is_some() => return None,
            1..10 => digit = Some(value),
            TWENTY | THIRTY if digit.is_some() || scale <= 10 => return None,
            TWENTY | THIRTY => {
                total += value;
                scale = 10;
                leaves_out = false;
            }
            _ if value >= scale => return None,
            _ => {
                // 十 needs no digit; 百 and 千 only do when they stand alone, and 百十 is about a hundred.
                is_bare |= digit.is_none() && value > 10;
                let bare = digit.is_none() && (leaves_out || is_bare && total > 0);
                if bare {
                    return None;
                }
                total += digit.take().unwrap_or(1) * value;
                scale = value;
                leaves_out = false;
            }
        }
    }
    match digit {
        // 一百二 is 120 to most who write it, 102 to few.
        Some(_) if scale > 10 && !leaves_out => None,
        digit => Some(total + digit.unwrap_or(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_read_or_left_open() {
        for (text, expected) in [
            ("十", Some(10)),
            ("廿三", Some(23)),
            ("卅", Some(30)),
            ("一百廿五", Some(125)),
            ("二廿", None),
            ("廿十", None),
            ("二〇一二", Some(2012)),
            ("一百二十", Some(120)),
            ("一百一", None),
            ("一百零二", Some(102)),
            ("一百零五十", Some(150)),
            ("三千五", None),
            ("一千零四", Some(1004)),
            ("一万二千三百一十", Some(12_310)),
            ("一万二", None),
            ("一万零二", Some(10_002)),
            ("一万二三四五", Some(12_345)),
            ("两三", None),
            ("三百二千", None),
            ("十百", None),
            ("百十", None),
            ("百", Some(100)),
            ("二三十", None),
            ("零百", None),
            ("一百零五二", None),
            ("一百零二百", None),
            ("零万五千", None),
            ("九○万〇三两○〇", Some(903_200)),
            ("九○万〇三两○〇○", None),
        ] {
            assert_eq!(value(text), expected, "{text}");
        }
    }
}
