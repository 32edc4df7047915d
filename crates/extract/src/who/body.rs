//! What is a body's name, and what kind of body has it.

use gongkai_lexicon::{Lexicon, WordKind};

use crate::model::BodyKind;

/// With so many characters a name before a bracket is a body's own: 开发区(白洋街道) is not.
const OWN_NAME: usize = 5;
/// What stands behind an office within a ministry, at its longest: 信息化司综合处.
const WITHIN: usize = 8;

/// The issuer of a name: without the office that does the work there.
pub(super) fn clean(name: &str, lexicon: &Lexicon) -> Option<String> {
    if let Some(name) = whole(name, lexicon) {
        return Some(without_office(name, lexicon));
    }
    // 双溪口乡党政办 ends as no body does, but with what stands in one.
    let offices = [WordKind::IssuerOffice, WordKind::InnerOffice];
    let without = |kind| name.trim().strip_suffix(lexicon.organs.ending(kind, name.trim())?);
    let body = offices
        .into_iter()
        .filter_map(without)
        .find_map(|rest| whole(rest, lexicon));
    let is_own = |body: &&str| lexicon.organs.ending(WordKind::Committee, body).is_none();
    body.filter(is_own).map(|body| without_office(body, lexicon))
}

/// A name that ends as bodies' names do; none when it is a sentence or something else.
pub(super) fn whole<'a>(name: &'a str, lexicon: &Lexicon) -> Option<&'a str> {
    let name = name
        .trim()
        .trim_start_matches(|c: char| !c.is_alphanumeric() && c != '(' && c != '〇')
        .trim_start_matches('由')
        .trim_end_matches(['的', ' ']);
    let name = name.strip_suffix("负责").unwrap_or(name);
    let name = own_name(without_latin(name), lexicon);
    let words = &lexicon.organs;
    let foreign = words.beginning(WordKind::NotIssuerBegins, name).is_some();
    let site = words.ending(WordKind::SiteName, name).is_some();
    if foreign || site || words.ending(WordKind::InnerOffice, name) == Some(name) {
        return None;
    }
    let name = without_ministry_office(name, lexicon);
    let length = name.chars().count();
    let plain = name
        .chars()
        .all(|c| !c.is_ascii_digit() && !"，,。:：;；/?>》|.".contains(c));
    let plain = plain && !name.starts_with('(');
    ((3..=40).contains(&length) && plain && kind(name, lexicon).is_some()).then_some(name)
}

/// A name without what a reader of documents prints before it, or a site's address: Page7-X局. But XX局 is a form's.
fn without_latin(name: &str) -> &str {
    let rest = name.trim_start_matches(|c: char| c.is_ascii() && c != '(');
    let before = name.get(..name.len() - rest.len()).unwrap_or_default();
    if before.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        name
    } else {
        rest
    }
}

/// Of a name with another in brackets the one that is the body's own: 开发区(白洋街道) is 白洋街道, 卫生健康局(疾控局) is
/// 卫生健康局.
fn own_name<'a>(name: &'a str, lexicon: &Lexicon) -> &'a str {
    let Some((outer, inner)) = name.strip_suffix(')').and_then(|rest| rest.split_once('(')) else {
        return name;
    };
    let outer_is_own = outer.chars().count() >= OWN_NAME && kind(outer, lexicon).is_some();
    match kind(inner, lexicon) {
        _ if outer_is_own => outer,
        Some(_) => inner,
        None => name,
    }
}

/// 商务部信息化司综合处 is the ministry's own.
fn without_ministry_office<'a>(name: &'a str, lexicon: &Lexicon) -> &'a str {
    let branch = branch(name, lexicon);
    let own = lexicon.organs.find(WordKind::CentralInner, branch);
    match own {
        Some(office)
            if branch.len() < name.len()
                && branch
                    .get(office.end..)
                    .is_some_and(|rest| rest.chars().count() <= WITHIN) =>
        {
            name.strip_suffix(branch).unwrap_or(name)
        }
        _ => name,
    }
}

/// A bare place: 天河区 stands for its people's government, 石牌街道 for its office.
pub(super) fn complete(name: &str, lexicon: &Lexicon) -> Option<String> {
    let plain = name.chars().all(|c| c > '\u{3400}' && !"，。：；".contains(c));
    let place = lexicon.organs.ending(WordKind::PlaceEnding, name).is_some();
    let known = || {
        let mut endings = name.char_indices().filter_map(|(at, _)| name.get(at..));
        endings.any(|ending| lexicon.gazetteer.is_named(ending))
    };
    (plain && place && known()).then(|| format!("{name}人民政府"))
}

/// A township whose name has one character: 螅镇, but neither 乡镇 nor 全镇.
pub(super) fn short_township(name: &str, lexicon: &Lexicon) -> Option<String> {
    let words = &lexicon.organs;
    let is_short = name.chars().count() == 2 && kind(name, lexicon) == Some(BodyKind::Township);
    let first = name.chars().next()?.to_string();
    let general = [
        WordKind::Township,
        WordKind::NotIssuer,
        WordKind::NotIssuerBegins,
        WordKind::PlaceEnding,
    ];
    let named = !general.iter().any(|kind| {
        words.beginning(*kind, &first).is_some() || words.find(*kind, name).is_some_and(|found| found.start == 0)
    });
    (is_short && named).then(|| name.to_owned())
}

/// 大栅栏街道办事处信息公开办公室 is the street's own office, not the issuer, and 泸州市信息公开办公室 the city's. But 县政府办公室
/// and 网信委员会办公室 are bodies.
fn without_office(name: &str, lexicon: &Lexicon) -> String {
    let without = |offices: WordKind, is_body: &dyn Fn(&str) -> bool| {
        let mut offices = lexicon.organs.of(offices).iter();
        offices.find_map(|office| name.strip_suffix(office.as_str()).filter(|rest| is_body(rest)))
    };
    let below_government = |rest: &str| match kind(rest, lexicon) {
        Some(BodyKind::Government | BodyKind::GovernmentOffice | BodyKind::Central | BodyKind::Xpcc) | None => false,
        Some(_) => lexicon.organs.ending(WordKind::Committee, rest).is_none(),
    };
    let of_place = || without(WordKind::IssuerOffice, &|rest| complete(rest, lexicon).is_some());
    without(WordKind::IssuerOffice, &|rest| kind(rest, lexicon).is_some())
        .or_else(|| without(WordKind::InnerOffice, &below_government))
        .map(str::to_owned)
        .or_else(|| complete(of_place()?, lexicon))
        .unwrap_or_else(|| name.to_owned())
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

/// Whether a name is of a zone or of a body in one: brands do not call themselves 高新技术产业开发区.
pub(super) fn names_zone(name: &str, lexicon: &Lexicon) -> bool {
    let zones = lexicon.organs.of(WordKind::Zone).iter();
    let territories = zones.map(|word| word.trim_end_matches("管委会"));
    let mut territories = territories.filter(|word| word.ends_with(['区', '园']));
    territories.any(|word| name.contains(word))
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

/// Whether a central body is that itself, and no branch of it in a place.
pub(super) fn is_whole_central(name: &str, lexicon: &Lexicon) -> bool {
    branch(name, lexicon).is_empty()
}
