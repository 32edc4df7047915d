//! Aligns a strip's cells with the official forms: which family it is, and which cell is which row's label.
//!
//! Forms are recognised by their labels, never by the year of the report.

use std::ops::Range;

use rustc_hash::FxHashSet;

use gongkai_lexicon::{Column, Lexicon, RowId, TemplateId, TemplateKind};

use crate::cells::{Cell, Layout, Strip, is_column_label};
use crate::number::CellValue;
use crate::similar;
use crate::table::is_code;

/// A label cell, the form's row it stands for, and the cells behind it.
#[derive(Debug, Clone)]
pub struct Anchor {
    /// Index of the label cell in the strip.
    pub cell: usize,
    /// The row; none for a printed row that the form does not know.
    pub row: Option<RowId>,
    /// The cells up to the next label or the end of the row.
    pub values: Range<usize>,
    /// Whether the label was matched only up to a typing slip.
    pub fuzzy: bool,
}

/// A strip with its families and anchors.
#[derive(Debug)]
pub struct Aligned<'a> {
    /// The cells.
    pub strip: &'a Strip<'a>,
    /// The cells that are part of a column header, by index.
    pub headers: Vec<usize>,
    /// The families recognised in it.
    pub families: Vec<TemplateId>,
    /// The labels, in reading order.
    pub anchors: Vec<Anchor>,
    /// Whether most rows print their number before their values.
    pub coded: bool,
}

/// How many labels of a second form of the same kind a strip must have before both are believed.
const SECOND_FORM: usize = 6;

/// How many different labels of a family must stand in a strip before the family is believed.
fn least_labels(kind: TemplateKind) -> usize {
    match kind {
        TemplateKind::List => 5,
        TemplateKind::Matrix => 4,
        TemplateKind::Block | TemplateKind::Line => 1,
    }
}

/// Aligns every strip of a page. `None` for strips that are no statistics table.
#[must_use]
pub fn align<'a>(strips: &'a [Strip<'a>], lexicon: &Lexicon) -> Vec<Option<Aligned<'a>>> {
    let headers: Vec<Vec<bool>> = strips.iter().map(|strip| header_cells(strip, lexicon)).collect();
    let scores: Vec<Scores> = strips
        .iter()
        .zip(&headers)
        .map(|(strip, header)| score(strip, header, lexicon))
        .collect();
    let mut page = Scores::of_none(lexicon);
    for score in &scores {
        page.add(score);
    }
    strips
        .iter()
        .zip(headers)
        .zip(&scores)
        .map(|((strip, header), score)| {
            let mut families = families(strip, score, &page, lexicon);
            families.extend(second_block_form(strip, &families, lexicon));
            if families.is_empty() {
                return None;
            }
            let anchors = anchors(strip, &header, &families, lexicon);
            let anchored = anchors.iter().any(|anchor| anchor.row.is_some()) && !is_menu(strip, &header, &anchors);
            let headers = (0..header.len())
                .filter(|index| header.get(*index).copied().unwrap_or(false))
                .collect();
            anchored.then(|| Aligned {
                coded: is_coded(strip, &anchors, lexicon),
                strip,
                headers,
                families,
                anchors,
            })
        })
        .collect()
}

/// Whether a long label of section three stands before as many numbers as it has columns: one such row is enough.
fn has_matrix_row(strip: &Strip<'_>, lexicon: &Lexicon) -> bool {
    (0..strip.cells.len()).any(|at| {
        if strip.cells[at].key.chars().count() < LONG_LABEL {
            return false;
        }
        let rows = lexicon.templates.rows_of_label(&strip.cells[at].key);
        let matrix = rows
            .iter()
            .map(|row| lexicon.templates.row(*row))
            .find(|row| lexicon.templates.get(row.template).kind == TemplateKind::Matrix && !row.header);
        let numbers = strip.cells[at + 1..]
            .iter()
            .take_while(|cell| matches!(cell.value, CellValue::Number { .. }));
        matrix.is_some_and(|row| numbers.count() == lexicon.templates.columns(row).len())
    })
}

/// A label of so many characters stands in no other table.
const LONG_LABEL: usize = 8;

/// Whether most of the rows with values print their number before them.
fn is_coded(strip: &Strip<'_>, anchors: &[Anchor], lexicon: &Lexicon) -> bool {
    let (mut coded, mut all) = (0, 0);
    for anchor in anchors {
        let values = strip.cells[anchor.values.clone()].iter();
        let first = values
            .filter(|cell| !cell.is_unit && !cell.is_words())
            .find(|cell| !cell.is_blank());
        if let (Some(row), Some(first)) = (anchor.row, first) {
            all += 1;
            coded += usize::from(is_code(first, lexicon.templates.row(row)));
        }
    }
    coded * 2 > all
}

/// Labels without a single number and without a column header are a menu or a list of duties, not a table.
fn is_menu(strip: &Strip<'_>, header: &[bool], anchors: &[Anchor]) -> bool {
    let of_rows = anchors.iter().filter(|anchor| anchor.row.is_some());
    let mut values = of_rows.flat_map(|anchor| strip.cells.get(anchor.values.clone()).unwrap_or_default());
    strip.layout == Layout::Stream
        && !header.contains(&true)
        && values.all(|cell| matches!(cell.value, CellValue::Text | CellValue::Blank))
}

/// Which cells are column headers: they stand beside other column labels, and no number follows them.
fn header_cells(strip: &Strip<'_>, lexicon: &Lexicon) -> Vec<bool> {
    let labels: Vec<bool> = strip.cells.iter().map(|cell| is_header_word(cell, lexicon)).collect();
    if strip.layout == Layout::Grid {
        let mut header = Vec::with_capacity(labels.len());
        for row in strip.cells.chunk_by(|left, right| left.row == right.row) {
            let labels = labels.get(header.len()..header.len() + row.len()).unwrap_or_default();
            let named = labels.iter().filter(|label| **label).count();
            let numbers = row.iter().any(|cell| matches!(cell.value, CellValue::Number { .. }));
            let is_header = named >= 2 && !numbers;
            let cells = row.iter().zip(labels);
            header.extend(cells.map(|(cell, label)| is_header && (*label || cell.is_unit)));
        }
        return header;
    }
    let words: Vec<usize> = (0..strip.cells.len())
        .filter(|index| strip.cells[*index].is_words())
        .collect();
    let mut header = vec![false; strip.cells.len()];
    for (position, index) in words.iter().enumerate() {
        let neighbour = |other: Option<&usize>| other.is_some_and(|other| labels[*other]);
        let beside = position
            .checked_sub(1)
            .is_some_and(|before| neighbour(words.get(before)))
            || neighbour(words.get(position + 1));
        let next = strip.cells[index + 1..].iter().find(|cell| !cell.is_blank());
        let number_follows = next.is_some_and(|cell| matches!(cell.value, CellValue::Number { .. }));
        // The last label of a header is followed by numbers, too, when the form has no row labels (section four).
        let part_of_line = strip.cells[..*index]
            .iter()
            .rev()
            .find(|cell| cell.is_words())
            .is_some_and(|cell| is_result_label(&cell.key, lexicon))
            && is_result_label(&strip.cells[*index].key, lexicon);
        header[*index] = labels[*index] && beside && (!number_follows || part_of_line);
    }
    header
}

fn is_header_word(cell: &Cell<'_>, lexicon: &Lexicon) -> bool {
    let bare = || Some(year_less(&cell.key)).filter(|bare| bare.len() < cell.key.len());
    cell.is_words()
        && (is_column_label(&cell.key, lexicon) || bare().is_some_and(|bare| is_column_label(bare, lexicon)))
}

/// Whether a label is one of the five results of section four.
#[must_use]
pub fn is_result_label(key: &str, lexicon: &Lexicon) -> bool {
    lexicon.templates.is_result(key)
}

/// `2018年度` as `年度`.
#[must_use]
pub fn year_less(key: &str) -> &str {
    let rest = key.trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() < key.len() && rest.starts_with('年') {
        rest
    } else {
        key
    }
}

/// How many different labels of each family stand somewhere, by the family's number.
struct Scores(Vec<usize>);

impl Scores {
    fn of_none(lexicon: &Lexicon) -> Self {
        Self(vec![0; lexicon.templates.iter().count()])
    }

    fn of(&self, family: TemplateId) -> usize {
        self.0.get(usize::from(family.0)).copied().unwrap_or(0)
    }

    fn add(&mut self, other: &Self) {
        for (count, more) in self.0.iter_mut().zip(&other.0) {
            *count += more;
        }
    }

    fn is_none(&self) -> bool {
        self.0.iter().all(|count| *count == 0)
    }
}

/// How many different labels of each family stand in a strip.
fn score(strip: &Strip<'_>, header: &[bool], lexicon: &Lexicon) -> Scores {
    let mut seen: FxHashSet<(TemplateId, &str)> = FxHashSet::default();
    seen.reserve(strip.cells.iter().filter(|cell| !cell.key.is_empty()).count());
    for (cell, header) in strip.cells.iter().zip(header) {
        if *header || cell.key.is_empty() {
            continue;
        }
        let kind = |row: &RowId| lexicon.templates.get(lexicon.templates.row(*row).template).kind;
        let rows = lexicon.templates.rows_of_label(&cell.key);
        // Labels that the statutory form has, too, say nothing for an older list.
        let shared = rows
            .iter()
            .any(|row| matches!(kind(row), TemplateKind::Matrix | TemplateKind::Line));
        for row in rows.iter().filter(|row| !shared || kind(row) != TemplateKind::List) {
            seen.insert((lexicon.templates.row(*row).template, &cell.key));
        }
    }
    // The columns of sections two and four tell their form more surely than the rows do.
    for cell in strip.cells.iter().filter(|cell| !cell.key.is_empty()) {
        for form in lexicon.templates.forms_of_column(&cell.key).unwrap_or_default() {
            if matches!(
                lexicon.templates.get(*form).kind,
                TemplateKind::Block | TemplateKind::Line
            ) {
                seen.insert((*form, &cell.key));
            }
        }
    }
    let mut scores = Scores::of_none(lexicon);
    for (template, _) in seen {
        if let Some(count) = scores.0.get_mut(usize::from(template.0)) {
            *count += 1;
        }
    }
    scores
}

/// The families of a strip: of each kind the one with most labels, the page as a whole deciding between equals.
fn families(strip: &Strip<'_>, score: &Scores, page: &Scores, lexicon: &Lexicon) -> Vec<TemplateId> {
    let mut chosen = Vec::new();
    if score.is_none() {
        return chosen;
    }
    for kind in [
        TemplateKind::List,
        TemplateKind::Matrix,
        TemplateKind::Block,
        TemplateKind::Line,
    ] {
        let Some((labels, id)) = best_of_kind(kind, strip, score, page, lexicon) else {
            continue;
        };
        // A part of a table that was split off is believed for the sake of the rest of it.
        let in_table = strip.layout != Layout::Stream;
        let split_off = in_table && labels > 0 && page.of(id) >= 2 * least_labels(kind) + 2;
        let by_row = || kind == TemplateKind::Matrix && labels > 0 && has_matrix_row(strip, lexicon);
        if labels >= least_labels(kind) || split_off || by_row() {
            chosen.push(id);
            let extensions = lexicon
                .templates
                .iter()
                .filter(|(_, template)| template.extends == Some(id));
            chosen.extend(
                extensions
                    .filter(|(extension, _)| page.of(*extension) > 0)
                    .map(|(extension, _)| extension),
            );
        }
    }
    // The results of section four stand in other tables, too: alone they need most of their header.
    let alone = chosen
        .iter()
        .all(|id| lexicon.templates.get(*id).kind == TemplateKind::Line);
    if alone && chosen.iter().any(|id| score.of(*id) < 4) {
        chosen.clear();
    }
    chosen
}

/// The family of a kind that a strip is, and how many of its labels the strip has; none when that is too little to tell
/// it from the family of that kind that the rest of the page is.
fn best_of_kind(
    kind: TemplateKind,
    strip: &Strip<'_>,
    score: &Scores,
    page: &Scores,
    lexicon: &Lexicon,
) -> Option<(usize, TemplateId)> {
    let of_kind = || {
        let all = lexicon.templates.iter();
        all.filter(|(_, template)| template.kind == kind && template.extends.is_none())
    };
    let measured = of_kind().map(|(id, template)| {
        // The sections of one form were in use in the same years: section two tells which section three it is.
        let form = lexicon
            .templates
            .iter()
            .filter(|(_, other)| other.years == template.years);
        let on_page: usize = form.map(|(other, _)| page.of(other)).sum();
        ((score.of(id), on_page), id)
    });
    let measured: Vec<((usize, usize), TemplateId)> = measured.collect();
    let (labels, on_page) = measured.iter().map(|(measure, _)| *measure).max()?;
    let tied: Vec<TemplateId> = measured
        .iter()
        .filter(|(measure, _)| *measure == (labels, on_page))
        .map(|(_, id)| *id)
        .collect();
    let id = match tied.as_slice() {
        [id] => *id,
        // Both forms of section two call their rows alike, but have other columns.
        _ if kind == TemplateKind::Block && labels > 0 => {
            let fitting = |id: &TemplateId| (fitting_rows(strip, *id, lexicon), std::cmp::Reverse(*id));
            tied.iter().copied().max_by_key(fitting)?
        }
        _ => tied.first().copied()?,
    };
    // One page has one form of a kind; what looks like a second one shares some labels with the first.
    let first = of_kind()
        .max_by_key(|(other, _)| (page.of(*other), *other == id, std::cmp::Reverse(*other)))
        .map_or(id, |(first, _)| first);
    let (labels, id) = if labels < SECOND_FORM && score.of(first) > 0 {
        (score.of(first), first)
    } else {
        (labels, id)
    };
    (id == first || labels >= SECOND_FORM).then_some((labels, id))
}

/// How many rows of a form have as many values in a strip as the form has columns.
fn fitting_rows(strip: &Strip<'_>, form: TemplateId, lexicon: &Lexicon) -> usize {
    let fits = |at: &usize| {
        let rows = lexicon.templates.rows_of_label(&strip.cells[*at].key);
        let mut rows = rows
            .iter()
            .map(|row| lexicon.templates.row(*row))
            .filter(|row| row.template == form)
            .peekable();
        if rows.peek().is_none() {
            return false;
        }
        let values = strip.cells[at + 1..].iter().take_while(|cell| !cell.is_words());
        let filled = values.filter(|cell| !cell.is_blank()).count();
        rows.any(|row| row.template == form && lexicon.templates.columns(row).len() == filled)
    };
    (0..strip.cells.len()).filter(fits).count()
}

/// The other form of section two, where some of its small tables stand among those of the first.
fn second_block_form(strip: &Strip<'_>, families: &[TemplateId], lexicon: &Lexicon) -> Option<TemplateId> {
    let is_block = |id: TemplateId| lexicon.templates.get(id).kind == TemplateKind::Block;
    if !families.iter().any(|id| is_block(*id)) {
        return None;
    }
    let labels = strip.cells.iter().filter(|cell| !cell.key.is_empty());
    let own = labels.filter_map(|cell| match lexicon.templates.forms_of_column(&cell.key) {
        Some([form]) if is_block(*form) && !families.contains(form) => Some(*form),
        _ => None,
    });
    own.min()
}

/// The form of section two whose small table has the columns of a header, no more and no less.
fn form_of_header(header: &[&str], lexicon: &Lexicon) -> Option<TemplateId> {
    let of_a_form = |key: &&&str| {
        lexicon
            .templates
            .forms_of_column(key)
            .is_some_and(|forms| !forms.is_empty())
    };
    let width = header.iter().filter(of_a_form).count();
    let mut rows = lexicon.templates.rows().map(|(_, row)| row);
    let found = rows.find(|row| {
        let columns = lexicon.templates.columns(row);
        let named = |column: &Column| column.labels.iter().any(|label| header.contains(&label.as_str()));
        let is_block = lexicon.templates.get(row.template).kind == TemplateKind::Block;
        is_block && width > 0 && columns.len() == width && columns.iter().all(named)
    });
    found.map(|row| row.template)
}

/// Reading state: where in the form the last label was.
struct Reader<'a> {
    lexicon: &'a Lexicon,
    families: &'a [TemplateId],
    last: Option<RowId>,
    seen: FxHashSet<RowId>,
    /// The form of section two that the last header was of, where the page mixes both.
    block: Option<TemplateId>,
}

fn anchors(strip: &Strip<'_>, header: &[bool], families: &[TemplateId], lexicon: &Lexicon) -> Vec<Anchor> {
    let mut reader = Reader {
        lexicon,
        families,
        last: None,
        seen: FxHashSet::default(),
        block: None,
    };
    let is_block = |id: &&TemplateId| lexicon.templates.get(**id).kind == TemplateKind::Block;
    let mixed = families.iter().filter(is_block).count() > 1;
    let mut header_keys: Vec<&str> = Vec::new();
    let mut anchors: Vec<Anchor> = Vec::new();
    for (index, cell) in strip.cells.iter().enumerate() {
        if mixed && cell.is_words() && is_column_label(&cell.key, lexicon) {
            header_keys.push(&cell.key);
        } else if !header_keys.is_empty() {
            reader.block = form_of_header(&header_keys, lexicon).or(reader.block);
            header_keys.clear();
        }
        // A gloss in brackets belongs to the label before it.
        let is_label = cell.is_words() && !cell.key.is_empty();
        if !is_label || header.get(index).copied().unwrap_or(false) {
            continue;
        }
        // Below the title of section four, 总计 is one of its results.
        let of_results = reader.in_line() && is_result_label(&cell.key, lexicon);
        let row = if of_results { None } else { reader.exact(&cell.key) };
        anchors.push(Anchor {
            cell: index,
            row,
            values: index + 1..index + 1,
            fuzzy: false,
        });
    }
    bound_values(strip, header, &mut anchors);
    reader.block = None;
    // A row found leaves fewer to choose from for the others.
    for _ in 0..SIMILAR_ROUNDS {
        if !find_similar(strip, &mut anchors, &mut reader) {
            break;
        }
    }
    anchors
}

/// Finds rows for labels that no form prints like that; says whether it found any.
fn find_similar(strip: &Strip<'_>, anchors: &mut [Anchor], reader: &mut Reader<'_>) -> bool {
    let mut found = false;
    // The nearest row behind each label.
    let mut behind: Vec<Option<RowId>> = Vec::with_capacity(anchors.len());
    let mut after = None;
    for anchor in anchors.iter().rev() {
        behind.push(after);
        after = anchor.row.or(after);
    }
    let mut before = None;
    for (anchor, after) in anchors.iter_mut().zip(behind.into_iter().rev()) {
        let has_value = || {
            strip.cells[anchor.values.clone()]
                .iter()
                .any(|cell| cell.value != CellValue::Text)
        };
        if anchor.row.is_none() && has_value() {
            anchor.row = reader.similar(&strip.cells[anchor.cell].key, before..after);
            anchor.fuzzy = anchor.row.is_some();
            found |= anchor.fuzzy;
        }
        before = anchor.row.or(before);
    }
    found
}

/// A label's values end at the next label, the next header, or the end of its row.
fn bound_values(strip: &Strip<'_>, header: &[bool], anchors: &mut [Anchor]) {
    for position in 0..anchors.len() {
        let start = anchors[position].cell + 1;
        let next_label = anchors.get(position + 1).map_or(strip.cells.len(), |next| next.cell);
        let next_header = (start..next_label).find(|index| header.get(*index).copied().unwrap_or(false));
        let mut end = next_header.unwrap_or(next_label);
        if strip.layout == Layout::Grid {
            let row = strip.cells[anchors[position].cell].row;
            end = (start..end).find(|index| strip.cells[*index].row != row).unwrap_or(end);
        }
        anchors[position].values = start..end;
    }
}

impl Reader<'_> {
    /// The row of a label: inside the block that is being read if it can be, else the next one in the form's order.
    fn exact(&mut self, key: &str) -> Option<RowId> {
        let candidates = self.lexicon.templates.rows_of_label(key).iter().copied();
        // A row printed twice is not the next one of that name.
        if let Some(last) = self.last.filter(|last| candidates.clone().any(|row| row == *last)) {
            return Some(last);
        }
        let row = candidates
            .filter(|row| self.is_open(*row))
            .max_by_key(|row| self.rank(*row))?;
        self.last = Some(row);
        self.seen.insert(row);
        Some(row)
    }

    /// Whether the last label read is one of section four.
    fn in_line(&self) -> bool {
        let form = self.last.map(|row| self.lexicon.templates.row(row).template);
        form.is_some_and(|form| self.lexicon.templates.get(form).kind == TemplateKind::Line)
    }

    fn is_open(&self, row: RowId) -> bool {
        let form = self.lexicon.templates.row(row).template;
        let is_block = self.lexicon.templates.get(form).kind == TemplateKind::Block;
        let other_block = is_block && self.block.is_some_and(|block| block != form);
        self.families.contains(&form) && !other_block
    }

    fn rank(&self, row: RowId) -> (bool, usize, bool, std::cmp::Reverse<u16>) {
        let depth = self
            .ancestors()
            .position(|ancestor| self.lexicon.templates.row(row).parent == Some(ancestor));
        let inside = depth.map_or(0, |depth| 100 - depth.min(99));
        let after = self.last.is_none_or(|last| row > last);
        let distance = self.last.map_or(row.0, |last| row.0.abs_diff(last.0));
        (!self.seen.contains(&row), inside, after, std::cmp::Reverse(distance))
    }

    /// The last row read and the rows it is nested in, innermost first.
    fn ancestors(&self) -> impl Iterator<Item = RowId> {
        std::iter::successors(self.last, |row| self.lexicon.templates.row(*row).parent)
    }

    /// The one row not yet seen whose label is like a label that no form prints; none when two could be meant.
    fn similar(&mut self, key: &str, neighbours: Range<Option<RowId>>) -> Option<RowId> {
        let rows = self.lexicon.templates.rows();
        let open = rows.filter(|(id, row)| !row.header && self.is_open(*id) && !self.seen.contains(id));
        let found = similar::row(key, neighbours, open, self.lexicon)?;
        self.seen.insert(found);
        Some(found)
    }
}

/// How often the labels that found no row are gone through.
const SIMILAR_ROUNDS: usize = 4;
