//! Reads the files of `data/` (embedded): forms, places, wordings, lists, bodies. Knows nothing of documents.
//! A wrong line is an error with its file and number, never a panic.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::template::{Template, parse_template};

/// A line of a data file that cannot be read.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct DataError {
    file: &'static str,
    line: usize,
    reason: String,
}

/// A row of a form: official label, unit and category.
#[derive(Debug, Clone)]
pub struct FormRow {
    /// Id of the row (`N14-05`).
    pub id: &'static str,
    /// Depth of the indent.
    pub depth: usize,
    /// Official label, full-width punctuation.
    pub label: &'static str,
    /// Official unit; empty in the matrix.
    pub unit: &'static str,
    /// Category; none for rows that only head others.
    pub code: Option<&'static str>,
}

/// A line of section two of the statutory form.
#[derive(Debug, Clone)]
pub struct ItemLine {
    /// First year of the form: 2019 or 2021.
    pub era: &'static str,
    /// Opens an item of article 20 (then `cells` are column labels) or is a row (then they are codes).
    pub opens: bool,
    /// Label of the item or row.
    pub label: &'static str,
    /// Column labels or codes.
    pub cells: Vec<&'static str>,
}

/// A place of county level or above.
#[derive(Debug, Clone)]
pub struct Place {
    /// GB/T 2260 code.
    pub code: &'static str,
    /// Full name.
    pub name: &'static str,
    /// `province`, `prefecture` or `county`.
    pub level: &'static str,
    /// First year of this code and name, by 31 December.
    pub from: i32,
    /// Last year.
    pub to: i32,
    /// Names of the units above, from the province down.
    pub above: Vec<&'static str>,
    /// Romanised name, for hosts.
    pub pinyin: &'static str,
    /// Phone area code; empty where not known for certain.
    pub area: &'static str,
    /// Some towns and streets.
    pub towns: Vec<&'static str>,
}

impl Place {
    /// The full name from the province down.
    pub fn full_name(&self) -> String {
        self.above.concat() + self.name
    }

    /// The name with the nearest unit above (广州市天河区), by which it is known for certain.
    pub fn clear_name(&self) -> String {
        self.above.last().copied().unwrap_or_default().to_string() + self.name
    }
}

/// An entry of a list that a sentence prints: `其中当面申请5件，网络申请3件`.
#[derive(Debug, Clone)]
pub struct ListItem {
    /// Category, or `proactive.theme` for the entries of a list of themes.
    pub code: &'static str,
    /// Wordings of the label.
    pub labels: Vec<&'static str>,
}

/// A section of a report.
#[derive(Debug, Clone)]
pub struct Section {
    /// `early` or `statutory`.
    pub form: &'static str,
    /// Its title, without a number.
    pub title: &'static str,
    /// Its paragraphs: slots of sentences, or a table (`@items`); `?` before the first slot of one that may be left out.
    pub paragraphs: Vec<Vec<&'static str>>,
}

/// How large a number usually is at one level.
#[derive(Debug, Clone, Copy)]
pub struct Magnitude {
    /// Smallest usual number.
    pub low: i64,
    /// Largest usual number.
    pub high: i64,
    /// In how many of 100 bodies it is nought.
    pub zero: u64,
}

/// A table of words by name.
pub type Words = FxHashMap<&'static str, Vec<&'static str>>;

/// Everything in `data/`.
#[derive(Debug)]
pub struct Data {
    /// Forms by file stem.
    pub forms: FxHashMap<&'static str, Vec<FormRow>>,
    /// Section two of the statutory form.
    pub items: Vec<ItemLine>,
    /// Places.
    pub places: Vec<Place>,
    /// Sentences by slot.
    pub wordings: FxHashMap<&'static str, Vec<Template>>,
    /// Lists by name.
    pub lists: FxHashMap<&'static str, Vec<ListItem>>,
    /// Sections of reports, in printed order.
    pub sections: Vec<Section>,
    /// Variants of labels, by category or by official label.
    pub variants: Words,
    /// Words by use: bureaus, streets, brands, menu entries.
    pub words: Words,
    /// Sizes by code: province, prefecture, county, township, department.
    magnitudes: FxHashMap<&'static str, [Magnitude; 5]>,
    /// Shares by set.
    weights: FxHashMap<&'static str, Vec<(&'static str, u64)>>,
    /// Identities: id, kind, left, right, see `check`.
    pub identities: Vec<crate::check::Identity>,
    /// Simplified to Traditional, one character each.
    pub traditional: FxHashMap<char, char>,
    /// Words that a kind of Traditional page writes in its own way: style, from, to.
    pub vocabulary: Vec<(&'static str, &'static str, &'static str)>,
    /// Pinyin of characters, for the noise of cloned pages.
    pub pinyin: FxHashMap<char, &'static str>,
    /// Site templates by name.
    pub sites: Vec<(&'static str, &'static str)>,
}

static DATA: LazyLock<Result<Data, DataError>> = LazyLock::new(read);

impl Data {
    /// The data, read once.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn load() -> Result<&'static Self, DataError> {
        DATA.as_ref().map_err(Clone::clone)
    }

    /// The rows of a form; none for an unknown name.
    pub fn form(&self, name: &str) -> &[FormRow] {
        self.forms.get(name).map_or(&[], Vec::as_slice)
    }

    /// How large `code` is at a level, by the level's column; nought for an unknown code.
    pub fn magnitude(&self, code: &str, column: usize) -> Magnitude {
        let nought = Magnitude {
            low: 0,
            high: 0,
            zero: 100,
        };
        self.magnitudes
            .get(code)
            .and_then(|row| row.get(column))
            .copied()
            .unwrap_or(nought)
    }

    /// The parts of a set and their weights; none for an unknown set.
    pub fn weights(&self, set: &str) -> &[(&'static str, u64)] {
        self.weights.get(set).map_or(&[], Vec::as_slice)
    }

    /// The words of a use; none for an unknown use.
    pub fn words(&self, name: &str) -> &[&'static str] {
        self.words.get(name).map_or(&[], Vec::as_slice)
    }
}

macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!("../data/", $name)))
    };
}

const FORMS: [(&str, (&str, &str)); 8] = [
    ("shanghai", file!("forms/shanghai.tsv")),
    ("fujian2009", file!("forms/fujian2009.tsv")),
    ("fujian2018", file!("forms/fujian2018.tsv")),
    ("anhui", file!("forms/anhui.tsv")),
    ("national2014", file!("forms/national2014.tsv")),
    ("linyi", file!("forms/linyi.tsv")),
    ("matrix2019", file!("forms/matrix2019.tsv")),
    ("matrix2021", file!("forms/matrix2021.tsv")),
];

const SITES: [(&str, &str); 8] = [
    ("portal", include_str!("../data/sites/portal.html")),
    ("department", include_str!("../data/sites/department.html")),
    ("catalogue", include_str!("../data/sites/catalogue.html")),
    ("table2008", include_str!("../data/sites/table2008.html")),
    ("word", include_str!("../data/sites/word.html")),
    ("mirror", include_str!("../data/sites/mirror.html")),
    ("clone", include_str!("../data/sites/clone.html")),
    ("bare", include_str!("../data/sites/bare.html")),
];

fn read() -> Result<Data, DataError> {
    Ok(Data {
        forms: FORMS
            .iter()
            .map(|(name, file)| Ok((*name, read_form(*file)?)))
            .collect::<Result<_, DataError>>()?,
        items: rows(file!("forms/statutory_items.tsv"), 4, |f| {
            Ok(ItemLine {
                era: f[0],
                opens: f[1] == "part",
                label: f[2],
                cells: f[3].split('|').collect(),
            })
        })?,
        places: rows(file!("places.tsv"), 9, read_place)?
            .into_iter()
            .flatten()
            .collect(),
        wordings: grouped(rows(file!("wordings.tsv"), 2, |f| Ok((f[0], parse_template(f[1])?)))?),
        lists: grouped(rows(file!("lists.tsv"), 3, |f| {
            Ok((
                f[0],
                ListItem {
                    code: f[1],
                    labels: f[2].split('|').collect(),
                },
            ))
        })?),
        sections: rows(file!("sections.tsv"), 3, |f| {
            let paragraphs = f[2]
                .split('|')
                .map(|paragraph| paragraph.split(',').collect())
                .collect();
            Ok(Section {
                form: f[0],
                title: f[1],
                paragraphs,
            })
        })?,
        variants: rows(file!("label_variants.tsv"), 2, |f| {
            Ok((f[0], f[1].split('|').collect()))
        })?
        .into_iter()
        .collect(),
        words: grouped(rows(file!("words.tsv"), 2, |f| {
            Ok((f[0], f[1].split('|').collect::<Vec<_>>()))
        })?)
        .into_iter()
        .map(|(name, lists)| (name, lists.concat()))
        .collect(),
        magnitudes: rows(file!("magnitudes.tsv"), 6, |f| {
            let mut row = [Magnitude {
                low: 0,
                high: 0,
                zero: 100,
            }; 5];
            for (size, text) in row.iter_mut().zip(&f[1..]) {
                *size = read_magnitude(text)?;
            }
            Ok((f[0], row))
        })?
        .into_iter()
        .collect(),
        weights: grouped(rows(file!("weights.tsv"), 3, |f| {
            Ok((f[0], (f[1], f[2].parse().map_err(|_| format!("no weight: {}", f[2]))?)))
        })?),
        identities: rows(file!("identities.tsv"), 5, crate::check::Identity::read)?,
        traditional: rows(file!("script/traditional.tsv"), 2, |f| {
            Ok((one_char(f[0])?, one_char(f[1])?))
        })?
        .into_iter()
        .collect(),
        vocabulary: rows(file!("script/vocabulary.tsv"), 3, |f| Ok((f[0], f[1], f[2])))?,
        pinyin: rows(file!("script/pinyin.tsv"), 2, |f| Ok((one_char(f[0])?, f[1])))?
            .into_iter()
            .collect(),
        sites: SITES.to_vec(),
    })
}

/// Lines of a tab-separated file, without comments; `read` gets the fields.
fn rows<T>(
    (file, text): (&'static str, &'static str),
    fields: usize,
    read: impl Fn(&[&'static str]) -> Result<T, String>,
) -> Result<Vec<T>, DataError> {
    let mut all = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let error = |reason| DataError {
            file,
            line: at + 1,
            reason,
        };
        let cells: Vec<&'static str> = line.split('\t').collect();
        if cells.len() != fields {
            return Err(error(format!("{fields} fields expected, found {}", cells.len())));
        }
        all.push(read(&cells).map_err(error)?);
    }
    Ok(all)
}

fn read_form(file: (&'static str, &'static str)) -> Result<Vec<FormRow>, DataError> {
    rows(file, 5, |f| {
        let depth = f[1].parse().map_err(|_| format!("no depth: {}", f[1]))?;
        Ok(FormRow {
            id: f[0],
            depth,
            label: f[2],
            unit: f[3],
            code: (!f[4].is_empty()).then_some(f[4]),
        })
    })
}

fn read_place(f: &[&'static str]) -> Result<Option<Place>, String> {
    if f[0] == "code" {
        return Ok(None);
    }
    let year = |text: &str, open: i32| {
        if text.is_empty() {
            Ok(open)
        } else {
            text.parse().map_err(|_| format!("no year: {text}"))
        }
    };
    let split = |text: &'static str, mark| text.split(mark).filter(|part| !part.is_empty()).collect::<Vec<_>>();
    Ok(Some(Place {
        code: f[0],
        name: f[1],
        level: f[2],
        from: year(f[3], i32::MIN)?,
        to: year(f[4], i32::MAX)?,
        above: split(f[5], '/'),
        pinyin: f[6],
        area: f[7],
        towns: split(f[8], '|'),
    }))
}

/// Reads `low-high/zero`.
fn read_magnitude(text: &str) -> Result<Magnitude, String> {
    let error = || format!("no magnitude: {text}");
    let (range, zero) = text.split_once('/').ok_or_else(error)?;
    let (low, high) = range.split_once('-').ok_or_else(error)?;
    let number = |text: &str| text.parse::<i64>().map_err(|_| error());
    Ok(Magnitude {
        low: number(low)?,
        high: number(high)?,
        zero: number(zero)?.unsigned_abs(),
    })
}

fn grouped<T>(pairs: Vec<(&'static str, T)>) -> FxHashMap<&'static str, Vec<T>> {
    let mut groups: FxHashMap<&'static str, Vec<T>> = FxHashMap::default();
    for (name, item) in pairs {
        groups.entry(name).or_default().push(item);
    }
    groups
}

fn one_char(text: &str) -> Result<char, String> {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) => Ok(c),
        _ => Err(format!("one character expected: {text}")),
    }
}
