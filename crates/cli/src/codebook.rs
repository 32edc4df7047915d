//! `gongkai codebook`: every category as CSV.

use gongkai_dataset::{codebook_rows, write_codebook};
use gongkai_lexicon::Lexicon;

use crate::args::CodebookOptions;

/// Prints the codebook.
pub fn execute(_options: &CodebookOptions, lexicon: &Lexicon) -> anyhow::Result<()> {
    write_codebook(&codebook_rows(lexicon), std::io::stdout().lock())?;
    Ok(())
}
