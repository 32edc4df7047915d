//! Zeros said in words: which words deny, and what they deny.

use std::ops::Range;

use gongkai_lexicon::{CategoryId, Lexicon, ProseRule, RuleCategory, SectionWords, WordSet};

use super::clauses::{Clauses, is_separator};
use super::numbers::{Quantity, Role};
use super::words::Words;
use crate::statement::{Memory, SentenceReader, within};

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

/// No sentence denies more, and no list that is denied is longer.
const MAX_DENIALS: usize = 12;
const MAX_PIECES: usize = 16;
/// A denial shorter than this, in bytes, can have its labels one clause before.
const SHORT_CLAUSE: usize = 60;

/// Reads the zeros of a block.
#[derive(Clone, Copy)]
pub struct ZeroReader<'a> {
    /// The folded block.
    pub text: &'a str,
    /// Its clauses.
    pub clauses: &'a Clauses,
    /// Its known words.
    pub words: &'a Words,
    /// Its brackets.
    pub brackets: &'a [Range<usize>],
    /// What is known.
    pub lexicon: &'a Lexicon,
    /// The section, as its word set's name.
    pub section: Option<&'a str>,
    /// The totals that were named and whose parts may follow.
    pub openers: &'a [CategoryId],
    /// What statements say.
    pub statements: &'a SentenceReader<'a>,
    /// What the chapter has said.
    pub memory: &'a Memory,
}

impl ZeroReader<'_> {
    /// Every zero in words of a sentence.
    pub fn find(&self, sentence: &Range<usize>, quantities: &[Quantity]) -> Vec<ZeroFound> {
        let mut found: Vec<ZeroFound> = Vec::new();
        let mut done = 0;
        for denial in denials(sentence, self.statements) {
            // What one word of a clause has denied, another does not deny once more.
            if denial.start < done {
                continue;
            }
            let Some((clause, categories)) = self.denied(sentence, &denial, quantities) else {
                continue;
            };
            done = clause.end;
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

    /// The clause of a denial and what it denies; none where a number follows, which tells better.
    fn denied(
        &self,
        sentence: &Range<usize>,
        denial: &Range<usize>,
        quantities: &[Quantity],
    ) -> Option<(Range<usize>, Vec<CategoryId>)> {
        let counted = |range: Range<usize>| {
            let first = quantities.partition_point(|quantity| quantity.token.range.start < range.start);
            let mut inside = quantities
                .iter()
                .skip(first)
                .take_while(|quantity| quantity.token.range.start < range.end);
            inside.any(|quantity| quantity.role == Role::Count)
        };
        let clause = self.clauses.start(sentence, denial.start)..self.clauses.end(sentence, denial.end);
        if counted(denial.end..clause.end) {
            return None;
        }
        let categories = self.labels(&clause);
        if !categories.is_empty() || clause.start == sentence.start || clause.len() > SHORT_CLAUSE {
            return Some((clause, categories));
        }
        // 因…行政复议、提起行政诉讼的情况,均未发生: the labels stand one clause before.
        let joined = self
            .text
            .get(sentence.start..clause.start)
            .unwrap_or("")
            .trim_end_matches(is_separator);
        let before = self.clauses.start(sentence, sentence.start + joined.len());
        let both = before..clause.end;
        // What only continues a list is not denied from afar: 加强网站监测，全年未发生安全事件.
        let alone = ZeroReader { openers: &[], ..*self };
        (!counted(before..clause.start)).then(|| (both.clone(), alone.labels(&both)))
    }

    /// The categories that can be zero and whose words stand in a clause: in a piece between joints, or in all of it.
    pub fn labels(&self, clause: &Range<usize>) -> Vec<CategoryId> {
        let mut pieces = pieces(self.text, clause, &self.lexicon.marks.joint);
        pieces.truncate(MAX_PIECES);
        if pieces.len() > 1 {
            pieces.push(clause.clone());
        }
        let mut found: Vec<CategoryId> = Vec::new();
        for piece in &pieces {
            if piece == clause && !found.is_empty() {
                break;
            }
            let category = match self.statements.denied(clause, piece, self.memory) {
                Some(composed) => composed.applicant.is_none().then_some(composed.category),
                None => self.by_rules(piece, clause),
            };
            found.extend(category.filter(|category| !found.contains(category)));
        }
        found
    }

    /// The category that can be zero whose rule fits the words of a label.
    fn by_rules(&self, piece: &Range<usize>, clause: &Range<usize>) -> Option<CategoryId> {
        let set = self.words.set(piece, self.brackets);
        let mut rules = self.lexicon.prose.candidates(&set);
        match rules.find(|rule| self.applies(rule, &set, clause))?.category {
            RuleCategory::Fixed(category) => Some(category),
            RuleCategory::Case(_) => None,
        }
    }

    fn applies(&self, rule: &ProseRule, set: &WordSet, clause: &Range<usize>) -> bool {
        let in_section = || {
            self.section.is_none_or(|section| {
                let named = |own: &SectionWords| own.name == section || self.words.any_in(clause, &own.words);
                rule.sections.is_empty() || rule.sections.iter().any(named)
            })
        };
        let continues = || rule.after.is_empty() || self.openers.iter().any(|opener| rule.after.contains(opener));
        rule.zero
            && !rule.groups.is_empty()
            && rule.groups.iter().all(|group| group.intersects(set))
            && !rule.not.intersects(set)
            && continues()
            && in_section()
    }
}

/// The first words of a sentence that deny: 未收到, but not 无法 or 没有及时.
fn denials(sentence: &Range<usize>, statements: &SentenceReader<'_>) -> Vec<Range<usize>> {
    let zero = statements.lexicon.statements.grammar().zero;
    let lexemes = within(statements.lexemes, sentence).iter();
    let denying = lexemes.filter(|lexeme| lexeme.features.contains(zero));
    denying
        .map(|lexeme| lexeme.start..lexeme.end)
        .take(MAX_DENIALS)
        .collect()
}

/// A clause cut at the words that join labels: 行政复议、行政诉讼和投诉.
pub fn pieces(text: &str, clause: &Range<usize>, joints: &[String]) -> Vec<Range<usize>> {
    let words = text.get(clause.clone()).unwrap_or("");
    let mut cuts: Vec<(usize, usize)> = joints
        .iter()
        .flat_map(|joint| words.match_indices(joint.as_str()).map(|(at, joint)| (at, joint.len())))
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
