//! Totals that the forms do not print: sums of values of one place, year and applicant, all from one report.

use gongkai_extract::{Applicant, CheckMark};

use super::book::Total;
use super::spool::PanelValue;
use crate::name::Named;

/// Adds the totals that no value was read for and whose parts are all there. The values are sorted by their keys, before
/// and afterwards. A part that is absent or blank is not taken for zero: its total is absent, too.
pub(super) fn derive<'a>(values: &mut Vec<PanelValue<'a>>, year: i16, totals: &'a [Total]) {
    let by_category = ByCategory::of(values);
    let mut made = Vec::new();
    for total in totals.iter().filter(|total| total.years.contains(year)) {
        let Some(first) = total.parts.first() else {
            continue;
        };
        for value in by_category.values(first) {
            if by_category.find(&total.category, value.applicant).is_none() {
                made.extend(sum(&by_category, total, value.applicant));
            }
        }
    }
    if !made.is_empty() {
        values.extend(made);
        values.sort_by(|left, right| left.key().cmp(&right.key()));
    }
}

/// Sorted values, those of one category together.
struct ByCategory<'v, 'a>(Vec<(&'a str, &'v [PanelValue<'a>])>);

impl<'v, 'a> ByCategory<'v, 'a> {
    fn of(values: &'v [PanelValue<'a>]) -> Self {
        let together = values.chunk_by(|left, right| left.category == right.category);
        Self(
            together
                .filter_map(|values| Some((values.first()?.category, values)))
                .collect(),
        )
    }

    fn values(&self, category: &str) -> &'v [PanelValue<'a>] {
        let place = self.0.binary_search_by(|(other, _)| (*other).cmp(category));
        let values = place.ok().and_then(|place| self.0.get(place));
        values.map_or(&[], |(_, values)| values)
    }

    fn find(&self, category: &str, applicant: Named<Applicant>) -> Option<&'v PanelValue<'a>> {
        self.values(category).iter().find(|value| value.applicant == applicant)
    }
}

fn sum<'a>(values: &ByCategory<'_, 'a>, total: &'a Total, applicant: Named<Applicant>) -> Option<PanelValue<'a>> {
    let mut sum: Option<PanelValue<'a>> = None;
    for part in &total.parts {
        let part = values.find(part, applicant)?;
        let count = part.count?;
        sum = Some(match sum {
            None => PanelValue {
                category: &total.category,
                derived: true,
                ..part.clone()
            },
            Some(sum) if sum.source == part.source => PanelValue {
                count: Some(sum.count?.checked_add(count)?),
                check: worse(sum.check, part.check),
                confidence: sum.confidence.min(part.confidence),
                row: if part.row.index() > sum.row.index() {
                    part.row
                } else {
                    sum.row
                },
                ..sum
            },
            Some(_) => return None,
        });
    }
    sum
}

/// The worse of two marks: a sum is as sound as its least sound part.
pub(super) fn worse(left: Named<CheckMark>, right: Named<CheckMark>) -> Named<CheckMark> {
    let badness = |mark: Named<CheckMark>| match () {
        () if mark == CheckMark::Passed => 0,
        () if mark == CheckMark::None => 1,
        () if mark == CheckMark::Warned => 2,
        () => 3,
    };
    if badness(right) > badness(left) { right } else { left }
}
