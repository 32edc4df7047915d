//! One stage at a time on the same forged pages: decode, page, extract, of that who, where and when alone (identify),
//! write; and loading the data, gazetteer and all (load). `cargo bench --workspace --bench stages`,
//! from the workspace, so that nothing is compiled with other features.
#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use gongkai_crawl::{FileRef, Found, walk};
use gongkai_dataset::{DumpRows, Output, WriteOptions};
use gongkai_extract::Extractor;
use gongkai_forge::forge::Forge;
use gongkai_forge::plan::Profile;
use gongkai_forge::write::write_corpus;
use gongkai_lexicon::{DataSource, Lexicon};
use gongkai_page::{Limits, Page, PageKind};
use gongkai_pipeline::DumpReader;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const SEED: u64 = 20_080_501;
const DUMPS: u64 = 200;
/// Larger dumps than any that is forged.
const MAX_BYTES: u64 = 64 << 20;

/// The dumps as files and as bytes.
struct Corpus {
    folder: tempfile::TempDir,
    dumps: Vec<(FileRef, Vec<u8>)>,
}

impl Corpus {
    fn forge() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("dumps");
        write_corpus(&Forge::new(SEED, Profile::Bulk).unwrap(), DUMPS, &input).unwrap();
        std::fs::remove_file(input.join("truth.jsonl")).unwrap();
        let files = walk(&input, "bench").filter_map(|found| match found {
            Found::File(file) => Some(file),
            Found::Failed { .. } => None,
        });
        let dumps = files.map(|file| {
            let bytes = std::fs::read(&file.path).unwrap();
            (file, bytes)
        });
        let dumps = dumps.collect();
        Self { folder, dumps }
    }

    fn bytes(&self) -> u64 {
        self.dumps.iter().map(|(_, bytes)| bytes.len() as u64).sum()
    }

    fn pages(&self) -> Vec<Page> {
        let page = |(file, bytes): &(FileRef, Vec<u8>)| {
            gongkai_page::read(bytes, PageKind::of(&file.origin, bytes), &Limits::default())
        };
        self.dumps.iter().map(page).collect()
    }
}

fn stages(criterion: &mut Criterion) {
    let corpus = Corpus::forge();
    let extractor = Extractor::new(Lexicon::load(&DataSource::embedded()).unwrap()).unwrap();
    let mut group = criterion.benchmark_group("stages");
    group.throughput(Throughput::Bytes(corpus.bytes()));
    group.sample_size(20).measurement_time(Duration::from_secs(4));
    group.bench_function("decode", |bencher| {
        bencher.iter(|| {
            for (file, bytes) in &corpus.dumps {
                black_box(gongkai_page::decode(bytes, PageKind::of(&file.origin, bytes)));
            }
        });
    });
    group.bench_function("page", |bencher| bencher.iter(|| black_box(corpus.pages())));
    let pages = corpus.pages();
    group.bench_function("extract", |bencher| {
        bencher.iter(|| {
            for page in &pages {
                black_box(extractor.extract(page, ""));
            }
        });
    });
    group.bench_function("identify", |bencher| {
        bencher.iter(|| {
            for page in &pages {
                black_box(extractor.identify(page, ""));
            }
        });
    });
    group.bench_function("load", |bencher| {
        bencher.iter(|| black_box(Lexicon::load(&DataSource::embedded()).unwrap()));
    });
    let reader = DumpReader::new(&extractor, MAX_BYTES, std::time::Duration::MAX);
    let rows: Vec<DumpRows> = corpus
        .dumps
        .iter()
        .map(|(file, _)| reader.rows(&Found::File(file.clone())))
        .collect();
    let output = Output::open(&corpus.folder.path().join("out")).unwrap();
    group.bench_function("write", |bencher| {
        bencher.iter_batched(
            || rows.clone(),
            |rows| {
                let writer = output.begin(WriteOptions::default(), extractor.lexicon()).unwrap();
                let mut worker = writer.worker();
                rows.into_iter().for_each(|dump| worker.push(dump).unwrap());
                black_box(writer.finish(vec![worker], serde_json::json!({})).unwrap())
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
