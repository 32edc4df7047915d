//! The data package: a Frictionless description of every table of a snapshot, with the size and hash of every file.
//!
//! Describes what was written; writes nothing itself.

use serde_json::{Value, json};

use crate::codebook::CodebookRow;
use crate::column::{ColumnKind, sorted};
use crate::rows::{
    CheckRow, CoverageRow, DumpRow, IndicatorRow, MentionRow, ObservationRow, PageRow, PanelRow, ProblemRow, RejectRow,
    ReportRow, YearCheckRow,
};
use crate::staged::FileInfo;
use crate::table::{ColumnSpec, Row};

/// A table's description.
struct Resource {
    name: &'static str,
    description: &'static str,
    columns: Vec<ColumnSpec>,
    key: &'static [&'static str],
}

impl Resource {
    fn of<R: Row>(key: &'static [&'static str]) -> Self {
        Self {
            name: R::TABLE,
            description: R::DESCRIPTION,
            columns: R::columns(),
            key,
        }
    }
}

fn resources() -> Vec<Resource> {
    vec![
        Resource::of::<ObservationRow>(&[]),
        Resource::of::<MentionRow>(&[]),
        Resource::of::<ReportRow>(&["report_id"]),
        Resource::of::<CheckRow>(&[]),
        Resource::of::<YearCheckRow>(&[]),
        Resource::of::<ProblemRow>(&[]),
        Resource::of::<RejectRow>(&[]),
        Resource::of::<DumpRow>(&[]),
        Resource::of::<PageRow>(&[]),
        Resource::of::<PanelRow>(&["jurisdiction_code", "year", "category", "applicant"]),
        Resource::of::<IndicatorRow>(&["jurisdiction_code", "year", "indicator"]),
        Resource::of::<CoverageRow>(&["jurisdiction_code", "year"]),
        Resource {
            name: "codebook",
            description: "Every category with its labels in every form.",
            columns: CodebookRow::columns(),
            key: &["category"],
        },
    ]
}

/// The description of a snapshot that has these files, sorted by name.
pub(crate) fn datapackage(files: &[FileInfo]) -> Value {
    let resources: Vec<Value> = resources().iter().map(|table| resource(table, files)).collect();
    json!({
        "name": "gongkai",
        "title": "Statistics of Chinese open-government-information annual reports (政府信息公开工作年度报告)",
        "profile": "data-package",
        "resources": resources,
    })
}

fn resource(table: &Resource, files: &[FileInfo]) -> Value {
    let is_of_table = |file: &&FileInfo| {
        let rest = file.name.strip_prefix(table.name);
        rest.is_some_and(|rest| rest.starts_with('/') || rest.starts_with('.'))
    };
    let files: Vec<&FileInfo> = files.iter().filter(is_of_table).collect();
    let is_text = files.first().is_some_and(|file| file.name.ends_with(".csv"));
    let (format, media) = match is_text {
        true => ("csv", "text/csv"),
        false => ("parquet", "application/vnd.apache.parquet"),
    };
    let paths: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let path = match paths.as_slice() {
        [path] => json!(path),
        paths => json!(paths),
    };
    let described: Vec<Value> = files
        .iter()
        .map(|file| json!({ "path": file.name, "rows": file.rows, "bytes": file.bytes, "hash": format!("blake3:{}", file.hash) }))
        .collect();
    let mut schema = json!({ "fields": table.columns.iter().map(field).collect::<Vec<_>>() });
    if let (Some(schema), false) = (schema.as_object_mut(), table.key.is_empty()) {
        schema.insert("primaryKey".to_owned(), json!(table.key));
    }
    json!({
        "name": table.name,
        "description": table.description,
        "profile": "tabular-data-resource",
        "path": path,
        "format": format,
        "mediatype": media,
        "encoding": "utf-8",
        "schema": schema,
        "rows": files.iter().map(|file| file.rows).sum::<u64>(),
        "files": described,
    })
}

fn field(column: &ColumnSpec) -> Value {
    let mut constraints = json!({ "required": !column.nullable });
    if let (Some(constraints), ColumnKind::Enum(names)) = (constraints.as_object_mut(), column.kind) {
        constraints.insert("enum".to_owned(), json!(sorted(names)));
    }
    json!({
        "name": column.name,
        "type": column.kind.frictionless(),
        "description": column.description,
        "constraints": constraints,
    })
}
