//! Pages that are no annual reports.

use crate::body::Body;
use crate::data::Data;
use crate::dice::Dice;
use crate::doc::{Block, Piece};
use crate::printer::Page;
use crate::vocabulary::Negative;

pub fn page(_kind: Negative, _data: &'static Data, body: &Body, year: i32, _dice: &mut Dice) -> Page {
    let title = format!("{}{year}", body.clear_name());
    Page { blocks: vec![Block::Title(vec![Piece::text(title.clone())])], title, published: None, complete: vec![""], ignore: vec![], form: "" }
}
