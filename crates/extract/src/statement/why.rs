//! How numbers of sentences were read, for whoever wants to know: words, what they mean together, what came of it.

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;

use gongkai_lexicon::{Composed, FeatureId, FeatureSet, Lexeme, Lexicon};

use super::{Bound, Evidence, within};

/// Collects how the numbers of a page were read.
#[derive(Debug, Default)]
pub struct Whys(RefCell<Vec<Why>>);

/// How one number was read.
#[derive(Debug, Clone)]
pub struct Why {
    /// The sentence.
    pub sentence: String,
    /// The number as printed; of a zero in words, what it denies.
    pub number: String,
    /// The known words of its sentence, each with its features.
    pub words: Vec<(String, Vec<String>)>,
    /// What they mean together; none where they were not put together.
    pub meaning: Option<Meaning>,
    /// The category that the table of compositions has for it, with the line.
    pub composed: Option<(String, usize)>,
    /// What came of it: a category with its confidence. It can be a theme where statements say nothing.
    pub verdict: Option<(String, f32)>,
}

/// What words mean together.
#[derive(Debug, Clone)]
pub struct Meaning {
    /// What was done, the nearest last.
    pub acts: Vec<String>,
    /// What it was done to.
    pub thing: Option<String>,
    /// All else.
    pub others: Vec<String>,
    /// How far away the words stand.
    pub evidence: Evidence,
    /// Whether it counts what no report's statistics have.
    pub is_foreign: bool,
}

fn names(lexicon: &Lexicon, features: impl IntoIterator<Item = FeatureId>) -> Vec<String> {
    let name = |feature| lexicon.statements.name(feature).to_owned();
    features.into_iter().map(name).collect()
}

fn all(lexicon: &Lexicon, features: &FeatureSet) -> Vec<String> {
    names(lexicon, features.iter())
}

impl Whys {
    /// Begins with a number of a sentence.
    pub(super) fn begin(
        &self,
        text: &str,
        sentence: &Range<usize>,
        number: &Range<usize>,
        lexemes: &[Lexeme],
        lexicon: &Lexicon,
    ) {
        let printed = |range: &Range<usize>| text.get(range.clone()).unwrap_or("").to_owned();
        let word = |lexeme: &Lexeme| (printed(&(lexeme.start..lexeme.end)), all(lexicon, &lexeme.features));
        self.0.borrow_mut().push(Why {
            sentence: printed(sentence),
            number: printed(number),
            words: within(lexemes, sentence).iter().map(word).collect(),
            meaning: None,
            composed: None,
            verdict: None,
        });
    }

    fn of_last(&self, change: impl FnOnce(&mut Why)) {
        if let Some(why) = self.0.borrow_mut().last_mut() {
            change(why);
        }
    }

    /// What its words mean together.
    pub(super) fn means(&self, bound: &Bound, lexicon: &Lexicon) {
        self.of_last(|why| {
            why.meaning = Some(Meaning {
                acts: names(lexicon, bound.acts.iter().copied()),
                thing: bound.thing.map(|thing| lexicon.statements.name(thing).to_owned()),
                others: all(lexicon, &bound.others),
                evidence: bound.evidence,
                is_foreign: bound.is_foreign,
            });
        });
    }

    /// What the table of compositions has for it.
    pub(super) fn composed(&self, composed: Option<&Composed>, lexicon: &Lexicon) {
        let code = |composed: &Composed| lexicon.categories.code(composed.category).to_owned();
        self.of_last(|why| why.composed = composed.map(|composed| (code(composed), composed.line)));
    }

    /// What came of it.
    pub fn verdict(&self, category: &str, confidence: f32) {
        self.of_last(|why| why.verdict = Some((category.to_owned(), confidence)));
    }

    /// Everything that was collected.
    #[must_use]
    pub fn into_inner(self) -> Vec<Why> {
        self.0.into_inner()
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.verdict {
            Some((category, confidence)) => writeln!(f, "  {} is {category}, {confidence:.2}", self.number)?,
            None => writeln!(f, "  {} is not read", self.number)?,
        }
        let word = |(word, features): &(String, Vec<String>)| format!("{word} ({})", features.join(" "));
        let words: Vec<String> = self.words.iter().map(word).collect();
        writeln!(f, "    words: {}", words.join(", "))?;
        if let Some(meaning) = &self.meaning {
            let thing = meaning.thing.as_deref().unwrap_or(match meaning.is_foreign {
                true => "none of the reports'",
                false => "none",
            });
            writeln!(
                f,
                "    acts: {}; thing: {thing}; all: {}; {}",
                meaning.acts.join(" "),
                meaning.others.join(" "),
                match meaning.evidence {
                    Evidence::Direct => "with the number",
                    Evidence::Inherited => "some of it with the number before",
                    Evidence::Far => "some of it in a clause before",
                }
            )?;
        }
        match &self.composed {
            Some((category, line)) => writeln!(f, "    prose/compose.tsv:{line}: {category}"),
            None => writeln!(f, "    no line of prose/compose.tsv fits"),
        }
    }
}
