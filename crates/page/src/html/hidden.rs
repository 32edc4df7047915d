//! Parts of a page that are not shown, and where they end in spite of missing end tags.

use super::element::{Container, Element};
use super::scan::{Name, Tag};

/// How much is hidden, smallest first: the start or end of a larger part also ends a smaller one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Extent {
    Element,
    Cell,
    Row,
    Group,
    Table,
}

impl Extent {
    /// The table part that a tag begins or ends.
    fn of(element: Element) -> Option<Self> {
        match element {
            Element::Cell | Element::Caption => Some(Self::Cell),
            Element::Row => Some(Self::Row),
            Element::Group => Some(Self::Group),
            _ => None,
        }
    }
}

/// A part of the page that is being passed over.
#[derive(Debug)]
pub(super) struct Hidden {
    extent: Extent,
    name: Name,
    element: Element,
    /// How many elements of the same name are open, the hidden one included.
    open: usize,
    /// Depth of the element stack outside it.
    depth: usize,
    /// How many tables are open inside it.
    tables: usize,
}

/// What a tag means to the hidden part it was met in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The tag belongs to the hidden part, which goes on.
    Inside,
    /// The tag was the end tag of the hidden part.
    Ends,
    /// The hidden part ended before the tag, which counts as usual.
    EndedBefore,
}

impl Hidden {
    pub(super) fn new(tag: &Tag, element: Element, depth: usize) -> Self {
        let extent = if element == Element::Table {
            Extent::Table
        } else {
            Extent::of(element).unwrap_or(Extent::Element)
        };
        Self {
            extent,
            name: tag.name,
            element,
            open: 1,
            depth,
            tables: 0,
        }
    }

    /// Whether the page hides text of its own, rather than a form control or a drawing that has none.
    pub(super) fn is_of_the_page(&self) -> bool {
        !matches!(self.element, Element::Unshown | Element::Option | Element::Struck)
    }

    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// A start tag was met; `in_table` tells whether a table is open around the hidden part, and `nested` whether a
    /// container is open inside it.
    pub(super) fn start(&mut self, tag: &Tag, element: Element, in_table: bool, nested: bool) -> Verdict {
        if element == Element::Table {
            self.tables += 1;
        } else if self.tables == 0
            && in_table
            && Extent::of(element).is_some_and(|extent| self.extent != Extent::Table && self.extent <= extent)
        {
            return Verdict::EndedBefore;
        }
        if self.extent != Extent::Element {
            return Verdict::Inside;
        }
        let starts_block = matches!(
            element,
            Element::Paragraph | Element::Heading(_) | Element::Container(_) | Element::Table | Element::Row
        );
        let ended = match self.element {
            // An end tag that was forgotten strikes no more than its paragraph.
            Element::Paragraph | Element::Struck => starts_block,
            Element::Container(Container::Item | Container::Term) | Element::Option => {
                element == self.element && !nested
            }
            _ => false,
        };
        if ended {
            return Verdict::EndedBefore;
        }
        if tag.name == self.name && !tag.self_closing {
            self.open += 1;
        }
        Verdict::Inside
    }

    /// An end tag was met; `closes_outside` tells whether the element it closes was opened before the hidden part.
    pub(super) fn end(&mut self, tag: &Tag, element: Element, in_table: bool, closes_outside: bool) -> Verdict {
        if element == Element::Table {
            if self.tables > 0 {
                self.tables -= 1;
                return Verdict::Inside;
            }
            if self.extent == Extent::Table {
                return Verdict::Ends;
            }
            return if in_table {
                Verdict::EndedBefore
            } else {
                Verdict::Inside
            };
        }
        if self.extent == Extent::Element && tag.name == self.name {
            self.open -= 1;
            return if self.open == 0 { Verdict::Ends } else { Verdict::Inside };
        }
        let ends_block = matches!(
            element,
            Element::Paragraph | Element::Heading(_) | Element::Container(_)
        );
        if self.element == Element::Struck && ends_block {
            return Verdict::EndedBefore;
        }
        let ends_part = self.tables == 0
            && in_table
            && Extent::of(element).is_some_and(|extent| self.extent != Extent::Table && self.extent <= extent);
        if ends_part || (closes_outside && self.extent == Extent::Element) {
            return Verdict::EndedBefore;
        }
        Verdict::Inside
    }
}
