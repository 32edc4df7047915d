//! Work on several threads, on as many as the system gives: where it refuses one, fewer do the same.

use std::panic::resume_unwind;
use std::thread::{Builder, ScopedJoinHandle};

/// What threads give that share their work; this thread is one of them.
///
/// # Errors
/// What the first of them returned that failed.
pub(crate) fn side_by_side<T: Send, E: Send>(
    threads: usize,
    work: &(impl Fn() -> Result<T, E> + Sync),
) -> Result<Vec<T>, E> {
    std::thread::scope(|scope| {
        // A thread that is refused leaves its share to the others.
        let others = (1..threads).map_while(|_| Builder::new().spawn_scoped(scope, work).ok());
        let others: Vec<ScopedJoinHandle<'_, Result<T, E>>> = others.collect();
        let own = work();
        let others = others.into_iter().map(join);
        std::iter::once(own).chain(others).collect()
    })
}

/// Does two things side by side, or one after the other where no thread is to be had.
pub(crate) fn both<L: Send, R>(left: impl Fn() -> L + Sync, right: impl FnOnce() -> R) -> (L, R) {
    std::thread::scope(|scope| {
        let thread = Builder::new().spawn_scoped(scope, &left).ok();
        let right = right();
        (thread.map_or_else(&left, join), right)
    })
}

fn join<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn work_that_is_shared_is_done_once_by_any_number_of_threads() {
        for threads in [0, 1, 2, 9] {
            let next = AtomicUsize::new(0);
            let work = || {
                let mut done = Vec::new();
                while let Some(number) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|number| *number < 100) {
                    done.push(number);
                }
                Ok::<_, String>(done)
            };
            let done = side_by_side(threads, &work).map(|done| {
                let mut done: Vec<usize> = done.into_iter().flatten().collect();
                done.sort_unstable();
                done
            });
            assert_eq!(done, Ok((0..100).collect()), "{threads} threads");
        }
        assert_eq!(side_by_side(3, &|| Err::<(), _>("broken")), Err("broken"));
        assert_eq!(both(|| 1, || 2), (1, 2));
    }
}
