//! The page around the report: navigation, menus, news, styles and scripts of a site.

use std::fmt::Write;

use crate::body::Body;
use crate::data::Data;
use crate::dice::Dice;

/// What a site's template needs.
pub struct Site<'a> {
    /// Data files.
    pub data: &'static Data,
    /// Whose site.
    pub body: &'a Body,
    /// Name of the template.
    pub name: &'static str,
    /// Title of the page.
    pub title: &'a str,
    /// Date of publication.
    pub published: &'a str,
    /// Line that declares the encoding.
    pub charset: &'static str,
    /// Text is converted by this before it is put in.
    pub convert: &'a dyn Fn(&str) -> String,
    /// Bytes of styles and scripts, about.
    pub weight: usize,
    /// The page breaks off behind the body.
    pub truncated: bool,
}

impl Site<'_> {
    /// The whole page.
    pub fn wrap(&self, body: &str, dice: &mut Dice) -> String {
        // One brand and one host a page.
        let brand = dice.pick(self.data.words("brands"));
        let clone_host = dice.pick(self.data.words("clonehosts"));
        let template = self
            .data
            .sites
            .iter()
            .find(|site| site.0 == self.name)
            .map_or("{{body}}", |site| site.1);
        let mut out = String::with_capacity(body.len() + self.weight + template.len() + 8 * 1024);
        let mut rest = template;
        while let Some(open) = rest.find("{{") {
            self.words(&mut out, &rest[..open]);
            let close = rest[open..].find("}}").map_or(rest.len(), |at| open + at);
            let hole = &rest[open + 2..close];
            rest = rest.get(close + 2..).unwrap_or_default();
            match hole {
                "body" => out.push_str(body),
                "brand" => out.push_str(brand),
                "clonehost" => out.push_str(clone_host),
                _ => self.hole(&mut out, hole, dice),
            }
            if hole == "body" && self.truncated {
                return out;
            }
        }
        self.words(&mut out, rest);
        out
    }

    /// Words of the template itself; those of foreign sites are in their own script already.
    fn words(&self, out: &mut String, text: &str) {
        if text.is_ascii() {
            out.push_str(text)
        } else {
            out.push_str(&(self.convert)(text))
        }
    }

    fn hole(&self, out: &mut String, hole: &str, dice: &mut Dice) {
        let place = self.body.place;
        match hole {
            "charset" => out.push_str(self.charset),
            "title" => out.push_str(self.title),
            "published" => out.push_str(self.published),
            "site" => out.push_str(&(self.convert)(&format!("{}人民政府门户网站", place.clear_name()))),
            "office" => out.push_str(&(self.convert)(&self.body.clear_name())),
            "host" => _ = write!(out, "www.{}.gov.cn", place.pinyin),
            "path" => {
                _ = write!(
                    out,
                    "/{}/zwgk/xxgkml/ndbg/t{}_{}.html",
                    place.pinyin,
                    self.published.replace('-', ""),
                    dice.below(9_000_000)
                )
            }
            "siteid" => _ = write!(out, "{}0001", place.code),
            "icp" => _ = write!(out, "{}", 5_000_000 + dice.below(16_000_000)),
            "index" => _ = write!(out, "{}/{}-{:05}", place.pinyin, &self.published[..4], dice.below(900)),
            "nav" => self.menu(out, 12, 26, dice),
            "side" => self.menu(out, 10, 38, dice),
            "news" => self.news(out, dice),
            "styles" => self.styles(out, dice),
            "scripts" => self.scripts(out, dice),
            _ => {}
        }
    }

    fn menu(&self, out: &mut String, low: i64, high: i64, dice: &mut Dice) {
        for at in 0..dice.between(low, high) {
            let name = (self.convert)(dice.pick(self.data.words("nav")));
            _ = writeln!(
                out,
                "<li><a href=\"/col/col{}/index.html\" target=\"_blank\">{name}</a></li>",
                1200 + at * 7
            );
        }
    }

    fn news(&self, out: &mut String, dice: &mut Dice) {
        for _ in 0..dice.between(4, 16) {
            let headline = format!("{}{}", self.body.place.name, dice.pick(self.data.words("newstitles")));
            let (month, day) = (dice.between(1, 12), dice.between(1, 28));
            let id = dice.below(900_000);
            let headline = (self.convert)(&headline);
            _ = writeln!(
                out,
                "<li><a href=\"/art/art_{id}.html\" title=\"{headline}\">{headline}</a><span>{month:02}-{day:02}</span></li>"
            );
        }
    }

    fn styles(&self, out: &mut String, dice: &mut Dice) {
        out.push_str("<style type=\"text/css\">\n");
        let end = out.len() + self.weight / 2;
        while out.len() < end {
            let (box_no, width, size) = (dice.below(90), dice.below(1100), 12 + dice.below(8));
            _ = writeln!(
                out,
                ".mod-{box_no} .bd-{} a:hover{{width:{width}px;height:auto;font-size:{size}px;line-height:{}px;color:#{:06x};background:url(/images/bg_{box_no}.png) no-repeat 0 -{}px}}",
                dice.below(40),
                size * 2,
                dice.below(0xff_ffff),
                dice.below(400)
            );
        }
        out.push_str("</style>\n");
    }

    fn scripts(&self, out: &mut String, dice: &mut Dice) {
        out.push_str("<script type=\"text/javascript\">\n");
        let end = out.len() + self.weight / 2;
        while out.len() < end {
            let (name, limit) = (dice.below(900), dice.below(5000));
            _ = writeln!(
                out,
                "function fn{name}(e,t){{var n=document.getElementById('d{name}');if(n&&t<{limit}){{n.className=n.className.replace(/\\bcur{name}\\b/g,'');n.style.display=e?'block':'none';}}setTimeout(function(){{fn{name}(!e,t+1)}},{limit});}}"
            );
        }
        out.push_str("</script>\n");
    }
}
