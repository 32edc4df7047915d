//! Peak memory of the job, taken in a process of its own.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};

use crate::{corpus, job, machine};

/// What one run took.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Peak {
    /// Dumps of the run.
    pub dumps: u64,
    /// Peak resident memory of the process (VmHWM), in megabytes.
    pub peak_megabytes: f64,
    /// Time of the run, in seconds.
    pub seconds: f64,
    /// Dumps a second.
    pub dumps_per_second: f64,
    /// Megabytes a second.
    pub megabytes_per_second: f64,
}

/// Forges the dumps where they are missing and runs the job on them in a child process.
///
/// # Errors
/// When the dumps cannot be written or the child fails.
pub fn measure(dumps: u64, seed: u64, input: &Path, temp: &Path, jobs: usize) -> anyhow::Result<Peak> {
    if !input.exists() {
        corpus::forge(dumps, seed, input)?;
    }
    let output = temp.join("memory");
    let child = Command::new(std::env::current_exe()?)
        .arg("run-once")
        .arg("--input")
        .arg(input)
        .arg("--output")
        .arg(&output)
        .args(["--jobs", &jobs.to_string()])
        .output()?;
    let said = String::from_utf8_lossy(&child.stderr);
    ensure!(child.status.success(), "the measured run failed: {}", said.trim());
    std::fs::remove_dir_all(&output)?;
    serde_json::from_slice(&child.stdout).context("the measured run told no figures")
}

/// The job in this process, and the memory it took in all.
///
/// # Errors
/// When the job fails or the system does not tell the memory.
#[allow(clippy::cast_precision_loss)]
pub fn run_once(input: &Path, output: &Path, jobs: usize) -> anyhow::Result<Peak> {
    let extractor = crate::extractor()?;
    let (time, summary) = job::whole_job(input, output, &extractor, jobs)?;
    let kilobytes = machine::status_kilobytes("VmHWM").context("/proc/self/status: tells no VmHWM")?;
    Ok(Peak {
        dumps: summary.counts.files,
        peak_megabytes: kilobytes as f64 * 1024.0 / 1e6,
        seconds: time.as_secs_f64(),
        dumps_per_second: summary.counts.files as f64 / time.as_secs_f64(),
        megabytes_per_second: summary.counts.bytes as f64 / 1e6 / time.as_secs_f64(),
    })
}
