//! From sorted rows to the files of a snapshot, table by table.
//!
//! Reports come first, since they tell which copies stand; the large tables then stream side by side. Knows nothing of
//! locks and links: it fills a folder.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::ScopedJoinHandle;

use serde::de::DeserializeOwned;

use crate::block::Block;
use crate::copies::{Copies, CopyJoiner};
use crate::error::DatasetError;
use crate::key::{CopyKey, Tail, UNKNOWN_PARTITION, partition_of};
use crate::merge::merge;
use crate::panel::{IndicatorMaker, PanelGroup, PanelSpool};
use crate::parquet::{PartitionedTable, TableFile, TableSchema};
use crate::rows::{
    CheckRow, DumpRow, IndicatorRow, MentionRow, ObservationRow, PageRow, PanelRow, ProblemRow, RejectRow, ReportRow,
};
use crate::spill::SpillFolder;
use crate::staged::FileInfo;
use crate::table::ColumnarRow;
use crate::values::{Blocks, Content, Partition, Splitter, ValueWriter};
use crate::worker::{PanelCategories, Table, row_error};

/// What the tables are made of and where they go.
pub(crate) struct Assembly<'a> {
    /// The snapshot's folder.
    pub root: &'a Path,
    /// Where rows wait.
    pub spill: &'a Arc<SpillFolder>,
    /// The sorted runs, by table.
    pub runs: Vec<Vec<PathBuf>>,
    /// The categories of the panel.
    pub categories: &'a PanelCategories,
    /// Rows in a row group.
    pub row_group_rows: usize,
    /// How many threads write the files of values.
    pub threads: usize,
}

/// The part of the memory budget that the blocks of a partition may take: one is gathered and each thread writes one,
/// with its rows and columns.
const PARTITION_SHARE: usize = 8;

impl Assembly<'_> {
    /// Writes every Parquet file; gives them sorted by name.
    pub(crate) fn write(&self) -> Result<Vec<FileInfo>, DatasetError> {
        let (reports, copies) = self.reports()?;
        let mut files = vec![reports];
        std::thread::scope(|scope| {
            let others = scope.spawn(|| self.others(&copies));
            files.extend(self.values(&copies)?);
            files.extend(joined(others)?);
            Ok::<(), DatasetError>(())
        })?;
        files.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(files)
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

    fn reports(&self) -> Result<(FileInfo, Copies), DatasetError> {
        let mut file = self.file::<ReportRow>()?;
        let mut joiner = CopyJoiner::default();
        self.each(Table::Reports, true, |_, copy, row| match joiner.push(row, copy) {
            Some(complete) => file.push(&complete),
            None => Ok(()),
        })?;
        let (last, copies) = joiner.finish();
        if let Some(last) = last {
            file.push(&last)?;
        }
        Ok((file.finish()?, copies))
    }

    /// Observations, mentions, panel and indicators. One thread gathers partitions, the others write their files.
    fn values(&self, copies: &Copies) -> Result<Vec<FileInfo>, DatasetError> {
        let writer = ValueWriter {
            root: self.root,
            spill: self.spill,
            row_group_rows: self.row_group_rows,
            observations: TableSchema::of::<ObservationRow>(self.root)?,
            mentions: TableSchema::of::<MentionRow>(self.root)?,
            limit: self.spill.budget() / PARTITION_SHARE,
        };
        let (sender, receiver) = sync_channel::<Partition>(0);
        let receiver = Mutex::new(receiver);
        let next = || receiver.lock().ok().and_then(|receiver| receiver.recv().ok());
        let (mut files, mut runs) = (Vec::new(), Vec::new());
        std::thread::scope(|scope| {
            let write = || {
                let mut panel = PanelSpool::new(self.spill);
                let mut files = Vec::new();
                let written = std::iter::from_fn(next).try_for_each(|partition| {
                    files.extend(writer.write(partition, &mut panel)?);
                    Ok(())
                });
                // A writer that failed takes what comes all the same: nobody may wait for it.
                written.inspect_err(|_| while next().is_some() {})?;
                Ok::<_, DatasetError>((files, panel.finish()?))
            };
            let threads: Vec<_> = (0..self.threads.max(1)).map(|_| scope.spawn(write)).collect();
            let gathered = self.gather(copies, writer.limit, sender);
            for thread in threads {
                let (written, panel) = joined(thread)?;
                files.extend(written);
                runs.extend(panel);
            }
            gathered
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
        let name = format!("{folder}{UNKNOWN_PARTITION}.parquet");
        TableFile::<R>::create(self.root, name, schema, self.row_group_rows)?
            .finish()
            .map(Some)
    }

    /// Sends the partitions, each with the blocks of the reports that stand.
    fn gather(&self, copies: &Copies, limit: usize, sender: SyncSender<Partition>) -> Result<(), DatasetError> {
        let mut gatherer = Gatherer {
            spill: self.spill,
            limit,
            sender,
            name: String::new(),
            blocks: Blocks::default(),
            splitter: None,
        };
        merge(self.runs(Table::Values), self.spill, true, |key, payload| {
            let head = Block::read_head(payload).map_err(|error| self.row_error(Table::Values.name(), error))?;
            match copies.stands(head.report_id, Tail::copy_of(key)) {
                true => gatherer.push(partition_of(key), payload),
                false => Ok(()),
            }
        })?;
        gatherer.send()
    }

    fn panel(&self, runs: Vec<PathBuf>) -> Result<[FileInfo; 2], DatasetError> {
        let mut file = self.file::<PanelRow>()?;
        let mut indicators = self.file::<IndicatorRow>()?;
        let mut maker = IndicatorMaker::default();
        merge(runs, self.spill, false, |_, payload| {
            let group: PanelGroup<'_> =
                postcard::from_bytes(payload).map_err(|error| self.row_error("panel", error))?;
            maker.push(&group).iter().try_for_each(|made| indicators.push(made))?;
            for value in &group.values {
                let Some(source) = group.sources.get(value.source) else {
                    continue;
                };
                let comparability = self.categories.get(value.category).and_then(Option::as_deref);
                file.push_with(|buffers| {
                    buffers.derived.push(Some(false));
                    buffers.jurisdiction_code.push(Some(group.code))
                        + buffers.jurisdiction.push(source.jurisdiction)
                        + buffers.year.push(Some(group.year))
                        + buffers.category.push(Some(value.category))
                        + buffers.applicant.push(Some(value.applicant))
                        + buffers.count.push(value.count)
                        + buffers.amount_cny.push(value.amount_cny.map(|fen| fen.0))
                        + buffers.report_id.push(Some(source.report_id))
                        + buffers.check.push(Some(value.check))
                        + buffers.confidence.push(Some(value.confidence))
                        + buffers.series.push(Some(value.category))
                        + buffers.comparability.push(comparability)
                        + buffers.lineage_code.push(Some(source.lineage_code))
                })?;
            }
            Ok(())
        })?;
        maker.finish().iter().try_for_each(|made| indicators.push(made))?;
        Ok([file.finish()?, indicators.finish()?])
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

/// What a thread brought back; its panic goes on here.
fn joined<T>(thread: ScopedJoinHandle<'_, Result<T, DatasetError>>) -> Result<T, DatasetError> {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Puts the blocks of each partition together.
struct Gatherer<'a> {
    spill: &'a Arc<SpillFolder>,
    limit: usize,
    sender: SyncSender<Partition>,
    name: String,
    blocks: Blocks,
    /// Where the blocks of a partition go that is too large.
    splitter: Option<Splitter>,
}

impl Gatherer<'_> {
    fn push(&mut self, partition: &str, block: &[u8]) -> Result<(), DatasetError> {
        if self.name != partition {
            self.send()?;
            partition.clone_into(&mut self.name);
        }
        if !self.blocks.is_empty() && self.blocks.size() + block.len() > self.limit {
            let splitter = self.splitter.get_or_insert_with(|| Splitter::new(self.spill));
            splitter.add(&self.blocks)?;
            self.blocks.clear();
        }
        self.blocks.push(block);
        Ok(())
    }

    fn send(&mut self) -> Result<(), DatasetError> {
        if self.blocks.is_empty() {
            return Ok(());
        }
        let blocks = std::mem::take(&mut self.blocks);
        let content = match self.splitter.take() {
            Some(mut splitter) => {
                splitter.add(&blocks)?;
                Content::Large(splitter.finish()?)
            }
            None => Content::Small(blocks),
        };
        let name = std::mem::take(&mut self.name);
        // When all writers are gone, they say why.
        let _ = self.sender.send(Partition { name, content });
        Ok(())
    }
}
