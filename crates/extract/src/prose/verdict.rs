//! What a number counts: what statements say, or a theme by its place in a list.

use gongkai_lexicon::{CategoryId, CategoryKind, Composed, Role};

use super::block::BlockReader;
use super::numbers::Quantity;
use super::window::{Found, Window};
use crate::model::Applicant;
use crate::statement::{Decision, Evidence, Statement};

/// Lost without a unit.
const NO_UNIT: f32 = 0.1;

/// What a number counts.
pub struct Verdict {
    /// What it counts, if anything.
    pub found: Option<Found>,
    /// What it counts, too.
    pub also: Option<CategoryId>,
}

impl Verdict {
    fn only(found: Option<Found>) -> Self {
        Self { found, also: None }
    }

    /// The same, or something else where it found nothing.
    pub fn or(self, other: impl FnOnce() -> Option<Found>) -> Self {
        match self.found {
            Some(_) => self,
            None => Self::only(other()),
        }
    }

    /// The same, unless a category is not meant.
    pub fn unless(self, is_other: impl Fn(CategoryId) -> bool) -> Self {
        match &self.found {
            Some(found) if is_other(found.category) => Self::only(None),
            _ => self,
        }
    }
}

/// Whose requests a statement counts.
pub fn applicant_of(composed: &Composed) -> Applicant {
    let named = |name: &str| Applicant::ALL.iter().find(|applicant| applicant.as_str() == name);
    composed.applicant.and_then(named).copied().unwrap_or(Applicant::All)
}

impl BlockReader<'_> {
    /// What a number counts; `in_themes` tells that the one before it was a theme's.
    pub fn verdict(&self, decision: &Decision, quantity: &Quantity, window: &Window<'_>, in_themes: bool) -> Verdict {
        let theme = || window.theme_of(quantity, self.words, self.brackets, self.lexicon);
        let acts = matches!(decision, Decision::Read(statement) if statement.acts);
        // 其中，通知公告20条，政策解读7条: an item of a list of themes is one, whatever its name says.
        let list = window.list;
        let begins_themes = list.headed && window.is_opened(self.words, self.lexicon) && !self.is_disclosed(decision);
        // “机构设置”栏目发布4条 and 部门工作公开信息5条 are such, whatever was done there.
        let says_act = acts && !self.is_total(decision) && window.column(&window.clause(), self.lexicon).is_none();
        if (in_themes || begins_themes) && list.listed && !says_act {
            let theme = theme();
            // What is an item of the list below a total is not the total once more.
            if in_themes || theme.is_some() || self.is_total(decision) {
                return Verdict::only(theme);
            }
        }
        match decision {
            Decision::Read(statement) if self.is_of_kind(statement.composed.category, quantity) => Verdict {
                found: Some(found(statement, quantity)),
                also: statement.composed.also,
            },
            // What counts nothing that statements know may be an item of a list of themes.
            _ => Verdict::only(theme()),
        }
    }

    /// Whether a statement says what was disclosed: by a channel, of a class.
    fn is_disclosed(&self, decision: &Decision) -> bool {
        // A total in the list below a total is one of its items: 机构政务信息80条.
        matches!(self.role_of(decision), Some(Role::Channel | Role::Class | Role::Theme))
    }

    fn is_total(&self, decision: &Decision) -> bool {
        self.role_of(decision) == Some(Role::Disclosed)
    }

    fn role_of(&self, decision: &Decision) -> Option<Role> {
        match decision {
            Decision::Read(statement) => self.lexicon.categories.get(statement.composed.category).role,
            Decision::Taken | Decision::Unread => None,
        }
    }

    /// Whether a number can count what is of the kind of a category: only what is none is told without 元.
    fn is_of_kind(&self, category: CategoryId, quantity: &Quantity) -> bool {
        let is_money = self.lexicon.categories.get(category).kind == CategoryKind::Money;
        !is_money || quantity.unit.is_some() || quantity.token.amount.digits == 0
    }
}

/// A statement as what a number counts.
fn found(statement: &Statement, quantity: &Quantity) -> Found {
    let sure = match statement.evidence {
        Evidence::Direct => 0.92,
        Evidence::Inherited => 0.85,
        Evidence::Far => 0.8,
    };
    let unitless = if quantity.unit.is_none() { NO_UNIT } else { 0.0 };
    Found {
        category: statement.composed.category,
        applicant: applicant_of(&statement.composed),
        label: Some(statement.label.clone()),
        consumed: statement.consumed,
        direct: statement.evidence == Evidence::Direct,
        is_new: statement.is_new,
        confidence: sure - unitless - f32::from(statement.composed.guess) / 100.0,
    }
}
