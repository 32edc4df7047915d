//! From sorted rows to the files of a snapshot, table by table.
//!
//! Reports come first, since they tell which copies stand; the large tables then stream side by side. Knows nothing of
//! locks and links: it fills a folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::copies::{Copies, CopyJoiner};
use crate::error::DatasetError;
use crate::key::{CopyKey, Key, Tail, partition_of};
use crate::merge::merge;
use crate::panel::{IndicatorMaker, PanelPicker};
use crate::parquet::{PartitionedTable, TableFile, TableSchema};
use crate::rows::{
    CheckRow, DumpRow, IndicatorRow, MentionRow, ObservationRow, PageRow, PanelRow, ProblemRow, RejectRow, ReportRow,
};
use crate::spill::{SpillFolder, Spool};
use crate::staged::FileInfo;
use crate::table::ColumnarRow;
use crate::worker::{PanelCategories, PanelClaim, Table, WaitingObservation};

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
}

impl Assembly<'_> {
    /// Writes every Parquet file; gives them sorted by name.
    pub(crate) fn write(&self) -> Result<Vec<FileInfo>, DatasetError> {
        let (reports, copies) = self.reports()?;
        let copies = &copies;
        let mut files = vec![reports];
        std::thread::scope(|scope| {
            let observations = scope.spawn(|| self.observations(copies));
            let mentions = scope.spawn(|| self.mentions(copies));
            files.extend(self.pages(copies)?);
            files.push(self.of_reports(Table::Checks, copies, |row: &CheckRow| &row.report_id)?);
            files.push(self.of_reports(Table::Problems, copies, |row: &ProblemRow| &row.report_id)?);
            files.push(self.plain::<RejectRow>(Table::Rejects)?);
            files.push(self.plain::<DumpRow>(Table::Dumps)?);
            for table in [observations, mentions] {
                files.extend(table.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
            }
            Ok::<(), DatasetError>(())
        })?;
        files.sort_by(|left, right| left.name.cmp(&right.name));
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

    fn observations(&self, copies: &Copies) -> Result<Vec<FileInfo>, DatasetError> {
        let mut table = PartitionedTable::<ObservationRow>::new(self.root, self.row_group_rows)?;
        let mut picker = PanelPicker::new(self.categories);
        let mut panel = PanelSpool::new(self.spill);
        type Waiting = WaitingObservation<PanelClaim, ObservationRow>;
        self.each(Table::Observations, true, |place, copy, waiting: Waiting| {
            if !copies.stands(&waiting.row.report_id, copy) {
                return Ok(());
            }
            table.push(place, &waiting.row)?;
            match waiting.claim {
                Some(claim) => panel.push(picker.push(claim, &waiting.row)),
                None => Ok(()),
            }
        })?;
        panel.push(picker.finish())?;
        let mut files = table.finish()?;
        files.extend(self.panel(panel)?);
        Ok(files)
    }

    fn panel(&self, panel: PanelSpool) -> Result<[FileInfo; 2], DatasetError> {
        let mut file = self.file::<PanelRow>()?;
        let mut indicators = self.file::<IndicatorRow>()?;
        let mut maker = IndicatorMaker::default();
        let runs = panel.spool.finish()?.into_iter().flatten().collect();
        merge(runs, self.spill, false, |_, payload| {
            let row: PanelRow = self.unpack("panel", payload)?;
            maker.push(&row).iter().try_for_each(|made| indicators.push(made))?;
            file.push(&row)
        })?;
        maker.finish().iter().try_for_each(|made| indicators.push(made))?;
        Ok([file.finish()?, indicators.finish()?])
    }

    fn mentions(&self, copies: &Copies) -> Result<Vec<FileInfo>, DatasetError> {
        let mut table = PartitionedTable::<MentionRow>::new(self.root, self.row_group_rows)?;
        self.each(Table::Mentions, true, |place, copy, row: MentionRow| {
            match copies.stands(&row.report_id, copy) {
                true => table.push(place, &row),
                false => Ok(()),
            }
        })?;
        table.finish()
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
        self.each(table, true, |_, copy, row: R| match copies.stands(report(&row), copy) {
            true => file.push(&row),
            false => Ok(()),
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
        let runs = self.runs.get(table as usize).cloned().unwrap_or_default();
        merge(runs, self.spill, distinct, |key, payload| {
            take(
                partition_of(key),
                Tail::copy_of(key),
                self.unpack(table.name(), payload)?,
            )
        })
    }

    fn unpack<R: DeserializeOwned>(&self, table: &'static str, payload: &[u8]) -> Result<R, DatasetError> {
        postcard::from_bytes(payload).map_err(|error| DatasetError::Row {
            path: self.spill.path().to_owned(),
            table,
            error,
        })
    }
}

/// Panel rows waiting to be sorted by jurisdiction: they are picked in the order of observations.
struct PanelSpool {
    spool: Spool,
    folder: PathBuf,
    key: Key,
}

impl PanelSpool {
    fn new(spill: &Arc<SpillFolder>) -> Self {
        Self {
            spool: Spool::new(spill, 1),
            folder: spill.path().to_owned(),
            key: Key::default(),
        }
    }

    fn push(&mut self, rows: Vec<PanelRow>) -> Result<(), DatasetError> {
        for row in rows {
            self.key.panel(&row);
            let packed = self
                .spool
                .push(0, self.key.bytes(), |bytes| postcard::to_io(&row, bytes).map(|_| ()));
            packed.map_err(|error| DatasetError::Row {
                path: self.folder.clone(),
                table: "panel",
                error,
            })?;
        }
        self.spool.relieve()
    }
}
