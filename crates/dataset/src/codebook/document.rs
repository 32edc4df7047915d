//! A document before it is Markdown or HTML: blocks of lines, lines of words. Both are made from one document, so that
//! they say the same.

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Inline {
    /// Words.
    Text(String),
    /// A name as it stands in the tables.
    Code(String),
    /// A name that leads to where it is explained.
    Link {
        /// The id of a heading.
        to: String,
        /// The name.
        text: String,
    },
}

/// A line of text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line(pub Vec<Inline>);

impl Line {
    /// Words, with names between backticks.
    pub(super) fn of(text: &str) -> Self {
        Self::default().text(text)
    }

    /// Adds words, with names between backticks.
    pub(super) fn text(mut self, text: &str) -> Self {
        for (place, part) in text.split('`').enumerate().filter(|(_, part)| !part.is_empty()) {
            let part = part.to_owned();
            self.0.push(match place % 2 {
                0 => Inline::Text(part),
                _ => Inline::Code(part),
            });
        }
        self
    }

    /// Adds words as they are.
    pub(super) fn plain(mut self, text: &str) -> Self {
        self.0.push(Inline::Text(text.to_owned()));
        self
    }

    /// Adds a name.
    pub(super) fn code(mut self, name: &str) -> Self {
        self.0.push(Inline::Code(name.to_owned()));
        self
    }

    /// Adds a name that leads to the heading with this id.
    pub(super) fn link(mut self, to: String, text: &str) -> Self {
        self.0.push(Inline::Link {
            to,
            text: text.to_owned(),
        });
        self
    }
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// A heading that links lead to.
    Heading {
        /// From 1, the document's title.
        level: u8,
        /// What links name; once in a document.
        id: String,
        /// The words.
        text: Line,
    },
    /// A paragraph.
    Paragraph(Line),
    /// Lines of a program.
    Program(String),
    /// A table.
    Table {
        /// Names of the columns.
        head: Vec<&'static str>,
        /// As many lines a row as there are columns.
        rows: Vec<Vec<Line>>,
    },
    /// What is to be said of one thing: a word, and one line or several.
    Terms(Vec<(&'static str, Vec<Line>)>),
    /// Where the contents go: the headings of the levels 2 and 3.
    Contents,
}

/// The headings that the contents list.
pub(super) fn contents(blocks: &[Block]) -> impl Iterator<Item = (u8, &str, &Line)> {
    blocks.iter().filter_map(|block| match block {
        Block::Heading { level, id, text } if matches!(level, 2 | 3) => Some((*level, id.as_str(), text)),
        _ => None,
    })
}
