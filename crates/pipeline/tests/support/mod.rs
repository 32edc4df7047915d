//! Runs over folders of dumps, and what stands in the snapshots they publish.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use gongkai_extract::Extractor;
use gongkai_lexicon::{DataSource, Lexicon};
use gongkai_pipeline::{Config, Input, LogFormat, Mode, Progress, Summary};
use gongkai_test_support::repository;

pub static EXTRACTOR: LazyLock<Extractor> =
    LazyLock::new(|| Extractor::new(Lexicon::load(&DataSource::embedded()).unwrap()).unwrap());

/// A report of a few sentences that names its issuer, year and three counts.
pub const REPORT: &str = "杭州市余杭区人民政府2012年政府信息公开工作年度报告\n\n\
                          全年主动公开政府信息1,234条。\n收到政府信息公开申请12件。\n未发生行政复议。\n";

/// The sample reports.
pub fn samples() -> PathBuf {
    repository("data/samples/dumps")
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
        max_withdrawn_share: 0.1,
        keep: 7,
        max_file_bytes: 64 << 20,
        max_seconds_per_dump: 3600,
        metrics: None,
        inputs,
    };
    gongkai_pipeline::run(&config, &EXTRACTOR, &Progress::new(LogFormat::Text), Mode::default()).unwrap()
}
