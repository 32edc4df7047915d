//! `gongkai-bench`: how fast the whole job is against parsing alone and against a peer, and what memory it takes.
//!
//! Knows nothing of how any stage works; everything is measured through the doors that the job itself uses.

mod corpus;
mod job;
mod layout;
mod machine;
mod memory;
mod night;
mod peer;
mod record;
mod rounds;
mod scale;
mod simulate;
mod slow;
mod stages;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use gongkai_extract::Extractor;
use gongkai_lexicon::{DataSource, Lexicon};

use record::{Measured, Record};

/// The one of `gongkai`.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Measures gongkai on forged dumps.
#[derive(Debug, Parser)]
#[command(name = "gongkai-bench", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measure the job against parsing alone, its stages and its memory
    Run(RunOptions),
    /// Run the job once and print the memory it took, as JSON; `run` starts itself with this
    #[command(hide = true)]
    RunOnce {
        /// Folder of dumps
        #[arg(long)]
        input: PathBuf,
        /// Folder to write to
        #[arg(long)]
        output: PathBuf,
        /// Worker threads
        #[arg(long)]
        jobs: usize,
    },
    /// Measure the memory of publishing, verifying and comparing snapshots of simulated reports
    Scale {
        /// Reports of a snapshot; 1000000 take 27 GB and half an hour
        #[arg(long, default_value_t = SCALE_REPORTS)]
        reports: u64,
        /// Worker threads; 0 means one for each core
        #[arg(long, default_value_t = 0)]
        jobs: usize,
        /// Folder for the snapshots; removed afterwards
        #[arg(long, value_name = "DIR")]
        temp: Option<PathBuf>,
    },
    /// Read pages that are one piece over and over, at three sizes: no shape may take more than linear time
    Slow,
    /// Do one step of `scale` in this process and print what it took, as JSON
    #[command(subcommand)]
    Step(scale::StepCommand),
}

/// Reports that `scale` and `run` simulate unless told otherwise: minutes.
const SCALE_REPORTS: u64 = 100_000;

/// Options of `run`.
#[derive(Debug, clap::Args)]
struct RunOptions {
    /// Dumps to measure speed on
    #[arg(long, default_value_t = 2000)]
    dumps: u64,
    /// What the dumps depend on
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// Worker threads; 0 means one for each core
    #[arg(long, default_value_t = 0)]
    jobs: usize,
    /// How often job and parsing take turns; the best of each counts
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Dumps to split the time by stage on
    #[arg(long, default_value_t = 1000)]
    stage_dumps: usize,
    /// Numbers of dumps to run the job on in a process of its own, with its peak memory; none to leave it out
    #[arg(long, value_delimiter = ',', num_args = 0.., default_values_t = [2_000, 20_000])]
    memory_dumps: Vec<u64>,
    /// Files of the tree that a night finds unchanged; 0 to leave the nights out
    #[arg(long, default_value_t = 100_000)]
    night_files: u64,
    /// Dumps of which one in a hundred changes
    #[arg(long, default_value_t = 20_000)]
    night_dumps: u64,
    /// Another program to run on the same dumps, e.g. benches/peers/peer; its accuracy is scored beside ours
    #[arg(long, value_name = "PROGRAM")]
    peer: Option<PathBuf>,
    /// A program that looks at how observations lie on disk, e.g. benches/layout/layout
    #[arg(long, value_name = "PROGRAM")]
    layout: Option<PathBuf>,
    /// Reports to simulate for the memory of publishing, verifying and comparing; none to leave it out
    #[arg(long)]
    scale_reports: Option<u64>,
    /// Folder for dumps and outputs, about 1.5 GB for 20,000 dumps; removed afterwards
    #[arg(long, value_name = "DIR")]
    temp: Option<PathBuf>,
    /// Write the figures to <runs>/<date>-<commit>.json
    #[arg(long)]
    record: bool,
    /// Folder of records
    #[arg(long, value_name = "DIR", default_value = "benches/runs")]
    runs: PathBuf,
}

/// The pages of the committed runs.
const SEED: u64 = 20_080_501;

fn main() -> ExitCode {
    match execute(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Run(options) => run(&options),
        Command::RunOnce { input, output, jobs } => {
            println!("{}", serde_json::to_string(&memory::run_once(&input, &output, jobs)?)?);
            Ok(())
        }
        Command::Scale { reports, jobs, temp } => {
            let folder = temporary(temp.as_deref())?;
            println!("{}", scale::measure(reports, folder.path(), cores(jobs))?);
            folder.close()?;
            Ok(())
        }
        Command::Slow => {
            println!("{}", slow::measure(&extractor()?)?);
            Ok(())
        }
        Command::Step(step) => {
            println!("{}", serde_json::to_string(&scale::once(&step)?)?);
            Ok(())
        }
    }
}

/// A folder that is removed when it is dropped.
fn temporary(within: Option<&Path>) -> anyhow::Result<tempfile::TempDir> {
    let within = within.map_or_else(std::env::temp_dir, Path::to_owned);
    Ok(tempfile::Builder::new().prefix("gongkai-bench-").tempdir_in(within)?)
}

/// So many threads; 0 means one for each core.
fn cores(jobs: usize) -> usize {
    if jobs == 0 { machine::cores() } else { jobs }
}

fn run(options: &RunOptions) -> anyhow::Result<()> {
    let folder = temporary(options.temp.as_deref())?;
    let input = folder.path().join("dumps");
    let jobs = cores(options.jobs);
    let corpus = corpus::forge(options.dumps, options.seed, &input)?;
    println!("{corpus}");
    let extractor = extractor()?;
    let speed = rounds::measure(&input, folder.path(), &extractor, jobs, options.rounds)?;
    println!("{speed}");
    let stages = stages::measure(&input, folder.path(), &extractor, options.stage_dumps)?;
    println!("{stages}");
    let slow = slow::measure(&extractor)?;
    println!("{slow}");
    drop(extractor);
    let peer = match &options.peer {
        Some(program) => {
            let peer = peer::measure(program, &input, folder.path(), jobs)?;
            println!("{peer}");
            Some(peer)
        }
        None => None,
    };
    let mut memory = Vec::new();
    for &dumps in &options.memory_dumps {
        let other = folder.path().join("more-dumps");
        let input: &Path = if dumps == options.dumps { &input } else { &other };
        memory.push(memory::measure(dumps, options.seed, input, folder.path(), jobs)?);
        if other.exists() {
            std::fs::remove_dir_all(&other)?;
        }
    }
    let nights = match options.night_files {
        0 => None,
        files => Some(night::measure(
            files,
            options.night_dumps,
            options.seed,
            folder.path(),
            jobs,
        )?),
    };
    if let Some(nights) = &nights {
        println!("{nights}");
    }
    let layout = match &options.layout {
        Some(program) => {
            let layout = layout::measure(program, options.seed, folder.path(), jobs)?;
            println!("{layout}");
            Some(layout)
        }
        None => None,
    };
    let scale = match options.scale_reports {
        Some(reports) => {
            let scale = scale::measure(reports, folder.path(), jobs)?;
            println!("{scale}");
            Some(scale)
        }
        None => None,
    };
    let measured = Measured {
        nights,
        corpus,
        speed,
        stages,
        slow,
        memory,
        peer,
        layout,
        scale,
    };
    let record = Record::new(jobs, options.seed, measured);
    record.print_memory();
    if options.record {
        println!("record     {}", record.write(&options.runs)?.display());
    }
    folder.close()?;
    Ok(())
}

/// What every page needs, from the embedded data.
fn extractor() -> anyhow::Result<Extractor> {
    Ok(Extractor::new(Lexicon::load(&DataSource::embedded())?)?)
}
