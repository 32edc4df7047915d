//! The command `gongkai-fuzz`: runs fuzz targets without a nightly toolchain.
#![allow(clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use gongkai_fuzz::driver::{Failure, Limit, Plan, Tally, drive, once};
use gongkai_fuzz::minimise::minimise;
use gongkai_fuzz::{TARGETS, Target, target, targets};

/// Feeds mutated inputs to every door that bytes come in by. fuzz/README.md says how to read what it finds.
#[derive(Debug, Parser)]
#[command(name = "gongkai-fuzz")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run targets; exit code 1 when one fails.
    Run(RunOptions),
    /// Run a target on inputs that were kept.
    Again {
        #[arg(value_parser = named)]
        target: &'static Target,
        #[arg(required = true)]
        inputs: Vec<PathBuf>,
    },
    /// Make an input that fails smaller, beside it.
    Minimise {
        #[arg(value_parser = named)]
        target: &'static Target,
        input: PathBuf,
        /// Executions it may take.
        #[arg(long, default_value_t = 20_000)]
        tries: usize,
    },
    /// Write the seeds and words of a target for cargo-fuzz: a folder and a dictionary of its name.
    Seeds {
        #[arg(value_parser = named)]
        target: &'static Target,
        folder: PathBuf,
    },
    /// List the targets.
    List,
}

#[derive(Debug, Args)]
struct RunOptions {
    /// Targets; none named: all of them.
    #[arg(value_parser = named)]
    targets: Vec<&'static Target>,
    /// Seconds for each target.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Executions of each target, in the place of seconds.
    #[arg(long, conflicts_with = "seconds")]
    runs: Option<u64>,
    /// Another one makes other inputs.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Seconds after which an execution is taken to have no end.
    #[arg(long, default_value_t = 60)]
    hang: u64,
    /// Go on behind a failure, and keep one input for each that is unlike those before.
    #[arg(long)]
    all: bool,
    /// Where inputs that fail are kept.
    #[arg(long, default_value = "target/fuzz")]
    folder: PathBuf,
}

fn named(name: &str) -> Result<&'static Target, String> {
    let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    target(name).ok_or_else(|| format!("the targets are {}", names.join(", ")))
}

fn main() -> anyhow::Result<ExitCode> {
    let has_failed = match Arguments::parse().command {
        Command::Run(options) => run(&options)?,
        Command::Again { target, inputs } => again(target, &inputs)?,
        Command::Minimise { target, input, tries } => smaller(target, &input, tries)?,
        Command::Seeds { target, folder } => write_seeds(target, &folder)?,
        Command::List => list(),
    };
    targets::clean_up();
    Ok(ExitCode::from(u8::from(has_failed)))
}

fn run(options: &RunOptions) -> anyhow::Result<bool> {
    let plan = Plan {
        seed: options.seed,
        limit: match options.runs {
            Some(runs) => Limit::Runs(runs),
            None => Limit::Time(Duration::from_secs(options.seconds)),
        },
        hang: Duration::from_secs(options.hang),
        all: options.all,
        folder: options.folder.clone(),
    };
    let chosen: Vec<&Target> = match options.targets.is_empty() {
        true => TARGETS.iter().collect(),
        false => options.targets.clone(),
    };
    let mut has_failed = false;
    for target in chosen {
        let tally = drive(target, &plan)?;
        println!("{:<8} {}", target.name, summary(&tally));
        tally
            .failures
            .iter()
            .for_each(|failure| tell(target, plan.seed, failure));
        has_failed |= !tally.failures.is_empty();
    }
    Ok(has_failed)
}

#[allow(clippy::cast_precision_loss)]
fn summary(tally: &Tally) -> String {
    let seconds = tally.elapsed.as_secs_f64().max(0.001);
    format!(
        "{:>9} executions, {:>8.1} a second, {:>5} outcomes, {:>5} inputs kept, {} failed",
        tally.runs,
        tally.runs as f64 / seconds,
        tally.outcomes,
        tally.corpus,
        tally.failures.len()
    )
}

/// How to see a failure again: from the input, or from nothing where that is not at hand.
fn tell(target: &Target, seed: u64, failure: &Failure) {
    let Failure { path, message, run } = failure;
    println!("  {}", message.replace('\n', "\n  "));
    println!("  again: gongkai-fuzz again {} {}", target.name, path.display());
    println!("  or:    gongkai-fuzz run {} --seed {seed} --runs {run}", target.name);
}

fn again(target: &Target, inputs: &[PathBuf]) -> anyhow::Result<bool> {
    let mut has_failed = false;
    for path in inputs {
        let input = std::fs::read(path).with_context(|| path.display().to_string())?;
        match once(target, &input) {
            Ok(()) => println!("{}: nothing is wrong", path.display()),
            Err(panic) => {
                println!("{}: {panic}", path.display());
                has_failed = true;
            }
        }
    }
    Ok(has_failed)
}

fn smaller(target: &Target, path: &Path, tries: usize) -> anyhow::Result<bool> {
    let input = std::fs::read(path).with_context(|| path.display().to_string())?;
    let Err(first) = once(target, &input) else {
        println!("{}: nothing is wrong", path.display());
        return Ok(false);
    };
    let fails = |input: &[u8]| once(target, input).is_err_and(|panic| panic.place == first.place);
    let smallest = minimise(&input, tries, fails);
    let to = path.with_extension("min");
    std::fs::write(&to, &smallest).with_context(|| to.display().to_string())?;
    println!("{}: {} of {} bytes\n{first}", to.display(), smallest.len(), input.len());
    Ok(true)
}

fn write_seeds(target: &Target, folder: &Path) -> anyhow::Result<bool> {
    let seeds = folder.join(target.name);
    std::fs::create_dir_all(&seeds).with_context(|| seeds.display().to_string())?;
    let fitting = (target.seeds)()
        .into_iter()
        .filter(|seed| seed.len() <= target.max_bytes);
    for (number, seed) in fitting.enumerate() {
        std::fs::write(seeds.join(format!("{number:04}")), seed)?;
    }
    let quoted = |word: &Vec<u8>| word.iter().map(|byte| format!("\\x{byte:02X}")).collect::<String>();
    let words = (target.words)()
        .iter()
        .filter(|word| word.len() <= 64)
        .map(quoted)
        .collect::<Vec<_>>();
    let lines: String = words.iter().map(|word| format!("\"{word}\"\n")).collect();
    let dictionary = folder.join(format!("{}.dict", target.name));
    std::fs::write(&dictionary, lines).with_context(|| dictionary.display().to_string())?;
    println!("{}", target.max_bytes);
    Ok(false)
}

fn list() -> bool {
    for target in TARGETS {
        println!("{:<8} {}", target.name, target.about);
    }
    false
}
