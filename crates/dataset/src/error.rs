//! What can go wrong while a dataset is written, each with the path it went wrong at.
//!
//! Knows nothing of what the dumps held: a bad dump is a row, never an error.

use std::path::{Path, PathBuf};

use polars::prelude::PolarsError;
use thiserror::Error;

/// Why a snapshot could not be written.
#[derive(Debug, Error)]
pub enum DatasetError {
    /// Another run holds the output folder.
    #[error("{path}: another run holds this output\nhint: wait for it to end, or choose another --output")]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// A file or folder could not be made, written, synced or renamed.
    #[error("{path}: {error}")]
    Io {
        /// What was touched.
        path: PathBuf,
        /// What the system said, e.g. that no space is left.
        error: std::io::Error,
    },
    /// A Parquet file could not be encoded or written.
    #[error("{path}: cannot write parquet: {error}")]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the encoder said.
        error: PolarsError,
    },
    /// A Parquet file could not be read.
    #[error("{path}: cannot read parquet: {error}\nhint: `gongkai verify` tells which files of a snapshot are damaged")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the decoder said.
        error: PolarsError,
    },
    /// A Parquet file has other columns than its table.
    #[error(
        "{path}: not the columns of table {table}: {difference}\nhint: was it written by another version of gongkai?"
    )]
    Schema {
        /// The file.
        path: PathBuf,
        /// The table.
        table: &'static str,
        /// How they differ.
        difference: String,
    },
    /// A folder holds no snapshot.
    #[error(
        "{path}: not a snapshot: it has neither datapackage.json nor latest\nhint: name an output folder of `gongkai run`, or a folder in its snapshots/"
    )]
    NotASnapshot {
        /// The folder.
        path: PathBuf,
    },
    /// A row could not be packed for, or read back from, the folder where rows wait to be merged.
    #[error("{path}: row of table {table} cannot be packed: {error}")]
    Row {
        /// The folder where rows wait.
        path: PathBuf,
        /// The table of the row.
        table: &'static str,
        /// What the packer said.
        error: postcard::Error,
    },
    /// What stands in the place of `latest` is no link, so that it cannot be replaced in one step.
    #[error("{path}: not a link, but {found}\nhint: move it out of the way; a run makes the link anew")]
    NotALink {
        /// `latest`.
        path: PathBuf,
        /// What it is.
        found: &'static str,
    },
    /// A file in `state/` is not as it was written.
    #[error(
        "{path}: not as it was written: {reason}\nhint: remove the folder state/; the next run then reads every dump anew"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A JSON or CSV file could not be written.
    #[error("{path}: cannot write: {reason}")]
    Text {
        /// The file.
        path: PathBuf,
        /// What the encoder said.
        reason: String,
    },
    /// Worker buffers were not handed back, so rows would be missing.
    #[error("{path}: worker buffers were not handed back: {missing}")]
    WorkersMissing {
        /// The staging folder.
        path: PathBuf,
        /// How many.
        missing: usize,
    },
    /// Nothing can be done side by side.
    #[error(transparent)]
    NoThread(#[from] NoThread),
}

impl DatasetError {
    /// A file in `state/` is not as it was written, for a reason.
    pub(crate) fn damaged(path: &Path, reason: impl ToString) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            reason: reason.to_string(),
        }
    }
}

/// The system gave no thread.
#[derive(Debug, Error)]
#[error("no thread could be started: {0}\nhint: are threads or memory of the process limited?")]
pub struct NoThread(pub std::io::Error);

/// Puts the path before a system error.
pub(crate) trait AtPath<T> {
    /// The same result, with the path in its error.
    fn at(self, path: &Path) -> Result<T, DatasetError>;
}

impl<T> AtPath<T> for std::io::Result<T> {
    fn at(self, path: &Path) -> Result<T, DatasetError> {
        self.map_err(|error| DatasetError::Io {
            path: path.to_owned(),
            error,
        })
    }
}

impl<T> AtPath<T> for Result<T, PolarsError> {
    fn at(self, path: &Path) -> Result<T, DatasetError> {
        self.map_err(|error| DatasetError::Parquet {
            path: path.to_owned(),
            error,
        })
    }
}

impl<T> AtPath<T> for serde_json::Result<T> {
    fn at(self, path: &Path) -> Result<T, DatasetError> {
        self.map_err(|error| DatasetError::Text {
            path: path.to_owned(),
            reason: error.to_string(),
        })
    }
}

impl<T> AtPath<T> for Result<T, csv::Error> {
    fn at(self, path: &Path) -> Result<T, DatasetError> {
        self.map_err(|error| DatasetError::Text {
            path: path.to_owned(),
            reason: error.to_string(),
        })
    }
}
