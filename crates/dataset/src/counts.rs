//! What a snapshot holds, counted; counts of several threads add up.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::convert::DumpRows;
use crate::rows::{DumpRow, RejectRow, ReportRow};

/// Numbers of dumps, reports and rejects.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Files the walk found, unreadable ones included.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Reports read, copies included.
    pub reports: u64,
    /// Observations, those of copies included.
    pub observations: u64,
    /// Dumps that failed.
    pub failed: u64,
    /// Dumps left out on purpose.
    pub left_out: u64,
    /// Checks that passed.
    pub checks_passed: u64,
    /// Definitional checks that failed.
    pub checks_failed: u64,
    /// Other checks that failed.
    pub checks_warned: u64,
    /// Rejects by reason.
    pub rejects: BTreeMap<String, u64>,
}

impl Counts {
    /// Counts everything a dump gave.
    pub fn add_rows(&mut self, rows: &DumpRows) {
        self.add_dump(&rows.dump);
        rows.reports.iter().for_each(|report| self.add_report(&report.report));
        rows.rejects.iter().for_each(|reject| self.add_reject(reject));
    }

    /// Counts a dump.
    pub(crate) fn add_dump(&mut self, row: &DumpRow) {
        self.files += 1;
        self.bytes += u64::try_from(row.bytes).unwrap_or(0);
    }

    /// Counts a report.
    pub(crate) fn add_report(&mut self, row: &ReportRow) {
        self.reports += 1;
        self.observations += u64::from(row.n_observations);
        self.checks_passed += u64::from(row.checks_passed);
        self.checks_failed += u64::from(row.checks_failed);
        self.checks_warned += u64::from(row.checks_warned);
    }

    /// Counts a reject.
    pub(crate) fn add_reject(&mut self, row: &RejectRow) {
        *self.rejects.entry(row.reason.clone()).or_default() += 1;
        if row.intentional {
            self.left_out += 1;
        } else {
            self.failed += 1;
        }
    }

    /// Adds the counts of another thread.
    pub fn add(&mut self, other: &Self) {
        self.files += other.files;
        self.bytes += other.bytes;
        self.reports += other.reports;
        self.observations += other.observations;
        self.failed += other.failed;
        self.left_out += other.left_out;
        self.checks_passed += other.checks_passed;
        self.checks_failed += other.checks_failed;
        self.checks_warned += other.checks_warned;
        for (reason, count) in &other.rejects {
            *self.rejects.entry(reason.clone()).or_default() += count;
        }
    }

    /// The share of dumps that failed.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn failed_share(&self) -> f64 {
        if self.files == 0 {
            0.0
        } else {
            self.failed as f64 / self.files as f64
        }
    }
}
