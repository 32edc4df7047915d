//! The facts of a report: the numbers that its observations say, and where those of two reports differ.

use gongkai_extract::{Applicant, Period, Status};
use gongkai_lexicon::{CategoryKind, Lexicon};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::sketch::Words;
use crate::convert::ReportRows;
use crate::rows::MentionRow;

/// Reports with fewer facts in common may agree by chance,
const LEAST_FACTS: usize = 8;
/// and so may those with fewer different numbers: most reports of small bodies have zeros, ones and twos.
const LEAST_VALUES: usize = 5;

/// Hash of all facts of a report.
pub(crate) type FactHash = [u8; 16];

/// What numbers are numbers of.
#[derive(Debug)]
pub(crate) struct FactBook {
    /// Place of each category among the codes, and whether it is an open list.
    categories: FxHashMap<String, (u16, bool)>,
    codes: Vec<String>,
}

impl FactBook {
    /// The book of a lexicon. Rows that no form knows are no facts: copies in other layouts have others.
    pub(crate) fn new(lexicon: &Lexicon) -> Self {
        let unmapped = lexicon.categories.unmapped();
        let known = lexicon.categories.iter().filter(|(id, _)| *id != unmapped);
        Self {
            categories: known
                .map(|(id, category)| (category.code.clone(), (id.0, category.kind == CategoryKind::List)))
                .collect(),
            codes: lexicon
                .categories
                .iter()
                .map(|(_, category)| category.code.clone())
                .collect(),
        }
    }

    fn fact(&self, row: &MentionRow, words: &Words) -> Option<Fact> {
        let value = row.count.or(row.amount_cny.map(|fen| fen.0))?;
        let (category, is_list) = *self.categories.get(row.category.as_str())?;
        let label = row.label.as_deref().filter(|_| is_list).map(|label| words.label(label));
        // About a thousand is no number that another one contradicts.
        (row.status != Status::Approximate).then(|| Fact {
            of: What {
                category,
                applicant: row.applicant.index(),
                period: row.period.index(),
                is_money: row.count.is_none(),
                label,
            },
            value,
        })
    }
}

/// What a fact is the number of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct What {
    category: u16,
    applicant: u8,
    period: u8,
    is_money: bool,
    label: Option<String>,
}

/// One number of a report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Fact {
    of: What,
    value: i64,
}

impl Fact {
    /// What the number is of, as people name it.
    pub(crate) fn name(&self, book: &FactBook) -> String {
        let mut name = book
            .codes
            .get(usize::from(self.of.category))
            .cloned()
            .unwrap_or_default();
        if let Some(label) = &self.of.label {
            name += &format!(" {label}");
        }
        let named = |names: &[&'static str], place: u8| names.get(usize::from(place)).copied().unwrap_or_default();
        if self.of.applicant != Applicant::All as u8 {
            name += &format!(" {}", named(Applicant::NAMES, self.of.applicant));
        }
        if self.of.period != Period::Year as u8 {
            name += &format!(" {}", named(Period::NAMES, self.of.period));
        }
        name
    }

    /// The number; money in yuan.
    pub(crate) fn number(&self) -> String {
        match self.of.is_money {
            true => format!("{:.2}", self.value as f64 / 100.0),
            false => self.value.to_string(),
        }
    }
}

/// The facts of a report, sorted, one for each thing that is counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Facts(Vec<Fact>);

impl Facts {
    /// The facts that a report's observations say.
    pub(crate) fn of(rows: &ReportRows, book: &FactBook, words: &Words) -> Self {
        let observed = rows.observed.iter().filter_map(|seen| rows.mentions.get(seen.mention));
        let mut facts: Vec<Fact> = observed.filter_map(|row| book.fact(row, words)).collect();
        facts.sort_unstable();
        facts.dedup_by(|next, fact| next.of == fact.of);
        Self(facts)
    }

    /// Annual counts of categories, for tests.
    #[cfg(test)]
    pub(crate) fn invented(counts: &[(u16, i64)]) -> Self {
        let fact = |(category, value): &(u16, i64)| Fact {
            of: What {
                category: *category,
                applicant: Applicant::All as u8,
                period: Period::Year as u8,
                is_money: false,
                label: None,
            },
            value: *value,
        };
        Self(counts.iter().map(fact).collect())
    }

    /// How many different numbers there are but zero.
    pub(crate) fn values(&self) -> usize {
        distinct(self.0.iter().map(|fact| fact.value).collect())
    }

    /// A hash that only reports with the same facts have; none where others may have them by chance.
    pub(crate) fn hash(&self) -> Option<FactHash> {
        if self.0.len() < LEAST_FACTS || self.values() < LEAST_VALUES {
            return None;
        }
        let bytes = postcard::to_stdvec(&self.0).ok()?;
        blake3::hash(&bytes).as_bytes().first_chunk().copied()
    }

    /// Compares the facts of two reports.
    pub(crate) fn compare<'a>(&'a self, other: &'a Self) -> Comparison<'a> {
        let mut comparison = Comparison::default();
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some(one), Some(another)) = (left.peek(), right.peek()) {
            match one.of.cmp(&another.of) {
                std::cmp::Ordering::Less => {
                    comparison.only_left += 1;
                    left.next();
                }
                std::cmp::Ordering::Greater => {
                    comparison.only_right += 1;
                    right.next();
                }
                std::cmp::Ordering::Equal => {
                    match one.value == another.value {
                        true => comparison.equal.push(one.value),
                        false => comparison.differing.push((one, another)),
                    }
                    left.next();
                    right.next();
                }
            }
        }
        comparison.only_left += left.count();
        comparison.only_right += right.count();
        comparison
    }
}

/// Where the facts of two reports agree and where they differ.
#[derive(Debug, Default)]
pub(crate) struct Comparison<'a> {
    /// The values that both have.
    equal: Vec<i64>,
    /// Facts of one thing with two values.
    pub differing: Vec<(&'a Fact, &'a Fact)>,
    /// How many the first has alone.
    pub only_left: usize,
    /// How many the second has alone.
    pub only_right: usize,
}

impl Comparison<'_> {
    /// Whether so much agrees that it is no chance.
    pub(crate) fn is_telling(&self) -> bool {
        self.equal.len() >= LEAST_FACTS && distinct(self.equal.clone()) >= LEAST_VALUES
    }

    /// Whether no fact contradicts another.
    pub(crate) fn agrees(&self) -> bool {
        self.differing.is_empty()
    }

    /// Whether one report has all facts that the other has.
    pub(crate) fn is_subset(&self) -> bool {
        self.agrees() && (self.only_left == 0 || self.only_right == 0)
    }

    /// Whether at least half of what the report with fewer facts counts is counted in the other, too.
    pub(crate) fn is_of_one_matter(&self) -> bool {
        let common = self.equal.len() + self.differing.len();
        common >= self.only_left.min(self.only_right)
    }

    /// How many facts agree that are not zero: zeros agree by themselves.
    pub(crate) fn equal_numbers(&self) -> usize {
        self.equal.iter().filter(|value| **value != 0).count()
    }
}

/// How many different numbers there are but zero.
fn distinct(mut values: Vec<i64>) -> usize {
    values.retain(|value| *value != 0);
    values.sort_unstable();
    values.dedup();
    values.len()
}
