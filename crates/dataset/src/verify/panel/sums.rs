//! Sums of rows of the panel, and the worst of their parts.

use gongkai_extract::CheckMark;
use gongkai_lexicon::Comparability;

use super::super::index::Id;
use super::province::Held;
use crate::name::Named;

/// Marks from the best to the worst.
const MARKS: [CheckMark; 4] = [CheckMark::Passed, CheckMark::None, CheckMark::Warned, CheckMark::Failed];

/// A sum, and the worst of its parts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sum {
    pub count: i64,
    pub report: Id,
    check: usize,
    confidence: f32,
    comparability: Comparability,
}

impl Sum {
    /// The sum of rows, each with what is to be taken for its comparability; none when one is missing or no count, or of
    /// another report.
    pub(super) fn of<'h>(parts: impl Iterator<Item = Option<(&'h Held, Comparability)>>) -> Option<Self> {
        let mut sum: Option<Self> = None;
        for part in parts {
            let (held, comparability) = part?;
            let part = Self {
                count: held.count?,
                report: held.report,
                check: MARKS.iter().position(|mark| held.check == *mark)?,
                confidence: held.confidence,
                comparability,
            };
            sum = match sum {
                None => Some(part),
                Some(sum) if sum.report == part.report => Some(Self {
                    count: sum.count.checked_add(part.count)?,
                    ..sum.with(&part)
                }),
                Some(_) => return None,
            };
        }
        sum
    }

    /// The same sum, with the worst of both.
    pub(super) fn with(&self, other: &Self) -> Self {
        Self {
            check: self.check.max(other.check),
            confidence: self.confidence.min(other.confidence),
            comparability: self.comparability.max(other.comparability),
            ..*self
        }
    }

    /// Whether a row has the marks of the worst part.
    pub(super) fn is_marked(
        &self,
        check: Named<CheckMark>,
        confidence: f32,
        comparability: Named<Comparability>,
    ) -> bool {
        MARKS.get(self.check).is_some_and(|mark| check == *mark)
            && confidence.to_bits() == self.confidence.to_bits()
            && comparability == self.comparability
    }
}
