//! What words of sentences mean, and which category the meanings of a statement make together: a vocabulary of words with
//! features, and a table of compositions. A number that no composition fits is not read.

mod composition;
mod feature;
mod places;
mod vocabulary;

use std::collections::HashMap;

use rustc_hash::FxHashSet;

use crate::category::{Categories, Category, CategoryId};
use crate::tsv::{DataError, Table};

pub use composition::{Composed, Means, Unit};
use composition::{Composition, Counted};
pub use feature::{FeatureId, FeatureKind, FeatureSet, GrammarFeatures};
pub use places::Surroundings;
pub use vocabulary::Lexeme;

use feature::Features;
use vocabulary::Vocabulary;

/// The words of statements and what they make.
#[derive(Debug)]
pub struct Statements {
    features: Features,
    vocabulary: Vocabulary,
    compositions: Vec<Composition>,
    /// The compositions by the features of which a statement must have one: their things, else acts, else others.
    by_feature: Vec<Vec<u16>>,
    /// Those that ask for no feature.
    featureless: Vec<u16>,
    /// What counts a thing, by its feature: the union over the compositions that have it.
    counted: Vec<Counted>,
    /// The matters of a thing, by its feature: the beginnings of the categories that its compositions make.
    matters: Vec<FxHashSet<String>>,
    /// The things that are cases.
    cases: FeatureSet,
}

/// What a category is about: requests, reviews; of the statutory tables each thing for itself.
fn matter(category: &Category) -> &str {
    let code = category.code.as_str();
    let part = if category.section.is_empty() {
        code.rsplit_once('.')
    } else {
        code.split_once('.')
    };
    part.map_or(code, |(matter, _)| matter)
}

impl Statements {
    pub(crate) fn parse(
        features: &Table,
        words: &Table,
        compositions: &Table,
        categories: &Categories,
    ) -> Result<Self, DataError> {
        let features = Features::parse(features)?;
        let vocabulary = Vocabulary::parse(words, &features)?;
        let mut parsed: Vec<Composition> = Vec::new();
        let mut seen: HashMap<Vec<&str>, usize> = HashMap::new();
        for row in compositions.rows() {
            if let Some(line) = seen.insert(row.fields_but("note"), row.line) {
                return Err(row.wrong(format!("says the same as line: {line}")));
            }
            let composition = Composition::parse(row, &features, categories)?;
            parsed.push(composition);
        }
        features.check_used(&vocabulary)?;
        let mut by_feature = vec![Vec::new(); features.len()];
        let mut counted = vec![Counted::default(); features.len()];
        let mut matters = vec![FxHashSet::default(); features.len()];
        let mut featureless = Vec::new();
        for (number, composition) in (0u16..).zip(&parsed) {
            match composition.anchor() {
                Some(anchor) => anchor
                    .iter()
                    .for_each(|one| by_feature[usize::from(one.0)].push(number)),
                None => featureless.push(number),
            }
            for thing in composition.things.iter() {
                counted[usize::from(thing.0)].extend(&composition.counted);
                let made = composition.category.all().into_iter();
                matters[usize::from(thing.0)].extend(made.map(|made| matter(categories.get(made)).to_owned()));
            }
        }
        let mut cases = FeatureSet::default();
        parsed
            .iter()
            .for_each(|composition| cases.extend(&composition.category.cases()));
        Ok(Self {
            cases,
            features,
            vocabulary,
            compositions: parsed,
            by_feature,
            featureless,
            counted,
            matters,
        })
    }

    /// The words of a folded text, left to right, the longest at each place.
    #[must_use]
    pub fn words(&self, text: &str) -> Vec<Lexeme> {
        self.vocabulary.find(text)
    }

    /// The features that the grammar itself asks for.
    #[must_use]
    pub fn grammar(&self) -> &GrammarFeatures {
        &self.features.grammar
    }

    /// The features of a kind.
    #[must_use]
    pub fn of_kind(&self, kind: FeatureKind) -> &FeatureSet {
        self.features.of_kind(kind)
    }

    /// The name of a feature.
    #[must_use]
    pub fn name(&self, feature: FeatureId) -> &str {
        self.features.name(feature)
    }

    /// Whether a number with a unit can count a thing.
    #[must_use]
    pub fn counts(&self, thing: FeatureId, unit: Unit<'_>) -> bool {
        self.counted
            .get(usize::from(thing.0))
            .is_some_and(|counted| counted.allows(unit))
    }

    /// Whether a thing is a case, of which results are told: 行政复议.
    #[must_use]
    pub fn is_case(&self, thing: FeatureId) -> bool {
        self.cases.contains(thing)
    }

    /// What a statement makes; nothing where no composition fits, or two equally good ones that differ.
    #[must_use]
    pub fn compose(&self, means: &Means<'_>, categories: &Categories) -> Option<Composed> {
        // What is said of no thing in particular is said of those of its own matter, as if it named them: 答复申请5件.
        let own = means.thing.filter(|_| means.is_own);
        let matters = own.and_then(|thing| self.matters.get(usize::from(thing.0)));
        let with_own = |composition: &Composition, score: i32, category: CategoryId| match matters {
            Some(matters) if composition.things.is_empty() => matters
                .contains(matter(categories.get(category)))
                .then_some(score + composition::CONDITION),
            _ => Some(score),
        };
        let said = means
            .thing
            .into_iter()
            .chain(means.acts.iter().copied())
            .chain(means.others.iter());
        let of_said = said.filter_map(|feature| self.by_feature.get(usize::from(feature.0)));
        let fitting = of_said.flatten().chain(&self.featureless);
        let mut best: Option<(i32, Composed)> = None;
        let mut is_tied = false;
        for number in fitting {
            let Some(composition) = self.compositions.get(usize::from(*number)) else {
                continue;
            };
            let fits = composition.fits(means);
            let scored = fits.and_then(|(score, category)| Some((with_own(composition, score, category)?, category)));
            let Some((score, category)) = scored else {
                continue;
            };
            let named = composition.of_named.then(|| self.features.applicant(means.others));
            let applicant = match named {
                // Of several, or of one that the dataset does not have, nothing can be said.
                Some(None) => continue,
                named => named.flatten(),
            };
            let composed = Composed {
                category,
                also: composition.also,
                applicant,
                guess: composition.guess,
                line: composition.line,
            };
            match &best {
                Some((most, other)) if score == *most => {
                    is_tied |= (other.category, other.applicant) != (composed.category, composed.applicant);
                }
                Some((most, _)) if score < *most => {}
                _ => {
                    best = Some((score, composed));
                    is_tied = false;
                }
            }
        }
        best.filter(|_| !is_tied).map(|(_, composed)| composed)
    }
}
