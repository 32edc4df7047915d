//! Mentions to observations: one value per key, in a stated order.
//!
//! A printed number in a table counts before one in a sentence, that before a blank; of two sentences the one in the
//! section of its matter, on the whole body's work, counts first. Values of a part of the body stay mentions.

use gongkai_lexicon::{CategoryId, CategoryKind, Lexicon};

use crate::model::{Applicant, CheckMark, Mention, Method, Observation, Period, Scope, Status, Value};

/// What an observation is keyed by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The category.
    pub category: CategoryId,
    /// The applicant.
    pub applicant: Applicant,
    /// The period.
    pub period: Period,
    /// The label, in open lists.
    pub label: String,
}

impl Key {
    /// The key of a mention.
    #[must_use]
    pub fn of(mention: &Mention, lexicon: &Lexicon) -> Self {
        let open = lexicon.categories.get(mention.category).kind == CategoryKind::List;
        let label = mention.label.as_deref().filter(|_| open).unwrap_or("");
        let label: String = label
            .chars()
            .filter(|c| !c.is_whitespace() && !"\"“”‘’'「」『』《》".contains(*c))
            .collect();
        Self {
            category: mention.category,
            applicant: mention.applicant,
            period: mention.period,
            label,
        }
    }
}

/// Mentions that say something else of an observation's key and stand as high.
#[derive(Debug)]
pub struct Rivals {
    /// Index of the observation.
    pub observation: usize,
    /// Indices of the mentions, one for each other value.
    pub others: Vec<usize>,
}

/// So many other values of one key are no slips of the pen: the key stays in doubt.
const MAX_OTHERS: usize = 4;
/// Two statements of equal standing that differ leave the value in doubt.
const UNDECIDED: f32 = 0.45;

/// The observation of every key, sorted by key, and those that could have been another. `ranks` are those of the prose
/// mentions, by index; 0 for tables.
#[must_use]
pub fn resolve(mentions: &[Mention], ranks: &[u8], lexicon: &Lexicon) -> (Vec<(Key, Observation)>, Vec<Rivals>) {
    let whole = mentions.iter().enumerate();
    let mut keyed: Vec<(Key, usize)> = whole
        .filter(|(_, mention)| mention.scope != Scope::Subset)
        .map(|(index, mention)| (Key::of(mention, lexicon), index))
        .collect();
    keyed.sort_unstable();
    let mut observations = Vec::new();
    let mut rivals = Vec::new();
    for group in keyed.chunk_by(|left, right| left.0 == right.0) {
        let Some((key, _)) = group.first() else { continue };
        let standing = |index: usize| standing(&mentions[index], ranks.get(index).copied().unwrap_or(0));
        let indices = group.iter().map(|(_, index)| *index);
        let Some(best) = indices
            .clone()
            .max_by_key(|index| (standing(*index), std::cmp::Reverse(*index)))
        else {
            continue;
        };
        let mut others: Vec<usize> = Vec::new();
        // One that stands as high, whether its words are beside the number or not.
        let place = |(kind, rank, _): (u8, u8, u8)| (kind, rank / 4);
        for index in indices.filter(|index| place(standing(*index)) == place(standing(best))) {
            if others.len() > MAX_OTHERS {
                break;
            }
            let says = |other: &usize| mentions[*other].value == mentions[index].value;
            if !says(&best) && !others.iter().any(says) {
                others.push(index);
            }
        }
        let confidence = mentions[best].confidence;
        let observation = Observation {
            mention: best,
            check: CheckMark::None,
            confidence: if others.is_empty() {
                confidence
            } else {
                confidence.min(UNDECIDED)
            },
        };
        if (1..=MAX_OTHERS).contains(&others.len()) {
            rivals.push(Rivals {
                observation: observations.len(),
                others,
            });
        }
        observations.push((key.clone(), observation));
    }
    (observations, rivals)
}

/// The order in which mentions of one key are believed.
fn standing(mention: &Mention, rank: u8) -> (u8, u8, u8) {
    let printed = mention.value != Value::Nothing;
    let kind = match (mention.method, printed) {
        (Method::Table, true) => 3,
        (Method::Prose, true) => 2,
        (_, false) => 1,
    };
    let exact = match mention.status {
        Status::Reported | Status::Repaired => 2,
        Status::Approximate => 1,
        Status::InWords | Status::Blank | Status::NotApplicable => 0,
    };
    (kind, rank, exact)
}
