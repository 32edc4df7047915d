//! The body that reports, and what kind of body it is.

use gongkai_lexicon::{Lexicon, WordKind};

use super::names::{PlaceFinder, Setting};
use super::paper::report_word;
use super::{Evidence, names_report};
use crate::model::BodyKind;

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
    // Most reports have said by now who they are of; only the others are searched as a whole.
    if !found.have_place(lexicon, finder) {
        found.add(in_announcement(WordKind::IssuerAfter, &patterns.wrote), Sentence);
    }
    found.add(from_metadata(evidence), Metadata);
    found.add(signature(evidence), Signature);
    if !found.have_place(lexicon, finder) {
        let subject = subject(evidence, finder);
        found.add(
            subject.or_else(|| in_sentence([WordKind::IssuerWork, WordKind::ReportOpening], &patterns.work)),
            Subject,
        );
    }
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
    let ranked = finder.rank_of(first).is_some();
    let is_fuller = |(name, _): &&(String, OrganSource)| {
        let Some((before, after)) = name.split_once(first.as_str()) else {
            let office = own_kind == Some(BodyKind::GovernmentOffice) && ranked;
            return office && finder.rank_of(name).is_none() && finder.begins_with_place(name, words);
        };
        let named = if before.is_empty() {
            below_county
        } else {
            finder.rank_of(name).is_none() && finder.begins_with_place(name, words)
        };
        named && (after.is_empty() || below_county)
    };
    let same = found
        .iter()
        .filter(|(name, _)| name.len() > first.len() && kind(name, lexicon) == own_kind);
    let best = same.filter(is_fuller).max_by_key(|(name, _)| name.len());
    Some(best.map_or(first, |(name, _)| name))
}

/// A short line that is a body's name, at the end or at the beginning.
fn signature(evidence: &Evidence<'_>) -> Option<String> {
    let mut lines = evidence.tail.iter().rev().chain(evidence.head.iter().take(8));
    lines.find_map(|line| {
        let alone = line.chars().count() <= 30 && !line.contains(['，', '。', ':', '：', '、', '>']);
        alone.then(|| clean(line, evidence.lexicon)).flatten()
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

/// Who acts at the beginning of most clauses: 2019年，路桥区教育局紧紧围绕….
fn subject(evidence: &Evidence<'_>, finder: &PlaceFinder) -> Option<String> {
    let lexicon = evidence.lexicon;
    let mut counts: Vec<(usize, String)> = Vec::new();
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
        let Some(name) = clean(name, lexicon).filter(|name| is_subject(name, lexicon, finder)) else {
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

/// The issuer in a title; a bare place stands for its government.
fn from_title(title: &str, lexicon: &Lexicon) -> Option<String> {
    let name = from_title_part(title, lexicon)?;
    whole(&name, lexicon)
        .map(str::to_owned)
        .or_else(|| complete(&name, lexicon))
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
    let name = name.strip_suffix(scope).unwrap_or(name).trim_matches(['(', ')']);
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
pub(super) fn without_years(text: &str) -> String {
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

/// The issuer of a name: without the office that does the work there.
pub(super) fn clean(name: &str, lexicon: &Lexicon) -> Option<String> {
    let name = whole(name, lexicon)?;
    Some(without_office(name, lexicon).to_owned())
}

/// A name that ends as bodies' names do; none when it is a sentence or something else.
fn whole<'a>(name: &'a str, lexicon: &Lexicon) -> Option<&'a str> {
    let name = name
        .trim()
        .trim_start_matches(['由', ' ', '#', '*'])
        .trim_end_matches(['的', ' ']);
    let name = name.strip_suffix("负责").unwrap_or(name);
    // 开发区(白洋街道): the name in the brackets is the body's own.
    let inner = name
        .strip_suffix(')')
        .and_then(|rest| rest.split_once('('))
        .map(|(_, inner)| inner);
    let name = inner.filter(|inner| kind(inner, lexicon).is_some()).unwrap_or(name);
    let words = &lexicon.organs;
    let foreign = words.beginning(WordKind::NotIssuerBegins, name).is_some();
    if foreign || words.ending(WordKind::InnerOffice, name) == Some(name) {
        return None;
    }
    let length = name.chars().count();
    let plain = name
        .chars()
        .all(|c| !c.is_ascii_digit() && !"，,。:：;；/?>》".contains(c));
    ((3..=40).contains(&length) && plain && kind(name, lexicon).is_some()).then_some(name)
}

/// A bare place: 天河区 stands for its people's government, 石牌街道 for its office.
fn complete(name: &str, lexicon: &Lexicon) -> Option<String> {
    let plain = name.chars().all(|c| c > '\u{3400}' && !"，。：；".contains(c));
    let place = lexicon.organs.ending(WordKind::PlaceEnding, name).is_some();
    let known = || {
        let mut endings = name.char_indices().filter_map(|(at, _)| name.get(at..));
        endings.any(|ending| lexicon.gazetteer.is_named(ending))
    };
    (plain && place && known()).then(|| format!("{name}人民政府"))
}

/// 大栅栏街道办事处信息公开办公室 is the street's own office, not the issuer. But 县政府办公室 and 网信委员会办公室 are bodies.
fn without_office<'a>(name: &'a str, lexicon: &Lexicon) -> &'a str {
    let without = |offices: WordKind, is_body: &dyn Fn(&str) -> bool| {
        let mut offices = lexicon.organs.of(offices).iter();
        offices.find_map(|office| name.strip_suffix(office.as_str()).filter(|rest| is_body(rest)))
    };
    let below_government = |rest: &str| match kind(rest, lexicon) {
        Some(BodyKind::Government | BodyKind::GovernmentOffice | BodyKind::Central) | None => false,
        Some(_) => lexicon.organs.ending(WordKind::Committee, rest).is_none(),
    };
    without(WordKind::IssuerOffice, &|rest| kind(rest, lexicon).is_some())
        .or_else(|| without(WordKind::InnerOffice, &below_government))
        .unwrap_or(name)
}

/// Whether a name at the beginning of a clause is a body's own: not 各部门, not 我局.
fn is_subject(name: &str, lexicon: &Lexicon, finder: &PlaceFinder) -> bool {
    let words = &lexicon.organs;
    let foreign = words
        .of(WordKind::NotIssuer)
        .iter()
        .any(|word| name.contains(word.as_str()));
    let township = matches!(kind(name, lexicon), Some(BodyKind::Township | BodyKind::Street));
    name.chars().count() <= 20 && !foreign && (township || finder.begins_with_place(name, words))
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
                lines.peek().map_or("", |(next, _)| next.as_str())
            } else {
                value
            };
            if let Some(name) = clean(value, lexicon) {
                return Some(name);
            }
        }
    }
    evidence
        .page
        .meta
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("ContentSource"))
        .find_map(|(_, value)| clean(value, lexicon))
}

/// What kind of body a name is of, by its beginning, or else by the longest of the endings that fit: 监督管理委员会 is no
/// zone's 管理委员会, 图书馆 no department's 馆.
#[must_use]
pub fn kind(name: &str, lexicon: &Lexicon) -> Option<BodyKind> {
    let words = &lexicon.organs;
    let central = words.beginning(WordKind::Central, without_central_before(name, lexicon));
    if central.or(words.ending(WordKind::CentralEnding, name)).is_some() {
        return Some(BodyKind::Central);
    }
    let endings = [
        (WordKind::GovernmentOffice, BodyKind::GovernmentOffice),
        (WordKind::Zone, BodyKind::Zone),
        (WordKind::Xpcc, BodyKind::Xpcc),
        (WordKind::Street, BodyKind::Street),
        (WordKind::Township, BodyKind::Township),
        (WordKind::Government, BodyKind::Government),
        (WordKind::Institution, BodyKind::Institution),
        (WordKind::Department, BodyKind::Department),
    ];
    let mut best = None;
    for (kind, body) in endings {
        let length = words.ending(kind, name).map_or(0, str::len);
        if best.map_or(0, |(longest, _)| longest) < length {
            best = Some((length, body));
        }
    }
    let by_ending = best.map(|(_, kind)| kind);
    let corps = words.beginning(WordKind::XpccBegins, name).is_some();
    if corps && !matches!(by_ending, Some(BodyKind::Department | BodyKind::Institution)) {
        return Some(BodyKind::Xpcc);
    }
    let bare_government = name.ends_with("政府") && name.chars().count() >= 4;
    by_ending.or(bare_government.then_some(BodyKind::Government))
}

/// 中华人民共和国教育部 is 教育部.
pub(super) fn without_central_before<'a>(name: &'a str, lexicon: &Lexicon) -> &'a str {
    let before = lexicon.organs.beginning(WordKind::CentralBefore, name);
    before.and_then(|before| name.strip_prefix(before)).unwrap_or(name)
}

/// What stands behind a central body's own name: 泰安调查队 of 国家统计局泰安调查队, nothing of 教育部.
pub(super) fn branch<'a>(name: &'a str, lexicon: &Lexicon) -> &'a str {
    let name = without_central_before(name, lexicon);
    let body = lexicon.organs.beginning(WordKind::Central, name);
    body.and_then(|body| name.strip_prefix(body)).unwrap_or(name)
}
