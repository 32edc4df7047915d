//! Labels that a page breaks into several lines, as text taken from PDF files does.
//!
//! `(二)部分公开(区分处理的,只计这一情` / `形,不计其他情形) 447 7 0 0 0 0 454`: the lines are put together as long as they
//! are the beginning of a label of the forms, and only when they end as one.

use std::borrow::Cow;

use gongkai_lexicon::{Lexicon, first_of_run, inner_run, label_run, normalize_label};

/// Lines put together.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrapped {
    /// How many lines they are.
    pub lines: usize,
    /// The label in the form in which labels are compared.
    pub key: String,
    /// How many values and units stand behind the label in the last line.
    pub values: usize,
}

/// The most lines that a label is broken into.
const MAX_LINES: usize = 10;
/// A longer line, in bytes, is a paragraph.
const MAX_LINE: usize = 180;

/// The label that begins with the first of some printed lines and ends in a later one, if there is one. `fold` folds
/// the words of a line, which loses the spaces that part them from the values.
pub fn label<'l>(
    lines: impl Iterator<Item = &'l str>,
    fold: impl Fn(&'l str) -> Cow<'l, str>,
    lexicon: &Lexicon,
) -> Option<Wrapped> {
    let mut found = None;
    let (mut run, mut label) = (String::new(), String::new());
    for (number, line) in lines.take(MAX_LINES).enumerate() {
        if number > 0 && page_number(line).is_some() {
            continue;
        }
        if line.len() > MAX_LINE {
            break;
        }
        let (words, values) = words_and_values(line, lexicon);
        let words = fold(words);
        // Most lines begin as no label does.
        if number == 0 && !first_of_run(&words).is_some_and(|first| lexicon.templates.begins_run(first)) {
            break;
        }
        let piece = if number == 0 {
            label_run(&words)
        } else {
            inner_run(&words)
        };
        if piece.is_empty() {
            break;
        }
        run.push_str(&piece);
        label.push_str(&words);
        let (is_label, continues) = lexicon.templates.label_of_run(&run);
        if is_label && number > 0 {
            let key = normalize_label(&label).into_owned();
            found = Some(Wrapped {
                lines: number + 1,
                key,
                values,
            });
        }
        if !continues || values > 0 {
            break;
        }
    }
    found
}

/// The words at the beginning of a line, and how many values and units stand alone behind them.
fn words_and_values<'l>(line: &'l str, lexicon: &Lexicon) -> (&'l str, usize) {
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, '０'..='９' | '+' | '-' | '—' | ',' | '.' | '/');
    let is_value = |word: &&str| word.chars().all(is_digit) || lexicon.units.exact(word).is_some();
    let values = line.split_whitespace().rev().take_while(is_value).count();
    let mut words = line.trim_end();
    for _ in 0..values {
        words = words
            .rsplit_once(char::is_whitespace)
            .map_or("", |(before, _)| before.trim_end());
    }
    (words, values)
}

/// The number of `- 5 -` or `第5页`, as a page of a printed document has it at its foot.
#[must_use]
pub fn page_number(line: &str) -> Option<u32> {
    let line = line.trim();
    let dashed = |line: &str| -> Option<String> {
        let inner = line.strip_prefix(['-', '—', '–'])?.strip_suffix(['-', '—', '–'])?;
        Some(inner.trim().to_owned())
    };
    let paged = |line: &str| -> Option<String> {
        let inner = line.strip_prefix('第')?.strip_suffix('页')?;
        Some(inner.trim().to_owned())
    };
    let number = dashed(line).or_else(|| paged(line))?;
    let is_short = (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    if is_short { number.parse().ok() } else { None }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_put_together_only_when_they_end_as_one() {
        let lexicon = gongkai_lexicon::Lexicon::load(&gongkai_lexicon::DataSource::embedded()).unwrap();
        for (lines, expected) in [
            (
                &[
                    "(二)部分公开(区分处理的,只计这一情",
                    "形,不计其他情形) 447 7 0 0 0 0 454",
                ][..],
                Some((2, "部分公开", 7)),
            ),
            (
                &[
                    "1、申请人无正当理由逾期不补",
                    "正、行政机关不再处理其政府信",
                    "- 5 -",
                    "息公开申请",
                    "67 3 0",
                ][..],
                Some((4, "申请人无正当理由逾期不补正行政机关不再处理其政府信息公开申请", 0)),
            ),
            (
                &["(三)不", "予公开", "1.属于国家秘密 2 0 0 0 0 0 2"],
                Some((2, "不予公开", 0)),
            ),
            (&["一、本年新收政府信息公开申请数量 1 2 3"], None),
            (&["(二)部分公开(区分处理的,只计这一情 5", "形,不计其他情形)"], None),
            (
                &[
                    "(一)回应公众关注热点或重大舆",
                    "情数(不同方式回应同一热点或舆",
                    "情计1次) 次 146",
                ],
                Some((3, "回应公众关注热点或重大舆情", 2)),
            ),
            (&["本年度", "我局认真做好各项工作"], None),
            (&["4.保护第三方合法权益", "—"], None),
        ] {
            let found = label(lines.iter().copied(), Cow::Borrowed, &lexicon);
            let shown = found.map(|found| (found.lines, found.key, found.values));
            let expected = expected.map(|(lines, key, values)| (lines, key.to_owned(), values));
            assert_eq!(shown, expected, "{lines:?}");
        }
    }

    #[test]
    fn page_numbers_are_told_from_values() {
        for (line, expected) in [
            ("- 5 -", Some(5)),
            ("—12—", Some(12)),
            ("第 3 页", Some(3)),
            ("5", None),
            ("-5", None),
            ("- 5 6 -", None),
        ] {
            assert_eq!(page_number(line), expected, "{line}");
        }
    }
}
