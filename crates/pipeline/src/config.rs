//! A run's configuration: a TOML file, and what the command line overrides.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

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
    /// The file is not the TOML that is expected.
    #[error("{file}: {error}")]
    Wrong {
        /// The file.
        file: String,
        /// What is wrong, with line and column.
        error: toml::de::Error,
    },
    /// A value cannot be.
    #[error("{file}: {key} {reason}: {value}")]
    Value {
        /// The file.
        file: String,
        /// The key.
        key: &'static str,
        /// What it must be.
        reason: &'static str,
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
    pub path: PathBuf,
}

/// What a run does.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The output folder.
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
    /// The directories to walk.
    #[serde(rename = "input")]
    pub inputs: Vec<Input>,
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

impl Config {
    /// Reads a configuration file.
    ///
    /// # Errors
    /// When the file cannot be read or says something that cannot be.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
            path: path.to_owned(),
            error,
        })?;
        Self::parse(&path.display().to_string(), &text)
    }

    /// Reads a configuration from text.
    ///
    /// # Errors
    /// When it says something that cannot be.
    pub fn parse(file: &str, text: &str) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text).map_err(|error| ConfigError::Wrong {
            file: file.to_owned(),
            error,
        })?;
        config.check(file)?;
        Ok(config)
    }

    /// Refuses what cannot be; `file` is what the message names.
    ///
    /// # Errors
    /// The first value that cannot be.
    pub fn check(&self, file: &str) -> Result<(), ConfigError> {
        let wrong = |key, reason, value: String| {
            Err(ConfigError::Value {
                file: file.to_owned(),
                key,
                reason,
                value,
            })
        };
        let shares = [
            ("max_reject_share", self.max_reject_share),
            ("max_withdrawn_share", self.max_withdrawn_share),
        ];
        for (key, share) in shares {
            if !(0.0..=1.0).contains(&share) {
                return wrong(key, "must be from 0 to 1", share.to_string());
            }
        }
        if self.keep == 0 {
            return wrong("keep", "must be at least 1", self.keep.to_string());
        }
        if self.inputs.is_empty() {
            return wrong("input", "must name at least one directory", "none".to_owned());
        }
        for (index, input) in self.inputs.iter().enumerate() {
            if input.name.is_empty() || input.name.contains(['/', '\\']) {
                return wrong("input.name", "must be a word without slashes", input.name.clone());
            }
            if self.inputs.iter().take(index).any(|other| other.name == input.name) {
                return wrong("input.name", "is used twice", input.name.clone());
            }
        }
        Ok(())
    }

    /// Replaces the inputs by directories named on the command line; each is named after its last folder.
    pub fn set_inputs(&mut self, paths: Vec<PathBuf>) {
        self.inputs.clear();
        for path in paths {
            // A folder that is not there keeps the name it was called by: the run will say that it is missing.
            let full = path.canonicalize().unwrap_or_else(|_| path.clone());
            let base = full
                .file_name()
                .map_or_else(|| "input".to_owned(), |name| name.to_string_lossy().into_owned());
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
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found = Config::parse("c.toml", text).map_or_else(|error| error.to_string(), |_| "fine".to_owned());
        assert!(found.contains(expected), "{found:?} does not say {expected:?}");
    }

    #[test]
    fn the_embedded_configuration_is_valid() {
        check(SAMPLE_CONFIG, "fine");
    }

    #[test]
    fn wrong_configurations_name_key_and_value() {
        let input = "\n[[input]]\nname = \"a\"\npath = \"x\"\n";
        check(
            &format!("output = \"o\"\nmax_reject_share = 2.0{input}"),
            "c.toml: max_reject_share must be from 0 to 1: 2",
        );
        check(&format!("output = \"o\"\njbos = 2{input}"), "unknown field `jbos`");
        check(&format!("output = \"o\"{input}{input}"), "input.name is used twice: a");
        check("output = \"o\"\ninput = []\n", "input must name at least one directory");
        check("output = 3\n", "invalid type");
    }
}
