//! Sentences that the end of a line tears, where lines have no one width: text taken from PDF files, and paragraphs that
//! a page broke behind a number.
//!
//! Two lines are one sentence only on evidence in the text: a count that begins a line needs the words before it, a
//! number needs its unit, an open bracket its end, a known word its second half, and no sentence ends with 至 or 其中.

use std::ops::Range;

use gongkai_lexicon::{Lexicon, strip_enumerator};
use gongkai_page::Page;

use super::lines::{is_han, is_open};
use crate::fold::fold_text;
use crate::number::scan;
use crate::numeral::numeral;
use crate::wrapped;

/// So many characters on both sides of the end of a line tell whether a word goes on.
const NEAR: usize = 10;
/// A line without a comma is no label from so many characters on.
const MIN_SENTENCE: usize = 24;
/// A line that ends with a comma goes on, when it has so many bytes: a shorter one is a cell.
const MIN_CLAUSE: usize = 30;

/// Whether a line goes on in the next.
pub fn goes_on(line: &str, next: &str, traditional: bool, lexicon: &Lexicon) -> bool {
    if !is_open(line) || strip_enumerator(next).len() < next.trim_start().len() || ends_and_begins(line, next, is_digit)
    {
        return false;
    }
    if line.ends_with(['，', '、', ',']) {
        return line.len() >= MIN_CLAUSE && next.starts_with(|c| is_han(c) || is_digit(c));
    }
    // One of the two is a sentence: labels and values side by side have no clauses.
    if !(has_clauses(line) || has_clauses(next)) {
        return false;
    }
    let (before, behind) = around(line, next);
    let fold = |text| fold_text(text, &lexicon.script, traditional);
    let (before, behind) = (fold(before), fold(behind));
    let is_sentence = has_clauses(line) || line.chars().nth(MIN_SENTENCE).is_some();
    begins_with_count(&fold(beginning(next, 2 * NEAR)), lexicon)
        || before.ends_with(is_digit) && begins_with_unit(&behind, lexicon)
        || is_sentence && (lexicon.marks.unfinished.end(&before) || closes(line, next))
        || is_sentence && is_one_word(&before, &behind, lexicon)
}

/// The number of a sheet between two lines, which belongs to neither. Digits alone before a unit are a value, and before
/// other digits the beginning of one.
pub fn is_sheet(page: &Page, line: &Range<usize>, next: &Range<usize>, lexicon: &Lexicon) -> bool {
    let text = |span: &Range<usize>| page.text.get(span.clone()).unwrap_or_default();
    let (line, next) = (text(line), text(next));
    let begins_with_word = next.starts_with(|c| is_han(c) && numeral(c).is_none() && !"百千万亿".contains(c));
    let is_value = !begins_with_word || lexicon.units.at_start(next).is_some();
    wrapped::page_number(line).is_some() || !is_value && is_sheet_number(line)
}

/// `5` or `- 5 -`, as a sheet of a printed document has it at its foot.
pub fn is_sheet_number(line: &str) -> bool {
    let is_short = (1..=3).contains(&line.len()) && line.bytes().all(|byte| byte.is_ascii_digit());
    is_short || wrapped::page_number(line).is_some()
}

/// `1830条，其中`: a count that a clause ends with, and no word before it that would say of what.
fn begins_with_count(next: &str, lexicon: &Lexicon) -> bool {
    let Some(count) = scan(next).into_iter().next() else {
        return false;
    };
    let behind = next.get(count.range.end..).unwrap_or_default();
    let Some(unit) = lexicon.units.at_start(behind) else {
        return false;
    };
    let behind = behind.get(unit.name.len()..).unwrap_or_default();
    count.range.start == 0 && !count.chinese && behind.starts_with(['，', '。', '；', '、', ',', ';', '('])
}

/// Whether a text begins with a unit; 万元 may have been a part of the number before it.
fn begins_with_unit(text: &str, lexicon: &Lexicon) -> bool {
    lexicon.units.at_start(text).is_some() && !text.starts_with(['十', '百', '千', '万', '亿'])
}

/// Whether a bracket that the line opens is closed in the next.
fn closes(line: &str, next: &str) -> bool {
    [('（', '）'), ('(', ')'), ('《', '》'), ('“', '”')]
        .iter()
        .any(|(open, close)| {
            let opened = line.rfind(*open);
            let is_open = opened.is_some_and(|at| !line[at..].contains(*close));
            let closed = next.find(*close);
            is_open && closed.is_some_and(|at| !next[..at].contains(*open))
        })
}

/// Whether a known word has its beginning at the end of the one text and its end at the start of the other.
fn is_one_word(before: &str, behind: &str, lexicon: &Lexicon) -> bool {
    let both = format!("{before}{behind}");
    let is_torn = |start: usize, end: usize| start < before.len() && before.len() < end;
    let mut words = lexicon.statements.words(&both).into_iter();
    words.any(|word| is_torn(word.start, word.end))
        || lexicon
            .prose
            .find(&both)
            .iter()
            .any(|word| is_torn(word.start, word.end))
}

fn has_clauses(text: &str) -> bool {
    text.contains(['，', '；', '。', ',', ';'])
}

/// The end of a line, and the start of the next.
fn around<'t>(line: &'t str, next: &'t str) -> (&'t str, &'t str) {
    let from = line.char_indices().rev().nth(NEAR - 1).map_or(0, |(at, _)| at);
    (line.get(from..).unwrap_or_default(), beginning(next, NEAR))
}

fn beginning(text: &str, characters: usize) -> &str {
    let end = text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}

fn ends_and_begins(line: &str, next: &str, is: impl Fn(char) -> bool) -> bool {
    line.ends_with(&is) && next.starts_with(&is)
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit() || ('０'..='９').contains(&character)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_on_where_the_text_shows_it() {
        let lexicon = Lexicon::load(&gongkai_lexicon::DataSource::embedded()).unwrap();
        for (line, next, expected) in [
            ("门户网站共计发布信息", "1830 条，其中文件", true),
            ("全年公开信息12条，收到政府信息公开申", "请9件。", true),
            ("根据条例要求，全年收到申请12", "件，均已答复。", true),
            ("部分公开（区分处", "理的，只计这一情形）", false),
            ("根据要求，由区政府办公室（以", "下简称办公室）编制", true),
            (
                "本报告依照政府信息公开条例的规定和要求由区政府办公室（以",
                "下简称办公室）编制，",
                true,
            ),
            ("全年公开信息12条，其中网站公开8条，", "微信公开4条", true),
            ("数据自2018年1月1日起,至", "2018年12月31日止。", true),
            ("全年公开信息12条。", "收到申请9件。", false),
            ("全年公开信息12条，收到政府信息公开申", "二、请示9件。", false),
            ("主动公开政府信息数", "12条", false),
            ("主动公开政府信息数", "条", false),
            ("公开信息，共12", "34条。", false),
            ("（二）依申请公开情况", "5件申请均已答复。", false),
            ("一、主动公开情况", "2018年，公开信息12条。", false),
        ] {
            assert_eq!(goes_on(line, next, false, &lexicon), expected, "{line} / {next}");
        }
    }

    #[test]
    fn numbers_of_sheets_are_told_from_values() {
        for (line, expected) in [
            ("5", true),
            ("- 5 -", true),
            ("2018", false),
            ("12条", false),
            ("", false),
        ] {
            assert_eq!(is_sheet_number(line), expected, "{line}");
        }
    }
}
