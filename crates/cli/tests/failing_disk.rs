//! A disk that fails withdraws nothing: what could be read once and cannot be read now keeps its rows and is told, and where
//! it is much, nothing is published.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::path::{Path, PathBuf};

use gongkai_test_support::{contents, copy_tree, files, read, repository, texts};
use support::{Answer, Place, library};

/// The samples, read once.
fn read_once() -> Place {
    let place = Place::new();
    copy_tree(&repository("data/samples/dumps"), &place.path("dumps"));
    let first = place.call("run --input dumps --output out");
    assert_eq!(first.code, Some(0), "{}", first.err);
    place
}

/// How many rows each table has, and the values; but for what a run says of dumps and rejects.
fn facts(place: &Place) -> Vec<(PathBuf, Vec<u8>)> {
    let told = ["dumps.parquet", "rejects.parquet", "datapackage.json"];
    let facts = contents(&place.path("out/latest")).into_iter();
    facts
        .filter(|(name, _)| !told.iter().any(|told| name.ends_with(told)))
        .collect()
}

/// The dumps that are marked, with the reason.
fn marked(place: &Place) -> Vec<String> {
    let dumps = read(&place.path("out/latest/dumps.parquet"));
    let [origins, stale] = ["origin", "stale"].map(|column| texts(&dumps, column));
    let marked = origins.iter().zip(&stale).filter(|(_, stale)| !stale.is_empty());
    marked.map(|(origin, stale)| format!("{origin} {stale}")).collect()
}

fn run(place: &Place, faults: &[(&str, &Path)]) -> Answer {
    let mut command = place.command("run --input dumps --output out");
    command.env("LD_PRELOAD", library::FAULTS.as_path());
    command.envs(faults.iter().map(|(name, path)| (name, path.as_os_str())));
    Answer::of(&command.output().unwrap())
}

/// The run says that rows stay, and they do; when the disk is well again nothing is left of it.
fn check_kept(place: &Place, answer: &Answer, expected: &[String]) {
    assert_eq!(answer.code, Some(3), "{}{}", answer.out, answer.err);
    let told = format!("{} unreadable and as in an earlier night", expected.len());
    assert!(answer.out.contains(&told), "{}", answer.out);
    assert!(answer.err.contains("cannot be read"), "{}", answer.err);
    assert_eq!(marked(place), expected);
    let verified = place.call("verify out");
    assert_eq!(verified.code, Some(0), "{}", verified.out);
}

#[test]
fn what_cannot_be_opened_keeps_its_rows() {
    let place = read_once();
    let dumps = std::fs::canonicalize(place.path("dumps")).unwrap();
    let before = facts(&place);
    let sample = files(&dumps).remove(7);
    let name = |path: &Path| format!("dumps/{}", path.strip_prefix(&dumps).unwrap().display());
    // A file whose times tell that it is the same is not opened: somebody touched it.
    let touch = |path: &Path| std::fs::write(path, std::fs::read(path).unwrap()).unwrap();
    touch(&sample);
    let answer = run(&place, &[("FAULT_EIO", &sample)]);
    check_kept(&place, &answer, &[format!("{} unreadable", name(&sample))]);
    assert!(facts(&place) == before, "the rows are those of before");
    let folder = dumps.join("fujian");
    let hidden: Vec<String> = files(&folder)
        .iter()
        .map(|file| format!("{} unreadable", name(file)))
        .collect();
    for (fault, path) in [("FAULT_EIO", &folder), ("FAULT_NAMES", &folder)] {
        let answer = run(&place, &[(fault, path)]);
        // Names that were given before the reading broke off are met.
        let expected: Vec<String> = marked(&place);
        check_kept(&place, &answer, &expected);
        assert!(
            !expected.is_empty() && expected.iter().all(|one| hidden.contains(one)),
            "{expected:?}"
        );
        assert!(facts(&place) == before, "the rows are those of before");
    }
    let well = place.call("run --input dumps --output out");
    assert_eq!((well.code, marked(&place)), (Some(0), Vec::new()), "{}", well.out);
}

#[test]
fn what_is_emptied_keeps_its_rows_and_much_of_it_stops_the_run() {
    let place = read_once();
    let before = facts(&place);
    let dumps = files(&place.path("dumps"));
    let empty = |count: usize| dumps[..count].iter().for_each(|dump| std::fs::write(dump, "").unwrap());
    empty(4);
    let answer = place.call("run --input dumps --output out");
    let expected: Vec<String> = marked(&place);
    assert_eq!(expected.len(), 4, "{expected:?}");
    check_kept(&place, &answer, &expected);
    assert!(facts(&place) == before, "the rows are those of before");
    let latest = contents(&place.path("out/latest"));
    empty(dumps.len() * 15 / 100);
    let answer = place.call("run --input dumps --output out");
    assert_eq!(answer.code, Some(1), "{}", answer.out);
    assert!(answer.err.contains("cannot be read"), "{}", answer.err);
    assert!(
        contents(&place.path("out/latest")) == latest,
        "the last snapshot stands"
    );
    // A link in a circle in the place of a folder.
    let folder = place.path("dumps/fujian");
    std::fs::remove_dir_all(&folder).unwrap();
    std::os::unix::fs::symlink("fujian", &folder).unwrap();
    let answer = place.call("run --input dumps --output out --allow-withdrawals");
    assert_eq!(answer.code, Some(3), "{}{}", answer.out, answer.err);
    assert!(
        marked(&place)
            .iter()
            .any(|one| one.starts_with("dumps/fujian/") && one.ends_with("symlink_loop"))
    );
    let dry = place.call("run --input dumps --output out --allow-withdrawals --dry-run");
    assert_eq!(dry.code, Some(3), "{}{}", dry.out, dry.err);
}

/// A run that reads everything anew cannot keep rows, and says so.
#[test]
fn what_cannot_be_read_anew_is_withdrawn_and_told() {
    let place = read_once();
    let dump = files(&place.path("dumps")).remove(0);
    std::fs::write(&dump, "").unwrap();
    let answer = place.call("run --input dumps --output out --full");
    assert_eq!(answer.code, Some(3), "{}{}", answer.out, answer.err);
    assert!(
        answer.out.contains("1 withdrawn (1 of them since they cannot be read)"),
        "{}",
        answer.out
    );
    assert!(answer.err.contains("1 are withdrawn"), "{}", answer.err);
}

/// Where the state is lost the same night the last snapshot tells which dumps could be read, but not their rows.
#[test]
fn what_cannot_be_read_when_the_state_is_lost_is_withdrawn_and_told() {
    let place = Place::new();
    copy_tree(&repository("data/samples/dumps"), &place.path("dumps"));
    let dumps = files(&place.path("dumps"));
    // One that could never be read is no loss.
    let empty = |dump: &Path| std::fs::write(dump, "").unwrap();
    empty(&dumps[0]);
    assert_eq!(place.call("run --input dumps --output out").code, Some(0));
    dumps[1..4].iter().for_each(|dump| empty(dump));
    let lose_state = || std::fs::remove_dir_all(place.path("out/state")).unwrap();
    lose_state();
    let told = "3 withdrawn (3 of them since they cannot be read)";
    for arguments in ["--dry-run", "--allow-withdrawals"] {
        let answer = place.call(&format!("run --input dumps --output out {arguments}"));
        assert_eq!(answer.code, Some(3), "{}{}", answer.out, answer.err);
        assert!(answer.out.contains(told), "{}", answer.out);
        assert!(answer.err.contains("3 are withdrawn"), "{}", answer.err);
    }
    lose_state();
    let again = place.call("run --input dumps --output out");
    assert_eq!(again.code, Some(0), "{}{}", again.out, again.err);
}
