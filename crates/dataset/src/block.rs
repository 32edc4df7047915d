//! The values of one report as they wait on disk: who reports is written once, every distinct text once, and a row that
//! is both a mention and an observation once.
//!
//! Packs rows and gives them back; knows nothing of their order and of files.

use gongkai_extract::{Applicant, CheckMark, Level, Method, Period, Scope, Status, UnitSource};
use gongkai_lexicon::Relation;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::convert::ReportRows;
use crate::name::{Fen, Named};
use crate::rows::{MentionRow, ObservationRow, ReportRow};

/// A report's claim to a place in the panel; of several on one jurisdiction and year the smallest is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Claim<'a> {
    /// 0 for the whole territory, 1 when the report does not say, 2 for the government itself.
    pub scope: u8,
    /// Fewer than the most possible by as many observations as the report has.
    pub missing_observations: u32,
    /// Decides between equals.
    pub report_id: &'a str,
    /// Today's code of the territory.
    pub lineage_code: &'a str,
}

/// Who reports: what all values of a report have in common.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Head<'a> {
    #[serde(borrow)]
    pub claim: Option<Claim<'a>>,
    pub report_id: &'a str,
    pub body_id: Option<&'a str>,
    pub jurisdiction_code: Option<&'a str>,
    pub jurisdiction: Option<&'a str>,
    pub organ: Option<&'a str>,
    pub level: Option<Named<Level>>,
    pub year: Option<i16>,
}

impl<'a> Head<'a> {
    /// The head of a report's values.
    pub(crate) fn of(report: &'a ReportRow, claim: Option<Claim<'a>>) -> Self {
        Self {
            claim,
            report_id: &report.report_id,
            body_id: report.body_id.as_deref(),
            jurisdiction_code: report.jurisdiction_code.as_deref(),
            jurisdiction: report.jurisdiction.as_deref(),
            organ: report.organ.as_deref(),
            level: report.level,
            year: report.year,
        }
    }
}

/// What makes a value a mention.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct AsMention<T> {
    pub scope: Named<Scope>,
    pub scope_label: Option<T>,
    pub observation: bool,
    pub confidence: f32,
}

/// What makes a value an observation.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct AsObservation {
    /// Its place among the report's observations.
    pub sequence: u32,
    /// Whether it may enter the panel.
    pub panel: bool,
    pub confidence: f32,
}

/// A value: a mention, an observation, or both. Its texts are what they are or the numbers of them.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Value<T> {
    pub category: T,
    pub applicant: Named<Applicant>,
    pub period: Named<Period>,
    pub label: Option<T>,
    pub start: u32,
    pub end: u32,
    pub mention: Option<AsMention<T>>,
    pub observation: Option<AsObservation>,
    pub template_row: Option<T>,
    pub relation: Named<Relation>,
    pub count: Option<i64>,
    pub amount_cny: Option<Fen>,
    pub unit: Option<T>,
    pub unit_printed: Option<T>,
    pub unit_source: Named<UnitSource>,
    pub status: Named<Status>,
    pub raw: T,
    pub method: Named<Method>,
    pub block: u32,
    pub check: Named<CheckMark>,
}

impl<T: Copy> Value<T> {
    /// The same value with other texts.
    pub(crate) fn map<U>(&self, mut text: impl FnMut(T) -> U) -> Value<U> {
        Value {
            category: text(self.category),
            applicant: self.applicant,
            period: self.period,
            label: self.label.map(&mut text),
            start: self.start,
            end: self.end,
            mention: self.mention.map(|mention| AsMention {
                scope: mention.scope,
                scope_label: mention.scope_label.map(&mut text),
                observation: mention.observation,
                confidence: mention.confidence,
            }),
            observation: self.observation,
            template_row: self.template_row.map(&mut text),
            relation: self.relation,
            count: self.count,
            amount_cny: self.amount_cny,
            unit: self.unit.map(&mut text),
            unit_printed: self.unit_printed.map(&mut text),
            unit_source: self.unit_source,
            status: self.status,
            raw: text(self.raw),
            method: self.method,
            block: self.block,
            check: self.check,
        }
    }
}

/// Makes [`Value`]s of rows, whose columns have the same names.
macro_rules! value_of {
    ($row:expr, $mention:expr, $observation:expr) => {
        Value {
            category: $row.category.as_str(),
            applicant: $row.applicant,
            period: $row.period,
            label: $row.label.as_deref(),
            start: $row.start,
            end: $row.end,
            mention: $mention,
            observation: $observation,
            template_row: $row.template_row.as_deref(),
            relation: $row.relation,
            count: $row.count,
            amount_cny: $row.amount_cny,
            unit: $row.unit.as_deref(),
            unit_printed: $row.unit_printed.as_deref(),
            unit_source: $row.unit_source,
            status: $row.status,
            raw: $row.raw.as_str(),
            method: $row.method,
            block: $row.block,
            check: $row.check,
        }
    };
}

/// Gives every value of a report once: in the order of mentions, then the observations that are none of them.
pub(crate) fn each_value<'a, E>(
    rows: &'a ReportRows,
    may_enter_panel: impl Fn(&ObservationRow) -> bool,
    mut each: impl FnMut(&Value<&'a str>) -> Result<(), E>,
) -> Result<(), E> {
    let mut observed: Vec<Option<AsObservation>> = vec![None; rows.mentions.len()];
    let mut others = Vec::new();
    for (place, row) in rows.observations.iter().enumerate() {
        let observation = AsObservation {
            sequence: u32::try_from(place).unwrap_or(u32::MAX),
            panel: may_enter_panel(row),
            confidence: row.confidence,
        };
        let mention = rows.mention_of.get(place).copied().unwrap_or(usize::MAX);
        let is_mention = rows.mentions.get(mention).is_some_and(|mention| is_same(mention, row));
        match observed.get_mut(mention) {
            Some(free @ None) if is_mention => *free = Some(observation),
            _ => others.push((row, observation)),
        }
    }
    for (row, observation) in rows.mentions.iter().zip(observed) {
        let mention = AsMention {
            scope: row.scope,
            scope_label: row.scope_label.as_deref(),
            observation: row.observation,
            confidence: row.confidence,
        };
        each(&value_of!(row, Some(mention), observation))?;
    }
    for (row, observation) in others {
        each(&value_of!(row, None, Some(observation)))?;
    }
    Ok(())
}

/// Whether both rows are of one value; confidences may differ.
fn is_same(mention: &MentionRow, row: &ObservationRow) -> bool {
    mention.start == row.start
        && mention.end == row.end
        && mention.applicant == row.applicant
        && mention.period == row.period
        && mention.relation == row.relation
        && mention.count == row.count
        && mention.amount_cny == row.amount_cny
        && mention.unit_source == row.unit_source
        && mention.status == row.status
        && mention.method == row.method
        && mention.block == row.block
        && mention.check == row.check
        && mention.category == row.category
        && mention.label == row.label
        && mention.template_row == row.template_row
        && mention.unit == row.unit
        && mention.unit_printed == row.unit_printed
        && mention.raw == row.raw
}

/// Packs the values of a report.
#[derive(Debug, Default)]
pub(crate) struct Packer {
    rows: Vec<u8>,
}

impl Packer {
    /// Appends the values that `fill` gives to `bytes`, as one block.
    pub(crate) fn pack<'a>(
        &mut self,
        head: &Head<'_>,
        bytes: &mut Vec<u8>,
        fill: impl FnOnce(&mut dyn FnMut(&Value<&'a str>) -> postcard::Result<()>) -> postcard::Result<()>,
    ) -> postcard::Result<()> {
        self.rows.clear();
        let mut numbers: FxHashMap<&'a str, u32> = FxHashMap::default();
        let mut texts: Vec<&'a str> = Vec::new();
        let rows = &mut self.rows;
        fill(&mut |value| {
            let packed = value.map(|text| {
                *numbers.entry(text).or_insert_with(|| {
                    texts.push(text);
                    u32::try_from(texts.len() - 1).unwrap_or(u32::MAX)
                })
            });
            postcard::to_io(&packed, &mut *rows).map(|_| ())
        })?;
        postcard::to_io(&(head, &texts), &mut *bytes)?;
        bytes.extend_from_slice(rows);
        Ok(())
    }
}

/// A block as it is read: its rows are still packed.
#[derive(Debug)]
pub(crate) struct Block<'a> {
    pub head: Head<'a>,
    /// The texts that rows have the numbers of.
    pub texts: Vec<&'a str>,
    rows: &'a [u8],
}

impl<'a> Block<'a> {
    /// Reads what [`Packer`] wrote.
    pub(crate) fn read(bytes: &'a [u8]) -> postcard::Result<Self> {
        let ((head, texts), rows) = postcard::take_from_bytes(bytes)?;
        Ok(Self { head, texts, rows })
    }

    /// Reads who reports.
    pub(crate) fn read_head(bytes: &'a [u8]) -> postcard::Result<Head<'a>> {
        postcard::take_from_bytes(bytes).map(|(head, _)| head)
    }

    /// Gives every row and the bytes from it to the end of the block.
    pub(crate) fn each(&self, mut each: impl FnMut(&Value<u32>, &'a [u8])) -> postcard::Result<()> {
        let mut rest = self.rows;
        while !rest.is_empty() {
            let (row, after) = postcard::take_from_bytes(rest)?;
            each(&row, rest);
            rest = after;
        }
        Ok(())
    }

    /// The text with a number.
    pub(crate) fn text(&self, number: u32) -> &'a str {
        self.texts.get(number as usize).copied().unwrap_or_default()
    }
}

/// The row that stands first in the bytes.
pub(crate) fn row_at(bytes: &[u8]) -> postcard::Result<Value<u32>> {
    postcard::take_from_bytes(bytes).map(|(row, _)| row)
}
