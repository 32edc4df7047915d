//! What was found, counted by kind, of each kind only so many told.

use std::collections::BTreeMap;
use std::fmt;

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// A file has other bytes than were written.
    Bytes,
    /// A file is missing.
    Missing,
    /// A file, or something else, that the snapshot does not have.
    Extra,
    /// Columns are others than those of the table, or cannot be read.
    Schema,
    /// A number of rows or of a report's parts is wrong.
    Count,
    /// Rows stand in another order than the table's.
    Order,
    /// A key stands twice, or an id is not that of its content.
    Key,
    /// A row names a report that there is not, or says something else of it.
    Report,
    /// `raw` does not stand in the page's text where the row says.
    Span,
    /// `raw` does not give the value.
    Value,
    /// A check is not what the values give.
    Check,
    /// Rows by category, or a row of panel, indicators or coverage, are not what reports and observations give.
    Panel,
    /// A code that was not valid in the row's year.
    Jurisdiction,
    /// `duplicate_of` does not lead to a report that stands for itself.
    Duplicate,
}

impl FindingKind {
    /// The name that is printed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Schema => "schema",
            Self::Count => "count",
            Self::Order => "order",
            Self::Key => "key",
            Self::Report => "report",
            Self::Span => "span",
            Self::Value => "value",
            Self::Check => "check",
            Self::Panel => "panel",
            Self::Jurisdiction => "jurisdiction",
            Self::Duplicate => "duplicate",
        }
    }
}

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub kind: FindingKind,
    /// The file, as a path in the snapshot.
    pub file: String,
    /// Row and report in it; empty where it is about the file.
    pub place: String,
    /// What was expected and what was found.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.file)?;
        if !self.place.is_empty() {
            write!(formatter, "{}: ", self.place)?;
        }
        write!(formatter, "{}: {}", self.kind.as_str(), self.message)
    }
}

/// The findings so far.
pub(super) struct Findings<'a> {
    limit: u64,
    totals: BTreeMap<FindingKind, u64>,
    give: &'a mut dyn FnMut(&Finding),
}

impl<'a> Findings<'a> {
    pub(super) fn new(limit: u64, give: &'a mut dyn FnMut(&Finding)) -> Self {
        Self {
            limit,
            totals: BTreeMap::new(),
            give,
        }
    }

    /// Counts a finding, and tells it while there are not too many of its kind.
    pub(super) fn add(&mut self, kind: FindingKind, file: &str, place: String, message: String) {
        let total = self.totals.entry(kind).or_default();
        *total += 1;
        if *total <= self.limit {
            (self.give)(&Finding {
                kind,
                file: file.to_owned(),
                place,
                message,
            });
        }
    }

    /// A finding about a row of a report.
    pub(super) fn row(&mut self, kind: FindingKind, at: At<'_>, message: String) {
        self.add(kind, at.file, format!("row {}, report {}", at.row, at.report), message);
    }

    /// How many there are of each kind.
    pub(super) fn totals(&self) -> BTreeMap<FindingKind, u64> {
        self.totals.clone()
    }
}

/// A row of a report.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'a> {
    /// The file, as a path in the snapshot.
    pub file: &'a str,
    /// Its number in the file, from 1.
    pub row: u64,
    /// The report it is of.
    pub report: &'a str,
}
