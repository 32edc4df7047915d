//! Walks and reads over temporary directories: order, links, odd names, and files that change meanwhile.

use std::fs;
use std::path::Path;

use gongkai_crawl::{FileRef, Found, read, walk};
use tempfile::TempDir;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// What a walk meets, one a line: `origin bytes` or `origin !reason`.
fn listing(root: &Path) -> Vec<String> {
    let line = |found| match found {
        Found::File(file) => format!("{} {}", file.origin, file.bytes),
        Found::Failed { origin, reason, .. } => format!("{origin} !{reason}"),
    };
    walk(root, "in").map(line).collect()
}

fn file(root: &Path, name: &str) -> FileRef {
    FileRef {
        origin: format!("in/{name}"),
        path: root.join(name),
        bytes: 0,
        modified: 0,
        changed: 0,
    }
}

fn reason(root: &Path, name: &str, limit: u64) -> &'static str {
    read(&file(root, name), limit).map_or_else(|error| error.reason(), |_| "read")
}

#[test]
fn files_come_in_the_order_of_their_names() -> Outcome {
    let root = TempDir::new()?;
    fs::create_dir_all(root.path().join("b/空"))?;
    fs::write(root.path().join("c.txt"), "123")?;
    fs::write(root.path().join("b/2.html"), "12")?;
    fs::write(root.path().join("b/1.html"), "1")?;
    fs::write(root.path().join("a%.txt"), "")?;
    assert_eq!(
        listing(root.path()),
        ["in/a%25.txt 0", "in/b/1.html 1", "in/b/2.html 2", "in/c.txt 3"]
    );
    Ok(())
}

#[test]
fn a_root_may_be_a_file_or_missing() -> Outcome {
    let root = TempDir::new()?;
    fs::write(root.path().join("a.txt"), "1")?;
    assert_eq!(listing(&root.path().join("a.txt")), ["in 1"]);
    assert_eq!(listing(&root.path().join("none")), ["in !vanished"]);
    Ok(())
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_root_only() -> Outcome {
    use std::os::unix::fs::symlink;
    let (root, outside) = (TempDir::new()?, TempDir::new()?);
    fs::write(outside.path().join("secret.txt"), "1")?;
    fs::create_dir(root.path().join("d"))?;
    fs::write(root.path().join("d/x.txt"), "12")?;
    symlink(root.path(), root.path().join("d/back"))?;
    symlink("d", root.path().join("e"))?;
    symlink("d/x.txt", root.path().join("f.txt"))?;
    symlink("nowhere", root.path().join("g"))?;
    symlink("h", root.path().join("h"))?;
    symlink(outside.path(), root.path().join("i"))?;
    symlink(outside.path().join("secret.txt"), root.path().join("j"))?;
    symlink("../../../../../../../../../../../../dev/null", root.path().join("k"))?;
    assert_eq!(
        listing(root.path()),
        [
            "in/d/back !symlink_loop",
            "in/d/x.txt 2",
            "in/e/back !symlink_loop",
            "in/e/x.txt 2",
            "in/f.txt 2",
            "in/g !dangling_link",
            "in/h !symlink_loop",
            "in/i !outside_root",
            "in/j !outside_root",
            "in/k !outside_root",
        ]
    );
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_root_that_is_itself_a_link_is_walked() -> Outcome {
    let (root, links) = (TempDir::new()?, TempDir::new()?);
    fs::write(root.path().join("x.txt"), "1")?;
    std::os::unix::fs::symlink("x.txt", root.path().join("y.txt"))?;
    std::os::unix::fs::symlink(root.path(), links.path().join("root"))?;
    assert_eq!(listing(&links.path().join("root")), ["in/x.txt 1", "in/y.txt 1"]);
    Ok(())
}

#[cfg(unix)]
#[test]
fn sockets_are_never_opened() -> Outcome {
    let root = TempDir::new()?;
    let _socket = std::os::unix::net::UnixListener::bind(root.path().join("s"))?;
    assert_eq!(listing(root.path()), ["in/s !not_a_file"]);
    assert_eq!(reason(root.path(), "s", 10), "not_a_file");
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_utf8_get_their_own_origins() -> Outcome {
    use std::os::unix::ffi::OsStrExt as _;
    let root = TempDir::new()?;
    for name in [b"\xB9\xAB.html".as_slice(), b"%B9%AB.html", b"\xB9\n"] {
        fs::write(root.path().join(std::ffi::OsStr::from_bytes(name)), "1")?;
    }
    assert_eq!(
        listing(root.path()),
        ["in/%25B9%25AB.html 1", "in/%B9%0A 1", "in/%B9%AB.html 1"]
    );
    for found in walk(root.path(), "in") {
        let Found::File(file) = found else {
            return Err("a file was not found".into());
        };
        assert_eq!(read(&file, 10)?.bytes, b"1");
    }
    Ok(())
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_reported() -> Outcome {
    use std::os::unix::fs::PermissionsExt as _;
    let root = TempDir::new()?;
    fs::write(root.path().join("a.txt"), "1")?;
    fs::create_dir(root.path().join("d"))?;
    for name in ["a.txt", "d"] {
        fs::set_permissions(root.path().join(name), fs::Permissions::from_mode(0o000))?;
    }
    // For root nothing is unreadable.
    if fs::read(root.path().join("a.txt")).is_err() {
        assert_eq!(listing(root.path()), ["in/a.txt 1", "in/d !unreadable"]);
        assert_eq!(reason(root.path(), "a.txt", 10), "unreadable");
    }
    fs::set_permissions(root.path().join("d"), fs::Permissions::from_mode(0o700))?;
    Ok(())
}

#[test]
fn reading_keeps_to_the_limit() -> Outcome {
    let root = TempDir::new()?;
    fs::write(root.path().join("a.txt"), "12345")?;
    fs::write(root.path().join("empty.txt"), "")?;
    fs::create_dir(root.path().join("d"))?;
    let dump = read(&file(root.path(), "a.txt"), 5)?;
    assert_eq!(
        (dump.origin.as_str(), dump.bytes.as_slice()),
        ("in/a.txt", b"12345".as_slice())
    );
    assert_eq!(reason(root.path(), "a.txt", 4), "too_large");
    assert_eq!(reason(root.path(), "a.txt", u64::MAX), "read");
    assert_eq!(reason(root.path(), "empty.txt", 4), "empty");
    assert_eq!(reason(root.path(), "d", 4), "not_a_file");
    assert_eq!(reason(root.path(), "gone.txt", 4), "vanished");
    Ok(())
}

#[test]
fn messages_end_with_the_value() -> Outcome {
    let root = TempDir::new()?;
    fs::write(root.path().join("a.txt"), "12345")?;
    let message = |name, limit| {
        read(&file(root.path(), name), limit)
            .err()
            .map(|error| error.to_string())
    };
    assert_eq!(
        message("a.txt", 4).as_deref(),
        Some("the file is larger than the limit of 4 bytes: 5")
    );
    assert_eq!(message("gone.txt", 4).as_deref(), Some("the file is gone: in/gone.txt"));
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_larger_than_it_says_is_cut_at_the_limit() {
    // Files in /proc claim to be empty, as a file does that grows after it was looked at.
    let file = FileRef {
        origin: "in/status".to_owned(),
        path: "/proc/self/status".into(),
        bytes: 0,
        modified: 0,
        changed: 0,
    };
    assert_eq!(
        read(&file, 10).err().map(|error| error.to_string()).as_deref(),
        Some("the file is larger than the limit of 10 bytes: 11")
    );
}
