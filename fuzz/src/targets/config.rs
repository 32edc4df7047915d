//! Configurations: refused in a line or two that name the place, or taken, and then the same when written out and read
//! again.

use std::fmt::Write as _;

use gongkai_pipeline::Config;

use crate::trace::saw;

const FILE: &str = "fuzz.toml";
/// Longest message, in characters: values are cut, and the list of keys is short.
const MOST_MESSAGE: usize = 700;

/// Reads a configuration.
pub fn config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let found = Config::parse(FILE, &text);
    match &found {
        Ok(config) => {
            holds(config);
            let written = written(config);
            let again = Config::parse(FILE, &written);
            let again = again.unwrap_or_else(|error| panic!("{error}, but it was taken before:\n{written}"));
            assert_eq!(*config, again, "another configuration when written out:\n{written}");
            saw((config.inputs.len(), config.metrics.is_some(), config.jobs == 0));
        }
        Err(error) => refusal_holds(&error.to_string(), &text),
    }
    let again = Config::parse(FILE, &text);
    assert_eq!(
        format!("{found:?}"),
        format!("{again:?}"),
        "another outcome the second time"
    );
}

fn holds(config: &Config) {
    config.check(FILE).expect("what was read is not refused later");
    let share = |share: f64| (0.0..=1.0).contains(&share);
    assert!(
        share(config.max_reject_share) && share(config.max_withdrawn_share),
        "{config:?}"
    );
    assert!(
        config.keep >= 1 && config.max_file_bytes >= 1 && config.jobs <= 1024,
        "{config:?}"
    );
    assert!(
        !config.output.as_os_str().is_empty() && !config.inputs.is_empty(),
        "{config:?}"
    );
    for (at, input) in config.inputs.iter().enumerate() {
        assert!(
            !input.path.as_os_str().is_empty() && !input.name.is_empty(),
            "{input:?}"
        );
        assert!(!input.name.contains(['/', '\\']), "{input:?}");
        assert!(
            config.inputs[..at].iter().all(|other| other.name != input.name),
            "twice: {input:?}"
        );
    }
}

fn refusal_holds(message: &str, text: &str) {
    let rest = message
        .strip_prefix("fuzz.toml:")
        .unwrap_or_else(|| panic!("the file is not named: {message}"));
    let (line, reason) = rest
        .split_once(": ")
        .unwrap_or_else(|| panic!("no place and reason: {message}"));
    let line: usize = line.parse().unwrap_or_else(|_| panic!("no line: {message}"));
    assert!(
        (1..=text.matches('\n').count() + 1).contains(&line),
        "no such line: {message}"
    );
    let lines: Vec<&str> = reason.split('\n').collect();
    assert!(
        lines.len() <= 2 && lines.get(1).is_none_or(|hint| hint.starts_with("hint: ")),
        "{message:?}"
    );
    assert!(
        !lines.concat().contains(char::is_control),
        "control characters reach the terminal: {message:?}"
    );
    assert!(message.chars().count() <= MOST_MESSAGE, "{message}");
    saw(reason
        .split(':')
        .next()
        .unwrap_or_default()
        .chars()
        .take(40)
        .collect::<String>());
}

/// The configuration as a file.
fn written(config: &Config) -> String {
    let value = serde_json::to_value(config).unwrap();
    let mut text = String::new();
    for (key, value) in value.as_object().unwrap() {
        if key != "input" {
            let _ = writeln!(text, "{key} = {}", toml(value));
        }
    }
    for input in value["input"].as_array().unwrap() {
        text.push_str("[[input]]\n");
        for (key, value) in input.as_object().unwrap() {
            let _ = writeln!(text, "{key} = {}", toml(value));
        }
    }
    text
}

/// A value as TOML has it: as JSON, but for one character.
fn toml(value: &serde_json::Value) -> String {
    value.to_string().replace('\u{7f}', "\\u007F")
}
