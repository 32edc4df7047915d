//! Peak memory of publishing, verifying and comparing snapshots and of a night over one, of a size that nobody extracts in a bench: every step in
//! a process of its own, on simulated rows.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use gongkai_dataset::{Night, Output, WriteOptions, diff, verify};
use serde::{Deserialize, Serialize};

use crate::machine;
use crate::simulate::{Extent, Part, Simulation, lexicon};

/// No step may take more memory, in megabytes: 2 GiB.
const MOST_MEGABYTES: f64 = 2_147.5;

/// Of a hundred categories, how many are kept: a report then has about sixty values.
const CATEGORIES: u64 = 50;

/// What one step took.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Step {
    /// What was done: publish, publish_changed, night, verify or diff.
    pub step: String,
    /// Peak resident memory of the process (VmHWM), in megabytes.
    pub peak_megabytes: f64,
    /// Time it took, in seconds.
    pub seconds: f64,
    /// What it dealt with: rows of each table, or differences.
    pub counts: serde_json::Value,
}

/// What all steps took.
#[derive(Debug, Clone, Serialize)]
pub struct Scale {
    /// Reports of a snapshot.
    pub reports: u64,
    /// Megabytes of a snapshot on disk.
    pub snapshot_megabytes: f64,
    /// The steps, in their order.
    pub steps: Vec<Step>,
    /// The most that any of them took, in megabytes.
    pub most_megabytes: f64,
    /// What none of them may pass.
    pub mark_megabytes: f64,
}

/// A step that runs in a process of its own.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum StepCommand {
    /// Write a snapshot of simulated reports: the tables, the panel and the indicators
    Publish(PublishOptions),
    /// Verify a snapshot
    Verify {
        /// Output folder
        folder: PathBuf,
    },
    /// Compare two snapshots
    Diff {
        /// The older output folder
        old: PathBuf,
        /// The newer output folder
        new: PathBuf,
    },
}

/// What is simulated.
#[derive(Debug, Clone, clap::Args)]
pub struct PublishOptions {
    /// Reports
    #[arg(long)]
    reports: u64,
    /// Output folder
    #[arg(long)]
    output: PathBuf,
    /// Provinces to spread over; 0 means all
    #[arg(long, default_value_t = 0)]
    provinces: usize,
    /// Years to spread over; 0 means all
    #[arg(long, default_value_t = 0)]
    years: usize,
    /// Keep the whole text of the forged pages instead of its numbers alone
    #[arg(long)]
    whole_pages: bool,
    /// Of a hundred categories, how many to keep
    #[arg(long, default_value_t = 100)]
    categories: u64,
    /// Give one report in a hundred other numbers
    #[arg(long)]
    changed: bool,
    /// Add one report in a hundred, with other numbers, to what is there
    #[arg(long, conflicts_with = "changed")]
    night: bool,
    /// Worker threads
    #[arg(long, default_value_t = machine::cores())]
    jobs: usize,
}

impl PublishOptions {
    fn part(&self) -> Part {
        match (self.changed, self.night) {
            (_, true) => Part::Night,
            (true, false) => Part::Changed,
            (false, false) => Part::First,
        }
    }
}

/// Does one step and tells what it took.
///
/// # Errors
/// When the step fails, or a snapshot is found unsound.
pub fn once(command: &StepCommand) -> anyhow::Result<Step> {
    let started = Instant::now();
    let (step, counts) = match command {
        StepCommand::Publish(options) => {
            let step = match options.part() {
                Part::First => "publish",
                Part::Changed => "publish_changed",
                Part::Night => "night",
            };
            (step, publish(options)?)
        }
        StepCommand::Verify { folder } => {
            let mut first = None;
            let found = verify(folder, &lexicon()?, 1, &mut |finding| {
                first.get_or_insert_with(|| finding.clone());
            })?;
            ensure!(
                found.findings.is_empty(),
                "{}: {:?}, first {first:?}",
                folder.display(),
                found.findings
            );
            ("verify", serde_json::json!({ "files": found.files }))
        }
        StepCommand::Diff { old, new } => {
            let mut differences = 0_u64;
            diff(old, new, &lexicon()?, 0, &mut |_, _, _| {
                differences += 1;
                Ok(())
            })?;
            ("diff", serde_json::json!({ "differences": differences }))
        }
    };
    #[allow(clippy::cast_precision_loss)]
    Ok(Step {
        step: step.to_owned(),
        peak_megabytes: machine::status_kilobytes("VmHWM").context("/proc/self/status: tells no VmHWM")? as f64
            * 1024.0
            / 1e6,
        seconds: started.elapsed().as_secs_f64(),
        counts,
    })
}

fn publish(options: &PublishOptions) -> anyhow::Result<serde_json::Value> {
    let extent = Extent {
        reports: options.reports,
        provinces: options.provinces,
        years: options.years,
        has_whole_pages: options.whole_pages,
        categories: options.categories,
        part: options.part(),
    };
    let output = Output::open(&options.output)?;
    let simulation = {
        let extractor = crate::extractor()?;
        Simulation::new(extent, &extractor, &options.output, crate::SEED)?
    };
    let lexicon = lexicon()?;
    let night = Night {
        full: !options.night,
        ..Night::default()
    };
    let writer = output.begin_night(WriteOptions::default(), &lexicon, &night)?;
    let published = simulation.write(writer, options.jobs)?;
    let rows = published.rows;
    let (expected, found) = (simulation.reports(), rows.get("reports").copied().unwrap_or_default());
    ensure!(
        found == expected || options.night && found > expected,
        "expected {expected} reports, found {rows:?}"
    );
    Ok(serde_json::to_value(rows)?)
}

/// Takes all steps below a folder, which holds two outputs of about 220 bytes for each simulated value.
///
/// # Errors
/// When a step fails.
pub fn measure(reports: u64, temp: &Path, jobs: usize) -> anyhow::Result<Scale> {
    let (old, new) = (temp.join("scale-old"), temp.join("scale-new"));
    let publish = |output: &Path| {
        let mut command = step("publish")?;
        command.arg("--output").arg(output);
        command.args(["--reports", &reports.to_string(), "--jobs", &jobs.to_string()]);
        command.args(["--categories", &CATEGORIES.to_string()]);
        Ok::<_, anyhow::Error>(command)
    };
    let mut steps = vec![told(&mut publish(&old)?)?];
    let snapshot_megabytes = megabytes(&old)?;
    steps.push(told(step("verify")?.arg(&old))?);
    steps.push(told(publish(&new)?.arg("--changed"))?);
    steps.push(told(step("diff")?.arg(&old).arg(&new))?);
    steps.push(told(publish(&old)?.arg("--night"))?);
    std::fs::remove_dir_all(&old)?;
    std::fs::remove_dir_all(&new)?;
    Ok(Scale {
        reports,
        snapshot_megabytes,
        most_megabytes: steps.iter().map(|step| step.peak_megabytes).fold(0.0, f64::max),
        steps,
        mark_megabytes: MOST_MEGABYTES,
    })
}

fn step(name: &str) -> anyhow::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["step", name]);
    Ok(command)
}

/// What a step says of itself.
fn told(command: &mut Command) -> anyhow::Result<Step> {
    let done = command.output()?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "{command:?} failed: {}", said.trim());
    let step: Step = serde_json::from_slice(&done.stdout).context("a step told no figures")?;
    println!("{step}");
    Ok(step)
}

/// The size of a folder with all it holds.
#[allow(clippy::cast_precision_loss)]
fn megabytes(folder: &Path) -> anyhow::Result<f64> {
    let mut sum = 0.0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.metadata()?;
        sum += match (kind.is_dir(), kind.is_file()) {
            (true, _) => megabytes(&entry.path())?,
            (_, true) => kind.len() as f64 / 1e6,
            _ => 0.0,
        };
    }
    Ok(sum)
}

impl fmt::Display for Step {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            to,
            "scale      {}: {:.0} MB at the peak, {:.0} s, {}",
            self.step, self.peak_megabytes, self.seconds, self.counts
        )
    }
}

impl fmt::Display for Scale {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            to,
            "scale      {} reports, {:.0} MB a snapshot; {:.0} MB at most (mark {:.0})",
            self.reports, self.snapshot_megabytes, self.most_megabytes, self.mark_megabytes
        )
    }
}
