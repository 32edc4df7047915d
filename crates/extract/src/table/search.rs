//! Rows of section three with fewer numbers than columns: every way to place them, and what all ways that add up agree on.
//!
//! Text extraction drops empty cells, and then `3 1 4` may stand in many columns. A placement is possible when the
//! row's printed total is the sum of its parts; with the rows whose columns are known, the sums down each column leave
//! fewer. What is the same in all of them is sure; the rest stays unread.

use gongkai_lexicon::{CategoryId, Column, Comparison, Each, IdentityKind, Lexicon, RowId, TemplateId, Term};

use crate::cells::Cell;
use crate::number::CellValue;
use crate::work;

/// A row without doubt: its count in each column, 0 where the cell is empty.
#[derive(Debug)]
pub struct KnownRow {
    /// The row.
    pub row: RowId,
    /// One count a column.
    pub counts: Vec<i64>,
}

/// A row whose filled cells are fewer than its columns.
#[derive(Debug)]
pub struct OpenRow<'a> {
    /// The row.
    pub row: RowId,
    /// Its filled cells, left to right.
    pub cells: Vec<&'a Cell<'a>>,
}

/// What is sure of a column of an open row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sure {
    /// This cell, by its place among the row's filled cells, stands there.
    Cell(usize),
    /// Nothing stands there.
    Empty,
    /// It can be one or the other.
    Open,
}

/// One way to place a row's cells: the cell in each column, and the counts that makes.
#[derive(Debug, Clone)]
struct Candidate {
    cells: Vec<Option<usize>>,
    counts: Vec<i64>,
}

/// The most placements that are looked at; a table beyond it has too many empty cells to be sure of any.
const MAX_STEPS: usize = 50_000;
/// The same for all tables of a page.
const MAX_OF_PAGE: usize = 2 * MAX_STEPS;

/// What is sure of each column of each open row. `steps` are those that the page's tables took.
#[must_use]
pub fn solve(
    template: TemplateId,
    open: &[OpenRow<'_>],
    known: &[KnownRow],
    lexicon: &Lexicon,
    steps: &mut usize,
) -> Vec<Vec<Sure>> {
    let Some(columns) = open
        .first()
        .map(|row| lexicon.templates.columns(lexicon.templates.row(row.row)))
    else {
        return Vec::new();
    };
    let nothing = || vec![vec![Sure::Open; columns.len()]; open.len()];
    let tells = |row: &OpenRow<'_>| row.cells.len() > 1 && row.cells.iter().any(|cell| count(cell) > Some(0));
    if known.is_empty() && !open.iter().any(tells) {
        return nothing();
    }
    let total = columns.iter().position(|column| column.name == "all");
    let candidates: Vec<Vec<Candidate>> = open.iter().map(|row| candidates(row, columns, total)).collect();
    // A table that prints no totals, or other ones, is not what it seems.
    let told = candidates.iter().zip(open).filter(|(_, row)| tells(row));
    let (adding_up, all) = told.fold((0, 0), |(adding, all), (ways, _)| {
        (adding + usize::from(!ways.is_empty()), all + 1)
    });
    if known.is_empty() && adding_up * 2 < all {
        return nothing();
    }
    let mut sums = column_sums(template, open, known, columns, lexicon);
    // A row that cannot be placed at all leaves its sums open.
    sums.retain(|sum| {
        sum.signs
            .iter()
            .zip(&candidates)
            .all(|(sign, ways)| *sign == 0 || !ways.is_empty())
    });
    let mut search = Search::new(&candidates, &sums);
    search.most = MAX_STEPS.min(MAX_OF_PAGE.saturating_sub(*steps));
    search.run();
    *steps += search.steps;
    work::note(search.steps);
    let agreed = |index: usize| search.agreed.get(index).cloned().flatten();
    (0..open.len())
        .map(|index| agreed(index).unwrap_or_else(|| agreement(&candidates[index], columns.len())))
        .collect()
}

/// Every way to place a row's cells, in their order, that makes its printed total the sum of the others.
fn candidates(row: &OpenRow<'_>, columns: &[Column], total: Option<usize>) -> Vec<Candidate> {
    let counts: Option<Vec<i64>> = row.cells.iter().map(|cell| count(cell)).collect();
    let (Some(counts), Some(total)) = (counts, total) else {
        return Vec::new();
    };
    let sum: i64 = counts.iter().sum();
    let mut found = Vec::new();
    let mut chosen: Vec<usize> = Vec::with_capacity(counts.len());
    choose(&counts, columns.len(), &mut chosen, &mut |places| {
        // The total is the sum of the others.
        let in_total = places.iter().position(|place| *place == total);
        if in_total.is_none_or(|cell| counts[cell] * 2 != sum) {
            return;
        }
        let mut candidate = Candidate {
            cells: vec![None; columns.len()],
            counts: vec![0; columns.len()],
        };
        for (cell, place) in places.iter().enumerate() {
            candidate.cells[*place] = Some(cell);
            candidate.counts[*place] = counts[cell];
        }
        found.push(candidate);
    });
    found
}

/// Calls `found` with every choice of places, in rising order, for all cells.
fn choose(counts: &[i64], width: usize, chosen: &mut Vec<usize>, found: &mut impl FnMut(&[usize])) {
    if chosen.len() == counts.len() {
        found(chosen);
        return;
    }
    let first = chosen.last().map_or(0, |last| last + 1);
    let left = counts.len() - chosen.len() - 1;
    for place in first..width.saturating_sub(left) {
        chosen.push(place);
        choose(counts, width, chosen, found);
        chosen.pop();
    }
}

/// The count of a cell small enough to be summed.
pub fn count(cell: &Cell<'_>) -> Option<i64> {
    match &cell.value {
        CellValue::Number { amount, .. } => amount.count().ok().filter(|count| (0..1 << 40).contains(count)),
        CellValue::ZeroInWords => Some(0),
        _ => None,
    }
}

/// A sum down a column that must hold: what the open rows have to contribute, with the sign of each.
#[derive(Debug)]
struct ColumnSum {
    column: usize,
    /// 1 on the left side, -1 on the right, 0 for rows that take no part.
    signs: Vec<i64>,
    /// What the known rows leave for the open ones.
    rest: i64,
}

/// The definitional sums of the form's columns whose every row is printed here.
fn column_sums(
    template: TemplateId,
    open: &[OpenRow<'_>],
    known: &[KnownRow],
    columns: &[Column],
    lexicon: &Lexicon,
) -> Vec<ColumnSum> {
    let category = |row: RowId| lexicon.templates.row(row).category(0);
    let mut sums = Vec::new();
    let rules = lexicon.identities.iter().filter(|rule| {
        rule.kind == IdentityKind::Definitional
            && rule.comparison == Comparison::Equal
            && rule.each == Each::Column
            && rule.templates.contains(&template)
    });
    for rule in rules {
        let sides = [(1, &rule.left), (-1, &rule.right)];
        let terms: Vec<(i64, CategoryId)> = sides
            .iter()
            .flat_map(|(sign, terms)| terms.iter().map(move |term| (*sign, term)))
            .filter_map(|(sign, term)| match term {
                Term::Category { id, .. } => Some((sign, *id)),
                Term::Applicant(_) => None,
            })
            .collect();
        let is_printed = |id: CategoryId| {
            open.iter().any(|row| category(row.row) == Some(id))
                || known.iter().any(|row| category(row.row) == Some(id))
        };
        if !terms.iter().all(|(_, id)| is_printed(*id)) {
            continue;
        }
        let sign_of = |row: RowId| {
            terms
                .iter()
                .find(|(_, id)| category(row) == Some(*id))
                .map_or(0, |(sign, _)| *sign)
        };
        for column in 0..columns.len() {
            let of_known = known
                .iter()
                .map(|row| sign_of(row.row) * row.counts.get(column).copied().unwrap_or(0));
            sums.push(ColumnSum {
                column,
                signs: open.iter().map(|row| sign_of(row.row)).collect(),
                rest: -of_known.sum::<i64>(),
            });
        }
    }
    sums
}

/// A search through the candidates of all rows for those that make every sum hold.
struct Search<'s> {
    candidates: &'s [Vec<Candidate>],
    sums: &'s [ColumnSum],
    /// For each row and sum: the least and the most that this row and those behind it can contribute.
    reach: Vec<Vec<(i64, i64)>>,
    steps: usize,
    /// How many it may take.
    most: usize,
    chosen: Vec<usize>,
    /// What the solutions so far agree on, by row; none before the first.
    agreed: Vec<Option<Vec<Sure>>>,
}

impl<'s> Search<'s> {
    fn new(candidates: &'s [Vec<Candidate>], sums: &'s [ColumnSum]) -> Self {
        let mut reach = vec![vec![(0, 0); sums.len()]; candidates.len() + 1];
        for row in (0..candidates.len()).rev() {
            for (at, sum) in sums.iter().enumerate() {
                let contributions = candidates[row]
                    .iter()
                    .map(|way| sum.signs[row] * way.counts[sum.column]);
                let (least, most) = contributions.fold((i64::MAX, i64::MIN), |(least, most), value| {
                    (least.min(value), most.max(value))
                });
                let behind = reach[row + 1][at];
                reach[row][at] = if candidates[row].is_empty() {
                    behind
                } else {
                    (behind.0 + least, behind.1 + most)
                };
            }
        }
        Self {
            candidates,
            sums,
            reach,
            steps: 0,
            most: MAX_STEPS,
            chosen: Vec::with_capacity(candidates.len()),
            agreed: vec![None; candidates.len()],
        }
    }

    /// Sets what all solutions agree on; nothing when there are none or too many to look at.
    fn run(&mut self) {
        let mut rest: Vec<i64> = self.sums.iter().map(|sum| sum.rest).collect();
        if !self.descend(&mut rest) {
            self.agreed.fill(None);
        }
    }

    /// Whether the search came to its end.
    fn descend(&mut self, rest: &mut [i64]) -> bool {
        self.steps += 1;
        if self.steps > self.most {
            return false;
        }
        let row = self.chosen.len();
        let within = |(rest, reach): (&i64, &(i64, i64))| (reach.0..=reach.1).contains(rest);
        if !rest.iter().zip(&self.reach[row]).all(within) {
            return true;
        }
        if row == self.candidates.len() {
            self.agree();
            return true;
        }
        // A row without candidates is passed by.
        for way in 0..self.candidates[row].len().max(1) {
            self.contribute(row, way, -1, rest);
            self.chosen.push(way);
            let finished = self.descend(rest);
            self.chosen.pop();
            self.contribute(row, way, 1, rest);
            if !finished {
                return false;
            }
        }
        true
    }

    fn contribute(&self, row: usize, way: usize, direction: i64, rest: &mut [i64]) {
        let Some(candidate) = self.candidates[row].get(way) else {
            return;
        };
        for (rest, sum) in rest.iter_mut().zip(self.sums) {
            *rest += direction * sum.signs[row] * candidate.counts[sum.column];
        }
    }

    fn agree(&mut self) {
        for (row, way) in self.chosen.iter().enumerate() {
            let Some(Candidate { cells, .. }) = self.candidates[row].get(*way) else {
                continue;
            };
            match &mut self.agreed[row] {
                Some(agreed) => narrow(agreed, cells),
                none => *none = Some(cells.iter().map(sure).collect()),
            }
        }
    }
}

fn sure(cell: &Option<usize>) -> Sure {
    cell.map_or(Sure::Empty, Sure::Cell)
}

fn narrow(agreed: &mut [Sure], cells: &[Option<usize>]) {
    for (agreed, cell) in agreed.iter_mut().zip(cells) {
        if *agreed != sure(cell) {
            *agreed = Sure::Open;
        }
    }
}

/// What all ways to place one row agree on.
fn agreement(candidates: &[Candidate], width: usize) -> Vec<Sure> {
    let mut all = candidates.iter();
    let Some(first) = all.next() else {
        return vec![Sure::Open; width];
    };
    let mut agreed: Vec<Sure> = first.cells.iter().map(sure).collect();
    all.for_each(|candidate| narrow(&mut agreed, &candidate.cells));
    agreed
}
