//! An input that changes between two states, the snapshots that full runs make of them, and an output that must hold one of
//! these, whatever happens to the runs that write it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use gongkai_test_support::{contents, files, repository};

use super::Place;

type Contents = BTreeMap<PathBuf, Vec<u8>>;

/// Dumps that change between the two states of the input.
const CHANGED: usize = 6;

pub const RUN: &str = "run --input dumps --output out --jobs 2 --log-format json --allow-withdrawals";

/// Samples in two states, and the snapshots that full runs make of them.
pub struct World {
    pub place: Place,
    changing: Vec<PathBuf>,
    originals: Vec<Vec<u8>>,
    snapshots: [Contents; 2],
}

impl World {
    /// A world of so many samples.
    pub fn of_samples(count: usize) -> Self {
        let place = Place::new();
        let samples = repository("data/samples/dumps");
        let mut changing = Vec::new();
        for (number, sample) in files(&samples).iter().take(count).enumerate() {
            let copy = place.path("dumps").join(sample.strip_prefix(&samples).unwrap());
            std::fs::create_dir_all(copy.parent().unwrap()).unwrap();
            std::fs::copy(sample, &copy).unwrap();
            if number % 7 == 3 && changing.len() < CHANGED {
                changing.push(copy);
            }
        }
        let originals = changing.iter().map(|path| std::fs::read(path).unwrap()).collect();
        let mut world = Self {
            place,
            changing,
            originals,
            snapshots: Default::default(),
        };
        for state in [1, 0] {
            world.become_state(state);
            let full = world
                .place
                .call(&format!("run --input dumps --output full{state} --jobs 2"));
            assert_eq!(full.code, Some(0), "{}", full.err);
            world.snapshots[state] = contents(&world.place.path(&format!("full{state}/latest")));
        }
        assert_ne!(world.snapshots[0], world.snapshots[1]);
        world
    }

    /// In the second state some dumps are edited, gone, or elsewhere.
    pub fn become_state(&self, state: usize) {
        for (number, (path, original)) in self.changing.iter().zip(&self.originals).enumerate() {
            let elsewhere = path.with_extension("moved.html");
            match (state, number % 3) {
                (0, _) => {
                    std::fs::write(path, original).unwrap();
                    drop(std::fs::remove_file(elsewhere));
                }
                (_, 0) => std::fs::write(path, [original.as_slice(), b"\n<p>2</p>"].concat()).unwrap(),
                (_, 1) => drop(std::fs::remove_file(path)),
                _ => drop(std::fs::rename(path, elsewhere)),
            }
        }
    }

    pub fn out(&self) -> PathBuf {
        self.place.path("out")
    }

    pub fn spawn(&self, stderr: Stdio) -> Child {
        let mut command = self.place.command(RUN);
        command.stdout(Stdio::null()).stderr(stderr).spawn().unwrap()
    }

    /// Whatever stands in the output is one of the two snapshots, and whole.
    pub fn check_whole(&self, when: &str) {
        for entry in std::fs::read_dir(self.out().join("snapshots")).into_iter().flatten() {
            let found = contents(&entry.unwrap().path());
            assert!(
                self.snapshots.contains(&found),
                "{when}: half a snapshot stands in snapshots/"
            );
        }
        let latest = self.out().join("latest");
        if latest.is_symlink() {
            assert!(
                self.snapshots.contains(&contents(&latest)),
                "{when}: latest is not whole"
            );
        }
    }

    /// A run that comes to its end gives what a full run gives, and leaves nothing over.
    pub fn check_next(&self, when: &str, state: usize) {
        let answer = self.place.call(RUN);
        assert_eq!(answer.code, Some(0), "{when}: {}", answer.err);
        assert!(
            contents(&self.out().join("latest")) == self.snapshots[state],
            "{when}: not what a full run gives"
        );
        let names = |folder: &Path| -> Vec<String> {
            let entries = std::fs::read_dir(folder).unwrap().flatten();
            let mut names: Vec<String> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
            names.sort();
            names
        };
        let state = self.out().join("state");
        assert_eq!(names(&state), ["fresh", "lock", "store"], "{when}");
        assert!(names(&state.join("fresh")).is_empty(), "{when}");
        let manifest = std::fs::read_to_string(state.join("store/manifest.json")).unwrap();
        let is_left = |name: &String| name != "manifest.json" && !manifest.contains(name.as_str());
        let left: Vec<String> = names(&state.join("store")).into_iter().filter(is_left).collect();
        assert!(left.is_empty(), "{when}: left over in the store: {left:?}");
        assert!(names(&self.out().join("snapshots")).len() <= 2, "{when}");
    }
}
