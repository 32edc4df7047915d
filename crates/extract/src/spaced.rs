//! Lines whose cells white space parts: `一、本年新收… 241 16 0`, with spaces among the characters of a label or without.
//!
//! Words side by side are one label as long as that can be one of the forms; each is looked at once, and of a line no more
//! of them than it can have cells.

use std::iter::Peekable;
use std::ops::Range;

use gongkai_lexicon::strip_enumerator;

use crate::cells::{Cell, Entry, Line, MAX_LABEL_CHARACTERS, Maker};

/// How many values behind an unknown label make a line a row.
const LEAST_VALUES: usize = 2;

/// The cells of a line that ends at `end`, by its pieces between white space, when its words are labels of the forms; none
/// for a sentence. Beyond so many pieces a line is cut.
pub fn split<'a>(
    maker: &Maker<'a>,
    block: u32,
    mut pieces: impl Iterator<Item = Range<usize>>,
    most: usize,
    end: usize,
) -> Option<Line<'a>> {
    let mut row = Row::default();
    let mut run: Option<Run<'a>> = None;
    for piece in pieces.by_ref().take(most) {
        let part = maker.entry(piece);
        if !part.is_words() {
            row.label(run.take(), block, maker);
            row.cells.push(part.into_cell(block, 0, 0..1));
            continue;
        }
        let is_known = maker.is_known(&part);
        let Some(before) = &mut run else {
            run = Some(Run::of(part, is_known, maker));
            continue;
        };
        let joined = before.is_label_with(&part, maker);
        // Two labels may stand side by side: keep them apart when one of them is one by itself.
        if (before.is_known || is_known) && !joined {
            row.known += 1;
            let before = run.replace(Run::of(part, is_known, maker));
            row.cells.extend(before.map(|run| run.into_cell(block, maker)));
        } else {
            before.take(&part, joined);
        }
    }
    row.label(run, block, maker);
    let rest = pieces.next().map(|next| next.start..end);
    row.is_row().then_some(Line { cells: row.cells, rest })
}

/// The cells of a line so far.
#[derive(Default)]
struct Row<'a> {
    cells: Vec<Cell<'a>>,
    /// How many of its labels are of the forms.
    known: usize,
}

impl<'a> Row<'a> {
    fn label(&mut self, run: Option<Run<'a>>, block: u32, maker: &Maker<'a>) {
        if let Some(run) = run {
            self.known += usize::from(run.is_known);
            self.cells.push(run.into_cell(block, maker));
        }
    }

    fn is_row(&self) -> bool {
        let values = self.cells.iter().filter(|cell| !cell.is_words()).count();
        let labels = self.cells.len() - values;
        // A label of other words before several values is a row, too; a sentence has words between its numbers.
        let alone = labels == 1 && values >= LEAST_VALUES && self.cells.first().is_some_and(Cell::is_words);
        labels == 0 || alone || self.known * 2 >= labels && self.cells.len() > 1
    }
}

/// Words side by side that may be one label.
struct Run<'a> {
    /// From the first word to the last.
    span: Range<usize>,
    /// How many characters the words have.
    characters: usize,
    /// The first word while it is alone.
    alone: Option<Entry<'a>>,
    is_known: bool,
}

impl<'a> Run<'a> {
    fn of(word: Entry<'a>, is_known: bool, maker: &Maker<'a>) -> Self {
        Self {
            span: word.span.clone(),
            characters: maker.printed(&word.span).chars().count(),
            alone: Some(word),
            is_known,
        }
    }

    /// Whether it is one label of the forms together with the next word. What is longer than any label is none, and is
    /// not looked at again.
    fn is_label_with(&mut self, word: &Entry<'a>, maker: &Maker<'a>) -> bool {
        if self.characters > MAX_LABEL_CHARACTERS {
            return false;
        }
        self.characters += maker.printed(&word.span).chars().count();
        self.characters <= MAX_LABEL_CHARACTERS && maker.is_known(&maker.entry(self.span.start..word.span.end))
    }

    fn take(&mut self, word: &Entry<'a>, is_known: bool) {
        self.span.end = word.span.end;
        self.alone = None;
        self.is_known = is_known;
    }

    fn into_cell(self, block: u32, maker: &Maker<'a>) -> Cell<'a> {
        let entry = self.alone.unwrap_or_else(|| maker.entry(self.span));
        entry.into_cell(block, 0, 0..1)
    }
}

/// The pieces of a text between white space.
pub fn pieces(text: &str) -> impl Iterator<Item = Range<usize>> {
    let start = text.as_ptr() as usize;
    text.split_whitespace().map(move |piece| {
        let from = piece.as_ptr() as usize - start;
        from..from + piece.len()
    })
}

/// The pieces of a line; an enumerator that a space sets apart from its words stays with them.
pub fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut pieces: Peekable<_> = pieces(text).peekable();
    std::iter::from_fn(move || {
        let mut piece = pieces.next()?;
        let is_enumerator = strip_enumerator(&text[piece.clone()]).is_empty();
        let next = pieces
            .peek()
            .filter(|next| is_enumerator && text[(*next).clone()].starts_with(is_letter))
            .cloned();
        if let Some(next) = next {
            piece.end = next.end;
            pieces.next();
        }
        Some(piece)
    })
}

/// A letter of words, in whatever form it was printed.
fn is_letter(character: char) -> bool {
    !character.is_ascii() && character.is_alphanumeric() && !character.is_numeric() || is_radical(character)
}

/// Radicals stand for characters in text taken from PDF files; they are symbols, not letters.
pub fn is_radical(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{2fdf}')
}
