//! Whether a snapshot is what was written, and whether what was written proves itself.
//!
//! First the bytes: every file but `run.json` has its hash in `datapackage.json`, and the hash of that is part of the
//! snapshot's id, which names the folder and stands in `run.json`. A byte changed anywhere but in `run.json` is found;
//! of `run.json` the id and the numbers of rows are compared. Then the facts, in the files whose bytes are right: each
//! file of this room is one question. Files are read by row groups; what is held is a short entry for each report and
//! windows of a stated size, never the values of the snapshot. Changes nothing.

mod arithmetic;
mod by_category;
mod coverage;
mod files;
mod findings;
mod index;
mod panel;
mod printed;
mod reading;
mod small;
mod spans;
mod terms;
mod values;
mod waiting;
mod years;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gongkai_lexicon::Lexicon;

use crate::error::{AtPath, DatasetError};
use crate::hold::hold;
use crate::read::TableReader;
use crate::table::ColumnarRow;

use files::DeclaredFile;
use findings::Findings;
pub use findings::{Finding, FindingKind};
pub use reading::{Reading, unproved};

/// What a look at a whole snapshot gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The snapshot's folder.
    pub path: PathBuf,
    /// Its id, as its content gives it.
    pub id: String,
    /// How many files it has.
    pub files: usize,
    /// How many findings of each kind there are, whether or not they were given.
    pub findings: BTreeMap<FindingKind, u64>,
}

/// The folder of the snapshot that a path means: itself, or what `latest` in it leads to.
///
/// # Errors
/// [`DatasetError::NotASnapshot`] when it is neither.
pub fn snapshot_folder(folder: &Path) -> Result<PathBuf, DatasetError> {
    let is_snapshot = |folder: &Path| {
        ["datapackage.json", "run.json"]
            .iter()
            .any(|name| folder.join(name).is_file())
    };
    let latest = folder.join("latest");
    let found = [folder, &latest].into_iter().find(|folder| is_snapshot(folder));
    match found {
        Some(found) => std::fs::canonicalize(found).at(found),
        None => Err(DatasetError::NotASnapshot {
            path: folder.to_owned(),
        }),
    }
}

/// Looks at everything in a snapshot, or in the latest one of an output folder. Of each kind of finding at most `limit`
/// are given.
///
/// # Errors
/// [`DatasetError::NotASnapshot`] when there is none; [`DatasetError::Io`] when a folder cannot be read.
pub fn verify(
    folder: &Path,
    lexicon: &Lexicon,
    limit: u64,
    give: &mut dyn FnMut(&Finding),
) -> Result<Verified, DatasetError> {
    let root = snapshot_folder(folder)?;
    let _held = hold(&root);
    let mut findings = Findings::new(limit, give);
    let found = files::verify(&root, &mut findings)?;
    let mut snapshot = Snapshot {
        root: &root,
        lexicon,
        files: found.sound,
        damaged: found.damaged,
        findings,
    };
    snapshot.schemas()?;
    snapshot.facts()?;
    let findings = snapshot.findings.totals();
    Ok(Verified {
        path: root.clone(),
        id: found.id,
        files: found.count,
        findings,
    })
}

/// A snapshot under examination.
struct Snapshot<'a> {
    root: &'a Path,
    lexicon: &'a Lexicon,
    /// The files whose bytes and schema are right.
    files: Vec<DeclaredFile>,
    /// The tables that have other files, too.
    damaged: BTreeSet<String>,
    findings: Findings<'a>,
}

impl Snapshot<'_> {
    fn facts(&mut self) -> Result<(), DatasetError> {
        small::tables(self)?;
        if !self.has("reports.parquet") {
            // Its damage is told. Every other row would be one without its report.
            return Ok(());
        }
        let mut index = index::read(self)?;
        let observations = values::verify(self, &mut index)?;
        by_category::verify(self, observations)?;
        spans::verify(self, &mut index)?;
        arithmetic::verify(self, &mut index)?;
        years::verify(self, &index)?;
        small::of_reports(self, &index)?;
        panel::verify(self, &index)?;
        coverage::verify(self)?;
        index.totals(self);
        Ok(())
    }

    fn has(&self, name: &str) -> bool {
        self.files.iter().any(|file| file.name == name)
    }

    /// Whether all files of a table can be read.
    fn is_complete(&self, table: &str) -> bool {
        !self.damaged.contains(table)
    }

    /// The files of a table whose bytes and schema are right.
    fn files_of(&self, table: &str) -> Vec<DeclaredFile> {
        self.files.iter().filter(|file| file.table == table).cloned().collect()
    }

    /// Gives the rows of a file with their numbers, from 1. A file that cannot be decoded is a finding.
    fn each<R: ColumnarRow>(
        &mut self,
        file: &DeclaredFile,
        mut take: impl FnMut(&mut Findings<'_>, u64, R),
    ) -> Result<(), DatasetError> {
        let Some(mut reader) = self.open(file)? else {
            return Ok(());
        };
        self.until(file, &mut reader, |findings, number, row| {
            take(findings, number, row);
            false
        })?;
        Ok(())
    }

    /// Opens a file.
    fn open<R: ColumnarRow>(&mut self, file: &DeclaredFile) -> Result<Option<TableReader<R>>, DatasetError> {
        let opened = TableReader::open(&self.root.join(&file.name));
        self.readable(file, opened)
    }

    /// Gives rows of a file until one is enough; false when there are no more.
    fn until<R: ColumnarRow>(
        &mut self,
        file: &DeclaredFile,
        reader: &mut TableReader<R>,
        mut take: impl FnMut(&mut Findings<'_>, u64, R) -> bool,
    ) -> Result<bool, DatasetError> {
        loop {
            let next = reader.next();
            let Some(Some(row)) = self.readable(file, next)? else {
                return Ok(false);
            };
            if take(&mut self.findings, reader.given(), row) {
                return Ok(true);
            }
        }
    }

    /// What was read; a file that cannot be decoded is a finding.
    fn readable<T>(&mut self, file: &DeclaredFile, read: Result<T, DatasetError>) -> Result<Option<T>, DatasetError> {
        match read {
            Ok(read) => Ok(Some(read)),
            Err(error @ (DatasetError::Unreadable { .. } | DatasetError::Schema { .. })) => {
                let message = error.to_string();
                let message = message.lines().next().unwrap_or_default().to_owned();
                self.findings
                    .add(FindingKind::Schema, &file.name, String::new(), message);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}
