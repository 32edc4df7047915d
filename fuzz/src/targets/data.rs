//! Data folders. A wrong one is refused with file, line and reason; one that is taken can be worked with.
//!
//! An input has the files that differ from `data/`, each below a line `=== NAME`.

use std::collections::BTreeMap;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::LazyLock;

use gongkai_dataset::{CodebookFormat, codebook};
use gongkai_extract::Extractor;
use gongkai_lexicon::{DataError, DataSource, Lexicon, Place};
use gongkai_page::{Limits, PageKind, read};
use gongkai_test_support::repository;

use crate::trace::saw;
use crate::world::ORIGIN;
use crate::{dictionary, scratch};

/// What heads a file.
pub const HEADING: &[u8] = b"=== ";
/// Longest message beside the lines that it quotes.
const MOST_MESSAGE: usize = 1000;

/// Loads the data with the files of the input in the place of others.
pub fn data(bytes: &[u8]) {
    let folder = Folder::with(&sections(bytes));
    let source = DataSource::folder(&folder.path);
    match source.and_then(|source| Lexicon::load(&source)) {
        Ok(lexicon) => {
            is_sound(&lexicon);
            is_of_use(lexicon);
            saw("taken");
        }
        Err(error) => refusal_holds(&error, &folder),
    }
}

/// The files that a data folder has, by name.
pub static FILES: LazyLock<BTreeMap<String, Vec<u8>>> = LazyLock::new(|| {
    // A folder lacks a file until it has all of them.
    let (folder, from) = (scratch::folder("data"), repository("data"));
    let mut files = BTreeMap::new();
    while let Err(DataError::Unreadable { path, .. }) = DataSource::folder(&folder) {
        let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read(from.join(&name)).unwrap();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
        files.insert(name, text);
    }
    assert!(files.len() > 20, "only {} data files", files.len());
    files
});

/// The files of an input. One whose name is not known stands for one that is.
fn sections(bytes: &[u8]) -> BTreeMap<&'static str, Vec<u8>> {
    let mut sections: BTreeMap<&'static str, Vec<u8>> = BTreeMap::new();
    let mut current = None;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if let Some(name) = line.strip_prefix(HEADING) {
            current = Some(file_of(name.trim_ascii()));
        } else if let Some(name) = current {
            sections.entry(name).or_default().extend_from_slice(line);
        }
    }
    sections
}

fn file_of(name: &[u8]) -> &'static str {
    let by_name = FILES.keys().find(|file| file.as_bytes() == name);
    let choice = name.iter().map(|byte| usize::from(*byte)).sum::<usize>() % FILES.len();
    by_name.unwrap_or_else(|| FILES.keys().nth(choice).unwrap())
}

/// The data on disk with some files replaced, until it is dropped.
struct Folder {
    path: PathBuf,
    changed: BTreeMap<&'static str, Vec<u8>>,
}

impl Folder {
    fn with(sections: &BTreeMap<&'static str, Vec<u8>>) -> Self {
        LazyLock::force(&FILES);
        let folder = Self {
            path: scratch::folder("data"),
            changed: sections.clone(),
        };
        for (name, text) in sections {
            std::fs::write(folder.path.join(name), text).unwrap();
        }
        folder
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        for name in self.changed.keys() {
            std::fs::write(self.path.join(name), &FILES[*name]).unwrap();
        }
    }
}

fn refusal_holds(error: &DataError, folder: &Folder) {
    let message = error.to_string();
    let shown = message.replace(char::is_control, "\u{FFFD}");
    let prefix = format!("{}/", folder.path.display());
    let bare = message.strip_prefix(&prefix).unwrap_or(&message);
    let named = FILES
        .keys()
        .find_map(|name| Some((name.as_str(), bare.strip_prefix(name.as_str())?.strip_prefix(':')?)));
    let (name, rest) = named.unwrap_or_else(|| panic!("no file is named: {shown}"));
    let text = folder.changed.get(name).unwrap_or(&FILES[name]);
    let (place, reason) = rest
        .split_once(": ")
        .unwrap_or_else(|| panic!("no place and reason: {shown}"));
    match place.parse::<usize>() {
        Ok(line) => {
            let lines = text.iter().filter(|byte| **byte == b'\n').count() + 1;
            assert!((1..=lines).contains(&line), "no such line: {shown}");
        }
        // Which byte is no UTF-8 need not be said.
        Err(_) => assert!(std::str::from_utf8(text).is_err(), "no line: {shown}"),
    }
    let longest = text
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::len)
        .max()
        .unwrap_or_default();
    assert!(!reason.is_empty(), "no reason: {shown}");
    assert!(
        message.len() <= MOST_MESSAGE + 2 * longest,
        "more than lines are quoted: {shown}"
    );
    let kind: String = reason
        .chars()
        .take_while(|c| !c.is_ascii_digit() && *c != ':')
        .take(40)
        .collect();
    saw((name, kind));
}

/// Nothing that is taken runs in circles or counts backwards.
fn is_sound(lexicon: &Lexicon) {
    for (id, category) in lexicon.categories.iter() {
        let mut wholes = HashSet::from([id]);
        let mut above = category.whole;
        while let Some(whole) = above {
            assert!(
                wholes.insert(whole),
                "categories.tsv: whole in a circle: {}",
                category.code
            );
            above = lexicon.categories.get(whole).whole;
        }
    }
    let gazetteer = &lexicon.gazetteer;
    for place in gazetteer.places() {
        let ends = |from: i16, to: i16| from <= to;
        let in_order = place
            .valid_from
            .zip(place.valid_to)
            .is_none_or(|(from, to)| ends(from, to));
        assert!(
            in_order,
            "gazetteer/places.tsv: valid_to before valid_from: {}",
            place.code
        );
        // A code that was given out again under another name.
        let goes_on = |other: &Place| other.code == place.code && other.valid_from > place.valid_to;
        let is_itself = place.successor.as_deref() == Some(place.code.as_str());
        assert!(
            !is_itself || gazetteer.places().iter().any(goes_on),
            "gazetteer/places.tsv: succeeds itself: {}",
            place.code
        );
    }
    for unit in dictionary::column("units.tsv", "unit") {
        let scale = lexicon.units.exact(&unit).map_or(1, |unit| unit.scale);
        assert!(scale >= 1, "units.tsv: a scale of {scale}: {unit}");
    }
}

/// What everything else does with a lexicon comes to its end.
fn is_of_use(lexicon: Lexicon) {
    for format in [CodebookFormat::Csv, CodebookFormat::Markdown, CodebookFormat::Html] {
        assert!(codebook(&lexicon, format).is_ok_and(|book| !book.is_empty()));
    }
    let gazetteer = &lexicon.gazetteer;
    for place in gazetteer.places() {
        let year = place.valid_to.or(Some(2018));
        let _ = gazetteer.today(&place.code, year);
        let _ = gazetteer.full_name(&place.code, year);
        let _ = gazetteer.lineage(&place.code, year.unwrap_or_default());
    }
    let extractor = match Extractor::new(lexicon) {
        Ok(extractor) => extractor,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    for bytes in PAGES.iter() {
        let page = read(bytes, PageKind::of(ORIGIN, bytes), &Limits::default());
        let _ = extractor.extract(&page, ORIGIN);
    }
}

/// A page of tables and one of sentences.
static PAGES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let page = |name: &str| std::fs::read(repository("data/samples/dumps").join(name)).unwrap();
    vec![page("jiangsu/wujiang_2011.html"), page("sichuan/cangshan_2012.html")]
});
