//! The rows of a table that has a file for each year and province, partition by partition: what the store holds of it
//! and what came since, in one order. All that still counts goes to the next store while it is read.

use std::collections::{BTreeMap, BTreeSet, btree_set};
use std::io::Write as _;
use std::path::PathBuf;

use rustc_hash::FxHashSet;

use crate::error::{AtPath, DatasetError};
use crate::key::{CopyKey, Tail, partition_of};
use crate::merge::Merged;
use crate::spill::{Keeping, Run, SpillFolder};
use crate::staged::StagedFile;
use crate::store::{Store, StoredRun};

/// More packs than this are made one.
const MOST_PACKS: usize = 16;

/// Gives the rows of touched partitions.
pub(crate) struct PartitionRows<'a> {
    fresh: Merged,
    /// The key and payload that stand next among the fresh rows; the key is empty at their end.
    ahead: (Vec<u8>, Vec<u8>),
    touched: btree_set::Iter<'a, String>,
    before: &'a BTreeMap<String, StoredRun>,
    dead: &'a FxHashSet<CopyKey>,
    store: &'a Store,
    spill: &'a SpillFolder,
    pack: PackWriter,
    /// The partitions as the next store has them.
    now: BTreeMap<String, StoredRun>,
}

/// What a table with partitions is made of.
pub(crate) struct PartitionSources<'a> {
    /// Rows that came since the store was written.
    pub fresh: Vec<Run>,
    /// What the store holds, by partition.
    pub before: &'a BTreeMap<String, StoredRun>,
    /// The partitions that must be written.
    pub touched: &'a BTreeSet<String>,
    /// Copies that do not count any more.
    pub dead: &'a FxHashSet<CopyKey>,
    pub store: &'a Store,
    pub spill: &'a SpillFolder,
}

impl<'a> PartitionRows<'a> {
    /// Begins with the first touched partition. `name` is that of the pack.
    pub(crate) fn open(sources: PartitionSources<'a>, name: &str) -> Result<Self, DatasetError> {
        let is_untouched = |entry: &(&String, &StoredRun)| !sources.touched.contains(entry.0);
        let untouched = sources.before.iter().filter(is_untouched);
        let mut rows = Self {
            fresh: Merged::open(sources.fresh, sources.spill, true)?,
            ahead: Default::default(),
            touched: sources.touched.iter(),
            now: untouched.map(|(name, run)| (name.clone(), run.clone())).collect(),
            before: sources.before,
            dead: sources.dead,
            store: sources.store,
            spill: sources.spill,
            pack: PackWriter::create(sources.store.next_path(name))?,
        };
        rows.read_ahead()?;
        Ok(rows)
    }

    fn read_ahead(&mut self) -> Result<(), DatasetError> {
        let (key, payload) = &mut self.ahead;
        key.clear();
        payload.clear();
        if let Some((next, row)) = self.fresh.next()? {
            key.extend_from_slice(next);
            payload.extend_from_slice(row);
        }
        Ok(())
    }

    /// Gives the rows of the next partition in their order, and its name; none at the end.
    pub(crate) fn next(
        &mut self,
        mut each: impl FnMut(&str, &[u8], &[u8]) -> Result<(), DatasetError>,
    ) -> Result<Option<String>, DatasetError> {
        let Some(name) = self.touched.next() else {
            return Ok(None);
        };
        // Rows of partitions that nothing touched are there already, from a dump that is again what it was.
        while !self.ahead.0.is_empty() && partition_of(&self.ahead.0) < name.as_str() {
            self.read_ahead()?;
        }
        let (dead, mut count) = (self.dead, 0u64);
        let mut take = |pack: &mut PackWriter, key: &[u8], payload: &[u8]| {
            if dead.contains(&Tail::copy_of(key)) {
                return Ok(());
            }
            count += 1;
            pack.push(key, payload)?;
            each(name, key, payload)
        };
        let stored = self.before.get(name).map(|run| self.store.run(run)).transpose()?;
        let mut stored = Merged::open(stored.into_iter().collect(), self.spill, false)?;
        while let Some((key, payload)) = stored.next()? {
            while is_of(&self.ahead.0, name) && self.ahead.0.as_slice() <= key {
                // The same key is the same row, from a dump that is again what it was.
                if self.ahead.0.as_slice() < key {
                    take(&mut self.pack, &self.ahead.0, &self.ahead.1)?;
                }
                self.read_ahead()?;
            }
            take(&mut self.pack, key, payload)?;
        }
        while is_of(&self.ahead.0, name) {
            take(&mut self.pack, &self.ahead.0, &self.ahead.1)?;
            self.read_ahead()?;
        }
        if count > 0 {
            self.now.insert(name.clone(), self.pack.cut()?);
        }
        Ok(Some(name.clone()))
    }

    /// Ends the pack; gives the partitions as the next store has them.
    pub(crate) fn finish(mut self) -> Result<BTreeMap<String, StoredRun>, DatasetError> {
        self.gather()?;
        self.pack.finish()?;
        Ok(self.now)
    }

    /// Takes over what is left of packs that hold little else, so that neither their number nor what they waste grows
    /// with the nights.
    fn gather(&mut self) -> Result<(), DatasetError> {
        let packs = self.store.packs(&self.now);
        let is_many = packs.len() > MOST_PACKS;
        let is_poor = |run: &StoredRun, store: &Store| {
            let pack = packs.get(Store::file_of(run)).copied().unwrap_or_default();
            !store.is_next(run) && (is_many || pack.live * 2 < pack.size)
        };
        let poor = self.now.iter().filter(|(_, run)| is_poor(run, self.store));
        let poor: Vec<(String, StoredRun)> = poor.map(|(name, run)| (name.clone(), run.clone())).collect();
        for (name, run) in poor {
            let mut rows = Merged::open(vec![self.store.run(&run)?], self.spill, false)?;
            while let Some((key, payload)) = rows.next()? {
                self.pack.push(key, payload)?;
            }
            self.now.insert(name, self.pack.cut()?);
        }
        Ok(())
    }
}

/// Whether a fresh row is of a partition.
fn is_of(key: &[u8], partition: &str) -> bool {
    !key.is_empty() && partition_of(key) == partition
}

/// A pack being written: runs one behind the other.
struct PackWriter {
    path: PathBuf,
    file: StagedFile,
    start: u64,
}

impl PackWriter {
    fn create(path: PathBuf) -> Result<Self, DatasetError> {
        Ok(Self {
            file: StagedFile::create(path.clone())?,
            path,
            start: 0,
        })
    }

    fn push(&mut self, key: &[u8], payload: &[u8]) -> Result<(), DatasetError> {
        crate::spill::write_row(&mut self.file, key, payload).at(&self.path)
    }

    /// Ends a run.
    fn cut(&mut self) -> Result<StoredRun, DatasetError> {
        let part = self.file.cut().at(&self.path)?;
        let run = Run {
            path: self.path.clone(),
            start: self.start,
            bytes: part.bytes,
            hash: part.hash,
            keeping: Keeping::Lasting,
        };
        self.start += run.bytes;
        Ok(Store::stored(&run))
    }

    fn finish(mut self) -> Result<(), DatasetError> {
        self.file.flush().at(&self.path)
    }
}
