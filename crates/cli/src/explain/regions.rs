//! The highlighted places of a page: mentions that overlap are one place.

use gongkai_extract::Mention;

/// A highlighted place and the mentions that were read there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// First byte in the page's text.
    pub start: usize,
    /// One past the last byte; equal to `start` at an empty cell.
    pub end: usize,
    /// Indices of the mentions, in the order of their spans.
    pub mentions: Vec<usize>,
}

impl Region {
    fn overlaps(&self, start: usize, end: usize) -> bool {
        start < self.end || (self.start, self.end) == (start, end)
    }
}

/// The places of all mentions, from the beginning of the page on; they do not overlap.
pub fn regions(mentions: &[Mention]) -> Vec<Region> {
    let spans = mentions.iter().enumerate();
    let mut spans: Vec<(usize, usize, usize)> = spans
        .map(|(index, mention)| (mention.span.start as usize, mention.span.end as usize, index))
        .collect();
    spans.sort_unstable();
    let mut regions: Vec<Region> = Vec::new();
    for (start, end, index) in spans {
        match regions.last_mut() {
            Some(last) if last.overlaps(start, end) => {
                last.end = last.end.max(end);
                last.mentions.push(index);
            }
            _ => regions.push(Region {
                start,
                end,
                mentions: vec![index],
            }),
        }
    }
    regions
}
