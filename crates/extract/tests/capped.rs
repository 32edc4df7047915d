//! Lines, tables and pages with more cells than any form has: what is beyond is left out, and the report says where.

#![allow(clippy::unwrap_used)]

use gongkai_extract::{Extractor, Outcome, Problem};
use gongkai_lexicon::{DataSource, Lexicon};
use gongkai_page::{Limits, Page, PageKind, read};

const TITLE: &str = "云溪县财政局2022年政府信息公开工作年度报告";

/// What a page's report says that was left out of its cells, each with the first bytes of it.
fn left_out(extractor: &Extractor, page: &Page) -> Vec<String> {
    let Outcome::Reports(reports) = extractor.extract(page, "") else {
        return vec!["no report".to_owned()];
    };
    let of_cells = |problem: &&Problem| problem.code == "cells_capped";
    let problems = reports.iter().flat_map(|report| &report.problems).filter(of_cells);
    let spans = problems.map(|problem| problem.span.unwrap());
    spans
        .map(|span| {
            page.text[span.start as usize..span.end as usize]
                .chars()
                .take(3)
                .collect()
        })
        .collect()
}

#[test]
fn cells_beyond_the_caps_are_left_out_and_told() {
    let extractor = Extractor::new(Lexicon::load(&DataSource::embedded()).unwrap()).unwrap();
    let text = |body: String| {
        read(
            format!("{TITLE}\n{body}\n").as_bytes(),
            PageKind::Text,
            &Limits::default(),
        )
    };
    let table = |rows: usize| {
        let rows = "<tr><td>果</td><td>7</td></tr>".repeat(rows);
        let page = format!("<h1>{TITLE}</h1><table>{rows}</table>");
        read(page.as_bytes(), PageKind::Html, &Limits::default())
    };
    for (name, page, expected) in [
        ("pipes of a line", text("7|".repeat(3900)), vec![]),
        ("more pipes", text(format!("{}9|9|9", "7|".repeat(4000))), vec!["9|9"]),
        ("numbers of a line", text("7 ".repeat(3900)), vec![]),
        ("more numbers", text(format!("{}9 9 9", "7 ".repeat(4000))), vec!["9 9"]),
        ("words without end", text("苹果 ".repeat(9000)), vec![]),
        (
            "words behind a row",
            text(format!(
                "（一）主动公开政府信息数 7 {}梨子 梨子 9",
                "苹果 ".repeat(3998)
            )),
            vec!["梨子 "],
        ),
        ("rows of a table", table(2000), vec![]),
        ("more rows", table(2001), vec!["果\t7"]),
        ("lines of a page", text("果\n".repeat(19_000)), vec![]),
        (
            "more lines",
            text(format!("{}{}", "果\n".repeat(19_999), "梨\n".repeat(9))),
            vec!["梨\n梨"],
        ),
    ] {
        assert_eq!(left_out(&extractor, &page), expected, "{name}");
    }
}
