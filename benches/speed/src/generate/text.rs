//! The text files in `pages/`: lists of lines with slots, and how a slot is filled.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::chance::Chance;

/// What is known of a page, by the names that slots have.
pub type Facts = Vec<(&'static str, String)>;

/// A line with its slots.
#[derive(Debug, Clone)]
pub struct Line(Vec<Piece>);

#[derive(Debug, Clone)]
enum Piece {
    Text(&'static str),
    Number(u64, u64),
    Name(&'static str),
}

impl Line {
    /// `{3..9}` is a number, `{word}` a fact or a word; other braces are text.
    pub fn parse(text: &'static str) -> Self {
        let mut pieces = Vec::new();
        let (mut start, mut at) = (0, 0);
        while let Some(open) = text.get(at..).and_then(|rest| rest.find('{')).map(|found| at + found) {
            let inside = text.get(open + 1..).unwrap_or("");
            let slot = inside.find('}').and_then(|close| inside.get(..close)).and_then(slot);
            let Some((piece, length)) = slot else {
                at = open + 1;
                continue;
            };
            pieces.push(Piece::Text(text.get(start..open).unwrap_or("")));
            pieces.push(piece);
            at = open + length + 2;
            start = at;
        }
        pieces.push(Piece::Text(text.get(start..).unwrap_or("")));
        Self(pieces)
    }

    /// Writes the line with every slot filled; a name that nothing is known of stays empty.
    pub fn fill(&self, out: &mut String, facts: &Facts, words: &Words, chance: &mut Chance) {
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Number(low, high) => {
                    // Writing to a string cannot fail.
                    let _ = write!(out, "{}", chance.between(*low, *high));
                }
                Piece::Name(name) => match facts.iter().find(|(known, _)| known == name) {
                    Some((_, fact)) => out.push_str(fact),
                    None => out.push_str(
                        words
                            .get(name)
                            .and_then(|words| chance.pick(words))
                            .copied()
                            .unwrap_or(""),
                    ),
                },
            }
        }
    }
}

fn slot(inside: &'static str) -> Option<(Piece, usize)> {
    if let Some((low, high)) = inside.split_once("..") {
        return Some((Piece::Number(low.parse().ok()?, high.parse().ok()?), inside.len()));
    }
    let is_name = !inside.is_empty()
        && inside
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    is_name.then_some((Piece::Name(inside), inside.len()))
}

/// Words by the name of their list.
pub type Words = HashMap<&'static str, Vec<&'static str>>;

/// Reads `name: word word word` lines.
pub fn words(file: &'static str) -> Words {
    let lines = file.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, words)| (name, words.split(' ').collect()))
        .collect()
}

/// Reads lines under `[headings]`; lines that start with `# ` before the first heading are comments.
pub fn lists(file: &'static str) -> HashMap<&'static str, Vec<&'static str>> {
    let mut lists: HashMap<&'static str, Vec<&'static str>> = HashMap::new();
    let mut heading = "";
    for line in file.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            heading = name;
        } else if !heading.is_empty() && !line.is_empty() {
            lists.entry(heading).or_default().push(line);
        }
    }
    lists
}
