//! The same seed, profile and count give the same bytes, on any number of threads; a longer corpus begins with a shorter.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use gongkai_forge::forge::Forge;
use gongkai_forge::plan::Profile;
use gongkai_forge::write::write_corpus;

fn written(profile: Profile, seed: u64, count: u64, threads: usize) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("threads");
    let forge = Forge::new(seed, profile).expect("data files");
    pool.install(|| write_corpus(&forge, count, folder.path()))
        .expect("a corpus");
    let mut files = BTreeMap::new();
    read_into(folder.path(), folder.path(), &mut files);
    files
}

fn read_into(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
    {
        if entry.is_dir() {
            read_into(root, &entry, files);
        } else {
            let name = entry.strip_prefix(root).expect("below").to_string_lossy().into_owned();
            files.insert(name, fs::read(&entry).expect("a file"));
        }
    }
}

#[test]
fn threads_do_not_matter() {
    for profile in [Profile::Mix, Profile::Damaged] {
        assert!(
            written(profile, 7, 120, 1) == written(profile, 7, 120, 4),
            "{profile:?}"
        );
    }
}

#[test]
fn seeds_and_profiles_matter() {
    assert!(written(Profile::Mix, 7, 8, 1) != written(Profile::Mix, 8, 8, 1));
    assert!(written(Profile::Clean, 7, 8, 1) != written(Profile::Damaged, 7, 8, 1));
}

#[test]
fn a_longer_corpus_begins_with_a_shorter() {
    let (short, long) = (written(Profile::Mix, 3, 50, 2), written(Profile::Mix, 3, 90, 3));
    for (name, bytes) in &short {
        if name == "truth.jsonl" {
            assert!(long[name].starts_with(bytes));
        } else {
            assert!(&long[name] == bytes, "{name}");
        }
    }
}

#[test]
fn folders_stay_small() {
    let files = written(Profile::Mix, 1, 1100, 4);
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    for name in files.keys() {
        *folders
            .entry(name.rsplit_once('/').map_or("", |(folder, _)| folder))
            .or_default() += 1;
    }
    assert_eq!(
        folders.into_iter().collect::<Vec<_>>(),
        [("", 1), ("0000", 1000), ("0001", 100)]
    );
}

#[test]
fn a_folder_in_use_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("kept"), "mine").expect("a file");
    let forge = Forge::new(1, Profile::Mix).expect("data files");
    let error = write_corpus(&forge, 1, folder.path()).expect_err("refused").to_string();
    assert!(error.contains("is not empty") && error.contains("hint:"), "{error}");
    let error = write_corpus(&forge, 1, &folder.path().join("kept/below"))
        .expect_err("no folder")
        .to_string();
    assert!(
        error.starts_with(&folder.path().join("kept").display().to_string()),
        "{error}"
    );
}
