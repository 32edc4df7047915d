//! Zones that have no code of their own: development zones, new areas, scenic areas, divisions of the production corps.

use std::collections::HashSet;

use crate::tsv::{DataError, Table};

/// A named zone, which is not the place that holds it.
#[derive(Debug, Clone)]
pub struct Zone {
    /// Its name in full, e.g. 广州经济技术开发区.
    pub name: String,
    /// Code of the smallest place that holds all of it.
    pub parent: String,
    /// Short and other forms of its name.
    pub aliases: Vec<String>,
}

/// Reads `zones.tsv`; `valid_today` tells whether a code is valid today.
pub(super) fn parse(table: &Table, valid_today: impl Fn(&str) -> bool) -> Result<Vec<Zone>, DataError> {
    let mut seen = HashSet::new();
    let mut zones = Vec::new();
    for row in table.rows() {
        let (name, parent) = (row.required("name")?, row.required("parent")?);
        if !valid_today(parent) {
            return Err(row.wrong(format!("parent is no code of today: {parent}")));
        }
        if !seen.insert((name, parent)) {
            return Err(row.wrong(format!("listed twice: {name}")));
        }
        zones.push(Zone {
            name: name.to_owned(),
            parent: parent.to_owned(),
            aliases: row.list("aliases", '|')?.into_iter().map(str::to_owned).collect(),
        });
    }
    Ok(zones)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{DataSource, Lexicon};

    fn check(rows: &str, expected: &str) {
        let table = Table::parse("z.tsv", &format!("name\tparent\taliases\tnote\n{rows}\n")).unwrap();
        let found = match parse(&table, |code| code == "500110") {
            Ok(zones) => zones
                .iter()
                .map(|zone| zone.aliases.join(" "))
                .collect::<Vec<_>>()
                .join("; "),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn zones_are_read_or_refused() {
        check("万盛经济技术开发区\t500110\t万盛经开区|万盛\t", "万盛经开区 万盛");
        check(
            "万盛经济技术开发区\t500222\t\t",
            "z.tsv:2: parent is no code of today: 500222",
        );
        check("甲区\t500110\t\t\n甲区\t500110\t\t", "z.tsv:3: listed twice: 甲区");
    }

    #[test]
    fn well_known_zones_have_their_parents() {
        let lexicon = Lexicon::load(&DataSource::embedded()).unwrap();
        for (name, parent) in [
            ("广州开发区", "440100"),
            ("万盛经开区", "500110"),
            ("苏州工业园区", "320500"),
            ("杨凌示范区", "610403"),
            ("岳阳南湖新区", "430600"),
            ("大连长兴岛", "210281"),
            ("第六师五家渠市", "650000"),
        ] {
            let is_it = |zone: &&Zone| zone.name == name || zone.aliases.iter().any(|alias| alias == name);
            let found: Vec<&str> = lexicon
                .gazetteer
                .zones()
                .iter()
                .filter(is_it)
                .map(|zone| zone.parent.as_str())
                .collect();
            assert_eq!(found, [parent], "{name}");
        }
    }
}
