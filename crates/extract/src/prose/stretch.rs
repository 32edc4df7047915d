//! Paragraphs without end: they are read stretch by stretch, so that what is kept of one at a time stays small.

use std::ops::Range;

use super::clauses::is_separator;
use super::section::MAX_SENTENCE;
use crate::number::begins_number;

/// No paragraph of a report is longer, in bytes; some are a whole report.
const LONGEST: usize = 128 << 10;

/// The stretches of a paragraph, each up to the end of a sentence where one ends near.
pub fn stretches<'t>(text: &'t str, paragraph: &Range<usize>) -> impl Iterator<Item = Range<usize>> + use<'t> {
    let mut rest = paragraph.clone();
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = end_of_stretch(text, &rest);
        let stretch = rest.start..end;
        rest.start = end;
        Some(stretch)
    })
}

fn end_of_stretch(text: &str, rest: &Range<usize>) -> usize {
    if rest.len() <= LONGEST {
        return rest.end;
    }
    let from = text.floor_char_boundary(rest.start + LONGEST);
    let behind = text.get(from..rest.end).unwrap_or_default();
    let near = &behind[..behind.floor_char_boundary(MAX_SENTENCE)];
    // Not within a number: what ends nowhere else is cut behind a letter that is not one of its characters. Where there is
    // none far and wide, no word is either that would say what is counted.
    let is_letter = |c: char| c.is_alphabetic() && !begins_number(c) && !"万萬亿億".contains(c);
    let behind_first = |text: &str, wanted: &dyn Fn(char) -> bool| {
        let (at, mark) = text.char_indices().find(|(_, c)| wanted(*c))?;
        Some(from + at + mark.len_utf8())
    };
    behind_first(near, &|c| "。！？!?".contains(c))
        .or_else(|| behind_first(near, &|c| is_separator(c) && c != ',' && c != '，'))
        .or_else(|| behind_first(near, &is_letter))
        .unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_end_with_sentences_or_at_least_behind_a_word() {
        for (unit, ends) in [
            ("公开信息12条。", "。"),
            ("公开12，345条；", "；"),
            ("公开12，345条", "公开条"),
            ("12*34", ""),
        ] {
            let text = unit.repeat(3 * LONGEST / unit.len());
            let mut next = 0;
            for stretch in stretches(&text, &(0..text.len())) {
                assert_eq!(stretch.start, next, "{unit}");
                let ends_well = text[stretch.clone()].ends_with(|last| ends.contains(last));
                assert!(ends.is_empty() || ends_well, "{unit}");
                next = stretch.end;
            }
            assert_eq!(next, text.len(), "{unit}");
        }
        assert_eq!(stretches("公开", &(0..0)).count(), 0);
        assert_eq!(stretches("公开", &(0..6)).count(), 1);
    }
}
