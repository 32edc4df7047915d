//! One paragraph: its sentences' counts, shares and zeros as mentions.

use std::ops::Range;

use gongkai_lexicon::{CategoryId, CategoryKind, Lexicon};
use gongkai_page::Block;

use super::aside::Aside;
use super::numbers::{self, Quantity, Reading, Role};
use super::period::Years;
use super::respective::Respective;
use super::state::SentenceState;
use super::theme::{ListPlace, is_listed};
use super::window::{self, Window};
use super::words::Words;
use super::{Doubtful, DoubtfulReading, ProseReading, Share, section, zero};
use crate::fold::Folded;
use crate::model::{Applicant, Mention, Method, Problem, Scope, Span, Status, UnitSource, Value};
use crate::number::scan;
use crate::value::value_of;

/// One paragraph while it is read.
pub struct BlockReader<'a> {
    /// The index in the page of its first block.
    pub index: u32,
    /// Its blocks: one, or the lines of which it was set.
    pub blocks: &'a [Block],
    /// How many mentions there were before it.
    pub before: usize,
    /// Its folded text.
    pub folded: &'a Folded,
    /// Its known words.
    pub words: &'a Words,
    /// Its brackets.
    pub brackets: &'a [Range<usize>],
    /// What is known.
    pub lexicon: &'a Lexicon,
    /// The chapter it stands in.
    pub section: Option<&'a str>,
    /// The reporting year.
    pub year: Option<i16>,
    /// Whether the paragraph names it.
    pub names_year: bool,
    /// The years that the paragraph names.
    pub years: &'a Years,
}

impl BlockReader<'_> {
    fn text(&self) -> &str {
        &self.folded.text
    }

    /// Reads its sentences; `openers` are the totals named before, whose parts may follow.
    pub fn read(&self, openers: &mut Vec<CategoryId>, reading: &mut ProseReading) {
        if self.section == Some("section.problems") {
            return;
        }
        let tokens = scan(self.text());
        let lead = section::lead(self.text());
        let mut topic = None;
        let mut head = None;
        for sentence in section::sentences(self.text()) {
            if reading.is_full() {
                return;
            }
            let quantities = numbers::quantities(self.text(), &sentence, &tokens, self.words, self.lexicon);
            reading.numbers += quantities.len();
            let mut state = SentenceState {
                sentence: sentence.clone(),
                // A short sentence at the start is no heading of its own numbers.
                lead: if lead.end <= sentence.start { lead.clone() } else { 0..0 },
                first: reading.mentions.len(),
                topic,
                openers: std::mem::take(openers),
                head,
                part_of: None,
            };
            self.read_counts(&quantities, &mut state, reading);
            self.read_zeros(&sentence, &quantities, &mut state, reading);
            topic = window::last_case(self.words, &sentence, self.lexicon).or(state.topic);
            head = state.head;
            *openers = state.openers;
        }
    }

    fn read_counts(&self, quantities: &[Quantity], state: &mut SentenceState, reading: &mut ProseReading) {
        let mut limit = state.sentence.start;
        let mut last: Option<usize> = None;
        let mut done = 0;
        let mut aside = Aside::default();
        for (position, quantity) in quantities.iter().enumerate() {
            if position < done {
                continue;
            }
            match quantity.role {
                Role::Other => continue,
                Role::Share => {
                    let between = limit..quantity.token.range.start;
                    if let Some(mention) = last.filter(|_| self.names_share(&between)) {
                        reading.shares.push(Share {
                            mention,
                            percent: quantity.token.amount,
                        });
                    }
                    limit = quantity.end;
                    continue;
                }
                Role::Count => {}
            }
            let goes_on = state.first < reading.mentions.len();
            let window = self.window(quantities, position, limit, state, goes_on);
            if let Some(list) = Respective::find(&window, quantities, position, self.words, self.lexicon) {
                let named = self.read_list(&list, &window, quantities, reading);
                done = list.numbers.last().map_or(done, |number| number + 1);
                limit = list
                    .numbers
                    .last()
                    .and_then(|last| quantities.get(*last))
                    .map_or(limit, |last| last.end);
                last = None;
                named.for_each(|category| state.open(Some(category), self.lexicon));
                continue;
            }
            if aside.takes(&window, self.words, self.lexicon, self.names_year) {
                limit = quantity.end;
                last = None;
                continue;
            }
            let found = window
                .find(quantity, self.words, self.brackets, self.lexicon)
                .filter(|found| !self.is_legal_work(found.category, quantity, &state.sentence))
                .filter(|found| !aside.is_result_of_other(found.category, self.lexicon))
                .or_else(|| self.sum_of(last, quantity, &window, reading));
            if found.is_none() {
                aside.unread(&window, self.words, self.lexicon);
            }
            let opened = found.as_ref().map(|found| found.category);
            let consumed = found
                .as_ref()
                .map_or(quantity.end, |found| found.consumed.max(quantity.end));
            let part_of = found
                .as_ref()
                .and_then(|found| self.part_of(found.category, &window, state.part_of, reading));
            last = found.and_then(|found| self.push(quantity, &found, part_of.is_some(), &window, reading));
            limit = consumed.max(limit);
            if let Some(mention) = last {
                self.all_of_them(quantity, mention, &window, reading);
                self.shared_zero(quantity, mention, &window, reading);
            }
            let listed = window.list.listed;
            state.part_of = part_of.or(state.part_of);
            state.set_head(opened, quantity, listed, self.lexicon);
            state.open(opened, self.lexicon);
        }
    }

    /// 主动公开11条，历年累计234条: the number that sums up over years what the last one counted.
    fn sum_of(
        &self,
        last: Option<usize>,
        quantity: &Quantity,
        window: &Window<'_>,
        reading: &ProseReading,
    ) -> Option<window::Found> {
        let before = reading.mentions.get(last?)?;
        let same_unit = before.unit_printed == quantity.unit.as_ref().map(|(unit, _)| unit.clone());
        (same_unit && window.only_sums_up(self.words, self.lexicon))
            .then(|| window::Found::listed(before.category, window.left.clone(), quantity))
    }

    /// Whether a case is one of the body's legal work, 受理行政复议申请56件，综合纠错率63%, not of its disclosure.
    fn is_legal_work(&self, category: CategoryId, quantity: &Quantity, sentence: &Range<usize>) -> bool {
        let grammar = self.lexicon.prose.grammar();
        let code = self.lexicon.categories.code(category);
        let case = ["review.", "litigation.", "requests."];
        case.iter().any(|matter| code.starts_with(matter))
            && quantity.token.amount.digits != 0
            && self.section != Some("section.cases")
            && self.words.any_in(&(0..self.text().len()), &grammar.legal_work)
            && !self.words.any_in(sentence, &grammar.of_disclosure)
    }

    /// The surroundings of the number at a position; what stands before `limit` belongs to the numbers before.
    fn window<'s>(
        &'s self,
        quantities: &[Quantity],
        position: usize,
        limit: usize,
        state: &'s SentenceState,
        goes_on: bool,
    ) -> Window<'s> {
        let quantity = &quantities[position];
        let next = quantities[position + 1..].iter().find(|next| next.role != Role::Other);
        let bound = next.map_or(state.sentence.end, |next| next.token.range.start);
        Window {
            text: self.text(),
            left: limit..quantity.token.range.start,
            right: quantity.end..bound,
            lead: state.lead.clone(),
            sentence: state.sentence.clone(),
            section: self.section,
            topic: state.topic,
            openers: &state.openers,
            list: ListPlace {
                goes_on,
                headed: state.heads(quantity, self.lexicon),
                listed: is_listed(self.text(), quantities, position, self.words, self.lexicon),
            },
            year: self.year,
            years: self.years,
        }
    }

    /// Notes the numbers of a list whose labels stand before it; gives what they count.
    fn read_list(
        &self,
        list: &Respective,
        window: &Window<'_>,
        quantities: &[Quantity],
        reading: &mut ProseReading,
    ) -> impl Iterator<Item = CategoryId> + use<> {
        let categories = list.categories(window, quantities, self.words, self.lexicon);
        for ((category, label), number) in categories.iter().zip(&list.labels).zip(&list.numbers) {
            if let (Some(category), Some(quantity)) = (category, quantities.get(*number)) {
                let found = window::Found::listed(*category, label.clone(), quantity);
                self.push(quantity, &found, false, window, reading);
            }
        }
        categories.into_iter().flatten()
    }

    /// Whether the words between a count and a percentage make it the count's share: 占总数的, or nothing but marks.
    fn names_share(&self, between: &Range<usize>) -> bool {
        let words = self.text().get(between.clone()).unwrap_or("");
        let marks = words
            .chars()
            .all(|c| numbers::is_separator(c) || "(（约、 ".contains(c));
        marks || self.words.any_in(between, &self.lexicon.prose.grammar().share)
    }

    /// Notes a mention; its index, unless the number is no whole number of anything.
    fn push(
        &self,
        quantity: &Quantity,
        found: &window::Found,
        is_part: bool,
        window: &Window<'_>,
        reading: &mut ProseReading,
    ) -> Option<usize> {
        let kind = self.lexicon.categories.get(found.category).kind;
        let unit = quantity.unit.as_ref().map(|(name, _)| name.clone());
        let scale = unit
            .as_deref()
            .and_then(|unit| self.lexicon.units.exact(unit))
            .map_or(1, |unit| unit.scale);
        let first = quantity.readings.first();
        let value = match first {
            Some(reading) => Some(Value::Count(reading.count)),
            None => value_of(quantity.token.amount, kind, scale),
        };
        let whole = quantity.token.range.start..quantity.token.range.end;
        let Some(value) = value else {
            reading.problems.push(Problem {
                stage: "prose",
                code: "lost_unit",
                span: Some(self.folded.span(whole)),
                message: format!(
                    "{}: {} is no whole number; a 万 may have been lost",
                    self.lexicon.categories.code(found.category),
                    &self.text()[quantity.token.range.clone()]
                ),
            });
            return None;
        };
        let (mut scope, mut scope_label) = window.scope(found.category, self.words, self.lexicon, self.text());
        if is_part {
            (scope, scope_label) = (Scope::Subset, Some("其中".to_owned()));
        }
        let status = if quantity.approximate {
            Status::Approximate
        } else {
            Status::Reported
        };
        let index = reading.mentions.len();
        let span = self
            .folded
            .span(first.map_or(quantity.token.range.clone(), |reading| reading.digits.clone()));
        reading.mentions.push(Mention {
            category: found.category,
            label: found.label.clone().map(|label| self.printed(label)),
            template_row: None,
            relation: gongkai_lexicon::Relation::Exact,
            applicant: Applicant::All,
            period: window.period(self.words, self.lexicon),
            value,
            unit_source: if unit.is_some() {
                UnitSource::Cell
            } else {
                UnitSource::Form
            },
            unit_printed: unit,
            status,
            method: Method::Prose,
            block: self.block_at(span),
            span,
            scope,
            scope_label,
            confidence: found.confidence,
        });
        reading.ranks.push(self.rank(found, scope));
        if !quantity.readings.is_empty() {
            let readings = quantity
                .readings
                .iter()
                .map(|option| self.doubtful_reading(option))
                .collect();
            reading.doubtful.push(Doubtful {
                mention: index,
                readings,
            });
        }
        Some(index)
    }

    /// What a number is a part of, not another reading of: 共举办191场发布会，其中…发布会151场. The parts of one channel's
    /// number that are said to be disclosed are no total either; `before` is what the number before was a part of.
    fn part_of(
        &self,
        category: CategoryId,
        window: &Window<'_>,
        before: Option<CategoryId>,
        reading: &ProseReading,
    ) -> Option<CategoryId> {
        let categories = &self.lexicon.categories;
        if categories.get(category).kind == CategoryKind::List {
            return None;
        }
        if before == Some(category) {
            return before;
        }
        let words = self.text().get(window.sentence.start..window.left.end).unwrap_or("");
        let parted = window.sentence.start + words.rfind("其中")?;
        let near = window.left.contains(&parted);
        let period = window.period(self.words, self.lexicon);
        let is_whole = |mention: &Mention| {
            // 收取2950元。其中，甲局1件，收取420元: a number of another kind can stand between.
            let same = mention.category == category && self.folded.span(parted..parted).start >= mention.span.end
                || near && categories.get(mention.category).whole == Some(category);
            same && mention.period == period && mention.scope != Scope::Subset
        };
        self.mentions(reading).any(is_whole).then_some(category)
    }

    fn doubtful_reading(&self, option: &Reading) -> DoubtfulReading {
        DoubtfulReading {
            count: option.count,
            span: self.folded.span(option.digits.clone()),
            share: option.share,
        }
    }

    fn printed(&self, range: Range<usize>) -> String {
        self.text().get(range).unwrap_or("").to_owned()
    }

    /// A statement in the section of its matter counts more than one in passing, a part of the body less than all.
    fn rank(&self, found: &window::Found, scope: Scope) -> u8 {
        let own = &self.lexicon.categories.get(found.category).section;
        let in_section = self
            .section
            .is_some_and(|section| section.strip_prefix("section.") == Some(own));
        u8::from(scope != Scope::Subset) * 4 + u8::from(in_section) * 2 + u8::from(found.direct)
    }

    /// 行政诉讼5件,均为结果维持: the number before counts for the words behind it, too.
    fn all_of_them(&self, quantity: &Quantity, mention: usize, window: &Window<'_>, reading: &mut ProseReading) {
        let Some((range, category)) = window.all_of_them(quantity, self.words, self.lexicon) else {
            return;
        };
        let Some(original) = self.whole_of(mention, reading) else {
            return;
        };
        // 结转下年度5件，已全部答复 speaks of all the others.
        let is_whole = self.lexicon.prose.opens_list(original.category);
        if !is_whole || original.category == category || quantity.readings.len() > 1 {
            return;
        }
        let copy = Mention {
            category,
            label: Some(self.printed(range)),
            confidence: original.confidence.min(0.8),
            ..original.clone()
        };
        reading.mentions.push(copy);
        reading.ranks.push(reading.ranks.get(mention).copied().unwrap_or(0));
    }

    /// What 均 speaks of behind a mention: 收到5件，其中网上3件、信函2件，均已答复 means all five.
    fn whole_of<'r>(&self, mention: usize, reading: &'r ProseReading) -> Option<&'r Mention> {
        let named = reading.mentions.get(mention)?;
        let Some(whole) = self.lexicon.categories.get(named.category).whole else {
            return Some(named);
        };
        self.mentions(reading).find(|other| other.category == whole)
    }

    /// What the paragraph has said, the last first.
    fn mentions<'r>(&self, reading: &'r ProseReading) -> impl Iterator<Item = &'r Mention> {
        reading.mentions.get(self.before..).unwrap_or_default().iter().rev()
    }

    /// The block in which a span begins.
    fn block_at(&self, span: Span) -> u32 {
        let behind = self.blocks.iter().skip(1);
        let lines = behind.take_while(|block| block.span.start <= span.start as usize);
        (self.index..)
            .zip(lines)
            .last()
            .map_or(self.index, |(before, _)| before + 1)
    }

    /// 行政复议、行政诉讼案件0件: one zero for every label of the list.
    fn shared_zero(&self, quantity: &Quantity, mention: usize, window: &Window<'_>, reading: &mut ProseReading) {
        if quantity.token.amount.digits != 0 || !quantity.readings.is_empty() {
            return;
        }
        let clause = numbers::clause_start(self.text(), &window.sentence, quantity.token.range.start)
            .max(window.left.start)..quantity.token.range.start;
        for category in self.zeros(window.openers).labels(&clause) {
            let Some(original) = reading.mentions.get(mention) else {
                return;
            };
            let same_kind =
                self.lexicon.categories.get(category).kind == self.lexicon.categories.get(original.category).kind;
            if category != original.category && same_kind {
                reading.mentions.push(Mention {
                    category,
                    ..original.clone()
                });
                reading.ranks.push(reading.ranks.get(mention).copied().unwrap_or(0));
            }
        }
    }

    fn zeros<'o>(&'o self, openers: &'o [CategoryId]) -> zero::ZeroReader<'o> {
        zero::ZeroReader {
            text: self.text(),
            words: self.words,
            brackets: self.brackets,
            lexicon: self.lexicon,
            section: self.section,
            openers,
        }
    }

    /// Zeros said in words: 未收到, 没有发生, 无.
    fn read_zeros(
        &self,
        sentence: &Range<usize>,
        quantities: &[Quantity],
        state: &mut SentenceState,
        reading: &mut ProseReading,
    ) {
        for found in self.zeros(&state.openers).find(sentence, quantities) {
            let window = Window {
                text: self.text(),
                left: sentence.start..found.words.end,
                right: found.words.end..found.words.end,
                lead: 0..0,
                sentence: sentence.clone(),
                section: self.section,
                topic: state.topic,
                openers: &state.openers,
                list: ListPlace::default(),
                year: self.year,
                years: self.years,
            };
            let already = reading.mentions[state.first..]
                .iter()
                .any(|mention| mention.category == found.category);
            if already {
                continue;
            }
            let (scope, scope_label) = window.scope(found.category, self.words, self.lexicon, self.text());
            let own = &self.lexicon.categories.get(found.category).section;
            let in_section = self
                .section
                .is_some_and(|section| section.strip_prefix("section.") == Some(own));
            let span = self.folded.span(found.words);
            reading.mentions.push(Mention {
                category: found.category,
                label: Some(self.printed(found.clause)),
                template_row: None,
                relation: gongkai_lexicon::Relation::Exact,
                applicant: Applicant::All,
                period: window.period(self.words, self.lexicon),
                value: crate::value::zero(self.lexicon.categories.get(found.category).kind),
                unit_printed: None,
                unit_source: UnitSource::Form,
                status: Status::InWords,
                method: Method::Prose,
                block: self.block_at(span),
                span,
                scope,
                scope_label,
                confidence: 0.85,
            });
            reading
                .ranks
                .push(u8::from(scope != Scope::Subset) * 4 + u8::from(in_section) * 2);
        }
    }
}
