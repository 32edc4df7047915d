//! What became of a code: renames, upgrades, merges and splits, each in the year it counts from.

use rustc_hash::FxHashSet;

use super::codes::Codes;
use crate::row::Row;
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

/// Reads `changes.tsv`.
pub(super) fn parse(table: &Table, codes: &Codes<'_>) -> Result<Vec<Change>, DataError> {
    let mut changes: Vec<Change> = Vec::new();
    let mut seen = FxHashSet::default();
    for row in table.rows() {
        let change = parse_change(row)?;
        let (from, to) = (row.required("from")?, row.required("to")?);
        codes.check_year(row, from, change.year.saturating_sub(1))?;
        codes.check_year(row, to, change.year)?;
        if !seen.insert((change.year, from, to)) {
            return Err(row.wrong(format!("listed twice: {} {from} {to}", change.year)));
        }
        changes.push(change);
    }
    Ok(changes)
}

fn parse_change(row: Row<'_>) -> Result<Change, DataError> {
    let (from, to) = (row.required("from")?, row.required("to")?);
    row.required("year")?;
    let kind = row.choice("kind", &KINDS)?;
    // A place that takes another in, or only has another name, can keep its code.
    let can_stay = matches!(kind, ChangeKind::Rename | ChangeKind::Upgrade | ChangeKind::Merge);
    if from == to && !can_stay {
        return Err(row.wrong(format!("{} needs another code in to: {to}", kind.as_str())));
    }
    Ok(Change {
        year: row.year("year")?.unwrap_or_default(),
        kind,
        from: from.to_owned(),
        to: to.to_owned(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::gazetteer::codes;
    use crate::{DataSource, Lexicon};

    fn check(line: &str, expected: &str) {
        let table = Table::parse("c.tsv", &format!("year\tkind\tfrom\tto\tnote\n{line}\n")).unwrap();
        let places = codes::places(&[("440183", None, Some(2013)), ("440118", Some(2014), None)]);
        let found = match parse(&table, &Codes::new(&places)) {
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
            "c.tsv:2: not the code of a place: 330118\nhint: did you mean 440118? there may stand 440118, 440183",
        );
        check(
            "2013\tupgrade\t440183\t440118\t",
            "c.tsv:2: 440118 was not valid on 31 December 2013\nhint: gazetteer/places.tsv has its years",
        );
        check(
            "2016\tupgrade\t440183\t440118\t",
            "c.tsv:2: 440183 was not valid on 31 December 2015\nhint: gazetteer/places.tsv has its years",
        );
        check(
            "2014\trecode\t440118\t440118\t",
            "c.tsv:2: recode needs another code in to: 440118",
        );
        check(
            "2014\tupgrade\t440183\t440118\t\n2014\tmerge\t440183\t440118\t",
            "c.tsv:3: listed twice: 2014 440183 440118",
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
