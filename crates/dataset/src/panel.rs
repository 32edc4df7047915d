//! The tables for people who want one number for a place and a year: panel, indicators and coverage.
//!
//! `pick.rs` chooses among reports and `claim.rs` says by which rule; `spool.rs` holds what was chosen until all of a place
//! and year has come; `tables.rs` then adds the totals that forms do not print (`derived.rs`), puts values into series
//! (`book.rs`) and makes ratios of them (`indicators.rs`). `coverage.rs` tells for which places there is a report at all.
//! Knows nothing of how reports were read.

mod book;
mod claim;
mod coverage;
mod derived;
mod indicators;
mod pick;
mod spool;
mod tables;

pub(crate) use book::PanelBook;
pub(crate) use claim::{Claim, ClaimRank};
pub(crate) use coverage::CoverageMaker;
pub(crate) use pick::{PanelPicker, Pick};
pub(crate) use spool::{PanelGroup, PanelSpool};
pub(crate) use tables::PanelTables;
