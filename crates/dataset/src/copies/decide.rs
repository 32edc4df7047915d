//! The decision which reports and copies count, from the entries that all reports left.
//!
//! Three streams are read: the copies of every page, the reports of every body and year, and the reports with the same
//! facts. Of a stream only the group that is being decided is held, and most groups are one report that need not even
//! be unpacked.

use std::path::PathBuf;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::entry::{CopyBook, Rival, Twin};
use super::links::Finding;
use super::rivals::RivalJoiner;
use super::twins::TwinJoiner;
use super::{Copies, CopyFinder};
use crate::error::DatasetError;
use crate::key::{CopyKey, Key, Tail, first_text};
use crate::merge::{Merged, merge};
use crate::spill::{Run, SpillFolder, Spool};
use crate::worker::{Table, row_error};

/// What a decision is made from.
pub(crate) struct CopyRuns<'a> {
    pub spill: &'a Arc<SpillFolder>,
    pub book: &'a CopyBook,
    /// The reports, in few enough runs to be read at once. They stay.
    pub reports: Vec<Run>,
    pub rivals: Vec<Run>,
    pub twins: Vec<Run>,
}

impl CopyRuns<'_> {
    /// Decides; gives runs of problem rows, too.
    pub(crate) fn decide(self) -> Result<(Copies, Vec<Run>), DatasetError> {
        let mut copies = self.pages()?;
        let mut told = Told::new(self.spill);
        self.rivals(&mut copies, &mut told)?;
        self.twins(&mut copies)?;
        Ok((copies, told.finish()?))
    }

    /// The same page in several dumps.
    fn pages(&self) -> Result<Copies, DatasetError> {
        let mut finder = CopyFinder::default();
        let mut rows = Merged::open(self.reports.clone(), self.spill, true)?;
        while let Some((key, _)) = rows.next()? {
            finder.push(first_text(key).unwrap_or_default(), Tail::copy_of(key));
        }
        Ok(finder.finish())
    }

    /// Copies and versions among the reports of one body and year.
    fn rivals(&self, copies: &mut Copies, told: &mut Told) -> Result<(), DatasetError> {
        let mut joiner = RivalJoiner::new(&self.book.facts);
        self.each_of_groups(
            self.rivals.clone(),
            Key::rivals_of,
            |member: Option<(CopyKey, Rival)>| {
                let findings = match member {
                    Some((copy, rival)) if copies.stands(&rival.report_id, copy) => {
                        Vec::from_iter(joiner.push(rival, copy))
                    }
                    Some(_) => Vec::new(),
                    None => joiner.finish_group(&mut copies.links),
                };
                findings.into_iter().try_for_each(|finding| told.push(finding))
            },
        )
    }

    /// Reports of an unknown body or year among those with the same facts.
    fn twins(&self, copies: &mut Copies) -> Result<(), DatasetError> {
        let mut joiner = TwinJoiner::default();
        self.each_of_groups(self.twins.clone(), Key::twins_of, |member: Option<(CopyKey, Twin)>| {
            match member {
                Some((copy, twin)) if copies.stands(&twin.report_id, copy) => joiner.push(twin, &mut copies.links),
                Some(_) => {}
                None => joiner.finish_group(),
            }
            Ok(())
        })
    }

    /// Gives the rows of every group that has more than one, each with its copy, and nothing behind the last of a group.
    /// Rows are of one group when the keys' beginnings are equal.
    fn each_of_groups<R: DeserializeOwned>(
        &self,
        runs: Vec<Run>,
        group_of: fn(&[u8]) -> &[u8],
        mut take: impl FnMut(Option<(CopyKey, R)>) -> Result<(), DatasetError>,
    ) -> Result<(), DatasetError> {
        let read = |key: &[u8], payload: &[u8]| {
            let row = postcard::from_bytes(payload);
            let row = row.map_err(|error| row_error(self.spill.path(), Table::Rivals.name(), error))?;
            Ok::<_, DatasetError>(Some((Tail::copy_of(key), row)))
        };
        // The first row of the group waits packed until there is a second.
        let (mut first_key, mut first_payload, mut is_open) = (Vec::new(), Vec::new(), false);
        merge(runs, self.spill, true, |key, payload| {
            if !first_key.is_empty() && group_of(&first_key) == group_of(key) {
                if !is_open {
                    take(read(&first_key, &first_payload)?)?;
                }
                is_open = true;
                return take(read(key, payload)?);
            }
            if std::mem::take(&mut is_open) {
                take(None)?;
            }
            first_key.clear();
            first_key.extend_from_slice(key);
            first_payload.clear();
            first_payload.extend_from_slice(payload);
            Ok(())
        })?;
        if is_open { take(None) } else { Ok(()) }
    }
}

/// Findings as they wait to be sorted among the problems of their reports.
struct Told {
    spool: Spool,
    folder: PathBuf,
    key: Key,
    count: u32,
}

impl Told {
    fn new(spill: &Arc<SpillFolder>) -> Self {
        Self {
            spool: Spool::small(spill),
            folder: spill.path().to_owned(),
            key: Key::default(),
            count: 0,
        }
    }

    fn push(&mut self, finding: Finding) -> Result<(), DatasetError> {
        // The problems that extraction met have the sequence 0.
        self.count += 1;
        let tail = Tail {
            copy: finding.copy,
            sequence: self.count,
        };
        self.key.of_report(&finding.problem.report_id, tail);
        let packed = self.spool.push(0, self.key.bytes(), |bytes| {
            postcard::to_io(&[&finding.problem][..], bytes).map(|_| ())
        });
        packed.map_err(|error| row_error(&self.folder, Table::Problems.name(), error))?;
        self.spool.relieve()
    }

    fn finish(self) -> Result<Vec<Run>, DatasetError> {
        Ok(self.spool.finish()?.into_iter().flatten().collect())
    }
}
