//! Whether a page is an annual report, or was left out on purpose: guides, news, lists of links, half-year pages.

use std::borrow::Cow;
use std::collections::HashSet;

use gongkai_lexicon::{Lexicon, OrganWords, WordKind};
use gongkai_page::BlockKind;

use crate::model::Identity;
use crate::who::{Evidence, TitleKind, names_body_before, report_word, title_kind};

/// So many values in tables make a report of a page whatever its title says.
const CERTAIN: usize = 12;
/// So many of the standard chapters, with so many values in their sentences, make a report without a title.
const CHAPTERS: usize = 2;
const CHAPTER_VALUES: usize = 1;
/// With so many values one chapter is enough where the law is named that asks for reports.
const LAW_VALUES: usize = 3;
/// So many make one alone.
const ALL_CHAPTERS: usize = 5;
/// The longest heading of a chapter, in characters.
const HEADING: usize = 40;
/// Of these two any report on a year has.
const COMMON_CHAPTERS: usize = 2;
/// A report says what it is in its first lines of so many characters.
const STATEMENT_LINES: usize = 12;
const PARAGRAPH: usize = 20;
/// Lines that were broken at one width are no longer than so many bytes.
const BROKEN: usize = 160;
/// A title is among so many lines, has so many characters at most, and so many before what it quotes.
const TITLE_LINES: usize = 3;
const TITLE: usize = 60;
const OUTSIDE: usize = 12;
/// News says so in its first lines, in so many bytes of each.
const NEWS_LINES: usize = 6;
const NEWS_OPENING: usize = 360;
/// With so many values the name of a column is enough of a title.
const COLUMN_VALUES: usize = 3;
/// So many links to reports make a list of them.
const LIST_LINKS: usize = 4;
/// So many different titles of reports, each a line of its own, make a list of them where the links are lost.
const LIST_TITLES: usize = 6;

/// What extraction found on a page, as far as it tells whether the page is a report.
#[derive(Debug, Clone, Copy)]
pub struct Content {
    /// Values read from tables.
    pub in_tables: usize,
    /// Cells of tables that were read as blank: an empty form has nothing else.
    pub blanks: usize,
    /// Values read from sentences.
    pub in_prose: usize,
    /// How many of the standard chapters it has.
    pub chapters: usize,
}

/// Why a page is no annual report; none when it is one.
#[must_use]
pub fn not_a_report(
    evidence: &Evidence<'_>,
    identity: &Identity,
    traditional: bool,
    content: Content,
) -> Option<(&'static str, String)> {
    let lexicon = evidence.lexicon;
    let fold = |text: &str| crate::fold::fold_text(text, &lexicon.script, traditional).into_owned();
    let page_title = evidence.page.title.as_deref().map(&fold);
    let kinds = kinds(evidence, page_title.as_deref(), &fold);
    let title = page_title
        .or(identity.title.clone())
        .or_else(|| evidence.head.first().cloned())
        .unwrap_or_default();
    let something_else = || Some(("not_a_report", format!("the page is something else: {title}")));
    if kinds.contains(&TitleKind::PartYear) {
        return Some(("half_year", format!("the page is for a part of a year: {title}")));
    }
    if content.in_tables >= CERTAIN {
        return None;
    }
    if kinds.contains(&TitleKind::About) {
        return Some(("not_a_report", format!("the page is about reports: {title}")));
    }
    if is_form(evidence, identity) {
        return Some(("not_a_report", format!("the page is a form to be filled in: {title}")));
    }
    let statement = states_itself(evidence);
    let cells = content.in_tables + content.blanks + content.in_prose;
    // A short report beside a list of its sister reports is none of them.
    let has_chapters = content.chapters >= CHAPTERS && content.in_prose >= CHAPTER_VALUES;
    let is_short = cells < CERTAIN && statement != Statement::Certain && !has_chapters;
    let is_empty = cells == 0 && content.chapters == 0 && statement == Statement::None;
    if is_short && is_list(evidence, &fold) || is_empty && lists_years(evidence) {
        return Some(("list_of_links", format!("the page lists links to reports: {title}")));
    }
    let entitled = identity.title.is_some() || kinds.contains(&TitleKind::Report);
    let tells = || statement != Statement::Certain && has_news_marks(evidence);
    if !entitled && (kinds.contains(&TitleKind::News) || tells()) {
        return Some(("news", format!("the page tells of a report: {title}")));
    }
    let is_other = kinds.contains(&TitleKind::Other) && statement != Statement::Certain
        || kinds.contains(&TitleKind::OtherYearly) && statement == Statement::None;
    if (!entitled || cells == 0) && is_other {
        return something_else();
    }
    // The name of a column entitles a page to nothing that says that it is something else.
    let of_column = identity.title.as_deref().is_none_or(|title| !is_named(title, lexicon));
    let is_counted = statement == Statement::Certain || cells >= COLUMN_VALUES;
    if !is_counted && (is_broken_title(evidence) || of_column && is_other_paper(evidence)) {
        return something_else();
    }
    let news_over_report = matches!(
        kinds,
        [TitleKind::News | TitleKind::Other, ..] | [_, TitleKind::News | TitleKind::Other, _]
    );
    if news_over_report && !kinds.contains(&TitleKind::Report) {
        return something_else();
    }
    let stated = match statement {
        Statement::Certain => true,
        Statement::Likely => content.in_prose > 0,
        Statement::None => false,
    };
    if entitled || content.in_tables >= 4 || stated || is_built_like_one(evidence, content) {
        return None;
    }
    Some((
        "not_a_report",
        format!("neither a report's title nor its chapters nor a statistics table was found: {title}"),
    ))
}

/// What the page's title, its first heading and its first line are titles of.
fn kinds(evidence: &Evidence<'_>, page_title: Option<&str>, fold: &dyn Fn(&str) -> String) -> [TitleKind; 3] {
    let mut blocks = evidence.page.blocks.iter();
    let heading = blocks.find(|block| matches!(block.kind, BlockKind::Heading(_)));
    let heading = heading
        .and_then(|block| evidence.page.text.get(block.span.clone()))
        .map(fold);
    let kind_of = |title: Option<&str>| title.map_or(TitleKind::Unknown, |title| title_kind(title, evidence.lexicon));
    [
        kind_of(page_title),
        kind_of(heading.as_deref()),
        first_line_kind(evidence),
    ]
}

/// How surely the first paragraphs say that this is a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Statement {
    None,
    /// It speaks of a report and of writing or announcing it.
    Likely,
    /// It says as well what only a report's preamble says: 全文包括, 所列数据的统计期限.
    Certain,
}

fn states_itself(evidence: &Evidence<'_>) -> Statement {
    let words = &evidence.lexicon.organs;
    let has = |kind, line: &str| words.of(kind).iter().any(|word| line.contains(word.as_str()));
    let mut statement = Statement::None;
    for line in paragraphs(&evidence.head).take(STATEMENT_LINES) {
        let says = line.contains("公开") && has(WordKind::ReportItself, &line) && has(WordKind::Statement, &line);
        if says && has(WordKind::Preamble, &line) {
            return Statement::Certain;
        }
        if says {
            statement = Statement::Likely;
        }
    }
    statement
}

/// The paragraphs of a page's beginning: what was broken at one width is put together again.
fn paragraphs(lines: &[String]) -> impl Iterator<Item = Cow<'_, str>> {
    let mut lines = lines.iter().filter(|line| line.chars().count() >= PARAGRAPH).peekable();
    std::iter::from_fn(move || {
        let mut paragraph = Cow::Borrowed(lines.next()?.as_str());
        while paragraph.len() <= BROKEN && !paragraph.ends_with(['。', ';', ':', '；', '：']) {
            let Some(next) = lines.peek().filter(|next| next.len() <= BROKEN) else {
                break;
            };
            paragraph.to_mut().push_str(next);
            lines.next();
        }
        Some(paragraph)
    })
}

/// Whether the page has a report's chapters, and at least one that no other report on a year has.
fn is_built_like_one(evidence: &Evidence<'_>, content: Content) -> bool {
    let headings = Headings::of(evidence);
    let (own, common) = (
        headings.naming(WordKind::Chapter),
        headings.naming(WordKind::CommonChapter),
    );
    let chapters = content.chapters.max(own + common);
    let of_these_matters = own > 0 || content.chapters > COMMON_CHAPTERS;
    let values = content.in_prose + content.in_tables;
    let law = || {
        evidence
            .head
            .iter()
            .any(|line| evidence.lexicon.organs.find(WordKind::Law, line).is_some())
    };
    chapters >= ALL_CHAPTERS
        || chapters >= CHAPTERS && of_these_matters && values >= CHAPTER_VALUES
        || chapters > 0 && values >= LAW_VALUES && law()
}

/// The short lines behind an enumerator, figures below them or not.
struct Headings<'a> {
    lines: Vec<&'a str>,
    words: &'a OrganWords,
}

impl<'a> Headings<'a> {
    fn of(evidence: &'a Evidence<'_>) -> Self {
        let is_heading = |line: &&str| line.chars().count() <= HEADING && line.starts_with(is_enumerator);
        Self {
            lines: evidence.texts().filter(is_heading).collect(),
            words: &evidence.lexicon.organs,
        }
    }

    /// How many words of a kind they have.
    fn naming(&self, kind: WordKind) -> usize {
        let words = self.words.of(kind).iter();
        let named = words.filter(|word| self.lines.iter().any(|line| line.contains(word.as_str())));
        named.count()
    }
}

/// 一、 or (一).
fn is_enumerator(character: char) -> bool {
    "一二三四五六七八九(".contains(character)
}

/// What the first line that is a title is of. A first paragraph that speaks of the law is no title.
fn first_line_kind(evidence: &Evidence<'_>) -> TitleKind {
    let kinds = titles(evidence)
        .take(TITLE_LINES)
        .map(|line| title_kind(line, evidence.lexicon));
    kinds
        .into_iter()
        .find(|kind| *kind != TitleKind::Unknown)
        .unwrap_or(TitleKind::Unknown)
}

/// The lines of the beginning that can be titles.
fn titles<'a>(evidence: &'a Evidence<'_>) -> impl Iterator<Item = &'a str> {
    let lexicon = evidence.lexicon;
    let is_title = |line: &&str| {
        let sentence = lexicon.organs.beginning(WordKind::SentenceBegins, line).is_some();
        let quotes = || match line.split_once('《') {
            Some((outside, quoted)) => {
                let quoted = quoted.split('》').next().unwrap_or_default();
                outside.chars().count() <= OUTSIDE && report_word(quoted, lexicon).is_some()
            }
            None => true,
        };
        line.chars().count() <= TITLE && !line.contains('。') && !sentence && quotes()
    };
    let lines = evidence.head.iter().map(String::as_str);
    lines.map(move |line| if is_title(&line) { line } else { "" })
}

/// Whether a title says whose it is, or of which year: 政府信息公开年报 is the name of a column.
fn is_named(title: &str, lexicon: &Lexicon) -> bool {
    let whose = report_word(title, lexicon).and_then(|(at, _)| title.get(..at));
    let whose = whose.map(|whose| whose.trim_matches(|c: char| "关于#*《【〔[( ".contains(c)));
    title.bytes().any(|byte| byte.is_ascii_digit()) || whose.is_some_and(|whose| whose.chars().count() >= 2)
}

/// Whether the page says that it is a guide or a notice, in a title below the names of columns or of itself.
fn is_other_paper(evidence: &Evidence<'_>) -> bool {
    let words = &evidence.lexicon.organs;
    let named_other = |line: &str| {
        let other = title_kind(line, evidence.lexicon) == TitleKind::Other;
        other && names_body_before(line, evidence.lexicon)
    };
    let speaks = |line: &String| words.find(WordKind::SelfOther, line).is_some();
    titles(evidence).take(STATEMENT_LINES).any(named_other) || evidence.head.iter().take(STATEMENT_LINES).any(speaks)
}

/// Whether what seems a report's title goes on as another paper's: …年度报告 and 有关事项的通知.
fn is_broken_title(evidence: &Evidence<'_>) -> bool {
    let kind = |title: &str| title_kind(title, evidence.lexicon);
    let lines: Vec<&str> = titles(evidence).take(STATEMENT_LINES).collect();
    lines.windows(2).any(|pair| match pair {
        [first, second] => {
            let names_itself = second.contains(':') || second.contains("公开");
            !names_itself && kind(first) == TitleKind::Report && kind(&format!("{first}{second}")) == TitleKind::Other
        }
        _ => false,
    })
}

/// Whether the issuer or the year is left to whoever fills the page in: xx县, 20××年.
fn is_form(evidence: &Evidence<'_>, identity: &Identity) -> bool {
    let words = &evidence.lexicon.organs;
    let named = [&identity.title, &identity.organ];
    named
        .into_iter()
        .flatten()
        .any(|name| words.find(WordKind::Placeholder, name).is_some())
}

/// Whether the first paragraphs tell of a report as only news does: 讯(记者…)…发布的《…报告》显示.
fn has_news_marks(evidence: &Evidence<'_>) -> bool {
    let words = &evidence.lexicon.organs;
    let tells = |line: &&String| {
        let end = line.floor_char_boundary(NEWS_OPENING);
        let opening = line.get(..end).unwrap_or_default();
        words.find(WordKind::NewsMark, opening).is_some()
    };
    evidence.head.iter().take(NEWS_LINES).any(|line| tells(&line))
}

/// Whether the page lists reports: by links to them, or by their titles, where the links are lost. A report's own page
/// prints its title in a few forms, and links to those of other years.
fn is_list(evidence: &Evidence<'_>, fold: &dyn Fn(&str) -> String) -> bool {
    let page = evidence.page;
    let lines = page.blocks.iter().filter_map(|block| {
        let text = page.text.get(block.span.clone())?;
        let is_link = block.link_bytes * 2 > block.span.len();
        let speaks_of_it = text.len() < 300 && (text.contains("公开") || text.contains("公開"));
        speaks_of_it.then_some((text, is_link))
    });
    let is_title = |text: &str| {
        let folded = fold(text);
        let named = report_word(&folded, evidence.lexicon).is_some();
        named && title_kind(&folded, evidence.lexicon) == TitleKind::Report
    };
    let (mut titles, mut links) = (HashSet::new(), 0);
    for (text, is_link) in lines.filter(|(text, _)| is_title(text)) {
        titles.insert(text);
        links += usize::from(is_link);
        if links >= LIST_LINKS || titles.len() >= LIST_TITLES {
            return true;
        }
    }
    false
}

/// Whether a page without a report's contents has titles of several years, or of any and what leads to more.
fn lists_years(evidence: &Evidence<'_>) -> bool {
    let words = &evidence.lexicon.organs;
    let lines = evidence.head.iter().filter(|line| line.chars().count() <= TITLE);
    let titles = lines.filter(|line| title_kind(line, evidence.lexicon) == TitleKind::Report);
    let year = |title: &String| evidence.year_in(title);
    let years: HashSet<i16> = titles.filter_map(year).collect();
    let pager = || {
        evidence
            .texts()
            .any(|line| line.chars().count() <= PARAGRAPH && words.find(WordKind::Pager, line).is_some())
    };
    years.len() > 1 || !years.is_empty() && pager()
}
