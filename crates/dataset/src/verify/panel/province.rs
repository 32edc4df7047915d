//! The panel's rows of one province against the observations of its files.

use gongkai_extract::{Applicant, CheckMark, Period};
use gongkai_lexicon::{CategoryId, Comparability, Lexicon};
use rustc_hash::FxHashMap;

use super::super::Snapshot;
use super::super::files::DeclaredFile;
use super::super::findings::{FindingKind, Findings};
use super::super::index::{Entry, Id, Index, id_of};
use super::province_of;
use super::ratios::Ratios;
use super::totals::wrong_totals;
use crate::error::DatasetError;
use crate::name::{Fen, Named};
use crate::panel::PanelBook;
use crate::rows::{ObservationRow, PanelRow};

/// What is held of a row of the panel.
#[derive(Debug, Clone)]
pub(super) struct Held {
    /// Its number in the file, from 1.
    pub row: u64,
    pub code: u32,
    pub year: i16,
    pub category: CategoryId,
    pub applicant: Named<Applicant>,
    pub report: Id,
    pub count: Option<i64>,
    pub amount: Option<Fen>,
    pub check: Named<CheckMark>,
    pub confidence: f32,
    pub comparability: Named<Comparability>,
    pub derived: bool,
    /// What the printed row of its observation says of its comparability, once that was found.
    pub printed: Option<Comparability>,
}

/// What the panel has one value for.
type Key = (u32, i16, CategoryId, u8);

impl Held {
    /// None for a row whose code, category or report is no such thing: that is told elsewhere.
    pub(super) fn of(number: u64, row: &PanelRow, lexicon: &Lexicon) -> Option<Self> {
        Some(Self {
            row: number,
            code: row.jurisdiction_code.parse().ok()?,
            year: row.year,
            category: lexicon.categories.id(&row.category)?,
            applicant: row.applicant,
            report: id_of(&row.report_id)?,
            count: row.count,
            amount: row.amount_cny,
            check: row.check,
            confidence: row.confidence,
            comparability: row.comparability,
            derived: row.derived,
            printed: None,
        })
    }

    fn key(&self) -> Key {
        (self.code, self.year, self.category, self.applicant.index())
    }

    /// Whether the observation says the same.
    fn is(&self, row: &ObservationRow, comparability: Comparability) -> bool {
        self.count == row.count
            && self.amount == row.amount_cny
            && self.check == row.check
            && self.confidence.to_bits() == row.confidence.to_bits()
            && self.comparability == comparability
    }
}

/// The panel's rows of one province.
pub(super) struct Province<'a> {
    file: &'a str,
    book: &'a PanelBook,
    index: &'a Index,
    rows: Vec<Held>,
    places: FxHashMap<Key, usize>,
}

impl<'a> Province<'a> {
    pub(super) fn new(file: &'a str, book: &'a PanelBook, index: &'a Index, rows: Vec<Held>) -> Self {
        let places = rows.iter().enumerate().map(|(place, row)| (row.key(), place)).collect();
        Self {
            file,
            book,
            index,
            rows,
            places,
        }
    }

    /// Reads the observations, and looks at what is made of them.
    pub(super) fn verify(
        mut self,
        snapshot: &mut Snapshot<'_>,
        name: &str,
        observations: &[DeclaredFile],
        mut ratios: Option<&mut Ratios>,
    ) -> Result<(), DatasetError> {
        let lexicon = snapshot.lexicon;
        for file in observations.iter().filter(|file| province_of(file) == name) {
            snapshot.each(file, |findings, _, row: ObservationRow| {
                self.observe(&row, lexicon, findings);
            })?;
        }
        for held in &self.rows {
            if held.printed.is_none() && !held.derived {
                let message = "its report has no such observation".to_owned();
                self.tell(&mut snapshot.findings, held, lexicon, message);
            }
        }
        for rows in self
            .rows
            .chunk_by(|left, right| (left.code, left.year) == (right.code, right.year))
        {
            for (held, message) in wrong_totals(rows, lexicon, self.book) {
                self.tell(&mut snapshot.findings, held, lexicon, message);
            }
            if let Some(ratios) = ratios.as_deref_mut() {
                ratios.compare(snapshot, rows, self.book)?;
            }
        }
        Ok(())
    }

    /// Compares an observation with the row that has its place.
    fn observe(&mut self, row: &ObservationRow, lexicon: &Lexicon, findings: &mut Findings<'_>) {
        let Some((key, id)) = self.place(row, lexicon) else {
            return;
        };
        let Some(entry) = self.index.get(&row.report_id).filter(|entry| !entry.is_duplicate()) else {
            return;
        };
        let Some(claim) = entry.claim else { return };
        let of_row = self
            .book
            .of_row(&row.category, key.1, row.relation, row.template_row.as_deref());
        let (_, of_series) = self.book.series(&row.category, key.1);
        let Some(held) = self.places.get(&key).and_then(|place| self.rows.get_mut(*place)) else {
            let place = format!("{} of report {}", row.category, row.report_id);
            let message = "expected a row for an observation of a report with a claim".to_owned();
            findings.add(FindingKind::Panel, self.file, place, message);
            return;
        };
        let message = if held.derived {
            "derived, though a report prints it".to_owned()
        } else if held.report == id {
            held.printed = Some(of_row);
            match held.is(row, of_row.max(of_series)) {
                true => return,
                false => "not what the observation of its report says".to_owned(),
            }
        } else {
            let standing = self.index.by_id(held.report).and_then(Entry::standing);
            match standing.is_none_or(|standing| (claim, id) < standing) {
                true => format!("report {} comes first", row.report_id),
                false => return,
            }
        };
        let held = held.clone();
        self.tell(findings, &held, lexicon, message);
    }

    /// The place in the panel that an observation may have.
    fn place(&self, row: &ObservationRow, lexicon: &Lexicon) -> Option<(Key, Id)> {
        let is_annual = row.period == Period::Year && (row.count.is_some() || row.amount_cny.is_some());
        let code = row.jurisdiction_code.as_ref()?.parse().ok()?;
        let year = row.year.filter(|_| is_annual && self.book.takes(&row.category))?;
        let category = lexicon.categories.id(&row.category)?;
        Some(((code, year, category, row.applicant.index()), id_of(&row.report_id)?))
    }

    fn tell(&self, findings: &mut Findings<'_>, held: &Held, lexicon: &Lexicon, message: String) {
        let place = format!("row {}, report {:032x}", held.row, held.report);
        let of = format!("{} {}", lexicon.categories.code(held.category), held.applicant.as_str());
        findings.add(FindingKind::Panel, self.file, place, format!("{of}: {message}"));
    }
}
