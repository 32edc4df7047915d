//! Damages to the files of a folder, each told by a few bytes.

use std::fs;
use std::path::{Path, PathBuf};

use gongkai_test_support::files;

/// Bytes of a damage: what is done, to which file, with which other, where (two), and with what.
pub const BYTES: usize = 6;

/// Does one damage; what it was.
pub fn apply(folder: &Path, damage: &[u8]) -> &'static str {
    let &[kind, file, other, at, further, value] = damage else {
        return "none";
    };
    let names = regular_files(folder);
    let pick = |choice: u8| names.get(usize::from(choice) % names.len().max(1));
    let (Some(path), Some(other)) = (pick(file), pick(other)) else {
        return "nothing left";
    };
    let mut bytes = fs::read(path).unwrap();
    // Two bytes name a place anywhere in the file; small ones stand near its beginning.
    let place = usize::from(at) * 256 + usize::from(further);
    let place = if at < 64 {
        place
    } else {
        place * bytes.len() / (1 << 16)
    };
    let place = place.min(bytes.len());
    let (kind, changed) = match kind % 16 {
        0 => ("bit", with(bytes, place, |byte| byte ^ (1 << (value % 8)))),
        1 => ("byte", with(bytes, place, |_| value)),
        2 => (
            "digit",
            with(bytes, place, |byte| {
                if byte.is_ascii_digit() { b'0' + value % 10 } else { byte }
            }),
        ),
        3 => ("cut", bytes[..place].to_vec()),
        4 => ("longer", [bytes, vec![value; 1 + usize::from(further)]].concat()),
        5 => ("inserted", [&bytes[..place], &[value], &bytes[place..]].concat()),
        6 => (
            "lost in the middle",
            [
                &bytes[..place],
                &bytes[(place + 1 + usize::from(value)).min(bytes.len())..],
            ]
            .concat(),
        ),
        7 => {
            let end = (place + 1 + usize::from(value)).min(bytes.len());
            bytes[place.min(end)..end].fill(0);
            ("zeros", bytes)
        }
        8 => ("empty", Vec::new()),
        9 => ("another's bytes", fs::read(other).unwrap()),
        _ => return replaced(folder, kind % 16, path, other),
    };
    fs::write(path, changed).unwrap();
    kind
}

fn with(mut bytes: Vec<u8>, place: usize, change: impl Fn(u8) -> u8) -> Vec<u8> {
    if let Some(byte) = bytes.get_mut(place) {
        *byte = change(*byte);
    }
    bytes
}

/// Damages that change what a name leads to.
fn replaced(root: &Path, kind: u8, path: &Path, other: &Path) -> &'static str {
    match kind {
        10 => {
            remove(path);
            fs::create_dir(path).unwrap();
            fs::write(path.join("within"), "a file").unwrap();
            "a folder"
        }
        11 => {
            remove(path);
            std::os::unix::fs::symlink("nowhere", path).unwrap();
            "a dangling link"
        }
        12 => {
            let apart = root.join("apart");
            fs::rename(path, &apart).unwrap();
            if other != path {
                fs::rename(other, path).unwrap();
            }
            fs::rename(&apart, other).unwrap();
            "swapped"
        }
        13 => {
            fs::create_dir_all(path.with_extension("extra")).unwrap();
            "a folder beside it"
        }
        14 => {
            let folder = path.parent().unwrap();
            if folder == root {
                return "left alone";
            }
            remove(folder);
            fs::write(folder, "a file").unwrap();
            "a file for its folder"
        }
        _ => {
            remove(path);
            "gone"
        }
    }
}

/// The regular files below a folder, sorted.
fn regular_files(folder: &Path) -> Vec<PathBuf> {
    let is_regular = |path: &PathBuf| fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
    files(folder).into_iter().filter(is_regular).collect()
}

/// Removes a file, a link or a folder.
fn remove(path: &Path) {
    let is_folder = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir());
    let removed = if is_folder {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    };
    removed.unwrap();
}
