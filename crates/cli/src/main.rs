//! The command `gongkai`: arguments, messages and exit codes. Everything else is some stage's work.

mod args;
mod codebook;
mod diff;
mod explain;
mod extract;
mod place;
mod run;
mod verify;

use std::ffi::OsString;
use std::io::ErrorKind;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Context as _;
use clap::Parser as _;
use gongkai_extract::Extractor;
use gongkai_lexicon::{DataError, DataSource, Lexicon};
use gongkai_pipeline::{LogFormat, Progress};

use args::{Arguments, Command};

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Exit codes, as the contract has them.
pub mod exit {
    /// Done.
    pub const DONE: u8 = 0;
    /// The command failed; what was published before stands.
    pub const FAILED: u8 = 1;
    /// Wrong usage, configuration or data.
    pub const USAGE: u8 = 2;
    /// Done, but somebody should look: too many dumps failed, or some that could be read before cannot be read now.
    pub const LOOK: u8 = 3;
    /// Another run holds the output.
    pub const LOCKED: u8 = 4;
}

fn main() -> ExitCode {
    outlive_the_size_limit();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(refused) => return usage(&refused),
    };
    match execute(&arguments) {
        Ok(code) => code,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let code = code_of(&error);
            Progress::new(log_format(&arguments)).error(&message(&error), code);
            ExitCode::from(code)
        }
    }
}

/// A file that grows beyond what the process may write (`ulimit -f`) ends it without a word, unless somebody takes the
/// signal: then the write fails, and the command says so.
fn outlive_the_size_limit() {
    // Nobody asks the flag. Where the signal cannot be taken the process ends as it would have.
    let flag = Arc::new(AtomicBool::new(false));
    drop(signal_hook::flag::register(signal_hook::consts::SIGXFSZ, flag));
}

/// Says what is wrong with the arguments, or prints the help that they ask for.
fn usage(refused: &clap::Error) -> ExitCode {
    // Not all of them need be text.
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let asks_json = arguments.iter().any(|argument| argument == "--log-format=json")
        || arguments.windows(2).any(|pair| pair == ["--log-format", "json"]);
    if refused.use_stderr() && asks_json {
        let message = refused.to_string();
        let message = message.trim().trim_start_matches("error: ");
        Progress::new(LogFormat::Json).error(message, exit::USAGE);
        return ExitCode::from(exit::USAGE);
    }
    // A closed standard error must not turn into a panic.
    match refused.print() {
        _ if refused.use_stderr() => ExitCode::from(exit::USAGE),
        Err(error) if error.kind() != ErrorKind::BrokenPipe => ExitCode::from(exit::FAILED),
        _ => ExitCode::from(exit::DONE),
    }
}

/// Only `run` can be asked for JSON lines.
fn log_format(arguments: &Arguments) -> LogFormat {
    match &arguments.command {
        Command::Run(options) => run::log_format(options.log_format),
        _ => LogFormat::Text,
    }
}

fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let source = match &arguments.data {
        Some(folder) => DataSource::folder(folder)?,
        None => DataSource::embedded(),
    };
    let lexicon = Lexicon::load(&source).context("the data is wrong")?;
    match &arguments.command {
        Command::Codebook(options) => codebook::execute(options, &lexicon).map(|()| ExitCode::SUCCESS),
        Command::Diff(options) => diff::execute(options, &lexicon).map(|()| ExitCode::SUCCESS),
        Command::Verify(options) => verify::execute(options, &lexicon),
        Command::Extract(options) => extract::execute(options, &Extractor::new(lexicon)?),
        Command::Explain(options) => explain::execute(options, &Extractor::new(lexicon)?).map(|()| ExitCode::SUCCESS),
        Command::Place(options) => place::execute(options, &lexicon),
        Command::Run(options) => run::execute(options, &Extractor::new(lexicon)?),
    }
}

/// What an error says. Whatever has a path tells it; what has none was met while the answer was printed.
fn message(error: &anyhow::Error) -> String {
    let is_bare = error.chain().next().is_some_and(|first| {
        first.is::<std::io::Error>() || first.is::<serde_json::Error>() || first.is::<csv::Error>()
    });
    match is_bare {
        true => format!("standard output: {error:#}"),
        false => format!("{error:#}"),
    }
}

/// `gongkai extract … | head` is no failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    // serde_json and csv keep the system's error to themselves: each has to be asked in its own way.
    error.chain().any(|cause| {
        let kind = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        let json = cause
            .downcast_ref::<serde_json::Error>()
            .and_then(serde_json::Error::io_error_kind);
        let csv = cause.downcast_ref::<csv::Error>().and_then(|error| match error.kind() {
            csv::ErrorKind::Io(error) => Some(error.kind()),
            _ => None,
        });
        kind.or(json).or(csv) == Some(ErrorKind::BrokenPipe)
    })
}

fn code_of(error: &anyhow::Error) -> u8 {
    let usage = |cause: &(dyn std::error::Error + 'static)| {
        let overlap = matches!(
            cause.downcast_ref(),
            Some(gongkai_pipeline::RunError::Overlap { .. } | gongkai_pipeline::RunError::InputInOutput { .. })
        );
        cause.is::<DataError>() || cause.is::<gongkai_pipeline::ConfigError>() || overlap
    };
    let locked = |cause: &(dyn std::error::Error + 'static)| {
        matches!(
            cause.downcast_ref::<gongkai_pipeline::RunError>(),
            Some(gongkai_pipeline::RunError::Dataset(
                gongkai_dataset::DatasetError::Locked { .. }
            ))
        )
    };
    let no_snapshot = |cause: &(dyn std::error::Error + 'static)| {
        let error = cause.downcast_ref::<gongkai_dataset::DatasetError>();
        matches!(error, Some(gongkai_dataset::DatasetError::NotASnapshot { .. }))
    };
    if error.chain().any(|cause| usage(cause) || no_snapshot(cause)) {
        exit::USAGE
    } else if error.chain().any(locked) {
        exit::LOCKED
    } else {
        exit::FAILED
    }
}
