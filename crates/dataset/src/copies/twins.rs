//! Reports with the same facts whose body or year is not known: found again where it is.
//!
//! Such a report is linked when its words are alike, too, and nothing that is known of it speaks for another body. Of
//! reports that are known, equal facts say nothing here: two bodies stay two.

use super::entry::Twin;
use super::links::{Links, report_number};

/// Reports of one set of facts that are held at a time, each another body or year, or unlike the others.
const MAX_HELD: usize = 64;
/// From this share of common words on, two texts are alike.
const ALIKE: f64 = 0.5;
/// So many different numbers are no chance even where there are no words to compare.
const ENOUGH_VALUES: usize = 10;

/// Takes the reports of one set of facts after the other, those first whose body and year are known.
#[derive(Debug, Default)]
pub(crate) struct TwinJoiner {
    held: Vec<Twin>,
}

impl TwinJoiner {
    /// Takes the next report of the group.
    pub(crate) fn push(&mut self, twin: Twin, links: &mut Links) {
        let mut alike = self.held.iter().filter(|held| held.may_be(&twin));
        let Some(first) = alike.next() else {
            if self.held.len() < MAX_HELD {
                self.held.push(twin);
            }
            return;
        };
        // A body that is known counts before reports of which no more is known than of this one.
        let mut rivals = alike.filter(|other| other.body_id.is_some() || first.body_id.is_none());
        if twin.body_id.is_none() && rivals.all(|other| other.whose() == first.whose()) {
            links.add(report_number(&twin.report_id), report_number(&first.report_id));
        }
    }

    /// Forgets the group.
    pub(crate) fn finish_group(&mut self) {
        self.held.clear();
    }
}

impl Twin {
    /// Body, territory and year, as far as they are known.
    fn whose(&self) -> (Option<&str>, Option<&str>, Option<i16>) {
        (self.body_id.as_deref(), self.code.as_deref(), self.year)
    }

    /// Whether a report with the same facts is the same report.
    fn may_be(&self, other: &Self) -> bool {
        let alike = match self.sketch.common_share(&other.sketch) {
            Some(share) => share >= ALIKE,
            None => self.values >= ENOUGH_VALUES,
        };
        alike
            && is_open_or_same(self.body_id.as_ref(), other.body_id.as_ref())
            && is_open_or_same(self.year.as_ref(), other.year.as_ref())
            && self.may_lie_where(other)
            && self.may_be_organ(other)
    }

    fn may_lie_where(&self, other: &Self) -> bool {
        match (&self.code, &other.code) {
            (Some(code), Some(another)) => code == another,
            (Some(code), None) => other.candidates.is_empty() || other.candidates.contains(code),
            (None, Some(code)) => self.candidates.is_empty() || self.candidates.contains(code),
            (None, None) => {
                let mut both = self.candidates.iter();
                self.candidates.is_empty()
                    || other.candidates.is_empty()
                    || both.any(|code| other.candidates.contains(code))
            }
        }
    }

    /// 朝阳区政府 may be 北京市朝阳区人民政府.
    fn may_be_organ(&self, other: &Self) -> bool {
        let bare = |organ: &String| organ.replace("人民政府", "政府");
        match (self.organ.as_ref().map(bare), other.organ.as_ref().map(bare)) {
            (Some(organ), Some(another)) => organ.ends_with(&another) || another.ends_with(&organ),
            _ => true,
        }
    }
}

fn is_open_or_same<T: PartialEq>(left: Option<&T>, right: Option<&T>) -> bool {
    left.zip(right).is_none_or(|(left, right)| left == right)
}
