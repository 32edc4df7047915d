//! Sentences: templates filled with facts. Every number that is a statistic carries its reading; every other number is
//! mute, or open where a reader may well take it for a statistic of a narrower scope.

use super::Printer;
use super::style::{chinese, yuan};
use crate::doc::{Applicant, Key, Kind, Line, Piece, Reading, Status, Trust, Value};
use crate::template::{How, Part, Template};
use crate::vocabulary::Family;

impl Printer<'_> {
    /// A sentence of the slot that these facts can fill; empty when there is none.
    pub(super) fn sentence(&mut self, slot: &str) -> Line {
        // `e.filler 3`: up to three different sentences.
        if let Some((slot, many)) = slot.split_once(' ') {
            return self.several(slot, many.parse().unwrap_or(1));
        }
        let Some(templates) = self.data.wordings.get(slot) else {
            return Vec::new();
        };
        let usable: Vec<&'static Template> = templates.iter().filter(|template| self.fits(template)).collect();
        // Words for zero are preferred where they fit: a town writes 没有, not 0件.
        let in_words: Vec<&'static Template> = usable
            .iter()
            .copied()
            .filter(|t| t.0.iter().any(|part| matches!(part, Part::Zero { .. })))
            .collect();
        if !in_words.is_empty() && self.dice.chance(65) {
            let template = self.dice.pick(&in_words);
            return self.fill(template);
        }
        if usable.is_empty() {
            return Vec::new();
        }
        let template = self.dice.pick(&usable);
        self.fill(template)
    }

    /// Up to `many` different sentences of a slot.
    fn several(&mut self, slot: &str, many: usize) -> Line {
        let templates = self.data.wordings.get(slot).map_or(&[][..], Vec::as_slice);
        let first = self.dice.below(templates.len() as u64) as usize;
        let turned = templates.iter().cycle().skip(first).take(templates.len());
        let fitting: Vec<&'static Template> = turned.filter(|template| self.fits(template)).take(many).collect();
        fitting.into_iter().flat_map(|template| self.fill(template)).collect()
    }

    /// Every sentence of a slot, in the order of the file.
    pub(crate) fn all_sentences(&mut self, slot: &str) -> Vec<Line> {
        self.data
            .wordings
            .get(slot)
            .into_iter()
            .flatten()
            .map(|template| self.fill(template))
            .collect()
    }

    fn fits(&self, template: &Template) -> bool {
        template.0.iter().all(|part| match part {
            Part::Number { code, how, .. } => match how {
                How::Cumulative => self.facts.get(&Key::cumulative(code)).is_some(),
                How::Plain => self.facts.get(&Key::year(code)).is_some(),
                How::Rounded => self.facts.of(code) >= 1000,
            },
            Part::Zero { codes, .. } => codes.iter().all(|code| {
                matches!(
                    self.facts.get(&Key::year(code)),
                    Some(Value::Count(0) | Value::Money(0))
                )
            }),
            Part::Share { whole, .. } => self.facts.of(whole) > 0,
            Part::Narrower { code, .. } => self.facts.of(code) > 1,
            Part::List("themes") => self.facts.themes.len() > 1 && self.facts.of("proactive.total") > 0,
            Part::List(name) => self.list_codes(name).len() > 1 && self.list_total(name) > 0,
            _ => true,
        })
    }

    fn fill(&mut self, template: &'static Template) -> Line {
        let mut line = Vec::new();
        for part in &template.0 {
            match part {
                Part::Text(text) => line.push(Piece::text(*text)),
                Part::Number { code, unit, how } => self.number(&mut line, code, unit, *how),
                Part::Share { part, whole } => {
                    line.push(Piece::mute(
                        Kind::Share,
                        self.share(self.facts.of(part), self.facts.of(whole)),
                    ));
                }
                Part::Zero { codes, words } => line.push(zero(codes, words)),
                Part::List(name) => self.list(&mut line, name),
                Part::Other { low, high, code, unit } => self.other(&mut line, *low, *high, *code, unit),
                Part::Narrower { code, unit } => self.other(&mut line, 1, self.facts.of(code) / 2, Some(*code), unit),
                Part::Percent => {
                    let (whole, tenth) = (self.dice.between(1, 99), self.dice.between(0, 99));
                    line.push(Piece::text(format!("{whole}.{tenth:02}%")));
                }
                Part::Year(offset) => line.push(Piece::text((self.year + offset).to_string())),
                Part::Word(word) => self.word(&mut line, word),
            }
        }
        line
    }

    /// A number with its unit.
    fn number(&mut self, line: &mut Line, code: &'static str, unit: &'static str, how: How) {
        let key = if how == How::Cumulative {
            Key::cumulative(code)
        } else {
            Key::year(code)
        };
        let Some(value) = self.facts.get(&key) else { return };
        let unit = if unit == "u" { self.style.request_unit } else { unit };
        let (text, reading) = match (value, how) {
            (Value::Count(count), How::Rounded) => self.rounded(key, count),
            (Value::Count(count), _) => (self.spelled(count), Reading::sure(key, value)),
            (Value::Money(fen), _) => (yuan(fen), Reading::sure(key, value)),
            (Value::None, _) => return,
        };
        line.push(Piece::number(text, reading));
        line.push(Piece::mute(Kind::Unit, unit));
    }

    fn spelled(&mut self, count: i64) -> String {
        let words = if self.style.chinese_numerals && count > 2 {
            chinese(count)
        } else {
            None
        };
        words.unwrap_or_else(|| self.style.digits(count))
    }

    /// About so many: 约, 余, 多; the value is the number that is printed.
    fn rounded(&mut self, key: Key, count: i64) -> (String, Reading) {
        let (value, digits) = if count >= 10_000 {
            let tenths = count / 1000;
            let text = if tenths % 10 == 0 {
                (tenths / 10).to_string()
            } else {
                format!("{}.{}", tenths / 10, tenths % 10)
            };
            (tenths * 1000, text + "万")
        } else {
            (count / 100 * 100, (count / 100 * 100).to_string())
        };
        let text = match self.dice.below(3) {
            0 => format!("约{digits}"),
            1 => format!("{digits}余"),
            _ => format!("{digits}多"),
        };
        let reading = Reading {
            key,
            value: Value::Count(value),
            status: Status::Approximate,
            trust: Trust::Sure,
        };
        (text, reading)
    }

    /// A number of another matter.
    fn other(&mut self, line: &mut Line, low: i64, high: i64, code: Option<&'static str>, unit: &'static str) {
        let count = self.dice.between(low, high);
        let says = code.map(|code| {
            let reading = Reading::sure(Key::year(code), Value::Count(count));
            Reading {
                trust: Trust::Open,
                ..reading
            }
        });
        let text = self.style.digits(count);
        line.push(Piece {
            kind: Kind::Text,
            text: text.into(),
            says: says.into_iter().collect(),
        });
        if !unit.is_empty() {
            line.push(Piece::text(unit));
        }
    }

    fn word(&mut self, line: &mut Line, word: &str) {
        let text = match word {
            "me" => self.body.me.to_string(),
            "org" => self.body.short_name(),
            "clear" => self.body.clear_name(),
            "upname" => String::new(),
            "place" => self.body.place.name.to_string(),
            "placename" => self.address_place(),
            "street" => self.dice.pick(self.data.words("streets")).to_string(),
            "office" => self.dice.pick(self.data.words("offices")).to_string(),
            "motto" => self.dice.pick(self.data.words("mottos")).to_string(),
            "since" => "2008".to_string(),
            "upper" => self.body.place.name.to_string() + "人民政府",
            "host" => self.host(),
            "phone" => self.phone(),
            "contact" => {
                let contact = self.sentence("contact");
                line.extend(contact);
                return;
            }
            _ => String::new(),
        };
        line.push(Piece::text(text));
    }

    /// The host of the body's site.
    pub(super) fn host(&self) -> String {
        format!("www.{}.gov.cn", self.body.place.pinyin)
    }

    /// A phone number: with the area code only where it is known for certain.
    fn phone(&mut self) -> String {
        let number = self.dice.between(2_000_000, 8_999_999);
        let area = self.body.place.area;
        if area.is_empty() {
            number.to_string()
        } else {
            format!("{area}-{number}")
        }
    }

    /// The codes of a list that are printed together in this family: those that share one total.
    fn list_codes(&self, name: &str) -> Vec<&'static str> {
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

    fn list_total(&self, name: &str) -> i64 {
        self.list_codes(name).into_iter().map(|code| self.facts.of(code)).sum()
    }

    /// A list: `当面申请5件，占50%；网络申请5件，占50%`, in one of several hands.
    fn list(&mut self, line: &mut Line, name: &str) {
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
    fn share(&self, part: i64, whole: i64) -> String {
        let tenths = (part * 2000 + whole) / (2 * whole.max(1));
        if tenths % 10 == 0 {
            format!("{}%", tenths / 10)
        } else {
            format!("{}.{}%", tenths / 10, tenths % 10)
        }
    }

    /// The report of the years to 2018: sections of prose, the table as an annex.
    pub(super) fn early(&mut self, blocks: &mut Vec<crate::doc::Block>) {
        use crate::doc::Block::Para;
        let small = !self.body.is_government();
        let has_table = self.family != Family::Prose;
        blocks.push(Para(self.paragraph(&["intro", "e.scope"])));
        if !self.prose {
            self.annex(blocks);
            return;
        }
        let themes = if self.facts.themes_close {
            "e.themes"
        } else {
            "e.themes.open"
        };
        let sections: [(&'static str, Vec<&'static str>); 8] = [
            ("概述", vec!["e.overview", "e.filler 3", "e.resource"]),
            ("主动公开政府信息的情况", vec!["e.proactive", themes, "e.filler 2"]),
            (
                "依申请公开政府信息办理情况",
                vec!["e.received", "e.outcome", "e.subject"],
            ),
            ("政府信息公开的收费及减免情况", vec!["e.fee"]),
            ("因政府信息公开申请行政复议、提起行政诉讼的情况", vec!["e.review"]),
            ("咨询和培训情况", vec!["e.consult", "e.training"]),
            ("存在的主要问题及改进情况", vec!["e.problems"]),
            ("其他需要报告的事项", vec!["e.class", "e.other"]),
        ];
        let mut at = 0;
        for (title, mut slots) in sections {
            if self.facts.of("requests.received.total") == 0 {
                slots.retain(|slot| *slot != "e.subject");
            }
            if at == 5 && small && self.dice.chance(50) {
                continue;
            }
            blocks.push(self.heading(at, title));
            blocks.push(Para(self.paragraph(&slots)));
            if at == 1 {
                self.publication(blocks);
            }
            at += 1;
        }
        if has_table {
            self.annex(blocks);
        }
    }

    /// Channels of disclosure and reactions to the public, of the years that name them.
    fn publication(&mut self, blocks: &mut Vec<crate::doc::Block>) {
        use crate::doc::Block::Para;
        let slots: &[&str] = match self.year {
            2014.. if self.facts.of("resource.gazette_issues") > 0 => {
                &["e.publication", "e.normative", "e.response", "e.gazette"]
            }
            2014.. => &["e.publication", "e.normative", "e.response"],
            _ => &["e.media"],
        };
        let line = self.paragraph(slots);
        if !line.is_empty() && self.dice.chance(75) {
            blocks.push(Para(line));
        }
    }
}

fn zero(codes: &[&'static str], words: &'static str) -> Piece {
    let says = codes.iter().map(|code| {
        let value = if code.starts_with("fee.") {
            Value::Money(0)
        } else {
            Value::Count(0)
        };
        let key = Key {
            applicant: Applicant::All,
            ..Key::year(code)
        };
        Reading {
            key,
            value,
            status: Status::InWords,
            trust: Trust::Sure,
        }
    });
    Piece {
        kind: Kind::Words,
        text: words.into(),
        says: says.collect(),
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

use crate::dice::Dice;
