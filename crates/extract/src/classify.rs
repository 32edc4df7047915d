//! Whether a page is an annual report, or was left out on purpose: guides, news, lists of links, half-year pages.

use std::collections::HashSet;

use gongkai_lexicon::WordKind;

use crate::model::Identity;
use crate::who::{Evidence, TitleKind, report_word, title_kind};

/// So many values in tables make a report of a page whatever its title says.
const CERTAIN: usize = 12;
/// So many of the standard chapters, with so many values in their sentences, make a report without a title.
const CHAPTERS: usize = 2;
const CHAPTER_VALUES: usize = 1;
/// So many make one alone.
const ALL_CHAPTERS: usize = 5;
/// The longest heading of a chapter, in characters.
const HEADING: usize = 40;
/// A report says what it is in its first lines of so many characters.
const STATEMENT_LINES: usize = 12;
const PARAGRAPH: usize = 20;
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
    let heading = evidence
        .page
        .blocks
        .iter()
        .find(|block| matches!(block.kind, gongkai_page::BlockKind::Heading(_)));
    let heading = heading
        .and_then(|block| evidence.page.text.get(block.span.clone()))
        .map(&fold);
    let kind_of = |title: &Option<String>| {
        title
            .as_deref()
            .map_or(TitleKind::Unknown, |title| title_kind(title, lexicon))
    };
    let kinds = [kind_of(&page_title), kind_of(&heading), first_line_kind(evidence)];
    let title = page_title
        .or(identity.title.clone())
        .or_else(|| evidence.head.first().cloned())
        .unwrap_or_default();
    if kinds.contains(&TitleKind::PartYear) {
        return Some(("half_year", format!("the page is for a part of a year: {title}")));
    }
    if content.in_tables >= CERTAIN {
        return None;
    }
    let statement = states_itself(evidence);
    let cells = content.in_tables + content.blanks + content.in_prose;
    // A short report beside a list of its sister reports is none of them.
    let has_chapters = content.chapters >= CHAPTERS && content.in_prose >= CHAPTER_VALUES;
    if cells < CERTAIN && statement != Statement::Certain && !has_chapters && is_list(evidence, &fold) {
        return Some(("list_of_links", format!("the page lists links to reports: {title}")));
    }
    let entitled = identity.title.is_some() || kinds.contains(&TitleKind::Report);
    if !entitled && kinds.contains(&TitleKind::News) {
        return Some(("news", format!("the page tells of a report: {title}")));
    }
    if (!entitled || cells == 0) && kinds.contains(&TitleKind::Other) {
        return Some(("not_a_report", format!("the page is something else: {title}")));
    }
    let news_over_report = matches!(
        kinds,
        [TitleKind::News | TitleKind::Other, ..] | [_, TitleKind::News | TitleKind::Other, _]
    );
    if news_over_report && !kinds.contains(&TitleKind::Report) {
        return Some(("not_a_report", format!("the page is something else: {title}")));
    }
    let stated = match statement {
        Statement::Certain => true,
        Statement::Likely => content.in_prose > 0,
        Statement::None => false,
    };
    let chapters = content.chapters.max(chapters(evidence));
    let built_like_one =
        chapters >= ALL_CHAPTERS || (chapters >= CHAPTERS && content.in_prose + content.in_tables >= CHAPTER_VALUES);
    if entitled || content.in_tables >= 4 || stated || built_like_one {
        return None;
    }
    Some((
        "not_a_report",
        format!("neither a report's title nor its chapters nor a statistics table was found: {title}"),
    ))
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
    let paragraphs = evidence.head.iter().filter(|line| line.chars().count() >= PARAGRAPH);
    for line in paragraphs.take(STATEMENT_LINES) {
        let says = line.contains("公开") && has(WordKind::ReportItself, line) && has(WordKind::Statement, line);
        if says && has(WordKind::Preamble, line) {
            return Statement::Certain;
        }
        if says {
            statement = Statement::Likely;
        }
    }
    statement
}

/// How many of a report's chapters have their headings on the page, figures below them or not.
fn chapters(evidence: &Evidence<'_>) -> usize {
    let words = evidence.lexicon.organs.of(WordKind::Chapter);
    let is_heading = |line: &&str| line.chars().count() <= HEADING && line.starts_with(is_enumerator);
    let headings: Vec<&str> = evidence.texts().filter(is_heading).collect();
    let named = words
        .iter()
        .filter(|word| headings.iter().any(|line| line.contains(word.as_str())));
    named.count()
}

/// 一、 or (一).
fn is_enumerator(character: char) -> bool {
    "一二三四五六七八九(".contains(character)
}

/// What the first line that is a title is of. A first paragraph that speaks of the law is no title.
fn first_line_kind(evidence: &Evidence<'_>) -> TitleKind {
    let title =
        |line: &&String| line.chars().count() <= 60 && !line.contains(['。', '《']) && !line.starts_with("本报告");
    let kinds = evidence
        .head
        .iter()
        .take(3)
        .filter(title)
        .map(|line| title_kind(line, evidence.lexicon));
    kinds
        .into_iter()
        .find(|kind| *kind != TitleKind::Unknown)
        .unwrap_or(TitleKind::Unknown)
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
