//! The body that reports: its names in the title, in sentences, metadata and signatures.

use gongkai_lexicon::{Lexicon, WordKind};
use gongkai_page::{BlockKind, GridCell};

use super::body::{clean, complete, is_whole_central, kind, names_zone, short_township, whole};
use super::names::{PlaceFinder, Setting};
use super::paper::report_word;
use super::stems::district_of_zone;
use super::{Evidence, TAIL, names_report, self_said};
use crate::model::BodyKind;

/// A body's name alone on a line stands among so many lines at a page's top.
const HEADER_LINES: usize = 8;
/// Metadata is in the first blocks, and there in the first cells.
const HEADER_BLOCKS: usize = 6;
const HEADER_CELLS: usize = 60;
/// Where an organ's name was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrganSource {
    Title,
    Sentence,
    Metadata,
    Signature,
    Subject,
    Contact,
}

impl OrganSource {
    /// For people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Sentence => "who-sentence",
            Self::Metadata => "metadata",
            Self::Signature => "signature",
            Self::Subject => "subject",
            Self::Contact => "contact",
        }
    }
}

/// Every name of an issuer, strongest evidence first.
pub fn find(evidence: &Evidence<'_>, title: Option<&str>, finder: &PlaceFinder) -> Vec<(String, OrganSource)> {
    use OrganSource::{Contact, Metadata, Sentence, Signature, Subject, Title};
    let lexicon = evidence.lexicon;
    let patterns = evidence.patterns;
    let in_sentence = |kinds: [WordKind; 2], pattern| {
        let mut lines = evidence.texts_with(kinds);
        lines.find_map(|line| captured(pattern, line, lexicon))
    };
    let in_announcement = |kind, pattern| {
        let lines = evidence.texts_with([kind, WordKind::ReportOpening]);
        let mut lines = lines.filter(|line| names_report(line));
        lines.find_map(|line| captured(pattern, line, lexicon))
    };
    let mut found = Names::default();
    found.add(title.and_then(|title| from_title(title, lexicon)), Title);
    found.add(
        in_sentence([WordKind::IssuerBefore, WordKind::IssuerAfter], &patterns.issuer),
        Sentence,
    );
    found.add(
        in_announcement(WordKind::IssuerAnnounced, &patterns.announced),
        Sentence,
    );
    if found.0.is_empty() {
        found.add(announced_place(evidence), Sentence);
    }
    // Most reports have said by now who they are of; only the others are searched as a whole.
    if !found.have_place(lexicon, finder) {
        found.add(in_announcement(WordKind::IssuerAfter, &patterns.wrote), Sentence);
    }
    found.add(from_metadata(evidence), Metadata);
    let apart = if evidence.page.text.len() <= TAIL {
        HEADER_LINES
    } else {
        0
    };
    found.add(signature(evidence.tail.iter().skip(apart).rev(), lexicon), Signature);
    let header = signature(evidence.head.iter().take(HEADER_LINES), lexicon);
    // A government's name above a page may be the site's.
    let (own, of_site): (Option<String>, Option<String>) = match header {
        Some(name) if kind(&name, lexicon) == Some(BodyKind::Government) => (None, Some(name)),
        header => (header, None),
    };
    found.add(own, Signature);
    if !found.have_place(lexicon, finder) {
        let subject = subject(evidence, finder);
        let alone = of_site.is_none();
        let of_work = || in_sentence([WordKind::IssuerWork, WordKind::ReportOpening], &patterns.work);
        found.add(subject.or_else(|| of_work().filter(|_| alone)), Subject);
    }
    if !found.have_place(lexicon, finder) {
        found.add(of_group(evidence, finder), Subject);
    }
    found.add(of_site, Signature);
    found.add(in_sentence([WordKind::IssuerContact; 2], &patterns.contact), Contact);
    found.0
}

/// Names of an issuer, and where they were found.
#[derive(Debug, Default)]
struct Names(Vec<(String, OrganSource)>);

impl Names {
    fn add(&mut self, name: Option<String>, source: OrganSource) {
        self.0.extend(name.map(|name| (name, source)));
    }

    /// Whether one of them begins with a place.
    fn have_place(&self, lexicon: &Lexicon, finder: &PlaceFinder) -> bool {
        let places = |name: &str| finder.names_in(name, Setting::Name, &lexicon.organs);
        self.0
            .iter()
            .any(|(name, _)| places(name).iter().any(|place| place.sure))
    }
}

/// The strongest name, or a fuller one of the same body: 建新镇 in the title, 遂溪县建新镇人民政府 below; 区政府办 and
/// 向阳区人民政府办公室.
pub fn fullest<'a>(found: &'a [(String, OrganSource)], lexicon: &Lexicon, finder: &PlaceFinder) -> Option<&'a str> {
    let (first, _) = found.first()?;
    let words = &lexicon.organs;
    let own_kind = kind(first, lexicon);
    let below_county = matches!(own_kind, Some(BodyKind::Township | BodyKind::Street));
    let ranked = finder.rank_of(first, words).is_some();
    let is_fuller = |(name, _): &&(String, OrganSource)| {
        let Some((before, after)) = name.split_once(first.as_str()) else {
            let office = own_kind == Some(BodyKind::GovernmentOffice) && ranked;
            return office && finder.rank_of(name, words).is_none() && finder.begins_with_place(name, words);
        };
        let named = if before.is_empty() {
            below_county
        } else {
            finder.rank_of(name, words).is_none() && finder.begins_with_place(name, words)
        };
        named && (after.is_empty() || below_county)
    };
    let same = found
        .iter()
        .filter(|(name, _)| name.len() > first.len() && kind(name, lexicon) == own_kind);
    let best = same.filter(is_fuller).max_by_key(|(name, _)| name.len());
    Some(best.map_or(first, |(name, _)| name))
}

/// A short line that is a body's name.
fn signature<'a>(mut lines: impl Iterator<Item = &'a String>, lexicon: &Lexicon) -> Option<String> {
    lines.find_map(|line| {
        let alone = line.chars().count() <= 30 && !line.contains(['，', '。', ':', '：', '、', '>']);
        alone.then(|| clean(line, lexicon)).flatten()
    })
}

/// A name inside a sentence: 由X编制, 请与X联系. It ends where the sentence goes on.
fn captured(pattern: &regex::Regex, line: &str, lexicon: &Lexicon) -> Option<String> {
    let mut from = 0;
    // What follows the first word that fits need not be a name: 编制公布X年度报告.
    while let Some(found) = pattern.captures_at(line, from) {
        let (whole, name) = (found.get(0)?, found.get(1)?);
        if let Some(name) = name_in_clause(name.as_str(), lexicon) {
            return Some(name);
        }
        from = whole.start() + line.get(whole.start()..)?.chars().next()?.len_utf8();
    }
    None
}

fn name_in_clause(whole: &str, lexicon: &Lexicon) -> Option<String> {
    let clause = lexicon.organs.of(WordKind::IssuerClause).iter();
    let cut = clause.filter_map(|word| whole.find(word.as_str())).min();
    let short = cut
        .and_then(|cut| whole.get(..cut))
        .and_then(|name| clean(name, lexicon));
    clean(whole, lexicon).or(short)
}

/// The place whose report is announced, as its government: 现公布黄平县2022年….
fn announced_place(evidence: &Evidence<'_>) -> Option<String> {
    let lines = evidence.texts_with([WordKind::IssuerAnnounced, WordKind::ReportOpening]);
    let mut lines = lines.filter(|line| names_report(line));
    lines.find_map(|line| {
        let mut found = evidence.patterns.announced.captures_iter(line);
        found.find_map(|found| complete(found.get(1)?.as_str(), evidence.lexicon))
    })
}

/// Who acts at the beginning of most clauses: 2019年，路桥区教育局紧紧围绕….
fn subject(evidence: &Evidence<'_>, finder: &PlaceFinder) -> Option<String> {
    let lexicon = evidence.lexicon;
    let mut counts: Vec<(usize, String)> = Vec::new();
    // A bureau speaks of its county, too.
    let may_be_place = matches!(self_said(evidence), (None | Some(BodyKind::Government), _));
    let clauses = evidence
        .head
        .iter()
        .flat_map(|line| line.split(['，', ',', '。', ';', ':']));
    for clause in clauses.map(str::trim) {
        let since = evidence.patterns.since.find(clause).map_or(0, |found| found.end());
        let clause = clause.get(since..).unwrap_or_default();
        let Some(acts) = lexicon.organs.find(WordKind::IssuerActs, clause) else {
            continue;
        };
        let name = clause.get(..acts.start).unwrap_or_default();
        let name = clean(name, lexicon).or_else(|| complete(name, lexicon).filter(|_| may_be_place));
        let Some(name) = name.filter(|name| is_subject(name, lexicon, finder)) else {
            continue;
        };
        match counts.iter_mut().find(|(_, other)| *other == name) {
            Some((count, _)) => *count += 1,
            None => counts.push((1, name)),
        }
    }
    let most = counts.iter().map(|(count, _)| *count).max()?;
    counts
        .into_iter()
        .find(|(count, _)| *count == most)
        .map(|(_, name)| name)
}

/// Whose group leads this work: …的姚安县农业农村局政府信息公开工作领导小组.
fn of_group(evidence: &Evidence<'_>, finder: &PlaceFinder) -> Option<String> {
    let lexicon = evidence.lexicon;
    let lines = evidence.texts_with([WordKind::ReportOpening]);
    let groups = lines.filter_map(|line| {
        let group = lexicon.organs.find(WordKind::LeadingGroup, line)?;
        let before = line.get(..group.start)?;
        let clause = before.rsplit(|c: char| "，,。:：;；、(《“".contains(c)).next()?;
        let starts = clause.char_indices().map(|(at, _)| at);
        let named = starts.filter(|at| *at == 0 || clause[..*at].ends_with(['的', '了', '由', '立']));
        let mut names = named.filter_map(|at| clean(clause.get(at..)?, lexicon));
        names.rfind(|name| is_subject(name, lexicon, finder))
    });
    groups.into_iter().next()
}

/// The issuer in a title; a bare place stands for its government.
fn from_title(title: &str, lexicon: &Lexicon) -> Option<String> {
    let Some(name) = from_title_part(title, lexicon) else {
        return from_title_end(title, lexicon);
    };
    whole(&name, lexicon)
        .map(str::to_owned)
        .or_else(|| complete(&name, lexicon))
        .or_else(|| short_township(&name, lexicon))
}

/// The issuer behind the words of a title that has none before them: 2018年度政府信息公开年度报告 眉山市住房和城乡建设局.
fn from_title_end(title: &str, lexicon: &Lexicon) -> Option<String> {
    let (at, word) = report_word(title, lexicon)?;
    let name = without_years(title.get(at + word.len()..)?);
    let name = name.trim_matches(|c: char| !c.is_alphanumeric());
    whole(name, lexicon).map(str::to_owned)
}

/// Whether a body or a place stands before the words of these matters: 泾县 before 政府信息公开指南.
#[must_use]
pub fn names_body_before(title: &str, lexicon: &Lexicon) -> bool {
    let Some(matter) = lexicon.organs.find(WordKind::ReportOpening, title) else {
        return false;
    };
    let name = without_years(title.get(..matter.start).unwrap_or_default());
    whole(&name, lexicon).is_some() || complete(&name, lexicon).is_some()
}

/// What stands before the words of a title, without the year.
pub(super) fn from_title_part(title: &str, lexicon: &Lexicon) -> Option<String> {
    let (at, word) = report_word(title, lexicon)?;
    let mut name = without_months(without_years(&title[..at]));
    // 增城市人民政府信息公开…: the government's 政府 is the title's, too.
    let shared =
        name.ends_with("人民") && (word.starts_with("政府") || word.starts_with("信息") || word.starts_with("政务"));
    if shared {
        name.push_str("政府");
    }
    name = name.replace("政府政府", "政府");
    // 2022年度报告 behind the words: 天河区政府信息公开工作… has no name before them.
    let name = name
        .trim_start_matches("关于")
        .trim_matches(|c: char| "“”\"《》[]〔〕·# *".contains(c));
    let scope = lexicon.organs.ending(WordKind::ScopeOwn, name).unwrap_or_default();
    let name = name.strip_suffix(scope).unwrap_or(name).trim_start_matches('(');
    let name = if name.contains('(') {
        name
    } else {
        name.trim_end_matches(')')
    };
    // 海关总署2010年海关信息公开…: a central body is named before the year.
    let year = title.find(|c: char| c.is_ascii_digit());
    let before = year
        .and_then(|at| title.get(..at))
        .map(|before| before.trim_start_matches("关于"));
    let central =
        before.filter(|before| kind(before, lexicon) == Some(BodyKind::Central) && is_whole_central(before, lexicon));
    let name = central.unwrap_or(name);
    (name.chars().count() >= 2).then(|| name.to_owned())
}

/// A name without the months of the period behind it: 1-12月.
fn without_months(mut name: String) -> String {
    if name.ends_with(['月', '日']) {
        let of_period = |c: char| c.is_ascii_digit() || "年月日份至到-—–~".contains(c);
        name.truncate(name.trim_end_matches(of_period).len());
    }
    name
}

/// A name without the years around it.
pub fn without_years(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit() || c == '二') {
        let digits: usize = rest[at..]
            .chars()
            .take_while(|c| c.is_ascii_digit() || "二○〇零Oo一三四五六七八九十".contains(*c))
            .map(char::len_utf8)
            .sum();
        let year = rest[at..at + digits].chars().count() == 4;
        out.push_str(&rest[..at]);
        if !year {
            out.push_str(&rest[at..at + digits]);
        }
        rest = &rest[at + digits..];
        if year {
            for mark in ["年度", "年", "度"] {
                if let Some(after) = rest.strip_prefix(mark) {
                    rest = after;
                    break;
                }
            }
        }
    }
    out.push_str(rest);
    let out = out.trim().trim_end_matches(['—', '-', '~', '至']);
    out.trim_end_matches("关于").trim().to_owned()
}

/// Whether a name at the beginning of a clause is a body's own: not 各部门, not 我局.
fn is_subject(name: &str, lexicon: &Lexicon, finder: &PlaceFinder) -> bool {
    let words = &lexicon.organs;
    // 和 joins bodies, but also the matters of one: 规划和自然资源局.
    let joins = words.find(WordKind::JoinedMatters, name);
    let (before, after) = match &joins {
        Some(joins) => (name.get(..joins.start), name.get(joins.end..)),
        None => (Some(name), None),
    };
    let is_foreign = |text: &str| words.find(WordKind::NotIssuer, text).is_some();
    let foreign = [before, after].into_iter().flatten().any(is_foreign);
    let township = matches!(kind(name, lexicon), Some(BodyKind::Township | BodyKind::Street));
    let district = || district_of_zone(&lexicon.gazetteer, name, None, words).is_some();
    let of_zone = || names_zone(name, lexicon) && (finder.stem_of(name, words).is_some() || district());
    let begins = || finder.begins_with_place(name, words) || of_zone();
    name.chars().count() <= 20 && !foreign && (township || begins())
}

fn from_metadata(evidence: &Evidence<'_>) -> Option<String> {
    let lexicon = evidence.lexicon;
    let labels = lexicon.organs.of(WordKind::IssuerLabel);
    let mut lines = evidence.head.iter().zip(&evidence.kinds).peekable();
    while let Some((line, kinds)) = lines.next() {
        // Few lines have a label.
        for label in labels.iter().filter(|_| kinds.contains(WordKind::IssuerLabel)) {
            let Some(at) = line.find(label.as_str()) else { continue };
            let rest = line[at + label.len()..].trim_start_matches([':', '：', ' ', ']', '】']);
            let value = rest.split([' ', '|', '\t']).next().unwrap_or("");
            let value = if value.is_empty() {
                // In a row of labels the value stands in the same place of the row below.
                let column = line[..at].matches('|').count();
                let below = lines.peek().map_or("", |(next, _)| next.as_str());
                below.split('|').nth(column).unwrap_or(below)
            } else {
                value
            };
            if let Some(name) = clean(value, lexicon) {
                return Some(name);
            }
        }
    }
    let mut meta = evidence.page.meta.iter();
    let source = meta
        .find(|(name, _)| name.eq_ignore_ascii_case("ContentSource"))
        .and_then(|(_, value)| clean(value, lexicon));
    source.or_else(|| below_label(evidence))
}

/// The issuer in the row below the labels of a table: 发布机构 at the head of a column.
fn below_label(evidence: &Evidence<'_>) -> Option<String> {
    let page = evidence.page;
    let labels = evidence.lexicon.organs.of(WordKind::IssuerLabel);
    let mut grids = page
        .blocks
        .iter()
        .take(HEADER_BLOCKS)
        .filter_map(|block| match &block.kind {
            BlockKind::Table(grid) => Some(grid),
            _ => None,
        });
    grids.find_map(|grid| {
        let cells = || grid.cells.iter().take(HEADER_CELLS);
        let text = |cell: &GridCell| page.text.get(cell.span.clone()).map(str::trim);
        let mut heads = cells().filter(|cell| text(cell).is_some_and(|text| labels.iter().any(|label| label == text)));
        heads.find_map(|head| {
            let below = cells().find(|cell| cell.column == head.column && cell.row == head.row + head.row_span)?;
            clean(text(below)?, evidence.lexicon)
        })
    })
}
