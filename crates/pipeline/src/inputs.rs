//! What must be true of inputs and output before a run begins.

use std::path::Path;

use gongkai_crawl::walk;

use crate::config::{Config, Input};
use crate::run::RunError;

/// Refuses inputs that are missing or empty, and inputs and outputs that lie in each other. With `allow_missing`, the former are left
/// out instead; gives the others.
pub(crate) fn check(config: &Config, allow_missing: bool) -> Result<Vec<Input>, RunError> {
    let mut inputs = Vec::new();
    for input in &config.inputs {
        match check_input(input) {
            Ok(()) => inputs.push(input.clone()),
            Err(_) if allow_missing => {}
            Err(error) => return Err(error),
        }
        check_apart(input, &config.output)?;
    }
    Ok(inputs)
}

/// An input that is missing or empty is an unmounted disk, not the end of all reports.
fn check_input(input: &Input) -> Result<(), RunError> {
    let Input { name, path } = input;
    let readable = std::fs::read_dir(path);
    readable.map_err(|error| RunError::Input {
        name: name.clone(),
        path: path.clone(),
        error,
    })?;
    match walk(path, name).next() {
        Some(_) => Ok(()),
        None => Err(RunError::EmptyInput {
            name: name.clone(),
            path: path.clone(),
        }),
    }
}

/// Neither may lie in the other: an output in an input would be read as dumps by the next run, and an input in an output
/// would go with an old snapshot. Of an output that is not there yet, the nearest folder that is counts.
fn check_apart(input: &Input, output: &Path) -> Result<(), RunError> {
    let full = std::path::absolute(output).unwrap_or_else(|_| output.to_owned());
    let existing = full.ancestors().find_map(|folder| folder.canonicalize().ok());
    let (Some(folder), Ok(root)) = (existing, input.path.canonicalize()) else {
        return Ok(());
    };
    if folder.starts_with(&root) {
        return Err(RunError::Overlap {
            name: input.name.clone(),
            path: output.to_owned(),
        });
    }
    // The folder is the output only when it is there.
    match full.canonicalize() {
        Ok(output) if root.starts_with(&output) => Err(RunError::InputInOutput {
            name: input.name.clone(),
            path: input.path.clone(),
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn inputs_and_outputs_do_not_lie_in_each_other() {
        let folder = tempfile::tempdir().unwrap();
        for (input, output, apart) in [
            ("dumps", "out", true),
            ("dumps", "dumps2", true),
            ("dumps", "dumps", false),
            ("dumps", "dumps/out", false),
            ("dumps", "dumps/new/out", false),
            ("out/dumps", "out", false),
            ("out/snapshots/abcdefabcdefabcd", "out", false),
            ("out/../dumps", "out", true),
            ("link", "out", false),
        ] {
            let path = |name: &str| folder.path().join(name);
            std::fs::create_dir_all(path("out/snapshots")).unwrap();
            drop(std::os::unix::fs::symlink(path("out/snapshots"), path("link")));
            std::fs::create_dir_all(path(input)).unwrap();
            let input = Input {
                name: "dumps".to_owned(),
                path: path(input),
            };
            let found = check_apart(&input, &path(output));
            assert_eq!(found.is_ok(), apart, "{} {output}", input.path.display());
        }
    }
}
