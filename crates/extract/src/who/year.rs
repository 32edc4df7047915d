//! The reporting year by the agreement of its evidence, and the day of publication.

use std::collections::BTreeMap;

use gongkai_lexicon::WordKind;

use super::paper::report_word;
use super::{Evidence, has_digits, names_report};

/// Weights of the evidence: a title outweighs everything else together.
const TITLE: u32 = 15;
const ANNOUNCED: u32 = 6;
const PERIOD: u32 = 5;
const TABLE: u32 = 3;
const TEXT: u32 = 2;
const PUBLISHED: u32 = 1;

/// The last month in which reports for the year before come out, as a rule.
const LAST_MONTH: u8 = 6;

/// So many digits has the shortest period: 2018年1月1日至12月31日.
const PERIOD_DIGITS: usize = 10;

/// So many digits has the last day of a year, and so many bytes before it stands what says so.
const LAST_DAY_DIGITS: usize = 8;
const LAST_DAY_NEAR: usize = 9;

/// What was found.
#[derive(Debug, Default)]
pub struct Years {
    /// The reporting year.
    pub year: Option<i16>,
    /// What speaks for which year, a line each.
    pub evidence: Vec<String>,
    /// The stated period.
    pub period: Option<Period>,
}

/// The days that a report says that it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first.
    pub start: Date,
    /// The last.
    pub end: Date,
}

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: i16,
    month: u8,
    day: u8,
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The year that most evidence speaks for, of those that reports can be on.
pub fn find(evidence: &Evidence<'_>, title: Option<&str>) -> Years {
    let mut years = Years::default();
    let mut votes: BTreeMap<i16, u32> = BTreeMap::new();
    let possible = evidence.lexicon.report_years;
    let mut vote = |year: i16, weight: u32, what: &str, evidence: &mut Vec<String>| {
        if possible.contains(year) {
            *votes.entry(year).or_default() += weight;
            evidence.push(format!("{what}: {year}"));
        } else if weight >= PERIOD {
            evidence.push(format!("{what}: {year} (outside {possible})"));
        }
    };
    let mut spoken = spoken_years(evidence);
    let published = published(evidence);
    if let Some(year) = title.and_then(|title| title_year(evidence, title)) {
        if is_ahead(year, &spoken, published.as_deref()) {
            years.evidence.push(format!("title: {year} (later than all else)"));
            spoken.remove(&year);
        } else {
            vote(year, TITLE, "title", &mut years.evidence);
        }
    }
    if let Some(year) = announced_year(evidence) {
        vote(year, ANNOUNCED, "announced", &mut years.evidence);
    }
    let mut lines = evidence.texts().filter(|line| has_digits(line, PERIOD_DIGITS));
    years.period = lines
        .find_map(|line| period(evidence, line))
        .or_else(|| broken_period(evidence));
    if let Some(year) = years
        .period
        .map(|period| period.end.year)
        .or_else(|| last_day_year(evidence))
    {
        vote(year, PERIOD, "period", &mut years.evidence);
    }
    if let Some(year) = evidence.texts().find_map(|line| heading_year(evidence, line)) {
        vote(year, TABLE, "table heading", &mut years.evidence);
    }
    let most = spoken.iter().filter(|(year, _)| possible.contains(**year));
    if let Some((year, _)) = most.max_by_key(|(year, count)| (**count, **year)) {
        vote(*year, TEXT, "text", &mut years.evidence);
    }
    let day = |day: &str| Some((day.get(..4)?.parse::<i16>().ok()?, day.get(5..7)?.parse::<u8>().ok()?));
    let published = published.as_deref().and_then(day);
    if let Some((year, _)) = published {
        vote(year - 1, PUBLISHED, "published one year later", &mut years.evidence);
    }
    // Reports are due in the first months: a date then says enough where nothing else does.
    let least = match published {
        Some((_, month)) if month <= LAST_MONTH => PUBLISHED,
        _ => TEXT,
    };
    years.year = votes
        .iter()
        .max_by_key(|(year, weight)| (**weight, **year))
        .filter(|(_, weight)| **weight >= least)
        .map(|(year, _)| *year);
    if let Some(year) = years.year {
        let counts = |line: &str| !line.starts_with("published") && !line.ends_with(')');
        let speaks_against = |line: &&mut String| counts(line) && !line.ends_with(&year.to_string());
        for line in years.evidence.iter_mut().filter(speaks_against) {
            line.push_str(" (disagrees)");
        }
    }
    years
}

/// 自2018年1月1日起至12月31日止. Any other two days are a period only where the line says so.
fn period(evidence: &Evidence<'_>, line: &str) -> Option<Period> {
    let words = &evidence.lexicon.organs;
    let stated = || words.find(WordKind::PeriodLabel, line).is_some();
    let periods = evidence.patterns.period.captures_iter(line).filter_map(|captures| {
        let number = |index| captures.get(index).and_then(|found| found.as_str().parse::<i16>().ok());
        let part = |index, otherwise: u8| number(index).map_or(Some(otherwise), |part| u8::try_from(part).ok());
        let start = Date {
            year: number(1)?,
            month: part(2, 1)?,
            day: part(3, 1)?,
        };
        let month = part(5, 12)?;
        let end = Date {
            year: number(4).unwrap_or(start.year),
            month,
            day: part(6, last_day(month))?,
        };
        Some(Period { start, end })
    });
    let is_period = |period: &Period| {
        let Period { start, end } = period;
        let possible = [start, end]
            .iter()
            .all(|day| (1..=12).contains(&day.month) && (1..=31).contains(&day.day));
        let whole = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31);
        possible && start < end && (whole || stated())
    };
    periods.into_iter().find(is_period)
}

/// A period that is broken over two lines.
fn broken_period(evidence: &Evidence<'_>) -> Option<Period> {
    let lines = evidence.head.windows(2).filter_map(|pair| match pair {
        [first, second] if !first.ends_with('。') && has_digits(first, 1) && has_digits(second, 1) => {
            Some((first, second))
        }
        _ => None,
    });
    let mut joined = lines.map(|(first, second)| format!("{first}{second}"));
    joined.find_map(|line| period(evidence, &line).filter(|_| has_digits(&line, PERIOD_DIGITS)))
}

/// The year of the last day where only that is said: 数据截止日期为2014年12月31日.
fn last_day_year(evidence: &Evidence<'_>) -> Option<i16> {
    let words = &evidence.lexicon.organs;
    let mut lines = evidence.texts().filter(|line| has_digits(line, LAST_DAY_DIGITS));
    lines.find_map(|line| {
        let label = words.find(WordKind::LastDayLabel, line)?;
        let captures = evidence.patterns.date.captures(line.get(label.end..)?)?;
        let number = |index| captures.get(index).and_then(|found| found.as_str().parse::<i16>().ok());
        let near = captures.get(0).is_some_and(|found| found.start() <= LAST_DAY_NEAR);
        (near && number(2) == Some(12) && number(3) == Some(31))
            .then(|| number(1))
            .flatten()
    })
}

/// The last day of a month, as periods print it.
fn last_day(month: u8) -> u8 {
    match month {
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The year in the title that a sentence prints: 编制了《X2015年政府信息公开工作年度报告》.
fn announced_year(evidence: &Evidence<'_>) -> Option<i16> {
    let patterns = evidence.patterns;
    let title = |line| patterns.announced.find(line).map(|found| found.as_str());
    let lines = evidence.texts_with([WordKind::IssuerAnnounced, WordKind::ReportOpening]);
    let titles = lines.filter(|line| names_report(line)).filter_map(title);
    let year = |title| patterns.year.captures(title)?.get(1)?.as_str().parse().ok();
    titles.filter_map(year).next()
}

/// The year nearest before the words of the title, or behind them.
pub(super) fn title_year(evidence: &Evidence<'_>, title: &str) -> Option<i16> {
    let years = |text| {
        let captures = evidence.patterns.year.captures_iter(text);
        captures.filter_map(|captures| captures.get(1)?.as_str().parse().ok())
    };
    let end = report_word(title, evidence.lexicon).map_or(title.len(), |(at, word)| at + word.len());
    let (named, behind) = title.split_at_checked(end).unwrap_or((title, ""));
    let arabic = years(named).last();
    let chinese = || chinese_year(evidence, named);
    arabic
        .or_else(chinese)
        .or_else(|| years(behind).next())
        .or_else(|| chinese_year(evidence, behind))
}

fn chinese_year(evidence: &Evidence<'_>, text: &str) -> Option<i16> {
    let captures = evidence.patterns.chinese_year.captures(text)?;
    let digit = |index| {
        captures
            .get(index)
            .and_then(|found| found.as_str().chars().next())
            .and_then(chinese_digit)
    };
    Some(2000 + digit(1)? * 10 + digit(2)?)
}

fn chinese_digit(character: char) -> Option<i16> {
    let position = "零一二三四五六七八九".chars().position(|c| c == character);
    if "○〇0Oo".contains(character) {
        Some(0)
    } else {
        position.and_then(|position| i16::try_from(position).ok())
    }
}

/// 2018年度, (2018年度), 2018年度政府信息公开工作情况统计表.
fn heading_year(evidence: &Evidence<'_>, line: &str) -> Option<i16> {
    // A bare number may be the year that a page was published in.
    let bare = line.bytes().all(|byte| byte.is_ascii_digit());
    if bare || !line.starts_with(['(', '1', '2']) || line.chars().count() > 40 {
        return None;
    }
    evidence
        .patterns
        .table_year
        .captures(line)?
        .get(1)?
        .as_str()
        .parse()
        .ok()
}

/// How many years later than all others on its page a title's must be to be a slip: reports speak of the year before.
const AHEAD: i16 = 3;
/// The least that a page must say of other years to contradict its title.
const SPOKEN: u32 = 2;

/// Whether the year of a title is a slip: 2026 on a page that was published in 2017, or that speaks of 2016 and 2017 and
/// of no year near.
fn is_ahead(year: i16, spoken: &BTreeMap<i16, u32>, published: Option<&str>) -> bool {
    // Once it stands in the title itself.
    let named: u32 = spoken.range(year..).map(|(_, count)| count).sum();
    let before = spoken.range(..year);
    let last = before.clone().next_back().map(|(last, _)| *last);
    let others: u32 = before.map(|(_, count)| count).sum();
    let published: Option<i16> = published.and_then(|day| day.get(..4)?.parse().ok());
    let is_far = last.is_some_and(|last| year - last >= AHEAD) && others >= SPOKEN;
    named <= 1 && is_far && published.is_none_or(|published| published < year)
}

/// How often the text speaks of which years.
fn spoken_years(evidence: &Evidence<'_>) -> BTreeMap<i16, u32> {
    let mut counts: BTreeMap<i16, u32> = BTreeMap::new();
    let text = &evidence.page.text;
    for at in memchr::memmem::find_iter(text.as_bytes(), "年") {
        let before = text.get(..at).unwrap_or_default();
        let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
        let year = match before.get(at - digits..).unwrap_or_default() {
            year if digits == 4 => Some(year),
            // Of digits glued together the last year counts, if the years before it leave it whole.
            glued if digits > 4 => {
                let last = evidence.patterns.year.find_iter(glued).last();
                last.filter(|year| year.end() == glued.len()).map(|year| year.as_str())
            }
            _ => None,
        };
        // 2019年3月4日 is a day, not the year that is spoken of.
        let day = text.get(at + "年".len()..).is_some_and(is_day);
        if let Some(year) = year.filter(|_| !day).and_then(|year| year.parse().ok()) {
            *counts.entry(year).or_default() += 1;
        }
    }
    counts
}

/// Whether a month and a day stand here: 3月4日. The last day of a year speaks of that year all the same.
fn is_day(text: &str) -> bool {
    if text.starts_with("12月31日") {
        return false;
    }
    let number = |text: &'_ str| {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        (1..=2).contains(&digits).then_some(digits)
    };
    let rest = number(text).and_then(|digits| text.get(digits..)?.strip_prefix('月'));
    rest.is_some_and(|rest| {
        number(rest).is_some_and(|digits| rest.get(digits..).is_some_and(|rest| rest.starts_with('日')))
    })
}

/// The day of publication: metadata first, then a labelled date, then a date alone on a line near the top.
pub fn published(evidence: &Evidence<'_>) -> Option<String> {
    let named = ["pubdate", "publishdate", "firstpublishedtime", "article:published_time"];
    let meta = evidence
        .page
        .meta
        .iter()
        .filter(|(name, _)| named.contains(&name.to_ascii_lowercase().as_str()));
    if let Some(date) = meta.into_iter().find_map(|(_, value)| date_in(evidence, value)) {
        return Some(date);
    }
    let labels = evidence.lexicon.organs.of(WordKind::DateLabel);
    let mut lines = evidence.head.iter().zip(&evidence.kinds).take(40).peekable();
    let mut best: Option<(usize, String)> = None;
    while let Some((line, kinds)) = lines.next() {
        // Few lines have a label.
        for (rank, label) in labels
            .iter()
            .enumerate()
            .filter(|_| kinds.contains(WordKind::DateLabel))
        {
            let Some(at) = line.find(label.as_str()).filter(|at| labels_date(label, line, *at)) else {
                continue;
            };
            let rest = &line[at + label.len()..];
            let next = lines
                .peek()
                .map(|(next, _)| next.as_str())
                .filter(|_| rest.chars().count() <= 2);
            let near = rest.chars().take(16).collect::<String>();
            let found = date_in(evidence, &near).or_else(|| {
                next.filter(|next| next.chars().count() <= 20)
                    .and_then(|next| date_in(evidence, next))
            });
            if let Some(date) = found {
                let publishes = usize::from(!label.starts_with('发') && !label.starts_with("公布")) * 100 + rank;
                if best.as_ref().is_none_or(|(other, _)| publishes < *other) {
                    best = Some((publishes, date));
                }
            }
        }
    }
    best.map(|(_, date)| date).or_else(|| {
        let alone = |line: &&String| line.chars().count() <= 19 && !line.contains("星期") && line.starts_with("20");
        evidence.head.iter().take(15).filter(alone).find_map(|line| {
            let date = evidence.patterns.date.find(line).filter(|found| found.start() == 0)?;
            let rest = &line[date.end()..];
            rest.chars()
                .all(|c| c.is_ascii_digit() || c == ':' || c == ' ')
                .then(|| date_in(evidence, line))
                .flatten()
        })
    })
}

/// 统计时间为 is no label of a date: a bare 时间 has nothing of a word before it, or a colon behind it.
fn labels_date(label: &str, line: &str, at: usize) -> bool {
    let in_word = line[..at].ends_with(|c: char| ('\u{3400}'..='\u{9fff}').contains(&c));
    label.chars().count() > 2 || !in_word || line[at + label.len()..].starts_with(':')
}

fn date_in(evidence: &Evidence<'_>, text: &str) -> Option<String> {
    let captures = evidence.patterns.date.captures(text)?;
    let behind = text.get(captures.get(0)?.end()..).unwrap_or_default();
    if evidence
        .lexicon
        .organs
        .beginning(WordKind::PeriodAfter, behind)
        .is_some()
    {
        return None;
    }
    let part = |index| captures.get(index).and_then(|found| found.as_str().parse::<u32>().ok());
    let (year, month, day) = (part(1)?, part(2)?, part(3)?);
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then(|| format!("{year:04}-{month:02}-{day:02}"))
}
