//! What holds for every page: no panic, spans in bounds and in order, cost in proportion to size.

use std::time::{Duration, Instant};

use gongkai_page::{BlockKind, Limits, Page, PageKind, read};
use proptest::prelude::*;

/// Spans lie on character boundaries, do not overlap, grow, and cells lie inside their table.
fn check_spans(page: &Page) {
    let mut end = 0;
    for block in &page.blocks {
        assert!(
            page.text.get(block.span.clone()).is_some_and(|text| !text.is_empty()),
            "{block:?}"
        );
        assert!(block.span.start >= end, "{block:?}");
        assert!(block.link_bytes <= block.span.len(), "{block:?}");
        end = block.span.end;
        let BlockKind::Table(grid) = &block.kind else { continue };
        let mut inside = block.span.start;
        let mut taken = std::collections::HashSet::new();
        let mut last = None;
        for cell in &grid.cells {
            assert!(page.text.get(cell.span.clone()).is_some(), "{cell:?}");
            assert!(cell.span.start >= inside && cell.span.end <= block.span.end, "{cell:?}");
            inside = cell.span.end;
            assert!(last < Some((cell.row, cell.column)), "{cell:?}");
            last = Some((cell.row, cell.column));
            for row in cell.row..cell.row + cell.row_span {
                for column in cell.column..cell.column + cell.column_span {
                    assert!(row < grid.rows && column < grid.columns, "{cell:?}");
                    assert!(taken.insert((row, column)), "{cell:?} overlaps");
                }
            }
        }
    }
}

fn small_limits() -> Limits {
    Limits {
        max_text_bytes: 40,
        max_blocks: 5,
        max_depth: 3,
        max_cells_per_table: 4,
        max_cells: 6,
        max_column_span: 2,
        max_row_span: 2,
    }
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..Default::default()
    }
}

proptest! {
    #![proptest_config(config(3000))]

    #[test]
    fn any_bytes_give_a_page(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for kind in [PageKind::Html, PageKind::Text] {
            check_spans(&read(&bytes, kind, &Limits::default()));
            check_spans(&read(&bytes, kind, &small_limits()));
        }
    }

    #[test]
    fn any_tags_give_a_page(
        parts in proptest::collection::vec(
            prop_oneof![
                Just("<table>"), Just("</table>"), Just("<tr>"), Just("</tr>"), Just("<td>"), Just("</td>"),
                Just("<td rowspan=3 colspan=2>"), Just("<td rowspan=0>"), Just("<tbody>"), Just("<caption>"),
                Just("<tr hidden>"), Just("<td hidden>"), Just("<div hidden>"), Just("<span style=display:none>"),
                Just("<div>"), Just("</div>"), Just("</span>"), Just("<p>"), Just("<h2>"), Just("</h2>"), Just("<li>"),
                Just("<ul>"), Just("</ul>"), Just("<pre>"), Just("</pre>"), Just("<a href=x>"), Just("</a>"), Just("<br>"),
                Just("中文"), Just("1 2"), Just("\n"), Just("&nbsp;"), Just("\u{3000}"), Just("<select>"), Just("<p hidden>"),
                Just("<script>"), Just("</script>"), Just("<title>"), Just("</title>"), Just("<xmp>"), Just("</xmp>"),
            ],
            0..40,
        )
    ) {
        let source = parts.concat();
        check_spans(&read(source.as_bytes(), PageKind::Html, &Limits::default()));
        check_spans(&read(source.as_bytes(), PageKind::Html, &small_limits()));
    }

    #[test]
    fn any_delimiters_give_a_page(
        parts in proptest::collection::vec(
            prop_oneof![
                Just("|"), Just("||"), Just("\t"), Just("\n"), Just("\r\n"), Just("\r"), Just(" "), Just("条 |\n"),
                Just("中"), Just("a | b\n"), Just("---"), Just("\u{3000}"), Just("│"), Just("\u{FEFF}"), Just("\0"),
            ],
            0..60,
        )
    ) {
        let source = parts.concat();
        check_spans(&read(source.as_bytes(), PageKind::Text, &Limits::default()));
        check_spans(&read(source.as_bytes(), PageKind::Text, &small_limits()));
    }

    /// On documents that need no repair, the text is what `scraper` finds.
    #[test]
    fn well_formed_pages_have_the_text_a_tree_has(body in block(3)) {
        let source = format!("<!doctype html><html><head></head><body>{body}</body></html>");
        let page = read(source.as_bytes(), PageKind::Html, &Limits::default());
        let tree = scraper::Html::parse_document(&source);
        let visible: String = tree.root_element().text().collect();
        prop_assert_eq!(without_space(&page.text), without_space(&visible), "{}", source);
        let in_blocks: String = page.blocks.iter().filter_map(|block| page.text.get(block.span.clone())).collect();
        prop_assert_eq!(without_space(&in_blocks), without_space(&visible), "{}", source);
    }
}

fn without_space(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

/// A well-formed fragment of blocks, inline elements, lists and tables, up to `depth` levels.
fn block(depth: u32) -> impl Strategy<Value = String> {
    let inline = prop_oneof![
        "[a-z0-9中文 ]{1,8}",
        "[a-z中]{1,4}".prop_map(|text| format!("<b>{text}</b>")),
        "[a-z中]{1,4}".prop_map(|text| format!("<a href='x'><span>{text}</span></a>")),
        Just("&lt;&nbsp;&amp;&#20013;<br>".to_owned()),
    ];
    let leaf = proptest::collection::vec(inline, 1..4).prop_map(|parts| format!("<p>{}</p>", parts.concat()));
    leaf.prop_recursive(depth, 40, 4, |inner| {
        let many = proptest::collection::vec(inner, 1..4);
        prop_oneof![
            many.clone()
                .prop_map(|parts| format!("<div>{}</div>\n", parts.concat())),
            many.clone()
                .prop_map(|parts| format!("<ul><li>{}</li></ul>", parts.join("</li>\n<li>"))),
            many.clone()
                .prop_map(|parts| format!("<table><tr><td>{}</td></tr></table>", parts.join("</td><td>"))),
            many.prop_map(|parts| {
                format!(
                    "<table>\n<tbody><tr><td colspan=2>{}</td></tr></tbody></table>",
                    parts.join("</td></tr><tr><td>")
                )
            }),
        ]
    })
}

#[test]
fn hostile_pages_cost_no_more_than_their_size() {
    let tags = |count: usize, tag: &str| tag.repeat(count);
    let attributes: String = (0..200_000).map(|number| format!(" a{number}")).collect();
    let pages = [
        format!("{}x{}", tags(100_000, "<div>"), tags(100_000, "</div>")),
        tags(150_000, "<table>"),
        tags(70_000, "<table><tr><td>"),
        format!("x{}", tags(70_000, "<table><tr><td>x")),
        tags(250_000, "<ul><li>"),
        format!("{}{}", tags(600, "<section>"), tags(150_000, "</div>")),
        format!("<table><tr>{}</table>", tags(300_000, "<td>x")),
        format!("<table>{}</table>", tags(200_000, "<tr><td rowspan=400 colspan=64>x")),
        format!("<p{attributes}>x"),
        tags(300_000, "<!--"),
        tags(300_000, "&a"),
        tags(300_000, "</"),
        format!("<script>{}", tags(200_000, "<!--<script>")),
        tags(100_000, "<script>"),
        tags(100_000, "<div hidden>"),
        tags(300_000, "<a href=x>"),
    ];
    for source in pages {
        let start = Instant::now();
        let _ = read(source.as_bytes(), PageKind::Html, &Limits::default());
        assert!(
            start.elapsed() < Duration::from_secs(2),
            "{:?} {:.60}",
            start.elapsed(),
            source
        );
    }
    for line in ["|", "a|b\n", "a |\n", "\t\n", "x\ty\n", "\n", "\r"] {
        let source = line.repeat(500_000);
        let start = Instant::now();
        let _ = read(source.as_bytes(), PageKind::Text, &Limits::default());
        assert!(
            start.elapsed() < Duration::from_secs(2),
            "{:?} {line:?}",
            start.elapsed()
        );
    }
}

/// Memory goes with these: the largest kinds of page have no more of them than the limits say.
#[test]
fn hostile_pages_have_no_more_blocks_and_cells_than_they_may() {
    let limits = Limits {
        max_blocks: 1000,
        max_cells_per_table: 600,
        max_cells: 2000,
        ..Limits::default()
    };
    let check = |kind: PageKind, beginning: &str, repeated: &str, codes: &[&str]| {
        let source = format!("{beginning}{}", repeated.repeat(20_000.min((4 << 20) / repeated.len())));
        let page = read(source.as_bytes(), kind, &limits);
        check_spans(&page);
        let found: Vec<&str> = page.problems.iter().map(|problem| problem.code).collect();
        assert_eq!(found, codes, "{beginning} {repeated:?}");
        let widths = page.blocks.iter().filter_map(|block| match &block.kind {
            BlockKind::Table(grid) => Some(grid.cells.len()),
            _ => None,
        });
        let cells: Vec<usize> = widths.collect();
        // A row is not broken off, and the text of further cells is lines in front of their table.
        assert!(cells.iter().all(|cells| *cells < 600 + 150), "{repeated:?} {cells:?}");
        assert!(cells.iter().sum::<usize>() < 2000 + 750, "{repeated:?} {cells:?}");
        assert!(
            page.blocks.len() <= 1000 + cells.len(),
            "{repeated:?} {}",
            page.blocks.len()
        );
    };
    use PageKind::{Html, Text};
    check(Text, "", "|", &["table_capped"]);
    check(Text, "", "\t|", &["table_capped"]);
    check(Text, "", "a|", &["table_capped"]);
    check(Text, "", "a\t", &["table_capped"]);
    check(Text, "", "a\n", &["truncated"]);
    check(Text, "", "a\n\n", &["truncated"]);
    check(Text, "", "a|\n", &["truncated", "table_capped"]);
    check(Text, "", "a|b\n", &["truncated", "table_capped"]);
    check(Text, "", "a\tb\n", &["truncated", "table_capped"]);
    check(
        Text,
        "",
        &format!("{}\n", "a|".repeat(150)),
        &["truncated", "table_capped"],
    );
    check(Text, "", "\n", &[]);
    check(Text, "a", " ", &[]);
    check(Html, "", "<p>a", &["truncated"]);
    check(Html, "<pre>", "a\n", &["truncated"]);
    check(Html, "<pre>", "\n", &[]);
    check(Html, "<xmp>", "a\n", &["truncated", "unclosed_element"]);
    check(Html, "<table><tr>", "<td>a", &["truncated", "table_capped"]);
    check(Html, "<table>", "<tr><td>a<td>b", &["truncated", "table_capped"]);
    check(Html, "<table><tr><td>a<td>b", "<tr>", &[]);
    check(Html, "<table><tr><td>a<td>b", "<td>", &["table_capped"]);
    check(Html, "", "<table><tr><td>a<td>b</table>", &["truncated"]);
    check(Html, "", "<table><tr><td></table>", &[]);
}

/// What fits is read, whatever the text is part of.
#[test]
fn text_beyond_the_limit_is_cut_and_told() {
    let check = |kind: PageKind, source: &str, text: &str, codes: &[&str]| {
        let limits = Limits {
            max_text_bytes: 12,
            ..Limits::default()
        };
        let page = read(source.as_bytes(), kind, &limits);
        let found: Vec<&str> = page.problems.iter().map(|problem| problem.code).collect();
        assert_eq!((page.text.as_str(), found.as_slice()), (text, codes), "{source}");
    };
    use PageKind::{Html, Text};
    let truncated = ["truncated"].as_slice();
    check(Html, "<p>收到申请", "收到申请", &[]);
    check(Html, "<p>收到申请十件</p><p>a", "收到申请", truncated);
    check(Html, "<p>a收到申请十件</p>", "a收到申", truncated);
    check(Html, "<p>收到 申请 十件</p>", "收到 申", truncated);
    check(Html, "<p>收到申请  \n </p>", "收到申请", &[]);
    check(Html, "<p>收到&#30003;&#35831;&#21313;a", "收到申请", truncated);
    check(Html, "<p>收到申&nbsp;&nbsp;&nbsp;请", "收到申", truncated);
    check(Html, "<p>收到申1234件", "收到申", truncated);
    check(Html, "<table><tr><td>收到<td>a<td>十二件", "收到\ta\t十", truncated);
    check(Html, "<p>收到<p>申请", "收到\n申", truncated);
    check(Html, "<p>收到<p>申请<p>a", "收到\n申", truncated);
    check(Html, "<table><tr><td>收到<td>申请<tr><td>a", "收到\t申", truncated);
    check(
        Html,
        "<table><tr><td>收<td>申<td>请<tr><td>1<td>23",
        "收\t申\t请\n",
        truncated,
    );
    check(Html, "<p>收到申请<table><tr><td>1<td>2", "收到申请", truncated);
    check(Html, "<pre>收到\n申请十件", "收到\n申", truncated);
    check(Html, "<xmp>收到\n申请十件</xmp>", "收到\n申", truncated);
    check(Html, "<script>收到申请十件</script>a", "a", &[]);
    check(Html, "<textarea>收到申请十件</textarea>a", "a", &[]);
    check(Text, "收到申请十件", "收到申请", truncated);
    check(Text, "收到申1234件", "收到申", truncated);
    let title = format!("<title>{}12</title>", "题".repeat(30_000));
    let page = read(title.as_bytes(), Html, &Limits::default());
    assert!(
        page.title
            .is_some_and(|title| title.len() <= 64 << 10 && title.ends_with('题'))
    );
    assert!(page.problems.iter().any(|problem| problem.code == "truncated"));
}

#[test]
fn every_cap_leaves_a_problem() {
    let check = |kind: PageKind, source: &str, limits: Limits, code: &str, blocks: usize| {
        let page = read(source.as_bytes(), kind, &limits);
        let codes: Vec<&str> = page.problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, [code], "{source:.60}");
        assert_eq!(page.blocks.len(), blocks, "{source:.60}");
    };
    let limits = Limits::default;
    use PageKind::{Html, Text};
    check(
        Html,
        "<p>中文<p>字",
        Limits {
            max_text_bytes: 7,
            ..limits()
        },
        "truncated",
        1,
    );
    check(
        Text,
        "中文\n字",
        Limits {
            max_text_bytes: 8,
            ..limits()
        },
        "truncated",
        1,
    );
    check(
        Html,
        "<p>a<p>b<p>c",
        Limits {
            max_blocks: 2,
            ..limits()
        },
        "truncated",
        2,
    );
    check(
        Text,
        "a\nb\nc",
        Limits {
            max_blocks: 2,
            ..limits()
        },
        "truncated",
        2,
    );
    check(
        Html,
        "<div><div><div>a</div></div>b</div>c",
        Limits {
            max_depth: 2,
            ..limits()
        },
        "depth_capped",
        3,
    );
    let table = "<table><tr><td>a<td>b<tr><td>c</table>";
    check(
        Html,
        table,
        Limits {
            max_cells_per_table: 2,
            ..limits()
        },
        "table_capped",
        2,
    );
    check(
        Text,
        "a|b\nc|d\ne|f\ng|h\ni|j\nk|l",
        Limits {
            max_cells_per_table: 6,
            ..limits()
        },
        "table_capped",
        2,
    );
    check(
        Html,
        "<table><tr><td colspan=100000>a<td>b</table>",
        limits(),
        "span_clamped",
        1,
    );
    check(
        Html,
        "<table><tr><td rowspan=99999999999>a<td>b</table>",
        limits(),
        "span_clamped",
        1,
    );
    check(Html, "<p>a<script>b", limits(), "unclosed_element", 1);
    check(
        Html,
        &format!("<p>a<div hidden>{}", "字".repeat(400)),
        limits(),
        "hidden_text",
        1,
    );
    check(Html, "<p>a\0b", limits(), "nul_characters", 1);
    check(Text, "a\0b and more than that", limits(), "nul_characters", 1);
}
