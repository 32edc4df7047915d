//! Zones that have no code of their own: development zones, new areas, scenic areas, divisions of the production corps.

use rustc_hash::FxHashSet;

use super::codes::Codes;
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

/// Reads `zones.tsv`; `is_official` tells whether a place with a code has a name.
pub(super) fn parse(
    table: &Table,
    codes: &Codes<'_>,
    is_official: impl Fn(&str) -> bool,
) -> Result<Vec<Zone>, DataError> {
    let names: Vec<&str> = table.rows().map(|row| row.get("name")).collect::<Result<_, _>>()?;
    let names: FxHashSet<&str> = names.into_iter().collect();
    let (mut seen, mut seen_aliases) = (FxHashSet::default(), FxHashSet::default());
    let mut zones = Vec::new();
    for row in table.rows() {
        let (name, parent) = (row.required("name")?, row.required("parent")?);
        codes.check_today(row, "parent", parent)?;
        if !seen.insert((name, parent)) {
            return Err(row.wrong(format!("listed twice: {name}")));
        }
        let aliases = row.list("aliases", '|')?;
        // A form that is another's name is that other's.
        for alias in aliases.iter().copied() {
            if is_official(alias) || names.contains(alias) || !seen_aliases.insert(alias) {
                return Err(row.wrong(format!("a place or a zone is called so already: {alias}")));
            }
        }
        zones.push(Zone {
            name: name.to_owned(),
            parent: parent.to_owned(),
            aliases: aliases.into_iter().map(str::to_owned).collect(),
        });
    }
    Ok(zones)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::gazetteer::codes;
    use crate::{DataSource, Lexicon};

    fn check(rows: &str, expected: &str) {
        let table = Table::parse("z.tsv", &format!("name\tparent\taliases\tnote\n{rows}\n")).unwrap();
        let places = codes::places(&[("500110", Some(2011), None), ("500222", None, Some(2010))]);
        let found = match parse(&table, &Codes::new(&places), |name| name == "綦江区") {
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
            "z.tsv:2: parent is no code of today: 500222\nhint: did you mean 500110? there may stand 500110",
        );
        for (aliases, taken) in [("乙区|綦江区", "綦江区"), ("乙区|乙区", "乙区"), ("甲区", "甲区")] {
            check(
                &format!("甲区\t500110\t{aliases}\t"),
                &format!("z.tsv:2: a place or a zone is called so already: {taken}"),
            );
        }
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
