//! What was doubted and why: problems met on the way, values that are in doubt, and what was read but not taken.

use std::cmp::Reverse;
use std::collections::HashMap;

use gongkai_extract::{CheckResult, Scope, Status, UnitSource};

use super::html::Html;
use super::view::{Anchor, Certainty, View};
use super::{unused, values};

/// Writes the section.
pub fn write(html: &mut Html, view: &View<'_>) {
    html.put("<section><h2 id=\"doubts{}\">Doubts</h2>\n", &[&view.report.ordinal]);
    let doubts = doubts(view);
    let unused = unused::groups(view);
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
        unused.iter().for_each(|group| unused::write(html, view, group));
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
    reasons: Vec<Reason>,
}

/// Why a value is doubted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Reason {
    /// The check that fails, when it is one.
    check: Option<usize>,
    text: String,
}

impl From<String> for Reason {
    fn from(text: String) -> Self {
        Self { check: None, text }
    }
}

/// What is in doubt, worst first.
fn doubts(view: &View<'_>) -> Vec<Doubt> {
    let mut mentions: Vec<usize> = view.report.observations.iter().map(|seen| seen.mention).collect();
    mentions.sort_by_key(|mention| (Reverse(view.certainty(*mention)), *mention));
    let mut doubts: Vec<Doubt> = Vec::new();
    let mut known: HashMap<Vec<Reason>, usize> = HashMap::new();
    for mention in mentions {
        let reasons = reasons(view, mention);
        if reasons.is_empty() {
            continue;
        }
        match known.get(&reasons).and_then(|place| doubts.get_mut(*place)) {
            Some(doubt) => doubt.mentions.push(mention),
            None => {
                known.insert(reasons.clone(), doubts.len());
                doubts.push(Doubt {
                    mentions: vec![mention],
                    reasons,
                });
            }
        }
    }
    doubts
}

/// What speaks against a value that was taken.
fn reasons(view: &View<'_>, index: usize) -> Vec<Reason> {
    let Some(mention) = view.mention(index) else {
        return Vec::new();
    };
    let failed = view
        .checks_of(index)
        .filter(|(_, check)| check.result == CheckResult::Fail);
    let mut reasons: Vec<Reason> = failed
        .map(|(number, check)| Reason {
            check: Some(number),
            text: check.message.clone(),
        })
        .collect();
    match mention.status {
        Status::Approximate => reasons.push("printed as an approximate number".to_owned().into()),
        Status::Repaired => reasons.push("recovered from damaged characters".to_owned().into()),
        Status::Reported | Status::InWords | Status::Blank | Status::NotApplicable => {}
    }
    if mention.unit_source == UnitSource::Assumed {
        reasons.push("no unit is printed: it is assumed".to_owned().into());
    }
    let others = view.of_same_key(index).filter_map(|other| view.mention(other));
    for other in others.filter(|other| other.scope != Scope::Subset && other.value != mention.value) {
        let said = match view.printed(other).trim() {
            "" => format!("another place says {}", view.value(other)),
            printed => format!("another place says {} (printed: {printed})", view.value(other)),
        };
        reasons.push(said.into());
    }
    if reasons.is_empty() && view.certainty(index) >= Certainty::Doubtful {
        reasons.push(format!("read with confidence {:.2}", view.confidence(index)).into());
    }
    reasons
}

fn doubt(html: &mut Html, view: &View<'_>, doubt: &Doubt) {
    html.raw("<li>");
    for mention in &doubt.mentions {
        values::write_one(html, view, *mention);
        html.raw("<br>");
    }
    for reason in &doubt.reasons {
        html.raw("<span class=\"why\">");
        if let Some((number, check)) = reason
            .check
            .and_then(|number| Some((number, view.report.checks.get(number)?)))
        {
            html.put(
                "<a href=\"#{}\">{}</a> ",
                &[&view.id(Anchor::Check(number)), &check.identity],
            );
        }
        html.put("{}</span><br>", &[&reason.text]);
    }
    html.raw("</li>\n");
}
