//! Numbers since an earlier year: the column 历年累计 of Fujian, and what prose says of the years since 2008.

use std::collections::BTreeMap;

use super::{Draw, Facts};
use crate::doc::Key;
use crate::vocabulary::Family;

/// The column 历年累计: what was before plus this year, every row for itself (P-5).
pub fn cumulate(family: Family, draw: &mut Draw<'_>, facts: &mut Facts) {
    let form = draw.data.form(if family == Family::Fujian2009 {
        "fujian2009"
    } else {
        "fujian2018"
    });
    let fresh = draw.stocks.cumulative.is_empty();
    if family == Family::Fujian2018 {
        merge_channels(&mut draw.stocks.cumulative);
    }
    let years = draw.dice.between(0, 6);
    let codes: Vec<&'static str> = form.iter().filter_map(|row| row.code).collect();
    for &code in &codes {
        let now = facts.of(code);
        let key = Key::cumulative(code);
        let before = if fresh {
            now * years
        } else {
            draw.stocks.cumulative.get(&key).copied().unwrap_or(0)
        };
        facts.count(key.clone(), before + now);
        draw.stocks.cumulative.insert(key, before + now);
    }
}

/// The form of 2018 has one row for what the form of 2009 counts in two or three: what was before moves there.
fn merge_channels(cumulative: &mut BTreeMap<Key, i64>) {
    for (from, to) in [
        (
            "requests.received.channel.letter",
            "requests.received.channel.letter_fax",
        ),
        ("requests.received.channel.fax", "requests.received.channel.letter_fax"),
        ("requests.received.channel.email", "requests.received.channel.online"),
        ("requests.received.channel.other", "requests.received.channel.online"),
    ] {
        if let Some(count) = cumulative.remove(&Key::cumulative(from)) {
            *cumulative.entry(Key::cumulative(to)).or_default() += count;
        }
    }
}

/// Prose sometimes names what was disclosed since 2008 beside the year.
pub fn since_2008(year: i32, draw: &mut Draw<'_>, facts: &mut Facts) {
    let key = Key::cumulative("proactive.total");
    let now = facts.of("proactive.total");
    let earlier = i64::from(year - 2008);
    let fresh = now * earlier * draw.dice.between(60, 110) / 100;
    let before = draw.stocks.cumulative.get(&key).copied().unwrap_or(fresh);
    facts.count(key.clone(), before + now);
    draw.stocks.cumulative.insert(key, before + now);
}
