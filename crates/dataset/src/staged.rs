//! Files under construction: hashed while they are written, on disk for certain before they count.
//!
//! Knows nothing of what is in them.

use std::fs::File;
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::error::{AtPath, DatasetError};
use crate::threads::side_by_side;

/// Bytes that are hashed and written at a time.
const CHUNK: usize = 64 << 10;

/// Bytes of a file that are read and hashed at a time.
const HASHED_AT_A_TIME: usize = 128 << 10;

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
    /// Whether a snapshot has it, every byte of it.
    pub(crate) fn is_in(&self, snapshot: &Path) -> bool {
        let path = snapshot.join(&self.name);
        let has_size = std::fs::symlink_metadata(&path).is_ok_and(|found| found.is_file() && found.len() == self.bytes);
        has_size && hash_part(&path, 0, self.bytes).is_ok_and(|hash| hash == self.hash)
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

/// blake3 of so many bytes of a file, hexadecimal. A file that ends before is an error.
pub(crate) fn hash_part(path: &Path, start: u64, bytes: u64) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(start))?;
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; HASHED_AT_A_TIME.min(usize::try_from(bytes).unwrap_or(usize::MAX))];
    let mut rest = bytes;
    while rest > 0 {
        let most = buffer.len().min(usize::try_from(rest).unwrap_or(usize::MAX));
        let read = file.read(buffer.get_mut(..most).unwrap_or_default())?;
        if read == 0 {
            return Err(std::io::Error::new(
                ErrorKind::UnexpectedEof,
                "it is shorter than it was",
            ));
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
        rest -= read as u64;
    }
    Ok(hasher.finalize().to_hex().to_string())
}

/// Those of the files that a snapshot does not have, every byte of them. Several threads read.
pub(crate) fn missing_from<'a>(snapshot: &Path, files: &[&'a FileInfo], threads: usize) -> Vec<&'a FileInfo> {
    let found: Vec<AtomicBool> = files.iter().map(|_| AtomicBool::new(false)).collect();
    let look = |(file, found): (&&FileInfo, &AtomicBool)| {
        found.store(file.is_in(snapshot), Ordering::Relaxed);
        Ok(())
    };
    let pairs: Vec<(&&FileInfo, &AtomicBool)> = files.iter().zip(&found).collect();
    // Looking never fails: what cannot be read is not there.
    let _ = each_of(&pairs, threads, |pair| look(*pair));
    let missing = files
        .iter()
        .zip(found)
        .filter(|(_, found)| !found.load(Ordering::Relaxed));
    missing.map(|(file, _)| *file).collect()
}

/// Removes a file, a link, or a folder with all that is in it.
pub(crate) fn remove_any(path: &Path) -> std::io::Result<()> {
    match std::fs::symlink_metadata(path)?.is_dir() {
        true => std::fs::remove_dir_all(path),
        false => std::fs::remove_file(path),
    }
}

/// Syncs a folder, so that the names in it are on disk.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), DatasetError> {
    File::open(folder).and_then(|folder| folder.sync_all()).at(folder)
}

/// Syncs everything below a folder, files before the folders that name them. Several threads wait for the disk at a
/// time: one by one, the many small files of a snapshot would each wait for the journal.
pub(crate) fn sync_tree(root: &Path, threads: usize) -> Result<(), DatasetError> {
    let (mut folders, files) = tree(root)?;
    folders.reverse();
    sync_all(&files, threads)?;
    sync_all(&folders, threads)
}

/// The folders below a folder, itself first, each before those in it; and all else that is there.
pub(crate) fn tree(root: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), DatasetError> {
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
    Ok((folders, files))
}

fn sync_all(paths: &[PathBuf], threads: usize) -> Result<(), DatasetError> {
    each_of(paths, threads, |path| sync_folder(path))
}

/// Does the same with each of many things, on several threads.
fn each_of<T: Sync>(
    things: &[T],
    threads: usize,
    work: impl Fn(&T) -> Result<(), DatasetError> + Sync,
) -> Result<(), DatasetError> {
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(thing) = things.get(next.fetch_add(1, Ordering::Relaxed)) {
            work(thing)?;
        }
        Ok::<(), DatasetError>(())
    };
    side_by_side(threads, &work).map(drop)
}
