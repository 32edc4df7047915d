//! Pages to reports: identity, mentions, checks and the observations they support.
//!
//! Extraction proposes mentions from tables and sentences; the arithmetic of the forms decides which of them are the
//! report's observations. Knows nothing of files, threads and Parquet.

mod align;
mod cells;
mod check;
mod classify;
mod fold;
mod model;
mod number;
mod numeral;
mod parts;
mod prose;
mod repair;
mod resolve;
mod settle;
mod similar;
mod spaced;
mod statement;
mod strips;
mod table;
mod value;
mod who;
mod work;
mod wrapped;

use gongkai_lexicon::{Lexicon, TemplateId};
use gongkai_page::Page;

pub use model::*;
use statement::Whys;
pub use statement::{Evidence, Meaning, Why};

/// Why an extractor could not be made from a lexicon.
#[derive(Debug, thiserror::Error)]
pub enum ExtractorError {
    /// A word of the data makes no pattern.
    #[error("a word of the data makes no pattern: {0}")]
    Pattern(#[from] regex::Error),
}

/// Reads reports out of pages. Made once, shared by all threads.
#[derive(Debug)]
pub struct Extractor {
    lexicon: Lexicon,
    patterns: who::Patterns,
    places: who::PlaceFinder,
}

impl Extractor {
    /// Prepares what every page needs.
    ///
    /// # Errors
    /// When the data makes no patterns.
    pub fn new(lexicon: Lexicon) -> Result<Self, ExtractorError> {
        let patterns = who::Patterns::new(&lexicon)?;
        let places = who::PlaceFinder::new(&lexicon);
        Ok(Self {
            lexicon,
            patterns,
            places,
        })
    }

    /// What is known.
    #[must_use]
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Who reports, for where and when, as [`Self::extract`] finds it.
    #[must_use]
    pub fn identify(&self, page: &Page, origin: &str) -> Identity {
        let traditional = fold::script_of(&page.text, &self.lexicon.script) != "hans";
        let evidence = who::Evidence::new(page, origin, &self.lexicon, &self.patterns, traditional);
        who::identify(&evidence, traditional, &self.places)
    }

    /// Reads a page. Where it was found, a path or an address, may tell of which place it is.
    #[must_use]
    pub fn extract(&self, page: &Page, origin: &str) -> Outcome {
        self.read(page, origin, None)
    }

    /// How each number of a page's sentences was read, and each zero in words: for whoever wonders why, or adds to the data.
    #[must_use]
    pub fn why(&self, page: &Page, origin: &str) -> Vec<Why> {
        let whys = Whys::default();
        self.read(page, origin, Some(&whys));
        whys.into_inner()
    }

    fn read(&self, page: &Page, origin: &str, whys: Option<&Whys>) -> Outcome {
        let Some(parts) = parts::of(page, &self.lexicon) else {
            return self.read_part(page, origin, whys);
        };
        let mut reports = Vec::new();
        for (ordinal, part) in (0u32..).zip(&parts) {
            match self.read_part(&parts::page_of(page, part), origin, whys) {
                Outcome::Reports(found) => reports.extend(found.into_iter().map(|report| Report {
                    ordinal,
                    ..report.behind(part.start)
                })),
                // A part that is none is no reason to take the page apart.
                Outcome::NotAReport { .. } => return self.read_part(page, origin, whys),
            }
        }
        Outcome::Reports(reports)
    }

    /// Reads a page that is one report, or none.
    fn read_part(&self, page: &Page, origin: &str, whys: Option<&Whys>) -> Outcome {
        let lexicon = &self.lexicon;
        let script = fold::script_of(&page.text, &lexicon.script);
        let traditional = script != "hans";
        let maker = cells::Maker {
            page,
            lexicon,
            traditional,
        };
        let (strips, left_out) = strips::strips(&maker);
        let mut tables = table::read(&strips, &maker);
        tables.problems.extend(left_out);
        drop(strips);
        let evidence = who::Evidence::new(page, origin, lexicon, &self.patterns, traditional);
        let identity = who::identify(&evidence, traditional, &self.places);
        let mut prose = prose::read(page, &tables, lexicon, traditional, identity.year, whys);
        repair::repair(&mut prose, &tables.mentions, lexicon);
        let printed = tables.mentions.iter().filter(|mention| mention.value != Value::Nothing);
        let in_tables = printed.count();
        let content = classify::Content {
            in_tables,
            blanks: tables.mentions.len() - in_tables,
            in_prose: prose.mentions.len(),
            chapters: prose.chapters,
        };
        if let Some((reason, message)) = classify::not_a_report(&evidence, &identity, traditional, content) {
            return Outcome::NotAReport { reason, message };
        }
        let templates = std::mem::take(&mut tables.templates);
        let mut report = self.reconcile(tables, prose, &templates);
        report.identity = identity;
        report.script = script;
        report.problems.extend(page.problems.iter().map(|problem| Problem {
            stage: "page",
            code: problem.code,
            span: None,
            message: problem.message.clone(),
        }));
        Outcome::Reports(vec![report])
    }

    /// Puts the mentions of tables and sentences together and lets the arithmetic speak.
    fn reconcile(&self, tables: table::TableReading, prose: prose::ProseReading, templates: &[TemplateId]) -> Report {
        let lexicon = &self.lexicon;
        let offset = tables.mentions.len();
        let mut mentions = tables.mentions;
        let mut ranks = vec![0; offset];
        mentions.extend(prose.mentions);
        ranks.extend(prose.ranks);
        let shares: Vec<prose::Share> = prose
            .shares
            .iter()
            .map(|share| prose::Share {
                mention: share.mention + offset,
                ..*share
            })
            .collect();
        let (mut observations, rivals) = resolve::resolve(&mentions, &ranks, lexicon);
        settle::settle(&mut observations, &rivals, &mentions, |observations, only| {
            let ledger = check::Ledger::new(&mentions, observations, templates, lexicon);
            ledger.only(only).tests(&shares)
        });
        let checks = check::Ledger::new(&mentions, &observations, templates, lexicon).tests(&shares);
        check::mark(&mut observations, &checks);
        let mut problems = tables.problems;
        problems.extend(prose.problems);
        Report {
            ordinal: 0,
            identity: Identity::default(),
            templates: templates
                .iter()
                .map(|template| lexicon.templates.get(*template).name.clone())
                .collect(),
            script: "hans",
            mentions,
            observations: observations.into_iter().map(|(_, observation)| observation).collect(),
            checks: checks.into_iter().map(|(check, _)| check).collect(),
            problems,
        }
    }
}
