//! Old snapshots: how many are kept, and how the others go without taking a file from under a reader.
//!
//! A reader holds a snapshot by a shared lock on its folder. What is held stays until a later night.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::error::{AtPath, DatasetError};
use crate::published::{read_run, snapshot_named};

/// Holds a snapshot as long as the result lives; none where the file system has no locks.
pub(crate) fn hold(snapshot: &Path) -> Option<File> {
    let folder = File::open(snapshot).ok()?;
    folder.lock_shared().ok()?;
    Some(folder)
}

/// All but the `keep` snapshots that were published last, the oldest first; never the one that analysts read.
pub(crate) fn surplus(snapshots: &Path, latest: &Path, keep: usize) -> Result<Vec<PathBuf>, DatasetError> {
    let mut found: Vec<(SystemTime, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir(snapshots).at(snapshots)? {
        let path = entry.at(snapshots)?.path();
        let is_latest = path.file_name() == latest.file_name();
        if is_snapshot(&path) && !is_latest {
            let metadata = std::fs::metadata(&path).at(&path)?;
            // Publishing a snapshot, for the first time or again, is the last that happens to its folder.
            found.push((metadata.modified().at(&path)?, path));
        }
    }
    found.sort();
    let surplus = (found.len() + 1).saturating_sub(keep.max(1));
    Ok(found.into_iter().take(surplus).map(|(_, path)| path).collect())
}

/// Removes snapshots, but none that is held. Each leaves its folder for `trash` in one step, so that whatever stands there
/// is whole. Gives how many went.
pub(crate) fn remove(snapshots: Vec<PathBuf>, trash: &Path) -> Result<u64, DatasetError> {
    let mut gone = 0;
    for path in snapshots {
        let folder = File::open(&path).at(&path)?;
        if folder.try_lock().is_err() {
            continue;
        }
        let name = path.file_name().unwrap_or_default();
        let trash = trash.join(name);
        std::fs::rename(&path, &trash).at(&path)?;
        std::fs::remove_dir_all(&trash).at(&trash)?;
        gone += 1;
    }
    Ok(gone)
}

/// Whether a folder is a snapshot by its name and by its own account: nothing else is ever removed.
fn is_snapshot(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_folder = path.is_dir() && !path.is_symlink();
    is_folder && read_run(path).is_some_and(|run| snapshot_named(&run) == Some(&*name))
}
