//! Year-to-year identities over pages: invented reports of districts that merge, and whole forged corpora.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod support;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use gongkai_forge::forge::Forge;
use gongkai_forge::plan::{GROUP, Profile};
use gongkai_forge::write::write_corpus;
use gongkai_test_support::{lists, read, texts};
use support::{EXTRACTOR, input, run};

/// A report with section three of the form of 2021: new requests, and those carried in and out, all of natural persons.
fn page(district: &str, year: i16, [new, carried_in, carried_out]: [i64; 3]) -> String {
    let lexicon = EXTRACTOR.lexicon();
    let form = lexicon.templates.id("S21-3").unwrap();
    let mut rows = String::new();
    for (_, row) in lexicon.templates.rows().filter(|(_, row)| row.template == form) {
        let code = row.categories.first().map_or("", |id| lexicon.categories.code(*id));
        let count = match code {
            "" => {
                writeln!(rows, "<tr><td>{}</td><td colspan=7></td></tr>", row.label).unwrap();
                continue;
            }
            "requests.received.total" => new,
            "requests.carried_in" => carried_in,
            "requests.carried_out" => carried_out,
            "requests.outcome.granted" | "requests.outcome.total" => new + carried_in - carried_out,
            _ => 0,
        };
        let zeros = "<td>0</td>".repeat(5);
        writeln!(
            rows,
            "<tr><td>{}</td><td>{count}</td>{zeros}<td>{count}</td></tr>",
            row.label
        )
        .unwrap();
    }
    let title = format!("{district}人民政府{year}年政府信息公开工作年度报告");
    let columns = [
        "统计指标",
        "自然人",
        "商业企业",
        "科研机构",
        "社会公益组织",
        "法律服务机构",
        "其他",
        "总计",
    ];
    let columns: String = columns.iter().map(|column| format!("<th>{column}</th>")).collect();
    format!(
        "<title>{title}</title><h1>{title}</h1><h2>三、收到和处理政府信息公开申请情况</h2><table><tr>{columns}</tr>{rows}</table>"
    )
}

/// The findings that a run over a folder gives on all applicants, without those on single columns.
fn findings(folder: &Path) -> Vec<String> {
    let out = tempfile::tempdir().unwrap();
    let published = run(vec![input("dumps", folder)], out.path(), 2).published.unwrap();
    let found = read(&published.path.join("year_checks.parquet"));
    let column = |name| texts(&found, name);
    let (applicants, results, messages) = (column("applicant"), column("result"), column("message"));
    let shown = (0..found.height()).filter(|row| applicants[*row] == "all");
    shown
        .map(|row| format!("{}: {}", results[row], messages[row]))
        .collect()
}

#[test]
fn reports_of_merging_districts_are_told_over_years() {
    let folder = tempfile::tempdir().unwrap();
    // 下城 went into 拱墅 in 2021; of 西湖 the report on 2021 is missing.
    for (name, district, year, counts) in [
        ("xiacheng_2019", "杭州市下城区", 2019, [10, 1, 4]),
        ("xiacheng_2020", "杭州市下城区", 2020, [12, 4, 3]),
        ("gongshu_2019", "杭州市拱墅区", 2019, [20, 0, 7]),
        ("gongshu_2020", "杭州市拱墅区", 2020, [25, 6, 5]),
        ("gongshu_2021", "杭州市拱墅区", 2021, [40, 8, 2]),
        ("gongshu_2022", "杭州市拱墅区", 2022, [41, 2, 0]),
        ("xihu_2020", "杭州市西湖区", 2020, [9, 1, 1]),
        ("xihu_2022", "杭州市西湖区", 2022, [9, 5, 1]),
    ] {
        std::fs::write(folder.path().join(format!("{name}.html")), page(district, year, counts)).unwrap();
    }
    let about = "requests carried in against those carried out the year before";
    let expected = [
        format!("pass: {about}, 2019 and 2020, column all: 4 against 4, holds"),
        format!("fail: {about}, 2019 and 2020, column all: 6 against 7, fails by -1"),
        format!("pass: {about}, 2020 and 2021, column all, 拱墅区 against 下城区 + 拱墅区: 8 against 8, holds"),
        format!("pass: {about}, 2021 and 2022, column all: 2 against 2, holds"),
    ];
    assert_eq!(findings(folder.path()), expected);
    // Without one of the two predecessors the sum is not known.
    std::fs::remove_file(folder.path().join("xiacheng_2020.html")).unwrap();
    let found = findings(folder.path());
    assert!(found[1].starts_with("not_testable"), "{found:?}");
    assert!(
        found[1].ends_with("8 against nothing, cannot be tested: no report of 330103 下城区 for 2020"),
        "{found:?}"
    );
}

/// The stocks of a forged body are linked over its years, and nothing is damaged in clean pages: whatever fails between
/// two of them was misread or mispaired. Different bodies may be drawn with one name; those pairs are left out.
#[test]
fn identities_of_forged_bodies_hold_over_years() {
    let folder = tempfile::tempdir().unwrap();
    let dumps = folder.path().join("dumps");
    write_corpus(&Forge::new(5, Profile::Clean).unwrap(), 800, &dumps).unwrap();
    std::fs::remove_file(dumps.join("truth.jsonl")).unwrap();
    let published = run(vec![input("dumps", &dumps)], &folder.path().join("out"), 2)
        .published
        .unwrap();
    let reports = read(&published.path.join("reports.parquet"));
    let ids = texts(&reports, "report_id").into_iter();
    let bodies: HashMap<String, u64> = ids
        .zip(lists(&reports, "origins").iter().map(|origins| body(&origins[0])))
        .collect();
    let found = read(&published.path.join("year_checks.parquet"));
    let (results, messages) = (texts(&found, "result"), texts(&found, "message"));
    let (now, before) = (lists(&found, "report_ids"), lists(&found, "previous_report_ids"));
    let of_one_body = |row: &usize| bodies[&now[*row][0]] == bodies[&before[*row][0]];
    let rows: Vec<usize> = (0..found.height()).filter(of_one_body).collect();
    let failed: Vec<&String> = rows
        .iter()
        .filter(|row| results[**row] == "fail")
        .map(|row| &messages[*row])
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let passed = rows.iter().filter(|row| results[**row] == "pass").count();
    assert!(passed > 1000, "{passed}");
    let identities = texts(&found, "identity");
    for name in ["S-6", "S-7a", "S-8b", "P-5b"] {
        assert!(
            identities.iter().any(|identity| identity == name),
            "{name} was never tested"
        );
    }
}

/// The body that a forged dump is of: the number in its name counts dumps, and those of a body stand behind each other.
fn body(origin: &str) -> u64 {
    let name = origin.rsplit('/').next().unwrap();
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    digits.parse::<u64>().unwrap() / GROUP
}
