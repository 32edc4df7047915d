//! `gongkai verify`: one line for each finding, a summary at the end, exit code 1 when there is any.

use std::io::Write as _;
use std::process::ExitCode;

use gongkai_dataset::{Finding, FindingKind, Verified, verify};
use gongkai_lexicon::Lexicon;

use crate::args::VerifyOptions;
use crate::exit;

/// Looks at a snapshot and prints what is wrong with it.
pub fn execute(options: &VerifyOptions, lexicon: &Lexicon) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    let mut printed = Ok(());
    let limit = if options.all { u64::MAX } else { options.limit };
    let verified = verify(&options.dir, lexicon, limit, &mut |finding: &Finding| {
        if printed.is_ok() {
            printed = writeln!(out, "{finding}");
        }
    })?;
    printed?;
    for (kind, total) in &verified.findings {
        if *total > limit {
            writeln!(out, "{}: {} more; --all prints them", kind.as_str(), total - limit)?;
        }
    }
    writeln!(out, "{}", summary(&verified))?;
    let is_damaged = [FindingKind::Bytes, FindingKind::Missing, FindingKind::Extra];
    if is_damaged.iter().any(|kind| verified.findings.contains_key(kind)) {
        writeln!(
            std::io::stderr(),
            "hint: the next `gongkai run` on this output makes what is damaged anew"
        )?;
    }
    Ok(match verified.findings.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(exit::FAILED),
    })
}

fn summary(verified: &Verified) -> String {
    let id = match verified.id.as_str() {
        "" => "unknown",
        id => id,
    };
    let head = format!("snapshot {id}: {} files", verified.files);
    let totals = verified
        .findings
        .iter()
        .map(|(kind, total)| format!("{} {total}", kind.as_str()));
    let totals: Vec<String> = totals.collect();
    match totals.as_slice() {
        [] => format!("{head}, nothing found"),
        totals => format!(
            "{head}, {} findings: {}",
            verified.findings.values().sum::<u64>(),
            totals.join(", ")
        ),
    }
}
