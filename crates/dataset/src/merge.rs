//! The external sort's second half: sorted runs become one stream.
//!
//! At most [`FAN_IN`] runs are open at a time; more are merged into longer runs first. Holds one row of each open run.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::error::{AtPath, DatasetError};
use crate::spill::{RUN_BUFFER, SpillFolder};

/// How many runs are read at a time: bounds open files and read buffers.
pub(crate) const FAN_IN: usize = 128;

/// Gives every row of the runs in the order of their keys, and removes the runs. With `distinct`, of rows with one key
/// only the first is given: they come from dumps that are the same in place and bytes.
pub(crate) fn merge(
    runs: Vec<PathBuf>,
    folder: &SpillFolder,
    distinct: bool,
    mut each: impl FnMut(&[u8], &[u8]) -> Result<(), DatasetError>,
) -> Result<(), DatasetError> {
    let runs = shorten(runs, folder)?;
    let mut last: Option<Vec<u8>> = None;
    merge_few(&runs, &mut |key, payload| {
        if distinct {
            if last.as_deref() == Some(key) {
                return Ok(());
            }
            let last = last.get_or_insert_default();
            last.clear();
            last.extend_from_slice(key);
        }
        each(key, payload)
    })?;
    remove(&runs)
}

/// Merges runs into longer ones until few enough are left.
fn shorten(mut runs: Vec<PathBuf>, folder: &SpillFolder) -> Result<Vec<PathBuf>, DatasetError> {
    while runs.len() > FAN_IN {
        let mut longer = Vec::new();
        for few in runs.chunks(FAN_IN) {
            let mut run = folder.new_run()?;
            merge_few(few, &mut |key, payload| run.push(key, payload))?;
            longer.push(run.finish()?);
            remove(few)?;
        }
        runs = longer;
    }
    Ok(runs)
}

fn remove(runs: &[PathBuf]) -> Result<(), DatasetError> {
    runs.iter().try_for_each(|run| std::fs::remove_file(run).at(run))
}

fn merge_few(
    runs: &[PathBuf],
    each: &mut impl FnMut(&[u8], &[u8]) -> Result<(), DatasetError>,
) -> Result<(), DatasetError> {
    let mut heads = BinaryHeap::with_capacity(runs.len());
    for (order, path) in runs.iter().enumerate() {
        let mut head = Head::open(order, path)?;
        if head.advance()? {
            heads.push(head);
        }
    }
    while let Some(mut head) = heads.peek_mut() {
        each(&head.key, &head.payload)?;
        if !head.advance()? {
            PeekMut::pop(head);
        }
    }
    Ok(())
}

/// A run and the row it stands at.
struct Head<'a> {
    order: usize,
    path: &'a Path,
    file: BufReader<File>,
    key: Vec<u8>,
    payload: Vec<u8>,
}

impl<'a> Head<'a> {
    fn open(order: usize, path: &'a Path) -> Result<Self, DatasetError> {
        Ok(Self {
            order,
            path,
            file: BufReader::with_capacity(RUN_BUFFER, File::open(path).at(path)?),
            key: Vec::new(),
            payload: Vec::new(),
        })
    }

    /// Reads the next row; false at the end.
    fn advance(&mut self) -> Result<bool, DatasetError> {
        let mut lengths = [0; 8];
        let read = read_or_end(&mut self.file, &mut lengths).at(self.path)?;
        if !read {
            return Ok(false);
        }
        let [a, b, c, d, e, f, g, h] = lengths;
        let file = &mut self.file;
        read_into(file, u32::from_le_bytes([a, b, c, d]), &mut self.key)
            .and_then(|()| read_into(file, u32::from_le_bytes([e, f, g, h]), &mut self.payload))
            .at(self.path)?;
        Ok(true)
    }
}

/// Fills the bytes; false when the file ends before the first.
fn read_or_end(file: &mut BufReader<File>, bytes: &mut [u8]) -> std::io::Result<bool> {
    if file.fill_buf()?.is_empty() {
        return Ok(false);
    }
    file.read_exact(bytes).map(|()| true)
}

fn read_into(file: &mut impl Read, length: u32, bytes: &mut Vec<u8>) -> std::io::Result<()> {
    bytes.resize(length as usize, 0);
    file.read_exact(bytes)
}

/// The heap gives the greatest: the head with the smallest key, of equal ones the earliest run.
impl Ord for Head<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.key.cmp(&self.key).then_with(|| other.order.cmp(&self.order))
    }
}

impl PartialOrd for Head<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Head<'_> {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::spill::Spool;

    fn sorted(rows: &[u32], budget: usize, distinct: bool) -> (Vec<u32>, usize) {
        let folder = tempfile::tempdir().unwrap();
        let spill = SpillFolder::new(folder.path().to_owned(), budget);
        let mut spool = Spool::new(&spill, 1);
        for row in rows {
            let pack = |bytes: &mut Vec<u8>| {
                bytes.extend_from_slice(&row.to_be_bytes());
                Ok(())
            };
            spool.push(0, &row.to_be_bytes(), pack).unwrap();
            spool.relieve().unwrap();
        }
        let runs = spool.finish().unwrap().remove(0);
        let count = runs.len();
        let mut out = Vec::new();
        let each = |_: &[u8], payload: &[u8]| {
            out.push(u32::from_be_bytes(payload.try_into().unwrap()));
            Ok(())
        };
        merge(runs, &spill, distinct, each).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "runs are removed");
        (out, count)
    }

    #[test]
    fn many_runs_are_merged_in_rounds() {
        let rows: Vec<u32> = (0..10_000u32)
            .map(|row| row.wrapping_mul(2_654_435_761) % 5_000)
            .collect();
        let mut expected = rows.clone();
        expected.sort_unstable();
        let (out, runs) = sorted(&rows, 200, false);
        assert!(runs > FAN_IN * 2, "{runs}");
        assert_eq!(out, expected);
        expected.dedup();
        assert_eq!(sorted(&rows, 200, true).0, expected);
        assert_eq!(sorted(&rows, 1 << 20, true), (expected, 1));
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(sorted(&[], 10, false), (vec![], 0));
    }
}
