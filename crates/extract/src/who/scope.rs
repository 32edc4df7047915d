//! Whether a government reports for its whole territory or for itself alone.

use gongkai_lexicon::WordKind;

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
    let texts = || title.into_iter().chain(evidence.texts());
    if texts().any(|text| words.find(WordKind::ScopeOwn, text).is_some()) {
        return Scope::OwnLevel;
    }
    let of_all = |text: &str| {
        let gathers = |from: usize| {
            words
                .find(WordKind::ScopeGathers, &text[from..])
                .map(|at| from + at.end)
        };
        // 综合 can stand before something else first.
        let mut ends = std::iter::successors(gathers(0), |end| gathers(*end));
        let gathered = ends.any(|end| {
            let parts = words.find(WordKind::ScopeParts, &text[end..]);
            parts.is_some_and(|parts| parts.start <= NEAR)
        });
        gathered || words.find(WordKind::ScopeWhole, text).is_some()
    };
    if texts().any(of_all) {
        Scope::Territory
    } else {
        Scope::Unknown
    }
}
