//! Reports of several bodies: 由闸北区政府、静安区政府共同编制.

use gongkai_lexicon::{Lexicon, WordKind};

use super::Evidence;
use super::organ::{clean, from_title_part};

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
    of_title.or_else(of_sentence).or_else(of_signature)
}

/// The names of a list, if each is a body's: in 发展和改革委员会、粮食局 each is, in 全市镇、街道 none.
fn bodies(names: &str, lexicon: &Lexicon) -> Option<Vec<String>> {
    if !names.contains('、') || names.len() > LONGEST {
        return None;
    }
    let names: Option<Vec<String>> = names.split('、').map(|name| clean(name, lexicon)).collect();
    names.filter(|names| names.len() > 1)
}
