//! From sorted rows to the files of a snapshot, table by table, and to what the next night begins with.
//!
//! Reports come first, since they tell which copies stand and which partitions are touched; the large tables then
//! stream side by side. Knows nothing of locks and links: it fills a folder.

mod derived;
mod partitioned;
mod whole;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use gongkai_lexicon::Lexicon;
use rustc_hash::FxHashSet;

use crate::by_category::SliceSpool;
use crate::copies::{Copies, CopyBook, CopyRuns};
use crate::counts::Counts;
use crate::error::DatasetError;
use crate::fold::Folding;
use crate::key::{CopyKey, first_text};
use crate::merge::merge;
use crate::panel::{PanelBook, PanelSpool};
use crate::parquet::{TableFile, TableSchema};
use crate::partitions::{PartitionRows, PartitionSources};
use crate::placement::{Placement, Placements, Places, Touched};
use crate::previous::Previous;
use crate::rows::{MentionRow, ObservationRow, PageRow};
use crate::seen::StaleCopies;
use crate::spill::{Run, RunWriter, SpillFolder};
use crate::staged::FileInfo;
use crate::store::{Store, StoredRun, StoredRuns};
use crate::table::ColumnarRow;
use crate::threads::side_by_side;
use crate::value_partitions::ValuePartitions;
use crate::values::{Blocks, Spools, ValueWriter};
use crate::volumes::{self, Volumes};
use crate::worker::{Table, row_error};
use crate::years::{YearBook, YearCounts};

/// What the tables are made of and where they go.
pub(crate) struct Assembly<'a> {
    /// The snapshot's folder.
    pub root: &'a Path,
    /// Where rows wait.
    pub spill: &'a Arc<SpillFolder>,
    /// What earlier nights left, and where this one's goes.
    pub store: &'a Store,
    /// The runs of the store, where they can be used.
    pub before: &'a StoredRuns,
    /// The snapshot that was made of them.
    pub previous: Option<&'a Previous>,
    /// The sorted runs that came since, by table.
    pub runs: Vec<Vec<Run>>,
    /// Copies that do not count any more.
    pub dead: &'a FxHashSet<CopyKey>,
    /// Copies that count although their dumps could not be read.
    pub stale: &'a StaleCopies,
    /// The domain data.
    pub lexicon: &'a Lexicon,
    /// What the panel is made by.
    pub panel: &'a PanelBook,
    /// The identities between years.
    pub years: &'a YearBook,
    /// What reports are compared by.
    pub copies: &'a CopyBook,
    /// Rows in a row group.
    pub row_group_rows: usize,
    /// How many threads write the files of values.
    pub threads: usize,
    /// Told the name of each stage when it begins.
    pub stage: &'a (dyn Fn(&'static str) + Sync),
}

/// What was written.
pub(crate) struct Assembled {
    /// The Parquet files.
    pub files: Vec<FileInfo>,
    pub years: YearCounts,
    pub counts: Counts,
    /// Observations by category.
    pub volumes: BTreeMap<String, u64>,
    /// What the next store holds.
    pub runs: StoredRuns,
    /// Files that were taken over from the snapshot before.
    pub linked: u64,
}

/// The part of the memory budget that the blocks of a partition may take: each thread writes one, with its rows and
/// columns.
const PARTITION_SHARE: usize = 20;

/// The tables that decide what the others hold: they are folded first.
const DECIDING: [Table; 3] = [Table::Rivals, Table::Reports, Table::Twins];

/// What is written beside the partitions of values, each by one thread: what takes longest begins first.
const WHOLES: [Whole; 8] = [
    |assembly, decided| assembly.checks(decided),
    |assembly, decided| assembly.pages(decided),
    |assembly, decided| assembly.reports(decided),
    |assembly, decided| assembly.years(decided),
    |assembly, decided| assembly.dumps(decided),
    |assembly, decided| assembly.problems(decided),
    |assembly, decided| assembly.rejects(decided),
    |assembly, decided| assembly.seen(decided),
];

/// Writes a table or more.
type Whole = fn(&Assembly<'_>, &Decided) -> Result<Written, DatasetError>;

/// The runs that are made of others, by what they are called in the store.
const PLACEMENTS: &str = "placements";
const VOLUMES: &str = "volumes";

/// What is decided before the large tables are written.
struct Decided {
    copies: Copies,
    touched: Touched,
    /// What there is to tell of copies: problems.
    told: Vec<Run>,
}

/// What several threads write side by side.
#[derive(Default)]
struct Written {
    files: Vec<FileInfo>,
    panel: Vec<Run>,
    slices: Vec<Run>,
    /// By partition.
    volumes: BTreeMap<String, Volumes>,
    pages: BTreeMap<String, StoredRun>,
    /// The runs of the next store, by what they are called there.
    runs: Vec<(&'static str, Run)>,
    counts: Counts,
    years: YearCounts,
}

impl Written {
    fn add(&mut self, other: Self) {
        self.files.extend(other.files);
        self.runs.extend(other.runs);
        self.years.add_all(other.years);
        self.panel.extend(other.panel);
        self.slices.extend(other.slices);
        self.volumes.extend(other.volumes);
        self.pages.extend(other.pages);
        self.counts.add(&other.counts);
    }
}

impl Assembly<'_> {
    /// Writes every Parquet file, and the runs of the next store.
    pub(crate) fn write(mut self) -> Result<Assembled, DatasetError> {
        let mut stored = StoredRuns::default();
        (self.stage)("sort");
        self.fold(&mut stored)?;
        (self.stage)("decide");
        let decided = self.decide(&mut stored)?;
        (self.stage)("write");
        let written = self.tables(&decided, &mut stored)?;
        written.runs.iter().for_each(|(name, run)| stored.put(name, run));
        let mut files = written.files;
        let linked = self.taken_over(&decided.touched)?;
        let count = linked.len() as u64;
        files.extend(linked);
        files.extend(self.if_none::<ObservationRow>(&files)?);
        files.extend(self.if_none::<MentionRow>(&files)?);
        files.extend(self.if_none::<PageRow>(&files)?);
        files.extend(self.derived(written.panel, written.slices, &decided.touched, &mut stored)?);
        stored.pages = written.pages;
        let before = self.before(VOLUMES)?;
        let run = RunWriter::create(self.store.next_run(VOLUMES))?;
        let (run, volumes) = volumes::write(written.volumes, before, &decided.touched.values, run, self.spill)?;
        stored.put(VOLUMES, &run);
        Ok(Assembled {
            volumes,
            files,
            years: written.years,
            counts: written.counts,
            runs: stored,
            linked: count,
        })
    }

    /// Makes what the store has of the tables that decide, and what came since, one run each.
    fn fold(&mut self, stored: &mut StoredRuns) -> Result<(), DatasetError> {
        let next = AtomicUsize::new(0);
        let this = &*self;
        let work = || {
            let mut folded = Vec::new();
            while let Some(table) = DECIDING.get(next.fetch_add(1, Ordering::Relaxed)).copied() {
                folded.push((table, this.folding(table)?.run()?));
            }
            Ok::<_, DatasetError>(folded)
        };
        let folded = side_by_side(self.threads, &work)?;
        for (table, run) in folded.into_iter().flatten() {
            stored.put(table.name(), &run);
            if let Some(runs) = self.runs.get_mut(table as usize) {
                *runs = vec![run];
            }
        }
        Ok(())
    }

    /// What the store has of a table, and what came since.
    fn folding(&self, table: Table) -> Result<Folding<'_>, DatasetError> {
        Ok(Folding {
            before: self.before(table.name())?,
            fresh: self.fresh(table),
            dead: self.dead,
            to: self.store.next_run(table.name()),
            spill: self.spill,
        })
    }

    /// Decides which reports and copies count, and finds the partitions that this night touches.
    fn decide(&self, stored: &mut StoredRuns) -> Result<Decided, DatasetError> {
        let runs = CopyRuns {
            spill: self.spill,
            book: self.copies,
            reports: self.fresh(Table::Reports),
            rivals: self.fresh(Table::Rivals),
            twins: self.fresh(Table::Twins),
        };
        let (copies, told) = runs.decide()?;
        let to = self.store.next_run(PLACEMENTS);
        let mut placements = Placements::begin(self.before(PLACEMENTS)?, to, self.spill)?;
        merge(self.fresh(Table::Reports), self.spill, false, |key, payload| {
            let report_id = first_text(key).unwrap_or_default();
            let (places, _) = Places::read(payload).map_err(|error| self.row_error(PLACEMENTS, error))?;
            placements.push(key, &Placement::of(report_id, key, places, &copies))
        })?;
        let (mut touched, run) = placements.finish()?;
        stored.put(PLACEMENTS, &run);
        self.widen(&mut touched);
        Ok(Decided { copies, touched, told })
    }

    /// All tables but those that are made of the panel's groups. Every thread takes whole tables while there are any, then
    /// partitions of values.
    fn tables(&self, decided: &Decided, stored: &mut StoredRuns) -> Result<Written, DatasetError> {
        let writer = ValueWriter {
            root: self.root,
            spill: self.spill,
            row_group_rows: self.row_group_rows,
            observations: TableSchema::of::<ObservationRow>(self.root)?,
            mentions: TableSchema::of::<MentionRow>(self.root)?,
            limit: self.spill.budget() / PARTITION_SHARE,
            links: &decided.copies.links,
            lexicon: self.lexicon,
        };
        let sources = PartitionSources {
            fresh: self.fresh(Table::Values),
            before: &self.before.values,
            touched: &decided.touched.values,
            dead: self.dead,
            store: self.store,
            spill: self.spill,
        };
        let partitions = Mutex::new(ValuePartitions {
            copies: &decided.copies,
            spill: self.spill,
            limit: writer.limit,
            rows: PartitionRows::open(sources, "values.pack")?,
        });
        let next_whole = AtomicUsize::new(0);
        let write = || {
            let mut written = Written::default();
            while let Some(whole) = WHOLES.get(next_whole.fetch_add(1, Ordering::Relaxed)) {
                written.add(whole(self, decided)?);
            }
            let mut spools = Spools {
                panel: PanelSpool::new(self.spill, self.panel),
                slices: SliceSpool::new(self.spill),
            };
            let mut blocks = Blocks::default();
            let next = |blocks: &mut Blocks| match partitions.lock() {
                Ok(mut partitions) => partitions.next(blocks),
                // The thread that panicked is joined, and its panic goes on.
                Err(_) => Ok(None),
            };
            while let Some(partition) = next(&mut blocks)? {
                let name = partition.name.clone();
                let (files, volumes) = writer.write(partition, &mut blocks, &mut spools)?;
                written.files.extend(files);
                written.volumes.insert(name, volumes);
            }
            written.panel = spools.panel.finish()?;
            written.slices = spools.slices.finish()?;
            Ok::<_, DatasetError>(written)
        };
        let mut all = Written::default();
        side_by_side(self.threads, &write)?
            .into_iter()
            .for_each(|written| all.add(written));
        let partitions = partitions
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        stored.values = partitions.rows.finish()?;
        Ok(all)
    }

    fn file<R: ColumnarRow>(&self) -> Result<TableFile<R>, DatasetError> {
        let schema = TableSchema::of::<R>(self.root)?;
        TableFile::create(self.root, format!("{}.parquet", R::TABLE), &schema, self.row_group_rows)
    }

    /// What the store has of a table.
    fn before(&self, name: &str) -> Result<Option<Run>, DatasetError> {
        self.before.tables.get(name).map(|run| self.store.run(run)).transpose()
    }

    /// The runs of a table that came since the store was written; of tables that decide, once they are folded, the whole
    /// table.
    fn fresh(&self, table: Table) -> Vec<Run> {
        self.runs.get(table as usize).cloned().unwrap_or_default()
    }

    fn row_error(&self, table: &'static str, error: postcard::Error) -> DatasetError {
        row_error(self.spill.path(), table, error)
    }
}
