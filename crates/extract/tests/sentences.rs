//! Sentences and small tables, and exactly what is read from them. Anyone can add a line.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use gongkai_extract::{Extractor, Outcome, Period, Status, Value};
use gongkai_lexicon::{DataSource, Lexicon};
use gongkai_page::{Limits, PageKind, read};

/// The report year of every case that does not name its own.
const YEAR: &str = "2018";

struct Reader(Extractor);

impl Reader {
    fn new() -> Self {
        Self(Extractor::new(Lexicon::load(&DataSource::embedded()).unwrap()).unwrap())
    }

    /// What a text gives: `category=value` for every observation, with `~` approximate, `!` repaired, `w` in words,
    /// `c` cumulative, `?` blank, and labels of open lists in brackets.
    fn read(&self, text: &str) -> String {
        let (year, text) = text
            .strip_prefix('@')
            .and_then(|rest| rest.split_once(' '))
            .unwrap_or((YEAR, text));
        let printed = format!("天河区人民政府{year}年政府信息公开工作年度报告\n{text}");
        let page = read(printed.as_bytes(), PageKind::Text, &Limits::default());
        let Outcome::Reports(reports) = self.0.extract(&page, "") else {
            return "no report".to_owned();
        };
        let report = reports.first().unwrap();
        let categories = &self.0.lexicon().categories;
        let shown = report.observations.iter().map(|observation| {
            let mention = &report.mentions[observation.mention];
            let code = categories.code(mention.category);
            let label = mention
                .label
                .as_deref()
                .filter(|_| code == "proactive.theme" || code == "unmapped");
            let value = match mention.value {
                Value::Count(count) => count.to_string(),
                Value::Fen(fen) => format!("{}.{:02}", fen / 100, fen % 100),
                Value::Nothing => "?".to_owned(),
            };
            let mark = match mention.status {
                Status::Approximate => "~",
                Status::Repaired => "!",
                Status::InWords => "w",
                Status::Reported | Status::Blank | Status::NotApplicable => "",
            };
            let period = if mention.period == Period::Cumulative { "c" } else { "" };
            let label = label.map(|label| format!("[{label}]")).unwrap_or_default();
            format!("{code}{label}={value}{mark}{period}")
        });
        shown.collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn sentences_give_exactly_their_statistics() {
    let reader = Reader::new();
    let cases = include_str!("sentences.tsv");
    let mut wrong = Vec::new();
    for line in cases.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (text, expected) = line
            .split_once('\t')
            .expect("a case is a text, a tab and what it gives");
        let found = reader.read(&text.replace("\\n", "\n"));
        if found != expected.trim() {
            wrong.push(format!("{text}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
