//! `gongkai-forge`: writes a labelled corpus.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use clap::Parser;
use gongkai_forge::forge::Forge;
use gongkai_forge::plan::Profile;
use gongkai_forge::write::write_corpus;

/// Invents annual reports with known truth: pages below DIR, the truth in DIR/truth.jsonl.
#[derive(Debug, Parser)]
#[command(name = "gongkai-forge", version)]
struct Arguments {
    /// How many documents.
    #[arg(long, default_value_t = 100)]
    count: u64,
    /// The same seed, profile and count give the same bytes.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder to write; it must be empty or not exist.
    #[arg(long)]
    out: PathBuf,
    /// What the corpus is made of.
    #[arg(long, value_enum, default_value_t = Profile::Mix)]
    profile: Profile,
    /// Threads; 0 takes as many as there are cores.
    #[arg(long, default_value_t = 0)]
    jobs: usize,
}

fn main() -> ExitCode {
    match execute(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn execute(arguments: &Arguments) -> anyhow::Result<()> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(arguments.jobs)
        .build()
        .context("cannot start threads")?;
    let forge = Forge::new(arguments.seed, arguments.profile)?;
    let start = Instant::now();
    let written = pool.install(|| write_corpus(&forge, arguments.count, &arguments.out))?;
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{} documents, {:.1} MB in {seconds:.1} s ({:.0} a second) below {}",
        written.documents,
        written.bytes as f64 / 1e6,
        written.documents as f64 / seconds.max(1e-9),
        arguments.out.display()
    );
    Ok(())
}
