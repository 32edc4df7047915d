//! Facts of reports up to 2018: the Shanghai model, the Fujian and Anhui tables, the national table, and plain prose.

use super::cumulative::{cumulate, since_2008};
use super::{Draw, Facts};
use crate::doc::Key;
use crate::vocabulary::Family;

/// Facts of a report of the years to 2018; the D identities of its family hold.
pub fn early(family: Family, year: i32, draw: &mut Draw<'_>) -> Facts {
    let mut facts = Facts::default();
    requests(family, draw, &mut facts);
    proactive(family, draw, &mut facts);
    cases(family, draw, &mut facts);
    sizes(draw, &mut facts);
    resources(draw, &mut facts);
    money(draw, &mut facts);
    themes(family, draw, &mut facts);
    if matches!(family, Family::Fujian2009 | Family::Fujian2018) {
        cumulate(family, draw, &mut facts);
    } else if family == Family::Prose {
        since_2008(year, draw, &mut facts);
    }
    facts
}

/// Requests, their channels and what became of them.
fn requests(family: Family, draw: &mut Draw<'_>, facts: &mut Facts) {
    let name = family.set();
    let received = draw.size("requests");
    let open = if draw.dice.chance(60) {
        0
    } else {
        draw.dice.between(0, received / 20)
    };
    let answered = received - open;
    facts.year("requests.received.total", received);
    draw.split(facts, received, &format!("channels.{name}"));
    facts.year("requests.outcome.total", answered);
    draw.split(facts, answered, &format!("outcome.{name}"));
    let denied = facts.of("requests.outcome.denied.total");
    match family {
        Family::Shanghai => {
            for (code, count) in draw.share_out(denied, "denied.shanghai") {
                // A numbered exemption is named by its label: its numbering is local (X2).
                if code.starts_with("requests.") {
                    facts.year(code, count);
                } else {
                    facts.count(
                        Key {
                            label: code.into(),
                            ..Key::year("requests.outcome.denied.exempt_n")
                        },
                        count,
                    );
                }
            }
        }
        Family::National2014 | Family::Linyi => draw.split(facts, denied, "denied.national2014"),
        _ => {}
    }
    let late = if draw.dice.chance(70) {
        0
    } else {
        draw.dice.between(0, answered / 10)
    };
    facts.year("requests.closed.total", answered);
    facts.year("requests.closed.on_time", answered - late);
    facts.year("requests.closed.extended", late);
}

/// Disclosure and its channels: channels may overlap, so that their sum is at least the total (N-1).
fn proactive(family: Family, draw: &mut Draw<'_>, facts: &mut Facts) {
    let total = draw.size("proactive.total");
    facts.year("proactive.total", total);
    facts.year(
        "proactive.total.fulltext",
        total
            - if draw.dice.chance(50) {
                0
            } else {
                draw.dice.between(0, total / 5)
            },
    );
    let website = total * draw.dice.between(70, 100) / 100;
    facts.year("proactive.channel.website", website);
    let mut sum = website;
    for code in [
        "proactive.channel.gazette",
        "proactive.channel.weibo",
        "proactive.channel.wechat",
        "proactive.channel.other",
    ] {
        let count = draw.size(code).min(total);
        facts.year(code, count);
        sum += count;
    }
    if sum < total {
        let other = facts.of("proactive.channel.other") + total - sum;
        facts.year("proactive.channel.other", other);
        sum = total;
    }
    facts.year("proactive.channel.total", sum);
    let issued = draw.size("proactive.normative_issued").min(total);
    facts.year("proactive.normative_issued", issued);
    facts.year(
        "proactive.normative_disclosed",
        issued - draw.dice.between(0, issued / 4),
    );
    if family == Family::Shanghai {
        facts.year(
            "proactive.normative_new",
            draw.size("proactive.normative_new").min(total),
        );
    }
}

fn cases(family: Family, draw: &mut Draw<'_>, facts: &mut Facts) {
    for (size, total, parts) in [
        (
            "review",
            "review.total",
            ["review.upheld", "review.corrected", "review.other"],
        ),
        (
            "litigation",
            "litigation.total",
            ["litigation.upheld", "litigation.corrected", "litigation.other"],
        ),
        (
            "complaint",
            "complaint.total",
            ["complaint.upheld", "complaint.corrected", "complaint.other"],
        ),
    ] {
        let count = draw.size(size);
        facts.year(total, count);
        for (code, (_, part)) in parts.into_iter().zip(draw.share_out(count, "case2014")) {
            facts.year(code, part);
        }
    }
    let appeals = draw.size("appeal");
    facts.year("appeal.total", appeals);
    facts.year("appeal.first_unsatisfied", draw.dice.between(0, appeals));
    if family == Family::Fujian2018 {
        facts.year("complaint_appeal.total", appeals);
    }
}

/// Numbers that stand alone.
fn sizes(draw: &mut Draw<'_>, facts: &mut Facts) {
    for code in [
        "proactive.service_info",
        "proactive.catalogue_on_request",
        "proactive.channel.press_conference",
        "proactive.channel.news_media",
        "proactive.channel.notice_board",
        "proactive.channel.screen",
        "response.press.total",
        "response.interview.total",
        "response.interpretation",
        "response.weibo_wechat",
        "response.other",
        "consult.web_visits",
        "consult.on_site",
        "consult.online",
        "consult.phone",
        "training.meetings",
        "training.classes",
        "resource.gazette_issues",
        "resource.gazette_copies",
        "resource.bodies",
    ] {
        let count = draw.size(code);
        facts.year(code, count);
    }
    facts.year(
        "consult.total",
        ["consult.on_site", "consult.online", "consult.phone"]
            .into_iter()
            .map(|c| facts.of(c))
            .sum(),
    );
    let answers = [
        "response.press.total",
        "response.interview.total",
        "response.interpretation",
        "response.weibo_wechat",
    ]
    .into_iter()
    .map(|c| facts.of(c))
    .sum::<i64>()
        + facts.of("response.other");
    facts.year("response.actions_total", answers);
    facts.year("response.hot_topics", draw.size("response.hot_topics").min(answers));
    let press = facts.of("response.press.total");
    facts.year("response.press.principal", draw.dice.between(0, press));
    let interviews = facts.of("response.interview.total");
    facts.year("response.interview.principal", draw.dice.between(0, interviews));
    let attendees = if facts.of("training.classes") == 0 {
        0
    } else {
        draw.size("training.attendees").max(5)
    };
    facts.year("training.attendees", attendees);
}

/// Totals with two parts each (N-11).
fn resources(draw: &mut Draw<'_>, facts: &mut Facts) {
    let staff = draw.size("resource.staff");
    let full_time = draw.dice.between(0, staff / 3 + 1).min(staff);
    facts.year("resource.staff.total", staff);
    facts.year("resource.staff.full_time", full_time);
    facts.year("resource.staff.part_time", staff - full_time);
    for (total, first, second) in [
        (
            "resource.library_deposit",
            "resource.library_deposit.paper",
            "resource.library_deposit.electronic",
        ),
        (
            "resource.websites",
            "resource.websites.county",
            "resource.websites.town",
        ),
        (
            "resource.reading_points",
            "resource.reading_points.county",
            "resource.reading_points.town",
        ),
        (
            "resource.reading_visits",
            "resource.reading_visits.county",
            "resource.reading_visits.town",
        ),
    ] {
        let count = draw.size(total);
        let part = draw.dice.between(0, count);
        facts.year(total, count);
        facts.year(first, part);
        facts.year(second, count - part);
    }
}

fn money(draw: &mut Draw<'_>, facts: &mut Facts) {
    let fee = draw.size("fee");
    let parts = draw.dice.share_out(fee, &[2, 3, 5]);
    facts.hundreds_of_yuan("fee.collected", fee);
    facts.hundreds_of_yuan("fee.collected.search", parts[0]);
    facts.hundreds_of_yuan("fee.collected.mail", parts[1]);
    facts.hundreds_of_yuan("fee.collected.copy", parts[2]);
    facts.hundreds_of_yuan("fee.waived", 0);
    let budget = draw.size("resource.budget");
    facts.hundreds_of_yuan("resource.budget", budget);
    let cost = draw.size("fee");
    facts.hundreds_of_yuan("litigation.cost", cost);
}

/// Themes of what was disclosed. With 其他 at the end they add up to the total, without they need not (P-6).
fn themes(family: Family, draw: &mut Draw<'_>, facts: &mut Facts) {
    let total = facts.of("proactive.total");
    let set = match family {
        Family::Anhui => "themes.anhui",
        _ => draw
            .dice
            .pick(&["themes.beijing", "themes.guangzhou", "themes.county", "themes.town"]),
    };
    let labels = draw.data.words(set);
    let weights: Vec<u64> = draw
        .data
        .weights("themes")
        .iter()
        .map(|w| w.1)
        .cycle()
        .take(labels.len())
        .collect();
    facts.themes_close = labels.last().is_some_and(|label| label.contains("其他"));
    let shared = if facts.themes_close {
        total
    } else {
        total * draw.dice.between(60, 97) / 100
    };
    facts.themes = labels
        .iter()
        .copied()
        .zip(draw.dice.share_out(shared, &weights))
        .collect();
}
