//! The words around a number, and the rule that says what they count.

use std::ops::Range;

use gongkai_lexicon::{
    CategoryId, CategoryKind, FeatureKind, Lexeme, Lexicon, ProseRule, RuleCategory, SectionWords, UnitClass, WordSet,
};

use super::clauses::{Clauses, is_separator};
use super::numbers::Quantity;
use super::period::Years;
use super::theme::ListPlace;
use super::words::Words;
use crate::model::{Applicant, Scope};
use crate::statement::within;
use crate::work;

/// The surroundings of one number.
#[derive(Debug, Clone)]
pub struct Window<'a> {
    /// The folded block.
    pub text: &'a str,
    /// Its words of statements.
    pub lexemes: &'a [Lexeme],
    /// Its clauses.
    pub clauses: &'a Clauses,
    /// From the number before (or the sentence's start) to this one.
    pub left: Range<usize>,
    /// From its unit to the next number (or the sentence's end).
    pub right: Range<usize>,
    /// The paragraph's lead-in.
    pub lead: Range<usize>,
    /// The sentence.
    pub sentence: Range<usize>,
    /// The section, as its word set's name.
    pub section: Option<&'a str>,
    /// What the sentence before spoke of: 0 review, 1 litigation, 2 complaint.
    pub topic: Option<usize>,
    /// The totals that were named and whose parts may follow.
    pub openers: &'a [CategoryId],
    /// Its place in a list.
    pub list: ListPlace,
    /// The report's year.
    pub year: Option<i16>,
    /// The years that the block names.
    pub years: &'a Years,
    /// Whether it is a part of a sum over years that the sentence before told.
    pub of_sum: bool,
}

/// What a number counts.
#[derive(Debug, Clone)]
pub struct Found {
    /// The category.
    pub category: CategoryId,
    /// Whose requests.
    pub applicant: Applicant,
    /// The words that say so.
    pub label: Option<Range<usize>>,
    /// One past the words used up behind the number.
    pub consumed: usize,
    /// Whether the words stand right before the number.
    pub direct: bool,
    /// Whether it is told apart as the year's own: 其中新收5件.
    pub is_new: bool,
    /// From 0 to 1.
    pub confidence: f32,
}

impl Found {
    /// What a number of a list counts, by the label that stands for it in another list.
    pub fn listed(category: CategoryId, label: Range<usize>, quantity: &Quantity) -> Self {
        Self {
            category,
            applicant: Applicant::All,
            label: Some(label),
            consumed: quantity.end,
            direct: true,
            is_new: false,
            confidence: AROUND,
        }
    }
}

const DIRECT: f32 = 0.9;
const AROUND: f32 = 0.85;
const FAR: f32 = 0.75;
/// The same for what was disclosed: 公众号全新改版，发布文章50篇 is it, 网站改版，全年编发信息50条 need not be.
const VAGUE: f32 = 0.45;
const NO_UNIT: f32 = 0.1;
/// Lost where a space stands among the digits.
const SPACED: f32 = 0.1;
/// How far behind a number its noun can stand, in bytes: 4起政府信息公开申请.
const RIGHT_REACH: usize = 60;
/// The same for 个 and its like: 七个街道都设了查阅点 does not count the points.
const THING_REACH: usize = 21;

/// The case last named in a range: 0 review, 1 litigation, 2 complaint.
pub fn last_case(words: &Words, range: &Range<usize>, lexicon: &Lexicon) -> Option<usize> {
    let cases = lexicon.prose.grammar().cases.iter().enumerate();
    let last = cases.filter_map(|(case, set)| Some((words.last_in(range, set)?.1, case)));
    last.max().map(|(_, case)| case)
}

impl Window<'_> {
    /// What looks for the rule that fits; `alone` when the number stands without words of its own.
    fn finder<'a>(&'a self, quantity: &'a Quantity, words: &'a Words, lexicon: &'a Lexicon, alone: bool) -> Finder<'a> {
        Finder {
            window: self,
            quantity,
            words,
            lexicon,
            alone,
        }
    }

    /// From the last mark, or the number before, to the number.
    pub fn clause(&self) -> Range<usize> {
        let start = self.clauses.start(&self.sentence, self.left.end);
        start.max(self.left.start)..self.left.end
    }

    /// What the number counts, by the first rule that fits the nearest words.
    pub fn find(
        &self,
        quantity: &Quantity,
        words: &Words,
        brackets: &[Range<usize>],
        lexicon: &Lexicon,
    ) -> Option<Found> {
        let clause = self.clause();
        let whole = words.last_in(&clause, &lexicon.prose.grammar().partitive);
        let clause = whole.map_or(clause.start, |(_, end)| end)..clause.end;
        let right = self.right_phrase(quantity);
        // The unit tells, too: 发行《政报》47期.
        let unit = words.set(&(quantity.token.range.end..quantity.end), &[]);
        let near = union(words.set(&clause, brackets), unit);
        let behind = words.set(&right, brackets);
        let alone = self.is_filler(&clause);
        let finder = self.finder(quantity, words, lexicon, alone);
        let found = |category: CategoryId, label: &Range<usize>, consumed: usize, confidence: f32| Found {
            category,
            applicant: Applicant::All,
            label: Some(self.trim(label.clone())),
            consumed,
            direct: confidence >= DIRECT,
            is_new: false,
            confidence: match (&quantity.unit, self.text.get(quantity.token.digits.clone())) {
                (None, _) => confidence - NO_UNIT,
                (_, Some(digits)) if digits.contains(' ') => confidence - SPACED,
                _ => confidence,
            },
        };
        // 其中5000浏览量以上12条: words between two numbers are not the first one's when that has no unit.
        let shared = quantity.unit.is_none() && right.end == self.right.end && right.end < self.sentence.end;
        if alone
            && !shared
            && let Some(category) = finder.rule(&behind, None)
        {
            return Some(found(category, &right, right.end, DIRECT));
        }
        let theme = || self.theme(&clause, quantity, words, brackets, lexicon);
        let direct = finder.rule(&near, None).filter(|category| {
            // 其中部门工作公开信息78条 is an item of the list, not the total once more; 网站公开简报类信息48条，公报类信息18条
            // are two of what the website has.
            let again = self.list.headed && lexicon.categories.code(*category) == "proactive.total";
            let class = self.list.listed && is_disclosure(*category, lexicon) && self.names_class(&clause, lexicon);
            self.reaches(&clause, words, quantity) && !((again || class) && theme().is_some())
        });
        if let Some(category) = direct {
            return Some(found(category, &clause, quantity.end, DIRECT));
        }
        if let Some(label) = theme() {
            let category = lexicon.categories.id("proactive.theme")?;
            return Some(Found {
                label: Some(label),
                ..found(category, &right, quantity.end, DIRECT)
            });
        }
        quantity.unit.as_ref()?;
        let around = union(near, behind);
        if let Some(category) = finder.rule(&around, None) {
            return Some(found(category, &(clause.start..right.end), right.end, AROUND));
        }
        // 处理热线工单36条 in a paragraph on disclosure counts nothing of it.
        if words.any_in(&clause, &lexicon.prose.grammar().other_matter) {
            return None;
        }
        let far = words.set(&self.left, brackets);
        let lead = words.set(&self.lead, brackets);
        let own = (!alone).then_some(&around);
        let headed = finder.rule_near(&union(far, lead), Some(&lead), own);
        if let Some(category) = headed.filter(|category| self.heads(*category, alone, lexicon)) {
            return Some(found(category, &self.lead, quantity.end, AROUND));
        }
        let distant = |category: CategoryId, consumed: usize| {
            let confidence = if is_disclosure(category, lexicon) { VAGUE } else { FAR };
            found(category, &self.left, consumed, confidence)
        };
        if let Some(category) = finder.rule_near(&far, None, own) {
            return Some(distant(category, quantity.end));
        }
        let category = finder.rule_near(&union(far, behind), None, own)?;
        Some(distant(category, right.end))
    }

    /// A number as that of a theme, where its name can be one.
    pub fn theme_of(
        &self,
        quantity: &Quantity,
        words: &Words,
        brackets: &[Range<usize>],
        lexicon: &Lexicon,
    ) -> Option<Found> {
        let label = self.theme(&self.clause(), quantity, words, brackets, lexicon)?;
        Some(Found {
            confidence: DIRECT,
            ..Found::listed(lexicon.categories.id("proactive.theme")?, label, quantity)
        })
    }

    /// Whether a paragraph's heading may say what a number counts. `主动公开情况。` does only for one that stands first
    /// and without words: what else is counted there are parts of it, and other matters.
    fn heads(&self, category: CategoryId, alone: bool, lexicon: &Lexicon) -> bool {
        lexicon.categories.code(category) != "proactive.total" || alone && !self.list.goes_on
    }

    /// What a label names; its own words tell first, then those `common` to it and its neighbours.
    pub fn category_of(
        &self,
        label: &Range<usize>,
        common: &[Range<usize>],
        quantity: &Quantity,
        words: &Words,
        lexicon: &Lexicon,
    ) -> Option<CategoryId> {
        let own = words.set(label, &[]);
        let finder = self.finder(quantity, words, lexicon, false);
        finder.rule(&own, None).or_else(|| {
            // 现场、电话、网上咨询: 现场 is 现场咨询.
            let said: String = std::iter::once(label)
                .chain(common)
                .filter_map(|range| self.text.get(range.clone()))
                .collect();
            let full = Words::find(&said, &lexicon.prose).set(&(0..said.len()), &[]);
            finder.rule(&full, None)
        })
    }

    /// The noun behind the number, up to the next mark.
    fn right_phrase(&self, quantity: &Quantity) -> Range<usize> {
        let thing = quantity
            .unit
            .as_ref()
            .is_some_and(|(_, class)| *class == UnitClass::Thing);
        let reach = if thing { THING_REACH } else { RIGHT_REACH };
        let clause = self.clauses.end(&self.sentence, self.right.start).min(self.right.end);
        // 予以公开5件、部分公开2件: what follows the 、 belongs to the next number.
        let joint = self
            .text
            .get(self.right.start..clause)
            .and_then(|words| words.find('、'));
        let end = joint.map_or(clause, |joint| self.right.start + joint);
        let mut reach = (self.right.start + reach).min(end);
        while !self.text.is_char_boundary(reach) {
            reach -= 1;
        }
        self.right.start..reach
    }

    /// Whether a clause says nothing: 其中, 共, 2018年度累计.
    pub fn is_filler(&self, clause: &Range<usize>) -> bool {
        let words = self.text.get(clause.clone()).unwrap_or("");
        let rest =
            words.trim_matches(|c: char| is_separator(c) || matches!(c, '(' | ')' | '、' | ' ' | '"' | '“' | '”'));
        rest.chars().count() <= 9
            && rest
                .chars()
                .all(|c| c.is_ascii_digit() || "其中共有计为是含包括约近达分别另还即全本年度累".contains(c))
    }

    /// A number without a unit counts only when nothing but 共, 数, 案 and the like stand between its label and it.
    fn reaches(&self, clause: &Range<usize>, words: &Words, quantity: &Quantity) -> bool {
        if quantity.unit.is_some() {
            return true;
        }
        let last = words
            .within(clause)
            .map(|(_, end, _)| end)
            .max()
            .unwrap_or(clause.start);
        let between = self.text.get(last..clause.end).unwrap_or("");
        between.chars().count() <= 6
            && between
                .chars()
                .all(|c| "数量总共计为是案达约件有了的信息申请情况人员公开:：".contains(c))
    }

    /// The case a rule's `{case}` stands for: the last one named in the sentence, else what was spoken of before.
    fn case_topic(&self, words: &Words, lexicon: &Lexicon) -> Option<usize> {
        last_case(words, &(self.sentence.start..self.left.end), lexicon).or(self.topic)
    }

    fn trim(&self, range: Range<usize>) -> Range<usize> {
        let text = self.text.get(range.clone()).unwrap_or("");
        let front = text.trim_start_matches(|c: char| is_separator(c) || matches!(c, '、' | ' '));
        let start = range.end - front.len();
        start..start + front.trim_end_matches(|c: char| is_separator(c) || c == ' ').len()
    }

    /// Whose work the words speak of.
    pub fn scope(&self, category: CategoryId, words: &Words, lexicon: &Lexicon, text: &str) -> (Scope, Option<String>) {
        let near = self.clause();
        let label = |at: (usize, usize)| text.get(at.0..at.1).map(str::to_owned);
        let request = lexicon.categories.code(category).starts_with("requests.received.total");
        let grammar = lexicon.prose.grammar();
        let both = [&grammar.subset, &grammar.website];
        let narrow = if request { both.as_slice() } else { &both[..1] };
        // 通过机构职能、工作动态等栏目公开 names them all.
        let all = |(start, _): &(usize, usize)| text[..*start].ends_with('等');
        // 信息公开栏目 is the website's own, and the column of a theme its name.
        let channels = lexicon.statements.of_kind(FeatureKind::Channel);
        let in_channel = |(start, end): &(usize, usize)| {
            let mut lexemes = within(self.lexemes, &near).iter();
            lexemes.any(|lexeme| lexeme.start <= *start && *end <= lexeme.end && lexeme.features.intersects(channels))
        };
        let is_theme = lexicon.categories.code(category) == "proactive.theme";
        let narrowed = narrow.iter().find_map(|set| words.last_in(&near, set));
        if let Some(at) = narrowed.filter(|at| !is_theme && !all(at) && !in_channel(at)) {
            return (Scope::Subset, label(at));
        }
        for (set, scope) in [
            (&grammar.own_level, Scope::OwnLevel),
            (&grammar.territory, Scope::Territory),
        ] {
            if let Some(at) = words.last_in(&(self.sentence.start..self.left.end), set) {
                return (scope, label(at));
            }
        }
        (Scope::Unknown, None)
    }

    /// The clauses behind a number in which no other stands: what follows its unit at once, then those behind marks.
    pub fn clauses_behind(&self, quantity: &Quantity) -> impl Iterator<Item = Range<usize>> + use<'_> {
        let mut start = quantity.end;
        std::iter::from_fn(move || {
            let rest = self.text.get(start..self.right.end)?;
            let marks = rest.len() - rest.trim_start_matches(|c: char| is_separator(c)).len();
            // 1件(信函申请): what a bracket says behind the unit.
            if let Some(end) = rest.find(')').filter(|end| rest.starts_with('(') && *end < 60) {
                start += end + 1;
                return Some(start - end..start - 1);
            }
            let from = start + marks;
            let end = self.clauses.end(&self.sentence, from).min(self.right.end);
            let number_free = end < self.right.end || self.right.end == self.sentence.end;
            if from >= end || !number_free {
                return None;
            }
            start = end;
            Some(from..end)
        })
    }
}

/// Whether a category counts what was disclosed, in all or over a channel.
fn is_disclosure(category: CategoryId, lexicon: &Lexicon) -> bool {
    let code = lexicon.categories.code(category);
    code == "proactive.total" || code.starts_with("proactive.channel.")
}

fn union(mut left: WordSet, right: WordSet) -> WordSet {
    left.extend(&right);
    left
}

struct Finder<'a> {
    window: &'a Window<'a>,
    quantity: &'a Quantity,
    words: &'a Words,
    lexicon: &'a Lexicon,
    /// Whether the number stands without words of its own.
    alone: bool,
}

impl Finder<'_> {
    /// The category of the first rule that the words fit; with `lead`, one whose first words stand in the lead-in.
    fn rule(&self, set: &WordSet, lead: Option<&WordSet>) -> Option<CategoryId> {
        self.rule_near(set, lead, None)
    }

    /// The same, for words from afar: the number's `own` words must be some of those that the rule asks for.
    fn rule_near(&self, set: &WordSet, lead: Option<&WordSet>, own: Option<&WordSet>) -> Option<CategoryId> {
        self.lexicon.prose.candidates(set).into_iter().find_map(|rule| {
            work::note(1);
            let opened = || lead.is_none_or(|lead| rule.groups.first().is_some_and(|group| group.intersects(lead)));
            let named = || own.is_none_or(|own| rule.groups.iter().any(|group| group.intersects(own)));
            let openers = self.window.openers;
            let continues = || rule.after.is_empty() || openers.iter().any(|opener| rule.after.contains(opener));
            // A rule without words reads what stands alone behind its opener: 培训3次、280人次.
            let said = || !rule.groups.is_empty() || self.alone;
            // The first group of a candidate has a word of the set; what tells most rules apart in the least time is first.
            let fits = takes_unit(rule, self.quantity)
                && rule.groups.iter().skip(1).all(|group| group.intersects(set))
                && !rule.not.intersects(set)
                && rule.holds_in(self.window.year)
                && said()
                && opened()
                && named()
                && continues()
                && self.in_section(&rule.sections);
            if !fits {
                return None;
            }
            let category = self.category_of(rule)?;
            let kind = self.lexicon.categories.get(category).kind;
            kind_fits(self.quantity, kind).then_some(category)
        })
    }

    /// The category a rule names; that of a case by what the sentence speaks of.
    fn category_of(&self, rule: &ProseRule) -> Option<CategoryId> {
        match &rule.category {
            RuleCategory::Fixed(category) => Some(*category),
            RuleCategory::Case(categories) => {
                let topic = self.window.case_topic(self.words, self.lexicon)?;
                categories.get(topic).copied().flatten()
            }
        }
    }

    /// Whether a total of a section's matter was named and its parts may follow.
    fn opened(&self, section: &SectionWords) -> bool {
        let matter = |opener: &CategoryId| self.lexicon.categories.get(*opener).section.as_str();
        section
            .name
            .strip_prefix("section.")
            .is_some_and(|name| self.window.openers.iter().any(|opener| matter(opener) == name))
    }

    /// A rule may be limited to sections: the one being read, or those whose words the sentence itself has.
    fn in_section(&self, sections: &[SectionWords]) -> bool {
        let Some(current) = self.window.section else {
            return true;
        };
        sections.is_empty()
            || sections.iter().any(|own| {
                own.name == current || self.opened(own) || self.words.any_in(&self.window.sentence, &own.words)
            })
    }
}

/// Whether a rule may be used on a number with this unit, or without one.
fn takes_unit(rule: &ProseRule, quantity: &Quantity) -> bool {
    match &quantity.unit {
        Some((_, class)) => rule.units.contains(class),
        None => !rule.units.is_empty(),
    }
}

/// Whether a number can count what is of a kind: money has a unit of money, and nothing else has.
fn kind_fits(quantity: &Quantity, kind: CategoryKind) -> bool {
    let is_money = kind == CategoryKind::Money;
    match &quantity.unit {
        Some((_, class)) => is_money == (*class == UnitClass::Money),
        // 收取费用为0 needs no 元.
        None => !is_money || quantity.token.amount.digits == 0,
    }
}
