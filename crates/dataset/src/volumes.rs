//! How many observations each category has: what tells that a night lost a category or found one everywhere.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::DatasetError;
use crate::key::{Key, partition_of};
use crate::merge::merge;
use crate::spill::{Keeping, Run, RunWriter, SpillFolder};
use crate::worker::row_error;

/// Numbers of observations by category, in the order of categories.
pub(crate) type Volumes = Vec<(String, u64)>;

/// Writes the volumes of all partitions: those that were written now, and of the last night those that were not touched.
/// Gives the run and the sums.
pub(crate) fn write(
    mut now: BTreeMap<String, Volumes>,
    before: Option<Run>,
    touched: &BTreeSet<String>,
    mut run: RunWriter,
    spill: &SpillFolder,
) -> Result<(Run, BTreeMap<String, u64>), DatasetError> {
    let error = |error| row_error(spill.path(), "volumes", error);
    merge(before.into_iter().collect(), spill, false, |key, payload| {
        let partition = partition_of(key);
        if !touched.contains(partition) {
            now.insert(partition.to_owned(), postcard::from_bytes(payload).map_err(error)?);
        }
        Ok(())
    })?;
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    let mut key = Key::default();
    for (partition, volumes) in now {
        key.start().text(&partition);
        run.push(key.bytes(), &postcard::to_stdvec(&volumes).map_err(error)?)?;
        for (category, count) in volumes {
            *sums.entry(category).or_default() += count;
        }
    }
    Ok((run.finish(Keeping::Lasting)?, sums))
}

/// A category that has far more or fewer observations than the change of all others would make one expect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jump {
    /// Dotted code.
    pub category: String,
    /// Observations in the snapshot before.
    pub before: u64,
    /// Observations now.
    pub now: u64,
}

/// The share of what was to be expected by which a category must differ to be told.
const JUMP_SHARE: f64 = 0.25;
/// The observations by which it must differ at least: little categories change by chance.
const JUMP_LEAST: f64 = 20.0;

/// The categories that jump.
pub(crate) fn jumps(before: &BTreeMap<String, u64>, now: &BTreeMap<String, u64>) -> Vec<Jump> {
    if before.is_empty() {
        return Vec::new();
    }
    let sum = |volumes: &BTreeMap<String, u64>| volumes.values().sum::<u64>();
    #[allow(clippy::cast_precision_loss)]
    let growth = sum(now) as f64 / sum(before).max(1) as f64;
    let categories: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let jump = |category: &String| {
        let of = |volumes: &BTreeMap<String, u64>| volumes.get(category).copied().unwrap_or_default();
        let (before, now) = (of(before), of(now));
        #[allow(clippy::cast_precision_loss)]
        let (expected, found) = (before as f64 * growth, now as f64);
        let off = (found - expected).abs();
        (off >= JUMP_LEAST && off > expected * JUMP_SHARE).then(|| Jump {
            category: category.clone(),
            before,
            now,
        })
    };
    categories.into_iter().filter_map(jump).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_jumps_against_the_growth_of_all() {
        let volumes = |counts: &[(&str, u64)]| -> BTreeMap<String, u64> {
            counts
                .iter()
                .map(|(name, count)| ((*name).to_owned(), *count))
                .collect()
        };
        let check = |before: &[(&str, u64)], now: &[(&str, u64)], expected: &[&str]| {
            let found = jumps(&volumes(before), &volumes(now));
            let names: Vec<&str> = found.iter().map(|jump| jump.category.as_str()).collect();
            assert_eq!(names, expected, "{before:?} {now:?}");
        };
        let rest = ("rest", 100_000);
        check(&[("a", 100), rest], &[("a", 100), rest], &[]);
        check(&[("a", 100), rest], &[("a", 76), rest], &[]);
        check(&[("a", 100), rest], &[("a", 70), rest], &["a"]);
        check(&[("a", 100), rest], &[rest], &["a"]);
        check(&[rest], &[("a", 100), rest], &["a"]);
        check(&[("a", 30), rest], &[("a", 15), rest], &[]);
        // Everything doubles: what does not is told.
        check(&[("a", 100), rest], &[("a", 200), ("rest", 200_000)], &[]);
        check(&[("a", 100), rest], &[("a", 100), ("rest", 200_000)], &["a"]);
        check(&[], &[("a", 100), rest], &[]);
    }
}
