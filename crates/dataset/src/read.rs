//! Parquet files back to rows, one row group at a time, with the low-level reader of the crate that writes them.
//!
//! Takes a file to have the schema that [`TableReader::open`] compared; knows nothing of what rows mean.

use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::marker::PhantomData;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::prelude::{ArrowDataType, PlSmallStr, PolarsError, PolarsResult};
use polars_arrow::array::Array;
use polars_arrow::compute::concatenate::concatenate;
use polars_arrow::datatypes::{DTYPE_ENUM_VALUES_NEW, Field, IntegerType, Metadata};
use polars_parquet::read::{
    BasicDecompressor, ColumnChunkMetadata, FileMetadata, PageReader, RowGroupMetadata, column_iter_to_arrays,
    read_metadata,
};

use crate::error::{AtPath, DatasetError};
use crate::parquet::TableSchema;
use crate::table::ColumnarRow;

/// A Parquet file being read. Holds the columns of one row group.
pub(crate) struct TableReader<R> {
    path: PathBuf,
    file: File,
    metadata: FileMetadata,
    schema: Arc<TableSchema>,
    is_keyed: bool,
    next_group: usize,
    columns: Vec<Box<dyn Array>>,
    row: usize,
    rows: usize,
    given: u64,
    of: PhantomData<R>,
}

impl<R: ColumnarRow> TableReader<R> {
    /// Opens a file and reads its footer.
    ///
    /// # Errors
    /// [`DatasetError::Schema`] when it has other columns than the table.
    pub(crate) fn open(path: &Path) -> Result<Self, DatasetError> {
        Self::open_as(path, TableSchema::of::<R>(path)?)
    }

    /// The same for a reader of columns: texts that have a dictionary stay keys of it.
    pub(crate) fn open_keyed(path: &Path, schema: Arc<TableSchema>) -> Result<Self, DatasetError> {
        let mut reader = Self::open_as(path, schema)?;
        reader.is_keyed = true;
        Ok(reader)
    }

    fn open_as(path: &Path, schema: Arc<TableSchema>) -> Result<Self, DatasetError> {
        let mut file = File::open(path).at(path)?;
        let metadata = read_metadata(&mut file).map_err(|error| unreadable(path, error))?;
        if let Some(difference) = schema.difference(&metadata) {
            return Err(DatasetError::Schema {
                path: path.to_owned(),
                table: R::TABLE,
                difference,
            });
        }
        Ok(Self {
            path: path.to_owned(),
            file,
            metadata,
            schema,
            is_keyed: false,
            next_group: 0,
            columns: Vec::new(),
            row: 0,
            rows: 0,
            given: 0,
            of: PhantomData,
        })
    }

    /// How many rows the footer says there are.
    pub(crate) fn row_count(&self) -> u64 {
        self.metadata.num_rows as u64
    }

    /// How many rows were given.
    pub(crate) fn given(&self) -> u64 {
        self.given
    }

    /// The next row.
    pub(crate) fn next(&mut self) -> Result<Option<R>, DatasetError> {
        if !self.load()? {
            return Ok(None);
        }
        let row = R::scatter(&self.columns, self.row);
        self.row += 1;
        self.given += 1;
        match row {
            Some(row) => Ok(Some(row)),
            None => Err(unreadable(
                &self.path,
                PolarsError::ComputeError("a value is missing or none of its column's names".into()),
            )),
        }
    }

    /// Makes sure that the next row stands in the columns; false when there is none.
    pub(crate) fn load(&mut self) -> Result<bool, DatasetError> {
        while self.row == self.rows {
            if !self.read_group()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The columns of the row group, and which of its rows are to come.
    pub(crate) fn ahead(&self) -> (&[Box<dyn Array>], Range<usize>) {
        (&self.columns, self.row..self.rows)
    }

    /// How many row groups were read.
    pub(crate) fn groups(&self) -> usize {
        self.next_group
    }

    /// Passes over rows of the row group.
    pub(crate) fn skip(&mut self, rows: usize) {
        let rows = rows.min(self.rows - self.row);
        self.row += rows;
        self.given += rows as u64;
    }

    /// Reads the next row group; false when there is none.
    fn read_group(&mut self) -> Result<bool, DatasetError> {
        let Some(group) = self.metadata.row_groups.get(self.next_group) else {
            return Ok(false);
        };
        self.next_group += 1;
        // The columns of the last group go before those of this one come.
        self.columns.clear();
        let bytes = GroupBytes::read(&mut self.file, group).at(&self.path)?;
        for field in self.schema.read_fields() {
            let keyed = keyed(group, field).filter(|_| self.is_keyed);
            let column = match keyed.map(|field| read_column(&bytes, group, &field)) {
                Some(Ok(column)) => Ok(column),
                // Another writer may have given up its dictionary half way.
                _ => read_column(&bytes, group, field),
            };
            let column = column.map_err(|error| unreadable(&self.path, error))?;
            self.columns.push(column);
        }
        self.rows = group.num_rows();
        self.row = 0;
        let is_whole = self.columns.iter().all(|column| column.len() == self.rows);
        match is_whole {
            true => Ok(true),
            false => Err(unreadable(
                &self.path,
                PolarsError::ComputeError("columns of a row group have different numbers of rows".into()),
            )),
        }
    }
}

fn unreadable(path: &Path, error: PolarsError) -> DatasetError {
    DatasetError::Unreadable {
        path: path.to_owned(),
        error,
    }
}

/// The bytes of a row group's columns, which stand one after the other: read at once.
struct GroupBytes {
    start: u64,
    bytes: Vec<u8>,
}

impl GroupBytes {
    fn read(file: &mut File, group: &RowGroupMetadata) -> std::io::Result<Self> {
        let Range { start, end } = group.full_byte_range();
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(start))?;
        file.take(end.saturating_sub(start)).read_to_end(&mut bytes)?;
        Ok(Self { start, bytes })
    }

    /// The bytes of a column: fewer where the file ends before.
    fn of(&self, chunk: &ColumnChunkMetadata) -> &[u8] {
        let range = chunk.byte_range();
        let place = |at: u64| {
            usize::try_from(at.saturating_sub(self.start)).map_or(self.bytes.len(), |at| at.min(self.bytes.len()))
        };
        self.bytes.get(place(range.start)..place(range.end)).unwrap_or_default()
    }
}

/// The keys of a column of texts, when it has a dictionary in a row group.
fn keyed(group: &RowGroupMetadata, field: &Field) -> Option<Field> {
    let mut chunks = group.columns_under_root_iter(&field.name)?;
    let has_dictionary = chunks.all(|chunk| chunk.dictionary_page_offset().is_some());
    let is_text = field.dtype == ArrowDataType::Utf8View;
    // Only a column that is marked as one of names is read so.
    let names = Metadata::from_iter([(PlSmallStr::from_static(DTYPE_ENUM_VALUES_NEW), PlSmallStr::EMPTY)]);
    let dtype = ArrowDataType::Dictionary(IntegerType::UInt32, Box::new(ArrowDataType::Utf8View), false);
    (is_text && has_dictionary).then(|| Field::new(field.name.clone(), dtype, true).with_metadata(names))
}

fn read_column(bytes: &GroupBytes, group: &RowGroupMetadata, field: &Field) -> PolarsResult<Box<dyn Array>> {
    let chunks: Vec<&ColumnChunkMetadata> = group
        .columns_under_root_iter(&field.name)
        .into_iter()
        .flatten()
        .collect();
    let (mut pages, mut types) = (Vec::new(), Vec::new());
    for chunk in chunks {
        let bytes = bytes.of(chunk).to_vec();
        let reader = PageReader::new(Cursor::new(bytes.into()), chunk, Vec::new(), usize::MAX);
        pages.push(BasicDecompressor::new(reader, Vec::new()));
        types.push(&chunk.descriptor().descriptor.primitive_type);
    }
    let (mut arrays, _) = column_iter_to_arrays(pages, types, field.clone(), None)?;
    match arrays.len() {
        1 => Ok(arrays.swap_remove(0)),
        _ => {
            let arrays: Vec<&dyn Array> = arrays.iter().map(AsRef::as_ref).collect();
            concatenate(&arrays)
        }
    }
}
