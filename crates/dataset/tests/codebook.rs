//! The readable codebook: says everything, as one file that loads nothing, whatever stands in the data.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;

use gongkai_dataset::{
    ByCategoryRow, CheckRow, CodebookFormat, ColumnKind, ColumnSpec, CoverageRow, DumpRow, IndicatorRow, MentionRow,
    ObservationRow, PageRow, PanelRow, ProblemRow, RejectRow, ReportRow, Row, YearCheckRow, codebook,
};
use gongkai_lexicon::{DataSource, Lexicon};

const PEOPLE: [CodebookFormat; 2] = [CodebookFormat::Markdown, CodebookFormat::Html];

fn lexicon() -> Lexicon {
    Lexicon::load(&DataSource::embedded()).unwrap()
}

fn text(lexicon: &Lexicon, format: CodebookFormat) -> String {
    String::from_utf8(codebook(lexicon, format).unwrap()).unwrap()
}

/// The text as a reader sees it.
fn seen(lexicon: &Lexicon, format: CodebookFormat) -> String {
    let text = text(lexicon, format);
    match format {
        CodebookFormat::Html => [
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&#39;", "'"),
            ("&amp;", "&"),
        ]
        .iter()
        .fold(text, |text, (from, to)| text.replace(from, to)),
        _ => text.replace('\\', ""),
    }
}

fn tables() -> Vec<(&'static str, Vec<ColumnSpec>)> {
    fn table<R: Row>() -> (&'static str, Vec<ColumnSpec>) {
        (R::TABLE, R::columns())
    }
    vec![
        table::<ObservationRow>(),
        table::<ByCategoryRow>(),
        table::<MentionRow>(),
        table::<ReportRow>(),
        table::<CheckRow>(),
        table::<YearCheckRow>(),
        table::<ProblemRow>(),
        table::<RejectRow>(),
        table::<DumpRow>(),
        table::<PageRow>(),
        table::<PanelRow>(),
        table::<IndicatorRow>(),
        table::<CoverageRow>(),
    ]
}

#[test]
fn everything_is_in_it() {
    let lexicon = lexicon();
    let mut parts: Vec<String> = Vec::new();
    for (table, columns) in tables() {
        parts.push(table.to_owned());
        for column in columns {
            parts.push(column.name.to_owned());
            // Names between backticks are marked up; the words around them are there.
            parts.extend(column.description.split('`').step_by(2).map(str::to_owned));
        }
    }
    for (_, category) in lexicon.categories.iter() {
        parts.extend(
            [
                &category.code,
                &category.label,
                &category.meaning,
                &category.comparability,
            ]
            .map(String::clone),
        );
    }
    for (_, form) in lexicon.templates.iter() {
        parts.extend([&form.name, &form.title, &form.source].map(String::clone));
    }
    for (_, row) in lexicon.templates.rows().filter(|(_, row)| !row.categories.is_empty()) {
        parts.extend([&row.name, &row.label, &row.note].map(String::clone));
    }
    parts.extend(lexicon.identities.iter().map(|rule| rule.title.clone()));
    parts.extend(lexicon.year_identities.iter().map(|rule| rule.title.clone()));
    assert!(parts.len() > 800);
    for format in PEOPLE {
        let text = seen(&lexicon, format);
        let missing: Vec<&String> = parts.iter().filter(|part| !text.contains(part.as_str())).collect();
        assert!(missing.is_empty(), "{format:?} lacks {missing:?}");
    }
}

#[test]
fn every_value_of_an_enum_is_explained_and_no_other() {
    let lexicon = lexicon();
    let columns: Vec<ColumnSpec> = tables().into_iter().flat_map(|(_, columns)| columns).collect();
    let values: BTreeSet<(&str, &str)> = columns
        .iter()
        .flat_map(|column| match column.kind {
            ColumnKind::Enum(names) => names.iter().map(|name| (column.name, *name)).collect(),
            _ => Vec::new(),
        })
        .collect();
    let explained: BTreeSet<(&str, &str)> = lexicon.codebook.explained().collect();
    let missing: Vec<_> = values.difference(&explained).collect();
    assert!(missing.is_empty(), "data/codebook/values.tsv lacks {missing:?}");
    for (column, value) in explained.difference(&values) {
        let open = columns
            .iter()
            .any(|spec| spec.name == *column && spec.kind == ColumnKind::String);
        assert!(
            open,
            "data/codebook/values.tsv explains what is no value: {column} {value}"
        );
    }
}

#[test]
fn the_same_data_gives_the_same_bytes() {
    for format in PEOPLE {
        assert_eq!(text(&lexicon(), format), text(&lexicon(), format));
    }
}

/// Elements without an end.
const VOID: [&str; 1] = ["meta"];

/// Names and attributes of all tags; panics where they do not nest.
fn tags(html: &str) -> Vec<&str> {
    let body = html.strip_prefix("<!DOCTYPE html>\n").unwrap();
    let mut open = Vec::new();
    let mut tags = Vec::new();
    for piece in body.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        assert!(
            !text.contains('>') || tag == "style",
            "a sign that is not escaped: {piece}"
        );
        let name = tag.split(' ').next().unwrap();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{piece}"),
            None if !VOID.contains(&name) => open.push(name),
            None => {}
        }
        tags.push(tag);
    }
    assert_eq!(open, [""; 0]);
    tags
}

fn attributes<'t>(tags: &[&'t str], name: &str) -> Vec<&'t str> {
    let start = format!(" {name}=\"");
    let value = |tag: &&'t str| Some(tag.split_once(start.as_str())?.1.split('"').next().unwrap());
    tags.iter().filter_map(value).collect()
}

fn check_html(lexicon: &Lexicon) {
    let html = text(lexicon, CodebookFormat::Html);
    let tags = tags(&html);
    let names: BTreeSet<&str> = tags.iter().map(|tag| tag.split(' ').next().unwrap()).collect();
    for forbidden in ["script", "link", "img", "iframe", "object", "base", "form"] {
        assert!(!names.contains(forbidden), "{forbidden}");
    }
    for tag in &tags {
        let known = [
            "id=",
            "href=\"#",
            "charset=",
            "name=",
            "http-equiv=",
            "content=",
            "lang=",
        ];
        let attribute = tag.split_once(' ').map_or("", |(_, rest)| rest);
        assert!(
            attribute.is_empty() || known.iter().any(|known| attribute.starts_with(known)),
            "{tag}"
        );
    }
    let ids = attributes(&tags, "id");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "an id is there twice");
    for target in attributes(&tags, "href") {
        let target = target.strip_prefix('#').expect("a link out of the page");
        assert!(unique.contains(target), "a link leads nowhere: {target}");
    }
}

fn check_markdown(lexicon: &Lexicon) {
    let markdown = text(lexicon, CodebookFormat::Markdown);
    let anchors: BTreeSet<&str> = markdown
        .lines()
        .filter_map(|line| line.strip_prefix("<a id=\""))
        .collect();
    let anchors: BTreeSet<&str> = anchors
        .iter()
        .map(|line| line.strip_suffix("\"></a>").unwrap())
        .collect();
    let mut bars = 0;
    for line in markdown.lines().filter(|line| !line.starts_with("<a id=")) {
        assert!(
            !line.replace("\\<", "").contains('<'),
            "markup that is not escaped: {line}"
        );
        let count = line.replace("\\\\", "").replace("\\|", "").matches('|').count();
        assert!(
            count == 0 || bars == 0 || count == bars,
            "a table's row is wider: {line}"
        );
        bars = count;
        for link in line.replace("\\]", "").split("](").skip(1) {
            let target = link.split(')').next().unwrap();
            let target = target.strip_prefix('#').expect("a link out of the page");
            assert!(anchors.contains(target), "a link leads nowhere: {target}");
        }
    }
}

#[test]
fn links_lead_somewhere_and_nothing_is_loaded() {
    let lexicon = lexicon();
    check_html(&lexicon);
    check_markdown(&lexicon);
}

#[test]
fn nothing_in_the_data_works_as_markup() {
    let hostile = "</dd><script>alert('1')</script> | a`b` & [x](http://evil) <img src=x onerror=y> \u{202e}";
    let root = gongkai_test_support::repository("data");
    let mut source = DataSource::embedded();
    for (file, from) in [
        ("categories.tsv", "当面申请"),
        ("categories.tsv", "requests by fax"),
        ("templates.tsv", "Anhui statistics sheet"),
        ("template_rows.tsv", "e-mail is presumably inside"),
        ("codebook/values.tsv", "private persons (自然人)"),
        ("codebook/caveats.tsv", "The numbers are those of a local rule"),
        ("identities.tsv", "reviews against their results"),
        ("codebook/guide.tsv", "What this is"),
        ("codebook/sections.tsv", "Fees of requests"),
    ] {
        let text = std::fs::read_to_string(root.join(file)).unwrap();
        if text.contains(from) {
            source = source.with(file, &text.replace(from, hostile));
        }
    }
    let lexicon = Lexicon::load(&source).unwrap();
    check_html(&lexicon);
    let html = text(&lexicon, CodebookFormat::Html);
    assert!(html.matches("&lt;script&gt;").count() >= 8 && !html.contains('\u{202e}'));
    check_markdown(&lexicon);
    let markdown = text(&lexicon, CodebookFormat::Markdown);
    assert!(markdown.contains("\\<script\\>") && !markdown.contains('\u{202e}'));
}
