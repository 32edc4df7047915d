//! Column values that come from a short, fixed list of names, and money: printed as people read them, packed as
//! numbers while rows wait on disk.
//!
//! Does not know which table a value belongs to.

use std::fmt;
use std::marker::PhantomData;

use gongkai_extract::{
    Applicant, BodyKind, CheckMark, CheckResult, CodeStatus, Level, Method, Period, Scope, Status, UnitSource, Value,
};
use gongkai_lexicon::{Comparability, IdentityKind, Lineage, PlaceLevel, Relation};
use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A type whose values have one printed name each.
pub trait NamedColumn: Copy {
    /// Every printed name.
    const NAMES: &'static [&'static str];
    /// The printed name of a value.
    fn name(self) -> &'static str;
    /// The value's place among the values, in the order of declaration: mostly that of its name, too.
    fn place(self) -> usize;
}

macro_rules! named_columns {
    ($($type:ty),+ $(,)?) => {
        $(impl NamedColumn for $type {
            const NAMES: &'static [&'static str] = <$type>::NAMES;
            fn name(self) -> &'static str {
                self.as_str()
            }
            fn place(self) -> usize {
                self as usize
            }
        })+
    };
}

named_columns!(
    Applicant,
    BodyKind,
    CheckMark,
    CheckResult,
    CodeStatus,
    Comparability,
    CoverageStatus,
    IdentityKind,
    Level,
    Lineage,
    Method,
    DumpOutcome,
    Period,
    PlaceLevel,
    Relation,
    Scope,
    Status,
    UnitSource,
);

/// What became of a dump.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DumpOutcome {
    /// At least one report was read from it.
    Extracted,
    /// It was left out on purpose: not a report.
    Rejected,
    /// It could not be read.
    Failed,
}

impl DumpOutcome {
    /// Every printed name, in declaration order.
    pub const NAMES: &'static [&'static str] = &["extracted", "rejected", "failed"];

    /// The name in the `outcome` column.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Extracted => "extracted",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
        }
    }
}

/// Whether a place has a report on a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverageStatus {
    /// It has, and nothing speaks against it.
    Present,
    /// It has not.
    Missing,
    /// It has one that should be looked at.
    Doubtful,
}

impl CoverageStatus {
    /// Every printed name, in declaration order.
    pub const NAMES: &'static [&'static str] = &["present", "missing", "doubtful"];

    /// The name in the `status` column of coverage.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Missing => "missing",
            Self::Doubtful => "doubtful",
        }
    }
}

/// One name of `T`'s list: its text in JSON, its place in the list in packed rows.
pub struct Named<T> {
    index: u8,
    of: PhantomData<T>,
}

impl<T: NamedColumn> Named<T> {
    /// The printed name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        T::NAMES.get(usize::from(self.index)).copied().unwrap_or_default()
    }

    /// The value's place in [`NamedColumn::NAMES`].
    pub(crate) fn index(self) -> u8 {
        self.index
    }

    /// The value with a printed name.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::at(T::NAMES.iter().position(|name| *name == text)?)
    }

    fn at(place: usize) -> Option<Self> {
        Some(Self {
            index: u8::try_from(place).ok()?,
            of: PhantomData,
        })
    }
}

impl<T: NamedColumn> From<T> for Named<T> {
    fn from(value: T) -> Self {
        let (name, place) = (value.name(), value.place());
        let found = match T::NAMES.get(place) {
            Some(at_place) if *at_place == name => Self::at(place),
            _ => Self::parse(name),
        };
        // Every name is in its own list; lists are far shorter than 256.
        found.unwrap_or(Self {
            index: u8::MAX,
            of: PhantomData,
        })
    }
}

impl<T> Clone for Named<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Named<T> {}

impl<T> PartialEq for Named<T> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl<T: NamedColumn> PartialEq<T> for Named<T> {
    fn eq(&self, other: &T) -> bool {
        self.as_str() == other.name()
    }
}

impl<T: NamedColumn> fmt::Debug for Named<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl<T: NamedColumn> Serialize for Named<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(self.as_str())
        } else {
            serializer.serialize_u8(self.index)
        }
    }
}

impl<'de, T: NamedColumn> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            return Self::parse(&text).ok_or_else(|| D::Error::unknown_variant(&text, T::NAMES));
        }
        let index = u8::deserialize(deserializer)?;
        if usize::from(index) >= T::NAMES.len() {
            let found = Unexpected::Unsigned(u64::from(index));
            return Err(D::Error::invalid_value(found, &"a place in the list of names"));
        }
        Ok(Self { index, of: PhantomData })
    }
}

/// Money in fen (hundredths of a yuan): a number of yuan in JSON, a decimal with two places in Parquet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fen(pub i64);

impl Fen {
    /// The largest amount that eighteen decimal digits hold.
    pub const MAX: i64 = Value::MAX_FEN;

    /// The amount, when eighteen digits hold it.
    #[must_use]
    pub fn new(fen: i64) -> Option<Self> {
        (fen.unsigned_abs() <= Self::MAX.unsigned_abs()).then_some(Self(fen))
    }
}

impl Serialize for Fen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_f64(self.0 as f64 / 100.0)
        } else {
            serializer.serialize_i64(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Fen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            f64::deserialize(deserializer).map(|yuan| Self((yuan * 100.0).round() as i64))
        } else {
            i64::deserialize(deserializer).map(Self)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn names_are_text_in_json_and_one_byte_when_packed() {
        let level: Named<Level> = Level::County.into();
        assert_eq!(serde_json::to_string(&level).unwrap(), "\"county\"");
        assert_eq!(postcard::to_stdvec(&level).unwrap(), [3]);
        assert_eq!(serde_json::from_str::<Named<Level>>("\"county\"").unwrap(), level);
        assert!(serde_json::from_str::<Named<Level>>("\"planet\"").is_err());
        assert!(postcard::from_bytes::<Named<Level>>(&[200]).is_err());
    }

    #[test]
    fn every_value_is_in_its_list() {
        assert!(Applicant::ALL.iter().all(|value| Named::from(*value) == *value));
        assert!(CheckMark::ALL.iter().all(|value| Named::from(*value) == *value));
    }

    #[test]
    fn money_is_yuan_in_json() {
        for (fen, text) in [
            (0, "0.0"),
            (348_177_565_600, "3481775656.0"),
            (1234, "12.34"),
            (-5, "-0.05"),
        ] {
            assert_eq!(serde_json::to_string(&Fen(fen)).unwrap(), text);
            assert_eq!(serde_json::from_str::<Fen>(text).unwrap(), Fen(fen));
        }
        assert_eq!(Fen::new(Fen::MAX + 1), None);
    }
}
