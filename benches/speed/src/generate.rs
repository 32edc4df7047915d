//! Dumps for the benchmark: realistic pages, the same for a seed on every machine.
//!
//! Knows nothing of how pages are read. The figures on the pages keep the identities of their forms.

mod article;
mod chance;
mod encode;
mod form;
mod page;
mod place;
mod site;
mod text;
mod writer;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use rayon::prelude::*;

pub use page::{Kind, Maker};

/// Dumps in one folder.
const PER_FOLDER: u64 = 1000;

/// What the pages of a folder are like.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Corpus {
    /// Pages.
    pub dumps: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Half of the pages are larger.
    pub median_bytes: u64,
    /// Median share of a page's bytes that are report text and tables with their markup.
    pub median_article_share: f64,
    /// Median share of a page's bytes that are characters of report text and tables, without markup.
    pub median_text_share: f64,
    /// Share of pages that are reports.
    pub report_share: f64,
    /// Pages by what they are.
    pub kinds: BTreeMap<String, u64>,
    /// Time it took, in seconds.
    pub seconds: f64,
}

struct Size {
    kind: Kind,
    bytes: u64,
    article: f64,
    text: f64,
}

/// Writes `count` dumps into folders of `out`.
///
/// # Errors
/// When a file cannot be written.
pub fn generate(count: u64, seed: u64, out: &Path) -> anyhow::Result<Corpus> {
    let started = std::time::Instant::now();
    let maker = Maker::new(seed);
    for folder in 0..count.div_ceil(PER_FOLDER) {
        let path = out.join(format!("{folder:04}"));
        fs::create_dir_all(&path).with_context(|| path.display().to_string())?;
    }
    let sizes: Vec<Size> = (0..count)
        .into_par_iter()
        .map(|index| write(&maker, index, out))
        .collect::<anyhow::Result<_>>()?;
    Ok(corpus(&sizes, started.elapsed().as_secs_f64()))
}

#[allow(clippy::cast_precision_loss)]
fn write(maker: &Maker, index: u64, out: &Path) -> anyhow::Result<Size> {
    let dump = maker.dump(index);
    let path = path_of(out, index);
    fs::write(&path, &dump.bytes).with_context(|| path.display().to_string())?;
    let bytes = dump.bytes.len().max(1) as f64;
    Ok(Size {
        kind: dump.kind,
        bytes: dump.bytes.len() as u64,
        article: dump.article_bytes as f64 / bytes,
        text: dump.text_bytes as f64 / bytes,
    })
}

fn path_of(out: &Path, index: u64) -> PathBuf {
    out.join(format!("{:04}/{index:06}.html", index / PER_FOLDER))
}

#[allow(clippy::cast_precision_loss)]
fn corpus(sizes: &[Size], seconds: f64) -> Corpus {
    let mut kinds = BTreeMap::new();
    for size in sizes {
        *kinds.entry(format!("{:?}", size.kind).to_lowercase()).or_default() += 1;
    }
    let reports = sizes
        .iter()
        .filter(|size| !matches!(size.kind, Kind::Guide | Kind::Links))
        .count();
    Corpus {
        dumps: sizes.len() as u64,
        bytes: sizes.iter().map(|size| size.bytes).sum(),
        median_bytes: median(sizes.iter().map(|size| size.bytes as f64)) as u64,
        median_article_share: median(sizes.iter().map(|size| size.article)),
        median_text_share: median(sizes.iter().map(|size| size.text)),
        report_share: reports as f64 / sizes.len().max(1) as f64,
        kinds,
        seconds,
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

impl std::fmt::Display for Corpus {
    #[allow(clippy::cast_precision_loss)]
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            to,
            "dumps      {} ({:.0} % reports), {:.1} MB, made at {:.0} pages/s",
            self.dumps,
            100.0 * self.report_share,
            self.bytes as f64 / 1e6,
            self.dumps as f64 / self.seconds
        )?;
        write!(
            to,
            "median     {:.1} KB a page; {:.0} % of it report text and tables, {:.0} % without their markup",
            self.median_bytes as f64 / 1e3,
            100.0 * self.median_article_share,
            100.0 * self.median_text_share
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use gongkai_extract::{Extractor, Outcome};
    use gongkai_lexicon::{DataSource, Lexicon};
    use gongkai_page::{Limits, PageKind};

    use super::*;

    const PAGES: u64 = 200;

    #[test]
    fn a_seed_gives_the_same_pages_and_no_page_twice() {
        let (one, other, next) = (Maker::new(7), Maker::new(7), Maker::new(8));
        let mut seen = HashSet::new();
        for index in 0..PAGES {
            let dump = one.dump(index);
            assert_eq!(dump, other.dump(index), "page {index}");
            assert_ne!(dump.bytes, next.dump(index).bytes, "page {index}");
            assert!(seen.insert(dump.bytes), "page {index} was made before");
        }
    }

    #[test]
    fn pages_have_the_stated_size_and_share_of_text() {
        let maker = Maker::new(7);
        let sizes: Vec<Size> = (0..PAGES)
            .map(|index| {
                let dump = maker.dump(index);
                let bytes = dump.bytes.len() as f64;
                Size {
                    kind: dump.kind,
                    bytes: dump.bytes.len() as u64,
                    article: dump.article_bytes as f64 / bytes,
                    text: dump.text_bytes as f64 / bytes,
                }
            })
            .collect();
        let corpus = corpus(&sizes, 1.0);
        assert!(corpus.median_bytes >= 40_000, "{corpus}");
        assert!(corpus.median_article_share >= 0.3, "{corpus}");
        assert!((0.9..1.0).contains(&corpus.report_share), "{corpus}");
    }

    #[test]
    fn every_report_is_read_with_its_year_and_its_table() -> anyhow::Result<()> {
        let extractor = Extractor::new(Lexicon::load(&DataSource::embedded())?)?;
        let maker = Maker::new(7);
        for index in 0..PAGES {
            let dump = maker.dump(index);
            let page = gongkai_page::read(&dump.bytes, PageKind::of("a.html", &dump.bytes), &Limits::default());
            let Some(year) = dump.year else { continue };
            let Outcome::Reports(reports) = extractor.extract(&page) else {
                panic!("page {index} ({:?}) is no report", dump.kind);
            };
            let report = &reports[0];
            assert_eq!(
                report.identity.year.map(i64::from),
                Some(i64::from(year)),
                "page {index} ({:?})",
                dump.kind
            );
            let least = if dump.kind == Kind::Prose { 3 } else { 20 };
            assert!(
                report.observations.len() > least,
                "page {index} ({:?}): {}",
                dump.kind,
                report.observations.len()
            );
        }
        Ok(())
    }
}
