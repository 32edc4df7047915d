//! Labels in one list and their numbers in another: 当面、网络申请分别为10件、20件; or one number for each label: 各1件.

use std::ops::Range;

use gongkai_lexicon::{CategoryId, Lexicon};

use super::clauses::is_separator;
use super::numbers::{Quantity, Role};
use super::window::Window;
use super::words::Words;
use super::zero::pieces;

/// No such list is longer.
const MAX_LABELS: usize = 8;
/// How far behind 分别 the first number can stand, in bytes: 分别公开信息100条.
const MAX_BETWEEN: usize = 24;

/// Numbers that belong to the labels before them, one to one.
pub struct Respective {
    /// The numbers by their place, one for each label; the same one for all labels behind 各.
    pub numbers: Vec<usize>,
    /// The labels; as many as the numbers, or none when they cannot be told apart.
    pub labels: Vec<Range<usize>>,
    /// What all labels share: the words behind the last label's name, and those before the first number.
    common: [Range<usize>; 2],
}

impl Respective {
    /// The list that begins with the number at a position, if one does.
    pub fn find(
        window: &Window<'_>,
        quantities: &[Quantity],
        position: usize,
        words: &Words,
        lexicon: &Lexicon,
    ) -> Option<Self> {
        let grammar = lexicon.prose.grammar();
        let text = window.text;
        let number = window.left.end;
        let clause = window.clause();
        // A zero that labels share is read by them all without 各, too.
        let is_zero = quantities
            .get(position)
            .is_none_or(|quantity| quantity.token.amount.digits == 0);
        let each = words
            .last_in(&clause, &grammar.each)
            .filter(|(_, end)| *end == number && !is_zero);
        let (from, to) = each.or_else(|| {
            words
                .last_in(&clause, &grammar.respective)
                .filter(|(_, end)| number - end <= MAX_BETWEEN)
        })?;
        let list = list_of_numbers(text, quantities, position);
        if each.is_none() && list.len() < 2 {
            return None;
        }
        let named = label_clause(window, clause.start, from);
        let joints = &lexicon.marks.joint;
        let mut labels = pieces(text, &named, joints);
        // 市级、县级媒体刊发文章分别达到8篇、15篇: one label says nothing, and what is left need not be the number's.
        if labels.iter().any(|label| words.within(label).next().is_none()) {
            labels.clear();
        }
        let count = labels.len();
        let numbers = if each.is_some() {
            vec![position; count.max(1)]
        } else {
            list
        };
        if !(2..=MAX_LABELS).contains(&count) || count != numbers.len() {
            labels.clear();
        }
        let tail = labels
            .last()
            .and_then(|last| Some(common_start(words, last)?..last.end));
        let tail = tail.unwrap_or(number..number);
        Some(Self {
            numbers,
            labels,
            common: [tail, to..number],
        })
    }

    /// What every label names; none for a label that says nothing or the same as another.
    pub fn categories(
        &self,
        window: &Window<'_>,
        quantities: &[Quantity],
        words: &Words,
        lexicon: &Lexicon,
    ) -> Vec<Option<CategoryId>> {
        let numbers = self.numbers.iter().filter_map(|number| quantities.get(*number));
        let found: Vec<Option<CategoryId>> = self
            .labels
            .iter()
            .zip(numbers)
            .map(|(label, quantity)| window.category_of(label, &self.common, quantity, words, lexicon))
            .collect();
        let alone = |category: &CategoryId| found.iter().flatten().filter(|other| *other == category).count() == 1;
        found.iter().map(|category| category.filter(alone)).collect()
    }
}

/// The numbers from a position on with nothing but joints between them.
fn list_of_numbers(text: &str, quantities: &[Quantity], position: usize) -> Vec<usize> {
    let mut list = vec![position];
    for (next, pair) in (position + 1..).zip(quantities.get(position..).unwrap_or_default().windows(2)) {
        let [before, after] = pair else {
            break;
        };
        let joint = text
            .get(before.end..after.token.range.start)
            .is_some_and(|gap| matches!(gap, "、" | "，" | "," | "和" | "与" | "及" | "以及"));
        if !joint || after.role != Role::Count || list.len() >= MAX_LABELS {
            break;
        }
        list.push(next);
    }
    list
}

/// Where the labels stand: in the clause of 分别, or in the one before when that begins with it.
fn label_clause(window: &Window<'_>, start: usize, end: usize) -> Range<usize> {
    if end > start {
        return start..end;
    }
    let before = window.text.get(window.left.start..start).unwrap_or("");
    let before_end = window.left.start + before.trim_end_matches(is_separator).len();
    window
        .clauses
        .start(&window.sentence, before_end)
        .max(window.left.start)..before_end
}

/// Where the words begin that are said of all labels, behind the last label's own: 发布信息数 in 微博发布信息数.
fn common_start(words: &Words, label: &Range<usize>) -> Option<usize> {
    let (first, ..) = words.within(label).next()?;
    words
        .within(label)
        .map(|(start, ..)| start)
        .find(|start| *start > first)
}
