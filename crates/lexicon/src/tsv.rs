//! TSV tables with line numbers, and the one error every data file is refused with.

use std::path::PathBuf;

/// Why a data file was refused.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The file could not be read.
    #[error("{}: cannot be read: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A line says something that cannot be.
    #[error("{file}:{line}: {reason}")]
    Wrong {
        /// The file, relative to the data folder.
        file: String,
        /// Line number, from 1.
        line: usize,
        /// What is wrong; the offending value last.
        reason: String,
    },
}

/// A table: a header line and rows of the same width.
#[derive(Debug)]
pub struct Table {
    /// File name, relative to the data folder.
    pub file: String,
    header: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
}

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    /// Line number in the file, from 1.
    pub line: usize,
    fields: &'a [String],
}

impl Table {
    /// Splits a text into rows; empty lines and lines that start with `# ` are left out.
    ///
    /// # Errors
    /// When a row has more or fewer fields than the header.
    pub fn parse(file: &str, text: &str) -> Result<Self, DataError> {
        let mut lines = text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with("# "));
        let wrong = |line: usize, reason: String| DataError::Wrong {
            file: file.to_owned(),
            line,
            reason,
        };
        let (_, first) = lines.next().ok_or_else(|| wrong(1, "the file is empty".to_owned()))?;
        let header: Vec<String> = first
            .trim_start_matches('\u{feff}')
            .split('\t')
            .map(str::to_owned)
            .collect();
        let mut rows = Vec::new();
        for (index, line) in lines {
            let fields: Vec<String> = line.split('\t').map(|field| field.trim().to_owned()).collect();
            if fields.len() != header.len() {
                let reason = format!(
                    "expected {} fields ({}), found: {}",
                    header.len(),
                    header.join(", "),
                    fields.len()
                );
                return Err(wrong(index + 1, reason));
            }
            rows.push((index + 1, fields));
        }
        Ok(Self {
            file: file.to_owned(),
            header,
            rows,
        })
    }

    /// Every row, in file order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, fields)| Row {
            table: self,
            line: *line,
            fields,
        })
    }
}

impl<'a> Row<'a> {
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
                line: 1,
                reason: format!(
                    "missing column; the columns are {}: {column}",
                    self.table.header.join(", ")
                ),
            })?;
        Ok(self.fields.get(index).map_or("", String::as_str))
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

    /// The parts of a field that lists several values between `separator`s.
    ///
    /// # Errors
    /// When the column is missing.
    pub fn list(&self, column: &str, separator: char) -> Result<Vec<&'a str>, DataError> {
        Ok(self
            .get(column)?
            .split(separator)
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect())
    }

    /// A field that holds a whole number, or nothing.
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

    fn check(text: &str, expected: &str) {
        let found = Table::parse("t.tsv", text).map(|table| table.rows().count().to_string());
        assert_eq!(found.unwrap_or_else(|error| error.to_string()), expected);
    }

    #[test]
    fn tables_are_read_or_refused_with_their_line() {
        check("a\tb\n1\t2\n\n# note\n3\t4\n", "2");
        check("a\tb\n1\t2\n3\n", "t.tsv:3: expected 2 fields (a, b), found: 1");
        check("", "t.tsv:1: the file is empty");
    }

    #[test]
    fn fields_are_refused_by_name() -> Result<(), DataError> {
        let table = Table::parse("t.tsv", "a\tb\nx\t\n")?;
        let errors: Vec<String> = table
            .rows()
            .flat_map(|row| {
                [
                    row.required("b").err(),
                    row.get("c").err(),
                    row.number::<u32>("a").err(),
                    row.choice("a", &[("y", 1), ("z", 2)]).err(),
                ]
            })
            .flatten()
            .map(|error| error.to_string())
            .collect();
        assert_eq!(
            errors,
            [
                "t.tsv:2: must not be empty: b",
                "t.tsv:1: missing column; the columns are a, b: c",
                "t.tsv:2: a is not a number: x",
                "t.tsv:2: a must be one of y, z, found: x",
            ]
        );
        Ok(())
    }
}
