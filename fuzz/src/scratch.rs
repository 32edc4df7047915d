//! A folder for what targets need on disk, one for each process. Those of processes that died are removed by the next.

use std::path::{Path, PathBuf};
use std::sync::Once;

const PREFIX: &str = "gongkai-fuzz-";

/// A folder of this name, made when it is not there.
#[must_use]
pub fn folder(name: &str) -> PathBuf {
    static SWEPT: Once = Once::new();
    SWEPT.call_once(sweep);
    let folder = root().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Removes everything.
pub fn clean_up() {
    let _ = std::fs::remove_dir_all(root());
}

fn root() -> PathBuf {
    place().join(format!("{PREFIX}{}", std::process::id()))
}

/// Memory, where there is a file system of it: runs wait for the disk, and what they write is not to be kept.
fn place() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    match std::env::var_os("TMPDIR") {
        None if memory.is_dir() => memory,
        _ => std::env::temp_dir(),
    }
}

fn sweep() {
    let is_alive = |process: &str| Path::new("/proc").join(process).exists();
    for entry in std::fs::read_dir(place()).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.strip_prefix(PREFIX).is_some_and(|process| !is_alive(process)) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
