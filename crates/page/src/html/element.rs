//! What each HTML element means to a reader, and the few attributes that matter.

use super::scan::{Name, Tag};

/// The role of an element. Containers are told apart, since an end tag closes only an element of its own kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    /// Text runs on through it: `<span>`, `<b>`, and every element that is not known.
    Inline,
    /// Has no content and shows no text: `<img>`.
    Void,
    /// `<input>`: shows its value, which in a cell is the cell's.
    Field,
    /// `<br>`, `<hr>`: ends a line.
    Break,
    Anchor,
    Paragraph,
    Heading(u8),
    Container(Container),
    /// `<html>` and `<body>`: never hidden, whatever their style says, since scripts reveal them.
    Root,
    Table,
    Group,
    Row,
    Cell,
    Caption,
    Meta,
    Link,
    /// Its content is never shown: `<select>`, `<svg>`, `<template>`.
    Unshown,
    /// Words that were struck, and marks of notes: `<del>`, `<s>`, `<strike>`, `<sup>`.
    Struck,
    Option,
    /// Its content is not markup.
    Raw(Raw),
}

/// Elements whose content the tokenizer must not read as markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Raw {
    Title,
    /// `<xmp>`, which shows its source.
    Shown,
    /// `<textarea>`, where character references are still resolved.
    Field,
    Script,
    /// `<style>`, `<iframe>`, `<noscript>`, `<noframes>`, `<noembed>`.
    Unshown,
}

/// Block elements that hold other blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    Division,
    Section,
    Article,
    Header,
    Footer,
    Main,
    Navigation,
    Aside,
    Quote,
    Centre,
    Form,
    FieldSet,
    OrderedList,
    List,
    Menu,
    DefinitionList,
    Item,
    Term,
    Figure,
    Details,
    Address,
    Preformatted,
    Heading,
    /// Blocks too rare to be told apart.
    Other,
}

impl Element {
    pub(super) fn of(name: &Name) -> Self {
        use Container as C;
        match name.as_bytes() {
            b"span" | b"font" | b"b" | b"strong" => Self::Inline,
            b"i" | b"u" | b"em" | b"label" => Self::Inline,
            b"p" => Self::Paragraph,
            b"td" | b"th" => Self::Cell,
            b"tr" => Self::Row,
            b"br" | b"hr" => Self::Break,
            b"a" => Self::Anchor,
            b"div" => Self::Container(C::Division),
            b"li" => Self::Container(C::Item),
            b"ul" => Self::Container(C::List),
            b"table" => Self::Table,
            b"tbody" | b"thead" | b"tfoot" => Self::Group,
            b"caption" => Self::Caption,
            b"img" | b"col" | b"param" => Self::Void,
            b"input" => Self::Field,
            b"base" | b"embed" | b"area" | b"wbr" => Self::Void,
            b"source" | b"track" | b"frame" | b"image" => Self::Void,
            b"bgsound" | b"basefont" | b"keygen" => Self::Void,
            b"colgroup" | b"head" | b"frameset" => Self::Void,
            b"meta" => Self::Meta,
            b"link" => Self::Link,
            b"html" | b"body" => Self::Root,
            b"h1" => Self::Heading(1),
            b"h2" => Self::Heading(2),
            b"h3" => Self::Heading(3),
            b"h4" => Self::Heading(4),
            b"h5" => Self::Heading(5),
            b"h6" => Self::Heading(6),
            b"script" => Self::Raw(Raw::Script),
            b"style" | b"iframe" | b"noscript" => Self::Raw(Raw::Unshown),
            b"noframes" | b"noembed" => Self::Raw(Raw::Unshown),
            b"title" => Self::Raw(Raw::Title),
            b"textarea" => Self::Raw(Raw::Field),
            b"xmp" => Self::Raw(Raw::Shown),
            b"select" | b"datalist" | b"svg" => Self::Unshown,
            b"template" | b"math" => Self::Unshown,
            // What was struck is no longer said, and the number of a note is no digit of the number before it.
            b"del" | b"s" | b"strike" | b"sup" => Self::Struck,
            b"option" | b"optgroup" => Self::Option,
            b"section" => Self::Container(C::Section),
            b"article" => Self::Container(C::Article),
            b"header" => Self::Container(C::Header),
            b"footer" => Self::Container(C::Footer),
            b"main" => Self::Container(C::Main),
            b"nav" => Self::Container(C::Navigation),
            b"aside" => Self::Container(C::Aside),
            b"blockquote" => Self::Container(C::Quote),
            b"center" => Self::Container(C::Centre),
            b"form" => Self::Container(C::Form),
            b"fieldset" => Self::Container(C::FieldSet),
            b"ol" => Self::Container(C::OrderedList),
            b"menu" | b"dir" => Self::Container(C::Menu),
            b"dl" => Self::Container(C::DefinitionList),
            b"dt" | b"dd" => Self::Container(C::Term),
            b"figure" | b"figcaption" => Self::Container(C::Figure),
            b"details" | b"summary" => Self::Container(C::Details),
            b"address" => Self::Container(C::Address),
            b"pre" | b"listing" => Self::Container(C::Preformatted),
            b"legend" | b"dialog" | b"hgroup" => Self::Container(C::Other),
            b"marquee" | b"search" => Self::Container(C::Other),
            // Word's data islands (`<xml><w:View>Normal</w:View></xml>`) are shown by no browser of their time.
            b"xml" => Self::Unshown,
            _ => Self::Inline,
        }
    }
}

/// The value of an attribute, its character references unresolved.
pub(super) fn attribute<'a>(tag: &Tag<'a>, name: &str) -> Option<&'a str> {
    tag.attributes
        .iter()
        .find(|(printed, _)| printed.eq_ignore_ascii_case(name))
        .map(|(_, value)| *value)
}

/// Whether the element is hidden by `hidden` or by `display: none` in its own style. Style sheets are not read.
pub(super) fn is_hidden(tag: &Tag) -> bool {
    tag.attributes.iter().any(|(name, value)| match name.len() {
        5 => name.eq_ignore_ascii_case("style") && displays_nothing(value),
        6 => name.eq_ignore_ascii_case("hidden"),
        _ => false,
    })
}

fn displays_nothing(style: &str) -> bool {
    // Pages full of inline styles hardly ever have this word in them.
    let says_none = |word: &[u8]| word.eq_ignore_ascii_case(b"none");
    if !style.as_bytes().windows(4).any(says_none) {
        return false;
    }
    style
        .split(';')
        .filter_map(|rule| rule.split_once(':'))
        .any(|(property, value)| {
            let value = value.trim_ascii_start();
            value.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("none"))
                && property.trim_ascii().eq_ignore_ascii_case("display")
        })
}

/// `colspan` or `rowspan` as printed: the digits it begins with, none when it is no number.
pub(super) fn printed_span(tag: &Tag, name: &str) -> Option<u32> {
    let value = attribute(tag, name)?.trim_ascii_start();
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    let digits = value.get(..digits).filter(|digits| !digits.is_empty())?;
    Some(digits.parse().unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::displays_nothing;

    #[test]
    fn display_none_is_recognised() {
        for style in ["display:none", "color: red; DISPLAY : None ;", "display:none!important"] {
            assert!(displays_nothing(style), "{style}");
        }
        for style in [
            "",
            "display:block",
            "mso-display:none",
            "display",
            ";;:",
            "content:'none'",
        ] {
            assert!(!displays_nothing(style), "{style}");
        }
    }
}
