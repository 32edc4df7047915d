//! Tests every identity on a report's observations, and marks the observations with what the tests say.
//!
//! A blank counts as 0 only inside a test whose total is printed; in the data it stays a blank.

use std::fmt::Write as _;
use std::ops::Range;

use gongkai_lexicon::{
    CategoryId, Comparison, Each, IdentityKind, IdentityRule, Lexicon, TemplateId, TemplateKind, Term,
};
use rustc_hash::FxHashMap;

use crate::model::{
    Applicant, Check, CheckMark, CheckResult, Mention, Method, Observation, Period, Scope, Status, Value,
};
use crate::number::Amount;
use crate::prose::Share;
use crate::resolve::Key;
use crate::work;

/// A test, and the observations that took part.
pub type Tested = (Check, Vec<usize>);

/// The observations of a report while they are tested.
pub struct Ledger<'a> {
    mentions: &'a [Mention],
    /// Sorted by key.
    observations: &'a [(Key, Observation)],
    /// Where the observations of each category begin, by its number; one more for the end of the last.
    starts: Vec<usize>,
    lexicon: &'a Lexicon,
    templates: &'a [TemplateId],
    /// The one observation whose tests are asked for; none for all.
    only: Option<usize>,
}

/// One side of a test.
#[derive(Debug, Default)]
struct Side {
    sum: f64,
    /// Terms that are printed as numbers.
    numbers: usize,
    /// Terms the form must print and the report has not.
    missing: usize,
    /// Whether the first term is a number: the printed total.
    first: bool,
    observations: Vec<usize>,
}

impl<'a> Ledger<'a> {
    /// Opens the books.
    #[must_use]
    pub fn new(
        mentions: &'a [Mention],
        observations: &'a [(Key, Observation)],
        templates: &'a [TemplateId],
        lexicon: &'a Lexicon,
    ) -> Self {
        let mut starts = Vec::new();
        for (index, (key, _)) in observations.iter().enumerate() {
            starts.resize(starts.len().max(usize::from(key.category.0) + 1), index);
        }
        starts.push(observations.len());
        Self {
            mentions,
            observations,
            starts,
            lexicon,
            templates,
            only: None,
        }
    }

    /// The same, for the tests in which one observation can take part.
    #[must_use]
    pub fn only(self, observation: usize) -> Self {
        Self {
            only: Some(observation),
            ..self
        }
    }

    /// Whether tests are asked for in which a category takes part.
    fn asks(&self, category: CategoryId) -> bool {
        let only = self.only.and_then(|only| self.observations.get(only));
        only.is_none_or(|(key, _)| key.category == category)
    }

    /// Whether tests of an identity are asked for, of a row's category or of those that it names.
    fn asks_for(&self, rule: &IdentityRule, row: Option<CategoryId>) -> bool {
        let mut terms = rule.left.iter().chain(&rule.right);
        let named = terms.any(|term| matches!(term, Term::Category { id, .. } if self.asks(*id)));
        named || row.is_some_and(|category| self.asks(category))
    }

    /// Every test: identities, printed shares, sentences against tables.
    #[must_use]
    pub fn tests(&self, shares: &[Share]) -> Vec<Tested> {
        let mut tests = self.identities();
        tests.extend(self.shares(shares));
        tests.extend(self.prose_against_table());
        tests
    }

    fn identities(&self) -> Vec<Tested> {
        let mut out = Vec::new();
        for rule in &self.lexicon.identities {
            let by_form = rule.templates.iter().any(|template| self.templates.contains(template));
            match rule.each {
                Each::Row if by_form => self.check_rows(rule, &mut out),
                Each::Column if by_form => {
                    for applicant in Applicant::ALL {
                        self.check(rule, *applicant, Period::Year, None, &mut out);
                    }
                }
                Each::Period if by_form || rule.prose => {
                    for period in Period::ALL {
                        self.check(rule, Applicant::All, *period, None, &mut out);
                    }
                }
                Each::Report if by_form || rule.prose => self.check(rule, Applicant::All, Period::Year, None, &mut out),
                _ => {}
            }
        }
        out
    }

    fn check_rows(&self, rule: &IdentityRule, out: &mut Vec<Tested>) {
        let mut done: Vec<CategoryId> = Vec::new();
        for (_, row) in self.lexicon.templates.rows() {
            let matrix = self.lexicon.templates.get(row.template).kind == TemplateKind::Matrix;
            for category in row
                .categories
                .iter()
                .filter(|_| matrix && self.templates.contains(&row.template))
            {
                if !done.contains(category) {
                    done.push(*category);
                    self.check(rule, Applicant::All, Period::Year, Some(*category), out);
                }
            }
        }
    }

    fn check(
        &self,
        rule: &IdentityRule,
        applicant: Applicant,
        period: Period,
        row: Option<CategoryId>,
        out: &mut Vec<Tested>,
    ) {
        if !self.asks_for(rule, row) {
            return;
        }
        let left = self.side(&rule.left, applicant, period, row);
        if left.numbers == 0 {
            return;
        }
        let right = self.side(&rule.right, applicant, period, row);
        if right.numbers == 0 {
            return;
        }
        // The rule of a form is for its table, the rule of prose for sentences.
        let from_table = left
            .observations
            .first()
            .is_some_and(|index| self.method(*index) == Some(Method::Table));
        if from_table == rule.prose && rule.templates.is_empty() {
            return;
        }
        let difference = left.sum - right.sum;
        let holds = match rule.comparison {
            Comparison::Equal => difference.abs() < 0.005,
            Comparison::AtLeast => difference > -0.005,
        };
        let open = left.missing + right.missing > 0 || !left.first || rule.prose && !holds && difference > 0.0;
        let result = match (holds, open) {
            (_, true) if !(rule.prose && holds) => CheckResult::NotTestable,
            (true, _) => CheckResult::Pass,
            (false, _) => CheckResult::Fail,
        };
        let observations: Vec<usize> = left.observations.into_iter().chain(right.observations).collect();
        let message = message(
            rule,
            applicant,
            period,
            row.map(|row| self.lexicon.categories.get(row).label.as_str()),
            left.sum,
            right.sum,
            result,
        );
        let check = Check {
            identity: rule.name.clone(),
            kind: rule.kind,
            applicant,
            period,
            left: Some(left.sum),
            right: Some(right.sum),
            result,
            mentions: observations
                .iter()
                .filter_map(|index| Some(self.observations.get(*index)?.1.mention))
                .collect(),
            message,
        };
        out.push((check, observations));
    }

    /// The observations of a category, applicant and period; several in open lists.
    fn of(&self, category: CategoryId, applicant: Applicant, period: Period) -> Range<usize> {
        let number = usize::from(category.0);
        let (Some(start), Some(end)) = (self.starts.get(number), self.starts.get(number + 1)) else {
            return 0..0;
        };
        let of_category = self.observations.get(*start..*end).unwrap_or_default();
        let wanted = (applicant, period);
        let first = of_category.partition_point(|(key, _)| (key.applicant, key.period) < wanted);
        let last = of_category.partition_point(|(key, _)| (key.applicant, key.period) <= wanted);
        start + first..start + last
    }

    fn method(&self, observation: usize) -> Option<Method> {
        let (_, observation) = self.observations.get(observation)?;
        self.mentions.get(observation.mention).map(|mention| mention.method)
    }

    fn side(&self, terms: &[Term], applicant: Applicant, period: Period, row: Option<CategoryId>) -> Side {
        let mut side = Side::default();
        for (position, term) in terms.iter().enumerate() {
            let (category, applicant, optional) = match (term, row) {
                (Term::Category { id, optional }, _) => (*id, applicant, *optional),
                (Term::Applicant(name), Some(row)) => {
                    let found = Applicant::ALL.iter().find(|applicant| applicant.as_str() == name);
                    (row, found.copied().unwrap_or(applicant), false)
                }
                (Term::Applicant(_), None) => continue,
            };
            let found = self.of(category, applicant, period);
            work::note(found.len());
            side.missing += usize::from(found.is_empty() && !optional);
            for index in found {
                side.observations.push(index);
                if let Some(value) = self.number(index) {
                    side.sum += value;
                    side.numbers += 1;
                    side.first |= position == 0;
                }
            }
        }
        side
    }

    fn number(&self, observation: usize) -> Option<f64> {
        let (_, observation) = self.observations.get(observation)?;
        number(self.mentions.get(observation.mention)?.value)
    }

    /// Printed shares against the counts (P-7).
    fn shares(&self, shares: &[Share]) -> Vec<Tested> {
        if shares.is_empty() {
            return Vec::new();
        }
        let asked = (0..self.observations.len()).filter(|index| self.only.is_none_or(|only| only == *index));
        let of_mention: FxHashMap<usize, usize> = asked
            .filter_map(|index| Some((self.observations.get(index)?.1.mention, index)))
            .collect();
        let told = shares
            .iter()
            .filter_map(|share| Some((share, *of_mention.get(&share.mention)?)));
        told.filter_map(|(share, index)| self.share(share, index)).collect()
    }

    /// A printed share of what an observation counts.
    fn share(&self, share: &Share, index: usize) -> Option<Tested> {
        let (key, _) = self.observations.get(index)?;
        let whole = self.lexicon.categories.get(key.category).whole?;
        let total_index = self.of(whole, key.applicant, key.period).next()?;
        let (part, total) = (self.number(index)?, self.number(total_index)?);
        if total <= 0.0 {
            return None;
        }
        let computed = 100.0 * part / total;
        let printed = share.percent.as_f64();
        let holds = (printed - computed).abs() <= tolerance(share.percent);
        let label = &self.lexicon.categories.get(key.category).label;
        let check = Check {
            identity: "P-7".to_owned(),
            kind: IdentityKind::Share,
            applicant: key.applicant,
            period: key.period,
            left: Some(printed),
            right: Some((computed * 100.0).round() / 100.0),
            result: if holds { CheckResult::Pass } else { CheckResult::Fail },
            mentions: vec![share.mention],
            message: format!(
                "printed share of {label}: {printed}% printed, {computed:.2}% computed from {part} of {total}"
            ),
        };
        Some((check, vec![index]))
    }

    /// What sentences say against the tables (S-10).
    fn prose_against_table(&self) -> Vec<Tested> {
        let mut out = Vec::new();
        work::note(self.mentions.len());
        let said = self.mentions.iter().enumerate().filter(|(_, mention)| {
            mention.method == Method::Prose
                && self.asks(mention.category)
                && mention.scope != Scope::Subset
                && mention.status != Status::Approximate
        });
        for (other_index, other) in said {
            let found = self.of(other.category, other.applicant, other.period);
            let Some([(_, observation)]) = self.observations.get(found.clone()) else {
                continue;
            };
            let Some(chosen) = self.mentions.get(observation.mention) else {
                continue;
            };
            let printed = number(chosen.value).filter(|_| chosen.method == Method::Table);
            let (Some(printed), Some(said)) = (printed, number(other.value)) else {
                continue;
            };
            let holds = (printed - said).abs() < 0.005;
            let label = &self.lexicon.categories.get(other.category).label;
            let check = Check {
                identity: "S-10".to_owned(),
                kind: IdentityKind::Usual,
                applicant: other.applicant,
                period: other.period,
                left: Some(printed),
                right: Some(said),
                result: if holds { CheckResult::Pass } else { CheckResult::Fail },
                mentions: vec![observation.mention, other_index],
                message: format!("{label}: the table says {printed}, the text says {said}"),
            };
            out.push((check, found.collect()));
        }
        out
    }
}

fn number(value: Value) -> Option<f64> {
    #[allow(clippy::cast_precision_loss)]
    match value {
        Value::Count(count) => Some(count as f64),
        Value::Fen(fen) => Some(fen as f64 / 100.0),
        Value::Nothing => None,
    }
}

fn message(
    rule: &IdentityRule,
    applicant: Applicant,
    period: Period,
    row: Option<&str>,
    left: f64,
    right: f64,
    result: CheckResult,
) -> String {
    let mut message = String::with_capacity(rule.title.len() + 128);
    message.push_str(&rule.title);
    let parts = match row {
        Some(row) => [", row ", row],
        None if rule.each == Each::Column => [", column ", applicant.as_str()],
        None if period == Period::Cumulative => [", cumulative", ""],
        None => [""; 2],
    };
    message.extend(parts);
    push_number(left, ": ", &mut message);
    push_number(right, " against ", &mut message);
    match result {
        CheckResult::Pass => message.push_str(", holds"),
        CheckResult::Fail => push_number(left - right, ", fails by ", &mut message),
        CheckResult::NotTestable => message.push_str(", cannot be tested: a part is not printed or not read"),
    }
    message
}

/// Most sides are whole numbers, which are written in a fraction of the time of others.
fn push_number(number: f64, before: &str, to: &mut String) {
    #[allow(clippy::cast_possible_truncation)]
    let written = match number.fract() == 0.0 && number.abs() < 1e15 {
        true => write!(to, "{before}{}", number as i64),
        false => write!(to, "{before}{number}"),
    };
    debug_assert!(written.is_ok(), "writing to a string does not fail");
}

/// Half a unit of the last printed digit.
fn tolerance(share: Amount) -> f64 {
    0.5 / 10f64.powi(i32::try_from(share.decimals).unwrap_or(0)) + 1e-9
}

/// Whether a printed share can be that of a count in a total.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn share_fits(share: Amount, count: i64, total: i64) -> bool {
    total > 0 && (share.as_f64() - 100.0 * count as f64 / total as f64).abs() <= tolerance(share)
}

/// Confidence gained by a test that holds, and lost by one that does not.
const HOLDS: f32 = 0.02;
const WARNED: f32 = 0.1;
const FAILED: f32 = 0.45;
const HIGHEST: f32 = 0.99;

/// What the tests say of one observation.
#[derive(Debug, Clone, Copy, Default)]
struct Verdict {
    failed: bool,
    proven: bool,
    warned: bool,
    passed: bool,
}

/// Marks every observation with what the tests say of it.
pub fn mark(observations: &mut [(Key, Observation)], checks: &[Tested]) {
    let mut verdicts = vec![Verdict::default(); observations.len()];
    for (check, members) in checks {
        let definitional = check.kind == IdentityKind::Definitional;
        for member in members {
            let Some(verdict) = verdicts.get_mut(*member) else {
                continue;
            };
            match check.result {
                CheckResult::Pass => {
                    verdict.passed = true;
                    verdict.proven |= definitional && check.left != Some(0.0);
                }
                CheckResult::Fail if definitional => verdict.failed = true,
                CheckResult::Fail => verdict.warned = true,
                CheckResult::NotTestable => {}
            }
        }
    }
    for ((_, observation), verdict) in observations.iter_mut().zip(verdicts) {
        // A cell whose row fails but whose column holds is not the one at fault.
        observation.check = match verdict {
            Verdict {
                failed: true,
                proven: false,
                ..
            } => CheckMark::Failed,
            Verdict { failed: true, .. } | Verdict { warned: true, .. } => CheckMark::Warned,
            Verdict { passed: true, .. } => CheckMark::Passed,
            _ => CheckMark::None,
        };
        observation.confidence = match observation.check {
            CheckMark::Failed => observation.confidence.min(FAILED),
            CheckMark::Warned => observation.confidence - WARNED,
            CheckMark::Passed if observation.confidence >= 0.5 => (observation.confidence + HOLDS).min(HIGHEST),
            CheckMark::Passed | CheckMark::None => observation.confidence,
        };
        // Two decimals are more than it knows.
        observation.confidence = (observation.confidence * 100.0).round() / 100.0;
    }
}
