//! One dump through the stages: bytes to page to reports to rows. Whatever goes wrong becomes a reject row.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use gongkai_crawl::{Dump, FileRef, FileType, Found, ReadError, file_type};
use gongkai_dataset::{
    DumpOutcome, DumpRow, DumpRows, Known, OUT_OF_TIME, PageFacts, PageRow, RejectRow, ReportRows, TextHash,
};
use gongkai_extract::{Extractor, Outcome};
use gongkai_page::{Legibility, Limits, OutOfTime, Page, PageKind, legibility, within};

/// Longest message of a reject, in bytes.
const MAX_MESSAGE: usize = 500;

/// Reads dumps; shared by all threads.
#[derive(Debug)]
pub struct DumpReader<'a> {
    extractor: &'a Extractor,
    limits: Limits,
    max_bytes: u64,
    max_time: Duration,
}

/// Why a dump's bytes gave no reading.
#[derive(Debug, thiserror::Error)]
pub enum ReadingError {
    /// A stage panicked.
    #[error("a stage failed on this page: {0}")]
    Panic(String),
    /// It took too long.
    #[error("reading this page took longer than max_seconds_per_dump: {}", .0.as_secs())]
    OutOfTime(Duration),
}

/// A page and what it turned out to be.
#[derive(Debug)]
pub struct Reading {
    /// The page.
    pub page: Page,
    /// Its reports, or why it has none.
    pub outcome: Outcome,
}

/// What looking into a dump shows.
#[derive(Debug)]
pub enum Looked {
    /// It has the bytes that are known; their hash.
    Same(String),
    /// It is new, or another one.
    Rows(Box<DumpRows>),
    /// Its bytes could not be read; the row that says why.
    Unreadable(Box<DumpRows>),
}

/// The bytes of a dump, and their hash.
struct Opened {
    dump: Dump,
    hash: String,
}

/// Why a dump gave no report.
struct Reject {
    stage: &'static str,
    reason: String,
    message: String,
    intentional: bool,
}

impl<'a> DumpReader<'a> {
    /// Dumps larger than `max_bytes` are rejected unread, those that take longer than `max_time` are given up.
    #[must_use]
    pub fn new(extractor: &'a Extractor, max_bytes: u64, max_time: Duration) -> Self {
        Self {
            extractor,
            limits: Limits::default(),
            max_bytes,
            max_time,
        }
    }

    /// The rows of whatever the walk found.
    #[must_use]
    pub fn rows(&self, found: &Found) -> DumpRows {
        match self.open(found) {
            Ok(opened) => self.opened_rows(&opened),
            Err(rows) => *rows,
        }
    }

    /// Looks into what the walk found: a dump with the bytes that are known is not read further.
    #[must_use]
    pub fn look(&self, found: &Found, known: &Known) -> Looked {
        match self.open(found) {
            Ok(opened) if known.is(&opened.dump.origin, &opened.hash) => Looked::Same(opened.hash),
            Ok(opened) => Looked::Rows(Box::new(self.opened_rows(&opened))),
            // What is left out on purpose need not be read.
            Err(rows) if rows.rejects.iter().all(|reject| reject.intentional) => Looked::Rows(rows),
            Err(rows) => Looked::Unreadable(rows),
        }
    }

    /// The bytes of a dump; the row that says why there are none.
    fn open(&self, found: &Found) -> Result<Opened, Box<DumpRows>> {
        match found {
            Found::File(file) => self.open_file(file),
            Found::Failed {
                origin,
                reason,
                message,
            } => {
                let reject = failed("walk", (*reason).to_owned(), message.clone());
                Err(Box::new(rejected(origin, 0, None, None, reject)))
            }
        }
    }

    fn open_file(&self, file: &FileRef) -> Result<Opened, Box<DumpRows>> {
        let no_bytes = |bytes, reject| Box::new(rejected(&file.origin, bytes, None, None, reject));
        let kind = file_type(&file.origin);
        if kind == FileType::Other && file.path.exists() {
            let reject = Reject {
                stage: "walk",
                reason: "unsupported_type".to_owned(),
                message: "only .html, .htm, .txt and .md dumps are read".to_owned(),
                intentional: true,
            };
            return Err(no_bytes(file.bytes, reject));
        }
        let dump = gongkai_crawl::read(file, self.max_bytes).map_err(|error| {
            let bytes = match error {
                ReadError::TooLarge { bytes, .. } => bytes,
                _ => file.bytes,
            };
            no_bytes(bytes, failed("read", error.reason().to_owned(), error.to_string()))
        })?;
        let hash = blake3::hash(&dump.bytes).to_hex().to_string();
        Ok(Opened { dump, hash })
    }

    fn opened_rows(&self, opened: &Opened) -> DumpRows {
        let Opened { dump, hash } = opened;
        let size = dump.bytes.len() as u64;
        match self.read(&dump.bytes, &dump.origin) {
            Ok(reading) => self.page_rows(&dump.origin, size, hash, &reading),
            Err(error) => {
                let reason = match error {
                    ReadingError::Panic(_) => "panic",
                    ReadingError::OutOfTime(_) => OUT_OF_TIME,
                };
                let reject = failed("extract", reason.to_owned(), error.to_string());
                rejected(&dump.origin, size, Some(hash.clone()), None, reject)
            }
        }
    }

    /// Reads a page and its reports. A page that makes a stage panic, or takes too long, is told, not passed on.
    ///
    /// # Errors
    /// [`ReadingError`], with what the panic said.
    pub fn read(&self, bytes: &[u8], origin: &str) -> Result<Reading, ReadingError> {
        let stages = || {
            let page = gongkai_page::read(bytes, PageKind::of(origin, bytes), &self.limits);
            let outcome = self.extractor.extract(&page, origin);
            Reading { page, outcome }
        };
        match catch_unwind(AssertUnwindSafe(|| within(self.max_time, stages))) {
            Ok(reading) => reading.map_err(|OutOfTime| ReadingError::OutOfTime(self.max_time)),
            Err(panic) => {
                let text = panic
                    .downcast_ref::<String>()
                    .map(String::as_str)
                    .or_else(|| panic.downcast_ref::<&str>().copied());
                Err(ReadingError::Panic(text.unwrap_or("no message").to_owned()))
            }
        }
    }

    fn page_rows(&self, origin: &str, bytes: u64, hash: &str, reading: &Reading) -> DumpRows {
        let page = &reading.page;
        let encoding = Some(page.encoding.to_owned());
        let reports = match &reading.outcome {
            Outcome::Reports(reports) => reports,
            Outcome::NotAReport { reason, message } => {
                let reject = unreadable(page).unwrap_or_else(|| Reject {
                    stage: "extract",
                    reason: (*reason).to_owned(),
                    message: message.clone(),
                    intentional: true,
                });
                return rejected(origin, bytes, Some(hash.to_owned()), encoding, reject);
            }
        };
        let facts = PageFacts {
            origin,
            text: &page.text,
            text_hash: &TextHash::new(&page.text),
            url: page.url.as_deref(),
            bytes,
            hash,
            encoding: page.encoding,
            encoding_source: page.encoding_source.as_str(),
        };
        let of_report = |report| ReportRows::new(report, &facts, self.extractor.lexicon());
        let reports: Vec<ReportRows> = reports.iter().map(of_report).collect();
        let page = PageRow::new(&facts, &reports);
        DumpRows {
            dump: dump_row(
                origin,
                hash.to_owned(),
                bytes,
                DumpOutcome::Extracted,
                page.report_ids.clone(),
                encoding,
            ),
            page: Some(page),
            reports,
            rejects: Vec::new(),
        }
    }
}

/// Why a page without reports could not be read. One that could, and is something else, was left out on purpose.
fn unreadable(page: &Page) -> Option<Reject> {
    let failed = |reason: &str, message: String| Some(failed("page", reason.to_owned(), message));
    if let Some(problem) = page.problems.iter().find(|problem| problem.code == "binary") {
        return failed("binary", problem.message.clone());
    }
    if page.text.trim().is_empty() {
        return failed("no_text", "the page has no text".to_owned());
    }
    match legibility(&page.text) {
        Legibility::Legible => None,
        Legibility::Lost => failed(
            "undecodable_bytes",
            format!("most of the text was lost in decoding as {}, or before", page.encoding),
        ),
        Legibility::Mojibake => failed(
            "mojibake",
            format!(
                "the text was written in another encoding than it was read in, here or before: {}",
                page.encoding
            ),
        ),
    }
}

/// The start of a message: stages quote what they read, and a page can be one endless line.
fn bounded(mut message: String) -> String {
    if message.len() > MAX_MESSAGE {
        message.truncate(message.floor_char_boundary(MAX_MESSAGE));
        message.push('…');
    }
    message
}

fn failed(stage: &'static str, reason: String, message: String) -> Reject {
    Reject {
        stage,
        reason,
        message,
        intentional: false,
    }
}

fn rejected(origin: &str, bytes: u64, hash: Option<String>, encoding: Option<String>, reject: Reject) -> DumpRows {
    let outcome = if reject.intentional {
        DumpOutcome::Rejected
    } else {
        DumpOutcome::Failed
    };
    DumpRows {
        dump: dump_row(
            origin,
            hash.clone().unwrap_or_default(),
            bytes,
            outcome,
            Vec::new(),
            encoding,
        ),
        page: None,
        reports: Vec::new(),
        rejects: vec![RejectRow {
            origin: origin.to_owned(),
            stage: reject.stage.to_owned(),
            reason: reject.reason,
            message: bounded(reject.message),
            bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
            hash,
            intentional: reject.intentional,
        }],
    }
}

fn dump_row(
    origin: &str,
    hash: String,
    bytes: u64,
    outcome: DumpOutcome,
    report_ids: Vec<String>,
    encoding: Option<String>,
) -> DumpRow {
    let file_type = match file_type(origin) {
        FileType::Html => Some("html".to_owned()),
        FileType::Text => Some("text".to_owned()),
        FileType::Other => None,
    };
    DumpRow {
        origin: origin.to_owned(),
        hash,
        bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
        file_type,
        outcome: outcome.into(),
        report_ids,
        encoding,
        stale: None,
        stale_since: None,
    }
}
