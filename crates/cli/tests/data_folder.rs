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
    let wrong = match change {
        Change::Field(name, value) => {
            let row = row_with(column(name));
            let mut fields: Vec<&str> = lines[row].split('\t').collect();
            fields[column(name)] = value;
            lines[row] = fields.join("\t");
            row
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
    use Change::{Field, HeaderWithout, OneFieldMore, RowTwice};
    let place = Place::new();
    copy_data(&place.path("data"));
    for (file, wrong, reason) in [
        ("categories.tsv", OneFieldMore, "expected 8 fields (code, unit,"),
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
            "missing column; the columns are other, unit,",
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
            Field("right", "no.such + requests.received.total"),
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
            "prose/rules.tsv",
            Field("category", "{case}.nosuch"),
            "no case has such a category: {case}.nosuch",
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
            "prose/rules.tsv",
            Field("category", "no.such"),
            "no such category: no.such",
        ),
        (
            "prose/rules.tsv",
            Field("units", "furlong"),
            "no such unit class: furlong",
        ),
        (
            "prose/rules.tsv",
            Field("section", "nowhere"),
            "no such word set: section.nowhere",
        ),
        ("prose/rules.tsv", Field("all", "@nowhere"), "no such word set: nowhere"),
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
    ] {
        let path = place.path("data").join(file);
        let good = std::fs::read_to_string(&path).unwrap();
        let (bad, line) = change(&good, &wrong);
        std::fs::write(&path, bad).unwrap();
        let answer = place.call("--data data codebook");
        let expected = format!("error: the data is wrong: {file}:{line}: {reason}");
        assert!(
            answer.err.starts_with(&expected),
            "{:?} does not say {expected:?}",
            answer.err
        );
        assert_eq!((answer.code, answer.out.as_str()), (Some(2), ""), "{file}: {reason}");
        assert_eq!(answer.err.lines().count(), 1, "{}", answer.err);
        std::fs::write(&path, good).unwrap();
    }
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
