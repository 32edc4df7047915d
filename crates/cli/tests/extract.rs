//! `gongkai extract`: its three formats, and the JSON lines that tests and graders read.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use support::{PROSE, Place, TABLE};

#[test]
fn formats() {
    let place = Place::new();
    place.write("report.txt", PROSE);
    place.write("table.html", TABLE);
    place.write("menu.html", "<p>网站地图</p>");
    place.write("empty.txt", "");
    place.write("annex.pdf", "%PDF-1.4");
    for (name, arguments) in [
        ("extract_table", "report.txt table.html"),
        ("extract_csv", "--format csv report.txt table.html"),
        ("extract_not_a_report", "menu.html"),
        ("extract_not_a_report_csv", "--format csv menu.html"),
        ("extract_not_a_report_jsonl", "--format jsonl menu.html"),
        ("extract_other_type", "annex.pdf"),
        ("extract_missing", "nowhere.txt"),
        ("extract_missing_jsonl", "--format jsonl nowhere.txt"),
        ("extract_empty", "empty.txt"),
        ("extract_goes_on", "nowhere.txt menu.html report.txt"),
    ] {
        place.call(&format!("extract {arguments}")).check(name);
    }
}

/// The columns of `house.md`, in its order.
const OBSERVATION: &str = "report_id body_id jurisdiction_code jurisdiction organ level year category label template_row \
                           relation applicant period count amount_cny unit unit_printed unit_source status raw method \
                           block start end confidence check";
const MENTION_TOO: &str = "scope scope_label observation";
const REPORT: &str = "report_id body_id origins url bytes hash encoding encoding_source script title organ co_organs \
                      body_kind level rank jurisdiction_code code_status jurisdiction parent_code township_code \
                      successor_code candidates jurisdiction_confidence jurisdiction_evidence year year_evidence \
                      period_start period_end published scope templates n_observations checks_passed checks_failed \
                      checks_warned duplicate_of";
const CHECK: &str = "report_id identity kind applicant period left right delta result mentions message";
const PROBLEM: &str = "report_id stage code start end message";
const REJECT: &str = "origin stage reason message bytes hash intentional";

fn columns(record: &str) -> Vec<String> {
    let names = match record {
        "report" => REPORT.to_owned(),
        "observation" => OBSERVATION.to_owned(),
        "mention" => format!("{OBSERVATION} {MENTION_TOO}"),
        "check" => CHECK.to_owned(),
        "problem" => PROBLEM.to_owned(),
        "reject" => REJECT.to_owned(),
        other => panic!("unknown record: {other}"),
    };
    let own = names.split_whitespace().map(str::to_owned);
    ["record".to_owned(), "file".to_owned()]
        .into_iter()
        .chain(own)
        .collect()
}

#[test]
fn every_line_of_jsonl_is_an_object_with_the_columns_of_its_table() {
    let place = Place::new();
    // A span no table has gives a problem, the parts of a total a check.
    let odd = "<table><tr><td colspan=100000>项</td><td>目</td></tr></table>";
    place.write("odd \"页\".html", format!("{}{odd}", PROSE.replace('\n', "<p>")));
    place.write("menu.html", "<p>网站地图</p>");
    let mut command = place.command("extract --format jsonl menu.html");
    let output = command.arg("odd \"页\".html").output().unwrap();
    assert!(output.status.success());
    let mut seen = BTreeSet::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        let record = value["record"].as_str().unwrap();
        let file = if record == "reject" {
            "menu.html"
        } else {
            "odd \"页\".html"
        };
        assert_eq!(value["file"], file);
        let keys: Keys = serde_json::from_str(line).unwrap();
        assert_eq!(keys.0, columns(record), "{record}");
        seen.insert(record.to_owned());
    }
    let all = ["check", "mention", "observation", "problem", "reject", "report"];
    assert!(seen.iter().eq(all), "{seen:?}");
}

#[test]
fn csv_and_jsonl_say_the_same() {
    let place = Place::new();
    place.write("report.txt", PROSE.replace("1,234", "1234"));
    let lines = place.call("extract --format jsonl report.txt").out;
    let observations = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let expected: Vec<Vec<String>> = observations
        .filter(|value| value["record"] == "observation")
        .map(|value| {
            columns("observation")
                .iter()
                .skip(1)
                .map(|name| plain(&value[name]))
                .collect()
        })
        .collect();
    let table = place.call("extract --format csv report.txt").out;
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let header: Vec<&str> = reader.headers().unwrap().iter().collect();
    assert_eq!(header, columns("observation")[1..]);
    let found: Vec<Vec<String>> = reader
        .records()
        .map(|record| record.unwrap().iter().map(str::to_owned).collect())
        .collect();
    assert!(expected.len() >= 4);
    assert_eq!(found, expected);
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The keys of an object in the order they are written in.
struct Keys(Vec<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Keys;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut keys = Vec::new();
                while let Some((key, _)) = map.next_entry::<String, IgnoredAny>()? {
                    keys.push(key);
                }
                Ok(Keys(keys))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}
