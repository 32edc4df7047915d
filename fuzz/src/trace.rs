//! What an input showed: outcomes that a target notes while it runs. Inputs that show something new are worth keeping,
//! which is all the guidance that the stable driver has in place of coverage counters.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

/// One input shows no more than this many things.
const MOST: usize = 4096;

thread_local! {
    static SEEN: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// Forgets what the input before showed.
pub fn begin() {
    SEEN.with_borrow_mut(Vec::clear);
}

/// Notes an outcome.
pub fn saw(what: impl Hash) {
    let mut hasher = FxHasher::default();
    what.hash(&mut hasher);
    SEEN.with_borrow_mut(|seen| {
        if seen.len() < MOST {
            seen.push(hasher.finish());
        }
    });
}

/// Notes how many there were, to the power of two: seven of them are no other outcome than five.
pub fn saw_count(what: &str, count: usize) {
    saw((what, usize::BITS - count.leading_zeros()));
}

/// What was noted since [`begin`].
#[must_use]
pub fn seen() -> Vec<u64> {
    SEEN.with_borrow(Clone::clone)
}
