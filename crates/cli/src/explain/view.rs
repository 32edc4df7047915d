//! A report as the parts of the document see it: its places, what was made of each mention, and the names of anchors.

use std::collections::HashMap;
use std::fmt::{self, Display};

use gongkai_extract::{Applicant, Check, CheckMark, CheckResult, Mention, Observation, Period, Report, Value};
use gongkai_lexicon::{Category, CategoryId, CategoryKind, Lexicon};
use gongkai_page::Page;

use super::regions::{Region, regions};

/// Values of less confidence are doubtful.
const DOUBTFUL: f32 = 0.5;

/// A report and its page.
pub struct View<'a> {
    /// The file, as it was named.
    pub name: &'a str,
    /// The page.
    pub page: &'a Page,
    /// The report.
    pub report: &'a Report,
    /// What is known.
    pub lexicon: &'a Lexicon,
    /// The highlighted places.
    pub regions: Vec<Region>,
    /// The place of each mention.
    region_of: Vec<usize>,
    /// The observation that each mention became.
    taken: Vec<Option<usize>>,
    /// The checks that each mention takes part in, failed ones first.
    checks_of: Vec<Vec<usize>>,
    /// The mentions of each key.
    keys: HashMap<Key<'a>, Vec<usize>>,
}

/// What mentions of one value have in common; the label where the category is an open list.
type Key<'a> = (CategoryId, Applicant, Period, Option<&'a str>);

/// How far a value can be trusted; the name is the class of its highlight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Read, but not taken as the report's value.
    Unused,
    /// Some test holds and none fails.
    Passed,
    /// No test could be made.
    Untested,
    /// A test of less weight fails, or the reading is uncertain.
    Doubtful,
    /// The form's arithmetic fails.
    Failed,
}

impl Certainty {
    /// Every one, worst first.
    pub const ALL: [Self; 5] = [Self::Failed, Self::Doubtful, Self::Untested, Self::Passed, Self::Unused];

    /// Class of the highlight.
    pub fn class(self) -> &'static str {
        match self {
            Self::Unused => "unused",
            Self::Passed => "passed",
            Self::Untested => "untested",
            Self::Doubtful => "doubtful",
            Self::Failed => "failed",
        }
    }

    /// What it means, for the legend.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Unused => "read, not taken",
            Self::Passed => "a test holds",
            Self::Untested => "no test",
            Self::Doubtful => "doubtful",
            Self::Failed => "arithmetic fails",
        }
    }
}

/// What anchors are for.
#[derive(Debug, Clone, Copy)]
pub enum Anchor {
    /// A place of the page.
    Region(usize),
    /// Where a problem was met on the page.
    Spot(usize),
    /// An observation among the values.
    Observation(usize),
    /// A mention that was not taken, among the doubts.
    Unused(usize),
    /// A check.
    Check(usize),
    /// A problem, among the doubts.
    Problem(usize),
}

/// The name of an anchor in the document.
pub struct Id(u32, Anchor);

impl Display for Id {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (letter, number) = match self.1 {
            Anchor::Region(number) => ('r', number),
            Anchor::Spot(number) => ('s', number),
            Anchor::Observation(number) => ('o', number),
            Anchor::Unused(number) => ('u', number),
            Anchor::Check(number) => ('c', number),
            Anchor::Problem(number) => ('p', number),
        };
        write!(to, "{letter}{}-{number}", self.0)
    }
}

fn key<'a>(mention: &'a Mention, lexicon: &Lexicon) -> Key<'a> {
    let has_labels = lexicon.categories.get(mention.category).kind == CategoryKind::List;
    let label = mention.label.as_deref().filter(|_| has_labels);
    (mention.category, mention.applicant, mention.period, label)
}

fn checks_of(report: &Report) -> Vec<Vec<usize>> {
    let mut checks_of = vec![Vec::new(); report.mentions.len()];
    let mut checks: Vec<(usize, &Check)> = report.checks.iter().enumerate().collect();
    checks.sort_by_key(|(_, check)| check.result != CheckResult::Fail);
    for (number, check) in checks {
        for mention in &check.mentions {
            if let Some(numbers) = checks_of.get_mut(*mention) {
                numbers.push(number);
            }
        }
    }
    checks_of
}

impl<'a> View<'a> {
    /// The view of a report.
    pub fn new(name: &'a str, page: &'a Page, report: &'a Report, lexicon: &'a Lexicon) -> Self {
        let regions = regions(&report.mentions);
        let mut region_of = vec![0; report.mentions.len()];
        for (number, region) in regions.iter().enumerate() {
            for mention in &region.mentions {
                if let Some(place) = region_of.get_mut(*mention) {
                    *place = number;
                }
            }
        }
        let mut taken = vec![None; report.mentions.len()];
        for (number, observation) in report.observations.iter().enumerate() {
            if let Some(place) = taken.get_mut(observation.mention) {
                *place = Some(number);
            }
        }
        let mut keys: HashMap<Key<'a>, Vec<usize>> = HashMap::new();
        for (index, mention) in report.mentions.iter().enumerate() {
            keys.entry(key(mention, lexicon)).or_default().push(index);
        }
        Self {
            name,
            page,
            report,
            lexicon,
            regions,
            region_of,
            taken,
            checks_of: checks_of(report),
            keys,
        }
    }

    /// The name of an anchor of this report.
    pub fn id(&self, anchor: Anchor) -> Id {
        Id(self.report.ordinal, anchor)
    }

    /// The mention of a place or check.
    pub fn mention(&self, index: usize) -> Option<&'a Mention> {
        self.report.mentions.get(index)
    }

    /// The anchor of the place where a mention was read.
    pub fn place_of(&self, mention: usize) -> Id {
        self.id(Anchor::Region(self.region_of.get(mention).copied().unwrap_or(0)))
    }

    /// The number of the observation that a mention became, and the observation.
    pub fn observation(&self, mention: usize) -> Option<(usize, &'a Observation)> {
        let number = (*self.taken.get(mention)?)?;
        Some((number, self.report.observations.get(number)?))
    }

    /// Where the panel speaks of a mention: among the values, or among those that were not taken.
    pub fn entry_of(&self, mention: usize) -> Id {
        self.id(match self.observation(mention) {
            Some((number, _)) => Anchor::Observation(number),
            None => Anchor::Unused(mention),
        })
    }

    /// How far a mention can be trusted.
    pub fn certainty(&self, mention: usize) -> Certainty {
        let Some((_, observation)) = self.observation(mention) else {
            return Certainty::Unused;
        };
        match observation.check {
            CheckMark::Failed => Certainty::Failed,
            CheckMark::Warned => Certainty::Doubtful,
            _ if observation.confidence < DOUBTFUL => Certainty::Doubtful,
            CheckMark::Passed => Certainty::Passed,
            CheckMark::None => Certainty::Untested,
        }
    }

    /// The confidence of the observation, or of the mention that became none.
    pub fn confidence(&self, mention: usize) -> f32 {
        match (self.observation(mention), self.mention(mention)) {
            (Some((_, observation)), _) => observation.confidence,
            (None, Some(mention)) => mention.confidence,
            (None, None) => 0.0,
        }
    }

    /// The checks that a mention takes part in, with their numbers, failed ones first.
    pub fn checks_of(&self, mention: usize) -> impl Iterator<Item = (usize, &'a Check)> {
        let numbers = self.checks_of.get(mention).into_iter().flatten();
        numbers.filter_map(|number| Some((*number, self.report.checks.get(*number)?)))
    }

    /// The mentions of the same key, this one included.
    pub fn of_same_key(&self, mention: usize) -> impl Iterator<Item = usize> {
        let mention = self.mention(mention);
        let same = mention.and_then(|mention| self.keys.get(&key(mention, self.lexicon)));
        same.into_iter().flatten().copied()
    }

    /// What a mention counts.
    pub fn category(&self, mention: &Mention) -> &'a Category {
        self.lexicon.categories.get(mention.category)
    }

    /// The characters of a mention.
    pub fn printed(&self, mention: &Mention) -> &'a str {
        let span = mention.span.start as usize..mention.span.end as usize;
        self.page.text.get(span).unwrap_or_default()
    }

    /// What tells a value from others of its category: applicant, period, or the label in open lists.
    pub fn qualifier(&self, mention: &Mention) -> String {
        let mut parts = Vec::new();
        if self.category(mention).kind == CategoryKind::List {
            parts.extend(mention.label.as_deref());
        }
        if mention.applicant != Applicant::All {
            parts.push(mention.applicant.as_str());
        }
        if mention.period != Period::Year {
            parts.push(mention.period.as_str());
        }
        parts.join(" · ")
    }

    /// The value of a mention, as people write it.
    pub fn value(&self, mention: &Mention) -> String {
        match mention.value {
            Value::Count(count) => count.to_string(),
            Value::Fen(fen) => {
                let sign = if fen < 0 { "-" } else { "" };
                format!("{sign}{}.{:02} CNY", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
            }
            Value::Nothing => mention.status.as_str().replace('_', " "),
        }
    }
}
