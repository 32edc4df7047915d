//! `gongkai codebook`: what the tables and categories mean, for programs or people.

use std::io::Write as _;

use gongkai_dataset::{CodebookFormat, codebook};
use gongkai_lexicon::Lexicon;

use crate::args::{self, CodebookOptions};

/// Prints the codebook, as a snapshot has it.
pub fn execute(options: &CodebookOptions, lexicon: &Lexicon) -> anyhow::Result<()> {
    let format = match options.format {
        args::CodebookFormat::Csv => CodebookFormat::Csv,
        args::CodebookFormat::Md => CodebookFormat::Markdown,
        args::CodebookFormat::Html => CodebookFormat::Html,
    };
    std::io::stdout().lock().write_all(&codebook(lexicon, format)?)?;
    Ok(())
}
