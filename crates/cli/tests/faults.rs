//! A run is killed, or its disk is full, at each change that it makes on disk, one after the other: readers keep a whole
//! snapshot, the run after it gives what a full run gives and leaves nothing over. And what a name leads to is on disk before
//! the name is: a power loss shows readers the snapshot before or the next one.
//!
//! `support/faults.c` stands between the binary and the C library. The changes of a run are some hundred; threads may do
//! them in another order the next time, which moves what is hit, not what must hold.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Output;

use support::library;
use support::world::{RUN, World};

/// Samples in the input: one of them is edited, one is gone, one elsewhere in the second state.
const SAMPLES: usize = 20;
/// In one run of so many nothing is known any more, and everything is read.
const ANEW: usize = 4;
/// Steps from one change to the next that is hindered, unless FAULT_STEP says 1: all of them take minutes.
const STEP: usize = 7;

/// A run behind the library.
fn run(world: &World, faults: &[(&str, &str)]) -> Output {
    let mut command = world.place.command(RUN);
    command.env("LD_PRELOAD", library::FAULTS.as_path());
    // The folder that commands are called in, without links.
    let root = std::fs::canonicalize(world.place.path(".")).unwrap().join("out");
    command.env("FAULT_ROOT", root).envs(faults.iter().copied());
    command.output().unwrap()
}

/// Hinders runs at each of their changes until one is not hindered; gives how many were.
fn hinder(how: &str, check: impl Fn(&str, &Output) -> bool) -> usize {
    let world = World::of_samples(SAMPLES);
    world.check_next("first", 0);
    let step = std::env::var("FAULT_STEP")
        .ok()
        .and_then(|step| step.parse().ok())
        .unwrap_or(STEP);
    let (mut hindered, mut passed) = (0, 0);
    for number in 0.. {
        let state = (number + 1) % 2;
        world.become_state(state);
        if number % ANEW == 0 {
            std::fs::remove_dir_all(world.out().join("state/store")).unwrap();
        }
        let at = (number * step).to_string();
        let answer = run(&world, &[("FAULT_AT", &at), ("FAULT_HOW", how)]);
        let when = format!("{how} at {at}");
        let was_hindered = check(&when, &answer);
        world.check_whole(&when);
        world.check_next(&when, state);
        (hindered, passed) = match was_hindered {
            true => (hindered + 1, 0),
            false => (hindered, passed + 1),
        };
        // Runs that read everything make the most changes: one of these has come through, too.
        if passed > ANEW {
            break;
        }
    }
    hindered
}

#[test]
fn killed_at_every_change() {
    let killed = hinder("kill", |when, answer| {
        let is_killed = answer.status.signal() == Some(9);
        let told = String::from_utf8_lossy(&answer.stderr);
        assert!(is_killed || answer.status.code() == Some(0), "{when}: {told}");
        is_killed
    });
    println!("{killed} runs were killed");
    assert!(killed > 20, "only {killed} runs were killed");
}

#[test]
fn the_disk_is_full_at_every_change() {
    let failed = hinder("full", |when, answer| {
        let told = String::from_utf8_lossy(&answer.stderr);
        let code = answer.status.code();
        assert!(matches!(code, Some(0 | 1)), "{when}: {code:?}: {told}");
        let is_full = code == Some(1);
        assert_eq!(
            is_full,
            told.contains("No space left on device"),
            "{when}: {code:?}: {told}"
        );
        is_full
    });
    println!("{failed} runs failed");
    assert!(failed > 20, "only {failed} runs failed");
}

/// One change as the library tells it.
struct Change {
    name: String,
    path: PathBuf,
    other: PathBuf,
}

fn changes(world: &World, log: &Path) -> Vec<Change> {
    let answer = run(world, &[("FAULT_LOG", log.to_str().unwrap())]);
    assert_eq!(answer.status.code(), Some(0));
    let text = std::fs::read_to_string(log).unwrap();
    let lines = text.lines().map(|line| {
        let mut parts = line.split('\t').map(str::to_owned);
        let mut next = || parts.next().unwrap();
        Change {
            name: next(),
            path: next().into(),
            other: next().into(),
        }
    });
    lines.collect()
}

/// What stands below a folder and would be lost with the power: files written and folders whose names changed since they
/// were synced.
fn unsynced(changes: &[Change], folder: &Path) -> Vec<PathBuf> {
    let mut waiting: Vec<&Path> = Vec::new();
    for change in changes {
        let path = change.path.as_path();
        match change.name.as_str() {
            "sync" => waiting.retain(|other| *other != path),
            "write" | "truncate" => waiting.push(path),
            "unlink" => {
                waiting.retain(|other| *other != path);
                waiting.extend(path.parent());
            }
            // A link cannot be synced, but the folder that names it.
            "symlink" => waiting.extend(path.parent()),
            "create" | "mkdir" | "link" => waiting.extend([Some(path), path.parent()].into_iter().flatten()),
            "rename" => waiting.extend([path.parent(), change.other.parent()].into_iter().flatten()),
            other => panic!("{other}: not known"),
        }
    }
    let lost = waiting.into_iter().filter(|path| path.starts_with(folder));
    lost.map(Path::to_owned).collect()
}

#[test]
fn what_a_name_leads_to_is_on_disk_before_the_name() {
    let world = World::of_samples(SAMPLES);
    let log = world.place.path("log");
    let out = std::fs::canonicalize(world.place.path(".")).unwrap().join("out");
    for state in [0, 1] {
        world.become_state(state);
        drop(std::fs::remove_file(&log));
        let changes = changes(&world, &log);
        let place = |is_it: &dyn Fn(&Change) -> bool, what: &str| {
            let found: Vec<usize> = (0..changes.len()).filter(|place| is_it(&changes[*place])).collect();
            assert_eq!(found.len(), 1, "{what}: {found:?}");
            found[0]
        };
        let renamed = |to: PathBuf| move |change: &Change| change.name == "rename" && change.path == to;
        let snapshots = out.join("snapshots");
        let is_published = |change: &Change| change.name == "rename" && change.path.parent() == Some(&snapshots);
        let published = place(&is_published, "the snapshot is renamed");
        let linked = place(&renamed(out.join("latest")), "latest is renamed");
        let committed = place(
            &renamed(out.join("state/store/manifest.json")),
            "the manifest is renamed",
        );
        assert!(
            published < linked && linked < committed,
            "{published} {linked} {committed}"
        );
        let check = |before: usize, folder: &Path| {
            let lost = unsynced(&changes[..before], folder);
            assert!(
                lost.is_empty(),
                "state {state}, change {before}: not on disk: {lost:#?}"
            );
        };
        check(published, &changes[published].other);
        check(linked, &snapshots);
        check(committed, &out.join("snapshots"));
        check(committed, &out.join("state/store"));
        // The names themselves are on disk before the next thing builds on them.
        let syncs = |from: usize, to: usize, folder: &Path| {
            let mut between = changes[from..to].iter();
            assert!(
                between.any(|change| change.name == "sync" && change.path == folder),
                "{} is not synced behind change {from}",
                folder.display()
            );
        };
        syncs(published, linked, &snapshots);
        syncs(linked, committed, &out);
        syncs(committed, changes.len(), &out.join("state/store"));
    }
}
