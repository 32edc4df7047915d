//! What a file calls itself by its ending.

/// The kind of page a file's ending promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileType {
    /// `.html`, `.htm`, `.shtml`, `.xhtml`.
    Html,
    /// `.txt`, and Markdown (`.md`, `.markdown`), which is read as text.
    Text,
    /// Anything else.
    Other,
}

/// The file type by the ending of an origin, upper and lower case alike.
#[must_use]
pub fn file_type(origin: &str) -> FileType {
    let name = origin.rsplit_once('/').map_or(origin, |(_, name)| name);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_one_of = |known: &[&str]| known.iter().any(|known| ending.eq_ignore_ascii_case(known));
    if is_one_of(&["html", "htm", "shtml", "xhtml"]) {
        FileType::Html
    } else if is_one_of(&["txt", "md", "markdown"]) {
        FileType::Text
    } else {
        FileType::Other
    }
}

#[cfg(test)]
mod tests {
    use super::{FileType, file_type};

    #[test]
    fn the_ending_of_the_last_name_decides() {
        let check = |origin: &str, expected: FileType| assert_eq!(file_type(origin), expected, "{origin}");
        check("in/a.html", FileType::Html);
        check("in/a.HTM", FileType::Html);
        check("in/a.b.Shtml", FileType::Html);
        check("in/a.TXT", FileType::Text);
        check("in/a.md", FileType::Text);
        check("in/A.Markdown", FileType::Text);
        check("in/a.mdb", FileType::Other);
        check("in/a.txt.gz", FileType::Other);
        check("in.html/a", FileType::Other);
        check("in/html", FileType::Other);
        check("", FileType::Other);
    }
}
