//! Whatever becomes of a file that a run left, `verify` finds it where analysts read it, and the next run names it and mends
//! it: it gives what a full run gives.
//!
//! Every kind of damage in every kind of file is some four hundred runs: every eleventh is tried, all of them with
//! DAMAGE_STEP=1.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gongkai_test_support::files;
use support::world::{RUN, World};

/// Samples in the input.
const SAMPLES: usize = 20;
/// Steps from one damage to the next that is tried.
const STEP: usize = 11;

/// What can become of a file.
const KINDS: [&str; 12] = [
    "flip a byte in the middle",
    "flip the first byte",
    "flip the last byte",
    "cut",
    "empty",
    "remove",
    "append",
    "zero a block",
    "take another file's bytes",
    "put a folder in its place",
    "put a link in its place that leads nowhere",
    "write something else",
];

/// Does it; false when the file is what it was.
fn damage(kind: &str, file: &Path, other: &Path) -> bool {
    let before = std::fs::read(file).unwrap();
    let mut bytes = before.clone();
    let middle = bytes.len() / 2;
    match kind {
        "flip a byte in the middle" => bytes[middle] ^= 0x10,
        "flip the first byte" => bytes[0] ^= 0x10,
        "flip the last byte" => *bytes.last_mut().unwrap() ^= 0x10,
        "cut" => bytes.truncate(middle),
        "empty" => bytes.clear(),
        "append" => bytes.extend(b"more"),
        "zero a block" => {
            let end = bytes.len().min(middle + 512);
            bytes[middle..end].fill(0);
        }
        "take another file's bytes" => bytes = std::fs::read(other).unwrap(),
        "write something else" => bytes.fill(b'x'),
        _ => {}
    }
    // Files are shared by their names with other snapshots: only the one in hand is damaged.
    std::fs::remove_file(file).unwrap();
    match kind {
        "remove" => return true,
        "put a folder in its place" => std::fs::create_dir(file).unwrap(),
        "put a link in its place that leads nowhere" => std::os::unix::fs::symlink("nowhere", file).unwrap(),
        _ => std::fs::write(file, &bytes).unwrap(),
    }
    bytes != before || std::fs::symlink_metadata(file).unwrap().is_symlink() || file.is_dir()
}

/// A file of every kind in a folder: those that differ in numbers only are of one kind.
fn kinds_of_files(folder: &Path) -> Vec<PathBuf> {
    let mut kinds: BTreeMap<String, PathBuf> = BTreeMap::new();
    for file in files(folder) {
        let name = file.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
        kinds
            .entry(name.replace(|c: char| c.is_ascii_digit(), ""))
            .or_insert(file);
    }
    kinds.into_values().collect()
}

/// Tries damages in the files of a folder of the output.
fn check(folder: &str, try_one: impl Fn(&World, &Path, &str, usize)) {
    let world = World::of_samples(SAMPLES);
    world.check_next("first", 0);
    let step = std::env::var("DAMAGE_STEP").ok().and_then(|step| step.parse().ok());
    let count = kinds_of_files(&world.out().join(folder)).len();
    let mut tried = 0;
    for number in (0..count * KINDS.len()).step_by(step.unwrap_or(STEP)) {
        let files = kinds_of_files(&world.out().join(folder));
        let (file, kind) = (&files[number / KINDS.len() % files.len()], KINDS[number % KINDS.len()]);
        let other = files.iter().find(|other| *other != file).unwrap();
        if std::fs::read(file).unwrap().is_empty() || !damage(kind, file, other) {
            continue;
        }
        // Half of the nights change something.
        let state = tried / 2 % 2;
        world.become_state(state);
        try_one(&world, file, kind, state);
        world.check_next(kind, state);
        let verified = world.place.call("verify out");
        assert_eq!(verified.code, Some(0), "{}: {kind}: {}", file.display(), verified.out);
        tried += 1;
    }
    println!("{tried} damages in {count} kinds of files in {folder}");
    assert!(tried > 8, "only {tried} damages in {folder}");
}

/// A run says what is wrong with which file and comes to its end.
fn check_told(world: &World, file: &Path, kind: &str) {
    let answer = world.place.call(RUN);
    assert_eq!(answer.code, Some(0), "{}: {kind}: {}", file.display(), answer.err);
    let name = file.file_name().unwrap().to_string_lossy();
    // What stands behind a run of the store is no part of it, and without a manifest there is no store.
    let is_harmless = kind == "append" && (name.ends_with(".run") || name.ends_with(".pack"));
    let is_told = match (&*name, kind) {
        ("manifest.json", "remove") => answer.err.contains("\"state_missing\""),
        _ => answer.err.contains(&*name) && answer.err.contains("_damaged\""),
    };
    assert!(is_told || is_harmless, "{}: {kind}: {}", file.display(), answer.err);
}

#[test]
fn damage_in_the_snapshot_is_found_and_mended() {
    check("latest", |world, file, kind, _| {
        let verified = world.place.call("verify out");
        // Of run.json only the snapshot and the numbers of rows are known to be right.
        let may_pass = file.ends_with("run.json");
        assert!(
            verified.code == Some(1) || may_pass,
            "{}: {kind}: {}",
            file.display(),
            verified.out
        );
        if verified.code == Some(1) {
            check_told(world, file, kind);
        }
    });
}

#[test]
fn damage_in_the_state_is_told_and_everything_read_anew() {
    check("state/store", |world, file, kind, _| check_told(world, file, kind));
}

#[test]
fn what_does_not_belong_into_a_snapshot_goes() {
    let world = World::of_samples(SAMPLES);
    world.check_next("first", 0);
    std::fs::write(world.out().join("latest/extra.txt"), "mine").unwrap();
    assert_eq!(world.place.call("verify out").code, Some(1));
    check_told(&world, Path::new("extra.txt"), "extra");
    assert_eq!(world.place.call("verify out").code, Some(0));
    world.check_next("extra", 0);
}

/// The link that analysts follow, in other forms.
#[test]
fn the_link_is_mended_or_told() {
    let world = World::of_samples(SAMPLES);
    world.check_next("first", 0);
    let latest = world.out().join("latest");
    let target = std::fs::read_link(&latest).unwrap();
    let absolute = latest.canonicalize().unwrap();
    for (link, told) in [
        (Some(PathBuf::from("nowhere")), "latest_astray"),
        (Some(world.place.path("full0").join(&target)), "latest_astray"),
        (Some(absolute), ""),
        (None, ""),
    ] {
        std::fs::remove_file(&latest).unwrap();
        if let Some(link) = &link {
            std::os::unix::fs::symlink(link, &latest).unwrap();
        }
        let answer = world.place.call(RUN);
        assert_eq!(answer.code, Some(0), "{link:?}: {}", answer.err);
        assert!(answer.err.contains(told), "{link:?}: {}", answer.err);
        assert_eq!(std::fs::read_link(&latest).unwrap(), target, "{link:?}");
        world.check_next("link", 0);
    }
    for (put, what) in [
        (std::fs::create_dir as fn(PathBuf) -> std::io::Result<()>, "a folder"),
        (|path| std::fs::write(path, "x"), "a file"),
    ] {
        std::fs::remove_file(&latest).unwrap();
        put(latest.clone()).unwrap();
        let answer = world.place.call("run --input dumps --output out");
        assert_eq!(answer.code, Some(1), "{}", answer.err);
        assert_eq!(
            answer.err,
            format!(
                "error: out/latest: not a link, but {what}\nhint: move it out of the way; a run makes the link anew\n"
            )
        );
        drop(std::fs::remove_file(&latest));
        drop(std::fs::remove_dir(&latest));
        world.check_next(what, 0);
    }
}

/// Nothing is removed that is not a snapshot by its own account, whatever its name.
#[test]
fn folders_that_are_no_snapshots_stay() {
    let world = World::of_samples(SAMPLES);
    world.check_next("first", 0);
    let id = std::fs::read_link(world.out().join("latest")).unwrap();
    let id = id.file_name().unwrap().to_string_lossy().into_owned();
    let other = world.out().join("snapshots/0123456789abcdef");
    for (file, text) in [
        ("mine.txt", "precious"),
        ("run.json", "{\"snapshot\":\"fedcba9876543210\"}"),
    ] {
        std::fs::create_dir_all(&other).unwrap();
        std::fs::write(other.join(file), text).unwrap();
    }
    let keep = "output = \"out\"\nkeep = 1\n[[input]]\nname = \"dumps\"\npath = \"dumps\"\n";
    world.place.write("keep.toml", keep);
    world.become_state(1);
    let answer = world.place.call("run --config keep.toml --allow-withdrawals");
    assert_eq!(answer.code, Some(0), "{}", answer.err);
    assert!(
        !world.out().join("snapshots").join(&id).exists(),
        "the old snapshot goes"
    );
    assert_eq!(std::fs::read_to_string(other.join("mine.txt")).unwrap(), "precious");
    // Something else stands where the first snapshot was.
    world
        .place
        .write(&format!("out/snapshots/{id}/mine.txt"), "precious, too");
    world.become_state(0);
    let answer = world
        .place
        .call("run --config keep.toml --allow-withdrawals --log-format json");
    assert_eq!(answer.code, Some(0), "{}", answer.err);
    assert!(answer.err.contains("\"set_aside\""), "{}", answer.err);
    let aside = world.out().join(format!("snapshots/{id}.aside-1/mine.txt"));
    assert_eq!(std::fs::read_to_string(aside).unwrap(), "precious, too");
}
