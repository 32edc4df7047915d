//! Files that people edit, as text: what is no UTF-8 is told with its line.

/// Bytes that are no UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not UTF-8: byte {byte:02X}\nhint: save the file as UTF-8; it may be GBK or UTF-16")]
pub struct NotUtf8 {
    /// Line number, from 1.
    pub line: usize,
    /// The first byte that cannot be.
    pub byte: u8,
}

/// A file's text.
///
/// # Errors
/// [`NotUtf8`] with the first line that is not.
pub fn utf8(bytes: Vec<u8>) -> Result<String, NotUtf8> {
    String::from_utf8(bytes).map_err(|error| {
        let (right, wrong) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
        NotUtf8 {
            line: memchr::memchr_iter(b'\n', right).count() + 1,
            byte: wrong.first().copied().unwrap_or_default(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_is_not_utf8_is_told() {
        assert_eq!(utf8("件\n条\n".into()), Ok("件\n条\n".to_owned()));
        for (bytes, line, byte) in [
            (&b"a\nb\n\xbc\xfe"[..], 3, 0xbc),
            (b"\xff\xfea\0\n\0", 1, 0xff),
            (b"a\n\xe4\xbb", 2, 0xe4),
        ] {
            assert_eq!(utf8(bytes.to_owned()), Err(NotUtf8 { line, byte }));
        }
    }
}
