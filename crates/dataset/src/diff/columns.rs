//! Rows of two files compared where they stand, column by column, before any is built.
//!
//! Says only what is surely the same: a value whose type it does not know is not.

use polars_arrow::array::{Array, BooleanArray, DictionaryArray, ListArray, PrimitiveArray, Utf8ViewArray};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::datatypes::{IntegerType, PhysicalType, PrimitiveType};
use polars_arrow::types::NativeType;

use crate::column::text_at;
use crate::error::DatasetError;
use crate::parquet::ROW_GROUP_ROWS;
use crate::read::TableReader;
use crate::table::{ColumnarRow, Row};

/// Passes over rows that are next in both files and the same.
pub(super) struct SameRows {
    /// How many rows are compared at once: twice as many after each time that all are the same, half after others. Where
    /// every row differs, hardly any are compared in vain.
    stride: usize,
    /// The row groups that the last rows were of.
    groups: (usize, usize),
    /// Of each column with a dictionary, which new key means the same as an old one, as far as is known of these groups.
    known: Vec<Vec<u32>>,
}

/// No key.
const NONE: u32 = u32::MAX;

impl SameRows {
    pub(super) fn new() -> Self {
        Self {
            stride: 1,
            groups: (0, 0),
            known: Vec::new(),
        }
    }

    /// Goes on to rows that may differ, or to the end of a file.
    pub(super) fn skip<R: ColumnarRow>(
        &mut self,
        old: &mut TableReader<R>,
        new: &mut TableReader<R>,
    ) -> Result<(), DatasetError> {
        while old.load()? && new.load()? {
            let ((olds, from), (news, to)) = (old.ahead(), new.ahead());
            let groups = (old.groups(), new.groups());
            if groups != self.groups {
                self.groups = groups;
                self.known.iter_mut().for_each(Vec::clear);
                self.known.resize_with(olds.len(), Vec::new);
            }
            let rows = self.stride.min(from.len()).min(to.len());
            let mut same = rows;
            for ((left, right), known) in olds.iter().zip(news).zip(&mut self.known) {
                if same > 0 {
                    same = Run::of(left.as_ref(), from.start, right.as_ref(), to.start, same).length(known);
                }
            }
            old.skip(same);
            new.skip(same);
            if same < rows {
                self.stride = (self.stride / 2).max(1);
                return Ok(());
            }
            self.stride = (self.stride * 2).min(ROW_GROUP_ROWS);
        }
        Ok(())
    }
}

/// Where a column stands in a table.
pub(super) fn place_of<R: Row>(name: &str) -> usize {
    let columns = R::columns();
    columns.iter().take_while(|column| column.name != name).count()
}

/// The text that a column has in the row that is next in a file; none at its end.
pub(super) fn next_text<R: ColumnarRow>(
    reader: &mut TableReader<R>,
    place: usize,
) -> Result<Option<&str>, DatasetError> {
    if !reader.load()? {
        return Ok(None);
    }
    let (columns, rows) = reader.ahead();
    Ok(Some(text(columns, place, rows.start).unwrap_or_default()))
}

/// The text in a row; none when it is missing.
pub(super) fn text(columns: &[Box<dyn Array>], place: usize, row: usize) -> Option<&str> {
    let column = columns.get(place)?.as_ref();
    if row >= column.len() || column.is_null(row) {
        return None;
    }
    text_at(column, row)
}

fn typed<A: 'static>(column: &dyn Array) -> Option<&A> {
    column.as_any().downcast_ref()
}

/// So many rows of two columns, from one of each on.
#[derive(Clone, Copy)]
struct Run<'a> {
    left: &'a dyn Array,
    from: usize,
    right: &'a dyn Array,
    to: usize,
    rows: usize,
}

impl<'a> Run<'a> {
    fn of(left: &'a dyn Array, from: usize, right: &'a dyn Array, to: usize, most: usize) -> Self {
        let rows = most
            .min(left.len().saturating_sub(from))
            .min(right.len().saturating_sub(to));
        Self {
            left,
            from,
            right,
            to,
            rows,
        }
    }

    /// In how many rows, from the first on, both are the same.
    fn length(self, known: &mut Vec<u32>) -> usize {
        let same = match self.left.dtype().to_physical_type() {
            PhysicalType::Dictionary(IntegerType::UInt32) => self.keys(known).or_else(|| self.texts()),
            PhysicalType::Utf8View => self.texts(),
            PhysicalType::Boolean => self.booleans(),
            PhysicalType::LargeList => self.lists(),
            PhysicalType::Primitive(PrimitiveType::Int16) => self.numbers::<i16>(),
            PhysicalType::Primitive(PrimitiveType::Int64) => self.numbers::<i64>(),
            PhysicalType::Primitive(PrimitiveType::UInt32) => self.numbers::<u32>(),
            PhysicalType::Primitive(PrimitiveType::Float32) => self.numbers::<f32>(),
            PhysicalType::Primitive(PrimitiveType::Float64) => self.numbers::<f64>(),
            PhysicalType::Primitive(PrimitiveType::Int128) => self.numbers::<i128>(),
            _ => None,
        };
        same.unwrap_or(0)
    }

    /// Counts rows up to the first that is there on one side only, or is on both and not the same.
    fn count(self, mut is_same: impl FnMut(usize) -> bool) -> usize {
        match (self.left.validity(), self.right.validity()) {
            (None, None) => (0..self.rows).take_while(|row| is_same(*row)).count(),
            (left, right) => {
                let is_there = |bits: Option<&Bitmap>, row| bits.is_none_or(|bits| bits.get(row).unwrap_or_default());
                let same = (0..self.rows).take_while(|row| {
                    let is_left = is_there(left, self.from + row);
                    is_left == is_there(right, self.to + row) && (!is_left || is_same(*row))
                });
                same.count()
            }
        }
    }

    fn numbers<T: NativeType>(self) -> Option<usize> {
        let left: &PrimitiveArray<T> = typed(self.left)?;
        let right: &PrimitiveArray<T> = typed(self.right)?;
        let left = left.values().get(self.from..self.from + self.rows)?;
        let right = right.values().get(self.to..self.to + self.rows)?;
        Some(self.count(|row| left.get(row) == right.get(row)))
    }

    fn booleans(self) -> Option<usize> {
        let (left, right): (&BooleanArray, &BooleanArray) = (typed(self.left)?, typed(self.right)?);
        Some(self.count(|row| left.value(self.from + row) == right.value(self.to + row)))
    }

    /// Texts are compared once for each pair of keys that are the same.
    fn keys(self, known: &mut Vec<u32>) -> Option<usize> {
        let (left, right): (&DictionaryArray<u32>, &DictionaryArray<u32>) = (typed(self.left)?, typed(self.right)?);
        let (olds, news) = (
            typed::<Utf8ViewArray>(left.values().as_ref())?,
            typed::<Utf8ViewArray>(right.values().as_ref())?,
        );
        let left = left.keys().values().get(self.from..self.from + self.rows)?;
        let right = right.keys().values().get(self.to..self.to + self.rows)?;
        known.resize(olds.len(), NONE);
        Some(self.count(|row| {
            let (Some(old), Some(new)) = (left.get(row).copied(), right.get(row).copied()) else {
                return false;
            };
            let Some(known) = known.get_mut(old as usize) else {
                return false;
            };
            if *known != new && (new as usize) < news.len() && olds.value(old as usize) == news.value(new as usize) {
                *known = new;
            }
            *known == new
        }))
    }

    fn texts(self) -> Option<usize> {
        Some(self.count(|row| {
            let text = text_at(self.left, self.from + row);
            text.is_some() && text == text_at(self.right, self.to + row)
        }))
    }

    fn lists(self) -> Option<usize> {
        let (left, right): (&ListArray<i64>, &ListArray<i64>) = (typed(self.left)?, typed(self.right)?);
        Some(self.count(|row| {
            let (one, other) = (left.value(self.from + row), right.value(self.to + row));
            one.len() == other.len()
                && Run::of(one.as_ref(), 0, other.as_ref(), 0, one.len()).length(&mut Vec::new()) == one.len()
        }))
    }
}
