//! The door of the crate: bytes of one dump to a page.

use crate::decode::decode;
use crate::html;
use crate::kind::PageKind;
use crate::limits::Limits;
use crate::model::{Page, PageProblem};
use crate::text;

/// A dump larger than this is no page, whatever the caller lets through.
const MAX_INPUT_BYTES: usize = 1 << 30;

/// Reads a page. Never fails: returns what could be read, and what was capped or undecodable as problems.
#[must_use]
pub fn read(bytes: &[u8], kind: PageKind, limits: &Limits) -> Page {
    let readable = bytes.get(..MAX_INPUT_BYTES.min(bytes.len())).unwrap_or_default();
    let decoded = decode(readable, kind);
    let mut page = Page {
        encoding: decoded.encoding,
        encoding_source: decoded.source,
        problems: decoded.problems,
        ..Page::default()
    };
    if readable.len() < bytes.len() {
        problem(
            &mut page,
            "truncated",
            format!("the file is larger than a page can be, bytes: {}", bytes.len()),
        );
    }
    // Looking for one is many times faster than counting, and there is hardly ever one.
    let nuls = if decoded.text.contains('\0') {
        decoded.text.matches('\0').count()
    } else {
        0
    };
    if nuls > 0 {
        problem(
            &mut page,
            "nul_characters",
            format!("NUL characters in the text: {nuls}"),
        );
    }
    match kind {
        // As browsers do in text; a NUL inside a tag is damage anyway.
        PageKind::Html if nuls > 0 => html::build(&decoded.text.replace('\0', ""), limits, &mut page),
        PageKind::Html => html::build(&decoded.text, limits, &mut page),
        PageKind::Text => text::build(decoded.text.into_owned(), limits, &mut page),
    }
    page
}

/// Notes a problem of the page.
pub(crate) fn problem(page: &mut Page, code: &'static str, message: String) {
    page.problems.push(PageProblem { code, message });
}
