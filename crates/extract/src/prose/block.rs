//! One paragraph: its sentences' counts, shares and zeros as mentions.

use std::ops::Range;

use gongkai_lexicon::{CategoryId, CategoryKind, Lexeme, Lexicon};
use gongkai_page::{Block, check_time};

use super::aside::Aside;
use super::clauses::{Clauses, is_separator};
use super::numbers::{self, Quantity, Reading, Role};
use super::period::Years;
use super::respective::Respective;
use super::state::SentenceState;
use super::theme::{ListPlace, is_listed};
use super::verdict::{Verdict, applicant_of};
use super::window::{self, Window};
use super::words::Words;
use super::{Doubtful, DoubtfulReading, ProseReading, Share, pieces, section, zero};
use crate::fold::Folded;
use crate::model::{Applicant, Mention, Method, Period, Problem, Scope, Span, Status, UnitSource, Value};
use crate::number::{NumberToken, Unfit, is_apart};
use crate::statement::{Memory, SentenceReader, Whys, ending_behind, within};
use crate::value::{APART, TOO_LARGE, value_of};

/// Numbers behind it are parts of one before.
pub const PARTED: &str = "其中";
/// How sure a zero in words is.
const IN_WORDS: f32 = 0.85;
/// So many characters of a number are told; one in pieces can be endless.
const MAX_TOLD: usize = 40;

/// One paragraph while it is read.
pub struct BlockReader<'a> {
    /// The index in the page of its first block.
    pub index: u32,
    /// Its blocks: one, or the lines of which it was set.
    pub blocks: &'a [Block],
    /// The page's text.
    pub page_text: &'a str,
    /// Its folded text.
    pub folded: &'a Folded,
    /// Its numbers.
    pub tokens: &'a [NumberToken],
    /// Whether a number may go on from the line before it, and into the next.
    pub goes_on: [bool; 2],
    /// Its known words.
    pub words: &'a Words,
    /// The same, as words of statements.
    pub lexemes: &'a [Lexeme],
    /// Its clauses.
    pub clauses: &'a Clauses,
    /// Its brackets.
    pub brackets: &'a [Range<usize>],
    /// What is known.
    pub lexicon: &'a Lexicon,
    /// The chapter it stands in.
    pub section: Option<&'a str>,
    /// The reporting year.
    pub year: Option<i16>,
    /// The years that the paragraph names.
    pub years: &'a Years,
    /// Where it says 其中.
    pub parts: &'a [usize],
    /// Takes down how numbers are read, where somebody wants to know.
    pub whys: Option<&'a Whys>,
}

impl BlockReader<'_> {
    pub fn text(&self) -> &str {
        &self.folded.text
    }

    /// Reads its sentences.
    pub fn read(&self, memory: &mut Memory, reading: &mut ProseReading) {
        if self.section == Some("section.problems") {
            return;
        }
        let lead = section::lead(self.text());
        let mut head = None;
        for sentence in section::sentences(self.text()) {
            check_time();
            if reading.is_full() {
                return;
            }
            let mut quantities = numbers::quantities(
                self.text(),
                &sentence,
                self.tokens,
                self.clauses,
                self.words,
                self.lexicon,
            );
            self.touch_ends(&mut quantities);
            reading.numbers += quantities.len();
            let mut state = SentenceState {
                sentence: sentence.clone(),
                // A short sentence at the start is no heading of its own numbers.
                lead: if lead.end <= sentence.start { lead.clone() } else { 0..0 },
                first: reading.mentions.len(),
                head,
                part_of: None,
                themes: false,
                of_sum: self.tells_parts_of_sum(&sentence, reading),
            };
            self.read_counts(&quantities, &mut state, memory, reading);
            self.read_zeros(&sentence, &quantities, &mut state, memory, reading);
            head = state.head;
        }
    }

    /// Whether a sentence tells parts of what the one before summed up over years.
    fn tells_parts_of_sum(&self, sentence: &Range<usize>, reading: &ProseReading) -> bool {
        let goes_on = self
            .text()
            .get(sentence.clone())
            .unwrap_or("")
            .trim_start()
            .starts_with(PARTED);
        let first = self.blocks.first().map_or(0, |block| block.span.start);
        let end = self.folded.span(sentence.clone()).start;
        let is_here = |mention: &&Mention| (first..end as usize).contains(&(mention.span.start as usize));
        let mut before = reading.mentions.iter().rev().take_while(is_here);
        let last = before
            .next()
            .filter(|last| goes_on && last.period == Period::Cumulative);
        // 全年公开5条，历年累计90条。其中…: they can be parts of either.
        last.is_some_and(|last| !before.any(|other| other.category == last.category))
    }

    /// Notes which numbers go on in the line before or the next.
    fn touch_ends(&self, quantities: &mut [Quantity]) {
        let [before, behind] = self.goes_on;
        if let Some(first) = quantities
            .first_mut()
            .filter(|first| before && first.token.range.start == 0)
        {
            *first = first.clone().touched();
        }
        let end = self.text().len();
        if let Some(last) = quantities.last_mut().filter(|last| behind && last.end == end) {
            *last = last.clone().touched();
        }
    }

    fn read_counts(
        &self,
        quantities: &[Quantity],
        state: &mut SentenceState,
        memory: &mut Memory,
        reading: &mut ProseReading,
    ) {
        let statements = self.statements(state.sentence.clone(), state.lead.clone());
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
            // 属于三类内部事务信息: a number within a word counts nothing.
            if self.is_within_word(&quantity.token.range) {
                continue;
            }
            let goes_on = state.first < reading.mentions.len();
            let window = self.window(quantities, position, limit, state, memory, goes_on);
            if let Some(list) = Respective::find(&window, quantities, position, self.words, self.lexicon) {
                self.read_list(&list, &window, &statements, quantities, memory, reading);
                done = list.numbers.last().map_or(done, |number| number + 1);
                limit = list
                    .numbers
                    .last()
                    .and_then(|last| quantities.get(*last))
                    .map_or(limit, |last| last.end);
                last = None;
                continue;
            }
            let touched = pieces::at_comma(self.text(), quantities, position).then(|| quantity.clone().touched());
            let quantity = touched.as_ref().unwrap_or(quantity);
            if aside.takes(&window, self.words, self.lexicon) {
                limit = quantity.end;
                last = None;
                continue;
            }
            let decision = statements.read(quantity, limit, window.right.end, memory);
            let verdict = self.verdict(&decision, quantity, &window, state.themes);
            let verdict = verdict.or(|| self.sum_of(last, quantity, &window, reading));
            let Verdict { found, also } =
                verdict.unless(|category| self.is_legal_work(category, quantity, &state.sentence));
            found.iter().for_each(|found| memory.add(found.category));
            if let (Some(whys), Some(found)) = (self.whys, &found) {
                whys.verdict(self.lexicon.categories.code(found.category), found.confidence);
            }
            let themes = found
                .as_ref()
                .is_some_and(|found| found.category == self.lexicon.categories.theme());
            if found.is_none() {
                aside.unread(&window, self.words, self.lexicon);
            }
            let opened = found.as_ref().map(|found| found.category);
            let consumed = found
                .as_ref()
                .map_or(quantity.end, |found| found.consumed.max(quantity.end));
            // 其中自然人申请40件 tells whose requests they are, not only of some.
            let of_all = found
                .as_ref()
                .filter(|found| found.applicant == Applicant::All && !found.is_new);
            let part_of = of_all.and_then(|found| self.part_of(found.category, &window, state.part_of, reading));
            last = found.and_then(|found| self.push(quantity, &found, part_of.is_some(), &window, reading));
            limit = consumed.max(limit);
            if let Some(mention) = last {
                also.iter()
                    .for_each(|category| self.also(mention, *category, memory, reading));
                self.all_of_them(quantity, mention, &window, &statements, memory, reading);
                self.shared_zero(quantity, mention, &window, &statements, memory, reading);
            }
            let listed = window.list.listed;
            state.part_of = part_of.or(state.part_of);
            state.set_head(opened, quantity, listed, self.lexicon);
            state.themes = themes;
        }
    }

    /// Whether a number is a part of a word.
    fn is_within_word(&self, number: &Range<usize>) -> bool {
        let lexeme = ending_behind(self.lexemes, number.start);
        lexeme.is_some_and(|lexeme| lexeme.start <= number.start && number.end <= lexeme.end)
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
        let section = &self.lexicon.categories.get(category).section;
        matches!(section.as_str(), "cases" | "requests")
            && quantity.token.amount.digits != 0
            && self.section != Some("section.cases")
            && self.words.any(&grammar.legal_work)
            && !self.words.any_in(sentence, &grammar.of_disclosure)
    }

    /// The surroundings of the number at a position; what stands before `limit` belongs to the numbers before.
    fn window<'s>(
        &'s self,
        quantities: &[Quantity],
        position: usize,
        limit: usize,
        state: &'s SentenceState,
        memory: &Memory,
        goes_on: bool,
    ) -> Window<'s> {
        let quantity = &quantities[position];
        let next = quantities[position + 1..].iter().find(|next| next.role != Role::Other);
        let bound = next.map_or(state.sentence.end, |next| next.token.range.start);
        let listed = is_listed(self.text(), quantities, position, self.words, self.lexicon);
        let before = state.sentence.start..quantity.token.range.start;
        Window {
            text: self.text(),
            lexemes: self.lexemes,
            clauses: self.clauses,
            left: limit..quantity.token.range.start,
            right: quantity.end..bound,
            sentence: state.sentence.clone(),
            section: self.section,
            list: ListPlace {
                goes_on,
                // 在主动公开的信息中，…: a list without its total.
                headed: state.heads(quantity, listed, self.lexicon) || listed && self.of_disclosed(&before),
                listed,
                below_total: memory.open().contains(&self.lexicon.categories.disclosed()),
            },
            year: self.year,
            years: self.years,
            of_sum: state.of_sum,
        }
    }

    /// Whether words name what was disclosed as a whole of which parts follow: 主动公开的信息中.
    fn of_disclosed(&self, before: &Range<usize>) -> bool {
        let grammar = self.lexicon.prose.grammar();
        let whole = self.words.last_in(before, &grammar.partitive);
        let disclose = self.lexicon.statements.grammar().disclose;
        let said = |range: Range<usize>| {
            within(self.lexemes, &range)
                .iter()
                .any(|lexeme| lexeme.features.contains(disclose))
        };
        whole.is_some_and(|(_, end)| said(before.start..end))
    }

    /// Notes the numbers of a list whose labels stand before it.
    fn read_list(
        &self,
        list: &Respective,
        window: &Window<'_>,
        statements: &SentenceReader<'_>,
        quantities: &[Quantity],
        memory: &mut Memory,
        reading: &mut ProseReading,
    ) {
        let found = list.categories(statements, quantities, memory);
        for ((composed, label), number) in found.iter().zip(&list.labels).zip(&list.numbers) {
            if let (Some(composed), Some(quantity)) = (composed, quantities.get(*number)) {
                let found = window::Found {
                    applicant: applicant_of(composed),
                    ..window::Found::listed(composed.category, label.clone(), quantity)
                };
                self.push(quantity, &found, false, window, reading);
                memory.add(composed.category);
            }
        }
    }

    /// Whether the words between a count and a percentage make it the count's share: 占总数的, or nothing but marks.
    fn names_share(&self, between: &Range<usize>) -> bool {
        let words = self.text().get(between.clone()).unwrap_or("");
        let marks = words.chars().all(|c| is_separator(c) || "(（约、 ".contains(c));
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
        if quantity.in_pieces {
            self.leave_out(
                quantity,
                found,
                "number_in_pieces",
                "another number touches it",
                reading,
            );
            return None;
        }
        let kind = self.lexicon.categories.get(found.category).kind;
        let unit = quantity.unit.as_ref().map(|(name, _)| name.clone());
        let scale = unit
            .as_deref()
            .and_then(|unit| self.lexicon.units.exact(unit))
            .map_or(1, |unit| unit.scale);
        let first = quantity.readings.first();
        let value = match first {
            Some(reading) => Ok(Value::Count(reading.count)),
            None => value_of(quantity.token.amount, kind, scale),
        };
        let value = match value {
            Ok(value) => value,
            Err(unfit) => {
                let (code, why) = match unfit {
                    Unfit::Fraction => ("lost_unit", "no whole number; a 万 may have been lost"),
                    Unfit::TooLarge => ("amount_out_of_range", TOO_LARGE),
                };
                self.leave_out(quantity, found, code, why, reading);
                return None;
            }
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
        let span = self
            .folded
            .span(first.map_or(quantity.token.range.clone(), |reading| reading.digits.clone()));
        let mention = Mention {
            category: found.category,
            label: found.label.clone().map(|label| self.printed(label)),
            template_row: None,
            relation: gongkai_lexicon::Relation::Exact,
            applicant: found.applicant,
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
            confidence: if is_apart(self.printed_at(span)) {
                found.confidence.min(APART)
            } else {
                found.confidence
            },
        };
        let index = reading.add(mention, self.rank(found.category, scope, [found.direct, found.is_new]));
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

    /// Says why a number is no value.
    fn leave_out(
        &self,
        quantity: &Quantity,
        found: &window::Found,
        code: &'static str,
        why: &str,
        reading: &mut ProseReading,
    ) {
        let category = self.lexicon.categories.code(found.category);
        let number = self.text().get(quantity.token.range.clone()).unwrap_or_default();
        let number: String = number.chars().take(MAX_TOLD).collect();
        reading.problems.push(Problem {
            stage: "prose",
            code,
            span: Some(self.folded.span(quantity.token.range.clone())),
            message: format!("{category}: {why}: {number}"),
        });
    }

    /// The printed characters of a span.
    fn printed_at(&self, span: Span) -> &str {
        let span = span.start as usize..span.end as usize;
        self.page_text.get(span).unwrap_or_default()
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
        let parted = self.parted(&(window.sentence.start..window.left.end))?;
        let near = window.left.contains(&parted);
        let period = window.period(self.words, self.lexicon);
        // 收取2950元。其中，甲局1件，收取420元: a number of another kind can stand between.
        let before = self.folded.span(parted..parted).start;
        let is_part = reading.said.has_whole(category, period, before)
            || near && reading.said.has_part(category, period, categories);
        is_part.then_some(category)
    }

    /// Where the last 其中 of a range stands.
    fn parted(&self, range: &Range<usize>) -> Option<usize> {
        let end = range.end.checked_sub(PARTED.len())?;
        let last = self.parts.partition_point(|at| *at <= end).checked_sub(1)?;
        self.parts.get(last).copied().filter(|at| *at >= range.start)
    }

    fn doubtful_reading(&self, option: &Reading) -> DoubtfulReading {
        DoubtfulReading {
            count: option.count,
            span: self.folded.span(option.digits.clone()),
            share: option.share,
        }
    }

    pub fn printed(&self, range: Range<usize>) -> String {
        self.text().get(range).unwrap_or("").to_owned()
    }

    /// A statement in the section of its matter counts more than one in passing, a part of the body less than all.
    fn rank(&self, category: CategoryId, scope: Scope, [direct, is_new]: [bool; 2]) -> u8 {
        let own = &self.lexicon.categories.get(category).section;
        let in_section = self
            .section
            .is_some_and(|section| section.strip_prefix("section.") == Some(own));
        let bits = [scope != Scope::Subset, in_section, direct, is_new];
        bits.iter().fold(0, |rank, bit| rank * 2 + u8::from(*bit))
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
    fn shared_zero(
        &self,
        quantity: &Quantity,
        mention: usize,
        window: &Window<'_>,
        statements: &SentenceReader<'_>,
        memory: &Memory,
        reading: &mut ProseReading,
    ) {
        if quantity.token.amount.digits != 0 || !quantity.readings.is_empty() {
            return;
        }
        let zeros = zero::ZeroReader { statements };
        for category in zeros.labels(&window.clause(), &mut memory.clone()) {
            let Some(original) = reading.mentions.get(mention) else {
                return;
            };
            let same_kind =
                self.lexicon.categories.get(category).kind == self.lexicon.categories.get(original.category).kind;
            if category != original.category && same_kind {
                let copy = Mention {
                    category,
                    ..original.clone()
                };
                let rank = reading.ranks.get(mention).copied().unwrap_or(0);
                reading.add(copy, rank);
            }
        }
    }

    fn statements(&self, sentence: Range<usize>, lead: Range<usize>) -> SentenceReader<'_> {
        SentenceReader {
            text: self.text(),
            lexemes: self.lexemes,
            clauses: self.clauses,
            brackets: self.brackets,
            lexicon: self.lexicon,
            sentence,
            lead,
            section: self.section,
            year: self.year,
            whys: self.whys,
        }
    }

    /// Zeros said in words: 未收到, 没有发生, 无.
    fn read_zeros(
        &self,
        sentence: &Range<usize>,
        quantities: &[Quantity],
        state: &mut SentenceState,
        memory: &mut Memory,
        reading: &mut ProseReading,
    ) {
        let statements = self.statements(sentence.clone(), 0..0);
        let zeros = zero::ZeroReader {
            statements: &statements,
        };
        for found in zeros.find(sentence, quantities, memory) {
            let window = Window {
                text: self.text(),
                lexemes: self.lexemes,
                clauses: self.clauses,
                left: sentence.start..found.words.end,
                right: found.words.end..found.words.end,
                sentence: sentence.clone(),
                section: self.section,
                list: ListPlace::default(),
                year: self.year,
                years: self.years,
                of_sum: false,
            };
            let already = reading.mentions[state.first..]
                .iter()
                .any(|mention| mention.category == found.category);
            if already {
                continue;
            }
            if let Some(whys) = self.whys {
                whys.verdict(self.lexicon.categories.code(found.category), IN_WORDS);
            }
            let (scope, scope_label) = window.scope(found.category, self.words, self.lexicon, self.text());
            let span = self.folded.span(found.words);
            let mention = Mention {
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
                confidence: IN_WORDS,
            };
            reading.add(mention, self.rank(found.category, scope, [false, false]));
        }
    }
}
