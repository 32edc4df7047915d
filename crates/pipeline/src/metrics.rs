//! What a run leaves for Prometheus: a textfile for node_exporter, whole or not at all.
//!
//! The file is about the last run, whatever became of it; two times are carried over from the file before when the run
//! published nothing. No part of the dataset: it has clocks in it.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gongkai_dataset::{Counts, Tally};

use crate::summary::Summary;

const LAST_SUCCESS: &str = "gongkai_last_success_timestamp_seconds";
const LAST_PUBLISHED: &str = "gongkai_last_published_timestamp_seconds";

/// Why the figures could not be left.
#[derive(Debug, thiserror::Error)]
#[error("{}: metrics cannot be written: {error}", path.display())]
pub struct MetricsError {
    /// The file or its folder.
    path: PathBuf,
    /// What the system says.
    error: std::io::Error,
}

/// A run that ended.
#[derive(Debug)]
pub struct Metrics<'a> {
    /// When it began.
    pub started: SystemTime,
    /// When it ended.
    pub ended: SystemTime,
    /// Its exit code.
    pub exit_code: u8,
    /// What it did; none when it published nothing.
    pub summary: Option<&'a Summary>,
    /// Version of the program.
    pub engine: &'a str,
    /// Version of the domain data.
    pub data: &'a str,
}

impl Metrics<'_> {
    /// Replaces the file in one step: a reader finds the figures of this run or those of the run before.
    ///
    /// # Errors
    /// [`MetricsError`] when the folder cannot be made or the file not be written; the old one then stands.
    pub fn write(&self, path: &Path) -> Result<(), MetricsError> {
        let before = std::fs::read_to_string(path).unwrap_or_default();
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let write = || {
            std::fs::create_dir_all(folder)?;
            // Collectors read names that end in .prom; one name for all runs, so that a killed one leaves no second.
            let mut name = path.as_os_str().to_owned();
            name.push(".new");
            let new = PathBuf::from(name);
            let mut file = File::create(&new)?;
            file.write_all(self.text(&before).as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&new, path)?;
            File::open(folder)?.sync_all()
        };
        write().map_err(|error| MetricsError {
            path: path.to_owned(),
            error,
        })
    }

    /// The figures in Prometheus' text format. `before` is the text of the run before.
    fn text(&self, before: &str) -> String {
        let mut page = Page::default();
        let ended = seconds(since_epoch(self.ended));
        let lasting = |name, now: bool| {
            if now {
                Some(ended.clone())
            } else {
                value_of(before, name)
            }
        };
        page.one(
            "gongkai_build_info",
            "Versions of the last run's program and of its domain data.",
        );
        page.sample(&[("version", self.engine), ("data", self.data)], "1");
        page.one("gongkai_run_start_timestamp_seconds", "When the last run began.");
        page.sample(&[], &seconds(since_epoch(self.started)));
        page.one("gongkai_run_end_timestamp_seconds", "When the last run ended.");
        page.sample(&[], &ended);
        page.one("gongkai_run_duration_seconds", "How long the last run took.");
        page.sample(
            &[],
            &seconds(self.ended.duration_since(self.started).unwrap_or_default()),
        );
        page.one("gongkai_run_exit_code", "Exit code of the last run; 0 is success.");
        page.sample(&[], &self.exit_code.to_string());
        if let Some(time) = lasting(LAST_SUCCESS, self.exit_code == 0) {
            page.one(LAST_SUCCESS, "When a run last ended with exit code 0.");
            page.sample(&[], &time);
        }
        let published = self.summary.and_then(|summary| summary.published.as_ref());
        if let Some(time) = lasting(LAST_PUBLISHED, published.is_some()) {
            page.one(
                LAST_PUBLISHED,
                "When a run last published a snapshot or found it unchanged, too many failed dumps or not.",
            );
            page.sample(&[], &time);
        }
        if let Some(summary) = self.summary {
            counts(&mut page, &summary.counts);
        }
        if let Some(published) = published {
            page.one(
                "gongkai_snapshot_changed",
                "1 when analysts read another snapshot after the last run than before, 0 when it is the same.",
            );
            page.sample(&[], if published.is_another() { "1" } else { "0" });
            dumps(&mut page, published.tally);
        }
        page.0
    }
}

fn dumps(page: &mut Page, tally: Tally) {
    page.one(
        "gongkai_run_dumps",
        "Dumps the last run found, against the snapshot before.",
    );
    for (state, value) in [
        ("new", tally.new),
        ("changed", tally.changed),
        ("same", tally.same),
        ("resumed", tally.resumed),
        ("withdrawn", tally.withdrawn),
        ("stale", tally.stale),
        ("lost", tally.lost),
    ] {
        page.sample(&[("state", state)], &value.to_string());
    }
}

fn counts(page: &mut Page, counts: &Counts) {
    for (name, help, value) in [
        ("gongkai_run_files", "Dumps the last run found.", counts.files),
        ("gongkai_run_read_bytes", "Size of these dumps.", counts.bytes),
        (
            "gongkai_run_reports",
            "Reports in them, copies included.",
            counts.reports,
        ),
        (
            "gongkai_run_observations",
            "Observations in them, those of copies included.",
            counts.observations,
        ),
    ] {
        page.one(name, help);
        page.sample(&[], &value.to_string());
    }
    page.one("gongkai_run_checks", "Checks within reports, by result.");
    for (result, value) in [
        ("passed", counts.checks_passed),
        ("failed", counts.checks_failed),
        ("warned", counts.checks_warned),
    ] {
        page.sample(&[("result", result)], &value.to_string());
    }
    page.one(
        "gongkai_run_rejected_dumps",
        "Dumps that gave no report: failed, or left out on purpose.",
    );
    for (outcome, value) in [("failed", counts.failed), ("left_out", counts.left_out)] {
        page.sample(&[("outcome", outcome)], &value.to_string());
    }
    page.one("gongkai_run_rejects", "Dumps that gave no report, by reason.");
    for (reason, value) in &counts.rejects {
        page.sample(&[("reason", reason)], &value.to_string());
    }
}

/// A page in the text format.
#[derive(Default)]
struct Page(String);

impl Page {
    /// Begins a family. All are gauges: a run tells what it found, nothing adds up over runs.
    fn one(&mut self, name: &str, help: &str) {
        // Writing to a string cannot fail.
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} gauge\n");
    }

    /// Adds a sample of the family begun last.
    fn sample(&mut self, labels: &[(&str, &str)], value: &str) {
        let family = self.0.rsplit("# TYPE ").next().and_then(|rest| rest.split(' ').next());
        let name = family.unwrap_or_default().to_owned();
        let labels: Vec<String> = labels
            .iter()
            .map(|(name, value)| format!("{name}=\"{}\"", escaped(value)))
            .collect();
        let labels = match labels.as_slice() {
            [] => String::new(),
            labels => format!("{{{}}}", labels.join(",")),
        };
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }
}

/// A label's value as the format wants it.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn since_epoch(time: SystemTime) -> Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn seconds(duration: Duration) -> String {
    format!("{}.{:03}", duration.as_secs(), duration.subsec_millis())
}

/// The value of a sample without labels in an older page, when it is a number.
fn value_of(page: &str, name: &str) -> Option<String> {
    let mut values = page
        .lines()
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let value = values.next()?.trim();
    let number: f64 = value.parse().ok()?;
    number.is_finite().then(|| value.to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeMap;

    use gongkai_dataset::{Comparison, Published, Totals};

    use super::*;

    /// Name, labels and value of every sample, in the strictest reading of the format.
    type Samples = BTreeMap<(String, BTreeMap<String, String>), f64>;

    fn parse(page: &str) -> Samples {
        assert!(page.ends_with('\n'), "the last line has no end");
        let mut samples = Samples::new();
        let mut lines = page.lines().peekable();
        let mut families = Vec::new();
        while let Some(line) = lines.next() {
            let name = line.strip_prefix("# HELP ").unwrap().split(' ').next().unwrap();
            assert!(!families.contains(&name), "{name} is there twice");
            families.push(name);
            let is_word = |character: char| character.is_ascii_lowercase() || character == '_';
            assert!(name.starts_with("gongkai_") && name.chars().all(is_word), "{name}");
            assert!(!name.ends_with("_total"), "{name} is no counter");
            assert_eq!(lines.next().unwrap(), format!("# TYPE {name} gauge"));
            while let Some(line) = lines.next_if(|line| !line.starts_with('#')) {
                let rest = line.strip_prefix(name).unwrap();
                let (labels, value) = rest.rsplit_once(' ').unwrap();
                let key = (name.to_owned(), parse_labels(labels));
                assert_eq!(samples.insert(key, value.parse().unwrap()), None, "{line}");
            }
        }
        samples
    }

    fn parse_labels(text: &str) -> BTreeMap<String, String> {
        let mut labels = BTreeMap::new();
        if text.is_empty() {
            return labels;
        }
        let mut rest = text.strip_prefix('{').unwrap();
        while rest != "}" {
            let (name, value) = rest.split_once("=\"").unwrap();
            let mut found = String::new();
            let mut characters = value.char_indices();
            let end = loop {
                match characters.next().unwrap() {
                    (at, '"') => break at,
                    (_, '\\') => found.push(match characters.next().unwrap().1 {
                        'n' => '\n',
                        character @ ('\\' | '"') => character,
                        other => panic!("no escape: {other}"),
                    }),
                    (_, character) => {
                        assert_ne!(character, '\n');
                        found.push(character);
                    }
                }
            };
            labels.insert(name.trim_start_matches(',').to_owned(), found);
            rest = &value[end + 1..];
        }
        labels
    }

    fn summary(reasons: &[&str]) -> Summary {
        let counts = Counts {
            files: 7,
            failed: 2,
            checks_warned: 3,
            rejects: reasons.iter().map(|reason| ((*reason).to_owned(), 1)).collect(),
            ..Counts::default()
        };
        let tally = Tally {
            withdrawn: 5,
            ..Tally::default()
        };
        Summary {
            counts,
            published: Some(Published {
                id: "0".repeat(16),
                path: "out".into(),
                tally,
                comparison: Comparison::Totals(Totals::default()),
                ..Published::default()
            }),
            tally,
            elapsed: Duration::ZERO,
            latest: String::new(),
        }
    }

    fn metrics(at: u64, exit_code: u8, summary: Option<&Summary>) -> Metrics<'_> {
        Metrics {
            started: UNIX_EPOCH + Duration::from_secs(at),
            ended: UNIX_EPOCH + Duration::from_millis(at * 1000 + 1500),
            exit_code,
            summary,
            engine: "1.2.3",
            data: "abc",
        }
    }

    fn value(samples: &Samples, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let labels = labels
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        samples.get(&(format!("gongkai_{name}"), labels.collect())).copied()
    }

    #[test]
    fn a_strict_reader_finds_the_figures() {
        let hostile = "a\\b\"c\nd{e}=\u{202e}";
        let summary = summary(&["empty", hostile]);
        let samples = parse(&metrics(1_700_000_000, 3, Some(&summary)).text(""));
        for (name, labels, expected) in [
            ("build_info", &[("version", "1.2.3"), ("data", "abc")][..], 1.0),
            ("run_start_timestamp_seconds", &[], 1_700_000_000.0),
            ("run_end_timestamp_seconds", &[], 1_700_000_001.5),
            ("run_duration_seconds", &[], 1.5),
            ("run_exit_code", &[], 3.0),
            ("run_files", &[], 7.0),
            ("run_dumps", &[("state", "withdrawn")], 5.0),
            ("run_dumps", &[("state", "new")], 0.0),
            ("run_checks", &[("result", "warned")], 3.0),
            ("run_rejected_dumps", &[("outcome", "failed")], 2.0),
            ("run_rejects", &[("reason", "empty")], 1.0),
            ("run_rejects", &[("reason", hostile)], 1.0),
            ("snapshot_changed", &[], 1.0),
            ("last_published_timestamp_seconds", &[], 1_700_000_001.5),
        ] {
            assert_eq!(value(&samples, name, labels), Some(expected), "{name} {labels:?}");
        }
        assert_eq!(value(&samples, "last_success_timestamp_seconds", &[]), None);
    }

    #[test]
    fn a_failed_run_keeps_the_last_success() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/gongkai.prom");
        let summary = summary(&[]);
        let read = || parse(&std::fs::read_to_string(&path).unwrap());
        let lasting = |samples: &Samples| {
            ["success", "published"].map(|what| value(samples, &format!("last_{what}_timestamp_seconds"), &[]))
        };
        metrics(50, 1, None).write(&path).unwrap();
        assert_eq!(lasting(&read()), [None, None]);
        metrics(100, 0, Some(&summary)).write(&path).unwrap();
        assert_eq!(lasting(&read()), [Some(101.5), Some(101.5)]);
        metrics(200, 3, Some(&summary)).write(&path).unwrap();
        assert_eq!(lasting(&read()), [Some(101.5), Some(201.5)]);
        for at in [300, 400] {
            metrics(at, 1, None).write(&path).unwrap();
            let samples = read();
            assert_eq!(lasting(&samples), [Some(101.5), Some(201.5)]);
            assert_eq!(value(&samples, "run_exit_code", &[]), Some(1.0));
            assert_eq!(value(&samples, "run_files", &[]), None, "a failed run knows no counts");
        }
        let names: Vec<_> = std::fs::read_dir(path.parent().unwrap())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(names, ["gongkai.prom"]);
    }

    #[test]
    fn what_stands_in_the_old_file_is_not_trusted() {
        for before in [
            "gongkai_last_success_timestamp_seconds\n",
            "gongkai_last_success_timestamp_seconds NaN\n",
            "gongkai_last_success_timestamp_seconds 1 2\n",
            "gongkai_last_success_timestamp_seconds{a=\"b\"} 1\n",
            "gongkai_last_success_timestamp_seconds_x 1\n",
        ] {
            let samples = parse(&metrics(1, 1, None).text(before));
            assert_eq!(value(&samples, "last_success_timestamp_seconds", &[]), None, "{before}");
        }
    }

    #[test]
    fn an_error_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), "").unwrap();
        let path = folder.path().join("file/gongkai.prom");
        let error = metrics(1, 0, None).write(&path).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("{}: metrics cannot be written: ", path.display())),
            "{error}"
        );
    }
}
