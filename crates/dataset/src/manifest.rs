//! What `datapackage.json` says of the files of a snapshot: the other side of [`crate::datapackage`].

use std::path::Path;

use serde_json::Value;

use crate::error::{AtPath, DatasetError};
use crate::staged::FileInfo;

/// The file's name.
pub(crate) const PACKAGE: &str = "datapackage.json";

/// A file, and the table it is of.
pub(crate) type TableFileInfo = (String, FileInfo);

/// Reads the files of a snapshot with their tables.
pub(crate) fn read(root: &Path) -> Result<Vec<TableFileInfo>, DatasetError> {
    let path = root.join(PACKAGE);
    let bytes = std::fs::read(&path).at(&path)?;
    let package = serde_json::from_slice(&bytes).map_err(std::io::Error::from).at(&path)?;
    Ok(declared_files(&package))
}

/// The files that a data package names, with their tables.
pub(crate) fn declared_files(package: &Value) -> Vec<TableFileInfo> {
    let list = |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let number = |value: &Value, key: &str| value.get(key).and_then(Value::as_u64).unwrap_or_default();
    let mut files = Vec::new();
    for resource in list(package, "resources") {
        for file in list(&resource, "files") {
            let info = FileInfo {
                name: text(&file, "path"),
                hash: text(&file, "hash").trim_start_matches("blake3:").to_owned(),
                bytes: number(&file, "bytes"),
                rows: number(&file, "rows"),
            };
            files.push((text(&resource, "name"), info));
        }
    }
    files
}
