//! What the tests of several crates need: the repository's folders, the files of a snapshot and what stands in them.
//! Knows nothing of what is tested; panics where a test would.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use polars::prelude::{AnyValue, Column, DataFrame, DataType, ParquetReader, ParquetWriter, SerReader, Series};

/// A folder of the repository, by its path from the workspace's root.
#[must_use]
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Every regular file below a folder, sorted.
#[must_use]
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// Every file of a snapshot but `run.json`, with its bytes.
#[must_use]
pub fn contents(snapshot: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let named = |path: PathBuf| {
        let bytes = std::fs::read(&path).unwrap();
        (path.strip_prefix(snapshot).unwrap().to_owned(), bytes)
    };
    let mut contents: BTreeMap<_, _> = files(snapshot).into_iter().map(named).collect();
    assert!(contents.remove(Path::new("run.json")).is_some(), "run.json is missing");
    contents
}

/// A Parquet file.
#[must_use]
pub fn read(path: &Path) -> DataFrame {
    ParquetReader::new(File::open(path).unwrap()).finish().unwrap()
}

/// The texts of a string column; empty where null.
#[must_use]
pub fn texts(frame: &DataFrame, column: &str) -> Vec<String> {
    let strings = frame.column(column).unwrap().cast(&DataType::String).unwrap();
    let strings = strings.str().unwrap();
    (0..frame.height())
        .map(|row| strings.get(row).unwrap_or_default().to_owned())
        .collect()
}

/// The texts of a column of lists.
#[must_use]
pub fn lists(frame: &DataFrame, column: &str) -> Vec<Vec<String>> {
    let lists = frame.column(column).unwrap().list().unwrap();
    let list = |row| {
        let values = lists.get_as_series(row).unwrap();
        let values = values.cast(&DataType::String).unwrap();
        let values = values.str().unwrap();
        (0..values.len())
            .filter_map(|at| values.get(at).map(str::to_owned))
            .collect()
    };
    (0..frame.height()).map(list).collect()
}

/// Copies a folder with everything in it.
pub fn copy_tree(from: &Path, to: &Path) {
    for source in files(from) {
        let copy = to.join(source.strip_prefix(from).unwrap());
        std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
        std::fs::copy(&source, &copy).unwrap();
    }
}

/// Puts a frame in the place of a Parquet file.
pub fn write(path: &Path, frame: &mut DataFrame) {
    ParquetWriter::new(File::create(path).unwrap()).finish(frame).unwrap();
}

/// Replaces the value of one row of a column.
pub fn set(frame: &mut DataFrame, column: &str, row: usize, value: AnyValue<'static>) {
    let old = frame.column(column).unwrap().clone();
    let mut values: Vec<AnyValue<'_>> = (0..old.len()).map(|row| old.get(row).unwrap()).collect();
    values[row] = value;
    let new = Series::from_any_values_and_dtype(column.into(), &values, old.dtype(), true).unwrap();
    let new: Column = new.into();
    frame.with_column(new).unwrap();
}
