//! The row that a label stands for which no form prints like that: with a slip of the pen, or with some words changed.

use std::ops::Range;

use gongkai_lexicon::{Lexicon, RowId, TemplateRow, label_letters};

use crate::work;

/// Labels with fewer characters are too much alike.
const SHORTEST_SIMILAR: usize = 5;

/// The one of some rows whose label differs by a slip, or by some words where it is also the row that the form prints
/// between its neighbours; none when two could be meant.
pub fn row<'r>(
    key_text: &str,
    neighbours: Range<Option<RowId>>,
    rows: impl Iterator<Item = (RowId, &'r TemplateRow)>,
    lexicon: &Lexicon,
) -> Option<RowId> {
    let label = Label::new(key_text, lexicon);
    if label.key.len() < SHORTEST_SIMILAR {
        return None;
    }
    let (before, after) = (neighbours.start, neighbours.end);
    let form_of = |row: RowId| lexicon.templates.row(row).template;
    let mut found: Vec<(usize, RowId)> = Vec::new();
    for (id, row) in rows {
        let is_beside = [before, after]
            .into_iter()
            .flatten()
            .any(|other| form_of(other) == row.template);
        let between = is_beside && before < Some(id) && after.is_none_or(|after| id < after);
        found.extend(label.distance_to(row, between).map(|distance| (distance, id)));
    }
    let best = found.iter().min().copied()?;
    let rival = |other: &&(usize, RowId)| other.1 != best.1 && other.0 * 2 <= best.0 * 3;
    found.iter().find(rival).is_none().then_some(best.1)
}

/// A label, prepared to be compared with many.
struct Label<'a> {
    text: &'a str,
    key: Vec<char>,
    /// Its [`label_letters`].
    letters: u128,
    lexicon: &'a Lexicon,
}

impl<'a> Label<'a> {
    fn new(text: &'a str, lexicon: &'a Lexicon) -> Self {
        Self {
            text,
            key: text.chars().collect(),
            letters: label_letters(text),
            lexicon,
        }
    }

    /// How far it is from the nearest label of a row, when that is near enough.
    fn distance_to(&self, row: &TemplateRow, between: bool) -> Option<usize> {
        let allowed = allowed(self.key.len(), between);
        let labels = row.keys.iter().zip(&row.key_letters);
        let near = labels.filter(|(label, letters)| self.may_be(label, **letters, allowed, between));
        let distances = near.filter_map(|(label, _)| {
            // Only a slip of the pen is forgiven where other words would make it another row.
            if between && self.lexicon.templates.contrast(label, self.text) {
                return distance(label, &self.key, slips(self.key.len()));
            }
            let moved = between
                .then(|| distance_in_any_order(label, &self.key))
                .filter(|moved| *moved <= allowed);
            let shortened = || (between && label.contains(self.text)).then_some(1);
            moved.or_else(shortened).or_else(|| distance(label, &self.key, allowed))
        });
        distances.min()
    }

    /// Whether a label can be near enough at all, by its length and its letters: nearly none is.
    fn may_be(&self, label: &str, letters: u128, allowed: usize, between: bool) -> bool {
        work::note(1);
        let lacks = |ours: u128, theirs: u128| (ours & !theirs).count_ones() as usize;
        let by_letters = lacks(self.letters, letters) <= allowed && lacks(letters, self.letters) <= allowed;
        let by_length = label.len().abs_diff(self.text.len()) <= allowed * 4;
        let shortened = between && label.len() >= self.text.len() && lacks(self.letters, letters) == 0;
        by_length && by_letters || shortened
    }
}

/// How many characters a label may be off: a slip or two, or two in five where the form has the row at this place.
fn allowed(length: usize, between: bool) -> usize {
    let slips = slips(length);
    if between { slips.max(length * 2 / 5) } else { slips }
}

fn slips(length: usize) -> usize {
    match length {
        0..=9 => 1,
        10..=19 => 2,
        _ => 4,
    }
}

/// How many characters of the longer label the other has not, wherever they stand: words change places.
#[must_use]
pub fn distance_in_any_order(left: &str, right: &[char]) -> usize {
    work::note(right.len());
    let mut rest = right.to_vec();
    let (mut length, mut common) = (0, 0);
    for character in left.chars() {
        length += 1;
        if let Some(at) = rest.iter().position(|other| *other == character) {
            rest.swap_remove(at);
            common += 1;
        }
    }
    length.max(right.len()) - common
}

/// Edit distance in characters, when it is at most `allowed`.
fn distance(left: &str, right: &[char], allowed: usize) -> Option<usize> {
    let left: Vec<char> = left.chars().collect();
    if left.len().abs_diff(right.len()) > allowed {
        return None;
    }
    work::note(left.len() * right.len());
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut diagonal = i;
        let mut before = i + 1;
        if let Some(first) = row.first_mut() {
            *first = before;
        }
        for (cell, b) in row.iter_mut().skip(1).zip(right) {
            let best = (diagonal + usize::from(a != b)).min(*cell + 1).min(before + 1);
            diagonal = *cell;
            *cell = best;
            before = best;
        }
    }
    row.last().copied().filter(|distance| *distance <= allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_slips_up_to_a_limit() {
        for (left, right, expected) in [
            ("属于四类过程性性信息", "属于四类过程性信息", Some(1)),
            ("信息不存在", "信息不存", Some(1)),
            ("同意公开答复", "同意部分公开答复", Some(2)),
            ("国家秘密", "商业秘密", Some(2)),
            ("甲乙丙丁", "戊己庚辛", None),
        ] {
            let right: Vec<char> = right.chars().collect();
            assert_eq!(distance(left, &right, 2), expected, "{left} {right:?}");
        }
    }
}
