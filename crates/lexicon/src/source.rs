//! Where the data files come from: embedded in the binary, or a folder given with `--data`.

use std::path::{Path, PathBuf};

use crate::tsv::{DataError, Table};
use crate::utf8::utf8;

/// Every data file, embedded. A new file is added here and read in `Lexicon::load`.
const EMBEDDED: &[(&str, &str)] = &[
    ("categories.tsv", include_str!("../../../data/categories.tsv")),
    ("templates.tsv", include_str!("../../../data/templates.tsv")),
    ("columns.tsv", include_str!("../../../data/columns.tsv")),
    ("template_rows.tsv", include_str!("../../../data/template_rows.tsv")),
    ("contrasts.tsv", include_str!("../../../data/contrasts.tsv")),
    ("identities.tsv", include_str!("../../../data/identities.tsv")),
    ("series.tsv", include_str!("../../../data/series.tsv")),
    ("derived.tsv", include_str!("../../../data/derived.tsv")),
    ("indicators.tsv", include_str!("../../../data/indicators.tsv")),
    ("units.tsv", include_str!("../../../data/units.tsv")),
    ("report_years.tsv", include_str!("../../../data/report_years.tsv")),
    ("organ_words.tsv", include_str!("../../../data/organ_words.tsv")),
    ("prose/words.tsv", include_str!("../../../data/prose/words.tsv")),
    ("prose/features.tsv", include_str!("../../../data/prose/features.tsv")),
    ("prose/lexicon.tsv", include_str!("../../../data/prose/lexicon.tsv")),
    ("prose/compose.tsv", include_str!("../../../data/prose/compose.tsv")),
    ("prose/marks.tsv", include_str!("../../../data/prose/marks.tsv")),
    ("codebook/guide.tsv", include_str!("../../../data/codebook/guide.tsv")),
    (
        "codebook/sections.tsv",
        include_str!("../../../data/codebook/sections.tsv"),
    ),
    ("codebook/values.tsv", include_str!("../../../data/codebook/values.tsv")),
    (
        "codebook/caveats.tsv",
        include_str!("../../../data/codebook/caveats.tsv"),
    ),
    ("script/radicals.tsv", include_str!("../../../data/script/radicals.tsv")),
    (
        "script/hant_hans.tsv",
        include_str!("../../../data/script/hant_hans.tsv"),
    ),
    (
        "script/vocabulary.tsv",
        include_str!("../../../data/script/vocabulary.tsv"),
    ),
    (
        "gazetteer/places.tsv",
        include_str!("../../../data/gazetteer/places.tsv"),
    ),
    (
        "gazetteer/short_names.tsv",
        include_str!("../../../data/gazetteer/short_names.tsv"),
    ),
    (
        "gazetteer/area_codes.tsv",
        include_str!("../../../data/gazetteer/area_codes.tsv"),
    ),
    ("gazetteer/clues.tsv", include_str!("../../../data/gazetteer/clues.tsv")),
    (
        "gazetteer/townships.tsv",
        include_str!("../../../data/gazetteer/townships.tsv"),
    ),
    ("gazetteer/zones.tsv", include_str!("../../../data/gazetteer/zones.tsv")),
    (
        "gazetteer/changes.tsv",
        include_str!("../../../data/gazetteer/changes.tsv"),
    ),
    ("gazetteer/sites.tsv", include_str!("../../../data/gazetteer/sites.tsv")),
];

/// The data files, by name.
#[derive(Debug)]
pub struct DataSource {
    files: Vec<(&'static str, String)>,
}

impl DataSource {
    /// The data the binary was built with.
    #[must_use]
    pub fn embedded() -> Self {
        Self {
            files: EMBEDDED
                .iter()
                .map(|(name, text)| (*name, (*text).to_owned()))
                .collect(),
        }
    }

    /// The data of a folder laid out like `data/`.
    ///
    /// # Errors
    /// [`DataError::Unreadable`] when a file is missing, [`DataError::Wrong`] when it is not UTF-8.
    pub fn folder(folder: &Path) -> Result<Self, DataError> {
        let read = |name: &'static str| {
            let path: PathBuf = folder.join(name);
            let bytes = match std::fs::read(&path) {
                Ok(bytes) => bytes,
                Err(error) => return Err(DataError::Unreadable { path, error }),
            };
            let text = utf8(bytes).map_err(|error| DataError::Wrong {
                file: path.display().to_string(),
                line: error.line,
                reason: error.to_string(),
            })?;
            Ok((name, text))
        };
        Ok(Self {
            files: EMBEDDED.iter().map(|(name, _)| read(name)).collect::<Result<_, _>>()?,
        })
    }

    /// Every file: its name and its text.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(name, text)| (*name, text.as_str()))
    }

    /// The same data with one file replaced, for tests of what is refused.
    #[must_use]
    pub fn with(mut self, name: &str, text: &str) -> Self {
        for file in self.files.iter_mut().filter(|file| file.0 == name) {
            text.clone_into(&mut file.1);
        }
        self
    }

    /// A file's table, which must have the columns that the binary's own has: no other column would be read.
    pub(crate) fn table(&self, name: &str) -> Result<Table, DataError> {
        let own = EMBEDDED.iter().find(|file| file.0 == name).map_or("", |file| file.1);
        let text = self
            .files
            .iter()
            .find(|file| file.0 == name)
            .map_or("", |file| file.1.as_str());
        let table = Table::parse(name, text)?;
        table.same_columns(&Table::parse(name, own.lines().next().unwrap_or_default())?)?;
        Ok(table)
    }

    /// A hash over every file: changes when the knowledge does.
    pub(crate) fn version(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for (name, text) in &self.files {
            hasher
                .update(name.as_bytes())
                .update(&[0])
                .update(text.as_bytes())
                .update(&[0]);
        }
        hasher.finalize().to_hex().chars().take(16).collect()
    }
}
