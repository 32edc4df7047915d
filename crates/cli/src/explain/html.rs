//! HTML under construction: markup is ours, everything else is escaped.
//!
//! Markup can only be written in the program's text; there is no way to put in a string from elsewhere unescaped.

use std::fmt::Display;

use gongkai_dataset::escape_html;

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
        escape_html(text, &mut self.0);
        self
    }

    /// Adds markup of ours with a value of whatever origin for each `{}` in it.
    pub fn put(&mut self, markup: &'static str, values: &[&dyn Display]) -> &mut Self {
        let mut values = values.iter();
        for (place, part) in markup.split("{}").enumerate() {
            if place > 0 {
                let value = values.next().map(ToString::to_string);
                escape_html(&value.unwrap_or_default(), &mut self.0);
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
