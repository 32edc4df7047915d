//! Whether a government reports for its whole territory or for itself alone.

use gongkai_lexicon::{OrganWords, WordKind};

use super::Evidence;
use crate::model::{BodyKind, Scope};

/// So many bytes lie at most between 综合 and 各部门.
const NEAR: usize = 36;

/// What a report covers, as far as it says so.
pub(super) fn find(evidence: &Evidence<'_>, kind: BodyKind, title: Option<&str>) -> Scope {
    if !matches!(kind, BodyKind::Government | BodyKind::GovernmentOffice) {
        return Scope::Unit;
    }
    let words = &evidence.lexicon.organs;
    let of_title = |kind| title.is_some_and(|title| words.find(kind, title).is_some());
    if of_title(WordKind::ScopeOwn) || evidence.texts_with([WordKind::ScopeOwn]).next().is_some() {
        return Scope::OwnLevel;
    }
    let mut gathering = evidence.texts_with([WordKind::ScopeGathers]);
    let whole = evidence.texts_with([WordKind::ScopeWhole]).next().is_some();
    if whole || gathering.any(|text| gathers_parts(text, words)) {
        Scope::Territory
    } else {
        Scope::Unknown
    }
}

/// 综合…各部门: who puts together stands shortly before whose reports are put together.
fn gathers_parts(text: &str, words: &OrganWords) -> bool {
    let gathers = |from: usize| {
        words
            .find(WordKind::ScopeGathers, &text[from..])
            .map(|at| from + at.end)
    };
    let mut ends = std::iter::successors(gathers(0), |end| gathers(*end));
    ends.any(|end| {
        let parts = words.find(WordKind::ScopeParts, &text[end..]);
        parts.is_some_and(|parts| parts.start <= NEAR)
    })
}
