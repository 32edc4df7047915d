//! HTML under construction: markup is ours, everything else is escaped.
//!
//! Markup can only be written in the program's text; there is no way to put in a string from elsewhere unescaped.

use std::fmt::Display;

/// An HTML document, as far as it is written.
#[derive(Debug, Default)]
pub struct Html(String);

impl Html {
    /// Adds markup of ours.
    pub fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Adds text of whatever origin.
    pub fn text(&mut self, text: &str) -> &mut Self {
        escape(text, &mut self.0);
        self
    }

    /// Adds markup of ours with a value of whatever origin for each `{}` in it.
    pub fn put(&mut self, markup: &'static str, values: &[&dyn Display]) -> &mut Self {
        let mut values = values.iter();
        for (place, part) in markup.split("{}").enumerate() {
            if place > 0 {
                let value = values.next().map(ToString::to_string);
                escape(&value.unwrap_or_default(), &mut self.0);
            }
            self.0.push_str(part);
        }
        debug_assert!(values.next().is_none(), "more values than places: {markup}");
        self
    }

    /// The document.
    pub fn into_string(self) -> String {
        self.0
    }
}

fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Control characters have no place in HTML; line ends and tabs do.
            character if character.is_control() && character != '\n' && character != '\t' => out.push('\u{fffd}'),
            // Marks that turn the direction of writing would reorder what we print around them.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push('\u{fffd}'),
            character => out.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Html;

    #[test]
    fn nothing_of_a_page_works_in_our_html() {
        let hostile = "<script>alert('1')</script> \"&\u{7}\u{202e}";
        let escaped = "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &quot;&amp;\u{fffd}\u{fffd}";
        let mut html = Html::default();
        html.text(hostile);
        assert_eq!(html.into_string(), escaped);
        let mut html = Html::default();
        html.put("<a title=\"{}\">{}</a>", &[&hostile, &7]);
        assert_eq!(html.into_string(), format!("<a title=\"{escaped}\">7</a>"));
    }

    #[test]
    fn values_with_places_in_them_are_not_filled() {
        let mut html = Html::default();
        html.put("<b>{}</b>{}", &[&"{}", &"x"]);
        assert_eq!(html.into_string(), "<b>{}</b>x");
    }
}
