//! What the last night saw, and what this one finds: which dumps must be read, which are gone.
//!
//! Two streams in the order of origins meet here: the walk, and the dumps seen before. Size and times tell that a dump
//! is the same; where they differ, the hash of its bytes does. Nothing is held but the one dump they stand at, and the
//! copies that do not count any more.

use std::path::PathBuf;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::error::DatasetError;
use crate::key::{CopyKey, Key, copy_key};
use crate::merge::Merged;
use crate::spill::{Keeping, Run, RunWriter, SpillFolder};
use crate::worker::row_error;

/// What tells without reading it that a dump is the same as before. Times are nanoseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Size in bytes.
    pub bytes: u64,
    /// When its bytes were last changed, by its own account.
    pub modified: i64,
    /// When the file system last changed anything about it; nobody can set this back.
    pub changed: i64,
}

/// A dump as it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SeenRow {
    pub stamp: Option<Stamp>,
    pub copy: CopyKey,
    /// Whether the stamp is enough to know it by. It is not when the dump could not be read, or was changed so shortly
    /// before that it may have been changed again within the same tick of the clock.
    pub settled: bool,
}

/// What is known of a dump that must be looked into.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    copy: Option<CopyKey>,
    /// Other copies of it that are known: earlier states.
    stale: Vec<CopyKey>,
    /// Whether it came out of its order, so that what is known of it has passed by.
    pub(crate) is_stray: bool,
}

impl Known {
    /// Whether it was seen before, with other bytes or the same.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.copy.is_some()
    }

    /// Whether a dump with this hash is the one that was seen before.
    #[must_use]
    pub fn is(&self, origin: &str, hash: &str) -> bool {
        self.is_copy(copy_key(origin, hash))
    }

    pub(crate) fn is_copy(&self, copy: CopyKey) -> bool {
        self.copy == Some(copy)
    }

    /// The copies that do not count when the dump is this one now.
    pub(crate) fn stale(&self, now: CopyKey) -> impl Iterator<Item = CopyKey> {
        let known = self.copy.iter().chain(&self.stale).copied();
        known.filter(move |copy| *copy != now)
    }
}

/// What to do with a dump that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meeting {
    /// It is the same: its rows are there.
    Same,
    /// It must be looked into.
    Read(Known),
}

/// The dumps seen before, in the order of their origins.
pub struct SeenDumps {
    /// Those of the last snapshot.
    before: Side,
    /// Whether its rows can be used.
    reuse: bool,
    /// Those that runs which died have read since.
    since: Side,
    /// Where those that are the same are written; none in a dry run.
    kept: Option<RunWriter>,
    last: Vec<u8>,
    outcome: Sightings,
}

/// How the dumps that were found compare with those seen before.
#[derive(Debug, Default)]
pub struct Sightings {
    /// Those that were found.
    pub found: u64,
    /// Those of the last snapshot.
    pub known: u64,
    /// Those that need not be looked into.
    pub same: u64,
    /// Those that need not be looked into since a run that died has read them.
    pub resumed: u64,
    /// Those of the last snapshot that were not found.
    pub withdrawn: u64,
    /// The dumps that are the same.
    pub(crate) kept: Option<Run>,
    /// Copies that do not count any more.
    pub(crate) dead: FxHashSet<CopyKey>,
}

impl SeenDumps {
    pub(crate) fn open(
        before: Option<Run>,
        since: Vec<Run>,
        reuse: bool,
        kept: Option<PathBuf>,
        spill: &SpillFolder,
    ) -> Result<Self, DatasetError> {
        Ok(Self {
            before: Side::open(before.into_iter().collect(), spill)?,
            reuse,
            since: Side::open(since, spill)?,
            kept: kept.map(RunWriter::create).transpose()?,
            last: Vec::new(),
            outcome: Sightings::default(),
        })
    }

    /// Meets the next dump of the walk. Dumps come in the order of the parts of their origins; one that does not is read
    /// anew.
    ///
    /// # Errors
    /// [`DatasetError::Damaged`] and [`DatasetError::Io`] when what was seen cannot be read.
    pub fn meet(&mut self, origin: &str, stamp: Option<Stamp>) -> Result<Meeting, DatasetError> {
        self.outcome.found += 1;
        let mut key = Key::default();
        key.seen(origin);
        if key.bytes() <= self.last.as_slice() {
            return Ok(Meeting::Read(Known {
                is_stray: true,
                ..Known::default()
            }));
        }
        self.last.clear();
        self.last.extend_from_slice(key.bytes());
        let (before, since) = self.advance(Some(key.bytes()))?;
        let mut rows: Vec<SeenRow> = before.into_iter().filter(|_| self.reuse).collect();
        let was_resumed = !since.is_empty();
        rows.extend(since);
        let Some(row) = rows.pop() else {
            return Ok(Meeting::Read(Known::default()));
        };
        let stale: Vec<CopyKey> = rows.iter().map(|row| row.copy).collect();
        if row.settled && row.stamp == stamp && stamp.is_some() {
            match was_resumed {
                true => self.outcome.resumed += 1,
                false => self.outcome.same += 1,
            }
            self.outcome
                .dead
                .extend(stale.into_iter().filter(|copy| *copy != row.copy));
            if let Some(kept) = &mut self.kept {
                push(kept, key.bytes(), &row)?;
            }
            return Ok(Meeting::Same);
        }
        Ok(Meeting::Read(Known {
            copy: Some(row.copy),
            stale,
            is_stray: false,
        }))
    }

    /// Ends the walk: what was not met is gone.
    ///
    /// # Errors
    /// As for [`Self::meet`].
    pub fn finish(mut self) -> Result<Sightings, DatasetError> {
        self.advance(None)?;
        self.outcome.kept = self.kept.map(|kept| kept.finish(Keeping::Temporary)).transpose()?;
        Ok(self.outcome)
    }

    /// Goes on to a key on both sides, or to the end; gives the rows that have it.
    fn advance(&mut self, key: Option<&[u8]>) -> Result<(Vec<SeenRow>, Vec<SeenRow>), DatasetError> {
        let outcome = &mut self.outcome;
        let before = self.before.advance(key, |row| {
            outcome.withdrawn += 1;
            outcome.dead.insert(row.copy);
        })?;
        let since = self.since.advance(key, |row| {
            outcome.dead.insert(row.copy);
        })?;
        self.outcome.known = self.before.count;
        Ok((before, since))
    }
}

pub(crate) fn push(run: &mut RunWriter, key: &[u8], row: &SeenRow) -> Result<(), DatasetError> {
    let payload = postcard::to_stdvec(row).map_err(|error| row_error(std::path::Path::new("seen"), "seen", error))?;
    run.push(key, &payload)
}

/// A stream of dumps.
struct Side {
    rows: Merged,
    /// The row that stands next.
    ahead: Option<(Vec<u8>, SeenRow)>,
    /// How many were given.
    count: u64,
}

impl Side {
    fn open(runs: Vec<Run>, spill: &SpillFolder) -> Result<Self, DatasetError> {
        let mut side = Self {
            rows: Merged::open(runs, spill, false)?,
            ahead: None,
            count: 0,
        };
        side.read()?;
        Ok(side)
    }

    fn read(&mut self) -> Result<(), DatasetError> {
        self.ahead = match self.rows.next()? {
            Some((key, payload)) => {
                let row = postcard::from_bytes(payload)
                    .map_err(|error| row_error(std::path::Path::new("seen"), "seen", error))?;
                self.count += 1;
                Some((key.to_vec(), row))
            }
            None => None,
        };
        Ok(())
    }

    /// Passes by all before the key, or all, and gives those with the key.
    fn advance(&mut self, key: Option<&[u8]>, mut pass: impl FnMut(&SeenRow)) -> Result<Vec<SeenRow>, DatasetError> {
        let mut found = Vec::new();
        while let Some((ahead, row)) = &self.ahead {
            match key {
                Some(key) if ahead.as_slice() > key => break,
                Some(key) if ahead.as_slice() == key => found.push(*row),
                _ => pass(row),
            }
            self.read()?;
        }
        Ok(found)
    }
}
