//! Totals that the forms do not print: sums of values of one place, year and applicant, all from one report.

use gongkai_extract::{Applicant, CheckMark};

use super::book::Total;
use super::spool::PanelValue;
use crate::name::Named;

/// Adds the totals that no value was read for and whose parts are all there. The values are sorted by their keys, before
/// and afterwards. A part that is absent or blank is not taken for zero: its total is absent, too.
pub(super) fn derive<'a>(values: &mut Vec<PanelValue<'a>>, year: i16, totals: &'a [Total]) {
    let mut made = Vec::new();
    for total in totals.iter().filter(|total| total.years.contains(year)) {
        let Some(first) = total.parts.first() else {
            continue;
        };
        let start = values.partition_point(|value| value.category < first.as_str());
        let of_first = values.get(start..).unwrap_or_default();
        for value in of_first.iter().take_while(|value| value.category == first) {
            if find(values, &total.category, value.applicant).is_none() {
                made.extend(sum(values, total, value.applicant));
            }
        }
    }
    if !made.is_empty() {
        values.extend(made);
        values.sort_by(|left, right| left.key().cmp(&right.key()));
    }
}

fn find<'v, 'a>(
    values: &'v [PanelValue<'a>],
    category: &str,
    applicant: Named<Applicant>,
) -> Option<&'v PanelValue<'a>> {
    let place = values.binary_search_by(|value| value.key().cmp(&(category, applicant.as_str())));
    values.get(place.ok()?)
}

fn sum<'a>(values: &[PanelValue<'a>], total: &'a Total, applicant: Named<Applicant>) -> Option<PanelValue<'a>> {
    let mut sum: Option<PanelValue<'a>> = None;
    for part in &total.parts {
        let part = find(values, part, applicant)?;
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
