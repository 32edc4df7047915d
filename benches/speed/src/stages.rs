//! Where the time of the job goes: every stage on one thread, batch by batch.

use std::fmt;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use gongkai_crawl::{FileRef, Found};
use gongkai_dataset::{DumpRows, Output, PageFacts, PageRow, ReportRows, TextHash, WriteOptions};
use gongkai_extract::{Extractor, Outcome, Report};
use gongkai_page::{Limits, Page, PageKind};
use gongkai_pipeline::DumpReader;
use serde::Serialize;

use crate::{job, machine};

/// Dumps that are held at a time.
const BATCH: usize = 100;
/// Larger dumps than any that is generated.
const MAX_BYTES: u64 = 64 << 20;

/// CPU time of the stages on one thread, in microseconds a dump.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Stages {
    /// Dumps that were measured.
    pub dumps: usize,
    /// Reading the file and hashing its bytes.
    pub read: f64,
    /// Decoding and reading the page.
    pub page: f64,
    /// Extraction, checks included.
    pub extract: f64,
    /// Rows of the tables.
    pub rows: f64,
    /// Packing and sorting the rows, spilling them to disk.
    pub pack: f64,
    /// Merging the rows, writing Parquet and publishing: processor time of all threads it uses. Part of it goes by
    /// file, so that it falls as a run gets larger.
    pub publish: f64,
    /// All of them.
    pub total: f64,
    /// Time from the first merged row to the published snapshot, waiting for the disk included.
    pub publish_elapsed: f64,
    /// Files of the snapshot.
    pub files: usize,
}

/// A dump on its way.
struct Read {
    file: FileRef,
    bytes: Vec<u8>,
    hash: String,
}

/// Takes the stages apart on the first `count` dumps of a folder.
///
/// # Errors
/// When a dump cannot be read or the output cannot be written.
#[allow(clippy::cast_precision_loss)]
pub fn measure(input: &Path, temp: &Path, extractor: &Extractor, count: usize) -> anyhow::Result<Stages> {
    let files: Vec<FileRef> = job::files(input).into_iter().take(count).collect();
    let mut sums = [0.0; 4];
    for batch in files.chunks(BATCH) {
        let (read, time) = timed(|| batch.iter().map(read).collect::<anyhow::Result<Vec<Read>>>());
        sums[0] += time;
        let read = read?;
        let (pages, time) = timed(|| read.iter().map(page).collect::<Vec<Page>>());
        sums[1] += time;
        let (outcomes, time) = timed(|| {
            pages
                .iter()
                .map(|page| extractor.extract(page, ""))
                .collect::<Vec<Outcome>>()
        });
        sums[2] += time;
        let (rows, time) = timed(|| {
            let all = read.iter().zip(&pages).zip(&outcomes);
            all.map(|((read, page), outcome)| rows(read, page, outcome, extractor))
                .collect::<Vec<_>>()
        });
        sums[3] += time;
        drop(black_box(rows));
    }
    let written = write(&files, temp, extractor)?;
    let each = |seconds: f64| 1e6 * seconds / files.len().max(1) as f64;
    let [read, page, extract, rows] = sums.map(each);
    Ok(Stages {
        dumps: files.len(),
        read,
        page,
        extract,
        rows,
        pack: each(written.pack),
        publish: each(written.publish),
        total: read + page + extract + rows + each(written.pack + written.publish),
        publish_elapsed: each(written.elapsed),
        files: written.files,
    })
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let started = Instant::now();
    let done = work();
    (done, started.elapsed().as_secs_f64())
}

fn read(file: &FileRef) -> anyhow::Result<Read> {
    let dump = gongkai_crawl::read(file, MAX_BYTES)?;
    Ok(Read {
        file: file.clone(),
        hash: blake3::hash(&dump.bytes).to_hex().to_string(),
        bytes: dump.bytes,
    })
}

fn page(read: &Read) -> Page {
    gongkai_page::read(
        &read.bytes,
        PageKind::of(&read.file.origin, &read.bytes),
        &Limits::default(),
    )
}

/// The same rows that the job makes of a page with reports.
fn rows(read: &Read, page: &Page, outcome: &Outcome, extractor: &Extractor) -> Option<(PageRow, Vec<ReportRows>)> {
    let Outcome::Reports(reports) = outcome else {
        return None;
    };
    let facts = PageFacts {
        origin: &read.file.origin,
        text: &page.text,
        text_hash: &TextHash::new(&page.text),
        url: page.url.as_deref(),
        bytes: read.bytes.len() as u64,
        hash: &read.hash,
        encoding: page.encoding,
        encoding_source: page.encoding_source.as_str(),
    };
    let of_report = |report: &Report| ReportRows::new(report, &facts, extractor.lexicon());
    let reports: Vec<ReportRows> = reports.iter().map(of_report).collect();
    Some((PageRow::new(&facts, &reports), reports))
}

/// What writing takes, in seconds.
struct Written {
    pack: f64,
    publish: f64,
    elapsed: f64,
    files: usize,
}

/// The rows are made beforehand, batch by batch, unmeasured.
fn write(files: &[FileRef], temp: &Path, extractor: &Extractor) -> anyhow::Result<Written> {
    let folder = temp.join("stages");
    let output = Output::open(&folder)?;
    let reader = DumpReader::new(extractor, MAX_BYTES, std::time::Duration::MAX);
    let writer = output.begin(WriteOptions::default(), extractor.lexicon())?;
    let mut worker = writer.worker();
    let mut pack = 0.0;
    for batch in files.chunks(BATCH) {
        let rows: Vec<DumpRows> = batch
            .iter()
            .map(|file| reader.rows(&Found::File(file.clone())))
            .collect();
        let (pushed, time) = timed(|| rows.into_iter().try_for_each(|rows| worker.push(rows)));
        pushed?;
        pack += time;
    }
    let before = machine::cpu_seconds();
    let (published, elapsed) = timed(|| writer.finish(vec![worker], serde_json::json!({})));
    let publish = machine::cpu_seconds() - before;
    let files = count_files(&published?.path)?;
    drop(output);
    std::fs::remove_dir_all(&folder)?;
    Ok(Written {
        pack,
        publish,
        elapsed,
        files,
    })
}

fn count_files(folder: &Path) -> anyhow::Result<usize> {
    let mut files = 0;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        files += if path.is_dir() { count_files(&path)? } else { 1 };
    }
    Ok(files)
}

impl fmt::Display for Stages {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |name: &str, time: f64| format!("{name} {time:.0} µs ({:.0} %)", 100.0 * time / self.total);
        let parts = [
            part("read", self.read),
            part("page", self.page),
            part("extract", self.extract),
            part("rows", self.rows),
            part("pack", self.pack),
            part("publish", self.publish),
        ];
        writeln!(to, "stages     {}", parts.join(", "))?;
        write!(
            to,
            "           {:.0} µs of processor time a dump, {} dumps on one thread; publishing {} files took {:.0} µs a dump by the clock",
            self.total, self.dumps, self.files, self.publish_elapsed
        )
    }
}
