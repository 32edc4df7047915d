//! Pages that stand beside annual reports and are none. A reader must turn them away and read nothing from them.

use crate::body::Body;
use crate::data::Data;
use crate::dice::Dice;
use crate::doc::{Block, Cell, Piece, Role, Table};
use crate::facts::Facts;
use crate::printer::{Page, Printer, Style};
use crate::vocabulary::{Family, Negative};

/// A page of the kind; the truth about it is complete: there is nothing.
pub fn page(kind: Negative, data: &'static Data, body: &Body, year: i32, dice: &mut Dice) -> Page {
    let (titles, slot) = match kind {
        Negative::Guide => ("negative.guide", "n.guide"),
        Negative::News => ("negative.news", "n.news"),
        Negative::Links => ("negative.links", ""),
        Negative::Budget => ("negative.budget", "n.budget"),
        Negative::HalfYear => ("negative.half", "n.half"),
    };
    let title = dice.pick(data.words(titles));
    let title = title
        .replace("{org}", &body.clear_name())
        .replace("{place}", body.place.name)
        .replace("{Y}", &year.to_string());
    let mut blocks = vec![Block::Title(vec![Piece::text(title.clone())])];
    if kind == Negative::Links {
        blocks.extend(links(data, body, year, dice));
    }
    let facts = Facts::default();
    let style = Style::draw(body, dice);
    let mut printer = Printer {
        data,
        body,
        year,
        facts: &facts,
        family: Family::Prose,
        prose: true,
        style,
        dice,
        ignore: Vec::new(),
    };
    blocks.extend(printer.all_sentences(slot).into_iter().map(Block::Para));
    if kind == Negative::Budget {
        blocks.push(Block::Table(budget(data, dice)));
    }
    let published = Some(format!("{}-02-{:02}", year + 1, dice.between(1, 28)));
    Page {
        blocks,
        title,
        published,
        complete: vec![""],
        ignore: Vec::new(),
        form: "",
    }
}

/// A list of links to reports of many bodies and years.
fn links(data: &'static Data, body: &Body, year: i32, dice: &mut Dice) -> Vec<Block> {
    let titles = data.words("titles");
    // Bureaus that stood in all years.
    let bureaus: Vec<&str> = data
        .words("bureaus")
        .iter()
        .copied()
        .filter(|name| !name.contains(' '))
        .collect();
    let mut lines = Vec::new();
    for at in 0..dice.between(12, 40) {
        let place = if body.place.towns.is_empty() {
            body.place.name
        } else {
            dice.pick(&body.place.towns)
        };
        let organ = format!("{place}{}", dice.pick(&bureaus));
        let listed = year - (at % 4) as i32;
        let title = dice
            .pick(titles)
            .replace("{org}", &organ)
            .replace("{Y}", &listed.to_string());
        lines.push(Block::Para(vec![Piece::text(format!(
            "{title}　{}-{:02}-{:02}",
            listed + 1,
            dice.between(1, 3),
            dice.between(1, 28)
        ))]));
    }
    lines
}

/// Income and outlay: a table that is none of the forms.
fn budget(data: &'static Data, dice: &mut Dice) -> Table {
    let words = data.words("budget");
    let (heads, items) = words.split_at(2.min(words.len()));
    let mut rows = vec![heads.iter().map(|head| Cell::words(Role::Head, *head)).collect()];
    for item in items {
        let amount = format!("{}.{:02}", dice.magnitude(10, 90_000), dice.below(100));
        rows.push(vec![Cell::words(Role::Label, *item), Cell::words(Role::Value, amount)]);
    }
    Table {
        rows,
        columns: 2,
        heads: 1,
    }
}
