//! The facts of a page and the site around its article: menu, side bar, links.

use std::fmt::Write as _;

use super::page::Kind;
use super::writer::Writer;

impl Writer<'_> {
    pub(super) fn facts(&mut self, kind: Kind, year: u16, index: u64) {
        let words = &self.maker.words;
        let office = words
            .get("office")
            .and_then(|offices| self.chance.pick(offices))
            .copied()
            .unwrap_or("");
        let body = self.maker.places.body(year, office, &mut self.chance);
        let title = match kind {
            Kind::Guide => format!("{}政府信息公开指南", body.organ),
            Kind::Links => format!("{}政府信息公开年报", body.place),
            _ if self.chance.happens(50) => format!("{}{year}年政府信息公开工作年度报告", body.organ),
            _ => format!("{year}年{}政府信息公开工作年度报告", body.organ),
        };
        let day = self.chance.between(1, 28);
        let month = self.chance.between(1, 3);
        self.facts = vec![
            ("year", year.to_string()),
            ("published", format!("{}-{month:02}-{day:02}", year + 1)),
            ("month", self.chance.between(1, 6).to_string()),
            ("month2", self.chance.between(7, 12).to_string()),
            ("day", day.to_string()),
            ("place", body.place.to_owned()),
            ("site", format!("{}人民政府门户网站", body.place)),
            ("site_owner", format!("{}人民政府", body.place)),
            ("organ", body.organ),
            ("title", title),
            ("charset", if self.is_old { "gb2312" } else { "utf-8" }.to_owned()),
            ("index", index.to_string()),
            ("menu", self.menu()),
            ("side", self.side()),
            ("links", self.links()),
        ];
    }

    fn menu(&mut self) -> String {
        let mut out = String::new();
        for line in self.maker.chrome.get("menu").into_iter().flatten() {
            let Some((name, entries)) = line.split_once(": ") else {
                continue;
            };
            let _ = write!(out, "<li><a href=\"/c{}/\">{name}</a><ul>", self.chance.between(10, 99));
            for entry in entries.split(' ') {
                let _ = write!(
                    out,
                    "<li><a href=\"/col/{}/index.html\" target=\"_blank\">{entry}</a></li>",
                    self.chance.between(10_000, 99_999)
                );
            }
            out.push_str("</ul></li>\n");
        }
        out
    }

    fn side(&mut self) -> String {
        let mut out = String::new();
        for entry in self
            .maker
            .chrome
            .get("side")
            .into_iter()
            .flatten()
            .flat_map(|line| line.split(' '))
        {
            let column = self.chance.between(10_000, 99_999);
            let _ = writeln!(
                out,
                "<li data-id=\"{column}\"><a href=\"/col/{column}/index.html\">{entry}</a></li>"
            );
        }
        out
    }

    fn links(&mut self) -> String {
        let mut out = String::from("<select onchange=\"window.open(this.value)\"><option>本地部门</option>");
        for office in self.maker.words.get("office").into_iter().flatten() {
            let _ = write!(
                out,
                "<option value=\"/bm/{}/\">{office}</option>",
                self.chance.between(100, 999)
            );
        }
        out.push_str("</select>");
        out
    }
}
