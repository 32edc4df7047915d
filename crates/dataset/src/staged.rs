//! Files under construction: hashed while they are written, on disk for certain before they count.
//!
//! Knows nothing of what is in them.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::{AtPath, DatasetError};

/// Bytes that are hashed and written at a time.
const CHUNK: usize = 64 << 10;

/// One finished file of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileInfo {
    /// Path inside the snapshot, with `/`.
    pub name: String,
    /// blake3 of its bytes, hexadecimal.
    pub hash: String,
    /// Its size.
    pub bytes: u64,
    /// Rows of a table; 0 for other files.
    pub rows: u64,
}

impl FileInfo {
    /// Whether a snapshot has it with its size. That the bytes are right too is `verify`'s to say.
    pub(crate) fn is_in(&self, snapshot: &Path) -> bool {
        let found = std::fs::metadata(snapshot.join(&self.name));
        found.is_ok_and(|found| found.len() == self.bytes)
    }
}

/// A file being written.
#[derive(Debug)]
pub(crate) struct StagedFile {
    path: PathBuf,
    file: File,
    waiting: Vec<u8>,
    hasher: blake3::Hasher,
    bytes: u64,
}

impl StagedFile {
    /// A new file; its folder is made when it is missing.
    pub(crate) fn create(path: PathBuf) -> Result<Self, DatasetError> {
        let mut made = File::create(&path);
        if made
            .as_ref()
            .is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
        {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).at(folder)?;
            }
            made = File::create(&path);
        }
        Ok(Self {
            file: made.at(&path)?,
            path,
            waiting: Vec::new(),
            hasher: blake3::Hasher::new(),
            bytes: 0,
        })
    }

    /// Where the file is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn put(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.file.write_all(bytes)?;
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Says what was written since the last cut; the name is left empty.
    pub(crate) fn cut(&mut self) -> std::io::Result<FileInfo> {
        self.flush()?;
        let hasher = std::mem::take(&mut self.hasher);
        Ok(FileInfo {
            name: String::new(),
            hash: hasher.finalize().to_hex().to_string(),
            bytes: std::mem::take(&mut self.bytes),
            rows: 0,
        })
    }

    /// Says what the file is. It is on disk for certain only after [`sync_tree`].
    pub(crate) fn finish(mut self, name: String, rows: u64) -> Result<FileInfo, DatasetError> {
        let whole = self.cut().at(&self.path)?;
        Ok(FileInfo { name, rows, ..whole })
    }
}

impl Write for StagedFile {
    fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
        if self.waiting.len() + buffer.len() > CHUNK {
            self.flush()?;
        }
        if buffer.len() > CHUNK {
            self.put(buffer)?;
        } else {
            self.waiting.extend_from_slice(buffer);
        }
        Ok(buffer.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let mut waiting = std::mem::take(&mut self.waiting);
        self.put(&waiting)?;
        waiting.clear();
        self.waiting = waiting;
        Ok(())
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

/// Syncs everything below a folder, files before the folders that name them. Several threads wait for the disk at a
/// time: one by one, the many small files of a snapshot would each wait for the journal.
pub(crate) fn sync_tree(root: &Path, threads: usize) -> Result<(), DatasetError> {
    let mut folders = vec![root.to_owned()];
    let mut files = Vec::new();
    let mut next = 0;
    while let Some(folder) = folders.get(next).cloned() {
        for entry in std::fs::read_dir(&folder).at(&folder)? {
            let entry = entry.at(&folder)?;
            let is_folder = entry.file_type().at(&folder)?.is_dir();
            if is_folder { &mut folders } else { &mut files }.push(entry.path());
        }
        next += 1;
    }
    folders.reverse();
    sync_all(&files, threads)?;
    sync_all(&folders, threads)
}

fn sync_all(paths: &[PathBuf], threads: usize) -> Result<(), DatasetError> {
    let next = AtomicUsize::new(0);
    let sync = || {
        while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
            sync_folder(path)?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(sync)).collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}
