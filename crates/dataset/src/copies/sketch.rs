//! What a page's words are, in half a kilobyte: enough to tell how much of one text stands in another.
//!
//! Only Han characters count, in Simplified script: marks, blanks, markup and the width of digits differ between copies,
//! and numbers are what [`super::facts`] compares. What the forms print says nothing of who copied whom, so it is left
//! out.

use gongkai_lexicon::{Lexicon, ScriptTable};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

/// Han characters of the basic plane.
const FIRST: u32 = 0x4E00;
const END: u32 = 0xA000;
/// Characters of a shingle: as many as a word of 64 bits holds.
const SHINGLE: usize = 4;
/// Shingles of a sketch: a share is then known to within a tenth.
const SIZE: usize = 128;
/// Fewer shingles than these say nothing of a text.
const LEAST: usize = 24;

/// How Han characters are compared, and what the forms print.
#[derive(Debug)]
pub(crate) struct Words {
    /// Simplified form of each Han character, by code point from [`FIRST`].
    simplified: Vec<u16>,
    /// The shingles of the forms' labels.
    forms: FxHashSet<u32>,
}

/// The shingles of a text with the smallest hashes, sorted: a sample that is the same wherever the text stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sketch(Vec<u32>);

impl Words {
    /// The words of a lexicon.
    pub(crate) fn new(lexicon: &Lexicon) -> Self {
        let mut words = Self {
            simplified: (FIRST..END).map(|code| simplify(code, &lexicon.script)).collect(),
            forms: FxHashSet::default(),
        };
        let mut forms = FxHashSet::default();
        for (id, _) in lexicon.templates.iter() {
            let rows = lexicon.templates.rows().filter(|(_, row)| row.template == id);
            let (mut in_order, mut columns) = (String::new(), String::new());
            for (_, row) in rows {
                // A page prints a row behind the row before, with nothing but numbers between them.
                in_order += &row.label;
                columns.extend(
                    lexicon
                        .templates
                        .columns(row)
                        .iter()
                        .flat_map(|column| &column.labels)
                        .cloned(),
                );
                row.keys
                    .iter()
                    .for_each(|key| each_shingle(key, &words.simplified, |hash| _ = forms.insert(hash)));
            }
            for text in [&in_order, &columns] {
                each_shingle(text, &words.simplified, |hash| _ = forms.insert(hash));
            }
        }
        words.forms = forms;
        words
    }

    /// The sketch of a text.
    pub(crate) fn sketch(&self, text: &str) -> Sketch {
        let mut hashes: Vec<u32> = Vec::with_capacity(4 * SIZE);
        let mut bound = u32::MAX;
        each_shingle(text, &self.simplified, |hash| {
            if hash >= bound || self.forms.contains(&hash) {
                return;
            }
            hashes.push(hash);
            if hashes.len() == 4 * SIZE {
                smallest(&mut hashes);
                bound = bound_of(&hashes);
            }
        });
        smallest(&mut hashes);
        hashes.shrink_to_fit();
        Sketch(hashes)
    }

    /// A label as it is compared: its letters, digits and Han characters in Simplified script.
    pub(crate) fn label(&self, printed: &str) -> String {
        let kept = printed.chars().filter(|character| character.is_alphanumeric());
        let folded = kept.map(|character| match character {
            '０'..='９' => char::from_u32(character as u32 - '０' as u32 + '0' as u32).unwrap_or(character),
            _ => self.simplified_character(character).unwrap_or(character),
        });
        folded.collect()
    }

    fn simplified_character(&self, character: char) -> Option<char> {
        let slot = (character as u32).checked_sub(FIRST)?;
        char::from_u32(u32::from(*self.simplified.get(slot as usize)?))
    }
}

/// The Simplified form of a Han character: mostly itself.
fn simplify(code: u32, script: &ScriptTable) -> u16 {
    let folded = char::from_u32(code).and_then(|character| script.simplify(character));
    folded
        .and_then(|folded| u16::try_from(u32::from(folded)).ok())
        .unwrap_or(code as u16)
}

/// Gives the hash of every run of [`SHINGLE`] Han characters, whatever stands between them.
fn each_shingle(text: &str, simplified: &[u16], mut give: impl FnMut(u32)) {
    let bytes = text.as_bytes();
    let (mut at, mut characters, mut shingle) = (0, 0, 0u64);
    // Han characters are told by their first byte, and the bytes within others need no look.
    while let Some(byte) = bytes.get(at) {
        let (0xe4..=0xe9, Some([first, second, third])) = (byte, bytes.get(at..at + 3)) else {
            at += 1;
            continue;
        };
        at += 3;
        let code = u32::from(first & 0x0f) << 12 | u32::from(second & 0x3f) << 6 | u32::from(third & 0x3f);
        let Some(folded) = simplified.get(code.wrapping_sub(FIRST) as usize) else {
            continue;
        };
        shingle = shingle << 16 | u64::from(*folded);
        characters += 1;
        if characters >= SHINGLE {
            give(hash(shingle));
        }
    }
}

/// Scatters shingles evenly; the constants are those of the last step of `MurmurHash3`.
fn hash(shingle: u64) -> u32 {
    let mixed = (shingle ^ shingle >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let mixed = (mixed ^ mixed >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    (mixed >> 32) as u32
}

fn smallest(hashes: &mut Vec<u32>) {
    hashes.sort_unstable();
    hashes.dedup();
    hashes.truncate(SIZE);
}

/// Hashes below it are all there.
fn bound_of(hashes: &[u32]) -> u32 {
    hashes.get(SIZE - 1).copied().unwrap_or(u32::MAX)
}

impl Sketch {
    /// How much of the text with fewer words stands in the other, from 0 to 1; none when one of them has too few words
    /// of its own to tell. Navigation around a copy makes it no less a copy.
    pub(crate) fn common_share(&self, other: &Self) -> Option<f64> {
        let bound = bound_of(&self.0).min(bound_of(&other.0));
        let below = |sketch: &Self| sketch.0.partition_point(|hash| *hash <= bound);
        let fewer = below(self).min(below(other));
        if self.0.len().min(other.0.len()) < LEAST || fewer == 0 {
            return None;
        }
        let common = self.0.iter().filter(|hash| other.0.binary_search(hash).is_ok()).count();
        Some((common as f64 / fewer as f64).min(1.0))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fmt::Write as _;
    use std::sync::LazyLock;

    use gongkai_lexicon::DataSource;

    use super::*;

    static WORDS: LazyLock<Words> = LazyLock::new(|| Words::new(&Lexicon::load(&DataSource::embedded()).unwrap()));

    /// Text without end of which no two pieces are alike.
    fn invented(seed: u32, characters: u32) -> String {
        let of = |place: u32| hash(u64::from(seed) << 32 | u64::from(place)) >> 20;
        (0..characters)
            .filter_map(|place| char::from_u32(FIRST + of(place)))
            .collect()
    }

    fn common(left: &str, right: &str) -> Option<f64> {
        WORDS.sketch(left).common_share(&WORDS.sketch(right))
    }

    #[test]
    fn layout_script_and_numbers_do_not_matter() {
        let text = "依申请公开政府信息１２件，办结率为100%。对历年规范性文件进行了清理，听取群众意见，开展业务培训。";
        let other = "依申請公開 政府信息13件、辦結率為９９％。\n對歷年規範性文件進行了清理;聽取群眾意見,開展業務培訓。";
        assert_eq!(common(text, other), Some(1.0));
    }

    #[test]
    fn a_share_is_that_of_the_shorter_text() {
        let text = invented(1, 3000);
        for (other, expected) in [
            (format!("{}{text}{}", invented(2, 1500), invented(3, 1500)), 1.0),
            (format!("{}{}", &text[..text.len() / 2], invented(4, 1500)), 0.5),
            (invented(5, 3000), 0.0),
        ] {
            let share = common(&text, &other).unwrap();
            assert!((share - expected).abs() < 0.1, "{share} for {expected}");
        }
    }

    #[test]
    fn forms_and_short_texts_say_nothing() {
        let lexicon = Lexicon::load(&DataSource::embedded()).unwrap();
        let form = lexicon.templates.id("S21-3").unwrap();
        let mut table = String::new();
        for (_, row) in lexicon.templates.rows().filter(|(_, row)| row.template == form) {
            writeln!(table, "{}\t0\t12\t0", row.label).unwrap();
        }
        assert_eq!(common(&table, &table), None);
        assert_eq!(common("今年没有收到申请", "今年没有收到申请"), None);
        assert_eq!(WORDS.sketch(""), Sketch::default());
    }
}
