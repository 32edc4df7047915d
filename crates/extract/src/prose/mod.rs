//! Reads statistics out of sentences: numbers with the words around them, shares, and zeros said in words.
//!
//! The words and rules stand in `data/prose`; here is only the grammar. Numbers that are dates, addresses, changes or
//! other matters' counts are left alone.

mod numbers;
mod window;
mod words;
mod zero;

use std::ops::Range;

use gongkai_lexicon::{CategoryId, CategoryKind, Lexicon, ProseRule, RuleCategory, UnitClass};
use gongkai_page::{Block, BlockKind, Page};

use crate::fold::Folded;
use crate::model::{Applicant, Mention, Method, Problem, Scope, Status, UnitSource, Value};
use crate::number::{Amount, scan};
use crate::value::value_of;
use numbers::{Quantity, Reading, Role};
use window::Window;
use words::{Words, brackets};

/// What the sentences of a page say.
#[derive(Debug, Default)]
pub struct ProseReading {
    /// Every value read.
    pub mentions: Vec<Mention>,
    /// Printed shares of mentions.
    pub shares: Vec<Share>,
    /// Mentions whose digits can be read in several ways.
    pub doubtful: Vec<Doubtful>,
    /// What was left out, and why.
    pub problems: Vec<Problem>,
    /// Rank of each mention among those of its key: statements in their own section first.
    pub ranks: Vec<u8>,
    /// How many different standard chapters the page has.
    pub chapters: usize,
    /// How many numbers were looked at.
    numbers: usize,
}

impl ProseReading {
    fn is_full(&self) -> bool {
        self.mentions.len() > MAX_MENTIONS || self.numbers > MAX_NUMBERS
    }
}

/// A printed share, 占57.7%.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    /// The mention it is a share of.
    pub mention: usize,
    /// The share in per cent.
    pub percent: Amount,
}

/// A mention whose digits were glued to something.
#[derive(Debug, Clone)]
pub struct Doubtful {
    /// The mention.
    pub mention: usize,
    /// The ways to read it.
    pub readings: Vec<DoubtfulReading>,
}

/// One way to read a doubtful mention.
#[derive(Debug, Clone)]
pub struct DoubtfulReading {
    /// The count.
    pub count: i64,
    /// The digits that are the count.
    pub span: crate::model::Span,
    /// The share that was glued to it.
    pub share: Option<Amount>,
}

/// Longest line that can be a section's heading, in characters.
const MAX_HEADING: usize = 45;
/// No sentence of a report is longer, in bytes; reading takes more than linear time in it.
const MAX_SENTENCE: usize = 8000;
/// So many values, or numbers at all, make a page something else than a report: the rest stays unread.
const MAX_MENTIONS: usize = 5000;
const MAX_NUMBERS: usize = 20_000;
/// Longest lead-in of a paragraph (`5. 其他途径。`), in bytes.
const MAX_LEAD: usize = 60;

/// Reads the sentences of every block that is no table.
#[must_use]
pub fn read(
    page: &Page,
    table_blocks: &[u32],
    lexicon: &Lexicon,
    traditional: bool,
    year: Option<i16>,
) -> ProseReading {
    let mut reading = ProseReading::default();
    let mut section: Option<String> = None;
    let mut openers: Vec<CategoryId> = Vec::new();
    let mut chapters: Vec<String> = Vec::new();
    for (index, block) in (0u32..).zip(&page.blocks) {
        let in_table = matches!(block.kind, BlockKind::Table(_)) || table_blocks.binary_search(&index).is_ok();
        if in_table || is_navigation(block) {
            continue;
        }
        if reading.is_full() {
            break;
        }
        let folded = Folded::new(&page.text, block.span.clone(), &lexicon.script, traditional);
        let words = Words::find(&folded.text, &lexicon.prose);
        let text = folded.text.as_str();
        if let Some((named, rest)) = heading(text, block, &words, lexicon) {
            if let Some(name) = named.as_ref().filter(|name| !chapters.contains(name)) {
                chapters.push(name.clone());
            }
            section = named;
            openers.clear();
            if rest >= text.len() {
                continue;
            }
        }
        let brackets = brackets(text);
        let reader = BlockReader {
            index,
            folded: &folded,
            words: &words,
            brackets: &brackets,
            lexicon,
            section: section.as_deref(),
            year,
        };
        reader.read(&mut openers, &mut reading);
    }
    reading.chapters = chapters.len();
    if reading.is_full() {
        reading.problems.push(Problem {
            stage: "prose",
            code: "too_many_values",
            span: None,
            message: format!(
                "more numbers than a report can have; the rest is left out after: {}",
                reading.numbers
            ),
        });
    }
    reading
}

/// Blocks that are mostly links say nothing of this report.
fn is_navigation(block: &Block) -> bool {
    block.link_bytes * 2 > block.span.len()
}

/// The section that a heading opens, and where its text ends: the whole block, or its first words.
fn heading(text: &str, block: &Block, words: &Words, lexicon: &Lexicon) -> Option<(Option<String>, usize)> {
    let numbered = gongkai_lexicon::strip_enumerator(text).len() < text.len()
        && text
            .trim_start_matches('(')
            .starts_with(['一', '二', '三', '四', '五', '六', '七', '八', '九', '十']);
    let end = text.find(['。', '，', '\n']).unwrap_or(text.len());
    let short = text.get(..end).is_some_and(|lead| lead.chars().count() <= MAX_HEADING);
    let whole = end == text.len();
    let is_heading = matches!(block.kind, BlockKind::Heading(_))
        || numbered
        || whole && text.chars().count() <= 30 && !has_number(text);
    if !is_heading || !short {
        return None;
    }
    // A heading names its matter; where it names several, the more particular one counts.
    const ORDER: [&str; 9] = [
        "problems",
        "fees",
        "cases",
        "consult",
        "requests",
        "response",
        "resources",
        "proactive",
        "overview",
    ];
    let range = 0..end;
    let named = ORDER
        .iter()
        .find(|name| words.any_in(&range, &lexicon.prose.set(&format!("section.{name}"))));
    let rest = if whole { text.len() } else { 0 };
    match named {
        Some(name) => Some((Some(format!("section.{name}")), rest)),
        // A chapter of another matter ends the one before: 六、其他事项 is not about the problems of 五.
        None if numbered && !text.starts_with('(') => Some((None, rest)),
        None => None,
    }
}

fn has_number(text: &str) -> bool {
    scan(text).iter().any(|token| !token.chinese)
}

struct BlockReader<'a> {
    index: u32,
    folded: &'a Folded,
    words: &'a Words,
    brackets: &'a [Range<usize>],
    lexicon: &'a Lexicon,
    section: Option<&'a str>,
    year: Option<i16>,
}

impl BlockReader<'_> {
    fn text(&self) -> &str {
        &self.folded.text
    }

    fn read(&self, openers: &mut Vec<CategoryId>, reading: &mut ProseReading) {
        if self.section == Some("section.problems") {
            return;
        }
        let tokens = scan(self.text());
        let lead = self.lead();
        let mut topic = None;
        for sentence in sentences(self.text()) {
            if reading.is_full() {
                return;
            }
            let quantities = numbers::quantities(self.text(), &sentence, &tokens, self.words, self.lexicon);
            reading.numbers += quantities.len();
            let mut state = SentenceState {
                sentence: sentence.clone(),
                lead: lead.clone(),
                first: reading.mentions.len(),
                topic,
                openers: std::mem::take(openers),
            };
            self.read_counts(&quantities, &mut state, reading);
            self.read_zeros(&sentence, &quantities, &mut state, reading);
            topic = window::last_case(self.words, &sentence, self.lexicon).or(state.topic);
            *openers = state.openers;
        }
    }

    /// The first words of a paragraph that name its matter: `2. 政府网站。`.
    fn lead(&self) -> Range<usize> {
        let end = self.text().find('。').unwrap_or(0);
        if end <= MAX_LEAD { 0..end } else { 0..0 }
    }

    fn read_counts(&self, quantities: &[Quantity], state: &mut SentenceState, reading: &mut ProseReading) {
        let mut limit = state.sentence.start;
        let mut last: Option<usize> = None;
        for (position, quantity) in quantities.iter().enumerate() {
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
            let next = quantities[position + 1..].iter().find(|next| next.role != Role::Other);
            let bound = next.map_or(state.sentence.end, |next| next.token.range.start);
            let window = Window {
                text: self.text(),
                left: limit..quantity.token.range.start,
                right: quantity.end..bound,
                lead: state.lead.clone(),
                sentence: state.sentence.clone(),
                section: self.section,
                topic: state.topic,
                openers: &state.openers,
            };
            let found = window.find(
                quantity,
                self.words,
                self.brackets,
                self.lexicon,
                state.first < reading.mentions.len(),
            );
            let opened = found.as_ref().map(|found| found.category);
            let consumed = found
                .as_ref()
                .map_or(quantity.end, |found| found.consumed.max(quantity.end));
            last = found.and_then(|found| self.push(quantity, &found, &window, reading));
            limit = consumed.max(limit);
            if let Some(mention) = last {
                self.all_of_them(quantity, mention, &window, reading);
                self.shared_zero(quantity, mention, &window, reading);
            }
            state.open(opened, self.lexicon);
        }
    }

    /// Whether the words between a count and a percentage make it the count's share: 占总数的, or nothing but marks.
    fn names_share(&self, between: &Range<usize>) -> bool {
        let words = self.text().get(between.clone()).unwrap_or("");
        let marks = words
            .chars()
            .all(|c| numbers::is_separator(c) || "(（约、 ".contains(c));
        marks || self.words.any_in(between, &self.lexicon.prose.set("share"))
    }

    /// Notes a mention; its index, unless the number is no whole number of anything.
    fn push(
        &self,
        quantity: &Quantity,
        found: &window::Found,
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
        if self.is_part_of_same(found.category, window, reading) {
            (scope, scope_label) = (Scope::Subset, Some("其中".to_owned()));
        }
        let status = if quantity.approximate {
            Status::Approximate
        } else {
            Status::Reported
        };
        let index = reading.mentions.len();
        reading.mentions.push(Mention {
            category: found.category,
            label: found.label.clone().map(|label| self.printed(label)),
            template_row: None,
            relation: gongkai_lexicon::Relation::Exact,
            applicant: Applicant::All,
            period: window.period(self.words, self.lexicon, self.year),
            value,
            unit_source: if unit.is_some() {
                UnitSource::Cell
            } else {
                UnitSource::Form
            },
            unit_printed: unit,
            status,
            method: Method::Prose,
            block: self.index,
            span: self
                .folded
                .span(first.map_or(quantity.token.range.clone(), |reading| reading.digits.clone())),
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

    /// 共举办191场发布会,其中…发布会151场: the second number is a part of the first, not another reading of it.
    fn is_part_of_same(&self, category: CategoryId, window: &Window<'_>, reading: &ProseReading) -> bool {
        let named = window.left.start..window.left.end;
        let part = self.text().get(named).is_some_and(|words| words.contains("其中"));
        let list = self.lexicon.categories.get(category).kind == CategoryKind::List;
        let before = reading
            .mentions
            .iter()
            .rev()
            .take_while(|mention| mention.block == self.index);
        part && !list
            && before
                .into_iter()
                .any(|mention| mention.category == category && mention.scope != Scope::Subset)
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
        let Some(original) = reading.mentions.get(mention) else {
            return;
        };
        if original.category == category || quantity.readings.len() > 1 {
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
            reading.mentions.push(Mention {
                category: found.category,
                label: Some(self.printed(found.clause)),
                template_row: None,
                relation: gongkai_lexicon::Relation::Exact,
                applicant: Applicant::All,
                period: window.period(self.words, self.lexicon, self.year),
                value: crate::value::zero(self.lexicon.categories.get(found.category).kind),
                unit_printed: None,
                unit_source: UnitSource::Form,
                status: Status::InWords,
                method: Method::Prose,
                block: self.index,
                span: self.folded.span(found.words),
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

struct SentenceState {
    sentence: Range<usize>,
    lead: Range<usize>,
    first: usize,
    topic: Option<usize>,
    /// The totals of one matter that were named and whose parts may follow.
    openers: Vec<CategoryId>,
}

impl SentenceState {
    /// Notes a total whose parts may follow. A total of another matter closes the lists of the one before.
    fn open(&mut self, category: Option<CategoryId>, lexicon: &Lexicon) {
        let Some(category) = category.filter(|category| lexicon.prose.opens_list(*category)) else {
            return;
        };
        let matter = |id| lexicon.categories.code(id).split('.').next().map(str::to_owned);
        self.openers
            .retain(|other| matter(*other) == matter(category) && *other != category);
        self.openers.push(category);
    }
}

/// The sentences of a folded text, without their closing marks; what never closes is cut at a length.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, mark) in text.match_indices(['。', '!', '?', '！', '？']) {
        cut(text, start..at, &mut out);
        start = at + mark.len();
    }
    cut(text, start..text.len(), &mut out);
    out
}

fn cut(text: &str, range: Range<usize>, out: &mut Vec<Range<usize>>) {
    let mut start = range.start;
    while range.end - start > MAX_SENTENCE {
        let end = text.floor_char_boundary(start + MAX_SENTENCE);
        out.push(start..end);
        start = end;
    }
    if range.end > start {
        out.push(start..range.end);
    }
}

/// Whether a rule may be used on a number with this unit.
fn unit_fits(rule: &ProseRule, quantity: &Quantity, kind: CategoryKind) -> bool {
    match &quantity.unit {
        Some((_, class)) => rule.units.contains(class) && (kind == CategoryKind::Money) == (*class == UnitClass::Money),
        None => !rule.units.is_empty() && kind != CategoryKind::Money,
    }
}

/// The category a rule names in a sentence that speaks of `topic`.
fn rule_category(rule: &ProseRule, topic: Option<usize>) -> Option<CategoryId> {
    match &rule.category {
        RuleCategory::Fixed(category) => Some(*category),
        RuleCategory::Case(categories) => topic.and_then(|topic| categories.get(topic).copied().flatten()),
    }
}
