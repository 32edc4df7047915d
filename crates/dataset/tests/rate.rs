//! How fast rows become a snapshot. Not a test of right and wrong: run it with `--ignored --nocapture`.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod support;

use std::path::PathBuf;
use std::time::Instant;

use gongkai_dataset::{DumpRows, Output, WriteOptions};
use gongkai_extract::{Applicant, CheckMark};
use support::{Cell, LEXICON, cell, contents, small};

/// A report with as many values as a statutory one has: some 150.
fn dump(number: u32) -> DumpRows {
    let mix = |salt: u32| {
        number
            .wrapping_mul(2_654_435_761)
            .wrapping_add(salt.wrapping_mul(40_503))
            >> 7
    };
    let codes = LEXICON.categories.iter().map(|(_, category)| category.code.as_str());
    let outcomes = codes.filter(|code| code.starts_with("requests.outcome") && !code.ends_with("total"));
    let totals = ["requests.received.total", "requests.outcome.total"];
    let categories: Vec<&'static str> = totals.into_iter().chain(outcomes).take(22).collect();
    let mut cells = Vec::new();
    for (salt, category) in (0u32..).zip(categories) {
        for applicant in Applicant::ALL {
            let count = i64::from(mix(salt) % 50);
            cells.push(Cell {
                applicant: *applicant,
                ..cell(category, count)
            });
        }
    }
    let code = format!("{:06}", 110_000 + mix(1) % 3_000 * 180);
    let mut rows = small(
        &format!("mirror/{number}.html"),
        &code,
        2008 + (mix(2) % 16) as i16,
        cells,
    )
    .rows();
    for report in &mut rows.reports {
        report
            .observations
            .iter_mut()
            .step_by(13)
            .for_each(|row| row.check = CheckMark::Failed.into());
    }
    rows
}

#[test]
#[ignore = "a measurement"]
fn rate() {
    let number = |name: &str, usual: u32| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse().ok())
            .unwrap_or(usual)
    };
    let (dumps, workers) = (number("RATE_DUMPS", 4_000), number("RATE_WORKERS", 2));
    let folder = tempfile::tempdir().unwrap();
    let out = std::env::var_os("RATE_OUT").map_or_else(|| folder.path().to_owned(), PathBuf::from);
    let output = Output::open(&out).unwrap();
    let options = WriteOptions {
        spill_bytes: number("RATE_SPILL_MB", 64) as usize * (1 << 20),
        ..WriteOptions::default()
    };
    let writer = output.begin(options, &LEXICON).unwrap();
    let templates: Vec<DumpRows> = (0..64).map(dump).collect();
    let start = Instant::now();
    let buffers: Vec<_> = (0..workers).map(|_| writer.worker()).collect();
    let buffers: Vec<_> = std::thread::scope(|scope| {
        let threads = (0..).zip(buffers).map(|(number, mut buffer)| {
            let templates = &templates;
            scope.spawn(move || {
                for dump in (number..dumps).step_by(workers as usize) {
                    let mut rows = templates[dump as usize % templates.len()].clone();
                    rename(&mut rows, dump);
                    buffer.push(rows).unwrap();
                }
                buffer
            })
        });
        let threads: Vec<_> = threads.collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let pushed = start.elapsed();
    let published = writer.finish(buffers, serde_json::json!({})).unwrap();
    let all = start.elapsed();
    let rows: u64 = published.rows.values().sum();
    let bytes: usize = contents(&published.path).iter().map(|(_, bytes)| bytes.len()).sum();
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = memory
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap_or_default();
    println!("{dumps} dumps, {workers} workers: pushed in {pushed:.2?}, published after {all:.2?}");
    println!(
        "{rows} rows, {:.0} rows/s, {bytes} bytes, {peak}",
        rows as f64 / all.as_secs_f64()
    );
    println!("{:?}", published.rows);
}

/// Makes the rows of a dump those of another report.
fn rename(rows: &mut DumpRows, number: u32) {
    let id = blake3::hash(&number.to_le_bytes()).to_hex()[..32].to_owned();
    rows.dump.origin = format!("mirror/{number}.html");
    for rows in &mut rows.reports {
        rows.report.report_id.clone_from(&id);
        rows.observations
            .iter_mut()
            .for_each(|row| row.report_id = id.as_str().into());
        rows.mentions
            .iter_mut()
            .for_each(|row| row.report_id = id.as_str().into());
        rows.checks.iter_mut().for_each(|row| row.report_id.clone_from(&id));
        rows.problems.iter_mut().for_each(|row| row.report_id.clone_from(&id));
    }
    if let Some(page) = &mut rows.page {
        page.report_ids = vec![id.clone()];
        page.page_id = id;
    }
}
