//! The main job: walk the inputs, read the dumps on all threads, publish a snapshot.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender, bounded};
use gongkai_crawl::{Found, walk};
use gongkai_dataset::{DatasetError, Output, Published, WorkerBuffer, WriteOptions};
use gongkai_extract::Extractor;

use crate::config::{Config, Input};
use crate::dump::DumpReader;
use crate::progress::Progress;
use crate::summary::{Counts, Summary};

/// Files are handed to workers in batches of this size.
const BATCH: usize = 16;
/// Batches that may wait for a worker, by worker.
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
    /// The output could not be written.
    #[error(transparent)]
    Dataset(#[from] DatasetError),
    /// The worker threads could not be started.
    #[error("the worker threads could not be started: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// Runs the job. With `dry`, everything is read and counted and nothing is written.
///
/// # Errors
/// When an input is missing or empty or the output cannot be written; the last snapshot stays as it was.
pub fn run(config: &Config, extractor: &Extractor, progress: &Progress, dry: bool) -> Result<Summary, RunError> {
    let started = Instant::now();
    progress.stage("check");
    for input in &config.inputs {
        check_input(input)?;
        check_apart(input, &config.output)?;
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(config.jobs)
        .stack_size(STACK)
        .build()?;
    let job = Job {
        config,
        reader: DumpReader::new(extractor, config.max_file_bytes),
        progress,
    };
    let (counts, published) = if dry {
        let workers = (0..pool.current_num_threads()).map(|_| None).collect();
        (job.read_all(&pool, workers)?.0, None)
    } else {
        let output = Output::open(&config.output)?;
        let (counts, published) = job.write_all(&pool, &output, extractor, started)?;
        (counts, Some(published))
    };
    progress.finish(&counts);
    let latest = config.output.join("latest").display().to_string();
    Ok(Summary {
        counts,
        published,
        elapsed: started.elapsed(),
        latest,
    })
}

/// An input that is missing or empty is an unmounted disk, not the end of all reports.
fn check_input(input: &Input) -> Result<(), RunError> {
    let Input { name, path } = input;
    let readable = std::fs::read_dir(path);
    readable.map_err(|error| RunError::Input {
        name: name.clone(),
        path: path.clone(),
        error,
    })?;
    match walk(path, name).next() {
        Some(_) => Ok(()),
        None => Err(RunError::EmptyInput {
            name: name.clone(),
            path: path.clone(),
        }),
    }
}

/// The output's nearest folder that exists must not be inside an input.
fn check_apart(input: &Input, output: &Path) -> Result<(), RunError> {
    let full = std::path::absolute(output).unwrap_or_else(|_| output.to_owned());
    let existing = full.ancestors().find_map(|folder| folder.canonicalize().ok());
    let inside = match (existing, input.path.canonicalize()) {
        (Some(folder), Ok(root)) => folder.starts_with(&root),
        _ => false,
    };
    if inside {
        Err(RunError::Overlap {
            name: input.name.clone(),
            path: output.to_owned(),
        })
    } else {
        Ok(())
    }
}

struct Job<'a> {
    config: &'a Config,
    reader: DumpReader<'a>,
    progress: &'a Progress,
}

/// What a worker brings back: its counts and its buffer.
type Done = (Counts, Option<WorkerBuffer>);

impl Job<'_> {
    fn write_all(
        &self,
        pool: &rayon::ThreadPool,
        output: &Output,
        extractor: &Extractor,
        started: Instant,
    ) -> Result<(Counts, Published), RunError> {
        let writer = output.begin(WriteOptions::default(), extractor.lexicon())?;
        let workers = (0..pool.current_num_threads()).map(|_| Some(writer.worker())).collect();
        let (counts, buffers) = self.read_all(pool, workers)?;
        let run = serde_json::json!({
            "engine": env!("CARGO_PKG_VERSION"),
            "data": extractor.lexicon().version,
            "config": self.config,
            "threads": pool.current_num_threads(),
            "counts": counts,
            "read_seconds": started.elapsed().as_secs_f64(),
        });
        self.progress.stage("write");
        let published = pool.install(|| writer.finish(buffers, run))?;
        Ok((counts, published))
    }

    /// Feeds the workers and gathers what they counted and wrote.
    fn read_all(
        &self,
        pool: &rayon::ThreadPool,
        workers: Vec<Option<WorkerBuffer>>,
    ) -> Result<(Counts, Vec<WorkerBuffer>), RunError> {
        self.progress.stage("read");
        let (sender, receiver) = bounded::<Vec<Found>>(workers.len() * WAITING);
        let done: Mutex<Vec<Result<Done, DatasetError>>> = Mutex::new(Vec::new());
        let inputs: &[Input] = &self.config.inputs;
        std::thread::scope(|threads| {
            threads.spawn(move || feed(inputs, &sender));
            if self.progress.wants_total() {
                threads.spawn(move || self.progress.set_total(count_files(inputs)));
            }
            pool.scope(|scope| {
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
        });
        let mut counts = Counts::default();
        let mut buffers = Vec::new();
        for result in done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
            let (part, buffer) = result?;
            counts.add(&part);
            buffers.extend(buffer);
        }
        Ok((counts, buffers))
    }

    fn work(&self, receiver: &Receiver<Vec<Found>>, mut buffer: Option<WorkerBuffer>) -> Result<Done, DatasetError> {
        let mut counts = Counts::default();
        for found in receiver.iter().flatten() {
            let rows = self.reader.rows(&found);
            counts.add_dump(&rows);
            let observations = rows.reports.iter().map(|report| report.observed.len() as u64).sum();
            self.progress.dump_done(observations, rows.rejects.len() as u64);
            if let Some(buffer) = &mut buffer {
                buffer.push(rows)?;
            }
        }
        Ok((counts, buffer))
    }
}

fn feed(inputs: &[Input], sender: &Sender<Vec<Found>>) {
    let mut batch = Vec::with_capacity(BATCH);
    for found in inputs.iter().flat_map(|input| walk(&input.path, &input.name)) {
        batch.push(found);
        if batch.len() == BATCH && sender.send(std::mem::take(&mut batch)).is_err() {
            return;
        }
    }
    if !batch.is_empty() {
        // When nobody listens any more the run has failed already.
        drop(sender.send(batch));
    }
}

fn count_files(inputs: &[Input]) -> u64 {
    inputs
        .iter()
        .map(|input| walk(Path::new(&input.path), &input.name).count() as u64)
        .sum()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_output_inside_an_input_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let input = Input {
            name: "dumps".to_owned(),
            path: folder.path().join("dumps"),
        };
        std::fs::create_dir_all(&input.path).unwrap();
        for (output, apart) in [
            ("out", true),
            ("dumps", false),
            ("dumps/out", false),
            ("dumps/new/out", false),
        ] {
            assert_eq!(
                check_apart(&input, &folder.path().join(output)).is_ok(),
                apart,
                "{output}"
            );
        }
    }
}
