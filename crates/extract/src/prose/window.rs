//! The surroundings of a number in its sentence, and what it was found to count.

use std::ops::Range;

use gongkai_lexicon::{CategoryId, FeatureKind, Lexeme, Lexicon, Role};

use super::clauses::{Clauses, is_separator};
use super::numbers::Quantity;
use super::period::Years;
use super::theme::ListPlace;
use super::words::Words;
use crate::model::{Applicant, Scope};
use crate::statement::within;

/// The surroundings of one number.
#[derive(Debug, Clone)]
pub struct Window<'a> {
    /// The folded block.
    pub text: &'a str,
    /// Its words of statements.
    pub lexemes: &'a [Lexeme],
    /// Its clauses.
    pub clauses: &'a Clauses,
    /// From the number before (or the sentence's start) to this one.
    pub left: Range<usize>,
    /// From its unit to the next number (or the sentence's end).
    pub right: Range<usize>,
    /// The sentence.
    pub sentence: Range<usize>,
    /// The section, as its word set's name.
    pub section: Option<&'a str>,
    /// Its place in a list.
    pub list: ListPlace,
    /// The report's year.
    pub year: Option<i16>,
    /// The years that the block names.
    pub years: &'a Years,
    /// Whether it is a part of a sum over years that the sentence before told.
    pub of_sum: bool,
}

/// What a number counts.
#[derive(Debug, Clone)]
pub struct Found {
    /// The category.
    pub category: CategoryId,
    /// Whose requests.
    pub applicant: Applicant,
    /// The words that say so.
    pub label: Option<Range<usize>>,
    /// One past the words used up behind the number.
    pub consumed: usize,
    /// Whether the words stand right before the number.
    pub direct: bool,
    /// Whether it is told apart as the year's own: 其中新收5件.
    pub is_new: bool,
    /// From 0 to 1.
    pub confidence: f32,
}

impl Found {
    /// What a number of a list counts, by the label that stands for it in another list.
    pub fn listed(category: CategoryId, label: Range<usize>, quantity: &Quantity) -> Self {
        Self {
            category,
            applicant: Applicant::All,
            label: Some(label),
            consumed: quantity.end,
            direct: true,
            is_new: false,
            confidence: LISTED,
        }
    }
}

/// How sure it is what a number of a list counts.
const LISTED: f32 = 0.85;

impl Window<'_> {
    /// From the last mark, or the number before, to the number.
    pub fn clause(&self) -> Range<usize> {
        let start = self.clauses.start(&self.sentence, self.left.end);
        start.max(self.left.start)..self.left.end
    }

    /// Whose work the words speak of.
    pub fn scope(&self, category: CategoryId, words: &Words, lexicon: &Lexicon, text: &str) -> (Scope, Option<String>) {
        let near = self.clause();
        let label = |at: (usize, usize)| text.get(at.0..at.1).map(str::to_owned);
        let request = lexicon.categories.get(category).role == Some(Role::Received);
        let grammar = lexicon.prose.grammar();
        let both = [&grammar.subset, &grammar.website];
        let narrow = if request { both.as_slice() } else { &both[..1] };
        // 通过机构职能、工作动态等栏目公开 names them all.
        let all = |(start, _): &(usize, usize)| text[..*start].ends_with('等');
        // 信息公开栏目 is the website's own, and the column of a theme its name.
        let channels = lexicon.statements.of_kind(FeatureKind::Channel);
        let in_channel = |(start, end): &(usize, usize)| {
            let mut lexemes = within(self.lexemes, &near).iter();
            lexemes.any(|lexeme| lexeme.start <= *start && *end <= lexeme.end && lexeme.features.intersects(channels))
        };
        let is_theme = category == lexicon.categories.theme();
        let narrowed = narrow.iter().find_map(|set| words.last_in(&near, set));
        if let Some(at) = narrowed.filter(|at| !is_theme && !all(at) && !in_channel(at)) {
            return (Scope::Subset, label(at));
        }
        for (set, scope) in [
            (&grammar.own_level, Scope::OwnLevel),
            (&grammar.territory, Scope::Territory),
        ] {
            if let Some(at) = words.last_in(&(self.sentence.start..self.left.end), set) {
                return (scope, label(at));
            }
        }
        (Scope::Unknown, None)
    }

    /// The clauses behind a number in which no other stands: what follows its unit at once, then those behind marks.
    pub fn clauses_behind(&self, quantity: &Quantity) -> impl Iterator<Item = Range<usize>> + use<'_> {
        let mut start = quantity.end;
        std::iter::from_fn(move || {
            let rest = self.text.get(start..self.right.end)?;
            let marks = rest.len() - rest.trim_start_matches(|c: char| is_separator(c)).len();
            // 1件(信函申请): what a bracket says behind the unit.
            if let Some(end) = rest.find(')').filter(|end| rest.starts_with('(') && *end < 60) {
                start += end + 1;
                return Some(start - end..start - 1);
            }
            let from = start + marks;
            let end = self.clauses.end(&self.sentence, from).min(self.right.end);
            let number_free = end < self.right.end || self.right.end == self.sentence.end;
            if from >= end || !number_free {
                return None;
            }
            start = end;
            Some(from..end)
        })
    }
}
