//! What is true of one body in one year, before anything is printed: numbers that obey the identities of the form they
//! will be printed in, and the stocks that link a year with the next. Knows nothing of wording or layout.

mod cumulative;
mod early;
mod statutory;

use std::collections::BTreeMap;

use crate::body::Body;
use crate::data::Data;
use crate::dice::Dice;
use crate::doc::{Applicant, Key, Value};
use crate::vocabulary::Family;

pub use early::early;
pub use statutory::statutory;

/// The facts of one year.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    values: BTreeMap<Key, Value>,
    /// Themes in printed order: labels and counts; they add up to `proactive.total` when `themes_close`.
    pub themes: Vec<(&'static str, i64)>,
    /// Do the themes add up to the total, ending with 其他?
    pub themes_close: bool,
}

impl Facts {
    /// Sets a count.
    pub fn count(&mut self, key: Key, count: i64) {
        self.values.insert(key, Value::Count(count));
    }

    /// Sets a count of the year.
    pub fn year(&mut self, category: &'static str, count: i64) {
        self.count(Key::year(category), count);
    }

    /// Sets an amount, in units of 100 yuan (0.01 万元).
    pub fn hundreds_of_yuan(&mut self, category: &'static str, amount: i64) {
        self.values.insert(Key::year(category), Value::Money(amount * 10_000));
    }

    /// A value.
    pub fn get(&self, key: &Key) -> Option<Value> {
        self.values.get(key).copied()
    }

    /// A count of the year; 0 when there is none.
    pub fn of(&self, category: &'static str) -> i64 {
        match self.get(&Key::year(category)) {
            Some(Value::Count(count)) => count,
            _ => 0,
        }
    }

    /// All counts that are not money, in the order of their keys.
    pub fn counts(&self) -> impl Iterator<Item = (&Key, i64)> {
        self.values.iter().filter_map(|(key, value)| match value {
            Value::Count(count) => Some((key, *count)),
            _ => None,
        })
    }
}

/// What one year hands to the next.
#[derive(Debug, Clone, Default)]
pub struct Stocks {
    /// Requests carried out, by applicant: carried_out(N) = carried_in(N+1) (S-6).
    pub open: Option<[i64; 6]>,
    /// Regulations and normative documents in force (S-8) or open to the public.
    pub in_force: BTreeMap<&'static str, i64>,
    /// Numbers of items (S-7).
    pub items: BTreeMap<&'static str, i64>,
    /// Cumulative columns (P-5).
    pub cumulative: BTreeMap<Key, i64>,
}

/// Everything that drawing facts needs.
pub struct Draw<'a> {
    /// Data files.
    pub data: &'static Data,
    /// Whose facts.
    pub body: &'a Body,
    /// Chance.
    pub dice: &'a mut Dice,
    /// What the year before left.
    pub stocks: &'a mut Stocks,
}

/// The facts of one year in the family the body reports in.
pub fn draw(family: Family, year: i32, draw: &mut Draw<'_>) -> Facts {
    match family {
        Family::Statutory2019 | Family::Statutory2021 => statutory(year, draw),
        _ => early(family, year, draw),
    }
}

impl Draw<'_> {
    /// A number of the size usual for this body (`data/magnitudes.tsv`).
    fn size(&mut self, code: &str) -> i64 {
        let range = self.data.magnitude(code, self.body.scale());
        if self.dice.chance(range.zero) {
            return 0;
        }
        // A body is large or small in all things: half of the draw is its own size.
        let drawn = self.dice.magnitude(range.low, range.high);
        let own = range.low + (range.high - range.low) * self.body.size * self.body.size / 10_000;
        ((drawn + own) / 2).clamp(range.low, range.high)
    }

    /// Shares a total out over a set of `data/weights.tsv`.
    fn share_out(&mut self, total: i64, set: &str) -> Vec<(&'static str, i64)> {
        let parts = self.data.weights(set);
        let weights: Vec<u64> = parts.iter().map(|part| part.1).collect();
        let counts = self.dice.share_out(total, &weights);
        parts.iter().map(|part| part.0).zip(counts).collect()
    }

    /// Shares a total out and writes the parts.
    fn split(&mut self, facts: &mut Facts, total: i64, set: &str) {
        for (code, count) in self.share_out(total, set) {
            facts.year(code, count);
        }
    }
}

/// The six applicants that are not 总计.
const APPLICANTS: [Applicant; 6] = [
    Applicant::NaturalPerson,
    Applicant::Business,
    Applicant::Research,
    Applicant::PublicInterest,
    Applicant::LegalService,
    Applicant::Other,
];
