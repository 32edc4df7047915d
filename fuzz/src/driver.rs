//! Runs a target on a stable toolchain: on its seeds, then on mutations of what showed something new.
//!
//! Execution `i` depends on the seed and on those before it alone, so that a number of executions always finds the same.
//! Panics are caught and the input is kept. What ends the whole process is found in the file that the driver keeps the
//! input of the moment in; what never ends is told by a second thread.

use std::collections::HashSet;
use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use gongkai_forge::dice::Dice;
use rustc_hash::FxHashSet;

use crate::catch::{Panic, catch};
use crate::mutate::Mutator;
use crate::targets::Target;
use crate::watch::{Watch, hung};
use crate::{seeds, trace};

/// Stack of the thread that runs the target, as large as that of the job's workers.
const STACK: usize = 16 << 20;
/// Inputs that are kept because they showed something new.
const MOST_KEPT: usize = 4096;
/// Failures that are told of a target that goes on behind them.
const MOST_FAILURES: usize = 50;
/// Characters of a message that tell it from others.
const LIKENESS: usize = 90;
/// The file with the input of the moment.
const CURRENT: &str = "current";

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub enum Limit {
    /// After so many executions, seeds included.
    Runs(u64),
    /// After so much time.
    Time(Duration),
}

/// How a target is run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Which mutations are made.
    pub seed: u64,
    /// When it ends.
    pub limit: Limit,
    /// An execution that takes longer never ends.
    pub hang: Duration,
    /// Goes on behind a failure: one input is kept for each place that failed and each message, numbers aside.
    pub all: bool,
    /// Where inputs that fail are written, below a folder of the target's name.
    pub folder: PathBuf,
}

/// What a target was put through.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Executions, seeds included.
    pub runs: u64,
    /// Time they took.
    pub elapsed: Duration,
    /// Different outcomes that were noted.
    pub outcomes: usize,
    /// Inputs that mutation chose from at the end.
    pub corpus: usize,
    /// What failed.
    pub failures: Vec<Failure>,
}

/// An input that showed something wrong.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Where it was written.
    pub path: PathBuf,
    /// What happened.
    pub message: String,
    /// Which execution it was, from 1.
    pub run: u64,
}

/// Runs a target in a thread of its own until the limit, the first failure or a hang.
///
/// # Errors
/// When the folder cannot be written.
pub fn drive(target: &'static Target, plan: &Plan) -> anyhow::Result<Tally> {
    let folder = plan.folder.join(target.name);
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let watch = Watch::new();
    let (plan_there, folder_there, watch_there) = (plan.clone(), folder.clone(), watch.clone());
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let done = Driver::new(target, &plan_there, &folder_there, &watch_there).and_then(Driver::run);
        watch_there.end();
        done
    })?;
    match watch.wait(plan.hang) {
        None => thread
            .join()
            .map_err(|_| anyhow::anyhow!("the driver itself panicked"))?,
        Some((run, input)) => {
            let failure = keep(&folder, &input, run, hung(plan.hang))?;
            fs::remove_file(folder.join(CURRENT)).context("the input of the moment")?;
            Ok(Tally {
                failures: vec![failure],
                ..Tally::default()
            })
        }
    }
}

struct Driver<'a> {
    target: &'static Target,
    plan: &'a Plan,
    folder: &'a Path,
    watch: &'a Watch,
    current: File,
    started: Instant,
    outcomes: FxHashSet<u64>,
    corpus: Vec<Vec<u8>>,
    seeds: usize,
    places: HashSet<String>,
    tally: Tally,
}

impl<'a> Driver<'a> {
    fn new(target: &'static Target, plan: &'a Plan, folder: &'a Path, watch: &'a Watch) -> anyhow::Result<Self> {
        let path = folder.join(CURRENT);
        let left = fs::read(&path).ok().filter(|input| !input.is_empty());
        let mut corpus: Vec<Vec<u8>> = left.into_iter().collect();
        corpus.extend(seeds::regressions(target.name).into_iter().map(|(_, input)| input));
        corpus.extend(
            (target.seeds)()
                .into_iter()
                .filter(|seed| seed.len() <= target.max_bytes),
        );
        Ok(Self {
            target,
            plan,
            folder,
            watch,
            current: File::create(&path).with_context(|| path.display().to_string())?,
            started: Instant::now(),
            outcomes: FxHashSet::default(),
            seeds: corpus.len(),
            corpus,
            places: HashSet::new(),
            tally: Tally::default(),
        })
    }

    fn run(mut self) -> anyhow::Result<Tally> {
        for at in 0..self.seeds {
            if self.is_done() {
                break;
            }
            let seed = self.corpus[at].clone();
            self.execute(&seed)?;
        }
        let words = (self.target.words)();
        let mutator = Mutator {
            words: &words,
            max_bytes: self.target.max_bytes,
        };
        while !self.is_done() {
            let mut dice = Dice::new(self.plan.seed, self.tally.runs);
            let (seed, other) = (self.choose(&mut dice), self.choose(&mut dice));
            let input = mutator.mutate(&self.corpus[seed], &self.corpus[other], &mut dice);
            if self.execute(&input)? {
                self.remember(input, &mut dice);
            }
        }
        self.tally.elapsed = self.started.elapsed();
        self.tally.outcomes = self.outcomes.len();
        self.tally.corpus = self.corpus.len();
        drop(self.current);
        fs::remove_file(self.folder.join(CURRENT)).context("the input of the moment")?;
        Ok(self.tally)
    }

    fn is_done(&self) -> bool {
        let is_over = match self.plan.limit {
            Limit::Runs(runs) => self.tally.runs >= runs,
            Limit::Time(time) => self.started.elapsed() >= time,
        };
        let most = if self.plan.all { MOST_FAILURES } else { 1 };
        is_over || self.tally.failures.len() >= most
    }

    /// What showed something new last is chosen as often as all the rest.
    fn choose(&self, dice: &mut Dice) -> usize {
        let count = self.corpus.len() as u64;
        let newest = (count - self.seeds as u64).min(64);
        let from = if newest > 0 && dice.chance(50) {
            count - newest
        } else {
            0
        };
        (from + dice.below(count - from)) as usize
    }

    /// Keeps an input; where there are too many, in the place of another that was kept.
    fn remember(&mut self, input: Vec<u8>, dice: &mut Dice) {
        if self.corpus.len() - self.seeds >= MOST_KEPT {
            let at = self.seeds + dice.below(MOST_KEPT as u64) as usize;
            self.corpus.remove(at);
        }
        self.corpus.push(input);
    }

    /// Runs the target; whether it showed something new.
    fn execute(&mut self, input: &[u8]) -> anyhow::Result<bool> {
        self.current.set_len(0)?;
        self.current.write_all_at(input, 0)?;
        self.tally.runs += 1;
        self.watch.begin(input);
        trace::begin();
        let outcome = catch(|| (self.target.run)(input));
        self.watch.rest();
        if let Err(panic) = outcome {
            if self.places.insert(likeness(&panic)) {
                let failure = keep(self.folder, input, self.tally.runs, panic.to_string())?;
                self.tally.failures.push(failure);
            }
            return Ok(false);
        }
        let before = self.outcomes.len();
        self.outcomes.extend(trace::seen());
        Ok(self.outcomes.len() > before)
    }
}

/// What panics have in common that show the same: the place, and the message but for its numbers.
fn likeness(panic: &Panic) -> String {
    let mut likeness = format!("{} ", panic.place);
    for character in panic.message.chars().take(LIKENESS) {
        let kind = if character.is_numeric() { '0' } else { character };
        if !(kind == '0' && likeness.ends_with('0')) {
            likeness.push(kind);
        }
    }
    likeness
}

/// Writes an input that failed.
fn keep(folder: &Path, input: &[u8], run: u64, message: String) -> anyhow::Result<Failure> {
    let hash = blake3::hash(input).to_hex();
    let path = folder.join(format!("failure-{}", hash.get(..12).unwrap_or_default()));
    fs::write(&path, input).with_context(|| path.display().to_string())?;
    Ok(Failure { path, message, run })
}

/// Runs a target once; what failed, if something did.
///
/// # Errors
/// The panic.
pub fn once(target: &Target, input: &[u8]) -> Result<(), Panic> {
    trace::begin();
    catch(|| (target.run)(input))
}
