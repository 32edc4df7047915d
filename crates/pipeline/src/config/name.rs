//! What an input can be called: origins begin with its name, which must look like one part of a path everywhere.

use std::ffi::OsStr;
use std::fmt::Write as _;

/// What a name must be, for people.
pub(super) const RULE: &str = "word without spaces, slashes and control characters, other than . and ..";

/// Whether origins may begin with this name.
pub(super) fn is_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && name.chars().all(is_of_a_word)
}

/// A folder's name as a name of an input: what no name can have, and `%`, is percent-encoded as in origins, so that two
/// folders do not get one name.
pub(super) fn encoded(folder: &OsStr) -> String {
    let mut name = String::new();
    let push = |name: &mut String, bytes: &[u8]| {
        for byte in bytes {
            // Writing to a string does not fail.
            let _ = write!(name, "%{byte:02X}");
        }
    };
    for chunk in folder.as_encoded_bytes().utf8_chunks() {
        for character in chunk.valid().chars() {
            match is_of_a_word(character) && character != '%' {
                true => name.push(character),
                false => push(&mut name, character.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        push(&mut name, chunk.invalid());
    }
    name
}

/// No slash, no white space, and nothing that cannot be seen or turns a line around.
fn is_of_a_word(character: char) -> bool {
    let is_unseen =
        matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    !(matches!(character, '/' | '\\') || character.is_whitespace() || character.is_control() || is_unseen)
}
