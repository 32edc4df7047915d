//! Rows of two files compared where they stand, column by column, before any is built.
//!
//! Says only what is surely the same: a value whose type it does not know is not.

use polars_arrow::array::{Array, BooleanArray, ListArray, PrimitiveArray, Utf8ViewArray, View};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::datatypes::{PhysicalType, PrimitiveType};
use polars_arrow::types::NativeType;

use crate::error::DatasetError;
use crate::parquet::ROW_GROUP_ROWS;
use crate::read::TableReader;
use crate::table::{ColumnarRow, Row};

/// Passes over rows that are next in both files and the same.
pub(super) struct SameRows {
    /// How many rows are compared at once: twice as many after each time that all are the same, half after others. Where
    /// every row differs, hardly any are compared in vain.
    stride: usize,
}

impl SameRows {
    pub(super) fn new() -> Self {
        Self { stride: 1 }
    }

    /// Goes on to rows that may differ, or to the end of a file.
    pub(super) fn skip<R: ColumnarRow>(
        &mut self,
        old: &mut TableReader<R>,
        new: &mut TableReader<R>,
    ) -> Result<(), DatasetError> {
        while old.load()? && new.load()? {
            let ((olds, from), (news, to)) = (old.ahead(), new.ahead());
            let rows = self.stride.min(from.len()).min(to.len());
            let mut same = rows;
            for (left, right) in olds.iter().zip(news) {
                if same > 0 {
                    same = Run::of(left.as_ref(), from.start, right.as_ref(), to.start, same).length();
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
    let texts: &Utf8ViewArray = typed(columns.get(place)?.as_ref())?;
    (row < texts.len() && texts.is_valid(row)).then(|| texts.value(row))
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
    fn length(self) -> usize {
        let same = match self.left.dtype().to_physical_type() {
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

    /// Values that repeat are views of one place: what was found of the last two holds for the next.
    fn texts(self) -> Option<usize> {
        let (left, right): (&Utf8ViewArray, &Utf8ViewArray) = (typed(self.left)?, typed(self.right)?);
        let lefts = left.views().get(self.from..self.from + self.rows)?;
        let rights = right.views().get(self.to..self.to + self.rows)?;
        let mut last = (0, 0);
        Some(self.count(|row| {
            let (Some(one), Some(other)) = (lefts.get(row), rights.get(row)) else {
                return false;
            };
            let pair = (one.as_u128(), other.as_u128());
            if last == pair {
                return true;
            }
            if one.is_inline() {
                return pair.0 == pair.1;
            }
            last = pair;
            has_same_start(one, other) && left.value(self.from + row) == right.value(self.to + row)
        }))
    }

    fn lists(self) -> Option<usize> {
        let (left, right): (&ListArray<i64>, &ListArray<i64>) = (typed(self.left)?, typed(self.right)?);
        Some(self.count(|row| {
            let (one, other) = (left.value(self.from + row), right.value(self.to + row));
            one.len() == other.len() && Run::of(one.as_ref(), 0, other.as_ref(), 0, one.len()).length() == one.len()
        }))
    }
}

/// Whether length and first bytes are the same.
fn has_same_start(one: &View, other: &View) -> bool {
    one.length == other.length && one.prefix == other.prefix
}
