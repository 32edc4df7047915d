//! The snapshot of the last night: the files that nothing touched are taken over from it, by another name for the same
//! file, so that they are neither written nor stored anew. Only files whose every byte is as it was written are: damage
//! must not spread from one night to the next.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::error::{AtPath, DatasetError};
use crate::manifest::{PACKAGE, declared_files};
use crate::published::{RUN_FILE, read_run, snapshot_named};
use crate::snapshot::{row_counts, snapshot_id};
use crate::staged::{FileInfo, missing_from, tree};

/// A snapshot whose files can be taken over.
#[derive(Debug)]
pub(crate) struct Previous {
    root: PathBuf,
    /// The files it should have, when it still tells them.
    files: BTreeMap<String, FileInfo>,
    /// Those that are not as they were written, or not there; and what is no file of it.
    damaged: BTreeSet<String>,
}

impl Previous {
    /// Looks at every file of the snapshot, on several threads.
    pub(crate) fn open(snapshots: &Path, id: &str, threads: usize) -> Self {
        let root = snapshots.join(id);
        let mut damaged = BTreeSet::new();
        let files = match declared(&root, id) {
            Some(files) => files,
            None => {
                damaged.insert(PACKAGE.to_owned());
                Vec::new()
            }
        };
        let all: Vec<&FileInfo> = files.iter().collect();
        let missing = missing_from(&root, &all, threads);
        damaged.extend(missing.into_iter().map(|file| file.name.clone()));
        if !has_run_file(&root, id, &files) {
            damaged.insert(RUN_FILE.to_owned());
        }
        damaged.extend(extra(&root, &files));
        Self {
            root,
            files: files.into_iter().map(|file| (file.name.clone(), file)).collect(),
            damaged,
        }
    }

    /// Whether it is what `latest` leads to.
    pub(crate) fn is_latest(&self, link: Option<&Path>) -> bool {
        let name = self.root.file_name().unwrap_or_default();
        link == Some(&Path::new("snapshots").join(name))
    }

    /// The files that are not as they were written, not there, or none of it.
    pub(crate) fn damaged(&self) -> impl Iterator<Item = PathBuf> {
        self.damaged.iter().map(|name| self.root.join(name))
    }

    /// Whether every file is there as it was written.
    pub(crate) fn is_whole(&self) -> bool {
        self.damaged.is_empty()
    }

    /// Whether the files of a partition, as far as there are any, can be taken over. One without rows cannot: it only
    /// stands where its table has no others.
    pub(crate) fn has(&self, tables: &[&str], partition: &str) -> bool {
        let mut files = tables
            .iter()
            .filter_map(|table| self.files.get(&name(table, partition)));
        !self.files.is_empty() && files.all(|file| file.rows > 0 && !self.damaged.contains(&file.name))
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

/// The files that a snapshot should have, when what it says of them is what its id says.
fn declared(root: &Path, id: &str) -> Option<Vec<FileInfo>> {
    let bytes = std::fs::read(root.join(PACKAGE)).ok()?;
    let package = serde_json::from_slice(&bytes).ok()?;
    let mut files: Vec<FileInfo> = declared_files(&package).into_iter().map(|(_, file)| file).collect();
    files.push(FileInfo {
        name: PACKAGE.to_owned(),
        hash: blake3::hash(&bytes).to_hex().to_string(),
        bytes: bytes.len() as u64,
        rows: 0,
    });
    (snapshot_id(&files) == id).then_some(files)
}

/// Whether a folder is this snapshot, however damaged: by its `run.json` or by what it says of its files.
pub(crate) fn is_of(root: &Path, id: &str) -> bool {
    read_run(root).is_some_and(|run| snapshot_named(&run) == Some(id)) || declared(root, id).is_some()
}

/// What stands in a snapshot's folder and is none of its files; the folder itself where it cannot be looked into.
fn extra(root: &Path, files: &[FileInfo]) -> Vec<String> {
    let Ok((_, found)) = tree(root) else {
        return vec![String::new()];
    };
    let names: BTreeSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let found = found.iter().filter_map(|path| path.strip_prefix(root).ok());
    let found = found.map(|name| name.to_string_lossy().into_owned());
    found
        .filter(|name| !names.contains(name.as_str()) && name != RUN_FILE)
        .collect()
}

/// Whether `run.json` is of this snapshot: all that it has in common with other runs on the same dumps.
fn has_run_file(root: &Path, id: &str, files: &[FileInfo]) -> bool {
    read_run(root).is_some_and(|run| {
        let tables = files.iter().filter(|file| file.name.ends_with(".parquet")).cloned();
        let rows = row_counts(&tables.collect::<Vec<_>>());
        let counted = |table: &String| run.get("rows").and_then(|all| all.get(table)).and_then(Value::as_u64);
        snapshot_named(&run) == Some(id) && rows.iter().all(|(table, rows)| counted(table) == Some(*rows))
    })
}

fn name(table: &str, partition: &str) -> String {
    format!("{table}/{partition}.parquet")
}
