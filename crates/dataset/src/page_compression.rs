//! The pages of column chunks, compressed: with zstd in one context for a whole file.
//!
//! Polars sets up a context for every page, which takes longer than compressing a small one. The bytes are the same.

use polars::prelude::{PolarsError, PolarsResult};
use polars_parquet::parquet::CowBuffer;
use polars_parquet::parquet::compression::Compression;
use polars_parquet::parquet::page::{CompressedDictPage, DataPage, DictPage};
use polars_parquet::parquet::write::compress;
use polars_parquet::read::ParquetError;
use polars_parquet::write::{
    CompressedDataPage, CompressedPage, CompressionOptions, DynStreamingIterator, FallibleStreamingIterator, Page,
};
use zstd::bulk::Compressor;

/// Large texts take a third at this level, and higher ones take longer than all else.
const ZSTD_LEVEL: i32 = 1;

/// The compressed pages of a column, in their order.
pub(crate) type ColumnPages = DynStreamingIterator<'static, CompressedPage, PolarsError>;

/// Compresses the pages of a file.
#[derive(Default)]
pub(crate) struct PageCompressor {
    /// Set up when the first page needs it.
    zstd: Option<Compressor<'static>>,
}

impl PageCompressor {
    /// Compresses the pages of a column: with zstd or with snappy.
    pub(crate) fn column(
        &mut self,
        pages: impl Iterator<Item = PolarsResult<Page>>,
        is_zstd: bool,
    ) -> PolarsResult<ColumnPages> {
        let compressed = pages.map(|page| match (page?, is_zstd) {
            (page, false) => compress(page, Vec::new(), CompressionOptions::Snappy).map_err(PolarsError::from),
            (Page::Data(page), true) => self.data(page).map(CompressedPage::Data),
            (Page::Dict(page), true) => self.dictionary(page).map(CompressedPage::Dict),
        });
        let compressed: Vec<CompressedPage> = compressed.collect::<PolarsResult<_>>()?;
        Ok(DynStreamingIterator::new(InOrder {
            pages: compressed.into_iter(),
            current: None,
        }))
    }

    fn data(&mut self, page: DataPage) -> PolarsResult<CompressedDataPage> {
        let rows = page.num_rows().ok_or_else(no_rows)?;
        Ok(CompressedDataPage::new(
            page.header().clone(),
            CowBuffer::Owned(self.zstd(page.buffer())?),
            Compression::Zstd,
            page.buffer().len(),
            page.descriptor,
            rows,
        ))
    }

    fn dictionary(&mut self, page: DictPage) -> PolarsResult<CompressedDictPage> {
        Ok(CompressedDictPage::new(
            CowBuffer::Owned(self.zstd(&page.buffer)?),
            Compression::Zstd,
            page.buffer.len(),
            page.num_values,
            page.is_sorted,
        ))
    }

    fn zstd(&mut self, bytes: &[u8]) -> PolarsResult<Vec<u8>> {
        let zstd = match &mut self.zstd {
            Some(zstd) => zstd,
            none => none.insert(Compressor::new(ZSTD_LEVEL)?),
        };
        Ok(zstd.compress(bytes)?)
    }
}

fn no_rows() -> PolarsError {
    ParquetError::FeatureNotSupported("a page that does not say its rows".to_owned()).into()
}

/// Pages that are there already, given the way that the writer asks for them.
struct InOrder {
    pages: std::vec::IntoIter<CompressedPage>,
    current: Option<CompressedPage>,
}

impl FallibleStreamingIterator for InOrder {
    type Item = CompressedPage;
    type Error = PolarsError;

    fn advance(&mut self) -> PolarsResult<()> {
        self.current = self.pages.next();
        Ok(())
    }

    fn get(&self) -> Option<&CompressedPage> {
        self.current.as_ref()
    }
}
