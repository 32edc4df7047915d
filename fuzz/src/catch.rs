//! Panics as values, with the place they came from and without a line on standard error for each.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

/// What a panic said, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panic {
    /// File, line and column.
    pub place: String,
    /// The message.
    pub message: String,
}

impl fmt::Display for Panic {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}: {}", self.place, self.message)
    }
}

/// The first panic of a thread that catches none: a target's own threads hand theirs on without the place.
static ELSEWHERE: Mutex<Option<Panic>> = Mutex::new(None);

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
    /// The first panic of this thread since it began to catch; others may catch theirs at the same time.
    static HERE: RefCell<Option<Panic>> = const { RefCell::new(None) };
}

/// Runs something; its panic is an error.
///
/// # Errors
/// The panic.
pub fn catch(run: impl FnOnce()) -> Result<(), Panic> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            note(info);
            if !CATCHING.get() {
                before(info);
            }
        }));
    });
    elsewhere().take();
    HERE.take();
    CATCHING.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(run));
    CATCHING.set(false);
    outcome.map_err(|_| {
        let first = HERE.take().or_else(|| elsewhere().take());
        first.unwrap_or_else(|| Panic {
            place: "an unknown place".to_owned(),
            message: "a panic that said nothing".to_owned(),
        })
    })
}

fn note(info: &PanicHookInfo<'_>) {
    let place = info.location().map_or_else(String::new, ToString::to_string);
    let message = info.payload_as_str().unwrap_or("no message").to_owned();
    let panic = Panic { place, message };
    if CATCHING.get() {
        HERE.with_borrow_mut(|here| {
            here.get_or_insert(panic);
        });
    } else {
        elsewhere().get_or_insert(panic);
    }
}

fn elsewhere() -> MutexGuard<'static, Option<Panic>> {
    ELSEWHERE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::disallowed_methods)] // A test may ask for threads as if there always were some.
    fn threads_that_catch_at_once_get_their_own() {
        let threads: Vec<_> = (0..4)
            .map(|thread| {
                std::thread::spawn(move || {
                    for round in 0..2000 {
                        let said = catch(|| panic!("{thread} {round}")).unwrap_err();
                        assert_eq!(said.message, format!("{thread} {round}"));
                        assert!(said.place.contains("catch.rs:"), "{said}");
                    }
                })
            })
            .collect();
        assert!(threads.into_iter().all(|thread| thread.join().is_ok()));
    }
}
