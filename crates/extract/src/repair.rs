//! Digits glued to an enumerator or a share: every way to read them, and the one that the sums and shares support.
//!
//! Without exactly one solution there is no number.

use gongkai_lexicon::{CategoryId, Lexicon};

use crate::model::{Mention, Period, Problem, Status, Value};
use crate::prose::{Doubtful, DoubtfulReading, ProseReading, Share};

/// The most combinations of readings that are tried for one sum.
const MAX_COMBINATIONS: usize = 20_000;

/// Decides every doubtful mention of the prose, or takes it out. `others` are the mentions of the tables.
pub fn repair(prose: &mut ProseReading, others: &[Mention], lexicon: &Lexicon) {
    let doubtful = std::mem::take(&mut prose.doubtful);
    let mut unsolved: Vec<usize> = Vec::new();
    let mut groups: Vec<(Option<CategoryId>, Period, u32, Vec<&Doubtful>)> = Vec::new();
    for item in &doubtful {
        let Some(mention) = prose.mentions.get(item.mention) else {
            continue;
        };
        let whole = lexicon.categories.get(mention.category).whole;
        let key = (whole, mention.period, mention.block);
        match groups.iter_mut().find(|group| (group.0, group.1, group.2) == key) {
            Some(group) => group.3.push(item),
            None => groups.push((key.0, key.1, key.2, vec![item])),
        }
    }
    for (whole, period, block, items) in groups {
        let total = whole.and_then(|whole| total_of(whole, period, &prose.mentions, others));
        let fixed: i128 = whole.map_or(0, |whole| {
            sum_of_parts(whole, period, block, &items, &prose.mentions, lexicon)
        });
        let solution = total.and_then(|total| {
            solve_by_sum(&items, i128::from(total) - fixed).or_else(|| solve_by_share(&items, total, &prose.shares))
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

/// The printed total of the group: from the prose first, since it stands beside the parts.
fn total_of(whole: CategoryId, period: Period, prose: &[Mention], tables: &[Mention]) -> Option<i64> {
    prose.iter().chain(tables).find_map(|mention| match mention.value {
        Value::Count(count) if mention.category == whole && mention.period == period => Some(count),
        _ => None,
    })
}

/// The sum of the group's other parts in the same paragraph.
fn sum_of_parts(
    whole: CategoryId,
    period: Period,
    block: u32,
    items: &[&Doubtful],
    mentions: &[Mention],
    lexicon: &Lexicon,
) -> i128 {
    let in_group = |index: usize| items.iter().any(|item| item.mention == index);
    let mut seen: Vec<(CategoryId, Option<&str>)> = Vec::new();
    let mut sum = 0;
    for (index, mention) in mentions.iter().enumerate() {
        let part = lexicon.categories.get(mention.category).whole == Some(whole)
            && mention.period == period
            && mention.block == block;
        let key = (mention.category, mention.label.as_deref());
        if let (true, false, Value::Count(count)) = (part && !seen.contains(&key), in_group(index), mention.value) {
            // Themes and channels are two divisions of one whole: only the parts of the same kind add up.
            let same_kind = items.iter().any(|item| {
                mentions
                    .get(item.mention)
                    .is_some_and(|other| same_division(other.category, mention.category, lexicon))
            });
            if same_kind {
                seen.push(key);
                sum += i128::from(count);
            }
        }
    }
    sum
}

fn same_division(left: CategoryId, right: CategoryId, lexicon: &Lexicon) -> bool {
    let division = |id| {
        lexicon
            .categories
            .code(id)
            .splitn(3, '.')
            .take(2)
            .collect::<Vec<_>>()
            .join(".")
    };
    left == right || division(left) == division(right)
}

/// The one combination of readings that adds up to the sum.
fn solve_by_sum<'a>(items: &[&'a Doubtful], sum: i128) -> Option<Vec<&'a DoubtfulReading>> {
    let combinations = items
        .iter()
        .try_fold(1usize, |product, item| product.checked_mul(item.readings.len()))?;
    if combinations > MAX_COMBINATIONS {
        return None;
    }
    let mut found: Option<Vec<&DoubtfulReading>> = None;
    for number in 0..combinations {
        let mut rest = number;
        let chosen: Option<Vec<&DoubtfulReading>> = items
            .iter()
            .map(|item| {
                let index = rest % item.readings.len();
                rest /= item.readings.len();
                item.readings.get(index)
            })
            .collect();
        let chosen = chosen?;
        if chosen.iter().map(|reading| i128::from(reading.count)).sum::<i128>() == sum {
            if found.is_some() {
                return None;
            }
            found = Some(chosen);
        }
    }
    found
}

/// The one reading of each whose own share agrees with the total.
fn solve_by_share<'a>(items: &[&'a Doubtful], total: i64, shares: &[Share]) -> Option<Vec<&'a DoubtfulReading>> {
    items
        .iter()
        .map(|item| {
            let printed = shares
                .iter()
                .find(|share| share.mention == item.mention)
                .map(|share| share.percent);
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
