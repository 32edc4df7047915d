//! Whatever happens to the dumps from night to night, and whatever ends a run, a night gives the bytes that a full run
//! gives.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gongkai_dataset::{
    DatasetError, DumpOutcome, DumpRows, Meeting, Night, Output, Published, Sighting, Stamp, Witness, WorkerBuffer,
    WriteOptions,
};
use gongkai_extract::{BodyKind, Scope};
use gongkai_test_support::{contents, files, read, texts};
use proptest::prelude::*;
use support::{LEXICON, Small, cell, reject, small};

/// A dump is found by the parts of its origin.
type Origin = Vec<&'static str>;

/// The dumps that are there: what each says, and its size and times.
#[derive(Debug, Clone, Default)]
struct World {
    dumps: BTreeMap<Origin, (usize, Stamp)>,
    /// Places that cannot be looked into, with all that is below them.
    unreadable: BTreeSet<Origin>,
    /// Dumps that somebody emptied.
    empty: BTreeSet<Origin>,
    clock: i64,
}

/// What a walk finds.
#[derive(Debug, Clone, Copy)]
enum Found {
    Dump(usize, Stamp),
    Empty(Stamp),
    Unreadable,
}

const ORIGINS: [&str; 10] = [
    "m/1", "m/1.b", "m/1/2", "m/2/1", "m/2/2", "m/3", "m2/1", "n/1", "n/2", "n/2/3",
];

/// What dumps can say: the reports of four places, each as it is, without its place, without its year, and with another
/// number; a report of a department, one on the government alone, one that says nothing, and two that are no reports.
const CONTENTS: usize = 21;
/// The one that says nothing.
const EMPTY: usize = 18;

/// What the reports count, enough that nobody takes two of them for one by chance.
const CATEGORIES: [&str; 13] = [
    "requests.received.total",
    "requests.carried_in",
    "requests.carried_out",
    "requests.outcome.total",
    "requests.outcome.granted",
    "review.total",
    "litigation.total",
    "proactive.total",
    "proactive.channel.gazette",
    "proactive.channel.website",
    "proactive.channel.weibo",
    "response.other",
    "statutory.reg.stock",
];

fn rows(content: usize, origin: &str) -> DumpRows {
    if content >= CONTENTS - 2 {
        let mut rows = reject(origin);
        rows.dump.hash = format!("{content:032x}");
        rows.rejects[0].hash = Some(rows.dump.hash.clone());
        return rows;
    }
    let place = content % 4;
    let numbers = (0i64..).map(|number| 1_000 * place as i64 + 17 * number + 3);
    let mut cells: Vec<_> = CATEGORIES
        .iter()
        .zip(numbers)
        .map(|(category, number)| cell(category, number))
        .collect();
    if content / 4 == 3 {
        cells[0] = cell(CATEGORIES[0], 77);
    }
    let code = ["440106", "440100", "110101", "330110"][place];
    let mut report: Small = small(origin, code, 2019 + (place % 2) as i16, cells);
    match (content / 4, content) {
        (1, _) => report.code = None,
        (2, _) => report.year = None,
        (_, 16) => report.kind = BodyKind::Department,
        (_, 17) => {
            // The text does not tell the scope, and what is read may depend on nothing else.
            report.scope = Scope::OwnLevel;
            report.cells[0] = cell(CATEGORIES[0], 78);
        }
        (_, EMPTY) => {
            report.code = None;
            report.year = None;
            report.cells.clear();
        }
        _ => {}
    }
    let mut rows = report.rows();
    if content == 1 && origin.starts_with('n') {
        // Where a dump lies is evidence: the same page is another place's report there.
        rows.reports[0].report.jurisdiction_code = Some("110101".to_owned());
    }
    rows
}

/// What can happen.
#[derive(Debug, Clone)]
enum Event {
    /// A dump is there, with this content, whatever was there before.
    Put(usize, usize),
    /// A dump goes.
    Remove(usize),
    /// A dump is found elsewhere.
    Rename(usize, usize),
    /// Only its times change.
    Touch(usize),
    /// It was changed so lately that its times say nothing.
    Unsettle(usize),
    /// One that was changed lately changes again, within the same tick of the clock.
    Unnoticed(usize, usize),
    /// A run is killed when it has looked into so many dumps.
    KilledReading(usize),
    /// A run is killed when the snapshot is published and the store is not.
    KilledPublishing,
    /// Somebody removes a file of the snapshot.
    Damage(usize),
    /// Somebody removes all snapshots.
    Wipe,
    /// A byte of the store is lost.
    Decay(usize),
    /// A run comes to its end.
    Night,
    /// A run that reads everything comes to its end.
    FullNight,
}

fn event() -> impl Strategy<Value = Event> {
    let origin = || 0..ORIGINS.len();
    prop_oneof![
        6 => (origin(), 0..CONTENTS).prop_map(|(at, what)| Event::Put(at, what)),
        3 => origin().prop_map(Event::Remove),
        2 => (origin(), origin()).prop_map(|(from, to)| Event::Rename(from, to)),
        1 => origin().prop_map(Event::Touch),
        2 => origin().prop_map(Event::Unsettle),
        2 => (origin(), 0..CONTENTS).prop_map(|(at, what)| Event::Unnoticed(at, what)),
        2 => (0..6usize).prop_map(Event::KilledReading),
        1 => Just(Event::KilledPublishing),
        1 => (0..40usize).prop_map(Event::Damage),
        1 => Just(Event::Wipe),
        1 => (0..1000usize).prop_map(Event::Decay),
        4 => Just(Event::Night),
        1 => Just(Event::FullNight),
    ]
}

fn origin(number: usize) -> Origin {
    ORIGINS[number].split('/').collect()
}

impl World {
    /// What is found, in the order of a walk.
    fn walk(&self) -> BTreeMap<Origin, Found> {
        let is_hidden = |origin: &Origin| self.unreadable.iter().any(|place| origin.starts_with(place));
        let dumps = self.dumps.iter().filter(|(origin, _)| !is_hidden(origin));
        let mut found: BTreeMap<Origin, Found> = dumps
            .map(|(origin, (content, stamp))| match self.empty.contains(origin) {
                true => (origin.clone(), Found::Empty(Stamp { bytes: 0, ..*stamp })),
                false => (origin.clone(), Found::Dump(*content, *stamp)),
            })
            .collect();
        found.extend(self.unreadable.iter().map(|place| (place.clone(), Found::Unreadable)));
        found
    }

    fn stamp(&mut self) -> Stamp {
        self.clock += 1;
        Stamp {
            bytes: 100,
            modified: self.clock,
            changed: self.clock,
        }
    }

    fn apply(&mut self, event: &Event) {
        match *event {
            Event::Put(at, what) => {
                let stamp = self.stamp();
                self.dumps.insert(origin(at), (what, stamp));
            }
            Event::Remove(at) => drop(self.dumps.remove(&origin(at))),
            Event::Rename(from, to) => {
                if let Some(dump) = self.dumps.remove(&origin(from)) {
                    self.dumps.insert(origin(to), dump);
                }
            }
            Event::Touch(at) => {
                let stamp = self.stamp();
                if let Some(dump) = self.dumps.get_mut(&origin(at)) {
                    dump.1 = stamp;
                }
            }
            Event::Unsettle(at) => {
                if let Some(dump) = self.dumps.get_mut(&origin(at)) {
                    dump.1.modified = i64::MAX;
                }
            }
            Event::Unnoticed(at, what) => {
                if let Some(dump) = self.dumps.get_mut(&origin(at))
                    && dump.1.modified == i64::MAX
                {
                    dump.0 = what;
                }
            }
            _ => {}
        }
    }
}

fn witness() -> Witness<'static> {
    Witness {
        stage: &|_| {},
        run: &|| serde_json::json!({}),
    }
}

fn options() -> WriteOptions {
    // Every dump is written out at once, so that a run that dies leaves something.
    WriteOptions {
        spill_bytes: 1,
        row_group_rows: 64,
    }
}

/// A run on two workers, which dies when it has looked into `most` dumps.
fn night(out: &Path, world: &World, full: bool, most: usize) -> Result<Option<Published>, DatasetError> {
    let night = Night {
        engine: "test".to_owned(),
        full,
    };
    night_of(out, world, &night, most)
}

fn night_of(out: &Path, world: &World, night: &Night, most: usize) -> Result<Option<Published>, DatasetError> {
    let output = Output::open(out)?;
    let writer = output.begin_night(options(), &LEXICON, night)?;
    let mut workers = [writer.worker(), writer.worker()];
    let mut seen = writer.seen()?;
    let mut looked = 0;
    for (parts, found) in world.walk() {
        let origin = parts.join("/");
        let (meeting, stamp) = match found {
            Found::Unreadable => (seen.meet_unreadable(&origin, "unreadable")?, None),
            Found::Empty(stamp) | Found::Dump(_, stamp) => (seen.meet(&origin, Some(stamp))?, Some(stamp)),
        };
        let Meeting::Read(known) = meeting else {
            continue;
        };
        if looked == most {
            return Ok(None);
        }
        let sighting = Sighting { stamp, known };
        let worker = &mut workers[looked % 2];
        match found {
            Found::Dump(content, _) => look(worker, rows(content, &origin), &sighting)?,
            Found::Empty(_) if sighting.known.can_stay() => worker.keep(&origin, "empty", &sighting)?,
            Found::Empty(_) | Found::Unreadable => worker.push_sighted(unread(&origin), &sighting)?,
        }
        looked += 1;
    }
    let sightings = seen.finish()?;
    let published = writer.finish_night(Vec::from(workers), sightings, witness())?;
    Ok(Some(published))
}

/// The row of a dump without bytes.
fn unread(origin: &str) -> DumpRows {
    let mut rows = reject(origin);
    rows.dump.hash = String::new();
    rows.dump.outcome = DumpOutcome::Failed.into();
    rows.rejects[0].hash = None;
    rows.rejects[0].intentional = false;
    rows.rejects[0].reason = "unreadable".to_owned();
    rows
}

fn look(worker: &mut WorkerBuffer, rows: DumpRows, sighting: &Sighting) -> Result<(), DatasetError> {
    match sighting.known.is(&rows.dump.origin, &rows.dump.hash) {
        true => worker.confirm(&rows.dump.origin, &rows.dump.hash, sighting),
        false => worker.push_sighted(rows, sighting),
    }
}

/// A run that comes to its end, forgetting what it must.
fn whole_night(out: &Path, world: &World, full: bool) -> Published {
    match night(out, world, full, usize::MAX) {
        Err(DatasetError::Damaged { .. }) => {
            Output::open(out).unwrap().forget().unwrap();
            night(out, world, full, usize::MAX).unwrap().unwrap()
        }
        published => published.unwrap().unwrap(),
    }
}

fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let to = to.join(file.strip_prefix(from).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(file, to).unwrap();
    }
}

/// Lets happen what happens to the output; true when a night came to its end.
fn happen(out: &Path, world: &World, event: &Event) -> bool {
    let state = out.join("state");
    match *event {
        Event::KilledReading(most) => drop(night(out, world, false, most)),
        Event::KilledPublishing => {
            let saved = tempfile::tempdir().unwrap();
            if state.exists() {
                copy(&state, saved.path());
            }
            whole_night(out, world, false);
            std::fs::remove_dir_all(&state).unwrap();
            std::fs::create_dir(&state).unwrap();
            copy(saved.path(), &state);
        }
        Event::Damage(number) => {
            let latest = out.join("latest");
            let files = if latest.exists() { files(&latest) } else { Vec::new() };
            if let Some(file) = files.get(number) {
                std::fs::remove_file(file).unwrap();
            }
        }
        Event::Wipe => drop(std::fs::remove_dir_all(out.join("snapshots"))),
        Event::Decay(number) => {
            let store = state.join("store");
            let files = if store.exists() { files(&store) } else { Vec::new() };
            // What the manifest says of the snapshot is believed, as is a manifest that can be read.
            let runs: Vec<&PathBuf> = files.iter().filter(|file| !file.ends_with("manifest.json")).collect();
            if let Some(file) = runs.get(number % runs.len().max(1)) {
                let mut bytes = std::fs::read(file).unwrap();
                if let Some(byte) = bytes.get_mut(number) {
                    *byte ^= 0x10;
                    std::fs::write(file, bytes).unwrap();
                }
            }
        }
        Event::Night | Event::FullNight => {
            whole_night(out, world, matches!(event, Event::FullNight));
            return true;
        }
        _ => {}
    }
    false
}

fn check(out: &Path, world: &World) {
    let full = tempfile::tempdir().unwrap();
    let expected = whole_night(full.path(), world, true);
    let (found, expected) = (contents(&out.join("latest")), contents(&expected.path));
    let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(&expected), "other files");
    let differ = |name: &&PathBuf| found.get(*name) != expected.get(*name);
    let other: Vec<&PathBuf> = expected.keys().filter(differ).collect();
    assert!(other.is_empty(), "other bytes: {other:?}");
    let count = |folder: &str| std::fs::read_dir(out.join("state").join(folder)).unwrap().count();
    assert_eq!(count("fresh"), 0, "what was read is left over");
    assert_eq!(count("."), 3, "the lock, the store and the folder for what is read");
    let manifest = std::fs::read_to_string(out.join("state/store/manifest.json")).unwrap();
    for file in files(&out.join("state/store")) {
        let name = file.file_name().unwrap().to_string_lossy();
        assert!(
            name == "manifest.json" || manifest.contains(&*name),
            "{name} is left over"
        );
    }
}

proptest! {
    // Every night waits for the disk some forty times: with PROPTEST_CASES and a TMPDIR in memory many more can be tried.
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(10),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_night_gives_what_a_full_run_gives(events in prop::collection::vec(event(), 1..40)) {
        let out = tempfile::tempdir().unwrap();
        let mut world = World::default();
        for event in events.iter().chain([&Event::Night]) {
            world.apply(event);
            if happen(out.path(), &world, event) {
                check(out.path(), &world);
            }
        }
    }
}

/// What the worlds are made of must meet what is decided over partitions: copies elsewhere, and versions.
#[test]
fn some_reports_stand_for_others() {
    let out = tempfile::tempdir().unwrap();
    let mut world = World::default();
    for (number, content) in [1, 5, 9, 13, 2, 6].into_iter().enumerate() {
        world.apply(&Event::Put(number, content));
    }
    let published = whole_night(out.path(), &world, false);
    let reports = read(&published.path.join("reports.parquet"));
    let duplicates = texts(&reports, "duplicate_of");
    let linked = duplicates.iter().filter(|report| !report.is_empty()).count();
    assert_eq!(linked, 3, "{duplicates:?}");
}

/// The file that stands where a table has no others goes when the table has one, although nobody touched its partition.
#[test]
fn a_table_without_rows_gets_its_first_row() {
    let out = tempfile::tempdir().unwrap();
    let mut world = World::default();
    for event in [Event::Put(0, EMPTY), Event::Night, Event::Put(1, 0), Event::Night] {
        world.apply(&event);
        if happen(out.path(), &world, &event) {
            check(out.path(), &world);
        }
    }
    let placeholder = out.path().join("latest/observations/unknown/00.parquet");
    assert!(!placeholder.exists());
}

/// A world of some dumps, and its output.
fn settled() -> (tempfile::TempDir, World) {
    let out = tempfile::tempdir().unwrap();
    let mut world = World::default();
    for number in 0..6 {
        world.apply(&Event::Put(number, number));
    }
    whole_night(out.path(), &world, false);
    (out, world)
}

#[test]
fn a_dead_run_is_resumed() {
    let (out, mut world) = settled();
    for number in 0..4 {
        world.apply(&Event::Put(number, number + 9));
    }
    assert_eq!(night(out.path(), &world, false, 3).unwrap(), None);
    let published = whole_night(out.path(), &world, false);
    let tally = published.tally;
    assert_eq!((tally.resumed, tally.changed, tally.same), (3, 1, 2), "{tally:?}");
    check(out.path(), &world);
}

#[test]
fn a_dump_that_changes_within_a_tick_of_the_clock_is_seen() {
    let (out, mut world) = settled();
    world.apply(&Event::Unsettle(3));
    whole_night(out.path(), &world, false);
    world.apply(&Event::Unnoticed(3, 9));
    let tally = whole_night(out.path(), &world, false).tally;
    assert_eq!((tally.changed, tally.same), (1, 5), "{tally:?}");
    check(out.path(), &world);
}

#[test]
fn a_lost_byte_of_the_store_is_noticed() {
    let (out, mut world) = settled();
    let store = |out: &Path| -> Vec<PathBuf> {
        let files = files(&out.join("state/store")).into_iter();
        files.filter(|file| !file.ends_with("manifest.json")).collect()
    };
    let mut lost = 0;
    for number in 0..store(out.path()).len() {
        let file = store(out.path())[number].clone();
        let mut bytes = std::fs::read(&file).unwrap();
        // The last byte of a row is the least likely to make it unreadable.
        let Some(last) = bytes.last_mut() else { continue };
        *last ^= 1;
        std::fs::write(&file, bytes).unwrap();
        lost += 1;
        // Every partition is written anew, so that nothing of the store stays unread.
        drop(std::fs::remove_dir_all(out.path().join("snapshots")));
        world.apply(&Event::Put(number % 6, 6 + number % 9));
        whole_night(out.path(), &world, false);
        check(out.path(), &world);
    }
    assert!(lost > 8, "{lost}");
}

#[test]
fn another_engine_uses_nothing() {
    let (out, world) = settled();
    let output = Output::open(out.path()).unwrap();
    for (engine, expected) in [("test", (0, 6)), ("other", (6, 0))] {
        let night = Night {
            engine: engine.to_owned(),
            full: false,
        };
        let writer = output.begin_night(options(), &LEXICON, &night).unwrap();
        let mut seen = writer.seen().unwrap();
        let mut read = 0;
        for (parts, (_, stamp)) in &world.dumps {
            let meeting = seen.meet(&parts.join("/"), Some(*stamp)).unwrap();
            read += usize::from(meeting != Meeting::Same);
        }
        let sightings = seen.finish().unwrap();
        assert_eq!((read, sightings.same), (expected.0, expected.1), "{engine}");
        assert_eq!(
            (sightings.known, sightings.withdrawn),
            (6, 0),
            "{engine}: it is known what was there"
        );
    }
}

#[test]
fn dumps_out_of_their_order_are_read_anew_and_counted_once() {
    let (out, mut world) = settled();
    let output = Output::open(out.path()).unwrap();
    for _ in 0..3 {
        let night = Night {
            engine: "test".to_owned(),
            full: false,
        };
        let writer = output.begin_night(options(), &LEXICON, &night).unwrap();
        let mut worker = writer.worker();
        let mut seen = writer.seen().unwrap();
        for (parts, (content, stamp)) in world.dumps.iter().rev() {
            let origin = parts.join("/");
            if let Meeting::Read(known) = seen.meet(&origin, Some(*stamp)).unwrap() {
                let sighting = Sighting {
                    stamp: Some(*stamp),
                    known,
                };
                look(&mut worker, rows(*content, &origin), &sighting).unwrap();
            }
        }
        let sightings = seen.finish().unwrap();
        writer.finish_night(vec![worker], sightings, witness()).unwrap();
        check(out.path(), &world);
        world.apply(&Event::Put(2, 11));
    }
}

#[test]
fn packs_do_not_become_many_nor_wasteful() {
    let (out, mut world) = settled();
    for number in 0..60 {
        world.apply(&Event::Put(number % 6, number % CONTENTS));
        whole_night(out.path(), &world, false);
        let packs = files(&out.path().join("state/store"));
        let packs = packs
            .iter()
            .filter(|file| file.extension().is_some_and(|ending| ending == "pack"));
        assert!(packs.count() <= 2 * 17, "night {number}");
    }
    check(out.path(), &world);
}

#[test]
fn old_snapshots_go_but_not_those_that_are_held() {
    let (out, mut world) = settled();
    for number in 0..5 {
        world.apply(&Event::Put(0, number + 7));
        whole_night(out.path(), &world, false);
    }
    let snapshots = || std::fs::read_dir(out.path().join("snapshots")).unwrap().count();
    let before = snapshots();
    assert!(before > 4, "{before}");
    std::fs::create_dir(out.path().join("snapshots/mine")).unwrap();
    let latest = out.path().join("latest").canonicalize().unwrap();
    let held = std::fs::read_dir(out.path().join("snapshots")).unwrap();
    let held: Vec<PathBuf> = held.map(|entry| entry.unwrap().path()).collect();
    let held = held
        .iter()
        .find(|path| **path != latest && !path.ends_with("mine"))
        .unwrap();
    let lock = std::fs::File::open(held).unwrap();
    lock.lock_shared().unwrap();
    let output = Output::open(out.path()).unwrap();
    output.prune(1).unwrap();
    assert!(held.is_dir() && latest.is_dir(), "a reader holds it");
    assert_eq!(
        snapshots(),
        3,
        "the latest, the one that is held, and what is no snapshot"
    );
    drop(lock);
    assert_eq!(output.prune(1).unwrap(), 1);
    assert_eq!(snapshots(), 2);
    check(out.path(), &world);
}

/// `origin: reason since` of the dumps that are marked, with the number of the snapshot among those given.
fn marked(published: &Published, snapshots: &[&Published]) -> Vec<String> {
    let dumps = read(&published.path.join("dumps.parquet"));
    let columns = ["origin", "stale", "stale_since"].map(|column| texts(&dumps, column));
    let rows = (0..columns[0].len()).filter(|row| !columns[1][*row].is_empty());
    let rows = rows.map(|row| {
        let since = snapshots.iter().position(|snapshot| snapshot.id == columns[2][row]);
        let since = since.map_or("-".to_owned(), |number| number.to_string());
        format!("{} {} {since}", columns[0][row], columns[1][row])
    });
    rows.collect()
}

/// All that a snapshot says but the marks.
fn facts(published: &Published) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut facts = contents(&published.path);
    for name in ["dumps.parquet", "datapackage.json"] {
        facts.remove(Path::new(name));
    }
    facts
}

/// m/1, m/1.b, m/1/2, m/2/1, m/2/2 and m/3 with the contents 0 to 5.
#[test]
fn dumps_that_cannot_be_read_keep_their_rows() {
    for (unreadable, empty, expected) in [
        (vec!["m/2"], vec![], vec!["m/2/1 unreadable 0", "m/2/2 unreadable 0"]),
        (vec!["m/1"], vec![], vec!["m/1 unreadable 0", "m/1/2 unreadable 0"]),
        (
            vec!["m/2/1"],
            vec!["m/2/2"],
            vec!["m/2/1 unreadable 0", "m/2/2 empty 0"],
        ),
        (
            vec!["m/2", "m/2/1"],
            vec![],
            vec!["m/2/1 unreadable 0", "m/2/2 unreadable 0"],
        ),
        (vec![], vec!["m/1", "m/3"], vec!["m/1 empty 0", "m/3 empty 0"]),
        (
            vec!["m"],
            vec![],
            vec![
                "m/1 unreadable 0",
                "m/1.b unreadable 0",
                "m/1/2 unreadable 0",
                "m/2/1 unreadable 0",
                "m/2/2 unreadable 0",
                "m/3 unreadable 0",
            ],
        ),
    ] {
        let (out, mut world) = settled();
        let first = whole_night(out.path(), &world, false);
        let before = facts(&first);
        let parts = |names: &[&'static str]| -> BTreeSet<Origin> {
            names.iter().map(|name| name.split('/').collect()).collect()
        };
        (world.unreadable, world.empty) = (parts(&unreadable), parts(&empty));
        for night in 0..3 {
            let published = whole_night(out.path(), &world, false);
            let tally = published.tally;
            assert_eq!((tally.stale, tally.lost), (expected.len() as u64, 0), "{tally:?}");
            assert_eq!(marked(&published, &[&first]), expected, "night {night}");
            let (found, is_seen) = (facts(&published), |name: &str| name.starts_with("rejects"));
            let differ = |name: &&PathBuf| found.get(*name) != before.get(*name) && !is_seen(&name.to_string_lossy());
            assert_eq!(before.keys().filter(differ).collect::<Vec<_>>(), Vec::<&PathBuf>::new());
            assert_eq!(published.unchanged, night > 0, "nothing more happened");
        }
        (world.unreadable, world.empty) = Default::default();
        let published = whole_night(out.path(), &world, false);
        assert_eq!(published.tally.stale, 0);
        assert!(marked(&published, &[]).is_empty(), "{unreadable:?} {empty:?}");
        check(out.path(), &world);
    }
}

#[test]
fn a_dump_that_changed_while_it_could_not_be_read_is_read() {
    let (out, mut world) = settled();
    world.unreadable.insert(vec!["m", "2"]);
    whole_night(out.path(), &world, false);
    world.apply(&Event::Put(3, 11));
    world.apply(&Event::Remove(4));
    assert_eq!(whole_night(out.path(), &world, false).tally.stale, 2);
    world.unreadable.clear();
    let tally = whole_night(out.path(), &world, false).tally;
    assert_eq!((tally.changed, tally.withdrawn, tally.stale), (1, 2, 0), "{tally:?}");
    check(out.path(), &world);
}

#[test]
fn a_dump_that_goes_while_its_folder_can_be_read_is_withdrawn() {
    let (out, mut world) = settled();
    world.empty.insert(vec!["m", "2", "1"]);
    assert_eq!(whole_night(out.path(), &world, false).tally.stale, 1);
    world.apply(&Event::Remove(3));
    let tally = whole_night(out.path(), &world, false).tally;
    assert_eq!((tally.withdrawn, tally.stale), (1, 0), "{tally:?}");
    check(out.path(), &world);
}

/// What a run that died has read counts, and no earlier state of the dump.
#[test]
fn what_a_dead_run_read_stays_too() {
    let (out, mut world) = settled();
    let first = whole_night(out.path(), &world, false);
    world.apply(&Event::Put(3, 12));
    world.apply(&Event::Put(5, 13));
    assert_eq!(night(out.path(), &world, false, 1).unwrap(), None);
    let readable = world.clone();
    world.unreadable.insert(vec!["m", "2"]);
    let published = whole_night(out.path(), &world, false);
    let marks = ["m/2/1 unreadable 0", "m/2/2 unreadable 0"];
    assert_eq!(marked(&published, &[&first]), marks);
    let full = tempfile::tempdir().unwrap();
    let (found, mut expected) = (facts(&published), facts(&whole_night(full.path(), &readable, true)));
    expected.insert("rejects.parquet".into(), found[Path::new("rejects.parquet")].clone());
    assert!(found == expected, "the rows of the state that was read last");
}

/// Rows that cannot be used are not kept, and that is told.
#[test]
fn what_another_engine_read_is_lost_when_it_cannot_be_read_again() {
    for (engine, full) in [("test", true), ("other", false)] {
        let (out, mut world) = settled();
        world.unreadable.insert(vec!["m", "2"]);
        world.empty.insert(vec!["m", "3"]);
        let night = Night {
            engine: engine.to_owned(),
            full,
        };
        let published = night_of(out.path(), &world, &night, usize::MAX).unwrap().unwrap();
        let tally = published.tally;
        assert_eq!((tally.stale, tally.lost, tally.withdrawn), (0, 3, 3), "{tally:?}");
        assert!(marked(&published, &[]).is_empty());
    }
}
