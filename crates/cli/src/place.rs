//! `gongkai place`: what a name can mean, with codes, years and history.

use std::io::Write as _;
use std::process::ExitCode;

use gongkai_lexicon::{Change, Gazetteer, Lexicon, Named, Place};
use serde::Serialize;

use crate::args::{Log, PlaceOptions};

/// One thing that a name can mean.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    /// Six digits of a place, nine of a township, none of a zone.
    code: Option<String>,
    name: &'a str,
    /// province, prefecture, county, township or zone.
    level: &'static str,
    /// From the province down.
    full_name: String,
    /// Code of the place that holds it.
    parent: Option<&'a str>,
    /// First and last year on whose 31 December it was valid; none where that lies before 2008 or still goes on.
    valid_from: Option<i16>,
    valid_to: Option<i16>,
    /// Today's code of the same territory.
    today: Option<&'a str>,
    before: Vec<Link<'a>>,
    after: Vec<Link<'a>>,
}

/// What a place came from, or what became of it.
#[derive(Debug, Serialize)]
struct Link<'a> {
    year: i16,
    kind: &'static str,
    code: &'a str,
    name: &'a str,
}

/// Prints what a name can mean; fails when it means nothing.
pub fn execute(options: &PlaceOptions, lexicon: &Lexicon) -> anyhow::Result<ExitCode> {
    let gazetteer = &lexicon.gazetteer;
    let name = options.name.trim();
    let found = gazetteer.look_up(name, options.year);
    let mut out = std::io::stdout().lock();
    for named in &found {
        let answer = answer(gazetteer, named, options.year);
        match options.format {
            Log::Text => out.write_all(text(&answer).as_bytes())?,
            Log::Json => writeln!(out, "{}", serde_json::to_string(&answer)?)?,
        }
    }
    if found.is_empty() {
        let when = options.year.map_or_else(String::new, |year| format!(" in {year}"));
        anyhow::bail!(
            "no place is called {name:?}{when}; hint: try the name without the places above it, or without --year"
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn answer<'a>(gazetteer: &'a Gazetteer, named: &'a Named<'_>, year: Option<i16>) -> Answer<'a> {
    match named {
        Named::Place(place) => of_place(gazetteer, place),
        Named::Township(township, parent) => Answer {
            code: Some(township.code.clone()),
            name: township.name,
            level: "township",
            full_name: full_name(gazetteer, parent, year) + township.name,
            parent: Some(&parent.code),
            valid_from: None,
            valid_to: township.last_year,
            today: None,
            before: Vec::new(),
            after: Vec::new(),
        },
        Named::Zone(zone, parent) => Answer {
            code: None,
            name: &zone.name,
            level: "zone",
            full_name: full_name(gazetteer, parent, year) + &zone.name,
            parent: Some(&parent.code),
            valid_from: None,
            valid_to: None,
            today: None,
            before: Vec::new(),
            after: Vec::new(),
        },
    }
}

fn of_place<'a>(gazetteer: &'a Gazetteer, place: &'a Place) -> Answer<'a> {
    let link = |change: &'a Change, code: &'a str, year: i16| Link {
        year: change.year,
        kind: change.kind.as_str(),
        code,
        name: gazetteer.at_or_latest(code, Some(year)).map_or("", |other| &other.name),
    };
    // A code keeps its row's name only in its years: changes of others of its names are not this row's.
    let ours = |change: &&Change| {
        place.valid_from.is_none_or(|from| change.year >= from) && place.valid_to.is_none_or(|to| change.year <= to + 1)
    };
    // A place that takes another in is no successor of itself.
    let other = |link: &Link<'_>| link.code != place.code || link.name != place.name;
    let last = place.valid_to.or(place.valid_from);
    let before = gazetteer.changes_to(&place.code).filter(ours);
    let after = gazetteer.changes_from(&place.code).filter(ours);
    Answer {
        code: Some(place.code.clone()),
        name: &place.name,
        level: place.level.as_str(),
        full_name: full_name(gazetteer, place, last),
        parent: gazetteer
            .above(&place.code, last)
            .first()
            .map(|above| above.code.as_str()),
        valid_from: place.valid_from,
        valid_to: place.valid_to,
        today: Some(place.successor.as_deref().unwrap_or(&place.code)),
        before: before
            .map(|change| link(change, &change.from, change.year - 1))
            .filter(other)
            .collect(),
        after: after
            .map(|change| link(change, &change.to, change.year))
            .filter(other)
            .collect(),
    }
}

fn full_name(gazetteer: &Gazetteer, place: &Place, year: Option<i16>) -> String {
    gazetteer
        .full_name(&place.code, year)
        .unwrap_or_else(|| place.name.clone())
}

/// One line for the place, one for each step of its history.
fn text(answer: &Answer<'_>) -> String {
    let year = |year: Option<i16>| year.map_or_else(String::new, |year| year.to_string());
    let years = match (answer.valid_from, answer.valid_to) {
        (None, None) => String::new(),
        (from, to) => format!("  {}-{}", year(from), year(to)),
    };
    let code = answer.code.as_deref().unwrap_or("-");
    let mut lines = format!("{code:<9}  {:<10}  {}{years}\n", answer.level, answer.full_name);
    let steps = answer.before.iter().map(|link| ("from", link));
    for (word, link) in steps.chain(answer.after.iter().map(|link| ("to", link))) {
        lines += &format!(
            "           {} {} {word} {} {}\n",
            link.year, link.kind, link.code, link.name
        );
    }
    if let Some(today) = answer.today.filter(|today| Some(*today) != answer.code.as_deref()) {
        lines += &format!("           today {today}\n");
    }
    lines
}
