//! `--data DIR`: a wrong line of any data file is refused with file, line and reason, and exit code 2.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::path::{Path, PathBuf};

use gongkai_test_support::{files, repository};
use support::Place;

/// Copies `data/` but for the samples.
fn copy_data(to: &Path) {
    let from = repository("data");
    let is_table = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "tsv");
    for path in files(&from).into_iter().filter(is_table) {
        let copy = to.join(path.strip_prefix(&from).unwrap());
        std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
        std::fs::copy(&path, &copy).unwrap();
    }
}

/// What is done to a file.
enum Change {
    /// The first row with something in this column gets this there.
    Field(&'static str, &'static str),
    /// The first row that begins with this gets this in this column.
    Of(&'static str, &'static str, &'static str),
    /// The first row that begins with the one gets this in this column, the first that begins with the other gets that.
    Both([&'static str; 2], &'static str, [&'static str; 2]),
    /// This row stands at the end.
    Row(&'static str),
    /// The first row gets one field more.
    OneFieldMore,
    /// The first row stands at the end again.
    RowTwice,
    /// The header calls this column differently; the first line is wrong.
    HeaderWithout(&'static str),
}

/// Applies the change; the changed text and the number of the line that is wrong now.
fn change(text: &str, change: &Change) -> (String, usize) {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let is_row = |line: &String| !line.trim().is_empty() && !line.starts_with("# ");
    let header = lines.iter().position(is_row).unwrap();
    let names: Vec<String> = lines[header].split('\t').map(str::to_owned).collect();
    let column = |name: &str| names.iter().position(|other| other == name).unwrap();
    let row_with = |at: usize| {
        let filled =
            |line: &String| is_row(line) && line.split('\t').nth(at).is_some_and(|field| !field.trim().is_empty());
        header + 1 + lines[header + 1..].iter().position(filled).unwrap()
    };
    let row_of = |first: &str| {
        let begins = |line: &String| is_row(line) && line.split('\t').next() == Some(first);
        lines.iter().position(begins).unwrap()
    };
    let set = |lines: &mut Vec<String>, row: usize, name: &str, value: &str| {
        let mut fields: Vec<&str> = lines[row].split('\t').collect();
        fields[column(name)] = value;
        lines[row] = fields.join("\t");
        row
    };
    let wrong = match change {
        Change::Field(name, value) => {
            let row = row_with(column(name));
            set(&mut lines, row, name, value)
        }
        Change::Of(first, name, value) => {
            let row = row_of(first);
            set(&mut lines, row, name, value)
        }
        Change::Both(firsts, name, values) => {
            let [row, other] = firsts.map(row_of);
            set(&mut lines, other, name, values[1]);
            set(&mut lines, row, name, values[0])
        }
        Change::Row(row) => {
            lines.push((*row).to_owned());
            lines.len() - 1
        }
        Change::OneFieldMore => {
            let row = row_with(0);
            lines[row].push_str("\tmore");
            row
        }
        Change::RowTwice => {
            lines.push(lines[row_with(0)].clone());
            lines.len() - 1
        }
        Change::HeaderWithout(name) => {
            lines[header] = lines[header].replacen(name, "other", 1);
            0
        }
    };
    (lines.join("\n") + "\n", wrong + 1)
}

#[test]
fn a_wrong_line_is_refused_with_file_line_and_reason() {
    use Change::{Both, Field, HeaderWithout, Of, OneFieldMore, Row, RowTwice};
    let place = Place::new();
    copy_data(&place.path("data"));
    let mut wrong = Vec::new();
    for (file, done, reason) in [
        ("categories.tsv", OneFieldMore, "expected 9 fields (code, unit,"),
        ("categories.tsv", RowTwice, "listed twice: "),
        (
            "categories.tsv",
            Field("kind", "sum"),
            "kind must be one of count, money, list, found: sum",
        ),
        (
            "categories.tsv",
            Field("whole", "no.such"),
            "whole is not a category: no.such",
        ),
        (
            "categories.tsv",
            HeaderWithout("code"),
            "no such column: other\nhint: there may stand code, comparability,",
        ),
        ("templates.tsv", RowTwice, "listed twice: "),
        ("columns.tsv", Field("position", "two"), "position is not a number: two"),
        (
            "columns.tsv",
            Field("meaning", "era"),
            "meaning must be one of period, applicant,",
        ),
        (
            "template_rows.tsv",
            Field("categories", "no.such"),
            "no such category: no.such",
        ),
        ("template_rows.tsv", Field("template", "N99"), "no such template: N99"),
        (
            "template_rows.tsv",
            Field("columns", "no_set"),
            "no such column set: no_set",
        ),
        (
            "template_rows.tsv",
            Field("relation", "same"),
            "relation must be one of exact, narrower, broader,",
        ),
        ("template_rows.tsv", Field("label", ""), "must not be empty: label"),
        ("template_rows.tsv", RowTwice, "listed twice: "),
        (
            "identities.tsv",
            Of("S-2", "right", "no.such + requests.carried_out"),
            "no such category: no.such",
        ),
        ("identities.tsv", Field("templates", "N99"), "no such template: N99"),
        ("identities.tsv", Field("op", "<"), "op must be one of =, >=, found: <"),
        ("identities.tsv", RowTwice, "listed twice: "),
        (
            "identities.tsv",
            Field("left", "@bisness"),
            "no such applicant column: bisness",
        ),
        (
            "prose/compose.tsv",
            Field("category", "{case}.nosuch"),
            "no case has such a category: {case}.nosuch",
        ),
        (
            "prose/compose.tsv",
            Field("category", "no.such"),
            "no such category: no.such",
        ),
        (
            "prose/compose.tsv",
            Field("units", "furlong"),
            "no such unit class: furlong",
        ),
        (
            "prose/compose.tsv",
            Field("where", "@nowhere"),
            "no such section: nowhere",
        ),
        ("prose/compose.tsv", Field("act", "dance"), "no such feature: dance"),
        ("prose/compose.tsv", RowTwice, "says the same as line: 2"),
        (
            "prose/compose.tsv",
            Row("review.total\t\t\t-\treview\t\t\t\titem\t2020\t2018\tno\t0\t"),
            "until must not be before from, which is 2020: 2018",
        ),
        (
            "prose/marks.tsv",
            OneFieldMore,
            "expected 3 fields (set, words, note), found: 4",
        ),
        (
            "units.tsv",
            Field("class", "furlong"),
            "class must be one of item, thing, event, visit, person, money, found: furlong",
        ),
        ("units.tsv", Field("scale", "1e4"), "scale is not a number: 1e4"),
        ("prose/words.tsv", RowTwice, "listed twice: "),
        (
            "categories.tsv",
            Field("role", "totals"),
            "role must be one of , disclosed, channel, class, theme, received, closed, found: totals",
        ),
        (
            "categories.tsv",
            Of("proactive.channel.website", "role", "disclosed"),
            "a second category with the role: disclosed",
        ),
        (
            "gazetteer/places.tsv",
            Field("code", "33011"),
            "code must have six digits: 33011",
        ),
        (
            "gazetteer/places.tsv",
            Field("level", "village"),
            "level must be one of province, prefecture, county, found: village",
        ),
        (
            "gazetteer/places.tsv",
            Field("valid_to", "now"),
            "valid_to is not a number: now",
        ),
        (
            "gazetteer/clues.tsv",
            Field("kind", "smell"),
            "kind must be one of text, index, host, found: smell",
        ),
        (
            "categories.tsv",
            Both(
                ["proactive.channel.gazette", "proactive.total"],
                "whole",
                ["proactive.total", "proactive.channel.gazette"],
            ),
            "whole leads back to where it came from: proactive.channel.gazette in proactive.total in proactive.channel.gazette\nhint: ",
        ),
        (
            "categories.tsv",
            Of("review.total", "whole", "review.total"),
            "whole leads back to where it came from: review.total in review.total\nhint: ",
        ),
        (
            "categories.tsv",
            Of("review.upheld", "whole", "review.totl"),
            "whole is not a category: review.totl\nhint: did you mean review.total? categories.tsv has all that may stand there",
        ),
        (
            "categories.tsv",
            Of("review.upheld", "whole", "proactive.theme"),
            "whole must be a count, or for money an amount of money: proactive.theme",
        ),
        (
            "categories.tsv",
            Of("review.total", "unit", "斤"),
            "no such unit: 斤\nhint: units.tsv has all that may stand there",
        ),
        (
            "categories.tsv",
            Of("review.total", "unit", "万元"),
            "money has a unit of class money, and nothing else has: 万元",
        ),
        (
            "categories.tsv",
            Of("review.total", "section", "case"),
            "no such section: case\nhint: did you mean cases? there may stand cases, consult,",
        ),
        (
            "categories.tsv",
            Of("review.total", "code", "review total"),
            "code must be words of a to z, 0 to 9 and _ with dots between them: review total",
        ),
        (
            "units.tsv",
            Of("万元", "scale", "0"),
            "scale must be the yuan in one 万元, from 1 to 1000000000: 0",
        ),
        (
            "units.tsv",
            Of("元", "scale", "-1"),
            "scale must be the yuan in one 元, from 1 to 1000000000: -1",
        ),
        (
            "units.tsv",
            Of("件", "scale", "10"),
            "scale of what is no money must be 1: 10",
        ),
        (
            "categories.tsv",
            Of("unmapped", "kind", "count"),
            "labels tell what no form knows apart, so kind must be list: unmapped",
        ),
        ("units.tsv", RowTwice, "listed twice: 件"),
        (
            "gazetteer/places.tsv",
            Of("110103", "successor", "110199"),
            "successor is no code of today: 110199\nhint: did you mean 110109",
        ),
        // Two districts that ended lead to each other.
        (
            "gazetteer/places.tsv",
            Both(["110103", "110104"], "successor", ["110104", "110103"]),
            "successor is no code of today: 110104\nhint: did you mean ",
        ),
        (
            "gazetteer/places.tsv",
            Of("110103", "successor", "110103"),
            "successor is no code of today: 110103\nhint: did you mean ",
        ),
        (
            "gazetteer/places.tsv",
            Of("110103", "successor", ""),
            "must not be empty where valid_to is not: successor\nhint: ",
        ),
        (
            "gazetteer/places.tsv",
            Of("110101", "successor", "110102"),
            "a place that goes on has no successor: 110102\nhint: ",
        ),
        (
            "gazetteer/places.tsv",
            Row("110101\t新东城区\tcounty\t2020\t\t"),
            "another row has this code in some of these years, 东城区: 110101\nhint: ",
        ),
        (
            "gazetteer/places.tsv",
            Row("110190\t新区\tcounty\t2012\t2010\t110101"),
            "valid_to must not be before valid_from, which is 2012: 2010",
        ),
        (
            "gazetteer/places.tsv",
            Row("110190\t新区\tcounty\t20120\t\t"),
            "valid_from must be a year from 1900 to 2199: 20120",
        ),
        (
            "gazetteer/places.tsv",
            Row("110190\t新区\tprefecture\t\t\t"),
            "110190 is the code of a county: prefecture",
        ),
        (
            "gazetteer/places.tsv",
            Row("990101\t新区\tcounty\t\t\t"),
            "there is no province 990000: 990101",
        ),
        (
            "gazetteer/changes.tsv",
            Row("2030\tmerge\t110103\t110101\t"),
            "110103 was not valid on 31 December 2029\nhint: ",
        ),
        (
            "gazetteer/clues.tsv",
            Field("code_prefix", "99"),
            "the code of no place begins so: 99",
        ),
        (
            "gazetteer/clues.tsv",
            Field("weight", "nan"),
            "weight must be a number from -100 to 100, and not 0: NaN",
        ),
        (
            "gazetteer/area_codes.tsv",
            Field("code", "110199"),
            "not the code of a place: 110199",
        ),
        ("gazetteer/area_codes.tsv", RowTwice, "listed twice: 010 110000"),
        (
            "indicators.tsv",
            Of("granted_share", "numerator", "requests.outcome.total"),
            "numerator and denominator are the same, the ratio is always 1: requests.outcome.total",
        ),
        (
            "indicators.tsv",
            Of(
                "carry_over",
                "numerator",
                "requests.carried_in + requests.received.total",
            ),
            "numerator and denominator are the same, the ratio is always 1: requests.received.total + requests.carried_in",
        ),
        (
            "identities.tsv",
            Of("S-2", "right", "requests.received.total + requests.carried_out"),
            "stands on both sides: requests.received.total",
        ),
        (
            "identities.tsv",
            Of("S-1", "right", "@business + @business"),
            "right has this twice: @business",
        ),
        (
            "identities.tsv",
            Of("S-2", "each", "row"),
            "an identity of each row has columns of applicants, as @all, found: requests.received.total",
        ),
        (
            "prose/words.tsv",
            Row("shares\t占"),
            "nothing asks for this set: shares\nhint: did you mean share?",
        ),
        (
            "prose/words.tsv",
            Of("share", "words", "占|占比|占"),
            "words has this twice: 占",
        ),
        (
            "prose/words.tsv",
            Of("share", "words", "占||占比"),
            "words has | with nothing beside it: 占||占比",
        ),
        ("prose/words.tsv", Of("share", "words", ""), "must not be empty: words"),
        ("prose/marks.tsv", RowTwice, "listed twice: after_date"),
        (
            "columns.tsv",
            Of("applicants", "column", "natural_persons"),
            "a column of applicant must be one of natural_person, business,",
        ),
        (
            "template_rows.tsv",
            Field("unit", "斤"),
            "no such unit: 斤\nhint: units.tsv has all that may stand there",
        ),
        (
            "template_rows.tsv",
            Field("unit", "元"),
            "the unit is not one of the category: 元",
        ),
        (
            "template_rows.tsv",
            Field("depth", "1"),
            "depth must be at most 0 here: 1",
        ),
        ("organ_words.tsv", RowTwice, "listed twice: report_title"),
        (
            "codebook/sections.tsv",
            Field("prefixes", "proactiv"),
            "no category begins so: proactiv",
        ),
        ("script/hant_hans.tsv", RowTwice, "listed twice: "),
        (
            "script/vocabulary.tsv",
            Field("from", "電子信箱"),
            "must be Simplified, 電 is not: 電子信箱",
        ),
    ] {
        let path = place.path("data").join(file);
        let good = std::fs::read_to_string(&path).unwrap();
        let (bad, line) = change(&good, &done);
        std::fs::write(&path, bad).unwrap();
        let answer = place.call("--data data codebook");
        let expected = format!("error: the data is wrong: {file}:{line}: {reason}");
        let mut hints = answer.err.lines().skip(1);
        let is_told = answer.err.starts_with(&expected)
            && hints.next().is_none_or(|line| line.starts_with("hint: "))
            && hints.next().is_none();
        if !is_told || answer.code != Some(2) || !answer.out.is_empty() {
            wrong.push(format!("{:?} {:?} is not {expected:?}", answer.code, answer.err));
        }
        std::fs::write(&path, good).unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_that_is_missing_or_not_text_is_named() {
    let place = Place::new();
    copy_data(&place.path("data"));
    place.write("data/units.tsv", b"unit\tclass\tscale\n\xff\titem\t1\n");
    place.call("--data data codebook").check("data_not_utf8");
    std::fs::remove_file(place.path("data/units.tsv")).unwrap();
    place.call("extract --data data x.txt").check("data_file_missing");
    place.call("run --data nowhere").check("data_folder_missing");
}

#[test]
fn a_copy_of_the_data_says_what_the_embedded_one_says() {
    let place = Place::new();
    copy_data(&place.path("data"));
    assert_eq!(place.call("codebook --data data"), place.call("codebook"));
}
