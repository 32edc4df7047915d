//! Text taken from typeset pages: a paragraph is broken into lines of one width, and a number and its label can stand on
//! two of them. Such lines are read together; knows nothing of what they say.

use std::ops::Range;

use gongkai_lexicon::strip_enumerator;
use gongkai_page::{Block, BlockKind, Page};

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
    /// The width of full lines; none where every line is a paragraph.
    full: Option<Range<usize>>,
}

impl<'a> Lines<'a> {
    /// Finds out whether, and how wide, the page was set; `skipped` lines are no paragraphs.
    pub fn of(page: &'a Page, skipped: &'a [bool]) -> Self {
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
        Self { page, skipped, full }
    }

    /// How many blocks from an index on are one paragraph.
    pub fn paragraph(&self, first: usize) -> usize {
        let Some(full) = &self.full else {
            return 1;
        };
        let blocks = self.page.blocks.get(first..).unwrap_or_default();
        let pairs = blocks.iter().zip(blocks.iter().skip(1)).take(MAX_LINES);
        let joined = (first + 1..).zip(pairs).take_while(|(next, (line, after))| {
            let skipped = self.skipped.get(*next).copied().unwrap_or(false);
            !skipped && self.goes_on(full, line, after)
        });
        1 + joined.count()
    }

    /// Whether a line is full and ends amid a sentence, and the next is no heading, item or page number.
    fn goes_on(&self, full: &Range<usize>, line: &Block, next: &Block) -> bool {
        let (Some(text), Some(after)) = (
            self.page.text.get(line.span.clone()),
            self.page.text.get(next.span.clone()),
        ) else {
            return false;
        };
        let paragraphs = line.kind == BlockKind::Paragraph && next.kind == BlockKind::Paragraph;
        let begins = strip_enumerator(after).len() < after.len() || !after.contains(is_han);
        paragraphs && full.contains(&width(text)) && is_open(text) && !begins
    }
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
fn is_open(text: &str) -> bool {
    let ended = text.ends_with(['。', '！', '？', '；', '：', ':', ';', '!', '?']);
    !ended && text.contains(is_han) && !is_row(text)
}

fn is_han(character: char) -> bool {
    ('\u{2e80}'..='\u{9fff}').contains(&character)
}

/// In half characters.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c >= '\u{2000}' { 2 } else { 1 }).sum()
}
