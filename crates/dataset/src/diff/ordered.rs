//! Jobs on several threads whose findings are taken in the order of the jobs, while work goes on.
//!
//! Knows nothing of what is done and found. A thread that runs ahead waits when enough of what it found has not been
//! taken, so that memory is bounded whatever is found.

use std::slice::Iter;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use crate::error::NoThread;

/// Findings go from thread to thread so many at a time.
const BATCH: usize = 256;

/// What a job found, so many at a time; the error that ended it comes last.
type Message<T, E> = Result<Vec<T>, E>;

/// The jobs that are left, and the line in which the findings of those begun stand.
type Queue<'a, J, T, E> = Mutex<(Iter<'a, J>, SyncSender<Receiver<Message<T, E>>>)>;

/// Where a job puts what it finds.
pub(super) struct Findings<T, E> {
    batch: Vec<T>,
    to: SyncSender<Message<T, E>>,
}

impl<T, E> Findings<T, E> {
    /// Adds a finding. False when nobody takes any more, and the job may end.
    pub(super) fn push(&mut self, finding: T) -> bool {
        self.batch.push(finding);
        self.batch.len() < BATCH || self.send()
    }

    fn send(&mut self) -> bool {
        self.to.send(Ok(std::mem::take(&mut self.batch))).is_ok()
    }
}

/// Does all jobs and gives `take` what they find: what the first found, then what the second did. At most `most_waiting`
/// findings wait, and a few batches.
///
/// # Errors
/// What `take` or the first job that failed returned; no job is begun afterwards. [`NoThread`] where none could be.
pub(super) fn in_order<J: Sync, T: Send, E: Send + From<NoThread>>(
    jobs: &[J],
    threads: usize,
    most_waiting: usize,
    work: impl Fn(&J, &mut Findings<T, E>) -> Result<(), E> + Sync,
    take: &mut dyn FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let threads = threads.clamp(1, jobs.len().max(1));
    // One job is being taken from, and as many are under way or wait to be.
    let batches = most_waiting / BATCH / (threads + 1);
    let (line, lines) = sync_channel(threads);
    let queue: Arc<Queue<'_, J, T, E>> = Arc::new(Mutex::new((jobs.iter(), line)));
    std::thread::scope(|scope| {
        for begun in 0..threads {
            let (queue, work) = (Arc::clone(&queue), &work);
            let thread = std::thread::Builder::new().spawn_scoped(scope, move || {
                while let Some((job, to)) = next(&queue, batches) {
                    let mut findings = Findings { batch: Vec::new(), to };
                    let done = work(job, &mut findings);
                    let _is_heard = findings.send() && done.map_err(|error| findings.to.send(Err(error))).is_ok();
                }
            });
            match thread {
                Ok(_) => {}
                // This thread takes what is found: one other is enough, and must be.
                Err(refused) if begun == 0 => return Err(NoThread(refused).into()),
                Err(_) => break,
            }
        }
        // The line ends when no thread is left.
        drop(queue);
        lines
            .into_iter()
            .flatten()
            .try_for_each(|found| found?.into_iter().try_for_each(&mut *take))
    })
}

/// The next job; its findings stand in line behind those of the jobs before it.
fn next<'a, J, T, E>(queue: &Queue<'a, J, T, E>, batches: usize) -> Option<(&'a J, SyncSender<Message<T, E>>)> {
    // A thread that panicked is joined, and its panic goes on.
    let mut queue = queue.lock().ok()?;
    let (jobs, line) = &mut *queue;
    let job = jobs.next()?;
    let (to, from) = sync_channel(batches);
    line.send(from).ok()?;
    Some((job, to))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    impl From<NoThread> for String {
        fn from(refused: NoThread) -> Self {
            refused.to_string()
        }
    }

    impl From<NoThread> for usize {
        fn from(_: NoThread) -> Self {
            Self::MAX
        }
    }

    /// Jobs that find as many numbers as their number says.
    fn work(job: &usize, findings: &mut Findings<(usize, usize), String>) -> Result<(), String> {
        (0..*job).all(|number| findings.push((*job, number)));
        Ok(())
    }

    #[test]
    fn any_number_of_threads_finds_the_same_in_the_same_order() {
        let jobs = [3000, 0, 1, 256, 255, 5000, 2, 0, 700];
        let expected: Vec<_> = jobs
            .iter()
            .flat_map(|job| (0..*job).map(move |number| (*job, number)))
            .collect();
        for (threads, most_waiting) in [(1, 0), (1, 9999), (2, 0), (3, 1500), (20, 99_999)] {
            let mut found = Vec::new();
            let mut take = |finding| {
                found.push(finding);
                Ok(())
            };
            in_order(&jobs, threads, most_waiting, work, &mut take).unwrap();
            assert!(found == expected, "{threads} threads, {most_waiting} waiting");
        }
        in_order(&[], 2, 9, work, &mut |_| Err("of nothing".to_owned())).unwrap();
    }

    #[test]
    fn no_more_than_allowed_waits() {
        let (made, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = |_: &usize, findings: &mut Findings<(), String>| {
            for _ in 0..100_000 {
                made.fetch_add(1, Ordering::Relaxed);
                findings.push(());
            }
            Ok::<(), String>(())
        };
        let mut taken = 0;
        let mut take = |()| {
            taken += 1;
            most.fetch_max(made.load(Ordering::Relaxed) - taken, Ordering::Relaxed);
            Ok(())
        };
        let (threads, most_waiting) = (2, 6 * BATCH);
        in_order(&[0; 5], threads, most_waiting, work, &mut take).unwrap();
        assert_eq!(taken, 500_000);
        // Beside, one batch is being taken, and each job begins one and sends another.
        let limit = most_waiting + BATCH * (1 + 2 * (threads + 1));
        assert!(most.load(Ordering::Relaxed) <= limit, "{most:?} of {limit}");
    }

    #[test]
    fn the_first_error_ends_it() {
        let jobs: Vec<usize> = (0..100).collect();
        let work = |job: &usize, findings: &mut Findings<usize, usize>| {
            let is_heard = (0..10_000).all(|_| findings.push(*job));
            match job {
                7 | 9 => Err(*job),
                _ if is_heard => Ok(()),
                _ => Err(1000),
            }
        };
        let mut taken = [0; 100];
        let mut take = |job: usize| {
            taken.iter_mut().skip(job).take(1).for_each(|taken| *taken += 1);
            Ok(())
        };
        assert_eq!(in_order(&jobs, 4, 4096, work, &mut take), Err(7));
        assert_eq!(taken.iter().position(|taken| *taken != 10_000), Some(8));
        assert!(taken.iter().skip(8).all(|taken| *taken == 0));
        let mut left = 3000;
        let mut take = |_| {
            left -= 1;
            if left == 0 { Err(4) } else { Ok(()) }
        };
        assert_eq!(in_order(&jobs, 4, 4096, work, &mut take), Err(4));
    }
}
