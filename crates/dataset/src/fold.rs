//! What the store holds of a table and what came since, made one sorted run: the next store's.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::error::DatasetError;
use crate::key::{CopyKey, Tail};
use crate::merge::merge;
use crate::spill::{Keeping, Run, RunWriter, SpillFolder};

/// Makes one run of the rows that still count; of rows with one key the first is taken.
pub(crate) fn fold(
    before: Option<Run>,
    fresh: Vec<Run>,
    dead: &FxHashSet<CopyKey>,
    to: PathBuf,
    spill: &SpillFolder,
) -> Result<Run, DatasetError> {
    if let (None, [only]) = (&before, fresh.as_slice())
        && dead.is_empty()
        && only.keeping != Keeping::Temporary
        && let Some(run) = linked(only, &to)
    {
        return Ok(run);
    }
    let mut run = RunWriter::create(to)?;
    let runs = before.into_iter().chain(fresh).collect();
    merge(runs, spill, true, |key, payload| {
        match dead.is_empty() || !dead.contains(&Tail::copy_of(key)) {
            true => run.push(key, payload),
            false => Ok(()),
        }
    })?;
    run.finish(Keeping::Fresh)
}

/// The same file under another name, where the file system can do that.
fn linked(run: &Run, to: &Path) -> Option<Run> {
    std::fs::hard_link(&run.path, to).ok()?;
    Some(Run {
        path: to.to_owned(),
        ..run.clone()
    })
}
