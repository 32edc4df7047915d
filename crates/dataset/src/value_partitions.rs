//! The partitions of values, one after the other: each the blocks of its reports that stand.

use std::sync::Arc;

use crate::block::Block;
use crate::copies::Copies;
use crate::error::DatasetError;
use crate::key::Tail;
use crate::partitions::PartitionRows;
use crate::spill::SpillFolder;
use crate::values::{Blocks, Partition, Splitter};
use crate::worker::{Table, row_error};

/// Gives the partitions that were touched.
pub(crate) struct ValuePartitions<'a> {
    pub copies: &'a Copies,
    pub spill: &'a Arc<SpillFolder>,
    /// Blocks of at most about this many bytes are gathered.
    pub limit: usize,
    pub rows: PartitionRows<'a>,
}

impl ValuePartitions<'_> {
    /// The next partition; its blocks are put into `blocks` in the place of others, unless it is too large for them.
    pub(crate) fn next(&mut self, blocks: &mut Blocks) -> Result<Option<Partition>, DatasetError> {
        let (copies, spill, limit) = (self.copies, self.spill, self.limit);
        loop {
            blocks.clear();
            let mut splitter: Option<Splitter> = None;
            let name = self.rows.next(|_, key, payload| {
                let head =
                    Block::read_head(payload).map_err(|error| row_error(spill.path(), Table::Values.name(), error))?;
                if !copies.stands(head.report_id, Tail::copy_of(key)) {
                    return Ok(());
                }
                if !blocks.is_empty() && blocks.size() + payload.len() > limit {
                    splitter.get_or_insert_with(|| Splitter::new(spill)).add(blocks)?;
                    blocks.clear();
                }
                blocks.push(payload);
                Ok(())
            })?;
            let Some(name) = name else {
                return Ok(None);
            };
            match splitter {
                None if blocks.is_empty() => {}
                None => return Ok(Some(Partition { name, runs: None })),
                Some(mut splitter) => {
                    splitter.add(blocks)?;
                    blocks.clear();
                    let runs = Some(splitter.finish()?);
                    return Ok(Some(Partition { name, runs }));
                }
            }
        }
    }
}
