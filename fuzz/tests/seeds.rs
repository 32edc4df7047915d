//! Every target over its seeds and over what once showed something wrong with it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use gongkai_fuzz::driver::once;
use gongkai_fuzz::{seeds, target, targets};

fn check(name: &str) {
    let target = target(name).unwrap();
    let numbered = (target.seeds)().into_iter().enumerate();
    let seeds = numbered.map(|(number, seed)| (format!("seed {number}"), seed));
    let regressions = seeds::regressions(name).into_iter();
    let wrong: Vec<String> = seeds
        .chain(regressions)
        .filter_map(|(input, bytes)| once(target, &bytes).err().map(|panic| format!("{input}: {panic}")))
        .collect();
    assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
}

#[test]
fn nothing_is_wrong_with_any_seed_or_regression() {
    for target in gongkai_fuzz::TARGETS {
        check(target.name);
    }
    targets::clean_up();
}

#[test]
fn every_regression_belongs_to_a_target_and_is_small() {
    let folder = gongkai_test_support::repository("fuzz/regressions");
    for path in gongkai_test_support::files(&folder) {
        let below = path.strip_prefix(&folder).unwrap();
        let name = below.iter().next().unwrap().to_str().unwrap();
        assert!(target(name).is_some(), "no target of this name: {}", below.display());
        let size = std::fs::metadata(&path).unwrap().len();
        assert!(
            size <= 4096,
            "{}: {size} bytes; make it smaller with `minimise`",
            below.display()
        );
    }
}

#[test]
fn every_target_has_a_door_for_cargo_fuzz() {
    let folder = gongkai_test_support::repository("fuzz/libfuzzer");
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    for target in gongkai_fuzz::TARGETS {
        let name = target.name;
        let door = std::fs::read_to_string(folder.join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(door.contains(&format!("run(\"{name}\", bytes)")), "{name}: {door}");
        assert!(
            manifest.contains(&format!("name = \"{name}\"")),
            "{name} is not in libfuzzer/Cargo.toml"
        );
    }
    let doors = std::fs::read_dir(folder.join("fuzz_targets")).unwrap().count();
    assert_eq!(doors, gongkai_fuzz::TARGETS.len());
}
