//! Sentences: templates filled with facts. Every number that is a statistic carries its reading; every other number is
//! mute, or open where a reader may well take it for a statistic of a narrower scope.

use super::Printer;
use super::style::{chinese, yuan};
use crate::doc::{Applicant, Key, Kind, Line, Piece, Reading, Status, Trust, Value};
use crate::template::{How, Part, Template};

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
