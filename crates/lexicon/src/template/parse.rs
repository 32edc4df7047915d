//! Reads the forms, their columns and rows, and refuses what no form can be.

use crate::category::{Categories, CategoryId, CategoryKind};
use crate::label::{label_letters, normalize_label};
use crate::row::Row;
use crate::tsv::{DataError, Table};
use crate::unit::{UnitClass, Units};
use crate::years::Years;

use super::{
    APPLICANTS, Column, ColumnMeaning, ColumnSet, PERIODS, Relation, RowId, Template, TemplateId, TemplateKind,
    TemplateRow,
};

/// The column sets that are asked for by name: section three's, section four's, and what stands beside values.
const SETS_ASKED_FOR: [&str; 3] = ["applicants", "results", "frame"];

/// Reads `templates.tsv`.
pub(super) fn families(table: &Table) -> Result<Vec<Template>, DataError> {
    let kinds = [
        ("list", TemplateKind::List),
        ("matrix", TemplateKind::Matrix),
        ("block", TemplateKind::Block),
        ("line", TemplateKind::Line),
    ];
    let mut templates: Vec<Template> = Vec::new();
    for row in table.rows() {
        let name = row.required("template")?;
        if templates.iter().any(|template| template.name == name) {
            return Err(row.wrong(format!("listed twice: {name}")));
        }
        let kind = row.choice("kind", &kinds)?;
        let extends = match row.get("extends")? {
            "" => None,
            base => Some(extended(row, &templates, base, kind)?),
        };
        templates.push(Template {
            name: name.to_owned(),
            kind,
            years: Years::parse(row, "years")?,
            extends,
            title: row.required("title")?.to_owned(),
            source: row.required("source")?.to_owned(),
        });
    }
    Ok(templates)
}

fn extended(row: Row<'_>, above: &[Template], base: &str, kind: TemplateKind) -> Result<TemplateId, DataError> {
    let reason = "extends a template that is not listed above";
    let id = find_template(above, base).ok_or_else(|| row.unknown(reason, base, names(above), "templates.tsv"))?;
    let is_same = above
        .get(usize::from(id.0))
        .is_some_and(|template| template.kind == kind);
    match is_same {
        true => Ok(id),
        false => Err(row.wrong(format!("extends a template of another kind: {base}"))),
    }
}

fn find_template(templates: &[Template], name: &str) -> Option<TemplateId> {
    (0u16..)
        .zip(templates)
        .find(|(_, template)| template.name == name)
        .map(|(id, _)| TemplateId(id))
}

fn names(templates: &[Template]) -> impl Iterator<Item = &str> {
    templates.iter().map(|template| template.name.as_str())
}

/// Reads `contrasts.tsv`.
pub(super) fn contrasts(table: &Table) -> Result<Vec<String>, DataError> {
    let mut words: Vec<String> = Vec::new();
    for row in table.rows() {
        let word = row.required("word")?;
        if words.iter().any(|other| other == word) {
            return Err(row.wrong(format!("listed twice: {word}")));
        }
        words.push(word.to_owned());
    }
    Ok(words)
}

/// Reads `columns.tsv`.
pub(super) fn columns(table: &Table) -> Result<Vec<ColumnSet>, DataError> {
    let mut sets: Vec<ColumnSet> = Vec::new();
    for row in table.rows() {
        let name = row.required("set")?;
        let index = sets.iter().position(|set| set.name == name).unwrap_or(sets.len());
        if index == sets.len() {
            sets.push(ColumnSet {
                name: name.to_owned(),
                ..ColumnSet::default()
            });
        }
        let set = &mut sets[index];
        let position: usize = row.number("position")?.unwrap_or(0);
        if position != set.columns.len() + 1 {
            return Err(row.wrong(format!("position must be {}, found: {position}", set.columns.len() + 1)));
        }
        let column = column(row)?;
        if set.columns.iter().any(|other| other.name == column.name) {
            return Err(row.wrong(format!("the set has this column already: {}", column.name)));
        }
        if let Some(label) = column.labels.iter().find(|label| set.position(label).is_some()) {
            return Err(row.wrong(format!("another column of the set is called so: {label}")));
        }
        set.push(column);
    }
    match SETS_ASKED_FOR
        .iter()
        .find(|name| sets.iter().all(|set| set.name != **name))
    {
        Some(name) => Err(DataError::Wrong {
            file: table.file.clone(),
            line: 1,
            reason: format!("missing column set: {name}"),
        }),
        None => Ok(sets),
    }
}

fn column(row: Row<'_>) -> Result<Column, DataError> {
    let meanings = [
        ("period", ColumnMeaning::Period),
        ("applicant", ColumnMeaning::Applicant),
        ("part", ColumnMeaning::Part),
        ("ignored", ColumnMeaning::Ignored),
        ("frame", ColumnMeaning::Frame),
    ];
    let (name, meaning) = (row.required("column")?, row.choice("meaning", &meanings)?);
    let known: &[&str] = match meaning {
        ColumnMeaning::Applicant => &APPLICANTS,
        ColumnMeaning::Period => &PERIODS,
        ColumnMeaning::Part | ColumnMeaning::Ignored | ColumnMeaning::Frame => &[],
    };
    if !known.is_empty() && !known.contains(&name) {
        let (meaning, known) = (row.get("meaning")?, known.join(", "));
        return Err(row.wrong(format!("a column of {meaning} must be one of {known}, found: {name}")));
    }
    row.required("labels")?;
    let labels = row.distinct("labels", '|')?;
    Ok(Column {
        name: name.to_owned(),
        meaning,
        labels: keys(row, labels)?,
    })
}

/// The normalised forms of labels, none of which may be nothing.
fn keys<'l>(row: Row<'_>, labels: impl IntoIterator<Item = &'l str>) -> Result<Vec<String>, DataError> {
    let key = |label: &str| match normalize_label(label) {
        key if key.is_empty() => Err(row.wrong(format!("a label without words: {label}"))),
        key => Ok(key.into_owned()),
    };
    labels.into_iter().map(key).collect()
}

/// Reads `template_rows.tsv`.
pub(super) fn rows(
    table: &Table,
    templates: &[Template],
    sets: &[ColumnSet],
    categories: &Categories,
    units: &Units,
) -> Result<Vec<TemplateRow>, DataError> {
    let mut rows: Vec<TemplateRow> = Vec::new();
    for row in table.rows() {
        let name = row.required("row")?;
        if rows.iter().any(|other| other.name == name) {
            return Err(row.wrong(format!("listed twice: {name}")));
        }
        let name = row.required("template")?;
        let template = find_template(templates, name)
            .ok_or_else(|| row.unknown("no such template", name, names(templates), "templates.tsv"))?;
        let depth = depth(row, templates, template, &rows)?;
        let parent = parent_of(&rows, template, depth);
        let line = Line { row, categories, units };
        let parsed = line.read(template, depth, parent, sets)?;
        let beside = |other: &&TemplateRow| other.template == template && other.parent == parent;
        let has_key = |other: &TemplateRow| parsed.keys.iter().find(|key| other.keys.contains(key));
        if let Some(key) = rows.iter().filter(beside).find_map(has_key) {
            return Err(row.wrong(format!("another row at this place has this label: {key}")));
        }
        rows.push(parsed);
    }
    Ok(rows)
}

/// The depth of a row: a form's first row stands at the edge, unless it is put into another form, and no row is more than
/// one deeper than the one above.
fn depth(row: Row<'_>, templates: &[Template], id: TemplateId, above: &[TemplateRow]) -> Result<u8, DataError> {
    row.required("depth")?;
    let depth: u8 = row.number("depth")?.unwrap_or(0);
    let last = above.last().filter(|last| last.template == id);
    if last.is_none() && above.iter().any(|other| other.template == id) {
        return Err(row.wrong(format!(
            "rows of other forms stand between those of: {}",
            row.get("template")?
        )));
    }
    let is_put_in = templates
        .get(usize::from(id.0))
        .is_some_and(|template| template.extends.is_some());
    let most = last.map_or(0, |last| last.depth.saturating_add(1));
    match depth <= most || (last.is_none() && is_put_in) {
        true => Ok(depth),
        false => Err(row.wrong(format!("depth must be at most {most} here: {depth}"))),
    }
}

/// The nearest row above, of the same family, that is less deep.
fn parent_of(before: &[TemplateRow], template: TemplateId, depth: u8) -> Option<RowId> {
    let nearest = before
        .iter()
        .rposition(|row| row.template != template || row.depth < depth)?;
    let found = before.get(nearest).filter(|row| row.template == template);
    found.and_then(|_| u16::try_from(nearest).ok()).map(RowId)
}

/// A line of `template_rows.tsv`, and what it may speak of.
struct Line<'a> {
    row: Row<'a>,
    categories: &'a Categories,
    units: &'a Units,
}

impl Line<'_> {
    fn read(
        &self,
        template: TemplateId,
        depth: u8,
        parent: Option<RowId>,
        sets: &[ColumnSet],
    ) -> Result<TemplateRow, DataError> {
        let row = self.row;
        let label = row.required("label")?;
        let mut keys = keys(row, std::iter::once(label).chain(row.distinct("aliases", '|')?))?;
        keys.sort();
        keys.dedup();
        let relations = [
            ("exact", Relation::Exact),
            ("narrower", Relation::Narrower),
            ("broader", Relation::Broader),
            ("near", Relation::Near),
            ("not_comparable", Relation::NotComparable),
            ("header", Relation::Exact),
        ];
        let relation = row.choice("relation", &relations)?;
        let empty = row.choice(
            "empty",
            &[("blank", "blank"), ("ignored", "ignored"), ("header", "header")],
        )?;
        let header = row.get("relation")? == "header";
        if header != (empty == "header") {
            return Err(row.wrong(format!("relation and empty must both be header, or neither: {empty}")));
        }
        let columns = match header {
            true => None,
            false => Some(self.column_set(sets)?),
        };
        let width = columns.and_then(|set| sets.get(set)).map_or(0, |set| set.columns.len());
        let categories = self.categories(header, width)?;
        Ok(TemplateRow {
            template,
            parent,
            name: row.required("row")?.to_owned(),
            depth,
            label: label.to_owned(),
            key_letters: keys.iter().map(|key| label_letters(key)).collect(),
            keys,
            units: self.units(&categories, width)?,
            columns,
            categories,
            relation,
            header,
            empty_is_silent: empty != "blank",
            note: row.get("note")?.to_owned(),
        })
    }

    fn column_set(&self, sets: &[ColumnSet]) -> Result<usize, DataError> {
        let name = self.row.get("columns")?;
        let names = sets.iter().map(|set| set.name.as_str());
        sets.iter()
            .position(|set| set.name == name)
            .ok_or_else(|| self.row.unknown("no such column set", name, names, "columns.tsv"))
    }

    /// One category for all columns or one for each; a header has neither categories nor columns.
    fn categories(&self, header: bool, width: usize) -> Result<Vec<CategoryId>, DataError> {
        let codes = self.row.distinct("categories", ',')?;
        let columns = self.row.get("columns")?;
        if header && !(codes.is_empty() && columns.is_empty()) {
            let beside = codes.first().unwrap_or(&columns);
            return Err(self
                .row
                .wrong(format!("a header has no columns and categories: {beside}")));
        }
        if !header && codes.len() != 1 && codes.len() != width {
            let found = codes.len();
            return Err(self
                .row
                .wrong(format!("expected 1 or {width} categories, found: {found}")));
        }
        codes
            .into_iter()
            .map(|code| self.categories.named(self.row, code))
            .collect()
    }

    /// No unit, one for all columns or one for each, as the categories have them. `?` behind one says that the form does
    /// not fix it.
    fn units(&self, categories: &[CategoryId], width: usize) -> Result<Vec<String>, DataError> {
        let names = self.row.list("unit", ',')?;
        if names.len() > 1 && names.len() != width {
            let found = names.len();
            return Err(self.row.wrong(format!("expected 1 or {width} units, found: {found}")));
        }
        for (at, name) in names.iter().enumerate() {
            let unit = self.units.exact(name.strip_suffix('?').unwrap_or(name));
            let unit = unit.ok_or_else(|| self.row.unknown("no such unit", name, self.units.names(), "units.tsv"))?;
            let of_unit: &[CategoryId] = match (names.len(), categories.len()) {
                (1, _) | (_, 1) => categories,
                _ => categories.get(at..=at).unwrap_or_default(),
            };
            let is_money = unit.class == UnitClass::Money;
            let fits = |id: &CategoryId| (self.categories.get(*id).kind == CategoryKind::Money) == is_money;
            if !of_unit.iter().all(fits) {
                return Err(self.row.wrong(format!("the unit is not one of the category: {name}")));
            }
        }
        Ok(names.into_iter().map(str::to_owned).collect())
    }
}
