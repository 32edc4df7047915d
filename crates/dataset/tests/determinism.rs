//! The same dumps give the same bytes, whatever the number of workers, the order of dumps and the memory allowed.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;

use gongkai_dataset::{DumpRows, Output, WriteOptions};
use gongkai_extract::{Applicant, BodyKind, Period, Scope, Value};
use gongkai_test_support::{contents, read, texts};
use proptest::prelude::*;
use support::{Cell, LEXICON, Small, reject};

/// A snapshot's id and its files.
type Snapshot = (String, std::collections::BTreeMap<std::path::PathBuf, Vec<u8>>);

/// Writes the dumps over several threads, each taking its share of them.
#[allow(clippy::disallowed_methods)] // A test may ask for threads as if there always were some.
fn snapshot(out: &Path, dumps: &[DumpRows], workers: usize, spill_bytes: usize) -> Snapshot {
    let output = Output::open(out).unwrap();
    let options = WriteOptions {
        spill_bytes,
        row_group_rows: 64,
    };
    let writer = output.begin(options, &LEXICON).unwrap();
    let buffers: Vec<_> = (0..workers).map(|_| writer.worker()).collect();
    let buffers = std::thread::scope(|scope| {
        let threads = buffers.into_iter().enumerate().map(|(number, mut buffer)| {
            scope.spawn(move || {
                for dump in dumps.iter().skip(number).step_by(workers) {
                    buffer.push(dump.clone()).unwrap();
                }
                buffer
            })
        });
        let threads: Vec<_> = threads.collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let published = writer
        .finish(buffers, serde_json::json!({ "workers": workers }))
        .unwrap();
    (published.id, contents(&published.path))
}

fn cells() -> impl Strategy<Value = Vec<Cell>> {
    let categories = [
        "requests.received.total",
        "requests.carried_in",
        "requests.carried_out",
        "requests.outcome.total",
        "requests.outcome.granted",
        "litigation.direct.total",
        "litigation.after_review.total",
        "statutory.fee.amount",
        "proactive.theme",
        "unmapped",
    ];
    let cell = (
        prop::sample::select(categories.to_vec()),
        prop::option::of(prop::sample::select(vec!["机构职能", "业务动态", "a\0b", ""])),
        prop::sample::select(Applicant::ALL.to_vec()),
        prop::sample::select(Period::ALL.to_vec()),
        0..5i64,
    );
    let cell = cell.prop_map(|(category, label, applicant, period, number)| Cell {
        category,
        label: label.map(str::to_owned),
        applicant,
        period,
        value: match number {
            0 => Value::Nothing,
            number if category == "statutory.fee.amount" => Value::Fen(number * 12_345),
            number => Value::Count(number * 1_000),
        },
        ..support::cell(category, 0)
    });
    prop::collection::vec(cell, 1..20)
}

fn dump() -> impl Strategy<Value = DumpRows> {
    let report = (
        prop::sample::select(vec!["m/1", "m/2", "m/3", "m/4"]),
        prop::option::of(prop::sample::select(vec!["440106", "440100", "110101"])),
        prop::option::of(2019..2022i16),
        prop::sample::select(vec![
            BodyKind::Government,
            BodyKind::GovernmentOffice,
            BodyKind::Department,
        ]),
        prop::sample::select(Scope::ALL.to_vec()),
        cells(),
    );
    report.prop_map(|(origin, code, year, kind, scope, cells)| {
        let report = Small {
            code: code.map(str::to_owned),
            year,
            kind,
            scope,
            ..support::small(origin, "440106", 2021, cells)
        };
        report.rows()
    })
}

/// Dumps, some of which are copies of others.
fn dumps() -> impl Strategy<Value = Vec<DumpRows>> {
    let copies = prop::collection::vec((dump(), 1..3usize), 1..30);
    copies.prop_map(|copies| {
        let mut dumps = Vec::new();
        for (number, (dump, times)) in copies.into_iter().enumerate() {
            for copy in 0..times {
                let mut dump = dump.clone();
                let origin = format!("{}-{number}-{copy}", dump.dump.origin);
                dump.reports
                    .iter_mut()
                    .for_each(|rows| rows.report.origins = vec![origin.clone()]);
                dump.dump.origin = origin;
                dumps.push(dump);
            }
            dumps.push(reject(&format!("r/{}", number % 7)));
        }
        dumps
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_do_not_depend_on_how_they_were_written(
        (dumps, shuffled) in dumps().prop_flat_map(|dumps| (Just(dumps.clone()), Just(dumps).prop_shuffle())),
        workers in 1..=4usize,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let one = snapshot(&folder.path().join("one"), &dumps, 1, 64 << 20);
        let many = snapshot(&folder.path().join("many"), &shuffled, workers, 10 << 10);
        // Every row a run, and every partition too large to be sorted in memory.
        let least = snapshot(&folder.path().join("least"), &shuffled, workers, 0);
        for other in [&many, &least] {
            prop_assert!(one.1.keys().eq(other.1.keys()));
            for (name, bytes) in &one.1 {
                prop_assert!(other.1.get(name) == Some(bytes), "{name:?} differs");
            }
            prop_assert_eq!(&one.0, &other.0);
        }
    }

    #[test]
    fn observations_are_sorted(dumps in dumps()) {
        let folder = tempfile::tempdir().unwrap();
        let (id, files) = snapshot(folder.path(), &dumps, 2, 10 << 10);
        let root = folder.path().join("snapshots").join(id);
        for (name, _) in files.iter().filter(|(name, _)| name.starts_with("observations")) {
            let frame = read(&root.join(name));
            let columns = ["category", "jurisdiction_code", "report_id", "applicant", "period", "label"];
            let columns = columns.map(|column| texts(&frame, column));
            let rows: Vec<[&str; 6]> =
                (0..frame.height()).map(|row| columns.each_ref().map(|column| column[row].as_str())).collect();
            prop_assert!(rows.is_sorted(), "{name:?}: {rows:?}");
        }
    }
}
