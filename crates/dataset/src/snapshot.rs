//! A snapshot, from the first row to the link that analysts read: stage, sync, rename, link.
//!
//! The only place that changes what readers see. Knows nothing of rows.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gongkai_lexicon::Lexicon;
use rustc_hash::FxHashSet;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use serde_json::Value;

use crate::assemble::Assembly;
use crate::codebook::CodebookFiles;
use crate::copies::CopyBook;
use crate::datapackage::datapackage;
use crate::diff::diff;
use crate::error::{AtPath, DatasetError};
use crate::fold::Folding;
use crate::key::CopyKey;
use crate::output::{LATEST, Left, Staging, WriteOptions, latest_of};
use crate::panel::PanelBook;
use crate::previous::{Previous, is_of};
use crate::published::{Comparison, Published, RUN_FILE, Snapshot, Tally, published, run_text};
use crate::seen::{Seen, SeenDumps, Sightings, StaleCopies};
use crate::segments::Segment;
use crate::spill::{Run, SpillFolder};
use crate::staged::{FileInfo, sync_folder, sync_tree, write_file};
use crate::store::StoredRuns;
use crate::volumes::{Jump, jumps};
use crate::worker::{Table, Worked, WorkerBuffer};
use crate::years::YearBook;

/// How many files wait for the disk at a time.
const SYNC_THREADS: usize = 8;

/// Who is told how a snapshot comes to be, and asked what `run.json` says beside.
#[derive(Clone, Copy)]
pub struct Witness<'a> {
    /// Told the name of each stage when it begins: sort, decide, write, compare, publish, keep.
    pub stage: &'a (dyn Fn(&'static str) + Sync),
    /// Gives what goes into `run.json`, once everything else is written.
    pub run: &'a (dyn Fn() -> Value + Sync),
}

/// A snapshot being written. Dropped without `finish`, it publishes nothing; what its workers wrote out stays for the
/// next run.
pub struct SnapshotWriter<'a> {
    lexicon: &'a Lexicon,
    out: PathBuf,
    staging: Staging,
    left: Left,
    spill: Arc<SpillFolder>,
    panel: Arc<PanelBook>,
    years: Arc<YearBook>,
    copies: Arc<CopyBook>,
    codebook: CodebookFiles,
    row_group_rows: usize,
    /// Keeps the output locked as long as the snapshot is written.
    _lock: Arc<File>,
}

impl<'a> SnapshotWriter<'a> {
    pub(crate) fn new(
        out: PathBuf,
        lock: Arc<File>,
        staging: Staging,
        left: Left,
        options: WriteOptions,
        lexicon: &'a Lexicon,
    ) -> Self {
        Self {
            lexicon,
            out,
            spill: SpillFolder::new(staging.runs(), options.spill_bytes),
            staging,
            left,
            panel: Arc::new(PanelBook::new(lexicon)),
            years: Arc::new(YearBook::new(lexicon)),
            copies: Arc::new(CopyBook::new(lexicon)),
            codebook: CodebookFiles::new(lexicon),
            row_group_rows: options.row_group_rows,
            _lock: lock,
        }
    }

    /// A buffer for one worker thread. Make all of them before the first row comes: they share the memory budget.
    #[must_use]
    pub fn worker(&self) -> WorkerBuffer {
        WorkerBuffer::new(
            &self.spill,
            &self.left.segments,
            &self.panel,
            &self.years,
            &self.copies,
            self.left.store.snapshot_id(),
        )
    }

    /// Files of runs that died which are not as they were written: the dumps in them are read anew.
    #[must_use]
    pub fn damaged(&self) -> &[PathBuf] {
        &self.left.damaged
    }

    /// The dumps that were seen before, to be met by those that are there now. Runs that died have seen some, too.
    ///
    /// # Errors
    /// [`DatasetError::Damaged`] and [`DatasetError::Io`] when they cannot be read.
    pub fn seen(&self) -> Result<SeenDumps, DatasetError> {
        let left = &self.left;
        let since = left
            .resumed
            .iter()
            .filter_map(|segment| segment.run(Table::Seen as usize));
        let seen = Seen {
            before: left.store.seen()?,
            since: since.cloned().collect(),
            reuse: left.reuse,
            snapshot: left.store.snapshot_id(),
        };
        SeenDumps::open(seen, Some(self.staging.runs().join("kept.run")), &self.spill)
    }

    /// Sorts and writes every table and publishes the snapshot of what the workers were given. `run` goes into
    /// `run.json`, with the snapshot's id, the number of rows of each table and what the years say of each other put in.
    ///
    /// # Errors
    /// [`DatasetError`] when buffers are missing or something could not be written; `latest` is then as it was.
    pub fn finish(self, workers: Vec<WorkerBuffer>, run: Value) -> Result<Published, DatasetError> {
        let witness = Witness {
            stage: &|_| {},
            run: &|| run.clone(),
        };
        self.finish_night(workers, Sightings::default(), witness)
    }

    /// The same, with what was seen before and is there still. Where nothing changed, nothing is written.
    ///
    /// # Errors
    /// As for [`Self::finish`]; [`DatasetError::Damaged`] when the store is not as it was written.
    pub fn finish_night(
        mut self,
        workers: Vec<WorkerBuffer>,
        sightings: Sightings,
        witness: Witness<'_>,
    ) -> Result<Published, DatasetError> {
        let threads = workers.len();
        let found = self.found(workers, sightings)?;
        let latest = latest_of(&self.out);
        let manifest = self.left.manifest();
        let snapshots = self.out.join("snapshots");
        let previous = manifest.map(|before| Previous::open(&snapshots, &before.snapshot.id, threads));
        if let (Some(manifest), Some(previous)) = (manifest, &previous)
            && found.is_nothing()
            && previous.is_latest(std::fs::read_link(self.out.join(LATEST)).ok().as_deref())
            && previous.is_whole()
        {
            let snapshot = manifest.snapshot.clone();
            let runs = manifest.runs.clone();
            return self.nothing_new(found, snapshot, runs);
        }
        let root = self.staging.snapshot();
        let none = StoredRuns::default();
        let assembly = Assembly {
            root: &root,
            spill: &self.spill,
            store: &self.left.store,
            before: manifest.map_or(&none, |manifest| &manifest.runs),
            previous: previous.as_ref(),
            runs: found.runs,
            dead: &found.dead,
            stale: &found.stale,
            lexicon: self.lexicon,
            panel: &self.panel,
            years: &self.years,
            copies: &self.copies,
            row_group_rows: self.row_group_rows,
            threads,
            stage: witness.stage,
        };
        let assembled = assembly.write()?;
        let mut files = assembled.files;
        files.extend(self.codebook.write(&root)?);
        files.sort_by(|left, right| left.name.cmp(&right.name));
        let rows = row_counts(&files);
        let package = serde_json::to_string_pretty(&datapackage(&files)).at(&root)?;
        files.push(write_file(&root, "datapackage.json", (package + "\n").as_bytes(), 0)?);
        let snapshot = Snapshot {
            id: snapshot_id(&files),
            rows,
            years: assembled.years,
            counts: assembled.counts,
            volumes: assembled.volumes,
        };
        (witness.stage)("compare");
        let comparison = self.compare(latest.as_deref(), &root, &snapshot.id, threads);
        write_file(
            &root,
            RUN_FILE,
            run_text((witness.run)(), &snapshot, found.tally, &comparison, &root)?.as_bytes(),
            0,
        )?;
        let jumps = self.jumps(&snapshot);
        (witness.stage)("publish");
        let placed = self.publish(&root, &snapshot.id, threads)?;
        let mut damaged: BTreeSet<PathBuf> = placed.damaged;
        damaged.extend(previous.iter().flat_map(Previous::damaged));
        (witness.stage)("keep");
        self.left
            .store
            .commit(&self.left.engine, snapshot.clone(), assembled.runs)?;
        self.left.segments.clear()?;
        Ok(Published {
            comparison,
            jumps,
            linked: assembled.linked,
            damaged: damaged.into_iter().collect(),
            set_aside: placed.set_aside,
            ..published(snapshot, placed.path, found.tally, placed.unchanged)
        })
    }

    /// What the snapshot in a folder changes against the one that analysts read now.
    fn compare(&self, latest: Option<&Path>, root: &Path, id: &str, threads: usize) -> Comparison {
        let Some(latest) = latest.filter(|latest| latest.file_name() != Some(id.as_ref())) else {
            return Comparison::None;
        };
        match diff(latest, root, self.lexicon, threads, &mut |_, _, _| Ok(())) {
            Ok(totals) => Comparison::Totals(totals),
            Err(error) => Comparison::Failed(error.to_string()),
        }
    }

    /// The store knows how many observations there were, whatever made them.
    fn jumps(&self, snapshot: &Snapshot) -> Vec<Jump> {
        let before = self.left.store.manifest.as_ref();
        before.map_or_else(Vec::new, |before| jumps(&before.snapshot.volumes, &snapshot.volumes))
    }

    /// Everything is as it was. What was looked into is remembered, so that the next night need not look again.
    fn nothing_new(
        mut self,
        found: Found,
        snapshot: Snapshot,
        mut runs: StoredRuns,
    ) -> Result<Published, DatasetError> {
        if found.confirmed > 0 {
            let name = Table::Seen.name();
            let to = self.left.store.next_run(name);
            let seen = found.runs.into_iter().nth(Table::Seen as usize).unwrap_or_default();
            let folding = Folding {
                before: None,
                fresh: seen,
                dead: &FxHashSet::default(),
                to,
                spill: &self.spill,
            };
            let run = folding.run()?;
            runs.put(name, &run);
            self.left.store.commit(&self.left.engine, snapshot.clone(), runs)?;
        }
        self.left.segments.clear()?;
        let path = self.out.join("snapshots").join(&snapshot.id);
        Ok(published(snapshot, path, found.tally, true))
    }

    /// What the workers found, and what runs that died had found.
    fn found(&mut self, workers: Vec<WorkerBuffer>, sightings: Sightings) -> Result<Found, DatasetError> {
        let mut found = Found {
            runs: vec![Vec::new(); Table::COUNT],
            dead: sightings.dead,
            stale: sightings.stale_copies,
            marks: sightings.marks,
            tally: Tally {
                same: sightings.same,
                resumed: sightings.resumed,
                withdrawn: sightings.withdrawn,
                stale: sightings.stale,
                lost: sightings.lost,
                ..Tally::default()
            },
            confirmed: 0,
        };
        found.add_runs(&self.left.resumed, |table| table != Table::Seen as usize);
        if let Some(seen) = found.runs.get_mut(Table::Seen as usize) {
            seen.extend(sightings.kept);
        }
        let mut strays = Vec::new();
        for worker in workers {
            let Worked { segments, changes } = worker.finish()?;
            found.add_runs(&segments, |_| true);
            found.tally.new += changes.new;
            found.tally.changed += changes.changed;
            found.tally.same += changes.confirmed;
            found.tally.stale += changes.stale.len() as u64;
            found.tally.lost += changes.lost;
            found.tally.withdrawn += changes.lost;
            found.confirmed += changes.confirmed;
            found.marks += changes.marks;
            found.stale.extend(changes.stale);
            found.dead.extend(changes.dead);
            strays.extend(changes.strays);
        }
        for stray in strays {
            found.dead.remove(&stray);
        }
        match self.spill.spools() {
            0 => Ok(found),
            missing => Err(DatasetError::WorkersMissing {
                path: self.staging.path().to_owned(),
                missing,
            }),
        }
    }

    /// Moves the snapshot to its place and points `latest` at it. One that stands there with every byte stays; one that is
    /// damaged is replaced in one step.
    fn publish(&self, root: &Path, id: &str, threads: usize) -> Result<Placed, DatasetError> {
        sync_tree(root, SYNC_THREADS)?;
        let snapshots = self.out.join("snapshots");
        let path = snapshots.join(id);
        let mut placed = Placed {
            path: path.clone(),
            ..Placed::default()
        };
        if path.symlink_metadata().is_err() {
            std::fs::rename(root, &path).at(&path)?;
        } else if is_of(&path, id) {
            let there = Previous::open(&snapshots, id, threads);
            placed.unchanged = there.is_whole();
            placed.damaged = there.damaged().collect();
            match placed.unchanged {
                true => std::fs::rename(root.join(RUN_FILE), path.join(RUN_FILE)).at(&path)?,
                false => self.exchange(root, &path)?,
            }
            sync_folder(&path)?;
        } else {
            let aside = free_name(&path);
            std::fs::rename(&path, &aside).at(&path)?;
            std::fs::rename(root, &path).at(&path)?;
            placed.set_aside = Some(aside);
        }
        sync_folder(&snapshots)?;
        self.link(id)?;
        Ok(placed)
    }

    /// Puts the staged snapshot in the place of a damaged one, which goes with the staging folder.
    fn exchange(&self, root: &Path, path: &Path) -> Result<(), DatasetError> {
        if renameat_with(CWD, root, CWD, path, RenameFlags::EXCHANGE).is_ok() {
            return Ok(());
        }
        // Some file systems cannot; for a moment nothing is there then.
        std::fs::rename(path, self.staging.path().join("remains")).at(path)?;
        std::fs::rename(root, path).at(path)
    }

    /// Replaces the link in one step: a reader finds the old snapshot or the new one, never nothing.
    fn link(&self, id: &str) -> Result<(), DatasetError> {
        let new = self.staging.path().join(LATEST);
        let target = Path::new("snapshots").join(id);
        std::os::unix::fs::symlink(target, &new).at(&new)?;
        let latest = self.out.join(LATEST);
        std::fs::rename(&new, &latest).at(&latest)?;
        sync_folder(&self.out)
    }
}

/// A snapshot at its place.
#[derive(Default)]
struct Placed {
    path: PathBuf,
    /// Whether it was there already.
    unchanged: bool,
    /// What was not as it was written of the one that was there.
    damaged: BTreeSet<PathBuf>,
    /// Where something went that stood there and was no snapshot.
    set_aside: Option<PathBuf>,
}

/// A name beside a path that nothing has.
fn free_name(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let names = (1u32..).map(|number| path.with_file_name(format!("{name}.aside-{number}")));
    let mut free = names.filter(|name| name.symlink_metadata().is_err());
    // There is always another number.
    free.next().unwrap_or_else(|| path.with_extension("aside"))
}

/// What came since the store was written.
struct Found {
    runs: Vec<Vec<Run>>,
    dead: FxHashSet<CopyKey>,
    /// Copies that count although their dumps could not be read.
    stale: StaleCopies,
    /// How many marks of such copies came or went.
    marks: u64,
    tally: Tally,
    /// Dumps that were looked into and are what they were.
    confirmed: u64,
}

impl Found {
    fn add_runs(&mut self, segments: &[Segment], is_wanted: impl Fn(usize) -> bool) {
        let tables = self.runs.iter_mut().enumerate().filter(|(table, _)| is_wanted(*table));
        for (table, runs) in tables {
            runs.extend(segments.iter().filter_map(|segment| segment.run(table)).cloned());
        }
    }

    /// Whether no row came or went.
    fn is_nothing(&self) -> bool {
        let mut others = self
            .runs
            .iter()
            .enumerate()
            .filter(|(table, _)| *table != Table::Seen as usize);
        self.marks == 0 && self.dead.is_empty() && others.all(|(_, runs)| runs.is_empty())
    }
}

pub(crate) fn row_counts(files: &[FileInfo]) -> BTreeMap<String, u64> {
    let mut rows = BTreeMap::new();
    for file in files {
        let table = file.name.split(['/', '.']).next().unwrap_or_default();
        *rows.entry(table.to_owned()).or_default() += file.rows;
    }
    rows
}

/// The first sixteen hexadecimal digits of a hash over names and hashes of all files but `run.json`.
pub(crate) fn snapshot_id(files: &[FileInfo]) -> String {
    let mut files: Vec<&FileInfo> = files.iter().collect();
    files.sort_by(|left, right| left.name.cmp(&right.name));
    let mut hasher = blake3::Hasher::new();
    for file in files {
        hasher.update(file.name.as_bytes()).update(&[0]);
        hasher.update(file.hash.as_bytes()).update(b"\n");
    }
    hasher.finalize().to_hex().chars().take(16).collect()
}
