//! The same page in several inputs is one report.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use gongkai_test_support::{files, lists, read, texts};
use support::{REPORT, input, run};
use tempfile::TempDir;

#[test]
fn a_page_found_in_several_inputs_is_one_report_with_sorted_origins() {
    let root = TempDir::new().unwrap();
    let folder = |name: &str| root.path().join(name);
    for name in ["one", "two", "three"] {
        std::fs::create_dir(folder(name)).unwrap();
    }
    std::fs::write(folder("one").join("report.txt"), REPORT).unwrap();
    std::fs::write(folder("two").join("copy.txt"), REPORT).unwrap();
    // Other bytes, the same text: a mirror in another encoding.
    let units = std::iter::once(0xfeff).chain(REPORT.encode_utf16());
    let utf16: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
    std::fs::write(folder("three").join("mirror.txt"), utf16).unwrap();

    let alone = run(vec![input("one", &folder("one"))], &folder("out-alone"), 1)
        .published
        .unwrap();
    let inputs = ["two", "three", "one"].map(|name| input(name, &folder(name)));
    let together = run(inputs.into(), &folder("out"), 3).published.unwrap();

    let reports = read(&together.path.join("reports.parquet"));
    assert_eq!(
        lists(&reports, "origins"),
        [["one/report.txt", "three/mirror.txt", "two/copy.txt"]]
    );
    assert_eq!(
        texts(&reports, "report_id"),
        texts(&read(&alone.path.join("reports.parquet")), "report_id")
    );
    let dumps = read(&together.path.join("dumps.parquet"));
    assert_eq!(
        texts(&dumps, "origin"),
        ["one/report.txt", "three/mirror.txt", "two/copy.txt"]
    );
    assert_eq!(texts(&dumps, "outcome"), ["extracted"; 3]);
    assert_eq!(read(&together.path.join("rejects.parquet")).height(), 0);
    // Copies add no rows anywhere.
    for table in ["observations", "mentions", "pages"] {
        assert_eq!(together.rows[table], alone.rows[table], "{table}");
        assert_eq!(files(&together.path.join(table)).len(), 1, "{table}");
    }
    assert!(alone.rows["observations"] >= 3);
}
