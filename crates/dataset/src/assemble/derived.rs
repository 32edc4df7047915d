//! The tables that are made of the observations of all partitions: those written now, and of the night before those of
//! partitions that were not touched.

use super::Assembly;
use crate::by_category::ByCategoryTable;
use crate::error::DatasetError;
use crate::key::{Key, partition};
use crate::merge::merge_with;
use crate::panel::{PanelGroup, PanelTables};
use crate::placement::Touched;
use crate::rows::ByCategoryRow;
use crate::spill::{Keeping, Run, RunWriter};
use crate::staged::FileInfo;
use crate::store::StoredRuns;
use crate::table::Row as _;
use crate::threads::both;

/// The runs that they are made of, by what they are called in the store.
const PANEL: &str = "panel";
const BY_CATEGORY: &str = ByCategoryRow::TABLE;

impl Assembly<'_> {
    /// Writes them side by side.
    pub(super) fn derived(
        &self,
        picked: Vec<Run>,
        slices: Vec<Run>,
        touched: &Touched,
        stored: &mut StoredRuns,
    ) -> Result<[FileInfo; 3], DatasetError> {
        let by_category = || self.by_category(slices.clone(), touched);
        let (by_category, panel) = both(by_category, || self.panel(picked, touched));
        let ((panel, [values, indicators]), (slices, by_category)) = (panel?, by_category?);
        stored.put(PANEL, &panel);
        stored.put(BY_CATEGORY, &slices);
        Ok([values, indicators, by_category])
    }

    /// Panel and indicators. Gives the run for the next night, too.
    fn panel(&self, picked: Vec<Run>, touched: &Touched) -> Result<(Run, [FileInfo; 2]), DatasetError> {
        let folder = self.spill.path().to_owned();
        let mut tables = PanelTables::new(self.panel, folder, self.file()?, self.file()?);
        let is_untouched = |_: &[u8], payload: &[u8]| {
            let group: PanelGroup<'_> = postcard::from_bytes(payload).map_err(|error| self.row_error(PANEL, error))?;
            let partition = partition(Some(group.year), Some(group.code));
            Ok(!touched.values.contains(&partition))
        };
        let run = self.replaced(PANEL, is_untouched, picked, |key, group| tables.push(key, group))?;
        Ok((run, tables.finish()?))
    }

    /// The observations by category. Gives the run for the next night, too.
    fn by_category(&self, slices: Vec<Run>, touched: &Touched) -> Result<(Run, FileInfo), DatasetError> {
        let mut table = ByCategoryTable::new(self.file()?, self.spill.path().to_owned());
        let is_untouched = |key: &[u8], _: &[u8]| Ok(!touched.values.contains(Key::partition_of_slice(key)));
        let run = self.replaced(BY_CATEGORY, is_untouched, slices, |_, slice| table.push(slice))?;
        Ok((run, table.finish()?))
    }

    /// Gives the rows of the night before that still stand and those that came, in one order, and writes them as the
    /// run of the next night.
    fn replaced(
        &self,
        name: &str,
        stands: impl FnMut(&[u8], &[u8]) -> Result<bool, DatasetError>,
        fresh: Vec<Run>,
        mut each: impl FnMut(&[u8], &[u8]) -> Result<(), DatasetError>,
    ) -> Result<Run, DatasetError> {
        let mut run = RunWriter::create(self.store.next_run(name))?;
        merge_with(self.before(name)?, stands, fresh, self.spill, |key, payload| {
            run.push(key, payload)?;
            each(key, payload)
        })?;
        run.finish(Keeping::Lasting)
    }
}
