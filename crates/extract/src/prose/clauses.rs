//! Where the clauses of a text end: looked for once, and asked for around every number.

use std::ops::Range;

use crate::work;

/// Marks that end a clause; 、 only joins.
#[must_use]
pub fn is_separator(character: char) -> bool {
    matches!(character, '，' | ',' | ';' | '；' | ':' | '：' | '。')
}

/// The marks between the clauses of a text, left to right.
#[derive(Debug)]
pub struct Clauses(Vec<Range<usize>>);

impl Clauses {
    /// Finds them.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut marks = Vec::new();
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let mark = match byte {
                // Han characters, three bytes each.
                0xe4..=0xe9 => {
                    at += 3;
                    continue;
                }
                b',' | b';' | b':' => 1,
                // The full-width marks are three bytes; few other characters begin as they do.
                0xe3 | 0xef if text[at..].starts_with(is_separator) => 3,
                _ => 0,
            };
            if mark > 0 {
                marks.push(at..at + mark);
            }
            at += mark.max(1);
        }
        Self(marks)
    }

    /// Start of the comma clause around a position of a sentence.
    #[must_use]
    pub fn start(&self, sentence: &Range<usize>, position: usize) -> usize {
        work::note(1);
        let after = self.0.partition_point(|mark| mark.start < position);
        let before = after.checked_sub(1).and_then(|last| self.0.get(last));
        before
            .filter(|mark| mark.start >= sentence.start)
            .map_or(sentence.start, |mark| mark.end)
    }

    /// One past the comma clause around a position of a sentence.
    #[must_use]
    pub fn end(&self, sentence: &Range<usize>, position: usize) -> usize {
        work::note(1);
        let next = self.0.get(self.0.partition_point(|mark| mark.start < position));
        next.filter(|mark| mark.start < sentence.end)
            .map_or(sentence.end, |mark| mark.start)
    }
}
