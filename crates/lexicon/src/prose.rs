//! How sentences speak of the categories: named word sets, and rules that name a category by the words around a number.

use std::collections::{HashMap, HashSet};

use aho_corasick::AhoCorasick;

use crate::category::{Categories, CategoryId};
use crate::tsv::{DataError, Row, Table};
use crate::unit::UnitClass;

/// A word by its place in the automaton.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WordId(pub u16);

const WORD_CAPACITY: usize = 1024;

/// A set of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WordSet([u64; WORD_CAPACITY / 64]);

impl WordSet {
    /// Adds a word.
    pub fn insert(&mut self, word: WordId) {
        if let Some(bits) = self.0.get_mut(usize::from(word.0) / 64) {
            *bits |= 1 << (word.0 % 64);
        }
    }

    /// Adds every word of another set.
    pub fn extend(&mut self, other: &Self) {
        for (bits, more) in self.0.iter_mut().zip(&other.0) {
            *bits |= more;
        }
    }

    /// Whether a word is in the set.
    #[must_use]
    pub fn contains(&self, word: WordId) -> bool {
        self.0
            .get(usize::from(word.0) / 64)
            .is_some_and(|bits| bits & (1 << (word.0 % 64)) != 0)
    }

    /// Whether the sets share a word.
    #[must_use]
    pub fn intersects(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(left, right)| left & right != 0)
    }
}

/// What a case rule's `{case}` stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseTopic {
    /// 行政复议
    Review,
    /// 行政诉讼
    Litigation,
    /// 举报投诉
    Complaint,
}

/// The category a rule names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleCategory {
    /// Always the same.
    Fixed(CategoryId),
    /// By the topic the sentence speaks of: review, litigation, complaint.
    Case([Option<CategoryId>; 3]),
}

/// One wording of one category.
#[derive(Debug, Clone)]
pub struct ProseRule {
    /// What it names.
    pub category: RuleCategory,
    /// Every group must have a word in the window.
    pub groups: Vec<WordSet>,
    /// None of these may be in the window.
    pub not: WordSet,
    /// Classes of unit the number may have; empty when the rule is for zeros in words only.
    pub units: Vec<UnitClass>,
    /// Sections the rule is limited to, as section word sets; empty for all.
    pub sections: Vec<String>,
    /// Whether "there were none" makes a zero of this category.
    pub zero: bool,
    /// The rule continues a list that one of these opened: 收到申请46件:当面17件. Empty when it stands alone.
    pub after: Vec<CategoryId>,
}

/// Word sets and rules.
#[derive(Debug)]
pub struct ProseLexicon {
    matcher: AhoCorasick,
    words: Vec<String>,
    sets: HashMap<String, WordSet>,
    rules: Vec<ProseRule>,
    openers: HashSet<CategoryId>,
}

impl ProseLexicon {
    pub(crate) fn parse(words: &Table, rules: &Table, categories: &Categories) -> Result<Self, DataError> {
        let mut builder = Builder::default();
        let mut sets = HashMap::new();
        for row in words.rows() {
            let set = builder.set(row, &row.list("words", '|')?)?;
            if sets.insert(row.required("set")?.to_owned(), set).is_some() {
                return Err(row.wrong(format!("listed twice: {}", row.get("set")?)));
            }
        }
        let parsed = rules
            .rows()
            .map(|row| builder.rule(row, categories, &sets))
            .collect::<Result<Vec<_>, _>>()?;
        let matcher = AhoCorasick::new(&builder.words).map_err(|error| DataError::Wrong {
            file: rules.file.clone(),
            line: 1,
            reason: error.to_string(),
        })?;
        Ok(Self {
            matcher,
            words: builder.words,
            sets,
            openers: parsed.iter().flat_map(|rule| rule.after.iter().copied()).collect(),
            rules: parsed,
        })
    }

    /// Every occurrence of every word, overlapping ones included, by end position.
    pub fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (WordId, usize, usize)> + 'a {
        self.matcher.find_overlapping_iter(text).map(|found| {
            let id = u16::try_from(found.pattern().as_usize()).unwrap_or(u16::MAX);
            (WordId(id), found.start(), found.end())
        })
    }

    /// A named set; empty when there is none of that name.
    #[must_use]
    pub fn set(&self, name: &str) -> WordSet {
        self.sets.get(name).copied().unwrap_or_default()
    }

    /// The names of the sets that begin with a prefix, sorted.
    #[must_use]
    pub fn sets_named(&self, prefix: &str) -> Vec<(&str, WordSet)> {
        let mut found: Vec<(&str, WordSet)> = self
            .sets
            .iter()
            .filter(|(name, _)| name.starts_with(prefix))
            .map(|(name, set)| (name.as_str(), *set))
            .collect();
        found.sort_by_key(|(name, _)| *name);
        found
    }

    /// The rules; the first that matches wins.
    #[must_use]
    pub fn rules(&self) -> &[ProseRule] {
        &self.rules
    }

    /// Whether a category opens lists that some rule continues.
    #[must_use]
    pub fn opens_list(&self, category: CategoryId) -> bool {
        self.openers.contains(&category)
    }

    /// The word of an id.
    #[must_use]
    pub fn word(&self, id: WordId) -> &str {
        self.words.get(usize::from(id.0)).map_or("", String::as_str)
    }
}

#[derive(Default)]
struct Builder {
    words: Vec<String>,
    ids: HashMap<String, WordId>,
}

impl Builder {
    fn set(&mut self, row: Row<'_>, words: &[&str]) -> Result<WordSet, DataError> {
        let mut set = WordSet::default();
        for word in words {
            let next = self.words.len();
            let id = *self
                .ids
                .entry((*word).to_owned())
                .or_insert(WordId(u16::try_from(next).unwrap_or(u16::MAX)));
            if usize::from(id.0) == next {
                self.words.push((*word).to_owned());
            }
            if self.words.len() > WORD_CAPACITY {
                return Err(row.wrong(format!("more than {WORD_CAPACITY} different words at: {word}")));
            }
            set.insert(id);
        }
        Ok(set)
    }

    fn rule(
        &mut self,
        row: Row<'_>,
        categories: &Categories,
        sets: &HashMap<String, WordSet>,
    ) -> Result<ProseRule, DataError> {
        let code = row.required("category")?;
        let find = |code: &str| {
            categories
                .id(code)
                .ok_or_else(|| row.wrong(format!("no such category: {code}")))
        };
        let category = match code.strip_prefix("{case}") {
            Some(part) => RuleCategory::Case(
                ["review", "litigation", "complaint"].map(|case| categories.id(&format!("{case}{part}"))),
            ),
            None => RuleCategory::Fixed(find(code)?),
        };
        let mut groups = Vec::new();
        let after: Vec<CategoryId> = row
            .list("after", '|')?
            .into_iter()
            .map(find)
            .collect::<Result<_, _>>()?;
        for group in row.list("all", ' ')?.into_iter().filter(|group| *group != "-") {
            if let Some(name) = group.strip_prefix('@') {
                let set = sets
                    .get(name)
                    .ok_or_else(|| row.wrong(format!("no such word set: {name}")))?;
                groups.push(*set);
                continue;
            }
            groups.push(self.set(
                row,
                &group.split('|').filter(|word| !word.is_empty()).collect::<Vec<_>>(),
            )?);
        }
        if groups.is_empty() && after.is_empty() {
            return Err(row.wrong("must not be empty: all".to_owned()));
        }
        let not = self.set(row, &row.list("not", '|')?)?;
        let mut units = Vec::new();
        for name in row.list("units", '|')?.into_iter().filter(|name| *name != "none") {
            let choice = UnitClass::CHOICES.iter().find(|(choice, _)| *choice == name);
            units.push(
                choice
                    .ok_or_else(|| row.wrong(format!("no such unit class: {name}")))?
                    .1,
            );
        }
        let sections: Vec<String> = row
            .list("section", '|')?
            .iter()
            .map(|name| format!("section.{name}"))
            .collect();
        if let Some(unknown) = sections.iter().find(|name| !sets.contains_key(*name)) {
            return Err(row.wrong(format!("no such word set: {unknown}")));
        }
        let zero = row.choice("zero", &[("yes", true), ("no", false)])?;
        Ok(ProseRule {
            category,
            groups,
            not,
            units,
            sections,
            zero,
            after,
        })
    }
}
