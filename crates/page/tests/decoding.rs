//! Which encoding a page is read in, and what decided it.

use encoding_rs::{BIG5, GB18030, UTF_8};
use gongkai_page::{EncodingSource, Limits, Page, PageKind, read};

const REPORT: &str = "2018年,本机关共收到政府信息公开申请12件";
const TRADITIONAL: &str = "二〇一二年本市人民政府共受理信息公開申請一千六百七十二件,其中當面申請";

fn gb(text: &str) -> Vec<u8> {
    GB18030.encode(text).0.into_owned()
}

fn html(bytes: &[u8]) -> Page {
    read(bytes, PageKind::Html, &Limits::default())
}

/// Checks text, encoding, what decided it, and the codes of the problems.
fn check(page: &Page, text: &str, encoding: &str, source: EncodingSource, problems: &[&str]) {
    let codes: Vec<&str> = page.problems.iter().map(|problem| problem.code).collect();
    let found = (
        page.text.as_str(),
        page.encoding,
        page.encoding_source,
        codes.as_slice(),
    );
    assert_eq!(found, (text, encoding, source, problems));
}

#[test]
fn a_byte_order_mark_decides() {
    let mut bytes = b"\xEF\xBB\xBF<meta charset=gbk>".to_vec();
    bytes.extend_from_slice(REPORT.as_bytes());
    check(&html(&bytes), REPORT, "UTF-8", EncodingSource::Bom, &[]);
    let mut little = vec![0xFF, 0xFE];
    little.extend(REPORT.encode_utf16().flat_map(u16::to_le_bytes));
    check(&html(&little), REPORT, "UTF-16LE", EncodingSource::Bom, &[]);
    let mut big = vec![0xFE, 0xFF];
    big.extend(REPORT.encode_utf16().flat_map(u16::to_be_bytes));
    check(&html(&big), REPORT, "UTF-16BE", EncodingSource::Bom, &[]);
}

#[test]
fn utf16_shows_by_its_nul_bytes() {
    let source = format!("<html><body><p>{REPORT}</p></body></html>");
    let little: Vec<u8> = source.encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&html(&little), REPORT, "UTF-16LE", EncodingSource::Detected, &[]);
    let big: Vec<u8> = source.encode_utf16().flat_map(u16::to_be_bytes).collect();
    check(&html(&big), REPORT, "UTF-16BE", EncodingSource::Detected, &[]);
    let ascii: Vec<u8> = "<p>plain 12".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&html(&ascii), "plain 12", "UTF-16LE", EncodingSource::Detected, &[]);
    let damaged = b"<p>some plain text with\0 a\0 few\0\0 NUL\0 characters in it, at places of one kind</p>";
    assert_eq!(html(damaged).encoding, "UTF-8");
}

#[test]
fn every_gb_label_means_gb18030() {
    for label in ["gb2312", "GBK", "x-gbk", "gb18030", "chinese", "iso-ir-58"] {
        // 㐂 is in GB18030 only.
        let text = format!("{REPORT}㐂");
        let page = html(&gb(&format!(
            "<meta http-equiv=Content-Type content='text/html; charset={label}'>{text}"
        )));
        check(&page, &text, "gb18030", EncodingSource::Declared, &[]);
    }
}

#[test]
fn a_declaration_falls_when_the_bytes_contradict_it() {
    let contradicted = &["charset_contradicted"];
    let utf8 = |label: &str| format!("<meta charset={label}><p>{REPORT}</p>").into_bytes();
    check(
        &html(&utf8("gb2312")),
        REPORT,
        "UTF-8",
        EncodingSource::Utf8,
        contradicted,
    );
    check(
        &html(&utf8("iso-8859-1")),
        REPORT,
        "UTF-8",
        EncodingSource::Utf8,
        contradicted,
    );
    check(
        &html(&gb(&format!("<meta charset=utf-8><p>{REPORT}"))),
        REPORT,
        "gb18030",
        EncodingSource::Detected,
        contradicted,
    );
    check(
        &html(&gb(&format!("<meta charset=latin1><p>{REPORT}"))),
        REPORT,
        "gb18030",
        EncodingSource::Detected,
        contradicted,
    );
    let big5 = BIG5
        .encode(&format!("<meta charset=utf-8><p>{TRADITIONAL}"))
        .0
        .into_owned();
    check(
        &html(&big5),
        &BIG5.decode(&BIG5.encode(TRADITIONAL).0).0,
        "Big5",
        EncodingSource::Detected,
        contradicted,
    );
}

#[test]
fn a_declaration_survives_a_few_bad_bytes() {
    let mut bytes = gb(&format!("<meta charset=gb2312><p>{REPORT}"));
    bytes.extend_from_slice(b"<p>\xFF</p>");
    check(
        &html(&bytes),
        &format!("{REPORT}\n\u{FFFD}"),
        "gb18030",
        EncodingSource::Declared,
        &["undecodable_bytes"],
    );
    let mut bytes = format!("<meta charset=utf-8><p>{REPORT}").into_bytes();
    bytes.extend_from_slice(b"<p>\xFF</p>");
    check(
        &html(&bytes),
        &format!("{REPORT}\n\u{FFFD}"),
        "UTF-8",
        EncodingSource::Declared,
        &["undecodable_bytes"],
    );
}

#[test]
fn text_without_declaration_is_utf8_or_guessed() {
    let text = |bytes: &[u8]| read(bytes, PageKind::Text, &Limits::default());
    check(&text(REPORT.as_bytes()), REPORT, "UTF-8", EncodingSource::Utf8, &[]);
    check(&text(b"plain 12"), "plain 12", UTF_8.name(), EncodingSource::Utf8, &[]);
    check(&text(&gb(REPORT)), REPORT, "gb18030", EncodingSource::Detected, &[]);
    let cut = REPORT.as_bytes().get(..REPORT.len() - 1).unwrap_or_default();
    let kept = REPORT.strip_suffix('件').unwrap_or_default();
    check(
        &text(cut),
        &format!("{kept}\u{FFFD}"),
        "UTF-8",
        EncodingSource::Utf8,
        &["undecodable_bytes"],
    );
}

#[test]
fn markup_does_not_mislead_the_detector() {
    let markup = "<div class=\"container wrapper\"><span style=\"color: red\">".repeat(200);
    for text in ["公开", "收到申请件", "年度报告"] {
        let page = html(&gb(&format!("{markup}{text}</span>")));
        check(&page, text, "gb18030", EncodingSource::Detected, &[]);
    }
}

#[test]
fn binary_files_give_no_text() {
    let text = |bytes: &[u8]| read(bytes, PageKind::Text, &Limits::default());
    for bytes in [
        b"%PDF-1.4\n1 0 obj".as_slice(),
        b"PK\x03\x04\x14\0\x06\0",
        b"\0\0\0\0",
        &[7, 1, 2, 0, 3, 200, 1, 9, 0],
    ] {
        let page = text(bytes);
        check(&page, "", "UTF-8", EncodingSource::Detected, &["binary"]);
        assert!(page.blocks.is_empty());
    }
    check(
        &text("收到\x012件".as_bytes()),
        "收到\u{1}2件",
        "UTF-8",
        EncodingSource::Utf8,
        &[],
    );
}
