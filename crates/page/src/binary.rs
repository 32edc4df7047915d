//! Files that are no pages but end up among them: documents, archives, images.

use crate::decode::SAMPLE_BYTES;

/// How files of other formats begin.
const BEGINNINGS: [(&[u8], &str); 13] = [
    (b"PK\x03\x04", "ZIP or Office Open XML"),
    (b"\xD0\xCF\x11\xE0", "an Office document"),
    (b"{\\rtf", "RTF"),
    (b"%!PS", "PostScript"),
    (b"\x1F\x8B", "gzip"),
    (b"7z\xBC\xAF", "7z"),
    (b"Rar!", "RAR"),
    (b"\x89PNG", "PNG"),
    (b"GIF8", "GIF"),
    (b"\xFF\xD8\xFF", "JPEG"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"RIFF", "RIFF"),
];
/// What a web archive (MHTML) says of itself in its first lines. Its pages are in seven bits, and not read.
const ARCHIVE: &[u8] = b"Content-Type: multipart/related";
/// How far these lines reach; also where a PDF may begin at the latest, by its standard: servers put lines before it.
const HEAD_BYTES: usize = 1024;

/// The format whose signature the file begins with, behind white space or a byte order mark that something put there.
pub(crate) fn signature(bytes: &[u8]) -> Option<&'static str> {
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let head = body.get(..HEAD_BYTES.min(body.len())).unwrap_or_default();
    let has_line = |begins: fn(&[u8]) -> bool| head.split(|byte| matches!(byte, b'\n' | b'\r')).any(begins);
    if head.contains(&b'%') && has_line(begins_pdf) {
        return Some("PDF");
    }
    if head.first().is_some_and(u8::is_ascii_alphabetic) && has_line(says_archive) {
        return Some("MHTML");
    }
    let known = BEGINNINGS.iter().find(|(start, _)| body.starts_with(start));
    known.map(|(_, name)| *name)
}

/// `%PDF-1.4`
fn begins_pdf(line: &[u8]) -> bool {
    let version = line.strip_prefix(b"%PDF-").and_then(<[u8]>::first);
    version.is_some_and(u8::is_ascii_digit)
}

fn says_archive(line: &[u8]) -> bool {
    let start = line.get(..ARCHIVE.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(ARCHIVE))
}

/// Whether so much of the file is control bytes that it is no text.
pub(crate) fn has_many_controls(bytes: &[u8]) -> bool {
    let sample = bytes.get(..SAMPLE_BYTES.min(bytes.len())).unwrap_or_default();
    let is_control = |byte: &&u8| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127);
    let controls = sample.iter().filter(is_control).count();
    controls > 2 && controls * 10 > sample.len()
}

#[cfg(test)]
mod tests {
    use super::{has_many_controls, signature};

    #[test]
    fn formats_are_known_by_their_beginnings() {
        let check = |bytes: &[u8], expected: Option<&str>| assert_eq!(signature(bytes), expected, "{bytes:?}");
        check(b"%PDF-1.4\n1 0 obj", Some("PDF"));
        check(b"\xEF\xBB\xBF%PDF-1.7", Some("PDF"));
        check(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n%PDF-1.5\r",
            Some("PDF"),
        );
        check(b"\r\n{\\rtf1\\ansi", Some("RTF"));
        check(
            b"From: a\r\nMIME-Version: 1.0\r\nContent-type: multipart/related;",
            Some("MHTML"),
        );
        check(b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>", None);
        check(b"PK\x03\x04\x14", Some("ZIP or Office Open XML"));
        check(b"<p>%PDF-1.4", None);
        check(b"%PDF-", None);
        check(b"plain", None);
        check(b"", None);
    }

    #[test]
    fn text_has_hardly_any_control_bytes() {
        assert!(has_many_controls(b"\0\0\0\0"));
        assert!(has_many_controls(&[7, 1, 2, 0, 3, 200, 1, 9, 0]));
        assert!(!has_many_controls("收到\x01 2件\r\n\x1b[0m".as_bytes()));
        assert!(!has_many_controls(b""));
    }
}
