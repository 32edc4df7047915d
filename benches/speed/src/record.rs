//! Everything a run measured, as one JSON file to commit.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Serialize;

use crate::corpus::Corpus;
use crate::layout::Layout;
use crate::machine::{self, Machine};
use crate::memory::Peak;
use crate::night::Nights;
use crate::peer::Peer;
use crate::rounds::Rounds;
use crate::scale::Scale;
use crate::slow::Slow;
use crate::stages::Stages;

/// A run.
#[derive(Debug, Clone, Serialize)]
pub struct Record {
    date: String,
    commit: String,
    /// Whether files differed from the commit.
    changed: bool,
    machine: Machine,
    jobs: usize,
    seed: u64,
    corpus: Corpus,
    speed: Rounds,
    /// Microseconds of processor time a dump.
    stages: Stages,
    /// Pages that are one piece over and over, in microseconds a kilobyte.
    slow: Slow,
    /// The whole job on other numbers of dumps, each in a process of its own.
    memory: Vec<Peak>,
    /// Peak memory of the largest run over that of the smallest.
    memory_ratio: Option<f64>,
    /// The program of another make on the same dumps, when it was asked for.
    peer: Option<Peer>,
    /// Runs over dumps that were read before.
    nights: Option<Nights>,
    /// How observations lie on disk, when it was asked for.
    layout: Option<Layout>,
    /// Peak memory on simulated reports, when it was asked for.
    scale: Option<Scale>,
}

/// What was measured.
pub struct Measured {
    pub corpus: Corpus,
    pub speed: Rounds,
    pub stages: Stages,
    pub slow: Slow,
    pub memory: Vec<Peak>,
    pub peer: Option<Peer>,
    pub nights: Option<Nights>,
    pub layout: Option<Layout>,
    pub scale: Option<Scale>,
}

impl Record {
    /// Puts the figures together with date, machine and commit.
    pub fn new(jobs: usize, seed: u64, measured: Measured) -> Self {
        let (commit, changed) = machine::commit();
        Self {
            date: machine::today(),
            commit,
            changed,
            machine: machine::machine(),
            jobs,
            seed,
            corpus: measured.corpus,
            speed: measured.speed,
            stages: measured.stages,
            slow: measured.slow,
            memory_ratio: memory_ratio(&measured.memory),
            memory: measured.memory,
            peer: measured.peer,
            nights: measured.nights,
            layout: measured.layout,
            scale: measured.scale,
        }
    }

    /// Prints the memory figures.
    pub fn print_memory(&self) {
        for peak in &self.memory {
            println!(
                "memory     {:.0} MB at the peak of {} dumps, {:.1} s, {:.0} dumps/s, {:.1} MB/s",
                peak.peak_megabytes, peak.dumps, peak.seconds, peak.dumps_per_second, peak.megabytes_per_second
            );
        }
        if let Some(ratio) = self.memory_ratio {
            println!("ratio      {ratio:.2} (peak of the largest run over peak of the smallest)");
        }
    }

    /// Writes `<folder>/<date>-<commit>.json` and tells its path.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, folder: &Path) -> anyhow::Result<PathBuf> {
        let path = folder.join(format!("{}-{}.json", self.date, self.commit));
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(&path, text).with_context(|| path.display().to_string())?;
        Ok(path)
    }
}

fn memory_ratio(memory: &[Peak]) -> Option<f64> {
    let smallest = memory.iter().min_by_key(|peak| peak.dumps)?;
    let largest = memory.iter().max_by_key(|peak| peak.dumps)?;
    (largest.dumps > smallest.dumps).then(|| largest.peak_megabytes / smallest.peak_megabytes)
}
