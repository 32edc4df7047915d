//! A snapshot, from the first row to the link that analysts read: stage, sync, rename, link.
//!
//! The only place that changes what readers see. Knows nothing of rows.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gongkai_lexicon::Lexicon;
use serde_json::Value;

use crate::assemble::Assembly;
use crate::codebook::{CodebookRow, codebook_rows, write_codebook};
use crate::copies::CopyBook;
use crate::datapackage::datapackage;
use crate::error::{AtPath, DatasetError};
use crate::output::{Staging, WriteOptions};
use crate::panel::PanelBook;
use crate::spill::SpillFolder;
use crate::staged::{FileInfo, sync_folder, sync_tree, write_file};
use crate::worker::{Table, WorkerBuffer};
use crate::years::{YearBook, YearCounts};

/// How many files wait for the disk at a time.
const SYNC_THREADS: usize = 8;

/// The file that may hold a clock: it is no part of the snapshot's id.
pub(crate) const RUN_FILE: &str = "run.json";

/// A snapshot that analysts can read now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Sixteen hexadecimal digits that depend on the content alone.
    pub id: String,
    /// Its folder.
    pub path: PathBuf,
    /// Number of rows of each table.
    pub rows: BTreeMap<String, u64>,
    /// How many identities hold between reports on successive years.
    pub years: YearCounts,
    /// Whether a snapshot with this content was there already.
    pub unchanged: bool,
}

/// A snapshot being written. Dropped without `finish`, it leaves no trace.
pub struct SnapshotWriter {
    out: PathBuf,
    staging: Staging,
    spill: Arc<SpillFolder>,
    panel: Arc<PanelBook>,
    years: Arc<YearBook>,
    copies: Arc<CopyBook>,
    codebook: Vec<CodebookRow>,
    row_group_rows: usize,
    /// Keeps the output locked as long as the snapshot is written.
    _lock: Arc<File>,
}

impl SnapshotWriter {
    pub(crate) fn new(
        out: PathBuf,
        lock: Arc<File>,
        staging: Staging,
        options: WriteOptions,
        lexicon: &Lexicon,
    ) -> Self {
        Self {
            out,
            spill: SpillFolder::new(staging.runs(), options.spill_bytes),
            staging,
            panel: Arc::new(PanelBook::new(lexicon)),
            years: Arc::new(YearBook::new(lexicon)),
            copies: Arc::new(CopyBook::new(lexicon)),
            codebook: codebook_rows(lexicon),
            row_group_rows: options.row_group_rows,
            _lock: lock,
        }
    }

    /// A buffer for one worker thread. Make all of them before the first row comes: they share the memory budget.
    #[must_use]
    pub fn worker(&self) -> WorkerBuffer {
        WorkerBuffer::new(&self.spill, &self.panel, &self.years, &self.copies)
    }

    /// Sorts and writes every table and publishes the snapshot. `run` goes into `run.json`, with the snapshot's id,
    /// the number of rows of each table and what the years say of each other put in.
    ///
    /// # Errors
    /// [`DatasetError`] when buffers are missing or something could not be written; `latest` is then as it was.
    pub fn finish(self, workers: Vec<WorkerBuffer>, run: Value) -> Result<Published, DatasetError> {
        let threads = workers.len();
        let runs = self.runs(workers)?;
        let root = self.staging.snapshot();
        let assembly = Assembly {
            root: &root,
            spill: &self.spill,
            runs,
            panel: &self.panel,
            years: &self.years,
            copies: &self.copies,
            row_group_rows: self.row_group_rows,
            threads,
        };
        let (mut files, years) = assembly.write()?;
        files.push(self.codebook(&root)?);
        files.sort_by(|left, right| left.name.cmp(&right.name));
        let rows = row_counts(&files);
        let package = serde_json::to_string_pretty(&datapackage(&files)).at(&root)?;
        files.push(write_file(&root, "datapackage.json", (package + "\n").as_bytes(), 0)?);
        let id = snapshot_id(&files);
        write_file(&root, RUN_FILE, run_text(run, &id, &rows, years, &root)?.as_bytes(), 0)?;
        let (path, unchanged) = self.publish(&root, &id, &files)?;
        Ok(Published {
            id,
            path,
            rows,
            years,
            unchanged,
        })
    }

    /// The runs of all workers, by table.
    fn runs(&self, workers: Vec<WorkerBuffer>) -> Result<Vec<Vec<PathBuf>>, DatasetError> {
        let mut all = vec![Vec::new(); Table::COUNT];
        for worker in workers {
            for (all, runs) in all.iter_mut().zip(worker.finish()?) {
                all.extend(runs);
            }
        }
        match self.spill.spools() {
            0 => Ok(all),
            missing => Err(DatasetError::WorkersMissing {
                path: self.staging.path().to_owned(),
                missing,
            }),
        }
    }

    fn codebook(&self, root: &Path) -> Result<FileInfo, DatasetError> {
        let mut text = Vec::new();
        write_codebook(&self.codebook, &mut text).at(root)?;
        write_file(root, "codebook.csv", &text, self.codebook.len() as u64)
    }

    /// Moves the snapshot to its place and points `latest` at it. Gives its folder and whether it was there already.
    fn publish(&self, root: &Path, id: &str, files: &[FileInfo]) -> Result<(PathBuf, bool), DatasetError> {
        sync_tree(root, SYNC_THREADS)?;
        let snapshots = self.out.join("snapshots");
        let path = snapshots.join(id);
        let unchanged = is_whole(&path, files);
        if path.is_dir() && !unchanged {
            // Somebody removed or cut files of it: the staging folder takes the remains, and goes.
            let remains = self.staging.path().join("remains");
            std::fs::rename(&path, &remains).at(&path)?;
        }
        if unchanged {
            let run = path.join(RUN_FILE);
            std::fs::rename(root.join(RUN_FILE), &run).at(&run)?;
            sync_folder(&path)?;
        } else {
            std::fs::rename(root, &path).at(&path)?;
        }
        sync_folder(&snapshots)?;
        self.link(id)?;
        Ok((path, unchanged))
    }

    /// Replaces the link in one step: a reader finds the old snapshot or the new one, never nothing.
    fn link(&self, id: &str) -> Result<(), DatasetError> {
        let new = self.staging.path().join("latest");
        let target = Path::new("snapshots").join(id);
        std::os::unix::fs::symlink(target, &new).at(&new)?;
        let latest = self.out.join("latest");
        std::fs::rename(&new, &latest).at(&latest)?;
        sync_folder(&self.out)
    }
}

/// Whether every file is there with its size. That the bytes are right too is `verify`'s to say.
fn is_whole(snapshot: &Path, files: &[FileInfo]) -> bool {
    let has_size = |file: &FileInfo| {
        let found = std::fs::metadata(snapshot.join(&file.name));
        found.is_ok_and(|found| found.len() == file.bytes)
    };
    files.iter().all(has_size)
}

pub(crate) fn row_counts(files: &[FileInfo]) -> BTreeMap<String, u64> {
    let mut rows = BTreeMap::new();
    for file in files {
        let table = file.name.split(['/', '.']).next().unwrap_or_default();
        *rows.entry(table.to_owned()).or_default() += file.rows;
    }
    rows
}

/// The first sixteen hexadecimal digits of a hash over names and hashes of all files but `run.json`.
pub(crate) fn snapshot_id(files: &[FileInfo]) -> String {
    let mut files: Vec<&FileInfo> = files.iter().collect();
    files.sort_by(|left, right| left.name.cmp(&right.name));
    let mut hasher = blake3::Hasher::new();
    for file in files {
        hasher.update(file.name.as_bytes()).update(&[0]);
        hasher.update(file.hash.as_bytes()).update(b"\n");
    }
    hasher.finalize().to_hex().chars().take(16).collect()
}

fn run_text(
    mut run: Value,
    id: &str,
    rows: &BTreeMap<String, u64>,
    years: YearCounts,
    root: &Path,
) -> Result<String, DatasetError> {
    if let Some(run) = run.as_object_mut() {
        run.insert("snapshot".to_owned(), id.into());
        run.insert("rows".to_owned(), serde_json::to_value(rows).at(root)?);
        run.insert("year_checks".to_owned(), serde_json::to_value(years).at(root)?);
    }
    serde_json::to_string_pretty(&run).map(|text| text + "\n").at(root)
}
