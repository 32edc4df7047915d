//! What a row of a table says, field by field, or why it is refused.

use rustc_hash::FxHashSet;

use crate::hint::hint;
use crate::tsv::{DataError, Table};

/// The years that data can be of: what lies outside is a slip of the pen.
pub(crate) const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    /// Line number in the file, from 1.
    pub line: usize,
    fields: &'a [String],
}

impl<'a> Row<'a> {
    pub(crate) fn new(table: &'a Table, line: usize, fields: &'a [String]) -> Self {
        Self { table, line, fields }
    }

    /// The field of a column.
    ///
    /// # Errors
    /// When the table has no such column.
    pub fn get(&self, column: &str) -> Result<&'a str, DataError> {
        let index = self
            .table
            .header
            .iter()
            .position(|name| name == column)
            .ok_or_else(|| DataError::Wrong {
                file: self.table.file.clone(),
                line: self.table.header_line,
                reason: format!(
                    "missing column; the columns are {}: {column}",
                    self.table.header.join(", ")
                ),
            })?;
        Ok(self.fields.get(index).map_or("", String::as_str))
    }

    /// Every field but that of a column.
    #[must_use]
    pub fn fields_but(&self, column: &str) -> Vec<&'a str> {
        let named = self.table.header.iter().zip(self.fields);
        named
            .filter(|(name, _)| *name != column)
            .map(|(_, field)| field.as_str())
            .collect()
    }

    /// A field that must not be empty.
    ///
    /// # Errors
    /// When the column is missing or the field is empty.
    pub fn required(&self, column: &str) -> Result<&'a str, DataError> {
        match self.get(column)? {
            "" => Err(self.wrong(format!("must not be empty: {column}"))),
            value => Ok(value),
        }
    }

    /// The parts of a field that lists several values between `separator`s; an empty field has none.
    ///
    /// # Errors
    /// When the column is missing, or nothing stands between two separators that are no spaces.
    pub fn list(&self, column: &str, separator: char) -> Result<Vec<&'a str>, DataError> {
        match self.get(column)? {
            "" => Ok(Vec::new()),
            field => self.parts(column, field, separator),
        }
    }

    /// The parts of a piece of a field.
    ///
    /// # Errors
    /// When nothing stands between two separators that are no spaces.
    pub fn parts(&self, column: &str, text: &'a str, separator: char) -> Result<Vec<&'a str>, DataError> {
        let parts = text.split(separator).map(str::trim);
        let parts: Vec<&str> = parts.filter(|part| separator != ' ' || !part.is_empty()).collect();
        match parts.contains(&"") {
            true => Err(self.wrong(format!("{column} has {separator} with nothing beside it: {text}"))),
            false => Ok(parts),
        }
    }

    /// The parts of a field that lists several values, none of them twice.
    ///
    /// # Errors
    /// As [`Row::list`], and when a part stands there twice.
    pub fn distinct(&self, column: &str, separator: char) -> Result<Vec<&'a str>, DataError> {
        let parts = self.list(column, separator)?;
        self.check_distinct(column, &parts)?;
        Ok(parts)
    }

    /// Refuses a value that a column has twice.
    ///
    /// # Errors
    /// The first such value.
    pub fn check_distinct(&self, column: &str, parts: &[&str]) -> Result<(), DataError> {
        let mut seen = FxHashSet::default();
        match parts.iter().find(|part| !seen.insert(**part)) {
            Some(part) => Err(self.wrong(format!("{column} has this twice: {part}"))),
            None => Ok(()),
        }
    }

    /// A field that holds a number, or nothing.
    ///
    /// # Errors
    /// When the field holds something else.
    pub fn number<T: std::str::FromStr>(&self, column: &str) -> Result<Option<T>, DataError> {
        match self.get(column)? {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| self.wrong(format!("{column} is not a number: {text}"))),
        }
    }

    /// A field that holds a year, or nothing.
    ///
    /// # Errors
    /// When the field holds something else.
    pub fn year(&self, column: &str) -> Result<Option<i16>, DataError> {
        let year = self.number(column)?;
        match year.filter(|year| !YEARS.contains(year)) {
            Some(year) => Err(self.wrong(format!(
                "{column} must be a year from {} to {}: {year}",
                YEARS.start(),
                YEARS.end()
            ))),
            None => Ok(year),
        }
    }

    /// A field that names one of a few choices.
    ///
    /// # Errors
    /// When it names none of them; the message lists them.
    pub fn choice<T: Copy>(&self, column: &str, choices: &[(&str, T)]) -> Result<T, DataError> {
        let value = self.get(column)?;
        choices
            .iter()
            .find(|(name, _)| *name == value)
            .map(|(_, choice)| *choice)
            .ok_or_else(|| {
                let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
                self.wrong(format!("{column} must be one of {}, found: {value}", names.join(", ")))
            })
    }

    /// The error of a name that is none of `names`, which stand in `file`: says which of them was meant.
    #[must_use]
    pub fn unknown<'n>(
        &self,
        reason: &str,
        found: &str,
        names: impl IntoIterator<Item = &'n str>,
        file: &str,
    ) -> DataError {
        self.wrong(format!("{reason}: {found}\n{}", hint(found, names, file)))
    }

    /// The error of this row.
    #[must_use]
    pub fn wrong(&self, reason: String) -> DataError {
        DataError::Wrong {
            file: self.table.file.clone(),
            line: self.line,
            reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_refused_by_name() -> Result<(), DataError> {
        let table = Table::parse("t.tsv", "a\tb\tc\td\nx\t\t1||2\t999\n")?;
        let twice = Table::parse("t.tsv", "a\n2 |1|2\n")?;
        let errors = table.rows().flat_map(|row| {
            [
                row.required("b").err(),
                row.get("e").err(),
                row.number::<u32>("a").err(),
                row.choice("a", &[("y", 1), ("z", 2)]).err(),
                row.list("c", '|').err(),
                row.year("d").err(),
                Some(row.unknown("no such letter", "x", ["y", "z"], "letters.tsv")),
            ]
        });
        let errors = errors.chain(twice.rows().map(|row| row.distinct("a", '|').err()));
        let errors: Vec<String> = errors.flatten().map(|error| error.to_string()).collect();
        assert_eq!(
            errors,
            [
                "t.tsv:2: must not be empty: b",
                "t.tsv:1: missing column; the columns are a, b, c, d: e",
                "t.tsv:2: a is not a number: x",
                "t.tsv:2: a must be one of y, z, found: x",
                "t.tsv:2: c has | with nothing beside it: 1||2",
                "t.tsv:2: d must be a year from 1900 to 2199: 999",
                "t.tsv:2: no such letter: x\nhint: there may stand y, z",
                "t.tsv:2: a has this twice: 2",
            ]
        );
        Ok(())
    }
}
