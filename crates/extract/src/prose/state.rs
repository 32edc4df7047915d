//! What a sentence has said so far, as far as it tells what its next number counts.

use std::ops::Range;

use gongkai_lexicon::{CategoryId, Lexicon, Role};

use super::numbers::Quantity;

/// One sentence while it is read.
pub struct SentenceState {
    /// Its range.
    pub sentence: Range<usize>,
    /// The paragraph's lead-in.
    pub lead: Range<usize>,
    /// How many mentions there were before it.
    pub first: usize,
    /// The unit of what was disclosed, when its themes may follow: they have the same.
    pub head: Option<char>,
    /// What the last number was a part of: 其中市直单位公开12条，乡镇公开30条.
    pub part_of: Option<CategoryId>,
    /// Whether the last number was a theme's.
    pub themes: bool,
    /// Whether it tells parts of a sum over years: 累计公开90条。其中网站30条.
    pub of_sum: bool,
}

impl SentenceState {
    /// Whether a number can be a theme's of what was disclosed: it has that one's unit, 篇 where that has 条, or none in a list.
    pub fn heads(&self, quantity: &Quantity, listed: bool, lexicon: &Lexicon) -> bool {
        let (Some(head), Some(unit)) = (self.head, quantity.unit_character()) else {
            return self.head.is_some() && listed;
        };
        let any = |unit: char| lexicon.marks.text_unit.begin(unit.encode_utf8(&mut [0; 4]));
        head == unit || any(head) && any(unit)
    }

    /// Notes whether themes may follow a number: behind what was disclosed, until something else has its unit.
    pub fn set_head(&mut self, found: Option<CategoryId>, quantity: &Quantity, listed: bool, lexicon: &Lexicon) {
        let role = found.and_then(|category| lexicon.categories.get(category).role);
        let unit = quantity.unit_character();
        match role {
            Some(Role::Disclosed | Role::Channel) => self.head = unit,
            Some(Role::Theme) => {}
            _ if self.head == unit && !listed => self.head = None,
            _ => {}
        }
    }
}
