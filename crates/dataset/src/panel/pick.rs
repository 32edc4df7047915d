//! Of the observations that compete for one place in the panel, the one that gets it.
//!
//! Sees observations in their final order, so that all rows that compete for one place come together.

use gongkai_extract::{Applicant, CheckMark};
use gongkai_lexicon::Relation;

use super::Claim;
use crate::name::{Fen, Named};

/// An observation that may stand in the panel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pick<'a> {
    pub claim: Claim<'a>,
    pub code: &'a str,
    pub year: i16,
    pub jurisdiction: Option<&'a str>,
    pub category: &'a str,
    pub applicant: Named<Applicant>,
    pub count: Option<i64>,
    pub amount_cny: Option<Fen>,
    pub check: Named<CheckMark>,
    pub confidence: f32,
    pub relation: Named<Relation>,
    pub template_row: Option<&'a str>,
}

impl Pick<'_> {
    fn is_rival(&self, other: &Self) -> bool {
        self.code == other.code && self.year == other.year && self.category == other.category
    }

    /// What the panel is sorted by.
    fn place(&self) -> (&str, i16, &str, &'static str) {
        (self.code, self.year, self.category, self.applicant.as_str())
    }
}

/// Picks the panel's rows from observations in their final order.
#[derive(Debug, Default)]
pub(crate) struct PanelPicker<'a> {
    picks: Vec<Pick<'a>>,
    /// The first pick of the jurisdiction, year and category that is being decided: one for each applicant from it on.
    group: usize,
}

impl<'a> PanelPicker<'a> {
    /// Takes an observation.
    pub(crate) fn push(&mut self, pick: Pick<'a>) {
        if self.picks.get(self.group).is_some_and(|first| !first.is_rival(&pick)) {
            self.group = self.picks.len();
        }
        let group = self.picks.get_mut(self.group..).unwrap_or_default();
        match group.iter_mut().find(|rival| rival.applicant == pick.applicant) {
            Some(rival) if pick.claim < rival.claim => *rival = pick,
            Some(_) => {}
            None => self.picks.push(pick),
        }
    }

    /// Gives the rows in the order of the panel.
    pub(crate) fn finish(mut self) -> Vec<Pick<'a>> {
        self.picks.sort_by(|left, right| left.place().cmp(&right.place()));
        self.picks
    }
}
