//! The walk over an input: every file once per path, in the same order every time, never outside the input.

use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::origin::{compare, origin};

/// A file that was found; nothing of it has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRef {
    /// `<name of the input>/<relative path>`, unique and the same on every machine.
    pub origin: String,
    /// Where it is on this machine.
    pub path: PathBuf,
    /// Its size when it was found.
    pub bytes: u64,
    /// When its bytes were last changed, by its own account: nanoseconds since 1970.
    pub modified: i64,
    /// When the file system last changed anything about it: nanoseconds since 1970.
    pub changed: i64,
}

/// What a walk meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A regular file, or a link to one inside the input.
    File(FileRef),
    /// Something that could not or must not be read: a file, or a folder with all that may be in it.
    Failed {
        /// Its name, formed as for files.
        origin: String,
        /// `symlink_loop`, `dangling_link`, `outside_root`, `not_a_file`, `vanished` or `unreadable`.
        reason: &'static str,
        /// A sentence a person understands.
        message: String,
    },
}

fn nanoseconds(seconds: i64, rest: i64) -> i64 {
    seconds.saturating_mul(1_000_000_000).saturating_add(rest)
}

/// Walks a directory (or a single file) whose origins begin with `name`, in the order of the parts of origins. Links are followed as long as they stay
/// inside `root`; devices, pipes and sockets are never opened.
pub fn walk(root: &Path, name: &str) -> impl Iterator<Item = Found> + use<> {
    Walk {
        entries: WalkDir::new(root)
            .follow_links(true)
            .sort_by(|left, right| compare(left.file_name(), right.file_name()))
            .into_iter(),
        root: root.to_owned(),
        // A root that cannot be resolved cannot be walked either; the walk itself reports it.
        resolved_root: fs::canonicalize(root).unwrap_or_else(|_| root.to_owned()),
        name: name.to_owned(),
        folders: Vec::new(),
    }
}

struct Walk {
    entries: walkdir::IntoIter,
    root: PathBuf,
    resolved_root: PathBuf,
    name: String,
    /// The folder that was entered last, and those it is in.
    folders: Vec<PathBuf>,
}

impl Iterator for Walk {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            let found = match self.entries.next()? {
                Ok(entry) => self.found(&entry),
                Err(error) => Some(self.failed_entry(&error)),
            };
            if found.is_some() {
                return found;
            }
        }
    }
}

impl Walk {
    /// What an entry is; none for a directory, whose entries follow.
    fn found(&mut self, entry: &DirEntry) -> Option<Found> {
        let path = entry.path();
        if entry.depth() > 0 && entry.path_is_symlink() {
            let outside = match fs::canonicalize(path) {
                Ok(target) => !target.starts_with(&self.resolved_root),
                Err(error) => return Some(self.io_failure(path, &error)),
            };
            if outside {
                if entry.file_type().is_dir() {
                    self.entries.skip_current_dir();
                }
                return Some(self.failed(path, "outside_root", "the link leads out of the input"));
            }
        }
        if entry.file_type().is_dir() {
            self.folders.truncate(entry.depth());
            self.folders.push(path.to_owned());
            return None;
        }
        if !entry.file_type().is_file() {
            return Some(self.failed(
                path,
                "not_a_file",
                "it is a device, pipe or socket, which is never opened",
            ));
        }
        match entry.metadata() {
            Ok(metadata) => {
                let origin = self.origin(path);
                Some(Found::File(FileRef {
                    origin,
                    path: path.to_owned(),
                    bytes: metadata.len(),
                    modified: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
                    changed: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
                }))
            }
            Err(error) => Some(self.failed_entry(&error)),
        }
    }

    fn failed_entry(&self, error: &walkdir::Error) -> Found {
        // Where the reading of a folder breaks off there is no path: the error is that of an entry of the folder.
        let folder = self.folders.get(error.depth().saturating_sub(1));
        let path = error.path().or(folder.map(PathBuf::as_path)).unwrap_or(&self.root);
        match error.io_error() {
            Some(error) => self.io_failure(path, error),
            None => self.failed(path, "symlink_loop", "the link leads back to a folder it is in"),
        }
    }

    fn io_failure(&self, path: &Path, error: &io::Error) -> Found {
        let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
        let (reason, what) = match error.kind() {
            ErrorKind::NotFound if is_link => ("dangling_link", "the link leads nowhere"),
            ErrorKind::NotFound => ("vanished", "it does not exist (any more)"),
            // A link to itself, or links in a circle, which the system refuses to follow.
            _ if is_link && error.kind() != ErrorKind::PermissionDenied => {
                ("symlink_loop", "the link cannot be followed")
            }
            _ => ("unreadable", "it cannot be read"),
        };
        // The kind rather than the error: its text would carry an absolute path.
        self.failed(path, reason, &format!("{what}: {}", error.kind()))
    }

    fn failed(&self, path: &Path, reason: &'static str, message: &str) -> Found {
        Found::Failed {
            origin: self.origin(path),
            reason,
            message: message.to_owned(),
        }
    }

    fn origin(&self, path: &Path) -> String {
        origin(
            &self.name,
            path.strip_prefix(&self.root).unwrap_or_else(|_| Path::new("")),
        )
    }
}
