//! What mutation begins with: the samples, forged documents, the sentences of the tests, and short lists of odd forms.
//! Nothing here is a real page.

use std::path::Path;

use gongkai_forge::forge::Forge;
use gongkai_forge::plan::Profile;
use gongkai_test_support::{files, repository};

use crate::targets::data_seeds;

/// Forged documents of each profile.
const FORGED: u64 = 24;

/// Whole dumps.
#[must_use]
pub fn dumps() -> Vec<Vec<u8>> {
    let samples = files(&repository("data/samples/dumps"));
    let mut dumps: Vec<Vec<u8>> = samples.iter().map(|path| std::fs::read(path).unwrap()).collect();
    for profile in [Profile::Mix, Profile::Damaged] {
        let forge = Forge::new(3, profile).unwrap();
        dumps.extend((0..FORGED).map(|at| forge.document(at).bytes));
    }
    dumps
}

/// Sentences and short paragraphs.
#[must_use]
pub fn sentences() -> Vec<Vec<u8>> {
    let cases = std::fs::read_to_string(repository("crates/extract/tests/sentences.tsv")).unwrap();
    let cases = cases.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let texts: Vec<String> = cases
        .filter_map(|line| line.split('\t').next())
        .map(|text| text.replace("\\n", "\n"))
        .collect();
    let paragraphs = texts.chunks(12).map(|chunk| chunk.join("\n"));
    texts
        .iter()
        .cloned()
        .chain(paragraphs)
        .map(String::into_bytes)
        .collect()
}

/// Number forms, one a line.
#[must_use]
pub fn number_forms() -> Vec<Vec<u8>> {
    let lists = [
        "12\n1,234\n１，２３４\n12 514\n1 234 567件\n4.8万\n14万余\n2000余条",
        "约3件\n近20万元\n减少5\n增加12\n-3\n--3\n－7\n¥120元",
        "十二件\n二〇一二件\n一百二十件\n一万二千三百一十条\n三万条\n两件\n五千余件",
        "1.5万元\n160.5964万元\n0.005元\n12.345元\n3亿元\n99999999999999元\n5千元\n3百元",
        "/\n—\n--\n无\n不适用\n0\n零\n1**",
        "6件。\n6条;\n6.\n6余条\n6(件)\n6次\n6 . 0\n1.2.3",
        "1234567890123\n12345678901234\n123456789012345\n1234567890123456\n012\n00",
    ];
    let made = (0u8..12).map(|at| {
        (0..48u8)
            .map(|byte| byte.wrapping_mul(37).wrapping_add(at.wrapping_mul(91)))
            .collect()
    });
    lists.iter().map(|list| list.as_bytes().to_vec()).chain(made).collect()
}

/// The project's configurations, and odd ones.
#[must_use]
pub fn configs() -> Vec<Vec<u8>> {
    let read = |name: &str| std::fs::read(repository("pipelines").join(name)).unwrap();
    let all = "output = \"o\"\njobs = 2\nmax_reject_share = 0.05\nmax_withdrawn_share = 1\nkeep = 3\n\
               max_file_bytes = 1000\nmetrics = \"m.prom\"\n[[input]]\nname = \"a\"\npath = \"x\"\n\
               [[input]]\nname = 'b'\npath = '''y'''\n";
    let inline = "output = \"o\"\ninput = [{ name = \"a\", path = \"x\" }]\n";
    let wrong = "output = 3\ninput = \"x\"\n[log]\nlevel = 1979-05-27T07:32:00Z\n";
    let mut configs = vec![read("sample.toml"), read("nightly.toml")];
    configs.extend([all, inline, wrong].map(|text| text.as_bytes().to_vec()));
    configs
}

/// Each data file, as it is.
#[must_use]
pub fn data_files() -> Vec<Vec<u8>> {
    data_seeds()
}

/// Every damage before every night, each at another place of another file.
#[must_use]
pub fn damages() -> Vec<Vec<u8>> {
    let mut damages = vec![vec![0], vec![1], vec![2], vec![3]];
    for kind in 0..16u8 {
        for night in 0..3u8 {
            let file = kind.wrapping_mul(5).wrapping_add(night.wrapping_mul(7));
            let at = kind.wrapping_mul(16).wrapping_add(night.wrapping_mul(80));
            damages.push(vec![night, kind, file, file.wrapping_add(1), at, kind, night + 1]);
        }
    }
    damages
}

/// The inputs that once showed something wrong with a target, with their names.
#[must_use]
pub fn regressions(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = repository("fuzz/regressions").join(target);
    if !folder.is_dir() {
        return Vec::new();
    }
    let named = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (name, std::fs::read(path).unwrap())
    };
    files(&folder).iter().map(|path| named(path)).collect()
}
