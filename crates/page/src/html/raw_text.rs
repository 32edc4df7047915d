//! Where elements end whose content is not markup: scripts, styles, titles.

use super::scan::is_space;

/// Where the end tag of a raw element begins, or the page ends.
pub(super) fn element_end(text: &str, name: &[u8]) -> usize {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(open) = find(bytes, from, b"</") {
        if is_tag(bytes, open + 2, name) {
            return open;
        }
        from = open + 2;
    }
    bytes.len()
}

/// Where the end tag of a script begins. Inside `<!-- -->` a nested `<script>` and its end tag belong to the text:
/// old pages print scripts by script.
pub(super) fn script_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut commented, mut nested) = (0, false, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'<' => {
                let rest = bytes.get(at..).unwrap_or_default();
                if !commented && rest.starts_with(b"<!--") {
                    commented = true;
                    // `<!-->` is complete: its dashes also count for the end.
                    at += 1;
                } else if rest.get(1) == Some(&b'/') && is_tag(bytes, at + 2, b"script") {
                    if !nested {
                        return at;
                    }
                    nested = false;
                } else if commented && is_tag(bytes, at + 1, b"script") {
                    nested = true;
                }
            }
            b'-' if commented && bytes.get(at..).is_some_and(|rest| rest.starts_with(b"-->")) => {
                (commented, nested) = (false, false);
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Whether the name of a tag stands at `at`.
fn is_tag(bytes: &[u8], at: usize, name: &[u8]) -> bool {
    bytes
        .get(at..at + name.len())
        .is_some_and(|printed| printed.eq_ignore_ascii_case(name))
        && bytes
            .get(at + name.len())
            .is_some_and(|byte| is_space(*byte) || matches!(byte, b'/' | b'>'))
}

/// Where a pair of bytes next stands.
pub(super) fn find(bytes: &[u8], from: usize, needle: &[u8; 2]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.windows(2)
        .position(|pair| pair == needle)
        .map(|position| from + position)
}
