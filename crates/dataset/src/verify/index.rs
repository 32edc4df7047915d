//! One short entry for each report: what its rows must say, and how many of them have come.

use std::hash::{DefaultHasher, Hash, Hasher};

use gongkai_extract::CheckResult;
use gongkai_lexicon::IdentityKind;
use rustc_hash::FxHashMap;

use super::Snapshot;
use super::findings::{At, FindingKind, Findings};
use crate::error::DatasetError;
use crate::key::partition;
use crate::panel::{Claim, ClaimRank};
use crate::rows::{CheckRow, ReportRow};

const FILE: &str = "reports.parquet";

/// A report id as a number: 32 hexadecimal digits.
pub(super) type Id = u128;

/// The number of a report id; none when it is not one.
pub(super) fn id_of(text: &str) -> Option<Id> {
    let is_id = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if is_id { Id::from_str_radix(text, 16).ok() } else { None }
}

/// How many checks passed, failed and warn.
pub(super) type CheckCounts = [u32; 3];

/// A report.
#[derive(Debug)]
pub(super) struct Entry {
    id: Id,
    row: u64,
    /// Hash of what the values repeat of the report.
    pub identity: u64,
    /// Number of its partition.
    pub partition: u32,
    /// Hash of jurisdiction code and year.
    pub place: u64,
    observations: u32,
    checks: CheckCounts,
    duplicate_of: Option<Id>,
    /// What its claim to places in the panel is compared by, before its id; none when it has none.
    pub claim: Option<ClaimRank>,
    seen_observations: u32,
    seen_checks: CheckCounts,
    /// In how many pages it was found.
    pub pages: u32,
    /// Hashes of its observations less those of the mentions that are observations: 0 when both are the same.
    pub balance: u64,
}

impl Entry {
    /// Counts an observation.
    pub(super) fn observe(&mut self) {
        self.seen_observations += 1;
    }

    /// Counts a check.
    pub(super) fn check(&mut self, check: &CheckRow) {
        let [passed, failed, warned] = &mut self.seen_checks;
        match () {
            () if check.result == CheckResult::Pass => *passed += 1,
            () if check.result == CheckResult::NotTestable => {}
            () if check.kind == IdentityKind::Definitional => *failed += 1,
            () => *warned += 1,
        }
    }

    /// Its claim with its id, which decides between equals; none when it has none.
    pub(super) fn standing(&self) -> Option<(ClaimRank, Id)> {
        self.claim
            .filter(|_| !self.is_duplicate())
            .map(|claim| (claim, self.id))
    }

    /// Whether another report stands for it.
    pub(super) fn is_duplicate(&self) -> bool {
        self.duplicate_of.is_some()
    }
}

/// Every report of a snapshot, sorted by id.
pub(super) struct Index {
    entries: Vec<Entry>,
    /// The partitions by number.
    pub partitions: Vec<String>,
}

/// Reads the reports and looks at what each says by itself.
pub(super) fn read(snapshot: &mut Snapshot<'_>) -> Result<Index, DatasetError> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut partitions = Partitions::default();
    let lexicon = snapshot.lexicon;
    let mut last = String::new();
    for file in snapshot.files_of("reports") {
        snapshot.each(&file, |findings, row, report: ReportRow| {
            let at = At {
                file: FILE,
                row,
                report: &report.report_id,
            };
            match report.report_id.cmp(&last) {
                std::cmp::Ordering::Greater => {}
                std::cmp::Ordering::Equal => findings.row(FindingKind::Key, at, "the report stands twice".to_owned()),
                std::cmp::Ordering::Less => {
                    findings.row(FindingKind::Order, at, format!("expected an id behind {last}"));
                }
            }
            last.clone_from(&report.report_id);
            if let (Some(code), Some(year)) = (&report.jurisdiction_code, report.year)
                && lexicon.gazetteer.at(code, year).is_none()
            {
                let message = format!("expected a code valid on 31 December {year}, found {code}");
                findings.row(FindingKind::Jurisdiction, at, message);
            }
            let Some(id) = id_of(&report.report_id) else {
                findings.row(FindingKind::Key, at, "expected 32 hexadecimal digits".to_owned());
                return;
            };
            let duplicate_of = report.duplicate_of.as_deref().map(|of| id_of(of).unwrap_or_default());
            let place = partition(report.year, report.jurisdiction_code.as_deref());
            entries.push(Entry {
                id,
                row,
                identity: identity(&report),
                partition: partitions.number(place),
                place: place_hash(report.jurisdiction_code.as_deref(), report.year),
                observations: report.n_observations,
                checks: [report.checks_passed, report.checks_failed, report.checks_warned],
                duplicate_of,
                claim: Claim::of(&report).map(|claim| claim.rank()),
                seen_observations: 0,
                seen_checks: [0; 3],
                pages: 0,
                balance: 0,
            });
        })?;
    }
    entries.sort_by_key(|entry| entry.id);
    let index = Index {
        entries,
        partitions: partitions.names,
    };
    index.duplicates(&mut snapshot.findings);
    Ok(index)
}

#[derive(Default)]
struct Partitions {
    numbers: FxHashMap<String, u32>,
    names: Vec<String>,
}

impl Partitions {
    fn number(&mut self, name: String) -> u32 {
        *self.numbers.entry(name).or_insert_with_key(|name| {
            self.names.push(name.clone());
            u32::try_from(self.names.len() - 1).unwrap_or(u32::MAX)
        })
    }
}

fn hash_of(parts: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

fn identity(report: &ReportRow) -> u64 {
    identity_hash(
        report.body_id.as_deref(),
        report.jurisdiction_code.as_deref(),
        report.jurisdiction.as_deref(),
        report.organ.as_deref(),
        report.level.map(|level| level.as_str()),
        report.year,
    )
}

/// Hash of what values repeat of their report.
pub(super) fn identity_hash(
    body_id: Option<&str>,
    code: Option<&str>,
    jurisdiction: Option<&str>,
    organ: Option<&str>,
    level: Option<&str>,
    year: Option<i16>,
) -> u64 {
    hash_of((body_id, code, jurisdiction, organ, level, year))
}

/// Hash of where and when.
pub(super) fn place_hash(code: Option<&str>, year: Option<i16>) -> u64 {
    hash_of((code, year))
}

impl Index {
    /// The entry of a report.
    pub(super) fn get(&self, report_id: &str) -> Option<&Entry> {
        let place = self.place(id_of(report_id)?)?;
        self.entries.get(place)
    }

    /// The entry of a report with this number.
    pub(super) fn by_id(&self, id: Id) -> Option<&Entry> {
        self.entries.get(self.place(id)?)
    }

    /// The entry of a report, to count for it.
    pub(super) fn get_mut(&mut self, report_id: &str) -> Option<&mut Entry> {
        let place = self.place(id_of(report_id)?)?;
        self.entries.get_mut(place)
    }

    fn place(&self, id: Id) -> Option<usize> {
        self.entries.binary_search_by_key(&id, |entry| entry.id).ok()
    }

    /// The name of an entry's partition.
    pub(super) fn partition(&self, entry: &Entry) -> &str {
        self.partitions.get(entry.partition as usize).map_or("", String::as_str)
    }

    fn duplicates(&self, findings: &mut Findings<'_>) {
        for entry in &self.entries {
            let Some(of) = entry.duplicate_of else {
                continue;
            };
            let standing = self.place(of).and_then(|place| self.entries.get(place));
            let message = match standing {
                None => format!("duplicate_of names no report: {of:032x}"),
                Some(standing) if standing.is_duplicate() => {
                    format!("duplicate_of names a report that another stands for: {of:032x}")
                }
                Some(_) => continue,
            };
            findings.add(FindingKind::Duplicate, FILE, entry.name(), message);
        }
    }

    /// Compares what came with what the reports say there is.
    pub(super) fn totals(&self, snapshot: &mut Snapshot<'_>) {
        let all = |table: &str, declared: &Snapshot<'_>| declared.is_complete(table);
        let (has_values, has_checks, has_pages) = (
            all("observations", snapshot) && all("mentions", snapshot),
            all("checks", snapshot),
            all("pages", snapshot),
        );
        let findings = &mut snapshot.findings;
        for entry in &self.entries {
            let mut wrong = |kind, message| findings.add(kind, FILE, entry.name(), message);
            if has_values && entry.observations != entry.seen_observations {
                let message = format!(
                    "n_observations: expected {}, found {}",
                    entry.seen_observations, entry.observations
                );
                wrong(FindingKind::Count, message);
            } else if has_values && entry.balance != 0 {
                let message = "its observations are not the mentions that are marked as observations".to_owned();
                wrong(FindingKind::Report, message);
            }
            let names = ["checks_passed", "checks_failed", "checks_warned"];
            for (name, (seen, said)) in names.iter().zip(entry.seen_checks.iter().zip(entry.checks)) {
                if has_checks && *seen != said {
                    wrong(FindingKind::Count, format!("{name}: expected {seen}, found {said}"));
                }
            }
            if has_pages && entry.pages != 1 {
                wrong(
                    FindingKind::Count,
                    format!("expected one page with it, found {}", entry.pages),
                );
            }
        }
    }
}

impl Entry {
    fn name(&self) -> String {
        format!("row {}, report {:032x}", self.row, self.id)
    }
}
