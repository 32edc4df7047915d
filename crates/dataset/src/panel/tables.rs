//! From what waits to the files of panel and indicators: all of one place and year at a time.

use std::path::PathBuf;

use gongkai_lexicon::{Comparability, Lineage};

use super::PanelBook;
use super::derived::derive;
use super::indicators::{Measured, ratios};
use super::spool::PanelGroup;
use crate::error::DatasetError;
use crate::key::Key;
use crate::parquet::TableFile;
use crate::rows::{IndicatorRow, PanelRow};
use crate::staged::FileInfo;
use crate::worker::row_error;

/// The files of panel and indicators.
pub(crate) struct PanelTables<'b> {
    book: &'b PanelBook,
    /// Where rows waited, for errors.
    folder: PathBuf,
    panel: TableFile<PanelRow>,
    indicators: TableFile<IndicatorRow>,
    /// The place and year whose groups are being gathered, as it stands in their keys, and these groups.
    place: Vec<u8>,
    groups: Vec<Vec<u8>>,
}

impl<'b> PanelTables<'b> {
    /// Writes to the files.
    pub(crate) fn new(
        book: &'b PanelBook,
        folder: PathBuf,
        panel: TableFile<PanelRow>,
        indicators: TableFile<IndicatorRow>,
    ) -> Self {
        Self {
            book,
            folder,
            panel,
            indicators,
            place: Vec::new(),
            groups: Vec::new(),
        }
    }

    /// Takes the next group, as it waited, with its key.
    pub(crate) fn push(&mut self, key: &[u8], group: &[u8]) -> Result<(), DatasetError> {
        let place = Key::place_and_year_of(key);
        if place != self.place {
            self.write()?;
            self.place.clear();
            self.place.extend_from_slice(place);
        }
        self.groups.push(group.to_vec());
        Ok(())
    }

    /// Closes the files.
    pub(crate) fn finish(mut self) -> Result<[FileInfo; 2], DatasetError> {
        self.write()?;
        Ok([self.panel.finish()?, self.indicators.finish()?])
    }

    /// Writes everything of the place and year that was gathered.
    fn write(&mut self) -> Result<(), DatasetError> {
        let groups = std::mem::take(&mut self.groups);
        let mut all: Option<PanelGroup<'_>> = None;
        for group in &groups {
            let group: PanelGroup<'_> =
                postcard::from_bytes(group).map_err(|error| row_error(&self.folder, "panel", error))?;
            match &mut all {
                Some(all) => all.join(group),
                None => all = Some(group),
            }
        }
        let Some(mut all) = all else {
            return Ok(());
        };
        // Of several groups each is sorted, and categories do not lie in two: mostly there is nothing to do.
        all.values.sort_by(|left, right| left.key().cmp(&right.key()));
        derive(&mut all.values, all.year, &self.book.totals);
        let lineage = self.book.gazetteer.lineage(all.code, all.year);
        let lineage = lineage.unwrap_or((all.code, Lineage::Same));
        let measured = self.write_values(&all, lineage)?;
        self.write_indicators(&all, lineage, &measured)
    }

    /// Writes the values; gives those that indicators are made of.
    fn write_values<'g>(
        &mut self,
        all: &'g PanelGroup<'_>,
        (lineage_code, lineage): (&str, Lineage),
    ) -> Result<Vec<Measured<'g>>, DatasetError>
    where
        'b: 'g,
    {
        let book = self.book;
        let mut measured = Vec::new();
        for values in all.values.chunk_by(|left, right| left.category == right.category) {
            let category = values.first().map_or("", |value| value.category);
            let (series, of_series) = book.series(category, all.year);
            let measured_applicants = book.measured.get(series).map_or(&[][..], Vec::as_slice);
            for value in values {
                let Some(source) = all.sources.get(value.source) else {
                    continue;
                };
                let of_row = Comparability::ALL.get(usize::from(value.row.index()));
                let comparability = of_series.max(of_row.copied().unwrap_or(Comparability::Break));
                if value.count.is_some() && measured_applicants.contains(&value.applicant) {
                    measured.push(Measured {
                        series,
                        comparability,
                        value,
                    });
                }
                self.panel.push_with(|buffers| {
                    buffers.derived.push(Some(value.derived));
                    buffers.jurisdiction_code.push(Some(all.code))
                        + buffers.jurisdiction.push(source.jurisdiction)
                        + buffers.year.push(Some(all.year))
                        + buffers.category.push(Some(value.category))
                        + buffers.applicant.push(Some(value.applicant))
                        + buffers.count.push(value.count)
                        + buffers.amount_cny.push(value.amount_cny.map(|fen| fen.0))
                        + buffers.report_id.push(Some(source.report_id))
                        + buffers.check.push(Some(value.check))
                        + buffers.confidence.push(Some(value.confidence))
                        + buffers.series.push(Some(series))
                        + buffers.comparability.push(Some(comparability.into()))
                        + buffers.lineage_code.push(Some(lineage_code))
                        + buffers.lineage.push(Some(lineage.into()))
                })?;
            }
        }
        Ok(measured)
    }

    fn write_indicators(
        &mut self,
        all: &PanelGroup<'_>,
        (lineage_code, lineage): (&str, Lineage),
        measured: &[Measured<'_>],
    ) -> Result<(), DatasetError> {
        for ratio in ratios(&self.book.indicators, measured) {
            let Some(source) = all.sources.get(ratio.source) else {
                continue;
            };
            self.indicators.push_with(|buffers| {
                buffers.jurisdiction_code.push(Some(all.code))
                    + buffers.year.push(Some(all.year))
                    + buffers.indicator.push(Some(ratio.name))
                    + buffers.numerator.push(Some(ratio.numerator))
                    + buffers.denominator.push(Some(ratio.denominator))
                    + buffers.value.push(Some(quotient(ratio.numerator, ratio.denominator)))
                    + buffers.report_id.push(Some(source.report_id))
                    + buffers.comparability.push(Some(ratio.comparability.into()))
                    + buffers.check.push(Some(ratio.check))
                    + buffers.confidence.push(Some(ratio.confidence))
                    + buffers.lineage_code.push(Some(lineage_code))
                    + buffers.lineage.push(Some(lineage.into()))
            })?;
        }
        Ok(())
    }
}

#[allow(clippy::cast_precision_loss)] // counts are far below 2^53
fn quotient(numerator: i64, denominator: i64) -> f64 {
    numerator as f64 / denominator as f64
}
