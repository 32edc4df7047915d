//! `gongkai explain`: a report as one HTML file: the page with every count highlighted beside everything that was made
//! of it.
//!
//! The file works without scripts and loads nothing. Whatever comes from the page goes through [`html::Html`], which
//! escapes it: no tag, script or address of a page works in ours.

mod checks;
mod doubts;
mod forms;
mod html;
mod identity;
mod paper;
mod regions;
mod unused;
mod values;
mod view;

use std::io::Write as _;

use anyhow::{Context as _, bail};
use gongkai_extract::{Extractor, Outcome, Report};
use gongkai_lexicon::Lexicon;
use gongkai_page::Page;

use crate::args::ExplainOptions;
use crate::extract::{read_file, reader};
use html::Html;
use view::View;

/// Reads the file and writes the HTML.
pub fn execute(options: &ExplainOptions, extractor: &Extractor) -> anyhow::Result<()> {
    let name = options.file.display().to_string();
    if options.file.is_dir() {
        bail!("{name}: this is a folder; hint: name one of the files in it");
    }
    let reading = read_file(&reader(extractor), &options.file, &name).with_context(|| name.clone())?;
    let html = match &reading.outcome {
        Outcome::Reports(reports) => document(&name, &reading.page, reports, extractor.lexicon()),
        Outcome::NotAReport { reason, message } => bail!("{name}: no annual report ({reason}): {message}"),
    };
    match &options.output {
        Some(path) => std::fs::write(path, html).with_context(|| path.display().to_string()),
        None => Ok(std::io::stdout().write_all(html.as_bytes())?),
    }
}

const HEAD: &str = "<!doctype html>
<html lang=\"zh\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">
<style>
";

/// The whole file: each report's page on one side, what was made of it on the other.
fn document(name: &str, page: &Page, reports: &[Report], lexicon: &Lexicon) -> String {
    let mut html = Html::default();
    html.raw(HEAD).raw(include_str!("explain/style.css"));
    html.put("</style><title>{}</title></head><body>\n", &[&name]);
    for report in reports {
        let view = View::new(name, page, report, lexicon);
        html.raw("<main>\n<article class=\"paper\">\n");
        paper::write(&mut html, &view);
        html.raw("</article>\n<aside class=\"panel\">\n");
        identity::write_summary(&mut html, &view);
        doubts::write(&mut html, &view);
        checks::write(&mut html, &view);
        values::write(&mut html, &view);
        forms::write(&mut html, &view);
        identity::write_evidence(&mut html, &view);
        html.raw("</aside>\n</main>\n");
    }
    html.raw("</body></html>\n");
    html.into_string()
}
