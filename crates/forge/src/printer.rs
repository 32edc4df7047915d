//! Facts to a printed report: blocks in the order of the form of its time. Knows no layout, no damage, no bytes.

mod early;
mod list;
mod prose;
mod statutory;
mod style;
mod tables;

use std::borrow::Cow;

use crate::body::Body;
use crate::data::Data;
use crate::dice::Dice;
use crate::doc::{Block, Line, Piece};
use crate::facts::Facts;
use crate::vocabulary::{Family, Level};

pub use style::{Style, Zero};

/// A report before layout, and what its truth needs beyond the pieces.
#[derive(Debug, Clone)]
pub struct Page {
    /// The report.
    pub blocks: Vec<Block>,
    /// Its title, as printed.
    pub title: String,
    /// Date of publication, `2019-03-04`; none when the page does not say it.
    pub published: Option<String>,
    /// Category prefixes for which the truth is complete.
    pub complete: Vec<&'static str>,
    /// Entries the truth leaves open.
    pub ignore: Vec<String>,
    /// Form whose identities hold by definition.
    pub form: &'static str,
}

/// Everything that printing needs.
pub struct Printer<'a> {
    /// Data files.
    pub data: &'static Data,
    /// Who reports.
    pub body: &'a Body,
    /// Reporting year.
    pub year: i32,
    /// The truth before print.
    pub facts: &'a Facts,
    /// Family of the table.
    pub family: Family,
    /// Does a report with a table have sentences, too?
    pub prose: bool,
    /// Habits of this page.
    pub style: Style,
    /// Chance.
    pub dice: &'a mut Dice,
    /// Entries the truth leaves open.
    pub ignore: Vec<String>,
}

impl Printer<'_> {
    /// Prints the report.
    pub fn page(mut self) -> Page {
        let title = self.title();
        let published = self.published();
        let mut blocks = Vec::new();
        if self.dice.chance(25) {
            blocks.push(self.meta(&published));
        }
        blocks.push(Block::Title(vec![Piece::text(title.clone())]));
        if self.family.is_statutory() {
            self.statutory(&mut blocks);
        } else {
            self.early(&mut blocks);
        }
        if self.dice.chance(50) {
            let (year, month, day) = date_of(&published);
            blocks.push(Block::Sign(vec![Piece::text(self.body.short_name())]));
            blocks.push(Block::Sign(vec![Piece::text(format!("{year}年{month}月{day}日"))]));
        }
        let form = match self.family {
            Family::Statutory2019 => "matrix2019",
            Family::Statutory2021 => "matrix2021",
            other => other.name(),
        };
        Page {
            blocks,
            title,
            published: Some(published),
            complete: self.complete(),
            ignore: self.ignore,
            form,
        }
    }

    /// A title in one of its many forms; with the unit above where the place's own name may be ambiguous.
    fn title(&mut self) -> String {
        let form = self.dice.pick(self.data.words("titles"));
        let name = if self.dice.chance(65) {
            self.body.clear_name()
        } else {
            self.body.short_name()
        };
        form.replace("{org}", &name).replace("{Y}", &self.year.to_string())
    }

    /// A day between January and March of the next year.
    fn published(&mut self) -> String {
        let month = self.dice.between(1, 3);
        let day = self.dice.between(1, 28);
        format!("{}-{month:02}-{day:02}", self.year + 1)
    }

    fn meta(&mut self, published: &str) -> Block {
        let number = self.dice.between(1, 400);
        let kind = self.dice.pick(self.data.words("indexkinds"));
        Block::Meta(vec![
            (
                "索引号".into(),
                format!(
                    "{}{:04}/{}-{number:05}",
                    self.body.place.pinyin,
                    number * 7,
                    self.year + 1
                )
                .into(),
            ),
            ("信息分类".into(), Cow::Borrowed(kind)),
            ("发布机构".into(), self.body.clear_name().into()),
            ("发布日期".into(), published.to_string().into()),
        ])
    }

    /// What the truth claims to be complete about: what the forms and sections of this report name.
    fn complete(&self) -> Vec<&'static str> {
        let mut claims = vec!["requests.", "review.", "litigation."];
        if self.family.is_statutory() {
            claims.push("statutory.");
            return claims;
        }
        claims.extend(["appeal.", "complaint.", "fee.", "proactive.total"]);
        if matches!(self.family, Family::National2014 | Family::Linyi) {
            claims.extend(["response.", "proactive.normative", "resource.staff"]);
        }
        claims
    }

    /// A paragraph of one sentence of each slot that has one for these facts.
    fn paragraph(&mut self, slots: &[&'static str]) -> Line {
        let mut line = Vec::new();
        for slot in slots {
            let slot = self.early_slot(slot.trim_start_matches('?'));
            line.extend(self.sentence(slot));
        }
        line
    }

    /// The sections of a form; one that has nothing to say is left out.
    fn sections(&mut self, form: &str, blocks: &mut Vec<Block>) {
        let mut number = 0;
        for section in self.data.sections.iter().filter(|section| section.form == form) {
            let mut inner = Vec::new();
            for paragraph in &section.paragraphs {
                self.section_paragraph(paragraph, &mut inner);
            }
            if inner.is_empty() {
                continue;
            }
            let numeral = self.data.words("numerals").get(number).copied().unwrap_or_default();
            number += 1;
            blocks.push(Block::Heading(
                1,
                vec![Piece::text(format!("{numeral}、{}", section.title))],
            ));
            blocks.append(&mut inner);
        }
    }

    fn section_paragraph(&mut self, slots: &[&'static str], blocks: &mut Vec<Block>) {
        match slots {
            ["@publication"] => self.publication(blocks),
            ["@items"] => blocks.push(self.items()),
            ["@matrix"] => blocks.push(self.matrix()),
            ["@cases"] => blocks.push(self.cases()),
            [first, ..] if first.starts_with('?') && self.dice.chance(15) => {}
            _ => {
                let line = self.paragraph(slots);
                if !line.is_empty() {
                    blocks.push(Block::Para(line));
                }
            }
        }
    }

    /// The place as its address names it, with every unit above that is no province.
    fn address_place(&self) -> String {
        match self.body.level {
            Level::Province => self.body.place.name.to_string(),
            _ => self.body.place.clear_name(),
        }
    }
}

/// Year, month and day of an ISO date without leading zeros.
fn date_of(iso: &str) -> (&str, &str, &str) {
    let mut parts = iso.split('-').map(|part| part.trim_start_matches('0'));
    (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    )
}
