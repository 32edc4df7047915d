//! The whole job against parsing alone, in turns within one process, the best of each.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use gongkai_extract::Extractor;
use serde::Serialize;

use crate::job;

/// What the turns gave.
#[derive(Debug, Clone, Serialize)]
pub struct Rounds {
    /// Dumps of one turn.
    pub dumps: u64,
    /// Their megabytes.
    pub megabytes: f64,
    /// Worker threads of both.
    pub jobs: usize,
    /// The whole job.
    pub job: Side,
    /// Reading, decoding and parsing alone.
    pub parse: Side,
    /// Best time of the job over best time of parsing.
    pub ratio: f64,
    /// Reports the job found.
    pub reports: u64,
    /// Observations the job wrote.
    pub observations: u64,
    /// Share of the job's definitional checks that passed; the pages keep their identities.
    pub checks_passed_share: f64,
    /// Dumps the job left out on purpose.
    pub left_out: u64,
    /// Dumps that failed.
    pub failed: u64,
}

/// One of the two.
#[derive(Debug, Clone, Serialize)]
pub struct Side {
    /// Seconds of every turn.
    pub seconds: Vec<f64>,
    /// Dumps a second in the best turn.
    pub dumps_per_second: f64,
    /// Megabytes a second in the best turn.
    pub megabytes_per_second: f64,
}

/// Lets the two take turns.
///
/// # Errors
/// When a turn fails.
#[allow(clippy::cast_precision_loss)]
pub fn measure(input: &Path, temp: &Path, extractor: &Extractor, jobs: usize, rounds: usize) -> anyhow::Result<Rounds> {
    let (mut job_times, mut parse_times) = (Vec::new(), Vec::new());
    let mut counts = None;
    for round in 0..rounds.max(1) {
        let output = temp.join(format!("output-{round}"));
        let (time, summary) = job::whole_job(input, &output, extractor, jobs)?;
        std::fs::remove_dir_all(&output)?;
        job_times.push(time);
        counts = Some(summary.counts);
        parse_times.push(job::parsing_alone(input, jobs)?.0);
    }
    let counts = counts.unwrap_or_default();
    let megabytes = counts.bytes as f64 / 1e6;
    let side = |times: &[Duration]| {
        let best = best(times);
        Side {
            seconds: times.iter().map(Duration::as_secs_f64).collect(),
            dumps_per_second: counts.files as f64 / best,
            megabytes_per_second: megabytes / best,
        }
    };
    Ok(Rounds {
        dumps: counts.files,
        megabytes,
        jobs,
        job: side(&job_times),
        parse: side(&parse_times),
        ratio: best(&job_times) / best(&parse_times),
        reports: counts.reports,
        observations: counts.observations,
        checks_passed_share: counts.checks_passed as f64 / (counts.checks_passed + counts.checks_failed).max(1) as f64,
        left_out: counts.left_out,
        failed: counts.failed,
    })
}

fn best(times: &[Duration]) -> f64 {
    times.iter().min().map_or(f64::NAN, Duration::as_secs_f64)
}

impl fmt::Display for Rounds {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |name: &str, side: &Side| {
            format!(
                "{name:<10} {:.0} dumps/s, {:.1} MB/s on {} threads; seconds by turn: {}",
                side.dumps_per_second,
                side.megabytes_per_second,
                self.jobs,
                side.seconds
                    .iter()
                    .map(|seconds| format!("{seconds:.2}"))
                    .collect::<Vec<_>>()
                    .join(" ")
            )
        };
        writeln!(to, "{}", line("whole job", &self.job))?;
        writeln!(to, "{}", line("parsing", &self.parse))?;
        writeln!(
            to,
            "ratio      {:.2} (time of the whole job over time of parsing alone)",
            self.ratio
        )?;
        write!(
            to,
            "result     {} reports, {} observations, {:.2} % of definitional checks passed, {} left out, {} failed",
            self.reports,
            self.observations,
            100.0 * self.checks_passed_share,
            self.left_out,
            self.failed
        )
    }
}
