//! Tables that hold text: a page laid out as a table has its paragraphs, or the whole report, in cells.

use gongkai_lexicon::{Lexicon, normalize_label};
use gongkai_page::{Block, BlockKind, Grid, Page};

use crate::cells::is_column_label;
use crate::fold::fold_text;

/// A cell of one clause is text from so many Chinese characters on; a shorter one is a label or a value.
const MIN_TEXT: usize = 25;

/// The cells of a table that hold text, each as a paragraph. In a table that was read as a form most long cells are its
/// labels and glosses: only finished sentences are text there.
pub fn texts<'a>(
    page: &'a Page,
    grid: &'a Grid,
    is_form: bool,
    traditional: bool,
    lexicon: &'a Lexicon,
) -> impl Iterator<Item = Block> + use<'a> {
    let spans = grid.cells.iter().map(|cell| &cell.span);
    let texts = spans.filter(move |span| {
        let printed = page.text.get((*span).clone()).unwrap_or_default();
        is_text(printed, is_form) && !is_label(printed, traditional, lexicon)
    });
    texts.map(|span| Block {
        span: span.clone(),
        kind: BlockKind::Paragraph,
        link_bytes: 0,
    })
}

fn is_text(printed: &str, is_form: bool) -> bool {
    let mut clauses = printed.split(['，', '。', '；', '！', '？', ',', ';']);
    let has_clauses = clauses
        .by_ref()
        .filter(|clause| clause.contains(is_han))
        .nth(1)
        .is_some();
    if is_form {
        return has_clauses && printed.contains(['。', '；']);
    }
    has_clauses || printed.chars().filter(|c| is_han(*c)).nth(MIN_TEXT - 1).is_some()
}

/// Whether a cell is a label of the forms, which can be long.
fn is_label(printed: &str, traditional: bool, lexicon: &Lexicon) -> bool {
    let folded = fold_text(printed, &lexicon.script, traditional);
    let key = normalize_label(&folded);
    !lexicon.templates.rows_of_label(&key).is_empty() || is_column_label(&key, lexicon)
}

fn is_han(character: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_text_and_labels_are_none() {
        for (printed, alone, in_form) in [
            ("主动公开政府信息数", false, false),
            ("12", false, false),
            ("全年公开3条，收到申请1件", true, false),
            ("全年公开3条，收到申请1件。", true, true),
            ("未发生行政复议。", false, false),
            ("1,234", false, false),
            (
                "关于做好本地区二〇一三年度政府信息公开工作年度报告编制工作",
                true,
                false,
            ),
        ] {
            assert_eq!(is_text(printed, false), alone, "{printed}");
            assert_eq!(is_text(printed, true), in_form, "{printed}");
        }
    }
}
