//! Makes a hash of the sources that rows depend on: rows of another engine are not taken over from the night before.

use std::path::{Path, PathBuf};

/// The crates whose code decides what a dump gives.
const CRATES: [&str; 6] = ["crawl", "page", "lexicon", "extract", "dataset", "pipeline"];

fn main() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for name in CRATES {
        let folder = crates.join(name).join("src");
        println!("cargo::rerun-if-changed={}", folder.display());
        gather(&folder, &mut files);
    }
    let lock = crates.join("../Cargo.lock");
    println!("cargo::rerun-if-changed={}", lock.display());
    files.push(lock);
    files.sort();
    let mut hasher = blake3::Hasher::new();
    for file in &files {
        let name = file.strip_prefix(&crates).unwrap_or(file);
        let bytes = std::fs::read(file).unwrap_or_default();
        hasher.update(name.to_string_lossy().as_bytes()).update(&[0]);
        hasher.update(&(bytes.len() as u64).to_le_bytes()).update(&bytes);
    }
    let hash = hasher.finalize().to_hex();
    println!(
        "cargo::rustc-env=GONGKAI_SOURCES={}",
        hash.as_str().get(..16).unwrap_or_default()
    );
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            gather(&path, files);
        } else {
            files.push(path);
        }
    }
}
