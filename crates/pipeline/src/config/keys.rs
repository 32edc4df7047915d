//! What a configuration file may say: every key with its type, its range and an example, and what is said, with the line,
//! of a file that says something else.
//!
//! Knows nothing of what the keys are for. A key of [`super::Config`] that is not listed here is refused.

use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{ConfigError, name};

/// Longer values are cut in messages.
const SHOWN_CHARACTERS: usize = 60;

/// Keys that differ in more letters are no slip of the pen.
const NEAR_LETTERS: usize = 2;

/// What a value must be.
enum Kind {
    /// A string that is not empty. No path holds a NUL.
    Path,
    /// A name that origins begin with.
    Name,
    /// A whole number in a range.
    Whole(RangeInclusive<i64>),
    /// A number from 0 to 1.
    Share,
    /// A list of tables, each a named directory.
    Inputs,
}

impl Kind {
    fn expected(&self) -> String {
        match self {
            Self::Path => "a string that is not empty and has no NUL".to_owned(),
            Self::Name => format!("a quoted {}", name::RULE),
            Self::Whole(range) => format!("a whole number from {} to {}", range.start(), range.end()),
            Self::Share => "a number from 0 to 1".to_owned(),
            Self::Inputs => "one or more tables, each headed [[input]]".to_owned(),
        }
    }

    fn accepts(&self, value: &DeValue<'_>) -> bool {
        match (self, value) {
            (Self::Path, DeValue::String(text)) => !text.is_empty() && !text.contains('\0'),
            (Self::Name, DeValue::String(text)) => name::is_name(text),
            (Self::Whole(range), DeValue::Integer(number)) => {
                i64::from_str_radix(number.as_str(), number.radix()).is_ok_and(|number| range.contains(&number))
            }
            (Self::Share, DeValue::Integer(number)) => matches!(number.as_str(), "0" | "1"),
            (Self::Share, DeValue::Float(number)) => number
                .as_str()
                .parse()
                .is_ok_and(|share: f64| (0.0..=1.0).contains(&share)),
            (Self::Inputs, DeValue::Array(items)) => {
                !items.is_empty() && items.iter().all(|item| item.get_ref().is_table())
            }
            _ => false,
        }
    }

    /// Whether the value has the right type, so that its type need not be named.
    fn has_type(&self, value: &DeValue<'_>) -> bool {
        match self {
            Self::Path | Self::Name => value.is_str(),
            Self::Whole(_) => value.is_integer(),
            Self::Share => value.is_integer() || value.is_float(),
            Self::Inputs => value.is_array(),
        }
    }
}

/// A key.
struct Key {
    name: &'static str,
    kind: Kind,
    /// How it is written, for keys that must be there.
    required: Option<&'static str>,
}

/// The largest number of worker threads.
pub(super) const MOST_JOBS: i64 = 1024;

/// The largest `keep`: nobody means more.
const MOST_KEPT: i64 = 10_000;

/// The largest `max_file_bytes`: places in a text are counted with thirty-two bits, and decoding may make it longer.
const MOST_FILE_BYTES: i64 = 1 << 30;

/// The largest `max_seconds_per_dump`: a day.
const MOST_SECONDS_PER_DUMP: i64 = 86_400;

const KEYS: &[Key] = &[
    key("output", Kind::Path, Some("output = \"out\"")),
    key("jobs", Kind::Whole(0..=MOST_JOBS), None),
    key("max_reject_share", Kind::Share, None),
    key("max_withdrawn_share", Kind::Share, None),
    key("keep", Kind::Whole(1..=MOST_KEPT), None),
    key("max_file_bytes", Kind::Whole(1..=MOST_FILE_BYTES), None),
    key("max_seconds_per_dump", Kind::Whole(1..=MOST_SECONDS_PER_DUMP), None),
    key("metrics", Kind::Path, None),
    key(
        "input",
        Kind::Inputs,
        Some("[[input]] on a line, below it name = \"dumps\" and path = \"dumps\""),
    ),
];

const INPUT_KEYS: &[Key] = &[
    key("name", Kind::Name, Some("name = \"dumps\"")),
    key("path", Kind::Path, Some("path = \"dumps\"")),
];

const fn key(name: &'static str, kind: Kind, required: Option<&'static str>) -> Key {
    Key { name, kind, required }
}

/// Refuses a file that is no TOML or says something that cannot be: the first such line is named.
pub(super) fn check(file: &str, text: &str) -> Result<(), ConfigError> {
    let reader = Reader { file, text };
    let table = DeTable::parse(text).map_err(|error| reader.toml(&error))?;
    reader.keys(&table, KEYS, None)?;
    let inputs = table
        .get_ref()
        .get("input")
        .and_then(|inputs| inputs.get_ref().as_array());
    let mut names: Vec<&str> = Vec::new();
    for item in inputs.into_iter().flatten() {
        let Some(input) = item.get_ref().as_table() else {
            continue;
        };
        reader.table(input, item.span(), INPUT_KEYS, Some("[[input]]"))?;
        if let Some(name) = input.get("name") {
            let text = name.get_ref().as_str().unwrap_or_default();
            if names.contains(&text) {
                return Err(reader.wrong(&name.span(), format!("name of [[input]] is used twice: {text}")));
            }
            names.push(text);
        }
    }
    Ok(())
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
}

impl Reader<'_> {
    /// An error of the TOML reader, in one line like the others.
    pub(super) fn toml(&self, error: &toml::de::Error) -> ConfigError {
        let span = error.span().unwrap_or_default();
        let line = self.text.get(..span.start).unwrap_or_default().rsplit('\n').next();
        let from = span.start - line.unwrap_or_default().len();
        let line = self.text.get(from..).unwrap_or_default().lines().next();
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        self.wrong(
            &span,
            format!("not TOML, {message}: {}", shown(line.unwrap_or_default())),
        )
    }

    fn keys(&self, table: &Spanned<DeTable<'_>>, keys: &[Key], owner: Option<&str>) -> Result<(), ConfigError> {
        self.table(table.get_ref(), 0..0, keys, owner)
    }

    /// Compares a table that begins at `place` with the keys it may have.
    fn table(
        &self,
        table: &DeTable<'_>,
        place: Range<usize>,
        keys: &[Key],
        owner: Option<&str>,
    ) -> Result<(), ConfigError> {
        let of = owner.map(|owner| format!(" of {owner}")).unwrap_or_default();
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        for (name, value) in entries {
            match keys.iter().find(|key| key.name == name.get_ref().as_ref()) {
                None => return Err(self.unknown(name, keys, &of)),
                Some(key) if !key.kind.accepts(value.get_ref()) => return Err(self.value(key, value, &of)),
                Some(_) => {}
            }
        }
        let missing = |key: &&Key| key.required.is_some() && !table.contains_key(key.name);
        match keys.iter().find(missing) {
            None => Ok(()),
            Some(key) => {
                let example = key.required.unwrap_or_default();
                Err(self.wrong(&place, format!("missing key{of}: {}\nhint: add {example}", key.name)))
            }
        }
    }

    fn unknown(&self, name: &Spanned<std::borrow::Cow<'_, str>>, keys: &[Key], of: &str) -> ConfigError {
        let found = name.get_ref().as_ref();
        let distance = |key: &Key| strsim::damerau_levenshtein(&found.to_lowercase(), key.name);
        let near = keys.iter().min_by_key(|key| distance(key));
        let near = near.filter(|key| distance(key) <= NEAR_LETTERS.min(key.name.len() / 2));
        let near = near
            .map(|key| format!("did you mean {}? ", key.name))
            .unwrap_or_default();
        let known: Vec<&str> = keys.iter().map(|key| key.name).collect();
        let reason = format!(
            "unknown key{of}: {}\nhint: {near}the keys are {}",
            shown(found),
            known.join(", ")
        );
        self.wrong(&name.span(), reason)
    }

    fn value(&self, key: &Key, value: &Spanned<DeValue<'_>>, of: &str) -> ConfigError {
        let expected = key.kind.expected();
        let printed = self.text.get(value.span()).unwrap_or_default();
        let found = match key.kind.has_type(value.get_ref()) {
            true => String::new(),
            false => format!(", found {}", type_name(value.get_ref())),
        };
        let reason = format!("{}{of} must be {expected}{found}: {}", key.name, shown(printed));
        self.wrong(&value.span(), reason)
    }

    fn wrong(&self, place: &Range<usize>, reason: String) -> ConfigError {
        let before = self.text.get(..place.start).unwrap_or_default();
        ConfigError::Wrong {
            file: self.file.to_owned(),
            line: before.matches('\n').count() + 1,
            reason,
        }
    }
}

/// An error of the TOML reader that the table above did not foresee.
pub(super) fn unforeseen(file: &str, text: &str, error: &toml::de::Error) -> ConfigError {
    Reader { file, text }.toml(error)
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with decimals",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "one table",
    }
}

/// A value as a message shows it: one line, not too long.
fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default().trim();
    let mut cut: String = line.chars().take(SHOWN_CHARACTERS).map(plain).collect();
    if cut.chars().count() < text.trim().chars().count() {
        cut.push('…');
    }
    cut
}

/// Control characters must not reach a terminal.
fn plain(character: char) -> char {
    if character.is_control() { '\u{fffd}' } else { character }
}
