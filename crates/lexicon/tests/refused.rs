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
    "prose/lexicon.tsv word",
    "prose/marks.tsv words",
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
    "categories.tsv role",
    "categories.tsv comparability",
    "derived.tsv years",
    "gazetteer/area_codes.tsv postcode",
    "gazetteer/places.tsv valid_from",
    "gazetteer/zones.tsv aliases",
    "prose/compose.tsv also",
    "prose/compose.tsv applicant",
    "prose/compose.tsv with",
    "prose/compose.tsv without",
    "prose/compose.tsv where",
    "prose/compose.tsv from",
    "prose/compose.tsv until",
    "prose/compose.tsv zero",
    "prose/compose.tsv guess",
    "prose/features.tsv of",
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

    /// The first row with something in a column; the first of all where none has a note.
    fn row_with(&self, column: usize) -> usize {
        let is_row = |line: &&str| !line.starts_with("# ");
        let filled = |line: &&str| {
            let field = line.split('\t').nth(column);
            is_row(line) && field.is_some_and(|field| !field.trim().is_empty())
        };
        let mut rows = self.lines[1..].iter();
        let row = rows.position(filled).or_else(|| match self.header[column] {
            "note" => self.lines[1..].iter().position(is_row),
            _ => None,
        });
        1 + row.unwrap()
    }

    /// The first row that begins so.
    fn row_from(&self, start: &str) -> usize {
        let row = self.lines.iter().position(|line| line.starts_with(start));
        row.unwrap_or_else(|| panic!("{} has no such row: {start}", self.name))
    }

    fn column(&self, name: &str) -> usize {
        self.header.iter().position(|column| *column == name).unwrap()
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

/// Slips of the pen in what sentences are read by: the file, how the row begins, its column, what stands there, and what
/// is said of it.
const SLIPS: &[(&str, &str, &str, &str, &str)] = &[
    (
        "features",
        "disclose\t",
        "kind",
        "deed",
        "kind must be one of act, thing, ",
    ),
    (
        "features",
        "disclose\t",
        "of",
        "business",
        "only groups and applicants are of something: business",
    ),
    ("features", "disclose\t", "feature", "copy", "listed twice: copy"),
    ("features", "weibo\t", "feature", "any_case", "listed twice: any_case"),
    ("features", "modal\t", "feature", "modals", "missing feature: modal"),
    ("features", "hot\t", "feature", "hotter", "no such feature: hot\nhint: "),
    (
        "features",
        "natural_person\t",
        "of",
        "natural_persn",
        "no such applicant: natural_persn\nhint: did you mean natural_person?",
    ),
    ("features", "any_case\t", "of", "", "must not be empty: of"),
    (
        "features",
        "any_case\t",
        "of",
        "review|litigatoin",
        "no such feature: litigatoin\nhint: did you mean litigation?",
    ),
    (
        "features",
        "any_case\t",
        "of",
        "review|any_ground",
        "no such feature: any_ground",
    ),
    (
        "features",
        "any_case\t",
        "of",
        "review|review",
        "of has this twice: review",
    ),
    (
        "lexicon",
        "寄送\t",
        "word",
        "寄送|受理申请",
        "a word has all its features on one line; line 2 has it, too: 受理申请",
    ),
    (
        "lexicon",
        "寄送\t",
        "word",
        "寄送|寄送",
        "a word has all its features on one line; line ",
    ),
    (
        "lexicon",
        "寄送\t",
        "word",
        "寄送||送",
        "word has | with nothing beside it: ",
    ),
    (
        "lexicon",
        "寄送\t",
        "features",
        "leter",
        "no such feature: leter\nhint: did you mean letter?",
    ),
    (
        "lexicon",
        "寄送\t",
        "features",
        "letter any_case",
        "no such feature: any_case",
    ),
    (
        "lexicon",
        "寄送\t",
        "features",
        "letter letter",
        "features has this twice: letter",
    ),
    (
        "compose",
        "",
        "category",
        "requests.received.totals",
        "no such category: requests.received.totals\nhint: did you mean requests.received.total?",
    ),
    (
        "compose",
        "",
        "category",
        "{case}.none",
        "no case has such a category: {case}.none",
    ),
    (
        "compose",
        "",
        "also",
        "requests.outcome.totals",
        "no such category: requests.outcome.totals\nhint: did you mean requests.outcome.total?",
    ),
    (
        "compose",
        "",
        "applicant",
        "business",
        "applicant must be one of named, ",
    ),
    ("compose", "", "act", "info", "a feature of another kind: info\nhint: "),
    (
        "compose",
        "",
        "act",
        "discloze",
        "no such feature: discloze\nhint: did you mean disclose?",
    ),
    ("compose", "", "act", "request_act", "no such feature: request_act"),
    (
        "compose",
        "",
        "act",
        "receive+answer|close",
        "act has either + or |, not both: receive+answer|close",
    ),
    ("compose", "", "act", "receive|receive", "act has this twice: receive"),
    (
        "compose",
        "",
        "thing",
        "disclose",
        "a feature of another kind: disclose\nhint: ",
    ),
    (
        "compose",
        "",
        "thing",
        "order",
        "a feature of another kind: order\nhint: ",
    ),
    (
        "compose",
        "",
        "with",
        "proactive webiste",
        "no such feature: webiste\nhint: did you mean website?",
    ),
    (
        "compose",
        "",
        "with",
        "proactive weibo|",
        "with has | with nothing beside it: weibo|",
    ),
    ("compose", "", "without", "any_cases", "no such feature: any_cases"),
    ("compose", "", "where", "requets.*", "no category begins so: requets."),
    (
        "compose",
        "",
        "where",
        "@request",
        "no such section: request\nhint: did you mean requests?",
    ),
    (
        "compose",
        "",
        "where",
        "proactive.totl",
        "no such category: proactive.totl\nhint: did you mean proactive.total?",
    ),
    (
        "compose",
        "",
        "units",
        "items",
        "no such unit class: items\nhint: did you mean item?",
    ),
    ("compose", "", "guess", "31", "guess must be from 0 to 30: 31"),
    ("compose", "", "guess", "-1", "guess is not a number: -1"),
    ("compose", "", "from", "20180", "from "),
    (
        "compose",
        "statutory.norm.made\t",
        "until",
        "2018",
        "until must not be before from, which is 2019: 2018",
    ),
    ("compose", "", "zero", "perhaps", "zero must be one of yes, no, "),
];

#[test]
fn slips_in_what_sentences_are_read_by_are_told() {
    let data = DataSource::embedded();
    let files: Vec<File<'_>> = data.files().map(|(name, text)| File::new(name, text)).collect();
    let mut wrong = Vec::new();
    for (name, start, column, value, said) in SLIPS {
        let name = format!("prose/{name}.tsv");
        let file = files.iter().find(|file| file.name == name).unwrap();
        let row = match *start {
            "" => file.row_with(0),
            start => file.row_from(start),
        };
        match file.with_field(row, file.column(column), value) {
            Err(DataError::Wrong { reason, .. }) if reason.starts_with(said) => {}
            read => wrong.push(format!("{name}: {column}: {value:?}: {:?}", read.err())),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn two_compositions_that_say_the_same_are_refused_whatever_their_notes() {
    let data = DataSource::embedded();
    let (name, text) = data.files().find(|(name, _)| *name == "prose/compose.tsv").unwrap();
    let file = File::new(name, text);
    let row = file.lines[file.row_with(0)];
    let (says, _) = row.rsplit_once('\t').unwrap();
    let again = format!("{says}\tanother note");
    let read = file.load(&[&file.lines[..], &[again.as_str()]].concat());
    let Err(DataError::Wrong { line, reason, .. }) = read else {
        panic!("accepted: {again}");
    };
    assert_eq!(line, file.lines.len() + 1);
    assert_eq!(reason, format!("says the same as line: {}", file.row_with(0) + 1));
}

#[test]
fn a_feature_that_no_word_has_is_refused() {
    let data = DataSource::embedded();
    let (name, text) = data.files().find(|(name, _)| *name == "prose/features.tsv").unwrap();
    let file = File::new(name, text);
    let read = file.load(&[&file.lines[..], &["spare\tact\t\t"]].concat());
    let Err(DataError::Wrong { reason, .. }) = read else {
        panic!("accepted: a feature without a word");
    };
    assert_eq!(reason, "no word has this feature: spare");
}
