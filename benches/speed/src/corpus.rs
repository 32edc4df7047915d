//! The dumps that everything is measured on: the forge's profile `bulk`, the same for a seed on every machine.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;
use gongkai_forge::forge::Forge;
use gongkai_forge::plan::Profile;
use gongkai_forge::write::{Written, write_corpus};
use serde::Serialize;

/// What the dumps of a folder are like.
#[derive(Debug, Clone, Serialize)]
pub struct Corpus {
    /// Dumps.
    pub dumps: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Half of them are larger.
    pub median_bytes: u64,
    /// Median share of a page that is report text and tables with their markup.
    pub median_article_share: f64,
    /// Share of dumps that are reports.
    pub report_share: f64,
    /// Time it took to forge them, in seconds.
    pub seconds: f64,
}

/// Where the truth on the dumps of a folder lies: beside it, so that nobody reads it as a dump.
pub fn truth_of(folder: &Path) -> PathBuf {
    folder.with_extension("truth.jsonl")
}

/// Forges `count` dumps below `folder`, which must not exist, and their truth.
///
/// # Errors
/// When a file cannot be written.
pub fn forge(count: u64, seed: u64, folder: &Path) -> anyhow::Result<Corpus> {
    let started = Instant::now();
    let written = write_corpus(&Forge::new(seed, Profile::Bulk)?, count, folder)?;
    let truth = folder.join("truth.jsonl");
    fs::rename(&truth, truth_of(folder)).with_context(|| truth.display().to_string())?;
    Ok(Corpus::new(&written, started.elapsed().as_secs_f64()))
}

impl Corpus {
    #[allow(clippy::cast_precision_loss)]
    fn new(written: &Written, seconds: f64) -> Self {
        Self {
            dumps: written.documents,
            bytes: written.bytes,
            median_bytes: written.median_bytes,
            median_article_share: written.median_article_share,
            report_share: written.reports as f64 / written.documents.max(1) as f64,
            seconds,
        }
    }
}

impl fmt::Display for Corpus {
    #[allow(clippy::cast_precision_loss)]
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            to,
            "dumps      {} ({:.0} % reports), {:.1} MB, forged at {:.0} pages/s",
            self.dumps,
            100.0 * self.report_share,
            self.bytes as f64 / 1e6,
            self.dumps as f64 / self.seconds
        )?;
        write!(
            to,
            "median     {:.1} KB a page, {:.0} % of it report text and tables",
            self.median_bytes as f64 / 1e3,
            100.0 * self.median_article_share
        )
    }
}
