//! Section four where its headers are lost, or broken into lines of a character or two: the fifteen numbers alone.
//!
//! They are believed below the section's title, and below words that are nothing but pieces of its headers.

use rustc_hash::{FxHashMap, FxHashSet};

use gongkai_lexicon::{Lexicon, RowId, TemplateKind, TemplateRow};

use super::TableReading;
use super::line::{GROUP, groups_of_form, place, read_value};
use crate::cells::{Cell, Maker, Strip};
use crate::similar::distance_in_any_order;
use crate::work;

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
    for strip in strips {
        let runs: Vec<(usize, Vec<&Cell<'_>>)> = runs(strip, width).collect();
        // Few pages have such a run at all.
        if runs.is_empty() {
            continue;
        }
        let heading = maker.heading(strip);
        let mut above = Above::new(words.get_or_insert_with(|| Words::new(lexicon)));
        heading.iter().for_each(|cell| above.pass(cell));
        let mut passed = 0;
        for (at, values) in runs {
            strip.cells[passed..at].iter().for_each(|cell| above.pass(cell));
            passed = at;
            if let Some(title) = above.title() {
                emit(title, &values, &rows, maker, reading);
                return;
            }
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
    /// How many characters the longest of them has.
    longest: usize,
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
            longest: keys(true).map(|title| title.chars().count()).max().unwrap_or(0),
            titles: keys(true).collect(),
            alphabet: alphabet.chain(results.iter().flatten().copied()).collect(),
            own: results
                .iter()
                .map(|label| label.iter().copied().filter(|c| users.get(c) == Some(&1)).collect())
                .collect(),
        }
    }

    fn is_title(&self, cell: &Cell<'_>) -> bool {
        // Of a longer label three in five characters cannot be the title's.
        if cell.key.chars().nth(self.longest * 5 / 3).is_some() {
            return false;
        }
        let key: Vec<char> = cell.key.chars().collect();
        self.titles
            .iter()
            .any(|title| distance_in_any_order(title, &key) * 5 <= key.len() * 2)
    }

    fn is_piece(&self, cell: &Cell<'_>) -> bool {
        cell.key.chars().all(|c| self.alphabet.contains(&c)) && !self.is_title(cell)
    }
}

/// The words above a place of a strip, as far as they can say that the values there are those of section four.
struct Above<'w, 's, 'p> {
    words: &'w Words,
    /// The last words that are no piece of a header.
    other: Option<&'s Cell<'p>>,
    /// The first piece of a header behind them.
    first: Option<&'s Cell<'p>>,
    /// How often the pieces have each character.
    characters: FxHashMap<char, usize>,
}

impl<'w, 's, 'p> Above<'w, 's, 'p> {
    fn new(words: &'w Words) -> Self {
        Self {
            words,
            other: None,
            first: None,
            characters: FxHashMap::default(),
        }
    }

    /// Passes a cell by.
    fn pass(&mut self, cell: &'s Cell<'p>) {
        if !cell.is_words() {
            return;
        }
        if !self.words.is_piece(cell) {
            self.other = Some(cell);
            self.first = None;
            self.characters.clear();
            return;
        }
        self.first = self.first.or(Some(cell));
        work::note(cell.key.len());
        for character in cell.key.chars() {
            *self.characters.entry(character).or_default() += 1;
        }
    }

    /// The title above, with nothing but pieces of headers between, or these alone when they are all there.
    fn title(&self) -> Option<&'s Cell<'p>> {
        let title = self.other.filter(|cell| self.words.is_title(cell));
        title.or(self.first.filter(|_| self.is_complete()))
    }

    /// Whether the pieces name every result three times.
    fn is_complete(&self) -> bool {
        let thrice = |character: &char| self.characters.get(character).is_some_and(|count| *count >= 3);
        let own = &self.words.own;
        !own.is_empty() && own.iter().all(|own| own.iter().any(thrice))
    }
}
