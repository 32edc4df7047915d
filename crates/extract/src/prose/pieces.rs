//! Numbers that another one touches: digits that a space sets apart, ranges, and what a mark joins without making one
//! number of it. What they count cannot be told, and no part of them is a count.

use gongkai_lexicon::Lexicon;

use super::numbers::{Quantity, Role};
use crate::number::NumberToken;
use crate::numeral::numeral;

/// More characters between two numbers, whatever they are, join nothing.
const MAX_MARKS: usize = 3;
/// Marks between numbers that are each one of its own, or that are told elsewhere: lists, clauses, brackets, quotations;
/// addresses, dates and times of day; masks.
const SETS_APART: &str = "、，,；;：:。！？!?（）()《》〈〉<>“”‘\"「」『』【】[]〔〕%‰/@_-~—#*";

/// The number at the front of some with all that it touches, and how many of those behind it these are.
pub fn whole(text: &str, tokens: &[NumberToken], lexicon: &Lexicon) -> Option<(NumberToken, usize)> {
    let [first, others @ ..] = tokens else {
        return None;
    };
    let (mut last, mut behind) = (first, 0);
    for (place, next) in (1..).zip(others) {
        let unit = unit_length(text.get(last.range.end..).unwrap_or_default(), lexicon);
        // 5千元: the 千 is one of the unit.
        if next.range.start < last.range.end + unit {
            continue;
        }
        if !touches(text, last, next, lexicon) {
            break;
        }
        (last, behind) = (next, place);
    }
    let whole = NumberToken {
        range: first.range.start..last.range.end,
        digits: first.range.start..last.digits.end,
        chinese: first.chinese && last.chinese,
        ..last.clone()
    };
    let unread = is_beside_unread(text, &whole, others.get(behind));
    (behind > 0 || unread).then_some((whole, behind))
}

/// Whether digits touch a number that are none themselves: there are too many of them.
fn is_beside_unread(text: &str, whole: &NumberToken, next: Option<&NumberToken>) -> bool {
    let (before, behind) = (text.get(..whole.range.start), text.get(whole.range.end..));
    let ends = |before: &str| {
        before
            .strip_suffix(' ')
            .is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()))
    };
    let begins = |behind: &str| {
        behind
            .strip_prefix(' ')
            .is_some_and(|behind| behind.starts_with(|c: char| c.is_ascii_digit()))
    };
    let is_read = next.is_some_and(|next| next.range.start == whole.range.end + 1);
    before.is_some_and(ends) || !is_read && behind.is_some_and(begins)
}

/// 1,23条: digits on both sides of a comma that parts no thousands. In a list of numbers they are two.
pub fn at_comma(text: &str, quantities: &[Quantity], position: usize) -> bool {
    let (before, from) = quantities.split_at_checked(position).unwrap_or_default();
    let pairs = [(before.last(), from.first()), (from.first(), from.get(1))];
    pairs.into_iter().any(|pair| {
        let (Some(left), Some(right)) = pair else {
            return false;
        };
        let gap = text.get(left.token.range.end..right.token.range.start);
        let counts = |quantity: &Quantity| quantity.role == Role::Count || quantity.in_pieces;
        gap == Some(",") && counts(left) && counts(right)
    })
}

/// Whether the text before the end of a line and the text behind it may be one number.
pub fn go_on(line: &str, next: &str, lexicon: &Lexicon) -> bool {
    let is_digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    // A point can stand on either side of the end.
    let (line, next) = (
        line.strip_suffix('.').unwrap_or(line),
        next.strip_prefix('.').unwrap_or(next),
    );
    let behind = next.trim_start_matches(is_digit);
    let mark = behind.strip_prefix(['.', '．', '、', ')', '）']);
    let is_item = mark.is_some_and(|item| item.starts_with(|c: char| c.is_alphabetic() || c.is_whitespace()));
    let is_number = behind.len() < next.len() && !is_item && !lexicon.marks.after_date.begin(behind);
    (is_number || next.starts_with(['百', '千', '万', '亿'])) && line.ends_with(|c| is_digit(c) || numeral(c).is_some())
}

fn touches(text: &str, left: &NumberToken, right: &NumberToken, lexicon: &Lexicon) -> bool {
    let Some(gap) = text.get(left.range.end..right.range.start) else {
        return false;
    };
    let behind = text.get(right.range.end..).unwrap_or_default();
    match gap {
        // 统一12条, 12一般: a numeral can be a piece of words.
        "" if left.chinese => left.amount.count().is_ok_and(|count| count >= 10),
        "" if right.chinese => lexicon.units.at_start(behind).is_some(),
        "" => true,
        // 2840 5.办事 is a count before an item of a list, 9 9.18% one with its share.
        " " => {
            !behind.starts_with('%')
                && left.range.end == left.digits.end
                && !right.chinese
                && !is_enumerator(right, behind)
        }
        gap => is_range(gap, behind, lexicon) || is_mark(gap),
    }
}

fn is_enumerator(token: &NumberToken, behind: &str) -> bool {
    let mut characters = behind.chars();
    let is_marked = characters.next().is_some_and(|c| matches!(c, '.' | '、' | ')'));
    let is_followed = characters.next().is_some_and(char::is_alphabetic);
    is_marked && is_followed && token.digits.len() <= 2
}

/// 1~2件, 3件至5件.
fn is_range(gap: &str, behind: &str, lexicon: &Lexicon) -> bool {
    let mark = gap.get(unit_length(gap, lexicon)..).unwrap_or_default();
    lexicon.marks.range.is(mark) && lexicon.units.at_start(behind).is_some()
}

/// Bytes of the unit at the start of a text, 件 or 件(条).
fn unit_length(text: &str, lexicon: &Lexicon) -> usize {
    let Some(unit) = lexicon.units.at_start(text) else {
        return 0;
    };
    let behind = text.get(unit.name.len()..).and_then(|rest| rest.strip_prefix('('));
    let second = behind.and_then(|inside| Some((inside, lexicon.units.at_start(inside)?)));
    let closed = second.filter(|(inside, second)| inside[second.name.len()..].starts_with(')'));
    unit.name.len() + closed.map_or(0, |(_, second)| second.name.len() + 2)
}

/// 12·5, 12'345: a mark that belongs to digits, or what is left of one.
fn is_mark(gap: &str) -> bool {
    let is_no_word = |c: char| !c.is_alphanumeric() && !SETS_APART.contains(c);
    gap.chars().count() <= MAX_MARKS && gap.chars().all(is_no_word)
}
