//! Documents to disk: in parallel, in folders of a thousand, `truth.jsonl` last and in order.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::forge::Forge;

/// Why a corpus could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The folder holds something already.
    #[error("{}: folder is not empty\nhint: name a new folder, or empty this one first", .0.display())]
    NotEmpty(PathBuf),
    /// A file or folder could not be written.
    #[error("{}: cannot write: {source}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A truth that does not fit its format.
    #[error("cannot write truth: {0}")]
    Truth(#[from] serde_json::Error),
}

/// What was written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Written {
    /// Documents.
    pub documents: u64,
    /// Documents that are reports.
    pub reports: u64,
    /// Bytes of documents.
    pub bytes: u64,
    /// Half of the documents have more bytes.
    pub median_bytes: u64,
    /// Median of [`crate::forge::Document::article_share`].
    pub median_article_share: f64,
}

/// What counts of one document.
struct Size {
    bytes: u64,
    article_share: f64,
    is_report: bool,
}

/// Documents whose truth is held in memory before it is written.
const BATCH: u64 = 4096;

/// Writes documents 0 to `count` - 1 and their truth below `folder`, which must not exist or be empty.
///
/// # Errors
/// [`WriteError`]: the first file or folder that could not be written.
pub fn write_corpus(forge: &Forge, count: u64, folder: &Path) -> Result<Written, WriteError> {
    prepare(folder)?;
    let truth_path = folder.join("truth.jsonl");
    let error = |path: &Path| {
        let path = path.to_path_buf();
        move |source| WriteError::Io { path, source }
    };
    let mut truth = BufWriter::new(fs::File::create(&truth_path).map_err(error(&truth_path))?);
    let mut sizes = Vec::new();
    let mut start = 0;
    while start < count {
        let end = (start + BATCH).min(count);
        let lines: Vec<(Vec<u8>, Size)> = (start..end)
            .into_par_iter()
            .map(|at| write_one(forge, at, folder))
            .collect::<Result<_, _>>()?;
        for (line, size) in lines {
            truth.write_all(&line).map_err(error(&truth_path))?;
            sizes.push(size);
        }
        start = end;
    }
    truth.flush().map_err(error(&truth_path))?;
    Ok(written(&sizes))
}

fn written(sizes: &[Size]) -> Written {
    let mut bytes: Vec<u64> = sizes.iter().map(|size| size.bytes).collect();
    let mut shares: Vec<f64> = sizes.iter().map(|size| size.article_share).collect();
    bytes.sort_unstable();
    shares.sort_unstable_by(f64::total_cmp);
    Written {
        documents: sizes.len() as u64,
        reports: sizes.iter().filter(|size| size.is_report).count() as u64,
        bytes: bytes.iter().sum(),
        median_bytes: bytes.get(bytes.len() / 2).copied().unwrap_or_default(),
        median_article_share: shares.get(shares.len() / 2).copied().unwrap_or_default(),
    }
}

fn prepare(folder: &Path) -> Result<(), WriteError> {
    let error = |source| WriteError::Io {
        path: folder.to_path_buf(),
        source,
    };
    fs::create_dir_all(folder).map_err(error)?;
    if fs::read_dir(folder).map_err(error)?.next().is_some() {
        return Err(WriteError::NotEmpty(folder.to_path_buf()));
    }
    Ok(())
}

/// Writes one document; gives its line of truth and its size.
fn write_one(forge: &Forge, at: u64, folder: &Path) -> Result<(Vec<u8>, Size), WriteError> {
    let document = forge.document(at);
    let path = folder.join(&document.truth.file);
    let write = || {
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, &document.bytes)
    };
    write().map_err(|source| WriteError::Io {
        path: path.clone(),
        source,
    })?;
    let mut line = serde_json::to_vec(&document.truth)?;
    line.push(b'\n');
    let size = Size {
        bytes: document.bytes.len() as u64,
        article_share: document.article_share,
        is_report: document.truth.report.is_some(),
    };
    Ok((line, size))
}
