//! `gongkai run`: configuration and overrides, the job, the summary, the figures for Prometheus.

use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;
use std::time::SystemTime;

use gongkai_extract::Extractor;
use gongkai_pipeline::{Config, LogFormat, Metrics, Mode, Progress, RunError, SAMPLE_CONFIG, Summary};

use crate::args::{Log, RunOptions};
use crate::exit;

/// Runs the job and prints its summary.
pub fn execute(options: &RunOptions, extractor: &Extractor) -> anyhow::Result<ExitCode> {
    let config = config(options)?;
    let progress = Progress::new(log_format(options.log_format));
    let started = SystemTime::now();
    let mode = Mode {
        dry_run: options.dry_run,
        full: options.full,
        allow_withdrawals: options.allow_withdrawals,
    };
    let result = gongkai_pipeline::run(&config, extractor, &progress, mode);
    let result = result.map_err(|error| with_config(error, options));
    let exit_code = match &result {
        Ok(summary) if summary.counts.failed_share() > config.max_reject_share => exit::LOOK,
        Ok(summary) if summary.tally.stale + summary.tally.lost > 0 => exit::LOOK,
        Ok(_) => exit::DONE,
        Err(error) => crate::code_of(error),
    };
    let metrics = Metrics {
        started,
        ended: SystemTime::now(),
        exit_code,
        summary: result.as_ref().ok(),
        engine: env!("CARGO_PKG_VERSION"),
        data: &extractor.lexicon().version,
    };
    leave_metrics(&metrics, &config, options, &progress);
    let summary = result?;
    // Printed or not, the snapshot is published: the exit code is the run's. A reader that left knows as much as it wants.
    if let Err(error) = tell(&summary, options, &progress)
        && error.kind() != ErrorKind::BrokenPipe
    {
        let text = format!("the summary could not be printed: {error}");
        let fields = serde_json::json!({ "message": error.to_string() });
        progress.warn("summary_not_printed", &text, &fields);
    }
    if summary.counts.failed_share() > config.max_reject_share {
        warn_of_rejects(&summary, &config, &progress);
    }
    if summary.tally.stale + summary.tally.lost > 0 {
        warn_of_unreadable(&summary, &progress);
    }
    Ok(ExitCode::from(exit_code))
}

/// How log lines are written.
pub fn log_format(log: Log) -> LogFormat {
    match log {
        Log::Text => LogFormat::Text,
        Log::Json => LogFormat::Json,
    }
}

/// A run that must not write leaves nothing. Nor does one that found another: the figures belong to the run that goes on.
fn leave_metrics(metrics: &Metrics<'_>, config: &Config, options: &RunOptions, progress: &Progress) {
    let Some(path) = &config.metrics else { return };
    if options.dry_run || metrics.exit_code == exit::LOCKED {
        return;
    }
    if let Err(error) = metrics.write(path) {
        let message = error.to_string();
        progress.warn("metrics_failed", &message, &serde_json::json!({ "message": message }));
    }
}

/// Prints the summary; programs get it as an event, so that every line of theirs is JSON.
fn tell(summary: &Summary, options: &RunOptions, progress: &Progress) -> std::io::Result<()> {
    match (options.log_format, &summary.published) {
        (Log::Text, _) => writeln!(std::io::stdout(), "{summary}"),
        (Log::Json, None) => Ok(()),
        (Log::Json, Some(published)) => {
            let fields = serde_json::json!({
                "snapshot": published.id,
                "path": published.path.display().to_string(),
                "changed": published.is_another(),
                "dumps": published.tally,
                "files_taken_over": published.linked,
                "changes": published.changes(),
                "rows": published.rows,
                "seconds": summary.elapsed.as_secs_f64(),
            });
            progress.event("published", "", &fields);
            Ok(())
        }
    }
}

fn warn_of_rejects(summary: &Summary, config: &Config, progress: &Progress) {
    let (share, limit) = (summary.counts.failed_share(), config.max_reject_share);
    let text = format!("{:.1}% of the dumps failed; max_reject_share is {limit}", share * 100.0);
    let fields = serde_json::json!({ "share": share, "max_reject_share": limit });
    progress.warn("too_many_rejects", &text, &fields);
}

fn warn_of_unreadable(summary: &Summary, progress: &Progress) {
    let gongkai_dataset::Tally { stale, lost, .. } = summary.tally;
    let text = format!(
        "{} dumps that could be read before cannot be read: {stale} keep the rows of an earlier night, {lost} are withdrawn",
        stale + lost
    );
    let fields = serde_json::json!({ "stale": stale, "lost": lost });
    progress.warn("unreadable", &text, &fields);
}

/// Where an input comes from a file, the message names the file: that is where a wrong path is put right.
fn with_config(error: RunError, options: &RunOptions) -> anyhow::Error {
    let is_input = matches!(error, RunError::Input { .. } | RunError::EmptyInput { .. });
    match &options.config {
        Some(file) if is_input && options.input.is_empty() => {
            let place = format!("{}: [[input]] cannot be used", file.display());
            anyhow::Error::new(error).context(place)
        }
        _ => error.into(),
    }
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
