//! Words with their features; a text is cut into them once, the longest at each place.

use std::collections::HashMap;

use crate::finder::{WordFinder, WordIndex};
use crate::tsv::{DataError, Table};

use super::feature::{FeatureSet, Features};

/// A word of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lexeme {
    /// Its first byte.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// What it means.
    pub features: FeatureSet,
}

/// All words.
#[derive(Debug)]
pub(super) struct Vocabulary {
    finder: WordFinder,
    features: Vec<FeatureSet>,
}

impl Vocabulary {
    pub(super) fn parse(table: &Table, known: &Features) -> Result<Self, DataError> {
        let mut words: Vec<&str> = Vec::new();
        let mut features = Vec::new();
        let mut lines: HashMap<&str, usize> = HashMap::new();
        for row in table.rows() {
            row.required("features")?;
            let mut set = FeatureSet::default();
            for name in row.distinct("features", ' ')? {
                set.insert(known.named(row, name)?);
            }
            row.required("word")?;
            for word in row.list("word", '|')? {
                if let Some(line) = lines.insert(word, row.line) {
                    return Err(row.wrong(format!(
                        "a word has all its features on one line; line {line} has it, too: {word}"
                    )));
                }
                if words.len() > usize::from(WordIndex::MAX) {
                    return Err(row.wrong(format!("more than {} words at: {word}", WordIndex::MAX)));
                }
                words.push(word);
                features.push(set);
            }
        }
        Ok(Self {
            finder: WordFinder::new(&words),
            features,
        })
    }

    pub(super) fn find(&self, text: &str) -> Vec<Lexeme> {
        let lexeme = |found: crate::WordFound| Lexeme {
            start: found.start,
            end: found.end,
            features: self.features.get(usize::from(found.word)).copied().unwrap_or_default(),
        };
        self.finder.longest(text).into_iter().map(lexeme).collect()
    }

    /// Every feature that a word has.
    pub(super) fn features(&self) -> FeatureSet {
        let mut all = FeatureSet::default();
        self.features.iter().for_each(|features| all.extend(features));
        all
    }
}
