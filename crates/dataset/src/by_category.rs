//! The observations once more, in one file by category: whoever asks for one category over all years and places reads
//! one stretch of one file, where the folder of observations has a file for each year and province.
//!
//! While a partition's observations are written, those of each category are packed as a slice. Slices wait sorted by
//! category and partition; those of partitions that a night does not touch come from the night before. The files of
//! partitions could not serve instead: each would have to be opened for every category.

use std::path::PathBuf;
use std::sync::Arc;

use gongkai_extract::{Applicant, CheckMark, Level, Period, Status};
use gongkai_lexicon::{Lexicon, Relation};
use serde::{Deserialize, Serialize};

use crate::block::{Head, Value};
use crate::error::DatasetError;
use crate::key::Key;
use crate::name::{Fen, Named};
use crate::parquet::TableFile;
use crate::rows::ByCategoryRow;
use crate::spill::{Run, SpillFolder, Spool};
use crate::staged::FileInfo;
use crate::table::Row as _;
use crate::worker::row_error;

/// The observations of one category in one partition, or a part of them, in their order.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Slice<'a> {
    category: &'a str,
    /// That of the partition.
    year: Option<i16>,
    #[serde(borrow)]
    reports: Vec<SliceReport<'a>>,
    values: Vec<SliceValue<'a>>,
}

/// A report that has values in a slice.
#[derive(Debug, Serialize, Deserialize)]
struct SliceReport<'a> {
    report_id: &'a str,
    jurisdiction_code: Option<&'a str>,
    level: Option<Named<Level>>,
    duplicate: bool,
    /// How many of the values are its.
    values: usize,
}

#[derive(Debug, Serialize, Deserialize)]
struct SliceValue<'a> {
    applicant: Named<Applicant>,
    period: Named<Period>,
    label: Option<&'a str>,
    relation: Named<Relation>,
    count: Option<i64>,
    amount_cny: Option<Fen>,
    status: Named<Status>,
    check: Named<CheckMark>,
    confidence: f32,
}

/// Slices waiting to be sorted.
pub(crate) struct SliceSpool {
    spool: Spool,
    folder: PathBuf,
    key: Key,
    /// How many came: those of one category and partition stay in their order.
    slices: u32,
}

impl SliceSpool {
    /// A spool whose slices wait in the folder.
    pub(crate) fn new(spill: &Arc<SpillFolder>) -> Self {
        Self {
            spool: Spool::small(spill),
            folder: spill.path().to_owned(),
            key: Key::default(),
            slices: 0,
        }
    }

    fn push(&mut self, partition: &str, slice: &Slice<'_>) -> Result<(), DatasetError> {
        self.key.slice(slice.category, partition, self.slices);
        self.slices += 1;
        let packed = self
            .spool
            .push(0, self.key.bytes(), |bytes| postcard::to_io(slice, bytes).map(|_| ()));
        packed.map_err(|error| row_error(&self.folder, ByCategoryRow::TABLE, error))?;
        self.spool.relieve()
    }

    /// The runs.
    pub(crate) fn finish(self) -> Result<Vec<Run>, DatasetError> {
        Ok(self.spool.finish()?.into_iter().flatten().collect())
    }
}

/// Cuts the observations of a partition, which come in their order, into slices.
pub(crate) struct Slicer<'a, 's> {
    spool: &'s mut SliceSpool,
    partition: &'s str,
    lexicon: &'s Lexicon,
    slice: Slice<'a>,
    /// Whether the slice is of an open list, where labels tell what is counted.
    is_list: bool,
}

impl<'a, 's> Slicer<'a, 's> {
    /// Slices of a partition go to the spool.
    pub(crate) fn new(spool: &'s mut SliceSpool, partition: &'s str, lexicon: &'s Lexicon) -> Self {
        Self {
            spool,
            partition,
            lexicon,
            slice: Slice::default(),
            is_list: false,
        }
    }

    /// Takes an observation.
    pub(crate) fn push(
        &mut self,
        head: &Head<'a>,
        duplicate: bool,
        value: &Value<&'a str>,
        confidence: f32,
    ) -> Result<(), DatasetError> {
        if self.slice.category != value.category {
            self.cut()?;
            self.slice.category = value.category;
            self.slice.year = head.year;
            self.is_list = self.lexicon.categories.is_list(value.category);
        }
        match self.slice.reports.last_mut() {
            Some(report) if report.report_id == head.report_id => report.values += 1,
            _ => self.slice.reports.push(SliceReport {
                report_id: head.report_id,
                jurisdiction_code: head.jurisdiction_code,
                level: head.level,
                duplicate,
                values: 1,
            }),
        }
        self.slice.values.push(SliceValue {
            applicant: value.applicant,
            period: value.period,
            label: value.label.filter(|_| self.is_list),
            relation: value.relation,
            count: value.count,
            amount_cny: value.amount_cny,
            status: value.status,
            check: value.check,
            confidence,
        });
        Ok(())
    }

    /// Ends the last slice.
    pub(crate) fn finish(mut self) -> Result<(), DatasetError> {
        self.cut()
    }

    fn cut(&mut self) -> Result<(), DatasetError> {
        if !self.slice.values.is_empty() {
            self.spool.push(self.partition, &self.slice)?;
            self.slice.reports.clear();
            self.slice.values.clear();
        }
        Ok(())
    }
}

/// The file.
pub(crate) struct ByCategoryTable {
    file: TableFile<ByCategoryRow>,
    /// Where slices waited, for errors.
    folder: PathBuf,
}

impl ByCategoryTable {
    /// Writes to the file.
    pub(crate) fn new(file: TableFile<ByCategoryRow>, folder: PathBuf) -> Self {
        Self { file, folder }
    }

    /// Takes the next slice, as it waited.
    pub(crate) fn push(&mut self, slice: &[u8]) -> Result<(), DatasetError> {
        let slice: Slice<'_> =
            postcard::from_bytes(slice).map_err(|error| row_error(&self.folder, ByCategoryRow::TABLE, error))?;
        self.file.section(slice.category)?;
        let mut values = slice.values.iter();
        for report in &slice.reports {
            for value in values.by_ref().take(report.values) {
                self.file.push_with(|buffers| {
                    buffers.duplicate.push(Some(report.duplicate));
                    buffers.category.push(Some(slice.category))
                        + buffers.year.push(slice.year)
                        + buffers.jurisdiction_code.push(report.jurisdiction_code)
                        + buffers.report_id.push(Some(report.report_id))
                        + buffers.level.push(report.level)
                        + buffers.applicant.push(Some(value.applicant))
                        + buffers.period.push(Some(value.period))
                        + buffers.label.push(value.label)
                        + buffers.relation.push(Some(value.relation))
                        + buffers.count.push(value.count)
                        + buffers.amount_cny.push(value.amount_cny.map(|fen| fen.0))
                        + buffers.status.push(Some(value.status))
                        + buffers.check.push(Some(value.check))
                        + buffers.confidence.push(Some(value.confidence))
                })?;
            }
        }
        Ok(())
    }

    /// Closes the file.
    pub(crate) fn finish(self) -> Result<FileInfo, DatasetError> {
        self.file.finish()
    }
}
