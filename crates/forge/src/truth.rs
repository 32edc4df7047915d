//! What a careful reader could get from the page, read off the pieces that are left on it, in the gold's format.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::check::Printed;
use crate::data::Data;
use crate::doc::{Block, Key, Reading, Status, Trust, Value};
use crate::printer::Page;

/// One line of `truth.jsonl`.
#[derive(Debug, Serialize)]
pub struct Truth {
    /// Path below the output folder.
    pub file: String,
    /// The table family.
    pub group: &'static str,
    /// Who, when; null for a page that is no report.
    pub report: Option<Report>,
    /// What the page says.
    pub observations: Vec<Row>,
    /// Readings that are right but may be left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub optional: Vec<Row>,
    /// Category prefixes for which nothing else may be read.
    pub complete: Vec<&'static str>,
    /// What is left open.
    pub ignore: Vec<String>,
    /// Identities that fail on the page.
    pub failed_checks: Vec<FailedCheck>,
    /// `half_year` for reports on half a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_type: Option<&'static str>,
    /// How the page was made.
    pub labels: Labels,
}

/// Who and when.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Report {
    pub jurisdiction_code: String,
    pub jurisdiction: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organ: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<&'static str>,
    pub year: i32,
    pub published: Option<String>,
    pub script: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub organ_accept: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub code_accept: Vec<Option<String>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub zone: bool,
}

/// One observation.
#[derive(Debug, Serialize, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Row {
    pub category: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<Option<i64>>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "yuan")]
    pub amount_cny: Option<i64>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    pub applicant: &'static str,
    pub period: &'static str,
}

/// An identity that fails.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct FailedCheck {
    pub identity: &'static str,
    pub about: String,
    pub left: i64,
    pub right: i64,
}

/// How the page was made; the vocabularies are those of [`crate::vocabulary`].
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs)]
pub struct Labels {
    pub era: &'static str,
    pub family: Vec<&'static str>,
    pub prose: bool,
    pub layout: Vec<&'static str>,
    pub damage: Vec<&'static str>,
    pub encoding: &'static str,
    pub script: &'static str,
    pub site: &'static str,
    pub level: &'static str,
    pub negative: Option<&'static str>,
}

/// What the blocks of a page say.
#[derive(Debug, Default)]
pub struct PageTruth {
    /// Observations.
    pub observations: Vec<Row>,
    /// Optional readings.
    pub optional: Vec<Row>,
    /// Entries for `ignore`.
    pub open: Vec<String>,
    /// Identities that fail.
    pub failed: Vec<FailedCheck>,
}

/// Reads the truth off a page.
pub fn read_off(page: &Page, data: &Data) -> PageTruth {
    let mut said: BTreeMap<&Key, (u8, &Reading)> = BTreeMap::new();
    let mut optional: Vec<&Reading> = Vec::new();
    let mut conflicts: Vec<(&Reading, &Reading)> = Vec::new();
    let mut blanks: BTreeSet<&Key> = BTreeSet::new();
    for block in &page.blocks {
        let table = matches!(block, Block::Table(_));
        for reading in block.pieces().into_iter().flat_map(|piece| &piece.says) {
            if reading.trust != Trust::Sure {
                optional.push(reading);
                continue;
            }
            if reading.value == Value::None {
                blanks.insert(&reading.key);
            }
            let rank = rank(reading, table);
            match said.get(&reading.key) {
                Some((best, other)) if *best >= rank => note(other, reading, &mut conflicts),
                Some((_, other)) => {
                    note(reading, other, &mut conflicts);
                    said.insert(&reading.key, (rank, reading));
                }
                None => {
                    said.insert(&reading.key, (rank, reading));
                }
            }
        }
    }
    // A blank cell, and a sentence that says there were none: the page may be read either way.
    let mut open = Vec::new();
    let mut unsaid: Vec<&Key> = Vec::new();
    for key in blanks {
        if let Some((_, reading)) = said.get(key).copied()
            && reading.value != Value::None
        {
            said.remove(key);
            unsaid.push(key);
            optional.push(reading);
            open.push(format!("{}:blank", key.category));
        }
    }
    let mut out = PageTruth {
        open,
        observations: said.values().map(|(_, reading)| row(reading)).collect(),
        ..PageTruth::default()
    };
    out.failed = failures(page, data, &said, &unsaid);
    for (kept, other) in conflicts {
        if let (Value::Count(right), Value::Count(left), Status::Reported) = (kept.value, other.value, other.status) {
            let about = format!("{} in prose against the table", kept.key.category);
            out.failed.push(FailedCheck {
                identity: "S-10",
                about,
                left,
                right,
            });
        }
        optional.push(other);
    }
    for reading in optional {
        let row = Row {
            status: None,
            ..row(reading)
        };
        if reading.value != Value::None && !out.optional.contains(&row) {
            out.optional.push(row);
        }
    }
    out
}

/// What is believed first: the table, then exact numbers, then words, then approximations, then blanks.
fn rank(reading: &Reading, table: bool) -> u8 {
    match (reading.value, reading.status) {
        (Value::None, _) => 0,
        (_, Status::Approximate) => 1,
        (_, Status::InWords) => 2,
        _ if table => 4,
        _ => 3,
    }
}

fn note<'a>(kept: &'a Reading, other: &'a Reading, conflicts: &mut Vec<(&'a Reading, &'a Reading)>) {
    if kept.value != other.value && other.value != Value::None {
        conflicts.push((kept, other));
    }
}

/// Identities that fail on what the page says for certain; `unsaid` are cells that are blank, or nought by the prose.
fn failures(page: &Page, data: &Data, said: &BTreeMap<&Key, (u8, &Reading)>, unsaid: &[&Key]) -> Vec<FailedCheck> {
    let printed: Printed = said
        .iter()
        .filter(|(_, (_, reading))| reading.status != Status::Approximate)
        .map(|(key, (_, reading))| ((*key).clone(), reading.value))
        .chain(unsaid.iter().map(|key| ((*key).clone(), Value::None)))
        .collect();
    let of_form = data.identities.iter().filter(|identity| identity.is_of(page.form));
    of_form
        .flat_map(|identity| identity.failures(&printed))
        .map(|f| FailedCheck {
            identity: f.identity,
            about: f.about,
            left: f.left,
            right: f.right,
        })
        .collect()
}

fn row(reading: &Reading) -> Row {
    let (count, amount_cny) = match reading.value {
        Value::Count(count) => (Some(Some(count)), None),
        Value::Money(fen) => (None, Some(fen)),
        Value::None => (Some(None), None),
    };
    Row {
        category: reading.key.category,
        count,
        amount_cny,
        label: reading.key.label.to_string(),
        status: reading.status.name(),
        applicant: reading.key.applicant.name(),
        period: reading.key.period.name(),
    }
}

/// Fen as yuan; whole yuan without decimals.
fn yuan<S: serde::Serializer>(fen: &Option<i64>, out: S) -> Result<S::Ok, S::Error> {
    let fen = fen.unwrap_or_default();
    if fen % 100 == 0 {
        out.serialize_i64(fen / 100)
    } else {
        out.serialize_f64(fen as f64 / 100.0)
    }
}
