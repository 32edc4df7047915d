//! What a page says about itself outside its text: title, address, `<meta>` tags.

use super::element::attribute;
use super::reference::resolved;
use super::scan::Tag;
use crate::limits::beginning;

/// More tags than this do not describe a page.
const MAX_META: usize = 256;
/// A longer title than this many bytes is a page whose `<title>` does not end.
const MAX_TITLE: usize = 64 << 10;

/// Title, address and meta tags as they are met.
#[derive(Default)]
pub(super) struct Head {
    pub(super) title: Option<String>,
    canonical: Option<String>,
    og_url: Option<String>,
    pub(super) meta: Vec<(String, String)>,
    title_text: String,
    /// The title was longer than a title can be.
    pub(super) title_cut: bool,
}

impl Head {
    pub(super) fn url(&mut self) -> Option<String> {
        self.canonical.take().or_else(|| self.og_url.take())
    }

    pub(super) fn title_text(&mut self, text: &str) {
        if self.title.is_none() {
            let kept = beginning(text, MAX_TITLE.saturating_sub(self.title_text.len()));
            self.title_text.push_str(kept);
            self.title_cut |= kept.len() < text.len();
        }
    }

    /// The first title with text is the page's.
    pub(super) fn end_title(&mut self) {
        let text = std::mem::take(&mut self.title_text);
        let words: Vec<&str> = text.split_whitespace().collect();
        if self.title.is_none() && !words.is_empty() {
            self.title = Some(words.join(" "));
        }
    }

    pub(super) fn meta(&mut self, tag: &Tag) {
        let name = attribute(tag, "name").or_else(|| attribute(tag, "property"));
        let (Some(name), Some(content)) = (name, attribute(tag, "content")) else {
            return;
        };
        let (name, content) = (resolved(name), resolved(content));
        let (name, content) = (name.trim(), content.trim());
        if name.eq_ignore_ascii_case("og:url") && self.og_url.is_none() {
            self.og_url = (!content.is_empty()).then(|| content.to_owned());
        }
        if !name.is_empty() && self.meta.len() < MAX_META {
            self.meta.push((name.to_owned(), content.to_owned()));
        }
    }

    pub(super) fn link(&mut self, tag: &Tag) {
        let canonical = attribute(tag, "rel").is_some_and(|rel| {
            rel.split_ascii_whitespace()
                .any(|word| word.eq_ignore_ascii_case("canonical"))
        });
        if canonical && self.canonical.is_none() {
            self.canonical = attribute(tag, "href").and_then(printed);
        }
    }
}

fn printed(value: &str) -> Option<String> {
    let value = resolved(value);
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}
