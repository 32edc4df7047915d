//! `gongkai diff`: what changed between two snapshots, for people, as CSV or JSON lines, or as a Parquet file.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use gongkai_dataset::{Change, DatasetError, DiffFile, Difference, Record, Row as _, Totals, diff, snapshot_folder};
use gongkai_lexicon::Lexicon;
use serde_json::Value;

use crate::args::{DiffOptions, Format};

/// How many differences of each kind are printed unless all are wanted.
const SHOWN: usize = 20;

/// Compares two snapshots and prints what changed.
pub fn execute(options: &DiffOptions, lexicon: &Lexicon) -> anyhow::Result<()> {
    if let Some(path) = &options.output {
        return to_file(options, path, lexicon);
    }
    let mut out = BufWriter::new(io::stdout().lock());
    match options.format {
        Format::Table => table(options, lexicon, &mut out)?,
        Format::Csv => csv(options, lexicon, &mut out)?,
        Format::Jsonl => {
            let mut failed = Ok(());
            each(options, lexicon, &mut |difference| {
                if failed.is_ok() {
                    failed = json_line(&mut out, difference);
                }
                Ok(())
            })?;
            failed?;
        }
    }
    out.flush()?;
    Ok(())
}

fn each(
    options: &DiffOptions,
    lexicon: &Lexicon,
    give: &mut dyn FnMut(&Difference) -> Result<(), DatasetError>,
) -> Result<Totals, DatasetError> {
    diff(&options.old, &options.new, lexicon, 0, &mut |_, _, difference| {
        give(&difference)
    })
}

fn to_file(options: &DiffOptions, path: &Path, lexicon: &Lexicon) -> anyhow::Result<()> {
    let mut file = DiffFile::create(path)?;
    let totals = each(options, lexicon, &mut |difference| file.push(difference))?;
    file.finish()?;
    print_totals(&mut io::stdout(), options, &totals)?;
    Ok(())
}

fn json_line(out: &mut impl Write, difference: &Difference) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, difference)?;
    out.write_all(b"\n")?;
    Ok(())
}

fn csv(options: &DiffOptions, lexicon: &Lexicon, out: &mut impl Write) -> anyhow::Result<()> {
    let names: Vec<&str> = Difference::columns().iter().map(|column| column.name).collect();
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(&names)?;
    let mut failed = Ok(());
    each(options, lexicon, &mut |difference| {
        if failed.is_ok() {
            failed = csv_line(&mut writer, &names, difference);
        }
        Ok(())
    })?;
    failed?;
    writer.flush()?;
    Ok(())
}

fn csv_line(writer: &mut csv::Writer<impl Write>, names: &[&str], difference: &Difference) -> anyhow::Result<()> {
    let values = serde_json::to_value(difference)?;
    let fields = names.iter().map(|name| match values.get(*name) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(_)) => difference.columns.join(" "),
        Some(other) => other.to_string(),
    });
    writer.write_record(fields)?;
    Ok(())
}

/// Totals first, then so many differences of each kind. All of them do not fit in memory: they are read a second time.
fn table(options: &DiffOptions, lexicon: &Lexicon, out: &mut impl Write) -> anyhow::Result<()> {
    let mut lists: BTreeMap<(Record, Change), Vec<String>> = BTreeMap::new();
    let totals = diff(
        &options.old,
        &options.new,
        lexicon,
        0,
        &mut |record, change, difference| {
            let list = lists.entry((record, change)).or_default();
            if !options.all && list.len() < SHOWN {
                list.push(line(&difference));
            }
            Ok(())
        },
    )?;
    print_totals(out, options, &totals)?;
    if options.all && !totals.differences.is_empty() {
        let mut failed = writeln!(out);
        each(options, lexicon, &mut |difference| {
            if failed.is_ok() {
                failed = writeln!(out, "{}", line(difference));
            }
            Ok(())
        })?;
        failed?;
        return Ok(());
    }
    for (kind, lines) in &lists {
        writeln!(out)?;
        lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
        let more = totals.differences.get(kind).copied().unwrap_or_default() - lines.len() as u64;
        if more > 0 {
            writeln!(out, "{more} more; --all prints them")?;
        }
    }
    Ok(())
}

fn print_totals(out: &mut impl Write, options: &DiffOptions, totals: &Totals) -> anyhow::Result<()> {
    let id = |folder: &Path| -> anyhow::Result<String> {
        let folder = snapshot_folder(folder)?;
        Ok(folder.file_name().unwrap_or_default().to_string_lossy().into_owned())
    };
    writeln!(out, "snapshots     {} to {}", id(&options.old)?, id(&options.new)?)?;
    writeln!(out, "{totals}")?;
    writeln!(
        out,
        "files         {} of observations read, {} left out: both have the same bytes",
        totals.read_files, totals.same_files
    )?;
    Ok(())
}

/// A difference in a line.
fn line(difference: &Difference) -> String {
    let year = difference
        .year
        .map_or_else(|| "unknown".to_owned(), |year| year.to_string());
    let place = difference
        .jurisdiction
        .as_deref()
        .or(difference.organ.as_deref())
        .unwrap_or("unknown");
    let mut line = format!(
        "{} {}: {} {place} {year}",
        difference.record, difference.change, difference.report_id
    );
    if let Some(old) = &difference.old_report_id {
        line += &format!(", was {old}");
    }
    if let Some(category) = &difference.category {
        let label = difference.label.as_deref().unwrap_or_default();
        let applicant = difference.applicant.as_deref().unwrap_or_default();
        let period = difference.period.as_deref().unwrap_or_default();
        line += &format!(", {category} {label} {applicant} {period}: ");
        line += &match difference.change.as_str() {
            "added" => new(difference),
            "withdrawn" => old(difference),
            _ => format!("{} to {}", old(difference), new(difference)),
        };
    }
    if !difference.columns.is_empty() {
        line += &format!(" ({})", difference.columns.join(", "));
    }
    line
}

fn old(difference: &Difference) -> String {
    let amount = difference.old_amount_cny.map(|fen| fen.0);
    value(difference.old_count, amount, difference.old_status.as_deref())
}

fn new(difference: &Difference) -> String {
    let amount = difference.new_amount_cny.map(|fen| fen.0);
    value(difference.new_count, amount, difference.new_status.as_deref())
}

/// A value, with its status where that is not the usual one.
fn value(count: Option<i64>, fen: Option<i64>, status: Option<&str>) -> String {
    let status = status.unwrap_or_default();
    let value = match (count, fen) {
        (Some(count), _) => count.to_string(),
        (None, Some(fen)) => format!("{}.{:02} yuan", fen / 100, fen.unsigned_abs() % 100),
        (None, None) => return status.to_owned(),
    };
    match status {
        "reported" => value,
        status => format!("{value} {status}"),
    }
}
