//! Reports of one body, territory and year: which are copies of one, and which are versions of which the latest counts.
//!
//! They come fullest first, so that the first report of its kind stands for the copies behind it. What is held of a
//! group is one report for each that is no copy, up to a bound, and a few bytes for each copy.

use gongkai_extract::Scope;

use super::entry::Rival;
use super::facts::{Comparison, Fact, FactBook};
use super::links::{Finding, Links, ReportNumber, report_number};
use crate::key::CopyKey;

/// Reports of one body and year that are held at a time, all different: more of them are no versions of one report, and
/// each is compared with every other.
const MAX_DIFFERENT: usize = 64;
/// From this share of common words on, two texts are alike;
const ALIKE: f64 = 0.5;
/// and from this one on the same: what differs is around them.
const SAME: f64 = 0.8;
/// So many changed values are told.
const MAX_TOLD: usize = 5;

/// A report that is no copy of a fuller one.
struct Leader {
    rival: Rival,
    copy: CopyKey,
    /// The first day on which it or a copy of it was published: mirrors are later.
    published: Option<String>,
}

/// What two reports of one body and year are to each other.
#[derive(Debug, PartialEq, Eq)]
enum Likeness {
    /// Nothing contradicts, and it is no chance.
    Copy,
    /// Much is the same, and something is not.
    Version,
    Other,
}

impl Rival {
    fn likeness(&self, other: &Self) -> Likeness {
        if self.is_of_another_scope(other) {
            return Likeness::Other;
        }
        let facts = self.facts.compare(&other.facts);
        let text = self.sketch.common_share(&other.sketch);
        let share_is = |least: f64| text.is_some_and(|share| share >= least);
        let (equal, differing) = (facts.equal_numbers(), facts.differing.len());
        match facts.agrees() {
            true if facts.is_subset() && facts.is_telling() => Likeness::Copy,
            true if facts.is_of_one_matter() && share_is(ALIKE) => Likeness::Copy,
            true => Likeness::Other,
            false if !facts.is_of_one_matter() => Likeness::Other,
            // One corrected number stands in several sums. Where most numbers are others, the words may be those of the
            // report on another year.
            false if share_is(SAME) && 2 * equal >= differing => Likeness::Version,
            false if share_is(ALIKE) && equal >= differing => Likeness::Version,
            false if facts.is_telling() && equal >= 4 * differing => Likeness::Version,
            false => Likeness::Other,
        }
    }

    /// The whole territory's report and the government's own are two.
    fn is_of_another_scope(&self, other: &Self) -> bool {
        match (self.scope, other.scope) {
            (Some(scope), Some(another)) => scope != another && scope != Scope::Unknown && another != Scope::Unknown,
            _ => false,
        }
    }
}

/// Takes the reports of one group after the other.
pub(crate) struct RivalJoiner<'a> {
    book: &'a FactBook,
    leaders: Vec<Leader>,
    /// Copies, each with the place of its leader.
    copies: Vec<(ReportNumber, usize)>,
}

impl<'a> RivalJoiner<'a> {
    /// A joiner that has seen nothing.
    pub(crate) fn new(book: &'a FactBook) -> Self {
        Self {
            book,
            leaders: Vec::new(),
            copies: Vec::new(),
        }
    }

    /// Takes the next report of the group; those that are not compared any more are told.
    pub(crate) fn push(&mut self, rival: Rival, copy: CopyKey) -> Option<Finding> {
        let place = self
            .leaders
            .iter()
            .position(|leader| leader.rival.likeness(&rival) == Likeness::Copy);
        if let Some((place, leader)) = place.and_then(|place| Some((place, self.leaders.get_mut(place)?))) {
            leader.published = earlier(leader.published.take(), rival.published);
            self.copies.push((report_number(&rival.report_id), place));
            return None;
        }
        if self.leaders.len() == MAX_DIFFERENT {
            let message = format!(
                "its body has {MAX_DIFFERENT} fuller reports on this year: not compared with them as a version"
            );
            return Some(Finding::new(&rival.report_id, copy, "versions_capped", message));
        }
        self.leaders.push(Leader {
            published: rival.published.clone(),
            rival,
            copy,
        });
        None
    }

    /// Decides the group: links what is a copy or was replaced, and gives what there is to tell.
    pub(crate) fn finish_group(&mut self, links: &mut Links) -> Vec<Finding> {
        let leaders = std::mem::take(&mut self.leaders);
        let versions = Versions::of(&leaders);
        let number = |place: usize| {
            leaders
                .get(place)
                .map_or(0, |leader| report_number(&leader.rival.report_id))
        };
        for place in (0..leaders.len()).filter(|place| !versions.stands(*place)) {
            links.add(number(place), number(versions.standing(place)));
        }
        for (copy, place) in self.copies.drain(..) {
            links.add(copy, number(versions.standing(place)));
        }
        versions.findings(&leaders, self.book)
    }
}

fn earlier(left: Option<String>, right: Option<String>) -> Option<String> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.min(right)),
        (left, right) => left.or(right),
    }
}

/// Which of a group's different reports are versions of one, and which of them stands.
struct Versions {
    /// The place of the report that stands for each.
    standing: Vec<usize>,
    /// Pairs of versions.
    pairs: Vec<(usize, usize)>,
}

impl Versions {
    fn of(leaders: &[Leader]) -> Self {
        let mut pairs = Vec::new();
        for (place, leader) in leaders.iter().enumerate() {
            let others = leaders.iter().enumerate().skip(place + 1);
            let versions = others.filter(|(_, other)| leader.rival.likeness(&other.rival) == Likeness::Version);
            pairs.extend(versions.map(|(other, _)| (place, other)));
        }
        let mut versions = Self {
            standing: (0..leaders.len()).collect(),
            pairs,
        };
        let mut latest_first: Vec<usize> = (0..leaders.len()).collect();
        latest_first.sort_by_key(|place| std::cmp::Reverse(leaders.get(*place).and_then(|l| l.published.as_deref())));
        for winner in latest_first {
            versions.replace_earlier(winner, leaders);
        }
        versions
    }

    fn standing(&self, place: usize) -> usize {
        self.standing.get(place).copied().unwrap_or(place)
    }

    fn stands(&self, place: usize) -> bool {
        self.standing(place) == place
    }

    /// Puts a report in the place of all versions before it, and of versions of those. One that stands for others never
    /// goes itself, since the latest comes first.
    fn replace_earlier(&mut self, winner: usize, leaders: &[Leader]) {
        let Some(latest) = leaders.get(winner).filter(|_| self.stands(winner)) else {
            return;
        };
        let mut family = vec![winner];
        let mut next = 0;
        while let Some(member) = family.get(next).copied() {
            next += 1;
            for place in self.versions_of(member) {
                let replaced = leaders.get(place).is_some_and(|leader| latest.replaces(leader));
                if replaced && self.stands(place) && place != winner {
                    if let Some(standing) = self.standing.get_mut(place) {
                        *standing = winner;
                    }
                    family.push(place);
                }
            }
        }
    }

    fn versions_of(&self, place: usize) -> Vec<usize> {
        let other = |(left, right): &(usize, usize)| match () {
            () if *left == place => Some(*right),
            () if *right == place => Some(*left),
            () => None,
        };
        self.pairs.iter().filter_map(other).collect()
    }

    /// What the reports that stand changed, and of which versions nothing says which is the later one.
    fn findings(&self, leaders: &[Leader], book: &FactBook) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (place, leader) in leaders.iter().enumerate() {
            if let Some(standing) = leaders.get(self.standing(place)).filter(|_| !self.stands(place)) {
                findings.push(standing.revised(leader, book));
            }
            let mut undecided = self.versions_of(place).into_iter().filter(|other| self.stands(*other));
            if self.stands(place)
                && let Some(other) = undecided.next().and_then(|other| leaders.get(other))
            {
                findings.push(leader.undecided(other, undecided.count(), book));
            }
        }
        findings
    }
}

impl Leader {
    /// Whether it is the later version of another. A later one whose sums fail where those of the earlier hold is no
    /// correction; it may be a damaged copy.
    fn replaces(&self, other: &Self) -> bool {
        let later = self.published.is_some() && other.published.is_some() && self.published > other.published;
        later && self.rival.checks_failed <= other.rival.checks_failed
    }

    fn revised(&self, older: &Self, book: &FactBook) -> Finding {
        let facts = older.rival.facts.compare(&self.rival.facts);
        let message = format!(
            "replaces the version of {} ({}): {}",
            older.published.as_deref().unwrap_or_default(),
            older.rival.report_id,
            changes(&facts, book)
        );
        Finding::new(&self.rival.report_id, self.copy, "revised", message)
    }

    fn undecided(&self, other: &Self, more: usize, book: &FactBook) -> Finding {
        let facts = self.rival.facts.compare(&other.rival.facts);
        let more = match more {
            0 => String::new(),
            more => format!("; {more} more such versions"),
        };
        let message = format!(
            "another version of this report stands beside it, since none is known to be the later, correct one ({}): {}{more}",
            other.rival.report_id,
            changes(&facts, book)
        );
        Finding::new(&self.rival.report_id, self.copy, "versions_undecided", message)
    }
}

/// What changed from one report to the other, in words.
fn changes(facts: &Comparison<'_>, book: &FactBook) -> String {
    let changed = |(old, new): &(&Fact, &Fact)| format!("{} {} to {}", old.name(book), old.number(), new.number());
    let told: Vec<String> = facts.differing.iter().take(MAX_TOLD).map(changed).collect();
    let mut text = format!("{} values changed: {}", facts.differing.len(), told.join(", "));
    if facts.differing.len() > MAX_TOLD {
        text += ", …";
    }
    for (count, what) in [(facts.only_right, "added"), (facts.only_left, "gone")] {
        if count > 0 {
            text += &format!("; {count} {what}");
        }
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use gongkai_lexicon::{DataSource, Lexicon};

    use super::*;
    use crate::copies::sketch::Words;
    use crate::copies::{Facts, Sketch};

    /// A report with so many facts, of which the first few are others.
    fn rival(number: u128, published: Option<&str>, changed: i64) -> Rival {
        let facts: Vec<(u16, i64)> = (0..20)
            .map(|category| {
                (
                    category,
                    7 * i64::from(category) + i64::from(i64::from(category) < changed),
                )
            })
            .collect();
        Rival {
            report_id: format!("{number:032x}"),
            published: published.map(str::to_owned),
            scope: None,
            checks_failed: 0,
            facts: Facts::invented(&facts),
            sketch: Sketch::default(),
        }
    }

    /// The reports that stand for others, as numbers, and the codes of what is told.
    fn joined(rivals: Vec<Rival>) -> (Vec<(u128, u128)>, Vec<String>) {
        let book = FactBook::new(&Lexicon::load(&DataSource::embedded()).unwrap());
        let ids: Vec<String> = rivals.iter().map(|rival| rival.report_id.clone()).collect();
        let (mut joiner, mut links) = (RivalJoiner::new(&book), Links::default());
        let mut findings: Vec<Finding> = Vec::new();
        for rival in rivals {
            findings.extend(joiner.push(rival, CopyKey::default()));
        }
        findings.extend(joiner.finish_group(&mut links));
        let standing = ids
            .iter()
            .filter_map(|id| Some((report_number(id), report_number(&links.standing_for(id)?))));
        let told = findings.iter().map(|finding| {
            let number = report_number(&finding.problem.report_id);
            format!("{number} {}", finding.problem.code)
        });
        (standing.collect(), told.collect())
    }

    #[test]
    fn words_and_numbers_tell_copies_from_versions_and_others() {
        let words = Words::new(&Lexicon::load(&DataSource::embedded()).unwrap());
        let one =
            words.sketch("围绕群众关心的就学就医养老事项办好十件民生实事，开设老旧小区改造专题，邀请代表走进大厅答疑");
        let another = words
            .sketch("梳理权力清单压缩审批环节推动窗口前移，依托融媒体中心开办访谈节目，组织骨干赴外地学习编印案例");
        let few = [(1, 3), (2, 40), (3, 5)];
        let many: Vec<(u16, i64)> = (0..20).map(|category| (category, i64::from(category))).collect();
        let with_others = |facts: &[(u16, i64)], changed: u16| -> Vec<(u16, i64)> {
            let change = |(category, value): &(u16, i64)| (*category, value + i64::from(*category <= changed));
            facts.iter().map(change).collect()
        };
        for (name, left, right, same_words, expected) in [
            ("few numbers", few.to_vec(), few.to_vec(), true, Likeness::Copy),
            (
                "few numbers by chance",
                few.to_vec(),
                few.to_vec(),
                false,
                Likeness::Other,
            ),
            ("many numbers", many.clone(), many.clone(), false, Likeness::Copy),
            ("no numbers", vec![], many.clone(), true, Likeness::Copy),
            (
                "other matters",
                few.to_vec(),
                vec![(1, 3), (7, 8), (8, 9), (9, 9)],
                true,
                Likeness::Other,
            ),
            (
                "a number changed",
                few.to_vec(),
                with_others(&few, 1),
                true,
                Likeness::Version,
            ),
            (
                "a number changed by chance",
                few.to_vec(),
                with_others(&few, 1),
                false,
                Likeness::Other,
            ),
            (
                "all numbers changed",
                few.to_vec(),
                with_others(&few, 3),
                true,
                Likeness::Other,
            ),
            (
                "three of many changed",
                many.clone(),
                with_others(&many, 3),
                false,
                Likeness::Version,
            ),
            (
                "half of many changed",
                many.clone(),
                with_others(&many, 9),
                false,
                Likeness::Other,
            ),
            (
                "a number changed and others added",
                few.to_vec(),
                vec![(1, 4), (2, 40), (6, 7), (7, 7), (8, 8), (9, 9)],
                true,
                Likeness::Version,
            ),
            (
                "a number alike, other matters",
                vec![(1, 3), (2, 40), (3, 5), (4, 6), (5, 8)],
                vec![(1, 4), (2, 40), (6, 7), (7, 7), (8, 8)],
                true,
                Likeness::Other,
            ),
        ] {
            let left = Rival {
                facts: Facts::invented(&left),
                sketch: one.clone(),
                ..rival(1, None, 0)
            };
            let right = Rival {
                facts: Facts::invented(&right),
                sketch: if same_words { one.clone() } else { another.clone() },
                ..rival(2, None, 0)
            };
            assert_eq!(left.likeness(&right), expected, "{name}");
            assert_eq!(right.likeness(&left), expected, "{name}, the other way");
        }
    }

    #[test]
    fn the_fuller_report_stands_for_its_copies() {
        let mut part = rival(2, None, 0);
        part.facts = Facts::invented(
            &(0..10)
                .map(|category| (category, 7 * i64::from(category)))
                .collect::<Vec<_>>(),
        );
        let mut other = rival(3, None, 0);
        other.facts = Facts::invented(&[(30, 8), (31, 9)]);
        let (links, told) = joined(vec![rival(1, None, 0), part, other]);
        assert_eq!(links, [(2, 1)]);
        assert!(told.is_empty(), "{told:?}");
    }

    #[test]
    fn versions_of_versions_are_one_report() {
        // The last is too far from the first to be known as its version, but not from the one between them.
        let chain = vec![
            rival(1, Some("2020-01-01"), 0),
            rival(2, Some("2020-03-01"), 6),
            rival(3, Some("2020-02-01"), 3),
        ];
        let (links, told) = joined(chain);
        assert_eq!(links, [(1, 2), (3, 2)]);
        assert_eq!(told, ["2 revised", "2 revised"]);
    }

    #[test]
    fn a_report_with_another_scope_is_another() {
        let scoped = |number, scope: Scope| Rival {
            scope: Some(scope.into()),
            ..rival(number, None, 0)
        };
        let (links, _) = joined(vec![
            scoped(1, Scope::Territory),
            scoped(2, Scope::OwnLevel),
            scoped(3, Scope::Unknown),
        ]);
        assert_eq!(links, [(3, 1)]);
    }

    #[test]
    fn no_more_are_compared_than_are_held() {
        let different = |number: u16| Rival {
            facts: Facts::invented(
                &(0..20)
                    .map(|category| (category, i64::from(number) * 100 + i64::from(category)))
                    .collect::<Vec<_>>(),
            ),
            ..rival(u128::from(number), None, 0)
        };
        let (links, told) = joined((1..=70).map(different).collect());
        assert!(links.is_empty(), "{links:?}");
        assert_eq!(told.first().unwrap(), "65 versions_capped");
        assert_eq!(told.len(), 6);
    }
}
