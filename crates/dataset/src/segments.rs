//! Segments: what workers wrote out, sealed, so that a run that dies leaves its work to the next one.
//!
//! A segment is a folder with a sorted run for each table and, written last, a seal that names them. A folder without
//! its seal is no segment. Knows nothing of what the rows are.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use crate::error::{AtPath, DatasetError};
use crate::spill::{Keeping, Run};

/// The file that says that a segment is complete.
const SEAL: &str = "sealed.json";

/// What a segment's rows depend on beside the dumps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lineage {
    /// What made the rows: engine, data and settings.
    pub engine: String,
    /// The store that the run began with.
    pub generation: u64,
}

#[derive(Serialize, Deserialize)]
struct Seal {
    lineage: Lineage,
    runs: Vec<SealedRun>,
}

#[derive(Serialize, Deserialize)]
struct SealedRun {
    table: usize,
    bytes: u64,
    hash: String,
}

/// Sorted runs of tables, written out together.
#[derive(Debug)]
pub(crate) struct Segment {
    folder: PathBuf,
    runs: Vec<(usize, Run)>,
}

impl Segment {
    /// Where the run of a table goes.
    pub(crate) fn path_of(&self, table: usize) -> PathBuf {
        self.folder.join(format!("{table:02}.run"))
    }

    /// Adds the run of a table.
    pub(crate) fn add(&mut self, table: usize, run: Run) {
        self.runs.push((table, run));
    }

    /// The run of a table.
    pub(crate) fn run(&self, table: usize) -> Option<&Run> {
        self.runs.iter().find(|(of, _)| *of == table).map(|(_, run)| run)
    }
}

/// The folder of segments.
#[derive(Debug)]
pub(crate) struct Segments {
    root: PathBuf,
    lineage: Lineage,
    next: AtomicU64,
}

impl Segments {
    /// Opens the folder: gives the segments of dead runs that are complete and of this lineage, in the order they were
    /// written, and removes the others.
    pub(crate) fn open(root: PathBuf, lineage: Lineage) -> Result<(Self, Vec<Segment>), DatasetError> {
        std::fs::create_dir_all(&root).at(&root)?;
        let mut found = Vec::new();
        let mut next = 0;
        for folder in numbered(&root)? {
            let (number, path) = folder;
            next = next.max(number + 1);
            match read(&path, &lineage) {
                Some(segment) => found.push((number, segment)),
                None => std::fs::remove_dir_all(&path).at(&path)?,
            }
        }
        found.sort_by_key(|(number, _)| *number);
        let segments = Self {
            root,
            lineage,
            next: AtomicU64::new(next),
        };
        Ok((segments, found.into_iter().map(|(_, segment)| segment).collect()))
    }

    /// A new segment without runs.
    pub(crate) fn begin(&self) -> Result<Segment, DatasetError> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let folder = self.root.join(format!("{number:08}"));
        std::fs::create_dir(&folder).at(&folder)?;
        Ok(Segment {
            folder,
            runs: Vec::new(),
        })
    }

    /// Says that a segment is complete.
    pub(crate) fn seal(&self, segment: Segment) -> Result<Segment, DatasetError> {
        let runs = segment.runs.iter().map(|(table, run)| SealedRun {
            table: *table,
            bytes: run.bytes,
            hash: run.hash.clone(),
        });
        let seal = Seal {
            lineage: self.lineage.clone(),
            runs: runs.collect(),
        };
        let path = segment.folder.join(SEAL);
        let text = serde_json::to_vec(&seal).at(&path)?;
        let unfinished = segment.folder.join("sealed.tmp");
        std::fs::write(&unfinished, text).at(&unfinished)?;
        std::fs::rename(&unfinished, &path).at(&path)?;
        Ok(segment)
    }

    /// Removes every segment: their rows have found their place.
    pub(crate) fn clear(&self) -> Result<(), DatasetError> {
        numbered(&self.root)?
            .into_iter()
            .try_for_each(|(_, path)| std::fs::remove_dir_all(&path).at(&path))
    }
}

/// The folders with a number for a name. Nothing else is made there, and nothing else is touched.
fn numbered(root: &Path) -> Result<Vec<(u64, PathBuf)>, DatasetError> {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(root).at(root)? {
        let entry = entry.at(root)?;
        if let Ok(number) = entry.file_name().to_string_lossy().parse() {
            folders.push((number, entry.path()));
        }
    }
    Ok(folders)
}

/// Reads a segment; none when it is incomplete, damaged or of another lineage. It was written without waiting for the
/// disk, so after a power failure every byte is in doubt.
fn read(folder: &Path, lineage: &Lineage) -> Option<Segment> {
    let seal: Seal = serde_json::from_slice(&std::fs::read(folder.join(SEAL)).ok()?).ok()?;
    if seal.lineage != *lineage {
        return None;
    }
    let mut segment = Segment {
        folder: folder.to_owned(),
        runs: Vec::new(),
    };
    for sealed in seal.runs {
        let path = segment.path_of(sealed.table);
        let mut hasher = blake3::Hasher::new();
        std::io::copy(&mut std::fs::File::open(&path).ok()?, &mut hasher).ok()?;
        if hasher.finalize().to_hex().as_str() != sealed.hash {
            return None;
        }
        segment.add(
            sealed.table,
            Run {
                path,
                start: 0,
                bytes: sealed.bytes,
                hash: sealed.hash,
                keeping: Keeping::Fresh,
            },
        );
    }
    Some(segment)
}
