//! How commands end where the system refuses something: no space behind standard output, no longer files, no text in
//! arguments and paths. One line says it, and the exit code is the documented one.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::ffi::OsStrExt as _;
use std::process::{Command, Output};

use support::{PROSE, Place};

fn full() -> File {
    File::options().write(true).open("/dev/full").unwrap()
}

fn answer(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8(output.stderr.clone()).unwrap())
}

#[test]
fn a_summary_that_cannot_be_printed_leaves_the_exit_code_of_the_run() {
    let place = Place::with_dumps();
    let told = "warning: the summary could not be printed: No space left on device (os error 28)\n";
    let run = "run --input dumps --output out --jobs 1";
    let output = place.command(run).stdout(full()).output().unwrap();
    assert_eq!(answer(&output), (Some(0), told.to_owned()));
    assert!(place.path("out/latest/reports.parquet").is_file());
    place.write("dumps/empty.txt", "");
    let rejects = "warning: 25.0% of the dumps failed; max_reject_share is 0.2\n";
    let output = place.command(run).stdout(full()).output().unwrap();
    assert_eq!(answer(&output), (Some(3), format!("{told}{rejects}")));
    // Nobody is told that nobody listens.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = place.command(run).stdout(writer).output().unwrap();
    assert_eq!(answer(&output), (Some(3), rejects.to_owned()));
}

#[test]
fn an_answer_that_cannot_be_printed_is_a_failure() {
    let place = Place::with_dumps();
    assert_eq!(place.call("run --input dumps --output out --jobs 1").code, Some(0));
    for arguments in [
        "extract dumps/a/prose.txt",
        "extract --format csv dumps/a/prose.txt",
        "extract --format jsonl dumps/a/prose.txt",
        "explain dumps/a/prose.txt",
        "place 天河区",
        "place 天河区 --format json",
        "codebook",
        "verify out",
        "diff out out",
        "diff out out --format csv",
    ] {
        let output = place.command(arguments).stdout(full()).output().unwrap();
        let told = "error: standard output: No space left on device (os error 28)\n";
        assert_eq!(answer(&output), (Some(1), told.to_owned()), "{arguments}");
    }
}

#[test]
fn folders_are_not_read_one_by_one() {
    let place = Place::with_dumps();
    for (name, arguments) in [
        ("extract_folder", "extract dumps"),
        ("extract_folder_jsonl", "extract dumps --format jsonl"),
        ("explain_folder", "explain dumps"),
    ] {
        place.call(arguments).check(name);
    }
    let both = place.call("extract dumps dumps/a/prose.txt");
    assert!(
        both.code == Some(1) && both.out.contains("requests.received.total"),
        "{both:?}"
    );
}

#[test]
fn a_limit_on_the_size_of_files_is_told_like_a_full_disk() {
    let place = Place::with_dumps();
    // Longer than any limit that a shell sets in blocks of whatever size.
    place.write(
        "dumps/long.txt",
        PROSE.replace("1,234条", &format!("1,234条{}", "甲乙丙丁".repeat(5000))),
    );
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -f 4; exec \"$0\" \"$@\""]);
    shell.arg(env!("CARGO_BIN_EXE_gongkai"));
    shell.args(["run", "--input", "dumps", "--output", "out", "--jobs", "1"]);
    let output = shell.current_dir(place.path("")).output().unwrap();
    let (code, told) = answer(&output);
    assert_eq!(code, Some(1), "{told}");
    assert!(
        told.starts_with("error: out/") && told.ends_with(": File too large (os error 27)\n"),
        "{told}"
    );
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(!place.path("out/latest").exists());
}

#[test]
fn arguments_that_are_no_text_are_wrong_usage() {
    let place = Place::new();
    for arguments in [
        &[&b"place"[..], b"\xff"],
        &[b"--\xff", b"place"],
        &[b"extract", b"--format=\xff"],
        &[b"run", b"--log-format=\xff"],
    ] {
        let output = place
            .command("")
            .args(arguments.map(OsStr::from_bytes))
            .output()
            .unwrap();
        let (code, told) = answer(&output);
        assert_eq!(code, Some(2), "{told}");
        assert!(told.starts_with("error: ") && !told.contains("panicked"), "{told}");
    }
}

#[test]
fn paths_that_are_no_text_work() {
    let place = Place::with_dumps();
    let name = |bytes: &'static [u8]| OsStr::from_bytes(bytes);
    std::fs::rename(place.path("dumps"), place.path("").join(name(b"in\xff"))).unwrap();
    let call = |arguments: &[&OsStr]| {
        let output = place.command("").args(arguments).output().unwrap();
        assert_eq!(answer(&output), (Some(0), String::new()), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let text = |text: &'static str| OsStr::new(text);
    let (input, output) = (name(b"in\xff"), name(b"out\xff"));
    call(&[text("run"), text("--input"), input, text("--output"), output]);
    let origins = std::fs::read_to_string(place.path("").join(output).join("latest/run.json")).unwrap();
    assert!(
        origins.contains("\"name\": \"in%FF\"") || origins.contains("\"name\":\"in%FF\""),
        "{origins}"
    );
    call(&[text("verify"), output]);
    let (changes, page) = (name(b"c\xff.parquet"), name(b"p\xff.html"));
    call(&[text("diff"), output, output, text("--output"), changes]);
    let dump = name(b"in\xff/a/prose.txt");
    assert!(call(&[text("extract"), dump]).contains("requests.received.total"));
    call(&[text("extract"), text("--format"), text("jsonl"), dump]);
    call(&[text("explain"), dump, text("--output"), page]);
    for path in [changes, page] {
        assert!(place.path("").join(path).is_file(), "{path:?}");
    }
    let json = [
        text("run"),
        text("--input"),
        input,
        text("--output"),
        output,
        text("--log-format=json"),
    ];
    let log = place.command("").args(json).output().unwrap();
    let (code, log) = answer(&log);
    assert_eq!(code, Some(0), "{log}");
    let last: serde_json::Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    assert_eq!(last["event"], "published", "{log}");
}
