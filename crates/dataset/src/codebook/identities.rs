//! The identities of the codebook: what must add up, where, and how strictly, in words and in codes.

use std::collections::BTreeMap;

use gongkai_lexicon::{
    CategoryId, Comparison, Each, IdentityKind, IdentityRule, Lexicon, TemplateId, Term, YearCount, YearEach, YearRule,
    YearTerm,
};

use super::book::heading;
use super::categories::category_id;
use super::document::{Block, Line};

/// A formula with more terms is told by its title and its full entry only.
const SHORT_TERMS: usize = 9;

/// An identity of either kind.
#[derive(Debug, Clone, Copy)]
pub(super) enum Formula<'a> {
    /// Within a report.
    Report(&'a IdentityRule),
    /// Over two years.
    Years(&'a YearRule),
}

/// One term, in words and as the tables name it.
struct Word {
    label: String,
    category: Option<CategoryId>,
    name: String,
    /// What is said behind it.
    aside: &'static str,
}

/// Every identity.
pub(super) fn blocks(lexicon: &Lexicon) -> Vec<Block> {
    let mut blocks = vec![Block::Paragraph(Line::of(
        "What `checks` (within a report) and `year_checks` (a report against the one before) test. An optional term need \
         not be printed for the test to be made.",
    ))];
    for formula in formulas(lexicon) {
        let text = Line::default().code(formula.name()).plain(" ").plain(formula.title());
        blocks.push(heading(3, &identity_id(formula.name()), text));
        blocks.push(Block::Terms(vec![
            ("In words", vec![formula.line(lexicon, false)]),
            ("In codes", vec![formula.line(lexicon, true)]),
            ("Kind", vec![formula.strictness(lexicon)]),
            ("Forms", vec![Line::of(&formula.forms(lexicon))]),
            ("Tested on", vec![Line::of(formula.each())]),
        ]));
    }
    blocks
}

/// The identities each category takes part in.
pub(super) fn by_category(lexicon: &Lexicon) -> BTreeMap<CategoryId, Vec<Formula<'_>>> {
    let mut all: BTreeMap<CategoryId, Vec<Formula<'_>>> = BTreeMap::new();
    for formula in formulas(lexicon) {
        let mut categories: Vec<CategoryId> = match formula {
            Formula::Report(_) => formula.words(lexicon).filter_map(|word| word.category).collect(),
            Formula::Years(rule) => rule.categories.clone(),
        };
        categories.sort_unstable();
        categories.dedup();
        for category in categories {
            all.entry(category).or_default().push(formula);
        }
    }
    all
}

fn formulas(lexicon: &Lexicon) -> impl Iterator<Item = Formula<'_>> {
    let within = lexicon.identities.iter().map(Formula::Report);
    within.chain(lexicon.year_identities.iter().map(Formula::Years))
}

fn identity_id(name: &str) -> String {
    format!("identity-{name}")
}

impl Formula<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Report(rule) => &rule.name,
            Self::Years(rule) => &rule.name,
        }
    }

    fn title(&self) -> &str {
        match self {
            Self::Report(rule) => &rule.title,
            Self::Years(rule) => &rule.title,
        }
    }

    fn kind(&self) -> IdentityKind {
        match self {
            Self::Report(rule) => rule.kind,
            Self::Years(rule) => rule.kind,
        }
    }

    fn strictness(&self, lexicon: &Lexicon) -> Line {
        let name = self.kind().as_str();
        let meaning = lexicon.codebook.meaning("kind", name).unwrap_or_default();
        Line::default().code(name).plain(" ").text(meaning)
    }

    fn forms(&self, lexicon: &Lexicon) -> String {
        let (templates, prose): (&[TemplateId], bool) = match self {
            Self::Report(rule) => (&rule.templates, rule.prose),
            Self::Years(rule) => (&rule.templates, false),
        };
        let names = templates
            .iter()
            .map(|form| format!("`{}`", lexicon.templates.get(*form).name));
        let prose = prose.then(|| "sentences".to_owned());
        names.chain(prose).collect::<Vec<_>>().join(", ")
    }

    fn each(&self) -> &'static str {
        match self {
            Self::Report(rule) => match rule.each {
                Each::Row => "every row of section three, over its applicant columns",
                Each::Column => "every applicant column",
                Each::Period => "the year's and the cumulative values, apart",
                Each::Report => "each report once",
            },
            Self::Years(rule) => match rule.each {
                YearEach::Pair => "each report with that of the year before, once",
                YearEach::Column => "each report with that of the year before, every applicant column",
                YearEach::Row => "each report with that of the year before, every row of the form",
            },
        }
    }

    /// Both sides, in order.
    fn words(&self, lexicon: &Lexicon) -> impl Iterator<Item = Word> {
        let (left, _, right) = self.sides(lexicon);
        left.into_iter().chain(right)
    }

    fn sides(&self, lexicon: &Lexicon) -> (Vec<Word>, Comparison, Vec<Word>) {
        match self {
            Self::Report(rule) => {
                let side = |terms: &[Term]| terms.iter().map(|term| word(lexicon, term)).collect();
                (side(&rule.left), rule.comparison, side(&rule.right))
            }
            Self::Years(rule) => {
                let side = |terms: &[YearTerm]| terms.iter().map(|term| year_word(lexicon, term)).collect();
                (side(&rule.left), rule.comparison, side(&rule.right))
            }
        }
    }

    /// The formula in Chinese labels, or in codes that lead to their categories.
    fn line(&self, lexicon: &Lexicon, in_codes: bool) -> Line {
        let (left, comparison, right) = self.sides(lexicon);
        let line = sum(Line::default(), &left, in_codes).plain(match comparison {
            Comparison::Equal => " = ",
            Comparison::AtLeast => " ≥ ",
        });
        sum(line, &right, in_codes)
    }

    /// The identity as a category's entry has it.
    pub(super) fn in_short(&self, lexicon: &Lexicon) -> Line {
        let line = Line::default().link(identity_id(self.name()), self.name());
        let line = line.plain(" ").plain(self.title());
        if self.words(lexicon).count() > SHORT_TERMS {
            return line;
        }
        let mut line = line.plain(": ");
        line.0.extend(self.line(lexicon, false).0);
        line
    }
}

fn sum(mut line: Line, words: &[Word], in_codes: bool) -> Line {
    for (place, word) in words.iter().enumerate() {
        let sign = if place == 0 { "" } else { " + " };
        line = match (in_codes, word.category) {
            (true, Some(_)) => line.plain(sign).link(category_id(&word.name), &word.name),
            (true, None) => line.plain(sign).code(&word.name),
            // Labels have signs of their own: the brackets say where one ends.
            (false, Some(_)) => line.plain(&format!("{sign}「{}」", word.label)),
            (false, None) => line.plain(sign).plain(&word.label),
        };
        if !word.aside.is_empty() {
            line = line.plain(word.aside);
        }
    }
    line
}

fn word(lexicon: &Lexicon, term: &Term) -> Word {
    match term {
        Term::Category { id, optional } => Word {
            aside: if *optional { " (optional)" } else { "" },
            ..of_category(lexicon, *id)
        },
        Term::Applicant(name) => {
            let columns = lexicon.templates.column_set("applicants");
            let column = columns.and_then(|set| set.columns.iter().find(|column| column.name == *name));
            let label = column.and_then(|column| column.labels.first());
            Word {
                label: label.unwrap_or(name).clone(),
                category: None,
                name: name.clone(),
                aside: "",
            }
        }
    }
}

fn year_word(lexicon: &Lexicon, term: &YearTerm) -> Word {
    let aside = if term.before { " (year before)" } else { "" };
    let row = |label: &str, name: &str| Word {
        label: label.to_owned(),
        category: None,
        name: name.to_owned(),
        aside,
    };
    match term.count {
        YearCount::Category(id) => Word {
            aside,
            ..of_category(lexicon, id)
        },
        YearCount::RowOfYear => row("the row's count of the year", "year"),
        YearCount::RowCumulative => row("the row's cumulative count", "cumulative"),
    }
}

fn of_category(lexicon: &Lexicon, id: CategoryId) -> Word {
    let category = lexicon.categories.get(id);
    Word {
        label: category.label.clone(),
        category: Some(id),
        name: category.code.clone(),
        aside: "",
    }
}
