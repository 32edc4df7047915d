//! The door for worker threads: the rows of a dump become keys and payloads in the thread's own spool.
//!
//! Decides what every table is sorted by, which observations may enter the panel and what is kept for the next year;
//! does not merge.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gongkai_extract::Period;
use serde::Serialize;

use crate::block::{Head, Packer, each_value};
use crate::convert::{DumpRows, ReportRows};
use crate::copies::{BodyYear, CopyBook, Facts, Preference, Rival, Sketch, Twin};
use crate::error::DatasetError;
use crate::key::{CopyKey, Key, Tail, UNKNOWN_PARTITION, copy_key, partition};
use crate::panel::{Claim, PanelBook};
use crate::rows::MentionRow;
use crate::spill::{SpillFolder, Spool};
use crate::years::{Standing, YearBook, YearEntry};

/// The tables that rows wait for, by their place in a spool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    Reports,
    Values,
    Checks,
    Problems,
    Rejects,
    Dumps,
    Pages,
    YearEntries,
    Rivals,
    Twins,
}

impl Table {
    /// How many there are.
    pub(crate) const COUNT: usize = 10;

    /// The name in the dataset.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Reports => "reports",
            Self::Values => "observations",
            Self::Checks => "checks",
            Self::Problems => "problems",
            Self::Rejects => "rejects",
            Self::Dumps => "dumps",
            Self::Pages => "pages",
            Self::YearEntries => "year_checks",
            // What they decide is a column of the reports.
            Self::Rivals | Self::Twins => "reports",
        }
    }
}

/// The rows of one worker thread. Hand all of them back to `finish`.
pub struct WorkerBuffer {
    spool: Spool,
    folder: PathBuf,
    panel: Arc<PanelBook>,
    years: Arc<YearBook>,
    copies: Arc<CopyBook>,
    key: Key,
    packer: Packer,
}

impl WorkerBuffer {
    pub(crate) fn new(
        folder: &Arc<SpillFolder>,
        panel: &Arc<PanelBook>,
        years: &Arc<YearBook>,
        copies: &Arc<CopyBook>,
    ) -> Self {
        Self {
            spool: Spool::new(folder, Table::COUNT),
            folder: folder.path().to_owned(),
            panel: Arc::clone(panel),
            years: Arc::clone(years),
            copies: Arc::clone(copies),
            key: Key::default(),
            packer: Packer::default(),
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
        let text = rows.page.as_ref().map_or("", |page| page.text.as_str());
        let sketch = self.copies.words.sketch(text);
        for report in &rows.reports {
            self.report(report, copy)?;
            self.likeness(report, &sketch, copy)?;
        }
        if let Some(page) = &rows.page {
            let place = match rows.reports.first().map(|rows| &rows.report) {
                Some(first) => partition(first.year, first.jurisdiction_code.as_deref()),
                None => UNKNOWN_PARTITION.to_owned(),
            };
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
        let place = partition(report.year, report.jurisdiction_code.as_deref());
        self.key.report(report, Tail { copy, sequence: 0 });
        self.pack(Table::Reports, report)?;
        let tail = Tail { copy, sequence: 0 };
        self.values(&place, rows, tail)?;
        if !rows.checks.is_empty() {
            self.key.of_report(&report.report_id, tail);
            self.pack(Table::Checks, &rows.checks)?;
        }
        if !rows.problems.is_empty() {
            self.key.of_report(&report.report_id, tail);
            self.pack(Table::Problems, &rows.problems)?;
        }
        if let Some(entry) = YearEntry::of(rows, &self.years) {
            self.key.year_entry(&entry, Standing::of(report), tail);
            self.pack(Table::YearEntries, &entry)?;
        }
        Ok(())
    }

    /// What the report is recognised by where it is found again.
    fn likeness(&mut self, rows: &ReportRows, sketch: &Sketch, copy: CopyKey) -> Result<(), DatasetError> {
        let report = &rows.report;
        let tail = Tail { copy, sequence: 0 };
        let facts = Facts::of(rows, &self.copies.facts, &self.copies.words);
        let preference = Preference::of(rows);
        let body = BodyYear::of(report);
        if let Some(hash) = facts.hash() {
            let twin = Twin::of(report, &facts, sketch);
            self.key.twin(hash, body.is_some(), preference, &report.report_id, tail);
            self.pack(Table::Twins, &twin)?;
        }
        if let Some(body) = body {
            self.key.rival(body, preference, &report.report_id, tail);
            self.pack(Table::Rivals, &Rival::of(report, facts, sketch))?;
        }
        Ok(())
    }

    fn values(&mut self, place: &str, rows: &ReportRows, tail: Tail) -> Result<(), DatasetError> {
        self.key.values(place, &rows.report, tail);
        let head = Head::of(&rows.report, Claim::of(&rows.report));
        let (packer, panel) = (&mut self.packer, &self.panel);
        let packed = self.spool.push(Table::Values as usize, self.key.bytes(), |bytes| {
            packer.pack(&head, bytes, |each| {
                each_value(rows, |row| may_enter_panel(panel, row), each)
            })
        });
        packed.map_err(|error| row_error(&self.folder, Table::Values.name(), error))
    }

    fn pack(&mut self, table: Table, row: &impl Serialize) -> Result<(), DatasetError> {
        let packed = self.spool.push(table as usize, self.key.bytes(), |bytes| {
            postcard::to_io(row, bytes).map(|_| ())
        });
        packed.map_err(|error| row_error(&self.folder, table.name(), error))
    }
}

/// What cannot be packed or read back, with where it waits.
pub(crate) fn row_error(folder: &Path, table: &'static str, error: postcard::Error) -> DatasetError {
    DatasetError::Row {
        path: folder.to_owned(),
        table,
        error,
    }
}

fn may_enter_panel(panel: &PanelBook, row: &MentionRow) -> bool {
    row.year.is_some()
        && row.period == Period::Year
        && (row.count.is_some() || row.amount_cny.is_some())
        && panel.takes(&row.category)
}
