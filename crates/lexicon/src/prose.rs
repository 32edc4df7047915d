//! How sentences speak of the categories: named word sets, and rules that name a category by the words around a number.

use std::collections::HashMap;

use rustc_hash::FxHashSet;

use crate::category::{Categories, CategoryId};
use crate::finder::{WordFinder, WordFound};
use crate::set::BitSet;
use crate::tsv::{DataError, Table};
use crate::unit::UnitClass;

mod parse;

/// A word by its place in the list of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WordId(pub u16);

const WORD_CAPACITY: usize = 1280;
const RULE_CAPACITY: usize = 512;

/// A set of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WordSet(BitSet<{ WORD_CAPACITY / 64 }>);

impl WordSet {
    /// Adds a word.
    #[inline]
    pub fn insert(&mut self, word: WordId) {
        self.0.insert(word.0);
    }

    /// Adds every word of another set.
    #[inline]
    pub fn extend(&mut self, other: &Self) {
        self.0.extend(&other.0);
    }

    /// Whether a word is in the set.
    #[must_use]
    #[inline]
    pub fn contains(&self, word: WordId) -> bool {
        self.0.contains(word.0)
    }

    /// Whether the sets share a word.
    #[must_use]
    #[inline]
    pub fn intersects(&self, other: &Self) -> bool {
        self.0.intersects(&other.0)
    }

    /// The words of the set, in order.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = WordId> {
        self.0.iter().map(WordId)
    }

    /// Whether the set has no word.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A set of rules by their place in the file.
type RuleSet = BitSet<{ RULE_CAPACITY / 64 }>;

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
    /// 其中.
    pub list_opening: WordSet,
    /// 12345.
    pub not_a_count: WordSet,
    /// 在公开的信息中: what follows is a part of it.
    pub partitive: WordSet,
    /// 分别为: the labels stand before, the numbers behind.
    pub respective: WordSet,
    /// 各: the number counts for every label before it.
    pub each: WordSet,
    /// 热线, 提案: matters that are no disclosure.
    pub other_matter: WordSet,
    /// 为被告, 合法性审查: the paragraph is on a body's legal work.
    pub legal_work: WordSet,
    /// 信息公开, 依申请: the sentence is on disclosure all the same.
    pub of_disclosure: WordSet,
    /// The cases: review, litigation, complaint.
    pub cases: [WordSet; 3],
    /// The chapters, in the order of [`SECTIONS`].
    pub sections: [WordSet; SECTIONS.len()],
}

/// The word sets of the chapters; where a heading names several, the first of these counts.
pub const SECTIONS: [&str; 9] = [
    "section.problems",
    "section.fees",
    "section.cases",
    "section.consult",
    "section.requests",
    "section.response",
    "section.resources",
    "section.proactive",
    "section.overview",
];

impl GrammarSets {
    /// Finds the sets; `asked_for` gets their names.
    fn resolve(
        words: &Table,
        sets: &HashMap<String, WordSet>,
        asked_for: &mut Vec<&'static str>,
    ) -> Result<Self, DataError> {
        let mut find = |name: &'static str| {
            asked_for.push(name);
            sets.get(name).copied().ok_or_else(|| DataError::Wrong {
                file: words.file.clone(),
                line: 1,
                reason: format!("missing word set: {name}"),
            })
        };
        let mut sections = [WordSet::default(); SECTIONS.len()];
        for (set, name) in sections.iter_mut().zip(SECTIONS) {
            *set = find(name)?;
        }
        Ok(Self {
            sections,
            approximate_before: find("approximate_before")?,
            share: find("share")?,
            comparison: find("comparison")?,
            requirement: find("requirement")?,
            zero: find("zero")?,
            cumulative: find("cumulative")?,
            cumulative_total: find("cumulative_total")?,
            until: find("until")?,
            annual: find("annual")?,
            annual_since: find("annual_since")?,
            subset: find("subset")?,
            website: find("website")?,
            territory: find("territory")?,
            own_level: find("own_level")?,
            list_opening: find("list_opening")?,
            not_a_count: find("not_a_count")?,
            partitive: find("partitive")?,
            respective: find("respective")?,
            each: find("each")?,
            other_matter: find("other_matter")?,
            legal_work: find("legal_work")?,
            of_disclosure: find("of_disclosure")?,
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
    /// The first and last report years in whose form the wording has this meaning; none for all.
    pub from: Option<i16>,
    /// See `from`.
    pub until: Option<i16>,
}

impl ProseRule {
    /// Whether the rule holds in a report of a year; one that is limited to years never does in a report of none.
    #[must_use]
    pub fn holds_in(&self, year: Option<i16>) -> bool {
        let after = |from: i16| year.is_some_and(|year| from <= year);
        let before = |until: i16| year.is_some_and(|year| year <= until);
        self.from.is_none_or(after) && self.until.is_none_or(before)
    }
}

/// Word sets and rules.
#[derive(Debug)]
pub struct ProseLexicon {
    finder: WordFinder,
    rules: Vec<ProseRule>,
    openers: FxHashSet<CategoryId>,
    /// The rules whose first group has a word, by word.
    by_word: Vec<RuleSet>,
    /// The rules without words.
    wordless: RuleSet,
    grammar: GrammarSets,
}

impl ProseLexicon {
    pub(crate) fn parse(words: &Table, rules: &Table, categories: &Categories) -> Result<Self, DataError> {
        let mut builder = parse::Builder::default();
        let mut sets = HashMap::new();
        for row in words.rows() {
            row.required("words")?;
            let set = builder.set(row, &row.distinct("words", '|')?)?;
            if sets.insert(row.required("set")?.to_owned(), set).is_some() {
                return Err(row.wrong(format!("listed twice: {}", row.get("set")?)));
            }
        }
        let mut seen: Vec<Vec<&str>> = Vec::new();
        let mut parsed = Vec::new();
        for row in rules.rows() {
            parsed.push(builder.rule(row, categories, &sets)?);
            // The first of two lines that say the same wins, always.
            let fields = row.fields_but("note");
            if seen.contains(&fields) {
                return Err(row.wrong(format!("listed twice: {}", row.get("category")?)));
            }
            seen.push(fields);
        }
        let mut asked_for = Vec::new();
        let grammar = GrammarSets::resolve(words, &sets, &mut asked_for)?;
        parse::check_sets_are_used(words, rules, &asked_for)?;
        if parsed.len() > RULE_CAPACITY {
            return Err(DataError::Wrong {
                file: rules.file.clone(),
                line: 1,
                reason: format!("more than {RULE_CAPACITY} rules: {}", parsed.len()),
            });
        }
        let mut by_word = vec![RuleSet::default(); builder.words.len()];
        let mut wordless = RuleSet::default();
        for (number, rule) in (0u16..).zip(&parsed) {
            match rule.groups.first() {
                None => wordless.insert(number),
                Some(group) => {
                    for word in group.iter() {
                        if let Some(rules) = by_word.get_mut(usize::from(word.0)) {
                            rules.insert(number);
                        }
                    }
                }
            }
        }
        Ok(Self {
            by_word,
            wordless,
            grammar,
            finder: WordFinder::new(&builder.words),
            openers: parsed.iter().flat_map(|rule| rule.after.iter().copied()).collect(),
            rules: parsed,
        })
    }

    /// Every occurrence of every word, overlapping ones included, by start, then end; [`WordFound::word`] is the id's.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<WordFound> {
        self.finder.all(text)
    }

    /// The sets that the grammar itself asks for.
    #[must_use]
    pub fn grammar(&self) -> &GrammarSets {
        &self.grammar
    }

    /// The rules whose first group these words have, and those without words: all that a window can fit, in file order: the first that does wins.
    pub fn candidates<'a>(&'a self, window: &WordSet) -> impl Iterator<Item = &'a ProseRule> + use<'a> {
        let mut rules = self.wordless;
        for of_word in window.iter().filter_map(|word| self.by_word.get(usize::from(word.0))) {
            rules.extend(of_word);
        }
        rules.iter().filter_map(|number| self.rules.get(usize::from(number)))
    }

    /// Whether a category opens lists that some rule continues.
    #[must_use]
    pub fn opens_list(&self, category: CategoryId) -> bool {
        self.openers.contains(&category)
    }
}
