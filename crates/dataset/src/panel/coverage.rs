//! For which places and years there is a report: every place of the gazetteer in every year of the snapshot.
//!
//! Holds the best report of each place and year, never more: as much as the gazetteer has places.

use gongkai_extract::Scope;
use gongkai_lexicon::{Gazetteer, Lineage, Place};
use rustc_hash::FxHashMap;

use super::{Claim, ClaimRank};
use crate::error::DatasetError;
use crate::name::{CoverageStatus, Named};
use crate::rows::{CoverageRow, ReportRow};

/// A jurisdiction's confidence below this is low.
const LOW_CONFIDENCE: f32 = 0.5;

/// The best report on a place and year.
#[derive(Debug)]
struct Found {
    report_id: String,
    /// Everything of its claim but the report's id.
    claim: ClaimRank,
    scope: Option<Named<Scope>>,
    observations: u32,
    checks_failed: u32,
    confidence: f32,
    is_narrower: bool,
}

impl Found {
    fn of(report: &ReportRow) -> Option<Self> {
        let claim = Claim::of_any_scope(report)?;
        Some(Self {
            report_id: claim.report_id.to_owned(),
            claim: claim.rank(),
            scope: report.scope,
            observations: report.n_observations,
            checks_failed: report.checks_failed,
            confidence: report.jurisdiction_confidence,
            is_narrower: claim.is_narrower(),
        })
    }

    fn comes_before(&self, other: &Self) -> bool {
        (self.claim, &self.report_id) < (other.claim, &other.report_id)
    }

    fn doubts(&self) -> Vec<String> {
        let doubts = [
            (self.checks_failed > 0, "check_failed"),
            (self.is_narrower, "narrower_scope"),
            (self.confidence < LOW_CONFIDENCE, "low_confidence"),
        ];
        let told = doubts.iter().filter(|(is_so, _)| *is_so);
        told.map(|(_, name)| (*name).to_owned()).collect()
    }
}

/// Gathers reports and gives the coverage.
pub(crate) struct CoverageMaker<'g> {
    gazetteer: &'g Gazetteer,
    /// The first and the last year that any report has.
    years: Option<(i16, i16)>,
    found: FxHashMap<(String, i16), Found>,
}

impl<'g> CoverageMaker<'g> {
    /// Knows the places and no report.
    pub(crate) fn new(gazetteer: &'g Gazetteer) -> Self {
        Self {
            gazetteer,
            years: None,
            found: FxHashMap::default(),
        }
    }

    /// Takes a report, in any order. One that another stands for does not count.
    pub(crate) fn push(&mut self, report: &ReportRow) {
        let Some(year) = report.year else { return };
        let (first, last) = self.years.unwrap_or((year, year));
        self.years = Some((first.min(year), last.max(year)));
        let Some(code) = report
            .jurisdiction_code
            .as_ref()
            .filter(|_| report.duplicate_of.is_none())
        else {
            return;
        };
        let (Some(found), Some(_)) = (Found::of(report), self.gazetteer.at(code, year)) else {
            return;
        };
        let best = self.found.get(&(code.clone(), year));
        if best.is_none_or(|best| found.comes_before(best)) {
            self.found.insert((code.clone(), year), found);
        }
    }

    /// Gives every place and year, by code and year.
    pub(crate) fn finish(
        self,
        mut take: impl FnMut(&CoverageRow) -> Result<(), DatasetError>,
    ) -> Result<(), DatasetError> {
        let Some((first, last)) = self.years else {
            return Ok(());
        };
        let mut places: Vec<&Place> = self.gazetteer.places().iter().collect();
        places.sort_by_key(|place| (&place.code, place.valid_from));
        for place in places {
            let from = place.valid_from.unwrap_or(first).max(first);
            for year in from..=place.valid_to.unwrap_or(last).min(last) {
                let found = self.found.get(&(place.code.clone(), year));
                take(&row(self.gazetteer, place, year, found))?;
            }
        }
        Ok(())
    }
}

fn row(gazetteer: &Gazetteer, place: &Place, year: i16, found: Option<&Found>) -> CoverageRow {
    let above = gazetteer.above(&place.code, Some(year));
    let province = above.last().copied().unwrap_or(place);
    let names = above.iter().rev().map(|place| place.name.as_str());
    let (lineage_code, lineage) = gazetteer
        .lineage(&place.code, year)
        .unwrap_or((&place.code, Lineage::Same));
    let doubts = found.map(Found::doubts).unwrap_or_default();
    let status = match found {
        None => CoverageStatus::Missing,
        Some(_) if doubts.is_empty() => CoverageStatus::Present,
        Some(_) => CoverageStatus::Doubtful,
    };
    CoverageRow {
        jurisdiction_code: place.code.clone(),
        year,
        status: status.into(),
        doubts,
        jurisdiction: names.chain([place.name.as_str()]).collect(),
        level: place.level.into(),
        province_code: province.code.clone(),
        province: province.name.clone(),
        lineage_code: lineage_code.to_owned(),
        lineage: lineage.into(),
        report_id: found.map(|found| found.report_id.clone()),
        scope: found.and_then(|found| found.scope),
        n_observations: found.map(|found| found.observations),
        checks_failed: found.map(|found| found.checks_failed),
        jurisdiction_confidence: found.map(|found| found.confidence),
    }
}
