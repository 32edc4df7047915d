//! What `diff` tells of two small snapshots, against a comparison of all their rows.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use gongkai_dataset::{Difference, DumpRows, Output, Record, Totals, WriteOptions, diff};
use gongkai_extract::{Applicant, CheckMark, Period, Value};
use gongkai_lexicon::CategoryKind;
use gongkai_test_support::{files, read};
use proptest::prelude::*;
use support::{Cell, LEXICON, Small};

fn write(out: &Path, dumps: &[DumpRows]) {
    write_in_groups(out, dumps, 16);
}

fn write_in_groups(out: &Path, dumps: &[DumpRows], row_group_rows: usize) {
    let options = WriteOptions {
        spill_bytes: 1 << 20,
        row_group_rows,
    };
    let output = Output::open(out).unwrap();
    let writer = output.begin(options, &LEXICON).unwrap();
    let mut worker = writer.worker();
    dumps.iter().for_each(|dump| worker.push(dump.clone()).unwrap());
    writer.finish(vec![worker], serde_json::json!({})).unwrap();
}

fn differences(old: &Path, new: &Path, threads: usize) -> (Totals, Vec<Difference>) {
    let mut found = Vec::new();
    let totals = diff(old, new, &LEXICON, threads, &mut |_, _, difference| {
        found.push(difference);
        Ok(())
    });
    (totals.unwrap(), found)
}

/// A row, its values printed, by column.
type Row = BTreeMap<String, String>;

/// Category, applicant, period and label of a value, behind its report.
type Key = [String; 5];

fn key(report: &str, category: &str, applicant: &str, period: &str, label: &str) -> Key {
    let id = LEXICON.categories.id(category).unwrap();
    let is_list = LEXICON.categories.get(id).kind == CategoryKind::List;
    [report, category, applicant, period, if is_list { label } else { "" }].map(str::to_owned)
}

/// All observations. A report goes by its name in the new snapshot.
fn rows(out: &Path, renamed: &BTreeMap<String, String>) -> BTreeMap<Key, Row> {
    let folder = std::fs::canonicalize(out.join("latest")).unwrap().join("observations");
    let mut rows = BTreeMap::new();
    for file in files(&folder) {
        let frame = read(&file);
        for place in 0..frame.height() {
            let cells = frame.columns().iter();
            let cell = |column: &polars::prelude::Column| {
                let value = column.get(place).unwrap();
                (
                    column.name().to_string(),
                    value.get_str().map_or_else(|| value.to_string(), str::to_owned),
                )
            };
            let row: Row = cells.map(cell).collect();
            let report = renamed.get(&row["report_id"]).unwrap_or(&row["report_id"]);
            let key = key(
                report,
                &row["category"],
                &row["applicant"],
                &row["period"],
                &row["label"],
            );
            assert!(rows.insert(key, row).is_none(), "two values of one key");
        }
    }
    rows
}

/// Which values differ, and in which columns; none where one side alone has it.
fn expected(
    old: &Path,
    new: &Path,
    renamed: &BTreeMap<String, String>,
) -> BTreeMap<Key, (&'static str, BTreeSet<String>)> {
    let (olds, news) = (rows(old, renamed), rows(new, &BTreeMap::new()));
    let of_report = [
        "report_id",
        "body_id",
        "jurisdiction_code",
        "jurisdiction",
        "organ",
        "level",
        "year",
    ];
    let of_text = ["block", "start", "end"];
    let mut expected = BTreeMap::new();
    for key in olds.keys().chain(news.keys()) {
        let told = match (olds.get(key), news.get(key)) {
            (Some(was), Some(is)) => {
                let is_revised = was["report_id"] != is["report_id"];
                let matters = |name: &str| !(of_report.contains(&name) || is_revised && of_text.contains(&name));
                let names = was.keys().filter(|name| matters(name) && was[*name] != is[*name]);
                ("changed", names.cloned().collect())
            }
            (Some(_), None) => ("withdrawn", BTreeSet::new()),
            _ => ("added", BTreeSet::new()),
        };
        if told.0 != "changed" || !told.1.is_empty() {
            expected.insert(key.clone(), told);
        }
    }
    expected
}

/// What becomes of a report from one night to the next.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Same,
    Gone,
    New,
    /// Another engine gives a value another confidence: all of them, or every so many.
    Doubted(usize),
    /// Another text came in its place, of the same place or another.
    Revised(usize),
    Moved,
    /// A label of the form is printed otherwise.
    Relabelled,
}

fn cells() -> impl Strategy<Value = Vec<Cell>> {
    let categories = [
        "requests.received.total",
        "requests.outcome.total",
        "requests.outcome.granted",
        "litigation.direct.total",
        "statutory.fee.amount",
        "proactive.theme",
        "unmapped",
    ];
    let cell = (
        prop::sample::select(categories.to_vec()),
        prop::option::of(prop::sample::select(vec![
            "机构职能",
            "业务动态",
            "机构职能和其他政府信息",
        ])),
        prop::sample::select(vec![Applicant::All, Applicant::NaturalPerson]),
        0..5i64,
    );
    let cell = cell.prop_map(|(category, label, applicant, number)| Cell {
        label: label.map(str::to_owned),
        applicant,
        value: match number {
            0 => Value::Nothing,
            number if category == "statutory.fee.amount" => Value::Fen(number * 12_345),
            number => Value::Count(number * 1_000),
        },
        ..support::cell(category, 0)
    });
    prop::collection::vec(cell, 1..20).prop_map(|mut cells| {
        let mut seen = BTreeSet::new();
        cells.retain(|cell| {
            let label = cell.label.as_deref().unwrap_or_default();
            seen.insert(key(
                "",
                cell.category,
                cell.applicant.as_str(),
                Period::Year.as_str(),
                label,
            ))
        });
        cells
    })
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        8 => Just(Fate::Same),
        1 => Just(Fate::Gone),
        1 => Just(Fate::New),
        1 => (1..4usize).prop_map(Fate::Doubted),
        2 => (0..9usize).prop_map(Fate::Revised),
        1 => Just(Fate::Moved),
        1 => Just(Fate::Relabelled),
    ]
}

/// A report of the nights before and of this one.
fn nights(number: usize, code: &str, year: i16, cells: Vec<Cell>, fate: Fate) -> [Option<DumpRows>; 2] {
    let was = support::small(&format!("m/{number}"), code, year, cells);
    // Its kind, number and values are its text.
    let mut is: Small = was.clone();
    is.origin.clone_from(&was.origin);
    match fate {
        Fate::Same => {}
        Fate::Gone => return [Some(was.rows()), None],
        Fate::New => return [None, Some(is.rows())],
        Fate::Doubted(step) => is.cells.iter_mut().step_by(step).for_each(|cell| {
            cell.confidence = 0.4;
            cell.check = CheckMark::Failed;
        }),
        Fate::Revised(place) => {
            let place = place % is.cells.len();
            is.cells.remove(place);
            is.cells.push(support::cell("review.total", 1));
        }
        Fate::Moved => is.code = Some("350525".to_owned()),
        Fate::Relabelled => is
            .cells
            .iter_mut()
            .for_each(|cell| cell.label = Some("名称".to_owned())),
    }
    [Some(was.rows()), Some(is.rows())]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_that_differs_is_told_for_any_number_of_threads(
        reports in prop::collection::vec(
            (prop::sample::select(vec!["440106", "440103", "110101"]), 2019..2022i16, cells(), fate()),
            1..60,
        ),
    ) {
        let (mut olds, mut news) = (Vec::new(), Vec::new());
        for (number, (code, year, mut cells, fate)) in reports.into_iter().enumerate() {
            // No two reports have one text.
            cells.push(support::cell("proactive.total", number as i64));
            if let Fate::Relabelled = fate {
                cells.retain(|cell| cell.category != "unmapped" && cell.category != "proactive.theme");
            }
            let [was, is] = nights(number, code, year, cells, fate);
            olds.extend(was);
            news.extend(is);
        }
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("old"), folder.path().join("new"));
        write(&old, &olds);
        write(&new, &news);
        let (totals, found) = differences(&old, &new, 1);
        for threads in [2, 3, 0] {
            let (other_totals, others) = differences(&old, &new, threads);
            prop_assert!(totals == other_totals && found == others, "{} threads", threads);
        }
        let revised = found.iter().filter_map(|told| Some((told.old_report_id.clone()?, told)));
        let revised = revised.filter(|(_, told)| told.record == Record::Report.as_str());
        let renamed = revised.map(|(old, told)| (old, told.report_id.clone())).collect();
        let expected = expected(&old, &new, &renamed);
        let told = found.iter().filter(|told| told.record == Record::Observation.as_str());
        let mut values = BTreeMap::new();
        for told in told {
            let text = |text: &Option<String>| text.clone().unwrap_or_default();
            // A value without label has none in the columns of polars, either.
            let label = told.label.clone().unwrap_or_else(|| "null".to_owned());
            let report = renamed.get(&told.report_id).unwrap_or(&told.report_id);
            let key = key(report, &text(&told.category), &text(&told.applicant), &text(&told.period), &label);
            let columns: BTreeSet<String> = told.columns.iter().cloned().collect();
            prop_assert!(values.insert(key, (told.change.as_str(), columns)).is_none(), "told twice: {:?}", told);
        }
        let values: BTreeMap<Key, (&str, BTreeSet<String>)> = values;
        prop_assert_eq!(values, expected);
    }
}

/// A key of a dictionary means another text in each row group.
#[test]
fn what_keys_mean_is_not_carried_over_to_the_next_row_group() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    for (out, check) in [(&old, CheckMark::Passed), (&new, CheckMark::Failed)] {
        let cells = ["requests.carried_in", "requests.carried_out"].map(|category| support::cell(category, 1));
        let mut report = support::small("a", "440106", 2021, cells.to_vec());
        report.cells[1].check = check;
        write_in_groups(out, &[report.rows()], 1);
    }
    let (_, found) = differences(&old, &new, 1);
    let found: Vec<_> = found
        .iter()
        .map(|found| (found.category.as_deref(), found.columns.as_slice()))
        .collect();
    assert_eq!(found, [(Some("requests.carried_out"), ["check".to_owned()].as_slice())]);
}
