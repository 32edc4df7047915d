//! Fuzz targets for every door that bytes come in by, and a driver that runs them on a stable toolchain.
//!
//! A target is a plain function of bytes that panics where something is wrong: not only where the code under test does,
//! but wherever what it gives contradicts what it promises. `libfuzzer/` hands the same functions to cargo-fuzz.
#![allow(clippy::unwrap_used, clippy::expect_used)]

pub mod catch;
pub mod dictionary;
pub mod driver;
pub mod minimise;
pub mod mutate;
mod scratch;
pub mod seeds;
pub mod targets;
pub mod trace;
pub mod watch;
mod world;

pub use targets::{TARGETS, Target, target};

/// Runs a target on an input, as cargo-fuzz does.
///
/// # Panics
/// When there is no such target, and where the target finds something wrong.
pub fn run(name: &str, bytes: &[u8]) {
    let target = target(name).expect("a target of this name");
    trace::begin();
    (target.run)(bytes);
}
