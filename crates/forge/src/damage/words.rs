//! Damages to words: labels, dates, names of places.

use std::borrow::Cow;

use super::{Place, tables_mut};
use crate::doc::{Block, Kind, Piece, Role};
use crate::printer::Page;

/// Some labels in another wording, or with a typo.
pub fn vary_labels(page: &mut Page, place: &mut Place<'_>) -> bool {
    let mut known: Vec<(&str, &Vec<&'static str>)> = place.data.variants.iter().map(|(k, v)| (*k, v)).collect();
    known.sort_unstable_by_key(|(label, _)| (std::cmp::Reverse(label.len()), *label));
    let mut done = false;
    for table in tables_mut(page) {
        let cells = table
            .rows
            .iter_mut()
            .flatten()
            .filter(|cell| matches!(cell.role, Role::Label | Role::Head));
        for piece in cells.flat_map(|cell| cell.line.iter_mut()) {
            let found = known.iter().find(|(label, _)| piece.text.contains(label));
            if let Some((label, variants)) = found.filter(|_| place.dice.chance(30)) {
                piece.text = piece.text.replacen(label, place.dice.pick(variants), 1).into();
                done = true;
            }
        }
    }
    done
}

/// 年 and 月 between digits of dates, and units before a comma, are gone.
pub fn lose_han_runs(page: &mut Page, place: &mut Place<'_>) -> bool {
    let mut done = false;
    for block in &mut page.blocks {
        let (Block::Para(line) | Block::Sign(line)) = block else {
            continue;
        };
        for piece in line
            .iter_mut()
            .filter(|piece| piece.kind == Kind::Text && piece.says.is_empty())
        {
            let less = without_marks(&piece.text);
            done |= less.len() < piece.text.len();
            piece.text = less;
        }
        for at in 2..line.len() {
            let lost = line[at - 2].kind == Kind::Number
                && line[at - 1].kind == Kind::Unit
                && line[at].text.starts_with('，')
                && !line[at - 2].text.ends_with(['万', '余', '多']);
            if lost && place.dice.chance(35) {
                line[at - 1].text = "".into();
                done = true;
            }
        }
    }
    done
}

/// A text without 年 and 月 where they stand between digits.
fn without_marks(text: &str) -> Cow<'static, str> {
    let chars: Vec<char> = text.chars().collect();
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let between = |at: usize| matches!(chars[at], '年' | '月') && at > 0 && digit(at - 1) && digit(at + 1);
    (0..chars.len())
        .filter(|&at| !between(at))
        .map(|at| chars[at])
        .collect::<String>()
        .into()
}

/// The body's place gives way to a brand in title, headings and signature; the first paragraph keeps its name.
pub fn overwrite_places(page: &mut Page, place: &mut Place<'_>) -> bool {
    let brand = place.dice.pick(place.data.words("brands"));
    let names = [place.body.place.clear_name(), place.body.place.name.to_string()];
    let replace = |text: &str| {
        names
            .iter()
            .fold(text.to_string(), |text, name| text.replace(name.as_str(), brand))
    };
    let mut done = false;
    for block in &mut page.blocks {
        let (Block::Title(line) | Block::Sign(line)) = block else {
            continue;
        };
        for piece in line.iter_mut() {
            let other = replace(&piece.text);
            done |= other != piece.text;
            *piece = Piece {
                text: other.into(),
                ..piece.clone()
            };
        }
    }
    page.title = replace(&page.title);
    done
}
