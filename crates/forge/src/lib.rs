//! The forge: it invents annual reports with known truth and prints them the way the world prints them.

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
mod script;
mod site;
pub mod template;
pub mod truth;
pub mod vocabulary;
pub mod write;
