//! Tells when an execution does not come to its end. A thread cannot be stopped from outside, but its input can be kept.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often a running execution is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// What runs, as both threads see it.
#[derive(Debug, Clone)]
pub struct Watch(Arc<(Mutex<Running>, Condvar)>);

#[derive(Debug, Default)]
struct Running {
    since: Option<Instant>,
    input: Vec<u8>,
    /// How many began.
    count: u64,
    is_over: bool,
}

impl Watch {
    /// Nothing runs yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new((Mutex::new(Running::default()), Condvar::new())))
    }

    /// An execution begins.
    pub fn begin(&self, input: &[u8]) {
        let mut running = self.running();
        running.since = Some(Instant::now());
        running.count += 1;
        running.input.clear();
        running.input.extend_from_slice(input);
    }

    /// It ended.
    pub fn rest(&self) {
        self.running().since = None;
    }

    /// There will be no more.
    pub fn end(&self) {
        self.running().is_over = true;
        self.0.1.notify_all();
    }

    /// Waits until there are no more. Gives number and input of an execution that takes longer than `hang`.
    #[must_use]
    pub fn wait(&self, hang: Duration) -> Option<(u64, Vec<u8>)> {
        let mut running = self.running();
        loop {
            if running.is_over {
                return None;
            }
            if running.since.is_some_and(|since| since.elapsed() > hang) {
                return Some((running.count, running.input.clone()));
            }
            let waited = self.0.1.wait_timeout(running, LOOK_EVERY);
            running = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Watch {
    fn default() -> Self {
        Self::new()
    }
}

/// What is said of an execution that never ends.
#[must_use]
pub fn hung(hang: Duration) -> String {
    format!("it did not come to its end within {} s", hang.as_secs_f64())
}
