//! Reads statistics out of sentences: numbers with the words around them, shares, and zeros said in words.
//!
//! The words and rules stand in `data/prose`; here is only the grammar. Numbers that are dates, addresses, changes or
//! other matters' counts are left alone.

mod aside;
mod block;
mod lines;
mod numbers;
mod period;
mod respective;
mod section;
mod state;
mod theme;
mod window;
mod words;
mod zero;

use gongkai_lexicon::{CategoryId, Lexicon};
use gongkai_page::{Block, BlockKind, Page};

use crate::fold::Folded;
use crate::model::{Mention, Problem};
use crate::number::Amount;
use block::BlockReader;
use lines::{Lines, is_row};
use period::Years;
use section::heading;
use words::{Words, brackets};

/// So many values, or numbers at all, make a page something else than a report: the rest stays unread.
const MAX_MENTIONS: usize = 5000;
const MAX_NUMBERS: usize = 20_000;

/// What the sentences of a page say.
#[derive(Debug, Default)]
pub struct ProseReading {
    /// Every value read.
    pub mentions: Vec<Mention>,
    /// Printed shares of mentions.
    pub shares: Vec<Share>,
    /// Mentions whose digits can be read in several ways.
    pub doubtful: Vec<Doubtful>,
    /// What was left out, and why.
    pub problems: Vec<Problem>,
    /// Rank of each mention among those of its key: statements in their own section first.
    pub ranks: Vec<u8>,
    /// How many different standard chapters the page has.
    pub chapters: usize,
    /// How many numbers were looked at.
    numbers: usize,
}

impl ProseReading {
    fn is_full(&self) -> bool {
        self.mentions.len() > MAX_MENTIONS || self.numbers > MAX_NUMBERS
    }
}

/// A printed share, 占57.7%.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    /// The mention it is a share of.
    pub mention: usize,
    /// The share in per cent.
    pub percent: Amount,
}

/// A mention whose digits were glued to something.
#[derive(Debug, Clone)]
pub struct Doubtful {
    /// The mention.
    pub mention: usize,
    /// The ways to read it.
    pub readings: Vec<DoubtfulReading>,
}

/// One way to read a doubtful mention.
#[derive(Debug, Clone)]
pub struct DoubtfulReading {
    /// The count.
    pub count: i64,
    /// The digits that are the count.
    pub span: crate::model::Span,
    /// The share that was glued to it.
    pub share: Option<Amount>,
}

/// Reads the sentences of every block that is no table.
#[must_use]
pub fn read(
    page: &Page,
    table_blocks: &[u32],
    lexicon: &Lexicon,
    traditional: bool,
    year: Option<i16>,
) -> ProseReading {
    let mut reading = ProseReading::default();
    let mut section: Option<&'static str> = None;
    let mut openers: Vec<CategoryId> = Vec::new();
    let mut chapters: Vec<&'static str> = Vec::new();
    let is_skipped = |(index, block): (u32, &Block)| {
        let in_table = matches!(block.kind, BlockKind::Table(_)) || table_blocks.binary_search(&index).is_ok();
        in_table || is_navigation(block) || page.text.get(block.span.clone()).is_none_or(is_row)
    };
    let skipped: Vec<bool> = (0u32..).zip(&page.blocks).map(is_skipped).collect();
    let lines = Lines::of(page, &skipped);
    let mut done = 0;
    for ((index, block), skipped) in (0u32..).zip(&page.blocks).zip(&skipped) {
        if (index as usize) < done || *skipped {
            continue;
        }
        if reading.is_full() {
            break;
        }
        let first = index as usize;
        done = first + lines.paragraph(first);
        let blocks = page.blocks.get(first..done).unwrap_or_default();
        let end = blocks.last().map_or(block.span.end, |last| last.span.end);
        let folded = Folded::new(&page.text, block.span.start..end, &lexicon.script, traditional);
        let words = Words::find(&folded.text, &lexicon.prose);
        let text = folded.text.as_str();
        if let Some((named, rest)) = heading(text, block, &words, lexicon) {
            chapters.extend(named.filter(|name| !chapters.contains(name)));
            section = named;
            openers.clear();
            if rest >= text.len() {
                continue;
            }
        }
        let brackets = brackets(text);
        let years = Years::of(text);
        let reader = BlockReader {
            index,
            blocks,
            before: reading.mentions.len(),
            folded: &folded,
            words: &words,
            brackets: &brackets,
            lexicon,
            section,
            year,
            names_year: years.within(&(0..text.len())).any(|(_, named)| Some(named) == year),
            years: &years,
        };
        reader.read(&mut openers, &mut reading);
    }
    reading.chapters = chapters.len();
    if reading.is_full() {
        reading.problems.push(Problem {
            stage: "prose",
            code: "too_many_values",
            span: None,
            message: format!(
                "more numbers than a report can have; the rest is left out after: {}",
                reading.numbers
            ),
        });
    }
    reading
}

/// Blocks that are mostly links say nothing of this report.
fn is_navigation(block: &Block) -> bool {
    block.link_bytes * 2 > block.span.len()
}
