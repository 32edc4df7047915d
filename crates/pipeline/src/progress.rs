//! How far a run is: a bar on a terminal, plain or JSON lines elsewhere.

use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use gongkai_dataset::Counts;

/// How lines are written where there is no terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Lines are not written more often than this.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Counters that workers add to, and the bar or lines that show them.
#[derive(Debug)]
pub struct Progress {
    format: LogFormat,
    bar: Option<ProgressBar>,
    started: Instant,
    files: AtomicU64,
    rows: AtomicU64,
    rejects: AtomicU64,
    next_line: AtomicU64,
}

impl Progress {
    /// A bar when standard error is a terminal and lines are for people.
    #[must_use]
    pub fn new(format: LogFormat) -> Self {
        let on_terminal = format == LogFormat::Text && std::io::stderr().is_terminal();
        Self {
            format,
            bar: on_terminal.then(bar),
            started: Instant::now(),
            files: AtomicU64::new(0),
            rows: AtomicU64::new(0),
            rejects: AtomicU64::new(0),
            next_line: AtomicU64::new(LINE_EVERY.as_secs()),
        }
    }

    /// Whether a bar is shown, so that it is worth counting the files beforehand.
    #[must_use]
    pub fn wants_total(&self) -> bool {
        self.bar.is_some()
    }

    /// Tells how many files there are, once somebody has counted them.
    pub fn set_total(&self, files: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(files);
        }
    }

    /// A dump is done.
    pub fn dump_done(&self, rows: u64, rejects: u64) {
        let files = self.files.fetch_add(1, Ordering::Relaxed) + 1;
        let rows = self.rows.fetch_add(rows, Ordering::Relaxed) + rows;
        let rejects = self.rejects.fetch_add(rejects, Ordering::Relaxed) + rejects;
        match &self.bar {
            Some(bar) => {
                bar.set_position(files);
                if files.is_multiple_of(64) {
                    bar.set_message(format!("{rows} rows, {rejects} rejects"));
                }
            }
            None if files.is_multiple_of(256) => self.line(files, rows, rejects),
            None => {}
        }
    }

    #[allow(clippy::cast_precision_loss)]
    fn line(&self, files: u64, rows: u64, rejects: u64) {
        let elapsed = self.started.elapsed();
        let due = self.next_line.load(Ordering::Relaxed);
        let now = elapsed.as_secs();
        let next = now + LINE_EVERY.as_secs();
        if now < due
            || self
                .next_line
                .compare_exchange(due, next, Ordering::Relaxed, Ordering::Relaxed)
                .is_err()
        {
            return;
        }
        let rate = files as f64 / elapsed.as_secs_f64().max(0.001);
        let fields =
            serde_json::json!({ "files": files, "rows": rows, "rejects": rejects, "per_second": rate.round() });
        self.event(
            "progress",
            &format!("{files} files, {rows} rows, {rejects} rejects, {rate:.0} files/s"),
            &fields,
        );
    }

    /// The run ends: the bar goes, and JSON logs get the counts.
    pub fn finish(&self, counts: &Counts) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if self.format == LogFormat::Json {
            self.event("done", "", &serde_json::to_value(counts).unwrap_or_default());
        }
    }

    /// Says something that happened.
    pub fn event(&self, event: &str, text: &str, fields: &serde_json::Value) {
        let line = match self.format {
            LogFormat::Text => text.to_owned(),
            LogFormat::Json => serde_json::json!({ "event": event, "fields": fields }).to_string(),
        };
        match &self.bar {
            Some(bar) => bar.println(line),
            // A closed standard error must not end a run.
            None => drop(writeln!(std::io::stderr(), "{line}")),
        }
    }
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} files, {per_sec}, {eta} left; {msg}");
    let bar = ProgressBar::new(0);
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}
