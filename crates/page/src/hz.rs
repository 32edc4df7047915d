//! HZ: GB 2312 in bytes of ASCII, two for each character, between `~{` and `~}` (RFC 1843). Mail and old pages have it;
//! browsers, and so `encoding_rs`, decode it no more.

use encoding_rs::GB18030;

use crate::legible::doubtful;

/// Its name in the dataset.
pub(crate) const NAME: &str = "HZ-GB-2312";
/// Fewer characters may stand in a script by chance.
const FEW_CHARACTERS: usize = 8;

/// The text, if the bytes are HZ: ASCII in which what stands between the marks is common characters.
pub(crate) fn decode(bytes: &[u8]) -> Option<String> {
    if !bytes.is_ascii() || !bytes.windows(2).any(|pair| pair == b"~{") {
        return None;
    }
    let (eight_bits, characters) = to_eight_bits(bytes);
    let (text, had_errors) = GB18030.decode_without_bom_handling(&eight_bits);
    let is_text = characters >= FEW_CHARACTERS && !had_errors && doubtful(&text) * 10 < characters;
    is_text.then(|| text.into_owned())
}

/// The same text in GB 2312 as pages have it, and how many characters of two bytes it has.
fn to_eight_bits(bytes: &[u8]) -> (Vec<u8>, usize) {
    let mut decoded = Vec::with_capacity(bytes.len());
    let (mut rest, mut in_pairs, mut characters) = (bytes, false, 0);
    loop {
        rest = match (rest, in_pairs) {
            ([], _) => return (decoded, characters),
            ([b'~', b'{', tail @ ..], false) => {
                in_pairs = true;
                tail
            }
            ([b'~', b'}', tail @ ..], true) => {
                in_pairs = false;
                tail
            }
            ([b'~', b'~', tail @ ..], false) => {
                decoded.push(b'~');
                tail
            }
            // A line that is continued.
            ([b'~', b'\n', tail @ ..], _) => tail,
            ([first @ 0x21..=0x77, second @ 0x21..=0x7E, tail @ ..], true) => {
                decoded.extend([first | 0x80, second | 0x80]);
                characters += 1;
                tail
            }
            ([byte, tail @ ..], _) => {
                // No line goes on in pairs behind its end.
                in_pairs = in_pairs && *byte != b'\n';
                decoded.push(*byte);
                tail
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn what_is_between_the_marks_is_decoded() {
        let check = |bytes: &str, expected: Option<&str>| assert_eq!(decode(bytes.as_bytes()).as_deref(), expected);
        check("a~~b ~{VP9z@@@@@@@@@@~} 12", None);
        check("a~~b ~{9+?*9+?*9+?*9+?*~} 12", Some("a~b 公开公开公开公开 12"));
        check("~{9+?*9+?*~\n9+?*9+?*~}\n~}", Some("公开公开公开公开\n~}"));
        check("~{9+?*9+?*9+?*9+?*\n9+?*", Some("公开公开公开公开\n9+?*"));
        check("~{9+?*~}", None);
        check("var a = '~{' + body.substring(0, length) + '~}';", None);
        check("plain", None);
    }
}
