//! What several targets share and make once: the extractor, and titles under which a text is a report.

use std::sync::LazyLock;

use gongkai_extract::Extractor;
use gongkai_lexicon::{DataSource, Lexicon};

/// The extractor with the data of the repository.
pub static EXTRACTOR: LazyLock<Extractor> =
    LazyLock::new(|| Extractor::new(Lexicon::load(&DataSource::embedded()).unwrap()).unwrap());

/// Where the pages of targets are said to have been found.
pub const ORIGIN: &str = "fuzz/dump.txt";

/// A title that makes what stands below it a report.
pub const TITLE: &str = "天河区人民政府2018年政府信息公开工作年度报告";
