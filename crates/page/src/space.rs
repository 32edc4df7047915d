//! What counts as white space at the edges of a block or cell.

use std::ops::Range;

/// White space and characters without width, which stand outside the span of the block or cell they surround.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{FEFF}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\0')
}

/// The part of `range` without blanks at its ends; an empty range stays at the start.
pub(crate) fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let Some(slice) = text.get(range.clone()) else {
        return range.start..range.start;
    };
    let kept = slice.trim_end_matches(is_blank);
    let inner = kept.trim_start_matches(is_blank);
    if inner.is_empty() {
        return range.start..range.start;
    }
    let start = range.start + (kept.len() - inner.len());
    start..start + inner.len()
}

#[cfg(test)]
mod tests {
    use super::trimmed;

    #[test]
    fn blanks_at_the_edges_are_outside() {
        let check = |text: &str, expected: &str| assert_eq!(text.get(trimmed(text, 0..text.len())), Some(expected));
        check(" 3\u{3000}4 \u{A0}", "3\u{3000}4");
        check("\u{3000}\u{FEFF}条\r", "条");
        check("\u{A0}\u{200B}", "");
        check("", "");
    }
}
