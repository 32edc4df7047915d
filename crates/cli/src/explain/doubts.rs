//! What was doubted and why: problems met on the way, values that are in doubt, and what was read but not taken.

use std::cmp::Reverse;

use gongkai_extract::{CheckResult, Mention, Scope, Status, UnitSource};
use gongkai_lexicon::CategoryKind;

use super::html::Html;
use super::view::{Anchor, Certainty, View};

/// Writes the section.
pub fn write(html: &mut Html, view: &View<'_>) {
    html.put("<section><h2 id=\"doubts{}\">Doubts</h2>\n", &[&view.report.ordinal]);
    let doubts = doubts(view);
    let unused = unused(view);
    if doubts.is_empty() && unused.is_empty() && view.report.problems.is_empty() {
        html.raw("<p class=\"calm\">Nothing was doubted.</p>\n");
    }
    problems(html, view);
    if !doubts.is_empty() {
        html.raw("<h3>Values in doubt</h3>\n<ul>\n");
        doubts.iter().for_each(|of_reasons| doubt(html, view, of_reasons));
        html.raw("</ul>\n");
    }
    if !unused.is_empty() {
        html.raw("<h3>Read, but not taken</h3>\n<ul>\n");
        unused.iter().for_each(|group| not_taken(html, view, group));
        html.raw("</ul>\n");
    }
    html.raw("</section>\n");
}

fn problems(html: &mut Html, view: &View<'_>) {
    if view.report.problems.is_empty() {
        return;
    }
    html.raw("<h3>Left out, capped or repaired</h3>\n<ul>\n");
    for (number, problem) in view.report.problems.iter().enumerate() {
        let id = view.id(Anchor::Problem(number));
        html.put("<li id=\"{}\"><b>{}</b> ", &[&id, &problem.code.replace('_', " ")]);
        if problem.span.is_some() {
            html.put("<a href=\"#{}\">⚑ to the spot</a> ", &[&view.id(Anchor::Spot(number))]);
        }
        html.text(&problem.message).raw("</li>\n");
    }
    html.raw("</ul>\n");
}

/// Observations that are doubted for the same reasons.
struct Doubt {
    mentions: Vec<usize>,
    reasons: Vec<String>,
}

/// What is in doubt, worst first.
fn doubts(view: &View<'_>) -> Vec<Doubt> {
    let mut mentions: Vec<usize> = view.report.observations.iter().map(|seen| seen.mention).collect();
    mentions.sort_by_key(|mention| (Reverse(view.certainty(*mention)), *mention));
    let mut doubts: Vec<Doubt> = Vec::new();
    for mention in mentions {
        let reasons = reasons(view, mention);
        if reasons.is_empty() {
            continue;
        }
        match doubts.iter_mut().find(|doubt| doubt.reasons == reasons) {
            Some(doubt) => doubt.mentions.push(mention),
            None => doubts.push(Doubt {
                mentions: vec![mention],
                reasons,
            }),
        }
    }
    doubts
}

/// What speaks against a value that was taken.
fn reasons(view: &View<'_>, index: usize) -> Vec<String> {
    let Some(mention) = view.mention(index) else {
        return Vec::new();
    };
    let failed = view.checks_of(index).into_iter();
    let failed = failed.filter(|(_, check)| check.result == CheckResult::Fail);
    let mut reasons: Vec<String> = failed
        .map(|(_, check)| format!("{} {}", check.identity, check.message))
        .collect();
    match mention.status {
        Status::Approximate => reasons.push("printed as an approximate number".to_owned()),
        Status::Repaired => reasons.push("recovered from damaged characters".to_owned()),
        Status::Reported | Status::InWords | Status::Blank | Status::NotApplicable => {}
    }
    if mention.unit_source == UnitSource::Assumed {
        reasons.push("no unit is printed: it is assumed".to_owned());
    }
    let others = view.report.mentions.iter().filter(|other| {
        other.scope != Scope::Subset && other.value != mention.value && is_same_key(view, other, mention)
    });
    for other in others {
        reasons.push(match view.printed(other).trim() {
            "" => format!("another place says {}", view.value(other)),
            printed => format!("another place says {} (printed: {printed})", view.value(other)),
        });
    }
    if reasons.is_empty() && view.certainty(index) >= Certainty::Doubtful {
        reasons.push(format!("read with confidence {:.2}", view.confidence(index)));
    }
    reasons
}

fn is_same_key(view: &View<'_>, left: &Mention, right: &Mention) -> bool {
    let has_labels = view.category(left).kind == CategoryKind::List;
    (left.category, left.applicant, left.period) == (right.category, right.applicant, right.period)
        && (!has_labels || left.label == right.label)
}

fn doubt(html: &mut Html, view: &View<'_>, doubt: &Doubt) {
    html.raw("<li>");
    for mention in &doubt.mentions {
        value(html, view, *mention).raw("<br>");
    }
    for reason in &doubt.reasons {
        html.put("<span class=\"why\">{}</span><br>", &[reason]);
    }
    html.raw("</li>\n");
}

/// The mentions that were not taken, those of one key together.
fn unused<'a>(view: &View<'a>) -> Vec<Vec<(usize, &'a Mention)>> {
    let mentions = view.report.mentions.iter().enumerate();
    let mut groups: Vec<Vec<(usize, &Mention)>> = Vec::new();
    for (index, mention) in mentions.filter(|(index, _)| view.certainty(*index) == Certainty::Unused) {
        let is_mine = |group: &&mut Vec<(usize, &Mention)>| {
            group
                .first()
                .is_some_and(|(_, first)| is_same_key(view, first, mention))
        };
        match groups.iter_mut().find(is_mine) {
            Some(group) => group.push((index, mention)),
            None => groups.push(vec![(index, mention)]),
        }
    }
    groups
}

/// What was read of a key and not taken, beside what was.
fn not_taken(html: &mut Html, view: &View<'_>, group: &[(usize, &Mention)]) {
    let Some((_, first)) = group.first() else {
        return;
    };
    html.raw("<li>");
    let taken = view.report.observations.iter().map(|seen| seen.mention);
    let taken = taken.filter_map(|taken| Some((taken, view.mention(taken)?)));
    let taken = taken.into_iter().find(|(_, other)| is_same_key(view, other, first));
    match taken {
        Some((taken, _)) => value(html, view, taken),
        None => html.put("<code>{}</code>", &[&view.category(first).code]),
    };
    for (index, mention) in group {
        html.put(
            "<br><span class=\"why\" id=\"{}\"><a class=\"chip unused\" href=\"#{}\">{}</a> ",
            &[
                &view.id(Anchor::Unused(*index)),
                &view.place_of(*index),
                &view.value(mention),
            ],
        );
        match (mention.scope, &mention.scope_label) {
            (Scope::Subset, Some(part)) => html.put("counts only a part of the work: {}", &[part]),
            (Scope::Subset, None) => html.raw("counts only a part of the work"),
            _ if taken.is_some_and(|(_, other)| other.value == mention.value) => html.raw("says the same"),
            _ => html.raw("says otherwise, and counts less"),
        };
        html.raw("</span>");
    }
    html.raw("</li>\n");
}

/// The value of a mention with its category; links to its place and to its entry among the values.
fn value<'h>(html: &'h mut Html, view: &View<'_>, index: usize) -> &'h mut Html {
    let Some(mention) = view.mention(index) else {
        return html;
    };
    let category = view.category(mention);
    // The label of an open list names what all its values have in common.
    let label = if category.kind == CategoryKind::List {
        ""
    } else {
        category.label.as_str()
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
    )
}
