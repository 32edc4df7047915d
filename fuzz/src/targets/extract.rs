//! Bytes of a dump all the way to rows.

use gongkai_page::{Limits, PageKind, read};

use super::{page, proof};
use crate::world::{EXTRACTOR, ORIGIN};

/// Reads a dump whose name says that it is text; what begins like HTML is read as such.
pub fn extract(bytes: &[u8]) {
    let (kind, limits) = (PageKind::of(ORIGIN, bytes), Limits::default());
    let found = read(bytes, kind, &limits);
    page::holds(&found, kind, &limits);
    proof::reports(&found, &EXTRACTOR);
}
