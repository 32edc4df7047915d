//! Reads the values of aligned tables: which cell belongs to which column, and what it says.
//!
//! A row with fewer numbers than columns keeps only what is sure; the rest is left out and said so.

mod columns;
mod headers;
mod headless;
mod line;
mod search;

use std::cell::LazyCell;

use rustc_hash::{FxHashMap, FxHashSet};

use gongkai_lexicon::{Column, ColumnMeaning, ColumnSet, Lexicon, RowId, TemplateId, TemplateKind, TemplateRow};
use gongkai_page::{BlockKind, Page, check_time};

use crate::align::{Aligned, Anchor, align};
use crate::cells::{Cell, Layout, Maker, Strip, filled, filled_width, is_column_label};
use crate::model::{Mention, Problem, Status};
use crate::number::CellValue;
use crate::value::{self, Place};
use columns::LearnedColumns;
use headers::Headers;
use search::{KnownRow, OpenRow, Sure};

/// What the tables of a page say.
#[derive(Debug, Default)]
pub struct TableReading {
    /// Every value read.
    pub mentions: Vec<Mention>,
    /// What was left out, and why.
    pub problems: Vec<Problem>,
    /// The families found, sorted.
    pub templates: Vec<TemplateId>,
    /// The blocks that hold the tables, sorted: no prose is read there.
    pub blocks: Vec<u32>,
    /// How many ways to place the numbers of short rows were looked at.
    steps: usize,
}

/// Reads every statistics table of a page.
#[must_use]
pub fn read(strips: &[Strip<'_>], maker: &Maker<'_>) -> TableReading {
    let (text, lexicon) = (maker.page.text.as_str(), maker.lexicon);
    let mut reading = TableReading::default();
    let keeps_once = LazyCell::new(|| keeps_lines_once(maker.page));
    for aligned in align(strips, lexicon).iter().flatten() {
        let context = Context {
            text,
            lexicon,
            aligned,
            headers: Headers::new(aligned, lexicon),
        };
        check_time();
        let before = reading.mentions.len();
        context.read(&mut reading);
        if aligned.strip.layout == Layout::Stream {
            without_lost_blanks(&keeps_once, before, &mut reading);
        }
    }
    headless::read(strips, maker, &mut reading);
    reading.blocks.extend(rows_of_values(strips));
    reading.templates.sort_unstable();
    reading.templates.dedup();
    reading.blocks.sort_unstable();
    reading.blocks.dedup();
    reading
}

/// An extraction that keeps each line once drops the numbers that stand twice: then a row without one says nothing.
fn without_lost_blanks(keeps_once: &LazyCell<bool, impl FnOnce() -> bool>, from: usize, reading: &mut TableReading) {
    let is_blank = |mention: &Mention| mention.status == Status::Blank;
    let blanks = reading.mentions[from..]
        .iter()
        .filter(|mention| is_blank(mention))
        .count();
    if blanks == 0 || !**keeps_once {
        return;
    }
    let read = reading.mentions.split_off(from);
    reading
        .mentions
        .extend(read.into_iter().filter(|mention| !is_blank(mention)));
    reading.problems.push(Problem {
        stage: "table",
        code: "repetitions_lost",
        span: None,
        message: format!("no line of the page is repeated, so that empty rows may have had numbers: {blanks}"),
    });
}

/// Whether a page of many short lines, some of which are numbers, has none of them twice, as no printed form does.
fn keeps_lines_once(page: &Page) -> bool {
    let lines = page.blocks.iter().filter(|block| block.kind == BlockKind::Paragraph);
    let lines = lines.filter_map(|block| page.text.get(block.span.clone()));
    let mut seen = FxHashSet::default();
    let mut numbers = 0;
    for line in lines {
        if !seen.insert(line) {
            return false;
        }
        numbers += usize::from(line.bytes().all(|byte| byte.is_ascii_digit()));
    }
    seen.len() >= MANY_LINES && numbers >= SOME_NUMBERS
}

/// Lines of a form, and numbers among them, of which some would stand twice.
const MANY_LINES: usize = 24;
const SOME_NUMBERS: usize = 2;

/// Lines with as many values side by side as no sentence has: rows of tables, whether they could be read or not.
fn rows_of_values<'s>(strips: &'s [Strip<'_>]) -> impl Iterator<Item = u32> + 's {
    let lines = strips.iter().filter(|strip| strip.layout == Layout::Stream);
    let lines = lines.flat_map(|strip| strip.cells.chunk_by(|left, right| left.block == right.block));
    lines.filter_map(|line| {
        let values = line
            .iter()
            .filter(|cell| matches!(cell.value, CellValue::Number { .. }))
            .count();
        line.first()
            .filter(|_| values >= VALUES_OF_A_ROW)
            .map(|cell| cell.block)
    })
}

/// How many rows show that cells are merged.
const MERGED_ROWS: usize = 3;
/// How many values on one line make it the row of a table.
const VALUES_OF_A_ROW: usize = 4;

/// One table while it is read.
pub struct Context<'a> {
    /// The page's text.
    pub text: &'a str,
    /// What is known.
    pub lexicon: &'a Lexicon,
    /// The table.
    pub aligned: &'a Aligned<'a>,
    /// Its headers.
    headers: Headers<'a>,
}

impl<'a> Context<'a> {
    /// The cells of the table.
    #[must_use]
    pub fn cells(&self) -> &'a [Cell<'a>] {
        &self.aligned.strip.cells
    }

    fn read(&self, reading: &mut TableReading) {
        let before = reading.mentions.len();
        let width = self.series_width();
        let anchors = self.chosen_anchors();
        let rows: Vec<RowCells<'a>> = anchors.into_iter().map(|anchor| self.row_cells(anchor)).collect();
        let learned = self.learn_columns(&rows, width);
        let merged = self.is_merged(&rows);
        let by_column = self.labels_by_column();
        reading.mentions.reserve(rows.iter().map(|row| row.cells.len()).sum());
        let mut blocks: Vec<u32> = Vec::new();
        let mut matrix = Matrix::default();
        for row in rows {
            let label = &self.cells()[row.anchor.cell];
            let values = &self.cells()[row.anchor.values.clone()];
            let Some(form) = row.form else {
                reading.mentions.extend(self.unknown_row(label, values));
                continue;
            };
            let kind = self.kind(form);
            // Section four is read, or not, as a whole.
            if kind != TemplateKind::Line {
                reading.templates.push(form.template);
            }
            blocks.push(label.block);
            blocks.extend(values.iter().map(|cell| cell.block));
            let unsaid = values.is_empty()
                && (self.is_stray_header(label) || self.is_last(row.anchor) || by_column.contains(&row.anchor.cell));
            if form.header || kind == TemplateKind::Line || unsaid {
                continue;
            }
            if let Some(whole) = self.before_cut(&row, form) {
                for (position, cell) in whole.into_iter().enumerate() {
                    self.emit(form, row.anchor, position, Some(cell), reading);
                }
                continue;
            }
            let placed = if merged && kind == TemplateKind::Matrix && row.is_filled() {
                Err("cells_merged")
            } else {
                self.place_row(form, &row.cells, width, &learned)
            };
            self.read_row(row, form, placed, &mut matrix, reading);
        }
        self.read_open_rows(&matrix, reading);
        if self
            .aligned
            .families
            .iter()
            .any(|id| self.lexicon.templates.get(*id).kind == TemplateKind::Line)
        {
            line::read(self, reading, &mut blocks);
        }
        if reading.mentions.len() > before {
            reading.blocks.extend(blocks);
        }
    }

    /// The whole cells of a row with pipes that the end of the page cuts off: they stand where they would in the full row. The
    /// last number may be the start of a longer one; only zero is none.
    fn before_cut(&self, row: &RowCells<'a>, form: &TemplateRow) -> Option<Vec<&'a Cell<'a>>> {
        let label = &self.cells()[row.anchor.cell];
        let (first, last) = (row.cells.first()?, row.cells.last()?);
        let is_short = row.cells.len() < self.lexicon.templates.columns(form).len();
        let behind = self.text.get(last.span.end as usize..)?;
        let is_last = last.span.start < last.span.end && behind.chars().all(char::is_whitespace);
        if !is_short || !is_last {
            return None;
        }
        let between = self.text.get(label.span.end as usize..first.span.start as usize)?;
        let is_zero = self.text.get(last.span.start as usize..last.span.end as usize) == Some("0");
        let whole = row.cells.len() - usize::from(!is_zero);
        between.contains('|').then(|| row.cells[..whole].to_vec())
    }

    /// Emits a placed row; one of section three that cannot be placed by itself waits for the others.
    fn read_row(
        &self,
        row: RowCells<'a>,
        form: &'a TemplateRow,
        placed: Placement<'a>,
        matrix: &mut Matrix<'a>,
        reading: &mut TableReading,
    ) {
        let in_matrix = self.kind(form) == TemplateKind::Matrix;
        match placed {
            Ok(placed) => {
                if let Some(id) = row.anchor.row.filter(|_| in_matrix) {
                    matrix.add_known(id, &placed, self.lexicon.templates.columns(form).len());
                }
                for (position, cell) in placed {
                    self.emit(form, row.anchor, position, cell, reading);
                }
            }
            Err(problem) if in_matrix => matrix.open.push((row.anchor, problem, row.cells)),
            Err(problem) => reading
                .problems
                .push(self.left_out(form, row.anchor, problem, &row.cells)),
        }
    }

    fn kind(&self, row: &TemplateRow) -> TemplateKind {
        self.lexicon.templates.get(row.template).kind
    }

    fn row_cells(&self, anchor: &'a Anchor) -> RowCells<'a> {
        let form = anchor.row.map(|row| self.lexicon.templates.row(row));
        let cells = form.map_or_else(Vec::new, |form| self.value_cells(anchor, Some(form)));
        RowCells { anchor, form, cells }
    }

    /// Whether a row belongs to section four, whose numbers stand in one line below all labels.
    #[must_use]
    pub fn is_line(&self, row: &TemplateRow) -> bool {
        !row.header && self.lexicon.templates.get(row.template).kind == TemplateKind::Line
    }

    /// Whether every filled row of section three has its only number in the first column: a cell over all columns, whose
    /// place says nothing.
    fn is_merged(&self, rows: &[RowCells<'_>]) -> bool {
        let mut filled = 0;
        for RowCells { form, cells, .. } in rows {
            if !form.is_some_and(|form| !form.header && self.kind(form) == TemplateKind::Matrix) {
                continue;
            }
            let numbers = cells.iter().filter(|cell| !cell.is_blank()).count();
            let first = cells.first().is_some_and(|cell| !cell.is_blank());
            if numbers > 1 || numbers == 1 && !(first && cells.len() > 1) {
                return false;
            }
            filled += numbers;
        }
        filled >= MERGED_ROWS
    }

    /// 总计 and 其他 are called like columns: without a cell behind them in a stream they are the header's.
    fn is_stray_header(&self, label: &Cell<'_>) -> bool {
        self.aligned.strip.layout == Layout::Stream && is_column_label(&label.key, self.lexicon)
    }

    /// Labels that stand together before the values of them all, as text taken column by column does: none of them is blank.
    fn labels_by_column(&self) -> Vec<usize> {
        let mut found = Vec::new();
        let mut run: Vec<usize> = Vec::new();
        for anchor in &self.aligned.anchors {
            if anchor.values.is_empty() {
                run.push(anchor.cell);
                continue;
            }
            let columns = anchor
                .row
                .map(|row| self.lexicon.templates.columns(self.lexicon.templates.row(row)).len());
            let cells = self.cells()[anchor.values.clone()].iter();
            let filled = cells.filter(|cell| !cell.is_blank() && !cell.is_unit).count();
            if columns.is_some_and(|columns| filled > columns) && run.len() > 1 {
                found.append(&mut run);
            }
            run.clear();
        }
        found
    }

    /// Whether a label is the last of its table: where nothing follows it, the page may have been cut.
    fn is_last(&self, anchor: &Anchor) -> bool {
        self.aligned.strip.layout != Layout::Grid && anchor.cell + 1 == self.cells().len()
    }

    /// One anchor a row: where a label stands twice (once in a header), the one with more numbers, but not more than the
    /// row has columns, else the last.
    fn chosen_anchors(&self) -> Vec<&'a Anchor> {
        let numbers = |anchor: &Anchor, row: RowId| {
            let cells = self.cells()[anchor.values.clone()].iter();
            let numbers = cells
                .filter(|cell| matches!(cell.value, CellValue::Number { .. }))
                .count();
            let columns = self.lexicon.templates.columns(self.lexicon.templates.row(row)).len();
            (numbers <= columns, numbers)
        };
        let mut best: FxHashMap<RowId, ((bool, usize), usize)> = FxHashMap::default();
        for (index, anchor) in self.aligned.anchors.iter().enumerate() {
            let Some(row) = anchor.row else { continue };
            let candidate = (numbers(anchor, row), index);
            best.entry(row)
                .and_modify(|kept| *kept = (*kept).max(candidate))
                .or_insert(candidate);
        }
        let anchors = self.aligned.anchors.iter().enumerate();
        let kept = anchors.filter(|(index, anchor)| {
            anchor
                .row
                .is_none_or(|row| best.get(&row).is_some_and(|(_, kept)| kept == index))
        });
        kept.map(|(_, anchor)| anchor).collect()
    }

    /// How many numbers most rows of a one- or two-column table have: tells whether a month stands before the year.
    fn series_width(&self) -> usize {
        // Only the Shanghai model has a column that is not the year's.
        let mut families = self.aligned.families.iter();
        if !families.any(|id| self.lexicon.templates.has_month(*id)) {
            return usize::MAX;
        }
        let mut counts = [0usize; 5];
        for anchor in self.aligned.anchors.iter().filter(|anchor| anchor.row.is_some()) {
            let row = anchor.row.map(|row| self.lexicon.templates.row(row));
            let numbers = self.value_cells(anchor, row).len();
            if let Some(count) = counts.get_mut(numbers) {
                *count += 1;
            }
        }
        (1..counts.len())
            .max_by_key(|width| (counts[*width], std::cmp::Reverse(*width)))
            .unwrap_or(1)
    }

    /// The cells of a row that can hold values: not units, not words, not the row's own code.
    fn value_cells(&self, anchor: &Anchor, row: Option<&TemplateRow>) -> Vec<&'a Cell<'a>> {
        let values = &self.cells()[anchor.values.clone()];
        let mut cells: Vec<&Cell<'_>> = Vec::with_capacity(values.len());
        let holds_value = |cell: &&Cell<'_>| cell.is_value() && !self.headers.is_frame(cell);
        cells.extend(values.iter().filter(holds_value));
        let coded = row.is_some_and(|row| cells.first().is_some_and(|cell| is_code(cell, row)));
        if coded && (cells.len() > 1 || self.aligned.coded) {
            cells.remove(0);
        }
        cells
    }

    /// In a stream: the nearest cell before a row that names the column.
    fn header_before(&self, anchor: &Anchor, column: Option<&Column>) -> Option<&'a Cell<'a>> {
        let labels = &column?.labels;
        self.cells()
            .get(..anchor.cell)?
            .iter()
            .rev()
            .take(12)
            .find(|cell| labels.iter().any(|label| *label == cell.key))
    }

    /// Learns from the rows of a grid without doubt where its columns stand.
    fn learn_columns(&self, rows: &[RowCells<'a>], width: usize) -> LearnedColumns<'a> {
        let mut learned = LearnedColumns::default();
        if self.aligned.strip.layout != Layout::Grid {
            return learned;
        }
        for RowCells { form, cells, .. } in rows {
            let Some(set) = form.and_then(|form| self.lexicon.templates.set_of_row(form)) else {
                continue;
            };
            let columns = set.columns.as_slice();
            if columns.len() > 1 && expected_width(columns, width) == columns.len() {
                learned.learn(&set.name, columns.len(), cells);
            }
        }
        learned
    }

    /// Reads what is sure of the rows with fewer numbers than columns, and says what was left out.
    fn read_open_rows(&self, matrix: &Matrix<'a>, reading: &mut TableReading) {
        let rows = matrix.open.iter();
        let open: Vec<OpenRow<'_>> = rows
            .filter_map(|(anchor, _, cells)| {
                Some(OpenRow {
                    row: anchor.row?,
                    cells: filled(cells),
                })
            })
            .collect();
        let Some(template) = open.first().map(|row| self.lexicon.templates.row(row.row).template) else {
            return;
        };
        let solved = search::solve(template, &open, &matrix.known, self.lexicon, &mut reading.steps);
        for (((anchor, problem, cells), row), sure) in matrix.open.iter().zip(&open).zip(solved) {
            let form_row = self.lexicon.templates.row(row.row);
            if sure.contains(&Sure::Open) {
                reading.problems.push(self.left_out(form_row, anchor, problem, cells));
            }
            // An empty cell that was dropped is not printed: nothing is said of it.
            for (position, sure) in sure.into_iter().enumerate() {
                if let Sure::Cell(at) = sure {
                    self.emit(form_row, anchor, position, row.cells.get(at).copied(), reading);
                }
            }
        }
    }

    fn left_out(&self, row: &TemplateRow, anchor: &Anchor, code: &'static str, cells: &[&Cell<'_>]) -> Problem {
        let label = &self.cells()[anchor.cell];
        let columns = self.lexicon.templates.columns(row);
        Problem {
            stage: "table",
            code,
            span: Some(label.span),
            message: format!(
                "{} {}: {} values for {} columns; left out what cannot be placed",
                row.name,
                label.text,
                cells.iter().filter(|cell| !cell.is_blank()).count(),
                columns.len()
            ),
        }
    }

    /// Which cell belongs to which column, or why that cannot be told from the row alone.
    fn place_row(
        &self,
        row: &TemplateRow,
        cells: &[&'a Cell<'a>],
        width: usize,
        learned: &LearnedColumns<'a>,
    ) -> Placement<'a> {
        match self.aligned.strip.layout {
            Layout::Grid => match self.lexicon.templates.set_of_row(row) {
                Some(set) => self.place_grid(set, cells, width, learned),
                None => self.place_stream(&[], cells, width),
            },
            Layout::StreamWithBlanks | Layout::Stream => {
                self.place_stream(self.lexicon.templates.columns(row), cells, width)
            }
        }
    }

    /// In a grid the column headers tell, then the rows without empty cells; else the cells must be as many as the
    /// columns.
    fn place_grid(
        &self,
        set: &ColumnSet,
        cells: &[&'a Cell<'a>],
        width: usize,
        learned: &LearnedColumns<'a>,
    ) -> Placement<'a> {
        let columns = set.columns.as_slice();
        let named: Vec<Option<usize>> = cells.iter().map(|cell| self.headers.column_of(cell, set)).collect();
        let mut once: Vec<usize> = named.iter().flatten().copied().collect();
        once.sort_unstable();
        once.dedup();
        // Where spans were lost the headers stand above the wrong cells: they are believed only when they name every
        // filled cell, each once, and as many as the form has.
        let unique = once.len() == named.iter().flatten().count();
        let rest_is_blank = named
            .iter()
            .zip(cells)
            .all(|(name, cell)| name.is_some() || cell.is_blank());
        let complete = unique && rest_is_blank && (columns.len() <= 2 || once.len() == columns.len());
        if !once.is_empty() && complete {
            let placed = named
                .iter()
                .zip(cells)
                .filter_map(|(name, cell)| Some(((*name)?, Some(*cell))));
            return Ok(placed.collect());
        }
        if let Some(placed) = learned.place(&set.name, cells) {
            return Ok(placed.into_iter().map(|(column, cell)| (column, Some(cell))).collect());
        }
        self.place_by_number(columns, cells, width)
            .or_else(|_| self.place_stream(columns, cells, width))
    }

    /// In a stream a row's cells are those up to the next label; fillers of merged cells may stand behind them.
    fn place_stream(&self, columns: &[Column], cells: &[&'a Cell<'a>], width: usize) -> Placement<'a> {
        let filled = filled(cells);
        let expected = expected_width(columns, width);
        if filled.len() == expected {
            return self.place_by_number(columns, &filled, width);
        }
        if filled.is_empty() {
            // A printed row without a value. Empty cells that the extraction dropped have no place of their own.
            let blanks = cells.iter().copied().map(Some).chain(std::iter::repeat(None));
            return Ok((0..columns.len())
                .zip(blanks)
                .filter(|(column, _)| is_valued(columns, *column))
                .collect());
        }
        // Fillers behind the last column do not count.
        if cells.len() == expected || filled_width(cells) == expected {
            return self.place_by_number(columns, cells, width);
        }
        Err("row_short")
    }

    fn place_by_number(&self, columns: &[Column], cells: &[&'a Cell<'a>], width: usize) -> Placement<'a> {
        let expected = expected_width(columns, width);
        let first = columns.len() - expected.min(columns.len());
        if cells.len() == expected || cells.len() > expected && filled_width(cells) <= expected {
            let kept = cells.iter().take(expected);
            return Ok((first..).zip(kept.map(|cell| Some(*cell))).collect());
        }
        if cells.is_empty() {
            return Ok(Vec::new());
        }
        let short = cells.len() < expected;
        Err(if short { "row_short" } else { "row_long" })
    }

    fn emit(
        &self,
        row: &TemplateRow,
        anchor: &Anchor,
        position: usize,
        cell: Option<&'a Cell<'a>>,
        reading: &mut TableReading,
    ) {
        let Some(set) = self.lexicon.templates.set_of_row(row) else {
            return;
        };
        let columns = set.columns.as_slice();
        if !is_valued(columns, position) {
            return;
        }
        let label = &self.cells()[anchor.cell];
        let unit_cell = self.cells()[anchor.values.clone()].iter().find(|cell| cell.is_unit);
        let place = Place {
            row,
            column: columns.get(position),
            position,
            label,
            cell,
            unit_cell,
            header: cell
                .and_then(|cell| self.headers.above(cell))
                .or_else(|| self.header_before(anchor, columns.get(position))),
            by_header: cell.is_some_and(|cell| self.headers.column_of(cell, set).is_some()),
            fuzzy: anchor.fuzzy,
        };
        match value::mention(&place, self.text, self.lexicon) {
            Ok(Some(mention)) => reading.mentions.push(mention),
            Ok(None) => {}
            Err(problem) => reading.problems.push(problem),
        }
    }

    /// A printed row that no form knows keeps its label; only where its one number leaves no doubt.
    fn unknown_row(&self, label: &Cell<'_>, values: &[Cell<'_>]) -> Option<Mention> {
        let in_list = self
            .aligned
            .families
            .iter()
            .any(|id| self.lexicon.templates.get(*id).kind == TemplateKind::List);
        let numbers: Vec<&Cell<'_>> = values
            .iter()
            .filter(|cell| matches!(cell.value, CellValue::Number { .. }))
            .collect();
        let long_enough = label.key.chars().count() >= 3;
        match (numbers.as_slice(), self.aligned.strip.layout) {
            ([number], Layout::Grid | Layout::StreamWithBlanks) if in_list && long_enough => {
                value::unmapped(label, number, self.text, self.lexicon)
            }
            _ => None,
        }
    }
}

/// Whether a cell is the number that the Shanghai model prints before a row's values.
pub fn is_code(cell: &Cell<'_>, row: &TemplateRow) -> bool {
    cell.text.len() == 2 && row.name.trim_start_matches(|c: char| !c.is_ascii_digit()) == cell.text
}

/// Cells by column, or why they cannot be placed.
type Placement<'a> = Result<Vec<(usize, Option<&'a Cell<'a>>)>, &'static str>;

fn is_valued(columns: &[Column], position: usize) -> bool {
    columns
        .get(position)
        .is_some_and(|column| column.meaning != ColumnMeaning::Ignored)
}

/// How many values a row has: as many as the form has columns, but for a month column, which annual tables leave out.
fn expected_width(columns: &[Column], width: usize) -> usize {
    let ignored = columns
        .iter()
        .filter(|column| column.meaning == ColumnMeaning::Ignored)
        .count();
    if ignored > 0 && width < columns.len() {
        columns.len() - ignored
    } else {
        columns.len()
    }
}

/// A label with the form's row it stands for, none when no form knows it, and the cells that can hold its values.
struct RowCells<'a> {
    anchor: &'a Anchor,
    form: Option<&'a TemplateRow>,
    cells: Vec<&'a Cell<'a>>,
}

impl RowCells<'_> {
    fn is_filled(&self) -> bool {
        self.cells.iter().any(|cell| !cell.is_blank())
    }
}

/// The rows of section three while a table is read: those whose columns are known, and those whose are not.
#[derive(Default)]
struct Matrix<'a> {
    known: Vec<KnownRow>,
    open: Vec<(&'a Anchor, &'static str, Vec<&'a Cell<'a>>)>,
}

impl<'a> Matrix<'a> {
    /// Keeps a placed row, when all it says are counts and blanks.
    fn add_known(&mut self, row: RowId, placed: &[(usize, Option<&'a Cell<'a>>)], width: usize) {
        let mut counts = vec![0; width];
        for (position, cell) in placed {
            let blank = cell.is_none_or(|cell| cell.is_blank());
            let count = if blank {
                Some(0)
            } else {
                cell.and_then(|cell| search::count(cell))
            };
            match (counts.get_mut(*position), count) {
                (Some(place), Some(count)) => *place = count,
                _ => return,
            }
        }
        self.known.push(KnownRow { row, counts });
    }
}
