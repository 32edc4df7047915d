//! Numbers in sentences, and what each of them counts. Anyone can add a line.
//!
//! A sentence stands in a page of its own, below the heading of its chapter. Its numbers are those that are read, no more
//! and no less; those of other matters stand there with `-`, so that who reads the cases sees that they are meant.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use gongkai_extract::{Applicant, Extractor, Outcome, Value};
use gongkai_lexicon::{DataSource, Lexicon};
use gongkai_page::{Limits, PageKind, read};

/// What a number that is not read counts.
const NOT_READ: &str = "-";

/// The headings of chapters, by the names that `data/prose/words.tsv` has for them.
const HEADINGS: &[(&str, &str)] = &[
    ("", ""),
    ("overview", "一、总体情况\n"),
    ("proactive", "二、主动公开政府信息情况\n"),
    ("requests", "三、收到和处理政府信息公开申请情况\n"),
    ("consult", "四、咨询情况\n"),
    ("cases", "五、行政复议、行政诉讼情况\n"),
    ("fees", "六、收费及减免情况\n"),
    ("resources", "七、机构和人员情况\n"),
    ("response", "八、回应解读情况\n"),
];

/// A sentence and what its numbers count.
struct Case<'a> {
    sentence: &'a str,
    section: &'a str,
    year: &'a str,
    counts: Vec<String>,
}

/// What a number counts, as one text: `requests.received.total=5 natural_person`.
fn shown(number: &str, category: &str, applicant: &str) -> String {
    format!("{category}={number} {applicant}").trim_end().to_owned()
}

/// The cases; a line without a sentence has another number of the one above it.
fn cases(text: &str) -> Vec<Case<'_>> {
    let mut cases: Vec<Case<'_>> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [sentence, section, year, number, category, applicant] = fields[..] else {
            panic!("a case is a sentence, section, year, number, category and applicant: {line}");
        };
        if !sentence.is_empty() {
            cases.push(Case {
                sentence,
                section,
                year,
                counts: Vec::new(),
            });
        }
        let case = cases.last_mut().expect("the first line has a sentence");
        if category == NOT_READ {
            assert!(case.sentence.contains(number), "not in the sentence: {line}");
        } else {
            case.counts.push(shown(number, category, applicant));
        }
    }
    cases
}

/// What the numbers of a case are read as, in order.
fn found(extractor: &Extractor, case: &Case<'_>) -> Vec<String> {
    let heading = HEADINGS.iter().find(|(section, _)| *section == case.section);
    let (_, heading) = heading.unwrap_or_else(|| panic!("no such section: {}", case.section));
    let page = format!(
        "云溪县财政局{}年政府信息公开工作年度报告\n本报告依据《中华人民共和国政府信息公开条例》编制。\n{heading}{}\n",
        case.year, case.sentence
    );
    let page = read(page.as_bytes(), PageKind::Text, &Limits::default());
    let Outcome::Reports(reports) = extractor.extract(&page, "") else {
        return vec!["no report".to_owned()];
    };
    let report = reports.first().unwrap();
    let counts = report.observations.iter().map(|observation| {
        let mention = &report.mentions[observation.mention];
        let number = match mention.value {
            Value::Count(count) => count.to_string(),
            Value::Fen(fen) => format!("{}.{:02}", fen / 100, fen % 100),
            Value::Nothing => "?".to_owned(),
        };
        let applicant = match mention.applicant {
            Applicant::All => "",
            applicant => applicant.as_str(),
        };
        shown(
            &number,
            extractor.lexicon().categories.code(mention.category),
            applicant,
        )
    });
    counts.collect()
}

#[test]
fn numbers_count_what_their_sentences_say() {
    let extractor = Extractor::new(Lexicon::load(&DataSource::embedded()).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for case in cases(include_str!("statements.tsv")) {
        let (mut expected, mut found) = (case.counts.clone(), found(&extractor, &case));
        expected.sort_unstable();
        found.sort_unstable();
        if found != expected {
            wrong.push(format!(
                "{}\n  expected {}\n  found    {}",
                case.sentence,
                expected.join(", "),
                found.join(", ")
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
