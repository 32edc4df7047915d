//! The main job: walk the inputs, read the dumps on all threads, publish a snapshot.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread::Builder;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use gongkai_dataset::{
    Comparison, Counts, DatasetError, DumpRows, Jump, Night, NoThread, Output, Published, SeenDumps, Sightings, Tally,
    Witness, WorkerBuffer, WriteOptions, read_before,
};
use gongkai_extract::Extractor;

use crate::config::{Config, Input};
use crate::dump::{DumpReader, Looked};
use crate::feed::{Task, count, feed};
use crate::inputs;
use crate::progress::Progress;
use crate::summary::Summary;

/// Batches of dumps that may wait for a worker, by worker.
const WAITING: usize = 4;
/// Stack of a worker, in bytes: deep pages must not end the process.
const STACK: usize = 16 << 20;

/// Why a run published nothing.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// An input directory is missing or cannot be read.
    #[error("{}: input {name} cannot be read: {error}\nhint: is the disk mounted?", path.display())]
    Input {
        /// The input's name.
        name: String,
        /// The directory.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// An input has no files at all.
    #[error("{}: input {name} holds no files\nhint: is the disk mounted?", path.display())]
    EmptyInput {
        /// The input's name.
        name: String,
        /// The directory.
        path: PathBuf,
    },
    /// The output lies in an input: the next run would read this one's snapshots.
    #[error("input {name} holds the output\nhint: choose another --output: {}", path.display())]
    Overlap {
        /// The input's name.
        name: String,
        /// The output.
        path: PathBuf,
    },
    /// The input lies in the output: it would go with an old snapshot.
    #[error("input {name} lies in the output\nhint: keep dumps outside of --output: {}", path.display())]
    InputInOutput {
        /// The input's name.
        name: String,
        /// The input.
        path: PathBuf,
    },
    /// More dumps are gone, or cannot be read, than may be.
    #[error(
        "{gone} of {before} dumps are gone and {unreadable} cannot be read, which is more than max_withdrawn_share {limit} allows\nhint: is a disk missing or failing? With --allow-withdrawals the run goes on without those that are gone"
    )]
    Withdrawals {
        /// Dumps of the last snapshot that were not found.
        gone: u64,
        /// Dumps of the last snapshot that were found, or lie where nothing can be found, and cannot be read.
        unreadable: u64,
        /// Dumps of the last snapshot.
        before: u64,
        /// The share that may be gone.
        limit: f64,
    },
    /// The output could not be written.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The worker threads could not be started.
    #[error(
        "the worker threads could not be started: {0}\nhint: are threads or memory of the process limited? --jobs takes fewer"
    )]
    Threads(rayon::ThreadPoolBuildError),
    /// The thread that walks the inputs could not be started.
    #[error(transparent)]
    NoThread(#[from] NoThread),
}

/// How a run goes about it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mode {
    /// Everything that would be read is read and counted, and nothing is written.
    pub dry_run: bool,
    /// Every dump is read, whatever earlier runs left.
    pub full: bool,
    /// Inputs may be missing, and any number of dumps may be gone.
    pub allow_withdrawals: bool,
}

/// Runs the job.
///
/// # Errors
/// When an input is missing or empty, too many dumps are gone, or the output cannot be written; the last snapshot stays
/// as it was.
pub fn run(config: &Config, extractor: &Extractor, progress: &Progress, mode: Mode) -> Result<Summary, RunError> {
    let started = Instant::now();
    progress.stage("check");
    let inputs = inputs::check(config, mode.allow_withdrawals)?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(config.jobs)
        .stack_size(STACK)
        .build()
        .map_err(RunError::Threads)?;
    let job = Job {
        config,
        inputs: &inputs,
        mode,
        reader: DumpReader::new(
            extractor,
            config.max_file_bytes,
            Duration::from_secs(config.max_seconds_per_dump),
        ),
        progress,
        pool: &pool,
    };
    let (counts, tally, published) = if mode.dry_run {
        let (counts, tally) = job.look(extractor)?;
        (counts, tally, None)
    } else {
        let published = job.write_all(extractor)?;
        (published.counts.clone(), published.tally, Some(published))
    };
    progress.finish(&counts);
    let latest = config.output.join("latest").display().to_string();
    Ok(Summary {
        counts,
        tally,
        published,
        elapsed: started.elapsed(),
        latest,
    })
}

/// What the rows of a dump depend on beside the dump.
fn engine(config: &Config, extractor: &Extractor) -> String {
    format!(
        "gongkai {} {}, data {}, dumps up to {} bytes",
        env!("CARGO_PKG_VERSION"),
        env!("GONGKAI_SOURCES"),
        extractor.lexicon().version,
        config.max_file_bytes
    )
}

/// A path for programs: one that is no text is shown with marks, since JSON has text only.
fn shown(path: &Path) -> String {
    path.display().to_string()
}

struct Job<'a> {
    config: &'a Config,
    inputs: &'a [Input],
    mode: Mode,
    reader: DumpReader<'a>,
    progress: &'a Progress,
    pool: &'a rayon::ThreadPool,
}

/// What a worker brings back.
#[derive(Default)]
struct Done {
    /// What the dumps it read gave.
    counts: Counts,
    tally: Tally,
    /// Dumps that could not be read and have no rows of an earlier night.
    unreadable: u64,
    /// Where those of them are of which nothing is known.
    unknown: BTreeSet<String>,
    buffer: Option<WorkerBuffer>,
}

impl Job<'_> {
    /// Reads what would be read.
    fn look(&self, extractor: &Extractor) -> Result<(Counts, Tally), RunError> {
        let night = Night {
            engine: engine(self.config, extractor),
            full: self.mode.full,
        };
        let seen = match Output::peek(&self.config.output, &night, WriteOptions::default()) {
            Err(DatasetError::Damaged { path, reason }) => {
                self.warn_of_damage(&path, &reason);
                Output::nothing_seen(WriteOptions::default())
            }
            seen => seen,
        }?;
        let workers = (0..self.pool.current_num_threads()).map(|_| None).collect();
        let (done, sightings) = self.read_all(seen, workers)?;
        let mut tally = Tally {
            same: sightings.same,
            withdrawn: sightings.withdrawn,
            stale: sightings.stale,
            lost: sightings.lost,
            ..Tally::default()
        };
        let mut counts = Counts::default();
        for part in done {
            counts.add(&part.counts);
            tally.new += part.tally.new;
            tally.changed += part.tally.changed;
            tally.same += part.tally.same;
            tally.stale += part.tally.stale;
            tally.withdrawn += part.tally.lost;
            tally.lost += part.tally.lost;
        }
        Ok((counts, tally))
    }

    /// Publishes a snapshot. Where the state that earlier runs left turns out to be damaged, everything is read anew.
    fn write_all(&self, extractor: &Extractor) -> Result<Published, RunError> {
        let output = Output::open(&self.config.output)?;
        self.look_at(&output);
        let published = match self.write(&output, extractor) {
            Err(RunError::Dataset(DatasetError::Damaged { path, reason })) => {
                self.warn_of_damage(&path, &reason);
                output.forget()?;
                self.write(&output, extractor)
            }
            result => result,
        }?;
        self.warn(&published);
        let gone = output.prune(self.config.keep)?;
        if gone > 0 {
            let text = format!("{gone} old snapshots removed, {} kept", self.config.keep);
            self.progress
                .event("pruned", &text, &serde_json::json!({ "snapshots": gone }));
        }
        Ok(published)
    }

    /// Says what is not as a run leaves it, and what this one does about it.
    fn look_at(&self, output: &Output) {
        if let Some(target) = output.astray() {
            let latest = output.path().join("latest");
            let text = format!(
                "{}: leads to no snapshot of this output; it will lead to the one of this run: {}",
                latest.display(),
                target.display()
            );
            self.progress.warn(
                "latest_astray",
                &text,
                &serde_json::json!({ "path": shown(&latest), "target": shown(&target) }),
            );
        }
        if output.has_lost_its_state() && !self.mode.full {
            let state = output.path().join("state");
            let text = format!(
                "{}: nothing is known of earlier runs; every dump is read anew",
                state.display()
            );
            self.progress
                .warn("state_missing", &text, &serde_json::json!({ "path": shown(&state) }));
        }
    }

    fn warn_of_damage(&self, path: &Path, reason: &str) {
        let text = format!(
            "{}: not as it was written: {reason}; every dump is read anew",
            path.display()
        );
        let fields = serde_json::json!({ "path": shown(path), "reason": reason });
        self.progress.warn("state_damaged", &text, &fields);
    }

    /// Says what should make one look.
    fn warn(&self, published: &Published) {
        for path in &published.damaged {
            let text = format!("{}: not as it was written; the snapshot has it anew", path.display());
            self.progress
                .warn("snapshot_damaged", &text, &serde_json::json!({ "path": shown(path) }));
        }
        if let Some(path) = &published.set_aside {
            let text = format!("{}: stood in the place of the snapshot and was none", path.display());
            self.progress
                .warn("set_aside", &text, &serde_json::json!({ "path": shown(path) }));
        }
        if let Comparison::Failed(reason) = &published.comparison {
            let text = format!("the snapshot before cannot be compared: {reason}");
            self.progress
                .warn("not_compared", &text, &serde_json::json!({ "reason": reason }));
        }
        for Jump { category, before, now } in &published.jumps {
            let text = format!("{category} has {now} observations; before it had {before}");
            let fields = serde_json::json!({ "category": category, "before": before, "now": now });
            self.progress.warn("volume_jump", &text, &fields);
        }
    }

    fn write(&self, output: &Output, extractor: &Extractor) -> Result<Published, RunError> {
        let night = Night {
            engine: engine(self.config, extractor),
            full: self.mode.full,
        };
        let writer = output.begin_night(WriteOptions::default(), extractor.lexicon(), &night)?;
        for path in writer.damaged() {
            let text = format!(
                "{}: not as it was written; the dumps in it are read anew",
                path.display()
            );
            self.progress
                .warn("state_damaged", &text, &serde_json::json!({ "path": shown(path) }));
        }
        let workers = (0..self.pool.current_num_threads())
            .map(|_| Some(writer.worker()))
            .collect();
        let (done, sightings) = self.read_all(writer.seen()?, workers)?;
        self.check_withdrawals(output, &sightings, &done)?;
        let run = || {
            serde_json::json!({
                "engine": env!("CARGO_PKG_VERSION"),
                "sources": env!("GONGKAI_SOURCES"),
                "data": extractor.lexicon().version,
                "config": self.config,
                "threads": self.pool.current_num_threads(),
                "seconds": self.progress.durations(),
            })
        };
        let witness = Witness {
            stage: &|name| self.progress.stage(name),
            run: &run,
        };
        let buffers = done.into_iter().filter_map(|done| done.buffer).collect();
        Ok(self.pool.install(|| writer.finish_night(buffers, sightings, witness))?)
    }

    /// Dumps that are gone or cannot be read are more likely a disk that fails. Where nothing is left that tells which
    /// dumps there were, the last snapshot tells how many.
    fn check_withdrawals(&self, output: &Output, sightings: &Sightings, done: &[Done]) -> Result<(), RunError> {
        let sum = |count: &dyn Fn(&Done) -> u64| done.iter().map(count).sum::<u64>();
        let (gone, unreadable, before) = match sightings.known {
            0 => {
                let before = output.dumps();
                let unreadable = sum(&|done| done.unreadable).min(before);
                (before.saturating_sub(sightings.found), unreadable, before)
            }
            known => {
                let unreadable = sightings.stale + sum(&|done| done.tally.stale + done.tally.lost);
                (sightings.withdrawn, unreadable, known)
            }
        };
        #[allow(clippy::cast_precision_loss)]
        let is_over = (gone + unreadable) as f64 > before as f64 * self.config.max_withdrawn_share;
        match is_over && !self.mode.allow_withdrawals {
            true => Err(RunError::Withdrawals {
                gone,
                unreadable,
                before,
                limit: self.config.max_withdrawn_share,
            }),
            false => Ok(()),
        }
    }

    /// Feeds the workers and gathers what they counted and wrote.
    fn read_all(
        &self,
        seen: SeenDumps,
        workers: Vec<Option<WorkerBuffer>>,
    ) -> Result<(Vec<Done>, Sightings), RunError> {
        self.progress.stage("read");
        let (sender, receiver) = bounded::<Vec<Task>>(workers.len() * WAITING);
        let done: Mutex<Vec<Result<Done, DatasetError>>> = Mutex::new(Vec::new());
        let sightings = std::thread::scope(|threads| {
            let feeder = Builder::new()
                .spawn_scoped(threads, move || feed(self.inputs, seen, &sender, self.progress))
                .map_err(NoThread)?;
            if self.progress.wants_total() {
                // Where no thread is to be had, nobody knows how much is left.
                drop(Builder::new().spawn_scoped(threads, move || self.progress.set_total(count(self.inputs))));
            }
            self.pool.scope(|scope| {
                for worker in workers {
                    let (receiver, done) = (&receiver, &done);
                    scope.spawn(move |_| {
                        let result = self.work(receiver, worker);
                        done.lock()
                            .unwrap_or_else(std::sync::PoisonError::into_inner)
                            .push(result);
                    });
                }
            });
            // Workers that failed leave the rest of the walk unread: the walker must see that nobody listens.
            drop(receiver);
            let fed = feeder.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            Ok::<_, RunError>(fed?)
        });
        let done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut done = done.into_iter().collect::<Result<Vec<Done>, DatasetError>>()?;
        let mut sightings = sightings?;
        if sightings.known == 0 {
            let unreadable = done.iter_mut().flat_map(|done| std::mem::take(&mut done.unknown));
            let lost = read_before(&self.config.output, &unreadable.collect());
            sightings.withdrawn += lost;
            sightings.lost += lost;
        }
        Ok((done, sightings))
    }

    fn work(&self, receiver: &Receiver<Vec<Task>>, buffer: Option<WorkerBuffer>) -> Result<Done, DatasetError> {
        let mut done = Done {
            buffer,
            ..Done::default()
        };
        for task in receiver.iter().flatten() {
            let known = &task.sighting.known;
            match self.reader.look(&task.found, known) {
                Looked::Same(hash) => {
                    self.progress.dump_done(0, 0);
                    done.tally.same += 1;
                    if let Some(buffer) = &mut done.buffer {
                        buffer.confirm(task.origin(), &hash, &task.sighting)?;
                    }
                }
                Looked::Unreadable(rows) if known.can_stay() => {
                    self.progress.dump_done(0, 0);
                    done.tally.stale += 1;
                    let reason = rows.rejects.first().map(|reject| reject.reason.as_str());
                    if let Some(buffer) = &mut done.buffer {
                        buffer.keep(task.origin(), reason.unwrap_or_default(), &task.sighting)?;
                    }
                }
                Looked::Unreadable(rows) => {
                    done.unreadable += 1;
                    done.tally.lost += u64::from(known.is_out_of_use());
                    if !known.is_known() && !known.is_out_of_use() {
                        done.unknown.insert(task.origin().to_owned());
                    }
                    self.take(*rows, &task, &mut done)?;
                }
                Looked::Rows(rows) => self.take(*rows, &task, &mut done)?,
            }
        }
        Ok(done)
    }

    /// Counts what a dump gave and hands it on.
    fn take(&self, rows: DumpRows, task: &Task, done: &mut Done) -> Result<(), DatasetError> {
        let observations = rows.reports.iter().map(|report| report.observed.len() as u64).sum();
        self.progress.dump_done(observations, rows.rejects.len() as u64);
        done.counts.add_rows(&rows);
        match task.sighting.known.is_known() {
            true => done.tally.changed += 1,
            false => done.tally.new += 1,
        }
        match &mut done.buffer {
            Some(buffer) => buffer.push_sighted(rows, &task.sighting),
            None => Ok(()),
        }
    }
}
