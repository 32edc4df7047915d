//! Every identity that was tested, failed ones first, with both sides, the difference and the values that took part.

use gongkai_extract::{Check, CheckResult};
use gongkai_lexicon::IdentityKind;

use super::html::Html;
use super::view::{Anchor, View};

/// The results, worst first, with their titles.
const RESULTS: [(CheckResult, &str); 3] = [
    (CheckResult::Fail, "Failed"),
    (CheckResult::NotTestable, "Cannot be tested"),
    (CheckResult::Pass, "Hold"),
];

/// Writes the section.
pub fn write(html: &mut Html, view: &View<'_>) {
    html.put("<section><h2 id=\"checks{}\">Checks</h2>\n", &[&view.report.ordinal]);
    if view.report.checks.is_empty() {
        html.raw("<p class=\"calm\">The report prints nothing that could be tested.</p>\n");
    }
    for (result, title) in RESULTS {
        let checks = view.report.checks.iter().enumerate();
        let checks: Vec<_> = checks.filter(|(_, check)| check.result == result).collect();
        if checks.is_empty() {
            continue;
        }
        html.put(
            "<details open><summary><span class=\"badge {}\">{}</span> {}</summary>\n",
            &[&result.as_str(), &checks.len(), &title],
        );
        html.raw("<table>\n<tr><th>test</th><th>finding</th><th>left</th><th>right</th><th>difference</th></tr>\n");
        checks
            .iter()
            .for_each(|(number, check)| row(html, view, *number, check));
        html.raw("</table></details>\n");
    }
    html.raw("</section>\n");
}

fn row(html: &mut Html, view: &View<'_>, number: usize, check: &Check) {
    let side = |side: Option<f64>| side.map_or_else(|| "—".to_owned(), |side| side.to_string());
    let delta = check.left.zip(check.right).map(|(left, right)| left - right);
    html.put(
        "<tr id=\"{}\" class=\"{}\"><td><b>{}</b><br><small>{}</small></td><td>{}",
        &[
            &view.id(Anchor::Check(number)),
            &check.result.as_str(),
            &check.identity,
            &kind(check.kind),
            &check.message,
        ],
    );
    html.raw("<div class=\"chips\">");
    for mention in &check.mentions {
        if let Some(found) = view.mention(*mention) {
            html.put(
                "<a class=\"chip {}\" href=\"#{}\" title=\"{} {}\">{}</a>",
                &[
                    &view.certainty(*mention).class(),
                    &view.place_of(*mention),
                    &view.category(found).label,
                    &view.qualifier(found),
                    &view.value(found),
                ],
            );
        }
    }
    // Sums of amounts have more digits behind the point than the amounts.
    let delta = delta.map(|delta| (delta * 100.0).round() / 100.0);
    html.put(
        "</div></td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
        &[&side(check.left), &side(check.right), &side(delta)],
    );
}

fn kind(kind: IdentityKind) -> &'static str {
    match kind {
        IdentityKind::Definitional => "by definition",
        IdentityKind::Usual => "usual practice",
        IdentityKind::Inequality => "inequality",
        IdentityKind::Share => "printed share",
    }
}
