//! Runs over folders of dumps, and what stands in the snapshots they publish.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use gongkai_extract::Extractor;
use gongkai_lexicon::{DataSource, Lexicon};
use gongkai_pipeline::{Config, Input, LogFormat, Progress, Summary};
use polars::prelude::{DataFrame, DataType, ParquetReader, SerReader};

pub static EXTRACTOR: LazyLock<Extractor> =
    LazyLock::new(|| Extractor::new(Lexicon::load(&DataSource::embedded()).unwrap()).unwrap());

/// A report of a few sentences that names its issuer, year and three counts.
pub const REPORT: &str = "杭州市余杭区人民政府2012年政府信息公开工作年度报告\n\n\
                          全年主动公开政府信息1,234条。\n收到政府信息公开申请12件。\n未发生行政复议。\n";

/// A folder of the repository, by its path from the workspace's root.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// The sample reports.
pub fn samples() -> PathBuf {
    repository("data/samples/dumps")
}

/// Every regular file below a folder, sorted.
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

pub fn input(name: &str, path: &Path) -> Input {
    Input {
        name: name.to_owned(),
        path: path.to_owned(),
    }
}

/// Runs the job; whatever the dumps hold, it must come to its end.
pub fn run(inputs: Vec<Input>, output: &Path, jobs: usize) -> Summary {
    let config = Config {
        output: output.to_owned(),
        jobs,
        max_reject_share: 1.0,
        max_file_bytes: 64 << 20,
        inputs,
    };
    gongkai_pipeline::run(&config, &EXTRACTOR, &Progress::new(LogFormat::Text), false).unwrap()
}

/// Every file of a snapshot but `run.json`, with its bytes.
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
pub fn read(path: &Path) -> DataFrame {
    ParquetReader::new(File::open(path).unwrap()).finish().unwrap()
}

/// The texts of a string column; empty where null.
pub fn texts(frame: &DataFrame, column: &str) -> Vec<String> {
    let strings = frame.column(column).unwrap().cast(&DataType::String).unwrap();
    let strings = strings.str().unwrap();
    (0..frame.height())
        .map(|row| strings.get(row).unwrap_or_default().to_owned())
        .collect()
}

/// The texts of a column of lists.
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
