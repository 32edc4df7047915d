//! Spans of report years, as the data writes them: `2014-2018`, `2019-`, `-2013`, `2020`.

use crate::row::{Row, YEARS};
use crate::tsv::{DataError, Table};

/// Years from one to another, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Years {
    /// The first; the least number there is when the beginning is open.
    pub from: i16,
    /// The last; the greatest number there is when the end is open.
    pub to: i16,
}

impl Years {
    /// Every year.
    pub const ALL: Self = Self {
        from: i16::MIN,
        to: i16::MAX,
    };

    /// Whether a year lies in the span.
    #[must_use]
    pub fn contains(self, year: i16) -> bool {
        (self.from..=self.to).contains(&year)
    }

    /// Whether two spans have a year in common.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }

    /// Reads a table of one span that has both ends.
    pub(crate) fn alone(table: &Table) -> Result<Self, DataError> {
        let mut rows = table.rows();
        let wrong = |line, reason: String| DataError::Wrong {
            file: table.file.clone(),
            line,
            reason,
        };
        let row = rows
            .next()
            .ok_or_else(|| wrong(1, "expected a line with years, found none".to_owned()))?;
        if let Some(second) = rows.next() {
            return Err(second.wrong(format!(
                "expected one line with years, found another: {}",
                second.get("years")?
            )));
        }
        let years = Self::parse(row, "years")?;
        match years.from > i16::MIN && years.to < i16::MAX {
            true => Ok(years),
            false => Err(row.wrong(format!(
                "years must have a first and a last, found: {}",
                row.get("years")?
            ))),
        }
    }

    /// Reads a column; every year where it is empty.
    pub(crate) fn parse(row: Row<'_>, column: &str) -> Result<Self, DataError> {
        let text = row.get(column)?;
        let wrong = || {
            row.wrong(format!(
                "{column} must be years like 2014-2018, 2019- or -2013, found: {text}"
            ))
        };
        let end = |part: &str, open: i16| match part {
            "" => Ok(open),
            part => {
                let year = part.parse().ok().filter(|year| YEARS.contains(year));
                year.ok_or_else(wrong)
            }
        };
        // An empty field is every year, a line alone is a slip.
        let (from, to) = text.split_once('-').filter(|_| text != "-").unwrap_or((text, text));
        let years = Self {
            from: end(from, i16::MIN)?,
            to: end(to, i16::MAX)?,
        };
        match years.from <= years.to {
            true => Ok(years),
            false => Err(wrong()),
        }
    }
}

impl std::fmt::Display for Years {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let end = |year: i16, open: i16| match year == open {
            true => String::new(),
            false => year.to_string(),
        };
        let (from, to) = (end(self.from, i16::MIN), end(self.to, i16::MAX));
        match (from == to, from.is_empty()) {
            (true, true) => formatter.write_str("all years"),
            (true, false) => formatter.write_str(&from),
            (false, _) => write!(formatter, "{from}-{to}"),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::tsv::Table;

    #[test]
    fn spans_are_read_and_printed_or_refused() {
        for (text, expected) in [
            ("2014-2018", "2014-2018"),
            ("2019-", "2019-"),
            ("-2013", "-2013"),
            ("2020", "2020"),
            ("", "all years"),
        ] {
            let table = Table::parse("t.tsv", &format!("a\tyears\nx\t{text}\n")).unwrap();
            let years = Years::parse(table.rows().next().unwrap(), "years").unwrap();
            assert_eq!(years.to_string(), expected);
        }
        for (text, reason) in [
            ("years\n", "t.tsv:1: expected a line with years, found none"),
            (
                "years\n2004-2028\n2029\n",
                "t.tsv:3: expected one line with years, found another: 2029",
            ),
            (
                "years\n2004-\n",
                "t.tsv:2: years must have a first and a last, found: 2004-",
            ),
        ] {
            let error = Years::alone(&Table::parse("t.tsv", text).unwrap()).unwrap_err();
            assert_eq!(error.to_string(), reason);
        }
        for text in [
            "2018-2014",
            "14-18",
            "2014–2018",
            "x",
            "-",
            "+201",
            "0014-2018",
            "2014-20180",
        ] {
            let table = Table::parse("t.tsv", &format!("a\tyears\nx\t{text}\n")).unwrap();
            let error = Years::parse(table.rows().next().unwrap(), "years").unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("t.tsv:2: years must be years like 2014-2018, 2019- or -2013, found: {text}")
            );
        }
    }
}
