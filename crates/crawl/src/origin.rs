//! Origins: names of files that are the same on every machine, printable, and different for different files.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Component, Path};

/// `<name>/<relative path>` with `/` between folders on every system. Bytes that are not UTF-8, control characters and
/// `%` itself are percent-encoded, so that no two files share an origin.
pub(crate) fn origin(name: &str, relative: &Path) -> String {
    let mut origin = name.to_owned();
    for component in relative.components() {
        if let Component::Normal(part) = component {
            origin.push('/');
            push_encoded(&mut origin, part);
        }
    }
    origin
}

fn push_encoded(origin: &mut String, part: &OsStr) {
    // `as_encoded_bytes` is UTF-8 wherever the name is text, on every system.
    for chunk in part.as_encoded_bytes().utf8_chunks() {
        for character in chunk.valid().chars() {
            if character == '%' || character.is_control() {
                push_percent(origin, character.encode_utf8(&mut [0; 4]).as_bytes());
            } else {
                origin.push(character);
            }
        }
        push_percent(origin, chunk.invalid());
    }
}

fn push_percent(origin: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(origin, "%{byte:02X}");
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::origin;

    #[test]
    fn origins_are_relative_and_printable() {
        let check = |path: &str, expected: &str| assert_eq!(origin("in", Path::new(path)), expected);
        check("", "in");
        check("广东/2018.html", "in/广东/2018.html");
        check("a%20b\n.txt", "in/a%2520b%0A.txt");
        check("./a/../b", "in/a/b");
        check("/etc/x", "in/etc/x");
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_not_utf8_stay_apart() {
        use std::os::unix::ffi::OsStrExt as _;
        let encoded = |bytes: &[u8]| origin("in", Path::new(std::ffi::OsStr::from_bytes(bytes)));
        assert_eq!(encoded(b"\xB9\xAB.html"), "in/%B9%AB.html");
        assert_ne!(encoded(b"\xB9"), encoded(b"%B9"));
    }
}
