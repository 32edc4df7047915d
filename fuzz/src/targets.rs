//! The list of targets. A new one is an entry here, a file beside the others, and one in `libfuzzer/`.

mod config;
mod damage;
mod data;
mod decode;
mod extract;
mod nights;
mod numbers;
mod page;
mod proof;
mod prose;
mod state;

use crate::{dictionary, seeds};

/// A door and what must hold behind it.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it tries, in one line.
    pub about: &'static str,
    /// Panics where something is wrong.
    pub run: fn(&[u8]),
    /// What mutation begins with. The same at every call.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Words that mean something to the code under test.
    pub words: fn() -> Vec<Vec<u8>>,
    /// Longer inputs are not made.
    pub max_bytes: usize,
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target {
        name: "decode",
        about: "bytes to text: encodings, marks, declarations",
        run: decode::decode,
        seeds: seeds::dumps,
        words: dictionary::of_bytes,
        max_bytes: 64 << 10,
    },
    Target {
        name: "page",
        about: "bytes to blocks and cells, within generous and within narrow limits",
        run: page::page,
        seeds: seeds::dumps,
        words: dictionary::of_pages,
        max_bytes: 64 << 10,
    },
    Target {
        name: "extract",
        about: "bytes to reports and their rows",
        run: extract::extract,
        seeds: seeds::dumps,
        words: dictionary::of_pages,
        max_bytes: 64 << 10,
    },
    Target {
        name: "prose",
        about: "sentences below a report's title",
        run: prose::prose,
        seeds: seeds::sentences,
        words: dictionary::of_sentences,
        max_bytes: 8 << 10,
    },
    Target {
        name: "numbers",
        about: "number forms in cells and sentences, read again by verify",
        run: numbers::numbers,
        seeds: seeds::number_forms,
        words: dictionary::of_numbers,
        max_bytes: 512,
    },
    Target {
        name: "config",
        about: "configurations: refused with their line, or the same when written and read again",
        run: config::config,
        seeds: seeds::configs,
        words: dictionary::of_configs,
        max_bytes: 4 << 10,
    },
    Target {
        name: "data",
        about: "data folders: refused with file and line, or of use",
        run: data::data,
        seeds: seeds::data_files,
        words: dictionary::of_data,
        max_bytes: 256 << 10,
    },
    Target {
        name: "state",
        about: "runs over an output whose OUT/state is damaged",
        run: state::state,
        seeds: seeds::damages,
        words: dictionary::of_damages,
        max_bytes: 64,
    },
];

/// The target of a name.
#[must_use]
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// Each data file, as an input of the target `data`.
pub(crate) fn data_seeds() -> Vec<Vec<u8>> {
    let files = data::FILES.iter();
    files
        .map(|(name, text)| [data::HEADING, name.as_bytes(), b"\n", text].concat())
        .collect()
}

/// Forgets what targets left on disk for the next input.
pub fn clean_up() {
    state::clean_up();
}
