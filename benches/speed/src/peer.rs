//! Another program that does the same job, on the same dumps in the same run, and how right both are.

use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::corpus::truth_of;

/// The scorer, which starts programs as `gongkai` is started.
const SCORER: &str = "benches/accuracy/score.py";

/// What the other program took, and how right both programs are.
#[derive(Debug, Clone, Serialize)]
pub struct Peer {
    /// Its name.
    pub program: String,
    /// What it says of itself.
    pub run: PeerRun,
    /// Dumps a second.
    pub dumps_per_second: f64,
    /// How right it is.
    pub accuracy: Accuracy,
    /// How right gongkai is on the same dumps.
    pub own_accuracy: Accuracy,
}

/// The line of JSON that a peer prints when it is done.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PeerRun {
    /// Dumps it read.
    pub files: u64,
    /// Rows it wrote.
    pub rows: u64,
    /// Time it took.
    pub seconds: f64,
    /// Peak memory of its processes, in megabytes.
    pub peak_rss_mb: f64,
}

/// Figures of the scorer, 0 to 1.
#[derive(Debug, Clone, Serialize)]
pub struct Accuracy {
    /// Right numbers among those that truth can judge.
    pub precision: f64,
    /// Truth's numbers that were read.
    pub recall: f64,
    /// Wrong numbers by 1,000 judged ones that nothing warns of.
    pub silent_per_1000: f64,
}

/// Runs the program on the dumps of a folder and scores both.
///
/// # Errors
/// When the program or the scorer fails, or tells no figures.
#[allow(clippy::cast_precision_loss)]
pub fn measure(program: &Path, input: &Path, temp: &Path, jobs: usize) -> anyhow::Result<Peer> {
    let output = temp.join("peer.parquet");
    let told = told(
        Command::new(program)
            .arg("run")
            .arg(input)
            .arg(&output)
            .args(["--jobs", &jobs.to_string()]),
    )?;
    let run: PeerRun =
        serde_json::from_str(told.trim()).with_context(|| format!("the peer told no figures: {told}"))?;
    let own = std::env::current_exe()?.with_file_name("gongkai");
    Ok(Peer {
        program: program.display().to_string(),
        dumps_per_second: run.files as f64 / run.seconds,
        run,
        accuracy: score(program, input, temp)?,
        own_accuracy: score(&own, input, temp)?,
    })
}

fn score(program: &Path, input: &Path, temp: &Path) -> anyhow::Result<Accuracy> {
    let (figures, floor) = (temp.join("figures.json"), temp.join("floor.json"));
    std::fs::write(&floor, "{}")?;
    told(
        Command::new("python3")
            .arg(SCORER)
            .args(["--set", "bulk"])
            .arg(truth_of(input))
            .arg(input)
            .arg("--binary")
            .arg(program)
            .arg("--floor")
            .arg(floor)
            .arg("--json")
            .arg(&figures),
    )?;
    let figures: Value = serde_json::from_slice(&std::fs::read(&figures)?)?;
    let figure = |name: &str| {
        let figure = figures.pointer(&format!("/bulk/groups/all/{name}"));
        figure
            .and_then(Value::as_f64)
            .with_context(|| format!("the scorer told no {name}"))
    };
    Ok(Accuracy {
        precision: figure("precision")?,
        recall: figure("recall")?,
        silent_per_1000: figure("silent_per_1000")?,
    })
}

/// What a command prints.
fn told(command: &mut Command) -> anyhow::Result<String> {
    let done = command.output().with_context(|| format!("{command:?}"))?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "{command:?} failed: {}", said.trim());
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

impl fmt::Display for Peer {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            to,
            "peer       {}: {:.0} dumps/s, {:.1} s, {:.0} MB",
            self.program, self.dumps_per_second, self.run.seconds, self.run.peak_rss_mb
        )?;
        let line = |accuracy: &Accuracy| {
            format!(
                "precision {:.2} %, recall {:.2} %, {:.1} silent errors by 1,000",
                100.0 * accuracy.precision,
                100.0 * accuracy.recall,
                accuracy.silent_per_1000
            )
        };
        writeln!(to, "its work   {}", line(&self.accuracy))?;
        write!(to, "our work   {}", line(&self.own_accuracy))
    }
}
