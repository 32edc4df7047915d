//! HTML source to tags and text, as the HTML standard's tokenizer splits it, borrowing from the source.
//!
//! html5ever's tokenizer takes most of the time of a whole `scraper` parse (it copies names and attributes character
//! by character) and compares every attribute of a tag with every other; a test holds this one to its results.

use super::element::Raw;
use super::raw_text::{element_end, find, script_end};
use super::reference;

/// Attributes beyond this many in one tag are dropped, as no page needs them.
const MAX_ATTRIBUTES: usize = 64;
/// Longer names than this are of no element we know.
const MAX_NAME: usize = 16;

/// A piece of the page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Text(&'a str),
    /// A resolved character reference, of one or two characters.
    Reference(char, Option<char>),
    /// A tag; its name and attributes are in [`Scanner::tag`].
    Tag,
}

/// The name of an element in lower case, cut off beyond any known length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Name {
    bytes: [u8; MAX_NAME],
    length: u8,
}

impl Name {
    fn new(printed: &[u8]) -> Self {
        let mut name = Self::default();
        for (place, byte) in name.bytes.iter_mut().zip(printed) {
            *place = byte.to_ascii_lowercase();
            name.length += 1;
        }
        name
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }
}

/// The last tag that was met.
#[derive(Debug, Default)]
pub(super) struct Tag<'a> {
    pub(super) name: Name,
    pub(super) is_end: bool,
    pub(super) self_closing: bool,
    /// Names as printed and values with their references unresolved.
    pub(super) attributes: Vec<(&'a str, &'a str)>,
}

/// Splits a page into tokens.
pub(super) struct Scanner<'a> {
    source: &'a str,
    position: usize,
    /// Inside an element whose content is not markup: how it is read and where its text ends.
    raw: Option<(Raw, usize)>,
    pub(super) tag: Tag<'a>,
    /// How many bytes are lost in a tag or comment that does not end before the page does.
    pub(super) unclosed_bytes: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            position: 0,
            raw: None,
            tag: Tag::default(),
            unclosed_bytes: 0,
        }
    }

    /// The content of the element whose start tag was just met is not markup.
    pub(super) fn enter_raw(&mut self, raw: Raw) {
        let name = self.tag.name;
        let end = match raw {
            Raw::Script => script_end(self.rest()),
            _ => element_end(self.rest(), name.as_bytes()),
        };
        self.raw = Some((raw, self.position + end));
    }

    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if self.raw.is_some_and(|(_, end)| self.position >= end) {
                self.raw = None;
            }
            if let Some((raw, end)) = self.raw {
                return self.raw_text(raw, end);
            }
            let rest = self.rest();
            let bytes = rest.as_bytes();
            match bytes.first()? {
                b'&' => return Some(self.reference(rest)),
                b'<' => match bytes.get(1) {
                    Some(b'!') => self.skip(declaration_length(bytes)),
                    Some(b'?') => self.skip(past(bytes, b'>')),
                    Some(b'/') => match bytes.get(2) {
                        Some(letter) if letter.is_ascii_alphabetic() => {
                            if self.read_tag(2, true) {
                                return Some(Token::Tag);
                            }
                        }
                        Some(_) => self.skip(past(bytes, b'>')),
                        None => return Some(self.text(2)),
                    },
                    Some(letter) if letter.is_ascii_alphabetic() => {
                        if self.read_tag(1, false) {
                            return Some(Token::Tag);
                        }
                    }
                    _ => return Some(self.text(1)),
                },
                _ => {
                    let length = bytes
                        .iter()
                        .position(|byte| matches!(byte, b'<' | b'&'))
                        .unwrap_or(bytes.len());
                    return Some(self.text(length));
                }
            }
        }
    }

    fn rest(&self) -> &'a str {
        self.source.get(self.position..).unwrap_or_default()
    }

    /// Passes over a declaration or comment, or over the rest of the page when its end is missing.
    fn skip(&mut self, length: Option<usize>) {
        let rest = self.rest().len();
        self.unclosed_bytes += if length.is_none() { rest } else { 0 };
        self.position += length.unwrap_or(rest);
    }

    fn text(&mut self, length: usize) -> Token<'a> {
        let text = self.rest().get(..length).unwrap_or_default();
        self.position += length;
        Token::Text(text)
    }

    fn reference(&mut self, rest: &'a str) -> Token<'a> {
        match reference::resolve(rest, false) {
            Some((first, second, length)) => {
                self.position += length;
                Token::Reference(first, second)
            }
            None => self.text(1),
        }
    }

    fn raw_text(&mut self, raw: Raw, end: usize) -> Option<Token<'a>> {
        let rest = self.source.get(self.position..end)?;
        if !matches!(raw, Raw::Title | Raw::Field) {
            return Some(self.text(rest.len()));
        }
        if rest.starts_with('&') {
            return Some(self.reference(rest));
        }
        Some(self.text(rest.find('&').unwrap_or(rest.len())))
    }

    /// Reads the tag whose name begins `skip` bytes ahead; false when the page ends inside it.
    fn read_tag(&mut self, skip: usize, is_end: bool) -> bool {
        let bytes = self.source.as_bytes();
        let start = self.position + skip;
        let mut at = start + run(bytes, start, |byte| !is_space(byte) && byte != b'/' && byte != b'>');
        self.tag.name = Name::new(bytes.get(start..at).unwrap_or_default());
        self.tag.is_end = is_end;
        self.tag.self_closing = false;
        self.tag.attributes.clear();
        loop {
            at += run(bytes, at, is_space);
            match bytes.get(at) {
                None => {
                    self.skip(None);
                    return false;
                }
                Some(b'>') => {
                    self.position = at + 1;
                    return true;
                }
                Some(b'/') => {
                    at += 1;
                    self.tag.self_closing = bytes.get(at) == Some(&b'>');
                }
                Some(_) => at = self.read_attribute(at),
            }
        }
    }

    /// Reads the attribute at `start` and returns where it ends.
    fn read_attribute(&mut self, start: usize) -> usize {
        let bytes = self.source.as_bytes();
        // A name may begin with `=`, but does not contain it.
        let name_end = start
            + 1
            + run(bytes, start + 1, |byte| {
                !is_space(byte) && !matches!(byte, b'/' | b'>' | b'=')
            });
        let equals = name_end + run(bytes, name_end, is_space);
        let (value, end) = if bytes.get(equals) == Some(&b'=') {
            let begin = equals + 1 + run(bytes, equals + 1, is_space);
            match bytes.get(begin) {
                Some(quote @ (b'"' | b'\'')) => {
                    let close = begin + 1 + run(bytes, begin + 1, |byte| byte != *quote);
                    (begin + 1..close, close + 1)
                }
                _ => {
                    let close = begin + run(bytes, begin, |byte| !is_space(byte) && byte != b'>');
                    (begin..close, close)
                }
            }
        } else {
            (name_end..name_end, equals)
        };
        if self.tag.attributes.len() < MAX_ATTRIBUTES
            && let (Some(name), Some(value)) = (self.source.get(start..name_end), self.source.get(value))
        {
            self.tag.attributes.push((name, value));
        }
        end
    }
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | b'\x0C')
}

/// How many bytes from `start` on are `wanted`.
fn run(bytes: &[u8], start: usize, wanted: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    rest.iter().position(|byte| !wanted(*byte)).unwrap_or(rest.len())
}

/// How far the first `end` reaches.
fn past(bytes: &[u8], end: u8) -> Option<usize> {
    bytes.iter().position(|byte| *byte == end).map(|position| position + 1)
}

/// The length of `<!doctype>`, of a comment, or of anything else that begins with `<!`.
fn declaration_length(bytes: &[u8]) -> Option<usize> {
    let Some(comment) = bytes.strip_prefix(b"<!--") else {
        return past(bytes, b'>');
    };
    if comment.starts_with(b">") {
        return Some(5);
    }
    if comment.starts_with(b"->") {
        return Some(6);
    }
    let mut from = 0;
    while let Some(found) = find(comment, from, b"--") {
        let tail = comment.get(found + 2..).unwrap_or_default();
        if tail.starts_with(b">") {
            return Some(4 + found + 3);
        }
        if tail.starts_with(b"!>") {
            return Some(4 + found + 4);
        }
        from = found + 1;
    }
    None
}

#[cfg(test)]
#[path = "scan_tests.rs"]
mod tests;
