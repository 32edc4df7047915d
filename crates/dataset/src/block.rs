//! The values of one report as they wait on disk: who reports is written once, every distinct text once, and an
//! observation is what its mention says and a few bytes more.
//!
//! Packs rows and gives them back; knows nothing of their order and of files.

use gongkai_extract::{Applicant, CheckMark, Level, Method, Period, Scope, Status, UnitSource};
use gongkai_lexicon::Relation;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::convert::ReportRows;
use crate::name::{Fen, Named};
use crate::panel::Claim;
use crate::rows::{MentionRow, ReportRow};

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

/// What makes a mention an observation.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct AsObservation {
    /// Its place among the report's observations.
    pub sequence: u32,
    /// Whether it may enter the panel.
    pub panel: bool,
    pub confidence: f32,
}

/// A mention, and the observation it may be. Its texts are what they are or the numbers of them.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Value<T> {
    pub category: T,
    pub applicant: Named<Applicant>,
    pub period: Named<Period>,
    pub label: Option<T>,
    pub start: u32,
    pub end: u32,
    pub scope: Named<Scope>,
    pub scope_label: Option<T>,
    pub confidence: f32,
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
            scope: self.scope,
            scope_label: self.scope_label.map(&mut text),
            confidence: self.confidence,
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

impl<'a> Value<&'a str> {
    fn of(row: &'a MentionRow, observation: Option<AsObservation>) -> Self {
        Self {
            category: row.category.as_str(),
            applicant: row.applicant,
            period: row.period,
            label: row.label.as_deref(),
            start: row.start,
            end: row.end,
            scope: row.scope,
            scope_label: row.scope_label.as_deref(),
            confidence: row.confidence,
            observation,
            template_row: row.template_row.as_deref(),
            relation: row.relation,
            count: row.count,
            amount_cny: row.amount_cny,
            unit: row.unit.as_deref(),
            unit_printed: row.unit_printed.as_deref(),
            unit_source: row.unit_source,
            status: row.status,
            raw: row.raw.as_str(),
            method: row.method,
            block: row.block,
            check: row.check,
        }
    }
}

/// Gives every value of a report, in the order of mentions.
pub(crate) fn each_value<'a, E>(
    rows: &'a ReportRows,
    may_enter_panel: impl Fn(&MentionRow) -> bool,
    mut each: impl FnMut(&Value<&'a str>) -> Result<(), E>,
) -> Result<(), E> {
    let mut observations: Vec<Option<AsObservation>> = vec![None; rows.mentions.len()];
    for (sequence, observed) in (0u32..).zip(&rows.observed) {
        let row = rows.mentions.get(observed.mention);
        if let (Some(row), Some(observation)) = (row, observations.get_mut(observed.mention)) {
            *observation = Some(AsObservation {
                sequence,
                panel: may_enter_panel(row),
                confidence: observed.confidence,
            });
        }
    }
    let mut mentions = rows.mentions.iter().zip(observations);
    mentions.try_for_each(|(row, observation)| each(&Value::of(row, observation)))
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

    /// Gives every row.
    pub(crate) fn each(&self, mut each: impl FnMut(&Value<u32>)) -> postcard::Result<()> {
        let mut rest = self.rows;
        while !rest.is_empty() {
            let (row, after) = postcard::take_from_bytes(rest)?;
            each(&row);
            rest = after;
        }
        Ok(())
    }

    /// The text with a number.
    pub(crate) fn text(&self, number: u32) -> &'a str {
        self.texts.get(number as usize).copied().unwrap_or_default()
    }
}
