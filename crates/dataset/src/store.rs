//! The store: what a night leaves for the next one to begin with, in `OUT/state/store`.
//!
//! Rows as the workers packed them, sorted: a run for each table, and for the tables that have a file for each year and
//! province a part of a pack for each of these. Files are written once; the manifest, which names those that count with
//! their hashes, is replaced in one step. Knows nothing of what the rows are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::{AtPath, DatasetError};
use crate::published::Snapshot;
use crate::spill::{Keeping, Run};
use crate::staged::sync_folder;

/// The form of the store; another one is not read.
const FORMAT: u32 = 1;

const MANIFEST: &str = "manifest.json";

/// A run as the manifest names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredRun {
    file: String,
    start: u64,
    bytes: u64,
    hash: String,
}

/// The runs of a store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredRuns {
    /// Those of tables, by what they are called in the store.
    pub tables: BTreeMap<String, StoredRun>,
    /// Values, by partition.
    pub values: BTreeMap<String, StoredRun>,
    /// Pages, by partition.
    pub pages: BTreeMap<String, StoredRun>,
}

impl StoredRuns {
    /// Names the run of a table.
    pub(crate) fn put(&mut self, name: &str, run: &Run) {
        self.tables.insert(name.to_owned(), Store::stored(run));
    }

    fn all(&self) -> impl Iterator<Item = &StoredRun> {
        let partitions = self.values.values().chain(self.pages.values());
        self.tables.values().chain(partitions)
    }
}

/// What the store holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    format: u32,
    /// What made the rows: engine, data and settings.
    pub engine: String,
    /// How many stores there were before.
    pub generation: u64,
    /// The snapshot that was made of it.
    pub snapshot: Snapshot,
    pub runs: StoredRuns,
}

/// The folder.
#[derive(Debug)]
pub(crate) struct Store {
    root: PathBuf,
    pub manifest: Option<Manifest>,
}

impl Store {
    /// Reads the manifest; one that cannot be read is as good as none.
    pub(crate) fn read(root: PathBuf) -> Self {
        let manifest = std::fs::read(root.join(MANIFEST)).ok();
        let manifest = manifest.and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok());
        Self {
            manifest: manifest.filter(|manifest| manifest.format == FORMAT),
            root,
        }
    }

    /// Reads the manifest and removes the files it does not name: a run that died was writing them.
    pub(crate) fn open(root: PathBuf) -> Result<Self, DatasetError> {
        std::fs::create_dir_all(&root).at(&root)?;
        let store = Self::read(root);
        store.sweep()?;
        Ok(store)
    }

    /// The number of the store that is there; 0 when there is none.
    pub(crate) fn generation(&self) -> u64 {
        self.manifest.as_ref().map_or(0, |manifest| manifest.generation)
    }

    /// Where a file of the next store goes.
    pub(crate) fn next_path(&self, name: &str) -> PathBuf {
        self.root.join(self.next_prefix() + name)
    }

    /// Where the run of a table goes.
    pub(crate) fn next_run(&self, name: &str) -> PathBuf {
        self.next_path(&format!("{name}.run"))
    }

    /// A run that an earlier night wrote.
    pub(crate) fn run(&self, stored: &StoredRun) -> Run {
        Run {
            path: self.root.join(&stored.file),
            start: stored.start,
            bytes: stored.bytes,
            hash: stored.hash.clone(),
            keeping: Keeping::Stored,
        }
    }

    /// A run of the next store, as the manifest names it.
    pub(crate) fn stored(run: &Run) -> StoredRun {
        StoredRun {
            file: run.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            start: run.start,
            bytes: run.bytes,
            hash: run.hash.clone(),
        }
    }

    /// Puts the next store in the place of this one: its files, then their names, then the manifest are on disk before
    /// the files it does not name any more go.
    pub(crate) fn commit(&mut self, engine: &str, snapshot: Snapshot, runs: StoredRuns) -> Result<(), DatasetError> {
        let manifest = Manifest {
            format: FORMAT,
            engine: engine.to_owned(),
            generation: self.generation() + 1,
            snapshot,
            runs,
        };
        let next = manifest.runs.all().filter(|run| self.is_next(run));
        let names: BTreeSet<&String> = next.map(|run| &run.file).collect();
        names.iter().try_for_each(|name| sync_folder(&self.root.join(name)))?;
        let path = self.root.join(MANIFEST);
        let unfinished = self.root.join("manifest.tmp");
        let text = serde_json::to_vec_pretty(&manifest).at(&path)?;
        std::fs::write(&unfinished, text).at(&unfinished)?;
        File::open(&unfinished)
            .and_then(|file| file.sync_all())
            .at(&unfinished)?;
        sync_folder(&self.root)?;
        std::fs::rename(&unfinished, &path).at(&path)?;
        sync_folder(&self.root)?;
        self.manifest = Some(manifest);
        self.sweep()
    }

    /// Removes the files that the manifest does not name.
    fn sweep(&self) -> Result<(), DatasetError> {
        let runs = self.manifest.as_ref().map(|manifest| &manifest.runs);
        let named: BTreeSet<&str> = runs
            .into_iter()
            .flat_map(StoredRuns::all)
            .map(|run| run.file.as_str())
            .collect();
        for entry in std::fs::read_dir(&self.root).at(&self.root)? {
            let path = entry.at(&self.root)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name != MANIFEST && !named.contains(name.as_str()) {
                std::fs::remove_file(&path).at(&path)?;
            }
        }
        Ok(())
    }

    /// The packs that partitions are parts of, with how much of them counts.
    pub(crate) fn packs(&self, partitions: &BTreeMap<String, StoredRun>) -> BTreeMap<String, PackUse> {
        let mut packs: BTreeMap<String, PackUse> = BTreeMap::new();
        for run in partitions.values() {
            packs.entry(run.file.clone()).or_default().live += run.bytes;
        }
        for (name, pack) in &mut packs {
            let metadata = std::fs::metadata(self.root.join(name));
            pack.size = metadata.map_or(0, |metadata| metadata.len());
        }
        packs
    }

    /// The file that a run is in.
    pub(crate) fn file_of(run: &StoredRun) -> &str {
        &run.file
    }

    /// Whether a run is in a file of the next store.
    pub(crate) fn is_next(&self, run: &StoredRun) -> bool {
        run.file.starts_with(&self.next_prefix())
    }

    fn next_prefix(&self) -> String {
        format!("{:08}-", self.generation() + 1)
    }
}

/// How much of a pack counts.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct PackUse {
    /// Bytes that some partition needs.
    pub live: u64,
    /// Bytes of the file.
    pub size: u64,
}
