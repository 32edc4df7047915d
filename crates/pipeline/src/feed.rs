//! What there is to do: the walk over the inputs meets the dumps that were seen before; those that must be looked into
//! go to the workers.

use crossbeam_channel::Sender;
use gongkai_crawl::{Found, walk};
use gongkai_dataset::{DatasetError, Meeting, SeenDumps, Sighting, Sightings, Stamp};

use crate::config::Input;
use crate::progress::Progress;

/// Dumps are handed to workers in batches of this size.
const BATCH: usize = 16;

/// A dump that must be looked into.
#[derive(Debug)]
pub(crate) struct Task {
    pub found: Found,
    pub sighting: Sighting,
}

impl Task {
    /// Where the dump was found.
    pub(crate) fn origin(&self) -> &str {
        match &self.found {
            Found::File(file) => &file.origin,
            Found::Failed { origin, .. } => origin,
        }
    }
}

/// Walks the inputs. Gives how what was found compares with what was seen before.
pub(crate) fn feed(
    inputs: &[Input],
    mut seen: SeenDumps,
    sender: &Sender<Vec<Task>>,
    progress: &Progress,
) -> Result<Sightings, DatasetError> {
    // What was seen comes in the order of origins, which begin with the inputs' names.
    let mut inputs: Vec<&Input> = inputs.iter().collect();
    inputs.sort_by(|left, right| left.name.cmp(&right.name));
    let mut batch = Vec::with_capacity(BATCH);
    for found in inputs.iter().flat_map(|input| walk(&input.path, &input.name)) {
        let (meeting, stamp) = match &found {
            Found::File(file) => {
                let stamp = stamp(file);
                (seen.meet(&file.origin, Some(stamp))?, Some(stamp))
            }
            Found::Failed { origin, reason, .. } => (seen.meet_unreadable(origin, reason)?, None),
        };
        match meeting {
            Meeting::Same => progress.dump_done(0, 0),
            Meeting::Read(known) => {
                let sighting = Sighting { stamp, known };
                batch.push(Task { found, sighting });
            }
        }
        // When nobody listens any more the run has failed already, and says why itself.
        if batch.len() == BATCH && sender.send(std::mem::take(&mut batch)).is_err() {
            return seen.finish();
        }
    }
    if !batch.is_empty() {
        drop(sender.send(batch));
    }
    seen.finish()
}

fn stamp(file: &gongkai_crawl::FileRef) -> Stamp {
    Stamp {
        bytes: file.bytes,
        modified: file.modified,
        changed: file.changed,
    }
}

/// How many files there are.
pub(crate) fn count(inputs: &[Input]) -> u64 {
    inputs
        .iter()
        .map(|input| walk(&input.path, &input.name).count() as u64)
        .sum()
}
