//! `gongkai run`: configuration and overrides, the job, the summary.

use std::io::Write as _;
use std::process::ExitCode;

use gongkai_extract::Extractor;
use gongkai_pipeline::{Config, LogFormat, Mode, Progress, SAMPLE_CONFIG};

use crate::args::{Log, RunOptions};
use crate::exit;

/// Runs the job and prints its summary.
pub fn execute(options: &RunOptions, extractor: &Extractor) -> anyhow::Result<ExitCode> {
    let config = config(options)?;
    let format = match options.log_format {
        Log::Text => LogFormat::Text,
        Log::Json => LogFormat::Json,
    };
    let progress = Progress::new(format);
    let mode = Mode {
        dry_run: options.dry_run,
        full: options.full,
        allow_withdrawals: options.allow_withdrawals,
    };
    let summary = gongkai_pipeline::run(&config, extractor, &progress, mode)?;
    writeln!(std::io::stdout(), "{summary}")?;
    let share = summary.counts.failed_share();
    if share > config.max_reject_share {
        let text = format!(
            "warning: {:.1}% of the dumps failed; max_reject_share is {}",
            share * 100.0,
            config.max_reject_share
        );
        progress.event("too_many_rejects", &text, &serde_json::json!({ "share": share }));
        return Ok(ExitCode::from(exit::TOO_MANY_REJECTS));
    }
    Ok(ExitCode::SUCCESS)
}

fn config(options: &RunOptions) -> anyhow::Result<Config> {
    let mut config = match &options.config {
        Some(path) => Config::read(path)?,
        None => Config::parse("pipelines/sample.toml (embedded)", SAMPLE_CONFIG)?,
    };
    if !options.input.is_empty() {
        config.set_inputs(options.input.clone());
    }
    if let Some(output) = &options.output {
        config.output.clone_from(output);
    }
    if let Some(jobs) = options.jobs {
        config.jobs = jobs;
    }
    config.check("command line")?;
    Ok(config)
}
