//! Bytes to pages: decoded text with headings, paragraphs and table grids, each with its place in the text.
//!
//! Knows nothing of categories and places.

mod binary;
mod declared;
mod decode;
mod delimited;
mod grid;
mod html;
mod hz;
mod kind;
mod legible;
mod limits;
mod mixed;
mod model;
mod read;
mod space;
mod text;
mod time;
mod utf16;

pub use decode::{Decoded, decode};
pub use kind::PageKind;
pub use legible::{Legibility, legibility};
pub use limits::Limits;
pub use model::{Block, BlockKind, EncodingSource, Grid, GridCell, Page, PageProblem};
pub use read::read;
pub use time::{OutOfTime, check_time, within};
