//! The mentions that checks name: wanted by report and place, found in one reading of the mentions.

use std::collections::BTreeSet;

use gongkai_extract::{Applicant, Method, Period};
use gongkai_lexicon::CategoryId;
use rustc_hash::FxHashMap;

use super::Snapshot;
use super::index::{Id, Index, id_of};
use crate::error::DatasetError;
use crate::name::Named;
use crate::rows::MentionRow;
use crate::table::Row;

/// What a check needs of a mention.
#[derive(Debug, Clone, Copy)]
pub(super) struct Term {
    pub start: u32,
    pub category: CategoryId,
    pub applicant: Named<Applicant>,
    pub period: Named<Period>,
    pub is_prose: bool,
    pub is_observation: bool,
    pub number: Option<f64>,
}

impl Term {
    /// Whether it stands for a key.
    pub(super) fn has(&self, category: CategoryId, applicant: Named<Applicant>, period: Named<Period>) -> bool {
        self.category == category && self.applicant == applicant && self.period == period
    }
}

/// Mentions by report.
#[derive(Default)]
pub(super) struct Terms {
    wanted: FxHashMap<Id, Vec<u32>>,
    partitions: BTreeSet<u32>,
    found: FxHashMap<Id, Vec<Term>>,
}

impl Terms {
    /// Wants what stands at these places of a report.
    pub(super) fn want(&mut self, index: &Index, report: &str, starts: &[u32]) {
        if let (Some(id), Some(entry)) = (id_of(report), index.get(report)) {
            self.partitions.insert(entry.partition);
            self.wanted.entry(id).or_default().extend_from_slice(starts);
        }
    }

    /// Finds everything that is wanted.
    pub(super) fn find(&mut self, snapshot: &mut Snapshot<'_>, index: &Index) -> Result<(), DatasetError> {
        for starts in self.wanted.values_mut() {
            starts.sort_unstable();
            starts.dedup();
        }
        let lexicon = snapshot.lexicon;
        let partitions = std::mem::take(&mut self.partitions);
        let names = partitions
            .iter()
            .filter_map(|number| index.partitions.get(*number as usize));
        let names: BTreeSet<&str> = names.map(String::as_str).collect();
        for file in snapshot.files_of(MentionRow::TABLE) {
            if !names.contains(file.partition()) {
                continue;
            }
            snapshot.each(&file, |_, _, row: MentionRow| {
                let wanted = id_of(&row.report_id).filter(|id| {
                    let starts = self.wanted.get(id);
                    starts.is_some_and(|starts| starts.binary_search(&row.start).is_ok())
                });
                if let (Some(id), Some(category)) = (wanted, lexicon.categories.id(&row.category)) {
                    self.found.entry(id).or_default().push(term(&row, category));
                }
            })?;
        }
        Ok(())
    }

    /// What was found in a report at some places.
    pub(super) fn of(&self, report: &str, starts: &[u32]) -> Vec<Term> {
        let found = id_of(report).and_then(|id| self.found.get(&id));
        let terms = found.into_iter().flatten();
        terms.filter(|term| starts.contains(&term.start)).copied().collect()
    }
}

fn term(row: &MentionRow, category: CategoryId) -> Term {
    #[allow(clippy::cast_precision_loss)]
    let number = match (row.count, row.amount_cny) {
        (Some(count), _) => Some(count as f64),
        (None, Some(fen)) => Some(fen.0 as f64 / 100.0),
        (None, None) => None,
    };
    Term {
        start: row.start,
        category,
        applicant: row.applicant,
        period: row.period,
        is_prose: row.method == Method::Prose,
        is_observation: row.observation,
        number,
    }
}
