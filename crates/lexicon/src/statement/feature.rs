//! The features that words have, each of one kind.

use std::collections::HashMap;

use crate::row::Row;
use crate::set::BitSet;
use crate::template::APPLICANTS;
use crate::tsv::{DataError, Table};

use super::vocabulary::Vocabulary;

/// So many features a set can have.
const CAPACITY: usize = 320;
const FILE: &str = "prose/features.tsv";
/// In `kind` of a name that stands for several features.
const GROUP: &str = "group";

/// A feature by its place in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FeatureId(pub u16);

/// A set of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FeatureSet(BitSet<{ CAPACITY / 64 }>);

impl FeatureSet {
    /// Adds a feature.
    pub fn insert(&mut self, feature: FeatureId) {
        self.0.insert(feature.0);
    }

    /// Adds every feature of another set.
    pub fn extend(&mut self, other: &Self) {
        self.0.extend(&other.0);
    }

    /// Whether a feature is in the set.
    #[must_use]
    pub fn contains(&self, feature: FeatureId) -> bool {
        self.0.contains(feature.0)
    }

    /// Whether the sets share a feature.
    #[must_use]
    pub fn intersects(&self, other: &Self) -> bool {
        self.0.intersects(&other.0)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its features, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = FeatureId> + use<> {
        self.0.iter().map(FeatureId)
    }

    /// The features that another set does not have.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let mut rest = Self::default();
        self.iter()
            .filter(|feature| !other.contains(*feature))
            .for_each(|feature| rest.insert(feature));
        rest
    }

    /// The features that both have.
    #[must_use]
    pub fn both(&self, other: &Self) -> Self {
        let mut both = Self::default();
        self.iter()
            .filter(|feature| other.contains(*feature))
            .for_each(|feature| both.insert(feature));
        both
    }
}

/// What a feature is to a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FeatureKind {
    /// What was done: received, disclosed.
    Act,
    /// What it was done to: a request, information.
    Thing,
    /// A thing that is none of the reports': it takes the numbers that count it.
    Foreign,
    /// Through what.
    Channel,
    /// By whom.
    Applicant,
    /// Why.
    Ground,
    /// Words of the grammar: all, each, none.
    Word,
}

impl FeatureKind {
    const CHOICES: [(&'static str, Self); 7] = [
        ("act", Self::Act),
        ("thing", Self::Thing),
        ("foreign", Self::Foreign),
        ("channel", Self::Channel),
        ("applicant", Self::Applicant),
        ("ground", Self::Ground),
        ("word", Self::Word),
    ];
}

/// The features that the grammar itself asks for.
#[derive(Debug)]
pub struct GrammarFeatures {
    /// 应当, 力争: the clause states nothing.
    pub modal: FeatureId,
    /// Several channels in one.
    pub several: FeatureId,
    /// 没有, 未.
    pub zero: FeatureId,
    /// 无法, 无单独: no denial of what is counted.
    pub not_zero: FeatureId,
    /// 各, 每 before a number.
    pub each: FeatureId,
    /// 均, 全部.
    pub all: FeatureId,
    /// 其余.
    pub rest: FeatureId,
    /// Between what was done and the number stands a name that no word is known of.
    pub topic: FeatureId,
    /// 公开, 发布.
    pub disclose: FeatureId,
    /// 历年累计.
    pub cumulative: FeatureId,
    /// 新收, 新增.
    pub new: FeatureId,
    /// The name of a theme.
    pub theme: FeatureId,
    /// 微博 and 微信 in one.
    pub both_accounts: FeatureId,
    /// Several accounts or boards, and nothing else.
    pub accounts_several: FeatureId,
    /// What no name of a theme has: it counts something, or through something.
    pub not_a_theme: FeatureSet,
    /// Joined, they are [`Self::both_accounts`].
    pub account: FeatureSet,
    /// Joined, they are [`Self::accounts_several`].
    pub minor_ways: FeatureSet,
    /// What a sentence has spoken of counts for all its numbers.
    pub far_reaching: FeatureSet,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Features {
    names: Vec<String>,
    /// Names for several features at once.
    groups: HashMap<String, FeatureSet>,
    /// Whose requests an applicant's feature names, as the dataset says it.
    applicants: Vec<(FeatureId, &'static str)>,
    lines: Vec<usize>,
    by_name: HashMap<String, FeatureId>,
    kinds: HashMap<FeatureKind, FeatureSet>,
    pub(super) grammar: GrammarFeatures,
}

impl Features {
    pub(super) fn parse(table: &Table) -> Result<Self, DataError> {
        let (mut names, mut lines) = (Vec::new(), Vec::new());
        let mut by_name = HashMap::new();
        let mut kinds: HashMap<FeatureKind, FeatureSet> = HashMap::new();
        let mut applicants = Vec::new();
        let is_group = |row: &Row<'_>| row.get("kind").is_ok_and(|kind| kind == GROUP);
        for row in table.rows().filter(|row| !is_group(row)) {
            let name = row.required("feature")?;
            let id = FeatureId(u16::try_from(names.len()).unwrap_or(u16::MAX));
            if usize::from(id.0) >= CAPACITY {
                return Err(row.wrong(format!("more than {CAPACITY} features at: {name}")));
            }
            if by_name.insert(name.to_owned(), id).is_some() {
                return Err(row.wrong(format!("listed twice: {name}")));
            }
            let kind = row.choice("kind", &FeatureKind::CHOICES)?;
            kinds.entry(kind).or_default().insert(id);
            let of = row.get("of")?;
            match APPLICANTS.iter().find(|applicant| **applicant == of) {
                Some(applicant) if matches!(kind, FeatureKind::Applicant | FeatureKind::Word) => {
                    applicants.push((id, *applicant));
                }
                _ if of.is_empty() => {}
                _ if kind == FeatureKind::Applicant => {
                    return Err(row.unknown("no such applicant", of, APPLICANTS, "columns.tsv"));
                }
                _ => return Err(row.wrong(format!("only groups and applicants are of something: {of}"))),
            }
            names.push(name.to_owned());
            lines.push(row.line);
        }
        let find = |name: &str| {
            by_name.get(name).copied().ok_or_else(|| DataError::Wrong {
                file: table.file.clone(),
                line: 1,
                reason: format!("missing feature: {name}"),
            })
        };
        let mut groups = HashMap::new();
        for row in table.rows().filter(is_group) {
            let name = row.required("feature")?;
            let mut members = FeatureSet::default();
            row.required("of")?;
            for member in row.distinct("of", '|')? {
                let known = by_name.keys().map(String::as_str);
                let id = by_name.get(member).copied();
                members.insert(id.ok_or_else(|| row.unknown("no such feature", member, known, FILE))?);
            }
            if by_name.contains_key(name) || groups.insert(name.to_owned(), members).is_some() {
                return Err(row.wrong(format!("listed twice: {name}")));
            }
        }
        let group = |name: &str| {
            groups.get(name).copied().ok_or_else(|| DataError::Wrong {
                file: table.file.clone(),
                line: 1,
                reason: format!("missing group: {name}"),
            })
        };
        let grammar = GrammarFeatures {
            modal: find("modal")?,
            several: find("several")?,
            zero: find("zero")?,
            not_zero: find("not_zero")?,
            each: find("each")?,
            all: find("all")?,
            rest: find("rest")?,
            topic: find("topic")?,
            disclose: find("disclose")?,
            cumulative: find("cumulative")?,
            new: find("new")?,
            theme: find("theme")?,
            both_accounts: find("both_accounts")?,
            accounts_several: find("accounts_several")?,
            not_a_theme: group("not_a_theme")?,
            account: group("account")?,
            minor_ways: group("minor_ways")?,
            far_reaching: group("far_reaching")?,
        };
        Ok(Self {
            names,
            groups,
            applicants,
            lines,
            by_name,
            kinds,
            grammar,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    pub(super) fn name(&self, feature: FeatureId) -> &str {
        self.names.get(usize::from(feature.0)).map_or("", String::as_str)
    }

    /// The features of a kind.
    pub(super) fn of_kind(&self, kind: FeatureKind) -> &FeatureSet {
        const NONE: &FeatureSet = &FeatureSet(BitSet::EMPTY);
        self.kinds.get(&kind).unwrap_or(NONE)
    }

    /// The feature a field names.
    pub(super) fn named(&self, row: Row<'_>, name: &str) -> Result<FeatureId, DataError> {
        let known = || self.names.iter().chain(self.groups.keys()).map(String::as_str);
        let found = self.by_name.get(name).copied();
        found.ok_or_else(|| row.unknown("no such feature", name, known(), FILE))
    }

    /// The features that a name stands for: one, or those of a group.
    pub(super) fn set(&self, row: Row<'_>, name: &str) -> Result<FeatureSet, DataError> {
        if let Some(group) = self.groups.get(name) {
            return Ok(*group);
        }
        let mut one = FeatureSet::default();
        one.insert(self.named(row, name)?);
        Ok(one)
    }

    /// Whose requests the one applicant of a set names; none where it has several, or none that the dataset has.
    pub(super) fn applicant(&self, features: &FeatureSet) -> Option<&'static str> {
        let mut named = self
            .applicants
            .iter()
            .filter(|(feature, _)| features.contains(*feature));
        let (_, first) = named.next()?;
        named.all(|(_, other)| other == first).then_some(*first)
    }

    /// The feature a field names, which must be of some kinds.
    pub(super) fn of_kinds(&self, row: Row<'_>, name: &str, kinds: &[FeatureKind]) -> Result<FeatureId, DataError> {
        let id = self.named(row, name)?;
        let fits = |kind: &FeatureKind| self.of_kind(*kind).contains(id);
        if kinds.iter().any(fits) {
            return Ok(id);
        }
        let right = self.names.iter().zip(0u16..).filter(|(_, other)| {
            let other = FeatureId(*other);
            kinds.iter().any(|kind| self.of_kind(*kind).contains(other))
        });
        Err(row.unknown(
            "a feature of another kind",
            name,
            right.map(|(name, _)| name.as_str()),
            FILE,
        ))
    }

    /// Refuses a feature that no word has and the grammar does not ask for: a slip of the pen.
    pub(super) fn check_used(&self, words: &Vocabulary) -> Result<(), DataError> {
        let mut asked_for = words.features();
        let grammar = &self.grammar;
        for id in [
            grammar.modal,
            grammar.zero,
            grammar.each,
            grammar.all,
            grammar.rest,
            grammar.topic,
        ] {
            asked_for.insert(id);
        }
        for ((name, line), id) in self.names.iter().zip(&self.lines).zip((0u16..).map(FeatureId)) {
            if !asked_for.contains(id) {
                return Err(DataError::Wrong {
                    file: FILE.to_owned(),
                    line: *line,
                    reason: format!("no word has this feature: {name}"),
                });
            }
        }
        Ok(())
    }
}
