//! The output folder: one run at a time, leftovers of dead runs swept away.
//!
//! Knows the layout of `OUT` and nothing of what a snapshot holds.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gongkai_lexicon::Lexicon;

use crate::error::{AtPath, DatasetError};
use crate::hold::{remove, surplus};
use crate::parquet::ROW_GROUP_ROWS;
use crate::rows::DumpRow;
use crate::seen::{Seen, SeenDumps};
use crate::segments::{Lineage, Segment, Segments};
use crate::snapshot::SnapshotWriter;
use crate::spill::SpillFolder;
use crate::staged::remove_any;
use crate::store::{Manifest, Store};
use crate::table::Row as _;

/// Prefix of the folders in `state/` that snapshots are built in.
const STAGING: &str = "staging-";
/// The link that analysts follow.
pub(crate) const LATEST: &str = "latest";
/// The folder in `state/` of what the last night left.
const STORE: &str = "store";
/// The folder in `state/` of what runs that died have read since.
const FRESH: &str = "fresh";

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

/// What a run does with what earlier runs left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Night {
    /// What the rows of a dump depend on beside the dump: engine, data and settings. Rows of another engine are not
    /// used.
    pub engine: String,
    /// Nothing is used, whatever made it.
    pub full: bool,
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
        check_link(&out.join(LATEST))?;
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
        latest_of(&self.root)
    }

    /// What `latest` leads to, when that is no snapshot of this output: a run replaces it.
    #[must_use]
    pub fn astray(&self) -> Option<PathBuf> {
        let target = std::fs::read_link(self.root.join(LATEST)).ok()?;
        self.latest().is_none().then_some(target)
    }

    /// Whether nothing tells what earlier runs read, although they published a snapshot.
    #[must_use]
    pub fn has_lost_its_state(&self) -> bool {
        let manifest = self.root.join("state").join(STORE).join(crate::store::MANIFEST);
        self.latest().is_some() && !manifest.exists()
    }

    /// How many dumps the snapshot that analysts read now was made of; 0 when there is none that says so.
    #[must_use]
    pub fn dumps(&self) -> u64 {
        let files = self.latest().and_then(|latest| crate::manifest::read(&latest).ok());
        let files = files.iter().flatten().filter(|(table, _)| table == DumpRow::TABLE);
        files.map(|(_, file)| file.rows).sum()
    }

    /// Removes all but the `keep` snapshots that were published last, but none that a reader holds. Gives how many went.
    ///
    /// # Errors
    /// [`DatasetError::Io`] when one cannot be removed.
    pub fn prune(&self, keep: usize) -> Result<u64, DatasetError> {
        let Some(latest) = self.latest() else {
            return Ok(0);
        };
        let surplus = surplus(&self.root.join("snapshots"), &latest, keep)?;
        if surplus.is_empty() {
            return Ok(0);
        }
        let trash = Staging::create(self.next_staging())?;
        remove(surplus, trash.path())
    }

    /// Forgets what earlier runs left. Snapshots stay.
    ///
    /// # Errors
    /// [`DatasetError::Io`] when it cannot be removed.
    pub fn forget(&self) -> Result<(), DatasetError> {
        for name in [STORE, FRESH] {
            let path = self.root.join("state").join(name);
            if path.symlink_metadata().is_ok() {
                remove_any(&path).at(&path)?;
            }
        }
        Ok(())
    }

    /// Begins a snapshot that uses nothing of earlier ones. Until it is finished, nothing outside `state/` changes.
    ///
    /// # Errors
    /// [`DatasetError::Io`] when the folders in `state/` cannot be made.
    pub fn begin<'a>(&self, options: WriteOptions, lexicon: &'a Lexicon) -> Result<SnapshotWriter<'a>, DatasetError> {
        let night = Night {
            full: true,
            ..Night::default()
        };
        self.begin_night(options, lexicon, &night)
    }

    /// Begins a snapshot with what earlier runs left. Until it is finished, nothing outside `state/` changes.
    ///
    /// # Errors
    /// [`DatasetError::Io`] when the folders in `state/` cannot be made.
    pub fn begin_night<'a>(
        &self,
        options: WriteOptions,
        lexicon: &'a Lexicon,
        night: &Night,
    ) -> Result<SnapshotWriter<'a>, DatasetError> {
        let state = self.root.join("state");
        let staging = Staging::create(self.next_staging())?;
        let left = Left::open(&state, night, options.row_group_rows)?;
        Ok(SnapshotWriter::new(
            self.root.clone(),
            Arc::clone(&self.lock),
            staging,
            left,
            options,
            lexicon,
        ))
    }

    fn next_staging(&self) -> PathBuf {
        let number = self.next_staging.fetch_add(1, Ordering::Relaxed);
        let name = format!("{STAGING}{}-{number}", std::process::id());
        self.root.join("state").join(name)
    }

    /// The dumps that the last night saw, to be met by those that are there now; nothing is written.
    ///
    /// # Errors
    /// [`DatasetError::Damaged`] and [`DatasetError::Io`] when they cannot be read.
    pub fn peek(out: &Path, night: &Night, options: WriteOptions) -> Result<SeenDumps, DatasetError> {
        let store = Store::read(out.join("state").join(STORE))?;
        let spill = SpillFolder::new(PathBuf::new(), options.spill_bytes);
        let seen = Seen {
            before: store.seen()?,
            since: Vec::new(),
            reuse: is_reusable(&store, night, options.row_group_rows),
            snapshot: store.snapshot_id(),
        };
        SeenDumps::open(seen, None, &spill)
    }

    /// Nothing seen before: what there is to meet where nothing can be read of earlier runs.
    ///
    /// # Errors
    /// None; a merge of nothing is opened.
    pub fn nothing_seen(options: WriteOptions) -> Result<SeenDumps, DatasetError> {
        let spill = SpillFolder::new(PathBuf::new(), options.spill_bytes);
        SeenDumps::open(Seen::default(), None, &spill)
    }
}

/// What earlier runs left in `state/`.
pub(crate) struct Left {
    pub store: Store,
    pub engine: String,
    /// Whether the rows in the store can be used.
    pub reuse: bool,
    pub segments: Arc<Segments>,
    /// What runs that died have read since.
    pub resumed: Vec<Segment>,
    /// Files of theirs that are not as they were written, so that the dumps in them are read anew.
    pub damaged: Vec<PathBuf>,
}

impl Left {
    /// The store, when its rows can be used.
    pub(crate) fn manifest(&self) -> Option<&Manifest> {
        self.store.manifest.as_ref().filter(|_| self.reuse)
    }

    fn open(state: &Path, night: &Night, row_group_rows: usize) -> Result<Self, DatasetError> {
        let store = Store::open(state.join(STORE))?;
        let engine = engine_of(night, row_group_rows);
        let lineage = Lineage {
            engine: engine.clone(),
            generation: store.generation(),
        };
        let (segments, mut remains) = Segments::open(state.join(FRESH), lineage)?;
        if night.full {
            segments.clear()?;
            remains.segments.clear();
        }
        Ok(Self {
            reuse: is_reusable(&store, night, row_group_rows),
            store,
            engine,
            segments: Arc::new(segments),
            resumed: remains.segments,
            damaged: remains.damaged,
        })
    }
}

/// Whether the rows in the store can be used.
fn is_reusable(store: &Store, night: &Night, row_group_rows: usize) -> bool {
    let engine = engine_of(night, row_group_rows);
    let manifest = store.manifest.as_ref();
    !night.full && manifest.is_some_and(|manifest| manifest.engine == engine)
}

/// The snapshot of an output that `latest` leads to; none where it leads elsewhere, or nowhere.
pub(crate) fn latest_of(out: &Path) -> Option<PathBuf> {
    let target = std::fs::read_link(out.join(LATEST)).ok()?;
    let folder = out.join(target).canonicalize().ok()?;
    let snapshots = out.join("snapshots").canonicalize().ok()?;
    (folder.parent() == Some(snapshots.as_path())).then_some(folder)
}

/// A link can be replaced in one step, nothing else can: better to say so before everything is read.
fn check_link(latest: &Path) -> Result<(), DatasetError> {
    let found = match latest.symlink_metadata() {
        Ok(found) if found.is_dir() => "a folder",
        Ok(found) if !found.is_symlink() => "a file",
        _ => return Ok(()),
    };
    Err(DatasetError::NotALink {
        path: latest.to_owned(),
        found,
    })
}

/// The files depend on the size of row groups, too.
fn engine_of(night: &Night, row_group_rows: usize) -> String {
    format!("{}, {row_group_rows} rows a group", night.engine)
}

/// Removes staging folders: whoever holds the lock knows that no run is using them.
fn sweep(state: &Path) -> Result<(), DatasetError> {
    for entry in std::fs::read_dir(state).at(state)? {
        let entry = entry.at(state)?;
        if entry.file_name().to_string_lossy().starts_with(STAGING) {
            let path = entry.path();
            remove_any(&path).at(&path)?;
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
