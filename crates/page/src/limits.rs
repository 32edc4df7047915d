//! How much of a page is read before something is capped. Every cap leaves a problem in the page.

/// Caps that keep a hostile or broken page from costing more than its size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest text of a page in bytes; what follows is left out (`truncated`).
    pub max_text_bytes: usize,
    /// Most blocks of a page; what follows is left out (`truncated`).
    pub max_blocks: usize,
    /// Deepest nesting of elements that is followed (`depth_capped`).
    pub max_depth: usize,
    /// Most cells of one table; the text of further cells is kept as paragraphs (`table_capped`).
    pub max_cells_per_table: usize,
    /// Where all tables have so many cells, no further one begins; the text is kept as paragraphs (`table_capped`).
    pub max_cells: usize,
    /// Most columns one cell may cover (`span_clamped`).
    pub max_column_span: u32,
    /// Most rows one cell may cover (`span_clamped`).
    pub max_row_span: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_text_bytes: 16 << 20,
            max_blocks: 100_000,
            max_depth: 512,
            max_cells_per_table: 100_000,
            max_cells: 100_000,
            max_column_span: 64,
            max_row_span: 400,
        }
    }
}

/// The longest beginning of a text that takes so many bytes and ends neither inside a character nor inside a number, of
/// which a part would be another number.
pub(crate) fn beginning(text: &str, max_bytes: usize) -> &str {
    if text.len() <= max_bytes {
        return text;
    }
    let kept = text.get(..text.floor_char_boundary(max_bytes)).unwrap_or_default();
    kept.trim_end_matches(|character: char| character.is_numeric() || matches!(character, ',' | '.' | '，' | '．'))
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn a_text_is_cut_between_characters_and_numbers() {
        let check = |text: &str, max_bytes: usize, expected: &str| {
            assert_eq!(beginning(text, max_bytes), expected, "{text} {max_bytes}");
        };
        check("公开12条", 11, "公开12条");
        check("公开12条", 10, "公开");
        check("公开12条", 7, "公开");
        check("公开1,234条", 9, "公开");
        check("公开１２条", 9, "公开");
        check("公开12条申请", 16, "公开12条申");
        check("12", 1, "");
        check("中", 2, "");
    }
}
