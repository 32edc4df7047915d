//! Small reports to write snapshots of.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;
use std::sync::LazyLock;

use gongkai_dataset::{
    DumpOutcome, DumpRow, DumpRows, Output, PageFacts, PageRow, Published, RejectRow, ReportRows, TextHash,
    WriteOptions,
};
use gongkai_extract::{
    Applicant, BodyKind, Check, CheckMark, CheckResult, CodeStatus, Identity, Level, Mention, Method, Observation,
    Period, Problem, Report, Scope, Span, Status, UnitSource, Value,
};
use gongkai_lexicon::{DataSource, IdentityKind, Lexicon, Relation};

pub static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::load(&DataSource::embedded()).unwrap());

/// One value of a small report.
#[derive(Debug, Clone)]
pub struct Cell {
    pub category: &'static str,
    pub label: Option<String>,
    pub applicant: Applicant,
    pub period: Period,
    pub value: Value,
    /// Row of a form; none for prose.
    pub row: Option<&'static str>,
    pub relation: Relation,
    pub check: CheckMark,
    pub confidence: f32,
}

pub fn cell(category: &'static str, count: i64) -> Cell {
    Cell {
        category,
        label: None,
        applicant: Applicant::All,
        period: Period::Year,
        value: Value::Count(count),
        row: None,
        relation: Relation::Exact,
        check: CheckMark::Passed,
        confidence: 0.9,
    }
}

/// A dump with one report.
#[derive(Debug, Clone)]
pub struct Small {
    pub origin: String,
    pub code: Option<String>,
    pub year: Option<i16>,
    pub kind: BodyKind,
    pub scope: Scope,
    pub templates: Vec<&'static str>,
    pub co_organs: Vec<String>,
    /// Whether a definitional check fails.
    pub fails: bool,
    /// Confidence of the jurisdiction.
    pub certainty: f32,
    pub cells: Vec<Cell>,
}

pub fn small(origin: &str, code: &str, year: i16, cells: Vec<Cell>) -> Small {
    Small {
        origin: origin.to_owned(),
        code: Some(code.to_owned()),
        year: Some(year),
        kind: BodyKind::Government,
        scope: Scope::Territory,
        templates: vec!["S21-3"],
        co_organs: Vec::new(),
        fails: true,
        certainty: 0.0,
        cells,
    }
}

impl Small {
    /// The page: a heading and one value a line. Does not depend on the origin.
    pub fn text(&self) -> String {
        let mut text = format!(
            "{:?}{:?}{:?}政府信息公开工作年度报告\n",
            self.code, self.year, self.kind
        );
        for cell in &self.cells {
            text += &format!(
                "{}{:?}{:?}{:?}\t{}\n",
                cell.category,
                cell.label,
                cell.applicant,
                cell.period,
                printed(cell)
            );
        }
        text
    }

    pub fn rows(&self) -> DumpRows {
        let text = self.text();
        let text_hash = TextHash::new(&text);
        let facts = PageFacts {
            origin: &self.origin,
            text: &text,
            text_hash: &text_hash,
            url: Some("http://www.example.gov.cn/"),
            bytes: text.len() as u64,
            hash: &text_hash.page_id(),
            encoding: "UTF-8",
            encoding_source: "utf8",
        };
        let report = ReportRows::new(&self.report(&text), &facts, &LEXICON);
        let id = report.report.report_id.clone();
        DumpRows {
            dump: DumpRow {
                origin: self.origin.clone(),
                hash: facts.hash.to_owned(),
                bytes: text.len() as i64,
                file_type: Some("html".to_owned()),
                outcome: DumpOutcome::Extracted.into(),
                report_ids: vec![id],
                encoding: Some("UTF-8".to_owned()),
                stale: None,
                stale_since: None,
            },
            page: Some(PageRow::new(&facts, std::slice::from_ref(&report))),
            reports: vec![report],
            rejects: Vec::new(),
        }
    }

    /// Today's code of the territory.
    fn successor(&self) -> Option<String> {
        let code = self.code.as_ref()?;
        let place = LEXICON.gazetteer.latest(code);
        Some(place.and_then(|place| place.successor.as_ref()).unwrap_or(code).clone())
    }

    fn report(&self, text: &str) -> Report {
        let mentions: Vec<Mention> = self
            .cells
            .iter()
            .zip(0u32..)
            .map(|(cell, line)| mention(cell, span(text, line as usize + 1), self.scope))
            .collect();
        let observe = |(mention, cell): (usize, &Cell)| Observation {
            mention,
            check: cell.check,
            confidence: cell.confidence,
        };
        Report {
            ordinal: 0,
            identity: Identity {
                organ: Some("天河区人民政府".to_owned()),
                body_kind: Some(self.kind),
                level: Some(Level::County),
                rank: Some(Level::County),
                jurisdiction_code: self.code.clone(),
                code_status: Some(CodeStatus::Gb2260),
                jurisdiction: Some("广东省广州市天河区".to_owned()),
                year: self.year,
                year_evidence: vec!["title".to_owned(), "period".to_owned()],
                scope: Some(self.scope),
                co_organs: self.co_organs.clone(),
                jurisdiction_confidence: self.certainty,
                successor_code: self.successor(),
                body_id: self.successor().map(|lineage| format!("{lineage}:{:?}", self.kind)),
                ..Identity::default()
            },
            templates: self.templates.iter().map(|form| (*form).to_owned()).collect(),
            script: "hans",
            observations: self.cells.iter().enumerate().map(observe).collect(),
            checks: vec![Check {
                identity: "S-2".to_owned(),
                kind: IdentityKind::Definitional,
                applicant: Applicant::All,
                period: Period::Year,
                left: Some(3.0),
                right: Some(1.0),
                result: if self.fails {
                    CheckResult::Fail
                } else {
                    CheckResult::Pass
                },
                mentions: vec![0],
                message: "3 against 1".to_owned(),
            }],
            problems: vec![Problem {
                stage: "table",
                code: "row_short",
                span: Some(Span { start: 0, end: 3 }),
                message: "a row is short".to_owned(),
            }],
            mentions,
        }
    }
}

fn printed(cell: &Cell) -> String {
    match cell.value {
        Value::Count(count) => count.to_string(),
        Value::Fen(fen) => format!("{}.{:02}", fen / 100, fen % 100),
        Value::Nothing => String::new(),
    }
}

/// Where the number of a line stands.
fn span(text: &str, line: usize) -> Span {
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let line = text[start..].lines().next().unwrap();
    let number = line.rfind('\t').unwrap() + 1;
    Span {
        start: (start + number) as u32,
        end: (start + line.len()) as u32,
    }
}

fn mention(cell: &Cell, span: Span, scope: Scope) -> Mention {
    Mention {
        category: LEXICON.categories.id(cell.category).unwrap(),
        label: cell.label.clone(),
        template_row: cell.row.map(str::to_owned),
        relation: cell.relation,
        applicant: cell.applicant,
        period: cell.period,
        value: cell.value,
        unit_printed: None,
        unit_source: UnitSource::Form,
        status: if cell.value == Value::Nothing {
            Status::Blank
        } else {
            Status::Reported
        },
        method: Method::Table,
        block: 1,
        span,
        scope,
        scope_label: None,
        confidence: 0.8,
    }
}

/// A dump that is no report.
pub fn reject(origin: &str) -> DumpRows {
    DumpRows {
        dump: DumpRow {
            origin: origin.to_owned(),
            hash: TextHash::new(origin).page_id(),
            bytes: 3,
            file_type: None,
            outcome: DumpOutcome::Rejected.into(),
            report_ids: Vec::new(),
            encoding: None,
            stale: None,
            stale_since: None,
        },
        page: None,
        reports: Vec::new(),
        rejects: vec![RejectRow {
            origin: origin.to_owned(),
            stage: "identity".to_owned(),
            reason: "not_a_report".to_owned(),
            message: "no title speaks of an annual report".to_owned(),
            bytes: 3,
            hash: Some(TextHash::new(origin).page_id()),
            intentional: true,
        }],
    }
}

/// Writes a snapshot with one worker.
pub fn write(out: &Path, dumps: impl IntoIterator<Item = DumpRows>) -> Published {
    let output = Output::open(out).unwrap();
    let writer = output.begin(WriteOptions::default(), &LEXICON).unwrap();
    let mut worker = writer.worker();
    for dump in dumps {
        worker.push(dump).unwrap();
    }
    writer
        .finish(vec![worker], serde_json::json!({ "started": "now" }))
        .unwrap()
}
