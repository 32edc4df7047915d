//! What a chapter has said so far, as far as it tells what its next numbers count.

use std::ops::Range;

use gongkai_lexicon::{CategoryId, FeatureId};

use super::Bound;

/// No chapter names more totals than these whose parts may follow.
const MOST: usize = 64;

/// What a chapter has said.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    open: Vec<CategoryId>,
    case: Option<FeatureId>,
    said: Option<(Range<usize>, Said)>,
}

/// What was said with the number before.
#[derive(Debug, Clone)]
pub struct Said {
    /// The thing.
    pub thing: Option<FeatureId>,
    /// Whether it is none of the reports'.
    pub is_foreign: bool,
    /// The acts.
    pub acts: Vec<FeatureId>,
}

impl Memory {
    /// A new chapter, or another text unit, says everything anew.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// What was read in the chapter.
    pub fn open(&self) -> &[CategoryId] {
        &self.open
    }

    /// The case that was named last.
    pub fn case(&self) -> Option<FeatureId> {
        self.case
    }

    /// What was said with the number before, in the same sentence.
    pub fn said(&self, sentence: &Range<usize>) -> Option<&Said> {
        self.said
            .as_ref()
            .filter(|(of, _)| of == sentence)
            .map(|(_, said)| said)
    }

    /// Notes that a number counts nothing of ours.
    pub fn take(&mut self, sentence: Range<usize>) {
        let said = Said {
            thing: None,
            is_foreign: true,
            acts: Vec::new(),
        };
        self.said = Some((sentence, said));
    }

    /// Notes what was said of a number.
    pub fn note(
        &mut self,
        sentence: Range<usize>,
        bound: &Bound,
        case: Option<FeatureId>,
        category: Option<CategoryId>,
    ) {
        let said = Said {
            thing: bound.thing,
            is_foreign: bound.is_foreign,
            acts: bound.acts.clone(),
        };
        self.said = Some((sentence, said));
        self.case = case.or(self.case);
        category.into_iter().for_each(|category| self.add(category));
    }

    /// Notes a number of a category, whoever read it: its parts may follow.
    pub fn add(&mut self, category: CategoryId) {
        if !self.open.contains(&category) && self.open.len() < MOST {
            self.open.push(category);
        }
    }
}
