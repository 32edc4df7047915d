//! The two things that are compared, each over all dumps of a folder: the whole job, and parsing alone.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use encoding_rs::{GB18030, UTF_8};
use gongkai_crawl::{FileRef, Found, walk};
use gongkai_extract::Extractor;
use gongkai_pipeline::{Config, Input, LogFormat, Mode, Progress, Summary};
use rayon::prelude::*;
use scraper::Html;

/// Name of the input.
const NAME: &str = "bench";
/// As the job does: deep pages must not end the process.
const STACK: usize = 16 << 20;

/// `gongkai run` on a folder of dumps into an empty folder: walk, read, decode, extract, check, write and publish.
pub fn whole_job(
    input: &Path,
    output: &Path,
    extractor: &Extractor,
    jobs: usize,
) -> anyhow::Result<(Duration, Summary)> {
    let config = Config {
        output: output.to_owned(),
        jobs,
        max_reject_share: 1.0,
        max_withdrawn_share: 1.0,
        keep: 7,
        max_file_bytes: 64 << 20,
        max_seconds_per_dump: gongkai_pipeline::DEFAULT_SECONDS_PER_DUMP,
        metrics: None,
        inputs: vec![Input {
            name: NAME.to_owned(),
            path: input.to_owned(),
        }],
    };
    let progress = Progress::new(LogFormat::Text);
    let started = Instant::now();
    let summary = gongkai_pipeline::run(&config, extractor, &progress, Mode::default())?;
    Ok((started.elapsed(), summary))
}

/// Walks the same folder, reads the same files, decodes them from the charset they declare and parses them with
/// `scraper`, on as many threads; the trees are dropped where they were made and nothing is read from them.
pub fn parsing_alone(input: &Path, jobs: usize) -> anyhow::Result<(Duration, u64)> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .stack_size(STACK)
        .build()?;
    let started = Instant::now();
    let files = files(input);
    let nodes: u64 = pool.install(|| {
        files
            .par_iter()
            .map(|file| -> anyhow::Result<u64> {
                let bytes = fs::read(&file.path).with_context(|| file.path.display().to_string())?;
                Ok(Html::parse_document(&decoded(&bytes)).tree.nodes().len() as u64)
            })
            .sum::<anyhow::Result<u64>>()
    })?;
    ensure!(nodes > 0, "{}: no page was parsed", input.display());
    Ok((started.elapsed(), files.len() as u64))
}

/// The files of a folder, as the job finds them.
pub fn files(input: &Path) -> Vec<FileRef> {
    walk(input, NAME)
        .filter_map(|found| match found {
            Found::File(file) => Some(file),
            Found::Failed { .. } => None,
        })
        .collect()
}

/// Generated pages declare either charset within their first bytes.
fn decoded(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    let head = bytes.get(..1024).unwrap_or(bytes);
    let is_gb = head.windows(14).any(|window| window == b"charset=gb2312");
    if is_gb { GB18030 } else { UTF_8 }.decode(bytes).0
}
