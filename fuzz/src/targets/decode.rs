//! Bytes to text. Besides what holds for any bytes: text that is written in an encoding comes back from it.

use encoding_rs::{Encoding, GB18030, UTF_8};
use gongkai_page::{Decoded, EncodingSource, PageKind, decode as read};

use crate::trace::{saw, saw_count};

/// Bytes of UTF-8 that a byte of a dump can become: U+FFFD has three.
const MOST_BYTES: usize = 3;
/// Longest message: what is decoded is not quoted.
const MOST_MESSAGE: usize = 200;

/// Decodes as HTML and as text.
pub fn decode(bytes: &[u8]) {
    for kind in [PageKind::Html, PageKind::Text] {
        let decoded = read(bytes, kind);
        let again = read(bytes, kind);
        assert_eq!(decoded.text, again.text, "another text the second time");
        assert_eq!((decoded.encoding, decoded.source), (again.encoding, again.source));
        assert_eq!(decoded.problems, again.problems);
        holds(bytes, &decoded);
        let codes: Vec<&str> = decoded.problems.iter().map(|problem| problem.code).collect();
        saw((decoded.encoding, decoded.source.as_str(), codes));
        saw_count("lost", decoded.text.matches('\u{FFFD}').count());
    }
    text_comes_back(&String::from_utf8_lossy(bytes));
}

fn holds(bytes: &[u8], decoded: &Decoded<'_>) {
    let text = &decoded.text;
    assert!(
        text.len() <= MOST_BYTES * bytes.len() + MOST_BYTES,
        "{} bytes became {} bytes of text",
        bytes.len(),
        text.len()
    );
    let mark = Encoding::for_bom(bytes);
    assert!(
        decoded.source != EncodingSource::Bom || mark.is_some_and(|(encoding, _)| encoding.name() == decoded.encoding),
        "nothing but a byte order mark is called one"
    );
    for problem in &decoded.problems {
        assert!(!problem.code.is_empty() && !problem.message.is_empty());
        assert!(problem.message.len() <= MOST_MESSAGE, "{}", problem.message);
        assert!(
            problem.code != "undecodable_bytes"
                || text.contains('\u{FFFD}')
                || problem.message.contains("of which so many were read as"),
            "nothing was lost, but it says so: {}",
            problem.message
        );
        assert!(problem.code != "binary" || text.is_empty(), "a binary file has a text");
    }
    let is_whole = decoded
        .problems
        .iter()
        .all(|problem| problem.code == "charset_contradicted");
    if decoded.encoding == UTF_8.name() && is_whole {
        let behind = mark.map_or(0, |(_, length)| length);
        assert_eq!(text.as_bytes(), &bytes[behind..], "UTF-8 was rewritten");
    }
}

/// A text comes back from the encodings that say what they are; from bare UTF-8, too, when it looks like text.
fn text_comes_back(text: &str) {
    let is_plain =
        !text.contains(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) && !looks_otherwise(text);
    // A text of many control characters is none, whatever mark it bears.
    let check = |bytes: &[u8], kind, expected: &str, how: &str| {
        let decoded = read(bytes, kind);
        let is_binary = decoded.problems.iter().any(|problem| problem.code == "binary");
        assert!(
            !is_plain && is_binary || decoded.text == expected,
            "{how}: {expected:?} became {:?}",
            decoded.text
        );
    };
    check(
        &[b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        PageKind::Html,
        text,
        "UTF-8 with its mark",
    );
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    let little: Vec<u8> = [0xFF, 0xFE].into_iter().chain(units).collect();
    check(&little, PageKind::Text, text, "UTF-16LE with its mark");
    if is_plain && !text.starts_with('\u{FEFF}') {
        check(text.as_bytes(), PageKind::Text, text, "bare UTF-8");
    }
    let page = format!("<meta charset=gb2312>{text}");
    let (encoded, _, had_unmappable) = GB18030.encode(&page);
    // By chance it can be UTF-8 as well; then either reading will do. A declaration further on could be another one.
    let is_gb18030_alone = std::str::from_utf8(&encoded).is_err() && !text.contains("charset");
    if is_plain && !had_unmappable && is_gb18030_alone {
        check(&encoded, PageKind::Html, &page, "declared GB18030");
    }
}

/// Whether it says that it is of a format that is no text, or has the mark of an encoding in seven bits.
fn looks_otherwise(text: &str) -> bool {
    let starts = ["GIF8", "Rar!", "RIFF", "{\\rtf", "%!PS"];
    let begins = |start: &&str| text.trim_start().starts_with(*start);
    starts.iter().any(begins)
        || ["~{", "%PDF-", "multipart/related"]
            .iter()
            .any(|mark| text.contains(mark))
}
