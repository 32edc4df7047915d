//! Statements of equal standing that differ: the one that the sums support is taken, and no longer in doubt.

use crate::check::Tested;
use crate::model::{CheckResult, Mention, Observation};
use crate::resolve::{Key, Rivals};

/// More keys with rivals than this are no slips of the pen; they stay in doubt.
const MAX_RIVALS: usize = 8;
/// A value that another sentence contradicts is less sure than one that stands alone, proven or not.
const CONTRADICTED: f32 = 0.8;

/// Chooses between rivals by `tests`, which makes the tests of some observations in which one of them can take part.
pub fn settle(
    observations: &mut [(Key, Observation)],
    rivals: &[Rivals],
    mentions: &[Mention],
    tests: impl Fn(&[(Key, Observation)], usize) -> Vec<Tested>,
) {
    for Rivals { observation, others } in rivals.iter().take(MAX_RIVALS) {
        let Some(first) = observations
            .get(*observation)
            .map(|(_, observation)| observation.mention)
        else {
            continue;
        };
        let mut support_of = |mention: usize| {
            if let Some((_, observation)) = observations.get_mut(*observation) {
                observation.mention = mention;
            }
            support(&tests(observations, *observation), *observation)
        };
        let mut ways = vec![(support_of(first), first)];
        ways.extend(others.iter().map(|other| (support_of(*other), *other)));
        // The earliest of equals, so that nothing changes without a reason.
        let best = ways
            .iter()
            .fold((i32::MIN, first), |best, way| if way.0 > best.0 { *way } else { best });
        let decided = best.0 > 0 && ways.iter().filter(|way| way.0 == best.0).count() == 1;
        let chosen = if decided { best.1 } else { first };
        if let Some((_, observation)) = observations.get_mut(*observation) {
            observation.mention = chosen;
            if let Some(mention) = mentions.get(chosen).filter(|_| decided) {
                observation.confidence = mention.confidence.min(CONTRADICTED);
            }
        }
    }
}

/// How many tests with something in them hold for an observation, less those that fail.
fn support(tests: &[Tested], observation: usize) -> i32 {
    let of_it = tests.iter().filter(|(_, members)| members.contains(&observation));
    of_it
        .map(|(check, _)| match check.result {
            CheckResult::Pass if check.left != Some(0.0) => 1,
            CheckResult::Fail => -1,
            CheckResult::Pass | CheckResult::NotTestable => 0,
        })
        .sum()
}
