//! The statutory form, 2019 on: six sections, three tables.

use std::borrow::Cow;

use super::style::{ten_thousands, yuan};
use super::{Printer, Zero};
use crate::data::FormRow;
use crate::doc::{Applicant, Block, Cell, Key, Kind, Line, Piece, Reading, Role, Status, Table, Trust, Value};
use crate::vocabulary::Family;

/// Codes of section four, in printed order: review, litigation directly, litigation after review.
const CASES: [[&str; 5]; 3] = [
    [
        "review.upheld",
        "review.corrected",
        "review.other",
        "review.pending",
        "review.total",
    ],
    [
        "litigation.direct.upheld",
        "litigation.direct.corrected",
        "litigation.direct.other",
        "litigation.direct.pending",
        "litigation.direct.total",
    ],
    [
        "litigation.after_review.upheld",
        "litigation.after_review.corrected",
        "litigation.after_review.other",
        "litigation.after_review.pending",
        "litigation.after_review.total",
    ],
];

impl Printer<'_> {
    pub(super) fn statutory(&mut self, blocks: &mut Vec<Block>) {
        blocks.push(Block::Para(self.paragraph(&["intro"])));
        self.sections("statutory", blocks);
        for open in [
            "requests.closed",
            "requests.received.channel",
            "requests.outcome.denied.total",
            "requests.outcome.unable.total",
            "requests.outcome.unprocessed.total",
            "requests.outcome.granted_or_partial",
            // Slogans of no lost case (零败诉) may be taken for a number or not.
            "litigation.corrected",
        ] {
            self.ignore.push(open.to_string());
        }
        if self.family == Family::Statutory2021 {
            self.ignore.push("requests.outcome.other.total".to_string());
        }
    }

    /// Section two: one table, each item of article 20 with its own head.
    pub(super) fn items(&mut self) -> Block {
        let era = if self.family == Family::Statutory2019 {
            "2019"
        } else {
            "2021"
        };
        let data = self.data;
        let mut rows = Vec::new();
        let mut columns = Vec::new();
        for line in data.items.iter().filter(|line| line.era == era) {
            if line.opens {
                columns = line.cells.clone();
                rows.push(vec![Cell::words(Role::Head, self.style.label(line.label)).span(4, 1)]);
                let heads = spread(columns.len()).into_iter().zip(&columns);
                rows.push(
                    heads
                        .map(|(span, head)| Cell::words(Role::Head, self.head(head)).span(span, 1))
                        .collect(),
                );
                continue;
            }
            let mut row = vec![Cell::words(Role::Label, line.label)];
            for (code, span) in line.cells.iter().zip(spread(columns.len()).into_iter().skip(1)) {
                row.push(Cell::new(Role::Value, self.item_value(code)).span(span, 1));
            }
            rows.push(row);
        }
        Block::Table(Table {
            rows,
            columns: 4,
            heads: 0,
        })
    }

    fn head(&mut self, head: &'static str) -> Cow<'static, str> {
        self.style.label(head)
    }

    fn item_value(&mut self, code: &'static str) -> Line {
        let key = Key::year(code);
        let Some(value) = self.facts.get(&key) else {
            return Vec::new();
        };
        match value {
            Value::Money(fen) if code == "statutory.procurement.amount" => self.procurement(key, fen),
            Value::Money(fen) if fen != 0 => vec![Piece::number(ten_thousands(fen), Reading::sure(key, value))],
            Value::Count(count) if code.ends_with("items_change") && count > 0 && self.dice.chance(60) => {
                vec![Piece::number(format!("+{count}"), Reading::sure(key, value))]
            }
            _ => self.cell(key, value),
        }
    }

    /// The form fixes no unit for this amount: where the cell names none either, the truth leaves it open.
    fn procurement(&mut self, key: Key, fen: i64) -> Line {
        let reading = Reading::sure(key, Value::Money(fen));
        match self.dice.below(4) {
            0 => vec![
                Piece::number(ten_thousands(fen), reading),
                Piece::mute(Kind::Unit, "万元"),
            ],
            1 => {
                self.ignore.push(reading.key.category.to_string());
                vec![Piece::number(
                    yuan(fen),
                    Reading {
                        trust: Trust::Open,
                        ..reading
                    },
                )]
            }
            _ => vec![Piece::number(yuan(fen), reading), Piece::mute(Kind::Unit, "元")],
        }
    }

    /// Section three.
    pub(super) fn matrix(&mut self) -> Block {
        let form = if self.family == Family::Statutory2019 {
            "matrix2019"
        } else {
            "matrix2021"
        };
        let rows = self.data.form(form);
        let mut table = Table {
            rows: self.matrix_heads(),
            columns: 10,
            heads: 3,
        };
        let mut pending = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let label = Cell::words(Role::Label, self.style.label(row.label));
            let Some(code) = row.code else {
                pending.push(label.span(1, rows_below(rows, at)));
                continue;
            };
            let mut cells = std::mem::take(&mut pending);
            cells.push(label.span(3 - row.depth.min(2), 1));
            for applicant in Applicant::COLUMNS {
                let key = Key::of(code, applicant);
                let value = self.facts.get(&key).unwrap_or(Value::Count(0));
                cells.push(Cell::new(Role::Value, self.cell(key, value)));
            }
            table.rows.push(cells);
        }
        Block::Table(table)
    }

    fn matrix_heads(&mut self) -> Vec<Vec<Cell>> {
        let head = |text: &&'static str| Cell::words(Role::Head, *text);
        let corner = self
            .data
            .words("matrix.corner")
            .iter()
            .map(|corner| self.style.label(corner));
        let mut top: Vec<Cell> = corner
            .map(|corner| Cell::words(Role::Head, corner).span(3, 3))
            .collect();
        let mut applicants = self.data.words("matrix.applicants").iter().map(head);
        top.extend(applicants.next().map(|all| all.span(7, 1)));
        let kinds = applicants
            .zip([(1, 2), (5, 1), (1, 2)])
            .map(|(cell, (columns, rows))| cell.span(columns, rows));
        vec![
            top,
            kinds.collect(),
            self.data.words("matrix.legal").iter().map(head).collect(),
        ]
    }

    /// Section four: one line of fifteen numbers.
    pub(super) fn cases(&mut self) -> Block {
        let head = |text: &&'static str| Cell::words(Role::Head, *text);
        let kinds: Vec<Cell> = self.data.words("cases.kinds").iter().map(head).collect();
        let spans = [(5, 2), (10, 1), (5, 1), (5, 1)];
        let mut kinds = kinds
            .into_iter()
            .zip(spans)
            .map(|(cell, (columns, rows))| cell.span(columns, rows));
        let results = self.data.words("cases.results");
        let numbers = CASES.iter().flatten().map(|code| {
            let key = Key::year(code);
            let value = self.facts.get(&key).unwrap_or(Value::Count(0));
            Cell::new(Role::Value, self.cell(key, value))
        });
        let rows = vec![
            kinds.by_ref().take(2).collect(),
            kinds.collect(),
            CASES.iter().flat_map(|_| results.iter().map(head)).collect(),
            numbers.collect(),
        ];
        Block::Table(Table {
            rows,
            columns: 15,
            heads: 3,
        })
    }

    /// A value in a cell, zeros in the manner of the page.
    pub(super) fn cell(&self, key: Key, value: Value) -> Line {
        let is_total = key.applicant == Applicant::All && key.category.ends_with("total");
        let zero = matches!(value, Value::Count(0) | Value::Money(0));
        let (text, status) = match self.style.zero {
            _ if !zero => return self.shown(key, value),
            Zero::Digit => return self.shown(key, value),
            Zero::TotalsOnly if is_total || key.applicant == Applicant::All && self.in_matrix(&key) => {
                return self.shown(key, value);
            }
            Zero::Blank | Zero::TotalsOnly => ("", Status::Blank),
            Zero::Dash => ("-", Status::Blank),
            Zero::Slash => ("/", Status::NotApplicable),
        };
        vec![Piece::number(
            text,
            Reading {
                key,
                value: Value::None,
                status,
                trust: Trust::Sure,
            },
        )]
    }

    fn in_matrix(&self, key: &Key) -> bool {
        self.facts
            .get(&Key::of(key.category, Applicant::NaturalPerson))
            .is_some()
    }

    fn shown(&self, key: Key, value: Value) -> Line {
        let text = match value {
            Value::Count(count) => self.style.digits(count),
            Value::Money(fen) => ten_thousands(fen),
            Value::None => String::new(),
        };
        vec![Piece::number(text, Reading::sure(key, value))]
    }
}

/// How the four columns of section two are shared among the cells of a row.
fn spread(cells: usize) -> Vec<usize> {
    match cells {
        2 => vec![1, 3],
        3 => vec![1, 1, 2],
        _ => vec![1; cells],
    }
}

/// Rows that a row without values heads.
fn rows_below(rows: &[FormRow], at: usize) -> usize {
    rows[at + 1..]
        .iter()
        .take_while(|row| row.depth > rows[at].depth)
        .filter(|row| row.code.is_some())
        .count()
}
