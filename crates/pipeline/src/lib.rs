//! Wires the stages: walk, read, decode, extract, write; in parallel, with progress.
//!
//! Knows nothing of how any stage works inside.

mod config;
mod dump;
mod feed;
mod inputs;
mod metrics;
mod progress;
mod run;
mod summary;

pub use config::{Config, ConfigError, DEFAULT_SECONDS_PER_DUMP, Input, SAMPLE_CONFIG};
pub use dump::{DumpReader, Looked, Reading, ReadingError};
pub use metrics::{Metrics, MetricsError};
pub use progress::{Level, LogFormat, Progress};
pub use run::{Mode, RunError, run};
pub use summary::Summary;
