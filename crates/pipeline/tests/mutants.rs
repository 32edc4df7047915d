//! Damaged dumps: whatever becomes of a report's bytes, the snapshot proves itself, and any number of threads gives the
//! same. `MUTANTS=20000` tries more of them; `MUTANTS_KEEP=DIR` keeps those that `verify` speaks of.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;

use gongkai_dataset::verify;
use gongkai_test_support::{files, lists, read, texts};
use support::{EXTRACTOR, input, run, samples};
use tempfile::TempDir;

/// How many are made by default.
const MUTANTS: usize = 300;
/// How many are read at once.
const BATCH: usize = 2000;
/// The most that is done to one.
const MOST: usize = 5;
/// The longest piece that is taken out, doubled or moved, in bytes.
const PIECE: usize = 400;

/// What is put into dumps, in the encoding of most of them.
const INSERTED: &[&str] = &[
    "0",
    "1",
    "7",
    "12",
    "345",
    "1234567",
    "999999999999999",
    "2031",
    "2016",
    "二",
    "十",
    "百",
    "千",
    "万",
    "亿",
    "零",
    " ",
    "  ",
    "\u{a0}",
    "\u{3000}",
    "\n",
    "\t",
    "\u{ad}",
    "\u{200b}",
    "\u{feff}",
    ".",
    ",",
    "，",
    "。",
    "、",
    "-",
    "--",
    "—",
    "~",
    "～",
    "至",
    "/",
    "%",
    "*",
    "+",
    "(",
    ")",
    "（",
    "）",
    "|",
    "条",
    "件",
    "元",
    "万元",
    "千元",
    "人次",
    "余",
    "约",
    "近",
    "无",
    "未",
    "零",
    "不适用",
    "其中",
    "共",
    "分别为",
    "占",
    "年",
    "2019年",
    "第",
    "<br>",
    "<td>",
    "</td>",
    "<tr>",
    "</table>",
    "<table>",
    "<p>",
    "<div style='display:none'>",
    "&nbsp;",
    "&#12;",
    "&ensp;",
    "&lt;",
    "&shy;",
    "<!--",
    "-->",
    "行政复议",
    "增加",
    "减少",
];

/// Numbers from a seed, the same everywhere.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        dice.below(1);
        dice
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit.max(1)
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// A piece of some bytes.
    fn piece(&mut self, bytes: &[u8]) -> std::ops::Range<usize> {
        let start = self.below(bytes.len());
        let longest = if self.below(4) == 0 { PIECE } else { 12 };
        start..(start + 1 + self.below(longest)).min(bytes.len())
    }

    /// A place among digits, where there is one.
    fn digit(&mut self, bytes: &[u8]) -> usize {
        let from = self.below(bytes.len());
        let digit = bytes[from..].iter().position(u8::is_ascii_digit);
        digit.map_or(from, |digit| from + digit)
    }
}

/// A dump with one to [`MOST`] damages; `others` lend pieces of their own.
fn mutant(dump: &[u8], others: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = dump.to_owned();
    for _ in 0..=dice.below(MOST) {
        if bytes.is_empty() {
            break;
        }
        let piece = dice.piece(&bytes);
        match dice.below(12) {
            0 => bytes[piece.start] ^= 1 << dice.below(8),
            1 => drop(bytes.drain(piece)),
            2 => {
                let twice = bytes[piece.clone()].to_vec();
                bytes.splice(piece.end..piece.end, twice);
            }
            3 => {
                let moved: Vec<u8> = bytes.drain(piece).collect();
                let to = dice.below(bytes.len() + 1);
                bytes.splice(to..to, moved);
            }
            4 => {
                let other = dice.of(others);
                let lent = dice.piece(other);
                bytes.splice(piece, other[lent].iter().copied());
            }
            5 => {
                let digit = dice.digit(&bytes);
                bytes[digit] = b'0' + dice.below(10) as u8;
            }
            6..9 => {
                let digit = dice.digit(&bytes) + dice.below(2);
                let text = dice.of(INSERTED);
                bytes.splice(digit..digit, text.bytes());
            }
            9 => {
                let digit = dice.digit(&bytes);
                let text = dice.of(INSERTED);
                bytes.splice(digit..=digit, text.bytes());
            }
            10 => bytes.truncate(piece.end.max(bytes.len() / 2)),
            _ => {
                let text = dice.of(INSERTED);
                bytes.splice(piece.start..piece.start, text.bytes());
            }
        }
    }
    bytes
}

/// The samples, by their names.
fn dumps() -> Vec<(String, Vec<u8>)> {
    let named = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read(path).unwrap())
    };
    files(&samples()).iter().map(named).collect()
}

/// Reads mutants with one thread and with two; gives what `verify` finds, by the dump it speaks of.
fn findings(folder: &Path) -> BTreeMap<String, Vec<String>> {
    let outputs = [1, 2].map(|jobs| {
        let output = folder.with_extension(jobs.to_string());
        let summary = run(vec![input("mutants", folder)], &output, jobs);
        assert_eq!(
            summary.counts.rejects.get("panic"),
            None,
            "a stage panicked: {}",
            folder.display()
        );
        summary.published.unwrap()
    });
    let [one, two] = outputs;
    assert_eq!(
        one.id,
        two.id,
        "one thread and two give other snapshots: {}",
        folder.display()
    );
    let reports = read(&one.path.join("reports.parquet"));
    let origins = texts(&reports, "report_id").into_iter().zip(lists(&reports, "origins"));
    let origins: BTreeMap<String, Vec<String>> = origins.collect();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    verify(&one.path, EXTRACTOR.lexicon(), 1000, &mut |finding| {
        let report = finding.place.rsplit(' ').next().unwrap_or_default();
        let origin = origins.get(report).and_then(|origins| origins.first());
        let message = format!("{:?} {}: {}", finding.kind, finding.file, finding.message);
        found
            .entry(origin.cloned().unwrap_or_default())
            .or_default()
            .push(message);
    })
    .unwrap();
    found
}

#[test]
fn damaged_dumps_give_snapshots_that_prove_themselves() {
    let wanted = std::env::var("MUTANTS").ok();
    let wanted: usize = wanted.map_or(MUTANTS, |wanted| wanted.parse().expect("MUTANTS is a number"));
    let seed = std::env::var("MUTANTS_SEED").ok();
    let seed: u64 = seed.map_or(1, |seed| seed.parse().expect("MUTANTS_SEED is a number"));
    let kept = std::env::var_os("MUTANTS_KEEP");
    let dumps = dumps();
    let others: Vec<Vec<u8>> = dumps.iter().map(|(_, bytes)| bytes.clone()).collect();
    let mut wrong = Vec::new();
    for first in (0..wanted).step_by(BATCH) {
        let root = TempDir::new().unwrap();
        let folder = root.path().join("mutants");
        std::fs::create_dir(&folder).unwrap();
        for number in first..(first + BATCH).min(wanted) {
            let mut dice = Dice::new(seed << 32 | number as u64);
            let (name, bytes) = &dumps[number % dumps.len()];
            let path = folder.join(format!("{number:06}_{name}"));
            std::fs::write(path, mutant(bytes, &others, &mut dice)).unwrap();
        }
        for (origin, messages) in findings(&folder) {
            if let (Some(kept), Some(name)) = (&kept, origin.strip_prefix("mutants/")) {
                std::fs::copy(folder.join(name), Path::new(kept).join(name)).unwrap();
            }
            wrong.push(format!("{origin}\n  {}", messages.join("\n  ")));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {wanted} mutants:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
