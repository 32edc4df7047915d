//! Whether a dump is HTML or plain text.

/// How the bytes of a page are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageKind {
    /// HTML of any age.
    Html,
    /// Plain text, one paragraph or table row a line.
    Text,
}

/// What an HTML page begins with, in lower case; a plain text that begins so is a saved page with the wrong name.
const HTML_BEGINNINGS: [&[u8]; 18] = [
    b"<!doctype",
    b"<!--",
    b"<?xml",
    b"<html",
    b"<head",
    b"<meta",
    b"<title",
    b"<link",
    b"<script",
    b"<style",
    b"<body",
    b"<table",
    b"<div",
    b"<center",
    b"<font",
    b"<span",
    b"<p>",
    b"<p ",
];

impl PageKind {
    /// The kind of a dump by the ending of its name; a name that says "text", or nothing, yields to HTML-like content.
    #[must_use]
    pub fn of(name: &str, bytes: &[u8]) -> Self {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        if ["html", "htm", "shtml", "xhtml"]
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
            || begins_like_html(bytes)
        {
            Self::Html
        } else {
            Self::Text
        }
    }
}

fn begins_like_html(bytes: &[u8]) -> bool {
    // NUL bytes are passed over so that UTF-16 is recognised as well; so are byte order marks.
    let beginning: Vec<u8> = bytes
        .iter()
        .take(512)
        .filter(|byte| !matches!(byte, 0 | 0xEF | 0xBB | 0xBF | 0xFE | 0xFF))
        .map(u8::to_ascii_lowercase)
        .skip_while(u8::is_ascii_whitespace)
        .take(16)
        .collect();
    HTML_BEGINNINGS.iter().any(|known| beginning.starts_with(known))
}

#[cfg(test)]
mod tests {
    use super::PageKind::{self, Html, Text};

    #[test]
    fn the_name_decides_unless_a_text_begins_like_html() {
        let check = |name: &str, bytes: &[u8], expected: PageKind| {
            assert_eq!(PageKind::of(name, bytes), expected, "{name} {bytes:?}");
        };
        check("a/b.html", b"plain", Html);
        check("a/b.HTM", b"plain", Html);
        check("a/b.txt", b"plain < text", Text);
        check("a/b.txt", b"\xEF\xBB\xBF \r\n<!DOCTYPE html>", Html);
        check("a/b.txt", b"<P align=center>", Html);
        check("a/b.txt", b"<plan>", Text);
        check("a/b.txt", b"\xFF\xFE<\0h\0t\0m\0l\0>\0", Html);
        check("a/b", b"<html>", Html);
        check("a.html/b", b"plain", Text);
        check("", b"", Text);
    }
}
