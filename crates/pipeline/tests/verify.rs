//! Whatever is changed in a snapshot, `verify` finds it: every file's bytes, and every kind of fact.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod support;

use std::collections::BTreeSet;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use FindingKind::{
    Bytes, Check, Count, Duplicate, Extra, Jurisdiction, Key, Missing, Order, Panel, Report, Schema, Span, Value,
};
use gongkai_dataset::{Finding, FindingKind, verify};
use gongkai_forge::forge::Forge;
use gongkai_forge::plan::Profile;
use gongkai_forge::write::write_corpus;
use gongkai_test_support::{copy_tree, files, read, set, texts, write};
use polars::prelude::{AnyValue, DataFrame, IdxCa, NamedFrom as _};
use support::{EXTRACTOR, REPORT, input, run, samples};
use tempfile::TempDir;

/// A sound snapshot: samples, and invented reports of bodies over several years.
static SOUND: LazyLock<(TempDir, PathBuf)> = LazyLock::new(|| {
    let root = TempDir::new().unwrap();
    let forged = root.path().join("forged");
    write_corpus(&Forge::new(3, Profile::Mix).unwrap(), 40, &forged).unwrap();
    std::fs::remove_file(forged.join("truth.jsonl")).unwrap();
    let inputs = vec![input("samples", &samples().join("zhejiang")), input("forged", &forged)];
    let published = run(inputs, &root.path().join("out"), 2).published.unwrap();
    (root, published.path)
});

/// A copy of the sound snapshot, to be damaged.
struct Copy {
    root: TempDir,
    path: PathBuf,
}

impl Copy {
    fn new() -> Self {
        Self::of(&SOUND.1)
    }

    fn of(snapshot: &Path) -> Self {
        let root = TempDir::new().unwrap();
        let path = root.path().join(snapshot.file_name().unwrap());
        copy_tree(snapshot, &path);
        Self { root, path }
    }

    fn findings(&self) -> Vec<Finding> {
        findings(&self.path)
    }

    /// Rewrites a Parquet file, and makes hashes and ids as if it had been written so.
    fn rewrite(&mut self, name: &str, damage: impl FnOnce(&mut DataFrame)) {
        let path = self.path.join(name);
        let mut frame = read(&path);
        damage(&mut frame);
        write(&path, &mut frame);
        self.sign(name, frame.height());
    }

    fn sign(&mut self, name: &str, rows: usize) {
        let package = self.path.join("datapackage.json");
        let mut json: serde_json::Value = serde_json::from_slice(&std::fs::read(&package).unwrap()).unwrap();
        let bytes = std::fs::read(self.path.join(name)).unwrap();
        let resources = json["resources"].as_array_mut().unwrap().iter_mut();
        let mut files = resources.flat_map(|resource| resource["files"].as_array_mut().unwrap());
        let file = files.find(|file| file["path"] == name).unwrap();
        file["bytes"] = bytes.len().into();
        file["rows"] = rows.into();
        file["hash"] = format!("blake3:{}", blake3::hash(&bytes).to_hex()).into();
        std::fs::write(&package, serde_json::to_string_pretty(&json).unwrap() + "\n").unwrap();
        self.sign_run(&json);
    }

    fn sign_run(&mut self, package: &serde_json::Value) {
        let id = verify(&self.path, EXTRACTOR.lexicon(), 0, &mut |_| {}).unwrap().id;
        let run = self.path.join("run.json");
        let mut json: serde_json::Value = serde_json::from_slice(&std::fs::read(&run).unwrap()).unwrap();
        json["snapshot"] = id.as_str().into();
        for resource in package["resources"].as_array().unwrap() {
            let files = resource["files"].as_array().unwrap();
            let rows: u64 = files.iter().map(|file| file["rows"].as_u64().unwrap()).sum();
            json["rows"][resource["name"].as_str().unwrap()] = rows.into();
        }
        std::fs::write(&run, serde_json::to_string_pretty(&json).unwrap()).unwrap();
        let path = self.root.path().join(id);
        std::fs::rename(&self.path, &path).unwrap();
        self.path = path;
    }
}

fn findings(folder: &Path) -> Vec<Finding> {
    let mut found = Vec::new();
    let verified = verify(folder, EXTRACTOR.lexicon(), 50, &mut |finding| {
        found.push(finding.clone())
    })
    .unwrap();
    assert_eq!(verified.findings.is_empty(), found.is_empty());
    found
}

fn kinds(found: &[Finding]) -> BTreeSet<FindingKind> {
    found.iter().map(|finding| finding.kind).collect()
}

/// A file of a table with at least so many rows.
fn largest(table: &str) -> String {
    let folder = SOUND.1.join(table);
    let file = match folder.is_dir() {
        true => files(&folder)
            .into_iter()
            .max_by_key(|path| std::fs::metadata(path).unwrap().len())
            .unwrap(),
        false => folder.with_extension("parquet"),
    };
    file.strip_prefix(&SOUND.1).unwrap().display().to_string()
}

#[test]
fn a_sound_snapshot_has_no_findings_and_neither_has_its_output_folder() {
    assert_eq!(findings(&SOUND.1), []);
    assert_eq!(findings(&SOUND.0.path().join("out")), []);
    for table in [
        "year_checks",
        "checks",
        "problems",
        "rejects",
        "panel",
        "indicators",
        "coverage",
        "by_category",
    ] {
        assert!(
            read(&SOUND.1.join(largest(table))).height() > 1,
            "{table} has too few rows to test with"
        );
    }
}

#[test]
fn a_flipped_byte_in_any_file_is_found() {
    let copy = Copy::new();
    let names = files(&copy.path);
    assert!(names.len() > 40);
    for (number, path) in names.iter().enumerate() {
        let name = path.strip_prefix(&copy.path).unwrap().display().to_string();
        if name == "run.json" {
            continue;
        }
        let sound = std::fs::read(path).unwrap();
        let mut damaged = sound.clone();
        // First, middle and last bytes in turn.
        let at = [0, sound.len() / 2, sound.len() - 1][number % 3];
        damaged[at] ^= 1 << (number % 8);
        std::fs::write(path, damaged).unwrap();
        let found = copy.findings();
        assert!(
            found
                .iter()
                .any(|finding| finding.kind == Bytes && finding.file == name),
            "{name}: {found:?}"
        );
        assert_eq!(kinds(&found), BTreeSet::from([Bytes]), "{name}: {found:?}");
        std::fs::write(path, sound).unwrap();
    }
    assert_eq!(copy.findings(), []);
}

#[test]
fn every_byte_of_the_data_package_counts() {
    let copy = Copy::new();
    let path = copy.path.join("datapackage.json");
    let sound = std::fs::read(&path).unwrap();
    for at in (0..sound.len()).step_by(sound.len() / 40) {
        let mut damaged = sound.clone();
        damaged[at] ^= 1;
        std::fs::write(&path, damaged).unwrap();
        assert!(kinds(&copy.findings()).contains(&Bytes), "byte {at}");
    }
}

#[test]
fn missing_and_further_files_are_found() {
    for name in [
        "reports.parquet",
        "datapackage.json",
        "run.json",
        "codebook.csv",
        "codebook.html",
        "codebook.md",
        &largest("pages"),
    ] {
        let copy = Copy::new();
        std::fs::remove_file(copy.path.join(name)).unwrap();
        let found = copy.findings();
        assert!(
            found
                .iter()
                .any(|finding| finding.kind == Missing && finding.file == name),
            "{name}: {found:?}"
        );
        assert_eq!(kinds(&found), BTreeSet::from([Missing]), "{name}: {found:?}");
    }
    let copy = Copy::new();
    std::fs::write(copy.path.join("observations/notes.txt"), "x").unwrap();
    symlink(
        copy.path.join("reports.parquet"),
        copy.path.join("mentions/link.parquet"),
    )
    .unwrap();
    assert_eq!(kinds(&copy.findings()), BTreeSet::from([Extra]));
    assert_eq!(copy.findings().len(), 2);
}

#[test]
fn run_json_must_name_the_snapshot_and_its_rows() {
    let copy = Copy::new();
    let path = copy.path.join("run.json");
    let mut json: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    json["rows"]["observations"] = 1.into();
    std::fs::write(&path, json.to_string()).unwrap();
    assert_eq!(kinds(&copy.findings()), BTreeSet::from([Count]));
    json["snapshot"] = "0123456789abcdef".into();
    std::fs::write(&path, json.to_string()).unwrap();
    assert_eq!(kinds(&copy.findings()), BTreeSet::from([Bytes, Count]));
}

#[test]
fn what_is_no_snapshot_is_an_error() {
    let root = TempDir::new().unwrap();
    let error = verify(root.path(), EXTRACTOR.lexicon(), 1, &mut |_| {})
        .unwrap_err()
        .to_string();
    assert!(error.contains("not a snapshot") && error.contains("hint:"), "{error}");
}

/// One damage: a table, what is done to its rows, and the kinds of findings that must come of it.
type Damage = (&'static str, &'static str, fn(&mut DataFrame), &'static [FindingKind]);

fn text(frame: &DataFrame, column: &str, row: usize) -> String {
    texts(frame, column)[row].clone()
}

fn set_text(frame: &mut DataFrame, column: &str, row: usize, text: &str) {
    set(frame, column, row, AnyValue::StringOwned(text.into()));
}

/// Adds to a number of the first row that has one; a whole one.
fn add(frame: &mut DataFrame, column: &str, number: i64) {
    let values = frame.column(column).unwrap().clone();
    let row = (0..values.len())
        .find(|row| !values.get(*row).unwrap().is_null())
        .unwrap();
    let value = match values.get(row).unwrap() {
        AnyValue::UInt32(value) => AnyValue::UInt32((i64::from(value) + number) as u32),
        AnyValue::Int64(value) => AnyValue::Int64(value + number),
        AnyValue::Float64(value) => AnyValue::Float64(value + number as f64),
        other => panic!("{column}: {other:?}"),
    };
    set(frame, column, row, value);
}

fn take(frame: &mut DataFrame, rows: impl Iterator<Item = usize>) {
    let rows: Vec<u32> = rows.map(|row| row as u32).collect();
    *frame = frame.take(&IdxCa::new("rows".into(), rows)).unwrap();
}

fn reverse(frame: &mut DataFrame) {
    let rows = frame.height();
    take(frame, (0..rows).rev());
}

fn double_first(frame: &mut DataFrame) {
    let rows = frame.height();
    take(frame, std::iter::once(0).chain(0..rows));
}

fn drop_first(frame: &mut DataFrame) {
    let rows = frame.height();
    take(frame, 1..rows);
}

/// The first row whose column has a text.
fn first(frame: &DataFrame, column: &str, wanted: &str) -> usize {
    texts(frame, column).iter().position(|text| text == wanted).unwrap()
}

/// Leaves out the first row whose column has a text.
fn drop_where(frame: &mut DataFrame, column: &str, wanted: &str) {
    let (row, rows) = (first(frame, column, wanted), frame.height());
    take(frame, (0..row).chain(row + 1..rows));
}

/// Sets the first row that has another of the two texts to the other.
fn swap(frame: &mut DataFrame, column: &str, one: &str, other: &str) {
    let row = first(frame, column, one);
    set_text(frame, column, row, other);
}

const NO_REPORT: &str = "ffffffffffffffffffffffffffffffff";

const DAMAGES: &[Damage] = &[
    ("observations", "count", |f| add(f, "count", 1), &[Value, Report]),
    (
        "observations",
        "raw",
        |f| set_text(f, "raw", 0, "7七"),
        &[Span, Value, Report],
    ),
    ("observations", "start", |f| add(f, "start", -1), &[Span, Report]),
    ("observations", "end", |f| add(f, "end", 1), &[Span, Report]),
    (
        "observations",
        "end beyond the page",
        |f| add(f, "end", 100_000_000),
        &[Span, Report],
    ),
    (
        "observations",
        "report",
        |f| set_text(f, "report_id", 0, NO_REPORT),
        &[Report, Count],
    ),
    (
        "observations",
        "no id",
        |f| set_text(f, "report_id", 0, "7"),
        &[Report, Count],
    ),
    ("observations", "organ", |f| set_text(f, "organ", 0, "某府"), &[Report]),
    (
        "observations",
        "year",
        |f| set(f, "year", 0, AnyValue::Int16(1999)),
        &[Report],
    ),
    ("observations", "order", reverse, &[Order]),
    ("observations", "key", double_first, &[Key, Count]),
    ("observations", "row", drop_first, &[Count]),
    ("mentions", "count", |f| add(f, "count", 1), &[Value]),
    ("mentions", "start", |f| add(f, "start", -1), &[Span]),
    (
        "mentions",
        "report",
        |f| set_text(f, "report_id", 0, NO_REPORT),
        &[Report],
    ),
    ("mentions", "order", reverse, &[Order]),
    ("reports", "n_observations", |f| add(f, "n_observations", 1), &[Count]),
    ("reports", "checks_passed", |f| add(f, "checks_passed", 1), &[Count]),
    ("reports", "checks_failed", |f| add(f, "checks_failed", 1), &[Count]),
    ("reports", "checks_warned", |f| add(f, "checks_warned", 1), &[Count]),
    (
        "reports",
        "jurisdiction_code",
        |f| set_text(f, "jurisdiction_code", 0, "999999"),
        &[Jurisdiction, Report],
    ),
    (
        "reports",
        "duplicate of nothing",
        |f| set_text(f, "duplicate_of", 0, NO_REPORT),
        &[Duplicate],
    ),
    (
        "reports",
        "duplicate of a duplicate",
        |f| {
            let ids = [text(f, "report_id", 0), text(f, "report_id", 1)];
            set_text(f, "duplicate_of", 0, &ids[1]);
            set_text(f, "duplicate_of", 1, &ids[0]);
        },
        &[Duplicate],
    ),
    ("reports", "order", reverse, &[Order]),
    ("reports", "key", double_first, &[Key]),
    ("reports", "row", drop_first, &[Report]),
    ("checks", "left", |f| add(f, "left", 1), &[Check]),
    ("checks", "right", |f| add(f, "right", 1), &[Check]),
    (
        "checks",
        "both sides",
        |f| {
            add(f, "left", 1);
            add(f, "right", 1);
        },
        &[Check],
    ),
    ("checks", "delta", |f| add(f, "delta", 1), &[Check]),
    (
        "checks",
        "result",
        |f| set_text(f, "result", 0, "not_testable"),
        &[Check, Count],
    ),
    ("checks", "identity", |f| set_text(f, "identity", 0, "X-1"), &[Check]),
    (
        "checks",
        "report",
        |f| set_text(f, "report_id", 0, NO_REPORT),
        &[Report, Count],
    ),
    ("checks", "row", drop_first, &[Count]),
    ("checks", "order", reverse, &[Order]),
    ("year_checks", "left", |f| add(f, "left", 1), &[Check]),
    (
        "year_checks",
        "both sides",
        |f| {
            add(f, "left", 1);
            add(f, "right", 1);
        },
        &[Check],
    ),
    (
        "year_checks",
        "result",
        |f| {
            let is_pass = text(f, "result", 0) == "pass";
            set_text(f, "result", 0, if is_pass { "fail" } else { "pass" });
        },
        &[Check],
    ),
    (
        "pages",
        "text",
        |f| {
            let longer = text(f, "text", 0) + "。";
            set_text(f, "text", 0, &longer);
        },
        &[Key],
    ),
    ("pages", "id", |f| set_text(f, "page_id", 0, "0"), &[Key]),
    ("pages", "row", drop_first, &[Count]),
    ("pages", "order", reverse, &[Order]),
    (
        "problems",
        "report",
        |f| set_text(f, "report_id", 0, NO_REPORT),
        &[Report],
    ),
    ("dumps", "order", reverse, &[Order]),
    ("rejects", "order", reverse, &[Order]),
    ("panel", "report", |f| set_text(f, "report_id", 0, NO_REPORT), &[Report]),
    ("panel", "year", |f| set(f, "year", 0, AnyValue::Int16(1999)), &[Report]),
    (
        "panel",
        "jurisdiction_code",
        |f| set_text(f, "jurisdiction_code", 0, "000000"),
        &[Jurisdiction, Report],
    ),
    ("panel", "key", double_first, &[Key]),
    ("panel", "count", |f| add(f, "count", 1), &[Panel]),
    ("panel", "check", |f| swap(f, "check", "passed", "warned"), &[Panel]),
    (
        "panel",
        "confidence",
        |f| set(f, "confidence", 0, AnyValue::Float32(0.123)),
        &[Panel],
    ),
    (
        "panel",
        "series",
        |f| set_text(f, "series", 0, "review.total"),
        &[Panel],
    ),
    (
        "panel",
        "comparability",
        |f| swap(f, "comparability", "exact", "near"),
        &[Panel],
    ),
    (
        "panel",
        "lineage_code",
        |f| set_text(f, "lineage_code", 0, "000000"),
        &[Panel],
    ),
    ("panel", "lineage", |f| swap(f, "lineage", "same", "divided"), &[Panel]),
    (
        "panel",
        "read, not derived",
        |f| set(f, "derived", 0, AnyValue::Boolean(true)),
        &[Panel],
    ),
    (
        "panel",
        "derived, not read",
        |f| {
            let row = first(f, "derived", "true");
            set(f, "derived", row, AnyValue::Boolean(false));
        },
        &[Panel],
    ),
    (
        "panel",
        "derived count",
        |f| {
            let row = first(f, "derived", "true");
            set(f, "count", row, AnyValue::Int64(123_456));
        },
        &[Panel],
    ),
    (
        "panel",
        "derived check",
        |f| {
            let row = first(f, "derived", "true");
            let is_failed = text(f, "check", row) == "failed";
            set_text(f, "check", row, if is_failed { "passed" } else { "failed" });
        },
        &[Panel],
    ),
    ("panel", "row", drop_first, &[Panel]),
    ("panel", "derived row", |f| drop_where(f, "derived", "true"), &[Panel]),
    (
        "panel",
        "all rows of a province",
        |f| {
            let province = text(f, "jurisdiction_code", 0)[..2].to_owned();
            let codes = texts(f, "jurisdiction_code");
            take(f, (0..codes.len()).filter(|row| !codes[*row].starts_with(&province)));
        },
        &[Panel],
    ),
    ("indicators", "numerator", |f| add(f, "numerator", 1), &[Panel]),
    ("indicators", "denominator", |f| add(f, "denominator", 1), &[Panel]),
    (
        "indicators",
        "both",
        |f| {
            let row = 0;
            set(f, "numerator", row, AnyValue::Int64(1));
            set(f, "denominator", row, AnyValue::Int64(987_654));
            set(f, "value", row, AnyValue::Float64(1.0 / 987_654.0));
        },
        &[Panel],
    ),
    (
        "indicators",
        "report",
        |f| set_text(f, "report_id", 0, NO_REPORT),
        &[Panel],
    ),
    (
        "indicators",
        "comparability",
        |f| swap(f, "comparability", "exact", "near"),
        &[Panel],
    ),
    ("indicators", "row", drop_first, &[Panel]),
    ("indicators", "key", double_first, &[Panel]),
    (
        "coverage",
        "status",
        |f| swap(f, "status", "missing", "present"),
        &[Panel],
    ),
    ("coverage", "observations", |f| add(f, "n_observations", 1), &[Panel]),
    (
        "coverage",
        "report",
        |f| set_text(f, "report_id", 0, NO_REPORT),
        &[Panel],
    ),
    ("coverage", "row", drop_first, &[Panel]),
    ("coverage", "key", double_first, &[Panel]),
    ("coverage", "order", reverse, &[Panel]),
    ("by_category", "count", |f| add(f, "count", 1), &[Panel]),
    (
        "by_category",
        "place",
        |f| set_text(f, "jurisdiction_code", f.height() - 1, "440106"),
        &[Panel],
    ),
    (
        "by_category",
        "duplicate",
        |f| set(f, "duplicate", 0, AnyValue::Boolean(true)),
        &[Panel],
    ),
    (
        "by_category",
        "report",
        |f| set_text(f, "report_id", 0, NO_REPORT),
        &[Panel],
    ),
    (
        "by_category",
        "applicant",
        |f| swap(f, "applicant", "all", "other"),
        &[Panel],
    ),
    (
        "by_category",
        "status",
        |f| swap(f, "status", "reported", "in_words"),
        &[Panel],
    ),
    ("by_category", "check", |f| swap(f, "check", "none", "passed"), &[Panel]),
    ("by_category", "row", drop_first, &[Panel]),
    ("by_category", "key", double_first, &[Panel]),
    ("by_category", "order", reverse, &[Order]),
    ("indicators", "value", |f| add(f, "value", 1), &[Check]),
    ("indicators", "order", reverse, &[Order]),
    (
        "observations",
        "column missing",
        |f| *f = f.drop("raw").unwrap(),
        &[Schema],
    ),
    (
        "reports",
        "column of another name",
        |f| {
            f.rename("organ", "body".into()).unwrap();
        },
        &[Schema],
    ),
    (
        "checks",
        "column of another type",
        |f| {
            let texts = f
                .column("left")
                .unwrap()
                .cast(&polars::prelude::DataType::Float32)
                .unwrap();
            f.with_column(texts).unwrap();
        },
        &[Schema],
    ),
];

#[test]
fn a_file_that_is_only_written_anew_is_sound() {
    for table in [
        "observations",
        "mentions",
        "by_category",
        "reports",
        "checks",
        "pages",
        "dumps",
        "panel",
        "indicators",
        "coverage",
        "year_checks",
    ] {
        let mut copy = Copy::new();
        copy.rewrite(&largest(table), |_| {});
        assert_eq!(copy.findings(), [], "{table}");
    }
}

#[test]
fn every_kind_of_damage_is_found() {
    let mut unseen = Vec::new();
    for (table, what, damage, expected) in DAMAGES {
        let mut copy = Copy::new();
        copy.rewrite(&largest(table), damage);
        let found = kinds(&copy.findings());
        if !expected.iter().all(|kind| found.contains(kind)) {
            unseen.push(format!("{table}, {what}: expected {expected:?}, found {found:?}"));
        }
        assert!(!found.contains(&Bytes), "{table}, {what}: the copy is signed wrongly");
    }
    assert!(unseen.is_empty(), "damages that were not seen:\n{}", unseen.join("\n"));
}

/// The value stands in the report that the row names; but another report has it, too, and comes first.
#[test]
fn a_panel_value_of_a_report_that_does_not_come_first_is_found() {
    let root = TempDir::new().unwrap();
    let dumps = root.path().join("dumps");
    std::fs::create_dir(&dumps).unwrap();
    let office = REPORT
        .replace("人民政府2012", "人民政府办公室2012")
        .replace("12件", "34件");
    std::fs::write(dumps.join("government.txt"), REPORT).unwrap();
    std::fs::write(dumps.join("office.txt"), office).unwrap();
    let out = root.path().join("out");
    let published = run(vec![input("two", &dumps)], &out, 1).published.unwrap();
    let observations = read(&files(&published.path.join("observations"))[0]);
    let received: Vec<usize> = (0..observations.height())
        .filter(|row| text(&observations, "category", *row) == "requests.received.total")
        .collect();
    let panel = read(&published.path.join("panel.parquet"));
    let row = first(&panel, "category", "requests.received.total");
    let taken = text(&panel, "report_id", row);
    assert_eq!(text(&panel, "count", row), "12");
    let other = received
        .into_iter()
        .find(|row| text(&observations, "report_id", *row) != taken)
        .expect("the office's report has the value, too");
    let mut copy = Copy::of(&published.path);
    copy.rewrite("panel.parquet", |panel| {
        set_text(panel, "report_id", row, &text(&observations, "report_id", other));
        for column in ["count", "check", "confidence"] {
            let value = observations.column(column).unwrap().get(other).unwrap().into_static();
            set(panel, column, row, value);
        }
    });
    let found = copy.findings();
    let is_it = |finding: &Finding| finding.kind == Panel && finding.message.contains("comes first");
    assert!(found.len() == 1 && found.iter().all(is_it), "{found:?}");
}

#[test]
fn a_wrong_number_of_rows_is_found() {
    let mut copy = Copy::new();
    let name = largest("observations");
    copy.sign(&name, 1);
    let found = copy.findings();
    assert_eq!(kinds(&found), BTreeSet::from([Count]), "{found:?}");
}

#[test]
fn only_so_many_findings_are_told_and_all_are_counted() {
    let mut copy = Copy::new();
    copy.rewrite(&largest("observations"), reverse);
    let mut told = 0;
    let verified = verify(&copy.path, EXTRACTOR.lexicon(), 3, &mut |_| told += 1).unwrap();
    assert_eq!(told, 3);
    assert!(verified.findings[&Order] > 3);
}
