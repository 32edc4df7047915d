//! Pages that came without their line ends: the chapters of a report one behind the other in one paragraph.
//!
//! Only a run of chapter numbers, 一、 and then 二、, shows that a paragraph is more than one; knows nothing of what they say.

use std::ops::Range;

use super::section::MAX_HEADING;

/// A heading with its number and the space behind it, in characters.
const LONGEST_HEADING: usize = MAX_HEADING + 6;
/// The numbers of chapters, in order.
const CHAPTERS: [&str; 10] = [
    "一、", "二、", "三、", "四、", "五、", "六、", "七、", "八、", "九、", "十、",
];
/// The numbers of their parts, without the bracket before them.
const PARTS: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
/// So many chapters make a paragraph a whole page.
const MIN_CHAPTERS: usize = 2;
/// A shorter paragraph, in bytes, has no chapters: most have not, and need not be searched.
const MIN_PAGE: usize = 60;

/// The paragraphs that stand in one: its chapters, their headings and their parts, or itself where it has no chapters.
pub fn pieces(text: &str, whole: &Range<usize>) -> Vec<Range<usize>> {
    let mut starts = if whole.len() < MIN_PAGE {
        Vec::new()
    } else {
        chapters(text, whole)
    };
    if starts.len() < MIN_CHAPTERS {
        return vec![whole.clone()];
    }
    let first = starts.first().copied().unwrap_or(whole.end);
    starts.extend(parts(text, &(first..whole.end)));
    starts.sort_unstable();
    let behind: Vec<usize> = (starts.iter())
        .filter_map(|start| end_of_heading(text.get(*start..whole.end)?).map(|length| start + length))
        .collect();
    starts.extend(behind);
    starts.extend([whole.start, whole.end]);
    starts.sort_unstable();
    starts.dedup();
    starts.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

/// Where the chapters begin, as far as their numbers follow each other.
fn chapters(text: &str, whole: &Range<usize>) -> Vec<usize> {
    let mut from = whole.start;
    let mut starts = Vec::new();
    for number in CHAPTERS {
        let rest = text.get(from..whole.end).unwrap_or_default();
        let mut found = rest.match_indices(number).map(|(at, _)| from + at);
        let Some(start) = found.find(|at| begins(text, whole, *at)) else {
            break;
        };
        starts.push(start);
        from = start + number.len();
    }
    starts
}

/// Where the parts of chapters begin: `(一)`, `（二）`.
fn parts<'t>(text: &'t str, chapters: &Range<usize>) -> impl Iterator<Item = usize> + use<'t> {
    let chapters = chapters.clone();
    let rest = text.get(chapters.clone()).unwrap_or_default();
    let brackets = rest.match_indices(['(', '（']).filter_map(move |(at, bracket)| {
        let inside = rest.get(at + bracket.len()..)?;
        let number = PARTS.iter().find_map(|number| inside.strip_prefix(number))?;
        number.starts_with([')', '）']).then_some(chapters.start + at)
    });
    brackets.filter(move |at| begins(text, &(0..text.len()), *at))
}

/// Whether a paragraph can begin at a place: behind a space, or where a sentence ends.
fn begins(text: &str, whole: &Range<usize>, at: usize) -> bool {
    let before = text.get(whole.start..at).unwrap_or_default();
    let ends = |c: char| c.is_whitespace() || "。！？；：!?;:".contains(c);
    before.is_empty() || before.ends_with(ends)
}

/// Bytes of the heading at the start of a chapter or part, when a space ends it: `一、主动公开情况 2013年…`.
fn end_of_heading(text: &str) -> Option<usize> {
    let near = text
        .char_indices()
        .nth(LONGEST_HEADING)
        .map_or(text.len(), |(end, _)| end);
    let near = text.get(..near)?;
    let number = near.find(['、', ')', '）'])?;
    let heading = near.get(number..)?;
    let heading = heading.trim_start_matches(['、', ')', '）']).trim_start();
    let length = heading.find(char::is_whitespace)?;
    let ends_before = heading.get(..length)?.contains(['，', '。', '；', '：', ',', ';', ':']);
    (!ends_before).then_some(near.len() - heading.len() + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        pieces(text, &(0..text.len()))
            .into_iter()
            .map(|piece| text[piece].trim())
            .filter(|piece| !piece.is_empty())
            .collect()
    }

    #[test]
    fn a_page_in_one_line_is_cut_at_its_chapters() {
        for (text, expected) in [
            (
                "年报 一、概述 工作平稳。 二、主动公开 (一)网站公开。全年公开3条。 （二）其他。公开2条。",
                &[
                    "年报",
                    "一、概述",
                    "工作平稳。",
                    "二、主动公开",
                    "(一)网站公开。全年公开3条。",
                    "（二）其他。公开2条。",
                ][..],
            ),
            (
                "一、公开情况。公开3条。二、申请情况。收到1件。",
                &["一、公开情况。公开3条。", "二、申请情况。收到1件。"],
            ),
            ("一、公开情况:公开3条。", &["一、公开情况:公开3条。"]),
            ("依照第一、二、三项办理。", &["依照第一、二、三项办理。"]),
            ("第十一、二、三条", &["第十一、二、三条"]),
            ("", &[]),
        ] {
            assert_eq!(cut(text), expected, "{text}");
        }
    }
}
