//! Every value proves itself: `raw` stands in the page's text where the row says, and reading it again gives the value.
//!
//! The reader is that of `gongkai verify`: it shares nothing with `gongkai-extract`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::path::Path;

use gongkai_crawl::{Found, walk};
use gongkai_dataset::{MentionRow, Reading, unproved};
use gongkai_forge::forge::Forge;
use gongkai_forge::plan::Profile;
use gongkai_forge::write::write_corpus;
use gongkai_pipeline::DumpReader;
use gongkai_test_support::repository;
use support::{EXTRACTOR, samples};

#[test]
fn every_value_of_the_samples_is_proved_by_its_span() {
    assert!(check_folder(&samples(), "samples") > 500);
}

#[test]
fn every_value_of_the_seeds_is_proved_by_its_span() {
    let seeds = repository("../shared/seeds");
    if seeds.is_dir() {
        assert!(check_folder(&seeds, "seeds") > 0);
    } else {
        println!("seeds are absent: skipped");
    }
}

#[test]
fn every_value_of_forged_reports_is_proved_by_its_span() {
    let folder = tempfile::tempdir().unwrap();
    let dumps = folder.path().join("dumps");
    for (profile, name) in [(Profile::Mix, "mix"), (Profile::Damaged, "damaged")] {
        let forge = Forge::new(7, profile).unwrap();
        write_corpus(&forge, 250, &dumps.join(name)).unwrap();
        std::fs::remove_file(dumps.join(name).join("truth.jsonl")).unwrap();
    }
    assert!(check_folder(&dumps, "forged") > 20_000);
}

/// Checks every report of a folder; the number of mentions.
fn check_folder(folder: &Path, name: &str) -> usize {
    let reader = DumpReader::new(&EXTRACTOR, 64 << 20, std::time::Duration::MAX);
    let mut wrong = Vec::new();
    let mut mentions = 0;
    for found in walk(folder, name) {
        let Found::File(file) = &found else {
            panic!("{name} holds something else than files: {found:?}");
        };
        let rows = reader.rows(&found);
        let text = rows.page.as_ref().map_or("", |page| page.text.as_str());
        for report in &rows.reports {
            mentions += report.mentions.len();
            for mention in &report.mentions {
                if let Err(reason) = check_mention(mention, text) {
                    wrong.push(format!("{} {}: {reason}", file.origin, mention.category));
                }
            }
            let marked = report.mentions.iter().filter(|mention| mention.observation).count();
            if marked != report.observations().count() {
                wrong.push(format!("{}: an observation is no mention, or two are one", file.origin));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} values are not proved:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    mentions
}

fn check_mention(row: &MentionRow, text: &str) -> Result<(), String> {
    let place = format!("{}..{}", row.start, row.end);
    match text.get(row.start as usize..row.end as usize) {
        None => return Err(format!("no characters of the text: {place}")),
        Some(found) if found != row.raw => {
            return Err(format!("raw is {:?}, the text has at {place}: {found:?}", row.raw));
        }
        Some(_) => {}
    }
    let reading = Reading {
        raw: &row.raw,
        status: row.status,
        count: row.count,
        amount_cny: row.amount_cny,
        unit_printed: row.unit_printed.as_deref(),
        template_row: row.template_row.as_deref(),
    };
    unproved(reading, EXTRACTOR.lexicon()).map_or(Ok(()), Err)
}
