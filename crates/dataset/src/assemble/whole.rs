//! The tables that have one file each, and what the next store holds of them: each is folded while its file is written.

use serde::de::DeserializeOwned;

use super::{Assembly, Decided, Written};
use crate::copies::CopyJoiner;
use crate::counts::Counts;
use crate::error::DatasetError;
use crate::fold::Folding;
use crate::key::{CopyKey, Tail, first_text};
use crate::merge::merge;
use crate::panel::CoverageMaker;
use crate::parquet::TableFile;
use crate::placement::Places;
use crate::rows::{CheckRow, CoverageRow, DumpRow, ProblemRow, RejectRow, ReportRow, YearCheckRow};
use crate::table::ColumnarRow;
use crate::worker::Table;
use crate::years::{YearCounts, YearEntry, YearTester};

impl Assembly<'_> {
    /// The reports, and for which places there are any.
    pub(super) fn reports(&self, decided: &Decided) -> Result<Written, DatasetError> {
        let mut file = self.file::<ReportRow>()?;
        let mut coverage = CoverageMaker::new(&self.panel.gazetteer);
        let mut write = |mut row: ReportRow| {
            row.duplicate_of = decided.copies.links.standing_for(&row.report_id);
            coverage.push(&row);
            file.push(&row)
        };
        let mut joiner = CopyJoiner::default();
        let mut counts = Counts::default();
        merge(self.fresh(Table::Reports), self.spill, false, |_, payload| {
            let row = Places::read(payload).and_then(|(_, report)| postcard::from_bytes::<ReportRow>(report));
            let row = row.map_err(|error| self.row_error(Table::Reports.name(), error))?;
            counts.add_report(&row);
            joiner.push(row).map_or(Ok(()), &mut write)
        })?;
        joiner.finish().map_or(Ok(()), &mut write)?;
        let mut covered = self.file::<CoverageRow>()?;
        coverage.finish(|row| covered.push(row))?;
        Ok(Written {
            files: vec![file.finish()?, covered.finish()?],
            counts,
            ..Written::default()
        })
    }

    /// What the reports that stand were tested for.
    pub(super) fn checks(&self, decided: &Decided) -> Result<Written, DatasetError> {
        let mut file = self.file::<CheckRow>()?;
        let run = self.folding(Table::Checks)?.each(of_standing(decided, &mut file))?;
        Ok(Written {
            files: vec![file.finish()?],
            runs: vec![(Table::Checks.name(), run)],
            ..Written::default()
        })
    }

    /// What was met on the way in the reports that stand, and what there is to tell of copies. Only the former is kept.
    pub(super) fn problems(&self, decided: &Decided) -> Result<Written, DatasetError> {
        let mut file = self.file::<ProblemRow>()?;
        let run = self.folding(Table::Problems)?.run()?;
        let mut runs = decided.told.clone();
        runs.push(run.clone());
        merge(runs, self.spill, false, of_standing(decided, &mut file))?;
        Ok(Written {
            files: vec![file.finish()?],
            runs: vec![(Table::Problems.name(), run)],
            ..Written::default()
        })
    }

    /// Why dumps gave no report.
    pub(super) fn rejects(&self, _: &Decided) -> Result<Written, DatasetError> {
        self.counted(Table::Rejects, |counts, _, row: &mut RejectRow| counts.add_reject(row))
    }

    /// What became of every dump; of those that could not be read, that this was in an earlier night.
    pub(super) fn dumps(&self, _: &Decided) -> Result<Written, DatasetError> {
        self.counted(Table::Dumps, |counts, copy, row: &mut DumpRow| {
            let stale = self.stale.get(&copy);
            row.stale = stale.map(|stale| stale.reason.clone());
            row.stale_since = stale.and_then(|stale| stale.since.clone());
            counts.add_dump(row);
        })
    }

    fn counted<R: ColumnarRow>(
        &self,
        table: Table,
        count: impl Fn(&mut Counts, CopyKey, &mut R),
    ) -> Result<Written, DatasetError> {
        let mut file = self.file::<R>()?;
        let mut counts = Counts::default();
        let run = self.folding(table)?.each(|key, payload| {
            let mut row: R = self.row(table, payload)?;
            count(&mut counts, Tail::copy_of(key), &mut row);
            file.push(&row)
        })?;
        Ok(Written {
            files: vec![file.finish()?],
            runs: vec![(table.name(), run)],
            counts,
            ..Written::default()
        })
    }

    /// What successive years of the reports that count say of each other.
    pub(super) fn years(&self, decided: &Decided) -> Result<Written, DatasetError> {
        let mut file = self.file::<YearCheckRow>()?;
        let mut years = YearCounts::default();
        let mut take = |finding: &YearCheckRow| {
            years.add(finding);
            file.push(finding)
        };
        let mut tester = YearTester::new(self.years);
        let run = self.folding(Table::YearEntries)?.each(|key, payload| {
            let entry: YearEntry = self.row(Table::YearEntries, payload)?;
            match decided.copies.counts(&entry.report_id, Tail::copy_of(key)) {
                true => tester.push(entry, &mut take),
                false => Ok(()),
            }
        })?;
        tester.finish(&mut take)?;
        Ok(Written {
            files: vec![file.finish()?],
            runs: vec![(Table::YearEntries.name(), run)],
            years,
            ..Written::default()
        })
    }

    /// What was seen is complete without the store, and has keys of its own.
    pub(super) fn seen(&self, _: &Decided) -> Result<Written, DatasetError> {
        let folding = Folding {
            before: None,
            fresh: self.fresh(Table::Seen),
            dead: &Default::default(),
            to: self.store.next_run(Table::Seen.name()),
            spill: self.spill,
        };
        Ok(Written {
            runs: vec![(Table::Seen.name(), folding.run()?)],
            ..Written::default()
        })
    }

    fn row<R: DeserializeOwned>(&self, table: Table, payload: &[u8]) -> Result<R, DatasetError> {
        postcard::from_bytes(payload).map_err(|error| self.row_error(table.name(), error))
    }
}

/// Puts the rows of reports and copies that stand into a file; their keys begin with the report's id.
fn of_standing<'a, R: ColumnarRow>(
    decided: &'a Decided,
    file: &'a mut TableFile<R>,
) -> impl FnMut(&[u8], &[u8]) -> Result<(), DatasetError> + 'a {
    |key, rows| {
        let report_id = first_text(key).unwrap_or_default();
        match decided.copies.stands(report_id, Tail::copy_of(key)) {
            true => file.push_packed(rows),
            false => Ok(()),
        }
    }
}
