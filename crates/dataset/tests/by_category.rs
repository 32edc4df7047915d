//! The observations by category: all of them, in their order, with what tells which to add up.
#![allow(clippy::unwrap_used)]

mod support;

use gongkai_dataset::{DumpRows, Output, WriteOptions};
use gongkai_extract::Applicant;
use gongkai_test_support::{read, texts};
use support::{Cell, LEXICON, Small, cell, small, write};

const RECEIVED: &str = "requests.received.total";

fn labelled(category: &'static str, label: &str, count: i64) -> Cell {
    Cell {
        label: Some(label.to_owned()),
        ..cell(category, count)
    }
}

fn of_business(count: i64) -> Cell {
    Cell {
        applicant: Applicant::Business,
        ..cell(RECEIVED, count)
    }
}

/// Enough numbers that two reports with all of them are no chance; they are not looked at.
fn others() -> impl Iterator<Item = Cell> {
    let names = [
        "requests.outcome.granted",
        "requests.outcome.granted_with_public",
        "requests.outcome.total",
        "requests.carried_in",
        "requests.carried_out",
        "review.upheld",
        "review.corrected",
        "litigation.direct.total",
    ];
    names.into_iter().zip(11..).map(|(name, count)| cell(name, count))
}

/// Reports of two provinces, of no year and of no place; the last is a copy of the first with fewer values.
fn reports() -> Vec<Small> {
    let cells = others().chain([
        cell(RECEIVED, 8),
        of_business(3),
        labelled("proactive.theme", "机构职能", 5),
        labelled("proactive.theme", "财政", 6),
        cell("review.total", 2),
    ]);
    let full = small("a", "440106", 2021, cells.collect());
    let mut copy = full.clone();
    copy.origin = "e".to_owned();
    copy.cells.pop();
    let mut without_year = small("c", "440106", 2021, vec![labelled(RECEIVED, "收到", 1)]);
    without_year.year = None;
    let mut without_place = small("d", "440106", 2021, vec![cell(RECEIVED, 9), cell("review.total", 7)]);
    without_place.code = None;
    let other = small("b", "110101", 2020, vec![cell(RECEIVED, 4), cell("review.total", 1)]);
    vec![full, other, without_year, without_place, copy]
}

/// The table, a line for each row; reports by what they have in `review.total` and what they have of business.
fn lines(dumps: impl IntoIterator<Item = DumpRows>, options: Option<WriteOptions>) -> Vec<String> {
    let out = tempfile::tempdir().unwrap();
    let path = match options {
        None => write(out.path(), dumps).path,
        Some(options) => {
            let output = Output::open(out.path()).unwrap();
            let writer = output.begin(options, &LEXICON).unwrap();
            let mut worker = writer.worker();
            dumps.into_iter().for_each(|dump| worker.push(dump).unwrap());
            writer.finish(vec![worker], serde_json::json!({})).unwrap().path
        }
    };
    let frame = read(&path.join("by_category.parquet"));
    let columns = [
        "category",
        "year",
        "jurisdiction_code",
        "applicant",
        "label",
        "count",
        "duplicate",
    ];
    let columns = columns.map(|column| texts(&frame, column));
    let rows = (0..frame.height()).map(|row| columns.each_ref().map(|column| column[row].as_str()).join(" "));
    let others: Vec<String> = others().map(|cell| format!("{} ", cell.category)).collect();
    rows.filter(|row| !others.iter().any(|other| row.starts_with(other)))
        .collect()
}

#[test]
fn every_observation_is_there_in_order_and_copies_are_marked() {
    let found = lines(reports().iter().map(Small::rows), None);
    let sorted = |mut lines: Vec<&str>| {
        lines.sort_unstable();
        lines.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    // Of one place and year the report ids decide, which hash the text: these lines are compared without their order.
    let groups = [
        vec![
            "proactive.theme 2021 440106 all 机构职能 5 false",
            "proactive.theme 2021 440106 all 财政 6 false",
            "proactive.theme 2021 440106 all 机构职能 5 true",
            "proactive.theme 2021 440106 all 财政 6 true",
        ],
        vec!["requests.received.total 2020 110101 all  4 false"],
        vec!["requests.received.total 2021  all  9 false"],
        vec![
            "requests.received.total 2021 440106 all  8 false",
            "requests.received.total 2021 440106 all  8 true",
            "requests.received.total 2021 440106 business  3 false",
            "requests.received.total 2021 440106 business  3 true",
        ],
        vec!["requests.received.total  440106 all  1 false"],
        vec!["review.total 2020 110101 all  1 false"],
        vec!["review.total 2021  all  7 false"],
        vec!["review.total 2021 440106 all  2 false"],
    ];
    let mut rest = found.as_slice();
    for group in groups {
        let (lines, after) = rest.split_at(group.len().min(rest.len()));
        let lines = lines.iter().map(String::as_str).collect();
        assert_eq!(sorted(lines), sorted(group), "all: {found:#?}");
        rest = after;
    }
    assert_eq!(rest, [""; 0]);
}

/// A partition that is too large for memory is cut into many slices of one category.
#[test]
fn slices_of_a_large_partition_stay_in_order() {
    let many: Vec<Small> = (0..40)
        .flat_map(|number| {
            let code = ["440103", "440104", "440105", "440106"][number % 4];
            let cells = vec![cell(RECEIVED, number as i64), cell("review.total", number as i64)];
            [small(&format!("{number}"), code, 2021, cells)]
        })
        .collect();
    let dumps = || many.iter().map(Small::rows);
    let narrow = WriteOptions {
        spill_bytes: 1,
        ..WriteOptions::default()
    };
    let found = lines(dumps(), Some(narrow));
    assert_eq!(found.len(), 80);
    assert_eq!(found, lines(dumps(), None));
}
