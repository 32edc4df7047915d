//! Whether a number is the year's own or a sum since an earlier one, and the years that sentences name.

use std::ops::Range;

use gongkai_lexicon::Lexicon;

use super::numbers::is_separator;
use super::window::Window;
use super::words::Words;
use crate::model::Period;

impl Window<'_> {
    /// Since an earlier year (历年累计, 自2008年以来), or the report's own.
    pub fn period(&self, words: &Words, lexicon: &Lexicon) -> Period {
        let year = self.year;
        let before = self.sentence.start..self.left.end;
        let grammar = lexicon.prose.grammar();
        let since = words.last_in(&before, &grammar.cumulative);
        let total = words.last_in(&before, &grammar.cumulative_total);
        if since.is_none() && total.is_none() {
            return Period::Year;
        }
        let text = |range: Range<usize>| self.text.get(range).unwrap_or("");
        // 2008年公开493条；自2008年以来累计493条: what is told apart from the year's own is the sum.
        let years = || self.years.within(&before);
        let since_year = years()
            .find(|(_, named)| Some(*named) == year)
            .is_some_and(|(at, _)| lexicon.marks.since_start.begin(text(at..before.end)));
        if since_year || words.any_in(&before, &grammar.annual_since) {
            return Period::Year;
        }
        // 截至2018年底累计, 自2008年5月至2018年底累计; but not 自2018年1月1日至12月31日累计.
        let starts = |at: usize| text(before.start..at - YEAR).ends_with(['自', '从']);
        let from_before = || years().any(|(at, named)| year.is_some_and(|year| named < year) && starts(at));
        let until = total.is_some() && (words.any_in(&before, &grammar.until) || from_before());
        // 截至年底…累计3581件，其中2018年5件: a year named after the words takes them back.
        let said = since.max(total).map_or(before.end, |(_, end)| end);
        let annual_after = words.any_in(&(said..before.end), &grammar.annual)
            || years().any(|(at, named)| {
                let ends = || text(before.start..at - YEAR).ends_with(['至', '止']);
                Some(named) == year && at >= said + YEAR && !ends()
            });
        if (since.is_some() || until || total.is_some() && self.is_parted_by_year()) && !annual_after {
            Period::Cumulative
        } else {
            Period::Year
        }
    }

    /// Whether the clause before the number has no words but 历年累计: it sums up over years what was told before.
    pub fn only_sums_up(&self, words: &Words, lexicon: &Lexicon) -> bool {
        let text = self.text.get(self.left.clone()).unwrap_or("");
        let clause = text.trim_matches(is_separator);
        let start = self.left.start + (text.len() - text.trim_start_matches(is_separator).len());
        let said = words.last_in(&(start..start + clause.len()), &lexicon.prose.grammar().cumulative);
        said.is_some_and(|(from, to)| from == start && self.is_filler(&(to..start + clause.len())))
    }

    /// 累计访问量90万人次，其中2018年30万人次: the year's part shows that the sum is of more years.
    fn is_parted_by_year(&self) -> bool {
        let behind = self.text.get(self.right.start..self.sentence.end).unwrap_or("");
        let part = behind.trim_start_matches(is_separator).strip_prefix("其中");
        part.is_some_and(|part| {
            let part = self.sentence.end - part.len()..self.sentence.end;
            let first = self.years.within(&part).next();
            first.is_some_and(|(at, named)| at == part.start + YEAR && Some(named) == self.year)
        })
    }
}

/// Digits of a year.
pub const YEAR: usize = 4;

/// The years a text names, each with the place of its 年.
#[derive(Debug)]
pub struct Years(Vec<(usize, i16)>);

impl Years {
    /// Finds them.
    pub fn of(text: &str) -> Self {
        let named = text.match_indices('年').filter_map(|(at, _)| {
            let digits = text.get(at.checked_sub(YEAR)?..at)?;
            Some((at, digits.parse().ok()?))
        });
        Self(named.collect())
    }

    /// Those that stand in a range with all their digits.
    pub fn within(&self, range: &Range<usize>) -> impl Iterator<Item = (usize, i16)> + '_ {
        let (first, end) = (range.start + YEAR, range.end);
        let whole = self.0.iter().copied().skip_while(move |(at, _)| *at < first);
        whole.take_while(move |(at, _)| *at < end)
    }
}
