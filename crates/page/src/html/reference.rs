//! Character references: `&nbsp;`, `&#8212;`, `&#x4E2D;`, and the old names that need no semicolon.

use std::borrow::Cow;

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// No name is longer.
const MAX_NAME: usize = 33;

/// The characters that the reference at the start of `text` stands for, and its length; none when it is plain text.
pub(super) fn resolve(text: &str, in_attribute: bool) -> Option<(char, Option<char>, usize)> {
    let name = text.strip_prefix('&')?;
    // Nine of ten references in Chinese pages.
    if name.starts_with("nbsp;") {
        return Some(('\u{A0}', None, 6));
    }
    if let Some(number) = name.strip_prefix('#') {
        let (character, length) = numeric(number)?;
        return Some((character, None, 2 + length));
    }
    named(name, in_attribute)
}

/// All references of an attribute value resolved.
pub(super) fn resolved(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(position) = rest.find('&') {
        let (before, at) = rest.split_at(position);
        text.push_str(before);
        let length = match resolve(at, true) {
            Some((first, second, length)) => {
                text.push(first);
                text.extend(second);
                length
            }
            None => {
                text.push('&');
                1
            }
        };
        rest = at.get(length..).unwrap_or_default();
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// What follows `&#`: digits, or `x` and hexadecimal digits, and perhaps a semicolon.
fn numeric(text: &str) -> Option<(char, usize)> {
    let hexadecimal = text.strip_prefix(['x', 'X']);
    let (digits, radix) = hexadecimal.map_or((text, 10), |digits| (digits, 16));
    let count = digits
        .bytes()
        .take_while(|byte| char::from(*byte).is_digit(radix))
        .count();
    if count == 0 {
        return None;
    }
    let code = u32::from_str_radix(digits.get(..count)?, radix).unwrap_or(u32::MAX);
    let semicolon = usize::from(digits.as_bytes().get(count) == Some(&b';'));
    let length = usize::from(hexadecimal.is_some()) + count + semicolon;
    Some((character(code), length))
}

/// Numbers of control characters mean windows-1252, as browsers read them.
fn character(code: u32) -> char {
    let replaced = code
        .checked_sub(0x80)
        .and_then(|index| C1_REPLACEMENTS.get(usize::try_from(index).ok()?).copied());
    match replaced.flatten() {
        Some(character) => character,
        None if code == 0 => char::REPLACEMENT_CHARACTER,
        None => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

fn named(text: &str, in_attribute: bool) -> Option<(char, Option<char>, usize)> {
    let letters = text
        .bytes()
        .take(MAX_NAME)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    let longest = letters + usize::from(text.as_bytes().get(letters) == Some(&b';'));
    (2..=longest).rev().find_map(|length| {
        let name = text.get(..length)?;
        // Prefixes of names are in the table as well, with zeros.
        let (first, second) = NAMED_ENTITIES.get(name).filter(|characters| characters.0 != 0)?;
        if in_attribute && !name.ends_with(';') {
            // `?a=1&copy=2` in an address is no copyright sign.
            let next = text.as_bytes().get(length);
            if next.is_some_and(|byte| *byte == b'=' || byte.is_ascii_alphanumeric()) {
                return None;
            }
        }
        let second = char::from_u32(*second).filter(|second| *second != '\0');
        Some((char::from_u32(*first)?, second, length + 1))
    })
}

#[cfg(test)]
mod tests {
    use super::resolved;

    #[test]
    fn references_are_resolved_as_browsers_do() {
        let check = |value: &str, expected: &str| assert_eq!(resolved(value), expected, "{value}");
        check("a&nbsp;b", "a\u{A0}b");
        check("&lt;&gt&amp;", "<>&");
        check("&#20013;&#x56FD;&#65;&#65", "中国AA");
        check("&#150;&#x97;", "–—");
        check("&#0;&#xD800;&#99999999999;", "\u{FFFD}\u{FFFD}\u{FFFD}");
        check("&;&&#;&#x;&unknown;", "&;&&#;&#x;&unknown;");
        check("?a=1&copy=2&copy;", "?a=1&copy=2©");
        check("&NotEqualTilde;", "\u{2242}\u{338}");
    }
}
