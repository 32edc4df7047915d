//! What a run did, counted; counts of several workers add up.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use gongkai_dataset::{DumpRows, Published};

/// Counts of one worker, or of all.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Files the walk found, unreadable ones included.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Reports read, copies included.
    pub reports: u64,
    /// Observations, those of copies included.
    pub observations: u64,
    /// Dumps that failed.
    pub failed: u64,
    /// Dumps left out on purpose.
    pub left_out: u64,
    /// Checks that passed.
    pub checks_passed: u64,
    /// Definitional checks that failed.
    pub checks_failed: u64,
    /// Other checks that failed.
    pub checks_warned: u64,
    /// Rejects by reason.
    pub rejects: BTreeMap<String, u64>,
}

impl Counts {
    /// Counts a dump.
    pub fn add_dump(&mut self, rows: &DumpRows) {
        self.files += 1;
        self.bytes += u64::try_from(rows.dump.bytes).unwrap_or(0);
        for report in &rows.reports {
            self.reports += 1;
            self.observations += report.observed.len() as u64;
            self.checks_passed += u64::from(report.report.checks_passed);
            self.checks_failed += u64::from(report.report.checks_failed);
            self.checks_warned += u64::from(report.report.checks_warned);
        }
        for reject in &rows.rejects {
            *self.rejects.entry(reject.reason.clone()).or_default() += 1;
            if reject.intentional {
                self.left_out += 1;
            } else {
                self.failed += 1;
            }
        }
    }

    /// Adds the counts of another worker.
    pub fn add(&mut self, other: &Self) {
        self.files += other.files;
        self.bytes += other.bytes;
        self.reports += other.reports;
        self.observations += other.observations;
        self.failed += other.failed;
        self.left_out += other.left_out;
        self.checks_passed += other.checks_passed;
        self.checks_failed += other.checks_failed;
        self.checks_warned += other.checks_warned;
        for (reason, count) in &other.rejects {
            *self.rejects.entry(reason.clone()).or_default() += count;
        }
    }

    /// The share of dumps that failed.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn failed_share(&self) -> f64 {
        if self.files == 0 {
            0.0
        } else {
            self.failed as f64 / self.files as f64
        }
    }
}

/// A run that came to its end.
#[derive(Debug, Clone)]
pub struct Summary {
    /// What was counted.
    pub counts: Counts,
    /// The snapshot; none for a dry run.
    pub published: Option<Published>,
    /// Time from the first file to the published snapshot.
    pub elapsed: Duration,
    /// Where analysts read.
    pub latest: String,
}

impl fmt::Display for Summary {
    #[allow(clippy::cast_precision_loss)]
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = &self.counts;
        let seconds = self.elapsed.as_secs_f64().max(0.001);
        let megabytes = counts.bytes as f64 / 1e6;
        writeln!(to, "files      {} seen, {megabytes:.1} MB", counts.files)?;
        writeln!(to, "reports    {}", counts.reports)?;
        writeln!(to, "rows       {} observations", counts.observations)?;
        writeln!(
            to,
            "rejects    {} failed, {} left out on purpose{}",
            counts.failed,
            counts.left_out,
            reasons(&counts.rejects)
        )?;
        writeln!(
            to,
            "checks     {} passed, {} failed, {} warned",
            counts.checks_passed, counts.checks_failed, counts.checks_warned
        )?;
        if let Some(Published { years, .. }) = &self.published {
            writeln!(
                to,
                "years      {} passed, {} failed, {} warned, {} not testable",
                years.passed, years.failed, years.warned, years.not_testable
            )?;
        }
        writeln!(
            to,
            "speed      {:.0} dumps/s, {:.1} MB/s, {seconds:.1} s in all",
            counts.files as f64 / seconds,
            megabytes / seconds
        )?;
        match &self.published {
            None => write!(to, "snapshot   none: this was a dry run"),
            Some(published) => {
                let note = if published.unchanged {
                    " (the same as before)"
                } else {
                    ""
                };
                writeln!(to, "snapshot   {}{note}", published.path.display())?;
                write!(
                    to,
                    "load it    polars.read_parquet(\"{}/observations/**/*.parquet\")",
                    self.latest
                )
            }
        }
    }
}

fn reasons(rejects: &BTreeMap<String, u64>) -> String {
    if rejects.is_empty() {
        return String::new();
    }
    let parts: Vec<String> = rejects
        .iter()
        .map(|(reason, count)| format!("{reason} {count}"))
        .collect();
    format!(" ({})", parts.join(", "))
}
