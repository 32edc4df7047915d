//! Simplified to the three kinds of Traditional pages (reports.md 4.2), and the pinyin noise of cloned ones.

use std::borrow::Cow;

use crate::data::Data;
use crate::dice::Dice;
use crate::doc::{Block, Kind, Trust};
use crate::vocabulary::Script;

/// Converts words of one script to another; Simplified stays as it is.
pub struct Converter {
    data: &'static Data,
    words: Vec<(&'static str, &'static str)>,
    script: Script,
}

impl Converter {
    /// The converter of a script.
    pub fn new(data: &'static Data, script: Script) -> Self {
        let of_script = data.vocabulary.iter().filter(|row| row.0 == script.name());
        Self {
            data,
            words: of_script.map(|row| (row.1, row.2)).collect(),
            script,
        }
    }

    /// A text in the script.
    pub fn convert(&self, text: &str) -> String {
        if self.script == Script::Simplified {
            return text.to_string();
        }
        let chars: String = text
            .chars()
            .map(|c| self.data.traditional.get(&c).copied().unwrap_or(c))
            .collect();
        if self.words.iter().all(|(from, _)| !chars.contains(from)) {
            return chars;
        }
        let mut out = String::with_capacity(chars.len());
        let mut rest = chars.as_str();
        while let Some(first) = rest.chars().next() {
            if let Some((from, to)) = self.words.iter().find(|(from, _)| rest.starts_with(from)) {
                out.push_str(to);
                rest = &rest[from.len()..];
            } else {
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
        out
    }

    /// Converts the pieces of all blocks, and the labels that are part of keys; gives the categories of those.
    pub fn convert_blocks(&self, blocks: &mut [Block]) -> Vec<String> {
        let mut labelled = Vec::new();
        if self.script == Script::Simplified {
            return labelled;
        }
        for block in blocks {
            if let Block::Meta(pairs) = block {
                for (name, value) in pairs.iter_mut() {
                    *name = self.convert(name).into();
                    *value = self.convert(value).into();
                }
            }
            for piece in block.pieces_mut() {
                if !piece.text.is_ascii() {
                    piece.text = self.convert(&piece.text).into();
                }
                for reading in &mut piece.says {
                    if !reading.key.label.is_empty() {
                        // The label is part of the key: whether a reader gives it in the script of the page or folded is
                        // not for the forge to decide, so these rows are left open.
                        reading.key.label = Cow::Owned(self.convert(&reading.key.label));
                        reading.trust = Trust::Open;
                        labelled.push(reading.key.category.to_string());
                    }
                }
            }
        }
        labelled
    }
}

/// Pinyin behind one character in twenty: `務(wù)`; never next to a digit.
pub fn pinyin_noise(data: &Data, blocks: &mut [Block], dice: &mut Dice) -> bool {
    let back: rustc_hash::FxHashMap<char, char> = data.traditional.iter().map(|(&from, &to)| (to, from)).collect();
    let mut noisy = false;
    for block in blocks
        .iter_mut()
        .filter(|block| !matches!(block, Block::Table(_) | Block::Title(_)))
    {
        for piece in block.pieces_mut() {
            if piece.kind != Kind::Text || !piece.says.is_empty() || piece.text.chars().count() < 6 {
                continue;
            }
            let mut text = String::with_capacity(piece.text.len() + 16);
            let last = piece.text.chars().count() - 1;
            for (at, c) in piece.text.chars().enumerate() {
                text.push(c);
                let sound = data.pinyin.get(&c).or_else(|| data.pinyin.get(back.get(&c)?));
                if let Some(sound) = sound.filter(|_| at > 1 && at + 1 < last && dice.below(20) == 0) {
                    text.push('(');
                    text.push_str(sound);
                    text.push(')');
                    noisy = true;
                }
            }
            piece.text = text.into();
        }
    }
    noisy
}
