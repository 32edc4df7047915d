//! Beginnings of pages, and who, where and when is read from them. Anyone can add a line.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use gongkai_extract::{Extractor, Outcome};
use gongkai_lexicon::{DataSource, Lexicon};
use gongkai_page::{Limits, PageKind, read};

/// What a text gives: organ, level, code, year and day of publication, or why it is no report.
fn identity(extractor: &Extractor, text: &str) -> String {
    let page = read(text.as_bytes(), PageKind::Text, &Limits::default());
    let reports = match extractor.extract(&page) {
        Outcome::Reports(reports) => reports,
        Outcome::NotAReport { reason, .. } => return format!("rejected {reason}"),
    };
    let who = &reports.first().unwrap().identity;
    let level = who.level.map(|level| format!("{level:?}").to_lowercase());
    let year = who.year.map(|year| year.to_string());
    let fields = [&who.organ, &level, &who.jurisdiction_code, &year, &who.published];
    let shown = fields.map(|field| field.as_deref().unwrap_or("-").to_owned());
    shown.join(" ")
}

/// A case says `*` where it does not matter, and fewer fields when the last do not.
fn agrees(found: &str, expected: &str) -> bool {
    let mut found = found.split(' ');
    expected
        .split(' ')
        .all(|field| found.next().is_some_and(|other| field == "*" || field == other))
}

#[test]
fn beginnings_of_pages_tell_who_where_and_when() {
    let extractor = Extractor::new(Lexicon::load(&DataSource::embedded()).unwrap()).unwrap();
    let cases = include_str!("identities.tsv");
    let cases = cases.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut wrong = Vec::new();
    for line in cases {
        let (text, expected) = line
            .split_once('\t')
            .expect("a case is a text, a tab and what it gives");
        let found = identity(&extractor, &text.replace("\\n", "\n"));
        if !agrees(&found, expected.trim()) {
            wrong.push(format!("{text}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
