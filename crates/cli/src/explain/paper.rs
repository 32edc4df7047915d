//! The page as it was read: headings, paragraphs and tables with every place a value was read highlighted.
//!
//! A highlight links to what was made of it and tells the same when it is pointed at or touched.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::ops::Range;
use std::slice::Iter;

use gongkai_extract::CheckResult;
use gongkai_page::{Block, BlockKind, Grid, GridCell};

use super::html::Html;
use super::regions::Region;
use super::view::{Anchor, Certainty, View};

/// Writes the page.
pub fn write(html: &mut Html, view: &View<'_>) {
    legend(html, view);
    let mut paper = Paper {
        view,
        regions: view.regions.iter().enumerate().peekable(),
        spots: spots(view),
        done: 0,
    };
    for block in &view.page.blocks {
        paper.gap(html, block.span.start);
        paper.block(html, block);
    }
    paper.gap(html, view.page.text.len());
    paper.flags(html, usize::MAX);
}

/// The colours, with how many places have each.
fn legend(html: &mut Html, view: &View<'_>) {
    html.raw("<p class=\"legend\">");
    for certainty in Certainty::ALL {
        let places = view.regions.iter().enumerate();
        let mut places = places.filter(|(_, region)| worst(view, region) == certainty);
        if let Some((first, _)) = places.next() {
            html.put(
                "<a href=\"#{}\"><span class=\"chip {}\">{}</span> {}</a> ",
                &[
                    &view.id(Anchor::Region(first)),
                    &certainty.class(),
                    &(places.count() + 1),
                    &certainty.meaning(),
                ],
            );
        }
    }
    // On narrow screens the findings stand below the page.
    html.put(
        "<a class=\"jump\" href=\"#doubts{}\">findings ↓</a></p>\n",
        &[&view.report.ordinal],
    );
}

/// How far a place can be trusted: as its worst value that was taken.
fn worst(view: &View<'_>, region: &Region) -> Certainty {
    let mentions = region.mentions.iter().map(|mention| view.certainty(*mention));
    mentions.max().unwrap_or(Certainty::Unused)
}

/// Where problems were met, with their numbers.
fn spots(view: &View<'_>) -> BTreeMap<usize, Vec<usize>> {
    let mut spots: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (number, problem) in view.report.problems.iter().enumerate() {
        if let Some(span) = problem.span {
            let at = view.page.text.floor_char_boundary(span.start as usize);
            spots.entry(at).or_default().push(number);
        }
    }
    spots
}

/// The page while it is written, from its beginning on.
struct Paper<'a> {
    view: &'a View<'a>,
    regions: Peekable<std::iter::Enumerate<Iter<'a, Region>>>,
    spots: BTreeMap<usize, Vec<usize>>,
    /// Everything before is written.
    done: usize,
}

impl<'a> Paper<'a> {
    /// Between blocks stand white space and the lines that tables of plain text are drawn with; any words are kept.
    fn gap(&mut self, html: &mut Html, end: usize) {
        let has_region = self.regions.peek().is_some_and(|(_, region)| region.start < end);
        if has_region || self.text(self.done..end).contains(char::is_alphanumeric) {
            html.raw("<p>");
            self.inline(html, end);
            html.raw("</p>\n");
        }
        self.done = self.done.max(end);
    }

    fn block(&mut self, html: &mut Html, block: &Block) {
        self.done = self.done.max(block.span.start);
        match &block.kind {
            BlockKind::Table(grid) => self.table(html, grid, block.span.end),
            BlockKind::Heading(_) => {
                html.raw("<h3>");
                self.inline(html, block.span.end);
                html.raw("</h3>\n");
            }
            BlockKind::Paragraph => {
                let is_navigation = block.link_bytes * 2 > block.span.len();
                html.raw(if is_navigation { "<p class=\"links\">" } else { "<p>" });
                self.inline(html, block.span.end);
                html.raw("</p>\n");
            }
        }
    }

    fn table(&mut self, html: &mut Html, grid: &Grid, end: usize) {
        html.raw("<div class=\"wide\"><table class=\"printed\">\n");
        let mut cells = grid.cells.iter().peekable();
        for row in 0..grid.rows {
            html.raw("<tr>");
            while let Some(cell) = cells.next_if(|cell| cell.row <= row) {
                self.cell(html, cell);
            }
            html.raw("</tr>\n");
        }
        html.raw("</table></div>\n");
        self.gap(html, end);
    }

    fn cell(&mut self, html: &mut Html, cell: &GridCell) {
        html.put(
            "<td colspan=\"{}\" rowspan=\"{}\">",
            &[&cell.column_span, &cell.row_span],
        );
        self.done = self.done.max(cell.span.start);
        self.inline(html, cell.span.end);
        html.raw("</td>");
    }

    /// The text from where we are, with its highlights. One that begins here is written whole.
    fn inline(&mut self, html: &mut Html, end: usize) {
        let is_here = |(_, region): &(usize, &Region)| region.start < end || region.start == end && region.end == end;
        while let Some((number, region)) = self.regions.next_if(is_here) {
            self.plain(html, region.start);
            self.flags(html, region.end);
            highlight(html, self.view, number, region);
            self.done = self.done.max(region.end);
        }
        self.plain(html, end);
    }

    /// The text from where we are, with a flag where a problem was met.
    fn plain(&mut self, html: &mut Html, end: usize) {
        while let Some(entry) = self.spots.first_entry().filter(|entry| *entry.key() < end) {
            let at = *entry.key();
            html.text(self.text(self.done..at));
            self.done = self.done.max(at);
            self.flags(html, at + 1);
        }
        html.text(self.text(self.done..end));
        self.done = self.done.max(end);
    }

    /// The flags of all problems met before `end`.
    fn flags(&mut self, html: &mut Html, end: usize) {
        while let Some(entry) = self.spots.first_entry().filter(|entry| *entry.key() < end) {
            for number in entry.remove() {
                html.put(
                    "<a class=\"flag\" id=\"{}\" href=\"#{}\">⚑</a>",
                    &[
                        &self.view.id(Anchor::Spot(number)),
                        &self.view.id(Anchor::Problem(number)),
                    ],
                );
            }
        }
    }

    /// The page's text; none where what ends there is written already.
    fn text(&self, range: Range<usize>) -> &'a str {
        self.view.page.text.get(range).unwrap_or_default()
    }
}

/// A highlighted place: its characters link to the first value, the others follow as small numbers.
fn highlight(html: &mut Html, view: &View<'_>, number: usize, region: &Region) {
    let printed = view.page.text.get(region.start..region.end).unwrap_or_default();
    html.put(
        "<span class=\"mark {}\" id=\"{}\">",
        &[&worst(view, region).class(), &view.id(Anchor::Region(number))],
    );
    let mut mentions = region.mentions.clone();
    mentions.sort_by_key(|mention| view.observation(*mention).is_none());
    for (place, mention) in mentions.iter().enumerate() {
        let entry = view.entry_of(*mention);
        match place {
            0 if printed.trim().is_empty() => html.put("<a href=\"#{}\" class=\"empty\">∅</a>", &[&entry]),
            0 => html.put("<a href=\"#{}\">{}</a>", &[&entry, &printed]),
            _ => html.put("<a class=\"also\" href=\"#{}\">{}</a>", &[&entry, &circled(place + 1)]),
        };
    }
    html.raw("<span class=\"tip\">");
    mentions.iter().for_each(|mention| tip(html, view, *mention));
    html.raw("</span></span>");
}

/// A number that cannot be taken for one of the page.
fn circled(number: usize) -> char {
    const ONE: u32 = 0x2460;
    let digit = u32::try_from(number - 1).ok().filter(|digit| *digit < 20);
    digit.and_then(|digit| char::from_u32(ONE + digit)).unwrap_or('…')
}

/// What is shown when a highlight is pointed at.
fn tip(html: &mut Html, view: &View<'_>, index: usize) {
    let Some(mention) = view.mention(index) else {
        return;
    };
    let category = view.category(mention);
    html.put(
        "<span class=\"entry\"><b>{}</b> = {} <i class=\"badge {}\">{}</i><br><code>{}</code> {}",
        &[
            &category.label,
            &view.value(mention),
            &view.certainty(index).class(),
            &view.certainty(index).meaning(),
            &category.code,
            &view.qualifier(mention),
        ],
    );
    html.put(
        "<br>{}, confidence {}",
        &[
            &mention.status.as_str().replace('_', " "),
            &format!("{:.2}", view.confidence(index)),
        ],
    );
    if let Some(row) = &mention.template_row {
        html.put(", row {} of the form", &[row]);
    }
    if let Some(unit) = &mention.unit_printed {
        html.put(", unit {}", &[unit]);
    }
    for (_, check) in view.checks_of(index).take(3) {
        let sign = match check.result {
            CheckResult::Pass => "✓",
            CheckResult::Fail => "✗",
            CheckResult::NotTestable => "?",
        };
        html.put("<br>{} {} {}", &[&sign, &check.identity, &check.message]);
    }
    html.raw("</span>");
}
