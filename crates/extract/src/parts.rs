//! Several reports in one page: those of several years below each other, or of several bodies.
//!
//! A report begins where a title stands in a line of its own, on another year or of another body than the title before,
//! and the chapters begin anew: the first has begun above it, and another first follows.

use std::ops::Range;

use gongkai_lexicon::Lexicon;
use gongkai_page::{Block, BlockKind, Page};

use crate::fold::{fold_text, script_of};
use crate::who::{TitleKind, report_word, title_kind, without_years};

/// Of more reports the page is an archive; what follows the last of these stays with it.
const MAX_PARTS: usize = 16;
/// A longer line is no title, in bytes.
const MAX_TITLE: usize = 180;
/// How the first chapter of a report begins.
const FIRST_CHAPTER: &str = "一、";

/// What a title says of its report.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Title {
    /// What stands before the words of the title, without its year.
    name: String,
    year: Option<String>,
}

impl Title {
    fn of(printed: &str, lexicon: &Lexicon, traditional: bool) -> Option<Self> {
        if printed.len() > MAX_TITLE {
            return None;
        }
        let folded = fold_text(printed, &lexicon.script, traditional);
        let (at, word) = report_word(&folded, lexicon)?;
        let ends = folded[at + word.len()..].chars().all(|c| !c.is_alphanumeric());
        if !ends || title_kind(&folded, lexicon) != TitleKind::Report {
            return None;
        }
        Some(Self {
            name: without_years(&folded[..at]),
            year: year(&folded),
        })
    }

    /// Whether a title is of another report: of the same kind of body on another year, or of a body of another name.
    fn is_other(&self, before: &Self) -> bool {
        let (Some(year), Some(year_before)) = (&self.year, &before.year) else {
            return false;
        };
        let names = [&self.name, &before.name];
        let is_named = names.iter().all(|name| !name.is_empty());
        let is_same = self.name.contains(&before.name) || before.name.contains(&self.name);
        year != year_before || is_named && !is_same
    }
}

/// The first four digits that stand alone.
fn year(title: &str) -> Option<String> {
    let mut runs = title.split(|c: char| !c.is_ascii_digit());
    runs.find(|run| run.len() == 4).map(str::to_owned)
}

/// The blocks of each report of a page that has several.
pub fn of(page: &Page, lexicon: &Lexicon) -> Option<Vec<Range<usize>>> {
    let printed = |block: &Block| match block.kind {
        BlockKind::Table(_) => "",
        _ => page.text.get(block.span.clone()).unwrap_or_default(),
    };
    let chapters = page.blocks.iter().enumerate();
    let chapters = chapters.filter(|(_, block)| printed(block).starts_with(FIRST_CHAPTER));
    let chapters: Vec<usize> = chapters.map(|(index, _)| index).collect();
    // Nearly all pages end here, before their script is asked for.
    let first = chapters.first().filter(|_| chapters.len() > 1)?;
    let traditional = script_of(&page.text, &lexicon.script) != "hans";
    let of_block = |index: usize| {
        let block = page.blocks.get(index)?;
        let is_link = block.link_bytes * 2 > block.span.len();
        let title = || Title::of(printed(block), lexicon, traditional);
        (!is_link).then(title).flatten()
    };
    let mut before = (0..*first).rev().find_map(of_block)?;
    let mut starts = vec![0];
    for pair in chapters.windows(2) {
        let (above, below) = (pair[0], pair[1]);
        let mut titles = (above + 1..below).filter_map(|index| Some((index, of_block(index)?)));
        if let Some((index, title)) = titles.find(|(_, title)| title.is_other(&before)) {
            starts.push(index);
            before = title;
        }
    }
    starts.truncate(MAX_PARTS);
    let ends = starts.iter().skip(1).copied().chain([page.blocks.len()]);
    let parts = starts.iter().copied().zip(ends).map(|(start, end)| start..end);
    (starts.len() > 1).then(|| parts.collect())
}

/// A part of a page as a page, in which everything stands where it stood; what heads the page speaks of its first part.
pub fn page_of(page: &Page, part: &Range<usize>) -> Page {
    let blocks = page.blocks.get(part.clone()).unwrap_or_default().to_vec();
    let is_first = part.start == 0;
    let start = blocks.first().filter(|_| !is_first).map_or(0, |block| block.span.start);
    let end = blocks.last().map_or(start, |block| block.span.end);
    let own = page.text.get(start..end).unwrap_or_default();
    Page {
        text: format!("{}{own}", " ".repeat(start)),
        title: page.title.clone().filter(|_| is_first),
        url: page.url.clone(),
        meta: if is_first { page.meta.clone() } else { Vec::new() },
        blocks,
        encoding: page.encoding,
        encoding_source: page.encoding_source,
        problems: page.problems.clone(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use gongkai_lexicon::DataSource;
    use gongkai_page::{Limits, PageKind, read};

    use super::*;

    #[test]
    fn a_page_has_as_many_reports_as_titles_with_chapters_of_their_own() {
        let lexicon = Lexicon::load(&DataSource::embedded()).unwrap();
        let title = |year: u16| format!("云溪县水务局{year}年政府信息公开工作年度报告\n");
        let body = "一、总体情况\n全年主动公开政府信息5条。\n二、其他\n";
        let other = "云溪县文化馆2020年政府信息公开工作年度报告\n";
        for (text, reports) in [
            (format!("{}{body}", title(2020)), 1),
            (format!("{}{body}{}{body}", title(2020), title(2021)), 2),
            (format!("{}{body}{other}{body}", title(2020)), 2),
            // Bodies that only their numbers tell apart.
            (
                ["21", "22"]
                    .map(|number| format!("云溪县第{number}中学2020年政府信息公开工作年度报告\n{body}"))
                    .concat(),
                2,
            ),
            // The same title above and below, one that is only listed, and a heading that begins like a chapter.
            (format!("{0}{body}{0}{body}", title(2020)), 1),
            (format!("{}{body}{}", title(2020), title(2019)), 1),
            (format!("{}{}{body}一、主动公开\n", title(2019), title(2020)), 1),
            (format!("{body}{}{body}", title(2020)), 1),
            (
                (2008..2028).map(|year| format!("{}{body}", title(year))).collect(),
                MAX_PARTS,
            ),
        ] {
            let page = read(text.as_bytes(), PageKind::Text, &Limits::default());
            let parts = of(&page, &lexicon).unwrap_or_default();
            assert_eq!(parts.len().max(1), reports, "{text}");
            let blocks: usize = parts.iter().map(Range::len).sum();
            assert!(parts.is_empty() || blocks == page.blocks.len(), "{text}");
            for part in &parts {
                let own = page_of(&page, part);
                let spans = own.blocks.iter().map(|block| block.span.clone());
                assert!(
                    spans
                        .into_iter()
                        .all(|span| own.text.get(span.clone()) == page.text.get(span))
                );
            }
        }
    }
}
