//! Directories to dumps: which files there are, under stable names, and their bytes within a limit.
//!
//! Knows nothing of text and encodings. One bad file never ends a walk: it is reported and the walk goes on.

mod file_type;
mod origin;
mod read;
mod walk;

pub use file_type::{FileType, file_type};
pub use read::{Dump, ReadError, read};
pub use walk::{FileRef, Found, walk};
