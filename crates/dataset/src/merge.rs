//! The external sort's second half: sorted runs become one stream.
//!
//! At most [`FAN_IN`] runs are open at a time; more are merged into longer runs first. Holds one key of each open run and
//! one payload: page texts are long, and a payload from each run would take more memory than all else here.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read, Seek, SeekFrom, Take};
use std::path::PathBuf;

use crate::error::{AtPath, DatasetError};
use crate::spill::{Keeping, ROW_LENGTHS, RUN_BUFFER, Run, SpillFolder};

/// How many runs are read at a time: bounds open files and read buffers.
pub(crate) const FAN_IN: usize = 128;

/// Gives every row of the runs in the order of their keys, and removes the temporary runs. With `distinct`, of rows with one key
/// only the first is given: they come from dumps that are the same in place and bytes.
pub(crate) fn merge(
    runs: Vec<Run>,
    folder: &SpillFolder,
    distinct: bool,
    mut each: impl FnMut(&[u8], &[u8]) -> Result<(), DatasetError>,
) -> Result<(), DatasetError> {
    let mut rows = Merged::new(shorten(runs, folder)?, distinct)?;
    while let Some((key, payload)) = rows.next()? {
        each(key, payload)?;
    }
    rows.remove()
}

/// The same with the rows of one more run, as far as they are `wanted`.
pub(crate) fn merge_with(
    before: Option<Run>,
    mut wanted: impl FnMut(&[u8], &[u8]) -> Result<bool, DatasetError>,
    runs: Vec<Run>,
    folder: &SpillFolder,
    mut each: impl FnMut(&[u8], &[u8]) -> Result<(), DatasetError>,
) -> Result<(), DatasetError> {
    // The run before is the first of all, whatever becomes of the others.
    let has_before = before.is_some();
    let runs = before.into_iter().chain(shorten(runs, folder)?).collect();
    let mut rows = Merged::new(runs, false)?;
    while rows.advance()? {
        let Some((order, key, payload)) = rows.current() else {
            break;
        };
        if !has_before || order > 0 || wanted(key, payload)? {
            each(key, payload)?;
        }
    }
    rows.remove()
}

/// A row as it waits.
type KeyAndPayload<'a> = (&'a [u8], &'a [u8]);

/// The rows of runs, one after the other. They keep their runs until they are told to remove them.
pub(crate) struct Merged {
    runs: Vec<Run>,
    heads: BinaryHeap<Head>,
    /// The key of the row before, where rows with one key are given once.
    last: Option<Vec<u8>>,
    /// The payload of the row that was given.
    payload: Vec<u8>,
    /// Whether the first head stands at a row that was given.
    is_taken: bool,
}

impl Merged {
    /// The same rows as [`merge`] gives, for whoever wants to take them himself.
    pub(crate) fn open(runs: Vec<Run>, folder: &SpillFolder, distinct: bool) -> Result<Self, DatasetError> {
        Self::new(shorten(runs, folder)?, distinct)
    }

    fn new(runs: Vec<Run>, distinct: bool) -> Result<Self, DatasetError> {
        let mut heads = BinaryHeap::with_capacity(runs.len());
        for (order, run) in runs.iter().enumerate() {
            let mut head = Head::open(order, run)?;
            if head.advance()? {
                heads.push(head);
            }
        }
        Ok(Self {
            runs,
            heads,
            last: distinct.then(Vec::new),
            payload: Vec::new(),
            is_taken: false,
        })
    }

    /// The next key and payload.
    pub(crate) fn next(&mut self) -> Result<Option<KeyAndPayload<'_>>, DatasetError> {
        let is_there = self.advance()?;
        let current = self.current().filter(|_| is_there);
        Ok(current.map(|(_, key, payload)| (key, payload)))
    }

    /// The row that was advanced to, and the place of its run among all.
    fn current(&self) -> Option<(usize, &[u8], &[u8])> {
        let head = self.heads.peek()?;
        Some((head.order, head.key.as_slice(), self.payload.as_slice()))
    }

    /// Goes on to the next row; false at the end.
    fn advance(&mut self) -> Result<bool, DatasetError> {
        loop {
            if std::mem::replace(&mut self.is_taken, true)
                && let Some(mut head) = self.heads.peek_mut()
                && !head.advance()?
            {
                PeekMut::pop(head);
            }
            let Some(mut head) = self.heads.peek_mut() else {
                return Ok(false);
            };
            head.read_payload(&mut self.payload)?;
            match &mut self.last {
                // No key is empty.
                Some(last) if *last == head.key => {}
                Some(last) => {
                    last.clone_from(&head.key);
                    return Ok(true);
                }
                None => return Ok(true),
            }
        }
    }

    /// Removes the temporary runs.
    pub(crate) fn remove(&mut self) -> Result<(), DatasetError> {
        self.heads.clear();
        remove(&std::mem::take(&mut self.runs))
    }
}

/// Merges runs into longer ones until few enough are left to be read at a time, as often as is wanted.
pub(crate) fn shorten(mut runs: Vec<Run>, folder: &SpillFolder) -> Result<Vec<Run>, DatasetError> {
    while runs.len() > FAN_IN {
        let mut longer = Vec::new();
        for few in runs.chunks(FAN_IN) {
            let mut run = folder.new_run()?;
            let mut rows = Merged::new(few.to_vec(), false)?;
            while let Some((key, payload)) = rows.next()? {
                run.push(key, payload)?;
            }
            longer.push(run.finish(Keeping::Temporary)?);
            rows.remove()?;
        }
        runs = longer;
    }
    Ok(runs)
}

fn remove(runs: &[Run]) -> Result<(), DatasetError> {
    let temporary = runs.iter().filter(|run| run.keeping == Keeping::Temporary);
    temporary
        .map(|run| &run.path)
        .try_for_each(|path| std::fs::remove_file(path).at(path))
}

/// A run and the row it stands at.
struct Head {
    order: usize,
    path: PathBuf,
    file: BufReader<Take<File>>,
    /// Bytes of the run that no row has taken yet.
    rest: u64,
    key: Vec<u8>,
    /// Bytes of the payload, which are the next in the file.
    payload: u32,
}

impl Head {
    fn open(order: usize, run: &Run) -> Result<Self, DatasetError> {
        let mut file = File::open(&run.path).at(&run.path)?;
        if run.start > 0 {
            file.seek(SeekFrom::Start(run.start)).at(&run.path)?;
        }
        Ok(Self {
            order,
            file: BufReader::with_capacity(RUN_BUFFER, file.take(run.bytes)),
            path: run.path.clone(),
            rest: run.bytes,
            key: Vec::new(),
            payload: 0,
        })
    }

    /// Goes on to the next row, whose payload must have been read before; false at the end.
    fn advance(&mut self) -> Result<bool, DatasetError> {
        if self.file.fill_buf().at(&self.path)?.is_empty() {
            return self.check_end().map(|()| false);
        }
        let mut lengths = [0; ROW_LENGTHS as usize];
        self.take(ROW_LENGTHS)?;
        read_exactly(&mut self.file, &mut lengths, &self.path)?;
        let [a, b, c, d, e, f, g, h] = lengths;
        let key = u32::from_le_bytes([a, b, c, d]);
        self.payload = u32::from_le_bytes([e, f, g, h]);
        self.take(u64::from(key) + u64::from(self.payload))?;
        self.key.resize(key as usize, 0);
        read_exactly(&mut self.file, &mut self.key, &self.path)?;
        Ok(true)
    }

    fn read_payload(&mut self, payload: &mut Vec<u8>) -> Result<(), DatasetError> {
        payload.resize(self.payload as usize, 0);
        read_exactly(&mut self.file, payload, &self.path)
    }

    /// Lengths in a damaged run may be anything: nothing longer than the run is asked for.
    fn take(&mut self, bytes: u64) -> Result<(), DatasetError> {
        let rest = self.rest.checked_sub(bytes);
        self.rest = rest.ok_or_else(|| damaged(&self.path))?;
        Ok(())
    }

    fn check_end(&self) -> Result<(), DatasetError> {
        match self.rest {
            0 => Ok(()),
            _ => Err(damaged(&self.path)),
        }
    }
}

fn damaged(path: &std::path::Path) -> DatasetError {
    DatasetError::damaged(path, "it ends within a row")
}

fn read_exactly(file: &mut impl Read, bytes: &mut [u8], path: &std::path::Path) -> Result<(), DatasetError> {
    match file.read_exact(bytes) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(damaged(path)),
        read => read.at(path),
    }
}

/// The heap gives the greatest: the head with the smallest key, of equal ones the earliest run.
impl Ord for Head {
    fn cmp(&self, other: &Self) -> Ordering {
        other.key.cmp(&self.key).then_with(|| other.order.cmp(&self.order))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Head {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::spill::Spool;

    fn sorted(rows: &[u32], budget: usize, distinct: bool) -> (Vec<u32>, usize) {
        let folder = tempfile::tempdir().unwrap();
        let spill = SpillFolder::new(folder.path().to_owned(), budget);
        let mut spool = Spool::alone(&spill);
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
    fn of_the_run_before_only_what_is_wanted_comes() {
        let folder = tempfile::tempdir().unwrap();
        let spill = SpillFolder::new(folder.path().to_owned(), 1 << 20);
        let run = |rows: &[u8], keeping| {
            let mut run = spill.new_run().unwrap();
            rows.iter().try_for_each(|row| run.push(&[*row], &[*row])).unwrap();
            run.finish(keeping).unwrap()
        };
        let check = |before: Option<&[u8]>, runs: &[&[u8]], expected: &[u8]| {
            let before = before.map(|rows| run(rows, Keeping::Lasting));
            let runs = runs.iter().map(|rows| run(rows, Keeping::Temporary)).collect();
            let mut out = Vec::new();
            let is_even = |key: &[u8], _: &[u8]| Ok(key[0].is_multiple_of(2));
            let each = |_: &[u8], payload: &[u8]| {
                out.push(payload[0]);
                Ok(())
            };
            merge_with(before, is_even, runs, &spill, each).unwrap();
            assert_eq!(out, expected);
        };
        check(Some(&[1, 2, 3, 4]), &[&[1, 5], &[3, 6]], &[1, 2, 3, 4, 5, 6]);
        check(None, &[&[1, 5], &[3, 6]], &[1, 3, 5, 6]);
        check(Some(&[1, 2, 3, 4]), &[], &[2, 4]);
        // More runs than are read at a time.
        let many = vec![[1u8, 7].as_slice(); 2 * FAN_IN];
        let expected = [vec![1; 2 * FAN_IN], vec![2], vec![7; 2 * FAN_IN]].concat();
        check(Some(&[1, 2]), &many, &expected);
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(sorted(&[], 10, false), (vec![], 0));
    }
}
