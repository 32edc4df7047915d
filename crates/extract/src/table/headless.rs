//! Section four where its headers are lost, or broken into lines of a character or two: the fifteen numbers alone.
//!
//! They are believed below the section's title, and below words that are nothing but pieces of its headers.

use rustc_hash::{FxHashMap, FxHashSet};

use gongkai_lexicon::{Lexicon, RowId, TemplateKind, TemplateRow};

use super::TableReading;
use super::line::{GROUP, groups_of_form, place, read_value};
use crate::align::distance_in_any_order;
use crate::cells::{Cell, Maker, Strip};

/// Reads the first line of results that no header was read for.
pub fn read(strips: &[Strip<'_>], maker: &Maker<'_>, reading: &mut TableReading) {
    let lexicon = maker.lexicon;
    let is_line = |id: &gongkai_lexicon::TemplateId| lexicon.templates.get(*id).kind == TemplateKind::Line;
    if reading.templates.iter().any(is_line) {
        return;
    }
    let rows = groups_of_form(lexicon);
    let width = rows.len() * GROUP;
    let mut words = None;
    let found = strips
        .iter()
        .flat_map(|strip| runs(strip, width).map(move |(at, values)| (strip, at, values)));
    // Few pages have such a run at all.
    for (strip, at, values) in found {
        let words = words.get_or_insert_with(|| Words::new(lexicon));
        let heading = maker.heading(strip);
        if let Some(title) = words.title_before(heading.as_ref(), &strip.cells[..at]) {
            emit(title, &values, &rows, maker, reading);
            return;
        }
    }
}

/// Reads the values of section four below its title.
fn emit(
    title: &Cell<'_>,
    values: &[&Cell<'_>],
    rows: &[(RowId, &TemplateRow)],
    maker: &Maker<'_>,
    reading: &mut TableReading,
) {
    for (index, cell) in values.iter().enumerate() {
        let Some((_, row)) = rows.get(index / GROUP) else {
            return;
        };
        let place = place(maker.lexicon, row, index % GROUP, title, cell, false);
        read_value(&place, &maker.page.text, maker.lexicon, reading);
    }
    reading.blocks.push(title.block);
    reading.blocks.extend(values.iter().map(|cell| cell.block));
    reading.templates.extend(rows.first().map(|(_, row)| row.template));
}

/// Where `width` values stand together, no more and no less: all cells of a line, or all filled ones up to the next words.
fn runs<'s>(strip: &'s Strip<'s>, width: usize) -> impl Iterator<Item = (usize, Vec<&'s Cell<'s>>)> {
    let cells = &strip.cells;
    let is_value = |cell: &Cell<'_>| cell.is_value();
    let begins = move |at: usize| is_value(&cells[at]) && (at == 0 || !is_value(&cells[at - 1]));
    (0..cells.len()).filter(move |at| begins(*at)).filter_map(move |at| {
        let run = || cells[at..].iter().take_while(|cell| is_value(cell));
        if run().take(width).count() < width {
            return None;
        }
        let first_line: Vec<&Cell<'_>> = run().filter(|cell| cell.block == cells[at].block).collect();
        let filled: Vec<&Cell<'_>> = run().filter(|cell| !cell.is_blank()).collect();
        let values = [first_line, filled].into_iter().find(|values| values.len() == width)?;
        Some((at, values))
    })
}

/// The words of section four's headers.
struct Words {
    /// The Chinese characters of its titles.
    titles: Vec<String>,
    /// Every character of its headers.
    alphabet: FxHashSet<char>,
    /// For each result the characters that no other result has.
    own: Vec<Vec<char>>,
}

impl Words {
    fn new(lexicon: &Lexicon) -> Self {
        let forms = lexicon.templates.rows().map(|(_, row)| row);
        let of_line: Vec<_> = forms
            .filter(|row| lexicon.templates.get(row.template).kind == TemplateKind::Line)
            .collect();
        let keys = |header: bool| {
            let rows = of_line.iter().filter(move |row| row.header == header);
            rows.flat_map(|row| row.keys.iter().cloned())
        };
        let results: Vec<Vec<char>> = of_line.last().map_or(Vec::new(), |row| {
            let columns = lexicon.templates.columns(row).iter();
            columns
                .filter_map(|column| column.labels.first())
                .map(|label| label.chars().collect())
                .collect()
        });
        let mut users: FxHashMap<char, usize> = FxHashMap::default();
        for character in results.iter().flatten() {
            *users.entry(*character).or_default() += 1;
        }
        // 行政诉讼 stands above two of the groups and is the label of none.
        let alphabet = keys(true)
            .chain(keys(false))
            .flat_map(|key| key.chars().collect::<Vec<_>>());
        Self {
            titles: keys(true).collect(),
            alphabet: alphabet.chain(results.iter().flatten().copied()).collect(),
            own: results
                .iter()
                .map(|label| label.iter().copied().filter(|c| users.get(c) == Some(&1)).collect())
                .collect(),
        }
    }

    /// What says that values are those of section four: its title above them, in the strip's `heading` or the cells
    /// `before` them, pieces of its headers between, or these alone when they are all there.
    fn title_before<'s, 'p>(&self, heading: Option<&'s Cell<'p>>, before: &'s [Cell<'p>]) -> Option<&'s Cell<'p>> {
        let words = || heading.into_iter().chain(before).rev().filter(|cell| cell.is_words());
        let pieces: Vec<&Cell<'_>> = words().take_while(|cell| self.is_piece(cell)).collect();
        let above = words().nth(pieces.len()).filter(|cell| self.is_title(cell));
        above.or_else(|| pieces.last().copied().filter(|_| self.is_complete(&pieces)))
    }

    fn is_title(&self, cell: &Cell<'_>) -> bool {
        let key: Vec<char> = cell.key.chars().collect();
        self.titles
            .iter()
            .any(|title| distance_in_any_order(title, &key) * 5 <= key.len() * 2)
    }

    fn is_piece(&self, cell: &Cell<'_>) -> bool {
        cell.key.chars().all(|c| self.alphabet.contains(&c)) && !self.is_title(cell)
    }

    /// Whether the pieces name every result three times.
    fn is_complete(&self, pieces: &[&Cell<'_>]) -> bool {
        let count = |wanted: &char| {
            pieces
                .iter()
                .flat_map(|cell| cell.key.chars())
                .filter(|c| c == wanted)
                .count()
        };
        !self.own.is_empty()
            && self
                .own
                .iter()
                .all(|own| own.iter().any(|character| count(character) >= 3))
    }
}
