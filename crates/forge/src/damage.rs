//! Damages.

use crate::body::Body;
use crate::data::Data;
use crate::dice::Dice;
use crate::plan::Plan;
use crate::printer::Page;
use crate::vocabulary::Damage;

pub fn fits(_kind: Damage, _page: &Page, _plan: &Plan) -> bool { false }
pub fn order(kind: Damage) -> usize { kind as usize }
pub fn before_script(_kind: Damage) -> bool { true }
pub fn apply(_kind: Damage, _page: &mut Page, _plan: &mut Plan, _data: &'static Data, _body: &Body, _dice: &mut Dice) -> bool { false }
pub fn settle_layout(_page: &mut Page, _plan: &mut Plan, _done: &mut Vec<Damage>) {}
