//! Sentences below a report's title. How a file's lines end says nothing.

use gongkai_extract::{Outcome, Value};
use gongkai_page::{Limits, Page, PageKind, read};

use super::proof;
use crate::world::{EXTRACTOR, TITLE};

/// Reads the input as the text of a report.
pub fn prose(bytes: &[u8]) {
    let body = String::from_utf8_lossy(bytes);
    // Behind a lone carriage return a line feed would be another line end.
    let body = body.replace('\r', " ");
    let text = format!("{TITLE}\n{body}\n");
    let found = values(&page(&text));
    let windows = values(&page(&text.replace('\n', "\r\n")));
    assert_eq!(found, windows, "with other line ends other values");
}

fn page(text: &str) -> Page {
    // A mark decides the encoding, so that what is read is the text above and nothing else.
    read(
        &[b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        PageKind::Text,
        &Limits::default(),
    )
}

/// What the page says: categories with their values and the characters they were read from.
fn values(page: &Page) -> Vec<(String, Value, String)> {
    let Outcome::Reports(reports) = proof::reports(page, &EXTRACTOR) else {
        return Vec::new();
    };
    let categories = &EXTRACTOR.lexicon().categories;
    let mentions = reports.iter().flat_map(|report| &report.mentions);
    let value = |mention: &gongkai_extract::Mention| {
        let raw = &page.text[mention.span.start as usize..mention.span.end as usize];
        (
            categories.code(mention.category).to_owned(),
            mention.value,
            raw.replace('\r', ""),
        )
    };
    mentions.map(value).collect()
}
