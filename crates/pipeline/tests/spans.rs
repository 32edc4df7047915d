//! Every value proves itself: `raw` stands in the page's text where the row says, and reading it again gives the value.
//!
//! The reader here is written on its own and shares nothing with `gongkai-extract`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::path::Path;

use gongkai_crawl::{Found, walk};
use gongkai_dataset::MentionRow;
use gongkai_forge::forge::Forge;
use gongkai_forge::plan::Profile;
use gongkai_forge::write::write_corpus;
use gongkai_pipeline::DumpReader;
use gongkai_test_support::repository;
use support::{EXTRACTOR, samples};

const MILLION: i64 = 1_000_000;

#[test]
fn the_reader_of_this_test_reads() {
    for (raw, expected) in [
        ("12", Some(12_000_000)),
        ("１，２３４", Some(1_234_000_000)),
        ("4.8万", Some(48_000_000_000)),
        ("14万余", Some(140_000_000_000)),
        ("约3件", Some(3_000_000)),
        ("减少5", Some(-5_000_000)),
        ("--7", Some(-7_000_000)),
        ("160.5964万元", Some(1_605_964_000_000)),
        ("一万二千三百一十", Some(12_310_000_000)),
        ("一千零四", Some(1_004_000_000)),
        ("二〇", Some(20_000_000)),
        ("十二", Some(12_000_000)),
        ("两", Some(2_000_000)),
        ("3.481亿", Some(348_100_000_000_000)),
        ("1 234", Some(1_234_000_000)),
        ("1 23", None),
        ("1234 567", None),
        ("12件3", None),
        ("件", None),
        ("", None),
    ] {
        assert_eq!(millionths(raw), expected, "{raw}");
    }
}

#[test]
fn every_value_of_the_samples_is_proved_by_its_span() {
    assert!(check_folder(&samples(), "samples") > 500);
}

#[test]
fn every_value_of_the_seeds_is_proved_by_its_span() {
    let seeds = repository("../shared/seeds");
    if seeds.is_dir() {
        assert!(check_folder(&seeds, "seeds") > 0);
    } else {
        println!("seeds are absent: skipped");
    }
}

#[test]
fn every_value_of_forged_reports_is_proved_by_its_span() {
    let folder = tempfile::tempdir().unwrap();
    let dumps = folder.path().join("dumps");
    for (profile, name) in [(Profile::Mix, "mix"), (Profile::Damaged, "damaged")] {
        let forge = Forge::new(7, profile).unwrap();
        write_corpus(&forge, 250, &dumps.join(name)).unwrap();
        std::fs::remove_file(dumps.join(name).join("truth.jsonl")).unwrap();
    }
    assert!(check_folder(&dumps, "forged") > 20_000);
}

/// Checks every report of a folder; the number of mentions.
fn check_folder(folder: &Path, name: &str) -> usize {
    let reader = DumpReader::new(&EXTRACTOR, 64 << 20);
    let mut wrong = Vec::new();
    let mut mentions = 0;
    for found in walk(folder, name) {
        let Found::File(file) = &found else {
            panic!("{name} holds something else than files: {found:?}");
        };
        let rows = reader.rows(&found);
        let text = rows.page.as_ref().map_or("", |page| page.text.as_str());
        for report in &rows.reports {
            mentions += report.mentions.len();
            for mention in &report.mentions {
                if let Err(reason) = check_mention(mention, text) {
                    wrong.push(format!("{} {}: {reason}", file.origin, mention.category));
                }
            }
            let marked = report.mentions.iter().filter(|mention| mention.observation).count();
            if marked != report.observations().count() {
                wrong.push(format!("{}: an observation is no mention, or two are one", file.origin));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} values are not proved:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    mentions
}

fn check_mention(row: &MentionRow, text: &str) -> Result<(), String> {
    let place = format!("{}..{}", row.start, row.end);
    match text.get(row.start as usize..row.end as usize) {
        None => return Err(format!("no characters of the text: {place}")),
        Some(found) if found != row.raw => {
            return Err(format!("raw is {:?}, the text has at {place}: {found:?}", row.raw));
        }
        Some(_) => {}
    }
    let printed = millionths(&row.raw);
    let fen = row.amount_cny.map(|fen| fen.0);
    let is_without_value = row.count.is_none() && fen.is_none();
    let fits = match row.status.as_str() {
        "blank" => is_without_value && is_empty_or_dash(&row.raw),
        "not_applicable" => is_without_value && says_not_applicable(&row.raw),
        "in_words" => row.count.or(fen) == Some(0) && says_none(&row.raw),
        "reported" | "approximate" | "repaired" => match (printed, row.count, fen) {
            (Some(printed), Some(count), None) => count * MILLION == printed,
            // A fraction of a fen is rounded.
            (Some(printed), None, Some(fen)) => yuan(row)
                .iter()
                .any(|yuan| (printed * yuan + 5_000).div_euclid(10_000) == fen),
            _ => false,
        },
        other => return Err(format!("unknown status: {other}")),
    };
    if fits {
        Ok(())
    } else {
        Err(format!(
            "{:?} does not give {:?} {:?} ({}, unit {:?})",
            row.raw,
            row.count,
            row.amount_cny,
            row.status.as_str(),
            row.unit_printed
        ))
    }
}

/// The yuan that one of the unit may be: as printed, else what the form's row prints.
fn yuan(row: &MentionRow) -> Vec<i64> {
    let scale = |unit: &str| {
        if unit.contains('亿') {
            100_000_000
        } else if unit.contains('万') {
            10_000
        } else if unit.contains('千') {
            1000
        } else {
            1
        }
    };
    if let Some(unit) = &row.unit_printed {
        return vec![scale(unit)];
    }
    let form = EXTRACTOR
        .lexicon()
        .templates
        .rows()
        .find(|(_, form)| Some(form.name.as_str()) == row.template_row.as_deref());
    match form {
        Some((_, form)) => form.units.iter().map(|unit| scale(unit)).collect(),
        None => vec![1],
    }
}

fn is_empty_or_dash(raw: &str) -> bool {
    raw.chars().all(|c| c.is_whitespace() || "-－—–─―_".contains(c))
}

fn says_not_applicable(raw: &str) -> bool {
    let raw = raw.trim();
    raw.contains(['/', '／', '\\', '＼']) || raw.contains('不')
}

/// Words of "there were none" have a negation in them.
fn says_none(raw: &str) -> bool {
    raw.contains(['无', '無', '没', '沒', '未', '零', '不', '〇', '免', '0'])
}

/// Digits in groups of three behind a first of at most three: the spaces between them are taken out.
fn without_group_spaces(text: &str) -> String {
    let digits = text
        .find(|c: char| !c.is_ascii_digit() && !c.is_whitespace())
        .unwrap_or(text.len());
    let (number, rest) = text.split_at(digits);
    let groups: Vec<&str> = number.split_whitespace().collect();
    let grouped = groups.len() > 1 && groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3);
    if grouped {
        groups.concat() + rest
    } else {
        text.to_owned()
    }
}

/// The number that `raw` is, in millionths, with nothing before or behind it but signs, 约, 余 and a unit.
fn millionths(raw: &str) -> Option<i64> {
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '—' | '−' => '-',
        c => c,
    };
    let text: String = raw.trim().chars().map(narrow).collect();
    let text = without_group_spaces(&text);
    let (sign, text) = match text.as_str() {
        text if text.starts_with("减少") => (-1, text.trim_start_matches("减少")),
        text if text.starts_with("增加") => (1, text.trim_start_matches("增加")),
        text if text.starts_with(['-', '减']) => (-1, text.trim_start_matches(['-', '减'])),
        text => (1, text.trim_start_matches(['+', '增'])),
    };
    let text = text.trim_start_matches(['约', '近', '¥', '￥']);
    let arabic = text.len()
        - text
            .trim_start_matches(|c: char| c.is_ascii_digit() || c == ',' || c == '.')
            .len();
    let (number, rest) = if arabic > 0 {
        let (digits, rest) = text.split_at(arabic);
        let digits = digits.strip_suffix('.').unwrap_or(digits);
        (digits.replace(',', "").parse::<f64>().ok()?, rest)
    } else {
        let run = |text: &str| text.len() - text.trim_start_matches(is_numeral).len();
        let (high, rest) = text.split_at(run(text));
        // 一万二千 goes on behind its 万, 三万条 does not.
        match rest.strip_prefix('万').map(|low| low.split_at(run(low))) {
            Some((low, rest)) if !low.is_empty() => (numeral_value(high)? * 1e4 + numeral_value(low)?, rest),
            _ => (numeral_value(high)?, rest),
        }
    };
    let rest = rest.trim_start_matches(['余', '餘', '多']);
    let (scale, rest) = match rest.chars().next() {
        Some('万' | '萬') => (1e4, &rest[3..]),
        Some('亿' | '億') => (1e8, &rest[3..]),
        Some('千') if !rest.starts_with("千元") => (1e3, &rest[3..]),
        Some('百') if !rest.starts_with("百元") => (1e2, &rest[3..]),
        _ => (1.0, rest),
    };
    let unit = rest
        .trim_start_matches(['余', '餘', '多'])
        .trim_end_matches(['。', ';', '.']);
    let is_unit =
        unit.chars().count() <= 4 && !unit.contains(|c: char| c.is_whitespace() || c.is_ascii_digit() || is_numeral(c));
    let value = (number * scale * 1e6).round();
    #[allow(clippy::cast_possible_truncation)]
    is_unit.then_some(sign * value as i64)
}

fn is_numeral(c: char) -> bool {
    "零〇○一二两兩三四五六七八九十百千".contains(c)
}

/// A Chinese numeral below ten thousand: digit by digit (二〇), or with 十, 百 and 千.
fn numeral_value(text: &str) -> Option<f64> {
    let digit = |c: char| {
        "零一二三四五六七八九"
            .chars()
            .position(|other| other == c)
            .map(|at| at as f64)
    };
    let plain: Vec<char> = text
        .chars()
        .map(|c| match c {
            '〇' | '○' => '零',
            '两' | '兩' => '二',
            c => c,
        })
        .collect();
    if plain.is_empty() {
        return None;
    }
    if !plain.iter().any(|c| "十百千".contains(*c)) {
        return plain.iter().try_fold(0.0, |sum, c| Some(sum * 10.0 + digit(*c)?));
    }
    let (mut sum, mut last) = (0.0, None);
    for c in plain {
        let scale = match c {
            '十' => 10.0,
            '百' => 100.0,
            '千' => 1000.0,
            c => {
                last = digit(c);
                continue;
            }
        };
        sum += last.take().filter(|digit| *digit > 0.0).unwrap_or(1.0) * scale;
    }
    Some(sum + last.unwrap_or(0.0))
}
