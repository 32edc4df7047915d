//! The rows of every table, with exactly the columns of the dataset in their order.
//!
//! Knows what the columns are and mean; how they are filled is [`crate::convert`]'s business.

mod derived;
mod report;
mod value;
mod years;

pub use derived::{CoverageRow, IndicatorRow, PanelRow};
pub(crate) use report::PageBuffers;
pub use report::{CheckRow, DumpRow, PageRow, ProblemRow, RejectRow, ReportRow};
pub use value::{ByCategoryRow, MentionRow, ObservationRow};
pub use years::YearCheckRow;
