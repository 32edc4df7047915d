//! The output folder: one run at a time, leftovers of dead runs swept away.
//!
//! Knows the layout of `OUT` and nothing of what a snapshot holds.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gongkai_lexicon::Lexicon;

use crate::error::{AtPath, DatasetError};
use crate::parquet::ROW_GROUP_ROWS;
use crate::snapshot::SnapshotWriter;

/// Prefix of the folders in `state/` that snapshots are built in.
const STAGING: &str = "staging-";

/// How a snapshot is written. The bytes of the snapshot depend on `row_group_rows`, never on `spill_bytes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteOptions {
    /// How many bytes of packed rows may wait in memory, all threads together.
    pub spill_bytes: usize,
    /// How many rows a Parquet row group has.
    pub row_group_rows: usize,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self {
            spill_bytes: 32 << 20,
            row_group_rows: ROW_GROUP_ROWS,
        }
    }
}

/// An output folder that this process holds.
#[derive(Debug)]
pub struct Output {
    root: PathBuf,
    lock: Arc<File>,
    next_staging: AtomicU64,
}

impl Output {
    /// Makes the folder where it is missing, takes its lock and removes what dead runs left behind.
    ///
    /// # Errors
    /// [`DatasetError::Locked`] when another run holds the folder, [`DatasetError::Io`] when it cannot be made.
    pub fn open(out: &Path) -> Result<Self, DatasetError> {
        let state = out.join("state");
        for folder in [&state, &out.join("snapshots")] {
            std::fs::create_dir_all(folder).at(folder)?;
        }
        let path = state.join("lock");
        let lock = File::options().create(true).append(true).open(&path).at(&path)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(DatasetError::Locked { path }),
            Err(TryLockError::Error(error)) => return Err(error).at(&path),
        }
        sweep(&state)?;
        Ok(Self {
            root: out.to_owned(),
            lock: Arc::new(lock),
            next_staging: AtomicU64::new(0),
        })
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// The folder of the snapshot that analysts read now, when there is one.
    #[must_use]
    pub fn latest(&self) -> Option<PathBuf> {
        std::fs::canonicalize(self.root.join("latest")).ok()
    }

    /// Begins a snapshot. Until it is finished, nothing outside `state/` changes.
    ///
    /// # Errors
    /// [`DatasetError::Io`] when the staging folder cannot be made.
    pub fn begin(&self, options: WriteOptions, lexicon: &Lexicon) -> Result<SnapshotWriter, DatasetError> {
        let number = self.next_staging.fetch_add(1, Ordering::Relaxed);
        let name = format!("{STAGING}{}-{number}", std::process::id());
        let staging = Staging::create(self.root.join("state").join(name))?;
        Ok(SnapshotWriter::new(
            self.root.clone(),
            Arc::clone(&self.lock),
            staging,
            options,
            lexicon,
        ))
    }
}

/// Removes staging folders: whoever holds the lock knows that no run is using them.
fn sweep(state: &Path) -> Result<(), DatasetError> {
    for entry in std::fs::read_dir(state).at(state)? {
        let entry = entry.at(state)?;
        if entry.file_name().to_string_lossy().starts_with(STAGING) {
            let path = entry.path();
            std::fs::remove_dir_all(&path).at(&path)?;
        }
    }
    Ok(())
}

/// A folder that is removed when its owner is done with it, however that came.
#[derive(Debug)]
pub(crate) struct Staging {
    path: PathBuf,
}

impl Staging {
    fn create(path: PathBuf) -> Result<Self, DatasetError> {
        let staging = Self { path };
        for folder in [staging.runs(), staging.snapshot()] {
            std::fs::create_dir_all(&folder).at(&folder)?;
        }
        Ok(staging)
    }

    /// The folder itself.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where rows wait.
    pub(crate) fn runs(&self) -> PathBuf {
        self.path.join("runs")
    }

    /// Where the snapshot is built.
    pub(crate) fn snapshot(&self) -> PathBuf {
        self.path.join("snapshot")
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // What cannot be removed now, the next run sweeps away.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}
