//! Year-to-year identities of small examples.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use gongkai_dataset::DumpRows;
use gongkai_extract::{Applicant, BodyKind, Period, Scope, Value};
use gongkai_test_support::{lists, read, texts};
use support::{Cell, Small, cell, small, write};

const IN: &str = "requests.carried_in";
const OUT: &str = "requests.carried_out";

/// What was found, a line each: identity, later year, code, column or row, left, right, result.
fn findings(reports: &[Small]) -> Vec<String> {
    columns(
        reports.iter().map(Small::rows),
        &[
            "identity",
            "year",
            "jurisdiction_code",
            "applicant",
            "left",
            "right",
            "result",
        ],
    )
}

fn columns(dumps: impl Iterator<Item = DumpRows>, names: &[&str]) -> Vec<String> {
    let out = tempfile::tempdir().unwrap();
    let frame = read(&write(out.path(), dumps).path.join("year_checks.parquet"));
    let columns: Vec<Vec<String>> = names.iter().map(|name| texts(&frame, name)).collect();
    let row = |row: usize| {
        columns
            .iter()
            .map(|column| column[row].clone())
            .collect::<Vec<_>>()
            .join(" ")
    };
    (0..frame.height()).map(row).collect()
}

/// A report on a county of Guangdong, or of another code.
fn report(code: &str, year: i16, values: &[(&'static str, i64)]) -> Small {
    small(
        "a",
        code,
        year,
        values.iter().map(|(category, count)| cell(category, *count)).collect(),
    )
}

/// A code, a year and the values of a report.
type Written = (&'static str, i16, &'static [(&'static str, i64)]);

fn with_forms(mut report: Small, forms: &[&'static str]) -> Small {
    report.templates = forms.to_vec();
    report
}

fn blank(category: &'static str) -> Cell {
    Cell {
        value: Value::Nothing,
        ..cell(category, 0)
    }
}

#[test]
fn what_is_carried_out_is_carried_in_a_year_later() {
    for (before, now, expected) in [
        (5, 5, &["S-6 2021 440106 all 5.0 5.0 pass"][..]),
        (5, 0, &["S-6 2021 440106 all 0.0 5.0 fail"]),
    ] {
        let reports = [
            report("440106", 2020, &[(OUT, before)]),
            report("440106", 2021, &[(IN, now)]),
        ];
        assert_eq!(findings(&reports), expected);
    }
}

#[test]
fn every_column_is_tested() {
    let column = |category, applicant, count| Cell {
        applicant,
        ..cell(category, count)
    };
    let before = small(
        "a",
        "440106",
        2021,
        vec![
            cell(OUT, 3),
            column(OUT, Applicant::Business, 2),
            column(OUT, Applicant::Other, 1),
        ],
    );
    let now = small(
        "a",
        "440106",
        2022,
        vec![
            cell(IN, 3),
            column(IN, Applicant::Business, 3),
            column(IN, Applicant::Other, 0),
        ],
    );
    let expected = [
        "S-6 2022 440106 all 3.0 3.0 pass",
        "S-6 2022 440106 business 3.0 2.0 fail",
        "S-6 2022 440106 other 0.0 1.0 fail",
    ];
    assert_eq!(findings(&[now, before]), expected);
}

#[test]
fn only_successive_years_of_one_body_are_compared() {
    let mut bureau = report("440106", 2021, &[(IN, 9)]);
    bureau.kind = BodyKind::Department;
    let mut nameless = report("440107", 2021, &[(IN, 9)]);
    nameless.year = None;
    let reports = [
        report("440106", 2019, &[(OUT, 1)]),
        // A missing year.
        report("440106", 2021, &[(IN, 2), (OUT, 3)]),
        bureau,
        report("440107", 2020, &[(OUT, 4)]),
        nameless,
    ];
    assert_eq!(findings(&reports), [""; 0]);
}

#[test]
fn stocks_are_compared_within_their_form() {
    let items = |year, previous, change| {
        let values = [
            ("statutory.penalty.items_prev", previous),
            ("statutory.penalty.items_change", change),
        ];
        with_forms(report("440106", year, &values), &["S19-2"])
    };
    let documents = |year, issued, repealed, in_force| {
        let values = [
            ("statutory.norm.issued", issued),
            ("statutory.norm.repealed", repealed),
            ("statutory.norm.in_force", in_force),
        ];
        with_forms(report("440106", year, &values), &["S21-2"])
    };
    let reports = [
        items(2019, 100, -4),
        items(2020, 96, 1),
        // The form of 2021 starts a stock of its own.
        documents(2021, 1, 1, 40),
        documents(2022, 7, 2, 45),
        documents(2023, 1, 0, 45),
    ];
    let expected = [
        "S-7c 2020 440106 all 96.0 96.0 pass",
        "S-8b 2022 440106 all 47.0 47.0 pass",
        "S-8b 2023 440106 all 45.0 46.0 fail",
    ];
    assert_eq!(findings(&reports), expected);
}

#[test]
fn cumulative_columns_grow_by_the_year() {
    let table = |year, count, sum| {
        let values = vec![
            cell("review.total", count),
            Cell {
                period: Period::Cumulative,
                ..cell("review.total", sum)
            },
        ];
        with_forms(small("a", "350783", year, values), &["FJ18"])
    };
    let reports = [table(2016, 2, 10), table(2017, 3, 13), table(2018, 3, 15)];
    let expected = [
        "P-5b 2017 350783 all 13.0 13.0 pass",
        "P-5b 2018 350783 all 15.0 16.0 fail",
    ];
    assert_eq!(findings(&reports), expected);
    let other_form = [table(2016, 2, 10), with_forms(table(2017, 3, 14), &["FJ09"])];
    assert_eq!(findings(&other_form), [""; 0]);
}

#[test]
fn what_is_not_printed_is_not_zero() {
    let blank_out = small("a", "440106", 2020, vec![blank(OUT)]);
    let now = report("440106", 2021, &[(IN, 0)]);
    assert_eq!(
        findings(&[blank_out, now.clone()]),
        ["S-6 2021 440106 all 0.0  not_testable"]
    );
    // A side that no report prints has no finding.
    assert_eq!(findings(&[report("440106", 2020, &[(IN, 1)]), now]), [""; 0]);
    // Behind a number a blank counts as 0, as it does within a report.
    let previous = "statutory.fee.items_prev";
    let before = small(
        "a",
        "440106",
        2019,
        vec![cell(previous, 8), blank("statutory.fee.items_change")],
    );
    let reports = [before, report("440106", 2020, &[(previous, 8)])];
    let reports = reports.map(|report| with_forms(report, &["S19-2"]));
    assert_eq!(findings(&reports), ["S-7e 2020 440106 all 8.0 8.0 pass"]);
    // What stood a year before is needed: its change alone is no sum.
    let before = small(
        "a",
        "440106",
        2019,
        vec![blank(previous), cell("statutory.fee.items_change", 1)],
    );
    let reports = [before, report("440106", 2020, &[(previous, 8)])];
    let reports = reports.map(|report| with_forms(report, &["S19-2"]));
    assert_eq!(findings(&reports), ["S-7e 2020 440106 all 8.0  not_testable"]);
}

/// 310108 went into 310106 in 2015; 110103 into 110101 in 2010.
#[test]
fn after_a_merger_the_predecessors_are_added_up() {
    let reports = |years: &[Written]| -> Vec<Small> {
        years
            .iter()
            .map(|(code, year, values)| report(code, *year, values))
            .collect()
    };
    let merged = reports(&[
        ("310106", 2013, &[(OUT, 1)]),
        ("310108", 2013, &[(OUT, 2)]),
        ("310106", 2014, &[(IN, 1), (OUT, 3)]),
        ("310108", 2014, &[(IN, 5), (OUT, 4)]),
        ("310106", 2015, &[(IN, 7), (OUT, 9)]),
        ("310106", 2016, &[(IN, 9)]),
    ]);
    let expected = [
        "S-6 2014 310106 all 1.0 1.0 pass",
        "S-6 2014 310108 all 5.0 2.0 fail",
        "S-6 2015 310106 all 7.0 7.0 pass",
        "S-6 2016 310106 all 9.0 9.0 pass",
    ];
    assert_eq!(findings(&merged), expected);
    let messages = columns(merged.iter().map(Small::rows), &["message"]);
    assert!(
        messages[2].contains("静安区 against 静安区 + 闸北区: 7 against 7, holds"),
        "{messages:?}"
    );

    // A predecessor is missing: the sum is not known.
    let one_missing = reports(&[("310106", 2014, &[(OUT, 3)]), ("310106", 2015, &[(IN, 7)])]);
    assert_eq!(findings(&one_missing), ["S-6 2015 310106 all 7.0  not_testable"]);
    let messages = columns(one_missing.iter().map(Small::rows), &["message"]);
    assert!(
        messages[0].ends_with("no report of 310108 闸北区 for 2014"),
        "{messages:?}"
    );

    // Both still report in the year of the merger: they are added up a year later.
    let late = reports(&[
        ("310106", 2014, &[(OUT, 3)]),
        ("310108", 2014, &[(OUT, 4)]),
        ("310106", 2015, &[(IN, 3), (OUT, 1)]),
        ("310108", 2015, &[(IN, 4), (OUT, 1)]),
        ("310106", 2016, &[(IN, 2)]),
    ]);
    let expected = [
        "S-6 2015 310106 all 3.0 3.0 pass",
        "S-6 2015 310108 all 4.0 4.0 pass",
        "S-6 2016 310106 all 2.0 2.0 pass",
    ];
    assert_eq!(findings(&late), expected);
}

#[test]
fn a_street_of_a_merged_district_goes_on_alone() {
    let street = |code, year, value| {
        let mut report = report(code, year, &[value]);
        report.kind = BodyKind::Street;
        report
    };
    let reports = [street("310108", 2014, (OUT, 4)), street("310106", 2015, (IN, 4))];
    assert_eq!(findings(&reports), ["S-6 2015 310106 all 4.0 4.0 pass"]);
}

/// 440183 became 440118 in 2014.
#[test]
fn a_new_code_is_the_same_body() {
    let reports = [report("440183", 2013, &[(OUT, 4)]), report("440118", 2014, &[(IN, 4)])];
    assert_eq!(findings(&reports), ["S-6 2014 440118 all 4.0 4.0 pass"]);
}

#[test]
fn a_report_counts_once() {
    let before = report("440106", 2020, &[(OUT, 5)]);
    let now = report("440106", 2021, &[(IN, 5)]);
    let mut copy = now.clone();
    copy.origin = "b".to_owned();
    // A second version: the one on the whole territory counts.
    let mut version = report("440106", 2021, &[(IN, 4)]);
    version.scope = Scope::OwnLevel;
    let expected = ["S-6 2021 440106 all 5.0 5.0 pass"];
    assert_eq!(findings(&[version, copy, before, now]), expected);
}

#[test]
fn a_finding_names_both_reports_and_every_place() {
    let reports = [report("440106", 2020, &[(OUT, 5)]), report("440106", 2021, &[(IN, 5)])];
    let ids = reports
        .each_ref()
        .map(|report| report.rows().reports[0].report.report_id.clone());
    let starts = reports
        .each_ref()
        .map(|report| report.rows().reports[0].mentions[0].start);
    let out = tempfile::tempdir().unwrap();
    let found = read(
        &write(out.path(), reports.iter().map(Small::rows))
            .path
            .join("year_checks.parquet"),
    );
    let [before, now] = ids;
    assert_eq!(lists(&found, "previous_report_ids"), [[before.clone()]]);
    assert_eq!(lists(&found, "report_ids"), [[now.clone()]]);
    assert_eq!(lists(&found, "term_report_ids"), [[now, before]]);
    let expected: Vec<String> = starts.iter().rev().map(u32::to_string).collect();
    assert_eq!(lists(&found, "term_starts"), [expected]);
}
