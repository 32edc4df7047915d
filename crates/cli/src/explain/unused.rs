//! What was read and not taken as the report's value, beside the value that was.

use std::collections::BTreeMap;

use gongkai_extract::{Mention, Scope};

use super::html::Html;
use super::values;
use super::view::{Anchor, Certainty, View};

/// The mentions that were not taken, those of one key together, in the order of the page's tables and sentences.
pub fn groups(view: &View<'_>) -> Vec<Vec<usize>> {
    let unused = (0..view.report.mentions.len()).filter(|index| view.certainty(*index) == Certainty::Unused);
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for index in unused {
        let first = view.of_same_key(index).next().unwrap_or(index);
        groups.entry(first).or_default().push(index);
    }
    groups.into_values().collect()
}

/// Writes one group.
pub fn write(html: &mut Html, view: &View<'_>, group: &[usize]) {
    let first = group.first().copied().unwrap_or_default();
    let taken = view.of_same_key(first).find(|index| view.observation(*index).is_some());
    html.raw("<li>");
    match (taken, view.mention(first)) {
        (Some(taken), _) => values::write_one(html, view, taken),
        (None, Some(mention)) => {
            html.put("<code>{}</code>", &[&view.category(mention).code]);
        }
        (None, None) => {}
    }
    let taken = taken.and_then(|taken| view.mention(taken));
    for index in group {
        if let Some(mention) = view.mention(*index) {
            write_mention(html, view, (*index, mention), taken);
        }
    }
    html.raw("</li>\n");
}

/// A repetition stands beside the value that was taken; what says otherwise has a line and its reason.
fn write_mention(html: &mut Html, view: &View<'_>, (index, mention): (usize, &Mention), taken: Option<&Mention>) {
    let is_part = mention.scope == Scope::Subset;
    let is_same = !is_part && taken.is_some_and(|taken| taken.value == mention.value);
    html.raw(if is_same { " " } else { "<br>" });
    html.put("<span class=\"why\" id=\"{}\">", &[&view.id(Anchor::Unused(index))]);
    html.raw(if is_same { "said again: " } else { "" });
    html.put(
        "<a class=\"chip unused\" href=\"#{}\">{}</a> ",
        &[&view.place_of(index), &view.value(mention)],
    );
    match (&mention.scope_label, is_part) {
        (Some(part), true) => html.put("counts only a part of the work: {}", &[part]),
        (None, true) => html.raw("counts only a part of the work"),
        (_, false) if is_same => html,
        (_, false) => html.raw("says otherwise, and is believed less"),
    };
    html.raw("</span>");
}
