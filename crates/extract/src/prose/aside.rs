//! Numbers told in passing: another year's, and the parts of what counts another matter.

use std::ops::Range;

use gongkai_lexicon::Lexicon;

use super::clauses::is_separator;
use super::period::YEAR;
use super::window::Window;
use super::words::Words;

/// What a sentence speaks of besides this report's statistics.
#[derive(Debug, Default)]
pub struct Aside {
    /// Whether the year named last is another: 2017年收到30件，2018年收到50件.
    of_other_year: bool,
    matter: Matter,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Matter {
    #[default]
    Own,
    /// The last number counted another: 办理议案12件.
    Other,
    /// Its parts are being told: 其中人大建议7件、政协提案5件.
    PartsOfOther,
}

impl Aside {
    /// Whether a number is no statistic of this report and year.
    pub fn takes(&mut self, window: &Window<'_>, words: &Words, lexicon: &Lexicon) -> bool {
        self.of_other_year = self.is_of_other_year(window, words, lexicon);
        let opens = words.any_in(&window.left, &lexicon.prose.grammar().list_opening);
        self.matter = match self.matter {
            Matter::Other if opens => Matter::PartsOfOther,
            Matter::PartsOfOther if opens || window.list.listed => Matter::PartsOfOther,
            _ => Matter::Own,
        };
        self.of_other_year || self.matter == Matter::PartsOfOther
    }

    /// Notes a number that counts nothing.
    pub fn unread(&mut self, window: &Window<'_>, words: &Words, lexicon: &Lexicon) {
        if words.any_in(&window.left, &lexicon.prose.grammar().other_matter) {
            self.matter = Matter::Other;
        }
    }

    /// Only where the paragraph names the report's year, too: otherwise the year is a slip, or found wrongly.
    fn is_of_other_year(&self, window: &Window<'_>, words: &Words, lexicon: &Lexicon) -> bool {
        let begins = |(at, _): &(usize, i16)| begins_clause(window.text, &window.left, *at);
        let named = window.years.within(&window.left).filter(begins).last();
        match (named, window.year) {
            (Some((_, named)), Some(year)) => named != year && window.years.has_own(),
            _ => self.of_other_year && !words.any_in(&window.left, &lexicon.prose.grammar().annual),
        }
    }
}

/// Whether the year whose 年 stands at a place of a range says when a clause's numbers were counted: `，2017年收到`, not 2017年底,
/// 自2017年 or 2017年度决算.
fn begins_clause(text: &str, range: &Range<usize>, at: usize) -> bool {
    let before = text[range.start..at - YEAR].trim_end_matches("其中");
    let behind = text[at + '年'.len_utf8()..range.end].trim_start_matches('度');
    let is_point = behind.starts_with(|c: char| c.is_ascii_digit() || "以起底末前结转".contains(c));
    (before.is_empty() || before.ends_with(is_separator)) && !is_point
}
