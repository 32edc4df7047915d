//! Inputs from inputs: what changes bytes, words, lines, numbers and tags. The same dice make the same input.

use gongkai_forge::dice::Dice;

/// Changes that one input gets at most.
const MOST_CHANGES: u64 = 6;
/// Longest block that is moved, doubled or removed, in bytes.
const BLOCK: usize = 4096;

/// Bytes at the edges of what bytes can be.
const EDGES: [u8; 12] = [0, 1, 9, 10, 13, 32, 0x7F, 0x80, 0xBF, 0xC2, 0xFE, 0xFF];
/// Numbers at the edges of what numbers can be.
const NUMBERS: [&str; 16] = [
    "0",
    "1",
    "-1",
    "9",
    "10",
    "127",
    "255",
    "65535",
    "65536",
    "2147483647",
    "4294967296",
    "9223372036854775807",
    "9999999999999999999",
    "0.1",
    "1,000",
    "1 000",
];

/// What inputs are made of.
#[derive(Debug)]
pub struct Mutator<'a> {
    /// Words of the target.
    pub words: &'a [Vec<u8>],
    /// Longer inputs are cut.
    pub max_bytes: usize,
}

impl Mutator<'_> {
    /// Another input: `seed` with some changes, for which `other` lends its bytes.
    #[must_use]
    pub fn mutate(&self, seed: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
        let mut bytes = seed.to_vec();
        let changes = 1 + dice.below(MOST_CHANGES).min(dice.below(MOST_CHANGES));
        for _ in 0..changes {
            self.change(&mut bytes, other, dice);
        }
        bytes.truncate(self.max_bytes);
        bytes
    }

    fn change(&self, bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
        match dice.below(14) {
            0 => flip(bytes, dice),
            1 => set(bytes, dice),
            2 => insert(bytes, &[random(dice)], dice),
            3 => remove_block(bytes, dice),
            4 => double_block(bytes, dice),
            5 => swap_blocks(bytes, dice),
            6 => splice(bytes, other, dice),
            7 | 8 => self.insert_word(bytes, dice),
            9 => self.replace_with_word(bytes, dice),
            10 => change_number(bytes, dice),
            11 => cut_character(bytes, dice),
            12 => change_lines(bytes, dice),
            _ => change_markup(bytes, dice),
        }
    }

    fn word(&self, dice: &mut Dice) -> &[u8] {
        let at = dice.below(self.words.len() as u64) as usize;
        self.words.get(at).map_or(&[], Vec::as_slice)
    }

    fn insert_word(&self, bytes: &mut Vec<u8>, dice: &mut Dice) {
        let at = boundary(bytes, place(bytes, dice));
        let word = self.word(dice).to_vec();
        bytes.splice(at..at, word);
    }

    fn replace_with_word(&self, bytes: &mut Vec<u8>, dice: &mut Dice) {
        let word = self.word(dice).to_vec();
        let from = boundary(bytes, place(bytes, dice));
        let to = boundary(bytes, (from + word.len()).min(bytes.len()));
        bytes.splice(from..to.max(from), word);
    }
}

fn place(bytes: &[u8], dice: &mut Dice) -> usize {
    dice.below(bytes.len() as u64 + 1) as usize
}

/// A part of the bytes; short ones are as common as long ones.
fn block(bytes: &[u8], dice: &mut Dice) -> std::ops::Range<usize> {
    let start = place(bytes, dice);
    let length = dice.magnitude(1, BLOCK as i64) as usize;
    start..(start + length).min(bytes.len())
}

fn random(dice: &mut Dice) -> u8 {
    match dice.chance(50) {
        true => EDGES[dice.below(EDGES.len() as u64) as usize],
        false => dice.below(256) as u8,
    }
}

/// The next place at which a character can begin.
fn boundary(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest
        .iter()
        .take(3)
        .take_while(|byte| (0x80..0xC0).contains(*byte))
        .count()
}

fn flip(bytes: &mut [u8], dice: &mut Dice) {
    let (at, bit) = (dice.below(bytes.len() as u64) as usize, dice.below(8));
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << bit;
    }
}

fn set(bytes: &mut [u8], dice: &mut Dice) {
    let at = dice.below(bytes.len() as u64) as usize;
    let value = random(dice);
    if let Some(byte) = bytes.get_mut(at) {
        *byte = value;
    }
}

fn insert(bytes: &mut Vec<u8>, what: &[u8], dice: &mut Dice) {
    let at = place(bytes, dice);
    bytes.splice(at..at, what.iter().copied());
}

fn remove_block(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let block = block(bytes, dice);
    bytes.drain(block);
}

/// Once more behind itself, or many times: what is linear once is then seen to be so.
fn double_block(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let block = block(bytes, dice);
    let times = if dice.chance(80) {
        1
    } else {
        dice.magnitude(2, 64) as usize
    };
    let copy = bytes[block.clone()].repeat(times);
    bytes.splice(block.end..block.end, copy);
}

fn swap_blocks(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let moved: Vec<u8> = {
        let block = block(bytes, dice);
        bytes.drain(block).collect()
    };
    let at = place(bytes, dice);
    bytes.splice(at..at, moved);
}

fn splice(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    let taken = other[block(other, dice)].to_vec();
    let block = if dice.chance(50) {
        block(bytes, dice)
    } else {
        place(bytes, dice)..0
    };
    let end = block.end.max(block.start);
    bytes.splice(block.start..end, taken);
}

/// Puts another number in the place of one.
fn change_number(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let from = place(bytes, dice);
    let Some(start) = bytes[from..].iter().position(u8::is_ascii_digit).map(|at| from + at) else {
        return;
    };
    let digits = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = match dice.chance(50) {
        true => dice.pick(&NUMBERS).to_owned(),
        false => dice.magnitude(1, i64::MAX / 4).to_string(),
    };
    bytes.splice(start..start + digits, number.into_bytes());
}

/// Removes one byte of a character of several, or ends the input within one.
fn cut_character(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let from = place(bytes, dice);
    let Some(at) = bytes[from..].iter().position(|byte| *byte >= 0xC0).map(|at| from + at) else {
        return;
    };
    match dice.below(3) {
        0 => drop(bytes.remove(at)),
        1 if at + 1 < bytes.len() => drop(bytes.remove(at + 1)),
        _ => bytes.truncate(at + 1),
    }
}

fn change_lines(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let mut lines: Vec<Vec<u8>> = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    let count = lines.len() as u64;
    if count == 0 {
        return;
    }
    let (first, second) = (dice.below(count) as usize, dice.below(count) as usize);
    match dice.below(4) {
        0 => drop(lines.remove(first)),
        1 => lines.swap(first, second),
        2 => lines.insert(second, lines[first].clone()),
        _ => lines[first].retain(|byte| *byte != b'\n'),
    }
    *bytes = lines.concat();
}

/// Removes a tag, or moves one to another place.
fn change_markup(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let from = place(bytes, dice);
    let Some(start) = bytes[from..].iter().position(|byte| *byte == b'<').map(|at| from + at) else {
        return;
    };
    let length = bytes[start..]
        .iter()
        .position(|byte| *byte == b'>')
        .map_or(1, |at| at + 1);
    let tag: Vec<u8> = bytes.drain(start..start + length).collect();
    if dice.chance(60) {
        let at = boundary(bytes, place(bytes, dice));
        bytes.splice(at..at, tag);
    }
}
