//! Labels in one list and their numbers in another: 当面、网络申请分别为10件、20件; or one number for each label: 各1件.

use std::ops::Range;

use gongkai_lexicon::{Composed, Lexicon};

use super::clauses::is_separator;
use super::numbers::{Quantity, Role};
use super::window::Window;
use super::words::Words;
use super::zero::pieces;
use crate::statement::{Memory, SentenceReader};

/// No such list is longer.
const MAX_LABELS: usize = 8;
/// A longer label, in bytes, has no words to share.
const MAX_LABEL: usize = 180;
/// How far behind 分别 the first number can stand, in bytes: 分别公开信息100条.
const MAX_BETWEEN: usize = 24;

/// Numbers that belong to the labels before them, one to one.
pub struct Respective {
    /// The numbers by their place, one for each label; the same one for all labels behind 各.
    pub numbers: Vec<usize>,
    /// The labels; as many as the numbers, or none when they cannot be told apart.
    pub labels: Vec<Range<usize>>,
    /// What all labels share: the words behind the last label's name, and those before the first number.
    common: String,
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
        let text_of = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
        if labels
            .iter()
            .any(|label| lexicon.statements.words(text_of(label)).is_empty())
        {
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
        let shared = labels.last().map_or("", |last| shared_words(text_of(last), lexicon));
        let common = format!("{shared}{}", text_of(&(to..number)));
        Some(Self {
            numbers,
            labels,
            common,
        })
    }

    /// What every label names; none for a label that says nothing or the same as another.
    pub fn categories(
        &self,
        statements: &SentenceReader<'_>,
        quantities: &[Quantity],
        memory: &Memory,
    ) -> Vec<Option<Composed>> {
        let numbers = self.numbers.iter().filter_map(|number| quantities.get(*number));
        let named = self.labels.iter().zip(numbers);
        let found: Vec<Option<Composed>> = named
            .map(|(label, quantity)| {
                let label = statements.text.get(label.clone()).unwrap_or_default();
                statements.labelled(label, &self.common, quantity, memory)
            })
            .collect();
        let key = |composed: &Composed| (composed.category, composed.applicant);
        let alone = |one: &Composed| found.iter().flatten().filter(|other| key(other) == key(one)).count() == 1;
        found.iter().map(|composed| composed.filter(alone)).collect()
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

/// The words behind the last label's own, which are said of all labels: 发布信息数 in 微博发布信息数, 申请 in 网络申请.
fn shared_words<'t>(label: &'t str, lexicon: &Lexicon) -> &'t str {
    // Each place of the label is tried.
    if label.len() > MAX_LABEL {
        return "";
    }
    let is_word = |text: &str| {
        let words = lexicon.statements.words(text);
        words
            .first()
            .is_some_and(|word| word.start == 0 && word.end == text.len())
    };
    let begins_word = |text: &str| {
        lexicon
            .statements
            .words(text)
            .first()
            .is_some_and(|word| word.start == 0)
    };
    let mut cuts = label.char_indices().skip(1).map(|(at, _)| label.split_at(at));
    let parted = cuts.find(|(own, shared)| is_word(own) && begins_word(shared));
    parted.map_or("", |(_, shared)| shared)
}
