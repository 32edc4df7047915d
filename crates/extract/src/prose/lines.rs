//! Text taken from typeset pages: a paragraph is broken into lines, and a number and its label can stand on two of them.
//! Such lines are read together: all of one width, and those that a sentence goes on in.

use std::ops::Range;

use gongkai_lexicon::{Lexicon, strip_enumerator};
use gongkai_page::{BlockKind, Page};

use super::torn;
use crate::fold::has_space;

/// Widths in half characters: no line of a paragraph is narrower or wider.
const NARROWEST: usize = 32;
const WIDEST: usize = 120;
/// How much narrower or wider a full line can be: a mark must not begin the next, and letters have widths of their own.
const SLACK: usize = 5;
/// So many full lines that end amid a sentence make a page a typeset one.
const MIN_FULL: usize = 4;
/// Of so many lines at most one can be wider: a table's, or a footnote's.
const WIDER: usize = 6;
/// No paragraph has more lines.
const MAX_LINES: usize = 40;
/// So many numbers side by side are a row of a table that no form was found for.
const ROW: usize = 4;

/// The lines of a page, as far as they are paragraphs' and broken at one width.
pub struct Lines<'a> {
    page: &'a Page,
    /// Which blocks are no paragraphs.
    skipped: &'a [bool],
    lexicon: &'a Lexicon,
    traditional: bool,
    /// The width of full lines; none where lines have no one width.
    full: Option<Range<usize>>,
}

impl<'a> Lines<'a> {
    /// Finds out whether, and how wide, the page was set; `skipped` lines are no paragraphs.
    pub fn of(page: &'a Page, skipped: &'a [bool], traditional: bool, lexicon: &'a Lexicon) -> Self {
        let open: Vec<(usize, bool)> = (page.blocks.iter().zip(skipped))
            .filter(|(block, skipped)| !**skipped && block.kind == BlockKind::Paragraph)
            .filter_map(|(block, _)| page.text.get(block.span.clone()))
            .map(|text| (width(text), is_open(text)))
            .filter(|(width, _)| *width >= NARROWEST)
            .collect();
        let mut widths: Vec<usize> = open.iter().map(|(width, _)| *width).collect();
        widths.sort_unstable();
        let full = commonest(&widths).filter(|full| {
            let amid = open.iter().filter(|(width, open)| *open && full.contains(width));
            let wider = widths.iter().filter(|width| **width >= full.end);
            full.end <= WIDEST && amid.count() >= MIN_FULL && wider.count() * WIDER <= widths.len()
        });
        Self {
            page,
            skipped,
            lexicon,
            traditional,
            full,
        }
    }

    /// How many blocks from an index on are one paragraph.
    pub fn paragraph(&self, first: usize) -> usize {
        let mut last = first;
        let mut torn = false;
        while last - first < MAX_LINES {
            let Some((next, is_torn)) = self.next(last, torn) else {
                break;
            };
            (last, torn) = (next, torn || is_torn);
        }
        last + 1 - first
    }

    /// The line in which one goes on, and whether it was torn from it; `torn` tells whether the paragraph was before.
    fn next(&self, at: usize, torn: bool) -> Option<(usize, bool)> {
        let line = self.line(at)?;
        let behind = self.line(at + 1)?;
        if self.is_full(line) && is_open(line) && !begins(behind) {
            return Some((at + 1, false));
        }
        let goes_on = |next: &str| {
            let in_list = torn && line.ends_with(['；', ';']) && !begins(next);
            in_list || torn::goes_on(line, next, self.traditional, self.lexicon)
        };
        if goes_on(behind) {
            return Some((at + 1, true));
        }
        let (sheet, over) = (self.page.blocks.get(at + 1)?, self.page.blocks.get(at + 2)?);
        let is_sheet = torn::is_sheet(self.page, &sheet.span, &over.span, self.lexicon);
        (is_sheet && goes_on(self.line(at + 2)?)).then_some((at + 2, true))
    }

    /// A line of a paragraph.
    fn line(&self, at: usize) -> Option<&'a str> {
        let block = self.page.blocks.get(at)?;
        let is_paragraph = block.kind == BlockKind::Paragraph && !*self.skipped.get(at)?;
        self.page.text.get(block.span.clone()).filter(|_| is_paragraph)
    }

    fn is_full(&self, line: &str) -> bool {
        self.full.as_ref().is_some_and(|full| full.contains(&width(line)))
    }
}

/// Whether a line is a heading, an item or the number of a sheet.
fn begins(line: &str) -> bool {
    strip_enumerator(line).len() < line.len() || !line.contains(is_han)
}

/// `1.不掌握相关信息 746 12 0 0 10 1 769`: a row of a table, no sentence.
pub fn is_row(text: &str) -> bool {
    let mut run = 0;
    has_space(text)
        && text.split_whitespace().any(|word| {
            let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
            run = if is_number { run + 1 } else { 0 };
            run >= ROW
        })
}

/// About the width that most lines have; `widths` in order.
fn commonest(widths: &[usize]) -> Option<Range<usize>> {
    let near = |(at, width): (usize, &usize)| {
        let first = widths.partition_point(|other| other + SLACK < *width);
        (at - first, width.saturating_sub(SLACK)..width + SLACK)
    };
    let most = widths.iter().enumerate().map(near).max_by_key(|(lines, _)| *lines);
    most.map(|(_, full)| full)
}

/// Whether a line ends amid a sentence, and is no row of a table.
pub fn is_open(text: &str) -> bool {
    let ended = text.ends_with(['。', '！', '？', '；', '：', ':', ';', '!', '?']);
    !ended && text.contains(is_han) && !is_row(text)
}

pub fn is_han(character: char) -> bool {
    ('\u{2e80}'..='\u{9fff}').contains(&character)
}

/// In half characters.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c >= '\u{2000}' { 2 } else { 1 }).sum()
}
