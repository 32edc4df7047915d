//! Numbers in every form, read by the extractor and read again by `verify`: what the one says the other must accept, what
//! the one does not say it must refuse, and what a person cannot tell must not stand there for certain.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

#[path = "support/forms.rs"]
mod forms;
mod support;

use std::sync::LazyLock;
use std::time::Duration;

use forms::{ANY, BREAK, Form, form};
use gongkai_dataset::{Fen, ObservationRow, PageFacts, Reading, ReportRows, TextHash, unproved};
use gongkai_extract::{Outcome, Status};
use gongkai_pipeline::DumpReader;
use proptest::prelude::*;
use support::EXTRACTOR;

/// A value below this is doubted.
const CONFIDENT: f32 = 0.5;

/// Where a number stands.
struct Place {
    page: fn(&str) -> String,
    origin: &'static str,
    end_of_line: &'static str,
    category: &'static str,
    units: &'static [&'static str],
}

const COUNTS: &[&str] = &["条", "件", "份", "条(件)"];
const MONEY: &[&str] = &["元", "万元", "千元", "亿元", "元整"];

/// Rows of the national table of 2014, two of them with the number.
fn table(count: &str, money: &str) -> String {
    let rows = [
        ("（一）主动公开政府信息数", "条", count),
        ("其中：主动公开规范性文件数", "条", "4"),
        ("制发规范性文件总数", "件", "5"),
        ("1.政府公报公开政府信息数", "条", "6"),
        ("2.政府网站公开政府信息数", "条", "7"),
        ("3.政务微博公开政府信息数", "条", "8"),
        ("（一）收到申请数", "件", "9"),
        ("1.当面申请数", "件", "10"),
        ("2.传真申请数", "件", "11"),
        ("七、依申请公开信息收取的费用", "万元", money),
        ("（二）设置政府信息公开查阅点数", "个", "12"),
    ];
    let cells = rows.map(|(label, unit, value)| format!("<tr><td>{label}<td>{unit}<td>{value}"));
    let head = "<h1>杭州市余杭区人民政府2016年政府信息公开工作年度报告</h1><table><tr><td>统计指标<td>单位<td>统计数";
    format!("{head}{}</table>", cells.concat())
}

const PLACES: &[Place] = &[
    Place {
        page: |number| table(number, "0"),
        origin: "cell.html",
        end_of_line: "<br>",
        category: "proactive.total",
        units: COUNTS,
    },
    Place {
        page: |number| table("1", number),
        origin: "money.html",
        end_of_line: "<br>",
        category: "fee.collected",
        units: MONEY,
    },
    Place {
        page: |number| {
            let title = "杭州市余杭区人民政府2016年政府信息公开工作年度报告";
            let before = "（一）收到申请数\n9\n1.当面申请数\n10\n2.传真申请数\n11";
            format!("{title}\n{before}\n七、依申请公开信息收取的费用\n{number}\n（四）政府信息公开专项经费\n3万元\n")
        },
        origin: "lines.txt",
        end_of_line: "\n",
        category: "fee.collected",
        units: MONEY,
    },
    Place {
        page: |number| {
            let title = "<h1>杭州市余杭区人民政府2012年政府信息公开工作年度报告</h1>";
            format!("{title}<p>全年主动公开政府信息{number}。</p><p>收到政府信息公开申请3件。</p>")
        },
        origin: "sentence.html",
        end_of_line: "<br>",
        category: "proactive.total",
        units: COUNTS,
    },
    Place {
        page: |number| {
            let title = "杭州市余杭区人民政府2012年政府信息公开工作年度报告";
            format!("{title}\n\n收到政府信息公开申请共{number}，其中当面申请2件。\n\n收取费用3元。\n")
        },
        origin: "sentence.txt",
        end_of_line: "\n",
        category: "requests.received.total",
        units: COUNTS,
    },
    Place {
        page: |number| {
            let title = "杭州市余杭区人民政府2012年政府信息公开工作年度报告";
            format!("{title}\n\n收到政府信息公开申请3件。\n\n收取复印费{number}。\n")
        },
        origin: "fee.txt",
        end_of_line: "\n",
        category: "fee.collected",
        units: MONEY,
    },
];

static READER: LazyLock<DumpReader<'_>> = LazyLock::new(|| DumpReader::new(&EXTRACTOR, 1 << 20, Duration::MAX));

/// Everything that a page says, and the values that count.
fn read(page: &str, origin: &str) -> (Vec<ObservationRow>, Vec<ObservationRow>) {
    let read = READER.read(page.as_bytes(), origin).expect("no stage fails");
    let Outcome::Reports(reports) = &read.outcome else {
        return (Vec::new(), Vec::new());
    };
    let facts = PageFacts {
        origin,
        text: &read.page.text,
        text_hash: &TextHash::new(&read.page.text),
        url: None,
        bytes: 0,
        hash: "",
        encoding: "",
        encoding_source: "",
    };
    let rows = reports
        .iter()
        .map(|report| ReportRows::new(report, &facts, EXTRACTOR.lexicon()));
    let rows: Vec<ReportRows> = rows.collect();
    let mentions = rows.iter().flat_map(|report| &report.mentions);
    let observations = rows.iter().flat_map(ReportRows::observations);
    (
        mentions.map(|mention| mention.value()).collect(),
        observations.collect(),
    )
}

fn reading(row: &ObservationRow) -> Reading<'_> {
    Reading {
        raw: &row.raw,
        status: row.status,
        count: row.count,
        amount_cny: row.amount_cny,
        unit_printed: row.unit_printed.as_deref(),
        template_row: row.template_row.as_deref(),
    }
}

/// What `verify` says of a value, and of the same with another number.
fn check_proof(row: &ObservationRow) -> Result<(), TestCaseError> {
    let lexicon = EXTRACTOR.lexicon();
    let right = reading(row);
    prop_assert_eq!(unproved(right, lexicon), None);
    for change in [-1, 1] {
        let wrong = Reading {
            count: row.count.map(|count| count + change),
            amount_cny: row.amount_cny.map(|fen| Fen(fen.0 + change)),
            ..right
        };
        let has_number = row.count.is_some() || row.amount_cny.is_some();
        prop_assert!(
            !has_number || unproved(wrong, lexicon).is_some(),
            "{:?} gives two values",
            row.raw
        );
    }
    let nothing = Reading {
        count: None,
        amount_cny: None,
        ..right
    };
    let says_nothing = row.status == Status::Blank || row.status == Status::NotApplicable;
    prop_assert!(
        says_nothing || unproved(nothing, lexicon).is_some(),
        "{:?} is proved without a value",
        row.raw
    );
    Ok(())
}

/// Millionths that a row says.
fn said(row: &ObservationRow) -> Option<i128> {
    let fen = row.amount_cny.map(|fen| i128::from(fen.0) * 10_000);
    row.count.map(|count| i128::from(count) * 1_000_000).or(fen)
}

/// Whether a value can be what the form says, in any unit that stands there or in the row's.
fn is_said(value: i128, form: &Form, money: bool) -> bool {
    let Some(printed) = form.value else {
        return false;
    };
    let scales: &[i128] = match money {
        true => &[1, 1000, 10_000, 100_000_000],
        false => &[1],
    };
    printed == ANY
        || scales
            .iter()
            .any(|scale| (printed * scale - value).abs() <= 5_000 * i128::from(money))
}

fn check(place: &Place, form: &Form) -> Result<(), TestCaseError> {
    let page = (place.page)(&form.text.replace(BREAK, place.end_of_line));
    let (mentions, observations) = read(&page, place.origin);
    for row in mentions.iter().chain(&observations) {
        check_proof(row)?;
    }
    let money = place.units == MONEY;
    let found = observations
        .iter()
        .find(|row| *row.category == *place.category && row.period.as_str() == "year");
    let value = found.and_then(said);
    if let Some(value) = value.filter(|_| found.is_some_and(|row| row.confidence >= CONFIDENT)) {
        prop_assert!(
            is_said(value, form, money),
            "{}: {:?} gave {} millionths for certain",
            place.origin,
            form.text,
            value
        );
    }
    if form.plain {
        prop_assert!(value.is_some(), "{}: {:?} was not read", place.origin, form.text);
    }
    Ok(())
}

/// How many numbers are tried; `NUMBER_FORMS` says more.
fn cases() -> u32 {
    let said = std::env::var("NUMBER_FORMS").ok();
    said.map_or(2000, |said| said.parse().expect("NUMBER_FORMS is a number"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..Default::default() })]

    #[test]
    fn counts_are_proved_and_never_invented(number in form(COUNTS)) {
        for place in PLACES.iter().filter(|place| place.units == COUNTS) {
            check(place, &number)?;
        }
    }

    #[test]
    fn money_is_proved_and_never_invented(number in form(MONEY)) {
        for place in PLACES.iter().filter(|place| place.units == MONEY) {
            check(place, &number)?;
        }
    }
}
