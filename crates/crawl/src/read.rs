//! Files to dumps, within a limit, whatever happened to the file since it was found.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _};

use crate::walk::FileRef;

/// The bytes of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dump {
    /// Where it came from, as in [`FileRef::origin`].
    pub origin: String,
    /// All of its bytes.
    pub bytes: Vec<u8>,
}

/// Why a file gave no dump.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It was removed after it had been found.
    #[error("the file is gone: {origin}")]
    Vanished {
        /// The file's origin.
        origin: String,
    },
    /// The system refused.
    #[error("the file cannot be read: {}", .0.kind())]
    Unreadable(#[source] io::Error),
    /// It became something else after it had been found.
    #[error("this is not a regular file any more: {origin}")]
    NotAFile {
        /// The file's origin.
        origin: String,
    },
    /// It is larger than what may be read.
    #[error("the file is larger than the limit of {limit} bytes: {bytes}")]
    TooLarge {
        /// Its size, as far as it is known.
        bytes: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// There is nothing in it.
    #[error("the file is empty: {origin}")]
    Empty {
        /// The file's origin.
        origin: String,
    },
}

impl ReadError {
    /// A stable short name, as in the `reason` column of rejects.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Vanished { .. } => "vanished",
            Self::Unreadable(_) => "unreadable",
            Self::NotAFile { .. } => "not_a_file",
            Self::TooLarge { .. } => "too_large",
            Self::Empty { .. } => "empty",
        }
    }
}

/// Reads a file of at most `max_bytes`; never takes more than that into memory, even when the file grows meanwhile.
///
/// # Errors
///
/// When the file is gone, unreadable, not a regular file any more, too large or empty.
pub fn read(file: &FileRef, max_bytes: u64) -> Result<Dump, ReadError> {
    let failed = |error: io::Error| match error.kind() {
        ErrorKind::NotFound => ReadError::Vanished {
            origin: file.origin.clone(),
        },
        _ => ReadError::Unreadable(error),
    };
    // Before opening, since opening a pipe waits for its writer; and again on what was opened, which is what is read.
    check(file, &fs::metadata(&file.path).map_err(failed)?, max_bytes)?;
    let opened = File::open(&file.path).map_err(failed)?;
    let metadata = opened.metadata().map_err(failed)?;
    check(file, &metadata, max_bytes)?;
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    opened
        .take(max_bytes.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    let length = bytes.len() as u64;
    if length > max_bytes {
        return Err(ReadError::TooLarge {
            bytes: length,
            limit: max_bytes,
        });
    }
    if bytes.is_empty() {
        return Err(ReadError::Empty {
            origin: file.origin.clone(),
        });
    }
    Ok(Dump {
        origin: file.origin.clone(),
        bytes,
    })
}

fn check(file: &FileRef, metadata: &fs::Metadata, limit: u64) -> Result<(), ReadError> {
    if !metadata.is_file() {
        return Err(ReadError::NotAFile {
            origin: file.origin.clone(),
        });
    }
    let bytes = metadata.len();
    if bytes > limit {
        Err(ReadError::TooLarge { bytes, limit })
    } else {
        Ok(())
    }
}
