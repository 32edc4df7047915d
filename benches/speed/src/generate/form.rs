//! The tables of the official forms, filled with figures that keep the forms' identities.
//!
//! Labels of rows come from `data/template_rows.tsv`, so that the forms stand in one place.

use super::chance::Chance;

/// A cell of a grid: its text and how many columns and rows it spans.
#[derive(Debug, Clone)]
pub struct Cell {
    /// What is printed.
    pub text: String,
    /// Columns.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
}

/// Rows of cells.
pub type Grid = Vec<Vec<Cell>>;

/// A row of a form as the data has it.
#[derive(Debug, Clone)]
pub struct FormRow {
    id: &'static str,
    depth: usize,
    label: String,
    unit: &'static str,
    /// Whether figures stand in the row.
    has_figures: bool,
}

const ROWS: &str = include_str!("../../../../data/template_rows.tsv");
/// Applicant columns of section three without the total.
const APPLICANTS: usize = 6;

/// The rows of a form in their printed order.
pub fn form(name: &str) -> Vec<FormRow> {
    let rows = ROWS.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter_map(|columns| match columns.as_slice() {
        [form, id, depth, label, _, unit, figures, ..] if *form == name => Some(FormRow {
            id,
            depth: depth.parse().unwrap_or(0),
            label: printed(label),
            unit,
            has_figures: !figures.is_empty(),
        }),
        _ => None,
    })
    .collect()
}

/// The data has half-width punctuation, pages have full-width.
fn printed(label: &str) -> String {
    let wide = |character| match character {
        '(' => '（',
        ')' => '）',
        ',' => '，',
        ':' => '：',
        other => other,
    };
    label.chars().map(wide).collect()
}

fn cell(text: impl Into<String>, columns: usize, rows: usize) -> Cell {
    Cell {
        text: text.into(),
        columns,
        rows,
    }
}

/// Section two from its file: cells between bars, `n:` before a cell that spans n columns.
pub fn section_two(filled: &str) -> Grid {
    let rows = filled.lines().filter(|line| !line.starts_with('#'));
    rows.map(|line| {
        line.split('|')
            .map(|text| match text.split_once(':') {
                Some((columns, text)) => cell(text, columns.parse().unwrap_or(1), 1),
                None => cell(text, 1, 1),
            })
            .collect()
    })
    .collect()
}

/// What section three says in its total column.
#[derive(Debug, Clone, Copy)]
pub struct Requests {
    /// New requests (本年新收).
    pub received: u64,
    /// Disposed ones (总计).
    pub disposed: u64,
    /// Carried out (结转下年度).
    pub carried_out: u64,
}

/// Section three: new and carried-in requests equal disposed and carried-out ones, outcomes add up to the disposed,
/// applicants to the total.
pub fn section_three(rows: &[FormRow], chance: &mut Chance) -> (Grid, Requests) {
    let scale = match chance.between(0, 9) {
        0..=5 => 12,
        6..=8 => 90,
        _ => 700,
    };
    let mut table: Vec<Vec<u64>> = rows.iter().map(|row| outcome(row, scale, chance)).collect();
    let at = |suffix: &str| rows.iter().position(|row| row.id.ends_with(suffix));
    let mut requests = Requests {
        received: 0,
        disposed: 0,
        carried_out: 0,
    };
    if let (Some(new), Some(carried_in), Some(total), Some(carried_out)) = (at("-01"), at("-02"), at("-90"), at("-91"))
    {
        for column in 0..APPLICANTS {
            let disposed: u64 = table.iter().map(|row| row.get(column).copied().unwrap_or(0)).sum();
            let out = if disposed > 0 {
                chance.between(0, disposed / 8)
            } else {
                0
            };
            let back = chance.between(0, (disposed + out).min(scale / 6));
            for (row, value) in [
                (new, disposed + out - back),
                (carried_in, back),
                (total, disposed),
                (carried_out, out),
            ] {
                if let Some(value_of) = table.get_mut(row) {
                    value_of.push(value);
                }
            }
        }
        let sum = |row: usize| table.get(row).map_or(0, |row| row.iter().sum());
        requests = Requests {
            received: sum(new),
            disposed: sum(total),
            carried_out: sum(carried_out),
        };
    }
    (matrix(rows, &table), requests)
}

/// Figures of an outcome row; rows that follow from others get theirs later.
fn outcome(row: &FormRow, scale: u64, chance: &mut Chance) -> Vec<u64> {
    let follows = ["-01", "-02", "-90", "-91"]
        .iter()
        .any(|suffix| row.id.ends_with(suffix));
    if follows || !row.has_figures {
        return Vec::new();
    }
    let mut figures = vec![0; APPLICANTS];
    let is_usual = row.depth == 1 || chance.happens(35);
    for (column, figure) in figures.iter_mut().enumerate() {
        *figure = match (column, is_usual) {
            (0, true) => chance.between(0, scale),
            (1, true) => chance.between(0, scale / 5),
            _ if chance.happens(4) => chance.between(0, 2),
            _ => 0,
        };
    }
    figures
}

fn matrix(rows: &[FormRow], table: &[Vec<u64>]) -> Grid {
    let mut grid = vec![
        vec![
            Cell {
                text: "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）".to_owned(),
                columns: 3,
                rows: 3,
            },
            cell("申请人情况", APPLICANTS + 1, 1),
        ],
        vec![cell("自然人", 1, 2), cell("法人或其他组织", 5, 1), cell("总计", 1, 2)],
        ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
            .map(|name| cell(name, 1, 1))
            .to_vec(),
    ];
    // Headings wait until their first row is printed.
    let mut line = Vec::new();
    for (index, (row, figures)) in rows.iter().zip(table).enumerate() {
        if !row.has_figures {
            let below = rows.iter().skip(index + 1).take_while(|other| other.depth > row.depth);
            line.push(cell(
                row.label.clone(),
                1,
                below.filter(|other| other.has_figures).count(),
            ));
            continue;
        }
        line.push(cell(row.label.clone(), 3 - row.depth, 1));
        line.extend(figures.iter().map(|figure| cell(figure.to_string(), 1, 1)));
        line.push(cell(figures.iter().sum::<u64>().to_string(), 1, 1));
        grid.push(std::mem::take(&mut line));
    }
    grid
}

/// Section four: each total is the sum of its four results.
pub fn section_four(chance: &mut Chance) -> Grid {
    let results = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"];
    let mut figures = Vec::new();
    for _ in 0..3 {
        let most = if chance.happens(40) { 0 } else { 9 };
        let parts: Vec<u64> = (0..4).map(|_| chance.between(0, most)).collect();
        figures.extend(parts.iter().map(ToString::to_string));
        figures.push(parts.iter().sum::<u64>().to_string());
    }
    let mut second: Vec<Cell> = results.map(|name| cell(name, 1, 2)).to_vec();
    second.extend([cell("未经复议直接起诉", 5, 1), cell("复议后起诉", 5, 1)]);
    vec![
        vec![cell("行政复议", 5, 1), cell("行政诉讼", 10, 1)],
        second,
        [results, results]
            .concat()
            .into_iter()
            .map(|name| cell(name, 1, 1))
            .collect(),
        figures.into_iter().map(|figure| cell(figure, 1, 1)).collect(),
    ]
}

/// The national table of 2014: channels, replies and refusals add up.
pub fn national(rows: &[FormRow], chance: &mut Chance) -> Grid {
    let figures = national_figures(chance);
    let mut grid = vec![["统计指标", "单位", "统计数"].map(|text| cell(text, 1, 1)).to_vec()];
    for row in rows {
        let figure = figures.iter().find(|(id, _)| row.id.strip_prefix("N14-") == Some(*id));
        let heading = row.unit.is_empty();
        grid.push(vec![
            cell(row.label.clone(), 1, 1),
            cell(if heading { "——" } else { row.unit }, 1, 1),
            cell(figure.map_or("", |(_, text)| text.as_str()), 1, 1),
        ]);
    }
    grid
}

fn national_figures(chance: &mut Chance) -> Vec<(&'static str, String)> {
    let mut figures: Vec<(&'static str, u64)> = Vec::new();
    let items = chance.between(300, 30_000);
    let channels = chance.split(items, 5);
    let issued = chance.between(1, 60);
    figures.extend([("02", items), ("03", chance.between(0, issued)), ("04", issued)]);
    figures.extend(["06", "07", "08", "09", "10"].into_iter().zip(channels));
    for (all, of_principals) in [("14", "15"), ("16", "17")] {
        let times = chance.between(0, 30);
        figures.extend([(all, times), (of_principals, chance.between(0, times))]);
    }
    figures.extend(["12", "18", "19", "20"].map(|id| (id, chance.between(0, 90))));
    let received = chance.between(1, 400);
    figures.push(("22", received));
    figures.extend(["23", "24", "25", "26"].into_iter().zip(chance.split(received, 4)));
    figures.push(("27", received));
    figures.extend(["28", "29"].into_iter().zip(chance.split(received, 2)));
    let replies = chance.split(received, 8);
    figures.push(("30", received));
    figures.extend(
        ["31", "32", "33", "34", "41", "42", "43", "44"]
            .into_iter()
            .zip(replies.iter().copied()),
    );
    let refused = replies.get(3).copied().unwrap_or(0);
    figures.extend(
        ["35", "36", "37", "38", "39", "40"]
            .into_iter()
            .zip(chance.split(refused, 6)),
    );
    for ids in [["45", "46", "47", "48"], ["49", "50", "51", "52"]] {
        let all = chance.between(0, 12);
        figures.push((ids[0], all));
        figures.extend(ids.into_iter().skip(1).zip(chance.split(all, 3)));
    }
    let staff = chance.between(2, 90);
    figures.push(("58", staff));
    figures.extend(["59", "60"].into_iter().zip(chance.split(staff, 2)));
    figures.extend(["53", "56", "57", "63", "64"].map(|id| (id, chance.between(0, 20))));
    figures.push(("65", chance.between(0, 900)));
    let mut texts: Vec<(&'static str, String)> = figures
        .into_iter()
        .map(|(id, figure)| (id, figure.to_string()))
        .collect();
    for id in ["54", "61"] {
        texts.push((id, format!("{}.{}", chance.between(0, 30), chance.between(1, 9))));
    }
    texts
}
