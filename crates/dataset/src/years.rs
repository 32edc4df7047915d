//! Year-to-year identities: what a body's report says against its report of the year before.
//!
//! Each report leaves a short entry with the values that the identities of `data/identities.tsv` need. Sorted by body
//! and year, the entries stream by; at most two years of one body are held. Knows nothing of pages.

mod entry;
mod lineage;
mod pairing;
mod trial;

use gongkai_extract::CheckResult;
use gongkai_lexicon::{CategoryId, IdentityKind, Lexicon, TemplateId, YearRule};
use rustc_hash::FxHashMap;

pub(crate) use entry::{Standing, YearEntry};
use lineage::Lineages;
use pairing::pairings;

use crate::error::DatasetError;
use crate::rows::YearCheckRow;

/// What is known of year-to-year identities: shared by all threads of a snapshot.
#[derive(Debug)]
pub(crate) struct YearBook {
    rules: Vec<YearRule>,
    /// The categories that take part, by code.
    categories: FxHashMap<String, CategoryId>,
    /// Code and label of each of them.
    names: FxHashMap<CategoryId, (String, String)>,
    /// The forms that have such identities, by name.
    forms: FxHashMap<String, TemplateId>,
    lineages: Lineages,
}

impl YearBook {
    /// The book of a lexicon.
    pub(crate) fn new(lexicon: &Lexicon) -> Self {
        let rules = lexicon.year_identities.clone();
        let ids = || rules.iter().flat_map(|rule| rule.categories.iter().copied());
        let category = |id| lexicon.categories.get(id);
        let forms = rules.iter().flat_map(|rule| rule.templates.iter().copied());
        Self {
            categories: ids().map(|id| (category(id).code.clone(), id)).collect(),
            names: ids()
                .map(|id| (id, (category(id).code.clone(), category(id).label.clone())))
                .collect(),
            forms: forms.map(|id| (lexicon.templates.get(id).name.clone(), id)).collect(),
            lineages: Lineages::new(&lexicon.gazetteer),
            rules,
        }
    }
}

/// How many year-to-year identities hold, over a whole snapshot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct YearCounts {
    /// Those that hold.
    pub passed: u64,
    /// Definitional ones that fail.
    pub failed: u64,
    /// Others that fail.
    pub warned: u64,
    /// Those that cannot be tested.
    pub not_testable: u64,
}

impl YearCounts {
    /// Counts a finding.
    pub(crate) fn add(&mut self, finding: &YearCheckRow) {
        let counter = match () {
            () if finding.result == CheckResult::Pass => &mut self.passed,
            () if finding.result == CheckResult::NotTestable => &mut self.not_testable,
            () if finding.kind == IdentityKind::Definitional => &mut self.failed,
            () => &mut self.warned,
        };
        *counter += 1;
    }

    /// Adds the counts of others.
    pub(crate) fn add_all(&mut self, others: Self) {
        self.passed += others.passed;
        self.failed += others.failed;
        self.warned += others.warned;
        self.not_testable += others.not_testable;
    }
}

/// The entries of one body and year.
#[derive(Debug)]
struct BodyYear {
    body_id: String,
    year: i16,
    entries: Vec<YearEntry>,
}

impl BodyYear {
    fn is_of(&self, entry: &YearEntry) -> bool {
        self.body_id == entry.body_id && self.year == entry.year
    }

    fn follows(&self, before: &Self) -> bool {
        self.body_id == before.body_id && before.year.checked_add(1) == Some(self.year)
    }
}

/// Takes entries in the order of bodies and years, the one that counts before its rivals, and tests every pair of
/// years.
pub(crate) struct YearTester<'a> {
    book: &'a YearBook,
    before: Option<BodyYear>,
    current: Option<BodyYear>,
}

impl<'a> YearTester<'a> {
    /// A tester that has seen nothing.
    pub(crate) fn new(book: &'a YearBook) -> Self {
        Self {
            book,
            before: None,
            current: None,
        }
    }

    /// Takes the next entry; gives the findings on the year before when it is complete.
    pub(crate) fn push(
        &mut self,
        entry: YearEntry,
        give: &mut dyn FnMut(&YearCheckRow) -> Result<(), DatasetError>,
    ) -> Result<(), DatasetError> {
        if !self.current.as_ref().is_some_and(|current| current.is_of(&entry)) {
            self.turn_page(give)?;
        }
        let current = self.current.get_or_insert_with(|| BodyYear {
            body_id: entry.body_id.clone(),
            year: entry.year,
            entries: Vec::new(),
        });
        // Two reports on one body and year are versions of one: a body's requests must not be counted twice.
        if current.entries.last().is_none_or(|last| last.code != entry.code) {
            current.entries.push(entry);
        }
        Ok(())
    }

    /// Gives the findings on the last year.
    pub(crate) fn finish(
        mut self,
        give: &mut dyn FnMut(&YearCheckRow) -> Result<(), DatasetError>,
    ) -> Result<(), DatasetError> {
        self.turn_page(give)
    }

    fn turn_page(
        &mut self,
        give: &mut dyn FnMut(&YearCheckRow) -> Result<(), DatasetError>,
    ) -> Result<(), DatasetError> {
        let Some(current) = self.current.take() else {
            return Ok(());
        };
        if let Some(before) = self.before.take().filter(|before| current.follows(before)) {
            for pairing in pairings(&before.entries, &current.entries, &self.book.lineages) {
                pairing.test(self.book).iter().try_for_each(&mut *give)?;
            }
        }
        self.before = Some(current);
        Ok(())
    }
}
