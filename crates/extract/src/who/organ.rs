//! The body that reports, and what kind of body it is.

use gongkai_lexicon::{Lexicon, WordKind};

use super::Evidence;
use super::title::report_word;
use crate::model::BodyKind;

/// Where an organ's name was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrganSource {
    Title,
    Sentence,
    Metadata,
    Signature,
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
            Self::Contact => "contact",
        }
    }
}

/// Every name of an issuer, strongest evidence first.
pub fn find(evidence: &Evidence<'_>, title: Option<&str>) -> Vec<(String, OrganSource)> {
    let lexicon = evidence.lexicon;
    let mut found: Vec<(String, OrganSource)> = Vec::new();
    found.extend(
        title
            .and_then(|title| from_title(title, lexicon))
            .map(|name| (name, OrganSource::Title)),
    );
    let sentence = evidence
        .texts_with(WordKind::IssuerAfter)
        .find_map(|line| captured(&evidence.patterns.issuer, line, lexicon));
    found.extend(sentence.map(|name| (name, OrganSource::Sentence)));
    let announced = evidence
        .texts_with(WordKind::IssuerAnnounced)
        .find_map(|line| captured(&evidence.patterns.announced, line, lexicon));
    found.extend(announced.map(|name| (name, OrganSource::Sentence)));
    found.extend(from_metadata(evidence).map(|name| (name, OrganSource::Metadata)));
    let signature = evidence
        .tail
        .iter()
        .rev()
        .chain(evidence.head.iter().take(8))
        .find_map(|line| {
            (line.chars().count() <= 30 && !line.contains(['，', '。', ':', '：', '、']))
                .then(|| clean(line, lexicon))
                .flatten()
        });
    found.extend(signature.map(|name| (name, OrganSource::Signature)));
    let contact = evidence
        .texts_with(WordKind::IssuerContact)
        .find_map(|line| captured(&evidence.patterns.contact, line, lexicon));
    found.extend(contact.map(|name| (name, OrganSource::Contact)));
    found
}

/// A name inside a sentence: 由X编制, 请与X联系. It ends where the sentence goes on.
fn captured(pattern: &regex::Regex, line: &str, lexicon: &Lexicon) -> Option<String> {
    let whole = without_office(pattern.captures(line)?.get(1)?.as_str(), lexicon);
    let cut = lexicon
        .organs
        .of(WordKind::IssuerClause)
        .iter()
        .filter_map(|word| whole.find(word.as_str()))
        .min();
    let short = cut
        .and_then(|cut| whole.get(..cut))
        .and_then(|name| clean(name, lexicon));
    clean(whole, lexicon).or(short)
}

/// The issuer in a title: what stands before its words, without the year; a bare place stands for its government.
fn from_title(title: &str, lexicon: &Lexicon) -> Option<String> {
    let (at, word) = report_word(title, lexicon)?;
    let mut name = without_years(&title[..at]);
    // 增城市人民政府信息公开…: the government's 政府 is the title's, too.
    let shared =
        name.ends_with("人民") && (word.starts_with("政府") || word.starts_with("信息") || word.starts_with("政务"));
    if shared {
        name.push_str("政府");
    }
    name = name.replace("政府政府", "政府");
    if name.chars().count() < 2 {
        // 2022年度报告 behind the words: 天河区政府信息公开工作…
        return None;
    }
    let name = name
        .trim_start_matches("关于")
        .trim_matches(|c: char| "“”\"《》()·# *".contains(c))
        .to_owned();
    clean(&name, lexicon).or_else(|| complete(&name, lexicon))
}

fn without_years(text: &str) -> String {
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
    out.trim().trim_end_matches("关于").trim().to_owned()
}

/// A name that ends as bodies' names do; none when it is a sentence or something else.
fn clean(name: &str, lexicon: &Lexicon) -> Option<String> {
    let name = name
        .trim()
        .trim_start_matches(['由', ' '])
        .trim_end_matches(['的', ' ']);
    let name = name.strip_suffix("负责").unwrap_or(name);
    // 开发区(白洋街道): the name in the brackets is the body's own.
    let inner = name
        .strip_suffix(')')
        .and_then(|rest| rest.split_once('('))
        .map(|(_, inner)| inner);
    let name = inner.filter(|inner| kind(inner, lexicon).is_some()).unwrap_or(name);
    let length = name.chars().count();
    let plain = name
        .chars()
        .all(|c| !c.is_ascii_digit() && !"，,。:：;；/?".contains(c));
    ((3..=40).contains(&length) && plain && kind(name, lexicon).is_some()).then(|| name.to_owned())
}

/// A bare place: 天河区 stands for its people's government, 石牌街道 for its office.
fn complete(name: &str, lexicon: &Lexicon) -> Option<String> {
    let plain = name.chars().all(|c| c > '\u{3400}' && !"，。：；".contains(c));
    let place = ["省", "自治区", "市", "区", "县", "州", "盟", "旗"]
        .iter()
        .any(|ending| name.ends_with(ending));
    let known = lexicon
        .gazetteer
        .places()
        .iter()
        .any(|place| name.ends_with(place.name.as_str()));
    (plain && place && known).then(|| format!("{name}人民政府"))
}

/// 大栅栏街道办事处信息公开办公室 is the street's own office, not the issuer.
fn without_office<'a>(name: &'a str, lexicon: &Lexicon) -> &'a str {
    let office = lexicon
        .organs
        .of(WordKind::IssuerOffice)
        .iter()
        .find_map(|word| name.strip_suffix(word.as_str()));
    office.filter(|rest| kind(rest, lexicon).is_some()).unwrap_or(name)
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

/// What kind of body a name is of, by its ending.
#[must_use]
pub fn kind(name: &str, lexicon: &Lexicon) -> Option<BodyKind> {
    let ends = |kind| lexicon.organs.of(kind).iter().any(|word| name.ends_with(word.as_str()));
    let starts = |kind| {
        lexicon
            .organs
            .of(kind)
            .iter()
            .any(|word| name.starts_with(word.as_str()))
    };
    let order = [
        (WordKind::GovernmentOffice, BodyKind::GovernmentOffice),
        (WordKind::Zone, BodyKind::Zone),
        (WordKind::Xpcc, BodyKind::Xpcc),
        (WordKind::Street, BodyKind::Street),
        (WordKind::Township, BodyKind::Township),
        (WordKind::Government, BodyKind::Government),
    ];
    if starts(WordKind::Central) {
        return Some(BodyKind::Central);
    }
    if let Some((_, found)) = order.iter().find(|(words, _)| ends(*words)) {
        return Some(*found);
    }
    if name.ends_with("政府") && name.chars().count() >= 4 {
        return Some(BodyKind::Government);
    }
    if ends(WordKind::Department) {
        return Some(BodyKind::Department);
    }
    ends(WordKind::Institution).then_some(BodyKind::Institution)
}
