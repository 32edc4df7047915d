//! How far a run is: a bar on a terminal, plain or JSON lines elsewhere.

use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use gongkai_dataset::Counts;

mod bar;

use bar::Bar;

/// How lines are written where there is no terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The usual course.
    Info,
    /// Somebody should look at it.
    Warning,
    /// The command failed.
    Error,
}

/// A JSON line, keys in this order.
#[derive(serde::Serialize)]
struct Line<'a> {
    /// RFC 3339, UTC, milliseconds.
    time: String,
    level: Level,
    event: &'a str,
    fields: &'a serde_json::Value,
}

/// Lines are not written more often than this.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Counters that workers add to, and the bar or lines that show them.
#[derive(Debug)]
pub struct Progress {
    format: LogFormat,
    is_silent: bool,
    bar: Option<Bar>,
    started: Instant,
    files: AtomicU64,
    rows: AtomicU64,
    rejects: AtomicU64,
    next_line: AtomicU64,
    /// The stages that have begun, each with when it did.
    stages: Mutex<Vec<(String, Instant)>>,
}

impl Progress {
    /// A bar when standard error is a terminal and lines are for people.
    #[must_use]
    pub fn new(format: LogFormat) -> Self {
        let on_terminal = format == LogFormat::Text && std::io::stderr().is_terminal();
        Self {
            format,
            is_silent: false,
            bar: on_terminal.then(Bar::new),
            started: Instant::now(),
            files: AtomicU64::new(0),
            rows: AtomicU64::new(0),
            rejects: AtomicU64::new(0),
            next_line: AtomicU64::new(LINE_EVERY.as_secs()),
            stages: Mutex::new(Vec::new()),
        }
    }

    /// One that says nothing: for who runs the job many times and looks at what it leaves.
    #[must_use]
    pub fn silent() -> Self {
        let mut silent = Self::new(LogFormat::Text);
        silent.is_silent = true;
        silent.bar = None;
        silent
    }

    /// Whether a bar is shown, so that it is worth counting the files beforehand.
    #[must_use]
    pub fn wants_total(&self) -> bool {
        self.bar.is_some()
    }

    /// Tells how many files there are, once somebody has counted them.
    pub fn set_total(&self, files: u64) {
        if let Some(bar) = &self.bar {
            bar.set_total(files);
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
        self.clear();
        if self.format == LogFormat::Json {
            self.event("done", "", &serde_json::to_value(counts).unwrap_or_default());
        }
    }

    /// Takes the bar away: what is printed from now on stands alone.
    fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.clear();
        }
    }

    /// A stage of the run begins: a line where lines are JSON, the bar's message on a terminal.
    pub fn stage(&self, name: &str) {
        self.stages().push((name.to_owned(), Instant::now()));
        match &self.bar {
            Some(bar) => bar.stage(name),
            None if self.format == LogFormat::Json => {
                self.event("stage", "", &serde_json::json!({ "stage": name }));
            }
            None => {}
        }
    }

    fn stages(&self) -> MutexGuard<'_, Vec<(String, Instant)>> {
        self.stages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Seconds that each stage took, the last one until now.
    pub fn durations(&self) -> BTreeMap<String, f64> {
        let stages = self.stages();
        let ends = stages.iter().skip(1).map(|(_, begun)| *begun).chain([Instant::now()]);
        let mut durations: BTreeMap<String, f64> = BTreeMap::new();
        for ((name, begun), end) in stages.iter().zip(ends) {
            *durations.entry(name.clone()).or_default() += end.duration_since(*begun).as_secs_f64();
        }
        durations
    }

    /// Says something that happened: `text` to people, `event` and `fields` to programs.
    pub fn event(&self, event: &str, text: &str, fields: &serde_json::Value) {
        self.log(Level::Info, event, text, fields);
    }

    /// Says something that somebody should look at.
    pub fn warn(&self, event: &str, text: &str, fields: &serde_json::Value) {
        self.log(Level::Warning, event, &format!("warning: {text}"), fields);
    }

    /// Says why the command failed and what its exit code is.
    pub fn error(&self, message: &str, exit_code: u8) {
        self.clear();
        let fields = serde_json::json!({ "message": message, "exit_code": exit_code });
        self.log(Level::Error, "error", &format!("error: {message}"), &fields);
    }

    fn log(&self, level: Level, event: &str, text: &str, fields: &serde_json::Value) {
        let line = match self.format {
            LogFormat::Text => text.to_owned(),
            LogFormat::Json => json_line(level, event, fields),
        };
        if !self.is_silent && !self.bar.as_ref().is_some_and(|bar| bar.print(&line)) {
            // In one piece, so that nothing comes between a line and its end. A closed standard error must not end a run.
            drop(std::io::stderr().write_all((line + "\n").as_bytes()));
        }
    }
}

impl Drop for Progress {
    /// A run that failed leaves no bar behind.
    fn drop(&mut self) {
        self.clear();
    }
}

fn json_line(level: Level, event: &str, fields: &serde_json::Value) -> String {
    let time = humantime::format_rfc3339_millis(SystemTime::now()).to_string();
    let line = Line {
        time,
        level,
        event,
        fields,
    };
    // Text and numbers always make JSON.
    serde_json::to_string(&line).unwrap_or_default()
}
