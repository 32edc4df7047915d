//! The types a column can have, and how values of each gather into an Arrow array.
//!
//! Knows nothing of tables: [`crate::table`] puts columns together.

use polars::prelude::{ArrowDataType, DataType, FrozenCategories, PolarsResult};
use polars_arrow::array::{
    Array, BinaryArray, BooleanArray, DictionaryArray, ListArray, MutableBooleanArray, PrimitiveArray, Utf8ViewArray,
};
use polars_arrow::bitmap::{Bitmap, MutableBitmap};
use polars_arrow::datatypes::{Field, IntegerType};
use polars_arrow::offset::OffsetsBuffer;
use polars_arrow::types::NativeType;
use polars_parquet::write::Encoding;
use serde::de::DeserializeOwned;

use crate::name::{Fen, Named, NamedColumn};
use crate::text::Text;
use crate::text_column::{TextColumn, Texts};

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

    /// The type in words, for the codebook.
    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Self::String => "text",
            Self::Int16 | Self::Int64 => "whole number",
            Self::UInt32 => "whole number, never negative",
            Self::Float32 | Self::Float64 => "number",
            Self::Boolean => "true or false",
            Self::Money => "yuan with two decimals",
            Self::StringList => "list of texts",
            Self::UInt32List => "list of whole numbers",
            Self::Enum(_) => "one of a few names",
        }
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

/// A column of a row group: its values and how they are encoded.
pub(crate) type Encoded = (Box<dyn Array>, Encoding);

/// Where the values of a column gather.
pub(crate) trait Buffer: Default {
    /// Makes room for as many more values, where each takes the same: growing would copy them time and again.
    fn reserve(&mut self, _values: usize) {}
    /// The values so far; the buffer is empty afterwards.
    fn take(&mut self) -> PolarsResult<Encoded>;
}

/// A value that a column can hold.
pub(crate) trait Scalar: DeserializeOwned {
    /// Where values gather.
    type Buffer: Buffer;
    /// The column's type.
    const KIND: ColumnKind;
    /// Adds a value; gives the bytes it takes up, roughly.
    fn push(value: Option<&Self>, buffer: &mut Self::Buffer) -> usize;
    /// The same for a packed value, which need not be made for it. Gives what stands behind it, too.
    fn unpack<'p>(packed: &'p [u8], buffer: &mut Self::Buffer) -> postcard::Result<(usize, &'p [u8])> {
        let (value, rest) = postcard::take_from_bytes::<Self>(packed)?;
        Ok((Self::push(Some(&value), buffer), rest))
    }
    /// A value of a column that was read; none when the column has another type.
    fn get(column: &dyn Array, row: usize) -> Option<Self>;
}

/// Where the values of a field gather.
type BufferOf<T> = <<T as ColumnValue>::Of as Scalar>::Buffer;

/// What a field of a row is to its column: a value, or an optional one.
pub(crate) trait ColumnValue {
    /// The value's type.
    type Of: Scalar;
    /// Whether it may be missing.
    const NULLABLE: bool;
    /// The value, when there is one.
    fn value(&self) -> Option<&Self::Of>;
    /// Adds a packed value; gives the bytes it takes up, roughly, and what stands behind it.
    fn unpack<'p>(packed: &'p [u8], buffer: &mut BufferOf<Self>) -> postcard::Result<(usize, &'p [u8])>;
    /// The value in a row of a column that was read; none when it must be there and is not.
    fn read(column: &dyn Array, row: usize) -> Option<Self>
    where
        Self: Sized;
}

impl<T: Scalar> ColumnValue for T {
    type Of = T;
    const NULLABLE: bool = false;
    fn value(&self) -> Option<&T> {
        Some(self)
    }
    fn unpack<'p>(packed: &'p [u8], buffer: &mut T::Buffer) -> postcard::Result<(usize, &'p [u8])> {
        <T as Scalar>::unpack(packed, buffer)
    }
    fn read(column: &dyn Array, row: usize) -> Option<Self> {
        if column.is_null(row) { None } else { T::get(column, row) }
    }
}

impl<T: Scalar> ColumnValue for Option<T> {
    type Of = T;
    const NULLABLE: bool = true;
    fn value(&self) -> Option<&T> {
        self.as_ref()
    }
    fn unpack<'p>(packed: &'p [u8], buffer: &mut T::Buffer) -> postcard::Result<(usize, &'p [u8])> {
        match postcard::take_from_bytes::<bool>(packed)? {
            (true, value) => <T as Scalar>::unpack(value, buffer),
            (false, rest) => Ok((T::push(None, buffer), rest)),
        }
    }
    fn read(column: &dyn Array, row: usize) -> Option<Self> {
        if column.is_null(row) {
            return Some(None);
        }
        T::get(column, row).map(Some)
    }
}

/// The text in a row of a column that was read, whether or not as keys of a dictionary.
pub(crate) fn text_at(column: &dyn Array, row: usize) -> Option<&str> {
    if let Some(texts) = column.as_any().downcast_ref::<Utf8ViewArray>() {
        return Some(texts.value(row));
    }
    let keyed: &DictionaryArray<u32> = column.as_any().downcast_ref()?;
    let texts: &Utf8ViewArray = keyed.values().as_any().downcast_ref()?;
    // What another program wrote may have keys that its dictionary has not.
    let key = keyed.keys().value(row) as usize;
    (key < texts.len()).then(|| texts.value(key))
}

/// An array of values and of which of them are there.
pub(crate) fn primitive<T: NativeType>(values: Vec<T>, present: Option<Bitmap>) -> PrimitiveArray<T> {
    PrimitiveArray::new(ArrowDataType::from(T::PRIMITIVE), values.into(), present)
}

/// Values for which others stand: a dictionary page and keys.
pub(crate) fn dictionary(keys: PrimitiveArray<u32>, values: Box<dyn Array>) -> PolarsResult<Encoded> {
    let dtype = ArrowDataType::Dictionary(IntegerType::UInt32, Box::new(values.dtype().clone()), false);
    Ok((
        Box::new(DictionaryArray::try_new(dtype, keys, values)?),
        Encoding::RleDictionary,
    ))
}

/// Which of a column's values are there; costs nothing until the first is missing.
#[derive(Debug, Default)]
pub(crate) struct Presence {
    rows: usize,
    present: Option<MutableBitmap>,
}

impl Presence {
    /// Adds a row.
    #[inline]
    pub(crate) fn push(&mut self, is_present: bool) {
        if !is_present || self.present.is_some() {
            self.note(is_present);
        }
        self.rows += 1;
    }

    fn note(&mut self, is_present: bool) {
        let rows = self.rows;
        let present = self.present.get_or_insert_with(|| MutableBitmap::from_len_set(rows));
        present.push(is_present);
    }

    /// What is there, when something is missing; empty afterwards.
    pub(crate) fn take(&mut self) -> Option<Bitmap> {
        self.rows = 0;
        self.present.take().map(MutableBitmap::freeze)
    }
}

/// A column of numbers has a dictionary while it has at most this many distinct ones.
const MAX_DISTINCT: usize = 32;

/// Whole numbers that lie this close together, and at most [`SPREAD_BY_ROW`] apart for each row, get one from polars
/// where it pays. It is not asked otherwise: it would estimate how many distinct ones there are, which takes longer than
/// everything else, and look them up in a table of all between the least and the greatest.
const MAX_SPREAD: u64 = u16::MAX as u64;
const SPREAD_BY_ROW: u64 = 8;

/// Numbers that lie farther apart than blocks of a page do are places in its text, and no dictionary of them pays.
const MAX_BLOCKS: u64 = 4096;

/// A number that a column can hold.
pub(crate) trait Number: NativeType {
    /// Whether numbers that lie far apart are written as differences, in as few bits as these have: half of what they take
    /// as they are.
    const HAS_DELTAS: bool;
    /// How far the numbers lie apart; none for real numbers.
    fn spread(numbers: &[Self]) -> Option<u64>;
}

macro_rules! whole_numbers {
    ($($type:ty: $has_deltas:literal),+) => {
        $(impl Number for $type {
            const HAS_DELTAS: bool = $has_deltas;
            fn spread(numbers: &[Self]) -> Option<u64> {
                let least = numbers.iter().copied().min()?;
                let greatest = numbers.iter().copied().max()?;
                u64::try_from(i128::from(greatest) - i128::from(least)).ok()
            }
        })+
    };
}

whole_numbers!(i16: false, u32: true, i64: false);

macro_rules! real_numbers {
    ($($type:ty),+) => {
        $(impl Number for $type {
            const HAS_DELTAS: bool = false;
            fn spread(_: &[Self]) -> Option<u64> {
                None
            }
        })+
    };
}

real_numbers!(f32, f64);

/// Numbers: a dictionary of few distinct ones (years, confidences), or all of them.
#[derive(Debug)]
pub(crate) struct Numbers<T> {
    presence: Presence,
    /// The distinct numbers and their keys, or all of them and no keys.
    values: Vec<T>,
    keys: Vec<u32>,
    last: u32,
    is_plain: bool,
}

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self {
            presence: Presence::default(),
            values: Vec::new(),
            keys: Vec::new(),
            last: 0,
            is_plain: false,
        }
    }
}

impl<T: Number> Numbers<T> {
    /// Adds a value; gives the bytes it takes up.
    pub(crate) fn push(&mut self, value: Option<T>) -> usize {
        self.presence.push(value.is_some());
        if let Some(value) = value.filter(|_| !self.is_plain) {
            self.find(value);
        }
        if self.is_plain {
            self.values.push(value.unwrap_or_default());
            size_of::<T>()
        } else {
            self.keys.push(self.last);
            size_of::<u32>()
        }
    }

    fn find(&mut self, value: T) {
        // By their bytes: minus zero is not zero, and what is no number equals itself.
        let bytes = value.to_le_bytes();
        let is_same = |other: &T| other.to_le_bytes().as_ref() == bytes.as_ref();
        if self.values.get(self.last as usize).is_some_and(is_same) {
            return;
        }
        let place = self.values.iter().position(is_same).unwrap_or(self.values.len());
        if place == MAX_DISTINCT {
            let distinct = std::mem::take(&mut self.values);
            let value = |key: u32| distinct.get(key as usize).copied().unwrap_or_default();
            // Room for as many as there was for keys.
            self.values = Vec::with_capacity(self.keys.capacity());
            self.values.extend(self.keys.drain(..).map(value));
            self.is_plain = true;
            return;
        }
        if place == self.values.len() {
            self.values.push(value);
        }
        self.last = u32::try_from(place).unwrap_or_default();
    }
}

impl<T: Number> Buffer for Numbers<T> {
    fn reserve(&mut self, values: usize) {
        self.keys.reserve(values);
    }

    fn take(&mut self) -> PolarsResult<Encoded> {
        let present = self.presence.take();
        let values = std::mem::take(&mut self.values);
        let keys = std::mem::take(&mut self.keys);
        self.last = 0;
        if std::mem::take(&mut self.is_plain) {
            let encoding = match T::spread(&values) {
                Some(spread) if T::HAS_DELTAS && spread > MAX_BLOCKS => Encoding::DeltaBinaryPacked,
                Some(spread) if spread <= MAX_SPREAD.min(SPREAD_BY_ROW * values.len() as u64) => {
                    Encoding::RleDictionary
                }
                _ => Encoding::Plain,
            };
            return Ok((Box::new(primitive(values, present)), encoding));
        }
        dictionary(primitive(keys, present), Box::new(primitive(values, None)))
    }
}

macro_rules! plain_scalars {
    ($($type:ty => $kind:ident),+ $(,)?) => {
        $(impl Scalar for $type {
            type Buffer = Numbers<$type>;
            const KIND: ColumnKind = ColumnKind::$kind;
            fn push(value: Option<&Self>, buffer: &mut Self::Buffer) -> usize {
                buffer.push(value.copied())
            }
            fn get(column: &dyn Array, row: usize) -> Option<Self> {
                Some(column.as_any().downcast_ref::<PrimitiveArray<$type>>()?.value(row))
            }
        })+
    };
}

plain_scalars!(i16 => Int16, i64 => Int64, u32 => UInt32, f32 => Float32, f64 => Float64);

impl Scalar for Fen {
    type Buffer = Numbers<i64>;
    const KIND: ColumnKind = ColumnKind::Money;

    fn push(value: Option<&Self>, buffer: &mut Self::Buffer) -> usize {
        buffer.push(value.map(|fen| fen.0))
    }

    fn get(column: &dyn Array, row: usize) -> Option<Self> {
        let fen = column.as_any().downcast_ref::<PrimitiveArray<i128>>()?.value(row);
        i64::try_from(fen).ok().map(Self)
    }
}

impl Buffer for MutableBooleanArray {
    fn take(&mut self) -> PolarsResult<Encoded> {
        Ok((Box::new(BooleanArray::from(std::mem::take(self))), Encoding::Plain))
    }
}

impl Scalar for bool {
    type Buffer = MutableBooleanArray;
    const KIND: ColumnKind = ColumnKind::Boolean;

    fn push(value: Option<&Self>, buffer: &mut Self::Buffer) -> usize {
        buffer.push(value.copied());
        1
    }

    fn get(column: &dyn Array, row: usize) -> Option<Self> {
        Some(column.as_any().downcast_ref::<BooleanArray>()?.value(row))
    }
}

/// Adds a packed text. That it is one was seen when it was packed.
fn unpack_text<'p>(packed: &'p [u8], buffer: &mut TextColumn) -> postcard::Result<(usize, &'p [u8])> {
    let (text, rest) = postcard::take_from_bytes::<&[u8]>(packed)?;
    Ok((buffer.push_bytes(Some(text)), rest))
}

impl Scalar for String {
    type Buffer = TextColumn;
    const KIND: ColumnKind = ColumnKind::String;

    fn push(value: Option<&Self>, buffer: &mut Self::Buffer) -> usize {
        buffer.push(value.map(String::as_str))
    }

    fn unpack<'p>(packed: &'p [u8], buffer: &mut TextColumn) -> postcard::Result<(usize, &'p [u8])> {
        unpack_text(packed, buffer)
    }

    fn get(column: &dyn Array, row: usize) -> Option<Self> {
        text_at(column, row).map(str::to_owned)
    }
}

impl Scalar for Text {
    type Buffer = TextColumn;
    const KIND: ColumnKind = ColumnKind::String;

    fn push(value: Option<&Self>, buffer: &mut Self::Buffer) -> usize {
        buffer.push(value.map(|text| &**text))
    }

    fn unpack<'p>(packed: &'p [u8], buffer: &mut TextColumn) -> postcard::Result<(usize, &'p [u8])> {
        unpack_text(packed, buffer)
    }

    fn get(column: &dyn Array, row: usize) -> Option<Self> {
        text_at(column, row).map(Self::from)
    }
}

/// The values of a list in a row of a column that was read.
fn list_at(column: &dyn Array, row: usize) -> Option<Box<dyn Array>> {
    Some(column.as_any().downcast_ref::<ListArray<i64>>()?.value(row))
}

/// Lists, as the places where they end in the values of all of them.
#[derive(Debug, Default)]
pub(crate) struct Lists<V> {
    ends: Vec<i64>,
    values: V,
}

impl<V> Lists<V> {
    fn close(&mut self, values: usize) {
        self.ends.push(i64::try_from(values).unwrap_or(i64::MAX));
    }

    fn array(&mut self, values: Box<dyn Array>) -> PolarsResult<Encoded> {
        let mut offsets = vec![0];
        offsets.append(&mut self.ends);
        let item = Field::new("item".into(), values.dtype().clone(), true);
        let dtype = ArrowDataType::LargeList(Box::new(item));
        let lists = ListArray::<i64>::try_new(dtype, OffsetsBuffer::try_from(offsets)?, values, None)?;
        Ok((Box::new(lists), Encoding::Plain))
    }
}

impl Buffer for Lists<Texts> {
    fn take(&mut self) -> PolarsResult<Encoded> {
        let texts: BinaryArray<i64> = self.values.take(None)?;
        self.array(Box::new(texts))
    }
}

impl Scalar for Vec<String> {
    type Buffer = Lists<Texts>;
    const KIND: ColumnKind = ColumnKind::StringList;

    fn push(value: Option<&Self>, buffer: &mut Self::Buffer) -> usize {
        let texts = value.map_or(&[][..], Vec::as_slice);
        texts.iter().for_each(|text| buffer.values.push(text));
        buffer.close(buffer.values.len());
        texts.iter().map(String::len).sum()
    }

    fn get(column: &dyn Array, row: usize) -> Option<Self> {
        let texts = list_at(column, row)?;
        (0..texts.len())
            .map(|place| String::get(texts.as_ref(), place))
            .collect()
    }
}

impl Buffer for Lists<Vec<u32>> {
    fn take(&mut self) -> PolarsResult<Encoded> {
        let numbers = primitive(std::mem::take(&mut self.values), None);
        self.array(Box::new(numbers))
    }
}

impl Scalar for Vec<u32> {
    type Buffer = Lists<Vec<u32>>;
    const KIND: ColumnKind = ColumnKind::UInt32List;

    fn push(value: Option<&Self>, buffer: &mut Self::Buffer) -> usize {
        let numbers = value.map_or(&[][..], Vec::as_slice);
        buffer.values.extend_from_slice(numbers);
        buffer.close(buffer.values.len());
        size_of_val(numbers)
    }

    fn unpack<'p>(packed: &'p [u8], buffer: &mut Self::Buffer) -> postcard::Result<(usize, &'p [u8])> {
        let (count, mut rest) = postcard::take_from_bytes::<usize>(packed)?;
        for _ in 0..count {
            let (number, behind) = postcard::take_from_bytes(rest)?;
            buffer.values.push(number);
            rest = behind;
        }
        buffer.close(buffer.values.len());
        Ok((count * size_of::<u32>(), rest))
    }

    fn get(column: &dyn Array, row: usize) -> Option<Self> {
        let numbers = list_at(column, row)?;
        (0..numbers.len())
            .map(|place| u32::get(numbers.as_ref(), place))
            .collect()
    }
}

/// Names of a fixed list, by their place in it.
#[derive(Debug)]
pub(crate) struct Names<T> {
    presence: Presence,
    indices: Vec<u8>,
    of: std::marker::PhantomData<T>,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self {
            presence: Presence::default(),
            indices: Vec::new(),
            of: std::marker::PhantomData,
        }
    }
}

impl<T: NamedColumn> Names<T> {
    /// Adds a name.
    pub(crate) fn push(&mut self, value: Option<Named<T>>) -> usize {
        self.presence.push(value.is_some());
        self.indices.push(value.map_or(0, Named::index));
        1
    }
}

/// The place of every name in the alphabetical order, by its place in the list.
pub(crate) fn alphabetical_places(names: &'static [&'static str]) -> Vec<u8> {
    let order = sorted(names);
    let place = |name: &&str| u8::try_from(order.binary_search(name).unwrap_or_default()).unwrap_or_default();
    names.iter().map(place).collect()
}

impl<T: NamedColumn> Buffer for Names<T> {
    fn reserve(&mut self, values: usize) {
        self.indices.reserve(values);
    }

    fn take(&mut self) -> PolarsResult<Encoded> {
        let places = alphabetical_places(T::NAMES);
        let place = |index: u8| u32::from(places.get(usize::from(index)).copied().unwrap_or_default());
        let keys = self.indices.drain(..).map(place).collect();
        let mut names = Texts::default();
        sorted(T::NAMES).into_iter().for_each(|name| names.push(name));
        dictionary(primitive(keys, self.presence.take()), Box::new(names.take(None)?))
    }
}

impl<T: NamedColumn> Scalar for Named<T> {
    type Buffer = Names<T>;
    const KIND: ColumnKind = ColumnKind::Enum(T::NAMES);

    fn push(value: Option<&Self>, buffer: &mut Self::Buffer) -> usize {
        buffer.push(value.copied())
    }

    fn get(column: &dyn Array, row: usize) -> Option<Self> {
        Self::parse(text_at(column, row)?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn few_different_numbers_have_a_dictionary_and_many_come_back() {
        let mut column = Numbers::<f64>::default();
        for number in [0.0, -0.0, f64::NAN, f64::NAN, 0.0] {
            column.push(Some(number));
        }
        let (array, encoding) = column.take().unwrap();
        let array = array.as_any().downcast_ref::<DictionaryArray<u32>>().unwrap();
        assert_eq!((encoding, array.values().len()), (Encoding::RleDictionary, 3));

        let numbers: Vec<Option<f64>> = (0..100).map(|row| (row % 7 != 3).then(|| f64::from(row))).collect();
        numbers.iter().for_each(|number| {
            column.push(*number);
        });
        let (array, encoding) = column.take().unwrap();
        let array = array.as_any().downcast_ref::<PrimitiveArray<f64>>().unwrap();
        assert_eq!(encoding, Encoding::Plain);
        assert_eq!(array.iter().map(Option::<&f64>::copied).collect::<Vec<_>>(), numbers);
    }

    #[test]
    fn places_in_a_text_are_written_as_differences() {
        let mut column = Numbers::<u32>::default();
        for (step, expected) in [(1, Encoding::RleDictionary), (40, Encoding::DeltaBinaryPacked)] {
            (0..1000).for_each(|row| _ = column.push(Some(row * 7919 % 1000 * step)));
            assert_eq!(column.take().unwrap().1, expected, "step {step}");
        }
    }
}
