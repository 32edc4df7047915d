//! Rows to Parquet files: one schema per table, row groups of a stated size, column descriptions in the metadata.
//!
//! Takes rows in their final order; knows nothing of sorting and of snapshots.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::prelude::{ArrowDataType, ArrowSchema, CompatLevel, PlSmallStr, PolarsResult, Schema, SchemaExt};
use polars_arrow::datatypes::Field;
use polars_parquet::read::FileMetadata;
use polars_parquet::write::{
    CompressionOptions, DynIter, FileWriter, KeyValue, Page, ParquetType, SchemaDescriptor, StatisticsOptions, Version,
    WriteOptions, array_to_columns, schema_to_metadata_key, to_parquet_type,
};

use crate::column::{ColumnKind, Encoded};
use crate::error::{AtPath, DatasetError};
use crate::page_compression::PageCompressor;
use crate::rows::ByCategoryRow;
use crate::staged::{FileInfo, StagedFile};
use crate::table::{ColumnSpec, ColumnarRow, Row as _};
use crate::worker::row_error;

/// Rows in a row group unless told otherwise: a province's year of observations fits in one, a country's tables split
/// in groups small enough to be skipped by their statistics.
pub const ROW_GROUP_ROWS: usize = 128 * 1024;

/// A row group is closed early when its values, repeated ones counted once, take up this much: it bounds the memory of a
/// file being written.
const ROW_GROUP_BYTES: usize = 4 << 20;

/// A row group with at least so many rows ends where a section of the table does (a category of values): whoever filters
/// by it reads one row group of a file, mostly. Fewer rows in each would repeat the names of the reports more often, which
/// are most of a row group: at this size a value takes 12 bytes and a section a tenth of a full file.
const SECTION_ROWS: usize = 14 * 1024;

/// The same for the one file by category, where row groups are many and each costs whoever opens the file: twenty are
/// enough to pass over what a filter does not want.
const SECTION_ROWS_BY_CATEGORY: usize = 64 * 1024;
const ROW_GROUP_BYTES_BY_CATEGORY: usize = 2 * ROW_GROUP_BYTES;

/// Row groups with fewer rows are compressed with snappy: zstd hardly makes their small pages smaller.
const ZSTD_ROWS: usize = 1024;

/// Smallest and largest text of a column chunk are cut to this many bytes in the statistics.
const STATISTICS_BYTES: u64 = 64;

/// Columns that nobody picks row groups by: what is the least and the most in them would be a tenth of a small file.
const WITHOUT_STATISTICS: [&str; 9] = [
    "block",
    "end",
    "label",
    "message",
    "raw",
    "start",
    "template_row",
    "text",
    "unit_printed",
];

/// Key of the column descriptions in a file's metadata: a JSON object, name to description.
const COLUMNS_KEY: &str = "gongkai.columns";

/// The table that is there to be scanned fast.
const BY_CATEGORY: &str = ByCategoryRow::TABLE;

/// Key of the table's name in a file's metadata.
const TABLE_KEY: &str = "gongkai.table";

/// The schema of a table, in every form that a file is written from.
pub(crate) struct TableSchema {
    arrow: ArrowSchema,
    parquet: SchemaDescriptor,
    metadata: Vec<KeyValue>,
    /// From how many rows on each column is compressed with zstd, and whether it has statistics.
    chunks: Vec<(usize, bool)>,
    /// From how many rows on a row group ends where a section does.
    section_rows: usize,
    /// From how many bytes on it ends anyway.
    group_bytes: usize,
    /// What each column is read as.
    read_fields: Vec<Field>,
}

impl TableSchema {
    /// The schema of a row type.
    pub(crate) fn of<R: ColumnarRow>(path: &Path) -> Result<Arc<Self>, DatasetError> {
        let columns = R::columns();
        let schema = polars_schema(&columns).at(path)?;
        let mut descriptions = serde_json::Map::new();
        for column in &columns {
            descriptions.insert(column.name.to_owned(), column.description.into());
        }
        let descriptions = serde_json::to_string(&descriptions).at(path)?;
        let pair = |key: &str, value| KeyValue {
            key: key.to_owned(),
            value: Some(value),
        };
        let arrow = schema.to_arrow(CompatLevel::newest());
        let types: PolarsResult<Vec<ParquetType>> = arrow.iter_values().map(to_parquet_type).collect();
        let (section_rows, group_bytes) = match R::TABLE {
            BY_CATEGORY => (SECTION_ROWS_BY_CATEGORY, ROW_GROUP_BYTES_BY_CATEGORY),
            _ => (SECTION_ROWS, ROW_GROUP_BYTES),
        };
        Ok(Arc::new(Self {
            parquet: SchemaDescriptor::new(PlSmallStr::from_static("root"), types.at(path)?),
            arrow,
            metadata: vec![
                schema_to_metadata_key(&arrow_schema(&schema)),
                pair(TABLE_KEY, R::TABLE.to_owned()),
                pair(COLUMNS_KEY, descriptions),
            ],
            chunks: columns
                .iter()
                .map(|column| (zstd_rows(R::TABLE, column), !WITHOUT_STATISTICS.contains(&column.name)))
                .collect(),
            section_rows,
            group_bytes,
            read_fields: read_fields(&schema, &columns),
        }))
    }

    /// What each column is read as.
    pub(crate) fn read_fields(&self) -> &[Field] {
        &self.read_fields
    }

    /// How the schema of a file differs from this one, in words.
    pub(crate) fn difference(&self, file: &FileMetadata) -> Option<String> {
        let (expected, found) = (self.parquet.fields(), file.schema().fields());
        let names = |types: &[ParquetType]| types.iter().map(|kind| kind.name().to_owned()).collect::<Vec<_>>();
        let (expected_names, found_names) = (names(expected), names(found));
        let missing: Vec<&str> = absent(&expected_names, &found_names);
        let extra: Vec<&str> = absent(&found_names, &expected_names);
        let pairs = expected.iter().zip(found);
        let other = pairs.filter(|(expected, found)| expected != found);
        match (missing.as_slice(), extra.as_slice()) {
            ([], []) if expected_names != found_names => Some("the columns stand in another order".to_owned()),
            ([], []) => other
                .map(|(expected, _)| format!("column {} has another type", expected.name()))
                .reduce(|all, one| all + ", " + &one),
            _ => Some(format!(
                "missing columns: {}; further columns: {}",
                list(&missing),
                list(&extra)
            )),
        }
    }
}

fn polars_schema(columns: &[ColumnSpec]) -> PolarsResult<Schema> {
    columns
        .iter()
        .map(|column| Ok((PlSmallStr::from_static(column.name), column.kind.dtype()?)))
        .collect()
}

/// The names of the first list that the second has not.
fn absent<'a>(of: &'a [String], from: &[String]) -> Vec<&'a str> {
    of.iter()
        .filter(|name| !from.contains(name))
        .map(String::as_str)
        .collect()
}

fn list(names: &[&str]) -> String {
    match names {
        [] => "none".to_owned(),
        names => names.join(", "),
    }
}

/// Enums are read as their names, whatever the file's dictionaries are.
fn read_fields(schema: &Schema, columns: &[ColumnSpec]) -> Vec<Field> {
    let arrow = schema.to_arrow(CompatLevel::newest());
    let fields = arrow.iter_values().zip(columns).map(|(field, column)| {
        let dtype = match column.kind {
            ColumnKind::Enum(_) => ArrowDataType::Utf8View,
            _ => field.dtype.clone(),
        };
        Field::new(field.name.clone(), dtype, true)
    });
    fields.collect()
}

/// The Arrow schema that readers see. Polars' own names string views, which older readers refuse, and ordered
/// dictionaries, although the dictionary of a file stands in the order its values came. What columns mean stands beside
/// it once ([`COLUMNS_KEY`]), since small files are half footer.
fn arrow_schema(schema: &Schema) -> ArrowSchema {
    let mut arrow = schema.to_arrow(CompatLevel::oldest());
    for field in arrow.iter_values_mut() {
        if let ArrowDataType::Dictionary(_, _, ordered) = &mut field.dtype {
            *ordered = false;
        }
    }
    arrow
}

/// From how many rows on a column is compressed with zstd. Page texts are large and always worth it, chunks of a few names
/// never. What is kept by category is there to be read fast, which snappy is: only the ids of reports, which hardly repeat
/// there, are worth zstd.
fn zstd_rows(table: &str, column: &ColumnSpec) -> usize {
    match column.kind {
        ColumnKind::String if table == "pages" && column.name == "text" => 0,
        _ if table == BY_CATEGORY && column.name != "report_id" => usize::MAX,
        ColumnKind::Enum(_) | ColumnKind::Boolean => usize::MAX,
        _ => ZSTD_ROWS,
    }
}

fn options(has_statistics: bool) -> WriteOptions {
    WriteOptions {
        statistics: StatisticsOptions {
            min_value: has_statistics,
            max_value: has_statistics,
            binary_statistics_truncate_length: Some(STATISTICS_BYTES),
            ..StatisticsOptions::default()
        },
        version: Version::V1,
        // Pages are compressed one by one ([`PageCompressor`]).
        compression: CompressionOptions::Snappy,
        data_page_size: None,
    }
}

/// The pages of a column, made when they are asked for.
fn pages(
    (values, encoding): Encoded,
    kind: ParquetType,
    options: WriteOptions,
) -> PolarsResult<DynIter<'static, PolarsResult<Page>>> {
    let mut leaves = array_to_columns(values, kind, options, &[encoding])?;
    Ok(leaves.pop().unwrap_or_else(|| DynIter::new(std::iter::empty())))
}

/// A Parquet file being written.
pub(crate) struct TableFile<R: ColumnarRow> {
    name: String,
    path: PathBuf,
    schema: Arc<TableSchema>,
    writer: FileWriter<StagedFile>,
    compressor: PageCompressor,
    buffers: R::Buffers,
    group_rows: usize,
    group_bytes: usize,
    row_group_rows: usize,
    rows: u64,
    section: String,
}

impl<R: ColumnarRow> TableFile<R> {
    /// A new file inside the snapshot `root`.
    pub(crate) fn create(
        root: &Path,
        name: String,
        schema: &Arc<TableSchema>,
        row_group_rows: usize,
    ) -> Result<Self, DatasetError> {
        let path = root.join(&name);
        let writer = FileWriter::new_with_parquet_schema(
            StagedFile::create(path.clone())?,
            schema.arrow.clone(),
            schema.parquet.clone(),
            options(true),
        );
        Ok(Self {
            name,
            path,
            schema: Arc::clone(schema),
            writer,
            compressor: PageCompressor::default(),
            buffers: R::Buffers::default(),
            group_rows: 0,
            group_bytes: 0,
            row_group_rows: row_group_rows.max(1),
            rows: 0,
            section: String::new(),
        })
    }

    /// The file of a partition, for a table that has one for each.
    pub(crate) fn of_partition(
        root: &Path,
        partition: &str,
        schema: &Arc<TableSchema>,
        row_group_rows: usize,
    ) -> Result<Self, DatasetError> {
        let name = format!("{}/{partition}.parquet", R::TABLE);
        Self::create(root, name, schema, row_group_rows)
    }

    /// Makes room for as many rows as are to come, but for no more than a row group has.
    pub(crate) fn expect(&mut self, rows: usize) {
        R::reserve(&mut self.buffers, rows.min(self.row_group_rows));
    }

    /// Tells the section that the next row belongs to. Where one ends, a row group may end early.
    pub(crate) fn section(&mut self, name: &str) -> Result<(), DatasetError> {
        if self.section == name {
            return Ok(());
        }
        name.clone_into(&mut self.section);
        if self.group_rows >= self.schema.section_rows {
            self.close_group()?;
        }
        Ok(())
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: &R) -> Result<(), DatasetError> {
        self.push_with(|buffers| row.gather(buffers))
    }

    /// Adds a row that `gather` puts into the buffers, giving the bytes it takes up, roughly.
    pub(crate) fn push_with(&mut self, gather: impl FnOnce(&mut R::Buffers) -> usize) -> Result<(), DatasetError> {
        let bytes = gather(&mut self.buffers);
        self.added(bytes)
    }

    /// Adds packed rows, with their number before them.
    pub(crate) fn push_packed(&mut self, packed: &[u8]) -> Result<(), DatasetError> {
        let folder = self.path.clone();
        let error = |error| row_error(&folder, R::TABLE, error);
        let (rows, mut packed) = postcard::take_from_bytes::<usize>(packed).map_err(error)?;
        for _ in 0..rows {
            let (bytes, rest) = R::unpack(packed, &mut self.buffers).map_err(error)?;
            self.added(bytes)?;
            packed = rest;
        }
        Ok(())
    }

    fn added(&mut self, bytes: usize) -> Result<(), DatasetError> {
        self.group_bytes += bytes;
        self.group_rows += 1;
        self.rows += 1;
        if self.group_rows >= self.row_group_rows || self.group_bytes >= self.schema.group_bytes {
            let rows = self.group_rows;
            self.close_group()?;
            self.expect(rows);
        }
        Ok(())
    }

    /// Writes the rows that wait as a row group.
    pub(crate) fn close_group(&mut self) -> Result<(), DatasetError> {
        let rows = std::mem::take(&mut self.group_rows);
        self.group_bytes = 0;
        if rows == 0 {
            return Ok(());
        }
        let columns = R::take(&mut self.buffers).at(&self.path)?;
        let types = self.schema.parquet.fields().to_vec();
        let columns = columns.into_iter().zip(types).zip(self.schema.chunks.clone());
        let compressor = &mut self.compressor;
        let columns = columns.map(move |((column, kind), (zstd_rows, has_statistics))| {
            compressor.column(pages(column, kind, options(has_statistics))?, rows >= zstd_rows)
        });
        self.writer.write(rows as u64, DynIter::new(columns)).at(&self.path)
    }

    /// Closes the file.
    pub(crate) fn finish(mut self) -> Result<FileInfo, DatasetError> {
        self.close_group()?;
        self.writer.end(Some(self.schema.metadata.clone())).at(&self.path)?;
        self.writer.into_inner().finish(self.name, self.rows)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use gongkai_extract::{Applicant, CheckResult, Period};
    use gongkai_lexicon::IdentityKind;
    use polars_parquet::read::read_metadata;

    use super::*;
    use crate::name::DumpOutcome;
    use crate::read::TableReader;
    use crate::rows::{CheckRow, DumpRow, ProblemRow, RejectRow};

    /// The rows of each row group of a file with sections of so many rows.
    fn groups(sections: &[usize], row_group_rows: usize) -> Vec<usize> {
        let folder = tempfile::tempdir().unwrap();
        let schema = TableSchema::of::<ProblemRow>(folder.path()).unwrap();
        let mut file =
            TableFile::<ProblemRow>::create(folder.path(), "a.parquet".to_owned(), &schema, row_group_rows).unwrap();
        for (number, rows) in sections.iter().enumerate() {
            for row in 0..*rows {
                file.section(&number.to_string()).unwrap();
                file.push(&ProblemRow {
                    report_id: (row % 100).to_string(),
                    stage: "table".to_owned(),
                    code: number.to_string(),
                    start: None,
                    end: None,
                    message: String::new(),
                })
                .unwrap();
            }
        }
        file.finish().unwrap();
        let mut file = std::fs::File::open(folder.path().join("a.parquet")).unwrap();
        let metadata = read_metadata(&mut file).unwrap();
        metadata.row_groups.iter().map(|group| group.num_rows()).collect()
    }

    #[test]
    fn a_full_row_group_ends_with_its_section() {
        let many = SECTION_ROWS;
        for (sections, expected) in [
            (vec![many, 5, 7], vec![many, 12]),
            (vec![5, many, 7, 9], vec![many + 5, 16]),
            (vec![many - 1, 1, 8], vec![many, 8]),
            (vec![10, 20, 30], vec![60]),
            (vec![2 * many, many / 2, many / 2], vec![2 * many, many]),
        ] {
            assert_eq!(groups(&sections, ROW_GROUP_ROWS), expected, "{sections:?}");
        }
        assert_eq!(groups(&[250], 100), [100, 100, 50], "a stated size is kept");
    }

    /// The hash of a file of some rows, and that of the same rows put in as they are packed.
    fn made_and_packed<R: ColumnarRow>(rows: &[R]) -> [String; 2] {
        let folder = tempfile::tempdir().unwrap();
        let schema = TableSchema::of::<R>(folder.path()).unwrap();
        let file = |name: &str| TableFile::<R>::create(folder.path(), name.to_owned(), &schema, 7).unwrap();
        let (mut made, mut packed) = (file("made"), file("packed"));
        rows.iter().try_for_each(|row| made.push(row)).unwrap();
        for rows in rows.chunks(3) {
            packed.push_packed(&postcard::to_stdvec(&rows).unwrap()).unwrap();
        }
        [made, packed].map(|file| file.finish().unwrap().hash)
    }

    #[test]
    fn packed_rows_give_the_file_that_rows_give() {
        let text = |row: u32| "测试".repeat(row as usize % 40);
        let checks = (0..50).map(|row| CheckRow {
            report_id: (row / 5).to_string(),
            identity: text(row),
            kind: IdentityKind::Definitional.into(),
            applicant: Applicant::ALL.get(row as usize % 3).copied().unwrap().into(),
            period: Period::Year.into(),
            left: (row % 3 != 0).then_some(f64::from(row)),
            right: Some(-0.0),
            delta: None,
            result: CheckResult::Pass.into(),
            mentions: (0..row % 4).map(|place| place * 1000).collect(),
            message: text(row * 7),
        });
        let dumps = (0..50).map(|row| DumpRow {
            origin: text(row),
            hash: row.to_string(),
            bytes: i64::from(row) << 40,
            file_type: (row % 2 == 0).then(|| text(row)),
            outcome: DumpOutcome::Extracted.into(),
            report_ids: (0..row % 3).map(text).collect(),
            encoding: None,
            stale: None,
            stale_since: None,
        });
        let rejects = (0..50).map(|row| RejectRow {
            origin: text(row),
            stage: "page".to_owned(),
            reason: String::new(),
            message: text(row),
            bytes: -i64::from(row),
            hash: (row % 2 == 0).then(|| text(row)),
            intentional: row % 3 == 0,
        });
        let files = [
            made_and_packed(&Vec::from_iter(checks)),
            made_and_packed(&Vec::from_iter(dumps)),
            made_and_packed(&Vec::from_iter(rejects)),
        ];
        for [made, packed] in files {
            assert_eq!(made, packed);
        }
    }

    #[test]
    fn places_in_a_text_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let schema = TableSchema::of::<ProblemRow>(folder.path()).unwrap();
        // With few rows and with enough for zstd; near one another and over all that a column holds.
        for (rows, step) in [
            (100, 1),
            (100, 977),
            (2 * ZSTD_ROWS as u32, 977),
            (5000, u32::MAX / 5000),
        ] {
            let mut file =
                TableFile::<ProblemRow>::create(folder.path(), "a.parquet".to_owned(), &schema, ROW_GROUP_ROWS)
                    .unwrap();
            let place = |row: u32| (row % 5 != 3).then(|| (row * 7919 % rows) * step);
            let expected: Vec<ProblemRow> = (0..rows)
                .map(|row| ProblemRow {
                    report_id: row.to_string(),
                    stage: "table".to_owned(),
                    code: (row % 3).to_string(),
                    start: place(row),
                    end: place(row).map(|start| start.saturating_add(row % 9)),
                    message: "行不全".repeat(row as usize % 4),
                })
                .collect();
            expected.iter().try_for_each(|row| file.push(row)).unwrap();
            file.finish().unwrap();
            let mut reader = TableReader::<ProblemRow>::open(&folder.path().join("a.parquet")).unwrap();
            for expected in &expected {
                let found = reader.next().unwrap().unwrap();
                assert_eq!(
                    serde_json::to_value(found).unwrap(),
                    serde_json::to_value(expected).unwrap()
                );
            }
            assert!(reader.next().unwrap().is_none());
        }
    }
}
