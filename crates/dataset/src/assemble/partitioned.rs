//! The files of years and provinces: which of them must be written, which are taken over, and those of pages.

use serde::Deserialize;

use super::{Assembly, Decided, Written};
use crate::column::Scalar;
use crate::error::DatasetError;
use crate::key::{Tail, UNKNOWN_PARTITION};
use crate::parquet::{TableFile, TableSchema};
use crate::partitions::{PartitionRows, PartitionSources};
use crate::placement::Touched;
use crate::rows::{MentionRow, ObservationRow, PageBuffers, PageRow};
use crate::staged::FileInfo;
use crate::table::{ColumnarRow, Row as _};
use crate::worker::Table;

impl Assembly<'_> {
    /// Partitions whose files are not there as they were are written, too.
    pub(super) fn widen(&self, touched: &mut Touched) {
        let has = |tables: &[&str], name: &String| self.previous.is_some_and(|previous| previous.has(tables, name));
        let tables = [ObservationRow::TABLE, MentionRow::TABLE];
        let values = self.before.values.keys().filter(|name| !has(&tables, name));
        touched.values.extend(values.cloned());
        let pages = self.before.pages.keys().filter(|name| !has(&[PageRow::TABLE], name));
        touched.pages.extend(pages.cloned());
    }

    /// Takes over the files of the partitions that were not touched.
    pub(super) fn taken_over(&self, touched: &Touched) -> Result<Vec<FileInfo>, DatasetError> {
        let values = self.before.values.keys().filter(|name| !touched.values.contains(*name));
        let values = values.flat_map(|name| [(ObservationRow::TABLE, name), (MentionRow::TABLE, name)]);
        let pages = self.before.pages.keys().filter(|name| !touched.pages.contains(*name));
        let files = values.chain(pages.map(|name| (PageRow::TABLE, name)));
        let taken = files.filter_map(|(table, name)| self.previous?.take(table, name, self.root).transpose());
        taken.collect()
    }

    /// A table without rows has one file without rows, so that readers find the columns.
    pub(super) fn if_none<R: ColumnarRow>(&self, files: &[FileInfo]) -> Result<Option<FileInfo>, DatasetError> {
        let folder = format!("{}/", R::TABLE);
        if files.iter().any(|file| file.name.starts_with(&folder)) {
            return Ok(None);
        }
        let schema = TableSchema::of::<R>(self.root)?;
        TableFile::<R>::of_partition(self.root, UNKNOWN_PARTITION, &schema, self.row_group_rows)?
            .finish()
            .map(Some)
    }

    /// A page stands for those of its reports whose standing copy it is.
    pub(super) fn pages(&self, decided: &Decided) -> Result<Written, DatasetError> {
        let schema = TableSchema::of::<PageRow>(self.root)?;
        let sources = PartitionSources {
            fresh: self.fresh(Table::Pages),
            before: &self.before.pages,
            touched: &decided.touched.pages,
            dead: self.dead,
            store: self.store,
            spill: self.spill,
        };
        let mut rows = PartitionRows::open(sources, "pages.pack")?;
        let mut files = Vec::new();
        loop {
            let mut file: Option<Box<TableFile<PageRow>>> = None;
            let name = rows.next(|partition, key, payload| {
                let mut row: PackedPage<'_> =
                    postcard::from_bytes(payload).map_err(|error| self.row_error(PageRow::TABLE, error))?;
                let copy = Tail::copy_of(key);
                row.report_ids.retain(|report| decided.copies.stands(report, copy));
                if row.report_ids.is_empty() {
                    return Ok(());
                }
                let open = match file.take() {
                    Some(open) => open,
                    None => Box::new(TableFile::of_partition(
                        self.root,
                        partition,
                        &schema,
                        self.row_group_rows,
                    )?),
                };
                file.insert(open).push_with(|buffers| row.gather(buffers))
            })?;
            files.extend(file.map(|file| file.finish()).transpose()?);
            if name.is_none() {
                return Ok(Written {
                    files,
                    pages: rows.finish()?,
                    ..Written::default()
                });
            }
        }
    }
}

/// A page as it waits. Most of all rows is its text, which goes to its column as it is.
#[derive(Deserialize)]
struct PackedPage<'a> {
    page_id: &'a str,
    report_ids: Vec<String>,
    text: &'a [u8],
}

impl PackedPage<'_> {
    fn gather(&self, buffers: &mut PageBuffers) -> usize {
        buffers.page_id.push(Some(self.page_id))
            + Scalar::push(Some(&self.report_ids), &mut buffers.report_ids)
            + buffers.text.push_bytes(Some(self.text))
    }
}
