//! What changed between two snapshots, by report and by key.
//!
//! Reports pair by id, which is that of their text. One that came where another with the same origin, or of the same
//! body and year, went, is its revision. Values are compared by category, applicant, period and, in open lists, label:
//! those of one report as both files stream by in their order; those of revised and of moved reports when both sides
//! have come. Files with one hash are not read. Takes both snapshots to be sound, which `verify` can tell.

mod columns;
mod ordered;
mod reports;
mod values;

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZero;
use std::path::{Path, PathBuf};

use gongkai_lexicon::Lexicon;

use crate::error::{AtPath, DatasetError};
use crate::hold::hold;
use crate::manifest;
use crate::name::Fen;
use crate::parquet::{ROW_GROUP_ROWS, TableFile, TableSchema};
use crate::table::{ColumnarRow, table};
use crate::verify::snapshot_folder;

table! {
    /// One difference between two snapshots.
    Difference, DifferenceBuffers, "differences" {
        /// What differs: report or observation.
        record: String,
        /// added, withdrawn, changed, or, of a report, revised: another report came in its place.
        change: String,
        /// The report, in the new snapshot where it is there.
        report_id: String,
        /// The report in the old snapshot, where it is another one.
        old_report_id: Option<String>,
        /// The reporting body across years.
        body_id: Option<String>,
        /// GB/T 2260 code.
        jurisdiction_code: Option<String>,
        /// Full name from the province down.
        jurisdiction: Option<String>,
        /// Body whose work is reported.
        organ: Option<String>,
        /// Reporting year.
        year: Option<i16>,
        /// Dotted code of the codebook; null for reports, as all below but columns.
        category: Option<String>,
        /// Printed label.
        label: Option<String>,
        /// Who applied.
        applicant: Option<String>,
        /// year or cumulative.
        period: Option<String>,
        /// The count that was.
        old_count: Option<i64>,
        /// The count that is.
        new_count: Option<i64>,
        /// The money that was.
        old_amount_cny: Option<Fen>,
        /// The money that is.
        new_amount_cny: Option<Fen>,
        /// The status that was.
        old_status: Option<String>,
        /// The status that is.
        new_status: Option<String>,
        /// The columns that differ.
        columns: Vec<String>,
    }
}

/// What differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Record {
    /// A report.
    Report,
    /// An observation.
    Observation,
}

impl Record {
    /// The name in the column `record`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Observation => "observation",
        }
    }
}

/// How it differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It is new.
    Added,
    /// Another report came in its place.
    Revised,
    /// Columns of it are others.
    Changed,
    /// It is gone.
    Withdrawn,
}

impl Change {
    /// The name in the column `change`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Revised => "revised",
            Self::Changed => "changed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// How many differences there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// By what differs and how.
    pub differences: BTreeMap<(Record, Change), u64>,
    /// Changed observations with another count, amount or status.
    pub values: u64,
    /// Files of observations that were not read, since both have the same bytes.
    pub same_files: u64,
    /// Files of observations that were read.
    pub read_files: u64,
}

impl Totals {
    fn count(&self, record: Record, change: Change) -> u64 {
        self.differences.get(&(record, change)).copied().unwrap_or_default()
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [report, value] = [Record::Report, Record::Observation];
        writeln!(
            to,
            "reports       {} added, {} revised, {} changed, {} withdrawn",
            self.count(report, Change::Added),
            self.count(report, Change::Revised),
            self.count(report, Change::Changed),
            self.count(report, Change::Withdrawn)
        )?;
        write!(
            to,
            "observations  {} added, {} changed ({} with another value), {} withdrawn",
            self.count(value, Change::Added),
            self.count(value, Change::Changed),
            self.values,
            self.count(value, Change::Withdrawn)
        )
    }
}

/// Gives every difference between two snapshots, or the latest ones of two output folders: first the reports, then the
/// observations partition by partition, in one order whatever the number of `threads` that compare them; 0 means one for
/// each core. Differences are given while others are looked for; of those found ahead, so many wait that they take a
/// hundred megabytes.
///
/// # Errors
/// [`DatasetError::NotASnapshot`], [`DatasetError::Schema`] and [`DatasetError::Unreadable`] for what cannot be compared;
/// what `give` returns.
pub fn diff(
    old: &Path,
    new: &Path,
    lexicon: &Lexicon,
    threads: usize,
    give: &mut dyn FnMut(Record, Change, Difference) -> Result<(), DatasetError>,
) -> Result<Totals, DatasetError> {
    let (old, new) = (Side::open(old)?, Side::open(new)?);
    let _held = [hold(&old.root), hold(&new.root)];
    let mut out = Out {
        totals: Totals::default(),
        give,
    };
    let pairs = reports::compare(&old, &new, &mut out)?;
    let threads = match threads {
        0 => std::thread::available_parallelism().map_or(1, NonZero::get),
        threads => threads,
    };
    values::compare(&old, &new, lexicon, pairs, threads, &mut out)?;
    Ok(out.totals)
}

/// One of the two snapshots.
struct Side {
    root: PathBuf,
    /// Hashes of the files by name.
    hashes: BTreeMap<String, String>,
}

impl Side {
    fn open(folder: &Path) -> Result<Self, DatasetError> {
        let root = snapshot_folder(folder)?;
        let files = manifest::read(&root)?.into_iter();
        Ok(Self {
            hashes: files.map(|(_, file)| (file.name, file.hash)).collect(),
            root,
        })
    }

    fn has_same(&self, other: &Self, name: &str) -> bool {
        let hash = self.hashes.get(name);
        hash.is_some() && hash == other.hashes.get(name)
    }
}

/// Where differences go.
struct Out<'a> {
    totals: Totals,
    give: &'a mut dyn FnMut(Record, Change, Difference) -> Result<(), DatasetError>,
}

impl Out<'_> {
    fn push(&mut self, record: Record, change: Change, mut difference: Difference) -> Result<(), DatasetError> {
        *self.totals.differences.entry((record, change)).or_default() += 1;
        record.as_str().clone_into(&mut difference.record);
        change.as_str().clone_into(&mut difference.change);
        (self.give)(record, change, difference)
    }
}

/// The names of the columns in which two rows of a table differ, but for some.
fn columns_that_differ<R: ColumnarRow>(old: &R, new: &R, but: &[&str]) -> Vec<String> {
    let names = old.differing(new).into_iter();
    names.filter(|name| !but.contains(name)).map(str::to_owned).collect()
}

/// A Parquet file of differences. It stands under its name when it is complete.
pub struct DiffFile {
    path: PathBuf,
    staged: PathBuf,
    /// None once it is complete.
    file: Option<TableFile<Difference>>,
}

impl DiffFile {
    /// A new file.
    ///
    /// # Errors
    /// [`DatasetError::Io`] when it cannot be made.
    pub fn create(path: &Path) -> Result<Self, DatasetError> {
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let name = format!(".{}.part", path.file_name().unwrap_or_default().to_string_lossy());
        let schema = TableSchema::of::<Difference>(path)?;
        Ok(Self {
            path: path.to_owned(),
            staged: folder.join(&name),
            file: Some(TableFile::create(&folder, name, &schema, ROW_GROUP_ROWS)?),
        })
    }

    /// Adds a difference.
    ///
    /// # Errors
    /// [`DatasetError`] when it cannot be written.
    pub fn push(&mut self, difference: &Difference) -> Result<(), DatasetError> {
        self.file.as_mut().map_or(Ok(()), |file| file.push(difference))
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// [`DatasetError`] when it cannot be written or renamed.
    pub fn finish(mut self) -> Result<(), DatasetError> {
        self.file.take().map(TableFile::finish).transpose()?;
        crate::staged::sync_folder(&self.staged)?;
        std::fs::rename(&self.staged, &self.path).at(&self.path)
    }
}

impl Drop for DiffFile {
    /// What was not finished leaves nothing behind; what was has been renamed.
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.staged));
    }
}
