//! Zeros said in words: which words deny, and what they deny.

use std::ops::Range;

use gongkai_lexicon::{CategoryId, Lexicon, RuleCategory};

use super::numbers::{Quantity, Role, clause_end, clause_start, is_separator};
use super::words::Words;

/// A zero said in words.
#[derive(Debug, Clone)]
pub struct ZeroFound {
    /// What there was none of.
    pub category: CategoryId,
    /// The words that deny.
    pub words: Range<usize>,
    /// The clause they stand in.
    pub clause: Range<usize>,
}

/// Marks and words that join the labels of one zero: 行政复议、行政诉讼和投诉.
const JOINTS: [&str; 7] = ["、", "和", "及", "或", "与", "，", ","];

/// Every zero in words of a sentence.
pub fn find(
    text: &str,
    sentence: &Range<usize>,
    quantities: &[Quantity],
    words: &Words,
    brackets: &[Range<usize>],
    lexicon: &Lexicon,
    section: Option<&str>,
) -> Vec<ZeroFound> {
    let mut found: Vec<ZeroFound> = Vec::new();
    for denial in denials(sentence, words, lexicon) {
        let clause = clause_start(text, sentence, denial.start)..clause_end(text, sentence, denial.end);
        // 没有收到申请的12件: the number behind tells, not the denial.
        let counted = quantities.iter().any(|quantity| {
            quantity.role == Role::Count
                && quantity.token.range.start >= denial.end
                && quantity.token.range.start < clause.end
        });
        if counted {
            continue;
        }
        let mut categories = labels(text, &clause, words, brackets, lexicon, section);
        let mut clause = clause;
        if categories.is_empty() && clause.start > sentence.start {
            // 因…行政复议、提起行政诉讼的情况,均未发生: the labels stand one clause before.
            let joined = text
                .get(sentence.start..clause.start)
                .unwrap_or("")
                .trim_end_matches(is_separator);
            let before = clause_start(text, sentence, sentence.start + joined.len());
            let free = !quantities.iter().any(|quantity| {
                quantity.role == Role::Count && (before..clause.start).contains(&quantity.token.range.start)
            });
            if free && clause.len() <= 60 {
                clause = before..clause.end;
                categories = labels(text, &clause, words, brackets, lexicon, section);
            }
        }
        for category in categories {
            if !found.iter().any(|other| other.category == category) {
                found.push(ZeroFound {
                    category,
                    words: denial.clone(),
                    clause: clause.clone(),
                });
            }
        }
    }
    found
}

/// The denying words of a sentence, longest first at each place, without 无法, 信息不存在 and the like.
fn denials(sentence: &Range<usize>, words: &Words, lexicon: &Lexicon) -> Vec<Range<usize>> {
    let (zero, not_zero) = (lexicon.prose.set("zero"), lexicon.prose.set("not_zero"));
    let refused: Vec<Range<usize>> = words
        .within(sentence)
        .filter(|(_, _, word)| not_zero.contains(*word))
        .map(|(start, end, _)| start..end)
        .collect();
    let mut kept: Vec<Range<usize>> = Vec::new();
    for (start, end, word) in words.within(sentence) {
        if !zero.contains(word) || refused.iter().any(|range| range.start < end && start < range.end) {
            continue;
        }
        match kept.last_mut() {
            Some(last) if start < last.end => last.end = last.end.max(end),
            _ => kept.push(start..end),
        }
    }
    kept
}

/// The categories that can be zero and whose words stand in a clause: in a piece between joints, or in all of it.
pub fn labels(
    text: &str,
    clause: &Range<usize>,
    words: &Words,
    brackets: &[Range<usize>],
    lexicon: &Lexicon,
    section: Option<&str>,
) -> Vec<CategoryId> {
    let mut pieces = pieces(text, clause);
    if pieces.len() > 1 {
        pieces.push(clause.clone());
    }
    let mut found: Vec<CategoryId> = Vec::new();
    for piece in pieces {
        let set = words.set(&piece, brackets);
        let rule = lexicon.prose.rules().iter().filter(|rule| rule.zero).find(|rule| {
            let allowed = section.is_none_or(|section| {
                rule.sections.is_empty()
                    || rule
                        .sections
                        .iter()
                        .any(|name| name == section || words.any_in(clause, &lexicon.prose.set(name)))
            });
            allowed && rule.groups.iter().all(|group| group.intersects(&set)) && !rule.not.intersects(&set)
        });
        if let Some(RuleCategory::Fixed(category)) = rule.map(|rule| rule.category) {
            if !found.contains(&category) {
                found.push(category);
            }
        }
    }
    found
}

fn pieces(text: &str, clause: &Range<usize>) -> Vec<Range<usize>> {
    let words = text.get(clause.clone()).unwrap_or("");
    let mut cuts: Vec<(usize, usize)> = JOINTS
        .iter()
        .flat_map(|joint| words.match_indices(joint).map(|(at, joint)| (at, joint.len())))
        .collect();
    cuts.sort_unstable();
    let mut out = Vec::new();
    let mut start = 0;
    for (at, length) in cuts {
        if at > start {
            out.push(clause.start + start..clause.start + at);
        }
        start = at + length;
    }
    if start < words.len() {
        out.push(clause.start + start..clause.end);
    }
    out
}
