//! The values that the report supports, by section: one line a category, one link a value.

use gongkai_lexicon::CategoryKind;

use super::html::Html;
use super::view::{Anchor, View};

/// Writes the section.
pub fn write(html: &mut Html, view: &View<'_>) {
    html.put("<section><h2 id=\"values{}\">Values</h2>\n", &[&view.report.ordinal]);
    // Observations come in the order of categories.
    let numbers: Vec<usize> = (0..view.report.observations.len()).collect();
    for group in numbers.chunk_by(|left, right| group_of(view, *left) == group_of(view, *right)) {
        let Some(first) = group.first() else {
            continue;
        };
        html.put("<h3>{}</h3>\n<table class=\"values\">\n", &[&group_of(view, *first)]);
        for line in group.chunk_by(|left, right| code_of(view, *left) == code_of(view, *right)) {
            row(html, view, line);
        }
        html.raw("</table>\n");
    }
    html.raw("</section>\n");
}

fn code_of<'a>(view: &View<'a>, observation: usize) -> &'a str {
    let observation = view.report.observations.get(observation);
    let mention = observation.and_then(|observation| view.mention(observation.mention));
    mention.map_or("", |mention| view.lexicon.categories.code(mention.category))
}

/// The first part of a category's code: the section of a report that speaks of it.
fn group_of<'a>(view: &View<'a>, observation: usize) -> &'a str {
    code_of(view, observation).split('.').next().unwrap_or_default()
}

/// A category and its values.
fn row(html: &mut Html, view: &View<'_>, observations: &[usize]) {
    let mentions = observations.iter().filter_map(|number| {
        let mention = view.report.observations.get(*number)?.mention;
        Some((*number, mention, view.mention(mention)?))
    });
    for (place, (number, index, mention)) in mentions.enumerate() {
        let category = view.category(mention);
        if place == 0 {
            html.put(
                "<tr><td>{}<br><code title=\"{}\">{}</code></td><td class=\"chips\">",
                &[&category.label, &category.meaning, &category.code],
            );
        }
        html.put(
            "<a id=\"{}\" class=\"chip {}\" href=\"#{}\" title=\"{}, printed {}\"><small>{}</small> {} <small>{}</small></a> ",
            &[
                &view.id(Anchor::Observation(number)),
                &view.certainty(index).class(),
                &view.place_of(index),
                &mention.status.as_str(),
                &view.printed(mention),
                &view.qualifier(mention),
                &view.value(mention),
                &format!("{:.2}", view.confidence(index)).trim_start_matches('0'),
            ],
        );
    }
    html.raw("</td></tr>\n");
}

/// The value of a mention with its category; links to its place and to its entry among the values.
pub fn write_one(html: &mut Html, view: &View<'_>, index: usize) {
    let Some(mention) = view.mention(index) else {
        return;
    };
    let category = view.category(mention);
    // The label of an open list names what all its values have in common.
    let label = match category.kind {
        CategoryKind::List => "",
        CategoryKind::Count | CategoryKind::Money => category.label.as_str(),
    };
    html.put(
        "<a class=\"chip {}\" href=\"#{}\">{}</a> {} {} <a href=\"#{}\"><code>{}</code></a>",
        &[
            &view.certainty(index).class(),
            &view.place_of(index),
            &view.value(mention),
            &label,
            &view.qualifier(mention),
            &view.entry_of(index),
            &category.code,
        ],
    );
}
