//! The sample reports in encodings that say nothing of themselves, in two at a time, and damaged: the text comes out all
//! the same, or the page says that it did not.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, WINDOWS_1252};
use gongkai_page::{Legibility, Limits, Page, PageKind, decode, legibility, read};

/// What the footer of a template says, each time in other words.
const FOOTER: [&str; 10] = [
    "版权所有",
    "主办单位:某某市人民政府办公室",
    "网站标识码",
    "联系我们",
    "设为首页 加入收藏",
    "您是第10086位访问者",
    "技术支持:某某信息中心",
    "建议使用较高的分辨率浏览本站",
    "地址:人民路一号",
    "京公网安备",
];

/// A sample as text.
struct Sample {
    name: String,
    kind: PageKind,
    source: String,
}

impl Sample {
    fn read(&self, bytes: &[u8]) -> Page {
        read(bytes, self.kind, &Limits::default())
    }

    /// A body of the sample's kind with so many lines of the footer spread over its lines and behind them.
    fn with_lines(&self, body: &[u8], count: usize, line: impl Fn(&str) -> Vec<u8>) -> Vec<u8> {
        let end = if self.kind == PageKind::Html { "<br>\n" } else { "\n" };
        let lines: Vec<&[u8]> = body.split_inclusive(|byte| *byte == b'\n').collect();
        let every = lines.len() / count + 1;
        let mut footer = FOOTER.iter().take(count);
        let mut all = Vec::new();
        let mut write = |all: &mut Vec<u8>| {
            if let Some(text) = footer.next() {
                all.extend([line(text).as_slice(), end.as_bytes()].concat());
            }
        };
        for (at, own) in lines.iter().enumerate() {
            all.extend_from_slice(own);
            if at % every == every - 1 {
                write(&mut all);
            }
        }
        all.push(b'\n');
        (0..count).for_each(|_| write(&mut all));
        all
    }
}

fn samples() -> Vec<Sample> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/samples/dumps")];
    let mut samples = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                samples.push(sample(&path));
            }
        }
    }
    assert!(samples.len() > 30, "{}", samples.len());
    samples
}

fn sample(path: &PathBuf) -> Sample {
    let bytes = std::fs::read(path).unwrap();
    let name = path.display().to_string();
    let kind = PageKind::of(&name, &bytes);
    let source = decode(&bytes, kind).text.into_owned();
    Sample { name, kind, source }
}

fn codes(page: &Page) -> Vec<&str> {
    page.problems.iter().map(|problem| problem.code).collect()
}

/// Which characters the encoding lacks, it writes as references: a text without them.
fn within(text: &str, encoding: &'static Encoding) -> String {
    let has = |character: &char| !encoding.encode(character.encode_utf8(&mut [0; 4])).2;
    text.chars().filter(has).collect()
}

#[test]
fn utf16_needs_no_mark() {
    for sample in samples() {
        let expected = sample.read(sample.source.as_bytes());
        let units: Vec<u16> = sample.source.encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for (bytes, encoding) in [(little, "UTF-16LE"), (big, "UTF-16BE")] {
            let page = sample.read(&bytes);
            assert_eq!(page.encoding, encoding, "{}", sample.name);
            assert_eq!(page.text, expected.text, "{}", sample.name);
            assert_eq!(page.blocks, expected.blocks, "{}", sample.name);
            assert_eq!(PageKind::of("", &bytes), PageKind::of("", sample.source.as_bytes()));
        }
    }
}

#[test]
fn a_few_nul_bytes_make_no_utf16() {
    for sample in samples() {
        for encoding in [UTF_8, GB18030, BIG5] {
            let source = within(&sample.source, encoding);
            let bytes = encoding.encode(&source).0.into_owned();
            let expected = decode(&bytes, sample.kind);
            for every in [100, 333, 1000] {
                let with_nuls: Vec<u8> =
                    bytes
                        .split_inclusive(|byte| *byte == b'\n')
                        .fold(Vec::new(), |mut all, line| {
                            all.extend_from_slice(line);
                            if all.len() % every < line.len() {
                                all.push(0);
                            }
                            all
                        });
                let decoded = decode(&with_nuls, sample.kind);
                assert_eq!(decoded.encoding, expected.encoding, "{} {every}", sample.name);
                assert_eq!(decoded.text.replace('\0', ""), expected.text, "{} {every}", sample.name);
            }
        }
    }
}

#[test]
fn foreign_lines_lose_no_other_line_and_are_read_themselves() {
    for sample in samples() {
        let of = |encoding: &'static Encoding| move |text: &str| encoding.encode(text).0.into_owned();
        let source = within(&sample.source, GB18030);
        let directions = [(UTF_8, GB18030), (GB18030, UTF_8)];
        for (main, other) in directions {
            for count in [1, 2, 3, 5, 10] {
                let whole = sample.with_lines(source.as_bytes(), count, of(UTF_8));
                let expected = sample.read(&whole);
                let mixed = sample.with_lines(&main.encode(&source).0, count, of(other));
                let page = sample.read(&mixed);
                let context = format!("{} {} {count}", sample.name, main.name());
                assert_eq!(page.text, expected.text, "{context}");
                assert_eq!(page.blocks, expected.blocks, "{context}");
                assert!(codes(&page).contains(&"undecodable_bytes"), "{context}");
                let text_is_longer_than_the_footer = source.len() > 3 * FOOTER.concat().len();
                if text_is_longer_than_the_footer {
                    assert_eq!(page.encoding, main.name(), "{context}");
                }
            }
        }
    }
}

#[test]
fn a_foreign_body_in_a_template_is_read() {
    let body = "2018年,本机关共收到政府信息公开申请12件,均已按时办结。";
    let template: String = FOOTER.iter().map(|line| format!("<li>{line}</li>\n")).collect();
    for (one, other) in [(UTF_8, GB18030), (GB18030, UTF_8), (UTF_8, BIG5)] {
        let (template, body) = (within(&template, other), within(body, other));
        let bytes = [one.encode(&template).0, other.encode(&body).0].concat();
        let page = read(&bytes, PageKind::Html, &Limits::default());
        assert!(page.text.ends_with(&body), "{} {}", one.name(), page.text);
        assert!(!page.text.contains('\u{FFFD}'), "{} {}", one.name(), page.text);
    }
}

#[test]
fn broken_characters_are_marked_and_counted() {
    for sample in samples() {
        let mut bytes = sample.source.clone().into_bytes();
        // The last byte of every so many is cut off: fifty in a report.
        let starts: Vec<usize> = sample
            .source
            .char_indices()
            .filter(|(_, c)| c.len_utf8() == 3)
            .map(|(at, _)| at)
            .collect();
        let broken: Vec<usize> = starts.iter().copied().step_by((starts.len() / 50).max(2)).collect();
        for at in broken.iter().rev() {
            bytes.remove(at + 2);
        }
        let decoded = decode(&bytes, sample.kind);
        assert_eq!(decoded.encoding, "UTF-8", "{}", sample.name);
        let lost = decoded.text.matches('\u{FFFD}').count();
        assert!(
            lost * 10 >= broken.len() * 9 && lost <= broken.len(),
            "{} {lost} {}",
            sample.name,
            broken.len()
        );
        let told = decoded
            .problems
            .iter()
            .find(|problem| problem.code == "undecodable_bytes");
        assert!(
            told.is_some_and(|problem| problem.message.contains(": ")),
            "{}",
            sample.name
        );
    }
}

#[test]
fn a_mark_of_utf8_over_other_bytes_is_a_claim() {
    let text = "2018年,本机关共收到政府信息公开申请12件,均已按时办结。";
    let bytes = [b"\xEF\xBB\xBF".as_slice(), &GB18030.encode(text).0].concat();
    let page = read(&bytes, PageKind::Text, &Limits::default());
    assert_eq!((page.text.as_str(), page.encoding), (text, "gb18030"));
    assert_eq!(codes(&page), ["charset_contradicted"]);
}

#[test]
fn hz_is_decoded() {
    for sample in samples() {
        let source = within_gb2312(&sample.source);
        let page = sample.read(hz(&source).as_bytes());
        assert_eq!(page.encoding, "HZ-GB-2312", "{}", sample.name);
        assert_eq!(page.text, sample.read(source.as_bytes()).text, "{}", sample.name);
    }
}

/// A text of GB 2312 in HZ.
fn hz(text: &str) -> String {
    let mut hz = String::new();
    for run in text.split_inclusive('\n') {
        let mut pairs = false;
        for character in run.chars() {
            let bytes = GB18030.encode(character.encode_utf8(&mut [0; 4])).0.into_owned();
            if pairs == character.is_ascii() {
                hz.push_str(if pairs { "~}" } else { "~{" });
                pairs = !pairs;
            }
            match character {
                '~' => hz.push_str("~~"),
                _ => hz.extend(bytes.iter().map(|byte| char::from(byte & 0x7F))),
            }
        }
        if pairs {
            hz.push_str("~}");
        }
    }
    hz
}

fn within_gb2312(text: &str) -> String {
    let has = |character: &char| {
        let bytes = GB18030.encode(character.encode_utf8(&mut [0; 4])).0.into_owned();
        character.is_ascii() || matches!(bytes.as_slice(), [0xA1..=0xF7, 0xA1..=0xFE])
    };
    text.chars().filter(has).collect()
}

#[test]
fn samples_are_legible_and_their_mojibake_is_not() {
    for sample in samples() {
        let page = sample.read(sample.source.as_bytes());
        assert_eq!(legibility(&page.text), Legibility::Legible, "{}", sample.name);
        let gb = GB18030.encode(&page.text).0;
        let utf8 = page.text.as_bytes();
        for (bytes, wrong) in [
            (utf8, GB18030),
            (utf8, BIG5),
            (utf8, WINDOWS_1252),
            (&gb, UTF_8),
            (&gb, BIG5),
            (&gb, WINDOWS_1252),
        ] {
            let text = wrong.decode_without_bom_handling(bytes).0;
            assert_ne!(
                legibility(&text),
                Legibility::Legible,
                "{} {}",
                sample.name,
                wrong.name()
            );
        }
    }
}
