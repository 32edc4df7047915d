//! The categories of the codebook, section by section: what each counts, the rows that print it, form by form, and how far
//! its years may be compared.

use std::collections::BTreeMap;

use gongkai_lexicon::{Category, CategoryId, CategoryKind, Lexicon, Relation, TemplateRow};

use super::book::{heading, years};
use super::document::{Block, Line};
use super::identities::{self, Formula};
use super::{derived, series};

/// Every section with its categories.
pub(super) fn blocks(lexicon: &Lexicon) -> Vec<Block> {
    let formulas = identities::by_category(lexicon);
    let mut sections: BTreeMap<usize, Vec<Block>> = BTreeMap::new();
    for (id, category) in lexicon.categories.iter() {
        let blocks = sections.entry(lexicon.codebook.section_of(&category.code)).or_default();
        blocks.push(heading(
            4,
            &category_id(&category.code),
            Line::default().code(&category.code).plain(" ").plain(&category.label),
        ));
        let formulas = formulas.get(&id).map_or(&[][..], Vec::as_slice);
        blocks.push(Block::Terms(terms(lexicon, id, category, formulas)));
    }
    let mut all = Vec::new();
    for (place, blocks) in sections {
        if let Some(section) = lexicon.codebook.sections.get(place) {
            let title = format!("{} ({})", section.title, section.label);
            all.push(heading(
                3,
                &format!("section-{}", section.name),
                Line::default().plain(&title),
            ));
            if !section.note.is_empty() {
                all.push(Block::Paragraph(Line::of(&section.note)));
            }
        }
        all.extend(blocks);
    }
    all
}

/// What links to a category name.
pub(super) fn category_id(code: &str) -> String {
    format!("category-{code}")
}

fn terms(
    lexicon: &Lexicon,
    id: CategoryId,
    category: &Category,
    formulas: &[Formula<'_>],
) -> Vec<(&'static str, Vec<Line>)> {
    let mut terms = vec![("Meaning", vec![Line::of(&category.meaning)])];
    terms.push((
        "Unit",
        vec![match category.kind {
            CategoryKind::Money => Line::of("yuan (CNY), in `amount_cny`; usually printed in ").plain(&category.unit),
            CategoryKind::Count => Line::default().plain(&category.unit).text(", a count"),
            CategoryKind::List => Line::default()
                .plain(&category.unit)
                .text(" a count in an open list: the printed `label` is part of the key"),
        }],
    ));
    if let Some(whole) = category.whole {
        let code = lexicon.categories.code(whole);
        terms.push(("Part of", vec![Line::default().link(category_id(code), code)]));
    }
    terms.push(("Printed as", labels(lexicon, id)));
    terms.push((
        "Comparability",
        vec![match category.comparability.as_str() {
            "" => Line::of("nothing known against comparing the years in which it is printed"),
            text => Line::of(text),
        }],
    ));
    let series: Vec<Line> = series(lexicon, id).map(|text| Line::of(&text)).collect();
    if !series.is_empty() {
        terms.push(("In the panel", series));
    }
    let derived: Vec<Line> = derived(lexicon, id).map(|text| Line::default().plain(&text)).collect();
    if !derived.is_empty() {
        terms.push(("Derived in the panel", derived));
    }
    if !formulas.is_empty() {
        terms.push((
            "Identities",
            formulas.iter().map(|formula| formula.in_short(lexicon)).collect(),
        ));
    }
    let caveats: Vec<Line> = lexicon.codebook.caveats(&category.code).map(Line::of).collect();
    if !caveats.is_empty() {
        terms.push(("Caveats", caveats));
    }
    terms
}

/// The rows that print a category, in the order of the forms.
fn labels(lexicon: &Lexicon, id: CategoryId) -> Vec<Line> {
    let rows = lexicon.templates.rows();
    let printing = rows.filter(|(_, row)| row.categories.contains(&id));
    let lines: Vec<Line> = printing.map(|(_, row)| label(lexicon, id, row)).collect();
    match lines.is_empty() {
        true => vec![Line::of(
            "no row of the known forms; values come from sentences, if at all",
        )],
        false => lines,
    }
}

fn label(lexicon: &Lexicon, id: CategoryId, row: &TemplateRow) -> Line {
    let form = lexicon.templates.get(row.template);
    let mut line = Line::of(&years(form))
        .plain(", ")
        .code(&row.name)
        .plain(": ")
        .plain(&row.label);
    let columns = lexicon.templates.columns(row);
    if row.categories.len() > 1 {
        let place = row.categories.iter().position(|category| *category == id);
        let column = place.and_then(|place| columns.get(place)?.labels.first());
        line = line.plain(&column.map(|label| format!(", column 「{label}」")).unwrap_or_default());
    }
    line = match row.relation {
        Relation::Exact => line,
        relation => line.plain("; ").code(relation.as_str()),
    };
    match row.note.as_str() {
        "" => line,
        note => line.text("; ").text(note),
    }
}
