//! What the readable codebook says, from the first line to the last: how to read the tables, the tables, the forms, the
//! categories, the identities, the values of columns.
//!
//! Made from the lexicon and the tables' lists of columns alone; knows nothing of a snapshot's rows.

use std::collections::BTreeMap;

use gongkai_lexicon::{GuideText, Lexicon, Template};

use super::categories;
use super::document::{Block, Line};
use super::identities;
use crate::column::{ColumnKind, sorted};
use crate::datapackage::{Resource, resources};

/// The document.
pub(super) fn book(lexicon: &Lexicon) -> Vec<Block> {
    let tables = resources();
    let mut blocks = vec![
        heading(
            1,
            "top",
            Line::of("Codebook of the gongkai dataset (政府信息公开工作年度报告)"),
        ),
        Block::Paragraph(
            Line::of("Every table, column, category and check of this snapshot. Domain data ")
                .code(&lexicon.version)
                .plain("."),
        ),
        Block::Contents,
        heading(2, "guide", Line::of("How to read the tables")),
    ];
    blocks.extend(guide(lexicon));
    blocks.push(heading(2, "tables", Line::of("Tables and their columns")));
    for table in &tables {
        blocks.extend(table_blocks(table));
    }
    blocks.push(heading(2, "forms", Line::of("The printed forms")));
    blocks.push(forms(lexicon));
    blocks.push(heading(2, "categories", Line::of("Categories")));
    blocks.extend(categories::blocks(lexicon));
    blocks.push(heading(2, "identities", Line::of("Identities (勾稽关系)")));
    blocks.extend(identities::blocks(lexicon));
    blocks.push(heading(2, "values", Line::of("Values of columns")));
    blocks.extend(values(lexicon, &tables));
    blocks
}

/// A heading.
pub(super) fn heading(level: u8, id: &str, text: Line) -> Block {
    Block::Heading {
        level,
        id: id.to_owned(),
        text,
    }
}

fn guide(lexicon: &Lexicon) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut headings = 0;
    for piece in &lexicon.codebook.guide {
        match (piece, blocks.last_mut()) {
            (GuideText::Heading(text), _) => {
                headings += 1;
                blocks.push(heading(3, &format!("guide-{headings}"), Line::of(text)));
            }
            (GuideText::Text(text), _) => blocks.push(Block::Paragraph(Line::of(text))),
            (GuideText::Code(line), Some(Block::Program(text))) => {
                text.push('\n');
                text.push_str(line);
            }
            (GuideText::Code(line), _) => blocks.push(Block::Program(line.clone())),
        }
    }
    blocks
}

fn table_blocks(table: &Resource) -> Vec<Block> {
    let mut terms = vec![
        ("A row", vec![Line::of(table.description)]),
        ("Files", vec![Line::default().code(table.files)]),
    ];
    if !table.key.is_empty() {
        terms.push(("Key", vec![Line::default().code(&table.key.join(", "))]));
    }
    let rows = table.columns.iter().map(|column| {
        let kind = match column.kind {
            ColumnKind::Enum(_) => Line::of("one of ").link(format!("values-{}", column.name), "a few names"),
            kind => Line::of(kind.in_words()),
        };
        let kind = if column.nullable {
            kind.plain(", may be null")
        } else {
            kind
        };
        vec![Line::default().code(column.name), kind, Line::of(column.description)]
    });
    vec![
        heading(3, &format!("table-{}", table.name), Line::default().code(table.name)),
        Block::Terms(terms),
        Block::Table {
            head: vec!["column", "type", "meaning"],
            rows: rows.collect(),
        },
    ]
}

/// The years a form was in use, as people write them.
pub(super) fn years(form: &Template) -> String {
    let years = form.years.to_string();
    match years.strip_suffix('-') {
        Some(first) => format!("from {first}"),
        None => years,
    }
}

fn forms(lexicon: &Lexicon) -> Block {
    let rows = lexicon.templates.iter().map(|(_, form)| {
        let mut title = form.title.clone();
        if let Some(base) = form.extends {
            title = format!("{title}; rows put into `{}`", lexicon.templates.get(base).name);
        }
        vec![
            Line::default().code(&form.name),
            Line::of(&years(form)),
            Line::of(&title),
            Line::of(&form.source),
        ]
    });
    Block::Table {
        head: vec!["form", "reports on", "what it is", "document or where it was read"],
        rows: rows.collect(),
    }
}

/// Each column that holds one of a few names, once, with what the names mean.
fn values(lexicon: &Lexicon, tables: &[Resource]) -> Vec<Block> {
    let mut columns: Vec<(&str, Vec<&str>)> = enums(tables);
    // Short names that no list in the program holds: reasons, codes of problems.
    for (column, name) in lexicon.codebook.explained() {
        let place = columns
            .iter()
            .position(|(known, _)| *known == column)
            .unwrap_or_else(|| {
                columns.push((column, Vec::new()));
                columns.len() - 1
            });
        if let Some((_, names)) = columns.get_mut(place).filter(|(_, names)| !names.contains(&name)) {
            names.push(name);
        }
    }
    let mut blocks = Vec::new();
    for (column, names) in columns {
        let of: Vec<String> = tables
            .iter()
            .filter(|table| table.columns.iter().any(|found| found.name == column))
            .map(|table| format!("`{}`", table.name))
            .collect();
        let meaning = |name: &str| lexicon.codebook.meaning(column, name).unwrap_or_default().to_owned();
        let rows = names
            .iter()
            .map(|name| vec![Line::default().code(name), Line::of(&meaning(name))]);
        blocks.push(heading(3, &format!("values-{column}"), Line::default().code(column)));
        blocks.push(Block::Paragraph(Line::of(&format!("In {}.", of.join(", ")))));
        blocks.push(Block::Table {
            head: vec!["value", "meaning"],
            rows: rows.collect(),
        });
    }
    blocks
}

/// Every column with a fixed list of names, by name.
fn enums(tables: &[Resource]) -> Vec<(&'static str, Vec<&'static str>)> {
    let columns = tables.iter().flat_map(|table| &table.columns);
    // Columns of one name in two tables may have other values.
    let mut enums: BTreeMap<&'static str, Vec<&'static str>> = BTreeMap::new();
    for column in columns {
        if let ColumnKind::Enum(names) = column.kind {
            enums.entry(column.name).or_default().extend(sorted(names));
        }
    }
    for names in enums.values_mut() {
        names.sort_unstable();
        names.dedup();
    }
    enums.into_iter().collect()
}
