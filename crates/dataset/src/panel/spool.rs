//! Panel rows as they wait to be sorted by jurisdiction: they are picked in the order of observations.

use std::path::PathBuf;
use std::sync::Arc;

use gongkai_extract::{Applicant, CheckMark};
use gongkai_lexicon::Comparability;
use serde::{Deserialize, Serialize};

use super::{PanelBook, Pick};
use crate::error::DatasetError;
use crate::key::Key;
use crate::name::{Fen, Named};
use crate::spill::{Run, SpillFolder, Spool};
use crate::worker::row_error;

/// Panel rows of one jurisdiction and year.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PanelGroup<'a> {
    pub code: &'a str,
    pub year: i16,
    /// The reports that values were taken from.
    #[serde(borrow)]
    pub sources: Vec<PanelSource<'a>>,
    pub values: Vec<PanelValue<'a>>,
}

/// A report that values of the panel were taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PanelSource<'a> {
    pub report_id: &'a str,
    pub jurisdiction: Option<&'a str>,
}

/// A value of the panel.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PanelValue<'a> {
    pub category: &'a str,
    pub applicant: Named<Applicant>,
    pub count: Option<i64>,
    pub amount_cny: Option<Fen>,
    pub check: Named<CheckMark>,
    pub confidence: f32,
    /// What its printed row says of its comparability.
    pub row: Named<Comparability>,
    /// Its place among the group's sources.
    pub source: usize,
    /// Whether it is a sum of others. No such value waits: they are made when all of a place and year has come.
    #[serde(skip)]
    pub derived: bool,
}

impl<'a> PanelValue<'a> {
    /// What the values of a place and year are sorted by.
    pub(crate) fn key(&self) -> (&'a str, &'static str) {
        (self.category, self.applicant.as_str())
    }
}

impl<'a> PanelGroup<'a> {
    fn of(picks: &[Pick<'a>], book: &PanelBook) -> Option<Self> {
        let first = picks.first()?;
        let mut sources: Vec<PanelSource<'a>> = Vec::new();
        let value = |pick: &Pick<'a>| {
            let source = PanelSource {
                report_id: pick.claim.report_id,
                jurisdiction: pick.jurisdiction,
            };
            let place = sources.iter().position(|known| *known == source).unwrap_or_else(|| {
                sources.push(source);
                sources.len() - 1
            });
            PanelValue {
                category: pick.category,
                applicant: pick.applicant,
                count: pick.count,
                amount_cny: pick.amount_cny,
                check: pick.check,
                confidence: pick.confidence,
                row: book
                    .of_row(pick.category, pick.year, pick.relation, pick.template_row)
                    .into(),
                source: place,
                derived: false,
            }
        };
        let values = picks.iter().map(value).collect();
        Some(Self {
            code: first.code,
            year: first.year,
            sources,
            values,
        })
    }

    /// Adds the values of another group of the same place and year.
    pub(crate) fn join(&mut self, other: Self) {
        for mut value in other.values {
            let Some(source) = other.sources.get(value.source) else {
                continue;
            };
            let known = self.sources.iter().position(|known| known == source);
            value.source = known.unwrap_or_else(|| {
                self.sources.push(*source);
                self.sources.len() - 1
            });
            self.values.push(value);
        }
    }
}

/// Panel rows waiting to be sorted by jurisdiction.
pub(crate) struct PanelSpool<'b> {
    spool: Spool,
    folder: PathBuf,
    key: Key,
    book: &'b PanelBook,
}

impl<'b> PanelSpool<'b> {
    /// A spool whose rows wait in the folder.
    pub(crate) fn new(spill: &Arc<SpillFolder>, book: &'b PanelBook) -> Self {
        Self {
            spool: Spool::small(spill),
            folder: spill.path().to_owned(),
            key: Key::default(),
            book,
        }
    }

    /// Takes rows in the order of the panel.
    pub(crate) fn push(&mut self, picks: Vec<Pick<'_>>) -> Result<(), DatasetError> {
        for picks in picks.chunk_by(|left, right| left.code == right.code && left.year == right.year) {
            let (Some(group), Some(first)) = (PanelGroup::of(picks, self.book), picks.first()) else {
                continue;
            };
            self.key.panel(first.code, first.year, first.category);
            let packed = self
                .spool
                .push(0, self.key.bytes(), |bytes| postcard::to_io(&group, bytes).map(|_| ()));
            packed.map_err(|error| row_error(&self.folder, "panel", error))?;
        }
        self.spool.relieve()
    }

    /// The runs.
    pub(crate) fn finish(self) -> Result<Vec<Run>, DatasetError> {
        Ok(self.spool.finish()?.into_iter().flatten().collect())
    }
}
