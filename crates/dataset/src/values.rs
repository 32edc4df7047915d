//! From the blocks of a partition to its files of observations and mentions, and to the panel.
//!
//! The rows of a partition are sorted by numbers: category, report, applicant, period. Texts are compared once for each
//! distinct category, and where open lists have several labels in one place. A partition too large for that is taken
//! category by category.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gongkai_extract::{Applicant, Period};
use gongkai_lexicon::Lexicon;
use rustc_hash::FxHashMap;

use crate::block::{AsObservation, Block, Head, Packer, Value};
use crate::by_category::{SliceSpool, Slicer};
use crate::column::alphabetical_places;
use crate::copies::Links;
use crate::error::DatasetError;
use crate::key::Key;
use crate::merge::merge;
use crate::panel::{PanelPicker, PanelSpool, Pick};
use crate::parquet::{TableFile, TableSchema};
use crate::rows::{MentionRow, ObservationRow};
use crate::spill::{Run, SpillFolder, Spool};
use crate::staged::FileInfo;
use crate::table::ColumnarRow;
use crate::text_column::Numbering;
use crate::volumes::Volumes;
use crate::worker::row_error;

/// Puts the columns that both tables of values have into buffers.
macro_rules! gather {
    ($buffers:ident, $source:ident, $row:ident, $texts:ident) => {
        $buffers.report_id.push_numbered(Some($source.report_id), $texts)
            + $buffers.body_id.push_numbered($source.body_id, $texts)
            + $buffers
                .jurisdiction_code
                .push_numbered($source.jurisdiction_code, $texts)
            + $buffers.jurisdiction.push_numbered($source.jurisdiction, $texts)
            + $buffers.organ.push_numbered($source.organ, $texts)
            + $buffers.level.push($source.head.level)
            + $buffers.year.push($source.head.year)
            + $buffers.category.push_numbered(Some($row.category), $texts)
            + $buffers.label.push_numbered($row.label, $texts)
            + $buffers.template_row.push_numbered($row.template_row, $texts)
            + $buffers.relation.push(Some($row.relation))
            + $buffers.applicant.push(Some($row.applicant))
            + $buffers.period.push(Some($row.period))
            + $buffers.count.push($row.count)
            + $buffers.amount_cny.push($row.amount_cny.map(|fen| fen.0))
            + $buffers.unit.push_numbered($row.unit, $texts)
            + $buffers.unit_printed.push_numbered($row.unit_printed, $texts)
            + $buffers.unit_source.push(Some($row.unit_source))
            + $buffers.status.push(Some($row.status))
            + $buffers.raw.push_numbered(Some($row.raw), $texts)
            + $buffers.method.push(Some($row.method))
            + $buffers.block.push(Some($row.block))
            + $buffers.start.push(Some($row.start))
            + $buffers.end.push(Some($row.end))
            + $buffers.check.push(Some($row.check))
    };
}

/// Blocks of one partition, in the order of jurisdictions and reports.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    bytes: Vec<u8>,
    places: Vec<Range<usize>>,
}

impl Blocks {
    /// Adds a block.
    pub(crate) fn push(&mut self, block: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(block);
        self.places.push(start..self.bytes.len());
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The bytes of all.
    pub(crate) fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Empties them, to gather the next ones in the same memory.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.places.clear();
    }

    fn each(&self) -> impl Iterator<Item = &[u8]> {
        self.places
            .iter()
            .map(|place| self.bytes.get(place.clone()).unwrap_or_default())
    }
}

/// A partition whose files can be written.
#[derive(Debug)]
pub(crate) struct Partition {
    pub name: String,
    /// Runs of blocks of one category each, when it is too large for its blocks to be gathered.
    pub runs: Option<Vec<Run>>,
}

/// What the files of all partitions have in common.
pub(crate) struct ValueWriter<'a> {
    pub root: &'a Path,
    pub spill: &'a Arc<SpillFolder>,
    pub row_group_rows: usize,
    pub observations: Arc<TableSchema>,
    pub mentions: Arc<TableSchema>,
    /// Blocks of at most about this many bytes are sorted in memory.
    pub limit: usize,
    /// Which reports others stand for: they stay out of the panel.
    pub links: &'a Links,
    /// Knows which categories are open lists.
    pub lexicon: &'a Lexicon,
}

/// Where observations go beside the files of their partition.
pub(crate) struct Spools<'b> {
    /// What may stand in the panel.
    pub panel: PanelSpool<'b>,
    pub slices: SliceSpool,
}

impl ValueWriter<'_> {
    /// Writes the files of a partition. Its blocks are in `blocks`, or are gathered there. Gives the files, and how many
    /// observations each category has.
    pub(crate) fn write(
        &self,
        partition: Partition,
        blocks: &mut Blocks,
        spools: &mut Spools<'_>,
    ) -> Result<(Vec<FileInfo>, Volumes), DatasetError> {
        let mut files = Files::default();
        match partition.runs {
            None => self.add(&partition.name, blocks, true, &mut files, spools)?,
            Some(runs) => self.add_large(&partition.name, runs, blocks, &mut files, spools)?,
        }
        files.finish()
    }

    /// Gives blocks in the order of categories, cutting only between jurisdictions: reports of one are rivals for the
    /// same place in the panel.
    fn add_large(
        &self,
        partition: &str,
        runs: Vec<Run>,
        blocks: &mut Blocks,
        files: &mut Files,
        spools: &mut Spools<'_>,
    ) -> Result<(), DatasetError> {
        blocks.clear();
        let mut last = Vec::new();
        merge(runs, self.spill, false, |key, payload| {
            if blocks.size() >= self.limit && Key::place_of(key) != Key::place_of(&last) {
                self.add(partition, blocks, false, files, spools)?;
                blocks.clear();
            }
            last.clear();
            last.extend_from_slice(key);
            blocks.push(payload);
            Ok(())
        })?;
        self.add(partition, blocks, true, files, spools)
    }

    fn add(
        &self,
        partition: &str,
        blocks: &Blocks,
        is_last: bool,
        files: &mut Files,
        spools: &mut Spools<'_>,
    ) -> Result<(), DatasetError> {
        let error = |error| row_error(self.spill.path(), "observations", error);
        let mut sorter = Sorter::read(blocks).map_err(error)?;
        sorter.link(self.links);
        let texts = &sorter.texts;
        let mut picker = PanelPicker::default();
        let mut slicer = Slicer::new(&mut spools.slices, partition, self.lexicon);
        let entries = sorter.observations();
        for (source, row) in sorter.each(&entries) {
            let Some(observation) = row.observation else {
                continue;
            };
            let file = self.opened(&mut files.observations, &self.observations, partition, entries.len())?;
            file.section(texts.text(row.category))?;
            file.push_with(|buffers| {
                gather!(buffers, source, row, texts) + buffers.confidence.push(Some(observation.confidence))
            })?;
            files.count(texts.text(row.category));
            let value = row.map(|text| texts.text(text));
            slicer.push(&source.head, source.is_duplicate, &value, observation.confidence)?;
            if let Some(pick) = source.pick(&value, observation) {
                picker.push(pick);
            }
        }
        slicer.finish()?;
        spools.panel.push(picker.finish())?;
        if is_last {
            files.close_observations()?;
        }
        let entries = sorter.mentions();
        for (source, row) in sorter.each(&entries) {
            let file = self.opened(&mut files.mentions, &self.mentions, partition, entries.len())?;
            file.section(texts.text(row.category))?;
            file.push_with(|buffers| {
                buffers.observation.push(Some(row.observation.is_some()));
                gather!(buffers, source, row, texts)
                    + buffers.confidence.push(Some(row.confidence))
                    + buffers.scope.push(Some(row.scope))
                    + buffers.scope_label.push_numbered(row.scope_label, texts)
            })?;
        }
        Ok(())
    }

    /// The file, made when its first row comes, for about as many rows.
    fn opened<'f, R: ColumnarRow>(
        &self,
        file: &'f mut OpenFile<R>,
        schema: &Arc<TableSchema>,
        partition: &str,
        rows: usize,
    ) -> Result<&'f mut TableFile<R>, DatasetError> {
        let open = match file.take() {
            Some(open) => open,
            None => {
                let mut file = TableFile::of_partition(self.root, partition, schema, self.row_group_rows)?;
                file.expect(rows);
                Box::new(file)
            }
        };
        Ok(file.insert(open))
    }
}

/// A file, once it has a row. In a box, since it is moved for every row and the buffers of its columns are large.
type OpenFile<R> = Option<Box<TableFile<R>>>;

/// The files of a partition; each is made when its first row comes.
#[derive(Default)]
struct Files {
    observations: OpenFile<ObservationRow>,
    mentions: OpenFile<MentionRow>,
    finished: Vec<FileInfo>,
    volumes: Volumes,
}

impl Files {
    fn close_observations(&mut self) -> Result<(), DatasetError> {
        let file = self.observations.take().map(|file| file.finish()).transpose()?;
        self.finished.extend(file);
        Ok(())
    }

    /// Counts an observation of a category; those of one category come together.
    fn count(&mut self, category: &str) {
        match self.volumes.last_mut() {
            Some((last, count)) if last == category => *count += 1,
            _ => self.volumes.push((category.to_owned(), 1)),
        }
    }

    fn finish(mut self) -> Result<(Vec<FileInfo>, Volumes), DatasetError> {
        self.close_observations()?;
        let mentions = self.mentions.map(|file| file.finish()).transpose()?;
        self.finished.extend(mentions);
        Ok((self.finished, self.volumes))
    }
}

/// A row and where it stands: category, block, applicant and period in one number, most significant first.
#[derive(Debug, Clone, Copy)]
struct Entry {
    order: u64,
    /// Place of the row among those of the blocks.
    place: u32,
    /// Number of its label; [`NO_LABEL`] when there is none.
    label: u32,
}

const NO_LABEL: u32 = u32::MAX;
const CATEGORY_SHIFT: u32 = 40;
const BLOCK_SHIFT: u32 = 16;
const BLOCK_MASK: u64 = (1 << (CATEGORY_SHIFT - BLOCK_SHIFT)) - 1;

impl Entry {
    fn category(self) -> u32 {
        (self.order >> CATEGORY_SHIFT) as u32
    }

    fn block(self) -> usize {
        ((self.order >> BLOCK_SHIFT) & BLOCK_MASK) as usize
    }

    fn with_category(self, category: u32) -> Self {
        let rest = self.order & ((1 << CATEGORY_SHIFT) - 1);
        Self {
            order: u64::from(category) << CATEGORY_SHIFT | rest,
            ..self
        }
    }
}

/// A report, and the numbers of its texts.
struct Source<'a> {
    head: Head<'a>,
    report_id: u32,
    body_id: Option<u32>,
    jurisdiction_code: Option<u32>,
    jurisdiction: Option<u32>,
    organ: Option<u32>,
    /// Numbers among the texts of all blocks, by number in the block.
    numbers: Vec<u32>,
    /// Whether another report stands for it.
    is_duplicate: bool,
}

/// The rows of some blocks.
struct Sorter<'a> {
    /// In the order of the blocks, with the numbers that texts have among those of all blocks.
    rows: Vec<Value<u32>>,
    sources: Vec<Source<'a>>,
    texts: Numbering<'a>,
    observations: Vec<Entry>,
    mentions: Vec<Entry>,
}

/// Gives texts numbers.
#[derive(Default)]
struct Numberer<'a> {
    numbers: FxHashMap<&'a str, u32>,
    texts: Vec<&'a str>,
}

impl<'a> Numberer<'a> {
    fn number(&mut self, text: &'a str) -> u32 {
        *self.numbers.entry(text).or_insert_with(|| {
            self.texts.push(text);
            number(self.texts.len() - 1)
        })
    }
}

/// Blocks have far fewer bytes than 4 GiB.
fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

impl<'a> Sorter<'a> {
    fn read(blocks: &'a Blocks) -> postcard::Result<Self> {
        let applicants = alphabetical_places(Applicant::NAMES);
        let periods = alphabetical_places(Period::NAMES);
        let rank = |places: &[u8], index: u8| u64::from(places.get(usize::from(index)).copied().unwrap_or_default());
        let mut texts = Numberer::default();
        let (mut sources, mut rows) = (Vec::new(), Vec::new());
        let (mut observations, mut mentions) = (Vec::new(), Vec::new());
        for bytes in blocks.each() {
            let block = Block::read(bytes)?;
            let source = Source::new(&block, &mut texts);
            let ordinal = sources.len() as u64;
            block.each(|row| {
                let row = row.map(|text| source.number(text));
                let order = u64::from(row.category) << CATEGORY_SHIFT
                    | ordinal << BLOCK_SHIFT
                    | rank(&applicants, row.applicant.index()) << 8
                    | rank(&periods, row.period.index());
                let entry = Entry {
                    order,
                    place: number(rows.len()),
                    label: row.label.unwrap_or(NO_LABEL),
                };
                if row.observation.is_some() {
                    observations.push(entry);
                }
                mentions.push(entry);
                rows.push(row);
            })?;
            sources.push(source);
        }
        let mut sorter = Self {
            rows,
            sources,
            texts: Numbering::new(texts.texts),
            observations,
            mentions,
        };
        sorter.rank_categories();
        Ok(sorter)
    }

    /// Marks the reports that others stand for.
    fn link(&mut self, links: &Links) {
        for source in &mut self.sources {
            source.is_duplicate = links.has(source.head.report_id);
        }
    }

    /// Puts the rank of each category where its number was.
    fn rank_categories(&mut self) {
        let mut ranks = vec![u32::MAX; self.texts.texts.len()];
        let mut categories = Vec::new();
        for entry in self.observations.iter().chain(&self.mentions) {
            if let Some(rank @ &mut u32::MAX) = ranks.get_mut(entry.category() as usize) {
                *rank = 0;
                categories.push(entry.category());
            }
        }
        categories.sort_unstable_by_key(|category| self.texts.text(*category));
        for (place, category) in categories.iter().enumerate() {
            if let Some(rank) = ranks.get_mut(*category as usize) {
                *rank = number(place);
            }
        }
        for entry in self.observations.iter_mut().chain(&mut self.mentions) {
            let rank = ranks.get(entry.category() as usize).copied().unwrap_or_default();
            *entry = entry.with_category(rank);
        }
    }

    /// The observations, by category, report, applicant, period, label and place in the report.
    fn observations(&self) -> Vec<Entry> {
        let sequence = |row: &Value<u32>| row.observation.map_or(0, |observation| observation.sequence);
        self.sorted(&self.observations, |row| (sequence(row), 0))
    }

    /// The mentions, by category, report, applicant, period, label, span and place in the report.
    fn mentions(&self) -> Vec<Entry> {
        self.sorted(&self.mentions, |row| (row.start, row.end))
    }

    fn sorted(&self, entries: &[Entry], last: impl Fn(&Value<u32>) -> (u32, u32)) -> Vec<Entry> {
        let mut entries = entries.to_vec();
        entries.sort_unstable_by_key(|entry| (entry.order, entry.place));
        for rivals in entries.chunk_by_mut(|left, right| left.order == right.order) {
            if rivals.len() == 1 {
                continue;
            }
            let label = |entry: &Entry| (entry.label != NO_LABEL).then(|| self.texts.text(entry.label));
            let keys = rivals.iter().map(|entry| {
                let last = self.rows.get(entry.place as usize).map(&last);
                (label(entry), last, *entry)
            });
            let mut keys: Vec<_> = keys.collect();
            keys.sort_by_key(|(label, last, _)| (*label, *last));
            for (entry, (.., sorted)) in rivals.iter_mut().zip(keys) {
                *entry = sorted;
            }
        }
        entries
    }

    /// The report and the row of each entry.
    fn each<'s>(&'s self, entries: &'s [Entry]) -> impl Iterator<Item = (&'s Source<'a>, &'s Value<u32>)> {
        entries.iter().filter_map(|entry| {
            let source = self.sources.get(entry.block())?;
            Some((source, self.rows.get(entry.place as usize)?))
        })
    }
}

impl<'a> Source<'a> {
    fn new(block: &Block<'a>, texts: &mut Numberer<'a>) -> Self {
        let head = block.head;
        let mut number = |text: Option<&'a str>| text.map(|text| texts.number(text));
        Self {
            head,
            body_id: number(head.body_id),
            jurisdiction_code: number(head.jurisdiction_code),
            jurisdiction: number(head.jurisdiction),
            organ: number(head.organ),
            report_id: texts.number(head.report_id),
            numbers: block.texts.iter().map(|text| texts.number(text)).collect(),
            is_duplicate: false,
        }
    }

    /// The observation as it may stand in the panel. Reports that others stand for have no claim to a place there.
    fn pick(&self, value: &Value<&'a str>, observation: AsObservation) -> Option<Pick<'a>> {
        let head = &self.head;
        let claim = head.claim.filter(|_| observation.panel && !self.is_duplicate)?;
        Some(Pick {
            claim,
            code: head.jurisdiction_code?,
            year: head.year?,
            jurisdiction: head.jurisdiction,
            category: value.category,
            applicant: value.applicant,
            count: value.count,
            amount_cny: value.amount_cny,
            check: value.check,
            confidence: observation.confidence,
            relation: value.relation,
            template_row: value.template_row,
        })
    }

    fn number(&self, text: u32) -> u32 {
        self.numbers.get(text as usize).copied().unwrap_or(u32::MAX)
    }
}

/// Splits the blocks of a partition that is too large to be sorted in memory by category.
pub(crate) struct Splitter {
    spool: Spool,
    folder: PathBuf,
    key: Key,
    packer: Packer,
}

impl Splitter {
    /// A splitter whose blocks wait in the folder.
    pub(crate) fn new(spill: &Arc<SpillFolder>) -> Self {
        Self {
            spool: Spool::small(spill),
            folder: spill.path().to_owned(),
            key: Key::default(),
            packer: Packer::default(),
        }
    }

    /// Takes blocks.
    pub(crate) fn add(&mut self, blocks: &Blocks) -> Result<(), DatasetError> {
        blocks.each().try_for_each(|block| {
            self.split(block)
                .map_err(|error| row_error(&self.folder, "observations", error))?;
            self.spool.relieve()
        })
    }

    fn split(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        let block = Block::read(bytes)?;
        let mut rows: Vec<Value<&str>> = Vec::new();
        block.each(|row| rows.push(row.map(|text| block.text(text))))?;
        rows.sort_by_key(|row| row.category);
        for rows in rows.chunk_by(|left, right| left.category == right.category) {
            let category = rows.first().map_or("", |row| row.category);
            self.key
                .category(category, block.head.jurisdiction_code, block.head.report_id);
            let packer = &mut self.packer;
            self.spool.push(0, self.key.bytes(), |bytes| {
                packer.pack(&block.head, bytes, |each| rows.iter().try_for_each(each))
            })?;
        }
        Ok(())
    }

    /// The runs of blocks of one category each.
    pub(crate) fn finish(self) -> Result<Vec<Run>, DatasetError> {
        Ok(self.spool.finish()?.into_iter().flatten().collect())
    }
}
