//! What the words of a place mean: their acts, the one thing they speak of, and all else.

use std::ops::Range;

use gongkai_lexicon::{FeatureId, FeatureKind, FeatureSet, Lexeme, StatementUnit};

use super::SentenceReader;
use crate::work;

/// What was gathered.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    /// What was done, in the order of the words.
    pub acts: Vec<FeatureId>,
    /// What it was done to: the last thing that the unit counts.
    pub thing: Option<FeatureId>,
    /// Whether the last thing is none of the reports'.
    pub is_foreign: bool,
    /// All else, and the things that are not the one.
    pub others: FeatureSet,
    /// Whether 各 stands last: the number counts for each.
    pub is_each: bool,
    /// One past its thing.
    thing_end: usize,
    /// One past what is none of the reports'.
    foreign_end: usize,
    /// One past the last known word.
    pub end: usize,
}

/// The words that lie inside a range.
pub fn within<'a>(lexemes: &'a [Lexeme], range: &Range<usize>) -> &'a [Lexeme] {
    let first = lexemes.partition_point(|lexeme| lexeme.start < range.start);
    let last = lexemes.partition_point(|lexeme| lexeme.end <= range.end);
    lexemes.get(first..last.max(first)).unwrap_or_default()
}

/// The first word that ends behind a place: the one around it, if any is.
pub fn ending_behind(lexemes: &[Lexeme], at: usize) -> Option<&Lexeme> {
    lexemes.get(lexemes.partition_point(|lexeme| lexeme.end <= at))
}

/// The bracket around a place.
fn bracket_at(brackets: &[Range<usize>], at: usize) -> Option<&Range<usize>> {
    let behind = brackets.partition_point(|bracket| bracket.end <= at);
    brackets.get(behind).filter(|bracket| bracket.contains(&at))
}

/// Whether a bracket tells what a number includes: 网站(含转发)120条.
fn includes(text: &str, bracket: &Range<usize>) -> bool {
    let inside = text.get(bracket.clone()).unwrap_or("").trim_start_matches(['(', '（']);
    inside.starts_with(['含', '不']) || inside.starts_with("包括")
}

/// No clause of a report has more words; what stands farther from the number says nothing of it.
const MOST: usize = 48;

impl SentenceReader<'_> {
    /// What the words behind a number mean: 1276人次通过各种方式咨询住房. What it counts stands before what that is about.
    pub fn gather_behind(&self, range: &Range<usize>, unit: StatementUnit<'_>, number: usize) -> Gathered {
        let mut gathered = self.gather(range, unit, number);
        if gathered.is_foreign {
            let statements = &self.lexicon.statements;
            let things = statements.of_kind(FeatureKind::Thing);
            let own = within(self.lexemes, range)
                .iter()
                .flat_map(|lexeme| lexeme.features.both(things).iter().collect::<Vec<_>>());
            gathered.thing = own.into_iter().find(|thing| statements.counts(*thing, unit));
            gathered.is_foreign = gathered.thing.is_none();
        }
        gathered
    }

    /// What the words of a range mean that is told of a number, which stands at a place. What a bracket says that ends before
    /// the number is a gloss.
    pub fn gather(&self, range: &Range<usize>, unit: StatementUnit<'_>, number: usize) -> Gathered {
        let statements = &self.lexicon.statements;
        let kind = |kind: FeatureKind| statements.of_kind(kind);
        let within = within(self.lexemes, range);
        let within = within.get(within.len().saturating_sub(MOST)..).unwrap_or_default();
        work::note(within.len());
        let inside = bracket_at(self.brackets, number);
        let mut gathered = Gathered {
            end: range.start,
            ..Gathered::default()
        };
        for lexeme in within {
            // A gloss; but 不予公开(属于国家秘密)1件 says what the number counts.
            let bracket = bracket_at(self.brackets, lexeme.start);
            let is_gloss = |bracket: &Range<usize>| bracket.end != number || includes(self.text, bracket);
            if bracket != inside && bracket.is_some_and(is_gloss) {
                continue;
            }
            gathered.end = lexeme.end;
            let acts = lexeme.features.both(kind(FeatureKind::Act));
            gathered.acts.extend(acts.iter());
            gathered.others.extend(&lexeme.features);
            let adjoins = gathered.thing_end == lexeme.start;
            if lexeme.features.intersects(kind(FeatureKind::Foreign)) {
                (gathered.thing, gathered.is_foreign) = (None, true);
            } else {
                let things = lexeme.features.both(kind(FeatureKind::Thing));
                // 行政复议申请 is a case, not a request.
                let is_of_case = adjoins && gathered.thing.is_some_and(|thing| statements.is_case(thing));
                let counted = things.iter().find(|thing| statements.counts(*thing, unit));
                if let Some(thing) = counted.filter(|thing| !is_of_case || statements.is_case(*thing)) {
                    // 群众来信和依申请公开26件: one number for both is none of ours.
                    let gap = self.text.get(gathered.foreign_end..lexeme.start).unwrap_or("");
                    let is_joint = gathered.is_foreign && ["和", "及", "与", "、"].contains(&gap);
                    if !is_joint {
                        (gathered.thing, gathered.is_foreign) = (Some(thing), false);
                    }
                    gathered.thing_end = lexeme.end;
                }
            }
            if gathered.is_foreign {
                gathered.foreign_end = lexeme.end;
            }
            gathered.is_each = lexeme.end == range.end && lexeme.features.contains(statements.grammar().each);
        }
        gathered
    }
}
