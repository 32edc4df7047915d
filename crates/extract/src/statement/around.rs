//! The places around a number in which words say what it counts.

use std::ops::Range;

use gongkai_lexicon::FeatureKind::{self, Act, Channel, Foreign, Thing};
use gongkai_lexicon::{Lexeme, Lexicon, UnitClass};

use super::{SentenceReader, within};
use crate::prose::{Quantity, is_separator};

/// How far behind a number its noun can stand, in bytes: 4起政府信息公开申请.
const REACH: usize = 90;
/// The same for 个 and its like: 七个街道都设了查阅点 does not count the points.
const THING_REACH: usize = 21;

/// The places.
pub struct Around {
    /// From the last mark, or the number before, to the number.
    pub left: Range<usize>,
    /// The noun behind its unit.
    pub right: Range<usize>,
    /// The clauses before, up to the number before.
    pub far: Range<usize>,
    /// Whether nothing but 其中 and the like stand before the number.
    pub left_is_bare: bool,
    /// Whether the words behind the unit follow it at once.
    pub right_is_near: bool,
    /// Whether they say what the number is: 5件为自然人申请.
    pub right_is_copula: bool,
}

impl Around {
    pub fn of(reader: &SentenceReader<'_>, quantity: &Quantity, limit: usize, bound: usize) -> Self {
        let number = quantity.token.range.start;
        let start = reader.clauses.start(&reader.sentence, number).max(limit).min(number);
        let text = |range: Range<usize>| reader.text.get(range).unwrap_or("");
        let mut right = right(reader, quantity, bound);
        // 网站发布30条微信发布20条: what leads up to the next number is said of that.
        let is_next = right.end == bound && bound < reader.sentence.end;
        let left = start..number;
        let is_noun = || names(reader, &right, &[Thing]) && !names(reader, &right, &[Act, Channel]);
        let is_said = || names(reader, &left, &[Thing, Foreign, Channel]) || names(reader, &left, &[Act]) && !is_noun();
        if is_next && is_said() {
            right.end = right.start;
        }
        let behind = text(right.clone());
        Self {
            left_is_bare: is_bare(text(start..number), reader.lexicon),
            right_is_near: !behind.is_empty(),
            right_is_copula: behind.starts_with(['为', '系', '是']) || behind.starts_with("属"),
            left: start..number,
            far: limit.min(start)..start,
            right,
        }
    }
}

/// Whether words mean something of some kinds: not 工作由 in 工作由2名专职人员和1名兼职人员负责.
fn names(reader: &SentenceReader<'_>, range: &Range<usize>, kinds: &[FeatureKind]) -> bool {
    let statements = &reader.lexicon.statements;
    let mut lexemes = within(reader.lexemes, range).iter();
    lexemes.any(|lexeme| {
        let is_of = |kind: &FeatureKind| lexeme.features.intersects(statements.of_kind(*kind));
        kinds.iter().any(is_of)
    })
}

/// Up to the next mark, joint or number.
fn right(reader: &SentenceReader<'_>, quantity: &Quantity, bound: usize) -> Range<usize> {
    let is_thing = quantity
        .unit
        .as_ref()
        .is_some_and(|(_, class)| *class == UnitClass::Thing);
    let clause = reader
        .clauses
        .end(&reader.sentence, quantity.end)
        .min(bound)
        .max(quantity.end);
    let words = reader.text.get(quantity.end..clause).unwrap_or("");
    let end = words
        .find(['、', '(', ')'])
        .map_or(clause, |joint| quantity.end + joint);
    // 3个政府信息公开查阅场所: one known word behind the other reaches farther.
    let reach = if is_thing {
        THING_REACH.max(known(reader.lexemes, &(quantity.end..end)))
    } else {
        REACH
    };
    let mut end = end.min(quantity.end + reach);
    while !reader.text.is_char_boundary(end) {
        end -= 1;
    }
    quantity.end..end
}

/// How many bytes of a range known words fill from its start without a gap.
fn known(lexemes: &[Lexeme], range: &Range<usize>) -> usize {
    let mut end = range.start;
    for lexeme in within(lexemes, range) {
        if lexeme.start != end {
            break;
        }
        end = lexeme.end;
    }
    end - range.start
}

/// How many characters of a clause are neither known words nor such as say nothing: 其中, 共, marks.
pub fn unknown(reader: &SentenceReader<'_>, range: &Range<usize>) -> usize {
    let filler = &reader.lexicon.marks.filler;
    let count = |range: Range<usize>| {
        let gap = reader.text.get(range).unwrap_or("");
        let says_nothing = |c: char| !c.is_alphanumeric() || c.is_ascii_digit() || filler.contains(c);
        gap.chars().filter(|c| !says_nothing(*c)).count()
    };
    let mut from = range.start;
    let mut unknown = 0;
    for lexeme in within(reader.lexemes, range) {
        unknown += count(from..lexeme.start);
        from = lexeme.end;
    }
    unknown + count(from..range.end.max(from))
}

/// Whether a clause says nothing: 其中, 共, 2018年度累计.
pub fn is_bare(clause: &str, lexicon: &Lexicon) -> bool {
    let rest = clause.trim_matches(|c: char| is_separator(c) || "()、 \"“”".contains(c));
    rest.chars().count() <= 9
        && rest
            .chars()
            .all(|c| c.is_ascii_digit() || lexicon.marks.filler.contains(c))
}
