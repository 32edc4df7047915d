//! One bad file never ends a run: every file is one row of `dumps`, and what gave no report is a row of `rejects`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use gongkai_crawl::{FileRef, Found};
use gongkai_pipeline::DumpReader;
use gongkai_test_support::{files, read, texts};
use polars::prelude::DataFrame;
use support::{EXTRACTOR, REPORT, input, run};
use tempfile::TempDir;

/// The longest text of a page, as `gongkai-page` has it.
const MAX_TEXT: usize = 16 << 20;
/// What one dump may leave in a message, generously: what matters is that a page cannot be quoted whole.
const MAX_MESSAGE: usize = 2000;

/// A folder to fill, and what its files must become: `origin reason intentional`, or `origin extracted`.
struct Folder {
    root: PathBuf,
    expected: Vec<String>,
}

impl Folder {
    fn file(&mut self, name: &str, bytes: impl AsRef<[u8]>, outcome: &str) {
        fs::write(self.root.join(name), bytes).unwrap();
        self.expect(name, outcome);
    }

    fn expect(&mut self, name: &str, outcome: &str) {
        self.expected.push(format!("in/{name} {outcome}"));
    }
}

fn fill_with_broken_bytes(folder: &mut Folder) {
    let mut state = 1u64;
    let junk: Vec<u8> = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    })
    .take(200_000)
    .collect();
    folder.file("junk.html", junk, "binary failed");
    folder.file("empty.txt", "", "empty failed");
    folder.file("blank.txt", " \n\t\r\n ", "no_text failed");
    folder.file("nuls.html", [0; 5000], "binary failed");
    let surrogates = std::iter::once(0xfeff).chain(std::iter::repeat_n(0xd800u16, 1000));
    let mut utf16: Vec<u8> = surrogates.flat_map(u16::to_le_bytes).collect();
    utf16.push(b'a');
    folder.file("utf16.txt", utf16, "undecodable_bytes failed");
    // A page on something else with one bad byte was read well enough to be left out on purpose.
    folder.file(
        "menu.html",
        b"<p>\xff\xe7\xbd\x91\xe7\xab\x99\xe5\x9c\xb0\xe5\x9b\xbe</p>",
        "not_a_report intentional",
    );
    folder.file(
        "half.txt",
        REPORT.replace("2012年", "2012年上半年"),
        "half_year intentional",
    );
    folder.file("annex.pdf", "%PDF-1.4", "unsupported_type intentional");
    folder.file("report", REPORT, "unsupported_type intentional");
}

/// What was written in another way than it was read is failed; what was read and is something else is not.
fn fill_with_unread_pages(folder: &mut Folder) {
    let latin: String = REPORT.bytes().map(char::from).collect();
    folder.file("latin.html", latin, "mojibake failed");
    let swapped = REPORT.encode_utf16().map(u16::swap_bytes);
    folder.file(
        "swapped.txt",
        String::from_utf16_lossy(&swapped.collect::<Vec<_>>()),
        "mojibake failed",
    );
    let asked: String = REPORT
        .chars()
        .map(|letter| if letter.is_ascii() { letter } else { '?' })
        .collect();
    folder.file("asked.txt", asked, "undecodable_bytes failed");
    let lost: String = REPORT
        .chars()
        .map(|letter| if letter.is_ascii() { letter } else { '\u{FFFD}' })
        .collect();
    folder.file("lost.html", lost, "undecodable_bytes failed");
    folder.file(
        "pdf.html",
        "\u{FEFF}%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>",
        "binary failed",
    );
    folder.file("word.html", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 Word", "binary failed");
    folder.file(
        "rich.html",
        "{\\rtf1\\ansi\\ansicpg936 \\'b9\\'ab\\'bf\\'aa}",
        "binary failed",
    );
    folder.file(
        "mail.html",
        "MIME-Version: 1.0\nContent-Type: multipart/related; type=\"text/html\"\n",
        "binary failed",
    );
    let english = "Guide to open government information: what is published, where, and how to ask for the rest.";
    folder.file("english.html", english, "not_a_report intentional");
    let uyghur = "ھۆكۈمەت ئۇچۇرلىرىنى ئاشكارىلاش قوللانمىسى";
    folder.file("uyghur.html", uyghur, "not_a_report intentional");
    let russian = "Справочник по открытости информации, что публикуется и где.";
    folder.file("russian.txt", russian, "not_a_report intentional");
    let names = "名单:王堃、李昇、张祎、陶喆、朱镕基、赵孟頫、欧阳翀、司马燚。以上同志负责信息公开工作。";
    folder.file("names.txt", names, "not_a_report intentional");
    let mut foreign = REPORT.replace('\n', "\n<br>\n").into_bytes();
    // 公开 in GB 2312.
    foreign.extend(b"\n\xB9\xAB\xBF\xAA\n".repeat(10));
    folder.file("foreign_lines.html", foreign, "extracted");
    let utf16: Vec<u8> = REPORT.encode_utf16().flat_map(u16::to_be_bytes).collect();
    folder.file("utf16_without_mark.txt", utf16, "extracted");
}

fn fill_with_hostile_pages(folder: &mut Folder) {
    let body = REPORT.replace('\n', "<p>");
    let nested = format!("{}{body}{}", "<div>".repeat(5000), "</div>".repeat(5000));
    folder.file("nested.html", nested, "extracted");
    let span = "<table><tr><td colspan=100000 rowspan=100000>项</td><td>1</td></tr></table>";
    folder.file("span.html", format!("<h1>{body}</h1>{span}"), "extracted");
    let bytes = OsStr::from_bytes(b"\xB9\xAB.html");
    fs::write(folder.root.join(bytes), &body).unwrap();
    folder.expect("%B9%AB.html", "extracted");
    let too_large = File::create(folder.root.join("too_large.txt")).unwrap();
    too_large.set_len(70 << 20).unwrap();
    folder.expect("too_large.txt", "too_large failed");
}

fn fill_with_odd_files(folder: &mut Folder, outside: &Path) {
    let root = folder.root.clone();
    fs::create_dir(root.join("sub")).unwrap();
    symlink("..", root.join("sub/loop")).unwrap();
    folder.expect("sub/loop", "symlink_loop failed");
    symlink("nowhere.html", root.join("dangling.html")).unwrap();
    folder.expect("dangling.html", "dangling_link failed");
    symlink(outside, root.join("outside.html")).unwrap();
    folder.expect("outside.html", "outside_root failed");
    match Command::new("mkfifo").arg(root.join("pipe.html")).status() {
        Ok(status) if status.success() => folder.expect("pipe.html", "not_a_file failed"),
        _ => println!("mkfifo does not work here: the pipe is left out"),
    }
    let locked = root.join("locked.html");
    fs::write(&locked, REPORT).unwrap();
    fs::set_permissions(&locked, Permissions::from_mode(0o000)).unwrap();
    if File::open(&locked).is_ok() {
        println!("nothing is locked for root: the file without permission is left out");
        fs::remove_file(&locked).unwrap();
    } else {
        folder.expect("locked.html", "unreadable failed");
    }
}

/// A page that takes too long is a failed reject; how long is the reader's to say.
#[test]
fn a_page_out_of_time_is_told() {
    for (name, page) in [
        ("report.txt", REPORT.to_owned()),
        ("report.html", REPORT.replace('\n', "<p>")),
    ] {
        for (time, expected) in [
            (std::time::Duration::ZERO, Some("out_of_time")),
            (std::time::Duration::MAX, None),
        ] {
            let reader = DumpReader::new(&EXTRACTOR, 1 << 20, time);
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(name);
            std::fs::write(&path, &page).unwrap();
            let found = gongkai_crawl::walk(folder.path(), "in").next().unwrap();
            let rows = reader.rows(&found);
            let rejects: Vec<_> = rows
                .rejects
                .iter()
                .map(|reject| (reject.reason.as_str(), reject.intentional))
                .collect();
            assert_eq!(
                rejects,
                expected.map(|reason| (reason, false)).into_iter().collect::<Vec<_>>(),
                "{name}"
            );
            assert_eq!(rows.reports.is_empty(), expected.is_some(), "{name}");
        }
    }
}

#[test]
fn every_file_has_one_row_and_every_reject_a_reason() {
    let temp = TempDir::new().unwrap();
    let root = temp.path().join("in");
    fs::create_dir(&root).unwrap();
    let secret = temp.path().join("secret.html");
    fs::write(&secret, REPORT).unwrap();
    let mut folder = Folder {
        root,
        expected: Vec::new(),
    };
    fill_with_broken_bytes(&mut folder);
    fill_with_unread_pages(&mut folder);
    fill_with_hostile_pages(&mut folder);
    fill_with_odd_files(&mut folder, &secret);
    folder.expected.sort();

    let summary = run(vec![input("in", &folder.root)], &temp.path().join("out"), 2);
    let snapshot = summary.published.unwrap().path;
    let rejects = read(&snapshot.join("rejects.parquet"));
    let dumps = read(&snapshot.join("dumps.parquet"));

    let origins = |line: &String| line.split(' ').next().unwrap().to_owned();
    let expected: Vec<String> = folder.expected.iter().map(origins).collect();
    assert_eq!(texts(&dumps, "origin"), expected, "one row a file in dumps");
    let mut found = reject_lines(&rejects);
    let outcomes = texts(&dumps, "outcome").into_iter().zip(texts(&dumps, "origin"));
    found.extend(
        outcomes
            .filter(|(outcome, _)| outcome == "extracted")
            .map(|(outcome, origin)| format!("{origin} {outcome}")),
    );
    found.sort();
    assert_eq!(found, folder.expected);
    assert!(texts(&rejects, "message").iter().all(|message| !message.is_empty()));

    let count = |end: &str| folder.expected.iter().filter(|line| line.ends_with(end)).count() as u64;
    let counts = summary.counts;
    assert_eq!(
        (counts.failed, counts.left_out, counts.reports, counts.files),
        (
            count(" failed"),
            count(" intentional"),
            count(" extracted"),
            folder.expected.len() as u64
        )
    );
}

/// `origin reason failed` or `origin reason intentional`.
fn reject_lines(rejects: &DataFrame) -> Vec<String> {
    let intentional = rejects.column("intentional").unwrap().bool().unwrap().clone();
    let reasons = texts(rejects, "reason");
    let lines = texts(rejects, "origin").into_iter().zip(reasons).enumerate();
    lines
        .map(|(row, (origin, reason))| {
            let kind = if intentional.get(row).unwrap() {
                "intentional"
            } else {
                "failed"
            };
            format!("{origin} {reason} {kind}")
        })
        .collect()
}

/// Pages of 20 MB without an end of line: read to a limit, in bounded time and with rows of bounded size.
#[test]
fn endless_lines_are_bounded() {
    let temp = TempDir::new().unwrap();
    let root = temp.path().join("in");
    fs::create_dir(&root).unwrap();
    let line = |part: &str| {
        let title = "杭州市余杭区人民政府2012年政府信息公开工作年度报告";
        format!("{title}{}", part.repeat((20 << 20) / part.len()))
    };
    fs::write(root.join("counts.txt"), line("主动公开政府信息12条，收到申请3件，")).unwrap();
    fs::write(root.join("counts.html"), line("主动公开政府信息12条，收到申请3件，")).unwrap();
    fs::write(root.join("letters.txt"), "a".repeat(20 << 20)).unwrap();
    fs::write(root.join("digits.txt"), line("1")).unwrap();
    fs::write(root.join("pieces.txt"), line("·1")).unwrap();
    fs::write(root.join("said.txt"), line("1万")).unwrap();
    fs::write(root.join("brackets.txt"), line("（")).unwrap();
    fs::write(root.join("tags.html"), line("<b>")).unwrap();

    let summary = run(vec![input("in", &root)], &temp.path().join("out"), 2);
    assert_eq!(summary.counts.files, 8);
    assert_eq!(summary.counts.rejects.get("panic"), None, "a stage panicked");
    let snapshot = summary.published.unwrap().path;
    let rejects = read(&snapshot.join("rejects.parquet"));
    for (origin, message) in texts(&rejects, "origin").into_iter().zip(texts(&rejects, "message")) {
        assert!(
            message.len() <= MAX_MESSAGE,
            "{origin}: a message of {} bytes",
            message.len()
        );
    }
    for pages in files(&snapshot.join("pages")) {
        assert!(texts(&read(&pages), "text").iter().all(|text| text.len() <= MAX_TEXT));
    }
    let problems = read(&snapshot.join("problems.parquet"));
    assert!(
        texts(&problems, "message")
            .iter()
            .all(|message| message.len() <= MAX_MESSAGE)
    );
}

#[test]
fn a_file_that_vanishes_between_walk_and_read_is_one_failed_row() {
    let temp = TempDir::new().unwrap();
    let path = temp.path().join("gone.html");
    let reader = DumpReader::new(&EXTRACTOR, 1 << 20, std::time::Duration::MAX);
    let rows = reader.rows(&Found::File(FileRef {
        origin: "in/gone.html".to_owned(),
        path: path.clone(),
        bytes: 17,
        modified: 0,
        changed: 0,
    }));
    assert!(rows.reports.is_empty() && rows.page.is_none());
    assert_eq!(rows.dump.origin, "in/gone.html");
    assert_eq!((rows.dump.outcome.as_str(), rows.dump.bytes), ("failed", 17));
    let [reject] = rows.rejects.as_slice() else {
        panic!("one reject was expected: {:?}", rows.rejects);
    };
    assert_eq!(
        (
            reject.origin.as_str(),
            reject.stage.as_str(),
            reject.reason.as_str(),
            reject.intentional
        ),
        ("in/gone.html", "read", "vanished", false)
    );
    assert!(!reject.message.contains(path.to_str().unwrap()), "{}", reject.message);
}
