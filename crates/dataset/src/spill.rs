//! The external sort's first half: rows wait in a buffer of bytes and, when that is full, in sorted run files.
//!
//! Rows are a key and a payload here; what they mean is nobody's business below [`crate::worker`]. Each worker thread
//! has a spool of its own, so nothing is locked while rows are packed and sorted. What workers write out is sealed
//! ([`crate::segments`]), so that a run that dies leaves it to the next one; all else goes with the run.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::error::{AtPath, DatasetError};
use crate::segments::{Segment, Segments};
use crate::staged::StagedFile;

/// Bytes of a run that are read at a time.
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

/// Sorted rows in a file, or in a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    pub path: PathBuf,
    /// The first byte.
    pub start: u64,
    /// How many bytes.
    pub bytes: u64,
    /// blake3 of the bytes, hexadecimal.
    pub hash: String,
    pub keeping: Keeping,
}

/// What becomes of a run once it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeping {
    /// It is removed.
    Temporary,
    /// It stays.
    Lasting,
}

/// A run file being written.
pub(crate) struct RunWriter {
    path: PathBuf,
    file: StagedFile,
}

impl RunWriter {
    /// A new file.
    pub(crate) fn create(path: PathBuf) -> Result<Self, DatasetError> {
        Ok(Self {
            file: StagedFile::create(path.clone())?,
            path,
        })
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, key: &[u8], payload: &[u8]) -> Result<(), DatasetError> {
        write_row(&mut self.file, key, payload).at(&self.path)
    }

    /// The file, complete.
    pub(crate) fn finish(self, keeping: Keeping) -> Result<Run, DatasetError> {
        let info = self.file.finish(String::new(), 0)?;
        Ok(Run {
            path: self.path,
            start: 0,
            bytes: info.bytes,
            hash: info.hash,
            keeping,
        })
    }
}

/// Writes a row as runs have it.
pub(crate) fn write_row(file: &mut impl Write, key: &[u8], payload: &[u8]) -> std::io::Result<()> {
    let lengths = [length(key), length(payload)];
    lengths
        .iter()
        .try_for_each(|length| file.write_all(&length.to_le_bytes()))
        .and_then(|()| file.write_all(key))
        .and_then(|()| file.write_all(payload))
}

/// Bytes before the key of a row in a run: the lengths of key and payload.
pub(crate) const ROW_LENGTHS: u64 = 8;

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
    runs: Vec<Run>,
}

impl Waiting {
    fn sort(&mut self, bytes: &[u8]) {
        self.places
            .sort_unstable_by(|left, right| left.key(bytes).cmp(right.key(bytes)));
    }

    fn write(&mut self, bytes: &[u8], mut run: RunWriter, keeping: Keeping) -> Result<Run, DatasetError> {
        for place in &self.places {
            run.push(place.key(bytes), place.payload(bytes))?;
        }
        self.places.clear();
        run.finish(keeping)
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
    /// Where what is written out is sealed; none for rows that go with the run.
    segments: Option<Arc<Segments>>,
    sealed: Vec<Segment>,
}

impl Spool {
    /// A spool for as many tables, whose rows outlive the run.
    pub(crate) fn sealing(folder: &Arc<SpillFolder>, segments: &Arc<Segments>, tables: usize) -> Self {
        Self {
            segments: Some(Arc::clone(segments)),
            ..Self::of_share(folder, tables, 1)
        }
    }

    /// A spool for one table that takes at most a small part of the budget, however few spools there are: others need
    /// memory too while the tables are written.
    pub(crate) fn small(folder: &Arc<SpillFolder>) -> Self {
        Self::of_share(folder, 1, SMALL_SHARE)
    }

    /// A spool for one table that may take the whole budget.
    pub(crate) fn alone(folder: &Arc<SpillFolder>) -> Self {
        Self::of_share(folder, 1, 1)
    }

    fn of_share(folder: &Arc<SpillFolder>, tables: usize, least_spools: usize) -> Self {
        folder.spools.fetch_add(1, Ordering::Relaxed);
        Self {
            folder: Arc::clone(folder),
            bytes: Vec::new(),
            tables: std::iter::repeat_with(Waiting::default).take(tables).collect(),
            least_spools,
            segments: None,
            sealed: Vec::new(),
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
        match self.segments.clone() {
            Some(segments) => self.seal(&segments)?,
            None => {
                for waiting in self.tables.iter_mut().filter(|waiting| !waiting.places.is_empty()) {
                    let run = self.folder.new_run()?;
                    waiting.sort(&self.bytes);
                    let run = waiting.write(&self.bytes, run, Keeping::Temporary)?;
                    waiting.runs.push(run);
                }
            }
        }
        self.bytes.clear();
        Ok(())
    }

    fn seal(&mut self, segments: &Segments) -> Result<(), DatasetError> {
        if self.tables.iter().all(|waiting| waiting.places.is_empty()) {
            return Ok(());
        }
        let mut segment = segments.begin()?;
        let bytes = &self.bytes;
        for (table, waiting) in self.tables.iter_mut().enumerate() {
            if !waiting.places.is_empty() {
                // Rows with one key come from one dump that was found twice.
                waiting.sort(bytes);
                waiting
                    .places
                    .dedup_by(|later, first| later.key(bytes) == first.key(bytes));
                let run = RunWriter::create(segment.path_of(table))?;
                segment.add(table, waiting.write(bytes, run, Keeping::Lasting)?);
            }
        }
        self.sealed.push(segments.seal(segment)?);
        Ok(())
    }

    /// Writes everything out and gives the runs of each table.
    pub(crate) fn finish(mut self) -> Result<Vec<Vec<Run>>, DatasetError> {
        self.close()?;
        Ok(self.tables.into_iter().map(|waiting| waiting.runs).collect())
    }

    /// Writes everything out and gives what was sealed.
    pub(crate) fn finish_sealing(mut self) -> Result<Vec<Segment>, DatasetError> {
        self.close()?;
        Ok(self.sealed)
    }

    fn close(&mut self) -> Result<(), DatasetError> {
        self.folder.spools.fetch_sub(1, Ordering::Relaxed);
        self.spill()
    }
}
