//! What speaks for a place on a page: words, index numbers, hosts, phone codes and postcodes.

use crate::tsv::{DataError, Table};

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
pub(super) fn parse(table: &Table) -> Result<Vec<Clue>, DataError> {
    let kinds = [
        ("text", ClueKind::Text),
        ("index", ClueKind::Index),
        ("host", ClueKind::Host),
    ];
    table
        .rows()
        .map(|row| {
            Ok(Clue {
                kind: row.choice("kind", &kinds)?,
                text: row.required("text")?.to_owned(),
                code_prefix: row.required("code_prefix")?.to_owned(),
                weight: row.number("weight")?.unwrap_or(1.0),
            })
        })
        .collect()
}

/// Reads `area_codes.tsv`: each line is a clue of its phone code and one of its postcode.
pub(super) fn of_area_codes(table: &Table) -> Result<Vec<Clue>, DataError> {
    let mut clues = Vec::new();
    for row in table.rows() {
        let code = row.required("code")?;
        let prefix = code.trim_end_matches("00").to_owned();
        for (kind, column, weight) in [(ClueKind::Phone, "phone", 3.0), (ClueKind::Postcode, "postcode", 2.0)] {
            let text = row.get(column)?;
            if !text.is_empty() {
                clues.push(Clue {
                    kind,
                    text: text.to_owned(),
                    code_prefix: prefix.clone(),
                    weight,
                });
            }
        }
    }
    Ok(clues)
}
