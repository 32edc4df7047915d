//! What kind of paper a title is of: an annual report, one on a part of a year, something about reports, or another paper.

use std::ops::Range;

use gongkai_lexicon::{Lexicon, OrganWords, WordKind};

/// What a title is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TitleKind {
    /// An annual report.
    Report,
    /// A report on half a year or a quarter.
    PartYear,
    /// What explains, shows in pictures, judges or ranks reports.
    About,
    /// A guide, a list, a notice.
    Other,
    /// A report on a year that does not say that it is on these matters.
    OtherYearly,
    /// News about a report.
    News,
    /// It does not say.
    Unknown,
}

/// The longest title of another yearly paper, in characters.
const LONGEST: usize = 60;
/// What stands around titles that are quoted.
const OPENING: [char; 8] = ['《', '【', '[', '(', '“', '"', '#', ' '];
const CLOSING: [char; 8] = ['》', '】', ']', ')', '”', '"', ':', '的'];

/// What a folded title is of.
#[must_use]
pub fn title_kind(folded: &str, lexicon: &Lexicon) -> TitleKind {
    let words = &lexicon.organs;
    // Most lines of a page are navigation: they say nothing of these matters.
    if !folded.contains("公开") {
        let has = |kind| words.find(kind, folded).is_some();
        let yearly = is_yearly_paper(folded, words);
        return match yearly {
            _ if has(WordKind::OtherPaper) => TitleKind::Other,
            true if has(WordKind::OtherMatter) => TitleKind::Other,
            true => TitleKind::OtherYearly,
            false => TitleKind::Unknown,
        };
    }
    if words.find(WordKind::PartYear, folded).is_some() || months(folded).is_some_and(is_part_of_year) {
        return TitleKind::PartYear;
    }
    let starts = |found: Option<Range<usize>>| found.is_some_and(|range| range.start == 0);
    let Some((at, word)) = report_word(folded, lexicon) else {
        let other = [WordKind::OtherTitle, WordKind::Judges]
            .iter()
            .any(|kind| words.find(*kind, folded).is_some());
        return if other { TitleKind::Other } else { TitleKind::Unknown };
    };
    let before = &folded[..at];
    let after = folded[at + word.len()..].trim_start_matches(CLOSING);
    if explains(before, words) || starts(words.find(WordKind::Judges, after)) {
        TitleKind::About
    } else if words.find(WordKind::News, before).is_some() || starts(words.find(WordKind::News, after)) {
        TitleKind::News
    } else if words.find(WordKind::OtherTitle, after).is_some() {
        TitleKind::Other
    } else {
        TitleKind::Report
    }
}

/// Where the words of an annual report's title begin, the longest form first. The year may stand inside them:
/// 政府信息公开工作2022年度报告.
#[must_use]
pub fn report_word<'a>(folded: &'a str, lexicon: &Lexicon) -> Option<(usize, &'a str)> {
    if !folded.contains("公开") {
        return None;
    }
    if let Some(range) = lexicon.organs.find(WordKind::ReportTitle, folded) {
        return Some((range.start, &folded[range]));
    }
    let start = lexicon.organs.find(WordKind::ReportOpening, folded)?.start;
    let rest = &folded[start..];
    let end = lexicon.organs.find(WordKind::ReportClosing, rest)?.end;
    let between = &rest[..end];
    (between.chars().any(|c| c.is_ascii_digit()) && between.chars().count() <= 28).then_some((start, between))
}

/// 解读《…, 【图解】…, 评估:…: what explains or judges a report says so first, or right before the title that it quotes.
fn explains(before: &str, words: &OrganWords) -> bool {
    let first = before.trim_start_matches(OPENING);
    let quotes = before
        .split_once('《')
        .and_then(|(outside, _)| words.ending(WordKind::Explains, outside));
    let judges = before.ends_with(':') && words.find(WordKind::Judges, before).is_some();
    judges || quotes.or(words.beginning(WordKind::Explains, first)).is_some()
}

/// 2022年法治政府建设年度报告: a year, and the last word of a report.
fn is_yearly_paper(folded: &str, words: &OrganWords) -> bool {
    let digits = |year: &[u8]| matches!(year, [b'1' | b'2', b'9' | b'0', third, fourth] if third.is_ascii_digit() && fourth.is_ascii_digit());
    let closed = folded.trim_end_matches(CLOSING);
    words.ending(WordKind::PaperClosing, closed).is_some()
        && folded.as_bytes().windows(4).any(digits)
        && !folded.contains(['。', '《', ':'])
        && folded.chars().count() <= LONGEST
}

/// The first and the last month that a title names: 1-9月, 1月1日至6月30日.
fn months(folded: &str) -> Option<(u8, u8)> {
    let mut from = 0;
    while let Some(at) = folded.get(from..)?.find('月').map(|at| from + at) {
        from = at + '月'.len_utf8();
        let Some((before, last)) = number_before(folded.get(..at)?) else {
            continue;
        };
        let joined = before.trim_end_matches(['-', '—', '–', '~', '至', '到']);
        if joined.len() < before.len() {
            return first_month(joined).map(|first| (first, last));
        }
    }
    None
}

/// The month at the end of what stands before the second: 1, 1月 or 1月1日.
fn first_month(text: &str) -> Option<u8> {
    let text = match text.strip_suffix('日') {
        Some(day) => number_before(day)?.0,
        None => text,
    };
    number_before(
        text.strip_suffix(['份', '月'])
            .map_or(text, |text| text.trim_end_matches('月')),
    )
    .map(|(_, month)| month)
}

/// A number of one or two digits at the end, and what stands before it.
fn number_before(text: &str) -> Option<(&str, u8)> {
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (before, number) = text.split_at_checked(text.len() - digits.min(2))?;
    Some((before, number.parse().ok()?))
}

/// Whether months are a part of a year. The first reports were on 2008 from May, when the regulations came into force.
fn is_part_of_year((first, last): (u8, u8)) -> bool {
    const IN_FORCE: u8 = 5;
    (1..=12).contains(&first) && first <= last && last <= 12 && (last < 12 || first > IN_FORCE)
}
