//! Small closed lists of the sentence grammar: what stands beside a number and says what it is not.

use crate::tsv::{DataError, Table};

/// The lists; each is asked at one place beside a number, so they are plain words and no automaton.
#[derive(Debug)]
pub struct Marks {
    /// Behind a number that is a date, a measure or an address.
    pub after_date: Vec<String>,
    /// Right before an ordinal.
    pub before_ordinal: Vec<String>,
    /// Right before a numeral that counts nothing.
    pub before_idle: Vec<String>,
    /// Units with which 一 can be a statistic.
    pub case_unit: Vec<String>,
    /// 共计, 合计: words with 计 that a count follows.
    pub sum: Vec<String>,
    /// Behind the unit of a bound.
    pub after_about: Vec<String>,
    /// Before a theme's name, no part of it.
    pub theme_opening: Vec<String>,
    /// How the name of a class of information ends.
    pub theme_class: Vec<String>,
    /// How an item of a list of information can end.
    pub theme_item: Vec<String>,
    /// Between the labels of one zero.
    pub joint: Vec<String>,
}

impl Marks {
    pub(crate) fn parse(table: &Table) -> Result<Self, DataError> {
        let list = |name: &str| {
            let row = table.rows().find(|row| row.get("set").is_ok_and(|set| set == name));
            let row = row.ok_or_else(|| DataError::Wrong {
                file: table.file.clone(),
                line: 1,
                reason: format!("missing set: {name}"),
            })?;
            Ok(row
                .list("words", '|')?
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<String>>())
        };
        Ok(Self {
            after_date: list("after_date")?,
            before_ordinal: list("before_ordinal")?,
            before_idle: list("before_idle")?,
            case_unit: list("case_unit")?,
            sum: list("sum")?,
            after_about: list("after_about")?,
            theme_opening: list("theme_opening")?,
            theme_class: list("theme_class")?,
            theme_item: list("theme_item")?,
            joint: list("joint")?,
        })
    }
}

/// Whether a text begins with one of the words.
#[must_use]
pub fn starts_with_any(text: &str, words: &[String]) -> bool {
    words.iter().any(|word| text.starts_with(word.as_str()))
}

/// Whether a text ends with one of the words.
#[must_use]
pub fn ends_with_any(text: &str, words: &[String]) -> bool {
    words.iter().any(|word| text.ends_with(word.as_str()))
}
