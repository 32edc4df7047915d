//! Damages: each spoils the page and amends what the page says, so that the truth stays what a careful reader gets.
//! What cannot be read any more is lost to the truth; what can be restored for certain is marked repaired; what may be
//! read in two ways is left open.

mod cells;
mod glue;
mod numbers;
mod words;

use crate::body::Body;
use crate::data::Data;
use crate::dice::Dice;
use crate::doc::{Block, Cell, Kind, Piece, Reading, Role, Status, Table, Trust, Value};
use crate::plan::Plan;
use crate::printer::Page;
use crate::vocabulary::{Damage, Layout};

pub use cells::drop_cells;

/// Where a damage is done.
pub struct Place<'a> {
    /// Data files.
    pub data: &'static Data,
    /// Whose page.
    pub body: &'a Body,
    /// How it will be laid out.
    pub plan: &'a mut Plan,
    /// Chance.
    pub dice: &'a mut Dice,
}

/// Does the damage find something to spoil that stays decidable?
pub fn fits(kind: Damage, page: &Page, plan: &Plan) -> bool {
    let plain = !plan.look.is_html() && plan.look.main != Layout::Text;
    match kind {
        Damage::BrokenIdentity => false,
        Damage::ProseSlip => page.form.starts_with("matrix"),
        Damage::LabelVariants | Damage::DoubledRows => has_table(page),
        Damage::HeadersLost => page.form.starts_with("matrix") || page.form == "national2014",
        Damage::GluedEnumerators => glue::has_numbered_list(page),
        Damage::GluedShares => glue::has_share(page),
        Damage::WanLost => numbers::has_rounded(page),
        // Filler dashes and dashes that mean something cannot be told apart.
        Damage::FillerDashes => {
            page.form.starts_with("matrix") && !has_blank(page) && (plain || plan.look.main == Layout::HtmlFlat)
        }
        Damage::CellsDropped => matches!(plan.look.main, Layout::Pipes | Layout::Tabs) && has_blank(page),
        // Between spaces nobody could tell one number from two; alone on a line it would be torn from its label.
        Damage::SpacedNumbers => !matches!(plan.look.main, Layout::Spaces | Layout::Printed),
        Damage::HanRunsLost
        | Damage::FullWidth
        | Damage::PinyinNoise
        | Damage::BrandOverwritten
        | Damage::MaskedDigits
        | Damage::Truncated => true,
    }
}

/// Is it done to characters, once they are in their script?
pub fn is_of_characters(kind: Damage) -> bool {
    kind >= Damage::PinyinNoise
}

/// Does the damage; says whether anything was spoilt.
pub fn apply(kind: Damage, page: &mut Page, place: &mut Place<'_>) -> bool {
    match kind {
        Damage::BrokenIdentity => false,
        Damage::ProseSlip => numbers::slip(page, place),
        Damage::LabelVariants => words::vary_labels(page, place),
        Damage::HeadersLost => cells::lose_headers(page, place),
        Damage::DoubledRows => cells::double_row(page, place),
        Damage::GluedEnumerators => glue::enumerators(page, place),
        Damage::GluedShares => glue::shares(page),
        Damage::HanRunsLost => words::lose_han_runs(page, place),
        Damage::WanLost => numbers::lose_wan(page),
        Damage::BrandOverwritten => words::overwrite_places(page, place),
        Damage::MaskedDigits => numbers::mask(page, place),
        Damage::PinyinNoise => crate::script::pinyin_noise(place.data, &mut page.blocks, place.dice),
        Damage::FullWidth => numbers::widen(page, place),
        Damage::SpacedNumbers => numbers::space_out(page, place),
        Damage::Truncated => cells::truncate(page, place),
        Damage::FillerDashes => {
            place.plan.look.filler_dashes = true;
            true
        }
        Damage::CellsDropped => drop_cells(page, &mut place.plan.look),
    }
}

fn has_table(page: &Page) -> bool {
    page.blocks.iter().any(|block| block.table().is_some())
}

/// Is there a place for a number without one?
fn has_blank(page: &Page) -> bool {
    let blank = |reading: &Reading| reading.value == Value::None;
    page.blocks
        .iter()
        .any(|block| block.pieces().iter().any(|piece| piece.says.iter().any(blank)))
}

/// Is there a cell for a value with nothing in it?
pub fn has_empty_cell(page: &Page) -> bool {
    let empty = |cell: &Cell| cell.role == Role::Value && cell.line.iter().all(|piece| piece.text.is_empty());
    let tables = page.blocks.iter().filter_map(Block::table);
    tables.flat_map(|table| table.rows.iter().flatten()).any(empty)
}

/// The tables of a page.
fn tables_mut(page: &mut Page) -> impl Iterator<Item = &mut Table> {
    page.blocks.iter_mut().filter_map(Block::table_mut)
}

/// A number printed in plain digits that the page says for certain.
fn is_plain(piece: &Piece) -> bool {
    let certain = |r: &Reading| r.status == Status::Reported && r.trust == Trust::Sure && r.value != Value::None;
    piece.kind == Kind::Number
        && piece.says.len() == 1
        && piece.says.iter().all(certain)
        && piece.text.bytes().all(|byte| byte.is_ascii_digit())
}
