//! The forge: it invents annual reports with known truth and prints them the way the world prints them.
//!
//! ```text
//! plan ─▶ facts ─▶ printer ─▶ damage ─▶ layout ─▶ site ─▶ encode ─▶ bytes
//!                     │          │
//!                     └──────────┴──▶ truth
//! ```
//!
//! Facts are drawn first and obey the identities of their form; the printer turns them into blocks of pieces, each of
//! which knows what it says; every damage that spoils a piece amends what the piece says; the truth is read off the
//! pieces that are left. So the truth is what a careful reader can get from the page as printed, never more.
//!
//! Document `i` depends on the seed, the profile and `i` alone. Four documents that follow each other are of one body in
//! successive years, so that what is carried out of one year is carried into the next.
//!
//! # Labels
//!
//! Every line of `truth.jsonl` has the fields of the gold format (`file`, `group`, `report`, `observations`, `optional`,
//! `complete`, `ignore`, `failed_checks`, for half-year reports `report_type`) and `labels`, whose vocabularies are
//! closed:
//!
//! | label | values |
//! | --- | --- |
//! | `era` | [`vocabulary::Era`] |
//! | `family` | [`vocabulary::Family`]; empty for a negative |
//! | `prose` | whether the report has sentences that carry statistics |
//! | `layout` | [`vocabulary::Layout`] |
//! | `damage` | [`vocabulary::Damage`], in the order in which they were done |
//! | `encoding` | [`vocabulary::Encoding`] |
//! | `script` | [`vocabulary::Script`] |
//! | `site` | a file of `data/sites`, or `none` |
//! | `level` | [`vocabulary::Level`] |
//! | `negative` | [`vocabulary::Negative`], or null |
//!
//! # What the truth leaves open
//!
//! - `optional`: numbers of a narrower scope (one website, one office); numbers that a mask hides, which arithmetic may
//!   restore; the number of the prose where prose and table disagree (the table is believed).
//! - `ignore`: totals that the form does not print (`requests.outcome.denied.total` since 2019), an amount without a unit,
//!   the columns of a row whose empty cells were dropped, a blank where a mask stands (`category:blank`).
//! - Identity fields are left out where a brand stands in place of the name; the code may then be null.

#![forbid(unsafe_code)]

pub mod body;
pub mod check;
mod damage;
pub mod data;
pub mod dice;
pub mod doc;
mod encode;
pub mod facts;
pub mod forge;
mod layout;
mod negative;
pub mod plan;
pub mod printer;
pub mod reading;
mod script;
mod site;
pub mod template;
pub mod truth;
pub mod vocabulary;
pub mod write;
