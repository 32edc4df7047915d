//! The forge's own arithmetic: which identities of `data/identities.tsv` fail on what is finally printed. The truth
//! lists them with both sides, whatever damage or slip made them fail.

use rustc_hash::FxHashMap;

use crate::doc::{Applicant, Key, Period, Value};

/// One identity (reports.md section 3).
#[derive(Debug, Clone)]
pub struct Identity {
    /// Its id there.
    pub id: &'static str,
    forms: Vec<&'static str>,
    axis: Axis,
    left: Vec<Term>,
    right: Vec<Term>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Axis {
    Row,
    Column,
    All,
}

#[derive(Debug, Clone)]
struct Term {
    code: &'static str,
    optional: bool,
    /// Rows with labels of their own that make up the term; 0 for a term of one row.
    labelled: usize,
}

/// An identity that fails on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Id of the identity.
    pub identity: &'static str,
    /// What it is about, for people.
    pub about: String,
    /// Left side.
    pub left: i64,
    /// Right side.
    pub right: i64,
}

/// What the page says: numbers, and blanks as [`Value::None`].
pub type Printed = FxHashMap<Key, Value>;

impl Identity {
    /// Reads the fields of one line.
    ///
    /// # Errors
    /// Names the axis that is not known.
    pub fn read(f: &[&'static str]) -> Result<Self, String> {
        let axis = match f[2] {
            "row" => Axis::Row,
            "column" => Axis::Column,
            "all" => Axis::All,
            other => return Err(format!("no such axis: {other}")),
        };
        let side = |text: &'static str| {
            let term = |text: &'static str| {
                let (code, rows) = text.split_once('*').unwrap_or((text, "0"));
                Term {
                    code: code.trim_start_matches('?'),
                    optional: code.starts_with('?'),
                    labelled: rows.parse().unwrap_or(0),
                }
            };
            text.split('+').map(term).collect()
        };
        Ok(Self {
            id: f[0],
            forms: f[1].split(',').collect(),
            axis,
            left: side(f[3]),
            right: side(f[4]),
        })
    }

    /// Does it hold in this form by its definition?
    pub fn is_of(&self, form: &str) -> bool {
        self.forms.contains(&form)
    }

    /// Every failure on a page.
    pub fn failures(&self, printed: &Printed) -> Vec<Failure> {
        match self.axis {
            Axis::Row => self.row_failures(printed),
            Axis::Column => Applicant::COLUMNS
                .into_iter()
                .filter_map(|column| self.failure(printed, column, Period::Year))
                .collect(),
            Axis::All => [Period::Year, Period::Cumulative]
                .into_iter()
                .filter_map(|period| self.failure(printed, Applicant::All, period))
                .collect(),
        }
    }

    fn failure(&self, printed: &Printed, applicant: Applicant, period: Period) -> Option<Failure> {
        let left = side(&self.left, printed, applicant, period)?;
        let right = side(&self.right, printed, applicant, period)?;
        let name = self.right.first().map_or("", |term| term.code);
        (left != right).then(|| Failure {
            identity: self.id,
            about: format!("{name}, {}, {}", applicant.name(), period.name()),
            left,
            right,
        })
    }

    fn row_failures(&self, printed: &Printed) -> Vec<Failure> {
        let mut failures = Vec::new();
        for (key, value) in printed {
            let (Applicant::All, Period::Year, Value::Count(total)) = (key.applicant, key.period, value) else {
                continue;
            };
            let parts = Applicant::COLUMNS[..6].iter().map(|&applicant| {
                printed.get(&Key {
                    applicant,
                    ..key.clone()
                })
            });
            let parts: Option<Vec<&Value>> = parts.collect();
            let Some(parts) = parts else { continue };
            let counts: Vec<i64> = parts
                .iter()
                .filter_map(|value| {
                    if let Value::Count(count) = value {
                        Some(*count)
                    } else {
                        None
                    }
                })
                .collect();
            let sum: i64 = counts.iter().sum();
            if !counts.is_empty() && sum != *total {
                failures.push(Failure {
                    identity: self.id,
                    about: key.category.to_string(),
                    left: sum,
                    right: *total,
                });
            }
        }
        failures.sort_by(|a, b| a.about.cmp(&b.about));
        failures
    }
}

/// The sum of the labelled rows of a term; none when one of them is not on the page.
fn labelled(term: &Term, printed: &Printed) -> Option<i64> {
    let rows = printed
        .iter()
        .filter(|(key, _)| key.category == term.code && key.period == Period::Year);
    let counts: Vec<i64> = rows
        .map(|(_, value)| if let Value::Count(count) = value { *count } else { 0 })
        .collect();
    (counts.len() == term.labelled).then(|| counts.iter().sum())
}

/// The sum of a side; none when it cannot be known: a term that is not on the page, or no printed number at all.
fn side(terms: &[Term], printed: &Printed, applicant: Applicant, period: Period) -> Option<i64> {
    let (mut sum, mut any) = (0, false);
    for term in terms {
        if term.labelled > 0 {
            sum += labelled(term, printed)?;
            continue;
        }
        match printed.get(&Key {
            applicant,
            period,
            ..Key::year(term.code)
        }) {
            Some(Value::Count(count)) => (sum, any) = (sum + count, true),
            Some(Value::None) => {}
            Some(Value::Money(_)) => return None,
            None if term.optional => {}
            None => return None,
        }
    }
    // A side of one term must be a number: a blank total claims nothing.
    any.then_some(sum)
}
