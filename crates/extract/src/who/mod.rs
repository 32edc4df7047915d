//! Who reports, for where and when: title, organ, jurisdiction and year, each with its evidence.
//!
//! Fields are none rather than guessed.

mod body;
mod candidates;
mod clues;
mod joint;
mod names;
mod organ;
mod paper;
mod place;
mod scope;
mod stems;
mod title;
mod year;

use std::ops::Range;

use gongkai_lexicon::{Lexicon, WordKind, WordKinds};
use gongkai_page::{BlockKind, Page};
use regex::Regex;

use crate::fold::fold_text;
use crate::model::{BodyKind, CodeStatus, Identity, Level};
use crate::prose::torn;

pub use names::PlaceFinder;
pub use organ::{names_body_before, without_years};
pub use paper::{TitleKind, report_word, title_kind};

/// How much of a page's beginning and end is read for evidence, in bytes.
const HEAD: usize = 4000;
const TAIL: usize = 1500;
/// Of a table in it so many cells, up to so many bytes.
const TABLE_CELLS: usize = 60;
const TABLE_BYTES: usize = 8 * HEAD;

/// The words of patterns: a name, at its shortest; a year before a title; the words of a title behind the name.
const NAME: &str = "[^，,。;；、:：()《》<>〈〉“”]{3,40}?";
const OF_A_YEAR: &str = "[《<〈“\"]?(?:(?:19|20)[0-9][0-9]年度?)?";
const REPORT: &str = "(?:的)?(?:(?:19|20)[0-9][0-9]年?度?)?(?:的)?(?:政府|政务)?(?:政府|政务)?(?:信息)?公开(?:工作)?(?:情况)?(?:年度)?(?:工作)?(?:报告|年报)";

/// What may stand behind a name before the sentence goes on: (以下简称…).
const ASIDE: &str = r"(?:\([^()]{0,60}\))?";

/// Whether a line has the last word of [`REPORT`]: cheaper than the patterns with it.
fn names_report(line: &str) -> bool {
    contains(line, "报告") || contains(line, "年报")
}

/// `str::contains` sets up a search first that costs more than one short line.
fn contains(line: &str, word: &str) -> bool {
    memchr::memmem::find(line.as_bytes(), word.as_bytes()).is_some()
}

/// The patterns of dates, phones and postcodes, compiled once.
#[derive(Debug)]
pub struct Patterns {
    year: Regex,
    chinese_year: Regex,
    period: Regex,
    table_year: Regex,
    date: Regex,
    phone: Regex,
    postcode: Regex,
    site: Regex,
    credit_code: Regex,
    issuer: Regex,
    joint: Regex,
    contact: Regex,
    announced: Regex,
    wrote: Regex,
    work: Regex,
    since: Regex,
}

impl Patterns {
    /// Compiles the patterns.
    ///
    /// # Errors
    /// When a word of the data makes no pattern.
    pub fn new(lexicon: &Lexicon) -> Result<Self, regex::Error> {
        let words = |kind| {
            lexicon
                .organs
                .of(kind)
                .iter()
                .map(|word| regex::escape(word))
                .collect::<Vec<_>>()
                .join("|")
        };
        Ok(Self {
            year: Regex::new(r"((?:19|20)[0-9][0-9])年?")?,
            chinese_year: Regex::new(r"二[○〇零0Oo]([○〇零0Oo一二])([○〇零0Oo一二三四五六七八九])年?")?,
            period: Regex::new(
                r"((?:19|20)[0-9][0-9])年?([0-9]{1,2})月?([0-9]{1,2})?日?[^0-9。;；]{0,16}?(?:至|到|-|—|~)+((?:19|20)[0-9][0-9])?年?([0-9]{1,2})月([0-9]{1,2})?日?",
            )?,
            table_year: Regex::new(r"^\(?((?:19|20)[0-9][0-9])年?度?\)?(?:政府信息公开|$|历年)")?,
            date: Regex::new(r"((?:19|20)[0-9][0-9])[-年./]([0-9]{1,2})[-月./]([0-9]{1,2})日?")?,
            phone: Regex::new(r"(?-u:\b)(0[0-9]{2,3})[-—)]?[0-9]{7,8}")?,
            postcode: Regex::new(r"(?:邮政编码|邮编)[^0-9]{0,3}([0-9]{6})")?,
            site: Regex::new(r"[a-z0-9.-]+\.gov\.cn(?:/[A-Za-z0-9_./-]*)?")?,
            // GB 32100: 11 and 12 are registered by the offices of establishment; six digits of GB/T 2260 follow.
            credit_code: Regex::new(r"(?-u:\b)1[12]([1-6][0-9]{5})[0-9A-Z]{10}(?-u:\b)")?,
            issuer: Regex::new(&format!(
                "(?:{})({NAME}){ASIDE}(?:{}|{})",
                words(WordKind::IssuerBefore),
                words(WordKind::IssuerAfter),
                words(WordKind::IssuerClause)
            ))?,
            joint: Regex::new(&format!(
                "(?:{})([^，,。;；:：()《》]{{3,80}}?)(?:共同|联合)(?:{})",
                words(WordKind::IssuerBefore),
                words(WordKind::IssuerAfter)
            ))?,
            announced: Regex::new(&format!(
                "(?:{}){OF_A_YEAR}({NAME}){ASIDE}{REPORT}",
                words(WordKind::IssuerAnnounced)
            ))?,
            wrote: Regex::new(&format!(
                "(?:^|[,，。;；、:：》)])({NAME}){ASIDE}(?:{})(?:了|完成)?{OF_A_YEAR}{REPORT}",
                words(WordKind::IssuerAfter)
            ))?,
            work: Regex::new(&format!(
                "(?:{})({NAME})(?:政府|政务)?信息公开工作",
                words(WordKind::IssuerWork)
            ))?,
            since: Regex::new(r"^(?:\(?[一二三四五六七八九十0-9]+[).、.]+)?(?:(?:19|20)[0-9][0-9]年(?:度|以来|来)?)?")?,
            contact: Regex::new(&format!(
                "(?:{})[:：]?({NAME})(?:联系|咨询|\\(|地址|电话|[,，。;；]|$)",
                words(WordKind::IssuerContact)
            ))?,
        })
    }
}

/// The folded parts of a page that carry evidence.
pub struct Evidence<'a> {
    /// The page.
    pub page: &'a Page,
    /// Where it was found: a path, or an address.
    pub origin: &'a str,
    /// Short folded blocks from the beginning; the lines of a torn sentence are one.
    pub head: Vec<String>,
    /// The same from the end.
    pub tail: Vec<String>,
    /// The kinds of labels and of issuers' words that each line has, first of the head, then of the tail.
    kinds: Vec<WordKinds>,
    /// What is known.
    pub lexicon: &'a Lexicon,
    /// Compiled patterns.
    pub patterns: &'a Patterns,
}

impl<'a> Evidence<'a> {
    /// Folds the beginning and the end of a page.
    #[must_use]
    pub fn new(
        page: &'a Page,
        origin: &'a str,
        lexicon: &'a Lexicon,
        patterns: &'a Patterns,
        traditional: bool,
    ) -> Self {
        let fold = |range: Range<usize>| {
            let text = page.text.get(range).unwrap_or_default();
            fold_text(text, &lexicon.script, traditional).into_owned()
        };
        let mut head: Vec<String> = Vec::new();
        let mut length = 0;
        let mut before = None;
        for block in &page.blocks {
            if length > HEAD {
                break;
            }
            let line = (page.text.get(block.span.clone())).filter(|_| block.kind == BlockKind::Paragraph);
            let torn = before
                .zip(line)
                .is_some_and(|(before, line)| torn::goes_on(before, line, traditional, lexicon));
            before = line;
            if let Some(beginning) = head.last_mut().filter(|_| torn) {
                length += block.span.len().min(HEAD);
                beginning.push_str(&fold(
                    block.span.start..block.span.end.min(floor(&page.text, block.span.start + HEAD)),
                ));
                continue;
            }
            if block.link_bytes * 2 <= block.span.len() || matches!(block.kind, BlockKind::Heading(_)) {
                length += block.span.len().min(HEAD);
                head.extend(lines(page, block).into_iter().map(&fold));
            }
        }
        let mut tail = Vec::new();
        length = 0;
        for block in page.blocks.iter().rev() {
            if length > TAIL {
                break;
            }
            if block.link_bytes == 0 && !matches!(block.kind, BlockKind::Table(_)) {
                length += block.span.len().min(TAIL);
                tail.push(fold(
                    block.span.start..block.span.end.min(floor(&page.text, block.span.start + HEAD)),
                ));
            }
        }
        tail.reverse();
        let kinds = head.iter().chain(&tail).map(|line| lexicon.organs.line_kinds(line));
        Self {
            page,
            origin,
            kinds: kinds.collect(),
            head,
            tail,
            lexicon,
            patterns,
        }
    }

    /// Every piece of evidence text.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.head.iter().chain(&self.tail).map(String::as_str)
    }

    /// The year that a title names.
    #[must_use]
    pub fn year_in(&self, title: &str) -> Option<i16> {
        year::title_year(self, title)
    }

    /// The pieces that have a word of each of these kinds; only the kinds that lines are searched for.
    fn texts_with<const N: usize>(&self, wanted: [WordKind; N]) -> impl Iterator<Item = &str> {
        let texts = self.texts().zip(&self.kinds);
        texts
            .filter(move |(_, kinds)| wanted.iter().all(|kind| kinds.contains(*kind)))
            .map(|(text, _)| text)
    }
}

/// The lines of a block: the cells of a table (metadata blocks are often tables), else the block itself.
fn lines(page: &Page, block: &gongkai_page::Block) -> Vec<Range<usize>> {
    let beginning = |span: &Range<usize>| span.start..span.end.min(floor(&page.text, span.start + HEAD));
    match &block.kind {
        BlockKind::Table(grid) => {
            let cells = grid.cells.iter().filter(|cell| !cell.span.is_empty());
            let cells = cells.take(TABLE_CELLS).map(|cell| beginning(&cell.span));
            let mut bytes = 0;
            cells
                .take_while(|cell| {
                    bytes += cell.len();
                    bytes <= TABLE_BYTES
                })
                .collect()
        }
        BlockKind::Heading(_) | BlockKind::Paragraph => vec![beginning(&block.span)],
    }
}

fn floor(text: &str, position: usize) -> usize {
    let mut position = position.min(text.len());
    while !text.is_char_boundary(position) {
        position -= 1;
    }
    position
}

/// Whether a line has so many digits at all: most have not, and need not be searched for dates and phones.
fn has_digits(line: &str, least: usize) -> bool {
    line.bytes().filter(u8::is_ascii_digit).count() >= least
}

/// Who, where and when, by everything the page says.
#[must_use]
pub fn identify(evidence: &Evidence<'_>, traditional: bool, finder: &PlaceFinder) -> Identity {
    let found = title::find(evidence, traditional);
    let title = found.as_ref().map(|found| found.folded.as_str());
    let years = year::find(evidence, title);
    let mut identity = Identity {
        title: found.as_ref().map(|found| found.printed.clone()),
        year: years.year,
        year_evidence: years.evidence,
        period_start: years.period.map(|period| period.start.to_string()),
        period_end: years.period.map(|period| period.end.to_string()),
        published: year::published(evidence),
        ..Identity::default()
    };
    let joint = joint::find(evidence, title);
    let organs = match joint.as_deref() {
        Some([first, others @ ..]) => {
            identity.co_organs = others.to_vec();
            vec![(first.clone(), organ::OrganSource::Title)]
        }
        _ => organ::find(evidence, title, finder),
    };
    identity.organ = organ::fullest(&organs, evidence.lexicon, finder).map(str::to_owned);
    if let Some(name) = &identity.organ {
        identity.body_kind = body::kind(name, evidence.lexicon);
    }
    let (kind, rank) = match &identity.organ {
        Some(name) => (identity.body_kind, finder.rank_of(name, &evidence.lexicon.organs)),
        None => self_said(evidence),
    };
    let body = place::Body {
        title,
        organs: &organs,
        kind,
        rank,
        year: identity.year,
    };
    let mut decided = place::decide(evidence, finder, &body);
    let by_name = body.rank.and_then(|rank| finder.level_of_rank(rank));
    decided.rank = decided.rank.or(by_name.map(place::level));
    identity.scope = identity.body_kind.map(|kind| scope::find(evidence, kind, title));
    apply_place(&mut identity, decided, evidence, kind);
    identity
}

fn apply_place(identity: &mut Identity, decided: place::Decision, evidence: &Evidence<'_>, kind: Option<BodyKind>) {
    let lexicon = evidence.lexicon;
    identity.candidates = decided.candidates;
    identity.jurisdiction_confidence = decided.confidence;
    identity.jurisdiction_evidence = decided.evidence;
    identity.rank = decided.rank;
    identity.level = match kind {
        Some(BodyKind::Government | BodyKind::GovernmentOffice) => decided.rank,
        Some(BodyKind::Department | BodyKind::Institution) => Some(Level::Department),
        Some(BodyKind::Township | BodyKind::Street) => Some(Level::Township),
        Some(BodyKind::Zone | BodyKind::Xpcc) => Some(Level::Zone),
        Some(BodyKind::Central) if is_whole(identity.organ.as_deref(), lexicon) => Some(Level::National),
        Some(BodyKind::Central) => Some(Level::Department),
        None => None,
    };
    identity.code_status = Some(match &decided.code {
        Some(_) if identity.body_kind == Some(BodyKind::Zone) => CodeStatus::Zone,
        Some(_) => CodeStatus::Gb2260,
        None if identity.candidates.len() > 1 => CodeStatus::Ambiguous,
        None if identity.level == Some(Level::National) => CodeStatus::National,
        None => CodeStatus::None,
    });
    if let (Some(code), year) = (&decided.code, identity.year) {
        identity.jurisdiction = lexicon.gazetteer.full_name(code, year);
        identity.successor_code = lexicon.gazetteer.today(code, year).map(str::to_owned);
        identity.parent_code = lexicon
            .gazetteer
            .above(code, year)
            .first()
            .map(|above| above.code.clone());
        let named = identity.organ.as_deref();
        identity.township_code = named.and_then(|organ| candidates::township(&lexicon.gazetteer, organ, kind, code));
        let lineage = identity.successor_code.as_deref().unwrap_or(code);
        let organ = identity.organ.as_deref().unwrap_or("").replace("人民政府", "政府");
        let organ = place::with_official_name(&lexicon.gazetteer, &organ, code, year);
        let bare = place::without_places(&organ, identity.jurisdiction.as_deref().unwrap_or(""));
        identity.body_id = Some(format!("{lineage}:{bare}"));
    }
    identity.jurisdiction_code = decided.code;
}

/// Whether a central body is that itself, and no branch of it in a place.
fn is_whole(organ: Option<&str>, lexicon: &Lexicon) -> bool {
    organ.is_some_and(|organ| body::is_whole_central(organ, lexicon))
}

/// What kind of body a report says that it is by how it speaks of itself, 我局, 我镇, and of a government what the names
/// of places of its rank end with: 我区.
fn self_said(evidence: &Evidence<'_>) -> (Option<BodyKind>, Option<char>) {
    let most = |kind| {
        let words = evidence.lexicon.organs.of(kind).iter();
        let counts = words.map(|word| (evidence.page.text.matches(word.as_str()).count(), word));
        let counts: Vec<_> = counts.filter(|(count, _)| *count > 0).collect();
        let total: usize = counts.iter().map(|(count, _)| count).sum();
        (
            total,
            counts.into_iter().max().and_then(|(_, word)| word.chars().next_back()),
        )
    };
    // A bureau speaks of its city more often than a city of its bureau.
    let (department, _) = most(WordKind::SelfDepartment);
    let (township, _) = most(WordKind::SelfTownship);
    let (zone, _) = most(WordKind::SelfZone);
    let (government, rank) = most(WordKind::SelfGovernment);
    let kinds = [
        (government, BodyKind::Government, rank),
        (department * 2, BodyKind::Department, None),
        (township * 2, BodyKind::Township, None),
        (zone * 2, BodyKind::Zone, None),
    ];
    let said = kinds.into_iter().filter(|(count, ..)| *count > 0);
    said.max_by_key(|(count, ..)| *count)
        .map_or((None, None), |(_, kind, rank)| (Some(kind), rank))
}
