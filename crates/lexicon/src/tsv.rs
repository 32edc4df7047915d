//! TSV tables with line numbers, and the one error every data file is refused with. What a row says is read by
//! [`crate::row`].

use std::path::PathBuf;

use crate::hint::hint;
use crate::row::Row;

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
        /// What is wrong; the offending value last, then a hint where there is one.
        reason: String,
    },
}

/// A table: a header line and rows of the same width.
#[derive(Debug)]
pub struct Table {
    /// File name, relative to the data folder.
    pub file: String,
    pub(crate) header_line: usize,
    pub(crate) header: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
}

impl Table {
    /// Splits a text into rows; empty lines and lines that start with `# ` are left out.
    ///
    /// # Errors
    /// When the header names a column twice or not at all, or a row has more or fewer fields, or characters that no text
    /// has.
    pub fn parse(file: &str, text: &str) -> Result<Self, DataError> {
        let wrong = |line: usize, reason: String| DataError::Wrong {
            file: file.to_owned(),
            line,
            reason,
        };
        let mut lines = text
            .trim_start_matches('\u{feff}')
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with("# "));
        let (at, first) = lines.next().ok_or_else(|| wrong(1, "the file is empty".to_owned()))?;
        let header = parse_fields(first).map_err(|reason| wrong(at + 1, reason))?;
        for (column, name) in header.iter().enumerate() {
            if name.is_empty() {
                return Err(wrong(at + 1, format!("column {} has no name", column + 1)));
            }
            if header.iter().take(column).any(|before| before == name) {
                return Err(wrong(at + 1, format!("two columns are called so: {name}")));
            }
        }
        let mut rows = Vec::new();
        for (index, line) in lines {
            let fields = parse_fields(line).map_err(|reason| wrong(index + 1, reason))?;
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
            header_line: at + 1,
            header,
            rows,
        })
    }

    /// Refuses a table that has other columns than another one.
    ///
    /// # Errors
    /// The first column that only one of them has.
    pub fn same_columns(&self, other: &Self) -> Result<(), DataError> {
        let wrong = |reason: String| DataError::Wrong {
            file: self.file.clone(),
            line: self.header_line,
            reason,
        };
        let names = || other.header.iter().map(String::as_str);
        if let Some(name) = self.header.iter().find(|name| !other.header.contains(name)) {
            let hint = hint(name, names(), &self.file);
            return Err(wrong(format!("no such column: {name}\n{hint}")));
        }
        match names().find(|name| !self.header.iter().any(|own| own == name)) {
            Some(name) => Err(wrong(format!("missing column: {name}"))),
            None => Ok(()),
        }
    }

    /// Every row, in file order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, fields)| Row::new(self, *line, fields))
    }
}

/// The fields of a line, or why it is none of a text file.
fn parse_fields(line: &str) -> Result<Vec<String>, String> {
    // Most lines have no byte that such a character begins with; to look at all bytes takes less time than to stop at one.
    let may_be_odd = |byte: u8| ((byte < b' ') & (byte != b'\t')) | matches!(byte, 0x7f | 0xc2 | 0xef);
    // U+FFFD stands where something could not be decoded; a byte order mark stands only where two files were joined.
    let is_odd = |c: &char| (c.is_control() && *c != '\t') || matches!(c, '\u{fffd}' | '\u{feff}');
    if line.bytes().fold(false, |found, byte| found | may_be_odd(byte))
        && let Some(odd) = line.chars().find(is_odd)
    {
        return Err(format!("not a character of a text: U+{:04X}", odd as u32));
    }
    Ok(line.split('\t').map(|field| field.trim().to_owned()).collect())
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
        check("\u{feff}# note\r\na\tb\r\n1\t2\r\n", "1");
        check("a\t\n1\t2\n", "t.tsv:1: column 2 has no name");
        check("# note\na\ta\n1\t2\n", "t.tsv:2: two columns are called so: a");
        check("a\tb\n1\t\u{0}2\n", "t.tsv:2: not a character of a text: U+0000");
        check(
            "a\tb\n1\t\u{fffd}\u{fffd}\n",
            "t.tsv:2: not a character of a text: U+FFFD",
        );
    }
}
