//! Files under construction: hashed while they are written, on disk for certain before they count.
//!
//! Knows nothing of what is in them.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::error::{AtPath, DatasetError};

/// One finished file of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileInfo {
    /// Path inside the snapshot, with `/`.
    pub name: String,
    /// blake3 of its bytes, hexadecimal.
    pub hash: String,
    /// Its size.
    pub bytes: u64,
    /// Number of rows.
    pub rows: u64,
}

/// A file being written and hashed. Clones write to the same file: the Parquet writer keeps one, its owner the other.
#[derive(Clone)]
pub(crate) struct StagedFile {
    path: PathBuf,
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    file: BufWriter<File>,
    hasher: blake3::Hasher,
    bytes: u64,
}

impl StagedFile {
    /// A new file; its folder is made when it is missing.
    pub(crate) fn create(path: PathBuf) -> Result<Self, DatasetError> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).at(folder)?;
        }
        let file = File::create(&path).at(&path)?;
        Ok(Self {
            path,
            inner: Arc::new(Mutex::new(Inner {
                file: BufWriter::with_capacity(1 << 16, file),
                hasher: blake3::Hasher::new(),
                bytes: 0,
            })),
        })
    }

    /// Where the file is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn with<T>(&self, action: impl FnOnce(&mut Inner) -> std::io::Result<T>) -> std::io::Result<T> {
        let mut inner = self
            .inner
            .lock()
            .map_err(|_| std::io::Error::other("a writer of this file panicked"))?;
        action(&mut inner)
    }

    /// Syncs the file to disk and says what it is.
    pub(crate) fn finish(&self, name: String, rows: u64) -> Result<FileInfo, DatasetError> {
        self.with(|inner| {
            inner.file.flush()?;
            inner.file.get_ref().sync_all()?;
            Ok(FileInfo {
                name,
                hash: inner.hasher.finalize().to_hex().to_string(),
                bytes: inner.bytes,
                rows,
            })
        })
        .at(&self.path)
    }
}

impl Write for StagedFile {
    fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
        self.with(|inner| {
            inner.file.write_all(buffer)?;
            inner.hasher.update(buffer);
            inner.bytes += buffer.len() as u64;
            Ok(buffer.len())
        })
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.with(|inner| inner.file.flush())
    }
}

/// Writes a small file whole.
pub(crate) fn write_file(root: &Path, name: &str, text: &[u8], rows: u64) -> Result<FileInfo, DatasetError> {
    let mut file = StagedFile::create(root.join(name))?;
    let path = file.path().to_owned();
    file.write_all(text).at(&path)?;
    file.finish(name.to_owned(), rows)
}

/// Syncs a folder, so that the names in it are on disk.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), DatasetError> {
    File::open(folder).and_then(|folder| folder.sync_all()).at(folder)
}

/// Syncs a folder and every folder below it.
pub(crate) fn sync_tree(folder: &Path) -> Result<(), DatasetError> {
    for entry in std::fs::read_dir(folder).at(folder)? {
        let entry = entry.at(folder)?;
        if entry.file_type().at(folder)?.is_dir() {
            sync_tree(&entry.path())?;
        }
    }
    sync_folder(folder)
}
