//! `gongkai extract`: single files as a table, CSV, or JSON lines with every record.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use gongkai_crawl::{FileRef, Found, read};
use gongkai_dataset::{DumpRows, ObservationRow, Row as _};
use gongkai_extract::Extractor;
use gongkai_pipeline::{DEFAULT_SECONDS_PER_DUMP, DumpReader, Reading};
use serde::Serialize;
use serde_json::Value;

use crate::args::{ExtractOptions, Format};
use crate::exit;

/// The largest file that is read.
const MAX_BYTES: u64 = 64 << 20;

/// Reads a file as a run with the default configuration would.
pub fn reader(extractor: &Extractor) -> DumpReader<'_> {
    DumpReader::new(extractor, MAX_BYTES, Duration::from_secs(DEFAULT_SECONDS_PER_DUMP))
}

/// Reads the files and prints what they say. Files that failed set the exit code; the others are printed all the same.
pub fn execute(options: &ExtractOptions, extractor: &Extractor) -> anyhow::Result<ExitCode> {
    let reader = reader(extractor);
    let mut out = BufWriter::new(io::stdout().lock());
    if options.why {
        return print_whys(&mut out, options, &reader, extractor);
    }
    let mut csv = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    let mut failed = false;
    if options.format == Format::Csv {
        let header: Vec<&str> = std::iter::once("file").chain(columns()).collect();
        csv.write_record(header)?;
    }
    for file in &options.files {
        let name = file.display().to_string();
        let rows = reader.rows(&found(file, &name));
        failed |= rows.rejects.iter().any(|reject| !reject.intentional);
        match options.format {
            Format::Jsonl => print_records(&mut out, &name, &rows)?,
            Format::Table => print_table(&mut out, &name, &rows)?,
            Format::Csv => {
                for observation in rows.reports.iter().flat_map(|report| report.observations()) {
                    csv.write_record(csv_fields(&name, &observation)?)?;
                }
                out.write_all(
                    &std::mem::replace(&mut csv, csv::WriterBuilder::new().from_writer(Vec::new())).into_inner()?,
                )?;
            }
        }
        for reject in rows.rejects.iter().filter(|_| options.format != Format::Jsonl) {
            writeln!(io::stderr(), "{name}: {}: {}", reject.reason, reject.message)?;
        }
    }
    out.flush()?;
    Ok(ended(failed))
}

/// Reads one file named on the command line.
pub fn read_file(reader: &DumpReader<'_>, path: &Path, name: &str) -> anyhow::Result<Reading> {
    let dump = read(&file_ref(path, name), MAX_BYTES)?;
    Ok(reader.read(&dump.bytes, name)?)
}

fn ended(failed: bool) -> ExitCode {
    match failed {
        true => ExitCode::from(exit::FAILED),
        false => ExitCode::SUCCESS,
    }
}

/// Prints how each number of the files' sentences was read.
fn print_whys(
    out: &mut impl Write,
    options: &ExtractOptions,
    reader: &DumpReader<'_>,
    extractor: &Extractor,
) -> anyhow::Result<ExitCode> {
    let mut failed = false;
    for file in &options.files {
        let name = file.display().to_string();
        let page = match read_file(reader, file, &name) {
            Ok(reading) => reading.page,
            Err(error) => {
                failed = true;
                writeln!(io::stderr(), "{name}: {error:#}")?;
                continue;
            }
        };
        writeln!(out, "{name}")?;
        let mut sentence = String::new();
        for why in extractor.why(&page, &name) {
            if why.sentence != sentence {
                sentence.clone_from(&why.sentence);
                writeln!(out, "\n{sentence}")?;
            }
            write!(out, "{why}")?;
        }
    }
    out.flush()?;
    Ok(ended(failed))
}

/// What is meant by a name on the command line. A folder is none of the files that are read here.
fn found(path: &Path, name: &str) -> Found {
    match path.is_dir() {
        false => Found::File(file_ref(path, name)),
        true => Found::Failed {
            origin: name.to_owned(),
            reason: "not_a_file",
            message: format!("this is a folder; hint: gongkai run --input {name} reads the files in it"),
        },
    }
}

/// A file named on the command line; one that cannot be looked at fails when it is read.
fn file_ref(path: &Path, name: &str) -> FileRef {
    let bytes = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    FileRef {
        origin: name.to_owned(),
        path: path.to_owned(),
        bytes,
        modified: 0,
        changed: 0,
    }
}

fn print_records(out: &mut impl Write, file: &str, rows: &DumpRows) -> anyhow::Result<()> {
    for report in &rows.reports {
        print_record(out, file, "report", &report.report)?;
        print_all(out, file, "observation", report.observations())?;
        print_all(out, file, "mention", &report.mentions)?;
        print_all(out, file, "check", &report.checks)?;
        print_all(out, file, "problem", &report.problems)?;
    }
    print_all(out, file, "reject", &rows.rejects)
}

fn print_all(
    out: &mut impl Write,
    file: &str,
    record: &str,
    rows: impl IntoIterator<Item = impl Serialize>,
) -> anyhow::Result<()> {
    rows.into_iter()
        .try_for_each(|row| print_record(out, file, record, &row))
}

/// One JSON object a line: `record` and `file` first, then the row's columns.
fn print_record(out: &mut impl Write, file: &str, record: &str, row: &impl Serialize) -> anyhow::Result<()> {
    #[derive(Serialize)]
    struct Record<'a, R> {
        record: &'a str,
        file: &'a str,
        #[serde(flatten)]
        row: &'a R,
    }
    serde_json::to_writer(&mut *out, &Record { record, file, row })?;
    out.write_all(b"\n")?;
    Ok(())
}

fn columns() -> impl Iterator<Item = &'static str> {
    ObservationRow::columns().into_iter().map(|column| column.name)
}

fn csv_fields(file: &str, row: &ObservationRow) -> anyhow::Result<Vec<String>> {
    // By way of the text, so that both formats print one number: a value of its own would widen 0.85 to a double.
    let Value::Object(object) = serde_json::from_str(&serde_json::to_string(row)?)? else {
        return Ok(Vec::new());
    };
    let field = |name: &str| match object.get(name) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    Ok(std::iter::once(file.to_owned()).chain(columns().map(field)).collect())
}

fn print_table(out: &mut impl Write, file: &str, rows: &DumpRows) -> anyhow::Result<()> {
    for report in &rows.reports {
        let head = &report.report;
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        writeln!(out, "{file}")?;
        writeln!(
            out,
            "  {} · {} · {} · {}",
            or_dash(&head.organ),
            head.year.map_or_else(|| "-".to_owned(), |year| year.to_string()),
            or_dash(&head.jurisdiction),
            or_dash(&head.jurisdiction_code),
        )?;
        writeln!(
            out,
            "  forms: {}; checks: {} passed, {} failed, {} warned",
            if head.templates.is_empty() {
                "none".to_owned()
            } else {
                head.templates.join(" ")
            },
            head.checks_passed,
            head.checks_failed,
            head.checks_warned
        )?;
        for row in report.observations() {
            writeln!(out, "{}", table_line(&row)?)?;
        }
        for check in report.checks.iter().filter(|check| check.result.as_str() == "fail") {
            writeln!(out, "  ! {} {}", check.identity, check.message)?;
        }
        for problem in &report.problems {
            writeln!(out, "  ? {} {}", problem.code, problem.message)?;
        }
    }
    Ok(())
}

fn table_line(row: &ObservationRow) -> anyhow::Result<String> {
    let value = match (row.count, &row.amount_cny) {
        (Some(count), _) => count.to_string(),
        (None, Some(amount)) => format!("{} CNY", serde_json::to_string(amount)?),
        (None, None) => row.status.as_str().to_owned(),
    };
    let mut key = row.category.to_string();
    if row.applicant.as_str() != "all" {
        key = format!("{key} @{}", row.applicant.as_str());
    }
    if row.period.as_str() != "year" {
        key = format!("{key} ({})", row.period.as_str());
    }
    let mark = match row.check.as_str() {
        "passed" => "✓",
        "failed" => "✗",
        "warned" => "~",
        _ => " ",
    };
    let label = row.label.clone().unwrap_or_default();
    Ok(format!(
        "  {mark} {value:>14}  {key:<58} {:.2}  {}",
        row.confidence, label
    ))
}
