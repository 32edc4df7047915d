//! The main job: walk the inputs, read the dumps on all threads, publish a snapshot.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Instant;

use crossbeam_channel::{Receiver, bounded};
use gongkai_dataset::{
    Comparison, Counts, DatasetError, Jump, Night, Output, Published, SeenDumps, Sightings, Tally, Witness,
    WorkerBuffer, WriteOptions,
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
    /// More dumps are gone than may be.
    #[error(
        "{gone} of {before} dumps are gone, which is more than max_withdrawn_share {limit} allows\nhint: is a disk missing? With --allow-withdrawals the run goes on without them"
    )]
    Withdrawals {
        /// Dumps of the last snapshot that were not found.
        gone: u64,
        /// Dumps of the last snapshot.
        before: u64,
        /// The share that may be gone.
        limit: f64,
    },
    /// The output could not be written.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The worker threads could not be started.
    #[error("the worker threads could not be started: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
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
        .build()?;
    let job = Job {
        config,
        inputs: &inputs,
        mode,
        reader: DumpReader::new(extractor, config.max_file_bytes),
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
    buffer: Option<WorkerBuffer>,
}

impl Job<'_> {
    /// Reads what would be read.
    fn look(&self, extractor: &Extractor) -> Result<(Counts, Tally), RunError> {
        let night = Night {
            engine: engine(self.config, extractor),
            full: self.mode.full,
        };
        let seen = Output::peek(&self.config.output, &night, WriteOptions::default())?;
        let workers = (0..self.pool.current_num_threads()).map(|_| None).collect();
        let (done, sightings) = self.read_all(seen, workers)?;
        let mut tally = Tally {
            same: sightings.same,
            withdrawn: sightings.withdrawn,
            ..Tally::default()
        };
        let mut counts = Counts::default();
        for part in done {
            counts.add(&part.counts);
            tally.new += part.tally.new;
            tally.changed += part.tally.changed;
            tally.same += part.tally.same;
        }
        Ok((counts, tally))
    }

    /// Publishes a snapshot. Where the state that earlier runs left turns out to be damaged, everything is read anew.
    fn write_all(&self, extractor: &Extractor) -> Result<Published, RunError> {
        let output = Output::open(&self.config.output)?;
        let published = match self.write(&output, extractor) {
            Err(RunError::Dataset(DatasetError::Damaged { path })) => {
                let text = format!("{}: not as it was written; every dump is read anew", path.display());
                let fields = serde_json::json!({ "path": path });
                self.progress.warn("state_damaged", &text, &fields);
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

    /// Says what should make one look.
    fn warn(&self, published: &Published) {
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
        let workers = (0..self.pool.current_num_threads())
            .map(|_| Some(writer.worker()))
            .collect();
        let (done, sightings) = self.read_all(writer.seen()?, workers)?;
        self.check_withdrawals(output, &sightings)?;
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

    /// Dumps that are gone are more likely a disk that is gone. Where nothing is left that tells which dumps there were,
    /// the last snapshot tells how many.
    fn check_withdrawals(&self, output: &Output, sightings: &Sightings) -> Result<(), RunError> {
        let (gone, before) = match sightings.known {
            0 => {
                let before = output.dumps();
                (before.saturating_sub(sightings.found), before)
            }
            known => (sightings.withdrawn, known),
        };
        #[allow(clippy::cast_precision_loss)]
        let is_over = gone as f64 > before as f64 * self.config.max_withdrawn_share;
        match is_over && !self.mode.allow_withdrawals {
            true => Err(RunError::Withdrawals {
                gone,
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
            let feeder = threads.spawn(move || feed(self.inputs, seen, &sender, self.progress));
            if self.progress.wants_total() {
                threads.spawn(move || self.progress.set_total(count(self.inputs)));
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
            feeder.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        let done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        let done = done.into_iter().collect::<Result<Vec<Done>, DatasetError>>()?;
        Ok((done, sightings?))
    }

    fn work(&self, receiver: &Receiver<Vec<Task>>, buffer: Option<WorkerBuffer>) -> Result<Done, DatasetError> {
        let mut done = Done {
            buffer,
            ..Done::default()
        };
        for task in receiver.iter().flatten() {
            match self.reader.look(&task.found, &task.sighting.known) {
                Looked::Same(hash) => {
                    self.progress.dump_done(0, 0);
                    done.tally.same += 1;
                    if let Some(buffer) = &mut done.buffer {
                        buffer.confirm(task.origin(), &hash, &task.sighting)?;
                    }
                }
                Looked::Rows(rows) => {
                    let observations = rows.reports.iter().map(|report| report.observed.len() as u64).sum();
                    self.progress.dump_done(observations, rows.rejects.len() as u64);
                    done.counts.add_rows(&rows);
                    match task.sighting.known.is_known() {
                        true => done.tally.changed += 1,
                        false => done.tally.new += 1,
                    }
                    if let Some(buffer) = &mut done.buffer {
                        buffer.push_sighted(*rows, &task.sighting)?;
                    }
                }
            }
        }
        Ok(done)
    }
}
