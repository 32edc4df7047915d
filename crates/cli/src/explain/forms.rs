//! The forms that were recognised, row by row: the official label, the printed one, and the value in each column.
//!
//! A blank that is printed, a cell that was not found, and a cell that the official form leaves empty look different.

use gongkai_extract::{Mention, Value};
use gongkai_lexicon::{Column, ColumnMeaning, TemplateId, TemplateRow};

use super::html::Html;
use super::view::View;

/// Writes the section.
pub fn write(html: &mut Html, view: &View<'_>) {
    html.put("<section><h2 id=\"forms{}\">Forms</h2>\n", &[&view.report.ordinal]);
    let forms = view.report.templates.iter();
    let forms: Vec<TemplateId> = forms.filter_map(|name| view.lexicon.templates.id(name)).collect();
    if forms.is_empty() {
        html.raw("<p class=\"calm\">No form was recognised: every value was read from sentences.</p>\n");
    }
    forms.iter().for_each(|form| table(html, view, *form));
    html.raw("</section>\n");
}

fn table(html: &mut Html, view: &View<'_>, id: TemplateId) {
    let form = view.lexicon.templates.get(id);
    let rows: Vec<Aligned<'_>> = view
        .lexicon
        .templates
        .rows()
        .filter(|(_, row)| row.template == id)
        .map(|(_, row)| Aligned::new(view, row))
        .collect();
    let cells = || rows.iter().flat_map(|row| &row.cells);
    let found = cells().filter(|cell| !cell.mentions.is_empty()).count();
    html.put(
        "<details open><summary><b>{}</b> {} · {} of {} cells found</summary>\n<p class=\"source\">{}</p>\n",
        &[&form.name, &form.title, &found, &cells().count(), &form.source],
    );
    html.raw("<div class=\"wide\"><table class=\"form\">\n");
    let mut columns = "";
    for aligned in &rows {
        // Each block of a form can have columns of its own.
        let set = view.lexicon.templates.set_of_row(aligned.row);
        if let Some(set) = set.filter(|set| set.name != columns) {
            columns = &set.name;
            aligned.write_header(html);
        }
        aligned.write(html, view);
    }
    html.raw("</table></div></details>\n");
}

/// A row of a form with what was read for it.
struct Aligned<'a> {
    row: &'a TemplateRow,
    /// The labels that were printed for it.
    printed: Vec<&'a str>,
    cells: Vec<Cell<'a>>,
}

/// A cell of a form.
struct Cell<'a> {
    column: &'a Column,
    /// The mentions that were read for it, by number.
    mentions: Vec<(usize, &'a Mention)>,
}

impl<'a> Aligned<'a> {
    fn new(view: &View<'a>, row: &'a TemplateRow) -> Self {
        let mentions = view.report.mentions.iter().enumerate();
        let mentions: Vec<(usize, &Mention)> = mentions
            .filter(|(_, mention)| mention.template_row.as_deref() == Some(row.name.as_str()))
            .collect();
        let mut printed: Vec<&str> = mentions
            .iter()
            .filter_map(|(_, mention)| mention.label.as_deref())
            .collect();
        printed.dedup();
        let columns = view.lexicon.templates.columns(row).iter().enumerate();
        let cells = columns.filter(|(_, column)| has_values(column)).map(|(place, column)| {
            let is_here = |mention: &Mention| match column.meaning {
                ColumnMeaning::Applicant => mention.applicant.as_str() == column.name,
                ColumnMeaning::Period => mention.period.as_str() == column.name,
                ColumnMeaning::Part => Some(mention.category) == row.category(place),
                ColumnMeaning::Ignored | ColumnMeaning::Frame => false,
            };
            Cell {
                column,
                mentions: mentions
                    .iter()
                    .filter(|(_, mention)| is_here(mention))
                    .copied()
                    .collect(),
            }
        });
        Self {
            cells: if row.header { Vec::new() } else { cells.collect() },
            printed,
            row,
        }
    }

    fn write_header(&self, html: &mut Html) {
        html.raw("<tr><th>row</th><th>official label</th><th>printed label</th>");
        for cell in &self.cells {
            let label = cell.column.labels.first().unwrap_or(&cell.column.name);
            html.put("<th>{}</th>", &[label]);
        }
        html.raw("</tr>\n");
    }

    fn write(&self, html: &mut Html, view: &View<'_>) {
        let found = self.cells.iter().any(|cell| !cell.mentions.is_empty());
        let class = match (self.row.header, found) {
            (true, _) => "header",
            (false, true) => "found",
            (false, false) => "missing",
        };
        let indent = "\u{3000}".repeat(usize::from(self.row.depth));
        html.put(
            "<tr class=\"{}\"><td><code>{}</code></td><td>{}{}</td><td>{}</td>",
            &[
                &class,
                &self.row.name,
                &indent,
                &self.row.label,
                &self.printed.join(" / "),
            ],
        );
        for cell in &self.cells {
            cell.write(html, view, self.row.empty_is_silent);
        }
        html.raw("</tr>\n");
    }
}

fn has_values(column: &Column) -> bool {
    match column.meaning {
        ColumnMeaning::Period | ColumnMeaning::Applicant | ColumnMeaning::Part => true,
        ColumnMeaning::Ignored | ColumnMeaning::Frame => false,
    }
}

impl Cell<'_> {
    fn write(&self, html: &mut Html, view: &View<'_>, empty_is_silent: bool) {
        html.raw("<td class=\"n\">");
        for (index, mention) in &self.mentions {
            let (shown, blank) = match (mention.value, view.printed(mention).trim()) {
                (Value::Nothing, "") => ("∅".to_owned(), " blank"),
                (Value::Nothing, printed) => (printed.to_owned(), " blank"),
                (Value::Count(_) | Value::Fen(_), _) => (view.value(mention), ""),
            };
            html.put(
                "<a class=\"chip {}{}\" href=\"#{}\" title=\"{}\">{}</a>",
                &[
                    &view.certainty(*index).class(),
                    &blank,
                    &view.place_of(*index),
                    &mention.status.as_str().replace('_', " "),
                    &shown,
                ],
            );
        }
        match (self.mentions.is_empty(), empty_is_silent) {
            (true, true) => html.raw("<span class=\"silent\" title=\"the form leaves it empty\">·</span>"),
            (true, false) => html.raw("<span class=\"absent\" title=\"not printed or not read\">missing</span>"),
            (false, _) => html,
        };
        html.raw("</td>");
    }
}
