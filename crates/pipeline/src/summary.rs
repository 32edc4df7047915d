//! What a run did, counted; counts of several workers add up.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use gongkai_dataset::{Comparison, Counts, Published, Tally};

/// A run that came to its end.
#[derive(Debug, Clone)]
pub struct Summary {
    /// What the snapshot holds; for a dry run, what the dumps that would be read give.
    pub counts: Counts,
    /// How the dumps compare with those of the last snapshot.
    pub tally: Tally,
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
        writeln!(to, "dumps      {}", tally(self.tally))?;
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
        let read = self.tally.new + self.tally.changed;
        writeln!(
            to,
            "speed      {:.0} dumps/s read, {seconds:.1} s in all",
            read as f64 / seconds
        )?;
        if let Some(Published {
            comparison: Comparison::Totals(totals),
            ..
        }) = &self.published
        {
            for line in totals.to_string().lines() {
                writeln!(to, "changes    {line}")?;
            }
        }
        match &self.published {
            None => write!(to, "snapshot   none: this was a dry run"),
            Some(published) => {
                let note = match (published.unchanged, published.is_another()) {
                    (true, false) => " (the same as before)",
                    (true, true) => " (the content of an earlier night)",
                    (false, _) => "",
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

fn tally(tally: Tally) -> String {
    let Tally {
        new,
        changed,
        same,
        resumed,
        withdrawn,
        stale,
        lost,
    } = tally;
    let mut text = format!("{new} new, {changed} changed, {same} the same, {withdrawn} withdrawn");
    if lost > 0 {
        text += &format!(" ({lost} of them since they cannot be read)");
    }
    if stale > 0 {
        text += &format!(", {stale} unreadable and as in an earlier night");
    }
    if resumed > 0 {
        text += &format!(", {resumed} read by a run that was cut off");
    }
    text
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
