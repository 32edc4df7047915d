//! Damages to digits: masks, widths, spaces, slips of the pen.

use super::{Place, is_plain};
use crate::doc::{Block, Kind, Piece, Status, Trust, Value};
use crate::printer::Page;

const SLIPPING: [&str; 4] = [
    "requests.received.total",
    "requests.outcome.total",
    "requests.carried_out",
    "review.total",
];

/// One number of the prose is off by a little; the table keeps the right one.
pub fn slip(page: &mut Page, place: &mut Place<'_>) -> bool {
    let slipping = |piece: &&mut Piece| {
        // A nought may be a blank in the table, and then nothing contradicts it.
        piece.text != "0"
            && is_plain(piece)
            && piece
                .says
                .iter()
                .all(|reading| SLIPPING.contains(&reading.key.category))
    };
    let prose = page.blocks.iter_mut().filter(|block| matches!(block, Block::Para(_)));
    let mut pieces: Vec<&mut Piece> = prose.flat_map(Block::pieces_mut).filter(slipping).collect();
    if pieces.is_empty() {
        return false;
    }
    let at = place.dice.below(pieces.len() as u64) as usize;
    let off = place.dice.between(1, 4);
    let piece = &mut pieces[at];
    for reading in &mut piece.says {
        if let Value::Count(count) = &mut reading.value {
            *count += off;
            piece.text = count.to_string().into();
        }
    }
    true
}

/// Is there a number with 万?
pub fn has_rounded(page: &Page) -> bool {
    page.blocks.iter().flat_map(Block::pieces).any(is_rounded)
}

fn is_rounded(piece: &Piece) -> bool {
    let approximate = piece.says.iter().any(|reading| reading.status == Status::Approximate);
    approximate && piece.text.contains('万') && piece.text.contains('.')
}

/// `1.9万余条` becomes `1.9余条`: no count can be read from it, least of all 1 or 2.
pub fn lose_wan(page: &mut Page) -> bool {
    let mut done = false;
    for piece in page.blocks.iter_mut().flat_map(Block::pieces_mut) {
        if is_rounded(piece) {
            piece.text = piece.text.replace('万', "").into();
            lose(piece);
            done = true;
        }
    }
    done
}

/// Some numbers are masked: `*` is missing, neither zero nor blank.
pub fn mask(page: &mut Page, place: &mut Place<'_>) -> bool {
    let mut pieces: Vec<&mut Piece> = page
        .blocks
        .iter_mut()
        .flat_map(Block::pieces_mut)
        .filter(|piece| is_plain(piece))
        .collect();
    if pieces.is_empty() {
        return false;
    }
    let mut open = Vec::new();
    for _ in 0..place.dice.between(1, 5) {
        let at = place.dice.below(pieces.len() as u64) as usize;
        let piece = &mut pieces[at];
        if piece.says.iter().any(|reading| reading.trust == Trust::Lost) {
            continue;
        }
        let keep = if place.dice.chance(30) { 1 } else { 0 };
        let masked: String = piece
            .text
            .chars()
            .enumerate()
            .map(|(at, c)| if at < keep && piece.text.len() > 2 { c } else { '*' })
            .collect();
        piece.text = masked.into();
        open.extend(
            piece
                .says
                .iter()
                .map(|reading| format!("{}:blank", reading.key.category)),
        );
        lose(piece);
    }
    page.ignore.extend(open);
    true
}

fn lose(piece: &mut Piece) {
    for reading in &mut piece.says {
        reading.trust = Trust::Lost;
    }
}

/// Digits in full width: in tables, in prose or everywhere.
pub fn widen(page: &mut Page, place: &mut Place<'_>) -> bool {
    let (tables, prose) = [(true, true), (true, false), (false, true)][place.dice.below(3) as usize];
    widen_in(page, tables, prose) || widen_in(page, true, true)
}

fn widen_in(page: &mut Page, tables: bool, prose: bool) -> bool {
    let mut done = false;
    for block in &mut page.blocks {
        let wanted = match block {
            Block::Table(_) => tables,
            Block::Para(_) => prose,
            _ => false,
        };
        for piece in block.pieces_mut().into_iter().filter(|_| wanted) {
            if piece.kind == Kind::Number && piece.text.bytes().any(|byte| byte.is_ascii_digit()) {
                piece.text = piece.text.chars().map(wide).collect::<String>().into();
                done = true;
            }
        }
    }
    done
}

fn wide(c: char) -> char {
    match c {
        '0'..='9' => char::from_u32(u32::from(c) - u32::from('0') + 0xff10).unwrap_or(c),
        other => other,
    }
}

/// A space inside numbers of four digits and more, where a thousands mark would stand.
pub fn space_out(page: &mut Page, place: &mut Place<'_>) -> bool {
    let mut done = false;
    for piece in page.blocks.iter_mut().flat_map(Block::pieces_mut) {
        if is_plain(piece) && piece.text.len() > 3 && place.dice.chance(40) {
            let at = piece.text.len() - 3;
            piece.text = format!("{} {}", &piece.text[..at], &piece.text[at..]).into();
            done = true;
        }
    }
    done
}
