//! What must hold of every report, whatever page it came from: the reports themselves, and the rows made of them.

use std::collections::HashSet;

use gongkai_dataset::{MentionRow, PageFacts, Reading, ReportRows, TextHash, unproved};
use gongkai_extract::{Extractor, Outcome, Report, Status, Value};
use gongkai_lexicon::CategoryKind;
use gongkai_page::Page;

use crate::trace::{saw, saw_count};
use crate::world::ORIGIN;

/// Longest message of a problem or check: a page is not quoted whole.
const MOST_MESSAGE: usize = 2000;
/// Years that a report can be on.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2050;

/// Reads a page's reports, twice, and proves them. Gives what the page turned out to be.
pub fn reports(page: &Page, extractor: &Extractor) -> Outcome {
    let outcome = extractor.extract(page, ORIGIN);
    let again = extractor.extract(page, ORIGIN);
    assert_eq!(
        format!("{outcome:?}"),
        format!("{again:?}"),
        "other reports the second time"
    );
    match &outcome {
        Outcome::NotAReport { reason, message } => {
            assert!(!reason.is_empty() && !message.is_empty());
            saw(reason);
        }
        Outcome::Reports(reports) => {
            assert!(!reports.is_empty(), "reports, but none");
            for report in reports {
                holds(report, page, extractor);
                rows_hold(report, page, extractor);
                note(report);
            }
        }
    }
    outcome
}

fn holds(report: &Report, page: &Page, extractor: &Extractor) {
    let lexicon = extractor.lexicon();
    let text = page.text.as_str();
    for mention in &report.mentions {
        let place = mention.span.start as usize..mention.span.end as usize;
        assert!(text.get(place.clone()).is_some(), "not between characters: {mention:?}");
        let block = page.blocks.get(mention.block as usize).expect("a block that there is");
        // A blank without a cell stands behind its label, which can go on over the lines behind the block.
        let is_inside = place.start <= block.span.end || place.is_empty();
        assert!(
            block.span.start <= place.start && is_inside,
            "outside its block: {mention:?}"
        );
        assert!((0.0..=1.0).contains(&mention.confidence), "{mention:?}");
        let is_nothing = matches!(mention.status, Status::Blank | Status::NotApplicable);
        assert_eq!(
            is_nothing,
            mention.value == Value::Nothing,
            "a value and none: {mention:?}"
        );
        let is_money = lexicon.categories.get(mention.category).kind == CategoryKind::Money;
        assert!(
            !is_money || !matches!(mention.value, Value::Count(_)),
            "money counted: {mention:?}"
        );
        assert!(mention.label.as_deref().is_none_or(|label| label.len() <= text.len()));
    }
    let mut keys = HashSet::new();
    for observation in &report.observations {
        let mention = report
            .mentions
            .get(observation.mention)
            .expect("a mention that there is");
        assert!((0.0..=1.0).contains(&observation.confidence), "{observation:?}");
        let is_list = lexicon.categories.get(mention.category).kind == CategoryKind::List;
        let label = mention.label.as_deref().filter(|_| is_list);
        let key = (mention.category, mention.applicant, mention.period, label);
        assert!(keys.insert(key), "two observations of one key: {mention:?}");
    }
    for check in &report.checks {
        assert!(
            check.mentions.iter().all(|mention| *mention < report.mentions.len()),
            "{check:?}"
        );
        assert!(
            !check.message.is_empty() && check.message.len() <= MOST_MESSAGE,
            "{check:?}"
        );
        let is_number = |side: Option<f64>| side.is_none_or(f64::is_finite);
        assert!(is_number(check.left) && is_number(check.right), "{check:?}");
    }
    for problem in &report.problems {
        assert!(!problem.message.is_empty(), "{problem:?}");
        let place = problem.span.map(|span| span.start as usize..span.end as usize);
        assert!(
            place.is_none_or(|place| text.get(place).is_some()),
            "not between characters: {problem:?}"
        );
    }
    identity_holds(report, extractor);
    cost_is_bounded(report, page);
}

fn identity_holds(report: &Report, extractor: &Extractor) {
    let identity = &report.identity;
    let gazetteer = &extractor.lexicon().gazetteer;
    assert!(
        identity.year.is_none_or(|year| YEARS.contains(&year)),
        "{:?}",
        identity.year
    );
    assert!((0.0..=1.0).contains(&identity.jurisdiction_confidence));
    if let (Some(code), Some(year)) = (&identity.jurisdiction_code, identity.year) {
        let is_valid = gazetteer.at(code, year).is_some() || gazetteer.latest(code).is_none();
        assert!(is_valid, "{code} was not valid in {year}");
    }
    let is_day = |day: &Option<String>| day.as_deref().is_none_or(is_date);
    assert!(is_day(&identity.period_start) && is_day(&identity.period_end) && is_day(&identity.published));
    assert!(identity.organ.as_deref() != Some(""), "an organ without a name");
    assert!(identity.title.as_deref() != Some(""), "a title without words");
}

/// `YYYY-MM-DD`, and no 31st of February.
fn is_date(day: &str) -> bool {
    let parts: Vec<u32> = day.split('-').filter_map(|part| part.parse().ok()).collect();
    let [year, month, of_month] = parts[..] else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    day.len() == 10 && (1..=last).contains(&of_month)
}

/// What a report holds is of the order of its page.
fn cost_is_bounded(report: &Report, page: &Page) {
    let size = page.text.len() + page.blocks.len();
    let forms = report.templates.len() + 1;
    assert!(
        report.mentions.len() <= 8 * size + 64,
        "{} mentions of {size} bytes",
        report.mentions.len()
    );
    assert!(
        report.problems.len() <= size + 64,
        "{} problems of {size} bytes",
        report.problems.len()
    );
    assert!(report.checks.len() <= 1024 * forms, "{} checks", report.checks.len());
}

fn rows_hold(report: &Report, page: &Page, extractor: &Extractor) {
    let facts = PageFacts {
        origin: ORIGIN,
        text: &page.text,
        text_hash: &TextHash::new(&page.text),
        url: page.url.as_deref(),
        bytes: page.text.len() as u64,
        hash: "",
        encoding: page.encoding,
        encoding_source: page.encoding_source.as_str(),
    };
    let rows = ReportRows::new(report, &facts, extractor.lexicon());
    assert_eq!(rows.mentions.len(), report.mentions.len(), "a mention without a row");
    assert_eq!(
        rows.observations().count(),
        report.observations.len(),
        "an observation without a row"
    );
    let marked = rows.mentions.iter().filter(|row| row.observation).count();
    assert_eq!(
        marked,
        report.observations.len(),
        "an observation is no mention, or two are one"
    );
    assert!(
        rows.problems
            .iter()
            .all(|problem| problem.message.len() <= MOST_MESSAGE)
    );
    for row in &rows.mentions {
        is_proved(row, &page.text, extractor);
    }
}

/// `raw` stands where the row says, and reading it again gives the value.
fn is_proved(row: &MentionRow, text: &str, extractor: &Extractor) {
    assert_eq!(
        text.get(row.start as usize..row.end as usize),
        Some(row.raw.as_str()),
        "raw is another"
    );
    let reading = Reading {
        raw: &row.raw,
        status: row.status,
        count: row.count,
        amount_cny: row.amount_cny,
        unit_printed: row.unit_printed.as_deref(),
        template_row: row.template_row.as_deref(),
    };
    if let Some(reason) = unproved(reading, extractor.lexicon()) {
        panic!("verify refuses what was read as {}: {reason}", row.category.as_str());
    }
}

fn note(report: &Report) {
    let identity = &report.identity;
    saw((report.script, &report.templates));
    saw((identity.level, identity.body_kind, identity.code_status, identity.scope));
    saw_count("mentions", report.mentions.len());
    for mention in &report.mentions {
        saw((mention.category, mention.method, mention.status));
        saw((mention.scope, mention.period, mention.applicant, mention.unit_source));
    }
    for problem in &report.problems {
        saw((problem.stage, problem.code));
    }
    for check in &report.checks {
        saw((&check.identity, check.result));
    }
}
