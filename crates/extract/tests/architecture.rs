//! ARCHITECTURE.md must not drift from the tree: every path it names exists.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;

#[test]
fn every_path_that_the_architecture_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let named: Vec<&str> = page
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| is_path(name))
        .collect();
    let missing: Vec<&&str> = named.iter().filter(|name| !root.join(name).exists()).collect();
    assert!(
        named.len() > 30,
        "only {} paths were found: the test no longer reads the page",
        named.len()
    );
    assert!(
        missing.is_empty(),
        "ARCHITECTURE.md names what does not exist: {missing:?}"
    );
}

fn is_path(name: &str) -> bool {
    let roots = ["crates/", "data/", "pipelines", "benches", "tests/", ".ci/", "fuzz/"];
    roots.iter().any(|root| name.starts_with(root)) && !name.contains(' ')
}
