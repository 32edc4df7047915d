//! Reports of several bodies: 由闸北区政府、静安区政府共同编制.

use gongkai_lexicon::{Lexicon, WordKind};

use super::Evidence;
use super::body::{clean, kind};
use super::organ::from_title_part;
use crate::model::BodyKind;

/// The longest list of names, in bytes.
const LONGEST: usize = 240;

/// Who published one report together; none where it is one body's own.
pub(super) fn find(evidence: &Evidence<'_>, title: Option<&str>) -> Option<Vec<String>> {
    let lexicon = evidence.lexicon;
    let of_title = title.and_then(|title| from_title_part(title, lexicon));
    let of_title = of_title.and_then(|names| bodies(&names, lexicon));
    let of_sentence = || {
        let mut lines = evidence.texts_with([WordKind::IssuerBefore, WordKind::IssuerAfter]);
        lines.find_map(|line| {
            let names = evidence.patterns.joint.captures(line)?.get(1)?;
            bodies(names.as_str(), lexicon)
        })
    };
    let of_signature = || {
        let mut lines = evidence.tail.iter().rev().take(4);
        lines.find_map(|line| bodies(line, lexicon))
    };
    let of_announcement = || {
        let mut lines = evidence.texts_with([WordKind::IssuerAnnounced, WordKind::ReportOpening]);
        lines.find_map(|line| {
            let names = evidence.patterns.announced.captures(line)?.get(1)?;
            bodies(names.as_str(), lexicon)
        })
    };
    of_title
        .or_else(of_sentence)
        .or_else(of_announcement)
        .or_else(of_signature)
}

/// The names of a list, if each is a body's: in 发展和改革委员会、粮食局 each is, in 全市镇、街道 none.
fn bodies(names: &str, lexicon: &Lexicon) -> Option<Vec<String>> {
    if names.len() > LONGEST {
        return None;
    }
    let pieces = names.split('、').flat_map(|names| with_zone(names, lexicon));
    let names: Option<Vec<String>> = pieces.map(|name| clean(name, lexicon)).collect();
    names.filter(|names| names.len() > 1)
}

/// A district and its zone, with nothing but white space between them: 黄埔区人民政府 广州开发区管委会.
fn with_zone<'a>(names: &'a str, lexicon: &Lexicon) -> impl Iterator<Item = &'a str> {
    let ends = lexicon.organs.of(WordKind::Government).iter();
    let end = ends
        .filter_map(|word| Some(names.find(word.as_str())? + word.len()))
        .min();
    let zone = end.and_then(|end| names.get(end..));
    let zone = zone.filter(|zone| kind(zone, lexicon) == Some(BodyKind::Zone) && is_zone_named(zone, lexicon));
    let first = zone.and_then(|zone| names.strip_suffix(zone)).unwrap_or(names);
    std::iter::once(first).chain(zone)
}

/// Whether a zone has a name of its own: 开发区管委会 alone is of the government before it.
fn is_zone_named(zone: &str, lexicon: &Lexicon) -> bool {
    let mut rest = zone;
    while let Some(word) = lexicon.organs.ending(WordKind::Zone, rest) {
        rest = rest.strip_suffix(word).unwrap_or_default();
    }
    rest.chars().count() >= 2
}
