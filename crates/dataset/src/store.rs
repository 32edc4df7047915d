//! The store: what a night leaves for the next one to begin with, in `OUT/state/store`.
//!
//! Rows as the workers packed them, sorted: a run for each table, and for the tables that have a file for each year and
//! province a part of a pack for each of these. Files are written once; the manifest, which names those that count with
//! their hashes, is replaced in one step. Knows nothing of what the rows are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{AtPath, DatasetError};
use crate::published::Snapshot;
use crate::spill::{Keeping, Run};
use crate::staged::{hash_part, remove_any, sync_folder};
use crate::worker::Table;

/// The form of the store; another one is not read.
const FORMAT: u32 = 2;

/// The file that names what counts.
pub(crate) const MANIFEST: &str = "manifest.json";

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
    /// The files of the runs as they were left: one that has another size or time is looked at before anything is read.
    files: BTreeMap<String, FileStamp>,
}

/// What tells without reading a file of the store that nobody wrote to it. What wears away in silence is found when the
/// file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct FileStamp {
    bytes: u64,
    /// Nanoseconds since 1970.
    modified: i64,
}

impl FileStamp {
    fn of(path: &Path) -> std::io::Result<Self> {
        let found = std::fs::symlink_metadata(path)?;
        if !found.is_file() {
            return Err(std::io::Error::other("it is no file"));
        }
        let modified = found.mtime().saturating_mul(1_000_000_000);
        Ok(Self {
            bytes: found.len(),
            modified: modified.saturating_add(found.mtime_nsec()),
        })
    }
}

/// The manifest as it stands on disk: with a hash, since all else is believed for what it says.
#[derive(Serialize, Deserialize)]
struct SealedManifest {
    hash: String,
    manifest: Manifest,
}

impl Manifest {
    fn hash(&self) -> serde_json::Result<String> {
        Ok(blake3::hash(&serde_json::to_vec(self)?).to_hex().to_string())
    }

    /// Reads a manifest; none when it has another form.
    fn read(bytes: &[u8]) -> Result<Option<Self>, String> {
        let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let format = |value: &serde_json::Value| value.get("format").and_then(serde_json::Value::as_u64);
        let found = value.get("manifest").and_then(format).or_else(|| format(&value));
        if found.is_some_and(|found| found != u64::from(FORMAT)) {
            return Ok(None);
        }
        let sealed: SealedManifest = serde_json::from_value(value).map_err(|error| error.to_string())?;
        match sealed.manifest.hash() {
            Ok(hash) if hash == sealed.hash => Ok(Some(sealed.manifest)),
            _ => Err("it does not have the hash that it names".to_owned()),
        }
    }

    fn text(self) -> serde_json::Result<Vec<u8>> {
        let hash = self.hash()?;
        serde_json::to_vec_pretty(&SealedManifest { hash, manifest: self })
    }
}

/// The folder.
#[derive(Debug)]
pub(crate) struct Store {
    root: PathBuf,
    pub manifest: Option<Manifest>,
}

impl Store {
    /// Reads the manifest, when there is one.
    ///
    /// # Errors
    /// [`DatasetError::Damaged`] when it is not as it was written.
    pub(crate) fn read(root: PathBuf) -> Result<Self, DatasetError> {
        let path = root.join(MANIFEST);
        let manifest = match std::fs::read(&path) {
            Ok(bytes) => Manifest::read(&bytes).map_err(|reason| DatasetError::damaged(&path, reason))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(DatasetError::damaged(&path, error)),
        };
        Ok(Self { root, manifest })
    }

    /// Reads the manifest and removes the files it does not name: a run that died was writing them.
    pub(crate) fn open(root: PathBuf) -> Result<Self, DatasetError> {
        match std::fs::create_dir_all(&root) {
            // Something else has taken its name.
            Err(_) if root.symlink_metadata().is_ok() => return Err(DatasetError::damaged(&root, "it is no folder")),
            made => made.at(&root)?,
        }
        let store = Self::read(root)?;
        store.sweep()?;
        store.check()?;
        Ok(store)
    }

    /// Looks into the files that are not as they were left.
    fn check(&self) -> Result<(), DatasetError> {
        let Some(manifest) = &self.manifest else {
            return Ok(());
        };
        for run in manifest.runs.all() {
            let path = self.root.join(&run.file);
            let left = FileStamp::of(&path).map_err(|error| DatasetError::damaged(&path, error))?;
            if manifest.files.get(&run.file) != Some(&left) {
                self.run(run)?;
            }
        }
        Ok(())
    }

    /// The number of the store that is there; 0 when there is none.
    pub(crate) fn generation(&self) -> u64 {
        self.manifest.as_ref().map_or(0, |manifest| manifest.generation)
    }

    /// The snapshot that was made of the store.
    pub(crate) fn snapshot_id(&self) -> Option<String> {
        self.manifest.as_ref().map(|manifest| manifest.snapshot.id.clone())
    }

    /// The dumps that were seen when it was made.
    pub(crate) fn seen(&self) -> Result<Option<Run>, DatasetError> {
        let manifest = self.manifest.as_ref();
        let seen = manifest.and_then(|manifest| manifest.runs.tables.get(Table::Seen.name()));
        seen.map(|run| self.run(run)).transpose()
    }

    /// Where a file of the next store goes.
    pub(crate) fn next_path(&self, name: &str) -> PathBuf {
        self.root.join(self.next_prefix() + name)
    }

    /// Where the run of a table goes.
    pub(crate) fn next_run(&self, name: &str) -> PathBuf {
        self.next_path(&format!("{name}.run"))
    }

    /// A run that an earlier night wrote, once its bytes are known to be what was written: what is read from it is
    /// believed.
    ///
    /// # Errors
    /// [`DatasetError::Damaged`] when they are not, or cannot be read.
    pub(crate) fn run(&self, stored: &StoredRun) -> Result<Run, DatasetError> {
        let path = self.root.join(&stored.file);
        match hash_part(&path, stored.start, stored.bytes) {
            Ok(hash) if hash == stored.hash => Ok(Run {
                path,
                start: stored.start,
                bytes: stored.bytes,
                hash,
                keeping: Keeping::Lasting,
            }),
            Ok(_) => Err(DatasetError::damaged(&path, "its bytes are others")),
            Err(error) => Err(DatasetError::damaged(&path, error)),
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
        let mut files = BTreeMap::new();
        for name in runs.all().map(|run| &run.file) {
            let path = self.root.join(name);
            files.insert(name.clone(), FileStamp::of(&path).at(&path)?);
        }
        let manifest = Manifest {
            format: FORMAT,
            engine: engine.to_owned(),
            generation: self.generation() + 1,
            snapshot,
            runs,
            files,
        };
        let next = manifest.runs.all().filter(|run| self.is_next(run));
        let names: BTreeSet<&String> = next.map(|run| &run.file).collect();
        names.iter().try_for_each(|name| sync_folder(&self.root.join(name)))?;
        let path = self.root.join(MANIFEST);
        let unfinished = self.root.join("manifest.tmp");
        let text = manifest.clone().text().at(&path)?;
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
                remove_any(&path).at(&path)?;
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
