//! The form in which printed labels are compared: without what varies from page to page.

use std::borrow::Cow;

/// Removes spaces, quotes, bracketed glosses, leading enumerators and 其中, punctuation between the words and a closing
/// 数, from a folded label.
///
/// `其中:1.政府网站公开数` and `1. 政府网站公开` compare equal.
#[must_use]
pub fn normalize_label(folded: &str) -> Cow<'_, str> {
    // An enumerator is by far the commonest thing in brackets.
    let words = if folded.starts_with('(') {
        strip_enumerator(folded)
    } else {
        folded
    };
    match remove_brackets(words) {
        Cow::Borrowed(bare) => without_variants(stem(bare)),
        Cow::Owned(bare) => Cow::Owned(without_variants(stem(&bare)).into_owned()),
    }
}

/// Words without the marks between them, and 其它 as 其他.
fn without_variants(stem: &str) -> Cow<'_, str> {
    let is_mark = |character: char| matches!(character, ',' | '，' | '、' | ';' | '；');
    if find_rare(stem, |c| is_mark(c) || c == '它').is_none() {
        return Cow::Borrowed(stem);
    }
    let mut kept = String::with_capacity(stem.len());
    let words = stem.chars().filter(|c| !is_mark(*c));
    kept.extend(words.map(|c| if c == '它' { '他' } else { c }));
    Cow::Owned(kept)
}

/// Where the first character stands that is `wanted`. Only such are asked for that a run of Chinese characters has not,
/// and 它: the others are told by their first two bytes, and passed by without being decoded.
fn find_rare(text: &str, wanted: impl Fn(char) -> bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            0xe6..=0xe9 => 3,
            // U+4E00 to U+4FFF, and U+5000 to U+5FFF without U+5B80 to U+5BBF.
            0xe4 if bytes.get(at + 1) >= Some(&0xb8) => 3,
            0xe5 if bytes.get(at + 1) != Some(&0xae) => 3,
            _ => {
                let character = text.get(at..)?.chars().next()?;
                if wanted(character) {
                    return Some(at);
                }
                character.len_utf8()
            }
        };
    }
    None
}

/// The Chinese characters of a folded label behind its enumerator: what is left of it when a page breaks it into lines.
#[must_use]
pub fn label_run(folded: &str) -> String {
    inner_run(strip_enumerator(folded))
}

/// The Chinese characters of a piece of a label, where a numeral at its beginning is no enumerator.
#[must_use]
pub fn inner_run(folded: &str) -> String {
    let mut run = String::with_capacity(folded.len());
    run.extend(run_characters(folded));
    run
}

/// The first character of [`label_run`].
#[must_use]
pub fn first_of_run(folded: &str) -> Option<char> {
    run_characters(strip_enumerator(folded)).next()
}

/// A bit for each character of a label, which few others share: two labels whose bits differ in many differ in as many
/// characters at least.
#[must_use]
pub fn label_letters(label: &str) -> u128 {
    let bit = |c: char| u128::from(u32::from(c).wrapping_mul(0x9E37_79B1) >> 25);
    label.chars().fold(0, |letters, c| letters | 1 << bit(c))
}

fn run_characters(folded: &str) -> impl Iterator<Item = char> {
    let characters = folded.chars().filter(|c| is_han(*c));
    characters.map(|c| if c == '它' { '他' } else { c })
}

/// A label without what stands before and behind its words.
fn stem(bare: &str) -> &str {
    let mut rest = bare;
    loop {
        let next = strip_enumerator(rest);
        let next = next
            .strip_prefix("其中")
            .unwrap_or(next)
            .trim_start_matches([':', ',', '、', '.', '#', '*']);
        if next.len() == rest.len() {
            break;
        }
        rest = next;
    }
    let rest = rest.trim_end_matches([':', '。', ',', ';', '、', '*']);
    let short = ["数量", "总数", "数"]
        .iter()
        .find_map(|ending| rest.strip_suffix(ending));
    match short {
        Some(short) if short.chars().count() >= 2 => short,
        _ => rest,
    }
}

/// The text without spaces, quotes and the content of round brackets; enumerators in brackets, as `(一)`, stay.
fn remove_brackets(folded: &str) -> Cow<'_, str> {
    // Most labels have nothing of the kind.
    let varies = |c: char| matches!(c, '(' | '[') || c.is_whitespace() || is_quote(c);
    let Some(clean) = find_rare(folded, varies) else {
        return Cow::Borrowed(folded);
    };
    let (clean, rest) = folded.split_at(clean);
    let mut out = String::with_capacity(folded.len());
    out.push_str(clean);
    let mut depth = 0usize;
    let mut inner = String::new();
    for character in rest.chars() {
        match character {
            character if is_han(character) => if depth > 0 { &mut inner } else { &mut out }.push(character),
            '(' | '[' => depth += 1,
            ')' | ']' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    if is_enumerator_word(&inner) {
                        out.push('(');
                        out.push_str(&inner);
                        out.push(')');
                    }
                    inner.clear();
                }
            }
            character if character.is_whitespace() || is_quote(character) => {}
            character if depth > 0 => inner.push(character),
            character => out.push(character),
        }
    }
    if depth > 0 {
        out.push('(');
        out.push_str(&inner);
    }
    Cow::Owned(out)
}

/// A Chinese character, as nearly every character of a label is.
fn is_han(character: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&character)
}

fn is_quote(character: char) -> bool {
    matches!(
        character,
        '"' | '\'' | '“' | '”' | '‘' | '’' | '「' | '」' | '『' | '』' | '《' | '》' | '\u{200b}' | '\u{feff}'
    )
}

fn is_enumerator_word(word: &str) -> bool {
    !word.is_empty()
        && word.chars().count() <= 3
        && (word.chars().all(is_chinese_digit) || word.chars().all(|c| c.is_ascii_digit()))
}

fn is_chinese_digit(character: char) -> bool {
    matches!(
        character,
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十'
    )
}

/// Removes one leading enumerator: `一、` `(一)` `1.` `(1)` `①` `㈠`.
#[must_use]
pub fn strip_enumerator(text: &str) -> &str {
    let text = text.trim_start();
    let mut characters = text.chars();
    match characters.next() {
        Some('①'..='⑳' | '㈠'..='㈩' | '⑴'..='⒇') => {
            return characters.as_str().trim_start_matches(['.', '、']);
        }
        Some('(') => {
            let inside = characters
                .as_str()
                .split_once(')')
                .filter(|(word, _)| is_enumerator_word(word));
            return inside.map_or(text, |(_, rest)| rest.trim_start_matches(['.', '、']));
        }
        Some(first) if first.is_ascii_digit() || is_chinese_digit(first) => {}
        _ => return text,
    }
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let numeral = text.len() - text.trim_start_matches(is_chinese_digit).len();
    let length = digits.max(numeral);
    let rest = &text[length..];
    let mark = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '.' | '、' | ')' | ',' | ':'));
    match mark {
        Some(mark) if digits <= 2 => {
            let after = &rest[mark.len_utf8()..];
            // 1.5 is a number, not item 1.
            if after.starts_with(|c: char| c.is_ascii_digit()) {
                text
            } else {
                after.trim_start()
            }
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_compare_without_what_varies() {
        for (printed, expected) in [
            ("其中:1.政府网站公开数", "政府网站公开"),
            (
                "(一)主动公开政府信息数(不同渠道和方式公开相同信息计1条)",
                "主动公开政府信息",
            ),
            ("(3)“非本部门掌握”数", "非本部门掌握"),
            ("一、本年新收政府信息公开申请数量", "本年新收政府信息公开申请"),
            ("3.危及“三安全一稳定”", "危及三安全一稳定"),
            ("统 计 指 标", "统计指标"),
            ("③信函及传真申请数", "信函及传真申请"),
            ("2.没有现成信息，需要另行制作", "没有现成信息需要另行制作"),
            ("（六）其它处理", "（六）其他处理"),
            ("## **四、结转下年度继续办理**", "结转下年度继续办理"),
            ("1.信访、举报、投诉类申请", "信访举报投诉类申请"),
            ("(七)总计", "总计"),
            ("第二十条第(一)项", "第二十条第(一)项"),
            ("总数", "总数"),
            ("1.5", "1.5"),
        ] {
            assert_eq!(normalize_label(printed), expected, "{printed}");
        }
    }
}
