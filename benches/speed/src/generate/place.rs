//! Who reports: bodies made of the places of `data/gazetteer/places.tsv`.

use std::collections::HashMap;

use super::chance::Chance;

const PLACES: &str = include_str!("../../../../data/gazetteer/places.tsv");

/// A place and the years it has been there.
#[derive(Debug, Clone)]
struct Place {
    name: &'static str,
    above: &'static str,
    from: u16,
    to: u16,
}

/// The body of a report.
#[derive(Debug, Clone)]
pub struct Body {
    /// The place, e.g. 临平区.
    pub place: &'static str,
    /// The body, e.g. 杭州市临平区人民政府.
    pub organ: String,
}

/// Every county and prefecture.
#[derive(Debug)]
pub struct Places(Vec<Place>);

impl Places {
    /// Reads the gazetteer.
    pub fn load() -> Self {
        let rows = PLACES.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
        let rows: Vec<Vec<&'static str>> = rows.collect();
        let names: HashMap<&str, &'static str> = rows
            .iter()
            .filter_map(|row| Some((*row.first()?, *row.get(1)?)))
            .collect();
        let places = rows.iter().filter_map(|row| match row.as_slice() {
            [code, name, "county" | "prefecture", from, to, ..] => Some(Place {
                name,
                above: above(code, &names),
                from: from.parse().unwrap_or(0),
                to: to.parse().unwrap_or(u16::MAX),
            }),
            _ => None,
        });
        Self(places.collect())
    }

    /// A government or one of its offices, of a place that was there in the year.
    pub fn body(&self, year: u16, office: &str, chance: &mut Chance) -> Body {
        let mut body = Body {
            place: "",
            organ: String::new(),
        };
        for _ in 0..64 {
            let Some(place) = chance.pick(&self.0) else { break };
            if (place.from..=place.to).contains(&year) {
                let whose = if chance.happens(70) { "人民政府" } else { office };
                body = Body {
                    place: place.name,
                    organ: format!("{}{}{whose}", place.above, place.name),
                };
                break;
            }
        }
        body
    }
}

/// The prefecture of a county, the province of a prefecture.
fn above(code: &str, names: &HashMap<&str, &'static str>) -> &'static str {
    let parent = |digits: usize| {
        let code = format!("{:0<6}", code.get(..digits)?);
        names.get(code.as_str()).copied()
    };
    let is_prefecture = code.ends_with("00");
    let prefecture = if is_prefecture { None } else { parent(4) };
    prefecture.or_else(|| parent(2)).unwrap_or("")
}
