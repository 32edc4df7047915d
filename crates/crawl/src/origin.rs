//! Origins: names of files that are the same on every machine, printable, and different for different files.

use std::cmp::Ordering;
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

/// Compares two names of files as parts of origins.
pub(crate) fn compare(left: &OsStr, right: &OsStr) -> Ordering {
    // Most names stand in origins as they are.
    let is_plain = |name: &OsStr| name.to_str().is_some_and(|name| !name.bytes().any(is_special));
    if is_plain(left) && is_plain(right) {
        return left.cmp(right);
    }
    let encoded = |name: &OsStr| {
        let mut part = String::new();
        push_encoded(&mut part, name);
        part
    };
    encoded(left).cmp(&encoded(right))
}

/// Whether a byte of UTF-8 may begin a character that is encoded. Control characters above ASCII begin with C2.
fn is_special(byte: u8) -> bool {
    byte == b'%' || byte < b' ' || byte == 0x7f || byte == 0xc2
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
    fn names_are_compared_as_they_stand_in_origins() {
        use std::os::unix::ffi::OsStrExt as _;
        let names: [&[u8]; 9] = [
            b"a",
            b"a%",
            b"a!",
            b"a&",
            b"\x01",
            b"\xB9",
            "\u{85}".as_bytes(),
            "\u{a0}".as_bytes(),
            b"%B8",
        ];
        for left in names {
            for right in names {
                let name = std::ffi::OsStr::from_bytes;
                let of = |bytes| origin("in", Path::new(name(bytes)));
                assert_eq!(
                    super::compare(name(left), name(right)),
                    of(left).cmp(&of(right)),
                    "{left:?} {right:?}"
                );
            }
        }
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
