//! Digits glued to an enumerator or a share: every way to read them, and the one that the sums and shares support.
//!
//! Without exactly one solution there is no number.

use gongkai_lexicon::{CategoryId, Lexicon};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::{Mention, Period, Problem, Status, Value};
use crate::number::Amount;
use crate::prose::{Doubtful, DoubtfulReading, ProseReading, Share};
use crate::work;

/// The most combinations of readings that are tried for one sum, and for all sums of a page.
const MAX_COMBINATIONS: usize = 20_000;
const MAX_OF_PAGE: usize = 100_000;

/// Decides every doubtful mention of the prose, or takes it out. `others` are the mentions of the tables.
pub fn repair(prose: &mut ProseReading, others: &[Mention], lexicon: &Lexicon) {
    let doubtful = std::mem::take(&mut prose.doubtful);
    if doubtful.is_empty() {
        return;
    }
    let mut unsolved: Vec<usize> = Vec::new();
    let shelves = Shelves::new(&prose.mentions, lexicon);
    let shares = first_shares(&prose.shares);
    let mut left = MAX_OF_PAGE;
    for (shelf, items) in groups(&doubtful, &prose.mentions, lexicon) {
        let total = shelf.whole.and_then(|whole| {
            let printed = shelves
                .of(whole, shelf.period)
                .filter_map(|index| prose.mentions.get(index));
            total_of(whole, shelf.period, printed.chain(others))
        });
        let fixed: i128 = shelves.sum_of_others(&shelf, &items, &prose.mentions, lexicon);
        let solution = total.and_then(|total| {
            let by_sum = solve_by_sum(&items, i128::from(total) - fixed, &mut left);
            by_sum.or_else(|| solve_by_share(&items, total, &shares))
        });
        match solution {
            Some(chosen) => {
                for (item, reading) in items.iter().zip(chosen) {
                    apply(prose, item, reading, total);
                }
            }
            None => unsolved.extend(items.iter().map(|item| item.mention)),
        }
    }
    remove(prose, &unsolved);
}

/// Where the parts of one sum stand: those of one total in one paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Shelf {
    whole: Option<CategoryId>,
    period: Period,
    block: u32,
}

impl Shelf {
    fn of(mention: &Mention, lexicon: &Lexicon) -> Self {
        Self {
            whole: lexicon.categories.get(mention.category).whole,
            period: mention.period,
            block: mention.block,
        }
    }
}

/// The doubtful mentions by their shelf, in the order of the page.
fn groups<'d>(doubtful: &'d [Doubtful], mentions: &[Mention], lexicon: &Lexicon) -> Vec<(Shelf, Vec<&'d Doubtful>)> {
    let mut groups: Vec<(Shelf, Vec<&Doubtful>)> = Vec::new();
    let mut places: FxHashMap<Shelf, usize> = FxHashMap::default();
    for item in doubtful {
        let Some(mention) = mentions.get(item.mention) else {
            continue;
        };
        let shelf = Shelf::of(mention, lexicon);
        let place = *places.entry(shelf).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, items)) => items.push(item),
            None => groups.push((shelf, vec![item])),
        }
    }
    groups
}

/// The mentions of the prose by what they can be part of, and by what they count.
struct Shelves {
    parts: FxHashMap<Shelf, Vec<usize>>,
    totals: FxHashMap<(CategoryId, Period), Vec<usize>>,
}

impl Shelves {
    fn new(mentions: &[Mention], lexicon: &Lexicon) -> Self {
        let mut shelves = Self {
            parts: FxHashMap::default(),
            totals: FxHashMap::default(),
        };
        for (index, mention) in mentions.iter().enumerate() {
            let shelf = Shelf::of(mention, lexicon);
            shelves.parts.entry(shelf).or_default().push(index);
            let total = (mention.category, mention.period);
            shelves.totals.entry(total).or_default().push(index);
        }
        shelves
    }

    fn of(&self, category: CategoryId, period: Period) -> impl Iterator<Item = usize> {
        let found = self.totals.get(&(category, period)).map(Vec::as_slice);
        found.unwrap_or_default().iter().copied()
    }

    /// The sum of a group's other parts in the same paragraph.
    fn sum_of_others(&self, shelf: &Shelf, items: &[&Doubtful], mentions: &[Mention], lexicon: &Lexicon) -> i128 {
        let Some(parts) = self.parts.get(shelf).filter(|_| shelf.whole.is_some()) else {
            return 0;
        };
        let doubtful: FxHashSet<usize> = items.iter().map(|item| item.mention).collect();
        let of_items = doubtful.iter().filter_map(|index| Some(mentions.get(*index)?.category));
        let divisions: FxHashSet<CategoryId> = of_items.collect();
        let mut seen: FxHashSet<(CategoryId, Option<&str>)> = FxHashSet::default();
        let mut sum = 0;
        work::note(parts.len());
        for mention in parts.iter().filter(|index| !doubtful.contains(index)) {
            let Some(mention) = mentions.get(*mention) else {
                continue;
            };
            let Value::Count(count) = mention.value else { continue };
            // Themes and channels are two divisions of one whole: only the parts of the same kind add up.
            let mut divisions = divisions.iter();
            let same_kind = divisions.any(|other| same_division(*other, mention.category, lexicon));
            if same_kind && seen.insert((mention.category, mention.label.as_deref())) {
                sum += i128::from(count);
            }
        }
        sum
    }
}

/// The printed total of a group: from the prose first, since it stands beside the parts.
fn total_of<'m>(whole: CategoryId, period: Period, mut mentions: impl Iterator<Item = &'m Mention>) -> Option<i64> {
    mentions.find_map(|mention| match mention.value {
        Value::Count(count) if mention.category == whole && mention.period == period => Some(count),
        _ => None,
    })
}

fn same_division(left: CategoryId, right: CategoryId, lexicon: &Lexicon) -> bool {
    let division = |id| lexicon.categories.code(id).split('.').take(2);
    left == right || division(left).eq(division(right))
}

/// The first share that is printed of each mention.
fn first_shares(shares: &[Share]) -> FxHashMap<usize, Amount> {
    let mut first = FxHashMap::default();
    for share in shares {
        first.entry(share.mention).or_insert(share.percent);
    }
    first
}

/// The one combination of readings that adds up to the sum; none where too many would have to be tried, of which a page
/// has so many `left`.
fn solve_by_sum<'a>(items: &[&'a Doubtful], sum: i128, left: &mut usize) -> Option<Vec<&'a DoubtfulReading>> {
    let combinations = items
        .iter()
        .try_fold(1usize, |product, item| product.checked_mul(item.readings.len()))?;
    if combinations > MAX_COMBINATIONS || combinations > *left {
        return None;
    }
    *left -= combinations;
    work::note(combinations);
    let mut search = SumSearch {
        items,
        chosen: Vec::with_capacity(items.len()),
        found: Vec::new(),
    };
    search.descend(sum);
    match search.found.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

/// A search for the readings that add up; over with the second way to do it.
struct SumSearch<'s, 'a> {
    items: &'s [&'a Doubtful],
    chosen: Vec<&'a DoubtfulReading>,
    found: Vec<Vec<&'a DoubtfulReading>>,
}

impl SumSearch<'_, '_> {
    /// Tries the readings of the next item; `rest` is what it and those behind it have to add up to.
    fn descend(&mut self, rest: i128) {
        let Some(item) = self.items.get(self.chosen.len()).copied() else {
            if rest == 0 {
                self.found.push(self.chosen.clone());
            }
            return;
        };
        for reading in &item.readings {
            self.chosen.push(reading);
            self.descend(rest - i128::from(reading.count));
            self.chosen.pop();
            if self.found.len() > 1 {
                return;
            }
        }
    }
}

/// The one reading of each whose own share agrees with the total.
fn solve_by_share<'a>(
    items: &[&'a Doubtful],
    total: i64,
    shares: &FxHashMap<usize, Amount>,
) -> Option<Vec<&'a DoubtfulReading>> {
    items
        .iter()
        .map(|item| {
            let printed = shares.get(&item.mention).copied();
            let mut fitting = item.readings.iter().filter(|reading| {
                reading
                    .share
                    .or(printed)
                    .is_some_and(|share| crate::check::share_fits(share, reading.count, total))
            });
            let first = fitting.next()?;
            fitting.next().is_none().then_some(first)
        })
        .collect()
}

fn apply(prose: &mut ProseReading, item: &Doubtful, reading: &DoubtfulReading, total: Option<i64>) {
    let Some(mention) = prose.mentions.get_mut(item.mention) else {
        return;
    };
    let printed_whole = item.readings.iter().map(|reading| reading.span.end).max() == Some(reading.span.end);
    mention.value = Value::Count(reading.count);
    mention.span = reading.span;
    if let Some(share) = reading.share {
        prose.shares.push(Share {
            mention: item.mention,
            percent: share,
        });
    }
    if printed_whole && reading.share.is_none() {
        return;
    }
    mention.status = Status::Repaired;
    let longest = item
        .readings
        .iter()
        .map(|reading| reading.span)
        .max_by_key(|span| span.end);
    prose.problems.push(Problem {
        stage: "prose",
        code: "glued_digits",
        span: longest,
        message: format!(
            "read as {}: the only way to read the glued digits that adds up to {}",
            reading.count,
            total.unwrap_or(0)
        ),
    });
}

/// Takes mentions out, with everything that points to them.
fn remove(prose: &mut ProseReading, unsolved: &[usize]) {
    for index in unsolved {
        if let Some(mention) = prose.mentions.get(*index) {
            prose.problems.push(Problem {
                stage: "prose",
                code: "glued_digits",
                span: Some(mention.span),
                message: "digits are glued to an enumerator or a share, and no single reading adds up; left out"
                    .to_owned(),
            });
        }
    }
    let unsolved: FxHashSet<usize> = unsolved.iter().copied().collect();
    let mut place: Vec<Option<usize>> = Vec::with_capacity(prose.mentions.len());
    let mut kept = 0;
    for index in 0..prose.mentions.len() {
        let stays = !unsolved.contains(&index);
        place.push(stays.then_some(kept));
        kept += usize::from(stays);
    }
    let mut position = 0..;
    prose
        .mentions
        .retain(|_| position.next().is_some_and(|index: usize| !unsolved.contains(&index)));
    let mut position = 0..;
    prose
        .ranks
        .retain(|_| position.next().is_some_and(|index: usize| !unsolved.contains(&index)));
    let moved = |index: usize| place.get(index).copied().flatten();
    prose.shares = prose
        .shares
        .iter()
        .filter_map(|share| {
            Some(Share {
                mention: moved(share.mention)?,
                ..*share
            })
        })
        .collect();
}
