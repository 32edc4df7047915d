//! One page: what it is, how chance decides on it, and its bytes.

use std::collections::HashMap;

use super::chance::Chance;
use super::encode::Gb;
use super::form::{self, FormRow};
use super::place::Places;
use super::text::{Facts, Line, Words, lists, words};
use super::writer::Writer;

/// What a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A report on the form of 2021.
    Statutory2021,
    /// A report on the form of 2019.
    Statutory2019,
    /// A report with the national table of 2014.
    National,
    /// A report without tables.
    Prose,
    /// A guide to what a body discloses.
    Guide,
    /// A list of links to reports.
    Links,
}

/// A dump and what is true of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dump {
    /// What it is.
    pub kind: Kind,
    /// The reporting year; none where the page is no report.
    pub year: Option<u16>,
    /// The bytes as a crawler would find them.
    pub bytes: Vec<u8>,
    /// How many of them are report text and tables, markup of both included.
    pub article_bytes: usize,
    /// How many of them are characters of report text and tables, without any markup.
    pub text_bytes: usize,
}

/// Everything that pages are made of.
#[derive(Debug)]
pub struct Maker {
    seed: u64,
    pub(super) places: Places,
    pub(super) words: Words,
    pub(super) lists: HashMap<&'static str, Vec<Line>>,
    pub(super) chrome: HashMap<&'static str, Vec<&'static str>>,
    pub(super) forms: [Vec<FormRow>; 3],
    pub(super) sections: [Line; 2],
    pub(super) heads: [(Line, Line); 2],
    gb: Gb,
}

impl Maker {
    /// The maker of all pages of a seed.
    pub fn new(seed: u64) -> Self {
        let sentences = lists(include_str!("../../pages/sentences.txt"));
        let figures = lists(include_str!("../../pages/prose.txt"));
        let parsed =
            |(name, lines): (&'static str, Vec<&'static str>)| (name, lines.into_iter().map(Line::parse).collect());
        let chrome = include_str!("../../pages/chrome.txt");
        let part = |name| Line::parse(block(chrome, name));
        Self {
            seed,
            places: Places::load(),
            words: words(include_str!("../../pages/words.txt")),
            lists: sentences.into_iter().chain(figures).map(parsed).collect(),
            chrome: lists(chrome),
            forms: ["S21-3", "S19-3", "N14"].map(form::form),
            sections: [
                Line::parse(include_str!("../../pages/sections_2021.txt")),
                Line::parse(include_str!("../../pages/sections_2019.txt")),
            ],
            heads: [
                (part("modern_head"), part("modern_foot")),
                (part("old_head"), part("old_foot")),
            ],
            gb: Gb::new(),
        }
    }

    /// The page with this number; the same for a seed, whatever else is made.
    pub fn dump(&self, index: u64) -> Dump {
        let mut chance = Chance::new(self.seed, index);
        let kind = match chance.between(0, 99) {
            0..=44 => Kind::Statutory2021,
            45..=66 => Kind::Statutory2019,
            67..=84 => Kind::National,
            85..=94 => Kind::Prose,
            95..=97 => Kind::Guide,
            _ => Kind::Links,
        };
        let year = match kind {
            Kind::Statutory2021 | Kind::Guide | Kind::Links => chance.between(2021, 2024),
            Kind::Statutory2019 => chance.between(2019, 2020),
            Kind::National => chance.between(2014, 2018),
            Kind::Prose => chance.between(2008, 2013),
        };
        let is_old = match kind {
            Kind::National | Kind::Prose => chance.happens(60),
            _ => chance.happens(15),
        };
        let mut writer = Writer {
            maker: self,
            facts: Facts::new(),
            is_old,
            chance,
            out: String::with_capacity(80_000),
        };
        writer.facts(kind, u16::try_from(year).unwrap_or(0), index);
        let parts = writer.parts(kind);
        let year = u16::try_from(year)
            .ok()
            .filter(|_| !matches!(kind, Kind::Guide | Kind::Links));
        self.assemble(kind, year, is_old, parts)
    }

    fn assemble(&self, kind: Kind, year: Option<u16>, is_old: bool, parts: [String; 3]) -> Dump {
        let mut bytes = Vec::new();
        let (mut article_bytes, mut text_bytes) = (0, 0);
        for (place, part) in parts.into_iter().enumerate() {
            let start = bytes.len();
            if is_old {
                self.gb.encode(&part, &mut bytes);
            } else {
                bytes.extend_from_slice(part.as_bytes());
            }
            if place == 1 {
                article_bytes = bytes.len() - start;
                text_bytes = outside_tags(bytes.get(start..).unwrap_or(&[]));
            }
        }
        Dump {
            kind,
            year,
            bytes,
            article_bytes,
            text_bytes,
        }
    }
}

/// The lines under a heading as they are, to the next heading.
fn block(file: &'static str, name: &str) -> &'static str {
    let heading = format!("\n[{name}]\n");
    let rest = file.split_once(heading.as_str()).map_or("", |(_, rest)| rest);
    rest.split("\n\n[").next().unwrap_or(rest)
}

/// Bytes that stand outside tags and are no white space. No byte of a GB18030 character is an angle bracket.
fn outside_tags(html: &[u8]) -> usize {
    let mut inside = false;
    let mut count = 0;
    for byte in html {
        match byte {
            b'<' => inside = true,
            b'>' => inside = false,
            _ if !inside && !byte.is_ascii_whitespace() => count += 1,
            _ => {}
        }
    }
    count
}
