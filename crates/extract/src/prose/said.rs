//! What a paragraph has said so far, by category: asked for at every number, however many mentions there were.

use gongkai_lexicon::{Categories, CategoryId};

use crate::model::{Mention, Period, Scope};
use crate::work;

/// The categories that were told.
#[derive(Debug, Default)]
pub struct Said(Vec<Told>);

/// What was told of a category in a period.
#[derive(Debug)]
struct Told {
    category: CategoryId,
    period: Period,
    /// Index of the last mention.
    last: usize,
    /// Where the first ends that is no part of another number, in the page.
    whole_ends: Option<u32>,
}

impl Said {
    /// Notes a mention by its index.
    pub fn note(&mut self, mention: &Mention, index: usize) {
        work::note(self.0.len());
        let key = (mention.category, mention.period);
        let end = (mention.scope != Scope::Subset).then_some(mention.span.end);
        match self.0.iter_mut().find(|told| (told.category, told.period) == key) {
            Some(told) => {
                told.last = index;
                told.whole_ends = told.whole_ends.into_iter().chain(end).min();
            }
            None => self.0.push(Told {
                category: mention.category,
                period: mention.period,
                last: index,
                whole_ends: end,
            }),
        }
    }

    /// Index of the last mention of a category.
    pub fn last(&self, category: CategoryId) -> Option<usize> {
        let told = self.0.iter().filter(|told| told.category == category);
        told.map(|told| told.last).max()
    }

    /// Whether a number of a category that is no part of another ends before a place.
    pub fn has_whole(&self, category: CategoryId, period: Period, before: u32) -> bool {
        let mut told = self.0.iter();
        told.any(|told| {
            let ends = told.whole_ends.is_some_and(|end| end <= before);
            ends && told.category == category && told.period == period
        })
    }

    /// Whether one of the parts of a category was told as a number of its own.
    pub fn has_part(&self, category: CategoryId, period: Period, categories: &Categories) -> bool {
        let mut told = self.0.iter().filter(|told| told.whole_ends.is_some());
        told.any(|told| told.period == period && categories.get(told.category).whole == Some(category))
    }
}
