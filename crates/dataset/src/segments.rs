//! Segments: what workers wrote out, sealed, so that a run that dies leaves its work to the next one.
//!
//! A segment is a folder with a sorted run for each table and, written last, a seal that names them. A folder without
//! its seal is no segment. Knows nothing of what the rows are.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use crate::error::{AtPath, DatasetError};
use crate::spill::{Keeping, Run};
use crate::staged::{hash_part, remove_any};

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

/// What dead runs left.
pub(crate) struct Remains {
    /// The segments that can be used.
    pub segments: Vec<Segment>,
    /// Files of others that are not as they were written.
    pub damaged: Vec<PathBuf>,
}

/// The folder of segments.
#[derive(Debug)]
pub(crate) struct Segments {
    root: PathBuf,
    lineage: Lineage,
    next: AtomicU64,
}

impl Segments {
    /// Opens the folder: finds the segments of dead runs that are complete and of this lineage, in the order they were
    /// written, and removes the others.
    pub(crate) fn open(root: PathBuf, lineage: Lineage) -> Result<(Self, Remains), DatasetError> {
        match std::fs::create_dir_all(&root) {
            // Something else has taken its name.
            Err(_) if root.symlink_metadata().is_ok() => return Err(DatasetError::damaged(&root, "it is no folder")),
            made => made.at(&root)?,
        }
        let mut found = Vec::new();
        let mut damaged = Vec::new();
        let mut next = 0;
        for (number, path) in numbered(&root)? {
            next = next.max(number.saturating_add(1));
            match read(&path, &lineage) {
                Ok(Some(segment)) => {
                    found.push((number, segment));
                    continue;
                }
                Ok(None) => {}
                Err(file) => damaged.push(file),
            }
            remove_any(&path).at(&path)?;
        }
        found.sort_by_key(|(number, _)| *number);
        let segments = Self {
            root,
            lineage,
            next: AtomicU64::new(next),
        };
        let remains = Remains {
            segments: found.into_iter().map(|(_, segment)| segment).collect(),
            damaged,
        };
        Ok((segments, remains))
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
            .try_for_each(|(_, path)| remove_any(&path).at(&path))
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

/// Reads a segment; none when it is incomplete or of another lineage. Where it is not as it was written, the file that is
/// not. It was written without waiting for the disk, so after a power failure every byte is in doubt.
fn read(folder: &Path, lineage: &Lineage) -> Result<Option<Segment>, PathBuf> {
    let path = folder.join(SEAL);
    let seal = match std::fs::read(&path) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(_) => return Err(path),
        Ok(seal) => seal,
    };
    let Ok(seal) = serde_json::from_slice::<Seal>(&seal) else {
        return Err(path);
    };
    if seal.lineage != *lineage {
        return Ok(None);
    }
    let mut segment = Segment {
        folder: folder.to_owned(),
        runs: Vec::new(),
    };
    for sealed in seal.runs {
        let path = segment.path_of(sealed.table);
        if !hash_part(&path, 0, sealed.bytes).is_ok_and(|hash| hash == sealed.hash) {
            return Err(path);
        }
        segment.add(
            sealed.table,
            Run {
                path,
                start: 0,
                bytes: sealed.bytes,
                hash: sealed.hash,
                keeping: Keeping::Lasting,
            },
        );
    }
    Ok(Some(segment))
}
