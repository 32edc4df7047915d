//! What speaks for a place on a page: words, index numbers, hosts, phone codes and postcodes.

use std::ops::RangeInclusive;

use rustc_hash::FxHashSet;

use super::codes::Codes;
use crate::tsv::{DataError, Table};

/// Log odds beyond this leave nothing to be weighed.
const MOST_WEIGHT: f32 = 100.0;

/// What kind of evidence a clue is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClueKind {
    /// Words of the text.
    Text,
    /// The beginning of an index number.
    Index,
    /// A host, or the end of one.
    Host,
    /// A phone area code.
    Phone,
    /// The first digits of a postcode.
    Postcode,
}

/// "A page with this in it speaks of a place whose code begins so."
#[derive(Debug, Clone)]
pub struct Clue {
    /// Where to look.
    pub kind: ClueKind,
    /// What to look for.
    pub text: String,
    /// The codes it speaks for begin with these digits.
    pub code_prefix: String,
    /// Log odds it adds.
    pub weight: f32,
}

/// Reads `clues.tsv`.
pub(super) fn parse(table: &Table, codes: &Codes<'_>) -> Result<Vec<Clue>, DataError> {
    let kinds = [
        ("text", ClueKind::Text),
        ("index", ClueKind::Index),
        ("host", ClueKind::Host),
    ];
    let mut clues: Vec<Clue> = Vec::new();
    for row in table.rows() {
        let (kind, text) = (row.choice("kind", &kinds)?, row.required("text")?);
        let prefix = row.required("code_prefix")?;
        if !prefix.bytes().all(|byte| byte.is_ascii_digit()) || !codes.begin(prefix) {
            return Err(row.wrong(format!("the code of no place begins so: {prefix}")));
        }
        row.required("weight")?;
        let weight: f32 = row.number("weight")?.unwrap_or_default();
        if weight == 0.0 || !(-MOST_WEIGHT..=MOST_WEIGHT).contains(&weight) {
            return Err(row.wrong(format!(
                "weight must be a number from -{MOST_WEIGHT} to {MOST_WEIGHT}, and not 0: {weight}"
            )));
        }
        let is_same = |clue: &Clue| clue.kind == kind && clue.text == text && clue.code_prefix == prefix;
        if clues.iter().any(is_same) {
            return Err(row.wrong(format!("listed twice: {text}")));
        }
        clues.push(Clue {
            kind,
            text: text.to_owned(),
            code_prefix: prefix.to_owned(),
            weight,
        });
    }
    Ok(clues)
}

/// Reads `area_codes.tsv`: each line is a clue of its phone code and one of its postcode.
pub(super) fn of_area_codes(table: &Table, codes: &Codes<'_>) -> Result<Vec<Clue>, DataError> {
    let mut clues = Vec::new();
    let mut seen = FxHashSet::default();
    for row in table.rows() {
        let code = row.required("code")?;
        codes.check(row, code)?;
        let (phone, postcode) = (row.required("phone")?, row.get("postcode")?);
        let is_number = |text: &str, lengths: RangeInclusive<usize>| {
            lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !is_number(phone, 3..=4) || !phone.starts_with('0') {
            return Err(row.wrong(format!("phone must be 0 and two or three more digits: {phone}")));
        }
        if !postcode.is_empty() && !is_number(postcode, 2..=6) {
            return Err(row.wrong(format!("postcode must be the first digits of six: {postcode}")));
        }
        if !seen.insert((phone, code)) {
            return Err(row.wrong(format!("listed twice: {phone} {code}")));
        }
        let prefix = code.trim_end_matches("00");
        for (kind, text, weight) in [(ClueKind::Phone, phone, 3.0), (ClueKind::Postcode, postcode, 2.0)] {
            if !text.is_empty() {
                clues.push(Clue {
                    kind,
                    text: text.to_owned(),
                    code_prefix: prefix.to_owned(),
                    weight,
                });
            }
        }
    }
    Ok(clues)
}
