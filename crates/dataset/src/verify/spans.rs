//! Every span against its page: `raw` is what stands there.
//!
//! Pages come a few megabytes of text at a time; for each such window the values of their reports are read. The values
//! of a report stand in one partition, mostly that of its page.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Snapshot;
use super::files::DeclaredFile;
use super::findings::{At, FindingKind, Findings};
use super::index::{Id, Index, id_of};
use crate::convert::TextHash;
use crate::error::DatasetError;
use crate::rows::{MentionRow, ObservationRow, PageRow};
use crate::table::Row;

/// Bytes of text that are held at a time.
const WINDOW: usize = 32 << 20;

/// A page has fewer reports.
const MOST_REPORTS: u32 = 1000;

/// The texts of some pages, by their reports.
#[derive(Default)]
struct Window {
    bytes: usize,
    texts: FxHashMap<Id, Arc<str>>,
    partitions: BTreeSet<u32>,
}

/// Looks at the pages and at the span of every value.
pub(super) fn verify(snapshot: &mut Snapshot<'_>, index: &mut Index) -> Result<(), DatasetError> {
    for file in snapshot.files_of(PageRow::TABLE) {
        let Some(mut reader) = snapshot.open::<PageRow>(&file)? else {
            continue;
        };
        let mut last = String::new();
        loop {
            let mut window = Window::default();
            let is_full = snapshot.until(&file, &mut reader, |findings, row, page| {
                let at = At {
                    file: &file.name,
                    row,
                    report: page.report_ids.first().map_or("none", String::as_str),
                };
                if page.page_id <= last {
                    let message = format!("expected a page behind {last}, found {}", page.page_id);
                    findings.row(FindingKind::Order, at, message);
                }
                last.clone_from(&page.page_id);
                identify(findings, at, &page);
                window.take(&page, index, findings, at);
                window.bytes >= WINDOW
            })?;
            window.verify(snapshot, index)?;
            if !is_full {
                break;
            }
        }
    }
    Ok(())
}

/// Ids are hashes of the text, and of the report's place in the page.
fn identify(findings: &mut Findings<'_>, at: At<'_>, page: &PageRow) {
    let hash = TextHash::new(&page.text);
    if hash.page_id() != page.page_id {
        let message = format!(
            "expected page {}, as its text gives it, found {}",
            hash.page_id(),
            page.page_id
        );
        findings.row(FindingKind::Key, at, message);
        return;
    }
    let mut ordinals = 0..MOST_REPORTS;
    for report in &page.report_ids {
        if !ordinals.any(|ordinal| hash.report_id(ordinal) == *report) {
            let message = format!("expected a report id of page {}, found {report}", page.page_id);
            findings.row(FindingKind::Key, at, message);
        }
    }
}

impl Window {
    fn take(&mut self, page: &PageRow, index: &mut Index, findings: &mut Findings<'_>, at: At<'_>) {
        let text: Arc<str> = page.text.as_str().into();
        self.bytes += text.len();
        for report in &page.report_ids {
            let Some(entry) = index.get_mut(report) else {
                findings.row(
                    FindingKind::Report,
                    at,
                    format!("reports.parquet has no such report: {report}"),
                );
                continue;
            };
            entry.pages += 1;
            self.partitions.insert(entry.partition);
            if let Some(id) = id_of(report) {
                self.texts.insert(id, Arc::clone(&text));
            }
        }
    }

    fn verify(&self, snapshot: &mut Snapshot<'_>, index: &Index) -> Result<(), DatasetError> {
        let names: BTreeSet<&str> = self
            .partitions
            .iter()
            .filter_map(|number| index.partitions.get(*number as usize))
            .map(String::as_str)
            .collect();
        let wanted = |file: &DeclaredFile| names.contains(file.partition());
        for file in snapshot
            .files_of(ObservationRow::TABLE)
            .iter()
            .filter(|file| wanted(file))
        {
            snapshot.each(file, |findings, row, value: ObservationRow| {
                self.compare(
                    findings,
                    file,
                    row,
                    &value.report_id,
                    (value.start, value.end),
                    &value.raw,
                );
            })?;
        }
        for file in snapshot.files_of(MentionRow::TABLE).iter().filter(|file| wanted(file)) {
            snapshot.each(file, |findings, row, value: MentionRow| {
                self.compare(
                    findings,
                    file,
                    row,
                    &value.report_id,
                    (value.start, value.end),
                    &value.raw,
                );
            })?;
        }
        Ok(())
    }

    fn compare(
        &self,
        findings: &mut Findings<'_>,
        file: &DeclaredFile,
        row: u64,
        report: &str,
        (start, end): (u32, u32),
        raw: &str,
    ) {
        let Some(text) = id_of(report).and_then(|id| self.texts.get(&id)) else {
            return;
        };
        let message = match text.get(start as usize..end as usize) {
            Some(found) if found == raw => return,
            Some(found) => {
                let found: String = found.chars().take(40).collect();
                format!("expected at {start}..{end} of the page {raw:?}, found {found:?}")
            }
            None => format!("expected characters of the page at {start}..{end}, found none"),
        };
        let at = At {
            file: &file.name,
            row,
            report,
        };
        findings.row(FindingKind::Span, at, message);
    }
}
