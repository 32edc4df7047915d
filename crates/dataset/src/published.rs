//! What there is to say of a snapshot that was published: to the caller, in `run.json`, and to the next night.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::counts::Counts;
use crate::diff::Totals;
use crate::error::{AtPath, DatasetError};
use crate::volumes::Jump;
use crate::years::YearCounts;

/// The file that may hold a clock: it is no part of the snapshot's id.
pub(crate) const RUN_FILE: &str = "run.json";

/// What a snapshot holds, as the store remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    pub id: String,
    pub rows: BTreeMap<String, u64>,
    pub years: YearCounts,
    pub counts: Counts,
    /// Observations by category.
    pub volumes: BTreeMap<String, u64>,
}

/// How the dumps that a run found compare with those of the last snapshot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Dumps that were not there, or whose rows could not be used.
    pub new: u64,
    /// Dumps that are others now.
    pub changed: u64,
    /// Dumps that are what they were.
    pub same: u64,
    /// Dumps that a run which died had read.
    pub resumed: u64,
    /// Dumps that are gone, those that are lost among them.
    pub withdrawn: u64,
    /// Dumps that could not be read and keep the rows of an earlier night.
    pub stale: u64,
    /// Dumps that could not be read and whose rows of an earlier night cannot be used, so that they are withdrawn.
    pub lost: u64,
}

/// A snapshot that analysts can read now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// Sixteen hexadecimal digits that depend on the content alone.
    pub id: String,
    /// Its folder.
    pub path: PathBuf,
    /// Number of rows of each table.
    pub rows: BTreeMap<String, u64>,
    /// How many identities hold between reports on successive years.
    pub years: YearCounts,
    /// What it holds.
    pub counts: Counts,
    /// What the run found.
    pub tally: Tally,
    /// Whether a snapshot with this content was there already.
    pub unchanged: bool,
    /// Files that were taken over from the snapshot before, not written.
    pub linked: u64,
    /// What it changes against the snapshot that analysts read before.
    pub comparison: Comparison,
    /// Categories that have far more or fewer observations than before.
    pub jumps: Vec<Jump>,
    /// Files of published snapshots that were not as they were written; the snapshot that analysts read now has them anew.
    pub damaged: Vec<PathBuf>,
    /// Where something went that stood in the place of the snapshot and was none.
    pub set_aside: Option<PathBuf>,
}

impl Published {
    /// Whether analysts read another snapshot than before.
    #[must_use]
    pub fn is_another(&self) -> bool {
        !self.unchanged || self.comparison != Comparison::None
    }

    /// What it changes against the snapshot before, as `run.json` has it.
    #[must_use]
    pub fn changes(&self) -> Value {
        match &self.comparison {
            Comparison::Totals(totals) => changes(totals),
            Comparison::None | Comparison::Failed(_) => Value::Null,
        }
    }
}

/// What a snapshot changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Comparison {
    /// There was none before, or the same.
    #[default]
    None,
    /// So much.
    Totals(Totals),
    /// The one before cannot be read, for this reason.
    Failed(String),
}

/// A snapshot of which nothing but itself is known.
pub(crate) fn published(snapshot: Snapshot, path: PathBuf, tally: Tally, unchanged: bool) -> Published {
    Published {
        id: snapshot.id,
        path,
        rows: snapshot.rows,
        years: snapshot.years,
        counts: snapshot.counts,
        tally,
        unchanged,
        linked: 0,
        comparison: Comparison::None,
        jumps: Vec::new(),
        damaged: Vec::new(),
        set_aside: None,
    }
}

/// What the `run.json` of a folder says: it proves that a folder is a snapshot of this program.
pub(crate) fn read_run(folder: &Path) -> Option<Value> {
    let bytes = std::fs::read(folder.join(RUN_FILE)).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// The snapshot that a `run.json` names.
pub(crate) fn snapshot_named(run: &Value) -> Option<&str> {
    run.get("snapshot").and_then(Value::as_str)
}

/// The text of `run.json`: what the caller gives, with what the snapshot is put in.
pub(crate) fn run_text(
    mut run: Value,
    snapshot: &Snapshot,
    tally: Tally,
    comparison: &Comparison,
    root: &Path,
) -> Result<String, DatasetError> {
    if let Some(run) = run.as_object_mut() {
        run.insert("snapshot".to_owned(), snapshot.id.clone().into());
        run.insert("counts".to_owned(), serde_json::to_value(&snapshot.counts).at(root)?);
        run.insert("dumps".to_owned(), serde_json::to_value(tally).at(root)?);
        run.insert(
            "observations_by_category".to_owned(),
            serde_json::to_value(&snapshot.volumes).at(root)?,
        );
        if let Comparison::Totals(totals) = comparison {
            run.insert("changes".to_owned(), changes(totals));
        }
        run.insert("rows".to_owned(), serde_json::to_value(&snapshot.rows).at(root)?);
        run.insert("year_checks".to_owned(), serde_json::to_value(snapshot.years).at(root)?);
    }
    serde_json::to_string_pretty(&run).map(|text| text + "\n").at(root)
}

/// Totals of a comparison, as `run.json` has them.
fn changes(totals: &Totals) -> Value {
    let differences = totals.differences.iter().map(|((record, change), count)| {
        let name = format!("{}s_{}", record.as_str(), change.as_str());
        (name, Value::from(*count))
    });
    differences.collect()
}
