//! The tables that are little next to the values: schema, number of rows, order, reports that there are, and what can be
//! computed from a row alone.

use super::Snapshot;
use super::files::DeclaredFile;
use super::findings::{At, FindingKind, Findings};
use super::index::{Index, place_hash};
use crate::error::DatasetError;
use crate::read::TableReader;
use crate::rows::{
    ByCategoryRow, CheckRow, CoverageRow, DumpRow, IndicatorRow, MentionRow, ObservationRow, PageRow, PanelRow,
    ProblemRow, RejectRow, ReportRow, YearCheckRow,
};
use crate::table::{ColumnarRow, Row};

impl Snapshot<'_> {
    /// Compares schema and number of rows of every file with what they should be; the rows of a file with another
    /// schema are not looked at.
    pub(super) fn schemas(&mut self) -> Result<(), DatasetError> {
        let mut sound = Vec::new();
        for file in std::mem::take(&mut self.files) {
            let rows = match file.table.as_str() {
                ObservationRow::TABLE => self.row_count::<ObservationRow>(&file),
                ByCategoryRow::TABLE => self.row_count::<ByCategoryRow>(&file),
                MentionRow::TABLE => self.row_count::<MentionRow>(&file),
                ReportRow::TABLE => self.row_count::<ReportRow>(&file),
                CheckRow::TABLE => self.row_count::<CheckRow>(&file),
                YearCheckRow::TABLE => self.row_count::<YearCheckRow>(&file),
                ProblemRow::TABLE => self.row_count::<ProblemRow>(&file),
                RejectRow::TABLE => self.row_count::<RejectRow>(&file),
                DumpRow::TABLE => self.row_count::<DumpRow>(&file),
                PageRow::TABLE => self.row_count::<PageRow>(&file),
                PanelRow::TABLE => self.row_count::<PanelRow>(&file),
                IndicatorRow::TABLE => self.row_count::<IndicatorRow>(&file),
                CoverageRow::TABLE => self.row_count::<CoverageRow>(&file),
                other => {
                    let message = format!("no table of this version: {other}");
                    self.findings
                        .add(FindingKind::Schema, &file.name, String::new(), message);
                    continue;
                }
            }?;
            let Some(rows) = rows else {
                self.damaged.insert(file.table.clone());
                continue;
            };
            if rows != file.rows {
                let message = format!("expected {} rows, found {rows}", file.rows);
                self.findings
                    .add(FindingKind::Count, &file.name, String::new(), message);
            }
            sound.push(file);
        }
        self.files = sound;
        Ok(())
    }

    fn row_count<R: ColumnarRow>(&mut self, file: &DeclaredFile) -> Result<Option<u64>, DatasetError> {
        let opened = self.open::<R>(file)?;
        Ok(opened.map(|reader: TableReader<R>| reader.row_count()))
    }

    /// Gives the rows of a table, and compares the order of neighbours.
    pub(super) fn sorted<R: ColumnarRow, K: Ord>(
        &mut self,
        key: impl Fn(&R) -> K,
        is_unique: bool,
        mut take: impl FnMut(&mut Findings<'_>, &str, u64, &R),
    ) -> Result<(), DatasetError> {
        for file in self.files_of(R::TABLE) {
            let mut last: Option<K> = None;
            self.each(&file, |findings, number, row: R| {
                let key = key(&row);
                let place = || format!("row {number}");
                match &last {
                    Some(last) if key < *last => {
                        let message = "expected a key behind that of the row before".to_owned();
                        findings.add(FindingKind::Order, &file.name, place(), message);
                    }
                    Some(last) if is_unique && key == *last => {
                        findings.add(FindingKind::Key, &file.name, place(), "the key stands twice".to_owned());
                    }
                    _ => {}
                }
                last = Some(key);
                take(findings, &file.name, number, &row);
            })?;
        }
        Ok(())
    }
}

/// The tables that name no reports.
pub(super) fn tables(snapshot: &mut Snapshot<'_>) -> Result<(), DatasetError> {
    let key = |row: &RejectRow| {
        let (origin, hash) = (row.origin.clone(), row.hash.clone());
        (origin, hash, row.stage.clone(), row.reason.clone(), row.message.clone())
    };
    snapshot.sorted(key, false, |_, _, _, _| {})?;
    let key = |row: &IndicatorRow| (row.jurisdiction_code.clone(), row.year, row.indicator.clone());
    snapshot.sorted(key, false, |findings, file, number, row: &IndicatorRow| {
        #[allow(clippy::cast_precision_loss)]
        let expected = row.numerator as f64 / row.denominator as f64;
        if (expected - row.value).abs() > 1e-12 * expected.abs().max(1.0) {
            let message = format!("{}: expected {expected}, found {}", row.indicator, row.value);
            findings.add(FindingKind::Check, file, format!("row {number}"), message);
        }
    })
}

/// The tables that name reports.
pub(super) fn of_reports(snapshot: &mut Snapshot<'_>, index: &Index) -> Result<(), DatasetError> {
    let unknown = |findings: &mut Findings<'_>, file: &str, row: u64, report: &str| {
        if index.get(report).is_none() {
            let at = At { file, row, report };
            findings.row(FindingKind::Report, at, "reports.parquet has no such report".to_owned());
        }
    };
    let key = |row: &ProblemRow| row.report_id.clone();
    snapshot.sorted(key, false, |findings, file, number, row| {
        unknown(findings, file, number, &row.report_id);
    })?;
    let key = |row: &DumpRow| (row.origin.clone(), row.hash.clone());
    snapshot.sorted(key, true, |findings, file, number, row| {
        row.report_ids
            .iter()
            .for_each(|report| unknown(findings, file, number, report));
    })?;
    let lexicon = snapshot.lexicon;
    let key = |row: &PanelRow| {
        let applicant = row.applicant.as_str();
        (row.jurisdiction_code.clone(), row.year, row.category.clone(), applicant)
    };
    snapshot.sorted(key, true, |findings, file, number, row| {
        unknown(findings, file, number, &row.report_id);
        let at = At {
            file,
            row: number,
            report: &row.report_id,
        };
        let place = place_hash(Some(&row.jurisdiction_code), Some(row.year));
        match index.get(&row.report_id) {
            Some(entry) if entry.is_duplicate() => {
                findings.row(FindingKind::Report, at, "another report stands for it".to_owned());
            }
            Some(entry) if entry.place != place => {
                let message = "expected jurisdiction and year of its report, found others".to_owned();
                findings.row(FindingKind::Report, at, message);
            }
            _ => {}
        }
        if lexicon.gazetteer.at(&row.jurisdiction_code, row.year).is_none() {
            let message = format!(
                "expected a code valid on 31 December {}, found {}",
                row.year, row.jurisdiction_code
            );
            findings.row(FindingKind::Jurisdiction, at, message);
        }
    })
}
