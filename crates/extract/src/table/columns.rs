//! Where the values of a form's rows stand in a grid, learned from the rows that leave no doubt.
//!
//! A row with as many values as the form has columns tells where each column is, else one with as many cells; the rows
//! beside it stand in the same grid. Where rows lost their leading cells, the distance from the row's end still tells.

use rustc_hash::FxHashMap;

use crate::cells::{Cell, filled};

/// The coordinates of the columns of every column set seen in a grid, by the set's name.
#[derive(Debug, Default)]
pub struct LearnedColumns<'a> {
    sets: FxHashMap<&'a str, Votes>,
}

/// How often each way to lay out the columns was seen, in each way to count.
#[derive(Debug, Default)]
struct Votes {
    from_left: Vec<(Vec<u32>, usize)>,
    from_right: Vec<(Vec<u32>, usize)>,
    /// How many columns there are.
    width: usize,
    /// Whether the rows that voted had no empty cells; their word counts before that of others.
    filled: bool,
}

/// The share of votes that makes coordinates believed: nine in ten.
const MAJORITY: (usize, usize) = (9, 10);

impl<'a> LearnedColumns<'a> {
    /// Takes a row into account when its filled cells, or all its cells, are as many as its form has columns.
    pub fn learn(&mut self, set: &'a str, width: usize, cells: &[&Cell<'_>]) {
        let filled = filled(cells);
        let is_filled = filled.len() == width;
        let voters = if is_filled { filled.as_slice() } else { cells };
        if voters.len() != width {
            return;
        }
        let votes = self.sets.entry(set).or_default();
        votes.width = width;
        if votes.filled && !is_filled {
            return;
        }
        if is_filled && !votes.filled {
            *votes = Votes {
                filled: true,
                width,
                ..Votes::default()
            };
        }
        vote(&mut votes.from_left, voters.iter().map(|cell| cell.columns.start));
        let end = row_end(cells);
        vote(
            &mut votes.from_right,
            voters.iter().map(|cell| end - cell.columns.start),
        );
    }

    /// The form's column of each cell, where the learned coordinates name every filled cell; cells outside the columns
    /// are left out. None where the two ways to count disagree.
    pub fn place<'c, 'p>(&self, set: &str, cells: &[&'c Cell<'p>]) -> Placed<'c, 'p> {
        let votes = self.sets.get(set)?;
        let end = row_end(cells);
        let left = believed(&votes.from_left).and_then(|at| place(at, cells, |cell| cell.columns.start));
        let right = believed(&votes.from_right).and_then(|at| place(at, cells, |cell| end - cell.columns.start));
        match (left, right) {
            (Some(left), Some(right)) => same(&left, &right).then_some(left),
            // A row that is shorter than the columns are wide may have lost cells at either end.
            (left, right) => left.or(right).filter(|_| cells.len() >= votes.width),
        }
    }
}

/// Cells with their columns; none when a filled cell stands in no column.
type Placed<'c, 'p> = Option<Vec<(usize, &'c Cell<'p>)>>;

fn same(left: &[(usize, &Cell<'_>)], right: &[(usize, &Cell<'_>)]) -> bool {
    let places = |placed: &[(usize, &Cell<'_>)]| {
        placed
            .iter()
            .map(|(column, cell)| (*column, cell.span))
            .collect::<Vec<_>>()
    };
    places(left) == places(right)
}

fn row_end(cells: &[&Cell<'_>]) -> u32 {
    cells.iter().map(|cell| cell.columns.end).max().unwrap_or(0)
}

fn vote(votes: &mut Vec<(Vec<u32>, usize)>, coordinates: impl Iterator<Item = u32> + Clone) {
    match votes
        .iter_mut()
        .find(|(known, _)| known.iter().copied().eq(coordinates.clone()))
    {
        Some((_, count)) => *count += 1,
        None => votes.push((coordinates.collect(), 1)),
    }
}

fn believed(votes: &[(Vec<u32>, usize)]) -> Option<&[u32]> {
    let all: usize = votes.iter().map(|(_, count)| count).sum();
    let (coordinates, count) = votes.iter().max_by_key(|(_, count)| *count)?;
    (count * MAJORITY.1 >= all * MAJORITY.0).then_some(coordinates)
}

fn place<'c, 'p>(at: &[u32], cells: &[&'c Cell<'p>], coordinate: impl Fn(&Cell<'_>) -> u32) -> Placed<'c, 'p> {
    let mut placed = Vec::with_capacity(at.len());
    for cell in cells {
        let wanted = coordinate(cell);
        match at.iter().position(|known| *known == wanted) {
            Some(column) => placed.push((column, *cell)),
            None if cell.is_blank() => {}
            None => return None,
        }
    }
    Some(placed)
}
