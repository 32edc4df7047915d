//! The driver finds what is wrong, keeps the input, tells the same from the same seed, and does not wait for what never
//! ends.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use gongkai_fuzz::Target;
use gongkai_fuzz::driver::{Limit, Plan, Tally, drive};
use gongkai_fuzz::trace::saw;

fn words() -> Vec<Vec<u8>> {
    vec![b"<td>".to_vec(), b"12".to_vec()]
}

const fn of(run: fn(&[u8])) -> Target {
    Target {
        name: "driver",
        about: "",
        run,
        seeds: || vec![b"a line\nand 7 others\n".to_vec(), vec![b'x'; 100]],
        words,
        max_bytes: 80,
    }
}

fn plan(seed: u64, runs: u64, folder: &Path) -> Plan {
    Plan {
        seed,
        limit: Limit::Runs(runs),
        hang: Duration::from_secs(600),
        all: false,
        folder: folder.to_owned(),
    }
}

fn run(target: &'static Target, plan: &Plan) -> Tally {
    drive(target, plan).unwrap()
}

#[test]
fn the_same_seed_makes_the_same_inputs() {
    static SEEN: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());
    static TARGET: Target = of(|bytes| {
        SEEN.lock().unwrap().push(bytes.to_vec());
        saw(bytes.len() / 10);
    });
    let folder = tempfile::tempdir().unwrap();
    let inputs = |seed| {
        SEEN.lock().unwrap().clear();
        let tally = run(&TARGET, &plan(seed, 300, folder.path()));
        assert_eq!((tally.runs, tally.failures.len()), (300, 0));
        SEEN.lock().unwrap().clone()
    };
    let (first, again, other) = (inputs(1), inputs(1), inputs(2));
    assert!(first == again, "one seed, other inputs");
    assert!(first != other, "other seeds, the same inputs");
    assert!(first.iter().all(|input| input.len() <= TARGET.max_bytes));
    let different: std::collections::HashSet<&Vec<u8>> = first.iter().collect();
    assert!(different.len() > 200, "only {} different inputs", different.len());
    assert_eq!(
        std::fs::read_dir(folder.path().join("driver")).unwrap().count(),
        0,
        "something was left behind"
    );
}

#[test]
fn what_fails_is_kept_and_ends_the_run() {
    static TARGET: Target = of(|bytes| {
        assert!(!bytes.windows(4).any(|word| word == b"<td>"), "a cell");
        assert!(bytes.len() != 17, "seventeen");
    });
    let folder = tempfile::tempdir().unwrap();
    let tally = run(&TARGET, &plan(1, 100_000, folder.path()));
    assert!(tally.runs < 100_000);
    let [failure] = &tally.failures[..] else {
        panic!("one failure was expected: {:?}", tally.failures);
    };
    let input = std::fs::read(&failure.path).unwrap();
    assert!(std::panic::catch_unwind(|| (TARGET.run)(&input)).is_err());
    assert!(failure.message.contains("tests/driver.rs:"), "{}", failure.message);

    let all = Plan {
        all: true,
        ..plan(1, 20_000, folder.path())
    };
    let tally = run(&TARGET, &all);
    let mut said: Vec<&str> = tally
        .failures
        .iter()
        .filter_map(|failure| failure.message.rsplit(": ").next())
        .collect();
    said.sort_unstable();
    assert_eq!((tally.runs, said), (20_000, vec!["a cell", "seventeen"]));
}

#[test]
fn what_never_ends_is_told_with_its_input() {
    static TARGET: Target = of(|bytes| {
        while bytes.contains(&b'7') {
            std::thread::park();
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let tally = run(
        &TARGET,
        &Plan {
            hang: Duration::from_millis(1),
            ..plan(1, 100_000, folder.path())
        },
    );
    let [failure] = &tally.failures[..] else {
        panic!("one failure was expected: {:?}", tally.failures);
    };
    assert!(
        failure.message.starts_with("it did not come to its end"),
        "{}",
        failure.message
    );
    assert_eq!(std::fs::read(&failure.path).unwrap(), b"a line\nand 7 others\n");
}

#[test]
fn what_ended_the_process_is_run_first_the_next_time() {
    static SEEN: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());
    static TARGET: Target = of(|bytes| SEEN.lock().unwrap().push(bytes.to_vec()));
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("driver")).unwrap();
    std::fs::write(folder.path().join("driver/current"), "the last one").unwrap();
    run(&TARGET, &plan(1, 3, folder.path()));
    assert_eq!(SEEN.lock().unwrap()[0], b"the last one");
}
