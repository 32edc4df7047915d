//! Which dumps were read before, as the last snapshot tells it: all there is to ask where the state of earlier runs is lost.

use std::collections::BTreeSet;
use std::path::Path;

use crate::error::DatasetError;
use crate::output::latest_of;
use crate::read::TableReader;
use crate::rows::DumpRow;

/// How many dumps of the last snapshot of an output were read for it and are, or lie below, one of these origins. Where
/// the snapshot does not tell, all of them may have been read.
#[must_use]
pub fn read_before(out: &Path, origins: &BTreeSet<String>) -> u64 {
    match latest_of(out) {
        Some(latest) if !origins.is_empty() => count(&latest, origins).unwrap_or(origins.len() as u64),
        _ => 0,
    }
}

fn count(snapshot: &Path, origins: &BTreeSet<String>) -> Result<u64, DatasetError> {
    let mut dumps = TableReader::<DumpRow>::open(&snapshot.join("dumps.parquet"))?;
    let mut count = 0;
    while let Some(dump) = dumps.next()? {
        count += u64::from(!dump.hash.is_empty() && is_at_or_below(&dump.origin, origins));
    }
    Ok(count)
}

fn is_at_or_below(origin: &str, places: &BTreeSet<String>) -> bool {
    let folders = origin.match_indices('/').filter_map(|(end, _)| origin.get(..end));
    folders.chain([origin]).any(|place| places.contains(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_below_a_place_is_told_from_what_begins_like_it() {
        let places = BTreeSet::from(["dumps/a".to_owned(), "dumps/b/1.html".to_owned()]);
        for (origin, expected) in [
            ("dumps/a", true),
            ("dumps/a/1.html", true),
            ("dumps/ab/1.html", false),
            ("dumps/b/1.html", true),
            ("dumps/b/1.htm", false),
            ("dumps", false),
        ] {
            assert_eq!(is_at_or_below(origin, &places), expected, "{origin}");
        }
    }
}
