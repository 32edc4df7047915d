//! HTML to text and blocks in one linear pass over its tags.
//!
//! There is no tree: a tree builder has no depth cap and costs many times the pass. What is needed of its rules
//! (implied ends, tables) is kept on a short, capped stack. Style sheets and scripts are not read.

mod element;
mod flow;
mod head;
mod hidden;
mod raw_text;
mod record;
mod reference;
mod render;
mod scan;
mod tables;

use crate::limits::Limits;
use crate::model::{BlockKind, Page};
use crate::read::problem;
use flow::Flow;
use scan::{Scanner, Token};

/// Hidden text shorter than this is a counter or a button, not a part of the report.
const NOTABLE_HIDDEN_BYTES: usize = 1000;

/// Reads decoded HTML into the page.
pub(crate) fn build(html: &str, limits: &Limits, page: &mut Page) {
    let mut flow = Flow::new(limits, html.len());
    let mut scanner = Scanner::new(html);
    while let Some(token) = scanner.next() {
        match token {
            Token::Text(text) => flow.characters(text),
            Token::Reference(first, second) => {
                flow.characters(first.encode_utf8(&mut [0; 4]));
                if let Some(second) = second {
                    flow.characters(second.encode_utf8(&mut [0; 4]));
                }
            }
            Token::Tag => {
                if let Some(raw) = flow.tag(&scanner.tag) {
                    scanner.enter_raw(raw);
                }
            }
        }
    }
    flow.finish();
    page.url = flow.head.url();
    page.title = flow.head.title.take();
    page.meta = std::mem::take(&mut flow.head.meta);
    let unfit = render::render(&flow.record.text, &flow.record.events, limits, page);
    if page.title.is_none() {
        page.title = first_heading(page);
    }
    report(&flow, &unfit, page);
    if scanner.unclosed_bytes > 0 {
        let message = format!(
            "the page ends inside a tag or comment, bytes left out: {}",
            scanner.unclosed_bytes
        );
        problem(page, "unclosed_element", message);
    }
}

fn first_heading(page: &Page) -> Option<String> {
    let heading = page
        .blocks
        .iter()
        .find(|block| matches!(block.kind, BlockKind::Heading(_)))?;
    page.text.get(heading.span.clone()).map(str::to_owned)
}

/// Notes what was capped.
fn report(flow: &Flow, unfit: &render::Unfit, page: &mut Page) {
    if flow.record.full || unfit.text {
        problem(
            page,
            "truncated",
            format!(
                "the text was cut off where it grew too long, bytes: {}",
                page.text.len()
            ),
        );
    }
    if flow.head.title_cut {
        problem(
            page,
            "truncated",
            "the title was cut off where it grew too long".to_owned(),
        );
    }
    if let Some(raw) = flow.raw {
        problem(
            page,
            "unclosed_element",
            format!("the page ends inside an element without markup: {raw:?}"),
        );
    }
    if flow.hidden_bytes >= NOTABLE_HIDDEN_BYTES {
        problem(
            page,
            "hidden_text",
            format!("text that the page hides was left out, bytes: {}", flow.hidden_bytes),
        );
    }
    let counts = [
        (
            "depth_capped",
            flow.caps.depth,
            "elements nested too deeply to be followed",
        ),
        (
            "table_capped",
            flow.caps.cells + unfit.cells,
            "cells beyond the size of a table",
        ),
        (
            "span_clamped",
            flow.caps.spans,
            "cells that claim to cover more rows or columns than a table has",
        ),
    ];
    for (code, count, what) in counts.into_iter().filter(|(_, count, _)| *count > 0) {
        problem(page, code, format!("{what}: {count}"));
    }
}
