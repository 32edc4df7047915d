//! Facts of the statutory form, 2019 on (国办公开办函〔2019〕60号, 国办公开办函〔2021〕30号).

use super::{APPLICANTS, Draw, Facts};
use crate::doc::{Applicant, Key};

/// Facts of a report in the statutory form; S-1 to S-4 hold, S-6 to S-8 hold with the year before.
pub fn statutory(year: i32, draw: &mut Draw<'_>) -> Facts {
    let mut facts = Facts::default();
    matrix(year, draw, &mut facts);
    derive_sums(&mut facts);
    if year < 2021 {
        items_2019(draw, &mut facts);
    } else {
        items_2021(draw, &mut facts);
    }
    cases(draw, &mut facts);
    facts.year("proactive.total", draw.size("proactive.total"));
    facts
}

/// Section three: each applicant's requests through all outcomes.
fn matrix(year: i32, draw: &mut Draw<'_>, facts: &mut Facts) {
    let requests = draw.size("requests");
    let received = draw.share_out(requests, "applicants");
    let first = draw.dice.between(0, requests / 15);
    let fresh: Vec<i64> = draw
        .share_out(first, "applicants")
        .into_iter()
        .map(|part| part.1)
        .collect();
    let carried_in = draw.stocks.open.unwrap_or_else(|| std::array::from_fn(|at| fresh[at]));
    let set = if year < 2021 { "outcome2019" } else { "outcome2021" };
    let mut open = [0; 6];
    for (at, applicant) in APPLICANTS.into_iter().enumerate() {
        let handled = received[at].1 + carried_in[at];
        let extra = i64::from(handled > 2 && draw.dice.chance(40));
        open[at] = draw.dice.between(0, handled / 12 + extra);
        facts.count(Key::of("requests.received.total", applicant), received[at].1);
        facts.count(Key::of("requests.carried_in", applicant), carried_in[at]);
        facts.count(Key::of("requests.carried_out", applicant), open[at]);
        facts.count(Key::of("requests.outcome.total", applicant), handled - open[at]);
        for (code, count) in draw.share_out(handled - open[at], set) {
            facts.count(Key::of(code, applicant), count);
        }
    }
    draw.stocks.open = Some(open);
    let rows: Vec<(Key, i64)> = facts.counts().map(|(key, count)| (key.clone(), count)).collect();
    for (key, count) in rows {
        let all = Key {
            applicant: Applicant::All,
            ..key
        };
        let sum = facts.of(all.category) + count;
        facts.count(all, sum);
    }
}

/// Totals that the form has no row for, but prose names (S-5).
fn derive_sums(facts: &mut Facts) {
    for total in [
        "requests.outcome.denied",
        "requests.outcome.unable",
        "requests.outcome.unprocessed",
    ] {
        let sum = facts
            .counts()
            .filter(|(key, _)| key.applicant == Applicant::All && key.category.starts_with(total))
            .map(|(_, count)| count)
            .sum();
        let code = match total {
            "requests.outcome.denied" => "requests.outcome.denied.total",
            "requests.outcome.unable" => "requests.outcome.unable.total",
            _ => "requests.outcome.unprocessed.total",
        };
        facts.year(code, sum);
    }
}

fn items_2019(draw: &mut Draw<'_>, facts: &mut Facts) {
    for (made, published, stock) in [
        ("statutory.reg.made", "statutory.reg.published", "statutory.reg.stock"),
        (
            "statutory.norm.made",
            "statutory.norm.published",
            "statutory.norm.stock",
        ),
    ] {
        let new = draw.size(made.split('.').nth(1).unwrap_or_default());
        let open = new - draw.dice.between(0, new / 6);
        let before = draw.stocks.in_force.get(stock).copied().unwrap_or(new * 4);
        facts.year(made, new);
        facts.year(published, open);
        facts.year(stock, before + open);
        draw.stocks.in_force.insert(stock, before + open);
    }
    for (previous, change, size) in [
        (
            "statutory.licence.items_prev",
            "statutory.licence.items_change",
            "items",
        ),
        (
            "statutory.other_service.items_prev",
            "statutory.other_service.items_change",
            "items",
        ),
        (
            "statutory.penalty.items_prev",
            "statutory.penalty.items_change",
            "items",
        ),
        (
            "statutory.coercion.items_prev",
            "statutory.coercion.items_change",
            "items",
        ),
        ("statutory.fee.items_prev", "statutory.fee.items_change", "feeitems"),
    ] {
        let fresh = draw.size(size);
        let before = draw.stocks.items.get(previous).copied().unwrap_or(fresh);
        let moved = if draw.dice.chance(45) {
            0
        } else {
            draw.dice.between(-before / 8, before / 8)
        };
        facts.year(previous, before);
        facts.year(change, moved);
        draw.stocks.items.insert(previous, before + moved);
    }
    for code in ["licence", "other_service", "penalty", "coercion"] {
        let count = draw.size(code);
        facts.year(decisions(code), count);
    }
    let projects = draw.size("projects");
    facts.year("statutory.procurement.projects", projects);
    let amount = if projects == 0 { 0 } else { draw.size("procurement") };
    facts.hundreds_of_yuan("statutory.procurement.amount", amount);
}

fn decisions(code: &str) -> &'static str {
    match code {
        "licence" => "statutory.licence.decisions",
        "other_service" => "statutory.other_service.decisions",
        "penalty" => "statutory.penalty.decisions",
        _ => "statutory.coercion.decisions",
    }
}

fn items_2021(draw: &mut Draw<'_>, facts: &mut Facts) {
    for (issued, repealed, in_force) in [
        (
            "statutory.reg.issued",
            "statutory.reg.repealed",
            "statutory.reg.in_force",
        ),
        (
            "statutory.norm.issued",
            "statutory.norm.repealed",
            "statutory.norm.in_force",
        ),
    ] {
        let new = draw.size(issued.split('.').nth(1).unwrap_or_default());
        let before = draw.stocks.in_force.get(in_force).copied().unwrap_or(new * 5);
        let gone = draw.dice.between(0, before.min(new + 2));
        facts.year(issued, new);
        facts.year(repealed, gone);
        facts.year(in_force, before + new - gone);
        draw.stocks.in_force.insert(in_force, before + new - gone);
    }
    for code in ["licence", "penalty", "coercion"] {
        let count = draw.size(code);
        facts.year(decisions(code), count);
    }
    let money = draw.size("feemoney");
    facts.hundreds_of_yuan("statutory.fee.amount", money);
}

/// Section four: review, and litigation directly or after review.
fn cases(draw: &mut Draw<'_>, facts: &mut Facts) {
    let after = draw.size("litigation") / 3;
    for (size, total, parts) in [
        (
            "review",
            "review.total",
            ["review.upheld", "review.corrected", "review.other", "review.pending"],
        ),
        (
            "litigation",
            "litigation.direct.total",
            [
                "litigation.direct.upheld",
                "litigation.direct.corrected",
                "litigation.direct.other",
                "litigation.direct.pending",
            ],
        ),
        (
            "after",
            "litigation.after_review.total",
            [
                "litigation.after_review.upheld",
                "litigation.after_review.corrected",
                "litigation.after_review.other",
                "litigation.after_review.pending",
            ],
        ),
    ] {
        let count = if size == "after" { after } else { draw.size(size) };
        facts.year(total, count);
        for (code, (_, part)) in parts.into_iter().zip(draw.share_out(count, "review2019")) {
            facts.year(code, part);
        }
    }
    let all = facts.of("litigation.direct.total") + facts.of("litigation.after_review.total");
    facts.year("litigation.total", all);
}
