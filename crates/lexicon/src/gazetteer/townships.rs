//! Towns, townships and streets of each county. A county's line is split only when somebody asks for it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::codes::Codes;
use crate::row::Row;
use crate::tsv::{DataError, Table};

/// A town (镇), township (乡, 苏木) or street (街道).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Township<'a> {
    /// Nine digits. Codes are given out anew: a township of today and one that is gone may share theirs.
    pub code: String,
    /// Its name, e.g. 北京街道.
    pub name: &'a str,
    /// Year of the last list that has it; none while it exists.
    pub last_year: Option<i16>,
}

/// The townships of every county.
#[derive(Debug)]
pub(super) struct Townships {
    lines: FxHashMap<String, String>,
}

impl Townships {
    /// Reads `townships.tsv`.
    pub(super) fn parse(table: &Table, codes: &Codes<'_>) -> Result<Self, DataError> {
        let mut lines = FxHashMap::default();
        for row in table.rows() {
            let (county, line) = (row.required("county")?, row.required("townships")?);
            codes.check(row, county)?;
            check_line(&row, line)?;
            if lines.insert(county.to_owned(), line.to_owned()).is_some() {
                return Err(row.wrong(format!("listed twice: {county}")));
            }
        }
        Ok(Self { lines })
    }

    /// The townships of a county, or of a prefecture that has no counties.
    pub(super) fn of<'a>(&'a self, county: &str) -> impl Iterator<Item = Township<'a>> {
        let line = self.lines.get_key_value(county);
        line.into_iter().flat_map(|(county, line)| {
            line.split(' ').filter_map(parse_entry).map(move |entry| Township {
                code: format!("{county}{}", entry.digits),
                name: entry.name,
                last_year: entry.last_year,
            })
        })
    }

    /// The counties with a township of this name, by code.
    pub(super) fn with(&self, name: &str) -> Vec<&str> {
        let finder = memchr::memmem::Finder::new(name);
        let named = |line: &&String| {
            let mut entries = finder.find_iter(line.as_bytes());
            entries.any(|at| line[..at].ends_with(':') && ends_entry(&line[at + name.len()..]))
        };
        let counties = self.lines.iter().filter(|(_, line)| named(line));
        let mut counties: Vec<&str> = counties.map(|(county, _)| county.as_str()).collect();
        counties.sort_unstable();
        counties
    }
}

/// Whether what follows a name belongs to it no more.
fn ends_entry(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with([' ', ':'])
}

/// An entry as printed in the file.
struct Entry<'a> {
    digits: &'a str,
    name: &'a str,
    last_year: Option<i16>,
}

/// Reads `SSS:NAME` or `SSS:NAME:YYYY`.
fn parse_entry(text: &str) -> Option<Entry<'_>> {
    let (digits, rest) = text.split_once(':')?;
    let (name, year) = rest
        .split_once(':')
        .map_or((rest, None), |(name, year)| (name, Some(year)));
    let last_year = match year {
        Some(year) => Some(year.parse().ok().filter(|year| (2000..2100).contains(year))?),
        None => None,
    };
    let well_formed = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit()) && !name.is_empty();
    well_formed.then_some(Entry {
        digits,
        name,
        last_year,
    })
}

fn check_line(row: &Row<'_>, line: &str) -> Result<(), DataError> {
    let mut names = FxHashSet::default();
    let mut before = "";
    for text in line.split(' ') {
        let entry = parse_entry(text).ok_or_else(|| {
            row.wrong(format!(
                "a township must be written as 001:NAME or 001:NAME:2020: {text}"
            ))
        })?;
        if !names.insert(entry.name) {
            return Err(row.wrong(format!("township named twice: {}", entry.name)));
        }
        if entry.digits < before {
            return Err(row.wrong(format!("townships must be sorted by their digits: {text}")));
        }
        before = entry.digits;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::gazetteer::codes;
    use crate::{DataSource, Lexicon};

    fn check(county: &str, line: &str, expected: &str) {
        let table = Table::parse("t.tsv", &format!("county\ttownships\n{county}\t{line}\n")).unwrap();
        let places = codes::places(&[("440118", None, None)]);
        let found = match Townships::parse(&table, &Codes::new(&places)) {
            Ok(townships) => format!("{:?}", townships.of("440118").map(|t| t.last_year).collect::<Vec<_>>()),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn lines_are_read_or_refused() {
        check("440118", "001:荔城街道 100:新塘镇:2020", "[None, Some(2020)]");
        check(
            "440119",
            "001:荔城街道",
            "t.tsv:2: not the code of a place: 440119\nhint: did you mean 440118? there may stand 440118",
        );
        check(
            "440118",
            "001:甲镇 002:甲镇:2019",
            "t.tsv:2: township named twice: 甲镇",
        );
        check(
            "440118",
            "002:甲镇 001:乙镇",
            "t.tsv:2: townships must be sorted by their digits: 001:乙镇",
        );
        for wrong in ["01:甲镇", "001甲镇", "001:", "001:甲镇:last"] {
            check(
                "440118",
                wrong,
                &format!("t.tsv:2: a township must be written as 001:NAME or 001:NAME:2020: {wrong}"),
            );
        }
    }

    #[test]
    fn the_townships_of_a_county_are_found() {
        let lexicon = Lexicon::load(&DataSource::embedded()).unwrap();
        let find = |county: &str, name: &str| {
            let mut townships = lexicon.gazetteer.townships(county);
            townships.find(|township| township.name == name)
        };
        let street = find("440104", "北京街道").unwrap();
        assert_eq!((street.code.len(), street.last_year), (9, None));
        // 虞山镇 of 常熟 became streets; 东莞 has no counties; 闸北区 is gone.
        assert!(find("320581", "虞山镇").unwrap().last_year.is_some());
        assert!(find("441900", "长安镇").is_some());
        assert!(find("310108", "彭浦镇").unwrap().last_year.is_some());
        assert!(find("440104", "长安镇").is_none());
        assert_eq!(lexicon.gazetteer.townships("999999").count(), 0);
    }
}
