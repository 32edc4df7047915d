//! The panel and the indicators of small examples.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;

use gongkai_dataset::{FindingKind, verify};
use gongkai_extract::{Applicant, BodyKind, CheckMark, Period, Scope, Value};
use gongkai_lexicon::Relation;
use gongkai_test_support::{lists, read, texts};
use proptest::prelude::*;
use support::{Cell, LEXICON, Small, cell, small, write};

/// No line.
const NONE: [&str; 0] = [];

/// Columns of a table of the snapshot that the reports give, a line for each row.
fn table(reports: &[Small], table: &str, columns: &[&str]) -> Vec<String> {
    let out = tempfile::tempdir().unwrap();
    lines(&write(out.path(), reports.iter().map(Small::rows)).path, table, columns)
}

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
fn of_several_reports_the_rule_decides_in_its_order() {
    // Each is better than all behind it by one thing, and worse by whatever else it can.
    let full = || ["review.total", "review.upheld", "review.other"].map(|category| cell(category, 0));
    let report = |number: i64, more: usize| {
        let mut cells = vec![cell("requests.received.total", number)];
        cells.extend(full().into_iter().take(more));
        small("x", "440106", 2021, cells)
    };
    let joint = |mut report: Small| {
        report.co_organs = vec!["天河区政务服务数据管理局".to_owned()];
        report
    };
    let with = |mut report: Small, kind, scope| {
        (report.kind, report.scope) = (kind, scope);
        report
    };
    let mut sound = report(3, 2);
    sound.fails = false;
    let ranked = [
        report(1, 3),
        sound,
        report(4, 2),
        joint(report(5, 3)),
        with(report(6, 3), BodyKind::GovernmentOffice, Scope::Territory),
        with(report(7, 3), BodyKind::Government, Scope::Unknown),
        with(report(8, 3), BodyKind::Government, Scope::OwnLevel),
    ];
    let outside = [
        with(report(0, 3), BodyKind::Government, Scope::Subset),
        with(report(0, 3), BodyKind::Government, Scope::Unit),
        joint(with(report(0, 3), BodyKind::Department, Scope::Territory)),
    ];
    for from in 0..ranked.len() {
        let reports: Vec<Small> = ranked[from..].iter().rev().chain(&outside).cloned().collect();
        let found = table(&reports, "panel", &["category", "count"]);
        let received = match &ranked[from].cells[0].value {
            Value::Count(number) => format!("requests.received.total {number}"),
            other => panic!("{other:?}"),
        };
        assert_eq!(found[0], received, "{found:?}");
    }
    assert_eq!(table(&outside, "panel", &["category"]), NONE);
}

#[test]
fn a_series_has_one_value_a_year_and_says_where_forms_break_it() {
    let of_form = |category, count, row| Cell {
        row: Some(row),
        ..cell(category, count)
    };
    let report = |year, cells| small("x", "440106", year, cells);
    let granted = |count, row| of_form("requests.outcome.granted", count, row);
    let public = of_form("requests.outcome.already_public", 3, "N14-31");
    let reports = [
        // A provincial form a year before the first that is known of it: nothing changed in between.
        report(2008, vec![granted(0, "FJ09-12")]),
        report(2012, vec![granted(1, "SH18")]),
        report(2016, vec![granted(2, "N14-32"), public]),
        // Without the row for what was public already the series has no value.
        report(2017, vec![granted(4, "N14-32")]),
        // The form of 2014 in a report on 2019.
        report(2019, vec![granted(5, "N14-32")]),
        report(2020, vec![granted(6, "S19-3-04")]),
        report(2022, vec![cell("requests.outcome.granted", 7)]),
    ];
    let columns = ["series", "year", "category", "count", "comparability", "derived"];
    let mut found = table(&reports, "panel", &columns);
    found.retain(|line| line.starts_with("requests.outcome.granted"));
    let series = "requests.outcome.granted";
    let expected = [
        format!("{series} 2008 {series} 0 near false"),
        format!("{series} 2012 {series} 1 near false"),
        format!("{series}.without_public 2016 {series} 2 exact false"),
        format!("{series} 2016 {series}_with_public 5 near true"),
        format!("{series}.without_public 2017 {series} 4 exact false"),
        format!("{series} 2019 {series} 5 break false"),
        format!("{series} 2020 {series} 6 exact false"),
        format!("{series} 2022 {series} 7 exact false"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_printed_row_makes_a_value_less_comparable() {
    let of = |relation| Cell {
        relation,
        ..cell("review.upheld", 1)
    };
    for (relation, expected) in [
        (Relation::Exact, "exact"),
        (Relation::Broader, "near"),
        (Relation::Narrower, "near"),
        (Relation::Near, "near"),
        (Relation::NotComparable, "break"),
    ] {
        let report = small("x", "440106", 2016, vec![of(relation)]);
        assert_eq!(
            table(&[report], "panel", &["comparability"]),
            [expected],
            "{relation:?}"
        );
    }
}

/// The parts of a total, from 1 on.
fn parts(names: &[&'static str]) -> Vec<Cell> {
    (1..).zip(names).map(|(count, name)| cell(name, count)).collect()
}

const UNABLE: [&str; 3] = [
    "requests.outcome.unable.not_held",
    "requests.outcome.unable.needs_creation",
    "requests.outcome.unable.unclear",
];

fn derived(reports: &[Small]) -> Vec<String> {
    let columns = ["derived", "category", "applicant", "count", "check", "confidence"];
    let mut found = table(reports, "panel", &columns);
    found.retain(|line| line.starts_with("true"));
    found
}

#[test]
fn totals_that_no_form_prints_are_sums_of_one_report() {
    let mut sound = parts(&UNABLE);
    sound[1].check = CheckMark::Warned;
    sound[1].confidence = 0.75;
    sound.extend(parts(&UNABLE).into_iter().map(|part| Cell {
        applicant: Applicant::Business,
        ..part
    }));
    let total = "requests.outcome.unable.total";
    let expected = [
        format!("true {total} all 6 warned 0.75"),
        format!("true {total} business 6 passed 0.9"),
    ];
    assert_eq!(derived(&[small("x", "440106", 2021, sound.clone())]), expected);

    let mut printed = sound.clone();
    printed.push(cell(total, 9));
    assert_eq!(derived(&[small("x", "440106", 2021, printed)]), expected[1..]);

    let mut blank = sound.clone();
    blank[2].value = Value::Nothing;
    assert_eq!(derived(&[small("x", "440106", 2021, blank)]), expected[1..]);

    // The part that the fuller report lacks is in the panel, too, but of another report.
    let mut lacking = parts(&UNABLE[..2]);
    lacking.extend(parts(&["review.total", "review.upheld"]));
    let other = small("x", "440106", 2021, vec![cell(UNABLE[2], 3)]);
    let reports = [small("x", "440106", 2021, lacking), other];
    assert_eq!(table(&reports, "panel", &["category"]).len(), 5);
    assert_eq!(derived(&reports), NONE);

    // No form had these rows then.
    assert_eq!(derived(&[small("x", "440106", 2016, sound)]), NONE);
}

#[test]
fn every_total_of_the_data_is_made() {
    for total in &LEXICON.derived {
        let year = if total.years.contains(2023) { 2023 } else { 2016 };
        let code = |id| LEXICON.categories.code(id);
        let names: Vec<&'static str> = total.parts.iter().map(|part| code(*part)).collect();
        let sum = names.len() * (names.len() + 1) / 2;
        let found = derived(&[small("x", "440106", year, parts(&names))]);
        let expected = format!("true {} all {sum} passed 0.9", code(total.category));
        assert!(found.contains(&expected), "{found:?}");
    }
}

#[test]
fn today_s_code_joins_years_over_boundary_changes() {
    let report = |code, year| small("x", code, year, vec![cell("review.total", 1)]);
    let reports = [
        report("440183", 2013), // 增城: county-level city, a district since 2014
        report("440118", 2014),
        report("110103", 2009), // 崇文: merged into 东城
        report("330104", 2020), // 江干: split between 上城 and 钱塘; the main part is 上城's
        report("330110", 2020), // 余杭: gave 临平 and goes on
        report("330110", 2021),
    ];
    let columns = ["jurisdiction_code", "year", "lineage_code", "lineage"];
    let expected = [
        "110103 2009 110101 part",
        "330104 2020 330102 divided",
        "330110 2020 330110 divided",
        "330110 2021 330110 same",
        "440118 2014 440118 same",
        "440183 2013 440118 same",
    ];
    assert_eq!(table(&reports, "panel", &columns), expected);
}

#[test]
fn indicators_need_all_their_parts() {
    let business = |count| Cell {
        applicant: Applicant::Business,
        ..cell("requests.received.total", count)
    };
    let mut warned = cell("requests.carried_out", 1);
    (warned.check, warned.confidence) = (CheckMark::Warned, 0.5);
    let cells = vec![
        cell("requests.received.total", 8),
        business(2),
        cell("requests.carried_in", 2),
        warned,
        cell("requests.outcome.total", 9),
        cell("requests.outcome.granted", 3),
        cell("requests.outcome.denied.state_secret", 1),
        cell("requests.outcome.denied.third_party", 1),
        cell("requests.outcome.denied.security_stability", 0),
        cell("review.total", 0),
        cell("review.corrected", 0),
        cell("litigation.direct.total", 3),
        cell("litigation.after_review.total", 1),
        cell("litigation.direct.corrected", 1),
        cell("litigation.after_review.corrected", 0),
    ];
    let mut complete = cells.clone();
    complete.push(cell("requests.outcome.denied.law_forbidden", 1));
    let mut blank = cell("requests.outcome.denied.law_forbidden", 1);
    blank.value = Value::Nothing;
    let mut incomplete = cells.clone();
    incomplete.push(blank);
    let reports = [
        small("a", "440106", 2021, incomplete),
        small("a", "440106", 2022, complete),
    ];
    let columns = ["year", "indicator", "numerator", "denominator", "check", "confidence"];
    let found = table(&reports, "indicators", &columns);
    let common = [
        "business_share 2 8 passed 0.9",
        "carry_over 1 10 warned 0.5",
        "granted_share 3 9 passed 0.9",
        "litigation_corrected_share 1 4 passed 0.9",
        "litigation_rate 4 9 passed 0.9",
        "review_rate 0 9 passed 0.9",
    ];
    let mut expected: Vec<String> = common.iter().map(|line| format!("2021 {line}")).collect();
    expected.extend(common[..3].iter().map(|line| format!("2022 {line}")));
    expected.extend(common[3..5].iter().map(|line| format!("2022 {line}")));
    expected.push("2022 refusal_core_share 3 9 passed 0.9".to_owned());
    expected.push(format!("2022 {}", common[5]));
    assert_eq!(found, expected);
}

#[test]
fn an_indicator_is_as_comparable_as_its_worst_part() {
    let report = |year| {
        let cells = vec![
            cell("requests.outcome.total", 9),
            cell("requests.outcome.granted", 3),
            cell("requests.outcome.already_public", 1),
        ];
        small("a", "440106", year, cells)
    };
    let found = table(
        &[report(2016), report(2021)],
        "indicators",
        &["year", "indicator", "numerator", "comparability"],
    );
    assert_eq!(found, ["2016 granted_share 4 near", "2021 granted_share 3 exact"]);
}

#[test]
fn coverage_names_every_place_of_every_year() {
    let sound = |code, year| {
        let mut report = small("x", code, year, vec![cell("review.total", 1)]);
        (report.fails, report.certainty) = (false, 0.9);
        report
    };
    let mut failing = sound("440106", 2010);
    failing.fails = true;
    let mut own_level = sound("440105", 2010);
    own_level.scope = Scope::OwnLevel;
    let mut partial = sound("440104", 2010);
    partial.scope = Scope::Subset;
    let mut unsure = sound("440103", 2010);
    unsure.certainty = 0.4;
    let mut bureau = sound("440112", 2010);
    bureau.kind = BodyKind::Department;
    let first = sound("110103", 2009); // merged away on 31 December 2010
    let reports = [
        failing,
        own_level,
        partial,
        unsure,
        bureau,
        first,
        sound("440100", 2010),
    ];
    let out = tempfile::tempdir().unwrap();
    let path = write(out.path(), reports.iter().map(Small::rows)).path;
    let columns = [
        "jurisdiction_code",
        "year",
        "status",
        "level",
        "province",
        "n_observations",
    ];
    let found = lines(&path, "coverage", &columns);
    let frame = read(&path.join("coverage.parquet"));
    let doubts = lists(&frame, "doubts");
    let line = |start: &str| {
        let row = found.iter().position(|line| line.starts_with(start));
        row.map(|row| format!("{} {}", found[row], doubts[row].join(",")))
    };
    for (start, expected) in [
        ("110103 2009", Some("present county 北京市 1 ")),
        ("110103 2010", None),
        ("110101 2010", Some("missing county 北京市  ")),
        ("440100 2010", Some("present prefecture 广东省 1 ")),
        ("440000 2010", Some("missing province 广东省  ")),
        ("440106 2010", Some("doubtful county 广东省 1 check_failed")),
        ("440105 2010", Some("doubtful county 广东省 1 narrower_scope")),
        ("440104 2010", Some("doubtful county 广东省 1 narrower_scope")),
        ("440103 2010", Some("doubtful county 广东省 1 low_confidence")),
        ("440112 2010", Some("missing county 广东省  ")),
        ("440106 2011", None),
    ] {
        assert_eq!(line(start), expected.map(|rest| format!("{start} {rest}")), "{start}");
    }
    let places = LEXICON.gazetteer.places().iter();
    let valid = |year| places.clone().filter(|place| place.valid_in(year)).count();
    assert_eq!(found.len(), valid(2009) + valid(2010));
    assert!(found.iter().map(|line| &line[..11]).is_sorted());
}

#[test]
fn a_better_report_is_what_coverage_tells_of() {
    let mut partial = small("x", "440106", 2021, parts(&UNABLE));
    partial.scope = Scope::Subset;
    let whole = small("x", "440106", 2021, vec![cell("review.total", 1)]);
    for reports in [[partial.clone(), whole.clone()], [whole.clone(), partial]] {
        let mut found = table(
            &reports,
            "coverage",
            &["jurisdiction_code", "report_id", "n_observations", "scope"],
        );
        found.retain(|line| line.starts_with("440106"));
        let id = &whole.rows().reports[0].report.report_id;
        assert_eq!(found, [format!("440106 {id} 1 territory")]);
    }
}

/// Reports with at most one value for a key, on few places and years, so that many compete.
fn reports() -> impl Strategy<Value = Vec<Small>> {
    let names = UNABLE.into_iter().chain([
        "requests.outcome.unable.total",
        "requests.outcome.total",
        "requests.outcome.granted",
        "requests.outcome.already_public",
        "requests.received.total",
        "statutory.fee.amount",
    ]);
    let names: Vec<&'static str> = names.collect();
    let applicants = [Applicant::All, Applicant::Business];
    let keys: Vec<(&'static str, Applicant)> = names
        .iter()
        .flat_map(|name| applicants.map(|one| (*name, one)))
        .collect();
    let cells = prop::sample::subsequence(keys.clone(), 1..keys.len());
    let values = prop::collection::vec((0..4i64, prop::sample::select(Relation::ALL), 0..3usize), keys.len());
    let report = (
        prop::sample::select(vec!["440106", "440100", "110101", "330110"]),
        prop::sample::select(vec![2016i16, 2020, 2021]),
        prop::sample::select(vec![BodyKind::Government, BodyKind::GovernmentOffice]),
        prop::sample::select(Scope::ALL.to_vec()),
        cells,
        values,
    );
    let report = report.prop_map(|(code, year, kind, scope, keys, values)| {
        let cells = keys
            .into_iter()
            .zip(values)
            .map(|((category, applicant), (count, relation, check))| Cell {
                applicant,
                relation,
                value: match count {
                    0 => Value::Nothing,
                    count if category == "statutory.fee.amount" => Value::Fen(count),
                    count => Value::Count(count),
                },
                check: CheckMark::ALL[check],
                ..cell(category, count)
            });
        Small {
            kind,
            scope,
            ..small("x", code, year, cells.collect())
        }
    });
    prop::collection::vec(report, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Two programs that share only the data agree on every row of panel, indicators and coverage.
    #[test]
    fn verify_makes_the_same_tables(reports in reports()) {
        let out = tempfile::tempdir().unwrap();
        let path = write(out.path(), reports.iter().map(Small::rows)).path;
        let mut found = Vec::new();
        verify(&path, &LEXICON, 50, &mut |finding| {
            if finding.kind == FindingKind::Panel || finding.file.contains("coverage") {
                found.push(finding.to_string());
            }
        })
        .unwrap();
        prop_assert!(found.is_empty(), "{}", found.join("\n"));
        let rows = lines(&path, "panel", &["jurisdiction_code", "year", "series", "applicant"]);
        let mut distinct = rows.clone();
        distinct.sort();
        distinct.dedup();
        prop_assert_eq!(distinct.len(), rows.len(), "a series has two values");
    }
}
