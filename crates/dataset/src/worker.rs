//! The door for worker threads: the rows of a dump become keys and payloads in the thread's own spool.
//!
//! Decides what every table is sorted by and which observations may enter the panel; does not merge.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use gongkai_extract::{BodyKind, Level, Period, Scope};
use gongkai_lexicon::{CategoryKind, Lexicon};
use serde::{Deserialize, Serialize};

use crate::convert::{DumpRows, ReportRows};
use crate::error::DatasetError;
use crate::key::{CopyKey, Key, Tail, UNKNOWN_PARTITION, copy_key, partition};
use crate::rows::{ObservationRow, ReportRow};
use crate::spill::{SpillFolder, Spool};

/// The tables that rows wait for, by their place in a spool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    Reports,
    Observations,
    Mentions,
    Checks,
    Problems,
    Rejects,
    Dumps,
    Pages,
}

impl Table {
    /// How many there are.
    pub(crate) const COUNT: usize = 8;

    /// The name in the dataset.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Reports => "reports",
            Self::Observations => "observations",
            Self::Mentions => "mentions",
            Self::Checks => "checks",
            Self::Problems => "problems",
            Self::Rejects => "rejects",
            Self::Dumps => "dumps",
            Self::Pages => "pages",
        }
    }
}

/// How far the series of each category that the panel takes may be joined; open lists are not in it, since several
/// values share one category there.
pub(crate) type PanelCategories = HashMap<String, Option<String>>;

/// The categories of the panel.
pub(crate) fn panel_categories(lexicon: &Lexicon) -> PanelCategories {
    let categories = lexicon.categories.iter().map(|(_, category)| category);
    categories
        .filter(|category| category.kind != CategoryKind::List)
        .map(|category| {
            let comparability = Some(category.comparability.clone()).filter(|text| !text.is_empty());
            (category.code.clone(), comparability)
        })
        .collect()
}

/// What decides between reports of one jurisdiction and year; the smallest is taken. Only reports of a government of
/// province, prefecture or county have one, and not those on one unit or a part of the work.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct PanelClaim {
    /// 0 for the whole territory, 1 when the report does not say, 2 for the government itself.
    scope: u8,
    /// Fewer than the most possible by as many observations as the report has.
    missing_observations: u32,
    /// The report.
    report_id: String,
    /// Today's code of the territory.
    pub lineage_code: String,
}

impl PanelClaim {
    fn of(report: &ReportRow) -> Option<Self> {
        let code = report.jurisdiction_code.as_ref()?;
        let level = report.level?;
        let kind = report.body_kind?;
        let is_government = kind == BodyKind::Government || kind == BodyKind::GovernmentOffice;
        let is_rank = level == Level::Province || level == Level::Prefecture || level == Level::County;
        let scope = match report.scope {
            Some(scope) if scope == Scope::Territory => 0,
            Some(scope) if scope == Scope::OwnLevel => 2,
            Some(scope) if scope == Scope::Unit || scope == Scope::Subset => return None,
            _ => 1,
        };
        (is_government && is_rank).then(|| Self {
            scope,
            missing_observations: u32::MAX - report.n_observations,
            report_id: report.report_id.clone(),
            lineage_code: report.successor_code.as_ref().unwrap_or(code).clone(),
        })
    }
}

/// An observation as it waits on disk.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WaitingObservation<C, R> {
    /// Its claim to a place in the panel.
    pub claim: Option<C>,
    /// The row.
    pub row: R,
}

/// The rows of one worker thread. Hand all of them back to `finish`.
pub struct WorkerBuffer {
    spool: Spool,
    folder: PathBuf,
    categories: Arc<PanelCategories>,
    key: Key,
}

impl WorkerBuffer {
    pub(crate) fn new(folder: &Arc<SpillFolder>, categories: &Arc<PanelCategories>) -> Self {
        Self {
            spool: Spool::new(folder, Table::COUNT),
            folder: folder.path().to_owned(),
            categories: Arc::clone(categories),
            key: Key::default(),
        }
    }

    /// Adds everything a dump gave.
    ///
    /// # Errors
    /// [`DatasetError::Io`] when rows had to be written out and could not be.
    pub fn push(&mut self, rows: DumpRows) -> Result<(), DatasetError> {
        let copy = copy_key(&rows.dump.origin, &rows.dump.hash);
        self.key.dump(&rows.dump);
        self.pack(Table::Dumps, &rows.dump)?;
        for reject in &rows.rejects {
            self.key.reject(reject);
            self.pack(Table::Rejects, reject)?;
        }
        for report in &rows.reports {
            self.report(report, copy)?;
        }
        if let Some(page) = &rows.page {
            let first = rows.reports.first().map(|rows| partition_of(&rows.report));
            let place = first.unwrap_or_else(|| UNKNOWN_PARTITION.to_owned());
            self.key.page(&place, page, Tail { copy, sequence: 0 });
            self.pack(Table::Pages, page)?;
        }
        self.spool.relieve()
    }

    pub(crate) fn finish(self) -> Result<Vec<Vec<PathBuf>>, DatasetError> {
        self.spool.finish()
    }

    fn report(&mut self, rows: &ReportRows, copy: CopyKey) -> Result<(), DatasetError> {
        let report = &rows.report;
        let place = partition_of(report);
        self.key.report(report, Tail { copy, sequence: 0 });
        self.pack(Table::Reports, report)?;
        let claim = PanelClaim::of(report);
        for (sequence, row) in (0..).zip(&rows.observations) {
            self.key.observation(&place, row, Tail { copy, sequence });
            let claim = claim.as_ref().filter(|_| self.may_enter_panel(row));
            self.pack(Table::Observations, &WaitingObservation { claim, row })?;
        }
        for (sequence, row) in (0..).zip(&rows.mentions) {
            self.key.mention(&place, row, Tail { copy, sequence });
            self.pack(Table::Mentions, row)?;
        }
        for (sequence, row) in (0..).zip(&rows.checks) {
            self.key.of_report(&report.report_id, Tail { copy, sequence });
            self.pack(Table::Checks, row)?;
        }
        for (sequence, row) in (0..).zip(&rows.problems) {
            self.key.of_report(&report.report_id, Tail { copy, sequence });
            self.pack(Table::Problems, row)?;
        }
        Ok(())
    }

    fn may_enter_panel(&self, row: &ObservationRow) -> bool {
        row.year.is_some()
            && row.period == Period::Year
            && (row.count.is_some() || row.amount_cny.is_some())
            && self.categories.contains_key(&row.category)
    }

    fn pack(&mut self, table: Table, row: &impl Serialize) -> Result<(), DatasetError> {
        let packed = self.spool.push(table as usize, self.key.bytes(), |bytes| {
            postcard::to_io(row, bytes).map(|_| ())
        });
        packed.map_err(|error| DatasetError::Row {
            path: self.folder.clone(),
            table: table.name(),
            error,
        })
    }
}

fn partition_of(report: &ReportRow) -> String {
    partition(report.year, report.jurisdiction_code.as_deref())
}
