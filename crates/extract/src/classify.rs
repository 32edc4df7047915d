//! Whether a page is an annual report, or was left out on purpose: guides, news, lists of links, half-year pages.

use crate::model::Identity;
use crate::who::{Evidence, TitleKind, title_kind};

/// So many values in tables make a report of a page whatever its title says.
const CERTAIN: usize = 12;
/// A report says what it is in its first lines.
const STATEMENT_LINES: usize = 12;
/// So many links to reports make a list of them.
const LIST_LINKS: usize = 4;

/// Why a page is no annual report; none when it is one.
#[must_use]
pub fn not_a_report(
    evidence: &Evidence<'_>,
    identity: &Identity,
    traditional: bool,
    in_tables: usize,
    in_prose: usize,
) -> Option<(&'static str, String)> {
    let lexicon = evidence.lexicon;
    let fold = |text: &str| crate::fold::Folded::new(text, 0..text.len(), &lexicon.script, traditional).text;
    let page_title = evidence.page.title.as_deref().map(&fold);
    let headline = page_title
        .as_deref()
        .map_or(TitleKind::Unknown, |title| title_kind(title, lexicon));
    let heading = evidence
        .page
        .blocks
        .iter()
        .find(|block| matches!(block.kind, gongkai_page::BlockKind::Heading(_)));
    let heading = heading
        .and_then(|block| evidence.page.text.get(block.span.clone()))
        .map(&fold);
    let heading_kind = heading
        .as_deref()
        .map_or(TitleKind::Unknown, |title| title_kind(title, lexicon));
    let title = page_title
        .or(identity.title.clone())
        .or_else(|| evidence.head.first().cloned())
        .unwrap_or_default();
    if headline == TitleKind::PartYear
        || heading_kind == TitleKind::PartYear
        || first_line_is(evidence, TitleKind::PartYear)
    {
        return Some(("half_year", format!("the page is for a part of a year: {title}")));
    }
    if in_tables >= CERTAIN {
        return None;
    }
    if links_to_reports(evidence, &fold) >= LIST_LINKS && in_tables + in_prose < CERTAIN {
        return Some(("list_of_links", format!("the page lists links to reports: {title}")));
    }
    for (kind, reason, what) in [
        (TitleKind::News, "news", "tells of a report"),
        (TitleKind::Other, "not_a_report", "is something else"),
    ] {
        let named =
            headline == kind || heading_kind == kind || identity.title.is_none() && first_line_is(evidence, kind);
        let contradicted = headline == TitleKind::Report || heading_kind == TitleKind::Report;
        if named && !contradicted {
            return Some((reason, format!("the page {what}: {title}")));
        }
    }
    if identity.title.is_some() || in_tables >= 4 || in_prose > 0 && states_itself(evidence) {
        return None;
    }
    Some((
        "not_a_report",
        format!("neither a report's title nor a statistics table was found: {title}"),
    ))
}

/// Whether the first paragraphs say that this is a report: …编制, 统计期限, 报告如下.
fn states_itself(evidence: &Evidence<'_>) -> bool {
    let words = evidence.lexicon.organs.of(gongkai_lexicon::WordKind::Statement);
    evidence.head.iter().take(STATEMENT_LINES).any(|line| {
        let report = ["年度报告", "年报", "工作报告", "情况报告"]
            .iter()
            .any(|word| line.contains(word));
        line.contains("公开") && report && words.iter().any(|word| line.contains(word.as_str()))
    })
}

fn first_line_is(evidence: &Evidence<'_>, kind: TitleKind) -> bool {
    evidence
        .head
        .iter()
        .take(3)
        .any(|line| line.chars().count() <= 60 && title_kind(line, evidence.lexicon) == kind)
}

fn links_to_reports(evidence: &Evidence<'_>, fold: &dyn Fn(&str) -> String) -> usize {
    let links = evidence
        .page
        .blocks
        .iter()
        .filter(|block| block.link_bytes * 2 > block.span.len());
    let texts = links
        .filter_map(|block| evidence.page.text.get(block.span.clone()))
        .filter(|text| text.len() < 300);
    texts
        .filter(|text| title_kind(&fold(text), evidence.lexicon) == TitleKind::Report)
        .count()
}
