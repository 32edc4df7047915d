//! What a sentence has said so far, as far as it tells what its next number counts.

use std::ops::Range;

use gongkai_lexicon::{CategoryId, Lexicon};

use super::numbers::Quantity;

/// One sentence while it is read.
pub struct SentenceState {
    /// Its range.
    pub sentence: Range<usize>,
    /// The paragraph's lead-in.
    pub lead: Range<usize>,
    /// How many mentions there were before it.
    pub first: usize,
    /// The case that was spoken of before.
    pub topic: Option<usize>,
    /// The totals of one matter that were named and whose parts may follow.
    pub openers: Vec<CategoryId>,
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
        let code = found.map_or("", |category| lexicon.categories.code(category));
        let unit = quantity.unit_character();
        let discloses = ["proactive.total", "proactive.channel."];
        if discloses.iter().any(|start| code.starts_with(start)) {
            self.head = unit;
        } else if self.head == unit && !listed && code != "proactive.theme" {
            self.head = None;
        }
    }

    /// Notes a total whose parts may follow. A total of another matter closes the lists of the one before.
    pub fn open(&mut self, category: Option<CategoryId>, lexicon: &Lexicon) {
        let Some(category) = category.filter(|category| lexicon.prose.opens_list(*category)) else {
            return;
        };
        let matter = |id| lexicon.categories.code(id).split('.').next();
        self.openers
            .retain(|other| matter(*other) == matter(category) && *other != category);
        self.openers.push(category);
    }
}
