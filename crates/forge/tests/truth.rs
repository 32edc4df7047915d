//! The truth is true: codes exist and are valid, identities hold or are listed as failing, and what the truth says is on
//! the page.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod common;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;

use common::{counts, documents, json, text};
use gongkai_forge::data::Data;
use gongkai_forge::plan::Profile;
use gongkai_forge::vocabulary::{Damage, Encoding, Era, Family, Layout, Level, Negative, Script};
use serde_json::Value;

const APPLICANTS: [&str; 6] = [
    "natural_person",
    "business",
    "research",
    "public_interest",
    "legal_service",
    "other",
];

/// A file of the project, from the workspace root.
fn project_file(name: &str) -> String {
    let path = format!("{}/../../{name}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_category_is_one_of_the_project() {
    let file = project_file("data/categories.tsv");
    let known: BTreeSet<&str> = file.lines().filter_map(|line| line.split('\t').next()).collect();
    for profile in [Profile::Clean, Profile::Damaged] {
        for document in documents(profile, 5, 600) {
            for row in document.truth.observations.iter().chain(&document.truth.optional) {
                assert!(
                    known.contains(row.category),
                    "{}: {}",
                    document.truth.file,
                    row.category
                );
            }
        }
    }
}

#[test]
fn every_code_is_valid_in_its_year() {
    let file = project_file("data/gazetteer/places.tsv");
    let mut spans: HashMap<&str, Vec<(i64, i64)>> = HashMap::new();
    for line in file.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let year = |text: &str, open| text.parse().unwrap_or(open);
        spans
            .entry(fields[0])
            .or_default()
            .push((year(fields[3], 0), year(fields[4], 9999)));
    }
    for document in documents(Profile::Mix, 11, 1200) {
        let truth = json(&document);
        let (Some(code), Some(year)) = (
            truth["report"]["jurisdiction_code"].as_str(),
            truth["report"]["year"].as_i64(),
        ) else {
            continue;
        };
        let valid = spans
            .get(code)
            .is_some_and(|spans| spans.iter().any(|(from, to)| (*from..=*to).contains(&year)));
        assert!(valid, "{}: {code} in {year}", document.truth.file);
    }
}

/// S-1 and S-2 written out once more, so that the forge's own arithmetic is not its own judge.
#[test]
fn identities_of_the_matrix_hold_or_are_listed() {
    let (mut held, mut broken) = (0, 0);
    for document in documents(Profile::Damaged, 2, 1500) {
        let truth = json(&document);
        let counts = counts(&truth);
        let listed: Vec<(i64, i64)> = truth["failed_checks"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|check| Some((check["left"].as_i64()?, check["right"].as_i64()?)))
            .collect();
        let get = |category: &str, applicant: &str| counts.get(&(category.to_string(), applicant.to_string())).copied();
        let mut judge = |left: Option<i64>, right: Option<i64>| {
            let (Some(left), Some(right)) = (left, right) else {
                return;
            };
            if left == right {
                held += 1;
            } else {
                broken += 1;
                assert!(
                    listed.contains(&(left, right)),
                    "{}: {left} against {right}: {listed:?}",
                    document.truth.file
                );
            }
        };
        let rows: BTreeSet<&String> = counts
            .keys()
            .filter(|key| key.1 == "business")
            .map(|key| &key.0)
            .collect();
        for row in rows {
            judge(APPLICANTS.iter().map(|a| get(row, a)).sum(), get(row, "all"));
        }
        for column in APPLICANTS.iter().copied().chain(["all"]) {
            if get("requests.carried_in", column).is_some() {
                let sum = |a: &str, b: &str| Some(get(a, column)? + get(b, column)?);
                judge(
                    sum("requests.received.total", "requests.carried_in"),
                    sum("requests.outcome.total", "requests.carried_out"),
                );
            }
        }
    }
    assert!(held > 1000 && broken > 20, "{held} held, {broken} broken");
}

#[test]
fn clean_reports_add_up() {
    for document in documents(Profile::Clean, 4, 800) {
        assert!(
            document.truth.failed_checks.is_empty(),
            "{}: {:?}",
            document.truth.file,
            document.truth.failed_checks
        );
        assert!(document.truth.labels.damage.is_empty(), "{}", document.truth.file);
    }
}

#[test]
fn years_are_linked() {
    let mut links = 0;
    for group in documents(Profile::Clean, 6, 800).chunks(4) {
        for pair in group.windows(2) {
            let (before, after) = (json(&pair[0]), json(&pair[1]));
            if before["report"]["year"].as_i64().map(|year| year + 1) != after["report"]["year"].as_i64() {
                continue;
            }
            let (before, after) = (counts(&before), counts(&after));
            for applicant in APPLICANTS {
                let key = |category: &str| (category.to_string(), applicant.to_string());
                if let (Some(out), Some(r#in)) = (
                    before.get(&key("requests.carried_out")),
                    after.get(&key("requests.carried_in")),
                ) {
                    assert_eq!(out, r#in, "{}", pair[1].truth.file);
                    links += 1;
                }
            }
        }
    }
    assert!(links > 200, "{links}");
}

#[test]
fn clean_pages_print_every_number_of_their_truth() {
    let mut numbers = 0;
    for document in documents(Profile::Clean, 9, 500) {
        let page = text(&document);
        let printed: BTreeSet<String> = runs_of_digits(&page);
        for row in json(&document)["observations"].as_array().into_iter().flatten() {
            if row["status"] == "in_words" {
                continue;
            }
            let forms = printed_forms(row);
            numbers += usize::from(!forms.is_empty());
            let found = forms.is_empty()
                || forms
                    .iter()
                    .any(|form| printed.contains(form) || chinese_on(&page, form));
            assert!(found, "{}: {row}: none of {forms:?} on the page", document.truth.file);
        }
    }
    assert!(numbers > 10_000, "{numbers}");
}

/// Runs of digits, commas and points, as they stand on the page.
fn runs_of_digits(page: &str) -> BTreeSet<String> {
    let part = |c: char| c.is_ascii_digit() || c == ',' || c == '.';
    page.split(|c: char| !part(c))
        .map(|run| run.trim_end_matches(['.', ',']).to_string())
        .collect()
}

/// Numerals are not runs of digits.
fn chinese_on(page: &str, form: &str) -> bool {
    !form.starts_with(|c: char| c.is_ascii_digit()) && page.contains(form)
}

/// The forms in which a value may be printed; none for a blank.
fn printed_forms(row: &Value) -> Vec<String> {
    if let Some(yuan) = row["amount_cny"].as_f64() {
        let trimmed = |text: String| text.trim_end_matches('0').trim_end_matches('.').to_string();
        return vec![
            trimmed(format!("{yuan:.2}")),
            trimmed(format!("{:.6}", yuan / 10_000.0)),
        ];
    }
    let Some(count) = row["count"].as_i64() else {
        return Vec::new();
    };
    let count = count.abs();
    let plain = count.to_string();
    let mut grouped = String::new();
    for (at, digit) in plain.chars().enumerate() {
        if at > 0 && (plain.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let mut forms = vec![plain, grouped];
    if row["status"] == "approximate" {
        forms.push(format!("{}", count as f64 / 10_000.0));
    }
    if (3..100).contains(&count) {
        const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
        let tens = match count / 10 {
            0 => String::new(),
            1 => "十".to_string(),
            ten => format!("{}十", DIGITS[ten as usize]),
        };
        forms.push(tens + DIGITS[(count % 10) as usize]);
    }
    forms
}

#[test]
fn labels_keep_to_their_vocabularies_and_everything_occurs() {
    let mut seen: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for profile in [Profile::Mix, Profile::Damaged] {
        for document in documents(profile, 1, 3000) {
            let labels = json(&document)["labels"].clone();
            for field in [
                "era", "family", "layout", "damage", "encoding", "script", "level", "negative",
            ] {
                let values = match &labels[field] {
                    Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_string).collect(),
                    Value::String(item) => vec![item.clone()],
                    _ => Vec::new(),
                };
                seen.entry(field).or_default().extend(values);
            }
        }
    }
    let all = |names: Vec<&'static str>| names.into_iter().map(str::to_string).collect::<BTreeSet<_>>();
    assert_eq!(seen["era"], all(Era::ALL.iter().map(|v| v.name()).collect()));
    assert_eq!(seen["family"], all(Family::ALL.iter().map(|v| v.name()).collect()));
    assert_eq!(seen["layout"], all(Layout::ALL.iter().map(|v| v.name()).collect()));
    assert_eq!(seen["damage"], all(Damage::ALL.iter().map(|v| v.name()).collect()));
    assert_eq!(seen["encoding"], all(Encoding::ALL.iter().map(|v| v.name()).collect()));
    assert_eq!(seen["script"], all(Script::ALL.iter().map(|v| v.name()).collect()));
    assert_eq!(seen["level"], all(Level::ALL.iter().map(|v| v.name()).collect()));
    assert_eq!(seen["negative"], all(Negative::ALL.iter().map(|v| v.name()).collect()));
}

/// A damage that is recorded has left its mark on the page.
#[test]
fn damages_show() {
    let mut seen = BTreeSet::new();
    for document in documents(Profile::Damaged, 13, 1500) {
        // What is spoilt may be cut off again.
        if document.truth.labels.damage.contains(&"truncated") {
            continue;
        }
        let page = text(&document);
        let truth = json(&document);
        let repaired = truth["observations"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|row| row["status"] == "repaired");
        for &damage in &document.truth.labels.damage {
            let shows = match damage {
                "masked_digits" => page.contains('*'),
                "full_width_digits" => page.contains(|c| ('０'..='９').contains(&c)),
                // Big5 has no letters with tones: they are character references there.
                "pinyin_noise" => page.contains(|c| "āáǎàēéěèīíǐìōóǒòūúǔù".contains(c)) || page.contains("&#"),
                "brand_overwritten" => truth["report"]["organ"].is_null(),
                "filler_dashes" => page.contains('-'),
                // A table may print the same number unspoilt; labelled rows of Traditional pages are left open.
                "glued_enumerators" | "glued_shares" => {
                    repaired || document.truth.labels.family != ["prose"] || document.truth.labels.script != "hans"
                }
                "prose_slip" | "broken_identity" => true,
                _ => continue,
            };
            assert!(shows, "{}: {damage}", document.truth.file);
            seen.insert(damage);
        }
    }
    assert_eq!(seen.len(), 9, "{seen:?}");
}

#[test]
fn profiles_are_what_they_promise() {
    let share = |profile: Profile, test: &dyn Fn(&common::Labels) -> bool| {
        let documents = documents(profile, 8, 600);
        documents.iter().filter(|document| test(&document.truth.labels)).count() * 100 / documents.len()
    };
    assert!((3..=8).contains(&share(Profile::Mix, &|labels| labels.negative.is_some())));
    assert!((40..=60).contains(&share(Profile::Mix, &|labels| !labels.damage.is_empty())));
    assert_eq!(
        share(Profile::Damaged, &|labels| (1..=5).contains(&labels.damage.len())),
        100
    );
    let bulk = documents(Profile::Bulk, 8, 1200);
    let mut sizes: Vec<usize> = bulk.iter().map(|document| document.bytes.len()).collect();
    sizes.sort_unstable();
    assert!((40_000..=60_000).contains(&sizes[600]), "median {}", sizes[600]);
    let mut shares: Vec<f64> = bulk.iter().map(|document| document.article_share).collect();
    shares.sort_unstable_by(f64::total_cmp);
    assert!(
        shares[120] > 0.3,
        "a tenth of the pages have less article: {}",
        shares[120]
    );
}

#[test]
fn negatives_claim_everything_and_say_nothing() {
    for document in documents(Profile::Mix, 12, 800) {
        let truth = json(&document);
        if truth["labels"]["negative"].is_null() {
            assert!(
                truth["report"].is_object() && !document.truth.observations.is_empty(),
                "{}",
                document.truth.file
            );
        } else {
            assert!(
                truth["report"].is_null() && truth["complete"] == serde_json::json!([""]),
                "{}",
                document.truth.file
            );
            assert!(document.truth.observations.is_empty(), "{}", document.truth.file);
        }
    }
}

#[test]
fn a_place_has_its_name_of_the_year() {
    let data = Data::load().expect("data files");
    let named = |name: &str| data.places.iter().find(|place| place.name == name).expect("a place");
    assert_eq!((named("增城市").code, named("增城市").to), ("440183", 2013));
    assert_eq!((named("增城区").code, named("增城区").from), ("440118", 2014));
}
