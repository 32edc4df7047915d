//! The charset a page declares for itself, in `<meta>` or `<?xml ?>` near its beginning.

use encoding_rs::{Encoding, GB18030, GBK, REPLACEMENT, UTF_16BE, UTF_16LE, X_USER_DEFINED};

/// Browsers stop looking after 1 KiB; old pages put longer scripts before the declaration.
const PRESCAN_BYTES: usize = 4096;

/// The encoding that the first usable declaration in the first 4 KiB names.
pub(crate) fn charset(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..PRESCAN_BYTES.min(bytes.len()))?;
    let mut rest = head;
    while let Some(open) = rest.iter().position(|byte| *byte == b'<') {
        let tag = rest.get(open..)?;
        let end = if tag.starts_with(b"<!--") {
            find(tag, b"-->")? + 2
        } else {
            find(tag, b">").unwrap_or(tag.len())
        };
        let inside = tag.get(..end)?;
        if let Some(encoding) = declaration(inside).and_then(usable) {
            return Some(encoding);
        }
        // Within a tag the search goes on at its first byte: `<` may stand in a broken attribute.
        rest = if inside.starts_with(b"<!--") {
            tag.get(end..)?
        } else {
            tag.get(1..)?
        };
    }
    None
}

/// The label in one tag: `<meta charset>`, `<meta http-equiv ... content="...charset=">` or `<?xml encoding>`.
fn declaration(tag: &[u8]) -> Option<&[u8]> {
    if starts_with(tag, b"<?xml") {
        return value_after(tag, b"encoding");
    }
    if !starts_with(tag, b"<meta") {
        return None;
    }
    let label = value_after(tag, b"charset")?;
    let own_attribute = tag
        .windows(8)
        .any(|part| part.eq_ignore_ascii_case(b" charset") || part == b"\ncharset");
    (own_attribute || find(tag, b"http-equiv").is_some()).then_some(label)
}

/// What follows `name=`, without quotes.
fn value_after<'a>(tag: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let mut rest = tag;
    loop {
        rest = rest.get(find(rest, name)? + name.len()..)?;
        if let Some(value) = rest.trim_ascii_start().strip_prefix(b"=") {
            let value = value.trim_ascii_start();
            let value = value
                .strip_prefix(b"\"")
                .or_else(|| value.strip_prefix(b"'"))
                .unwrap_or(value);
            let end = value
                .iter()
                .position(|byte| !byte.is_ascii_alphanumeric() && !b"-_:.".contains(byte));
            return value.get(..end.unwrap_or(value.len()));
        }
    }
}

/// The decoder for a label: every GB label means GB18030, its superset. UTF-16 cannot be declared in ASCII bytes, and
/// labels that browsers refuse to decode are as good as none.
fn usable(label: &[u8]) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(label)?;
    if encoding == GBK {
        return Some(GB18030);
    }
    (![UTF_16BE, UTF_16LE, REPLACEMENT, X_USER_DEFINED].contains(&encoding)).then_some(encoding)
}

fn starts_with(bytes: &[u8], prefix: &[u8]) -> bool {
    bytes
        .get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// Where `needle` first stands in `bytes`, upper and lower case alike.
fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes
        .windows(needle.len())
        .position(|part| part.eq_ignore_ascii_case(needle))
}

#[cfg(test)]
mod tests {
    use super::charset;

    fn check(page: &str, expected: Option<&str>) {
        assert_eq!(
            charset(page.as_bytes()).map(encoding_rs::Encoding::name),
            expected,
            "{page}"
        );
    }

    #[test]
    fn declarations_are_found() {
        check("<meta charset=gb2312>", Some("gb18030"));
        check("<META CharSet = 'X-GBK' />", Some("gb18030"));
        check(
            "<meta http-equiv=Content-Type content=\"text/html; charset=gb_2312-80\">",
            Some("gb18030"),
        );
        check(
            "<meta content='text/html;charset=big5' http-equiv='Content-Type'>",
            Some("Big5"),
        );
        check("<?xml version=\"1.0\" encoding='gbk'?><html>", Some("gb18030"));
        check(
            "<meta http-equiv=Content-Type content=\"text/html; charset=utf-8",
            Some("UTF-8"),
        );
        check("<meta name=x><meta charset=utf8>", Some("UTF-8"));
    }

    #[test]
    fn what_is_no_declaration_is_passed_over() {
        check("<!-- <meta charset=gbk> --><p>", None);
        check("<!-- <meta charset=gbk> --><meta charset=big5>", Some("Big5"));
        check("<meta name=keywords content='charset=gbk'>", None);
        check("<meta charset=nonsense><meta charset=gbk>", Some("gb18030"));
        check("<meta charset=utf-16>", None);
        check("<meta charset=hz-gb-2312>", None);
        check("<!-- <meta charset=gbk>", None);
        check("<meta charset", None);
        check("<meta charset=", None);
        check(&format!("{}<meta charset=gbk>", " ".repeat(5000)), None);
    }
}
