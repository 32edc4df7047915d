//! Which reports of two successive years are compared: mostly one with one; after a merger, all predecessors with the
//! body that they became.

use gongkai_extract::BodyKind;

use super::entry::YearEntry;
use super::lineage::Lineages;

/// Reports of a body on two successive years.
#[derive(Debug)]
pub(crate) struct Pairing<'a> {
    /// The year before.
    pub before: Half<'a>,
    /// The later year.
    pub now: Half<'a>,
}

/// The reports of one of the years, to be added up.
#[derive(Debug)]
pub(crate) struct Half<'a> {
    /// In the order of their codes; never empty.
    pub entries: Vec<&'a YearEntry>,
    /// The parts of the territory whose reports are not there, as people name them.
    pub missing: Vec<String>,
}

/// The pairings of a body's reports on two successive years, each sorted by code.
///
/// A territory that was several is compared code by code as long as its codes stay the same. Where they change, the
/// sum of one year stands against the sum of the next: only the whole is known to have stayed the same territory.
pub(crate) fn pairings<'a>(before: &'a [YearEntry], now: &'a [YearEntry], lineages: &Lineages) -> Vec<Pairing<'a>> {
    let (Some(earlier), Some(later)) = (before.first(), now.first()) else {
        return Vec::new();
    };
    if !lineages.is_merged(&later.lineage_code) {
        // One territory under two codes, in the year they changed: two versions of one report.
        return vec![one_to_one(earlier, later)];
    }
    let (codes_before, codes_now) = (codes(before, lineages), codes(now, lineages));
    if codes_before == codes_now {
        let of_code = |code: &str| before.iter().find(|entry| entry.code == code);
        return now
            .iter()
            .filter_map(|later| Some(one_to_one(of_code(&later.code)?, later)))
            .collect();
    }
    vec![Pairing {
        before: whole(before, &codes_before, lineages),
        now: whole(now, &codes_now, lineages),
    }]
}

fn one_to_one<'a>(before: &'a YearEntry, now: &'a YearEntry) -> Pairing<'a> {
    let half = |entry| Half {
        entries: vec![entry],
        missing: Vec::new(),
    };
    Pairing {
        before: half(before),
        now: half(now),
    }
}

/// All reports of a year, and those that should be there under one of the codes and are not.
fn whole<'a>(entries: &'a [YearEntry], codes: &[&str], lineages: &Lineages) -> Half<'a> {
    let is_missing = |code: &&&str| !entries.iter().any(|entry| entry.code == **code);
    let missing = codes.iter().filter(is_missing).filter_map(|code| {
        let entry = entries.first()?;
        let name = lineages.name(&entry.lineage_code, code, entry.year).unwrap_or_default();
        Some(format!("{code} {name} for {}", entry.year))
    });
    Half {
        missing: missing.collect(),
        entries: entries.iter().collect(),
    }
}

/// The codes under which the body should have reported in a year, sorted: those of its territory, and those of reports
/// that are there. A government or bureau existed in each part; a street or zone lay in one of them.
fn codes<'a>(entries: &'a [YearEntry], lineages: &'a Lineages) -> Vec<&'a str> {
    let mut codes: Vec<&str> = entries.iter().map(|entry| entry.code.as_str()).collect();
    let in_every_part = [BodyKind::Government, BodyKind::GovernmentOffice, BodyKind::Department];
    if let Some(entry) = entries.first()
        && entry
            .kind
            .is_some_and(|kind| in_every_part.iter().any(|part| kind == *part))
    {
        codes.extend(lineages.codes(&entry.lineage_code, entry.year));
    }
    codes.sort_unstable();
    codes.dedup();
    codes
}
