//! Zeros said in words: which words deny, and what they deny.

use std::ops::Range;

use gongkai_lexicon::CategoryId;

use super::clauses::is_separator;
use super::numbers::{Quantity, Role};
use crate::statement::{Memory, SentenceReader, ending_behind, within};

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
pub struct ZeroReader<'a> {
    /// What its sentence says.
    pub statements: &'a SentenceReader<'a>,
}

impl ZeroReader<'_> {
    /// Every zero in words of a sentence.
    pub fn find(&self, sentence: &Range<usize>, quantities: &[Quantity], memory: &Memory) -> Vec<ZeroFound> {
        let mut found: Vec<ZeroFound> = Vec::new();
        let mut memory = memory.clone();
        let mut done = 0;
        for denial in denials(sentence, self.statements) {
            // What one word of a clause has denied, another does not deny once more.
            if denial.start < done {
                continue;
            }
            let Some((clause, categories)) = self.denied(sentence, &denial, quantities, &mut memory) else {
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
        memory: &mut Memory,
    ) -> Option<(Range<usize>, Vec<CategoryId>)> {
        let counted = |range: Range<usize>| {
            let first = quantities.partition_point(|quantity| quantity.token.range.start < range.start);
            let mut inside = quantities
                .iter()
                .skip(first)
                .take_while(|quantity| quantity.token.range.start < range.end);
            inside.any(|quantity| quantity.role == Role::Count)
        };
        let clause =
            self.statements.clauses.start(sentence, denial.start)..self.statements.clauses.end(sentence, denial.end);
        if counted(denial.end..clause.end) {
            return None;
        }
        let categories = self.labels(&clause, memory);
        if !categories.is_empty() || clause.start == sentence.start || clause.len() > SHORT_CLAUSE {
            return Some((clause, categories));
        }
        // 因…行政复议、提起行政诉讼的情况,均未发生: the labels stand one clause before.
        let joined = self
            .statements
            .text
            .get(sentence.start..clause.start)
            .unwrap_or("")
            .trim_end_matches(is_separator);
        let before = self.statements.clauses.start(sentence, sentence.start + joined.len());
        let both = before..clause.end;
        (!counted(before..clause.start)).then(|| (both.clone(), self.labels(&both, memory)))
    }

    /// The categories that can be zero and whose words stand in a clause: in a piece between joints, or in all of it. The memory
    /// gets them.
    pub fn labels(&self, clause: &Range<usize>, memory: &mut Memory) -> Vec<CategoryId> {
        let mut pieces = self.whole_words(clause);
        pieces.truncate(MAX_PIECES);
        let is_list = pieces.len() > 1;
        // 投诉、行政复议: what one piece says makes clear what another is about, whichever stands first.
        let rounds = if is_list { 2 } else { 1 };
        let mut found: Vec<CategoryId> = Vec::new();
        for _ in 0..rounds {
            pieces
                .iter()
                .for_each(|piece| self.deny(clause, piece, memory, &mut found));
        }
        if found.is_empty() && is_list {
            self.deny(clause, clause, memory, &mut found);
        }
        found
    }

    /// Notes what a label of a clause denies, of all applicants.
    fn deny(&self, clause: &Range<usize>, label: &Range<usize>, memory: &mut Memory, found: &mut Vec<CategoryId>) {
        let denied = self.statements.denied(clause, label, memory);
        let of_all = denied.filter(|composed| composed.applicant.is_none());
        let category = of_all.map(|composed| composed.category);
        if let Some(category) = category.filter(|category| !found.contains(category)) {
            memory.add(category);
            found.push(category);
        }
    }

    /// The pieces of a clause, none of which ends within a word: 公民、法人和其他组织.
    fn whole_words(&self, clause: &Range<usize>) -> Vec<Range<usize>> {
        let mut whole: Vec<Range<usize>> = Vec::new();
        let statements = self.statements;
        for piece in pieces(statements.text, clause, &statements.lexicon.marks.joint) {
            let last = whole.last_mut().filter(|last| {
                let word = ending_behind(statements.lexemes, last.end);
                word.is_some_and(|word| word.start < last.end && piece.start < word.end)
            });
            match last {
                Some(last) => last.end = piece.end,
                None => whole.push(piece),
            }
        }
        whole
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
