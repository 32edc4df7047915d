//! Reports to tables: the rows of the dataset, an external sort that bounds memory, and snapshots that readers see
//! whole or not at all.
//!
//! The only crate that writes snapshots, and the one that reads them back: `verify` proves one,
//! `diff` tells two apart. Knows nothing of HTML and of extraction rules.
//!
//! ```text
//! Report ─ ReportRows ─▶ WorkerBuffer (one per thread) ─ runs on disk ─▶ merge ─▶ Parquet ─▶ snapshots/<id> ◀─ latest
//! ```

mod assemble;
mod block;
mod by_category;
mod codebook;
mod column;
mod convert;
mod copies;
mod counts;
mod datapackage;
mod diff;
mod error;
mod fold;
mod hold;
mod key;
mod manifest;
mod merge;
mod name;
mod output;
mod page_compression;
mod panel;
mod parquet;
mod partitions;
mod placement;
mod previous;
mod published;
mod read;
mod read_before;
mod rows;
mod seen;
mod segments;
mod snapshot;
mod spill;
mod staged;
mod store;
mod table;
mod text;
mod text_column;
mod threads;
mod value_partitions;
mod values;
mod verify;
mod volumes;
mod worker;
mod years;

pub use codebook::{CodebookFormat, CodebookRow, codebook, codebook_rows, escape_html, write_codebook};
pub use column::ColumnKind;
pub use convert::{DumpRows, Observed, PageFacts, ReportRows, TextHash};
pub use counts::Counts;
pub use diff::{Change, DiffFile, Difference, Record, Totals, diff};
pub use error::{DatasetError, NoThread};
pub use name::{CoverageStatus, DumpOutcome, Fen, Named, NamedColumn};
pub use output::{Night, Output, WriteOptions};
pub use parquet::ROW_GROUP_ROWS;
pub use published::{Comparison, Published, Tally};
pub use read_before::read_before;
pub use rows::{
    ByCategoryRow, CheckRow, CoverageRow, DumpRow, IndicatorRow, MentionRow, ObservationRow, PageRow, PanelRow,
    ProblemRow, RejectRow, ReportRow, YearCheckRow,
};
pub use seen::{Known, Meeting, SeenDumps, Sightings, Stamp};
pub use snapshot::{SnapshotWriter, Witness};
pub use table::{ColumnSpec, Row};
pub use text::Text;
pub use verify::{Finding, FindingKind, Reading, Verified, snapshot_folder, unproved, verify};
pub use volumes::Jump;
pub use worker::{OUT_OF_TIME, Sighting, WorkerBuffer};
pub use years::YearCounts;
