//! The files of a snapshot: all there, no others, every byte as written. Knows nothing of what is in them but of
//! `datapackage.json`, which says what there should be, and of `run.json`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

use serde_json::Value;

use super::findings::{FindingKind, Findings};
use crate::error::{AtPath, DatasetError};
use crate::manifest::{PACKAGE, declared_files};
use crate::published::RUN_FILE;
use crate::snapshot::{row_counts, snapshot_id};
use crate::staged::FileInfo;

/// A file that the data package names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DeclaredFile {
    /// Its table.
    pub table: String,
    /// Its path in the snapshot.
    pub name: String,
    /// How many rows it should have.
    pub rows: u64,
}

impl DeclaredFile {
    /// `year/province`, of tables that have a file for each.
    pub(super) fn partition(&self) -> &str {
        let rest = self.name.strip_prefix(&self.table).unwrap_or(&self.name);
        rest.trim_start_matches('/').trim_end_matches(".parquet")
    }
}

/// What the files are.
pub(super) struct Found {
    /// The snapshot's id, as its content gives it.
    pub id: String,
    /// How many files there are.
    pub count: usize,
    /// The tables' files whose bytes are right.
    pub sound: Vec<DeclaredFile>,
    /// The tables that have other files.
    pub damaged: BTreeSet<String>,
}

/// Looks at every file.
pub(super) fn verify(root: &Path, findings: &mut Findings<'_>) -> Result<Found, DatasetError> {
    let present = present(root, findings)?;
    let mut found = Found {
        id: String::new(),
        count: present.len(),
        sound: Vec::new(),
        damaged: BTreeSet::new(),
    };
    let mut declared = match read_json(root, PACKAGE, &present, findings) {
        Some(package) => declared_files(&package),
        None => return Ok(found),
    };
    let names: BTreeSet<&str> = declared.iter().map(|(_, file)| file.name.as_str()).collect();
    for name in &present {
        if !names.contains(name.as_str()) && name != PACKAGE && name != RUN_FILE {
            let message = "no file of the snapshot".to_owned();
            findings.add(FindingKind::Extra, name, String::new(), message);
        }
    }
    for (table, file) in &declared {
        if !compare(root, file, &present, findings)? {
            found.damaged.insert(table.clone());
        } else if file.name.ends_with(".parquet") {
            found.sound.push(DeclaredFile {
                table: table.clone(),
                name: file.name.clone(),
                rows: file.rows,
            });
        }
    }
    let (hash, bytes) = hash(&root.join(PACKAGE))?;
    let rows = row_counts(&declared.iter().map(|(_, file)| file.clone()).collect::<Vec<_>>());
    let package = FileInfo {
        name: PACKAGE.to_owned(),
        hash,
        bytes,
        rows: 0,
    };
    declared.push((String::new(), package));
    let files: Vec<FileInfo> = declared.into_iter().map(|(_, file)| file).collect();
    found.id = snapshot_id(&files);
    compare_names(root, &found.id, &rows, &present, findings);
    Ok(found)
}

/// Every file below the snapshot's folder. What is neither file nor folder is a finding.
fn present(root: &Path, findings: &mut Findings<'_>) -> Result<BTreeSet<String>, DatasetError> {
    let mut present = BTreeSet::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).at(&folder)? {
            let entry = entry.at(&folder)?;
            let kind = entry.file_type().at(&folder)?;
            let path = entry.path();
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                present.insert(name);
            } else {
                findings.add(
                    FindingKind::Extra,
                    &name,
                    String::new(),
                    "not a regular file".to_owned(),
                );
            }
        }
    }
    Ok(present)
}

fn read_json(root: &Path, name: &str, present: &BTreeSet<String>, findings: &mut Findings<'_>) -> Option<Value> {
    if !present.contains(name) {
        findings.add(
            FindingKind::Missing,
            name,
            String::new(),
            "the file is missing".to_owned(),
        );
        return None;
    }
    let read = std::fs::read(root.join(name)).map_err(|error| error.to_string());
    match read.and_then(|bytes| serde_json::from_slice(&bytes).map_err(|error| error.to_string())) {
        Ok(value) => Some(value),
        Err(error) => {
            findings.add(
                FindingKind::Bytes,
                name,
                String::new(),
                format!("not the JSON that was written: {error}"),
            );
            None
        }
    }
}

/// Whether a file has the bytes it should have.
fn compare(
    root: &Path,
    file: &FileInfo,
    present: &BTreeSet<String>,
    findings: &mut Findings<'_>,
) -> Result<bool, DatasetError> {
    if !present.contains(&file.name) {
        findings.add(
            FindingKind::Missing,
            &file.name,
            String::new(),
            "the file is missing".to_owned(),
        );
        return Ok(false);
    }
    let (hash, bytes) = hash(&root.join(&file.name))?;
    let message = match (bytes == file.bytes, hash == file.hash) {
        (true, true) => return Ok(true),
        (false, _) => format!(
            "expected {} bytes, found {bytes}; its rows are not looked at",
            file.bytes
        ),
        (true, false) => format!(
            "expected blake3 {}, found {hash}; its rows are not looked at",
            file.hash
        ),
    };
    findings.add(FindingKind::Bytes, &file.name, String::new(), message);
    Ok(false)
}

/// blake3 and size of a file.
pub(crate) fn hash(path: &Path) -> Result<(String, u64), DatasetError> {
    let mut file = File::open(path).at(path)?;
    let mut hasher = blake3::Hasher::new();
    let bytes = std::io::copy(&mut file, &mut hasher).at(path)?;
    Ok((hasher.finalize().to_hex().to_string(), bytes))
}

/// Compares the id with the folder's name and with `run.json`: it is what holds the data package.
fn compare_names(
    root: &Path,
    id: &str,
    rows: &BTreeMap<String, u64>,
    present: &BTreeSet<String>,
    findings: &mut Findings<'_>,
) {
    let folder = root
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let is_id = folder.len() == id.len() && folder.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id && folder != id {
        let message = format!("expected the content of snapshot {folder}, found that of {id}");
        findings.add(FindingKind::Bytes, PACKAGE, String::new(), message);
    }
    let Some(run) = read_json(root, RUN_FILE, present, findings) else {
        return;
    };
    let of_run = run.get("snapshot").and_then(Value::as_str).unwrap_or_default();
    if of_run != id {
        let message = format!("expected snapshot {id}, as the files give it, found: {of_run}");
        findings.add(FindingKind::Bytes, RUN_FILE, String::new(), message);
    }
    let counted: BTreeMap<String, u64> = run
        .get("rows")
        .and_then(|rows| serde_json::from_value(rows.clone()).ok())
        .unwrap_or_default();
    for (table, rows) in rows {
        let found = counted.get(table).copied().unwrap_or_default();
        if found != *rows {
            let message = format!("expected {rows} rows of {table}, found {found}");
            findings.add(FindingKind::Count, RUN_FILE, String::new(), message);
        }
    }
}
