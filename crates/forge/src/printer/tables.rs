//! Tables of the years to 2018: label, unit and one or two values a row.

use super::style::{ten_thousands, yuan};
use super::{Printer, Zero};
use crate::data::FormRow;
use crate::doc::{Block, Cell, Key, Line, Piece, Reading, Role, Table, Value};
use crate::vocabulary::Family;

impl Printer<'_> {
    /// The table of the family, with its caption.
    pub(super) fn annex(&mut self, blocks: &mut Vec<Block>) {
        let caption = self
            .dice
            .pick(self.data.words(&format!("caption.{}", self.family.name())));
        let caption = caption.replace("{Y}", &self.year.to_string());
        blocks.push(Block::Heading(2, vec![Piece::text(caption)]));
        let table = match self.family {
            Family::Fujian2009 | Family::Fujian2018 => self.fujian(),
            Family::Shanghai => self.shanghai(),
            _ => self.plain(),
        };
        blocks.push(Block::Table(table));
        for open in ["proactive.channel.total", "response.actions_total"] {
            self.ignore.push(open.to_string());
        }
    }

    /// National table, Linyi sheet, Anhui sheet: indicator, unit, number.
    fn plain(&mut self) -> Table {
        let name = self.family.name();
        let heads = if self.family == Family::Anhui {
            "heads.anhui"
        } else {
            "heads.plain"
        };
        let mut rows = vec![self.head_row(heads)];
        let filled = self.dice.chance(50);
        let mut theme = 0;
        for row in self.data.form(name) {
            let mut cells = self.label_and_unit(row);
            let line = match row.code {
                None => header_mark(row, self.dice.chance(50)),
                Some("proactive.channel.total" | "response.actions_total") if !filled => Vec::new(),
                Some("proactive.theme") => {
                    theme += 1;
                    self.theme(theme - 1)
                }
                Some(code) => self.value(Key::year(code), row.unit),
            };
            cells.push(Cell::new(Role::Value, line));
            rows.push(cells);
        }
        Table {
            rows,
            columns: 3,
            heads: 1,
        }
    }

    /// Fujian: indicator, unit, the year, since the beginning.
    fn fujian(&mut self) -> Table {
        let mut rows = vec![self.head_row(&format!("heads.{}", self.family.name()))];
        for row in self.data.form(self.family.name()) {
            let mut cells = self.label_and_unit(row);
            for key in row
                .code
                .into_iter()
                .flat_map(|code| [Key::year(code), Key::cumulative(code)])
            {
                cells.push(Cell::new(Role::Value, self.value(key, row.unit)));
            }
            rows.push(cells);
        }
        Table {
            rows,
            columns: 4,
            heads: 1,
        }
    }

    /// Shanghai model: indicator, unit, row code, and the number of the year.
    fn shanghai(&mut self) -> Table {
        // Some sheets are those of the last quarter: its numbers stand beside those of the year, and are none of them.
        let quarter = self.dice.chance(30);
        let mut heads = self.head_row("heads.shanghai");
        if !quarter {
            heads.remove(3);
        }
        let mut rows = vec![heads];
        for row in self.data.form("shanghai") {
            let mut cells = self.label_and_unit(row);
            let number = row.id.trim_start_matches("SH");
            cells.push(Cell::words(Role::Unit, number));
            let line = match row.code {
                Some("requests.outcome.denied.exempt_n") => self.exemption(row),
                Some(code) => self.value(Key::year(code), row.unit),
                None => Vec::new(),
            };
            if quarter {
                cells.push(Cell::new(Role::Value, self.part_of_year(&line)));
            }
            cells.push(Cell::new(Role::Value, line));
            rows.push(cells);
        }
        Table {
            rows,
            columns: if quarter { 5 } else { 4 },
            heads: 1,
        }
    }

    /// The number of a quarter: a part of that of the year, and no statistic of the year.
    fn part_of_year(&mut self, line: &Line) -> Line {
        let part = |piece: &Piece, percent: i64| match piece.says.first().map(|reading| reading.value) {
            Some(Value::Count(count)) => self.style.digits(count * percent / 100),
            Some(Value::Money(_)) => "0".to_string(),
            _ => piece.text.to_string(),
        };
        let percent = self.dice.between(10, 45);
        line.iter()
            .map(|piece| Piece::mute(piece.kind, part(piece, percent)))
            .collect()
    }

    fn head_row(&self, name: &str) -> Vec<Cell> {
        let year = self.year.to_string();
        let head = |head: &&'static str| Cell::words(Role::Head, head.replace("{Y}", &year));
        self.data.words(name).iter().map(head).collect()
    }

    fn label_and_unit(&mut self, row: &FormRow) -> Vec<Cell> {
        let unit = if row.unit == "——" && self.dice.chance(30) {
            ""
        } else {
            row.unit
        };
        vec![
            Cell::words(Role::Label, self.style.label(row.label)),
            Cell::words(Role::Unit, unit),
        ]
    }

    /// A value in the unit of its row.
    fn value(&self, key: Key, unit: &str) -> Line {
        let Some(value) = self.facts.get(&key) else {
            return Vec::new();
        };
        match value {
            Value::Money(fen) if fen != 0 || self.style.zero == Zero::Digit => {
                let text = if unit == "元" { yuan(fen) } else { ten_thousands(fen) };
                vec![Piece::number(text, Reading::sure(key, value))]
            }
            _ => self.cell(key, value),
        }
    }

    fn theme(&self, at: usize) -> Line {
        let Some((label, count)) = self.facts.themes.get(at) else {
            return Vec::new();
        };
        let key = Key {
            label: (*label).into(),
            ..Key::year("proactive.theme")
        };
        self.cell(key, Value::Count(*count))
    }

    /// A numbered exemption: its label is part of the key, as the table prints it.
    fn exemption(&self, row: &FormRow) -> Line {
        let number = row.id.trim_start_matches("SH").parse::<i64>().unwrap_or(25) - 24;
        let label = format!("“免予公开范围{number}”数");
        let key = Key {
            label: label.into(),
            ..Key::year("requests.outcome.denied.exempt_n")
        };
        self.facts
            .get(&key)
            .map_or_else(Vec::new, |value| self.cell(key, value))
    }
}

/// Rows that only head others carry dashes or nothing.
fn header_mark(row: &FormRow, dashes: bool) -> Line {
    if dashes && row.unit == "——" {
        vec![Piece::text("——")]
    } else {
        Vec::new()
    }
}
