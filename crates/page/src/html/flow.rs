//! The tags and characters of a page in one pass: which text is shown, and where its lines end.

use super::element::{Container, Element, Raw, attribute, is_hidden};
use super::head::Head;
use super::hidden::{Hidden, Verdict};
use super::record::{Context, Record};
use super::reference::resolved;
use super::scan::Tag;
use super::tables::OpenTable;
use crate::limits::Limits;

/// How often a cap was met.
#[derive(Default)]
pub(super) struct Caps {
    pub(super) depth: usize,
    pub(super) cells: usize,
    pub(super) spans: usize,
}

/// The state of the pass.
pub(super) struct Flow<'a> {
    pub(super) limits: &'a Limits,
    pub(super) record: Record,
    pub(super) head: Head,
    pub(super) caps: Caps,
    /// Bytes of text in hidden parts.
    pub(super) hidden_bytes: usize,
    /// The element whose content is not markup, while it is open.
    pub(super) raw: Option<Raw>,
    pub(super) context: Context,
    pub(super) hidden: Option<Hidden>,
    /// The open containers, outermost first. Inline elements and paragraphs need no place here.
    pub(super) stack: Vec<Container>,
    pub(super) tables: Vec<OpenTable>,
    /// How many cells there are in all tables.
    pub(super) cells: usize,
    /// How many tables are open that are nested too deeply to be followed.
    pub(super) passed_tables: usize,
}

impl<'a> Flow<'a> {
    pub(super) fn new(limits: &'a Limits, page_bytes: usize) -> Self {
        Self {
            limits,
            record: Record::new(page_bytes / 4, limits.max_text_bytes, limits.max_blocks),
            head: Head::default(),
            caps: Caps::default(),
            hidden_bytes: 0,
            raw: None,
            context: Context::default(),
            hidden: None,
            stack: Vec::new(),
            tables: Vec::new(),
            cells: 0,
            passed_tables: 0,
        }
    }

    /// Text between tags.
    pub(super) fn characters(&mut self, text: &str) {
        match self.raw {
            None if self.hidden.is_none() => self.record.push(text, self.context),
            Some(Raw::Shown) if self.hidden.is_none() => {
                self.record.push(
                    text,
                    Context {
                        preformatted: true,
                        ..self.context
                    },
                );
            }
            Some(Raw::Title) if self.hidden.is_none() => self.head.title_text(text),
            Some(_) => {}
            None => {
                if self.hidden.as_ref().is_some_and(Hidden::is_of_the_page) {
                    self.hidden_bytes += text.trim_ascii().len();
                }
            }
        }
    }

    /// A tag; tells the scanner when what follows is not markup.
    pub(super) fn tag(&mut self, tag: &Tag) -> Option<Raw> {
        let element = Element::of(&tag.name);
        if tag.is_end {
            self.end(tag, element);
            return None;
        }
        self.start(tag, element)
    }

    /// The end of the page closes what is open.
    pub(super) fn finish(&mut self) {
        self.end_line();
        while !self.tables.is_empty() {
            self.close_table();
        }
    }

    pub(super) fn end_line(&mut self) {
        self.record.end_line(self.context.heading);
    }

    fn start(&mut self, tag: &Tag, element: Element) -> Option<Raw> {
        if let Element::Raw(raw) = element {
            // `<style/>` is complete in SVG, and only there.
            return if tag.self_closing && self.hidden.is_some() {
                None
            } else {
                self.start_raw(raw)
            };
        }
        if self.goes_on_hidden(tag, element) {
            return None;
        }
        match element {
            Element::Inline => self.hide_if_hidden(tag, element),
            Element::Anchor => {
                let followed = attribute(tag, "href").is_some();
                self.context.link = followed.then_some(self.stack.len());
                self.hide_if_hidden(tag, element);
            }
            Element::Break | Element::Root => self.end_line(),
            Element::Paragraph => {
                self.end_line();
                self.hide_if_hidden(tag, element);
            }
            Element::Heading(level) => self.start_container(tag, element, Container::Heading, level),
            Element::Container(container) => self.start_container(tag, element, container, self.context.heading),
            Element::Table => self.start_table(tag),
            Element::Group => self.start_group(tag),
            Element::Row => self.start_row(tag),
            Element::Cell => self.start_cell(tag),
            Element::Caption => self.start_caption(tag),
            Element::Meta => self.head.meta(tag),
            Element::Link => self.head.link(tag),
            Element::Unshown | Element::Option | Element::Struck => self.hide(tag, element),
            Element::Field => self.field(tag),
            Element::Void | Element::Raw(_) => {}
        }
        None
    }

    fn end(&mut self, tag: &Tag, element: Element) {
        if let Some(raw) = self.raw.take() {
            self.end_raw(raw);
            return;
        }
        let container = match element {
            Element::Heading(_) => Some(Container::Heading),
            Element::Container(container) => Some(container),
            _ => None,
        };
        let opened = container.and_then(|container| self.innermost(container));
        if let Some(hidden) = &mut self.hidden {
            let (depth, in_table) = (hidden.depth(), !self.tables.is_empty() && self.passed_tables == 0);
            let verdict = hidden.end(tag, element, in_table, opened.is_some_and(|opened| opened < depth));
            if verdict == Verdict::Inside {
                if let Some(opened) = opened.filter(|opened| *opened >= depth) {
                    self.stack.truncate(opened);
                }
                return;
            }
            self.show();
            if verdict == Verdict::Ends {
                return;
            }
        }
        match element {
            Element::Anchor => self.context.link = None,
            Element::Break | Element::Root | Element::Paragraph => self.end_line(),
            Element::Heading(_) | Element::Container(_) => {
                self.end_line();
                if let Some(opened) = opened {
                    self.close_containers(opened);
                }
            }
            Element::Table => self.end_table(),
            Element::Group => self.end_group(),
            Element::Row => self.end_row(),
            Element::Cell | Element::Caption => self.end_cell(),
            Element::Inline | Element::Void | Element::Field | Element::Meta | Element::Link => {}
            Element::Unshown | Element::Option | Element::Struck | Element::Raw(_) => {}
        }
    }

    /// The value of a field in a cell, as in a form that was printed with its fields; others belong to the page.
    fn field(&mut self, tag: &Tag) {
        let kind = attribute(tag, "type").unwrap_or("text");
        let is_shown = ["text", "number"].iter().any(|shown| kind.eq_ignore_ascii_case(shown));
        if let Some(value) = attribute(tag, "value").filter(|_| is_shown && !self.tables.is_empty()) {
            self.characters(&resolved(value));
        }
    }

    fn start_raw(&mut self, raw: Raw) -> Option<Raw> {
        if raw == Raw::Shown && self.hidden.is_none() {
            self.end_line();
        }
        self.raw = Some(raw);
        Some(raw)
    }

    fn end_raw(&mut self, raw: Raw) {
        match raw {
            Raw::Title => self.head.end_title(),
            Raw::Shown if self.hidden.is_none() => self.end_line(),
            _ => {}
        }
    }

    fn start_container(&mut self, tag: &Tag, element: Element, container: Container, heading: u8) {
        self.end_line();
        self.close_implied(container);
        if is_hidden(tag) {
            self.hide(tag, element);
            return;
        }
        self.open(container);
        self.context.heading = heading;
        self.context.preformatted |= container == Container::Preformatted;
    }

    /// `<li>` closes the item before it, `<dd>` and `<dt>` the term before it, a heading one without end tag.
    fn close_implied(&mut self, container: Container) {
        let opened = match container {
            Container::Item => self.innermost_within(Container::Item, |outer| {
                matches!(outer, Container::List | Container::OrderedList | Container::Menu)
            }),
            Container::Term => self.innermost_within(Container::Term, |outer| outer == Container::DefinitionList),
            Container::Heading => self.innermost_within(Container::Heading, |outer| outer != Container::Heading),
            _ => None,
        };
        if let Some(opened) = opened {
            self.close_containers(opened);
        }
    }

    fn open(&mut self, container: Container) {
        if self.stack.len() < self.limits.max_depth {
            self.stack.push(container);
        } else {
            self.caps.depth += 1;
        }
    }

    /// Index of the innermost open container of this kind inside the open cell.
    fn innermost(&self, container: Container) -> Option<usize> {
        self.innermost_within(container, |_| false)
    }

    fn innermost_within(&self, container: Container, is_boundary: impl Fn(Container) -> bool) -> Option<usize> {
        let base = self.base();
        let inside = self.stack.get(base..)?;
        let index = inside
            .iter()
            .rposition(|open| *open == container || is_boundary(*open))?;
        (inside.get(index) == Some(&container)).then_some(base + index)
    }

    fn close_containers(&mut self, from: usize) {
        for container in self.stack.drain(from..) {
            self.context.close(container);
        }
        if self.context.link.is_some_and(|depth| depth > self.stack.len()) {
            self.context.link = None;
        }
    }

    /// Whether the page is in a hidden part and this start tag does not end it.
    fn goes_on_hidden(&mut self, tag: &Tag, element: Element) -> bool {
        let in_table = self.in_table();
        let Some(hidden) = &mut self.hidden else { return false };
        let nested = self.stack.len() > hidden.depth();
        if hidden.start(tag, element, in_table, nested) == Verdict::Inside {
            if let Element::Container(container) = element {
                self.open(container);
            }
            return true;
        }
        self.show();
        false
    }

    fn hide_if_hidden(&mut self, tag: &Tag, element: Element) {
        if is_hidden(tag) {
            self.hide(tag, element);
        }
    }

    /// Passes over what follows until the element ends. An element that claims to be empty hides nothing: scripts
    /// and Word write `<span style="display:none"/>`.
    fn hide(&mut self, tag: &Tag, element: Element) {
        if !tag.self_closing {
            self.hidden = Some(Hidden::new(tag, element, self.stack.len()));
        }
    }

    fn show(&mut self) {
        if let Some(hidden) = self.hidden.take() {
            self.stack.truncate(hidden.depth());
        }
    }
}
