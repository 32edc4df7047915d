//! What the last night saw, and what this one finds: which dumps must be read, which are gone, which cannot be read.
//!
//! Two streams in the order of origins meet here: the walk, and the dumps seen before. Size and times tell that a dump
//! is the same; where they differ, the hash of its bytes does. A dump that was read once and cannot be read now is not
//! gone: its rows stay, and are marked. Nothing is held but the one dump they stand at, and the copies that do not
//! count any more or are marked.

use std::path::PathBuf;

use rustc_hash::{FxHashMap, FxHashSet};
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

/// That a dump could not be read, so that its rows are those of an earlier night.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stale {
    /// Why it could not be read.
    pub reason: String,
    /// The last snapshot that was made when it could be; none where a run died before it made one.
    pub since: Option<String>,
}

/// Copies whose rows stay although their dumps could not be read.
pub(crate) type StaleCopies = FxHashMap<CopyKey, Stale>;

/// A dump as it was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SeenRow {
    pub stamp: Option<Stamp>,
    pub copy: CopyKey,
    /// Whether the stamp is enough to know it by. It is not when the dump could not be read, or was changed so shortly
    /// before that it may have been changed again within the same tick of the clock.
    pub settled: bool,
    /// Whether its bytes were read, so that its rows say what it says.
    pub was_read: bool,
    /// Whether they were read in an earlier night only.
    pub stale: Option<Stale>,
}

impl SeenRow {
    /// The same dump, which cannot be read now. `last` is the last snapshot.
    fn kept(mut self, reason: &str, last: Option<&str>) -> Self {
        let since = match self.stale.take() {
            Some(stale) => stale.since,
            None => last.map(str::to_owned),
        };
        let reason = reason.to_owned();
        self.stale = Some(Stale { reason, since });
        self
    }

    /// Whether it is marked for this reason already.
    fn is_stale_for(&self, reason: &str) -> bool {
        self.stale.as_ref().is_some_and(|stale| stale.reason == reason)
    }
}

/// What is known of a dump that must be looked into.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    row: Option<SeenRow>,
    /// Other copies of it that are known: earlier states.
    earlier: Vec<CopyKey>,
    /// Whether it was read before by an engine whose rows cannot be used.
    is_out_of_use: bool,
    /// Whether it came out of its order, so that what is known of it has passed by.
    pub(crate) is_stray: bool,
}

impl Known {
    /// Whether it was seen before, with other bytes or the same.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.row.is_some()
    }

    /// Whether a dump with this hash is the one that was seen before.
    #[must_use]
    pub fn is(&self, origin: &str, hash: &str) -> bool {
        self.is_copy(copy_key(origin, hash))
    }

    /// Whether its rows can stay when it cannot be read now.
    #[must_use]
    pub fn can_stay(&self) -> bool {
        self.row.as_ref().is_some_and(|row| row.was_read)
    }

    /// Whether there are rows of it that cannot be used: when it cannot be read now they are withdrawn.
    #[must_use]
    pub fn is_out_of_use(&self) -> bool {
        self.is_out_of_use
    }

    pub(crate) fn is_copy(&self, copy: CopyKey) -> bool {
        self.row.as_ref().is_some_and(|row| row.copy == copy)
    }

    /// Whether its rows are marked as those of an earlier night.
    pub(crate) fn is_stale(&self) -> bool {
        self.row.as_ref().is_some_and(|row| row.stale.is_some())
    }

    /// The row of a dump that stays as it was although it cannot be read now, and whether its mark is another than before.
    pub(crate) fn kept(&self, reason: &str, last: Option<&str>) -> Option<(SeenRow, bool)> {
        let row = self.row.as_ref().filter(|row| row.was_read)?;
        Some((row.clone().kept(reason, last), !row.is_stale_for(reason)))
    }

    /// The copies that do not count when the dump is this one now.
    pub(crate) fn outdated(&self, now: CopyKey) -> impl Iterator<Item = CopyKey> {
        let known = self.row.iter().map(|row| row.copy).chain(self.earlier.iter().copied());
        known.filter(move |copy| *copy != now)
    }
}

/// What to do with a dump that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meeting {
    /// Its rows are there: it is the same, or it cannot be read and they stay.
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
    /// The last snapshot.
    snapshot: Option<String>,
    /// Where those that are the same are written; none in a dry run.
    kept: Option<RunWriter>,
    last: Vec<u8>,
    /// The key of a place that could not be looked into, and why: what was seen below it is not gone.
    unreadable: Option<(Vec<u8>, String)>,
    outcome: Sightings,
}

/// What earlier runs leave of the dumps they saw.
#[derive(Default)]
pub(crate) struct Seen {
    /// Those of the last snapshot.
    pub before: Option<Run>,
    /// Those that runs which died have read since.
    pub since: Vec<Run>,
    /// Whether the rows of the last snapshot can be used.
    pub reuse: bool,
    /// The last snapshot.
    pub snapshot: Option<String>,
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
    /// Those among them that lie where nothing could be read, and whose rows cannot be used.
    pub lost: u64,
    /// Those that lie where nothing could be read, and keep their rows.
    pub stale: u64,
    /// The dumps that are the same.
    pub(crate) kept: Option<Run>,
    /// Copies that do not count any more.
    pub(crate) dead: FxHashSet<CopyKey>,
    /// Copies that count although their dumps could not be read.
    pub(crate) stale_copies: StaleCopies,
    /// How many marks of such copies came or went.
    pub(crate) marks: u64,
}

impl SeenDumps {
    pub(crate) fn open(seen: Seen, kept: Option<PathBuf>, spill: &SpillFolder) -> Result<Self, DatasetError> {
        Ok(Self {
            before: Side::open(seen.before.into_iter().collect(), spill)?,
            reuse: seen.reuse,
            since: Side::open(seen.since, spill)?,
            snapshot: seen.snapshot,
            kept: kept.map(RunWriter::create).transpose()?,
            last: Vec::new(),
            unreadable: None,
            outcome: Sightings::default(),
        })
    }

    /// Meets the next dump of the walk. Dumps come in the order of the parts of their origins; one that does not is read
    /// anew.
    ///
    /// # Errors
    /// [`DatasetError::Damaged`] and [`DatasetError::Io`] when what was seen cannot be read.
    pub fn meet(&mut self, origin: &str, stamp: Option<Stamp>) -> Result<Meeting, DatasetError> {
        let Met {
            key,
            known,
            was_resumed,
        } = self.next(origin)?;
        match &known.row {
            Some(row) if row.settled && row.stamp == stamp && stamp.is_some() => {
                match was_resumed {
                    true => self.outcome.resumed += 1,
                    false => self.outcome.same += 1,
                }
                self.outcome.marks += u64::from(known.is_stale());
                let row = SeenRow {
                    stale: None,
                    ..row.clone()
                };
                self.keep(&key, &known, &row)?;
                Ok(Meeting::Same)
            }
            _ => Ok(Meeting::Read(known)),
        }
    }

    /// Meets what the walk could not look into: whatever was seen there, or below it, keeps its rows.
    ///
    /// # Errors
    /// As for [`Self::meet`].
    pub fn meet_unreadable(&mut self, origin: &str, reason: &str) -> Result<Meeting, DatasetError> {
        let Met { key, known, .. } = self.next(origin)?;
        if !known.is_stray && !self.is_below_unreadable(&key) {
            self.unreadable = Some((key.clone(), reason.to_owned()));
        }
        match self.stay(&key, &known, reason)? {
            true => Ok(Meeting::Same),
            false => Ok(Meeting::Read(known)),
        }
    }

    /// Goes on to the next dump of the walk.
    fn next(&mut self, origin: &str) -> Result<Met, DatasetError> {
        self.outcome.found += 1;
        let mut key = Key::default();
        key.seen(origin);
        let key = key.bytes();
        if key <= self.last.as_slice() {
            return Ok(Met {
                key: key.to_vec(),
                known: Known {
                    is_stray: true,
                    ..Known::default()
                },
                was_resumed: false,
            });
        }
        self.last.clear();
        self.last.extend_from_slice(key);
        self.advance(Some(key))?;
        let rows = Rows {
            before: self.before.take(key)?,
            since: self.since.take(key)?,
        };
        self.outcome.known = self.before.count;
        Ok(Met {
            key: key.to_vec(),
            known: rows.known(self.reuse),
            was_resumed: !rows.since.is_empty(),
        })
    }

    /// Ends the walk: what was not met is gone.
    ///
    /// # Errors
    /// As for [`Self::meet`].
    pub fn finish(mut self) -> Result<Sightings, DatasetError> {
        self.advance(None)?;
        self.outcome.known = self.before.count;
        self.outcome.kept = self.kept.map(|kept| kept.finish(Keeping::Temporary)).transpose()?;
        Ok(self.outcome)
    }

    /// Passes by all that stands before a key, or all, on both sides.
    fn advance(&mut self, key: Option<&[u8]>) -> Result<(), DatasetError> {
        while let Some(next) = [self.before.next(), self.since.next()].into_iter().flatten().min() {
            if key.is_some_and(|key| next >= key) {
                break;
            }
            let next = next.to_vec();
            let rows = Rows {
                before: self.before.take(&next)?,
                since: self.since.take(&next)?,
            };
            self.pass(&next, rows)?;
        }
        Ok(())
    }

    /// A dump that was not met: it is gone, unless it lies where nothing could be read.
    fn pass(&mut self, key: &[u8], rows: Rows) -> Result<(), DatasetError> {
        let known = rows.known(self.reuse);
        let is_unreadable = self.is_below_unreadable(key);
        if is_unreadable {
            let reason = self.unreadable.as_ref().map(|(_, reason)| reason.clone());
            if self.stay(key, &known, &reason.unwrap_or_default())? {
                return Ok(());
            }
        }
        let outcome = &mut self.outcome;
        outcome.withdrawn += rows.before.len() as u64;
        outcome.lost += u64::from(is_unreadable && known.is_out_of_use);
        outcome
            .dead
            .extend(rows.before.iter().chain(&rows.since).map(|row| row.copy));
        Ok(())
    }

    fn is_below_unreadable(&self, key: &[u8]) -> bool {
        let unreadable = self.unreadable.as_ref();
        unreadable.is_some_and(|(place, _)| key.starts_with(place))
    }

    /// Lets a dump that cannot be read keep its rows; false when there are none.
    fn stay(&mut self, key: &[u8], known: &Known, reason: &str) -> Result<bool, DatasetError> {
        let Some((row, is_new)) = known.kept(reason, self.snapshot.as_deref()) else {
            return Ok(false);
        };
        self.outcome.stale += 1;
        self.outcome.marks += u64::from(is_new);
        self.outcome
            .stale_copies
            .extend(row.stale.clone().map(|stale| (row.copy, stale)));
        self.keep(key, known, &row)?;
        Ok(true)
    }

    /// Remembers a dump that need not be looked into for the next night.
    fn keep(&mut self, key: &[u8], known: &Known, row: &SeenRow) -> Result<(), DatasetError> {
        self.outcome.dead.extend(known.outdated(row.copy));
        match &mut self.kept {
            Some(kept) => push(kept, key, row),
            None => Ok(()),
        }
    }
}

fn push(run: &mut RunWriter, key: &[u8], row: &SeenRow) -> Result<(), DatasetError> {
    let payload = postcard::to_stdvec(row).map_err(|error| row_error(std::path::Path::new("seen"), "seen", error))?;
    run.push(key, &payload)
}

/// A dump that was met.
struct Met {
    key: Vec<u8>,
    known: Known,
    /// Whether a run that died has read it.
    was_resumed: bool,
}

/// What there is of one dump on both sides.
struct Rows {
    before: Vec<SeenRow>,
    since: Vec<SeenRow>,
}

impl Rows {
    /// What it comes to: the row that was seen last counts.
    fn known(&self, reuse: bool) -> Known {
        let before: &[SeenRow] = if reuse { &self.before } else { &[] };
        let mut rows: Vec<&SeenRow> = before.iter().chain(&self.since).collect();
        let row = rows.pop();
        Known {
            row: row.cloned(),
            earlier: rows.iter().map(|row| row.copy).collect(),
            is_out_of_use: row.is_none() && self.before.iter().any(|row| row.was_read),
            is_stray: false,
        }
    }
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

    /// The key that stands next.
    fn next(&self) -> Option<&[u8]> {
        self.ahead.as_ref().map(|(key, _)| key.as_slice())
    }

    /// Takes the rows with a key, which are the next when there are any.
    fn take(&mut self, key: &[u8]) -> Result<Vec<SeenRow>, DatasetError> {
        let mut rows = Vec::new();
        while let Some((_, row)) = self.ahead.take_if(|(ahead, _)| ahead.as_slice() == key) {
            rows.push(row);
            self.read()?;
        }
        Ok(rows)
    }
}
