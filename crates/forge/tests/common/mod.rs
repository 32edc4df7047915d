//! What the tests of the forge share: corpora in memory, and reading truth lines as JSON.

#![allow(dead_code, unused_imports, reason = "each test file uses a part")]

use std::collections::HashMap;

use gongkai_forge::forge::{Document, Forge};
use gongkai_forge::plan::Profile;
pub use gongkai_forge::truth::Labels;
use serde_json::Value;

/// The first documents of a corpus.
pub fn documents(profile: Profile, seed: u64, count: u64) -> Vec<Document> {
    let forge = Forge::new(seed, profile).expect("data files");
    (0..count).map(|at| forge.document(at)).collect()
}

/// A truth as a reader of `truth.jsonl` sees it.
pub fn json(document: &Document) -> Value {
    serde_json::to_value(&document.truth).expect("truth is JSON")
}

/// The text of a document, decoded by the encoding it really has.
pub fn text(document: &Document) -> String {
    let name = document.truth.labels.encoding;
    let all = gongkai_forge::vocabulary::Encoding::ALL;
    all.iter()
        .find(|encoding| encoding.name() == name)
        .expect("known encoding")
        .decode(&document.bytes)
}

/// Counts by category and applicant, of the year.
pub fn counts(truth: &Value) -> HashMap<(String, String), i64> {
    let rows = truth["observations"].as_array().expect("observations");
    rows.iter()
        .filter(|row| row["period"] == "year" && row["label"].is_null())
        .filter_map(|row| {
            let key = (
                row["category"].as_str()?.to_string(),
                row["applicant"].as_str()?.to_string(),
            );
            Some((key, row["count"].as_i64()?))
        })
        .collect()
}
