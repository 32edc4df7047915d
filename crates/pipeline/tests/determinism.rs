//! Same input, same version: the same bytes, whatever the number of threads and the order in which files were made.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::path::{Path, PathBuf};

use gongkai_test_support::{contents, files, read, texts};
use support::{input, run, samples};
use tempfile::TempDir;

/// Copies the samples in an order that depends on `seed`: names and times of the copies are then in no common order.
fn shuffled_copy(to: &Path, seed: usize) {
    let from = samples();
    let mut sources = files(&from);
    let mut state = seed;
    for end in (1..sources.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        sources.swap(end, (state >> 33) % (end + 1));
    }
    for source in sources {
        let copy = to.join(source.strip_prefix(&from).unwrap());
        std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
        std::fs::copy(&source, &copy).unwrap();
    }
}

#[test]
fn any_number_of_threads_and_any_order_of_files_give_the_same_bytes() {
    let root = TempDir::new().unwrap();
    let mut first: Option<(String, PathBuf)> = None;
    for (seed, jobs) in [(1, 1), (2, 2), (3, 4), (4, 4)] {
        let folder = root.path().join(format!("tree-{seed}"));
        let output = root.path().join(format!("out-{seed}"));
        shuffled_copy(&folder, seed);
        let summary = run(vec![input("samples", &folder)], &output, jobs);
        assert!(summary.counts.observations > 500, "{:?}", summary.counts);
        let published = summary.published.unwrap();
        assert!(!published.unchanged);
        let (id, path) = first.get_or_insert_with(|| (published.id.clone(), published.path.clone()));
        let (expected, found) = (contents(path), contents(&published.path));
        assert!(expected.keys().eq(found.keys()), "jobs {jobs}: other files");
        for (name, bytes) in &expected {
            assert!(
                found.get(name) == Some(bytes),
                "jobs {jobs}: other bytes: {}",
                name.display()
            );
        }
        assert_eq!(*id, published.id, "jobs {jobs}");
    }
}

#[test]
fn a_second_run_finds_its_snapshot_there_and_leaves_it() {
    let root = TempDir::new().unwrap();
    let output = root.path().join("out");
    let inputs = || vec![input("samples", &samples())];
    let first = run(inputs(), &output, 2).published.unwrap();
    let before = contents(&first.path);
    let second = run(inputs(), &output, 3).published.unwrap();
    assert_eq!((first.id, first.path.clone()), (second.id, second.path));
    assert!(second.unchanged);
    assert!(before == contents(&first.path), "files of a published snapshot changed");
    assert_eq!(std::fs::read_dir(output.join("snapshots")).unwrap().count(), 1);
}

#[test]
fn nothing_but_run_json_knows_where_the_dumps_lay() {
    let root = TempDir::new().unwrap();
    let folder = root.path().join("tree");
    shuffled_copy(&folder, 5);
    let published = run(vec![input("samples", &folder)], &root.path().join("out"), 2)
        .published
        .unwrap();
    let place = root.path().to_str().unwrap().as_bytes();
    for (name, bytes) in contents(&published.path) {
        let found = bytes.windows(place.len()).any(|window| window == place);
        assert!(!found, "{} holds an absolute path", name.display());
    }
    // Parquet pages are compressed: their origins are looked at as they are read.
    for table in ["dumps.parquet", "rejects.parquet"] {
        for origin in texts(&read(&published.path.join(table)), "origin") {
            assert!(origin.starts_with("samples/"), "{table}: {origin}");
        }
    }
}
