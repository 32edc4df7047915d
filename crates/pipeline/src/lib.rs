//! Wires the stages: walk, read, decode, extract, write; in parallel, with progress.
//!
//! Knows nothing of how any stage works inside.

mod config;
mod dump;
mod metrics;
mod progress;
mod run;
mod summary;

pub use config::{Config, ConfigError, Input, SAMPLE_CONFIG};
pub use dump::{DumpReader, Reading};
pub use metrics::{Metrics, MetricsError};
pub use progress::{Level, LogFormat, Progress};
pub use run::{RunError, run};
pub use summary::{Counts, Summary};
