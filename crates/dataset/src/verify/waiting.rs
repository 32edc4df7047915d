//! Checks on disk, sorted by the partition of their report: the mentions that a check names stand in one file, and in this
//! order each file is read once, however many checks there are. In the order of their table, which is that of report ids,
//! every few thousand checks would need all files.
//!
//! Waits in the system's folder for temporary files, never in the snapshot.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::{AtPath, DatasetError};
use crate::merge::Merged;
use crate::rows::CheckRow;
use crate::spill::{SpillFolder, Spool};
use crate::worker::row_error;

/// Bytes of checks that wait in memory.
const BUDGET: usize = 16 << 20;

/// Tells the folders of one process apart.
static FOLDERS: AtomicU64 = AtomicU64::new(0);

/// A folder that is removed with all it holds when it is dropped.
struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    fn create() -> Result<Self, DatasetError> {
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("gongkai-verify-{}-{number}", std::process::id()));
        std::fs::create_dir(&path).at(&path)?;
        Ok(Self(path))
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // What cannot be removed, the system removes with its other temporary files.
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Checks that wait to be sorted.
pub(super) struct WaitingChecks {
    folder: TemporaryFolder,
    spill: std::sync::Arc<SpillFolder>,
    spool: Spool,
}

impl WaitingChecks {
    /// None so far.
    pub(super) fn new() -> Result<Self, DatasetError> {
        let folder = TemporaryFolder::create()?;
        let spill = SpillFolder::new(folder.0.clone(), BUDGET);
        Ok(Self {
            spool: Spool::alone(&spill),
            spill,
            folder,
        })
    }

    /// Adds a check of a report in the partition with this number.
    pub(super) fn push(&mut self, partition: u32, row: u64, check: &CheckRow) -> Result<(), DatasetError> {
        let mut key = [0; 12];
        let (of_partition, of_row) = key.split_at_mut(size_of::<u32>());
        of_partition.copy_from_slice(&partition.to_be_bytes());
        of_row.copy_from_slice(&row.to_be_bytes());
        let packed = self
            .spool
            .push(0, &key, |bytes| postcard::to_io(&(row, check), bytes).map(|_| ()));
        packed.map_err(|error| row_error(&self.folder.0, "checks", error))?;
        self.spool.relieve()
    }

    /// All of them in their order.
    pub(super) fn sorted(self) -> Result<SortedChecks, DatasetError> {
        let runs = self.spool.finish()?.into_iter().flatten().collect();
        Ok(SortedChecks {
            rows: Merged::open(runs, &self.spill, false)?,
            folder: self.folder,
        })
    }
}

/// Checks by partition and row.
pub(super) struct SortedChecks {
    rows: Merged,
    folder: TemporaryFolder,
}

impl SortedChecks {
    /// The next check and its row.
    pub(super) fn next(&mut self) -> Result<Option<(u64, CheckRow)>, DatasetError> {
        let path: &Path = &self.folder.0;
        let next = self.rows.next()?;
        let check = next.map(|(_, payload)| postcard::from_bytes(payload));
        check.transpose().map_err(|error| row_error(path, "checks", error))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use gongkai_extract::{Applicant, CheckResult, Period};
    use gongkai_lexicon::IdentityKind;

    use super::*;

    fn check(identity: &str) -> CheckRow {
        CheckRow {
            report_id: "r".to_owned(),
            identity: identity.to_owned(),
            kind: IdentityKind::Definitional.into(),
            applicant: Applicant::All.into(),
            period: Period::Year.into(),
            left: Some(1.0),
            right: None,
            delta: None,
            result: CheckResult::NotTestable.into(),
            mentions: vec![1, 70_000],
            message: "x".repeat(1000),
        }
    }

    #[test]
    fn checks_come_by_partition_and_row_and_leave_nothing_behind() {
        let mut waiting = WaitingChecks::new().unwrap();
        let folder = waiting.folder.0.clone();
        // More than may wait in memory.
        let rows = 3 * BUDGET as u64 / 1000;
        for row in 1..=rows {
            let partition = u32::try_from(row % 3).unwrap();
            waiting.push(partition, row, &check(&partition.to_string())).unwrap();
        }
        let mut sorted = waiting.sorted().unwrap();
        let mut found = Vec::new();
        while let Some((row, check)) = sorted.next().unwrap() {
            assert_eq!(check.mentions, [1, 70_000]);
            found.push((check.identity.parse::<u64>().unwrap(), row));
        }
        assert!(folder.is_dir());
        drop(sorted);
        assert!(!folder.exists());
        let mut expected: Vec<(u64, u64)> = (1..=rows).map(|row| (row % 3, row)).collect();
        expected.sort_unstable();
        assert!(found == expected);
    }
}
