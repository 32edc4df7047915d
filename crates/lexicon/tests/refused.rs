//! Every column of every data file: what cannot stand there is refused. The files are those of `data/`, so that a new
//! column is asked for too.
#![allow(clippy::unwrap_used)]

use gongkai_lexicon::{DataError, DataSource, Lexicon};

/// Columns in which people write what they like.
const FREE_TEXT: &[&str] = &[
    "categories.tsv label",
    "categories.tsv comparability",
    "categories.tsv meaning",
    "columns.tsv labels",
    "codebook/caveats.tsv caveat",
    "codebook/guide.tsv text",
    "codebook/sections.tsv label",
    "codebook/sections.tsv title",
    "codebook/values.tsv column",
    "codebook/values.tsv value",
    "codebook/values.tsv meaning",
    "contrasts.tsv word",
    "gazetteer/clues.tsv text",
    "gazetteer/places.tsv name",
    "gazetteer/short_names.tsv short",
    "gazetteer/zones.tsv name",
    "gazetteer/zones.tsv aliases",
    "identities.tsv identity",
    "identities.tsv title",
    "indicators.tsv indicator",
    "indicators.tsv meaning",
    "organ_words.tsv words",
    "prose/marks.tsv words",
    "prose/rules.tsv all",
    "prose/rules.tsv not",
    "prose/words.tsv words",
    "script/vocabulary.tsv from",
    "script/vocabulary.tsv to",
    "script/vocabulary.tsv unless_followed_by",
    "template_rows.tsv row",
    "template_rows.tsv label",
    "template_rows.tsv aliases",
    "templates.tsv title",
    "templates.tsv source",
];

/// Columns in which nothing may stand, beside every `note`.
const OPTIONAL: &[&str] = &[
    "categories.tsv whole",
    "categories.tsv section",
    "categories.tsv comparability",
    "derived.tsv years",
    "gazetteer/area_codes.tsv postcode",
    "gazetteer/places.tsv valid_from",
    "gazetteer/zones.tsv aliases",
    "prose/rules.tsv not",
    "prose/rules.tsv section",
    "prose/rules.tsv after",
    "prose/rules.tsv from",
    "prose/rules.tsv until",
    "script/vocabulary.tsv unless_followed_by",
    "series.tsv years",
    "template_rows.tsv aliases",
    "template_rows.tsv unit",
    "templates.tsv years",
];

/// A file of the data, line by line.
struct File<'a> {
    name: &'a str,
    lines: Vec<&'a str>,
    header: Vec<&'a str>,
}

impl<'a> File<'a> {
    fn new(name: &'a str, text: &'a str) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let header = lines[0].split('\t').collect();
        Self { name, lines, header }
    }

    /// The first row with something in a column.
    fn row_with(&self, column: usize) -> usize {
        let filled = |line: &&str| {
            !line.starts_with("# ")
                && line
                    .split('\t')
                    .nth(column)
                    .is_some_and(|field| !field.trim().is_empty())
        };
        1 + self.lines[1..].iter().position(filled).unwrap()
    }

    /// What the data says when a line of the file is another.
    fn with_line(&self, at: usize, line: &str) -> Result<Lexicon, DataError> {
        let mut lines = self.lines.clone();
        lines[at] = line;
        self.load(&lines)
    }

    fn with_field(&self, at: usize, column: usize, value: &str) -> Result<Lexicon, DataError> {
        let mut fields: Vec<&str> = self.lines[at].split('\t').collect();
        fields[column] = value;
        self.with_line(at, &fields.join("\t"))
    }

    fn load(&self, lines: &[&str]) -> Result<Lexicon, DataError> {
        Lexicon::load(&DataSource::embedded().with(self.name, &(lines.join("\n") + "\n")))
    }
}

/// Refused data, for a line of some file and with a reason.
fn is_refused(read: &Result<Lexicon, DataError>) -> bool {
    matches!(read, Err(DataError::Wrong { line, reason, .. }) if *line > 0 && !reason.is_empty())
}

/// What in all files is not as it should be must be nothing.
fn check(wrong: impl Fn(&File<'_>) -> Vec<String>) {
    let data = DataSource::embedded();
    let files = data.files().map(|(name, text)| File::new(name, text));
    let wrong: Vec<String> = files.flat_map(|file| wrong(&file)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is said of a column whose value is refused although it may stand there, or the other way round.
fn judge(read: &Result<Lexicon, DataError>, may_be: bool, what: &str) -> Option<String> {
    match (is_refused(read), may_be) {
        (false, false) => Some(format!("accepted: {what}")),
        (true, true) => Some(format!("refused: {what}")),
        _ => None,
    }
}

#[test]
fn what_is_no_value_of_a_column_is_refused() {
    check(|file| {
        let mut wrong = Vec::new();
        for (column, name) in file.header.iter().enumerate() {
            let place = format!("{} {name}", file.name);
            let is_free = *name == "note" || FREE_TEXT.contains(&place.as_str());
            for (value, may_be) in [("a\u{0}b", false), ("\u{fffd}", false), ("§ 7/x", is_free)] {
                let read = file.with_field(file.row_with(column), column, value);
                wrong.extend(judge(&read, may_be, &format!("{place}: {value:?}")));
            }
        }
        wrong
    });
}

#[test]
fn an_empty_field_is_refused_unless_it_may_be() {
    check(|file| {
        let mut wrong = Vec::new();
        for (column, name) in file.header.iter().enumerate() {
            let place = format!("{} {name}", file.name);
            let may_be = *name == "note" || OPTIONAL.contains(&place.as_str());
            let read = file.with_field(file.row_with(column), column, " ");
            wrong.extend(judge(&read, may_be, &place));
        }
        wrong
    });
}

#[test]
fn a_row_that_stands_there_twice_is_refused() {
    check(|file| {
        // In prose a line can come again.
        let may_be = file.name == "codebook/guide.tsv";
        let row = file.lines[file.row_with(0)];
        let read = file.load(&[&file.lines[..], &[row]].concat());
        judge(&read, may_be, &format!("{}: {row}", file.name))
            .into_iter()
            .collect()
    });
}

#[test]
fn columns_more_or_less_are_refused() {
    check(|file| {
        let row = file.row_with(0);
        let (short, _) = file.lines[row].rsplit_once('\t').unwrap();
        let mut reads = vec![
            file.with_line(row, &format!("{}\tmore", file.lines[row])),
            file.with_line(row, short),
        ];
        for column in 0..file.header.len() {
            reads.push(file.with_field(0, column, "other"));
            reads.push(file.with_field(0, column, ""));
        }
        let more = file.lines.iter().map(|line| match line.starts_with("# ") {
            true => (*line).to_owned(),
            false => format!("{line}\tmore"),
        });
        let more: Vec<String> = more.collect();
        reads.push(file.load(&more.iter().map(String::as_str).collect::<Vec<_>>()));
        let wrong = reads.iter().filter_map(|read| judge(read, false, file.name));
        wrong.collect()
    });
}
