//! A run's configuration: a TOML file, and what the command line overrides.

use std::path::{Path, PathBuf};

use gongkai_lexicon::utf8;
use serde::{Deserialize, Serialize, Serializer};

mod keys;
mod name;

/// The configuration that is used when none is given: the main job on the sample reports.
pub const SAMPLE_CONFIG: &str = include_str!("../../../pipelines/sample.toml");

/// Why a configuration was refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file could not be read.
    #[error("{}: cannot be read: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The file is no TOML, or says something that cannot be.
    #[error("{file}:{line}: {reason}")]
    Wrong {
        /// The file.
        file: String,
        /// Line number, from 1.
        line: usize,
        /// What is wrong, the offending value last, and a hint where there is one.
        reason: String,
    },
    /// A value from the command line cannot be.
    #[error("{file}: {key} {reason}: {value}")]
    Value {
        /// Where it was given.
        file: String,
        /// The key.
        key: &'static str,
        /// What it must be.
        reason: String,
        /// The value.
        value: String,
    },
}

/// A directory of dumps, and the name that its origins begin with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The name.
    pub name: String,
    /// The directory.
    #[serde(serialize_with = "as_text")]
    pub path: PathBuf,
}

/// What a run does.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The output folder.
    #[serde(serialize_with = "as_text")]
    pub output: PathBuf,
    /// Worker threads; 0 means one for each core.
    #[serde(default)]
    pub jobs: usize,
    /// The share of failed dumps above which a run ends with exit code 3.
    #[serde(default = "default_reject_share")]
    pub max_reject_share: f64,
    /// The share of the last snapshot's dumps that may be gone; when more are, nothing is published.
    #[serde(default = "default_withdrawn_share")]
    pub max_withdrawn_share: f64,
    /// How many snapshots are kept, the new one included; older ones are removed once it is published.
    #[serde(default = "default_keep")]
    pub keep: usize,
    /// Larger dumps are rejected unread.
    #[serde(default = "default_file_bytes")]
    pub max_file_bytes: u64,
    /// A dump that takes longer is given up, and is a failed reject.
    #[serde(default = "default_seconds_per_dump")]
    pub max_seconds_per_dump: u64,
    /// Where a run leaves its figures for Prometheus; none: nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "as_text_if_any")]
    pub metrics: Option<PathBuf>,
    /// The directories to walk.
    #[serde(rename = "input")]
    pub inputs: Vec<Input>,
}

/// A path as people read it: one of other bytes than UTF-8 cannot be told in JSON.
fn as_text<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}

fn as_text_if_any<S: Serializer>(path: &Option<PathBuf>, serializer: S) -> Result<S::Ok, S::Error> {
    match path {
        Some(path) => as_text(path, serializer),
        None => serializer.serialize_none(),
    }
}

fn default_reject_share() -> f64 {
    0.2
}

fn default_withdrawn_share() -> f64 {
    0.1
}

fn default_keep() -> usize {
    7
}

fn default_file_bytes() -> u64 {
    64 << 20
}

/// Seconds a dump may take when nothing else is said. The slowest shapes of pages take one a megabyte.
pub const DEFAULT_SECONDS_PER_DUMP: u64 = 20;

fn default_seconds_per_dump() -> u64 {
    DEFAULT_SECONDS_PER_DUMP
}

impl Config {
    /// Reads a configuration file.
    ///
    /// # Errors
    /// When the file cannot be read or says something that cannot be.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let file = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| ConfigError::Unreadable {
            path: path.to_owned(),
            error,
        })?;
        match utf8(bytes) {
            Ok(text) => Self::parse(&file, text.trim_start_matches('\u{feff}')),
            Err(error) => Err(ConfigError::Wrong {
                file,
                line: error.line,
                reason: error.to_string(),
            }),
        }
    }

    /// Reads a configuration from text.
    ///
    /// # Errors
    /// When it says something that cannot be.
    pub fn parse(file: &str, text: &str) -> Result<Self, ConfigError> {
        keys::check(file, text)?;
        let config: Self = toml::from_str(text).map_err(|error| keys::unforeseen(file, text, &error))?;
        config.check(file)?;
        Ok(config)
    }

    /// Refuses what the command line may have put in; `file` is what the message names. The values of a file are
    /// refused with their line when it is read.
    ///
    /// # Errors
    /// The first value that cannot be.
    pub fn check(&self, file: &str) -> Result<(), ConfigError> {
        let wrong = |key, reason: String, value: String| {
            Err(ConfigError::Value {
                file: file.to_owned(),
                key,
                reason,
                value,
            })
        };
        if i64::try_from(self.jobs).map_or(true, |jobs| jobs > keys::MOST_JOBS) {
            let reason = format!("must be a whole number from 0 to {}", keys::MOST_JOBS);
            return wrong("jobs", reason, self.jobs.to_string());
        }
        let inputs = self.inputs.iter().map(|input| ("path of input", &input.path));
        let mut paths = inputs.chain([("output", &self.output)]);
        if let Some((key, _)) = paths.find(|(_, path)| path.as_os_str().is_empty()) {
            return wrong(key, "must not be empty".to_owned(), "\"\"".to_owned());
        }
        match self.inputs.iter().find(|input| !name::is_name(&input.name)) {
            Some(input) => wrong("name of input", format!("must be a {}", name::RULE), input.name.clone()),
            None => Ok(()),
        }
    }

    /// Replaces the inputs by directories named on the command line; each is named after its last folder, where what no
    /// name can have is percent-encoded.
    pub fn set_inputs(&mut self, paths: Vec<PathBuf>) {
        self.inputs.clear();
        for path in paths {
            // A folder that is not there keeps the name it was called by: the run will say that it is missing.
            let full = path.canonicalize().unwrap_or_else(|_| path.clone());
            let base = full.file_name().map_or_else(|| "input".to_owned(), name::encoded);
            let taken = |name: &str| self.inputs.iter().any(|input| input.name == name);
            let mut name = base.clone();
            let mut number = 2;
            while taken(&name) {
                name = format!("{base}-{number}");
                number += 1;
            }
            self.inputs.push(Input { name, path });
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const INPUT: &str = "\n[[input]]\nname = \"a\"\npath = \"x\"\n";

    fn check(text: &str, expected: &str) {
        let found = Config::parse("c.toml", text).map_or_else(|error| error.to_string(), |_| "fine".to_owned());
        assert_eq!(found, expected, "{text}");
    }

    /// Keys above an output and an input that are right.
    fn check_key(line: &str, expected: &str) {
        check(&format!("output = \"o\"\n{line}{INPUT}"), expected);
    }

    #[test]
    fn the_configurations_of_the_project_are_valid() {
        check(SAMPLE_CONFIG, "fine");
        check(include_str!("../../../pipelines/nightly.toml"), "fine");
    }

    #[test]
    fn every_key_of_a_configuration_is_known() {
        let all = Config {
            metrics: Some("m.prom".into()),
            ..Config::parse("c.toml", &format!("output = \"o\"{INPUT}")).unwrap()
        };
        let mut text = String::new();
        for (key, value) in serde_json::to_value(&all).unwrap().as_object().unwrap() {
            if key != "input" {
                text.push_str(&format!("{key} = {value}\n"));
            }
        }
        check(&format!("{text}{INPUT}"), "fine");
    }

    const KEYS: &str = "the keys are output, jobs, max_reject_share, max_withdrawn_share, keep, max_file_bytes, max_seconds_per_dump, metrics, input";

    #[test]
    fn unknown_keys_are_named_with_the_nearest_and_the_known_ones() {
        for (key, near) in [
            ("jbos", "did you mean jobs? "),
            ("Jobs", "did you mean jobs? "),
            ("job", "did you mean jobs? "),
            ("max_file_byte", "did you mean max_file_bytes? "),
            ("max-reject-share", "did you mean max_reject_share? "),
            ("colour", ""),
            ("x", ""),
        ] {
            check_key(
                &format!("{key} = 2"),
                &format!("c.toml:2: unknown key: {key}\nhint: {near}{KEYS}"),
            );
        }
        check_key("[log]\nx = 1", &format!("c.toml:2: unknown key: log\nhint: {KEYS}"));
        check(
            &format!("output = \"o\"{INPUT}\npaht = \"y\"\n"),
            "c.toml:6: unknown key of [[input]]: paht\nhint: did you mean path? the keys are name, path",
        );
    }

    #[test]
    fn wrong_values_are_named_with_what_they_must_be() {
        for (line, expected) in [
            (
                "jobs = \"two\"",
                "jobs must be a whole number from 0 to 1024, found a string: \"two\"",
            ),
            (
                "jobs = 2.0",
                "jobs must be a whole number from 0 to 1024, found a number with decimals: 2.0",
            ),
            ("jobs = -1", "jobs must be a whole number from 0 to 1024: -1"),
            ("jobs = 0x401", "jobs must be a whole number from 0 to 1024: 0x401"),
            (
                "jobs = 99999999999999999999",
                "jobs must be a whole number from 0 to 1024: 99999999999999999999",
            ),
            (
                "max_reject_share = 20",
                "max_reject_share must be a number from 0 to 1: 20",
            ),
            (
                "max_reject_share = -0.1",
                "max_reject_share must be a number from 0 to 1: -0.1",
            ),
            (
                "max_reject_share = nan",
                "max_reject_share must be a number from 0 to 1: nan",
            ),
            (
                "max_reject_share = \"20%\"",
                "max_reject_share must be a number from 0 to 1, found a string: \"20%\"",
            ),
            (
                "max_file_bytes = 0",
                "max_file_bytes must be a whole number from 1 to 1073741824: 0",
            ),
            (
                "max_file_bytes = true",
                "max_file_bytes must be a whole number from 1 to 1073741824, found true or false: true",
            ),
            (
                "metrics = [\"a\",\n\"b\"]",
                "metrics must be a string that is not empty and has no NUL, found a list: [\"a\",…",
            ),
            (
                "metrics = \"\"",
                "metrics must be a string that is not empty and has no NUL: \"\"",
            ),
            (
                "metrics = 2026-11-22",
                "metrics must be a string that is not empty and has no NUL, found a date: 2026-11-22",
            ),
        ] {
            check_key(line, &format!("c.toml:2: {expected}"));
        }
        check_key("max_reject_share = 1", "fine");
        check_key("max_reject_share = 0.05", "fine");
    }

    #[test]
    fn inputs_are_refused_with_their_line() {
        let output = "output = \"o\"\n";
        let tables = "input must be one or more tables, each headed [[input]]";
        for (text, expected) in [
            (
                "",
                "c.toml:1: missing key: input\nhint: add [[input]] on a line, below it name = \"dumps\" and path = \"dumps\"",
            ),
            ("input = []", &format!("c.toml:2: {tables}: []")),
            ("input = [\"x\"]", &format!("c.toml:2: {tables}: [\"x\"]")),
            ("input = \"x\"", &format!("c.toml:2: {tables}, found a string: \"x\"")),
            (
                "[input]\nname = \"a\"\npath = \"x\"",
                &format!("c.toml:2: {tables}, found one table: [input]"),
            ),
            (
                "\n[[input]]\nname = \"a\"",
                "c.toml:3: missing key of [[input]]: path\nhint: add path = \"dumps\"",
            ),
            (
                "[[input]]\npath = \"a\"",
                "c.toml:2: missing key of [[input]]: name\nhint: add name = \"dumps\"",
            ),
            (
                "[[input]]\nname = \"../a\"\npath = \"x\"",
                "c.toml:3: name of [[input]] must be a quoted word without spaces, slashes and control characters, other than . and ..: \"../a\"",
            ),
            (
                "[[input]]\nname = 3\npath = \"x\"",
                "c.toml:3: name of [[input]] must be a quoted word without spaces, slashes and control characters, other than . and .., found a whole number: 3",
            ),
            (
                "[[input]]\nname = \"a\"\npath = \"a\\u0000b\"",
                "c.toml:4: path of [[input]] must be a string that is not empty and has no NUL: \"a\\u0000b\"",
            ),
            (
                "[[input]]\nname = \"a\"\npath = \"\"",
                "c.toml:4: path of [[input]] must be a string that is not empty and has no NUL: \"\"",
            ),
        ] {
            check(&format!("{output}{text}\n"), expected);
        }
        check(
            &format!("{output}{INPUT}{INPUT}"),
            "c.toml:8: name of [[input]] is used twice: a",
        );
        check(&INPUT[1..], "c.toml:1: missing key: output\nhint: add output = \"out\"");
    }

    #[test]
    fn names_that_are_no_words_are_refused() {
        for name in [".", "..", "a\\nb", "a\\u0000", "a b", "\\u202ea", "a\\\\b", ""] {
            check(
                &format!("output = \"o\"\n[[input]]\nname = \"{name}\"\npath = \"x\""),
                &format!(
                    "c.toml:3: name of [[input]] must be a quoted {}: \"{name}\"",
                    name::RULE
                ),
            );
        }
    }

    #[test]
    fn a_file_that_is_not_utf8_is_refused_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.toml");
        std::fs::write(
            &path,
            b"\xef\xbb\xbfoutput = \"o\"\n[[input]]\nname = \"a\"\npath = \"x\"\n",
        )
        .unwrap();
        assert!(Config::read(&path).is_ok(), "a byte order mark is no mistake");
        std::fs::write(&path, b"output = \"o\"\n[[input]]\nname = \"\xb9\xab\"\n").unwrap();
        assert_eq!(
            Config::read(&path).unwrap_err().to_string(),
            format!(
                "{}:3: not UTF-8: byte B9\nhint: save the file as UTF-8; it may be GBK or UTF-16",
                path.display()
            )
        );
    }

    #[cfg(unix)]
    #[test]
    fn folders_of_the_command_line_become_names() {
        use std::os::unix::ffi::OsStrExt as _;
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::parse("c.toml", &format!("output = \"o\"{INPUT}")).unwrap();
        let mut paths = Vec::new();
        for name in [&b"dumps"[..], b"my dumps", b"a\nb", b"\xff", b"a%20", b"a\\b"] {
            let path = folder.path().join(std::ffi::OsStr::from_bytes(name));
            std::fs::create_dir(&path).unwrap();
            paths.push(path);
        }
        paths.extend(["nowhere/..".into(), "/".into(), folder.path().join("dumps/.")]);
        config.set_inputs(paths);
        let names: Vec<&str> = config.inputs.iter().map(|input| input.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "dumps",
                "my%20dumps",
                "a%0Ab",
                "%FF",
                "a%2520",
                "a%5Cb",
                "input",
                "input-2",
                "dumps-2"
            ]
        );
        config.check("command line").unwrap();
        // A record of the run can be made of it.
        serde_json::to_value(&config).unwrap();
    }

    #[test]
    fn what_is_no_toml_is_one_line() {
        for (text, line) in [
            ("output: out\n", "c.toml:1: not TOML, "),
            ("output = \"o\"\njobs = \n", "c.toml:2: not TOML, "),
            (
                "output = \"o\"\noutput = \"p\"\n",
                "c.toml:2: not TOML, duplicate key: output = \"p\"",
            ),
        ] {
            let found = Config::parse("c.toml", text).unwrap_err().to_string();
            assert!(found.starts_with(line) && !found.contains('\n'), "{found:?}");
        }
    }

    #[test]
    fn the_command_line_is_checked_too() {
        let mut config = Config::parse("c.toml", &format!("output = \"o\"{INPUT}")).unwrap();
        config.jobs = 5000;
        assert_eq!(
            config.check("command line").unwrap_err().to_string(),
            "command line: jobs must be a whole number from 0 to 1024: 5000"
        );
        config.jobs = 0;
        config.output = PathBuf::new();
        assert_eq!(
            config.check("command line").unwrap_err().to_string(),
            "command line: output must not be empty: \"\""
        );
        config.set_inputs(vec![PathBuf::new()]);
        assert_eq!(
            config.check("command line").unwrap_err().to_string(),
            "command line: path of input must not be empty: \"\""
        );
    }
}
