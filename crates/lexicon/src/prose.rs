//! Sets of words by which the grammar of sentences goes: what denies, what opens a list, what names a chapter or a period.

use std::collections::HashMap;

use crate::finder::{WordFinder, WordFound};
use crate::row::Row;
use crate::set::BitSet;
use crate::tsv::{DataError, Table};

/// A word by its place in the list of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WordId(pub u16);

const WORD_CAPACITY: usize = 1024;

/// A set of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WordSet(BitSet<{ WORD_CAPACITY / 64 }>);

impl WordSet {
    /// Adds a word.
    #[inline]
    pub fn insert(&mut self, word: WordId) {
        self.0.insert(word.0);
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
        })
    }
}

/// The word sets.
#[derive(Debug)]
pub struct ProseLexicon {
    finder: WordFinder,
    grammar: GrammarSets,
}

impl ProseLexicon {
    pub(crate) fn parse(table: &Table) -> Result<Self, DataError> {
        let mut words = Words::default();
        let mut sets = HashMap::new();
        for row in table.rows() {
            row.required("words")?;
            let set = words.set(row)?;
            if sets.insert(row.required("set")?.to_owned(), set).is_some() {
                return Err(row.wrong(format!("listed twice: {}", row.get("set")?)));
            }
        }
        let mut asked_for = Vec::new();
        let grammar = GrammarSets::resolve(table, &sets, &mut asked_for)?;
        // A set that nothing asks for: its name is a slip of the pen.
        for row in table.rows() {
            let name = row.required("set")?;
            if !asked_for.contains(&name) {
                return Err(row.unknown("nothing asks for this set", name, asked_for, &table.file));
            }
        }
        Ok(Self {
            finder: WordFinder::new(&words.list),
            grammar,
        })
    }

    /// Every occurrence of every word, overlapping ones included, by start, then end; [`WordFound::word`] is the id's.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<WordFound> {
        self.finder.all(text)
    }

    /// The sets that the grammar asks for.
    #[must_use]
    pub fn grammar(&self) -> &GrammarSets {
        &self.grammar
    }
}

/// Words as they come, each with its number.
#[derive(Default)]
struct Words {
    list: Vec<String>,
    ids: HashMap<String, WordId>,
}

impl Words {
    fn set(&mut self, row: Row<'_>) -> Result<WordSet, DataError> {
        let mut set = WordSet::default();
        for word in row.distinct("words", '|')? {
            let next = WordId(u16::try_from(self.list.len()).unwrap_or(u16::MAX));
            let id = *self.ids.entry(word.to_owned()).or_insert(next);
            if id == next {
                self.list.push(word.to_owned());
            }
            if self.list.len() > WORD_CAPACITY {
                return Err(row.wrong(format!("more than {WORD_CAPACITY} different words at: {word}")));
            }
            set.insert(id);
        }
        Ok(set)
    }
}
