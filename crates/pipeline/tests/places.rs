//! Every code that comes out was valid in the year of its report, and everything said of a place agrees with the gazetteer.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use gongkai_extract::{Identity, Level, Outcome};
use gongkai_forge::forge::Forge;
use gongkai_forge::plan::Profile;
use gongkai_page::{Limits, PageKind, read};
use support::EXTRACTOR;

/// What is wrong with an identity's place.
fn wrong(who: &Identity) -> Option<String> {
    let gazetteer = &EXTRACTOR.lexicon().gazetteer;
    let code = who.jurisdiction_code.as_deref()?;
    let at = match who.year {
        Some(year) => gazetteer.at(code, year),
        None => gazetteer.latest(code),
    };
    let Some(place) = at else {
        return Some(format!("{code} was not valid in {:?}", who.year));
    };
    let full_name = gazetteer.full_name(code, who.year);
    let above = gazetteer.above(code, who.year);
    let parent = above.first().map(|above| above.code.clone());
    let today = gazetteer.today(code, who.year).map(str::to_owned);
    let agrees = who.jurisdiction == full_name && who.parent_code == parent && who.successor_code == today;
    let named = who
        .jurisdiction
        .as_deref()
        .is_some_and(|name| name.ends_with(&place.name));
    let listed = who.candidates.iter().any(|candidate| candidate == code);
    let of_county = who
        .township_code
        .as_deref()
        .is_none_or(|township| township.starts_with(code));
    let sure = who.jurisdiction_confidence > 0.0 && who.jurisdiction_confidence < 1.0;
    let town = who.township_code.is_none() || who.level == Some(Level::Township);
    (!(agrees && named && listed && of_county && sure && town)).then(|| format!("{who:?}"))
}

#[test]
fn every_code_is_valid_in_its_year() {
    let mut coded = 0;
    let mut mistakes = Vec::new();
    for (profile, seed) in [(Profile::Mix, 11), (Profile::Damaged, 12), (Profile::Bulk, 13)] {
        let forge = Forge::new(seed, profile).unwrap();
        for number in 0..300 {
            let document = forge.document(number);
            let (file, bytes) = (&document.truth.file, &document.bytes);
            let page = read(bytes, PageKind::of(file, bytes), &Limits::default());
            let Outcome::Reports(reports) = EXTRACTOR.extract(&page, file) else {
                continue;
            };
            for report in &reports {
                coded += usize::from(report.identity.jurisdiction_code.is_some());
                mistakes.extend(wrong(&report.identity).map(|wrong| format!("{file}: {wrong}")));
            }
        }
    }
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
    assert!(coded > 700, "{coded}");
}
