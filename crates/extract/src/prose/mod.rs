//! Reads statistics out of sentences: numbers with the words around them, shares, and zeros said in words.
//!
//! The words and what they make stand in `data/prose`; here is only the grammar. Numbers that are dates, addresses, changes or
//! other matters' counts are left alone.

mod aside;
mod block;
mod chapters;
mod clauses;
mod copies;
pub mod lines;
mod numbers;
mod period;
mod pieces;
mod reader;
mod respective;
mod rows;
mod said;
mod section;
mod state;
mod stretch;
mod texts;
mod theme;
pub mod torn;
mod verdict;
mod window;
mod words;
mod zero;

use crate::model::{Mention, Problem};
use crate::number::Amount;
use said::Said;

pub use clauses::{Clauses, is_separator};
pub use numbers::Quantity;
pub use reader::read;

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
    /// What the paragraph that is read has said.
    said: Said,
}

impl ProseReading {
    /// Takes a mention with its rank; its index.
    fn add(&mut self, mention: Mention, rank: u8) -> usize {
        let index = self.mentions.len();
        self.said.note(&mention, index);
        self.mentions.push(mention);
        self.ranks.push(rank);
        index
    }

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
