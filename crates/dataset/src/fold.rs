//! What the store holds of a table and what came since, made one sorted run: the next store's.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::error::DatasetError;
use crate::key::{CopyKey, Tail};
use crate::merge::merge;
use crate::spill::{Keeping, Run, RunWriter, SpillFolder};

/// What a run of the next store is made of.
pub(crate) struct Folding<'a> {
    /// What the store holds.
    pub before: Option<Run>,
    /// What came since.
    pub fresh: Vec<Run>,
    /// Copies that do not count any more.
    pub dead: &'a FxHashSet<CopyKey>,
    /// Where the run goes.
    pub to: PathBuf,
    pub spill: &'a SpillFolder,
}

impl Folding<'_> {
    /// Makes one run of the rows that still count; of rows with one key the first is taken.
    pub(crate) fn run(self) -> Result<Run, DatasetError> {
        match self.linked() {
            Some(run) => Ok(run),
            None => self.merged(|_, _| Ok(())),
        }
    }

    /// The same; gives every row of the run, too.
    pub(crate) fn each(
        self,
        mut each: impl FnMut(&[u8], &[u8]) -> Result<(), DatasetError>,
    ) -> Result<Run, DatasetError> {
        match self.linked() {
            Some(run) => merge(vec![run.clone()], self.spill, true, each).map(|()| run),
            None => self.merged(&mut each),
        }
    }

    /// The only run there is, where all of it counts.
    fn linked(&self) -> Option<Run> {
        match (&self.before, self.fresh.as_slice()) {
            (None, [only]) if self.dead.is_empty() && only.keeping != Keeping::Temporary => linked(only, &self.to),
            _ => None,
        }
    }

    fn merged(self, mut each: impl FnMut(&[u8], &[u8]) -> Result<(), DatasetError>) -> Result<Run, DatasetError> {
        let mut run = RunWriter::create(self.to)?;
        let runs = self.before.into_iter().chain(self.fresh).collect();
        merge(runs, self.spill, true, |key, payload| {
            if !self.dead.is_empty() && self.dead.contains(&Tail::copy_of(key)) {
                return Ok(());
            }
            run.push(key, payload)?;
            each(key, payload)
        })?;
        run.finish(Keeping::Lasting)
    }
}

/// The same file under another name, where the file system can do that.
fn linked(run: &Run, to: &Path) -> Option<Run> {
    std::fs::hard_link(&run.path, to).ok()?;
    Some(Run {
        path: to.to_owned(),
        ..run.clone()
    })
}
