//! The door for worker threads: the rows of a dump become keys and payloads in the thread's own spool.
//!
//! Decides what every table is sorted by, which observations may enter the panel and what is kept for the next year;
//! does not merge.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gongkai_extract::Period;
use rustc_hash::FxHashSet;
use serde::Serialize;

use crate::block::{Head, Packer, each_value};
use crate::convert::{DumpRows, ReportRows};
use crate::copies::{BodyYear, CopyBook, Facts, Preference, Rival, Sketch, Twin};
use crate::error::DatasetError;
use crate::key::{CopyKey, Key, Tail, UNKNOWN_PARTITION, copy_key, partition};
use crate::panel::{Claim, PanelBook};
use crate::placement::Places;
use crate::rows::MentionRow;
use crate::seen::{Known, SeenRow, StaleCopies, Stamp};
use crate::segments::{Segment, Segments};
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
    Seen,
}

impl Table {
    /// How many there are.
    pub(crate) const COUNT: usize = 11;

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
            Self::Rivals => "rivals",
            Self::Twins => "twins",
            Self::Seen => "seen",
        }
    }
}

/// Why a dump was rejected that took too long: another night may have more time for it.
pub const OUT_OF_TIME: &str = "out_of_time";

/// How long before a run a dump must have been changed last for its times to be trusted: clocks tick in steps.
const SETTLING: Duration = Duration::from_secs(2);

/// How a dump was found.
#[derive(Debug, Clone, Default)]
pub struct Sighting {
    /// Its size and times; none where there are none.
    pub stamp: Option<Stamp>,
    /// What is known of it.
    pub known: Known,
}

/// What a look into a dump showed.
#[derive(Clone, Copy)]
struct SeenAs {
    /// Whether its stamp may be trusted from now on.
    can_settle: bool,
    /// Whether its bytes were read.
    was_read: bool,
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
    settled_before: i64,
    /// The last snapshot.
    snapshot: Option<String>,
    changes: Changes,
}

/// What a worker found.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Dumps that were not there before.
    pub new: u64,
    /// Dumps that are others than before.
    pub changed: u64,
    /// Dumps that are what they were, although their times or sizes were not enough to tell.
    pub confirmed: u64,
    /// Copies that do not count any more.
    pub dead: FxHashSet<CopyKey>,
    /// Copies that count although what was known of them passed by.
    pub strays: Vec<CopyKey>,
    /// Copies that count although their dumps could not be read.
    pub stale: StaleCopies,
    /// How many marks of such copies came or went.
    pub marks: u64,
    /// Dumps that could not be read, and whose rows of an earlier night cannot be used.
    pub lost: u64,
}

/// What a worker leaves.
pub(crate) struct Worked {
    pub segments: Vec<Segment>,
    pub changes: Changes,
}

impl WorkerBuffer {
    pub(crate) fn new(
        folder: &Arc<SpillFolder>,
        segments: &Arc<Segments>,
        panel: &Arc<PanelBook>,
        years: &Arc<YearBook>,
        copies: &Arc<CopyBook>,
        snapshot: Option<String>,
    ) -> Self {
        Self {
            spool: Spool::sealing(folder, segments, Table::COUNT),
            folder: folder.path().to_owned(),
            panel: Arc::clone(panel),
            years: Arc::clone(years),
            copies: Arc::clone(copies),
            key: Key::default(),
            packer: Packer::default(),
            settled_before: nanoseconds(SystemTime::now() - SETTLING),
            snapshot,
            changes: Changes::default(),
        }
    }

    /// Adds everything a dump gave that nothing is known of.
    ///
    /// # Errors
    /// [`DatasetError::Io`] when rows had to be written out and could not be.
    pub fn push(&mut self, rows: DumpRows) -> Result<(), DatasetError> {
        self.push_sighted(rows, &Sighting::default())
    }

    /// Adds everything a dump gave.
    ///
    /// # Errors
    /// [`DatasetError::Io`] when rows had to be written out and could not be.
    pub fn push_sighted(&mut self, rows: DumpRows, sighting: &Sighting) -> Result<(), DatasetError> {
        let copy = copy_of(&rows);
        // What could not be read, or not in time, may be readable in the next night without having changed.
        let can_settle = !rows
            .rejects
            .iter()
            .any(|reject| !reject.intentional && (reject.hash.is_none() || reject.reason == OUT_OF_TIME));
        let was_read = !rows.dump.hash.is_empty();
        self.changes.lost += u64::from(!was_read && sighting.known.is_out_of_use());
        self.seen(&rows.dump.origin, copy, sighting, SeenAs { can_settle, was_read })?;
        if sighting.known.is_copy(copy) {
            self.changes.confirmed += 1;
            return self.spool.relieve();
        }
        match sighting.known.is_known() {
            true => self.changes.changed += 1,
            false => self.changes.new += 1,
        }
        self.rows(&rows, copy)
    }

    /// A dump that was looked into is what it was before.
    ///
    /// # Errors
    /// As for [`Self::push_sighted`].
    pub fn confirm(&mut self, origin: &str, hash: &str, sighting: &Sighting) -> Result<(), DatasetError> {
        let was_read = SeenAs {
            can_settle: true,
            was_read: true,
        };
        self.seen(origin, copy_key(origin, hash), sighting, was_read)?;
        self.changes.confirmed += 1;
        self.changes.marks += u64::from(sighting.known.is_stale());
        self.spool.relieve()
    }

    /// A dump that cannot be read keeps the rows of the night when it could; without such rows nothing happens.
    ///
    /// # Errors
    /// As for [`Self::push_sighted`].
    pub fn keep(&mut self, origin: &str, reason: &str, sighting: &Sighting) -> Result<(), DatasetError> {
        let Some((row, is_new)) = sighting.known.kept(reason, self.snapshot.as_deref()) else {
            return Ok(());
        };
        self.changes.dead.extend(sighting.known.outdated(row.copy));
        self.changes.marks += u64::from(is_new);
        self.changes
            .stale
            .extend(row.stale.clone().map(|stale| (row.copy, stale)));
        self.key.seen(origin);
        self.pack(Table::Seen, &row)?;
        self.spool.relieve()
    }

    /// Remembers the dump for the next night.
    fn seen(&mut self, origin: &str, copy: CopyKey, sighting: &Sighting, seen: SeenAs) -> Result<(), DatasetError> {
        self.changes.dead.extend(sighting.known.outdated(copy));
        if sighting.known.is_stray {
            self.changes.strays.push(copy);
        }
        let before = self.settled_before;
        let is_old = |stamp: Stamp| stamp.modified < before && stamp.changed < before;
        let row = SeenRow {
            stamp: sighting.stamp,
            copy,
            settled: seen.can_settle && sighting.stamp.is_some_and(is_old),
            was_read: seen.was_read,
            stale: None,
        };
        self.key.seen(origin);
        self.pack(Table::Seen, &row)
    }

    fn rows(&mut self, rows: &DumpRows, copy: CopyKey) -> Result<(), DatasetError> {
        let tail = Tail { copy, sequence: 0 };
        self.key.dump(&rows.dump, tail);
        self.pack(Table::Dumps, &rows.dump)?;
        for reject in &rows.rejects {
            self.key.reject(reject, tail);
            self.pack(Table::Rejects, reject)?;
        }
        let first = rows.reports.first().map(|rows| &rows.report);
        let pages = first.map_or_else(
            || UNKNOWN_PARTITION.to_owned(),
            |first| partition(first.year, first.jurisdiction_code.as_deref()),
        );
        let text = rows.page.as_ref().map_or("", |page| page.text.as_str());
        let sketch = self.copies.words.sketch(text);
        for report in &rows.reports {
            self.report(report, &pages, tail)?;
            self.likeness(report, &sketch, tail)?;
        }
        if let Some(page) = &rows.page {
            self.key.page(&pages, page, tail);
            self.pack(Table::Pages, page)?;
        }
        self.spool.relieve()
    }

    pub(crate) fn finish(self) -> Result<Worked, DatasetError> {
        Ok(Worked {
            segments: self.spool.finish_sealing()?,
            changes: self.changes,
        })
    }

    fn report(&mut self, rows: &ReportRows, pages: &str, tail: Tail) -> Result<(), DatasetError> {
        let report = &rows.report;
        let place = partition(report.year, report.jurisdiction_code.as_deref());
        let places = Places { values: &place, pages };
        self.key.report(report, tail);
        self.pack(Table::Reports, &(places, report))?;
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
    fn likeness(&mut self, rows: &ReportRows, sketch: &Sketch, tail: Tail) -> Result<(), DatasetError> {
        let report = &rows.report;
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

/// Where a dump's rows come from. One that was not read has no hash: why not is in its place.
fn copy_of(rows: &DumpRows) -> CopyKey {
    let dump = &rows.dump;
    match rows.rejects.first() {
        Some(reject) if dump.hash.is_empty() => {
            let told = format!(
                "{}\0{}\0{}\0{}",
                reject.stage, reject.reason, reject.message, dump.bytes
            );
            copy_key(&dump.origin, &told)
        }
        _ => copy_key(&dump.origin, &dump.hash),
    }
}

fn nanoseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
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
