//! A number that counts more than the thing beside it: 收到并答复5件, 行政诉讼5件，均为结果维持.

use std::ops::Range;

use gongkai_lexicon::{CategoryId, Role};

use super::ProseReading;
use super::block::BlockReader;
use super::numbers::Quantity;
use super::verdict::applicant_of;
use super::window::Window;
use crate::model::{Applicant, Mention};
use crate::statement::{Memory, SentenceReader};

/// So many clauses behind a number can speak of all of it.
const MAX_BEHIND: usize = 4;
/// So many numbers before it can be parts of the same whole by whose requests they are.
const MAX_BEFORE: usize = 16;
/// How sure it is that a number counts for what is said of all of it.
const OF_ALL: f32 = 0.8;

impl BlockReader<'_> {
    /// Notes a number once more, for another category that its own words name.
    pub fn also(&self, mention: usize, category: CategoryId, memory: &mut Memory, reading: &mut ProseReading) {
        if let Some(original) = reading.mentions.get(mention) {
            let copy = Mention {
                category,
                ..original.clone()
            };
            let rank = reading.ranks.get(mention).copied().unwrap_or(0);
            reading.add(copy, rank);
            memory.add(category);
        }
    }

    /// 行政诉讼5件,均为结果维持: the number before counts for the words behind it, too.
    pub fn all_of_them(
        &self,
        quantity: &Quantity,
        mention: usize,
        window: &Window<'_>,
        statements: &SentenceReader<'_>,
        memory: &mut Memory,
        reading: &mut ProseReading,
    ) {
        let is_one = quantity.token.amount.digits == 1;
        let mut told: Vec<(Range<usize>, CategoryId, Applicant)> = Vec::new();
        for clause in window.clauses_behind(quantity).take(MAX_BEHIND) {
            if let Some(composed) = statements.of_all(&clause, quantity, is_one, memory) {
                memory.add(composed.category);
                told.push((clause, composed.category, applicant_of(&composed)));
            }
        }
        for (range, category, applicant) in told {
            self.copy_whole(mention, range, category, applicant, quantity, reading);
        }
    }

    /// Notes the number of a whole once more, as what is said of all of it.
    fn copy_whole(
        &self,
        mention: usize,
        range: Range<usize>,
        category: CategoryId,
        applicant: Applicant,
        quantity: &Quantity,
        reading: &mut ProseReading,
    ) {
        let Some(original) = self.whole_of(mention, category, reading) else {
            return;
        };
        let matter = |category| self.lexicon.categories.code(category).split('.').next();
        // 结转下年度5件，已全部答复 speaks of all the others.
        let is_part = self.lexicon.categories.get(category).whole == Some(original.category);
        let categories = &self.lexicon.categories;
        let is_closed = categories.get(original.category).role == Some(Role::Closed);
        let is_whole = is_part || is_closed || categories.has_parts(original.category);
        let is_same = (original.category, original.applicant) == (category, applicant);
        let is_other = matter(original.category) != matter(category);
        if !is_whole || is_same || is_other || quantity.readings.len() > 1 {
            return;
        }
        let copy = Mention {
            category,
            applicant,
            label: Some(self.printed(range)),
            confidence: original.confidence.min(OF_ALL),
            ..original.clone()
        };
        let rank = reading.ranks.get(mention).copied().unwrap_or(0);
        reading.add(copy, rank);
    }

    /// What 均 speaks of behind a mention: 收到5件，其中网上3件、信函2件，均已答复 means all five.
    fn whole_of<'r>(&self, mention: usize, part: CategoryId, reading: &'r ProseReading) -> Option<&'r Mention> {
        let named = reading.mentions.get(mention)?;
        // 5件为自然人申请，1件为企业申请，均已答复 means those of both.
        if named.applicant != Applicant::All {
            let first = reading.mentions.len().saturating_sub(MAX_BEFORE);
            let before = reading.mentions.get(first..mention)?.iter();
            let mut whole = before.rev().filter(|other| other.category == named.category);
            return whole.find(|other| other.applicant == Applicant::All);
        }
        // 其中直接起诉3件，均未审结 speaks of these three.
        if self.lexicon.categories.get(part).whole == Some(named.category) {
            return Some(named);
        }
        let Some(whole) = self.lexicon.categories.get(named.category).whole else {
            return Some(named);
        };
        reading.mentions.get(reading.said.last(whole)?)
    }
}
