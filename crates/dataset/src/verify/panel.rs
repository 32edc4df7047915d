//! The panel and the indicators, made again from the observations: every value is that of the report it names, of all
//! reports that have it the one that comes first; every sum and every ratio is that of its parts.
//!
//! Goes province by province: holds the panel's rows of one, which are as many as the gazetteer and the categories allow,
//! and reads the observations of its files once.

mod province;
mod ratios;
mod sums;
mod totals;

use std::collections::BTreeSet;

use gongkai_lexicon::Lineage;

use super::Snapshot;
use super::files::DeclaredFile;
use super::findings::{At, FindingKind, Findings};
use super::index::Index;
use crate::error::DatasetError;
use crate::panel::PanelBook;
use crate::read::TableReader;
use crate::rows::{IndicatorRow, ObservationRow, PanelRow};
use crate::table::{ColumnarRow, Row};
use province::{Held, Province};
use ratios::Ratios;

/// Looks at both tables. Where not all observations can be read, nothing can be said.
pub(super) fn verify(snapshot: &mut Snapshot<'_>, index: &Index) -> Result<(), DatasetError> {
    let book = PanelBook::new(snapshot.lexicon);
    let Some(mut panel) = Stream::<PanelRow>::open(snapshot)? else {
        return Ok(());
    };
    if !snapshot.is_complete(ObservationRow::TABLE) {
        return Ok(());
    }
    let mut ratios = Stream::<IndicatorRow>::open(snapshot)?.map(Ratios::new);
    let observations = snapshot.files_of(ObservationRow::TABLE);
    let mut unseen: BTreeSet<String> = observations.iter().map(|file| province_of(file).to_owned()).collect();
    while let Some((_, first)) = panel.peek(snapshot)? {
        let name = digits(&first.jurisdiction_code).to_owned();
        let mut rows = Vec::new();
        while let Some((number, row)) = panel.next_if(snapshot, |row| digits(&row.jurisdiction_code) == name)? {
            look_at(&row, number, &panel.file, &book, &mut snapshot.findings);
            rows.extend(Held::of(number, &row, snapshot.lexicon));
        }
        unseen.remove(&name);
        let province = Province::new(&panel.file.name, &book, index, rows);
        province.verify(snapshot, &name, &observations, ratios.as_mut())?;
    }
    // Provinces with observations and no row: there may be none that the panel should have.
    for name in unseen {
        let province = Province::new(&panel.file.name, &book, index, Vec::new());
        province.verify(snapshot, &name, &observations, ratios.as_mut())?;
    }
    ratios.map_or(Ok(()), |ratios| ratios.finish(snapshot))
}

/// What a row says of itself: series and territory.
fn look_at(row: &PanelRow, number: u64, file: &DeclaredFile, book: &PanelBook, findings: &mut Findings<'_>) {
    let at = At {
        file: &file.name,
        row: number,
        report: &row.report_id,
    };
    let mut wrong = |message| findings.row(FindingKind::Panel, at, message);
    let (series, _) = book.series(&row.category, row.year);
    if row.series != series {
        wrong(format!("expected series {series}, found {}", row.series));
    }
    let lineage = book.gazetteer.lineage(&row.jurisdiction_code, row.year);
    let (code, lineage) = lineage.unwrap_or((&row.jurisdiction_code, Lineage::Same));
    if row.lineage_code != code || row.lineage != lineage {
        let found = format!("{} ({})", row.lineage_code, row.lineage.as_str());
        wrong(format!("expected lineage {code} ({}), found {found}", lineage.as_str()));
    }
}

/// The digits of the province in a code.
fn digits(code: &str) -> &str {
    code.get(..2).unwrap_or(code)
}

/// The digits of the province that a file of observations is of.
fn province_of(file: &DeclaredFile) -> &str {
    file.partition().rsplit('/').next().unwrap_or_default()
}

/// The rows of a table with one file, one ahead.
struct Stream<R> {
    file: DeclaredFile,
    reader: TableReader<R>,
    ahead: Option<(u64, R)>,
}

impl<R: ColumnarRow> Stream<R> {
    fn open(snapshot: &mut Snapshot<'_>) -> Result<Option<Self>, DatasetError> {
        let Some(file) = snapshot.files_of(R::TABLE).into_iter().next() else {
            return Ok(None);
        };
        let reader = snapshot.open::<R>(&file)?;
        Ok(reader.map(|reader| Self {
            file,
            reader,
            ahead: None,
        }))
    }

    /// The next row and its number, from 1.
    fn peek(&mut self, snapshot: &mut Snapshot<'_>) -> Result<Option<&(u64, R)>, DatasetError> {
        if self.ahead.is_none() {
            let next = self.reader.next();
            let next = snapshot.readable(&self.file, next)?.flatten();
            self.ahead = next.map(|row| (self.reader.given(), row));
        }
        Ok(self.ahead.as_ref())
    }

    fn next_if(
        &mut self,
        snapshot: &mut Snapshot<'_>,
        wanted: impl FnOnce(&R) -> bool,
    ) -> Result<Option<(u64, R)>, DatasetError> {
        let is_wanted = self.peek(snapshot)?.is_some_and(|(_, row)| wanted(row));
        Ok(if is_wanted { self.ahead.take() } else { None })
    }
}
