//! A run that is killed, at any moment and wherever a stage begins, leaves the snapshot before or the next one, whole;
//! the run after it goes on where it was and leaves nothing over.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use gongkai_test_support::{contents, files, repository};
use support::Place;

type Contents = BTreeMap<PathBuf, Vec<u8>>;

/// How often a run is killed at some moment.
const KILLS: u32 = 100;
/// After so many kills a run may come to its end.
const REST: u32 = 9;
/// The stages whose beginnings are told.
const STAGES: [&str; 8] = ["check", "read", "sort", "decide", "write", "compare", "publish", "keep"];
/// Dumps that change between the two states of the input.
const CHANGED: usize = 6;

const RUN: &str = "run --input dumps --output out --jobs 2 --log-format json --allow-withdrawals";

/// The samples in two states, and the snapshots that full runs make of them.
struct World {
    place: Place,
    changing: Vec<PathBuf>,
    originals: Vec<Vec<u8>>,
    snapshots: [Contents; 2],
}

impl World {
    fn new() -> Self {
        let place = Place::new();
        let samples = repository("data/samples/dumps");
        let mut changing = Vec::new();
        for (number, sample) in files(&samples).iter().enumerate() {
            let copy = place.path("dumps").join(sample.strip_prefix(&samples).unwrap());
            std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
            std::fs::copy(sample, &copy).unwrap();
            if number % 7 == 3 && changing.len() < CHANGED {
                changing.push(copy);
            }
        }
        let originals = changing.iter().map(|path| std::fs::read(path).unwrap()).collect();
        let mut world = Self {
            place,
            changing,
            originals,
            snapshots: Default::default(),
        };
        for state in [1, 0] {
            world.become_state(state);
            let full = world
                .place
                .call(&format!("run --input dumps --output full{state} --jobs 2"));
            assert_eq!(full.code, Some(0), "{}", full.err);
            world.snapshots[state] = contents(&world.place.path(&format!("full{state}/latest")));
        }
        assert_ne!(world.snapshots[0], world.snapshots[1]);
        world
    }

    /// In the second state some dumps are edited, gone, or elsewhere.
    fn become_state(&self, state: usize) {
        for (number, (path, original)) in self.changing.iter().zip(&self.originals).enumerate() {
            let elsewhere = path.with_extension("moved.html");
            match (state, number % 3) {
                (0, _) => {
                    std::fs::write(path, original).unwrap();
                    drop(std::fs::remove_file(elsewhere));
                }
                (_, 0) => std::fs::write(path, [original.as_slice(), b"\n<p>2</p>"].concat()).unwrap(),
                (_, 1) => drop(std::fs::remove_file(path)),
                _ => drop(std::fs::rename(path, elsewhere)),
            }
        }
    }

    fn out(&self) -> PathBuf {
        self.place.path("out")
    }

    fn spawn(&self, stderr: Stdio) -> Child {
        let mut command = self.place.command(RUN);
        command.stdout(Stdio::null()).stderr(stderr).spawn().unwrap()
    }

    /// Whatever stands in the output is one of the two snapshots, and whole.
    fn check_whole(&self, when: &str) {
        for entry in std::fs::read_dir(self.out().join("snapshots")).into_iter().flatten() {
            let found = contents(&entry.unwrap().path());
            assert!(
                self.snapshots.contains(&found),
                "{when}: half a snapshot stands in snapshots/"
            );
        }
        let latest = self.out().join("latest");
        if latest.is_symlink() {
            assert!(
                self.snapshots.contains(&contents(&latest)),
                "{when}: latest is not whole"
            );
        }
    }

    /// A run that comes to its end gives what a full run gives, and leaves nothing over.
    fn check_next(&self, when: &str, state: usize) {
        let answer = self.place.call(RUN);
        assert_eq!(answer.code, Some(0), "{when}: {}", answer.err);
        assert!(
            contents(&self.out().join("latest")) == self.snapshots[state],
            "{when}: not what a full run gives"
        );
        let names = |folder: &Path| -> Vec<String> {
            let entries = std::fs::read_dir(folder).unwrap().flatten();
            let mut names: Vec<String> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
            names.sort();
            names
        };
        let state = self.out().join("state");
        assert_eq!(names(&state), ["fresh", "lock", "store"], "{when}");
        assert!(names(&state.join("fresh")).is_empty(), "{when}");
        let manifest = std::fs::read_to_string(state.join("store/manifest.json")).unwrap();
        let is_left = |name: &String| name != "manifest.json" && !manifest.contains(name.as_str());
        let left: Vec<String> = names(&state.join("store")).into_iter().filter(is_left).collect();
        assert!(left.is_empty(), "{when}: left over in the store: {left:?}");
        assert!(names(&self.out().join("snapshots")).len() <= 2, "{when}");
    }
}

#[test]
fn killed_at_any_moment() {
    let world = World::new();
    let started = Instant::now();
    assert_eq!(world.place.call(RUN).code, Some(0));
    let whole = started.elapsed();
    // Numbers that are spread over the whole time of a run, without any order.
    let mut dice = 0x9e37_79b9_u32;
    let mut caught = 0;
    for kill in 0..KILLS {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let state = (kill % 2) as usize;
        world.become_state(1 - state);
        if kill % 4 == 0 {
            // Nothing is known any more: the run reads everything.
            drop(std::fs::remove_dir_all(world.out().join("state/store")));
        }
        let mut child = world.spawn(Stdio::null());
        std::thread::sleep(whole * (dice >> 16) / 0xffff);
        child.kill().unwrap();
        caught += u32::from(!child.wait().unwrap().success());
        let when = format!("kill {kill}");
        world.check_whole(&when);
        if kill % REST == 0 {
            world.check_next(&when, 1 - state);
        }
    }
    println!("{caught} of {KILLS} runs were caught at work");
    world.become_state(0);
    world.check_next("the end", 0);
}

#[test]
fn killed_where_a_stage_begins() {
    let world = World::new();
    world.check_next("first", 0);
    for (number, stage) in STAGES.iter().cycle().take(2 * STAGES.len()).enumerate() {
        // The stages beyond reading begin only when something changed.
        let state = (number + 1) % 2;
        world.become_state(state);
        let mut child = world.spawn(Stdio::piped());
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let line = format!("\"stage\":\"{stage}\"");
        let begun = lines.map_while(Result::ok).find(|found| found.contains(&line));
        child.kill().unwrap();
        assert!(begun.is_some(), "{stage} never begins");
        child.wait().unwrap();
        let when = format!("{stage}, round {}", number / STAGES.len());
        world.check_whole(&when);
        world.check_next(&when, state);
    }
}

#[test]
fn a_run_that_was_killed_is_resumed() {
    let world = World::new();
    let mut child = world.spawn(Stdio::piped());
    let mut lines = BufReader::new(child.stderr.take().unwrap())
        .lines()
        .map_while(Result::ok);
    assert!(
        lines.any(|line| line.contains("\"stage\":\"write\"")),
        "nothing was written"
    );
    child.kill().unwrap();
    // A run that is through before it could be killed shows nothing.
    let caught = !child.wait().unwrap().success();
    let answer = world.place.call("run --input dumps --output out");
    assert_eq!(answer.code, Some(0), "{}", answer.err);
    let dumps = answer
        .out
        .lines()
        .find(|line| line.starts_with("dumps"))
        .unwrap()
        .to_owned();
    assert!(!caught || dumps.starts_with("dumps      0 new"), "{dumps}");
    println!(
        "{}: {dumps}",
        if caught {
            "killed"
        } else {
            "through before it could be killed"
        }
    );
    world.check_next("resumed", 0);
}

#[test]
fn a_night_with_nothing_new_writes_nothing() {
    let world = World::new();
    world.check_next("first", 0);
    // Files that have just been written may change within the same tick of the clock.
    std::thread::sleep(Duration::from_millis(2100));
    world.check_next("second", 0);
    let stamps = |folder: &Path| -> Vec<(PathBuf, std::time::SystemTime)> {
        let modified = |path: PathBuf| {
            let modified = std::fs::metadata(&path).unwrap().modified().unwrap();
            (path, modified)
        };
        files(folder).into_iter().map(modified).collect()
    };
    let before = stamps(&world.out());
    let answer = world.place.call("run --input dumps --output out");
    assert!(answer.out.contains("dumps      0 new, 0 changed"), "{}", answer.out);
    assert_eq!(stamps(&world.out()), before);
}
