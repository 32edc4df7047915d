//! Lists within sentences: `当面申请5件，占50%；网络申请5件，占50%`.

use super::Printer;
use crate::dice::Dice;
use crate::doc::{Key, Kind, Line, Piece, Reading, Value};

impl Printer<'_> {
    /// The codes of a list that are printed together in this family: those that share one total.
    pub(super) fn list_codes(&self, name: &str) -> Vec<&'static str> {
        let Some(items) = self.data.lists.get(name) else {
            return Vec::new();
        };
        let set = match name {
            "channels" | "outcomes" if !self.family.is_statutory() => {
                let group = if name == "channels" { "channels" } else { "outcome" };
                Some(self.data.weights(&format!("{group}.{}", self.family.set())))
            }
            _ => None,
        };
        let within = |code| set.is_none_or(|parts| parts.iter().any(|part| part.0 == code));
        items
            .iter()
            .map(|i| i.code)
            .filter(|&code| within(code) && self.facts.get(&Key::year(code)).is_some())
            .collect()
    }

    pub(super) fn list_total(&self, name: &str) -> i64 {
        self.list_codes(name).into_iter().map(|code| self.facts.of(code)).sum()
    }

    /// A list: `当面申请5件，占50%；网络申请5件，占50%`, in one of several hands.
    pub(super) fn list(&mut self, line: &mut Line, name: &str) {
        let entries = if name == "themes" {
            self.themes()
        } else {
            self.entries(name)
        };
        // Themes are shares of everything disclosed, whether or not all of it is listed.
        let total: i64 = match name {
            "themes" => self.facts.of("proactive.total"),
            _ => entries.iter().map(|entry| entry.1).sum(),
        };
        let unit = match name {
            "channels" | "outcomes" | "outcomes2019" => self.style.request_unit,
            "reviews" | "suits" => "件",
            "consult" => "人次",
            _ => "条",
        };
        let with_shares = matches!(name, "themes" | "channels" | "outcomes" | "outcomes2019");
        let shares = with_shares && total > 0 && self.dice.chance(40);
        let hand = Hand::draw(name == "themes", self.dice);
        let last = entries.len().saturating_sub(1);
        for (at, (label, count, key)) in entries.into_iter().enumerate() {
            let (before, after) = hand.around(at, &label);
            line.push(Piece::text(before));
            let text = self.style.digits(count);
            line.push(Piece::number(text, Reading::sure(key, Value::Count(count))));
            line.push(Piece::mute(Kind::Unit, unit));
            if shares {
                line.push(Piece::mute(Kind::Share, format!("，占{}", self.share(count, total))));
            }
            line.push(Piece::text(if at == last { after } else { hand.between(after) }));
        }
    }

    fn themes(&self) -> Vec<(String, i64, Key)> {
        let key = |label: &'static str| Key {
            label: label.into(),
            ..Key::year("proactive.theme")
        };
        let suffix = |label: &&'static str| if label.ends_with("信息") { "" } else { "类信息" };
        self.facts
            .themes
            .iter()
            .map(|(label, count)| (format!("{label}{}", suffix(label)), *count, key(label)))
            .collect()
    }

    fn entries(&mut self, name: &str) -> Vec<(String, i64, Key)> {
        let codes = self.list_codes(name);
        let Some(items) = self.data.lists.get(name) else {
            return Vec::new();
        };
        // Nothing is said of what did not occur, as a rule.
        let drop_zeros = self.dice.chance(60);
        let mut entries = Vec::new();
        for &code in codes.iter().filter(|code| !drop_zeros || self.facts.of(code) > 0) {
            if let Some(item) = items.iter().find(|item| item.code == code) {
                let label = self.dice.pick(&item.labels).to_string();
                entries.push((label, self.facts.of(code), Key::year(code)));
            }
        }
        entries
    }

    /// A share in percent, one decimal, rounded half up.
    pub(super) fn share(&self, part: i64, whole: i64) -> String {
        let tenths = (part * 2000 + whole) / (2 * whole.max(1));
        if tenths % 10 == 0 {
            format!("{}%", tenths / 10)
        } else {
            format!("{}.{}%", tenths / 10, tenths % 10)
        }
    }
}

/// How the entries of a list are written.
#[derive(Clone, Copy)]
enum Hand {
    /// `当面申请5件，…`
    Plain,
    /// `“同意公开”的5件，…`
    Quoted,
    /// `1.组织机构类信息116条；2.…`
    Numbered,
}

impl Hand {
    fn draw(themes: bool, dice: &mut Dice) -> Self {
        match dice.below(10) {
            0..=4 if themes => Self::Numbered,
            0 | 1 => Self::Quoted,
            _ => Self::Plain,
        }
    }

    fn around(self, at: usize, label: &str) -> (String, &'static str) {
        match self {
            Self::Plain => (label.to_string(), ""),
            Self::Quoted => (format!("“{label}”的"), ""),
            Self::Numbered => (format!("{}.{label}", at + 1), ""),
        }
    }

    fn between(self, _after: &'static str) -> &'static str {
        match self {
            Self::Plain => "，",
            Self::Quoted | Self::Numbered => "；",
        }
    }
}
