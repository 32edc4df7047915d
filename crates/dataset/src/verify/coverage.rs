//! The coverage, made again from the reports: every place and year, and what is told of its report.

use std::cmp::Ordering;

use super::Snapshot;
use super::findings::FindingKind;
use crate::error::DatasetError;
use crate::panel::CoverageMaker;
use crate::rows::{CoverageRow, ReportRow};
use crate::table::Row;

/// Compares the table with what the reports give. Holds a row for each place and year of the gazetteer.
pub(super) fn verify(snapshot: &mut Snapshot<'_>) -> Result<(), DatasetError> {
    let lexicon = snapshot.lexicon;
    let mut maker = CoverageMaker::new(&lexicon.gazetteer);
    for file in snapshot.files_of(ReportRow::TABLE) {
        snapshot.each(&file, |_, _, report: ReportRow| maker.push(&report))?;
    }
    let mut expected = Vec::new();
    maker.finish(|row| {
        expected.push(row.clone());
        Ok(())
    })?;
    for file in snapshot.files_of(CoverageRow::TABLE) {
        let mut left = expected.iter().peekable();
        snapshot.each(&file, |findings, number, row: CoverageRow| {
            let mut wrong = |message| findings.add(FindingKind::Panel, &file.name, format!("row {number}"), message);
            while let Some(missing) = left.next_if(|next| key(next) < key(&row)) {
                wrong(format!("expected a row before it for {}", name(missing)));
            }
            match left.peek().map(|next| key(next).cmp(&key(&row))) {
                Some(Ordering::Equal) => {
                    if left.next() != Some(&row) {
                        let message = format!("{}: not what the reports give", name(&row));
                        wrong(message);
                    }
                }
                _ => wrong(format!("no further row expected for {}", name(&row))),
            }
        })?;
        for missing in left {
            let message = format!("expected a row for {}", name(missing));
            snapshot
                .findings
                .add(FindingKind::Panel, &file.name, String::new(), message);
        }
    }
    Ok(())
}

fn key(row: &CoverageRow) -> (&str, i16) {
    (&row.jurisdiction_code, row.year)
}

fn name(row: &CoverageRow) -> String {
    format!("{} in {}", row.jurisdiction_code, row.year)
}
