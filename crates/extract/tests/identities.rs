//! Beginnings of pages, and who, where and when is read from them. Anyone can add a line.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use gongkai_extract::{Extractor, Identity, Outcome};
use gongkai_lexicon::{DataSource, Lexicon};
use gongkai_page::{Limits, PageKind, read};

/// What stands before the first `=`: these fields, in this order.
const FIRST: [&str; 4] = ["organ", "level", "code", "year"];

/// A case: a text, what it gives, and where applicable the page's address and the file's path.
struct Case<'a> {
    text: &'a str,
    expected: &'a str,
    url: Option<&'a str>,
    path: &'a str,
}

impl<'a> Case<'a> {
    fn parse(line: &'a str) -> Self {
        let mut columns = line.split('\t');
        let mut column = || columns.next();
        Self {
            text: column().expect("a text"),
            expected: column().expect("a case is a text, a tab and what it gives").trim(),
            url: column().filter(|url| !url.is_empty()),
            path: column().unwrap_or_default(),
        }
    }

    /// What is expected and was not found.
    fn wrong(&self, extractor: &Extractor) -> Option<String> {
        let mut page = read(
            self.text.replace("\\n", "\n").as_bytes(),
            PageKind::Text,
            &Limits::default(),
        );
        page.url = self.url.map(str::to_owned);
        let found = match extractor.extract(&page, self.path) {
            Outcome::Reports(reports) => reports.into_iter().next().unwrap().identity,
            Outcome::NotAReport { reason, .. } => {
                let found = format!("rejected {reason}");
                return (found != self.expected).then(|| self.message(&found));
            }
        };
        let differs = |(at, field): (usize, &str)| {
            let (name, value) = field
                .split_once('=')
                .unwrap_or((FIRST.get(at).unwrap_or(&"rejected"), field));
            let found = shown(&found, name);
            (value != "*" && sorted(value) != sorted(&found)).then(|| format!("{name}={found}"))
        };
        let wrong: Vec<String> = self.expected.split(' ').enumerate().filter_map(differs).collect();
        (!wrong.is_empty()).then(|| self.message(&wrong.join(" ")))
    }

    fn message(&self, found: &str) -> String {
        let Self {
            text, expected, path, ..
        } = self;
        let url = self.url.unwrap_or_default();
        format!("{text}\t{url}\t{path}\n  expected {expected}\n  found    {found}")
    }
}

/// A field of an identity as cases write it; `-` where it has none.
fn shown(who: &Identity, field: &str) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let shown = match field {
        "organ" => text(&who.organ),
        "level" => who.level.map(|level| level.as_str().to_owned()).unwrap_or_default(),
        "code" => text(&who.jurisdiction_code),
        "year" => who.year.map(|year| year.to_string()).unwrap_or_default(),
        "published" => text(&who.published),
        "scope" => who.scope.map(|scope| scope.as_str().to_owned()).unwrap_or_default(),
        "co" => who.co_organs.join("|"),
        "township" => text(&who.township_code),
        "candidates" => who.candidates.join("|"),
        "kind" => who.body_kind.map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
        "status" => who
            .code_status
            .map(|status| status.as_str().to_owned())
            .unwrap_or_default(),
        "period" => format!("{}..{}", text(&who.period_start), text(&who.period_end)),
        other => panic!("no such field: {other}"),
    };
    if shown.is_empty() { "-".to_owned() } else { shown }
}

/// A list without its order.
fn sorted(list: &str) -> Vec<&str> {
    let mut list: Vec<&str> = list.split('|').collect();
    list.sort_unstable();
    list
}

#[test]
fn beginnings_of_pages_tell_who_where_and_when() {
    let extractor = Extractor::new(Lexicon::load(&DataSource::embedded()).unwrap()).unwrap();
    let cases = include_str!("identities.tsv");
    let cases = cases.lines().filter(|line| !line.is_empty() && !line.starts_with("# "));
    let wrong: Vec<String> = cases.filter_map(|line| Case::parse(line).wrong(&extractor)).collect();
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
