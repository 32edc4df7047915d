//! Bytes to pages: decoded text with headings, paragraphs and table grids, each with its place in the text.
//!
//! Knows nothing of categories and places.

mod declared;
mod decode;
mod delimited;
mod grid;
mod html;
mod kind;
mod limits;
mod model;
mod read;
mod space;
mod text;
mod time;

pub use decode::{Decoded, decode};
pub use kind::PageKind;
pub use limits::Limits;
pub use model::{Block, BlockKind, EncodingSource, Grid, GridCell, Page, PageProblem};
pub use read::read;
pub use time::{OutOfTime, check_time, within};
