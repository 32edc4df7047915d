//! Whole reports against gold: the samples in this project, and five real reports where they are at hand.
//!
//! The accuracy report counts; this test names the first value that is wrong, so that a broken rule shows its file.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gongkai_extract::{Extractor, Outcome, Report, Value};
use gongkai_lexicon::{CategoryKind, DataSource, Lexicon};
use gongkai_page::{Limits, PageKind, read};
use serde_json::Value as Json;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn extractor() -> Extractor {
    Extractor::new(Lexicon::load(&DataSource::embedded()).unwrap()).unwrap()
}

/// What a key has: a count, fen, or the status of a cell without a number.
#[derive(Debug, PartialEq, Eq, Clone)]
enum Cell {
    Number(i64),
    Nothing(String),
}

type Key = (String, String, String, String);

fn bare(label: &str) -> String {
    let kept: String = label
        .chars()
        .filter(|c| !c.is_whitespace() && !"\"“”‘’《》".contains(*c))
        .collect();
    kept.trim_end_matches("信息").trim_end_matches('类').to_owned()
}

fn gold_cells(line: &Json, extractor: &Extractor) -> BTreeMap<Key, Cell> {
    let categories = &extractor.lexicon().categories;
    let text = |row: &Json, key: &str, default: &str| row[key].as_str().unwrap_or(default).to_owned();
    let rows = line["observations"].as_array().into_iter().flatten();
    rows.map(|row| {
        let category = text(row, "category", "");
        let open = categories.get(categories.id(&category).unwrap()).kind == CategoryKind::List;
        let label = if open {
            bare(&text(row, "label", ""))
        } else {
            String::new()
        };
        let fen = row["amount_cny"].as_f64().map(|yuan| (yuan * 100.0).round() as i64);
        let cell = match row["count"].as_i64().or(fen) {
            Some(number) => Cell::Number(number),
            None => Cell::Nothing(text(row, "status", "blank")),
        };
        (
            (
                category,
                label,
                text(row, "applicant", "all"),
                text(row, "period", "year"),
            ),
            cell,
        )
    })
    .collect()
}

fn read_cells(report: &Report, extractor: &Extractor) -> BTreeMap<Key, Cell> {
    let categories = &extractor.lexicon().categories;
    let cells = report.observations.iter().map(|observation| {
        let mention = &report.mentions[observation.mention];
        let category = categories.get(mention.category);
        let open = category.kind == CategoryKind::List;
        let label = mention.label.as_deref().filter(|_| open).map(bare).unwrap_or_default();
        let cell = match mention.value {
            Value::Count(count) => Cell::Number(count),
            Value::Fen(fen) => Cell::Number(fen),
            Value::Nothing => Cell::Nothing(mention.status.as_str().to_owned()),
        };
        let key = (
            category.code.clone(),
            label,
            mention.applicant.as_str().to_owned(),
            mention.period.as_str().to_owned(),
        );
        (key, cell)
    });
    cells.collect()
}

/// Values that are wrong: another number than gold's, or a number where gold says that everything is listed.
fn wrong_values(line: &Json, read: &BTreeMap<Key, Cell>, gold: &BTreeMap<Key, Cell>) -> Vec<String> {
    let prefixes = |key: &str| -> Vec<String> {
        line[key]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.as_str().map(str::to_owned))
            .collect()
    };
    let complete = prefixes("complete");
    let ignored: Vec<String> = prefixes("ignore")
        .iter()
        .map(|entry| entry.split(':').next().unwrap().to_owned())
        .collect();
    let covers = |list: &[String], category: &str| list.iter().any(|prefix| category.starts_with(prefix.as_str()));
    let wrong = read.iter().filter(|(key, cell)| match gold.get(*key) {
        Some(expected) => expected != *cell && matches!(cell, Cell::Number(_)),
        None => matches!(cell, Cell::Number(_)) && covers(&complete, &key.0) && !covers(&ignored, &key.0),
    });
    wrong
        .map(|(key, cell)| format!("{key:?} is {cell:?}, gold {:?}", gold.get(key)))
        .collect()
}

struct Score {
    found: usize,
    expected: usize,
}

/// Every document of a gold file; no wrong value anywhere, and the share of gold's numbers that are found.
fn check(gold_file: &Path, dumps: &Path) -> Score {
    let extractor = extractor();
    let gold = std::fs::read_to_string(gold_file).unwrap();
    let mut score = Score { found: 0, expected: 0 };
    let mut wrong = Vec::new();
    for line in gold.lines().filter(|line| !line.trim().is_empty()) {
        let line: Json = serde_json::from_str(line).unwrap();
        let file = line["file"].as_str().unwrap();
        let bytes = std::fs::read(dumps.join(file)).unwrap();
        let page = read(&bytes, PageKind::of(file, &bytes), &Limits::default());
        match extractor.extract(&page, file) {
            Outcome::NotAReport { message, .. } => {
                assert!(line["report"].is_null(), "{file}: rejected: {message}");
            }
            Outcome::Reports(reports) => {
                assert!(!line["report"].is_null(), "{file}: taken for a report");
                let report = reports.first().unwrap();
                let (read, expected) = (read_cells(report, &extractor), gold_cells(&line, &extractor));
                wrong.extend(
                    wrong_values(&line, &read, &expected)
                        .into_iter()
                        .map(|value| format!("{file}: {value}")),
                );
                wrong.extend(
                    wrong_identity(&line["report"], report)
                        .into_iter()
                        .map(|field| format!("{file}: {field}")),
                );
                let numbers = expected.iter().filter(|(_, cell)| matches!(cell, Cell::Number(_)));
                score.expected += numbers.clone().count();
                score.found += numbers.filter(|(key, cell)| read.get(*key) == Some(*cell)).count();
            }
        }
    }
    assert!(wrong.is_empty(), "wrong values:\n{}", wrong.join("\n"));
    score
}

fn wrong_identity(gold: &Json, report: &Report) -> Vec<String> {
    let identity = &report.identity;
    let mut wrong = Vec::new();
    let year = identity.year.map(i64::from);
    if gold["year"].as_i64() != year {
        wrong.push(format!("year is {year:?}, gold {}", gold["year"]));
    }
    let zone = gold["zone"].as_bool() == Some(true);
    let code = identity.jurisdiction_code.as_deref();
    if gold["jurisdiction_code"].as_str() != code && !(zone && code.is_none()) {
        wrong.push(format!("code is {code:?}, gold {}", gold["jurisdiction_code"]));
    }
    let level = identity.level.map(gongkai_extract::Level::as_str);
    if gold["level"].as_str() != level && !zone {
        wrong.push(format!("level is {level:?}, gold {}", gold["level"]));
    }
    wrong
}

#[test]
fn samples_have_no_wrong_value_and_few_missing() {
    let samples = root().join("data/samples");
    let score = check(&samples.join("gold.jsonl"), &samples.join("dumps"));
    assert!(
        score.found * 1000 >= score.expected * 990,
        "{} of {} numbers found",
        score.found,
        score.expected
    );
}

#[test]
fn seeds_have_no_wrong_value_and_few_missing() {
    let shared = root().join("../shared");
    if !shared.join("gold/seeds.jsonl").exists() {
        println!("the seed reports are absent: skipped");
        return;
    }
    let score = check(&shared.join("gold/seeds.jsonl"), &shared.join("seeds"));
    assert!(
        score.found * 1000 >= score.expected * 990,
        "{} of {} numbers found",
        score.found,
        score.expected
    );
}
