//! Who reports, for where and when: the head of the panel, and the evidence at its end.

use gongkai_extract::{BodyKind, CheckMark, CodeStatus, Level, Scope};

use super::html::Html;
use super::view::View;

/// The head: title, body, year and place, what was found, and where to go from here.
pub fn write_summary(html: &mut Html, view: &View<'_>) {
    let who = &view.report.identity;
    let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "—".to_owned());
    html.raw("<header>");
    html.put("<h1>{}</h1>", &[&who.title.as_deref().unwrap_or(view.name)]);
    html.put(
        "<p class=\"who\"><b>{}</b> · <b>{}</b> · {} <code>{}</code> · {}</p>",
        &[
            &or_dash(&who.organ),
            &who.year
                .map_or_else(|| "year unknown".to_owned(), |year| year.to_string()),
            &or_dash(&who.jurisdiction),
            &or_dash(&who.jurisdiction_code),
            &who.level.map_or("level unknown", Level::as_str),
        ],
    );
    let marked = |mark| {
        view.report
            .observations
            .iter()
            .filter(|seen| seen.check == mark)
            .count()
    };
    html.put(
        "<p>{} values: {} passed, {} untested, {} warned, {} failed; forms: {}</p>",
        &[
            &view.report.observations.len(),
            &marked(CheckMark::Passed),
            &marked(CheckMark::None),
            &marked(CheckMark::Warned),
            &marked(CheckMark::Failed),
            &match view.report.templates.as_slice() {
                [] => "none, prose only".to_owned(),
                forms => forms.join(", "),
            },
        ],
    );
    html.raw("<nav>");
    for (name, title) in SECTIONS {
        html.put("<a href=\"#{}{}\">{}</a> ", &[&name, &view.report.ordinal, &title]);
    }
    html.raw("</nav></header>\n");
}

/// The sections of the panel: name of the anchor and title.
const SECTIONS: [(&str, &str); 5] = [
    ("doubts", "Doubts"),
    ("checks", "Checks"),
    ("values", "Values"),
    ("forms", "Forms"),
    ("identity", "Identity"),
];

/// Every field of the identity, and what speaks for it.
pub fn write_evidence(html: &mut Html, view: &View<'_>) {
    let who = &view.report.identity;
    html.put(
        "<section><h2 id=\"identity{}\">Identity and evidence</h2>\n<dl>\n",
        &[&view.report.ordinal],
    );
    let mut field = |name: &'static str, lines: &[&str]| {
        html.put("<dt>{}</dt><dd>", &[&name]);
        match lines.iter().all(|line| line.is_empty()) {
            true => html.raw("—"),
            false => html.text(&lines.join("\n")),
        };
        html.raw("</dd>\n");
    };
    let texts = |lines: &'_ [String]| lines.join("\n");
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    field("file", &[view.name]);
    field("address", &[view.page.url.as_deref().unwrap_or_default()]);
    let encoding = format!("{} ({})", view.page.encoding, view.page.encoding_source.as_str());
    field("encoding", &[&encoding]);
    field("organ", &[&text(&who.organ), &texts(&who.co_organs)]);
    field("kind", &[who.body_kind.map_or("", BodyKind::as_str)]);
    field("body across years", &[&text(&who.body_id)]);
    field("jurisdiction", &[&text(&who.jurisdiction)]);
    field(
        "code",
        &[
            &text(&who.jurisdiction_code),
            who.code_status.map_or("", CodeStatus::as_str),
        ],
    );
    field("township", &[&text(&who.township_code)]);
    field("candidates", &[&texts(&who.candidates)]);
    field("evidence for the place", &[&texts(&who.jurisdiction_evidence)]);
    field(
        "confidence in the place",
        &[&format!("{:.2}", who.jurisdiction_confidence)],
    );
    field("evidence for the year", &[&texts(&who.year_evidence)]);
    let period = [text(&who.period_start), text(&who.period_end)].join(" – ");
    field("period", &[period.trim_matches([' ', '–'])]);
    field("published", &[&text(&who.published)]);
    field("scope", &[who.scope.map_or("", Scope::as_str)]);
    html.raw("</dl></section>\n");
}
