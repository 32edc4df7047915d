//! Walks through a page: which of its blocks are read as sentences, lists or cells of text, and in which order.

use std::ops::Range;

use gongkai_lexicon::{FeatureKind, Lexicon};
use gongkai_page::{Block, BlockKind, Grid, Page, check_time};
use memchr::memmem::Finder;

use super::block::{BlockReader, PARTED};
use super::clauses::Clauses;
use super::lines::{Lines, is_row};
use super::period::Years;
use super::rows::{self, Row};
use super::said::Said;
use super::section::heading;
use super::stretch::stretches;
use super::texts::texts;
use super::words::{Words, brackets};
use super::{ProseReading, chapters, pieces, torn};
use crate::fold::Folded;
use crate::model::Problem;
use crate::number::{NumberToken, scan};
use crate::spaced::is_radical;
use crate::statement::{Memory, Whys};
use crate::table::TableReading;

/// A row of more cells is none of a list of names and counts.
const MAX_WORDS: usize = 6;

/// A text that only denies what its heading names is not longer, in bytes.
const MAX_DENIAL: usize = 60;

/// Reads the sentences of every block, and in tables of the cells that hold some; `tables` tells what was read before.
#[must_use]
pub fn read(
    page: &Page,
    tables: &TableReading,
    lexicon: &Lexicon,
    traditional: bool,
    year: Option<i16>,
    whys: Option<&Whys>,
) -> ProseReading {
    let mut values: Vec<u32> = tables.mentions.iter().map(|mention| mention.span.start).collect();
    values.sort_unstable();
    let mut reader = Reader {
        page,
        tables,
        values,
        lexicon,
        traditional,
        year,
        section: None,
        memory: Memory::default(),
        headed: Vec::new(),
        chapters: Vec::new(),
        no_rows: 0,
        parted: Finder::new(PARTED),
        reading: ProseReading::default(),
        whys,
    };
    let is_skipped = |(index, block): (u32, &Block)| {
        let in_table = matches!(block.kind, BlockKind::Table(_)) || reader.is_in_table(index);
        in_table || is_navigation(block) || page.text.get(block.span.clone()).is_none_or(is_row)
    };
    let skipped: Vec<bool> = (0u32..).zip(&page.blocks).map(is_skipped).collect();
    let lines = Lines::of(page, &skipped, traditional, lexicon);
    let mut done = 0;
    for ((index, block), is_out) in (0u32..).zip(&page.blocks).zip(&skipped) {
        let first = index as usize;
        if first < done {
            continue;
        }
        if reader.reading.is_full() {
            break;
        }
        match &block.kind {
            BlockKind::Table(grid) => reader.grid(index, grid),
            _ if *is_out => reader.between_rows(index, block),
            _ => {
                done = first + reader.rows(index, &skipped);
                if done > first {
                    continue;
                }
                done = first + lines.paragraph(first);
                reader.paragraph(index, page.blocks.get(first..done).unwrap_or_default());
            }
        }
    }
    reader.end()
}

/// The sentences of a page while they are read.
struct Reader<'a> {
    page: &'a Page,
    tables: &'a TableReading,
    /// Where the values of tables begin, in order.
    values: Vec<u32>,
    lexicon: &'a Lexicon,
    traditional: bool,
    /// The report's year.
    year: Option<i16>,
    /// The chapter.
    section: Option<&'static str>,
    /// What the chapter has said.
    memory: Memory,
    /// The heading that was read last, while nothing has followed it.
    headed: Vec<Range<usize>>,
    chapters: Vec<&'static str>,
    /// Up to which line rows were looked at.
    no_rows: usize,
    /// Finds [`PARTED`].
    parted: Finder<'static>,
    reading: ProseReading,
    /// Takes down how numbers are read, where somebody wants to know.
    whys: Option<&'a Whys>,
}

impl Reader<'_> {
    /// Reads a paragraph; `blocks` are its lines, and `index` is the number of the first.
    fn paragraph(&mut self, index: u32, blocks: &[Block]) {
        let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else {
            return;
        };
        let whole = first.span.start..last.span.end;
        for piece in chapters::pieces(&self.page.text, &whole) {
            self.piece(index, blocks, &whole, &piece, first);
        }
    }

    /// Reads a piece of a paragraph, which begins with the block that `heads` it.
    fn piece(&mut self, index: u32, blocks: &[Block], whole: &Range<usize>, piece: &Range<usize>, heads: &Block) {
        for stretch in stretches(&self.page.text, piece) {
            if self.reading.is_full() {
                return;
            }
            let heads = (stretch.start == piece.start).then_some(heads);
            let goes_on = self.goes_on(index, blocks.len(), whole, &stretch);
            self.stretch(index, blocks, stretch, heads, goes_on);
        }
    }

    /// Reads a table: as a list of what was disclosed, or the cells that hold text.
    fn grid(&mut self, index: u32, grid: &Grid) {
        let text = &self.page.text;
        if !self.is_in_table(index) {
            let rows = grid.cells.chunk_by(|left, right| left.row == right.row);
            let rows = rows.filter_map(|cells| {
                let filled = cells.iter().filter(|cell| !cell.span.is_empty());
                let words: Vec<Range<usize>> = filled.map(|cell| cell.span.clone()).take(MAX_WORDS).collect();
                Row::of(text, &words, index, self.lexicon)
            });
            let rows: Vec<Row> = rows.collect();
            if rows.len() >= rows::MIN_ROWS && rows::read(&rows, text, &mut self.reading, self.lexicon) {
                return;
            }
        }
        self.cells(index, grid);
    }

    /// Reads the lines from one on as a list of what was disclosed; how many they are, none where they are no list.
    fn rows(&mut self, index: u32, skipped: &[bool]) -> usize {
        let first = index as usize;
        if first < self.no_rows {
            return 0;
        }
        let blocks = self.page.blocks.get(first..).unwrap_or_default().iter();
        let skipped = skipped.get(first..).unwrap_or_default();
        let lines = (index..).zip(blocks.zip(skipped));
        let rows: Vec<Row> = lines
            .map_while(|(index, (block, skipped))| {
                let is_line = block.kind == BlockKind::Paragraph && !skipped;
                let row = || Row::of_line(&self.page.text, &block.span, index, self.lexicon);
                is_line.then(row).flatten()
            })
            .collect();
        let are_rows = rows.len() >= rows::MIN_ROWS
            && (rows::read(&rows, &self.page.text, &mut self.reading, self.lexicon) || rows::is_list(&rows));
        self.no_rows = first + rows.len();
        if are_rows { rows.len() } else { 0 }
    }

    /// Reads the cells of a table that hold text.
    fn cells(&mut self, index: u32, grid: &Grid) {
        for cell in texts(self.page, grid, self.is_in_table(index), self.traditional, self.lexicon) {
            if !self.has_values(&cell.span) {
                self.paragraph(index, std::slice::from_ref(&cell));
            }
        }
    }

    /// Reads what is left of a page in one line, in which a table was found: the chapters without rows.
    fn between_rows(&mut self, index: u32, block: &Block) {
        if is_navigation(block) {
            return;
        }
        let pieces = chapters::pieces(&self.page.text, &block.span);
        for piece in pieces.iter().filter(|piece| **piece != block.span) {
            let has_rows = self.page.text.get(piece.clone()).is_none_or(is_row);
            if !has_rows && !self.has_values(piece) {
                self.piece(index, std::slice::from_ref(block), &block.span, piece, block);
            }
        }
    }

    /// Whether a block was read as one of a table.
    fn is_in_table(&self, index: u32) -> bool {
        self.tables.blocks.binary_search(&index).is_ok()
    }

    /// Whether a value of a table stands in a range.
    fn has_values(&self, range: &Range<usize>) -> bool {
        let first = self.values.partition_point(|value| (*value as usize) < range.start);
        self.values
            .get(first)
            .is_some_and(|value| (*value as usize) < range.end)
    }

    /// Whether a number may go on from the line before a stretch of a paragraph, and into the one behind it.
    fn goes_on(&self, index: u32, lines: usize, whole: &Range<usize>, stretch: &Range<usize>) -> [bool; 2] {
        let first = index as usize;
        let pair = |range: Range<usize>| {
            let lines = self.page.blocks.get(range).unwrap_or_default();
            may_go_on(self.page, lines, self.lexicon)
        };
        let behind = first + lines;
        [
            first > 0 && stretch.start == whole.start && pair(first.saturating_sub(1)..first + 1),
            stretch.end == whole.end && pair(behind.saturating_sub(1)..behind + 1),
        ]
    }

    /// A stretch without the numbers of sheets that stand between its lines.
    fn without_sheets(&self, blocks: &[Block], stretch: Range<usize>) -> Vec<Range<usize>> {
        let mut pieces = Vec::new();
        let mut rest = stretch;
        for sheet in blocks.iter().map(|block| &block.span) {
            let is_amid = rest.start < sheet.start && sheet.end < rest.end;
            let printed = self.page.text.get(sheet.clone()).unwrap_or_default();
            if is_amid && torn::is_sheet_number(printed) {
                pieces.push(rest.start..sheet.start);
                rest.start = sheet.end;
            }
        }
        pieces.push(rest);
        pieces
    }

    /// Reads a stretch of a paragraph, which begins with the block that `heads` it or amid it.
    fn stretch(
        &mut self,
        index: u32,
        blocks: &[Block],
        stretch: Range<usize>,
        heads: Option<&Block>,
        goes_on: [bool; 2],
    ) {
        check_time();
        let lexicon = self.lexicon;
        // A line of marks says nothing.
        let printed = self.page.text.get(stretch.clone()).unwrap_or_default();
        if !printed.contains(|c: char| c.is_alphanumeric() || is_radical(c)) {
            return;
        }
        let pieces = self.without_sheets(blocks, stretch);
        let mut headed = std::mem::take(&mut self.headed);
        let mut folded = Folded::of(&self.page.text, &pieces, &lexicon.script, self.traditional);
        if !headed.is_empty() && self.only_denies(&folded.text) {
            headed.extend(pieces.iter().cloned());
            folded = Folded::of(&self.page.text, &headed, &lexicon.script, self.traditional);
        }
        let text = folded.text.as_str();
        let words = Words::find(text, &lexicon.prose);
        let tokens = scan(text);
        let heading = heads.and_then(|block| heading(text, block, &words, &tokens, lexicon));
        if let Some((named, rest)) = heading {
            let chapters = &mut self.chapters;
            chapters.extend(named.filter(|name| !chapters.contains(name)));
            self.section = named;
            self.memory.clear();
            if rest >= text.len() {
                self.headed = pieces;
                return;
            }
        }
        // Most lines count nothing, and deny nothing.
        let says_nothing = match tokens.as_slice() {
            [] => !words.any(&lexicon.prose.grammar().zero),
            [token] => words.is_empty() && !self.may_go_on(token) && lexicon.statements.words(text).is_empty(),
            _ => false,
        };
        if says_nothing {
            self.reading.numbers += tokens.len();
            return;
        }
        let brackets = brackets(text);
        let lexemes = lexicon.statements.words(text);
        let clauses = Clauses::of(text);
        let years = Years::of(text, self.year);
        let parts: Vec<usize> = self.parted.find_iter(text.as_bytes()).collect();
        self.reading.said = Said::default();
        let reader = BlockReader {
            index,
            blocks,
            page_text: &self.page.text,
            folded: &folded,
            tokens: &tokens,
            goes_on,
            words: &words,
            lexemes: &lexemes,
            clauses: &clauses,
            brackets: &brackets,
            lexicon,
            section: self.section,
            year: self.year,
            years: &years,
            parts: &parts,
            whys: self.whys,
        };
        reader.read(&mut self.memory, &mut self.reading);
    }

    /// Whether a text says that there was nothing, and leaves to its heading what: 没有发生, 我局无.
    fn only_denies(&self, text: &str) -> bool {
        if text.len() > MAX_DENIAL {
            return false;
        }
        let statements = &self.lexicon.statements;
        let zero = statements.grammar().zero;
        let lexemes = statements.words(text);
        let names = |kind| {
            lexemes
                .iter()
                .any(|lexeme| lexeme.features.intersects(statements.of_kind(kind)))
        };
        lexemes.iter().any(|lexeme| lexeme.features.contains(zero))
            && ![FeatureKind::Act, FeatureKind::Thing, FeatureKind::Foreign]
                .into_iter()
                .any(names)
            && scan(text).is_empty()
    }

    /// Whether a number that stands in a paragraph without known words can be a part of what was told before.
    fn may_go_on(&self, number: &NumberToken) -> bool {
        number.range.start > 0 && !self.memory.open().is_empty()
    }

    fn end(mut self) -> ProseReading {
        let reading = &mut self.reading;
        reading.chapters = self.chapters.len();
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
        self.reading
    }
}

/// Whether a number may stand in two lines, one digit at the end of the one and another at the start of the next.
fn may_go_on(page: &Page, lines: &[Block], lexicon: &Lexicon) -> bool {
    let printed = |block: &Block| match block.kind {
        BlockKind::Paragraph => page.text.get(block.span.clone()),
        _ => None,
    };
    match lines {
        [line, next] => {
            (printed(line).zip(printed(next))).is_some_and(|(line, next)| pieces::go_on(line, next, lexicon))
        }
        _ => false,
    }
}

/// Blocks that are mostly links say nothing of this report.
fn is_navigation(block: &Block) -> bool {
    block.link_bytes * 2 > block.span.len()
}
