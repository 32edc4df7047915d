//! A run that is killed, at any moment and wherever a stage begins, leaves the snapshot before or the next one, whole;
//! the run after it goes on where it was and leaves nothing over.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use gongkai_test_support::files;
use support::Place;
use support::world::{RUN, World};

/// How often a run is killed at some moment.
const KILLS: u32 = 100;
/// After so many kills a run may come to its end.
const REST: u32 = 9;
/// The stages whose beginnings are told.
const STAGES: [&str; 8] = ["check", "read", "sort", "decide", "write", "compare", "publish", "keep"];
#[test]
fn killed_at_any_moment() {
    let world = World::of_samples(usize::MAX);
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
    let world = World::of_samples(usize::MAX);
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
    let world = World::of_samples(usize::MAX);
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
    let world = World::of_samples(usize::MAX);
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

#[test]
fn content_that_comes_back_is_told_as_such() {
    let place = Place::with_dumps();
    let (dump, elsewhere) = (place.path("dumps/b/unit.htm"), place.path("unit.htm"));
    let mut told = Vec::new();
    for night in 0..4 {
        match night {
            1 => std::fs::rename(&dump, &elsewhere).unwrap(),
            2 => std::fs::rename(&elsewhere, &dump).unwrap(),
            _ => {}
        }
        let answer = place.call("run --input dumps --output out --allow-withdrawals");
        assert_eq!(answer.code, Some(0), "{}", answer.err);
        let line = answer
            .out
            .lines()
            .find(|line| line.starts_with("snapshot"))
            .unwrap()
            .to_owned();
        told.push(line.split_once(" (").map(|(_, note)| note.to_owned()));
    }
    let told: Vec<Option<&str>> = told.iter().map(Option::as_deref).collect();
    assert_eq!(
        told,
        [
            None,
            None,
            Some("the content of an earlier night)"),
            Some("the same as before)")
        ]
    );
}
