//! What a table is: a row type, its columns with their descriptions, and the columns that rows gather in.
//!
//! The `table!` macro makes all of it from one list of fields, so that the struct, the Parquet schema, the JSON keys
//! and the data package cannot drift apart. Knows nothing of files.

use polars::prelude::PolarsResult;
use polars_arrow::array::Array;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::column::{ColumnKind, Encoded};

/// One column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnSpec {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: ColumnKind,
    /// Whether values may be missing.
    pub nullable: bool,
    /// What it means.
    pub description: &'static str,
}

/// A row of one table. Serialised with `serde_json` its keys are exactly the columns.
pub trait Row: Serialize + DeserializeOwned {
    /// Name of the table.
    const TABLE: &'static str;
    /// What a row stands for.
    const DESCRIPTION: &'static str;
    /// The columns, in order.
    fn columns() -> Vec<ColumnSpec>;
}

/// A row that can be gathered into columns.
pub(crate) trait ColumnarRow: Row {
    /// One buffer for each column.
    type Buffers: Default;
    /// Makes room for as many more rows.
    fn reserve(buffers: &mut Self::Buffers, rows: usize);
    /// Adds the row to the buffers; gives the bytes it takes up, roughly.
    fn gather(&self, buffers: &mut Self::Buffers) -> usize;
    /// Adds a packed row to the buffers without making it; gives the bytes it takes up, roughly, and what stands behind it.
    fn unpack<'p>(packed: &'p [u8], buffers: &mut Self::Buffers) -> postcard::Result<(usize, &'p [u8])>;
    /// The columns, in order; the buffers are empty afterwards.
    fn take(buffers: &mut Self::Buffers) -> PolarsResult<Vec<Encoded>>;
    /// A row of columns that were read; none where a value is missing that must be there.
    fn scatter(columns: &[Box<dyn Array>], row: usize) -> Option<Self>;
    /// The columns in which another row differs, in order.
    fn differing(&self, other: &Self) -> Vec<&'static str>;
}

/// Defines a row struct, its buffers and its [`Row`]: the doc comments are the column descriptions.
macro_rules! table {
    (
        $(#[doc = $doc:literal])+
        $row:ident, $buffers:ident, $table:literal {
            $($(#[doc = $text:literal])+ $field:ident: $type:ty),+ $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $row { $($(#[doc = $text])+ pub $field: $type),+ }

        #[derive(Default)]
        pub(crate) struct $buffers {
            $(pub(crate) $field: <<$type as $crate::column::ColumnValue>::Of as $crate::column::Scalar>::Buffer),+
        }

        impl $crate::table::Row for $row {
            const TABLE: &'static str = $table;
            const DESCRIPTION: &'static str = concat!($($doc),+).trim_ascii();

            fn columns() -> Vec<$crate::table::ColumnSpec> {
                vec![$($crate::table::ColumnSpec {
                    name: stringify!($field),
                    kind: <<$type as $crate::column::ColumnValue>::Of as $crate::column::Scalar>::KIND,
                    nullable: <$type as $crate::column::ColumnValue>::NULLABLE,
                    description: concat!($($text),+).trim_ascii(),
                }),+]
            }
        }

        impl $crate::table::ColumnarRow for $row {
            type Buffers = $buffers;

            fn reserve(buffers: &mut $buffers, rows: usize) {
                use $crate::column::Buffer;
                $(buffers.$field.reserve(rows);)+
            }

            fn gather(&self, buffers: &mut $buffers) -> usize {
                use $crate::column::{ColumnValue, Scalar};
                let mut bytes = 0;
                $(bytes += <<$type as ColumnValue>::Of as Scalar>::push(self.$field.value(), &mut buffers.$field);)+
                bytes
            }

            fn unpack<'p>(mut packed: &'p [u8], buffers: &mut $buffers) -> postcard::Result<(usize, &'p [u8])> {
                use $crate::column::ColumnValue;
                let mut bytes = 0;
                $({
                    let (taken, rest) = <$type as ColumnValue>::unpack(packed, &mut buffers.$field)?;
                    bytes += taken;
                    packed = rest;
                })+
                Ok((bytes, packed))
            }

            fn take(buffers: &mut $buffers) -> polars::prelude::PolarsResult<Vec<$crate::column::Encoded>> {
                use $crate::column::Buffer;
                Ok(vec![$(buffers.$field.take()?),+])
            }

            fn scatter(columns: &[Box<dyn polars_arrow::array::Array>], row: usize) -> Option<Self> {
                let mut columns = columns.iter();
                Some(Self {
                    $($field: <$type as $crate::column::ColumnValue>::read(columns.next()?.as_ref(), row)?),+
                })
            }

            fn differing(&self, other: &Self) -> Vec<&'static str> {
                let mut names = Vec::new();
                $(if self.$field != other.$field {
                    names.push(stringify!($field));
                })+
                names
            }
        }
    };
}

pub(crate) use table;
