//! Whatever ends a run, readers keep the snapshot of the run before, and the next run works.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gongkai_test_support::{contents, repository};
use support::Place;

type Contents = BTreeMap<PathBuf, Vec<u8>>;

/// Copies of the samples, for a run that is long enough to be caught at work.
const COPIES: usize = 20;
/// How often a run may be through before it was caught.
const ATTEMPTS: usize = 5;

/// `dumps`: three small dumps; `many`: the samples, over and over.
fn place_with_samples() -> Place {
    let place = Place::with_dumps();
    for copy in 0..COPIES {
        copy_tree(&repository("data/samples/dumps"), &place.path(&format!("many/{copy}")));
    }
    place
}

fn copy_tree(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let copy = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_tree(&entry.path(), &copy);
        } else {
            std::fs::copy(entry.path(), copy).unwrap();
        }
    }
}

/// The staging folders in an output.
fn stagings(out: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(out.join("state")).into_iter().flatten().flatten();
    let is_staging = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("staging-"))
    };
    entries.map(|entry| entry.path()).filter(is_staging).collect()
}

/// How many files stand in a folder of the staging folder; folders that come and go meanwhile count as they are met.
fn staged_files(out: &Path, folder: &str) -> usize {
    let mut count = 0;
    let mut folders: Vec<PathBuf> = stagings(out).into_iter().map(|staging| staging.join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(_) => count += 1,
                Err(_) => {}
            }
        }
    }
    count
}

/// What analysts read: the link's target and the files behind it.
fn latest(out: &Path) -> (PathBuf, Contents) {
    let target = std::fs::read_link(out.join("latest")).unwrap();
    (target, contents(&out.join("latest")))
}

/// Runs over the many dumps and kills the run as soon as `moment` has come. True when it was caught at work.
fn kill_at(place: &Place, moment: impl Fn(&Path) -> bool) -> bool {
    let out = place.path("out");
    let mut command = place.command("run --input many --output out --jobs 2 --allow-withdrawals");
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while child.try_wait().unwrap().is_none() {
        if moment(&out) {
            child.kill().unwrap();
            break;
        }
        std::thread::yield_now();
    }
    child.wait().unwrap();
    // A run that ended by itself has removed its folder.
    !stagings(&out).is_empty()
}

#[test]
fn a_killed_run_leaves_the_snapshot_before_and_no_harm() {
    let place = place_with_samples();
    let out = place.path("out");
    assert_eq!(place.call("run --input many --output whole").code, Some(0));
    let whole = contents(&place.path("whole/latest"));
    let first = place.call("run --input dumps --output out");
    assert_eq!(first.code, Some(0), "{}", first.err);
    let before = latest(&out);
    assert_ne!(before.1, whole);

    type Moment = fn(&Path) -> bool;
    let moments: [(&str, Moment); 6] = [
        ("the staging folder is there", |out| !stagings(out).is_empty()),
        ("rows wait on disk", |out| staged_files(out, "runs") >= 1),
        ("the first table is being written", |out| {
            staged_files(out, "snapshot") >= 1
        }),
        ("some tables are written", |out| staged_files(out, "snapshot") >= 20),
        ("most tables are written", |out| staged_files(out, "snapshot") >= 90),
        ("the snapshot is at its place", |out| {
            std::fs::read_dir(out.join("snapshots")).is_ok_and(|entries| entries.count() > 1)
        }),
    ];
    for (name, moment) in moments {
        let caught = (0..ATTEMPTS).any(|_| {
            let caught = kill_at(&place, moment);
            if caught {
                check_after_kill(name, &out, &before, &whole);
            }
            // The next run works, sweeps up, and brings the first snapshot back.
            let next = place.call("run --input dumps --output out --allow-withdrawals");
            assert_eq!(next.code, Some(0), "{name}: {}", next.err);
            assert!(stagings(&out).is_empty(), "{name}");
            assert!(latest(&out) == before, "{name}: the next run's snapshot is another one");
            for entry in std::fs::read_dir(out.join("snapshots")).unwrap() {
                let path = entry.unwrap().path();
                if !before.0.ends_with(path.file_name().unwrap()) {
                    std::fs::remove_dir_all(path).unwrap();
                }
            }
            caught
        });
        // Publishing takes no time: only there may a run always be through before the kill comes.
        assert!(
            caught || name == "the snapshot is at its place",
            "never caught at work when {name}"
        );
        println!(
            "{name}: {}",
            if caught {
                "killed"
            } else {
                "always through before it could be killed"
            }
        );
    }
}

/// Readers see the snapshot before; or the whole new one, when the kill came after it was published.
fn check_after_kill(name: &str, out: &Path, before: &(PathBuf, Contents), whole: &Contents) {
    let after = latest(out);
    let published = std::fs::read_dir(out.join("snapshots")).unwrap().count() > 1;
    if after.0 == before.0 {
        assert!(after.1 == before.1, "{name}: files of the published snapshot changed");
    } else {
        assert!(published && after.1 == *whole, "{name}: half a snapshot was published");
    }
    // Whatever stands under snapshots/ is whole, whether or not the link has reached it.
    for entry in std::fs::read_dir(out.join("snapshots")).unwrap() {
        let found = contents(&entry.unwrap().path());
        assert!(
            found == before.1 || found == *whole,
            "{name}: half a snapshot stands in snapshots/"
        );
    }
}

/// A small file system in memory, unmounted when it is done with.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// None, with a line that says so, where file systems cannot be mounted.
    fn mount(path: PathBuf, bytes: usize) -> Option<Self> {
        std::fs::create_dir(&path).unwrap();
        let mut command = Command::new("mount");
        command
            .args(["-t", "tmpfs", "-o", &format!("size={bytes}"), "tmpfs"])
            .arg(&path);
        let mounted = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        if mounted.is_ok_and(|status| status.success()) {
            Some(Self(path))
        } else {
            println!("a small file system cannot be mounted here: the full disk is skipped");
            None
        }
    }

    /// Fills the disk up but for `free` bytes.
    fn fill(&self, free: usize) {
        let filler = self.0.join("filler");
        let mut size = 0;
        let mut step = 1 << 20;
        while step >= 4096 {
            match std::fs::OpenOptions::new()
                .create(true)
                .append(true)
                .open(&filler)
                .and_then(|mut file| std::io::Write::write_all(&mut file, &vec![1; step]))
            {
                Ok(()) => size += step,
                Err(_) => step /= 2,
            }
            // What was written before the error came counts, too.
            size = size.max(usize::try_from(std::fs::metadata(&filler).unwrap().len()).unwrap());
        }
        let file = std::fs::OpenOptions::new().write(true).open(&filler).unwrap();
        file.set_len(u64::try_from(size.saturating_sub(free)).unwrap()).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(&self.0).status();
        if !unmounted.is_ok_and(|status| status.success()) {
            println!("cannot be unmounted: {}", self.0.display());
        }
    }
}

#[test]
fn a_full_disk_fails_the_run_and_leaves_the_snapshot_before() {
    let place = Place::with_dumps();
    copy_tree(&repository("data/samples/dumps"), &place.path("few"));
    let Some(disk) = SmallDisk::mount(place.path("disk"), 16 << 20) else {
        return;
    };
    let out = place.path("disk/out");
    assert_eq!(place.call("run --input dumps --output disk/out").code, Some(0));
    let before = latest(&out);
    // Full from the start; when rows wait on disk; when the first tables are written; later.
    for free in [0, 64 << 10, 256 << 10, 512 << 10, 1 << 20] {
        disk.fill(free);
        let answer = place.call("run --input few --output disk/out --jobs 2 --allow-withdrawals");
        assert_eq!(answer.code, Some(1), "{free} bytes free: {}{}", answer.out, answer.err);
        assert!(
            answer.err.contains("No space left on device"),
            "{free} bytes free: {}",
            answer.err
        );
        assert!(
            answer.err.starts_with("error: disk/out/"),
            "{free} bytes free: {}",
            answer.err
        );
        assert!(latest(&out) == before, "{free} bytes free: the snapshot before changed");
        assert!(stagings(&out).is_empty(), "{free} bytes free");
        assert_eq!(std::fs::read_dir(out.join("snapshots")).unwrap().count(), 1);
    }
    std::fs::remove_file(place.path("disk/filler")).unwrap();
    assert_eq!(
        place.call("run --input few --output disk/out --allow-withdrawals").code,
        Some(0)
    );
    assert!(latest(&out) != before);
}
