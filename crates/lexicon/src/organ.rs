//! Words that make titles and names of bodies.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, MatchKind};

use crate::finder::WordFinder;
use crate::tsv::{DataError, Table};

/// What a word tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WordKind {
    /// A title of an annual report ends so: 信息公开工作年度报告.
    ReportTitle,
    /// A title that is of something else: 指南, 目录.
    OtherTitle,
    /// A title of a half-year or quarterly report.
    PartYear,
    /// A news headline's verb: 发布, 公布.
    News,
    /// Ending of a government: 人民政府.
    Government,
    /// Ending of a government's office: 人民政府办公室.
    GovernmentOffice,
    /// Ending of a department: 局.
    Department,
    /// Ending of a township: 镇, 乡.
    Township,
    /// Ending of a street office: 街道办事处.
    Street,
    /// Ending of a zone: 管理委员会, 开发区.
    Zone,
    /// A production corps body: 兵团.
    Xpcc,
    /// An institution: 学校, 医院.
    Institution,
    /// A central body: 国务院, 国家税务总局; its branches have a place behind that.
    Central,
    /// Ending of a central body's branches: 海关.
    CentralEnding,
    /// What a central body's full name begins with: 中华人民共和国.
    CentralBefore,
    /// How a production corps body's name begins.
    XpccBegins,
    /// Words before an issuer's name: 由.
    IssuerBefore,
    /// Words after an issuer's name: 编制.
    IssuerAfter,
    /// Labels of an issuer in a metadata block: 发布机构.
    IssuerLabel,
    /// Labels of a publication date.
    DateLabel,
    /// How a report says what it is: 编制, 统计期限, 报告如下.
    Statement,
    /// How a department speaks of itself: 我局.
    SelfDepartment,
    /// How a township speaks of itself: 我镇.
    SelfTownship,
    /// How a government speaks of itself: 我区.
    SelfGovernment,
    /// Words that end an issuer's name inside its sentence: 由信访局结合….
    IssuerClause,
    /// Words before an issuer's name in a contact sentence: 请与.
    IssuerContact,
    /// Words before an issuer's name in an announcement: 现公布.
    IssuerAnnounced,
    /// An issuer's own office for these matters, behind its name: 信息公开办公室.
    IssuerOffice,
    /// How a site's name ends, in either script: 门户网站.
    SiteName,
    /// Any office within a body, behind its name: 党政办公室.
    InnerOffice,
    /// What a body's name in running text does not have: 各, 我.
    NotIssuer,
    /// What no body's name begins with: 本, 我.
    NotIssuerBegins,
    /// The label of a title in a metadata block: 名称.
    TitleLabel,
    /// What a body does behind its name at the beginning of a clause: 认真, 收到.
    IssuerActs,
    /// Before a body's name whose work is spoken of: 做好.
    IssuerWork,
    /// Words that a place's name stands behind: 由, 推进.
    PlaceAfter,
    /// What makes something else of a place's name before it: 场.
    PlaceNotBefore,
    /// What makes something else of a name of two characters before it: 级, 长.
    ShortPlaceNotBefore,
    /// Endings that places go without in names of bodies: 西安高新区.
    PlaceStem,
    /// Endings of committees, whose offices are bodies of their own.
    Committee,
    /// Names of places that are words of any text as well: 老城区.
    PlaceOrdinary,
    /// Other papers that bodies publish every year: 部门预算.
    OtherPaper,
    /// How a bare place in a title ends: 省, 市.
    PlaceEnding,
    /// How the words of a title begin where something stands between: 政府信息公开工作.
    ReportOpening,
    /// How they end: 年度报告.
    ReportClosing,
    /// How a report names itself: 本报告.
    ReportItself,
    /// What only a report's preamble says: 所列数据.
    Preamble,
    /// Words of the headings of a report's chapters.
    Chapter,
    /// What stands behind the first day of a period: 至, 起.
    PeriodAfter,
    /// How a line says that days in it are the period reported on: 统计期限.
    PeriodLabel,
    /// How a government says that it reports for itself alone: 政府本级.
    ScopeOwn,
    /// How one says that it puts together what others report: 汇总.
    ScopeGathers,
    /// Who these others are: 各部门.
    ScopeParts,
    /// Names for all bodies of a territory together.
    ScopeWhole,
    /// Words of what explains a report, before the title that it quotes: 解读, 图解.
    Explains,
    /// Words of what judges reports, behind theirs: 评估, 排名.
    Judges,
    /// How the title of any report on a year ends: 报告, 总结.
    PaperClosing,
    /// How sentences begin that stand where titles do: 根据, 现将.
    SentenceBegins,
    /// How another paper speaks of itself: 本指南, 通知如下.
    SelfOther,
    /// What stands in a form for the name or the year of whoever fills it in: xx县.
    Placeholder,
    /// What only news says of a report: 讯(, 报告显示.
    NewsMark,
    /// Words of the headings that any report on a year has: 总体情况.
    CommonChapter,
    /// Matters of other reports on a year: 法治政府.
    OtherMatter,
    /// What leads to the other pages of a list: 下一页.
    Pager,
    /// The law that asks for reports: 政府信息公开条例.
    Law,
    /// Offices within a central body: 办公厅, 司.
    CentralInner,
    /// How a bureau's branch for a district ends: 分局.
    BranchEnding,
    /// Parts of the country that are no territories: 华东.
    Region,
    /// What stands before the last day reported on: 截止日期.
    LastDayLabel,
    /// How a zone speaks of itself: 党工委、管委会.
    SelfZone,
    /// Matters of one body that are joined as bodies are: 规划和自然资源.
    JoinedMatters,
    /// The group that leads this work in a body, behind its name: 政府信息公开工作领导小组.
    LeadingGroup,
}

impl WordKind {
    const CHOICES: [(&'static str, Self); 72] = [
        ("report_title", Self::ReportTitle),
        ("other_title", Self::OtherTitle),
        ("part_year", Self::PartYear),
        ("news", Self::News),
        ("government", Self::Government),
        ("government_office", Self::GovernmentOffice),
        ("department", Self::Department),
        ("township", Self::Township),
        ("street", Self::Street),
        ("zone", Self::Zone),
        ("xpcc", Self::Xpcc),
        ("institution", Self::Institution),
        ("central", Self::Central),
        ("central_ending", Self::CentralEnding),
        ("central_before", Self::CentralBefore),
        ("xpcc_begins", Self::XpccBegins),
        ("issuer_before", Self::IssuerBefore),
        ("issuer_after", Self::IssuerAfter),
        ("issuer_label", Self::IssuerLabel),
        ("date_label", Self::DateLabel),
        ("statement", Self::Statement),
        ("self_department", Self::SelfDepartment),
        ("self_township", Self::SelfTownship),
        ("self_government", Self::SelfGovernment),
        ("issuer_clause", Self::IssuerClause),
        ("issuer_contact", Self::IssuerContact),
        ("issuer_announced", Self::IssuerAnnounced),
        ("issuer_office", Self::IssuerOffice),
        ("site_name", Self::SiteName),
        ("inner_office", Self::InnerOffice),
        ("not_issuer", Self::NotIssuer),
        ("not_issuer_begins", Self::NotIssuerBegins),
        ("title_label", Self::TitleLabel),
        ("issuer_acts", Self::IssuerActs),
        ("issuer_work", Self::IssuerWork),
        ("place_after", Self::PlaceAfter),
        ("place_not_before", Self::PlaceNotBefore),
        ("short_place_not_before", Self::ShortPlaceNotBefore),
        ("place_stem", Self::PlaceStem),
        ("committee", Self::Committee),
        ("place_ordinary", Self::PlaceOrdinary),
        ("other_paper", Self::OtherPaper),
        ("place_ending", Self::PlaceEnding),
        ("report_opening", Self::ReportOpening),
        ("report_closing", Self::ReportClosing),
        ("report_itself", Self::ReportItself),
        ("preamble", Self::Preamble),
        ("chapter", Self::Chapter),
        ("period_after", Self::PeriodAfter),
        ("period_label", Self::PeriodLabel),
        ("scope_own", Self::ScopeOwn),
        ("scope_gathers", Self::ScopeGathers),
        ("scope_parts", Self::ScopeParts),
        ("scope_whole", Self::ScopeWhole),
        ("explains", Self::Explains),
        ("judges", Self::Judges),
        ("paper_closing", Self::PaperClosing),
        ("sentence_begins", Self::SentenceBegins),
        ("self_other", Self::SelfOther),
        ("placeholder", Self::Placeholder),
        ("news_mark", Self::NewsMark),
        ("common_chapter", Self::CommonChapter),
        ("other_matter", Self::OtherMatter),
        ("pager", Self::Pager),
        ("law", Self::Law),
        ("central_inner", Self::CentralInner),
        ("branch_ending", Self::BranchEnding),
        ("region", Self::Region),
        ("last_day_label", Self::LastDayLabel),
        ("self_zone", Self::SelfZone),
        ("joined_matters", Self::JoinedMatters),
        ("leading_group", Self::LeadingGroup),
    ];
}

/// The words of a kind, longest first, and what finds them all at once.
#[derive(Debug)]
struct KindWords {
    words: Vec<String>,
    /// The first characters of the words, and the last: most names have none of them there.
    firsts: Vec<char>,
    lasts: Vec<char>,
    matcher: AhoCorasick,
}

/// The kinds that every line of a page's beginning and end is searched for.
const LINE_KINDS: [WordKind; 11] = [
    WordKind::ScopeOwn,
    WordKind::ScopeGathers,
    WordKind::ScopeWhole,
    WordKind::ReportOpening,
    WordKind::IssuerBefore,
    WordKind::IssuerAfter,
    WordKind::IssuerWork,
    WordKind::IssuerLabel,
    WordKind::IssuerContact,
    WordKind::IssuerAnnounced,
    WordKind::DateLabel,
];

/// A set of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WordKinds(u128);

impl WordKinds {
    fn of(kind: WordKind) -> Self {
        Self(1 << kind as u64)
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a kind is in the set.
    #[must_use]
    pub fn contains(self, kind: WordKind) -> bool {
        self.0 & Self::of(kind).0 != 0
    }
}

/// The words, by kind.
#[derive(Debug)]
pub struct OrganWords {
    kinds: Vec<KindWords>,
    /// Finds the words of the [`LINE_KINDS`].
    finder: WordFinder,
    /// The kinds of each of them.
    kinds_of: Vec<WordKinds>,
}

impl OrganWords {
    pub(crate) fn parse(table: &Table) -> Result<Self, DataError> {
        let mut words: Vec<(WordKind, Vec<String>)> =
            WordKind::CHOICES.iter().map(|(_, kind)| (*kind, Vec::new())).collect();
        for row in table.rows() {
            let kind = row.choice("kind", &WordKind::CHOICES)?;
            row.required("words")?;
            let listed = row.distinct("words", '|')?;
            if let Some((_, list)) = words.iter_mut().find(|(other, _)| *other == kind) {
                if !list.is_empty() {
                    return Err(row.wrong(format!("listed twice: {}", row.get("kind")?)));
                }
                list.extend(listed.into_iter().map(str::to_owned));
            }
        }
        if let Some((kind, _)) = words.iter().find(|(_, words)| words.is_empty()) {
            let named = WordKind::CHOICES.iter().find(|(_, other)| other == kind);
            return Err(DataError::Wrong {
                file: table.file.clone(),
                line: 1,
                reason: format!("missing kind: {}", named.map_or("", |(name, _)| name)),
            });
        }
        let mut kinds_of: BTreeMap<&str, WordKinds> = BTreeMap::new();
        for (kind, words) in words.iter().filter(|(kind, _)| LINE_KINDS.contains(kind)) {
            for word in words {
                let kinds = kinds_of.entry(word).or_default();
                *kinds = kinds.and(WordKinds::of(*kind));
            }
        }
        let (all, kinds_of): (Vec<&str>, Vec<WordKinds>) = kinds_of.into_iter().unzip();
        let finder = WordFinder::new(&all);
        // A kind's words are found by its number.
        words.sort_by_key(|(kind, _)| *kind as usize);
        let kinds = words.into_iter().map(|(_, mut words)| {
            words.sort_by_key(|word| std::cmp::Reverse(word.len()));
            let matcher = AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostLongest)
                .build(&words);
            let wrong = |error: aho_corasick::BuildError| DataError::Wrong {
                file: table.file.clone(),
                line: 1,
                reason: error.to_string(),
            };
            let distinct = |characters: BTreeSet<char>| characters.into_iter().collect();
            Ok(KindWords {
                firsts: distinct(words.iter().filter_map(|word| word.chars().next()).collect()),
                lasts: distinct(words.iter().filter_map(|word| word.chars().next_back()).collect()),
                words,
                matcher: matcher.map_err(wrong)?,
            })
        });
        Ok(Self {
            kinds: kinds.collect::<Result<_, DataError>>()?,
            finder,
            kinds_of,
        })
    }

    fn kind(&self, kind: WordKind) -> Option<&KindWords> {
        self.kinds.get(kind as usize)
    }

    /// The words of a kind, longest first.
    #[must_use]
    pub fn of(&self, kind: WordKind) -> &[String] {
        self.kind(kind).map_or(&[], |words| words.words.as_slice())
    }

    /// The longest word of a kind that a text begins with.
    #[must_use]
    pub fn beginning(&self, kind: WordKind, text: &str) -> Option<&str> {
        let words = self.kind(kind)?;
        let first = text.chars().next()?;
        words.firsts.binary_search(&first).ok()?;
        let mut words = words.words.iter();
        words.find(|word| text.starts_with(word.as_str())).map(String::as_str)
    }

    /// The longest word of a kind that a text ends with.
    #[must_use]
    pub fn ending(&self, kind: WordKind, text: &str) -> Option<&str> {
        let words = self.kind(kind)?;
        let last = text.chars().next_back()?;
        words.lasts.binary_search(&last).ok()?;
        let mut words = words.words.iter();
        words.find(|word| text.ends_with(word.as_str())).map(String::as_str)
    }

    /// Of which of the [`LINE_KINDS`] a line has a word.
    #[must_use]
    pub fn line_kinds(&self, line: &str) -> WordKinds {
        let found = self.finder.all(line);
        let kinds = found
            .iter()
            .filter_map(|word| self.kinds_of.get(usize::from(word.word)));
        kinds.fold(WordKinds::default(), |all, kinds| all.and(*kinds))
    }

    /// Where the first word of a kind stands in a text, the longest one there.
    #[must_use]
    pub fn find(&self, kind: WordKind, text: &str) -> Option<std::ops::Range<usize>> {
        self.kind(kind)?
            .matcher
            .find(text)
            .map(|found| found.start()..found.end())
    }
}
