//! The data package: a Frictionless description of every table of a snapshot, with the size and hash of every file.
//!
//! Describes what was written; writes nothing itself.

use serde_json::{Value, json};

use crate::codebook::CodebookRow;
use crate::column::{ColumnKind, sorted};
use crate::rows::{
    ByCategoryRow, CheckRow, CoverageRow, DumpRow, IndicatorRow, MentionRow, ObservationRow, PageRow, PanelRow,
    ProblemRow, RejectRow, ReportRow, YearCheckRow,
};
use crate::staged::FileInfo;
use crate::table::{ColumnSpec, Row};

/// A table's description.
pub(crate) struct Resource {
    /// Name of the table.
    pub name: &'static str,
    /// What a row stands for.
    pub description: &'static str,
    /// The columns, in order.
    pub columns: Vec<ColumnSpec>,
    /// The columns no two rows have in common; empty where that is not so or needs a null.
    pub key: &'static [&'static str],
    /// The files it is in.
    pub files: &'static str,
}

impl Resource {
    fn of<R: Row>(files: &'static str, key: &'static [&'static str]) -> Self {
        Self {
            name: R::TABLE,
            description: R::DESCRIPTION,
            columns: R::columns(),
            key,
            files,
        }
    }
}

/// Every table, in the order the package names them.
pub(crate) fn resources() -> Vec<Resource> {
    vec![
        Resource::of::<ObservationRow>("observations/YEAR/PROVINCE.parquet", &[]),
        Resource::of::<ByCategoryRow>("by_category.parquet", &[]),
        Resource::of::<MentionRow>("mentions/YEAR/PROVINCE.parquet", &[]),
        Resource::of::<ReportRow>("reports.parquet", &["report_id"]),
        Resource::of::<CheckRow>("checks.parquet", &[]),
        Resource::of::<YearCheckRow>("year_checks.parquet", &[]),
        Resource::of::<ProblemRow>("problems.parquet", &[]),
        Resource::of::<RejectRow>("rejects.parquet", &[]),
        Resource::of::<DumpRow>("dumps.parquet", &[]),
        Resource::of::<PageRow>("pages/YEAR/PROVINCE.parquet", &[]),
        Resource::of::<PanelRow>("panel.parquet", &["jurisdiction_code", "year", "category", "applicant"]),
        Resource::of::<IndicatorRow>("indicators.parquet", &["jurisdiction_code", "year", "indicator"]),
        Resource::of::<CoverageRow>("coverage.parquet", &["jurisdiction_code", "year"]),
        Resource {
            name: "codebook",
            description: "Every category with its labels in every form.",
            columns: CodebookRow::columns(),
            key: &["category"],
            files: "codebook.csv",
        },
    ]
}

/// A file that is no table: name of its resource, file, format, media type, description.
const DOCUMENTS: [[&str; 5]; 2] = [
    [
        "codebook-html",
        "codebook.html",
        "html",
        "text/html",
        "The codebook for people: every table, column, category, form and identity, in a browser.",
    ],
    [
        "codebook-markdown",
        "codebook.md",
        "md",
        "text/markdown",
        "The same as Markdown.",
    ],
];

/// The description of a snapshot that has these files, sorted by name.
pub(crate) fn datapackage(files: &[FileInfo]) -> Value {
    let mut resources: Vec<Value> = resources().iter().map(|table| resource(table, files)).collect();
    for document in DOCUMENTS {
        let file = files.iter().find(|file| file.name == document[1]);
        resources.extend(file.map(|file| plain_resource(document, file)));
    }
    json!({
        "name": "gongkai",
        "title": "Statistics of Chinese open-government-information annual reports (政府信息公开工作年度报告)",
        "profile": "data-package",
        "resources": resources,
    })
}

fn plain_resource([name, path, format, media, description]: [&str; 5], file: &FileInfo) -> Value {
    json!({
        "name": name,
        "description": description,
        "profile": "data-resource",
        "path": path,
        "format": format,
        "mediatype": media,
        "encoding": "utf-8",
        "files": [described(file)],
    })
}

/// A file with what proves that it is as it was written.
fn described(file: &FileInfo) -> Value {
    json!({ "path": file.name, "rows": file.rows, "bytes": file.bytes, "hash": format!("blake3:{}", file.hash) })
}

fn resource(table: &Resource, files: &[FileInfo]) -> Value {
    let is_of_table = |file: &&FileInfo| {
        let rest = file.name.strip_prefix(table.name);
        rest.is_some_and(|rest| rest.starts_with('/') || rest == ".parquet" || rest == ".csv")
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
    let described: Vec<Value> = files.iter().map(|file| described(file)).collect();
    let mut schema = json!({ "fields": table.columns.iter().map(field).collect::<Vec<_>>() });
    if let Some(schema) = schema.as_object_mut() {
        if !table.key.is_empty() {
            schema.insert("primaryKey".to_owned(), json!(table.key));
        }
        // Parquet has nulls of its own: an empty text in it is a text, as `raw` is at a blank cell.
        if !is_text {
            schema.insert("missingValues".to_owned(), json!([]));
        }
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
