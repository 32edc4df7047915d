//! What became of a code: renames, upgrades, merges and splits, each in the year it counts from.

use crate::tsv::{DataError, Table};

/// What happened to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// Another name, the same code.
    Rename,
    /// A county became a city or a district, a prefecture a city (撤县设区).
    Upgrade,
    /// The same place under another code.
    Recode,
    /// All of it went into another place.
    Merge,
    /// A part of it went into another place, which was new or took over from one that ended.
    Split,
    /// Some land passed between two places that both go on.
    Transfer,
}

impl ChangeKind {
    /// As the data has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        let named = KINDS.iter().find(|(_, kind)| *kind == self);
        named.map_or("", |(name, _)| name)
    }
}

/// One link between two codes. A merge of several places, or a split into several, has a row for each pair.
#[derive(Debug, Clone)]
pub struct Change {
    /// First year on whose 31 December it had happened.
    pub year: i16,
    /// What happened.
    pub kind: ChangeKind,
    /// The code before.
    pub from: String,
    /// The code after.
    pub to: String,
}

const KINDS: [(&str, ChangeKind); 6] = [
    ("rename", ChangeKind::Rename),
    ("upgrade", ChangeKind::Upgrade),
    ("recode", ChangeKind::Recode),
    ("merge", ChangeKind::Merge),
    ("split", ChangeKind::Split),
    ("transfer", ChangeKind::Transfer),
];

/// Reads `changes.tsv`; `known` tells whether a code is a place's.
pub(super) fn parse(table: &Table, known: impl Fn(&str) -> bool) -> Result<Vec<Change>, DataError> {
    let mut changes = Vec::new();
    for row in table.rows() {
        let (from, to) = (row.required("from")?, row.required("to")?);
        for code in [from, to] {
            if !known(code) {
                return Err(row.wrong(format!("not the code of a place: {code}")));
            }
        }
        row.required("year")?;
        changes.push(Change {
            year: row.number("year")?.unwrap_or_default(),
            kind: row.choice("kind", &KINDS)?,
            from: from.to_owned(),
            to: to.to_owned(),
        });
    }
    Ok(changes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{DataSource, Lexicon};

    fn check(line: &str, expected: &str) {
        let table = Table::parse("c.tsv", &format!("year\tkind\tfrom\tto\tnote\n{line}\n")).unwrap();
        let found = match parse(&table, |code| code.starts_with("4401")) {
            Ok(changes) => format!("{:?}", changes.iter().map(|change| change.kind).collect::<Vec<_>>()),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn changes_are_read_or_refused() {
        check("2014\tupgrade\t440183\t440118\t", "[Upgrade]");
        check("\tupgrade\t440183\t440118\t", "c.tsv:2: must not be empty: year");
        check(
            "2014\tupgrade\t440183\t330118\t",
            "c.tsv:2: not the code of a place: 330118",
        );
        check(
            "2014\tgone\t440183\t440118\t",
            "c.tsv:2: kind must be one of rename, upgrade, recode, merge, split, transfer, found: gone",
        );
    }

    #[test]
    fn a_code_is_followed_both_ways() {
        let lexicon = Lexicon::load(&DataSource::embedded()).unwrap();
        let to = |code: &str| -> Vec<(i16, &str)> {
            let changes = lexicon.gazetteer.changes_from(code);
            changes.map(|change| (change.year, change.to.as_str())).collect()
        };
        let from = |code: &str| -> Vec<(ChangeKind, &str)> {
            let changes = lexicon.gazetteer.changes_to(code);
            changes.map(|change| (change.kind, change.from.as_str())).collect()
        };
        assert_eq!(to("440183"), [(2014, "440118")]);
        assert_eq!(to("330104"), [(2021, "330102"), (2021, "330114")]);
        assert_eq!(
            from("500110"),
            [(ChangeKind::Merge, "500110"), (ChangeKind::Merge, "500222")]
        );
        assert_eq!(to("110101"), []);
    }
}
