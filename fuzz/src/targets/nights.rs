//! What the target `state` begins with: dumps of two nights, and the outputs that the first left, and a second one that
//! died.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use gongkai_forge::forge::Forge;
use gongkai_forge::plan::Profile;
use gongkai_pipeline::{Config, Mode, Progress, RunError, Summary};
use gongkai_test_support::{copy_tree, files};

use crate::scratch;
use crate::world::EXTRACTOR;

/// Dumps of a night.
const DUMPS: u64 = 10;
/// How often a run may be through before it dies.
const ATTEMPTS: usize = 5;
/// Dumps that were changed more recently are not known by their times alone.
const SETTLING: Duration = Duration::from_millis(2100);

/// A night that follows the damage, and what it publishes without.
pub struct Night {
    /// What it is called in outcomes.
    pub name: &'static str,
    /// Its dumps.
    pub input: PathBuf,
    /// How it is run.
    pub mode: Mode,
    /// Whether a run died before it that had read everything.
    pub after_death: bool,
    /// The snapshot it publishes.
    pub id: String,
}

/// Dumps of two nights, and the outputs that the first and a dead second one left.
pub struct Nights {
    root: PathBuf,
    /// The files of `state/`, of the output as it was left and of the one where a run died.
    states: [BTreeMap<PathBuf, Vec<u8>>; 2],
    /// Every night.
    pub nights: Vec<Night>,
}

impl Nights {
    /// Runs the first night, and a second one that dies.
    pub fn new() -> Self {
        let root = scratch::folder("state");
        dumps(&root);
        std::thread::sleep(SETTLING);
        let id = |input: &str, out: &str| {
            let summary = run(&root.join(input), &root.join(out), Mode::default()).unwrap();
            summary.published.expect("a snapshot").id
        };
        let first = id("one", "base");
        let left = contents(&root.join("base/state"));
        copy(&root.join("base"), &root.join("other"), &first);
        let second = id("two", "other");
        assert_ne!(first, second, "the second night must be another one");
        let dead = left_by_a_dead_run(&root, &first);
        fs::remove_dir_all(root.join("other")).unwrap();
        fs::remove_dir_all(root.join("base/state")).unwrap();
        let night = |name, input: &str, mode, after_death| Night {
            name,
            input: root.join(input),
            mode,
            after_death,
            id: if input == "one" { first.clone() } else { second.clone() },
        };
        let full = Mode {
            full: true,
            ..Mode::default()
        };
        let nights = vec![
            night("changed", "two", Mode::default(), false),
            night("resumed", "two", Mode::default(), true),
            night("same", "one", Mode::default(), false),
            night("full", "two", full, true),
        ];
        Self {
            root,
            states: [left, dead],
            nights,
        }
    }

    /// The output as the first night left it, or as a run did that died in the second.
    pub fn output(&self, after_death: bool) -> PathBuf {
        let out = self.root.join("out");
        if out.exists() {
            fs::remove_dir_all(&out).unwrap();
        }
        // Snapshots are never written to: other names for the same files will do.
        let base = self.root.join("base");
        for from in files(&base.join("snapshots")) {
            let to = out.join(from.strip_prefix(&base).unwrap());
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::hard_link(&from, &to).unwrap();
        }
        let id = fs::read_link(base.join("latest")).unwrap();
        link(&out, id.file_name().unwrap().to_str().unwrap());
        for (name, bytes) in &self.states[usize::from(after_death)] {
            let to = out.join("state").join(name);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::write(to, bytes).unwrap();
        }
        out
    }
}

/// Copies an output whose latest snapshot is known.
fn copy(from: &Path, to: &Path, latest: &str) {
    for part in ["snapshots", "state"] {
        copy_tree(&from.join(part), &to.join(part));
    }
    link(to, latest);
}

/// Points `latest` at a snapshot.
fn link(out: &Path, id: &str) {
    let latest = out.join("latest");
    let _ = fs::remove_file(&latest);
    std::os::unix::fs::symlink(Path::new("snapshots").join(id), latest).unwrap();
}

/// Two folders of dumps: in the second one is gone, one is new and one is another.
fn dumps(root: &Path) {
    let forge = Forge::new(14, Profile::Mix).unwrap();
    for at in 0..=DUMPS {
        let name = format!("{at:02}.html");
        let document = |at: u64| forge.document(at).bytes;
        for (folder, bytes) in [
            ("one", (at < DUMPS).then(|| document(at))),
            ("two", (at > 0).then(|| document(if at == 1 { 20 } else { at }))),
        ] {
            fs::create_dir_all(root.join(folder)).unwrap();
            if let Some(bytes) = bytes {
                fs::write(root.join(folder).join(&name), bytes).unwrap();
            }
        }
    }
}

/// The state of an output in which a run had read everything when it died: a folder came in the place of its link.
fn left_by_a_dead_run(root: &Path, first: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let out = root.join("dead");
    let dies = || {
        drop(fs::remove_dir_all(&out));
        copy(&root.join("base"), &out, first);
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let blocker = || put_in_the_way(&out, &is_over);
            std::thread::Builder::new().spawn_scoped(scope, blocker).unwrap();
            let result = run(&root.join("two"), &out, Mode::default());
            is_over.store(true, Ordering::Relaxed);
            result.is_err()
        })
    };
    // A run may be through before somebody gets in its way.
    assert!((0..ATTEMPTS).any(|_| dies()), "no run died");
    let state = contents(&out.join("state"));
    let has_read = state.keys().any(|name| name.starts_with("fresh"));
    assert!(has_read, "the dead run left nothing: {:?}", state.keys());
    fs::remove_dir_all(&out).unwrap();
    state
}

/// Waits for a run to begin and makes a folder in the place of its link.
fn put_in_the_way(out: &Path, is_over: &AtomicBool) {
    let latest = out.join("latest");
    while !is_over.load(Ordering::Relaxed) {
        let mut state = fs::read_dir(out.join("state")).unwrap().flatten();
        if state.any(|entry| entry.file_name().to_string_lossy().starts_with("staging-")) {
            fs::remove_file(&latest).unwrap();
            return fs::create_dir(&latest).unwrap();
        }
        std::thread::yield_now();
    }
}

fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let named = |path: PathBuf| {
        let bytes = fs::read(&path).unwrap();
        (path.strip_prefix(folder).unwrap().to_owned(), bytes)
    };
    files(folder).into_iter().map(named).collect()
}

/// Runs the job.
pub fn run(input: &Path, out: &Path, mode: Mode) -> Result<Summary, RunError> {
    let text = format!(
        "output = {:?}\njobs = 1\nmax_withdrawn_share = 0.5\nmax_reject_share = 1\n[[input]]\nname = \"in\"\npath = {:?}\n",
        out.display().to_string(),
        input.display().to_string()
    );
    let config = Config::parse("state.toml", &text).unwrap();
    gongkai_pipeline::run(&config, &EXTRACTOR, &Progress::silent(), mode)
}
