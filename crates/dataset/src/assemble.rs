//! From sorted rows to the files of a snapshot, table by table, and to what the next night begins with.
//!
//! Reports come first, since they tell which copies stand and which partitions are touched; the large tables then
//! stream side by side. Knows nothing of locks and links: it fills a folder.

mod derived;
mod partitioned;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use gongkai_lexicon::Lexicon;
use rustc_hash::FxHashSet;
use serde::de::DeserializeOwned;

use crate::by_category::SliceSpool;
use crate::copies::{Copies, CopyBook, CopyJoiner, CopyRuns};
use crate::counts::Counts;
use crate::error::DatasetError;
use crate::fold::fold;
use crate::key::{CopyKey, Tail, partition};
use crate::merge::merge;
use crate::panel::{CoverageMaker, PanelBook, PanelSpool};
use crate::parquet::{TableFile, TableSchema};
use crate::partitions::{PartitionRows, PartitionSources};
use crate::placement::{Placement, Placements, Touched};
use crate::previous::Previous;
use crate::rows::{
    CheckRow, CoverageRow, DumpRow, MentionRow, ObservationRow, PageRow, ProblemRow, RejectRow, ReportRow, YearCheckRow,
};
use crate::spill::{Run, RunWriter, SpillFolder};
use crate::staged::FileInfo;
use crate::store::{Store, StoredRun, StoredRuns};
use crate::table::ColumnarRow;
use crate::value_partitions::ValuePartitions;
use crate::values::{Blocks, Spools, ValueWriter};
use crate::volumes::{self, Volumes};
use crate::worker::{Table, row_error};
use crate::years::{YearBook, YearCounts, YearEntry, YearTester};

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

/// The tables that are one run in the store.
const WHOLE: [Table; 9] = [
    Table::Reports,
    Table::Rivals,
    Table::Twins,
    Table::YearEntries,
    Table::Checks,
    Table::Problems,
    Table::Rejects,
    Table::Dumps,
    Table::Seen,
];

/// The runs that are made of others, by what they are called in the store.
const PLACEMENTS: &str = "placements";
const VOLUMES: &str = "volumes";

/// What is decided before the large tables are written.
struct Decided {
    copies: Copies,
    touched: Touched,
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
    counts: Counts,
}

impl Written {
    fn add(&mut self, other: Self) {
        self.files.extend(other.files);
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
        let copies = self.copies()?;
        let (year_checks, years, reports, mut touched, counts) = std::thread::scope(|scope| {
            let years = scope.spawn(|| self.years(&copies));
            let (reports, touched, counts) = self.reports(&copies, &mut stored)?;
            let (year_checks, years) = years.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            Ok::<_, DatasetError>((year_checks, years, reports, touched, counts))
        })?;
        self.widen(&mut touched);
        let decided = Decided { copies, touched };
        (self.stage)("write");
        let mut written = self.tables(&decided, &mut stored)?;
        written.counts.add(&counts);
        let mut files = vec![year_checks];
        files.extend(reports);
        let linked = self.taken_over(&decided.touched)?;
        let count = linked.len() as u64;
        files.extend(linked);
        files.extend(written.files);
        files.extend(self.if_none::<ObservationRow>(&files)?);
        files.extend(self.if_none::<MentionRow>(&files)?);
        files.extend(self.if_none::<PageRow>(&files)?);
        files.extend(self.derived(written.panel, written.slices, &decided.touched, &mut stored)?);
        stored.pages = written.pages;
        let before = self.before(VOLUMES);
        let run = RunWriter::create(self.store.next_run(VOLUMES))?;
        let (run, volumes) = volumes::write(written.volumes, before, &decided.touched.values, run, self.spill)?;
        stored.put(VOLUMES, &run);
        Ok(Assembled {
            volumes,
            files,
            years,
            counts: written.counts,
            runs: stored,
            linked: count,
        })
    }

    /// Makes what the store has of a table, and what came since, one run: for each table that has only one file.
    fn fold(&mut self, stored: &mut StoredRuns) -> Result<(), DatasetError> {
        let next = AtomicUsize::new(0);
        let (this, none) = (&*self, FxHashSet::default());
        let work = || {
            let mut folded = Vec::new();
            while let Some(table) = WHOLE.get(next.fetch_add(1, Ordering::Relaxed)).copied() {
                // What was seen is complete without the store, and has keys of its own.
                let (before, dead) = match table {
                    Table::Seen => (None, &none),
                    _ => (this.before(table.name()), this.dead),
                };
                let to = this.store.next_run(table.name());
                folded.push((table, fold(before, this.fresh(table), dead, to, this.spill)?));
            }
            Ok::<_, DatasetError>(folded)
        };
        let mut folded = Vec::new();
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..self.threads.max(1)).map(|_| scope.spawn(work)).collect();
            threads.into_iter().try_for_each(|thread| {
                folded.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
                Ok::<_, DatasetError>(())
            })
        })?;
        for (table, run) in folded {
            stored.put(table.name(), &run);
            if let Some(runs) = self.runs.get_mut(table as usize) {
                *runs = vec![run];
            }
        }
        Ok(())
    }

    /// Decides which reports and copies count; what there is to tell of them is put to the problems.
    fn copies(&mut self) -> Result<Copies, DatasetError> {
        let runs = CopyRuns {
            spill: self.spill,
            book: self.copies,
            reports: self.fresh(Table::Reports),
            rivals: self.fresh(Table::Rivals),
            twins: self.fresh(Table::Twins),
        };
        let (copies, problems) = runs.decide()?;
        if let Some(runs) = self.runs.get_mut(Table::Problems as usize) {
            runs.extend(problems);
        }
        Ok(copies)
    }

    /// Writes the reports, and for which places there are any, and finds the partitions that this night touches.
    fn reports(
        &self,
        copies: &Copies,
        stored: &mut StoredRuns,
    ) -> Result<([FileInfo; 2], Touched, Counts), DatasetError> {
        let mut file = self.file::<ReportRow>()?;
        let mut coverage = CoverageMaker::new(&self.panel.gazetteer);
        let mut write = |mut row: ReportRow| {
            row.duplicate_of = copies.links.standing_for(&row.report_id);
            coverage.push(&row);
            file.push(&row)
        };
        let before = self.before(PLACEMENTS);
        let to = self.store.next_run(PLACEMENTS);
        let mut placements = Placements::begin(before, to, self.spill)?;
        let mut joiner = CopyJoiner::default();
        let mut counts = Counts::default();
        self.each(Table::Reports, |key, (row, pages): (ReportRow, String)| {
            let values = partition(row.year, row.jurisdiction_code.as_deref());
            let placement = Placement::of(&row.report_id, key, values, &pages, copies);
            placements.push(key, &placement)?;
            counts.add_report(&row);
            joiner.push(row).map_or(Ok(()), &mut write)
        })?;
        joiner.finish().map_or(Ok(()), &mut write)?;
        let (touched, run) = placements.finish()?;
        stored.put(PLACEMENTS, &run);
        let mut covered = self.file::<CoverageRow>()?;
        coverage.finish(|row| covered.push(row))?;
        Ok(([file.finish()?, covered.finish()?], touched, counts))
    }

    /// All tables but the reports. Every thread takes partitions of values and writes their files; the first writes
    /// everything else before.
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
        let write = |number: usize| {
            let mut written = match number {
                0 => self.others(decided)?,
                _ => Written::default(),
            };
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
        std::thread::scope(|scope| {
            let threads = (0..self.threads.max(1)).map(|number| scope.spawn(move || write(number)));
            let threads: Vec<_> = threads.collect();
            threads.into_iter().try_for_each(|thread| {
                all.add(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
                Ok::<_, DatasetError>(())
            })
        })?;
        let partitions = partitions
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        stored.values = partitions.rows.finish()?;
        Ok(all)
    }

    /// Everything that is little next to the values.
    fn others(&self, decided: &Decided) -> Result<Written, DatasetError> {
        let copies = &decided.copies;
        let mut counts = Counts::default();
        let (mut files, pages) = self.pages(decided)?;
        files.push(self.of_reports::<CheckRow>(Table::Checks, copies, |row| &row.report_id)?);
        files.push(self.of_reports::<ProblemRow>(Table::Problems, copies, |row| &row.report_id)?);
        files.push(self.plain::<RejectRow>(Table::Rejects, |row| counts.add_reject(row))?);
        files.push(self.plain::<DumpRow>(Table::Dumps, |row| counts.add_dump(row))?);
        Ok(Written {
            files,
            pages,
            counts,
            ..Written::default()
        })
    }

    fn of_reports<R: ColumnarRow>(
        &self,
        table: Table,
        copies: &Copies,
        report: impl Fn(&R) -> &String,
    ) -> Result<FileInfo, DatasetError> {
        let mut file = self.file::<R>()?;
        self.each(table, |key, rows: Vec<R>| match rows.first() {
            Some(first) if copies.stands(report(first), Tail::copy_of(key)) => {
                rows.iter().try_for_each(|row| file.push(row))
            }
            _ => Ok(()),
        })?;
        file.finish()
    }

    /// What successive years of the reports that count say of each other.
    fn years(&self, copies: &Copies) -> Result<(FileInfo, YearCounts), DatasetError> {
        let mut file = self.file::<YearCheckRow>()?;
        let mut counts = YearCounts::default();
        let mut take = |finding: &YearCheckRow| {
            counts.add(finding);
            file.push(finding)
        };
        let mut tester = YearTester::new(self.years);
        self.each(Table::YearEntries, |key, entry: YearEntry| {
            match copies.counts(&entry.report_id, Tail::copy_of(key)) {
                true => tester.push(entry, &mut take),
                false => Ok(()),
            }
        })?;
        tester.finish(&mut take)?;
        Ok((file.finish()?, counts))
    }

    fn plain<R: ColumnarRow>(&self, table: Table, mut count: impl FnMut(&R)) -> Result<FileInfo, DatasetError> {
        let mut file = self.file::<R>()?;
        self.each(table, |_, row: R| {
            count(&row);
            file.push(&row)
        })?;
        file.finish()
    }

    fn file<R: ColumnarRow>(&self) -> Result<TableFile<R>, DatasetError> {
        let schema = TableSchema::of::<R>(self.root)?;
        TableFile::create(self.root, format!("{}.parquet", R::TABLE), &schema, self.row_group_rows)
    }

    /// Gives the rows of a table in their order, each with its key.
    fn each<R: DeserializeOwned>(
        &self,
        table: Table,
        mut take: impl FnMut(&[u8], R) -> Result<(), DatasetError>,
    ) -> Result<(), DatasetError> {
        merge(self.fresh(table), self.spill, false, |key, payload| {
            let row = postcard::from_bytes(payload).map_err(|error| self.row_error(table.name(), error))?;
            take(key, row)
        })
    }

    /// What the store has of a table.
    fn before(&self, name: &str) -> Option<Run> {
        self.before.tables.get(name).map(|run| self.store.run(run))
    }

    /// The runs of a table that came since the store was written; of tables that are folded, the whole table.
    fn fresh(&self, table: Table) -> Vec<Run> {
        self.runs.get(table as usize).cloned().unwrap_or_default()
    }

    fn row_error(&self, table: &'static str, error: postcard::Error) -> DatasetError {
        row_error(self.spill.path(), table, error)
    }
}
