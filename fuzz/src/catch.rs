//! Panics as values, with the place they came from and without a line on standard error for each.

use std::cell::Cell;
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

/// The first panic since it was taken last, of whatever thread: a target's own threads hand theirs on without the place.
static FIRST: Mutex<Option<Panic>> = Mutex::new(None);

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
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
    *first() = None;
    CATCHING.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(run));
    CATCHING.set(false);
    let first = first().take();
    outcome.map_err(|_| {
        first.unwrap_or_else(|| Panic {
            place: "an unknown place".to_owned(),
            message: "a panic that said nothing".to_owned(),
        })
    })
}

fn note(info: &PanicHookInfo<'_>) {
    let place = info.location().map_or_else(String::new, ToString::to_string);
    let message = info.payload_as_str().unwrap_or("no message").to_owned();
    first().get_or_insert(Panic { place, message });
}

fn first() -> MutexGuard<'static, Option<Panic>> {
    FIRST.lock().unwrap_or_else(PoisonError::into_inner)
}
