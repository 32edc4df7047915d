//! From what extraction gives to the rows of the dataset.
//!
//! Pure: the same report and page give the same rows. Knows nothing of files and of other reports.

use gongkai_extract::{Check, CheckMark, CheckResult, Identity, Mention, Observation, Problem, Report, Value};
use gongkai_lexicon::{CategoryKind, IdentityKind, Lexicon};

use crate::name::Fen;
use crate::rows::{CheckRow, DumpRow, MentionRow, ObservationRow, PageRow, ProblemRow, RejectRow, ReportRow};
use crate::text::Text;

/// Unit of money, whatever was printed.
const MONEY_UNIT: &str = "CNY";

/// What the rows of a report need to know of its page.
#[derive(Debug, Clone, Copy)]
pub struct PageFacts<'a> {
    /// Where the dump was found, relative to a named input.
    pub origin: &'a str,
    /// The decoded text that spans count bytes of.
    pub text: &'a str,
    /// Its hash.
    pub text_hash: &'a TextHash,
    /// Address of the page.
    pub url: Option<&'a str>,
    /// Size of the dump.
    pub bytes: u64,
    /// Hash of the dump's bytes, hexadecimal.
    pub hash: &'a str,
    /// Encoding the page was decoded with.
    pub encoding: &'a str,
    /// What decided the encoding.
    pub encoding_source: &'a str,
}

/// The hash that the ids of a page and of its reports are made of.
#[derive(Debug, Clone)]
pub struct TextHash(blake3::Hasher);

impl TextHash {
    /// The hash of a page's decoded text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(text.as_bytes());
        Self(hasher)
    }

    /// Id of the page: 32 hexadecimal digits over its text.
    #[must_use]
    pub fn page_id(&self) -> String {
        id(&self.0)
    }

    /// Id of a report: 32 hexadecimal digits over the page's text and the report's ordinal in it.
    #[must_use]
    pub fn report_id(&self, ordinal: u32) -> String {
        id(self.0.clone().update(&ordinal.to_le_bytes()))
    }
}

fn id(hasher: &blake3::Hasher) -> String {
    hasher.finalize().to_hex().chars().take(32).collect()
}

impl PageRow {
    /// The row of a page and of the reports that were read from it.
    #[must_use]
    pub fn new(page: &PageFacts<'_>, reports: &[ReportRows]) -> Self {
        Self {
            page_id: page.text_hash.page_id(),
            report_ids: reports.iter().map(|rows| rows.report.report_id.clone()).collect(),
            text: page.text.to_owned(),
        }
    }
}

/// Everything a dump adds to the dataset.
#[derive(Debug, Clone)]
pub struct DumpRows {
    /// The dump itself.
    pub dump: DumpRow,
    /// The page's text, when it holds reports.
    pub page: Option<PageRow>,
    /// The reports of the page.
    pub reports: Vec<ReportRows>,
    /// Why nothing, or not everything, was taken.
    pub rejects: Vec<RejectRow>,
}

/// The rows of one report.
#[derive(Debug, Clone)]
pub struct ReportRows {
    /// The report.
    pub report: ReportRow,
    /// Every place a value was read.
    pub mentions: Vec<MentionRow>,
    /// Which of them are the values it supports, in the order of observations.
    pub observed: Vec<Observed>,
    /// The identities tested.
    pub checks: Vec<CheckRow>,
    /// What was left out, capped or repaired.
    pub problems: Vec<ProblemRow>,
}

/// A mention that is an observation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observed {
    /// Its place among the mentions.
    pub mention: usize,
    /// From 0 to 1; ordinal.
    pub confidence: f32,
}

impl ReportRows {
    /// The rows of a report that was read from a page.
    #[must_use]
    pub fn new(report: &Report, page: &PageFacts<'_>, lexicon: &Lexicon) -> Self {
        let id = page.text_hash.report_id(report.ordinal);
        let context = Context {
            id: &id,
            names: Names::of(&id, &report.identity),
            report,
            page,
            lexicon,
        };
        let mut chosen: Vec<Option<&Observation>> = vec![None; report.mentions.len()];
        for observation in &report.observations {
            if let Some(place) = chosen.get_mut(observation.mention) {
                *place = Some(observation);
            }
        }
        let mut known = Known::default();
        let mentioned = report.mentions.iter().zip(&chosen);
        let mentions: Vec<MentionRow> = mentioned
            .map(|(mention, chosen)| context.mention(mention, *chosen, &mut known))
            .collect();
        let observed = report.observations.iter().map(|observation| Observed {
            mention: observation.mention,
            confidence: observation.confidence,
        });
        Self {
            mentions,
            observed: observed.collect(),
            checks: report.checks.iter().map(|check| context.check(check)).collect(),
            problems: context.problems(),
            report: context.report(),
        }
    }

    /// The values that the report supports, in their order.
    pub fn observations(&self) -> impl Iterator<Item = ObservationRow> {
        self.observed.iter().filter_map(|observed| {
            let mention = self.mentions.get(observed.mention)?;
            Some(ObservationRow {
                confidence: observed.confidence,
                ..mention.value()
            })
        })
    }
}

/// What every value of a report says of who reports.
struct Names {
    report_id: Text,
    body_id: Option<Text>,
    jurisdiction_code: Option<Text>,
    jurisdiction: Option<Text>,
    organ: Option<Text>,
}

impl Names {
    fn of(id: &str, identity: &Identity) -> Self {
        let text = |text: &Option<String>| text.as_deref().map(Text::from);
        Self {
            report_id: id.into(),
            body_id: text(&identity.body_id),
            jurisdiction_code: text(&identity.jurisdiction_code),
            jurisdiction: text(&identity.jurisdiction),
            organ: text(&identity.organ),
        }
    }
}

/// Texts of the row before: neighbours mostly have the same, and then share them.
#[derive(Default)]
struct Known {
    category: Option<Text>,
    label: Option<Text>,
    template_row: Option<Text>,
    unit: Option<Text>,
    unit_printed: Option<Text>,
    scope_label: Option<Text>,
}

/// The text, shared with the one before where it is the same.
fn share(text: &str, known: &mut Option<Text>) -> Text {
    match known {
        Some(known) if **known == *text => known.clone(),
        _ => known.insert(text.into()).clone(),
    }
}

struct Context<'a> {
    id: &'a str,
    names: Names,
    report: &'a Report,
    page: &'a PageFacts<'a>,
    lexicon: &'a Lexicon,
}

impl Context<'_> {
    fn value(&self, mention: &Mention, confidence: f32, check: CheckMark, known: &mut Known) -> ObservationRow {
        let identity = &self.report.identity;
        let names = &self.names;
        let category = self.lexicon.categories.get(mention.category);
        let is_money = category.kind == CategoryKind::Money || matches!(mention.value, Value::Fen(_));
        let unit = match (is_money, category.unit.as_str()) {
            (true, _) => Some(MONEY_UNIT),
            (false, "") => mention.unit_printed.as_deref(),
            (false, unit) => Some(unit),
        };
        ObservationRow {
            report_id: names.report_id.clone(),
            body_id: names.body_id.clone(),
            jurisdiction_code: names.jurisdiction_code.clone(),
            jurisdiction: names.jurisdiction.clone(),
            organ: names.organ.clone(),
            level: identity.level.map(Into::into),
            year: identity.year,
            category: share(&category.code, &mut known.category),
            label: mention.label.as_deref().map(|text| share(text, &mut known.label)),
            template_row: mention
                .template_row
                .as_deref()
                .map(|text| share(text, &mut known.template_row)),
            relation: mention.relation.into(),
            applicant: mention.applicant.into(),
            period: mention.period.into(),
            count: match mention.value {
                Value::Count(count) => Some(count),
                Value::Fen(_) | Value::Nothing => None,
            },
            amount_cny: match mention.value {
                Value::Fen(fen) => Fen::new(fen),
                Value::Count(_) | Value::Nothing => None,
            },
            unit: unit.map(|text| share(text, &mut known.unit)),
            unit_printed: mention
                .unit_printed
                .as_deref()
                .map(|text| share(text, &mut known.unit_printed)),
            unit_source: mention.unit_source.into(),
            status: mention.status.into(),
            raw: self.printed(mention).into(),
            method: mention.method.into(),
            block: mention.block,
            start: mention.span.start,
            end: mention.span.end,
            confidence,
            check: check.into(),
        }
    }

    /// The characters at a mention's span: what proves its value.
    fn printed(&self, mention: &Mention) -> &str {
        let start = usize::try_from(mention.span.start).unwrap_or(usize::MAX);
        let end = usize::try_from(mention.span.end).unwrap_or(usize::MAX);
        self.page.text.get(start..end).unwrap_or_default()
    }

    fn mention(&self, mention: &Mention, observation: Option<&Observation>, known: &mut Known) -> MentionRow {
        let check = observation.map_or(CheckMark::None, |observation| observation.check);
        let value = self.value(mention, mention.confidence, check, known);
        let scope_label = mention
            .scope_label
            .as_deref()
            .map(|text| share(text, &mut known.scope_label));
        MentionRow::new(value, mention.scope, scope_label, observation.is_some())
    }

    fn check(&self, check: &Check) -> CheckRow {
        let mentions = check
            .mentions
            .iter()
            .filter_map(|index| self.report.mentions.get(*index));
        CheckRow {
            report_id: self.id.to_owned(),
            identity: check.identity.clone(),
            kind: check.kind.into(),
            applicant: check.applicant.into(),
            period: check.period.into(),
            left: check.left,
            right: check.right,
            delta: check.left.zip(check.right).map(|(left, right)| left - right),
            result: check.result.into(),
            mentions: mentions.map(|mention| mention.span.start).collect(),
            message: check.message.clone(),
        }
    }

    fn problems(&self) -> Vec<ProblemRow> {
        let problems = self.report.problems.iter();
        problems.map(|problem| self.problem(problem)).collect()
    }

    fn problem(&self, problem: &Problem) -> ProblemRow {
        ProblemRow {
            report_id: self.id.to_owned(),
            stage: problem.stage.to_owned(),
            code: problem.code.to_owned(),
            start: problem.span.map(|span| span.start),
            end: problem.span.map(|span| span.end),
            message: problem.message.clone(),
        }
    }

    fn report(&self) -> ReportRow {
        let identity = self.report.identity.clone();
        let page = self.page;
        ReportRow {
            report_id: self.id.to_owned(),
            body_id: identity.body_id,
            origins: vec![page.origin.to_owned()],
            url: page.url.map(str::to_owned),
            bytes: i64::try_from(page.bytes).unwrap_or(i64::MAX),
            hash: page.hash.to_owned(),
            encoding: page.encoding.to_owned(),
            encoding_source: page.encoding_source.to_owned(),
            script: self.report.script.to_owned(),
            title: identity.title,
            organ: identity.organ,
            co_organs: identity.co_organs,
            body_kind: identity.body_kind.map(Into::into),
            level: identity.level.map(Into::into),
            rank: identity.rank.map(Into::into),
            jurisdiction_code: identity.jurisdiction_code,
            code_status: identity.code_status.map(Into::into),
            jurisdiction: identity.jurisdiction,
            parent_code: identity.parent_code,
            township_code: identity.township_code,
            successor_code: identity.successor_code,
            candidates: identity.candidates,
            jurisdiction_confidence: identity.jurisdiction_confidence,
            jurisdiction_evidence: identity.jurisdiction_evidence,
            year: identity.year,
            year_evidence: identity.year_evidence,
            period_start: identity.period_start,
            period_end: identity.period_end,
            published: identity.published,
            scope: identity.scope.map(Into::into),
            templates: self.report.templates.clone(),
            n_observations: count(self.report.observations.len()),
            checks_passed: self.checks(|check| check.result == CheckResult::Pass),
            checks_failed: self.checks(|check| is_failure(check) && check.kind == IdentityKind::Definitional),
            checks_warned: self.checks(|check| is_failure(check) && check.kind != IdentityKind::Definitional),
            duplicate_of: None,
        }
    }

    fn checks(&self, wanted: impl Fn(&Check) -> bool) -> u32 {
        count(self.report.checks.iter().filter(|check| wanted(check)).count())
    }
}

fn is_failure(check: &Check) -> bool {
    check.result == CheckResult::Fail
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
