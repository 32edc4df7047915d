//! The library that stands between the binary and the C library, compiled.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// Where it is, to be preloaded.
pub static FAULTS: LazyLock<PathBuf> = LazyLock::new(|| {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/faults.c");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let library = folder.join("faults.so");
    // Tests of several files compile it at the same time: each has a name of its own until it is whole.
    let own = folder.join(format!("faults-{}.so", std::process::id()));
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o"]);
    let compiled = compiler.arg(&own).arg(&source).args(["-ldl", "-lpthread"]).status();
    assert!(compiled.expect("a C compiler (cc)").success(), "{}", source.display());
    std::fs::rename(own, &library).unwrap();
    library
});
