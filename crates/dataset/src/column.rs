//! The types a column can have, and how values of each gather into a polars column.
//!
//! Knows nothing of tables: [`crate::table`] puts columns together.

use polars::prelude::{
    BooleanChunked, Categorical8Chunked, Column, DataType, Float32Chunked, Float64Chunked, FrozenCategories,
    Int16Chunked, Int64Chunked, Int128Chunked, IntoColumn, IntoSeries, ListBuilderTrait, ListPrimitiveChunkedBuilder,
    ListStringChunkedBuilder, NewChunkedArray, PlSmallStr, PolarsResult, StringChunkedBuilder, UInt8Chunked,
    UInt32Chunked, UInt32Type,
};

use crate::name::{Fen, Named, NamedColumn};

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// UTF-8 text.
    String,
    /// Sixteen-bit integer.
    Int16,
    /// Sixty-four-bit integer.
    Int64,
    /// Thirty-two-bit integer without sign.
    UInt32,
    /// Four-byte real number.
    Float32,
    /// Eight-byte real number.
    Float64,
    /// True or false.
    Boolean,
    /// Yuan, eighteen digits with two decimals.
    Money,
    /// List of texts.
    StringList,
    /// List of thirty-two-bit integers without sign.
    UInt32List,
    /// One of a fixed list of names.
    Enum(&'static [&'static str]),
}

impl ColumnKind {
    /// The polars type.
    ///
    /// The names of an enum stand in alphabetical order, so that readers that sort by name (DuckDB) and readers that
    /// sort by code (polars) agree on the order of rows.
    pub(crate) fn dtype(self) -> PolarsResult<DataType> {
        Ok(match self {
            Self::String => DataType::String,
            Self::Int16 => DataType::Int16,
            Self::Int64 => DataType::Int64,
            Self::UInt32 => DataType::UInt32,
            Self::Float32 => DataType::Float32,
            Self::Float64 => DataType::Float64,
            Self::Boolean => DataType::Boolean,
            Self::Money => DataType::Decimal(18, 2),
            Self::StringList => DataType::List(Box::new(DataType::String)),
            Self::UInt32List => DataType::List(Box::new(DataType::UInt32)),
            Self::Enum(names) => DataType::from_frozen_categories(FrozenCategories::new(sorted(names))?),
        })
    }

    /// The type's name in a Frictionless table schema.
    pub(crate) fn frictionless(self) -> &'static str {
        match self {
            Self::String | Self::Enum(_) => "string",
            Self::Int16 | Self::Int64 | Self::UInt32 => "integer",
            Self::Float32 | Self::Float64 | Self::Money => "number",
            Self::Boolean => "boolean",
            Self::StringList | Self::UInt32List => "array",
        }
    }
}

/// Names in alphabetical order.
pub(crate) fn sorted(names: &'static [&'static str]) -> Vec<&'static str> {
    let mut names = names.to_vec();
    names.sort_unstable();
    names
}

/// A value that a column can hold.
pub(crate) trait Scalar: Sized {
    /// Where values gather.
    type Buffer;
    /// The column's type.
    const KIND: ColumnKind;
    /// An empty buffer.
    fn buffer() -> Self::Buffer;
    /// Adds a value; gives the bytes it takes up, roughly.
    fn push(value: Option<&Self>, buffer: &mut Self::Buffer) -> usize;
    /// The column.
    fn finish(buffer: Self::Buffer, name: &'static str) -> PolarsResult<Column>;
}

/// What a field of a row is to its column: a value, or an optional one.
pub(crate) trait ColumnValue {
    /// The value's type.
    type Of: Scalar;
    /// Whether it may be missing.
    const NULLABLE: bool;
    /// The value, when there is one.
    fn value(&self) -> Option<&Self::Of>;
}

impl<T: Scalar> ColumnValue for T {
    type Of = T;
    const NULLABLE: bool = false;
    fn value(&self) -> Option<&T> {
        Some(self)
    }
}

impl<T: Scalar> ColumnValue for Option<T> {
    type Of = T;
    const NULLABLE: bool = true;
    fn value(&self) -> Option<&T> {
        self.as_ref()
    }
}

macro_rules! plain_scalars {
    ($($type:ty => $kind:ident, $array:ty);+ $(;)?) => {
        $(impl Scalar for $type {
            type Buffer = Vec<Option<$type>>;
            const KIND: ColumnKind = ColumnKind::$kind;
            fn buffer() -> Self::Buffer {
                Vec::new()
            }
            fn push(value: Option<&Self>, buffer: &mut Self::Buffer) -> usize {
                buffer.push(value.copied());
                size_of::<Self>()
            }
            fn finish(buffer: Self::Buffer, name: &'static str) -> PolarsResult<Column> {
                let array = <$array>::from_slice_options(PlSmallStr::from_static(name), &buffer);
                Ok(array.into_series().into_column())
            }
        })+
    };
}

plain_scalars! {
    i16 => Int16, Int16Chunked;
    i64 => Int64, Int64Chunked;
    u32 => UInt32, UInt32Chunked;
    f32 => Float32, Float32Chunked;
    f64 => Float64, Float64Chunked;
    bool => Boolean, BooleanChunked;
}

impl Scalar for Fen {
    type Buffer = Vec<Option<i128>>;
    const KIND: ColumnKind = ColumnKind::Money;

    fn buffer() -> Self::Buffer {
        Vec::new()
    }

    fn push(value: Option<&Self>, buffer: &mut Self::Buffer) -> usize {
        buffer.push(value.map(|fen| i128::from(fen.0)));
        size_of::<i64>()
    }

    fn finish(buffer: Self::Buffer, name: &'static str) -> PolarsResult<Column> {
        let fen = Int128Chunked::from_slice_options(PlSmallStr::from_static(name), &buffer);
        Ok(fen.into_decimal(18, 2)?.into_series().into_column())
    }
}

impl Scalar for String {
    type Buffer = StringChunkedBuilder;
    const KIND: ColumnKind = ColumnKind::String;

    fn buffer() -> Self::Buffer {
        StringChunkedBuilder::new(PlSmallStr::EMPTY, 0)
    }

    fn push(value: Option<&Self>, buffer: &mut Self::Buffer) -> usize {
        buffer.append_option(value);
        value.map_or(0, String::len)
    }

    fn finish(buffer: Self::Buffer, name: &'static str) -> PolarsResult<Column> {
        let text = buffer.finish().into_series();
        Ok(text.with_name(PlSmallStr::from_static(name)).into_column())
    }
}

impl Scalar for Vec<String> {
    type Buffer = ListStringChunkedBuilder;
    const KIND: ColumnKind = ColumnKind::StringList;

    fn buffer() -> Self::Buffer {
        ListStringChunkedBuilder::new(PlSmallStr::EMPTY, 0, 0)
    }

    fn push(value: Option<&Self>, buffer: &mut Self::Buffer) -> usize {
        let texts = value.map_or(&[][..], Vec::as_slice);
        buffer.append_values_iter(texts.iter().map(String::as_str));
        texts.iter().map(String::len).sum()
    }

    fn finish(mut buffer: Self::Buffer, name: &'static str) -> PolarsResult<Column> {
        let lists = buffer.finish().into_series();
        Ok(lists.with_name(PlSmallStr::from_static(name)).into_column())
    }
}

impl Scalar for Vec<u32> {
    type Buffer = ListPrimitiveChunkedBuilder<UInt32Type>;
    const KIND: ColumnKind = ColumnKind::UInt32List;

    fn buffer() -> Self::Buffer {
        ListPrimitiveChunkedBuilder::new(PlSmallStr::EMPTY, 0, 0, DataType::UInt32)
    }

    fn push(value: Option<&Self>, buffer: &mut Self::Buffer) -> usize {
        let numbers = value.map_or(&[][..], Vec::as_slice);
        buffer.append_slice(numbers);
        size_of_val(numbers)
    }

    fn finish(mut buffer: Self::Buffer, name: &'static str) -> PolarsResult<Column> {
        let lists = buffer.finish().into_series();
        Ok(lists.with_name(PlSmallStr::from_static(name)).into_column())
    }
}

impl<T: NamedColumn> Scalar for Named<T> {
    type Buffer = Vec<Option<u8>>;
    const KIND: ColumnKind = ColumnKind::Enum(T::NAMES);

    fn buffer() -> Self::Buffer {
        Vec::new()
    }

    fn push(value: Option<&Self>, buffer: &mut Self::Buffer) -> usize {
        buffer.push(value.map(|name| name.index()));
        1
    }

    fn finish(mut buffer: Self::Buffer, name: &'static str) -> PolarsResult<Column> {
        let order = sorted(T::NAMES);
        let places: Vec<Option<u8>> = T::NAMES
            .iter()
            .map(|name| {
                order
                    .binary_search(name)
                    .ok()
                    .and_then(|place| u8::try_from(place).ok())
            })
            .collect();
        for code in &mut buffer {
            *code = code.and_then(|index| places.get(usize::from(index)).copied().flatten());
        }
        let codes = UInt8Chunked::from_slice_options(PlSmallStr::from_static(name), &buffer);
        let named = Categorical8Chunked::from_cats_and_dtype(codes, Self::KIND.dtype()?);
        Ok(named.into_series().into_column())
    }
}
