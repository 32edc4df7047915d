//! Nights over an output whose `OUT/state` was damaged. A run reads everything anew and publishes what it would have, or
//! it fails and names the file; what it publishes, `verify` accepts.
//!
//! An input is a night and damages of six bytes each: what is done, to which file, where, and with what.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use gongkai_dataset::verify;
use gongkai_pipeline::Mode;

use super::damage;
use super::nights::{Night, Nights, run};
use crate::scratch;
use crate::trace::saw;
use crate::world::EXTRACTOR;

static NIGHTS: Mutex<Option<Nights>> = Mutex::new(None);

/// Damages the state that a night left and runs the next one over it, and one more.
pub fn state(bytes: &[u8]) {
    let mut nights = NIGHTS.lock().unwrap_or_else(PoisonError::into_inner);
    let nights = nights.get_or_insert_with(Nights::new);
    let (first, damages) = bytes.split_first().unwrap_or((&0, &[]));
    let night = &nights.nights[usize::from(*first) % nights.nights.len()];
    let out = nights.output(night.after_death);
    for damage in damages.chunks_exact(damage::BYTES) {
        saw(("damage", damage::apply(&out.join("state"), damage)));
    }
    if publishes(night, &out) {
        let again = run(&night.input, &out, Mode::default());
        let again = again.unwrap_or_else(|error| panic!("the night behind it failed: {error}"));
        let published = again.published.expect("a snapshot");
        assert_eq!(published.id, night.id, "the night behind it published another snapshot");
        assert!(published.unchanged, "the night behind it found something to do");
    }
}

/// Removes what the target made on disk.
pub fn clean_up() {
    *NIGHTS.lock().unwrap_or_else(PoisonError::into_inner) = None;
    scratch::clean_up();
}

/// Runs a night over a damaged output; whether it published.
fn publishes(night: &Night, out: &Path) -> bool {
    let before = fs::read_link(out.join("latest")).unwrap();
    let outcome = run(&night.input, out, night.mode);
    let latest = fs::read_link(out.join("latest")).unwrap();
    let is_published = match &outcome {
        Ok(summary) => {
            let published = summary.published.as_ref().expect("a snapshot");
            assert_eq!(published.id, night.id, "another snapshot than without the damage");
            assert!(latest.ends_with(&night.id), "latest leads to {}", latest.display());
            saw((
                night.name,
                summary.tally.same > 0,
                summary.tally.new > 0,
                published.unchanged,
            ));
            true
        }
        Err(error) => {
            let message = error.to_string();
            let state = out.join("state").display().to_string();
            let is_named = message.starts_with(&state) && !message.contains("staging-");
            assert!(is_named, "the damaged file is not named: {message}");
            assert_eq!(before, latest, "latest moved, but the run failed: {message}");
            saw((
                night.name,
                message.replace(&state, "").split(':').next().map(str::to_owned),
            ));
            false
        }
    };
    let mut found = Vec::new();
    verify(out, EXTRACTOR.lexicon(), 3, &mut |finding| {
        found.push(format!("{finding:?}"))
    })
    .expect("a snapshot to verify");
    assert!(found.is_empty(), "verify finds: {}", found.join("\n"));
    is_published
}
