//! What a snapshot holds, and what happens to `latest` when things go well and when they do not.
#![allow(clippy::unwrap_used)]

mod support;

use gongkai_dataset::{DatasetError, Output, Row, WriteOptions};
use gongkai_extract::{Applicant, Period, Value};
use gongkai_test_support::{contents, read, texts};
use polars::prelude::{DataType, ParquetReader, SerReader};
use support::{Cell, LEXICON, cell, reject, small, write};

fn money(fen: i64) -> Cell {
    Cell {
        value: Value::Fen(fen),
        ..cell("statutory.fee.amount", 0)
    }
}

fn sample() -> Vec<Cell> {
    vec![
        cell("requests.received.total", 8),
        Cell {
            value: Value::Nothing,
            applicant: Applicant::Business,
            ..cell("requests.received.total", 0)
        },
        money(348_177_565_600),
        Cell {
            label: Some("机构职能".to_owned()),
            ..cell("proactive.theme", 5)
        },
        Cell {
            period: Period::Cumulative,
            ..cell("proactive.total", 500)
        },
    ]
}

#[test]
fn a_snapshot_reads_back_with_its_types() {
    let out = tempfile::tempdir().unwrap();
    let dumps = [small("in/a.html", "440106", 2021, sample()).rows(), reject("in/b.html")];
    let published = write(out.path(), dumps);
    let latest = out.path().join("latest");
    assert_eq!(
        std::fs::canonicalize(&latest).unwrap(),
        std::fs::canonicalize(&published.path).unwrap()
    );

    let observations = read(&latest.join("observations/2021/44.parquet"));
    assert_eq!(observations.height(), 5);
    let names: Vec<String> = observations
        .get_column_names()
        .iter()
        .map(|name| name.to_string())
        .collect();
    let expected: Vec<String> = gongkai_dataset::ObservationRow::columns()
        .iter()
        .map(|column| column.name.to_owned())
        .collect();
    assert_eq!(names, expected);
    let dtype = |name: &str| observations.column(name).unwrap().dtype().clone();
    assert_eq!(dtype("amount_cny"), DataType::Decimal(18, 2));
    assert_eq!(dtype("year"), DataType::Int16);
    assert_eq!(dtype("start"), DataType::UInt32);
    assert_eq!(dtype("confidence"), DataType::Float32);
    for name in [
        "level",
        "relation",
        "applicant",
        "period",
        "unit_source",
        "status",
        "method",
        "check",
    ] {
        assert!(matches!(dtype(name), DataType::Enum(..)), "{name}: {}", dtype(name));
    }
    assert_eq!(
        texts(&observations, "status"),
        ["reported", "reported", "reported", "blank", "reported"]
    );
    assert_eq!(
        texts(&observations, "applicant"),
        ["all", "all", "all", "business", "all"]
    );
    assert_eq!(texts(&observations, "raw"), ["5", "500", "8", "", "3481775656.00"]);
    assert_eq!(texts(&observations, "amount_cny")[4], "3481775656.00");
    assert_eq!(texts(&observations, "unit")[4], "CNY");

    let pages = read(&latest.join("pages/2021/44.parquet"));
    let text = &texts(&pages, "text")[0];
    let places = ["start", "end"].map(|name| observations.column(name).unwrap().u32().unwrap().clone());
    for (row, raw) in texts(&observations, "raw").iter().enumerate() {
        let [start, end] = places.each_ref().map(|place| place.get(row).unwrap() as usize);
        assert_eq!(&text[start..end], raw);
    }
    assert_eq!(read(&latest.join("rejects.parquet")).height(), 1);
    assert_eq!(read(&latest.join("dumps.parquet")).height(), 2);
    assert_eq!(published.rows["mentions"], 5);
    assert_eq!(published.rows["codebook"] as usize, LEXICON.categories.iter().count());
}

#[test]
fn rows_serialise_as_their_columns() {
    let rows = small("a", "440106", 2021, sample()).rows();
    let report = &rows.reports[0];
    let value = serde_json::to_value(report.observations().nth(2).unwrap()).unwrap();
    assert_eq!(value["amount_cny"], serde_json::json!(3_481_775_656.0));
    assert_eq!(value["count"], serde_json::Value::Null);
    assert_eq!(value["level"], "county");
    let line = serde_json::to_string(&report.mentions[0]).unwrap();
    let keys: Vec<&str> = gongkai_dataset::MentionRow::columns()
        .iter()
        .map(|column| column.name)
        .collect();
    let places: Vec<usize> = keys
        .iter()
        .map(|key| line.find(&format!("\"{key}\":")).unwrap())
        .collect();
    assert!(places.is_sorted(), "{line}");
    assert_eq!(
        keys.len(),
        serde_json::to_value(&report.mentions[0])
            .unwrap()
            .as_object()
            .unwrap()
            .len()
    );
    assert_eq!(report.report.checks_failed, 1);
    assert_eq!(report.checks[0].delta, Some(2.0));
    assert_eq!(report.checks[0].mentions, [report.mentions[0].start]);
}

#[test]
fn columns_are_described_in_the_file() {
    let out = tempfile::tempdir().unwrap();
    let published = write(out.path(), [small("a", "440106", 2021, sample()).rows()]);
    let file = std::fs::File::open(published.path.join("observations/2021/44.parquet")).unwrap();
    let mut reader = ParquetReader::new(file);
    let metadata = reader.get_metadata().unwrap();
    let pairs = metadata.key_value_metadata().as_ref().unwrap();
    let columns = pairs.iter().find(|pair| pair.key == "gongkai.columns").unwrap();
    let columns: serde_json::Value = serde_json::from_str(columns.value.as_ref().unwrap()).unwrap();
    assert_eq!(columns["raw"], "The characters as printed.");
    let package = std::fs::read_to_string(published.path.join("datapackage.json")).unwrap();
    let package: serde_json::Value = serde_json::from_str(&package).unwrap();
    let observations = &package["resources"][0];
    assert_eq!(observations["path"], "observations/2021/44.parquet");
    assert_eq!(observations["files"][0]["rows"], 5);
    let fields = observations["schema"]["fields"].as_array().unwrap();
    assert!(
        fields
            .iter()
            .any(|field| field["name"] == "applicant" && field["constraints"]["enum"][0] == "all")
    );
    let run = std::fs::read_to_string(published.path.join("run.json")).unwrap();
    let run: serde_json::Value = serde_json::from_str(&run).unwrap();
    assert_eq!(
        (run["started"].as_str(), run["rows"]["observations"].as_u64()),
        (Some("now"), Some(5))
    );
}

#[test]
fn an_empty_snapshot_has_every_table() {
    let out = tempfile::tempdir().unwrap();
    let published = write(out.path(), []);
    let names: Vec<String> = contents(&published.path)
        .keys()
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    let expected = [
        "by_category.parquet",
        "checks.parquet",
        "codebook.csv",
        "codebook.html",
        "codebook.md",
        "coverage.parquet",
        "datapackage.json",
        "dumps.parquet",
        "indicators.parquet",
        "mentions/unknown/00.parquet",
        "observations/unknown/00.parquet",
        "pages/unknown/00.parquet",
        "panel.parquet",
        "problems.parquet",
        "rejects.parquet",
        "reports.parquet",
        "year_checks.parquet",
    ];
    assert_eq!(names, expected);
    assert_eq!(
        read(&published.path.join("observations/unknown/00.parquet")).height(),
        0
    );
}

#[test]
fn a_dropped_writer_leaves_everything_as_it_was() {
    let out = tempfile::tempdir().unwrap();
    let first = write(out.path(), [small("a", "440106", 2021, sample()).rows()]);
    let before = contents(&first.path);
    {
        let output = Output::open(out.path()).unwrap();
        let options = WriteOptions {
            spill_bytes: 10,
            ..WriteOptions::default()
        };
        let writer = output.begin(options, &LEXICON).unwrap();
        let mut worker = writer.worker();
        worker.push(small("b", "440106", 2022, sample()).rows()).unwrap();
        drop(writer);
    }
    assert_eq!(
        std::fs::read_link(out.path().join("latest")).unwrap(),
        std::path::Path::new("snapshots").join(&first.id)
    );
    assert_eq!(contents(&first.path), before);
    let mut state: Vec<_> = std::fs::read_dir(out.path().join("state"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    state.sort();
    assert_eq!(
        state,
        ["fresh", "lock", "store"],
        "what was read stays for the next run"
    );
}

#[test]
fn leftovers_of_a_dead_run_are_swept_away() {
    let out = tempfile::tempdir().unwrap();
    let leftover = out.path().join("state/staging-1-0/snapshot/observations");
    std::fs::create_dir_all(&leftover).unwrap();
    Output::open(out.path()).unwrap();
    assert!(!out.path().join("state/staging-1-0").exists());
}

#[test]
fn a_second_run_is_locked_out() {
    let out = tempfile::tempdir().unwrap();
    let output = Output::open(out.path()).unwrap();
    assert!(matches!(Output::open(out.path()), Err(DatasetError::Locked { .. })));
    let writer = output.begin(WriteOptions::default(), &LEXICON).unwrap();
    drop(output);
    assert!(
        matches!(Output::open(out.path()), Err(DatasetError::Locked { .. })),
        "the writer keeps the lock"
    );
    drop(writer);
    Output::open(out.path()).unwrap();
}

#[test]
fn missing_workers_publish_nothing() {
    let out = tempfile::tempdir().unwrap();
    let output = Output::open(out.path()).unwrap();
    let writer = output.begin(WriteOptions::default(), &LEXICON).unwrap();
    let forgotten = writer.worker();
    let error = writer.finish(Vec::new(), serde_json::json!({})).unwrap_err();
    assert!(
        matches!(error, DatasetError::WorkersMissing { missing: 1, .. }),
        "{error}"
    );
    drop(forgotten);
    assert_eq!(output.latest(), None);
}

#[test]
fn old_snapshots_stay_and_the_same_content_is_the_same_snapshot() {
    let out = tempfile::tempdir().unwrap();
    let first = write(out.path(), [small("a", "440106", 2021, sample()).rows()]);
    let second = write(out.path(), [small("a", "440106", 2022, sample()).rows()]);
    let third = write(out.path(), [small("a", "440106", 2021, sample()).rows()]);
    assert_ne!(first.id, second.id);
    assert_eq!((&first.id, true, false), (&third.id, third.unchanged, first.unchanged));
    assert!(second.path.join("reports.parquet").exists());
    let latest = std::fs::read_link(out.path().join("latest")).unwrap();
    assert_eq!(latest, std::path::Path::new("snapshots").join(&first.id));
}

#[test]
fn copies_become_one_report_with_sorted_origins() {
    let out = tempfile::tempdir().unwrap();
    let other = small("z/other.html", "440106", 2020, sample()).rows();
    let copies =
        ["m/2.html", "m/1.html", "m/3.html", "m/1.html"].map(|origin| small(origin, "440106", 2021, sample()).rows());
    let alone = write(&out.path().join("alone"), [copies[1].clone(), other.clone()]);
    let together = write(&out.path().join("together"), copies.into_iter().chain([other]));
    for table in [
        "observations",
        "mentions",
        "reports",
        "checks",
        "year_checks",
        "problems",
        "pages",
        "panel",
    ] {
        assert_eq!(alone.rows[table], together.rows[table], "{table}");
    }
    assert_eq!(together.rows["dumps"], 4, "the same dump given twice is one");
    let reports = read(&together.path.join("reports.parquet"));
    let years = reports.column("year").unwrap().i16().unwrap().clone();
    let row = (0..reports.height()).find(|row| years.get(*row) == Some(2021)).unwrap();
    let origins = reports
        .column("origins")
        .unwrap()
        .list()
        .unwrap()
        .get_as_series(row)
        .unwrap();
    let origins: Vec<&str> = origins.str().unwrap().iter().flatten().collect();
    assert_eq!(origins, ["m/1.html", "m/2.html", "m/3.html"]);
    let name = "observations/2021/44.parquet";
    assert_eq!(
        std::fs::read(alone.path.join(name)).unwrap(),
        std::fs::read(together.path.join(name)).unwrap()
    );
}

#[test]
fn a_full_disk_is_named_with_its_path() {
    let full = std::path::Path::new("/dev/full");
    if !full.exists() {
        return;
    }
    let out = tempfile::tempdir().unwrap();
    let output = Output::open(out.path()).unwrap();
    let writer = output.begin(WriteOptions::default(), &LEXICON).unwrap();
    let mut worker = writer.worker();
    worker.push(small("a", "440106", 2021, sample()).rows()).unwrap();
    // A file that the next store will have.
    let file = out.path().join("state/store/00000001-reports.run");
    std::os::unix::fs::symlink(full, file).unwrap();
    let error = writer.finish(vec![worker], serde_json::json!({})).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("00000001-reports.run") && text.contains("No space left on device"),
        "{text}"
    );
    assert_eq!(output.latest(), None);
}

#[test]
fn a_damaged_snapshot_is_replaced() {
    let out = tempfile::tempdir().unwrap();
    let first = write(out.path(), [small("a", "440106", 2021, sample()).rows()]);
    let before = contents(&first.path);
    std::fs::remove_file(first.path.join("reports.parquet")).unwrap();
    let second = write(out.path(), [small("a", "440106", 2021, sample()).rows()]);
    assert_eq!((&first.id, false), (&second.id, second.unchanged));
    assert_eq!(contents(&second.path), before);
}
