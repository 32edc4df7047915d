//! The external sort's first half: rows wait in a buffer of bytes and, when that is full, in sorted run files.
//!
//! Rows are a key and a payload here; what they mean is nobody's business below [`crate::worker`]. Each worker thread
//! has a spool of its own, so nothing is locked while rows are packed and sorted.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::error::{AtPath, DatasetError};

/// Bytes of a run that are read or written at a time.
pub(crate) const RUN_BUFFER: usize = 32 << 10;

/// The part of the budget that a small spool has.
const SMALL_SHARE: usize = 32;

/// Where runs are written, and how much may wait in memory: shared by all spools of a snapshot.
#[derive(Debug)]
pub(crate) struct SpillFolder {
    folder: PathBuf,
    budget: usize,
    spools: AtomicUsize,
    next_run: AtomicU64,
}

impl SpillFolder {
    /// A folder that exists, for spools that together hold about `budget` bytes.
    pub(crate) fn new(folder: PathBuf, budget: usize) -> Arc<Self> {
        Arc::new(Self {
            folder,
            budget,
            spools: AtomicUsize::new(0),
            next_run: AtomicU64::new(0),
        })
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        &self.folder
    }

    /// How many bytes all spools together may hold.
    pub(crate) fn budget(&self) -> usize {
        self.budget
    }

    /// How many spools were given out and not handed back.
    pub(crate) fn spools(&self) -> usize {
        self.spools.load(Ordering::Relaxed)
    }

    /// A new run file.
    pub(crate) fn new_run(&self) -> Result<RunWriter, DatasetError> {
        let number = self.next_run.fetch_add(1, Ordering::Relaxed);
        RunWriter::create(self.folder.join(format!("{number:08}.run")))
    }

    /// What one spool may hold: its part of the budget.
    fn share(&self, least_spools: usize) -> usize {
        self.budget / self.spools().max(least_spools).max(1)
    }
}

/// A run file being written.
pub(crate) struct RunWriter {
    path: PathBuf,
    file: BufWriter<File>,
}

impl RunWriter {
    fn create(path: PathBuf) -> Result<Self, DatasetError> {
        let file = File::create(&path).at(&path)?;
        Ok(Self {
            file: BufWriter::with_capacity(RUN_BUFFER, file),
            path,
        })
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, key: &[u8], payload: &[u8]) -> Result<(), DatasetError> {
        let lengths = [length(key), length(payload)];
        lengths
            .iter()
            .try_for_each(|length| self.file.write_all(&length.to_le_bytes()))
            .and_then(|()| self.file.write_all(key))
            .and_then(|()| self.file.write_all(payload))
            .at(&self.path)
    }

    /// The file, complete.
    pub(crate) fn finish(mut self) -> Result<PathBuf, DatasetError> {
        self.file.flush().at(&self.path)?;
        Ok(self.path)
    }
}

/// Rows are far smaller than 4 GiB: the page reader caps them long before.
fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

#[derive(Debug, Clone, Copy)]
struct Place {
    start: usize,
    key: u32,
    payload: u32,
}

impl Place {
    fn key(self, bytes: &[u8]) -> &[u8] {
        let end = self.start + self.key as usize;
        bytes.get(self.start..end).unwrap_or_default()
    }

    fn payload(self, bytes: &[u8]) -> &[u8] {
        let start = self.start + self.key as usize;
        bytes.get(start..start + self.payload as usize).unwrap_or_default()
    }
}

/// The rows of a table.
#[derive(Debug, Default)]
struct Waiting {
    places: Vec<Place>,
    runs: Vec<PathBuf>,
}

impl Waiting {
    fn spill(&mut self, bytes: &[u8], folder: &SpillFolder) -> Result<(), DatasetError> {
        if self.places.is_empty() {
            return Ok(());
        }
        self.places
            .sort_unstable_by(|left, right| left.key(bytes).cmp(right.key(bytes)));
        let mut run = folder.new_run()?;
        for place in &self.places {
            run.push(place.key(bytes), place.payload(bytes))?;
        }
        self.runs.push(run.finish()?);
        self.places.clear();
        Ok(())
    }
}

/// The rows of one thread, by table. All wait in one buffer and are written out together: buffers of their own would
/// each keep the memory of its fullest moment.
#[derive(Debug)]
pub(crate) struct Spool {
    folder: Arc<SpillFolder>,
    bytes: Vec<u8>,
    tables: Vec<Waiting>,
    /// The budget is shared by at least as many.
    least_spools: usize,
}

impl Spool {
    /// A spool for as many tables.
    pub(crate) fn new(folder: &Arc<SpillFolder>, tables: usize) -> Self {
        Self::of_share(folder, tables, 1)
    }

    /// A spool for one table that takes at most a small part of the budget, however few spools there are: others need
    /// memory too while the tables are written.
    pub(crate) fn small(folder: &Arc<SpillFolder>) -> Self {
        Self::of_share(folder, 1, SMALL_SHARE)
    }

    fn of_share(folder: &Arc<SpillFolder>, tables: usize, least_spools: usize) -> Self {
        folder.spools.fetch_add(1, Ordering::Relaxed);
        Self {
            folder: Arc::clone(folder),
            bytes: Vec::new(),
            tables: std::iter::repeat_with(Waiting::default).take(tables).collect(),
            least_spools,
        }
    }

    /// Adds a row whose payload is written by `pack`.
    pub(crate) fn push(
        &mut self,
        table: usize,
        key: &[u8],
        pack: impl FnOnce(&mut Vec<u8>) -> postcard::Result<()>,
    ) -> postcard::Result<()> {
        let Some(waiting) = self.tables.get_mut(table) else {
            return Ok(());
        };
        let bytes = &mut self.bytes;
        let start = bytes.len();
        if bytes.capacity() == 0 {
            // Memory counts once it is written to; growing would move what is there time and again.
            bytes.reserve_exact(self.folder.share(self.least_spools));
        }
        bytes.extend_from_slice(key);
        let payload_start = bytes.len();
        pack(bytes)?;
        let payload = bytes.get(payload_start..).unwrap_or_default();
        waiting.places.push(Place {
            start,
            key: length(key),
            payload: length(payload),
        });
        Ok(())
    }

    /// Writes everything out as runs when the spool holds more than its share.
    pub(crate) fn relieve(&mut self) -> Result<(), DatasetError> {
        let places: usize = self.tables.iter().map(|waiting| waiting.places.len()).sum();
        let size = self.bytes.len() + places * size_of::<Place>();
        match size > self.folder.share(self.least_spools) {
            true => self.spill(),
            false => Ok(()),
        }
    }

    fn spill(&mut self) -> Result<(), DatasetError> {
        for waiting in &mut self.tables {
            waiting.spill(&self.bytes, &self.folder)?;
        }
        self.bytes.clear();
        Ok(())
    }

    /// Writes everything out and gives the runs of each table.
    pub(crate) fn finish(mut self) -> Result<Vec<Vec<PathBuf>>, DatasetError> {
        self.folder.spools.fetch_sub(1, Ordering::Relaxed);
        self.spill()?;
        Ok(self.tables.into_iter().map(|waiting| waiting.runs).collect())
    }
}
