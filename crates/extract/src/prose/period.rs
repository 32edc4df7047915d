//! Whether a number is the year's own or a sum since an earlier one, and the years that sentences name.

use std::ops::Range;

use gongkai_lexicon::Lexicon;

use super::clauses::is_separator;
use super::window::Window;
use super::words::Words;
use crate::model::Period;
use crate::statement::is_bare;
use crate::work;

impl Window<'_> {
    /// Since an earlier year (历年累计, 自2008年以来), or the report's own.
    pub fn period(&self, words: &Words, lexicon: &Lexicon) -> Period {
        let before = self.sentence.start..self.left.end;
        let grammar = lexicon.prose.grammar();
        let since = words.last_in(&before, &grammar.cumulative);
        let total = words.last_in(&before, &grammar.cumulative_total);
        if since.is_none() && total.is_none() {
            let is_annual =
                || words.any_in(&before, &grammar.annual) || self.years.own_within(&before).next().is_some();
            return if self.of_sum && !is_annual() {
                Period::Cumulative
            } else {
                Period::Year
            };
        }
        let text = |range: Range<usize>| self.text.get(range).unwrap_or("");
        // 2008年公开493条；自2008年以来累计493条: what is told apart from the year's own is the sum.
        let own_year = self.years.own_within(&before).next();
        let since_year = own_year.is_some_and(|at| lexicon.marks.since_start.begin(text(at..before.end)));
        // 年度累计公开77条，历年累计301条: each number has its own.
        let annual = words.last_in(&before, &grammar.annual_since);
        if since_year || annual.is_some_and(|(_, end)| since.is_none_or(|(said, _)| said < end)) {
            return Period::Year;
        }
        // 截至2018年底累计, 自2008年5月至2018年底累计; but not 自2018年1月1日至12月31日累计.
        let until = total.is_some() && (words.any_in(&before, &grammar.until) || self.years.begins_before(&before));
        // 截至年底…累计3581件，其中2018年5件: a year named after the words takes them back.
        let said = since.max(total).map_or(before.end, |(_, end)| end);
        let annual_after =
            words.any_in(&(said..before.end), &grammar.annual) || self.years.is_taken_back(&(said..before.end));
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
        said.is_some_and(|(from, to)| from == start && is_bare(&clause[to - start..], lexicon))
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
pub struct Years {
    named: Vec<(usize, i16)>,
    /// The places of the report's year.
    own: Vec<usize>,
    /// Those of them that end no period: 至2018年底.
    plain: Vec<usize>,
    /// The places of earlier years with which a period begins: 自2008年.
    begun: Vec<usize>,
}

impl Years {
    /// Finds them; `year` is the report's.
    pub fn of(text: &str, year: Option<i16>) -> Self {
        let named = text.match_indices('年').filter_map(|(at, _)| {
            let digits = text.get(at.checked_sub(YEAR)?..at)?;
            Some((at, digits.parse().ok()?))
        });
        let named: Vec<(usize, i16)> = named.collect();
        let behind = |at: usize, words: &[char]| text.get(..at - YEAR).is_some_and(|text| text.ends_with(words));
        let places = |wanted: &dyn Fn(usize, i16) -> bool| -> Vec<usize> {
            let wanted = named.iter().filter(|(at, named)| wanted(*at, *named));
            wanted.map(|(at, _)| *at).collect()
        };
        Self {
            own: places(&|_, named| Some(named) == year),
            plain: places(&|at, named| Some(named) == year && !behind(at, &['至', '止', '到'])),
            begun: places(&|at, named| year.is_some_and(|year| named < year) && behind(at, &['自', '从'])),
            named,
        }
    }

    /// Those that stand in a range with all their digits.
    pub fn within(&self, range: &Range<usize>) -> impl Iterator<Item = (usize, i16)> + '_ {
        let first = self.named.partition_point(|(at, _)| *at < range.start + YEAR);
        let end = range.end;
        let whole = self.named.get(first..).unwrap_or_default().iter().copied();
        whole.take_while(move |(at, _)| {
            work::note(1);
            *at < end
        })
    }

    /// Whether the report's year is named at all.
    pub fn has_own(&self) -> bool {
        !self.own.is_empty()
    }

    /// The places in a range of the report's year.
    fn own_within(&self, range: &Range<usize>) -> impl Iterator<Item = usize> + '_ {
        places_in(&self.own, range, YEAR)
    }

    /// Whether a period begins in a range with an earlier year.
    fn begins_before(&self, range: &Range<usize>) -> bool {
        places_in(&self.begun, range, '自'.len_utf8() + YEAR).next().is_some()
    }

    /// Whether the report's year alone is named in a range: it takes back what was said of several years.
    fn is_taken_back(&self, range: &Range<usize>) -> bool {
        places_in(&self.plain, range, YEAR).next().is_some()
    }
}

/// Those of some places that stand in a range, with so many bytes before them.
fn places_in<'p>(places: &'p [usize], range: &Range<usize>, before: usize) -> impl Iterator<Item = usize> + use<'p> {
    let first = places.partition_point(|at| *at < range.start + before);
    let end = range.end;
    let from = places.get(first..).unwrap_or_default().iter().copied();
    from.take_while(move |at| *at < end)
}
