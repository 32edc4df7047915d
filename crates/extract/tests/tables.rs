//! Tables as sites print and text extraction leaves them, and exactly what is read from them. Anyone can add a case.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;

use gongkai_extract::{Applicant, Extractor, Outcome, Report, Value};
use gongkai_lexicon::{DataSource, Lexicon};
use gongkai_page::{Limits, PageKind, read};

const TITLE: &str = "云溪县财政局2022年政府信息公开工作年度报告\n";

/// The applicant columns in printed order.
const COLUMNS: [Applicant; 7] = [
    Applicant::NaturalPerson,
    Applicant::Business,
    Applicant::Research,
    Applicant::PublicInterest,
    Applicant::LegalService,
    Applicant::Other,
    Applicant::All,
];

/// What a report says, a line each category: its value, or its seven columns with `.` where nothing was read; `?` is a
/// blank and `/` not applicable. Then the codes of what was left out.
fn shown(report: &Report, lexicon: &Lexicon) -> Vec<String> {
    let mut rows: BTreeMap<&str, BTreeMap<Applicant, String>> = BTreeMap::new();
    for observation in &report.observations {
        let mention = &report.mentions[observation.mention];
        let value = match mention.value {
            Value::Count(count) => count.to_string(),
            Value::Fen(fen) => format!("{}.{:02}", fen / 100, fen % 100),
            Value::Nothing if mention.status == gongkai_extract::Status::Blank => "?".to_owned(),
            Value::Nothing => "/".to_owned(),
        };
        let code = lexicon.categories.code(mention.category);
        rows.entry(code).or_default().insert(mention.applicant, value);
    }
    let mut lines: Vec<String> = rows
        .iter()
        .map(|(code, columns)| {
            let alone = columns.len() == 1 && columns.contains_key(&Applicant::All);
            let cell = |column: &Applicant| columns.get(column).map_or(".", String::as_str);
            let split = COLUMNS.iter().map(cell).collect::<Vec<_>>().join(" ");
            format!("{code} {}", if alone { cell(&Applicant::All) } else { &split })
        })
        .collect();
    let mut left_out: Vec<String> = report
        .problems
        .iter()
        .map(|problem| format!("! {}", problem.code))
        .collect();
    left_out.dedup();
    lines.append(&mut left_out);
    lines
}

#[test]
fn tables_give_exactly_their_statistics() {
    let extractor = Extractor::new(Lexicon::load(&DataSource::embedded()).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for case in include_str!("tables.txt").split("\n=== ").skip(1) {
        let (name, rest) = case.split_once('\n').expect("a case has a name and a page");
        let (page, expected) = rest
            .split_once("\n--- \n")
            .unwrap_or_else(|| panic!("no `--- ` line: {name}"));
        let kind = if page.contains("<table") {
            PageKind::Html
        } else {
            PageKind::Text
        };
        let title = if kind == PageKind::Html {
            format!("<p>{TITLE}</p>")
        } else {
            TITLE.to_owned()
        };
        let page = read(format!("{title}{page}\n").as_bytes(), kind, &Limits::default());
        let found = match extractor.extract(&page, "") {
            Outcome::Reports(reports) => shown(reports.first().unwrap(), extractor.lexicon()).join("\n"),
            Outcome::NotAReport { reason, .. } => reason.to_owned(),
        };
        if found != expected.trim_end() {
            wrong.push(format!(
                "=== {name}\n--- expected\n{}\n--- found\n{found}",
                expected.trim_end()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
