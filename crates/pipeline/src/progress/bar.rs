//! The bar on a terminal: what it shows depends on what is known. Knows nothing of dumps and stages but their names.

use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What is known of how much there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// Nobody has counted the files yet, or will: there is no share and no time left.
    Nothing,
    /// How many files there are.
    Total,
    /// All files are read: what is left is no number of files.
    AllRead,
}

impl Known {
    fn template(self) -> &'static str {
        match self {
            Self::Nothing => "{spinner} {pos} files, {per_sec}; {msg}",
            Self::Total => "{bar:30} {pos}/{len} files, {per_sec}, {eta} left; {msg}",
            Self::AllRead => "{spinner} {pos} files, {elapsed}; {msg}",
        }
    }
}

/// A line that is drawn again and again.
#[derive(Debug)]
pub(super) struct Bar {
    bar: ProgressBar,
    known: Mutex<Known>,
}

impl Bar {
    /// A bar on standard error.
    pub(super) fn new() -> Self {
        Self::on(ProgressDrawTarget::stderr())
    }

    fn on(target: ProgressDrawTarget) -> Self {
        let bar = Self {
            bar: ProgressBar::with_draw_target(None, target),
            known: Mutex::new(Known::Nothing),
        };
        bar.show(Known::Nothing);
        bar
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&self, known: Known) {
        // Every template is right, as the tests have it; a wrong one would leave the line as it is.
        if let Ok(style) = ProgressStyle::with_template(known.template()) {
            self.bar.set_style(style);
        }
        *self.known() = known;
    }

    /// There are so many files. Says nothing any more when all of them are read.
    pub(super) fn set_total(&self, files: u64) {
        if *self.known() == Known::Nothing {
            self.bar.set_length(files.max(self.bar.position()));
            self.show(Known::Total);
        }
    }

    /// So many files are done.
    pub(super) fn set_position(&self, files: u64) {
        // Files that came since they were counted.
        if self.bar.length().is_some_and(|length| length < files) {
            self.bar.set_length(files);
        }
        self.bar.set_position(files);
    }

    /// A stage begins. The files are read in one of them; behind it there are none left.
    pub(super) fn stage(&self, name: &str) {
        if self.bar.position() > 0 {
            self.show(Known::AllRead);
        }
        self.bar.set_message(name.to_owned());
    }

    /// What is told beside the numbers.
    pub(super) fn set_message(&self, message: String) {
        self.bar.set_message(message);
    }

    /// Prints a line above the bar; false when the bar is gone.
    pub(super) fn print(&self, line: &str) -> bool {
        let is_there = !self.bar.is_finished();
        if is_there {
            self.bar.println(line);
        }
        is_there
    }

    /// Takes the bar away.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bar: &Bar, known: Known, length: Option<u64>) {
        assert_eq!((*bar.known(), bar.bar.length()), (known, length));
    }

    #[test]
    fn the_bar_shows_no_share_before_the_files_are_counted_and_after_all_are_read() {
        let bar = Bar::on(ProgressDrawTarget::hidden());
        bar.stage("read");
        bar.set_position(1);
        check(&bar, Known::Nothing, None);
        bar.set_total(3000);
        check(&bar, Known::Total, Some(3000));
        bar.set_position(3001);
        check(&bar, Known::Total, Some(3001));
        bar.stage("merge");
        check(&bar, Known::AllRead, Some(3001));
        bar.set_total(3000);
        check(&bar, Known::AllRead, Some(3001));
    }

    #[test]
    fn counting_may_end_behind_reading() {
        let bar = Bar::on(ProgressDrawTarget::hidden());
        bar.set_position(5);
        bar.set_total(4);
        check(&bar, Known::Total, Some(5));
    }

    #[test]
    fn only_a_known_total_has_a_bar_and_a_time_left() {
        for known in [Known::Nothing, Known::Total, Known::AllRead] {
            let template = known.template();
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
            for part in ["{bar", "{len}", "{eta}"] {
                assert_eq!(template.contains(part), known == Known::Total, "{template}");
            }
        }
    }
}
