//! Rows to Parquet files: one schema per table, row groups of a stated size, column descriptions in the metadata.
//!
//! Takes rows in their final order; knows nothing of sorting and of snapshots.

use std::path::{Path, PathBuf};

use polars::prelude::{
    ArrowDataType, ArrowSchema, BatchedWriter, CompatLevel, DataFrame, KeyValueMetadata, ParquetCompression,
    ParquetWriter, PlSmallStr, PolarsResult, Schema, SchemaExt, StatisticsOptions,
};
use polars_parquet::write::schema_to_metadata_key;

use crate::error::{AtPath, DatasetError};
use crate::staged::{FileInfo, StagedFile};
use crate::table::{ColumnSpec, ColumnarRow};

/// Rows in a row group unless told otherwise: a province's year of observations fits in one, a country's tables split
/// in groups small enough to be skipped by their statistics.
pub const ROW_GROUP_ROWS: usize = 128 * 1024;

/// A row group is closed early when its values take up this much: page texts are large.
const ROW_GROUP_BYTES: usize = 32 << 20;

/// Smallest and largest text of a column chunk are cut to this many bytes in the statistics.
const STATISTICS_BYTES: u64 = 64;

/// Key of the column descriptions in a file's metadata: a JSON object, name to description.
const COLUMNS_KEY: &str = "gongkai.columns";

/// Key of the table's name in a file's metadata.
const TABLE_KEY: &str = "gongkai.table";

/// The schema of a table, in polars' form and as metadata.
pub(crate) struct TableSchema {
    schema: Schema,
    metadata: KeyValueMetadata,
}

impl TableSchema {
    /// The schema of a row type.
    pub(crate) fn of<R: ColumnarRow>(path: &Path) -> Result<Self, DatasetError> {
        let columns = R::columns();
        let schema = polars_schema(&columns).at(path)?;
        let arrow = schema_to_metadata_key(&arrow_schema(&schema, &columns));
        let mut descriptions = serde_json::Map::new();
        for column in &columns {
            descriptions.insert(column.name.to_owned(), column.description.into());
        }
        let descriptions = serde_json::to_string(&descriptions).at(path)?;
        let metadata = KeyValueMetadata::from_static(vec![
            (arrow.key, arrow.value.unwrap_or_default()),
            (TABLE_KEY.to_owned(), R::TABLE.to_owned()),
            (COLUMNS_KEY.to_owned(), descriptions),
        ]);
        Ok(Self { schema, metadata })
    }
}

fn polars_schema(columns: &[ColumnSpec]) -> PolarsResult<Schema> {
    columns
        .iter()
        .map(|column| Ok((PlSmallStr::from_static(column.name), column.kind.dtype()?)))
        .collect()
}

/// The Arrow schema that readers see. Polars' own names string views, which older readers refuse, and ordered
/// dictionaries, although the dictionary of a file stands in the order its values came.
fn arrow_schema(schema: &Schema, columns: &[ColumnSpec]) -> ArrowSchema {
    let mut arrow = schema.to_arrow(CompatLevel::oldest());
    for (field, column) in arrow.iter_values_mut().zip(columns) {
        if let ArrowDataType::Dictionary(_, _, ordered) = &mut field.dtype {
            *ordered = false;
        }
        let mut metadata = field.metadata.as_deref().cloned().unwrap_or_default();
        metadata.insert(
            PlSmallStr::from_static("description"),
            PlSmallStr::from_static(column.description),
        );
        field.metadata = Some(metadata.into());
    }
    arrow
}

/// Page texts are large and worth zstd. The other tables have many small column chunks, for each of which zstd sets up
/// a context that costs more than the compression: snappy writes a night's partitions in half the time.
fn compression(table: &str) -> ParquetCompression {
    if table == "pages" {
        ParquetCompression::Zstd(None)
    } else {
        ParquetCompression::Snappy
    }
}

/// A Parquet file being written.
pub(crate) struct TableFile<R: ColumnarRow> {
    name: String,
    file: StagedFile,
    writer: BatchedWriter<StagedFile>,
    buffers: R::Buffers,
    group_rows: usize,
    group_bytes: usize,
    row_group_rows: usize,
    rows: u64,
}

impl<R: ColumnarRow> TableFile<R> {
    /// A new file inside the snapshot `root`.
    pub(crate) fn create(
        root: &Path,
        name: String,
        schema: &TableSchema,
        row_group_rows: usize,
    ) -> Result<Self, DatasetError> {
        let file = StagedFile::create(root.join(&name))?;
        let statistics = StatisticsOptions {
            binary_statistics_truncate_length: Some(STATISTICS_BYTES),
            ..StatisticsOptions::default()
        };
        let writer = ParquetWriter::new(file.clone())
            .with_compression(compression(R::TABLE))
            .with_statistics(statistics)
            .with_key_value_metadata(Some(schema.metadata.clone()))
            .batched(&schema.schema)
            .at(file.path())?;
        Ok(Self {
            name,
            file,
            writer,
            buffers: R::buffers(),
            group_rows: 0,
            group_bytes: 0,
            row_group_rows: row_group_rows.max(1),
            rows: 0,
        })
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: &R) -> Result<(), DatasetError> {
        self.group_bytes += row.gather(&mut self.buffers);
        self.group_rows += 1;
        self.rows += 1;
        if self.group_rows >= self.row_group_rows || self.group_bytes >= ROW_GROUP_BYTES {
            self.close_group()?;
        }
        Ok(())
    }

    fn close_group(&mut self) -> Result<(), DatasetError> {
        if self.group_rows == 0 {
            return Ok(());
        }
        let buffers = std::mem::replace(&mut self.buffers, R::buffers());
        let rows = std::mem::take(&mut self.group_rows);
        self.group_bytes = 0;
        let frame = R::finish(buffers).and_then(|columns| DataFrame::new(rows, columns));
        let frame = frame.at(self.file.path())?;
        self.writer.write_batch(&frame).at(self.file.path())
    }

    /// Closes the file and syncs it to disk.
    pub(crate) fn finish(mut self) -> Result<FileInfo, DatasetError> {
        self.close_group()?;
        self.writer.finish().at(self.file.path())?;
        self.file.finish(self.name, self.rows)
    }
}

/// A table in one file for each partition, written one after the other.
pub(crate) struct PartitionedTable<R: ColumnarRow> {
    root: PathBuf,
    schema: TableSchema,
    row_group_rows: usize,
    open: Option<(String, TableFile<R>)>,
    files: Vec<FileInfo>,
}

impl<R: ColumnarRow> PartitionedTable<R> {
    /// A table inside the snapshot `root`.
    pub(crate) fn new(root: &Path, row_group_rows: usize) -> Result<Self, DatasetError> {
        Ok(Self {
            root: root.to_owned(),
            schema: TableSchema::of::<R>(root)?,
            row_group_rows,
            open: None,
            files: Vec::new(),
        })
    }

    /// Adds a row; all rows of a partition come together.
    pub(crate) fn push(&mut self, partition: &str, row: &R) -> Result<(), DatasetError> {
        if self.open.as_ref().is_none_or(|(open, _)| open != partition) {
            self.close()?;
            self.open = Some((partition.to_owned(), self.create(partition)?));
        }
        match &mut self.open {
            Some((_, file)) => file.push(row),
            None => Ok(()),
        }
    }

    fn create(&self, partition: &str) -> Result<TableFile<R>, DatasetError> {
        let name = format!("{}/{partition}.parquet", R::TABLE);
        TableFile::create(&self.root, name, &self.schema, self.row_group_rows)
    }

    fn close(&mut self) -> Result<(), DatasetError> {
        if let Some((_, file)) = self.open.take() {
            self.files.push(file.finish()?);
        }
        Ok(())
    }

    /// Closes the last file. A table without rows has one file without rows, so that readers find the columns.
    pub(crate) fn finish(mut self) -> Result<Vec<FileInfo>, DatasetError> {
        self.close()?;
        if self.files.is_empty() {
            self.files.push(self.create(crate::key::UNKNOWN_PARTITION)?.finish()?);
        }
        Ok(self.files)
    }
}
