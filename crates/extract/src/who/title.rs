//! The report's title.

use gongkai_lexicon::{Lexicon, WordKind};

use super::Evidence;
use super::names::is_han;
use super::organ::without_years;
use super::paper::{TitleKind, report_word, title_kind};
use crate::fold::fold_text;

/// A title as printed and as compared.
#[derive(Debug, Clone)]
pub struct Title {
    /// As read: from `<title>` as printed, from the page's lines folded.
    pub printed: String,
    /// Folded.
    pub folded: String,
}

/// The longest line that can be a title, in characters.
const MAX_TITLE: usize = 80;
/// The same in bytes, at most.
const MAX_TITLE_BYTES: usize = 3 * MAX_TITLE;
/// So much of `<title>` is looked at, in bytes.
const MAX_TITLE_TAG: usize = 4000;
/// How far down a title can stand, in lines.
const MAX_LINES: usize = 40;

/// The best title of a page: the first that names its issuer, of `<title>` (without the site's name) and the lines of the
/// head; a line is joined with the one before where the issuer stands alone on that.
pub fn find(evidence: &Evidence<'_>, traditional: bool) -> Option<Title> {
    let lexicon = evidence.lexicon;
    let fold = |text: &str| fold_text(text, &lexicon.script, traditional).into_owned();
    let mut best: Option<Title> = None;
    let consider = |title: Title, best: &mut Option<Title>| {
        let better = best
            .as_ref()
            .is_none_or(|other| has_organ(&title.folded, lexicon) && !has_organ(&other.folded, lexicon));
        if title_kind(&title.folded, lexicon) == TitleKind::Report && better {
            *best = Some(title);
        }
    };
    if let Some(title) = &evidence.page.title {
        let end = title.floor_char_boundary(MAX_TITLE_TAG);
        for part in title[..end].split(['_', '|', '-', '—', '–']) {
            let printed = without_site(part.trim(), lexicon);
            consider(
                Title {
                    printed: printed.to_owned(),
                    folded: fold(printed),
                },
                &mut best,
            );
        }
    }
    let mut before = String::new();
    // Only a line with the words of a title, or with their beginning before it, can be one: few are.
    let mut opened = false;
    for (line, kinds) in evidence.head.iter().zip(&evidence.kinds).take(MAX_LINES) {
        let opens = kinds.contains(WordKind::ReportOpening);
        // Markdown prints headings behind number signs.
        let line = line.trim_start_matches(['#', ' ']);
        let line = before_chapter(line, lexicon).unwrap_or(line);
        let is_line = line.chars().count() <= MAX_TITLE && !line.contains('。') && !is_path(line);
        if is_line && (opens || opened) {
            let folded = with_line_before(&before, without_label(line, lexicon), lexicon);
            consider(
                Title {
                    printed: folded.clone(),
                    folded,
                },
                &mut best,
            );
        }
        before.clear();
        before.push_str(if is_line { line } else { "" });
        opened = opens;
    }
    best
}

/// The title at the beginning of a page that is one line: …年度报告一、总体情况….
fn before_chapter<'a>(line: &'a str, lexicon: &Lexicon) -> Option<&'a str> {
    let (at, word) = report_word(line.get(..line.floor_char_boundary(MAX_TITLE_BYTES))?, lexicon)?;
    let end = at + word.len();
    let goes_on = line.get(end..)?;
    (goes_on.starts_with("一、") || goes_on.starts_with("(一)"))
        .then(|| line.get(..end))
        .flatten()
}

/// A title over two lines: the issuer alone on the first, or the words broken: …政府信息公开 and 工作年度报告.
fn with_line_before(before: &str, line: &str, lexicon: &Lexicon) -> String {
    let joined = || format!("{before}{line}");
    match report_word(line, lexicon) {
        Some((at, _)) => {
            let name = without_years(&line[..at]);
            let mut endings = lexicon.organs.of(WordKind::PlaceEnding).iter();
            // A name broken before its last word: 肃南裕固族 and 自治县2021年….
            let broken = !before.is_empty() && before.chars().all(is_han) && endings.any(|word| *word == name);
            // 惠安县国土资源局2011年 and 政府信息公开年度报告.
            let alone = !name.contains(is_han) && has_organ_ending(&without_years(before), lexicon);
            if alone || broken {
                return joined();
            }
        }
        None => {
            let broken = lexicon.organs.ending(WordKind::ReportOpening, before).is_some();
            if broken && title_kind(&joined(), lexicon) == TitleKind::Report {
                return joined();
            }
        }
    }
    line.to_owned()
}

/// Where the page stands on its site: 首页 > 政府信息公开 > 年报.
fn is_path(line: &str) -> bool {
    line.contains(['>', '›', '»']) || line.matches('/').count() >= 2
}

/// 名称:X年度报告 without its label, which may have lost its colon.
fn without_label<'a>(line: &'a str, lexicon: &Lexicon) -> &'a str {
    let Some((at, _)) = report_word(line, lexicon) else {
        return line;
    };
    let label = lexicon.organs.beginning(WordKind::TitleLabel, line);
    let bare = || label.and_then(|label| line.strip_prefix(label));
    match line[..at].rfind(':') {
        Some(colon) => &line[colon + 1..],
        None => bare().unwrap_or(line),
    }
}

/// The title behind a site's name and column: 天河区人民政府门户网站 信息公开 天河区2019年政府信息公开工作年度报告.
fn without_site<'a>(printed: &'a str, lexicon: &Lexicon) -> &'a str {
    let names = lexicon.organs.of(WordKind::SiteName).iter();
    let end = names
        .filter_map(|name| Some(printed.rfind(name.as_str())? + name.len()))
        .max();
    let rest = end.and_then(|end| printed.get(end..)).unwrap_or_default().trim();
    match rest.split_once(char::is_whitespace) {
        Some((column, title)) if report_word(column, lexicon).is_none() && !title.trim().is_empty() => title.trim(),
        _ if rest.is_empty() => printed,
        _ => rest,
    }
}

/// Whether something stands before the words of the title.
fn has_organ(folded: &str, lexicon: &Lexicon) -> bool {
    report_word(folded, lexicon).is_some_and(|(at, _)| {
        let before = folded[..at].trim_matches(|c: char| c.is_ascii_digit() || "年度关于()".contains(c));
        before.chars().count() >= 2
    })
}

fn has_organ_ending(line: &str, lexicon: &Lexicon) -> bool {
    use WordKind::{Department, Government, GovernmentOffice, Street, Township, Zone};
    let line = line.trim_end_matches("关于");
    [Government, GovernmentOffice, Department, Township, Street, Zone]
        .iter()
        .any(|kind| lexicon.organs.ending(*kind, line).is_some())
        && line.chars().count() <= 40
}
