//! From sorted rows to the files of a snapshot, table by table.
//!
//! Reports come first, since they tell which copies stand; the large tables then stream side by side. Knows nothing of
//! locks and links: it fills a folder.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use serde::de::DeserializeOwned;

use crate::block::Block;
use crate::copies::{Copies, CopyBook, CopyJoiner, CopyRuns};
use crate::error::DatasetError;
use crate::key::{CopyKey, Tail, UNKNOWN_PARTITION, partition_of};
use crate::merge::{Merged, merge, shorten};
use crate::panel::{CoverageMaker, PanelBook, PanelSpool, PanelTables};
use crate::parquet::{PartitionedTable, TableFile, TableSchema};
use crate::rows::{
    CheckRow, CoverageRow, DumpRow, MentionRow, ObservationRow, PageRow, ProblemRow, RejectRow, ReportRow, YearCheckRow,
};
use crate::spill::SpillFolder;
use crate::staged::FileInfo;
use crate::table::ColumnarRow;
use crate::values::{Blocks, Partition, Splitter, ValueWriter};
use crate::worker::{Table, row_error};
use crate::years::{YearBook, YearCounts, YearEntry, YearTester};

/// What the tables are made of and where they go.
pub(crate) struct Assembly<'a> {
    /// The snapshot's folder.
    pub root: &'a Path,
    /// Where rows wait.
    pub spill: &'a Arc<SpillFolder>,
    /// The sorted runs, by table.
    pub runs: Vec<Vec<PathBuf>>,
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
}

/// The part of the memory budget that the blocks of a partition may take: each thread writes one, with its rows and
/// columns.
const PARTITION_SHARE: usize = 20;

impl Assembly<'_> {
    /// Writes every Parquet file; gives them sorted by name, and what the years say of each other.
    pub(crate) fn write(mut self) -> Result<(Vec<FileInfo>, YearCounts), DatasetError> {
        let copies = self.copies()?;
        let reports = self.reports(&copies)?;
        let (years, counts) = self.years(&copies)?;
        let mut files = vec![years];
        files.extend(reports);
        files.extend(self.tables(&copies)?);
        files.sort_by(|left, right| left.name.cmp(&right.name));
        Ok((files, counts))
    }

    /// Everything that is little next to the values.
    fn others(&self, copies: &Copies) -> Result<Vec<FileInfo>, DatasetError> {
        let mut files = self.pages(copies)?;
        files.push(self.of_reports::<CheckRow>(Table::Checks, copies, |row| &row.report_id)?);
        files.push(self.of_reports::<ProblemRow>(Table::Problems, copies, |row| &row.report_id)?);
        files.push(self.plain::<RejectRow>(Table::Rejects)?);
        files.push(self.plain::<DumpRow>(Table::Dumps)?);
        Ok(files)
    }

    /// Decides which reports and copies count; what there is to tell of them is put to the problems.
    fn copies(&mut self) -> Result<Copies, DatasetError> {
        let reports = shorten(self.runs(Table::Reports), self.spill)?;
        let runs = CopyRuns {
            spill: self.spill,
            book: self.copies,
            reports: reports.clone(),
            rivals: self.runs(Table::Rivals),
            twins: self.runs(Table::Twins),
        };
        let (copies, problems) = runs.decide()?;
        if let Some(runs) = self.runs.get_mut(Table::Reports as usize) {
            *runs = reports;
        }
        if let Some(runs) = self.runs.get_mut(Table::Problems as usize) {
            runs.extend(problems);
        }
        Ok(copies)
    }

    /// The reports, and for which places there are any.
    fn reports(&self, copies: &Copies) -> Result<[FileInfo; 2], DatasetError> {
        let mut file = self.file::<ReportRow>()?;
        let mut coverage = CoverageMaker::new(&self.panel.gazetteer);
        let mut write = |mut row: ReportRow| {
            row.duplicate_of = copies.links.standing_for(&row.report_id);
            coverage.push(&row);
            file.push(&row)
        };
        let mut joiner = CopyJoiner::default();
        self.each(Table::Reports, true, |_, _, row| {
            joiner.push(row).map_or(Ok(()), &mut write)
        })?;
        joiner.finish().map_or(Ok(()), &mut write)?;
        let mut covered = self.file::<CoverageRow>()?;
        coverage.finish(|row| covered.push(row))?;
        Ok([file.finish()?, covered.finish()?])
    }

    /// All tables but the reports. Every thread takes partitions of values and writes their files; the first writes
    /// everything else before.
    fn tables(&self, copies: &Copies) -> Result<Vec<FileInfo>, DatasetError> {
        let writer = ValueWriter {
            root: self.root,
            spill: self.spill,
            row_group_rows: self.row_group_rows,
            observations: TableSchema::of::<ObservationRow>(self.root)?,
            mentions: TableSchema::of::<MentionRow>(self.root)?,
            limit: self.spill.budget() / PARTITION_SHARE,
            links: &copies.links,
        };
        let partitions = Mutex::new(Partitions {
            copies,
            spill: self.spill,
            limit: writer.limit,
            rows: Merged::open(self.runs(Table::Values), self.spill, true)?,
            ahead: None,
        });
        let write = |number: usize| {
            let mut files = match number {
                0 => self.others(copies)?,
                _ => Vec::new(),
            };
            let mut panel = PanelSpool::new(self.spill, self.panel);
            let mut blocks = Blocks::default();
            let next = |blocks: &mut Blocks| match partitions.lock() {
                Ok(mut partitions) => partitions.next(blocks),
                // The thread that panicked is joined, and its panic goes on.
                Err(_) => Ok(None),
            };
            while let Some(partition) = next(&mut blocks)? {
                files.extend(writer.write(partition, &mut blocks, &mut panel)?);
            }
            Ok::<_, DatasetError>((files, panel.finish()?))
        };
        let (mut files, mut runs) = (Vec::new(), Vec::new());
        std::thread::scope(|scope| {
            let threads = (0..self.threads.max(1)).map(|number| scope.spawn(move || write(number)));
            let threads: Vec<_> = threads.collect();
            threads.into_iter().try_for_each(|thread| {
                let (written, panel) = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
                files.extend(written);
                runs.extend(panel);
                Ok(())
            })
        })?;
        files.extend(self.if_none::<ObservationRow>(&files, &writer.observations)?);
        files.extend(self.if_none::<MentionRow>(&files, &writer.mentions)?);
        files.extend(self.panel(runs)?);
        Ok(files)
    }

    /// A table without rows has one file without rows, so that readers find the columns.
    fn if_none<R: ColumnarRow>(
        &self,
        files: &[FileInfo],
        schema: &Arc<TableSchema>,
    ) -> Result<Option<FileInfo>, DatasetError> {
        let folder = format!("{}/", R::TABLE);
        if files.iter().any(|file| file.name.starts_with(&folder)) {
            return Ok(None);
        }
        TableFile::<R>::of_partition(self.root, UNKNOWN_PARTITION, schema, self.row_group_rows)?
            .finish()
            .map(Some)
    }

    fn panel(&self, runs: Vec<PathBuf>) -> Result<[FileInfo; 2], DatasetError> {
        let folder = self.spill.path().to_owned();
        let mut tables = PanelTables::new(self.panel, folder, self.file()?, self.file()?);
        merge(runs, self.spill, false, |key, group| tables.push(key, group))?;
        tables.finish()
    }

    /// A page stands for those of its reports whose standing copy it is.
    fn pages(&self, copies: &Copies) -> Result<Vec<FileInfo>, DatasetError> {
        let mut table = PartitionedTable::<PageRow>::new(self.root, self.row_group_rows)?;
        self.each(Table::Pages, true, |place, copy, mut row: PageRow| {
            row.report_ids.retain(|report| copies.stands(report, copy));
            match row.report_ids.is_empty() {
                true => Ok(()),
                false => table.push(place, &row),
            }
        })?;
        table.finish()
    }

    fn of_reports<R: ColumnarRow>(
        &self,
        table: Table,
        copies: &Copies,
        report: impl Fn(&R) -> &String,
    ) -> Result<FileInfo, DatasetError> {
        let mut file = self.file::<R>()?;
        self.each(table, true, |_, copy, rows: Vec<R>| match rows.first() {
            Some(first) if copies.stands(report(first), copy) => rows.iter().try_for_each(|row| file.push(row)),
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
        self.each(Table::YearEntries, true, |_, copy, entry: YearEntry| {
            match copies.counts(&entry.report_id, copy) {
                true => tester.push(entry, &mut take),
                false => Ok(()),
            }
        })?;
        tester.finish(&mut take)?;
        Ok((file.finish()?, counts))
    }

    fn plain<R: ColumnarRow>(&self, table: Table) -> Result<FileInfo, DatasetError> {
        let mut file = self.file::<R>()?;
        self.each(table, false, |_, _, row: R| file.push(&row))?;
        file.finish()
    }

    fn file<R: ColumnarRow>(&self) -> Result<TableFile<R>, DatasetError> {
        let schema = TableSchema::of::<R>(self.root)?;
        TableFile::create(self.root, format!("{}.parquet", R::TABLE), &schema, self.row_group_rows)
    }

    /// Gives the rows of a table in their order, each with its partition and the copy it comes from.
    fn each<R: DeserializeOwned>(
        &self,
        table: Table,
        distinct: bool,
        mut take: impl FnMut(&str, CopyKey, R) -> Result<(), DatasetError>,
    ) -> Result<(), DatasetError> {
        merge(self.runs(table), self.spill, distinct, |key, payload| {
            let row = postcard::from_bytes(payload).map_err(|error| self.row_error(table.name(), error))?;
            take(partition_of(key), Tail::copy_of(key), row)
        })
    }

    fn runs(&self, table: Table) -> Vec<PathBuf> {
        self.runs.get(table as usize).cloned().unwrap_or_default()
    }

    fn row_error(&self, table: &'static str, error: postcard::Error) -> DatasetError {
        row_error(self.spill.path(), table, error)
    }
}

/// The partitions of values, one after the other: each the blocks of its reports that stand.
struct Partitions<'a> {
    copies: &'a Copies,
    spill: &'a Arc<SpillFolder>,
    limit: usize,
    rows: Merged,
    /// The first block of the next partition.
    ahead: Option<(String, Vec<u8>)>,
}

impl Partitions<'_> {
    /// The next partition; its blocks are put into `blocks` in the place of others, unless it is too large for them.
    fn next(&mut self, blocks: &mut Blocks) -> Result<Option<Partition>, DatasetError> {
        blocks.clear();
        let mut splitter: Option<Splitter> = None;
        let mut open = self.ahead.take().map(|(name, block)| {
            blocks.push(&block);
            name
        });
        while let Some((key, payload)) = self.rows.next()? {
            let head =
                Block::read_head(payload).map_err(|error| row_error(self.spill.path(), Table::Values.name(), error))?;
            if !self.copies.stands(head.report_id, Tail::copy_of(key)) {
                continue;
            }
            let partition = partition_of(key);
            if open.as_ref().is_some_and(|open| open != partition) {
                self.ahead = Some((partition.to_owned(), payload.to_vec()));
                break;
            }
            open.get_or_insert_with(|| partition.to_owned());
            if !blocks.is_empty() && blocks.size() + payload.len() > self.limit {
                splitter.get_or_insert_with(|| Splitter::new(self.spill)).add(blocks)?;
                blocks.clear();
            }
            blocks.push(payload);
        }
        let Some(name) = open else {
            return self.rows.remove().map(|()| None);
        };
        let Some(mut splitter) = splitter else {
            return Ok(Some(Partition { name, runs: None }));
        };
        splitter.add(blocks)?;
        blocks.clear();
        let runs = Some(splitter.finish()?);
        Ok(Some(Partition { name, runs }))
    }
}
