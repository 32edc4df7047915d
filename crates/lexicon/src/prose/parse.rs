//! Reads word sets and rules, and refuses what can never be taken.

use std::collections::HashMap;

use crate::category::{Categories, CategoryId};
use crate::row::Row;
use crate::tsv::{DataError, Table};
use crate::unit::UnitClass;

use super::{ProseRule, RuleCategory, SectionWords, WORD_CAPACITY, WordId, WordSet};

/// In `all` of a rule that stands behind a list and needs no word.
const NO_WORD: &str = "-";

/// In `units` of a rule that is for zeros in words.
const NO_UNIT: &str = "none";

/// A named set of `words.tsv`.
fn known_set<'s>(row: Row<'_>, sets: &'s HashMap<String, WordSet>, name: &str) -> Result<&'s WordSet, DataError> {
    let names = sets.keys().map(String::as_str);
    sets.get(name)
        .ok_or_else(|| row.unknown("no such word set", name, names, "prose/words.tsv"))
}

/// Words as they come, each with its number.
#[derive(Default)]
pub(super) struct Builder {
    pub(super) words: Vec<String>,
    ids: HashMap<String, WordId>,
}

impl Builder {
    pub(super) fn set(&mut self, row: Row<'_>, words: &[&str]) -> Result<WordSet, DataError> {
        let mut set = WordSet::default();
        for word in words {
            // Only rules name sets, and a set alone.
            if word.contains('@') {
                return Err(row.wrong(format!(
                    "not a word; sets are named in rules.tsv, apart from words: {word}"
                )));
            }
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

    pub(super) fn rule(
        &mut self,
        row: Row<'_>,
        categories: &Categories,
        sets: &HashMap<String, WordSet>,
    ) -> Result<ProseRule, DataError> {
        let category = rule_category(row, categories)?;
        let after = row.distinct("after", '|')?.into_iter();
        let after: Vec<CategoryId> = after
            .map(|code| categories.named(row, code))
            .collect::<Result<_, _>>()?;
        let groups = self.groups(row, sets)?;
        if groups.is_empty() && after.is_empty() {
            return Err(row.wrong(format!(
                "a rule without words needs a list to go on with, in after: {NO_WORD}"
            )));
        }
        let not = self.not(row, sets)?;
        let section = |name: &str| {
            let name = format!("section.{name}");
            let words = *known_set(row, sets, &name)?;
            Ok(SectionWords { name, words })
        };
        let sections = row.distinct("section", '|')?.into_iter();
        let units = rule_units(row)?;
        let zero = row.choice("zero", &[("yes", true), ("no", false)])?;
        if units.is_empty() && !zero {
            return Err(row.wrong("a rule of no unit and no zero names nothing; units must be some: none".to_owned()));
        }
        let (from, until) = (row.year("from")?, row.year("until")?);
        if zero && (from.is_some() || until.is_some()) {
            return Err(row.wrong("a zero in words cannot be limited to years".to_owned()));
        }
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            return Err(row.wrong(format!("until must not be before from, which is {from}: {until}")));
        }
        Ok(ProseRule {
            category,
            groups,
            not,
            units,
            sections: sections.map(section).collect::<Result<Vec<_>, DataError>>()?,
            zero,
            after,
            from,
            until,
        })
    }

    /// The groups of words, each of which must have one in the window.
    fn groups(&mut self, row: Row<'_>, sets: &HashMap<String, WordSet>) -> Result<Vec<WordSet>, DataError> {
        let mut groups = Vec::new();
        if row.required("all")? == NO_WORD {
            return Ok(groups);
        }
        for group in row.list("all", ' ')? {
            groups.push(match group.strip_prefix('@') {
                Some(name) => *known_set(row, sets, name)?,
                None => {
                    let words = row.parts("all", group, '|')?;
                    row.check_distinct("all", &words)?;
                    self.set(row, &words)?
                }
            });
        }
        Ok(groups)
    }

    /// What must not be in the window.
    fn not(&mut self, row: Row<'_>, sets: &HashMap<String, WordSet>) -> Result<WordSet, DataError> {
        let listed = row.distinct("not", '|')?.into_iter();
        let (named, own): (Vec<&str>, Vec<&str>) = listed.partition(|word| word.starts_with('@'));
        let mut not = self.set(row, &own)?;
        for name in named {
            not.extend(known_set(row, sets, name.trim_start_matches('@'))?);
        }
        Ok(not)
    }
}

fn rule_category(row: Row<'_>, categories: &Categories) -> Result<RuleCategory, DataError> {
    let code = row.required("category")?;
    let Some(part) = code.strip_prefix("{case}") else {
        return Ok(RuleCategory::Fixed(categories.named(row, code)?));
    };
    let cases = ["review", "litigation", "complaint"].map(|case| categories.id(&format!("{case}{part}")));
    match cases.iter().all(Option::is_none) {
        true => Err(row.wrong(format!("no case has such a category: {code}"))),
        false => Ok(RuleCategory::Case(cases)),
    }
}

fn rule_units(row: Row<'_>) -> Result<Vec<UnitClass>, DataError> {
    row.required("units")?;
    let mut units = Vec::new();
    for name in row.distinct("units", '|')?.into_iter().filter(|name| *name != NO_UNIT) {
        let choice = UnitClass::CHOICES.iter().find(|(choice, _)| *choice == name);
        let names = UnitClass::CHOICES.iter().map(|(choice, _)| *choice).chain([NO_UNIT]);
        let (_, class) = choice.ok_or_else(|| row.unknown("no such unit class", name, names, "units.tsv"))?;
        units.push(*class);
    }
    Ok(units)
}

/// Refuses a set that neither the grammar nor a rule asks for: its name is a slip of the pen.
pub(super) fn check_sets_are_used(words: &Table, rules: &Table, by_grammar: &[&str]) -> Result<(), DataError> {
    let mut asked_for = by_grammar.to_vec();
    for row in rules.rows() {
        let named = row.list("all", ' ')?.into_iter().chain(row.list("not", '|')?);
        asked_for.extend(named.filter_map(|word| word.strip_prefix('@')));
    }
    for row in words.rows() {
        let name = row.required("set")?;
        if !asked_for.contains(&name) {
            return Err(row.unknown("nothing asks for this set", name, asked_for, "prose/rules.tsv"));
        }
    }
    Ok(())
}
