//! Where every copy of every report stands in the dataset: what tells which partitions a night touches.
//!
//! A partition's files depend on the rows of its reports, and on which copies and reports stand for others. Both are in
//! the placement of a copy: a partition in which no placement came, went or changed has the files it had.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::copies::Copies;
use crate::error::DatasetError;
use crate::key::Tail;
use crate::merge::Merged;
use crate::spill::{Keeping, Run, RunWriter, SpillFolder};
use crate::worker::row_error;

/// Where a copy of a report stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Placement {
    /// The partition of its values.
    values: String,
    /// The partition of its page.
    pages: String,
    /// Whether it is the copy that is taken.
    stands: bool,
    /// The report that stands for it.
    duplicate_of: Option<String>,
}

/// The partitions of a report: they stand before its row, so that they can be read without it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Places<'a> {
    /// That of its values.
    pub values: &'a str,
    /// That of its page, which the page's first report decides.
    pub pages: &'a str,
}

impl<'a> Places<'a> {
    /// The partitions of a report that waits, and its row, still packed.
    pub(crate) fn read(payload: &'a [u8]) -> postcard::Result<(Self, &'a [u8])> {
        postcard::take_from_bytes(payload)
    }
}

impl Placement {
    /// The placement of a copy, whose key is that of a report.
    pub(crate) fn of(report_id: &str, key: &[u8], places: Places<'_>, copies: &Copies) -> Self {
        Self {
            values: places.values.to_owned(),
            pages: places.pages.to_owned(),
            stands: copies.stands(report_id, Tail::copy_of(key)),
            duplicate_of: copies.links.standing_for(report_id),
        }
    }
}

/// The partitions whose files must be written.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    pub values: BTreeSet<String>,
    pub pages: BTreeSet<String>,
}

impl Touched {
    fn add(&mut self, placement: &Placement) {
        for (set, name) in [
            (&mut self.values, &placement.values),
            (&mut self.pages, &placement.pages),
        ] {
            if !set.contains(name) {
                set.insert(name.clone());
            }
        }
    }
}

/// Compares the placements of this night with those of the last one, in the order of reports.
pub(crate) struct Placements {
    before: Merged,
    ahead: Option<(Vec<u8>, Placement)>,
    path: PathBuf,
    now: RunWriter,
    touched: Touched,
}

impl Placements {
    /// Begins with the last night's, if there is one; this night's go to `path`.
    pub(crate) fn begin(before: Option<Run>, path: PathBuf, spill: &SpillFolder) -> Result<Self, DatasetError> {
        let mut placements = Self {
            before: Merged::open(before.into_iter().collect(), spill, false)?,
            ahead: None,
            now: RunWriter::create(path.clone())?,
            path,
            touched: Touched::default(),
        };
        placements.read()?;
        Ok(placements)
    }

    fn read(&mut self) -> Result<(), DatasetError> {
        let error = |error| placement_error(&self.path, error);
        self.ahead = match self.before.next()? {
            Some((key, payload)) => Some((key.to_vec(), postcard::from_bytes(payload).map_err(error)?)),
            None => None,
        };
        Ok(())
    }

    /// Takes the next placement.
    pub(crate) fn push(&mut self, key: &[u8], placement: &Placement) -> Result<(), DatasetError> {
        let payload = postcard::to_stdvec(placement).map_err(|error| placement_error(&self.path, error))?;
        self.now.push(key, &payload)?;
        while let Some((ahead, before)) = &self.ahead {
            match ahead.as_slice().cmp(key) {
                std::cmp::Ordering::Less => self.touched.add(before),
                std::cmp::Ordering::Equal => {
                    let is_same = before == placement;
                    if !is_same {
                        self.touched.add(before);
                        self.touched.add(placement);
                    }
                    return self.read();
                }
                std::cmp::Ordering::Greater => break,
            }
            self.read()?;
        }
        self.touched.add(placement);
        Ok(())
    }

    /// What was touched, and this night's placements.
    pub(crate) fn finish(mut self) -> Result<(Touched, Run), DatasetError> {
        while let Some((_, before)) = &self.ahead {
            self.touched.add(before);
            self.read()?;
        }
        Ok((self.touched, self.now.finish(Keeping::Lasting)?))
    }
}

fn placement_error(path: &Path, error: postcard::Error) -> DatasetError {
    row_error(path, "reports", error)
}
