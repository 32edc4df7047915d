//! How sentences speak of the categories: named word sets, and rules that name a category by the words around a number.

use std::collections::{HashMap, HashSet};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

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

impl WordSet {
    /// The words of the set, in order.
    pub fn iter(&self) -> impl Iterator<Item = WordId> + '_ {
        (0u16..).zip(&self.0).flat_map(|(block, bits)| {
            let mut rest = *bits;
            std::iter::from_fn(move || {
                let bit = u16::try_from(rest.trailing_zeros()).ok().filter(|bit| *bit < 64)?;
                rest &= rest - 1;
                Some(WordId(block * 64 + bit))
            })
        })
    }

    /// Whether the set has no word.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|bits| *bits == 0)
    }
}

/// The word sets that the grammar itself asks for.
#[derive(Debug)]
pub struct GrammarSets {
    /// 约, 近 before a number.
    pub approximate_before: WordSet,
    /// 占 before a share.
    pub share: WordSet,
    /// 同比, 增长: what follows is a change.
    pub comparison: WordSet,
    /// 每年, 至少: what follows is a duty.
    pub requirement: WordSet,
    /// 未收到, 没有.
    pub zero: WordSet,
    /// 无法, 信息不存在: no denial.
    pub not_zero: WordSet,
    /// 历年累计, 以来.
    pub cumulative: WordSet,
    /// 累计.
    pub cumulative_total: WordSet,
    /// 截至.
    pub until: WordSet,
    /// 全年, 本年.
    pub annual: WordSet,
    /// 今年以来.
    pub annual_since: WordSet,
    /// 栏目: a part of the body's work.
    pub subset: WordSet,
    /// 网站 as the one who receives.
    pub website: WordSet,
    /// 全市.
    pub territory: WordSet,
    /// 本级.
    pub own_level: WordSet,
    /// 均, 全部.
    pub all_of_them: WordSet,
    /// 其中.
    pub list_opening: WordSet,
    /// 12345.
    pub not_a_count: WordSet,
    /// The cases: review, litigation, complaint.
    pub cases: [WordSet; 3],
}

impl GrammarSets {
    fn resolve(words: &Table, sets: &HashMap<String, WordSet>) -> Result<Self, DataError> {
        let find = |name: &str| {
            sets.get(name).copied().ok_or_else(|| DataError::Wrong {
                file: words.file.clone(),
                line: 1,
                reason: format!("missing word set: {name}"),
            })
        };
        Ok(Self {
            approximate_before: find("approximate_before")?,
            share: find("share")?,
            comparison: find("comparison")?,
            requirement: find("requirement")?,
            zero: find("zero")?,
            not_zero: find("not_zero")?,
            cumulative: find("cumulative")?,
            cumulative_total: find("cumulative_total")?,
            until: find("until")?,
            annual: find("annual")?,
            annual_since: find("annual_since")?,
            subset: find("subset")?,
            website: find("website")?,
            territory: find("territory")?,
            own_level: find("own_level")?,
            all_of_them: find("all_of_them")?,
            list_opening: find("list_opening")?,
            not_a_count: find("not_a_count")?,
            cases: [find("case.review")?, find("case.litigation")?, find("case.complaint")?],
        })
    }
}

/// The category a rule names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuleCategory {
    /// Always the same.
    Fixed(CategoryId),
    /// By the topic the sentence speaks of: review, litigation, complaint.
    Case([Option<CategoryId>; 3]),
}

/// A chapter of a report, and the words that name its matter.
#[derive(Debug, Clone)]
pub struct SectionWords {
    /// Name of its word set, e.g. `section.requests`.
    pub name: String,
    /// The words.
    pub words: WordSet,
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
    /// Sections the rule is limited to; empty for all.
    pub sections: Vec<SectionWords>,
    /// Whether "there were none" makes a zero of this category.
    pub zero: bool,
    /// The rule continues a list that one of these opened: 收到申请46件:当面17件. Empty when it stands alone.
    pub after: Vec<CategoryId>,
}

/// Word sets and rules.
#[derive(Debug)]
pub struct ProseLexicon {
    matcher: AhoCorasick,
    sets: HashMap<String, WordSet>,
    rules: Vec<ProseRule>,
    openers: HashSet<CategoryId>,
    /// The rules whose first group has a word, by word; each list in file order.
    by_word: Vec<Vec<u16>>,
    /// The rules without words.
    wordless: Vec<u16>,
    grammar: GrammarSets,
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
        // Every paragraph of every page runs through it: the larger automaton is worth its memory.
        let matcher = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .build(&builder.words)
            .map_err(|error| DataError::Wrong {
                file: rules.file.clone(),
                line: 1,
                reason: error.to_string(),
            })?;
        let mut by_word: Vec<Vec<u16>> = vec![Vec::new(); builder.words.len()];
        let mut wordless = Vec::new();
        for (number, rule) in (0u16..).zip(&parsed) {
            match rule.groups.first() {
                None => wordless.push(number),
                Some(group) => {
                    for word in group.iter() {
                        if let Some(list) = by_word.get_mut(usize::from(word.0)) {
                            list.push(number);
                        }
                    }
                }
            }
        }
        let grammar = GrammarSets::resolve(words, &sets)?;
        Ok(Self {
            by_word,
            wordless,
            grammar,
            matcher,
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

    /// The sets that the grammar itself asks for.
    #[must_use]
    pub fn grammar(&self) -> &GrammarSets {
        &self.grammar
    }

    /// The rules that a window with these words can fit, in file order: the first that does wins.
    #[must_use]
    pub fn candidates(&self, window: &WordSet) -> Vec<&ProseRule> {
        let lists = window.iter().filter_map(|word| self.by_word.get(usize::from(word.0)));
        let mut numbers: Vec<u16> = lists.flatten().chain(&self.wordless).copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
            .into_iter()
            .filter_map(|number| self.rules.get(usize::from(number)))
            .collect()
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
            Some(part) => {
                let cases = ["review", "litigation", "complaint"].map(|case| categories.id(&format!("{case}{part}")));
                if cases.iter().all(Option::is_none) {
                    return Err(row.wrong(format!("no case has such a category: {code}")));
                }
                RuleCategory::Case(cases)
            }
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
        let section = |name: &&str| {
            let name = format!("section.{name}");
            let words = sets
                .get(&name)
                .copied()
                .ok_or_else(|| row.wrong(format!("no such word set: {name}")))?;
            Ok(SectionWords { name, words })
        };
        let sections = row
            .list("section", '|')?
            .iter()
            .map(section)
            .collect::<Result<Vec<_>, DataError>>()?;
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
