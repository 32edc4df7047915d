//! HTML: paragraphs and tables in the hands of several editors.

use std::fmt::Write;

use super::{Look, Slot, grid};
use crate::dice::Dice;
use crate::doc::{Block, Cell, Line, Role, Table, text_of};
use crate::vocabulary::Layout;

/// Markup habits of one page.
struct Hand<'a> {
    look: &'a Look,
    para: &'static str,
    inner: &'static str,
    cell: &'static str,
    cell_inner: &'static str,
    table: &'static str,
    upper: bool,
}

const PARAS: [&str; 5] = [
    "",
    " style=\"text-indent: 2em;\"",
    " style=\"text-indent:32pt;line-height:150%;margin:0 0 10px 0\"",
    " align=\"left\" class=\"p1\"",
    " style=\"TEXT-ALIGN: justify; LINE-HEIGHT: 28pt\"",
];
const INNERS: [&str; 3] = [
    "",
    " style=\"font-size:16px;font-family:宋体\"",
    " style=\"font-family:仿宋_GB2312;font-size:16pt\"",
];
const CELLS: [&str; 3] = [
    " align=\"center\"",
    " style=\"border:1px solid #000;padding:2px 5px\"",
    "",
];
const TABLES: [&str; 3] = [
    " border=\"1\" cellspacing=\"0\" cellpadding=\"0\" width=\"90%\"",
    " class=\"table\" style=\"border-collapse:collapse;width:100%\"",
    " border=1 align=center",
];
const WORD_PARA: &str = " class=MsoNormal style='text-indent:32.0pt;mso-char-indent-count:2.0;line-height:28.0pt;mso-line-height-rule:exactly'";
const WORD_INNER: &str =
    " lang=EN-US style='font-size:16.0pt;font-family:仿宋_GB2312;mso-hansi-font-family:宋体;mso-bidi-font-family:宋体'";
const WORD_CELL: &str =
    " style='border:solid windowtext 1.0pt;mso-border-alt:solid windowtext .5pt;padding:0cm 5.4pt 0cm 5.4pt'";

/// The body of the page as HTML.
pub fn html(blocks: &[Block], look: &Look, dice: &mut Dice) -> String {
    let word = look.has(Layout::WordStyles);
    let hand = Hand {
        look,
        para: if word { WORD_PARA } else { dice.pick(&PARAS) },
        inner: if word { WORD_INNER } else { dice.pick(&INNERS) },
        cell: if word { WORD_CELL } else { dice.pick(&CELLS) },
        cell_inner: if word || dice.chance(20) { WORD_INNER } else { "" },
        table: dice.pick(&TABLES),
        upper: look.has(Layout::UnclosedTags) && dice.chance(50),
    };
    let mut out = String::with_capacity(64 * 1024);
    for (at, block) in blocks.iter().enumerate() {
        let last = at + 1 == blocks.len();
        match block {
            Block::Title(line) => _ = writeln!(out, "<h1 class=\"title\">{}</h1>", escaped(&text_of(line))),
            Block::Heading(_, line) => hand.paragraph(&mut out, line, true),
            Block::Para(line) if line.is_empty() => {}
            Block::Para(line) => hand.paragraph(&mut out, line, false),
            Block::Sign(line) => _ = writeln!(out, "<p align=\"right\">{}</p>", escaped(&text_of(line))),
            Block::Meta(pairs) => hand.meta(&mut out, pairs),
            Block::Table(table) => hand.tables(&mut out, table, last && look.truncated, dice),
        }
    }
    out
}

impl Hand<'_> {
    fn paragraph(&self, out: &mut String, line: &Line, heading: bool) {
        let text = text_of(line);
        let text = escaped(&text);
        if self.look.has(Layout::Breaks) {
            _ = writeln!(out, "&nbsp;&nbsp;&nbsp;&nbsp;{text}<br>");
            return;
        }
        let (open, close) = if heading { ("<strong>", "</strong>") } else { ("", "") };
        let (span, span_end) = if self.inner.is_empty() {
            (String::new(), "")
        } else {
            (format!("<span{}>", self.inner), "</span>")
        };
        let end = if self.look.has(Layout::UnclosedTags) {
            ""
        } else {
            "</p>"
        };
        _ = writeln!(out, "<p{}>{open}{span}{text}{span_end}{close}{end}", self.para);
    }

    fn meta(&self, out: &mut String, pairs: &[(std::borrow::Cow<'static, str>, std::borrow::Cow<'static, str>)]) {
        out.push_str("<table class=\"head\">");
        for pair in pairs.chunks(2) {
            out.push_str("<tr>");
            for (name, value) in pair {
                _ = write!(out, "<td>{name}：</td><td>{}</td>", escaped(value));
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</table>\n");
    }

    /// A table; cut in two between rows that are no head, when the page splits its tables.
    fn tables(&self, out: &mut String, table: &Table, open_end: bool, dice: &mut Dice) {
        let nested = self.look.has(Layout::NestedTables);
        if nested {
            out.push_str("<table width=\"100%\" cellspacing=\"0\"><tr><td width=\"5\"></td><td><table border=\"0\"><tr><td valign=\"top\">\n");
        }
        let rows = table.rows.len();
        let cut = self.split_at(table, dice);
        let slots = (self.look.main == Layout::HtmlFlat).then(|| grid(table));
        self.open_table(out);
        for at in 0..rows {
            if cut == Some(at) {
                out.push_str("</table>\n<p>&nbsp;</p>\n");
                self.open_table(out);
            }
            self.row(out, &table.rows[at], slots.as_ref().map(|slots| slots[at].as_slice()));
        }
        if !open_end {
            out.push_str(if self.upper { "</TABLE>\n" } else { "</tbody></table>\n" });
        }
        if nested && !open_end {
            out.push_str("</td></tr></table></td></tr></table>\n");
        }
    }

    fn open_table(&self, out: &mut String) {
        if self.upper {
            _ = writeln!(out, "<TABLE{}>", self.table);
        } else {
            _ = writeln!(out, "<table{}><tbody>", self.table);
        }
    }

    /// Where a split table is cut: where no cell spans the cut.
    fn split_at(&self, table: &Table, dice: &mut Dice) -> Option<usize> {
        if !self.look.has(Layout::SplitTables) || table.rows.len() < 8 {
            return None;
        }
        let mut covered = 0;
        let mut free = Vec::new();
        for (at, row) in table.rows.iter().enumerate() {
            if at > table.heads && at >= covered {
                free.push(at);
            }
            covered = row
                .iter()
                .map(|cell| at + cell.rowspan)
                .chain([covered])
                .max()
                .unwrap_or(0);
        }
        (!free.is_empty()).then(|| dice.pick(&free))
    }

    fn row(&self, out: &mut String, row: &[Cell], slots: Option<&[Slot]>) {
        let unclosed = self.look.has(Layout::UnclosedTags);
        out.push_str(if self.upper { "<TR>" } else { "<tr>" });
        match slots {
            Some(slots) => {
                for slot in slots {
                    match slot {
                        Slot::Cell(at) => self.cell(out, &row[*at], "", unclosed),
                        Slot::Covered => {
                            _ = write!(
                                out,
                                "<td{}>{}</td>",
                                self.cell,
                                if self.look.filler_dashes { "-" } else { "" }
                            )
                        }
                    }
                }
            }
            None => {
                for cell in row {
                    let mut spans = String::new();
                    if cell.colspan > 1 {
                        _ = write!(spans, " colspan=\"{}\"", cell.colspan);
                    }
                    if cell.rowspan > 1 {
                        _ = write!(spans, " rowspan=\"{}\"", cell.rowspan);
                    }
                    self.cell(out, cell, &spans, unclosed);
                }
            }
        }
        out.push_str(if unclosed { "\n" } else { "</tr>\n" });
    }

    fn cell(&self, out: &mut String, cell: &Cell, spans: &str, unclosed: bool) {
        let text = text_of(&cell.line);
        let tag = if self.upper { "TD" } else { "td" };
        _ = write!(out, "<{tag}{}{spans}>", self.cell);
        let wrapped = !self.cell_inner.is_empty();
        if wrapped {
            _ = write!(out, "<p align=\"center\"><span{}>", self.cell_inner);
        }
        if text.is_empty() && cell.role == Role::Value && wrapped {
            out.push_str("&nbsp;");
        }
        out.push_str(&escaped(&text));
        if wrapped {
            out.push_str("<o:p></o:p></span></p>");
        }
        if !unclosed {
            _ = write!(out, "</{tag}>");
        }
    }
}

/// Text with the characters of markup escaped.
pub fn escaped(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains(['&', '<', '>']) {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .into()
    } else {
        text.into()
    }
}
