//! Number forms, as they are and as the bytes make them up: whatever is read from a cell or a sentence, `verify` must be
//! able to read again.

use std::fmt::Write as _;
use std::sync::LazyLock;

use gongkai_lexicon::CategoryKind;
use gongkai_page::{Limits, PageKind, read};

use super::proof;
use crate::dictionary;
use crate::world::{EXTRACTOR, TITLE};

/// Forms of one input: each has a row of its own.
const MOST_FORMS: usize = 24;

/// Each line of the input is a form; then its bytes are choices that make up others.
pub fn numbers(bytes: &[u8]) {
    let printed = String::from_utf8_lossy(bytes);
    let printed: Vec<String> = printed.lines().take(MOST_FORMS).map(escaped).collect();
    check(&printed);
    let mut choices = Choices(bytes);
    let mut made = Vec::new();
    while !choices.0.is_empty() && made.len() < MOST_FORMS {
        made.push(choices.form());
    }
    check(&made);
}

/// Reads the forms from the cells of a table, and from sentences.
fn check(forms: &[String]) {
    let mut table = format!("<meta charset=utf-8><h1>{TITLE}</h1><table>");
    for ((label, unit), form) in ROWS.iter().cycle().zip(forms) {
        let _ = write!(table, "<tr><td>{label}</td><td>{unit}</td><td>{form}</td></tr>");
    }
    reports(&table);
    let mut sentences = format!("<meta charset=utf-8><h1>{TITLE}</h1>");
    for ((before, behind), form) in SENTENCES.iter().cycle().zip(forms) {
        let _ = write!(sentences, "<p>{before}{form}{behind}</p>");
    }
    reports(&sentences);
}

fn reports(html: &str) {
    let page = read(html.as_bytes(), PageKind::Html, &Limits::default());
    proof::reports(&page, &EXTRACTOR);
}

/// Sentences around a number, some with a unit behind it.
const SENTENCES: [(&str, &str); 6] = [
    ("全年主动公开政府信息", "。"),
    ("收到政府信息公开申请", "件，均已答复。"),
    ("收取检索费", "万元。"),
    ("行政复议", "件，行政诉讼0件。"),
    ("减免费用", "。"),
    ("网站访问量", "次。"),
];

/// Labels and units of the national form of 2014, rows of money first: they are few.
static ROWS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let lexicon = EXTRACTOR.lexicon();
    let is_money = |category| lexicon.categories.get(category).kind == CategoryKind::Money;
    let form = lexicon.templates.rows().filter(|(_, row)| row.name.starts_with("N14-"));
    let values = form.filter(|(_, row)| !row.header && !row.categories.is_empty());
    let mut rows: Vec<(bool, String, String)> = values
        .map(|(_, row)| {
            let unit = row.units.first().cloned().unwrap_or_default();
            (!row.categories.iter().copied().any(is_money), row.label.clone(), unit)
        })
        .collect();
    rows.sort_by_key(|(is_count, ..)| *is_count);
    assert!(rows.len() > 20, "the form of 2014 has {} rows", rows.len());
    rows.into_iter().map(|(_, label, unit)| (label, unit)).collect()
});

static UNITS: LazyLock<Vec<String>> = LazyLock::new(|| dictionary::column("units.tsv", "unit"));

/// No markup, but references: a no-break space is often one.
fn escaped(form: &str) -> String {
    form.replace('<', "&lt;")
}

/// Bytes as choices.
struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
    fn next(&mut self) -> usize {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        usize::from(*first)
    }

    /// One of the texts; the first more often than all others together, so that most parts are left out.
    fn rarely<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        let choice = self.next();
        let at = if choice < 144 { 0 } else { choice % texts.len() };
        texts[at]
    }

    /// A number as somebody could print it: sign, 约, digits in groups, a fraction, 万, 余, a unit, a full stop, with
    /// white space between any of them.
    fn form(&mut self) -> String {
        let mut form = String::new();
        form += self.rarely(&["", "-", "+", "减少", "增加", "－", "—", "--", "减", "−"]);
        form += self.rarely(&["", "约", "近", "¥", "￥", "约 "]);
        form += &self.digits();
        form += self.rarely(&["", ".5", ".25", ".", "．5", ".0", ". 5", ".123456", ".1234567", "。5"]);
        form += self.space();
        form += self.rarely(&["", "万", "亿", "千", "百", "萬", "億", "万亿", "百万"]);
        form += self.rarely(&["", "余", "多", "餘", "余 ", " 余", "+"]);
        form += self.space();
        form += &self.unit();
        form += self.rarely(&["", "。", ".", ";", "；", " 。", "余", "左右", "以上", ")", "（次）"]);
        form
    }

    fn digits(&mut self) -> String {
        let kind = self.next();
        if kind >= 200 {
            let numerals = [
                "零", "一", "二", "两", "三", "九", "十", "百", "千", "万", "〇", "○", "兩",
            ];
            return (0..1 + self.next() % 9)
                .map(|_| numerals[self.next() % numerals.len()])
                .collect();
        }
        let separator = self.rarely(&["", ",", "，", " ", "\u{A0}", "\u{3000}", ".", "、"]);
        let zero = if kind % 4 == 3 { '０' } else { '0' };
        let digits = |count: usize, choices: &mut Self| -> String {
            (0..count)
                .map(|_| char::from_u32(zero as u32 + (choices.next() % 10) as u32).unwrap())
                .collect()
        };
        let (first, groups) = (self.next() % 16, self.next() % 4);
        let mut printed = digits(if separator.is_empty() { 1 + first } else { 1 + first % 4 }, self);
        for _ in 0..if separator.is_empty() { 0 } else { groups } {
            printed += separator;
            printed += &digits(3, self);
        }
        printed
    }

    fn space(&mut self) -> &'static str {
        self.rarely(&[
            "", " ", "&nbsp;", "\u{3000}", "<br>", "\n", "  ", "\t", "\u{2009}", "\u{200B}",
        ])
    }

    fn unit(&mut self) -> String {
        match self.next() {
            ..128 => String::new(),
            choice => UNITS[choice % UNITS.len()].clone(),
        }
    }
}
