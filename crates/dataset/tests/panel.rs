//! The panel and the indicators of small examples.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;

use gongkai_extract::{Applicant, BodyKind, Period, Scope, Value};
use gongkai_test_support::{read, texts};
use support::{Cell, Small, cell, small, write};

fn panel(reports: &[Small]) -> (Vec<String>, Vec<String>) {
    let out = tempfile::tempdir().unwrap();
    let published = write(out.path(), reports.iter().map(Small::rows));
    (
        lines(
            &published.path,
            "panel",
            &["jurisdiction_code", "year", "category", "applicant", "count"],
        ),
        lines(
            &published.path,
            "indicators",
            &["jurisdiction_code", "year", "indicator", "numerator", "denominator"],
        ),
    )
}

fn lines(snapshot: &Path, table: &str, columns: &[&str]) -> Vec<String> {
    let frame = read(&snapshot.join(format!("{table}.parquet")));
    let columns: Vec<Vec<String>> = columns.iter().map(|column| texts(&frame, column)).collect();
    (0..frame.height())
        .map(|row| {
            columns
                .iter()
                .map(|column| column[row].as_str())
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect()
}

#[test]
fn the_fuller_report_of_the_whole_territory_is_taken() {
    let short = small("a", "440106", 2021, vec![cell("requests.received.total", 1)]);
    let full = small(
        "b",
        "440106",
        2021,
        vec![cell("requests.received.total", 2), cell("review.total", 0)],
    );
    let mut own_level = small(
        "c",
        "440106",
        2021,
        vec![
            cell("requests.received.total", 3),
            cell("review.total", 3),
            cell("review.corrected", 3),
        ],
    );
    own_level.scope = Scope::OwnLevel;
    let mut bureau = own_level.clone();
    bureau.kind = BodyKind::Department;
    bureau.code = Some("440107".to_owned());
    let mut part = own_level.clone();
    part.scope = Scope::Subset;
    part.code = Some("440108".to_owned());
    let (panel, _) = panel(&[short, full, own_level, bureau, part]);
    let expected = [
        "440106 2021 requests.received.total all 2",
        "440106 2021 review.corrected all 3",
        "440106 2021 review.total all 0",
    ];
    assert_eq!(panel, expected);
}

#[test]
fn blanks_cumulative_values_and_open_lists_stay_out() {
    let cells = vec![
        Cell {
            value: Value::Nothing,
            ..cell("review.total", 0)
        },
        Cell {
            period: Period::Cumulative,
            ..cell("proactive.total", 9)
        },
        Cell {
            label: Some("x".to_owned()),
            ..cell("proactive.theme", 9)
        },
        Cell {
            applicant: Applicant::Business,
            ..cell("requests.carried_in", 4)
        },
    ];
    let mut nowhere = small("b", "440106", 2021, vec![cell("review.total", 1)]);
    nowhere.code = None;
    let (panel, indicators) = panel(&[small("a", "440106", 2021, cells), nowhere]);
    assert_eq!(panel, ["440106 2021 requests.carried_in business 4"]);
    assert!(indicators.is_empty(), "{indicators:?}");
}

#[test]
fn the_panel_is_sorted_by_place_and_year() {
    let report = |code, year| small("a", code, year, vec![cell("review.total", 1)]);
    let (panel, _) = panel(&[
        report("440106", 2020),
        report("110101", 2021),
        report("440106", 2008),
        report("110101", 2008),
    ]);
    let expected = ["110101 2008", "110101 2021", "440106 2008", "440106 2020"];
    assert_eq!(panel.iter().map(|line| &line[..11]).collect::<Vec<_>>(), expected);
}

#[test]
fn indicators_need_all_their_parts() {
    let cells = vec![
        cell("requests.received.total", 8),
        cell("requests.carried_in", 2),
        cell("requests.carried_out", 1),
        cell("requests.outcome.total", 9),
        cell("requests.outcome.granted", 3),
        cell("requests.outcome.already_public", 1),
        cell("requests.outcome.denied.state_secret", 1),
        cell("requests.outcome.denied.third_party", 1),
        cell("requests.outcome.denied.security_stability", 0),
        cell("review.total", 0),
        cell("review.corrected", 0),
    ];
    let mut complete = cells.clone();
    complete.push(cell("requests.outcome.denied.law_forbidden", 1));
    let (_, indicators) = panel(&[small("a", "440106", 2021, cells), small("a", "440106", 2022, complete)]);
    let expected = [
        "440106 2021 carry_over 1 10",
        "440106 2021 granted_share 4 9",
        "440106 2022 carry_over 1 10",
        "440106 2022 granted_share 4 9",
        "440106 2022 refusal_core_share 3 9",
    ];
    assert_eq!(indicators, expected);
}
