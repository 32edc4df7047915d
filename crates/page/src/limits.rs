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
    /// Most columns one cell may cover (`span_clamped`).
    pub max_column_span: u32,
    /// Most rows one cell may cover (`span_clamped`).
    pub max_row_span: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_text_bytes: 16 << 20,
            max_blocks: 400_000,
            max_depth: 512,
            max_cells_per_table: 200_000,
            max_column_span: 64,
            max_row_span: 400,
        }
    }
}
