//! How long one dump may take. Every stage is linear in what it is given; this is for the page that shows that one is not.
//!
//! A stage that is out of time unwinds to whoever set the limit: nothing between them has to hand on that it gave up. It is
//! no panic: no hook runs and nothing is printed.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

thread_local! {
    static DEADLINE: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// That the limit has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutOfTime;

/// Does the work on this thread, but gives up when it takes longer than the limit and calls [`check_time`] then.
///
/// # Errors
/// [`OutOfTime`] when it gave up.
pub fn within<T>(limit: Duration, work: impl FnOnce() -> T) -> Result<T, OutOfTime> {
    DEADLINE.set(Instant::now().checked_add(limit));
    let result = catch_unwind(AssertUnwindSafe(work));
    DEADLINE.set(None);
    result.or_else(|payload| match payload.downcast::<OutOfTime>() {
        Ok(out_of_time) => Err(*out_of_time),
        Err(panic) => resume_unwind(panic),
    })
}

/// Gives up when the limit has passed. Stages call it for each block, row or sentence: often enough that what lies between
/// two calls is short, and seldom enough that looking at the clock costs nothing.
pub fn check_time() {
    if DEADLINE.get().is_some_and(|deadline| Instant::now() > deadline) {
        resume_unwind(Box::new(OutOfTime));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_given_up_when_its_time_is_over_and_at_no_other_time() {
        let work = || {
            check_time();
            7
        };
        assert_eq!(within(Duration::ZERO, work), Err(OutOfTime));
        assert_eq!(within(Duration::from_secs(3600), work), Ok(7));
        assert_eq!(within(Duration::MAX, work), Ok(7));
        assert_eq!(work(), 7, "without a limit");
    }

    #[test]
    fn a_panic_stays_a_panic() {
        let panics = || within(Duration::from_secs(3600), || std::panic::resume_unwind(Box::new("why")));
        let payload = catch_unwind(panics).err();
        assert_eq!(
            payload.and_then(|payload| payload.downcast_ref::<&str>().copied()),
            Some("why")
        );
    }
}
