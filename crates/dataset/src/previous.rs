//! The snapshot of the last night: the files that nothing touched are taken over from it, by another name for the same
//! file, so that they are neither written nor stored anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::{AtPath, DatasetError};
use crate::manifest::{PACKAGE, declared_files};
use crate::snapshot::{RUN_FILE, snapshot_id};
use crate::staged::FileInfo;

/// A snapshot whose files can be taken over.
#[derive(Debug)]
pub(crate) struct Previous {
    root: PathBuf,
    files: BTreeMap<String, FileInfo>,
}

impl Previous {
    /// The snapshot, when what it says of its files is what its id says.
    pub(crate) fn open(snapshots: &Path, id: &str) -> Option<Self> {
        let root = snapshots.join(id);
        let bytes = std::fs::read(root.join(PACKAGE)).ok()?;
        let package = serde_json::from_slice(&bytes).ok()?;
        let mut files: Vec<FileInfo> = declared_files(&package).into_iter().map(|(_, file)| file).collect();
        files.push(FileInfo {
            name: PACKAGE.to_owned(),
            hash: blake3::hash(&bytes).to_hex().to_string(),
            bytes: bytes.len() as u64,
            rows: 0,
        });
        (snapshot_id(&files) == id).then(|| Self {
            root,
            files: files.into_iter().map(|file| (file.name.clone(), file)).collect(),
        })
    }

    /// Whether it is the snapshot that analysts read.
    pub(crate) fn is_latest(&self, latest: Option<&Path>) -> bool {
        latest.is_some_and(|latest| latest.file_name() == self.root.file_name())
    }

    /// Whether every file is there with its size.
    pub(crate) fn is_whole(&self) -> bool {
        self.root.join(RUN_FILE).is_file() && self.files.values().all(|file| file.is_in(&self.root))
    }

    /// Whether the files of a partition, as far as there are any, can be taken over. One without rows cannot: it only
    /// stands where its table has no others.
    pub(crate) fn has(&self, tables: &[&str], partition: &str) -> bool {
        let mut files = tables
            .iter()
            .filter_map(|table| self.files.get(&name(table, partition)));
        files.all(|file| file.rows > 0 && file.is_in(&self.root))
    }

    /// Takes the file of a partition over into the snapshot `to`, when there is one.
    pub(crate) fn take(&self, table: &str, partition: &str, to: &Path) -> Result<Option<FileInfo>, DatasetError> {
        let Some(file) = self.files.get(&name(table, partition)) else {
            return Ok(None);
        };
        let (from, to) = (self.root.join(&file.name), to.join(&file.name));
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder).at(folder)?;
        }
        // Some file systems know only one name for a file.
        if std::fs::hard_link(&from, &to).is_err() {
            std::fs::copy(&from, &to).at(&to)?;
        }
        Ok(Some(file.clone()))
    }
}

fn name(table: &str, partition: &str) -> String {
    format!("{table}/{partition}.parquet")
}
