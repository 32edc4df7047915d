//! Nights: what the second run over the same dumps costs, when nothing or little is new. Everything is measured on the
//! binary itself, as a scheduler starts it.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use serde::Serialize;
use serde_json::Value;

use crate::corpus;

/// Dumps are linked into so many folders to make a large tree.
const FOLDERS: u64 = 20;
/// How often each night is measured; the best counts.
const ROUNDS: usize = 3;
/// One dump in so many is changed.
const CHANGED: usize = 100;
/// Files changed less than this before a run are looked into again: the bench waits as long.
const SETTLING: Duration = Duration::from_secs(3);

/// What nights cost.
#[derive(Debug, Clone, Serialize)]
pub struct Nights {
    /// Files of the tree in which nothing is new.
    pub files: u64,
    /// The first run over it.
    pub first_seconds: f64,
    /// `find DIR -type f -printf '%s %T@ %p\n'` on it.
    pub find_seconds: f64,
    /// A run when nothing is new.
    pub same_seconds: f64,
    /// Files of the output that this run wrote.
    pub same_written: u64,
    /// Dumps of the tree in which one in a hundred changes.
    pub dumps: u64,
    /// A run that reads all of them.
    pub full_seconds: f64,
    /// Of these, writing tables.
    pub full_write_seconds: f64,
    /// A run when one in a hundred is another.
    pub changed_seconds: f64,
    /// What each stage of it took.
    pub changed_stages: Value,
    /// The share of the files of partitions that it had to write.
    pub rewritten_share: f64,
}

impl Nights {
    /// The marks: `same` against find and a second; the changed night against a twentieth of the full run and what the
    /// partitions that it had to write cost there.
    fn marks(&self) -> [(&'static str, f64, f64); 2] {
        let partitions = self.rewritten_share * self.full_write_seconds;
        [
            ("nothing new", self.same_seconds, 1.5 * self.find_seconds + 1.0),
            (
                "one in a hundred changed",
                self.changed_seconds,
                0.05 * self.full_seconds + partitions,
            ),
        ]
    }
}

impl fmt::Display for Nights {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            to,
            "night      {} files: first run {:.1} s, find {:.2} s, nothing new {:.2} s and {} files written",
            self.files, self.first_seconds, self.find_seconds, self.same_seconds, self.same_written
        )?;
        write!(
            to,
            "night      {} dumps: full {:.1} s, 1 % changed {:.2} s, {:.0} % of the partitions' files written",
            self.dumps,
            self.full_seconds,
            self.changed_seconds,
            self.rewritten_share * 100.0
        )?;
        for (name, found, allowed) in self.marks() {
            let word = if found <= allowed { "reached" } else { "missed" };
            write!(to, "\nmark       {name}: {found:.2} s, {allowed:.2} s allowed: {word}")?;
        }
        Ok(())
    }
}

/// Measures nights on a tree of `files` links to forged dumps, and on `dumps` forged dumps.
///
/// # Errors
/// When dumps cannot be written or a run fails.
pub fn measure(files: u64, dumps: u64, seed: u64, folder: &Path, jobs: usize) -> anyhow::Result<Nights> {
    let home = folder.join("nights");
    fs::create_dir(&home)?;
    let (tree, out) = (home.join("tree"), home.join("out"));
    corpus::forge(files / FOLDERS, seed, &tree.join("0"))?;
    fs::rename(corpus::truth_of(&tree.join("0")), home.join("tree.truth"))?;
    for number in 1..FOLDERS {
        link(&tree.join("0"), &tree.join(number.to_string()))?;
    }
    std::thread::sleep(SETTLING);
    let first_seconds = run(&tree, &out, jobs)?.seconds;
    let (find_seconds, files) = best(|| find(&tree))?;
    let before = written(&out)?;
    let (same_seconds, ()) = best(|| Ok((run(&tree, &out, jobs)?.seconds, ())))?;
    let same_written = written(&out)?.iter().filter(|file| !before.contains(file)).count() as u64;
    fs::remove_dir_all(&home)?;

    fs::create_dir(&home)?;
    let tree = home.join("dumps");
    corpus::forge(dumps, seed + 1, &tree)?;
    let others = home.join("others");
    corpus::forge(dumps / CHANGED as u64, seed + 2, &others)?;
    std::thread::sleep(SETTLING);
    let full = run(&tree, &out, jobs)?;
    let others = dump_files(&others)?;
    let mut nights = Vec::new();
    for round in 0..ROUNDS {
        let mine = dump_files(&tree)?;
        for (to, from) in mine.iter().skip(round).step_by(CHANGED).zip(&others) {
            fs::copy(from, to)?;
        }
        nights.push(run(&tree, &out, jobs)?);
    }
    fs::remove_dir_all(&home)?;
    let night = nights
        .into_iter()
        .min_by(|left, right| left.seconds.total_cmp(&right.seconds));
    let night = night.context("no night was measured")?;
    Ok(Nights {
        files,
        first_seconds,
        find_seconds,
        same_seconds,
        same_written,
        dumps,
        full_seconds: full.seconds,
        full_write_seconds: full.stages.get("write").and_then(Value::as_f64).unwrap_or_default(),
        changed_seconds: night.seconds,
        changed_stages: night.stages,
        rewritten_share: night.rewritten_share,
    })
}

/// A run of the binary.
struct Run {
    seconds: f64,
    stages: Value,
    rewritten_share: f64,
}

fn run(input: &Path, output: &Path, jobs: usize) -> anyhow::Result<Run> {
    let binary = std::env::current_exe()?.with_file_name("gongkai");
    let mut command = Command::new(&binary);
    command.arg("run").arg("--input").arg(input).arg("--output").arg(output);
    command.args(["--allow-withdrawals", "--jobs", &jobs.to_string()]);
    let started = Instant::now();
    let answer = command.output().with_context(|| binary.display().to_string())?;
    let seconds = started.elapsed().as_secs_f64();
    let code = answer.status.code();
    ensure!(
        code == Some(0) || code == Some(3),
        "{}: {}",
        binary.display(),
        String::from_utf8_lossy(&answer.stderr)
    );
    let latest = output.join("latest");
    let report: Value = serde_json::from_slice(&fs::read(latest.join("run.json"))?)?;
    Ok(Run {
        seconds,
        stages: report.get("seconds").cloned().unwrap_or_default(),
        rewritten_share: rewritten_share(&latest)?,
    })
}

/// The share of the files of partitions that no other snapshot has.
#[allow(clippy::cast_precision_loss)]
fn rewritten_share(snapshot: &Path) -> anyhow::Result<f64> {
    use std::os::unix::fs::MetadataExt as _;
    let (mut all, mut own) = (0u64, 0u64);
    for table in ["observations", "mentions", "pages"] {
        for file in walkdir::WalkDir::new(snapshot.join(table)) {
            let metadata = file?.metadata()?;
            if metadata.is_file() {
                all += 1;
                own += u64::from(metadata.nlink() == 1);
            }
        }
    }
    Ok(own as f64 / all.max(1) as f64)
}

fn find(tree: &Path) -> anyhow::Result<(f64, u64)> {
    let started = Instant::now();
    let answer = Command::new("find")
        .arg(tree)
        .args(["-type", "f", "-printf", "%s %T@ %p\\n"])
        .stderr(Stdio::inherit())
        .output()?;
    let seconds = started.elapsed().as_secs_f64();
    let lines = answer.stdout.iter().filter(|byte| **byte == b'\n').count();
    Ok((seconds, lines as u64))
}

/// The shortest of some rounds.
fn best<T>(mut round: impl FnMut() -> anyhow::Result<(f64, T)>) -> anyhow::Result<(f64, T)> {
    let mut best = round()?;
    for _ in 1..ROUNDS {
        let next = round()?;
        if next.0 < best.0 {
            best = next;
        }
    }
    Ok(best)
}

fn link(from: &Path, to: &Path) -> anyhow::Result<()> {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry?;
        let to = to.join(entry.path().strip_prefix(from)?);
        if entry.file_type().is_dir() {
            fs::create_dir_all(&to)?;
        } else {
            fs::hard_link(entry.path(), &to)?;
        }
    }
    Ok(())
}

fn dump_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// Every file of an output, and when it was written.
fn written(output: &Path) -> anyhow::Result<Vec<(PathBuf, std::time::SystemTime)>> {
    let mut files = Vec::new();
    for path in dump_files(output)? {
        let modified = fs::metadata(&path)?.modified()?;
        files.push((path, modified));
    }
    Ok(files)
}
