//! Reads a number in a sentence as a statement: who did what to which thing, through what, for whom and why.
//!
//! The words' meanings and what they make together stand in `data/prose`; here is how the words around a number are put
//! together. What has no composition is not read, and a thing that is none of the reports' takes the numbers that count it.

mod around;
mod gather;
mod memory;
mod why;

use std::ops::Range;

use gongkai_lexicon::{
    Composed, FeatureId, FeatureKind, FeatureSet, Lexeme, Lexicon, Means, StatementUnit, Statements, Surroundings,
};

use crate::prose::{Clauses, Quantity};
use crate::work;
use around::Around;
use gather::Gathered;

pub use around::is_bare;
pub use gather::{ending_behind, within};
pub use memory::Memory;
pub use why::{Meaning, Why, Whys};

/// So many characters that are no known words make a name.
const UNKNOWN: usize = 2;

/// So many between what was done and a number name what it was done to.
const TOPIC: usize = 4;

/// What a number is.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// It counts a category.
    Read(Statement),
    /// It counts something that no report's statistics have.
    Taken,
    /// No composition fits what is said of it.
    Unread,
}

/// A number that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// What it counts.
    pub composed: Composed,
    /// The words that say so.
    pub label: Range<usize>,
    /// One past the words used up behind the number.
    pub consumed: usize,
    /// Where the words that say so stand.
    pub evidence: Evidence,
    /// Whether something is said to be done.
    pub acts: bool,
    /// Whether it is told apart from what is not the year's own: 新收.
    pub is_new: bool,
}

/// Where the words stand that say what a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// With the number.
    Direct,
    /// Some of them with the number before.
    Inherited,
    /// Some of them in a clause before.
    Far,
}

/// The numbers of a sentence, and what is known of its words.
pub struct SentenceReader<'a> {
    /// The folded text.
    pub text: &'a str,
    /// Its words.
    pub lexemes: &'a [Lexeme],
    /// Its clauses.
    pub clauses: &'a Clauses,
    /// Its brackets.
    pub brackets: &'a [Range<usize>],
    /// What is known.
    pub lexicon: &'a Lexicon,
    /// The sentence.
    pub sentence: Range<usize>,
    /// The first words of its paragraph, which name its matter: 2.政府网站。
    pub lead: Range<usize>,
    /// The chapter.
    pub section: Option<&'a str>,
    /// The report's year.
    pub year: Option<i16>,
    /// Takes down how numbers are read, where somebody wants to know.
    pub whys: Option<&'a Whys>,
}

impl SentenceReader<'_> {
    fn begin_why(&self, number: &Range<usize>) {
        if let Some(whys) = self.whys {
            whys.begin(self.text, &self.sentence, number, self.lexemes, self.lexicon);
        }
    }

    /// Reads a number; what stands before `limit` belongs to the numbers before it, what stands behind `bound` to the next.
    pub fn read(&self, quantity: &Quantity, limit: usize, bound: usize, memory: &mut Memory) -> Decision {
        work::note(1);
        self.begin_why(&(quantity.token.range.start..quantity.end));
        let around = Around::of(self, quantity, limit, bound);
        let grammar = self.lexicon.statements.grammar();
        let unit = unit_of(quantity);
        let gather = |range: &Range<usize>| self.gather(range, unit, quantity.token.range.start);
        let left = gather(&around.left);
        let has = |feature: FeatureId| left.others.contains(feature);
        if has(grammar.modal) || left.is_each {
            return self.unread(left, memory);
        }
        let left_end = left.end;
        if right_denies(self.lexemes, &around.right, grammar.zero) {
            return Decision::Unread;
        }
        let right = self.gather_behind(&around.right, unit, quantity.token.range.start);
        let far = gather(&around.far);
        // What a semicolon ends is not gone on with.
        let ended = self
            .text
            .get(limit..quantity.token.range.start)
            .is_some_and(|text| text.contains([';', '；']));
        let said = memory.said(&self.sentence).filter(|_| !ended);
        let mut means = Bound::of(left, right, &around);
        means.join_channels(&self.lexicon.statements);
        let unknown = around::unknown(self, &around.left);
        if self.names_topic(&around.left) {
            means.others.insert(grammar.topic);
        }
        if quantity.unit.is_none()
            && quantity.readings.is_empty()
            && !self.is_labelled(quantity, &around, means.uses_right, left_end)
        {
            return Decision::Unread;
        }
        if means.thing.is_none() && !means.is_foreign {
            // A name that is not known is no name of what was counted before: 解读7条，农业动态3条.
            let is_known = unknown < UNKNOWN && !means.near.contains(grammar.theme);
            means.take_thing(&far, said.filter(|_| is_known));
        }
        self.whys.into_iter().for_each(|whys| whys.means(&means, self.lexicon));
        if means.is_foreign {
            memory.take(self.sentence.clone());
            return Decision::Taken;
        }
        let acts = !means.acts.is_empty();
        means.take_acts(&far, said, self.lexicon.statements.of_kind(FeatureKind::Channel));
        let inherits = !acts && far.acts.is_empty() && !means.acts.is_empty();
        means.others.extend(&far.others.both(&grammar.far_reaching));
        self.take_lead(&mut means);
        // 公开许可15条、预算信息9条: what only goes on with a list is no total.
        let goes_on = inherits && means.is_own && !means.near.contains(grammar.cumulative);
        // 网站改版，全年编发信息50条: over the website or not.
        let channels = self.lexicon.statements.of_kind(FeatureKind::Channel);
        let is_left_open = acts && !means.others.intersects(channels) && far.others.both(channels).iter().count() == 1;
        if goes_on || is_left_open {
            means.others.insert(grammar.topic);
        }
        let case = self.case(&(around.far.start..around.right.end)).or(memory.case());
        let composed = self.compose_told(&means, unit, case, memory);
        memory.note(
            self.sentence.clone(),
            &means,
            case,
            composed.map(|composed| composed.category),
        );
        match composed {
            None => Decision::Unread,
            Some(composed) => Decision::Read(Statement {
                composed,
                label: if means.uses_right && around.left_is_bare {
                    around.right.clone()
                } else {
                    around.left.clone()
                },
                consumed: if means.uses_right {
                    around.right.end
                } else {
                    quantity.end
                },
                evidence: means.evidence,
                acts,
                is_new: means.near.contains(grammar.new),
            }),
        }
    }

    /// Whether a name that no word is known of stands between what was done and the number: 公开“山水”品牌宣传等信息18条.
    fn names_topic(&self, left: &Range<usize>) -> bool {
        let acts = self.lexicon.statements.of_kind(FeatureKind::Act);
        let mut lexemes = within(self.lexemes, left).iter();
        let done = lexemes.rfind(|lexeme| lexeme.features.intersects(acts));
        let from = done.map_or(left.start, |done| done.end);
        around::unknown(self, &(from..left.end)) >= TOPIC
    }

    /// A paragraph that is about one channel need not name it with each number: 2.政府网站。全年发布信息800条.
    fn take_lead(&self, means: &mut Bound) {
        let statements = &self.lexicon.statements;
        let channels = statements.of_kind(FeatureKind::Channel);
        let is_disclosed = means.acts.contains(&statements.grammar().disclose);
        if means.near.intersects(channels) || self.lead.is_empty() || !is_disclosed {
            return;
        }
        let lead = within(self.lexemes, &self.lead).iter();
        let mut said = FeatureSet::default();
        lead.for_each(|lexeme| said.extend(&lexeme.features));
        let (grammar, led) = (statements.grammar(), said.both(channels));
        // 我局无单独网站。 names no channel of what follows.
        if led.is_empty() || said.contains(grammar.zero) || said.contains(grammar.not_zero) {
            return;
        }
        means.others = means.others.without(channels);
        means.others.extend(&led);
        means.join_channels(statements);
        means.evidence = Evidence::Far;
    }

    /// Whether a number without a unit stands right behind its label and nothing of its own follows: 收到申请数5, not 线上线下5种.
    fn is_labelled(&self, quantity: &Quantity, around: &Around, uses_right: bool, left_end: usize) -> bool {
        let behind = self.text.get(quantity.end..).and_then(|behind| behind.chars().next());
        let between = self.text.get(left_end..around.left.end).unwrap_or("");
        let adjoins = between
            .chars()
            .all(|c| !c.is_alphanumeric() || self.lexicon.marks.label_end.contains(c));
        let is_apart = behind.is_none_or(|c| !c.is_alphanumeric()) || self.begins_channel(quantity.end);
        !uses_right && adjoins && between.len() <= 18 && is_apart
    }

    /// 网站公开14926微博公开4163条: the name of the next channel ends a number whose unit was lost.
    fn begins_channel(&self, at: usize) -> bool {
        let channels = self.lexicon.statements.of_kind(FeatureKind::Channel);
        let next = self.lexemes.partition_point(|lexeme| lexeme.start < at);
        let next = self.lexemes.get(next).filter(|next| next.start == at);
        next.is_some_and(|next| next.features.intersects(channels))
    }

    fn unread(&self, left: Gathered, memory: &mut Memory) -> Decision {
        if left.is_foreign {
            memory.take(self.sentence.clone());
        }
        Decision::Unread
    }

    /// The same, told to whoever wants to know why; of what is none of ours nothing is made.
    fn compose_told(
        &self,
        means: &Bound,
        unit: StatementUnit<'_>,
        case: Option<FeatureId>,
        memory: &Memory,
    ) -> Option<Composed> {
        let own = Some(means).filter(|means| !means.is_foreign);
        let composed = own.and_then(|means| self.compose(means, unit, case, memory));
        if let Some(whys) = self.whys {
            whys.means(means, self.lexicon);
            whys.composed(composed.as_ref(), self.lexicon);
        }
        composed
    }

    fn compose(
        &self,
        means: &Bound,
        unit: StatementUnit<'_>,
        case: Option<FeatureId>,
        memory: &Memory,
    ) -> Option<Composed> {
        let statements = &self.lexicon.statements;
        let applicants = means.near.both(statements.of_kind(FeatureKind::Applicant));
        let must = [
            // 公民、法人提出的申请: of several it is none's.
            if applicants.iter().count() == 1 {
                applicants
            } else {
                FeatureSet::default()
            },
            means.near.both(statements.of_kind(FeatureKind::Ground)),
        ];
        let means = Means {
            must,
            acts: &means.acts,
            thing: means.thing,
            is_own: means.is_own,
            others: &means.others,
            case,
            around: Surroundings {
                open: memory.open(),
                section: self.section,
            },
            unit,
            year: self.year,
        };
        statements.compose(&means, &self.lexicon.categories)
    }

    /// What a label of a list names whose numbers stand in another list; what is `common` to the labels is said of each.
    pub fn labelled(&self, label: &str, common: &str, quantity: &Quantity, memory: &Memory) -> Option<Composed> {
        self.begin_why(&(quantity.token.range.start..quantity.end));
        let unit = unit_of(quantity);
        let things = self.lexicon.statements.of_kind(FeatureKind::Thing);
        let words = self.lexicon.statements.words(label);
        // 现场、电话、网上咨询: 现场 is 现场咨询; but 发布会 in 发布会、在线访谈 is named.
        let mut said = [format!("{label}{common}"), label.to_owned()];
        if words.iter().any(|word| word.features.intersects(things)) {
            said.reverse();
        }
        said.iter().find_map(|said| {
            let reader = SentenceReader {
                text: said,
                lexemes: &self.lexicon.statements.words(said),
                brackets: &[],
                sentence: 0..said.len(),
                lead: 0..0,
                ..*self
            };
            let bound = Bound::alone(reader.gather(&(0..said.len()), unit, said.len()));
            let case = reader.case(&(0..said.len())).or(memory.case());
            self.compose_told(&bound, unit, case, memory)
        })
    }

    /// What is said of all that a number counts, in a clause without a number of its own: 均已答复. Of a single one it need
    /// not say 均.
    pub fn of_all(
        &self,
        clause: &Range<usize>,
        quantity: &Quantity,
        is_one: bool,
        memory: &Memory,
    ) -> Option<Composed> {
        let unit = unit_of(quantity);
        let gathered = self.gather(clause, unit, clause.start);
        let is_bracketed = self.text[..clause.start].ends_with('(');
        let grammar = self.lexicon.statements.grammar();
        let has = |feature: FeatureId| gathered.others.contains(feature);
        if gathered.is_foreign
            || has(grammar.modal)
            || has(grammar.rest)
            || !(is_one || has(grammar.all) || is_bracketed)
        {
            return None;
        }
        let case = self.case(clause).or(memory.case());
        self.compose(&Bound::alone(gathered), unit, case, memory)
    }

    /// What a label in a clause denies: 未收到信息公开申请, 行政复议、行政诉讼均为零. It has the acts of its clause, or else the thing,
    /// where it has none of its own.
    pub fn denied(&self, clause: &Range<usize>, label: &Range<usize>, memory: &Memory) -> Option<Composed> {
        self.begin_why(label);
        let gathered = self.gather(label, StatementUnit::Denied, label.start);
        let whole = self.gather(clause, StatementUnit::Denied, clause.start);
        if gathered.is_foreign || whole.others.contains(self.lexicon.statements.grammar().modal) {
            return None;
        }
        let case = self.case(label).or(memory.case());
        let compose =
            |gathered: Gathered| self.compose_told(&Bound::alone(gathered), StatementUnit::Denied, case, memory);
        let mut with_clause = gathered.clone();
        let says_all = !gathered.acts.is_empty() && gathered.thing.is_some();
        if gathered.acts.is_empty() {
            with_clause.acts = whole.acts;
        } else if gathered.thing.is_none() {
            // 未发生收费和减免: 减免 of what is charged.
            with_clause.thing = whole.thing;
        }
        compose(gathered).or_else(|| (!says_all).then(|| compose(with_clause)).flatten())
    }

    /// The case that was named last in a range.
    fn case(&self, range: &Range<usize>) -> Option<FeatureId> {
        let things = self.lexicon.statements.of_kind(FeatureKind::Thing);
        let within = within(self.lexemes, range);
        work::note(within.len());
        let lexemes = within.iter().rev();
        let mut cases = lexemes.flat_map(|lexeme| lexeme.features.both(things).iter().collect::<Vec<_>>());
        cases.find(|thing| self.lexicon.statements.is_case(*thing))
    }
}

/// What was put together of the words around a number.
pub struct Bound {
    acts: Vec<FeatureId>,
    thing: Option<FeatureId>,
    is_own: bool,
    is_foreign: bool,
    others: FeatureSet,
    /// What of it stands with the number.
    near: FeatureSet,
    uses_right: bool,
    evidence: Evidence,
}

/// 全年一件也没有: what stands behind the number denies it.
fn right_denies(lexemes: &[Lexeme], right: &Range<usize>, zero: FeatureId) -> bool {
    let first = within(lexemes, right).first();
    first.is_some_and(|first| first.start == right.start && first.features.contains(zero))
}

/// The unit of a number.
fn unit_of(quantity: &Quantity) -> StatementUnit<'_> {
    match &quantity.unit {
        Some((name, class)) => StatementUnit::Printed(name, *class),
        None => StatementUnit::None,
    }
}

impl Bound {
    /// Words that say all there is to say.
    fn alone(gathered: Gathered) -> Self {
        Self {
            is_own: gathered.thing.is_some(),
            acts: gathered.acts,
            thing: gathered.thing,
            is_foreign: gathered.is_foreign,
            near: gathered.others,
            others: gathered.others,
            uses_right: false,
            evidence: Evidence::Direct,
        }
    }

    /// The words beside a number: those before it, and where these do not say what it counts those behind its unit.
    fn of(left: Gathered, right: Gathered, around: &Around) -> Self {
        let needs_thing = left.thing.is_none() && !left.is_foreign;
        let needs_acts = left.acts.is_empty() && (around.right_is_near || needs_thing && right.thing.is_some());
        let mut bound = Self {
            is_own: left.thing.is_some(),
            acts: left.acts,
            thing: left.thing,
            is_foreign: left.is_foreign,
            near: left.others,
            others: left.others,
            uses_right: false,
            evidence: Evidence::Direct,
        };
        if needs_thing && (right.thing.is_some() || right.is_foreign) {
            bound.thing = right.thing;
            bound.is_own = right.thing.is_some();
            bound.is_foreign = right.is_foreign;
            bound.uses_right = true;
        }
        if needs_acts && !right.acts.is_empty() {
            bound.acts = right.acts;
            bound.uses_right = true;
        }
        if bound.uses_right || around.right_is_copula {
            bound.uses_right |= !right.others.is_empty();
            bound.others.extend(&right.others);
            bound.near.extend(&right.others);
        }
        bound
    }

    /// 微信、微博、抖音共发布12条: one number over several channels is none of theirs.
    fn join_channels(&mut self, statements: &Statements) {
        let grammar = statements.grammar();
        let channels = statements.of_kind(FeatureKind::Channel);
        let named = self.others.both(channels);
        if named.iter().filter(|channel| *channel != grammar.several).count() < 2 {
            return;
        }
        let is_minor = named.without(&grammar.minor_ways).is_empty();
        self.others = self.others.without(channels);
        self.others.insert(if named.without(&grammar.account).is_empty() {
            grammar.both_accounts
        } else if is_minor {
            grammar.accounts_several
        } else {
            grammar.several
        });
    }

    /// A thing that was spoken of before: in a clause of the sentence, or with the number before.
    fn take_thing(&mut self, far: &Gathered, said: Option<&memory::Said>) {
        if far.thing.is_some() || far.is_foreign {
            self.thing = far.thing;
            self.is_foreign = far.is_foreign;
            self.evidence = Evidence::Far;
        } else if let Some(said) = said {
            self.thing = said.thing;
            self.is_foreign = said.is_foreign;
            self.evidence = Evidence::Inherited;
        }
    }

    /// Acts that were spoken of before, where none stands with the number.
    fn take_acts(&mut self, far: &Gathered, said: Option<&memory::Said>, channels: &FeatureSet) {
        if !self.acts.is_empty() {
            return;
        }
        // What was done to another thing was not done to this one.
        let of_other = self.is_own && far.thing.is_some() && far.thing != self.thing || far.is_foreign;
        if !far.acts.is_empty() && !of_other {
            self.acts.clone_from(&far.acts);
            self.others.extend(&far.others.both(channels));
            self.evidence = Evidence::Far;
        } else if let Some(said) = said.filter(|said| !said.acts.is_empty()) {
            self.acts.clone_from(&said.acts);
            self.evidence = self.evidence.max(Evidence::Inherited);
        }
    }
}
