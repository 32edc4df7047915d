//! Bytes to a page: places on character boundaries, in order and apart; nothing lost between them; caps kept.

use gongkai_page::{BlockKind, Grid, Limits, Page, PageKind, decode, read};

use crate::trace::{saw, saw_count};

/// Longest message of a problem: a page is not quoted whole.
const MOST_MESSAGE: usize = 500;
/// A row of delimited cells is taken whole, however few cells a table may have.
const WIDEST_ROW: usize = 4097;
/// The most columns a table of HTML has.
const MOST_COLUMNS: u32 = 4097;

/// Reads as HTML and as text, within the usual limits and within narrow ones.
pub fn page(bytes: &[u8]) {
    for kind in [PageKind::Html, PageKind::Text] {
        for limits in [Limits::default(), narrow()] {
            let page = read(bytes, kind, &limits);
            same(&page, &read(bytes, kind, &limits));
            holds(&page, kind, &limits);
            cost_is_bounded(&page, bytes.len());
            if kind == PageKind::Text {
                is_what_was_decoded(&page, bytes);
            }
            note(&page, kind);
        }
    }
}

fn narrow() -> Limits {
    Limits {
        max_text_bytes: 400,
        max_blocks: 12,
        max_depth: 4,
        max_cells_per_table: 9,
        max_column_span: 2,
        ..Limits::default()
    }
}

fn same(page: &Page, again: &Page) {
    assert_eq!(page.text, again.text, "another text the second time");
    assert_eq!(page.blocks, again.blocks, "other blocks the second time");
    assert_eq!(
        (&page.title, &page.url, &page.meta),
        (&again.title, &again.url, &again.meta)
    );
    assert_eq!(
        (page.encoding, page.encoding_source),
        (again.encoding, again.encoding_source)
    );
    assert_eq!(page.problems, again.problems);
}

/// What every page promises.
pub fn holds(page: &Page, kind: PageKind, limits: &Limits) {
    assert!(
        page.text.len() <= limits.max_text_bytes,
        "text of {} bytes",
        page.text.len()
    );
    assert!(page.blocks.len() <= limits.max_blocks, "{} blocks", page.blocks.len());
    assert!(
        kind == PageKind::Text || !page.text.contains('\0'),
        "a NUL in the text of HTML"
    );
    let mut end = 0;
    for block in &page.blocks {
        let text = page.text.get(block.span.clone()).expect("a block between characters");
        assert!(!text.is_empty(), "an empty block: {block:?}");
        assert!(block.span.start >= end, "out of order or over another: {block:?}");
        is_blank(&page.text[end..block.span.start]);
        end = block.span.end;
        assert!(block.link_bytes <= block.span.len(), "more link than block: {block:?}");
        match &block.kind {
            BlockKind::Table(grid) => grid_holds(grid, block.span.clone(), &page.text, limits),
            BlockKind::Heading(level) => assert!((1..=6).contains(level), "{block:?}"),
            BlockKind::Paragraph => {}
        }
    }
    if !page.problems.iter().any(|problem| problem.code == "truncated") {
        is_blank(&page.text[end..]);
    }
    for problem in &page.problems {
        assert!(!problem.code.is_empty() && !problem.message.is_empty());
        assert!(problem.message.len() <= MOST_MESSAGE, "{}", problem.message);
    }
}

/// Nothing that can be read stands outside the blocks.
fn is_blank(between: &str) {
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{FEFF}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\0');
    assert!(between.chars().all(blank), "text outside the blocks: {between:?}");
}

fn grid_holds(grid: &Grid, span: std::ops::Range<usize>, text: &str, limits: &Limits) {
    assert!(!grid.cells.is_empty(), "a table without cells");
    assert!(grid.columns <= MOST_COLUMNS, "{} columns", grid.columns);
    assert!(
        grid.cells.len() <= limits.max_cells_per_table + WIDEST_ROW,
        "{} cells",
        grid.cells.len()
    );
    let mut inside = span.start;
    let mut free_from = vec![0; grid.columns as usize];
    let mut last = None;
    for cell in &grid.cells {
        assert!(
            text.is_char_boundary(cell.span.start) && text.is_char_boundary(cell.span.end),
            "{cell:?}"
        );
        assert!(
            cell.span.start >= inside && cell.span.end <= span.end,
            "outside its table: {cell:?}"
        );
        inside = cell.span.end;
        assert!(last < Some((cell.row, cell.column)), "out of order: {cell:?}");
        last = Some((cell.row, cell.column));
        assert!(cell.row_span >= 1 && cell.column_span >= 1, "covers nothing: {cell:?}");
        assert!(cell.row + cell.row_span <= grid.rows, "below the last row: {cell:?}");
        let columns = free_from.get_mut(cell.column as usize..(cell.column + cell.column_span) as usize);
        for free in columns.expect("inside the table") {
            assert!(*free <= cell.row, "over another cell: {cell:?}");
            *free = cell.row + cell.row_span;
        }
    }
}

/// Blocks, cells and notes are of the order of the bytes: no byte is worth more than a few of them.
fn cost_is_bounded(page: &Page, bytes: usize) {
    let cells = page.blocks.iter().map(|block| match &block.kind {
        BlockKind::Table(grid) => grid.cells.len() + 1,
        _ => 1,
    });
    let parts: usize = cells.sum();
    assert!(parts <= 2 * bytes + 2, "{bytes} bytes became {parts} blocks and cells");
    assert!(page.meta.len() <= bytes && page.problems.len() <= 16);
}

/// The text of a text file is what was decoded, up to where it was cut.
fn is_what_was_decoded(page: &Page, bytes: &[u8]) {
    let decoded = decode(bytes, PageKind::Text);
    let text = decoded.text.strip_prefix('\u{FEFF}').unwrap_or(&decoded.text);
    assert!(text.starts_with(&page.text), "the text was rewritten");
    let is_cut = page.problems.iter().any(|problem| problem.code == "truncated");
    assert!(
        is_cut || text.len() == page.text.len(),
        "the text was cut and nobody says so"
    );
}

fn note(page: &Page, kind: PageKind) {
    let kind = if kind == PageKind::Html { "html" } else { "text" };
    saw((kind, page.title.is_some(), page.url.is_some(), page.encoding));
    for problem in &page.problems {
        saw((kind, problem.code));
    }
    saw_count("blocks", page.blocks.len());
    for block in &page.blocks {
        if let BlockKind::Table(grid) = &block.kind {
            let spans = grid
                .cells
                .iter()
                .filter(|cell| cell.row_span > 1 || cell.column_span > 1)
                .count();
            saw((kind, "table", grid.rows.ilog2(), grid.columns.ilog2(), spans.min(3)));
        }
    }
}
