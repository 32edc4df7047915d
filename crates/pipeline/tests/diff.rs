//! Small edits of dumps, and what `diff` says of the two snapshots.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod support;

use std::path::{Path, PathBuf};

use gongkai_dataset::{Change, DiffFile, Difference, Record, Totals, diff};
use gongkai_test_support::{copy_tree, read, set, texts, write};
use polars::prelude::{AnyValue, DataFrame};
use support::{EXTRACTOR, REPORT, input, run, samples};
use tempfile::TempDir;

/// Folders of dumps and the snapshots made of them.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    /// The snapshot of dumps, given by name and text.
    fn snapshot(&self, name: &str, dumps: &[(&str, String)]) -> PathBuf {
        let folder = self.0.path().join("dumps").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in dumps {
            std::fs::write(folder.join(name), text).unwrap();
        }
        let output = self.0.path().join(name);
        run(vec![input("in", &folder)], &output, 1);
        output
    }
}

fn differences(old: &Path, new: &Path) -> (Totals, Vec<Difference>) {
    let mut found = Vec::new();
    let totals = diff(old, new, EXTRACTOR.lexicon(), 2, &mut |_, _, difference| {
        found.push(difference);
        Ok(())
    });
    (totals.unwrap(), found)
}

/// A difference in short.
fn short(difference: &Difference) -> String {
    let place = difference.jurisdiction_code.as_deref().unwrap_or("-");
    let mut text = format!("{} {} {place}", difference.record, difference.change);
    if let Some(category) = &difference.category {
        let count = |count: Option<i64>| count.map_or("-".to_owned(), |count| count.to_string());
        text += &format!(
            " {category} {}>{}",
            count(difference.old_count),
            count(difference.new_count)
        );
    }
    text + &difference
        .columns
        .iter()
        .map(|name| format!(" +{name}"))
        .collect::<String>()
}

fn check(old: &[(&str, String)], new: &[(&str, String)], expected: &[&str]) {
    let place = Place::new();
    let (old, new) = (place.snapshot("old", old), place.snapshot("new", new));
    let (totals, found) = differences(&old, &new);
    let found: Vec<String> = found.iter().map(short).collect();
    assert_eq!(found, expected);
    assert_eq!(totals.differences.values().sum::<u64>() as usize, found.len());
    // The other way round, what came goes.
    let (back, _) = differences(&new, &old);
    let count = |totals: &Totals, record, change| totals.differences.get(&(record, change)).copied();
    for record in [Record::Report, Record::Observation] {
        assert_eq!(
            count(&totals, record, Change::Added),
            count(&back, record, Change::Withdrawn)
        );
        assert_eq!(
            count(&totals, record, Change::Changed),
            count(&back, record, Change::Changed)
        );
    }
}

fn other() -> String {
    REPORT.replace("2012", "2013").replace("1,234", "1,300")
}

#[test]
fn nothing_changed() {
    check(&[("a.txt", REPORT.to_owned())], &[("a.txt", REPORT.to_owned())], &[]);
}

#[test]
fn a_report_came() {
    check(
        &[("a.txt", REPORT.to_owned())],
        &[("a.txt", REPORT.to_owned()), ("b.txt", other())],
        &[
            "report added 330110",
            "observation added 330110 proactive.total ->1300",
            "observation added 330110 requests.received.total ->12",
            "observation added 330110 review.total ->0",
        ],
    );
}

#[test]
fn a_report_of_the_same_origin_is_a_revision() {
    check(
        &[("a.txt", REPORT.to_owned()), ("b.txt", other())],
        &[("a.txt", REPORT.replace("12件", "15件")), ("b.txt", other())],
        &[
            "report revised 330110",
            "observation changed 330110 requests.received.total 12>15 +count +raw",
        ],
    );
}

#[test]
fn a_report_of_the_same_body_and_year_is_a_revision() {
    check(
        &[("a.txt", REPORT.to_owned())],
        &[("c.txt", REPORT.replace("未发生行政复议。", ""))],
        &["report revised 330110", "observation withdrawn 330110 review.total 0>-"],
    );
}

#[test]
fn a_revision_may_be_of_another_year() {
    check(
        &[("a.txt", REPORT.to_owned())],
        &[("a.txt", REPORT.replace("2012", "2013").replace("12件", "十二件"))],
        &[
            "report revised 330110",
            "observation changed 330110 requests.received.total 12>12 +raw",
        ],
    );
}

#[test]
fn a_further_copy_changes_its_report() {
    check(
        &[("a.txt", REPORT.to_owned())],
        &[("a.txt", REPORT.to_owned()), ("b.txt", REPORT.to_owned())],
        &["report changed 330110 +origins"],
    );
}

#[test]
fn files_with_the_same_bytes_are_not_read() {
    let place = Place::new();
    let output = place.0.path().join("out");
    let published = run(vec![input("samples", &samples())], &output, 2).published.unwrap();
    let copy = place.0.path().join("copy");
    copy_tree(&published.path, &copy);
    for file in gongkai_test_support::files(&copy.join("observations")) {
        std::fs::write(file, "not parquet").unwrap();
    }
    let (totals, found) = differences(&output, &copy);
    assert_eq!((totals.read_files, found.len()), (0, 0));
    assert!(totals.same_files > 20);
}

/// As another version of the reader may give them: the same report, other values.
#[test]
fn values_of_one_report_are_compared_by_key() {
    let place = Place::new();
    let old = place.snapshot("old", &[("a.txt", REPORT.to_owned())]);
    let new = place.0.path().join("new");
    copy_tree(&std::fs::canonicalize(old.join("latest")).unwrap(), &new);
    let file = new.join("observations/2012/33.parquet");
    let mut frame = read(&file);
    set(&mut frame, "count", 1, AnyValue::Int64(99));
    set(&mut frame, "status", 0, AnyValue::StringOwned("approximate".into()));
    set(&mut frame, "organ", 0, AnyValue::StringOwned("某府".into()));
    write(&file, &mut frame.head(Some(2)));
    let package = new.join("datapackage.json");
    let mut json: serde_json::Value = serde_json::from_slice(&std::fs::read(&package).unwrap()).unwrap();
    json["resources"][0]["files"][0]["hash"] = "another".into();
    std::fs::write(&package, json.to_string()).unwrap();
    let (totals, found) = differences(&old, &new);
    let found: Vec<String> = found.iter().map(short).collect();
    let expected = [
        "observation changed 330110 proactive.total 1234>1234 +status",
        "observation changed 330110 requests.received.total 12>99 +count",
        "observation withdrawn 330110 review.total 0>-",
    ];
    assert_eq!(found, expected);
    assert_eq!((totals.values, totals.read_files), (2, 1));
}

/// A column of each type alone, a label that is no key, and a value that is missing on one side.
#[test]
fn a_difference_in_any_one_column_is_told() {
    let place = Place::new();
    let old = place.snapshot("old", &[("a.txt", REPORT.to_owned())]);
    let edits = [
        ("confidence", AnyValue::Float32(0.125), "0>0 +confidence"),
        ("label", AnyValue::StringOwned("别的".into()), "0>0 +label"),
        ("label", AnyValue::Null, "0>0 +label"),
        ("count", AnyValue::Null, "0>- +count"),
        ("amount_cny", AnyValue::Decimal(100, 18, 2), "0>0 +amount_cny"),
        ("unit_printed", AnyValue::StringOwned("次".into()), "0>0 +unit_printed"),
        ("start", AnyValue::UInt32(7), "0>0 +start"),
        ("check", AnyValue::StringOwned("failed".into()), "0>0 +check"),
    ];
    for (number, (column, value, expected)) in edits.into_iter().enumerate() {
        let new = place.0.path().join(format!("new{number}"));
        copy_tree(&std::fs::canonicalize(old.join("latest")).unwrap(), &new);
        let file = new.join("observations/2012/33.parquet");
        let mut frame = read(&file);
        let before = frame.clone();
        set(&mut frame, column, 2, value);
        write(&file, &mut frame);
        let package = new.join("datapackage.json");
        let mut json: serde_json::Value = serde_json::from_slice(&std::fs::read(&package).unwrap()).unwrap();
        json["resources"][0]["files"][0]["hash"] = "another".into();
        std::fs::write(&package, json.to_string()).unwrap();
        let found: Vec<String> = differences(&old, &new).1.iter().map(short).collect();
        let expected = match before.equals_missing(&frame) {
            true => Vec::new(),
            false => vec![format!("observation changed 330110 review.total {expected}")],
        };
        assert_eq!(found, expected, "{column}");
    }
}

/// As another gazetteer may place it: the same report in another year and jurisdiction, and one value read otherwise.
fn check_moved(year: i16, code: &str, expected: &[&str]) {
    let place = Place::new();
    let old = place.snapshot("old", &[("a.txt", REPORT.to_owned()), ("b.txt", other())]);
    let new = place.0.path().join("new");
    copy_tree(&std::fs::canonicalize(old.join("latest")).unwrap(), &new);
    let file = "observations/2012/33.parquet";
    let moved = format!("observations/{year}/{}.parquet", &code[..2]);
    let mut values = read(&new.join(file));
    set(&mut values, "count", 1, AnyValue::Int64(99));
    let mut reports = read(&new.join("reports.parquet"));
    let row = texts(&reports, "year").iter().position(|year| year == "2012").unwrap();
    let move_row = |frame: &mut DataFrame, row: usize| {
        set(frame, "year", row, AnyValue::Int16(year));
        set(frame, "jurisdiction_code", row, AnyValue::StringOwned(code.into()));
    };
    move_row(&mut reports, row);
    (0..values.height()).for_each(|row| move_row(&mut values, row));
    std::fs::remove_file(new.join(file)).unwrap();
    std::fs::create_dir_all(new.join(&moved).parent().unwrap()).unwrap();
    write(&new.join(&moved), &mut values);
    write(&new.join("reports.parquet"), &mut reports);
    let package = new.join("datapackage.json");
    let text = std::fs::read_to_string(&package).unwrap().replace(file, &moved);
    let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let resources = json["resources"].as_array_mut().unwrap().iter_mut();
    let files = resources.flat_map(|resource| resource["files"].as_array_mut().unwrap());
    for file in files.filter(|file| {
        let path = file["path"].as_str().unwrap_or_default();
        path == moved || path == "reports.parquet"
    }) {
        file["hash"] = "another".into();
    }
    std::fs::write(&package, json.to_string()).unwrap();
    let (totals, found) = differences(&old, &new);
    let found: Vec<String> = found.iter().map(short).collect();
    assert_eq!(found, expected);
    assert_eq!((totals.values, totals.same_files), (1, 1));
}

#[test]
fn values_of_a_report_that_moved_within_a_file_are_compared() {
    check_moved(
        2012,
        "330109",
        &[
            "report changed 330109 +jurisdiction_code",
            "observation changed 330109 requests.received.total 12>99 +count",
        ],
    );
}

#[test]
fn values_of_a_report_that_moved_to_another_file_are_compared() {
    check_moved(
        2011,
        "440106",
        &[
            "report changed 440106 +jurisdiction_code +year",
            "observation changed 440106 requests.received.total 12>99 +count",
        ],
    );
}

#[test]
fn any_number_of_threads_tells_the_same() {
    let place = Place::new();
    let (old, dumps) = (place.0.path().join("old"), place.0.path().join("dumps"));
    run(vec![input("samples", &samples())], &old, 2);
    copy_tree(&samples(), &dumps);
    for file in gongkai_test_support::files(&dumps).iter().step_by(2) {
        if let Ok(text) = std::fs::read_to_string(file) {
            std::fs::write(file, text.replace('3', "5")).unwrap();
        }
    }
    let new = place.0.path().join("new");
    run(vec![input("samples", &dumps)], &new, 2);
    let tell = |threads| {
        let mut found = Vec::new();
        let totals = diff(&old, &new, EXTRACTOR.lexicon(), threads, &mut |_, _, difference| {
            found.push(difference);
            Ok(())
        });
        (totals.unwrap(), found)
    };
    let one = tell(1);
    assert!(one.1.len() > 500 && one.0.read_files > 10, "{:?}", one.0);
    for threads in [2, 5, 0] {
        assert!(tell(threads) == one, "{threads} threads");
    }
}

#[test]
fn a_file_of_differences_reads_back_and_appears_only_when_complete() {
    let place = Place::new();
    let old = place.snapshot("old", &[("a.txt", REPORT.to_owned())]);
    let new = place.snapshot("new", &[("a.txt", REPORT.replace("12件", "15件"))]);
    let path = place.0.path().join("changes.parquet");
    let mut file = DiffFile::create(&path).unwrap();
    diff(&old, &new, EXTRACTOR.lexicon(), 2, &mut |_, _, difference| {
        file.push(&difference)
    })
    .unwrap();
    assert!(!path.exists());
    file.finish().unwrap();
    let frame = read(&path);
    assert_eq!(texts(&frame, "change"), ["revised", "changed"]);
    assert_eq!(texts(&frame, "new_count"), ["", "15"]);
    drop(DiffFile::create(&place.0.path().join("unfinished.parquet")).unwrap());
    let names = std::fs::read_dir(place.0.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    assert_eq!(
        names.filter(|name| name.to_string_lossy().contains(".parquet")).count(),
        1
    );
}
