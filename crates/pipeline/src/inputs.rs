//! What must be true of inputs and output before a run begins.

use std::path::Path;

use gongkai_crawl::walk;

use crate::config::{Config, Input};
use crate::run::RunError;

/// Refuses inputs that are missing or empty, and an output inside an input. With `allow_missing`, the former are left
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

/// The output's nearest folder that exists must not be inside an input.
fn check_apart(input: &Input, output: &Path) -> Result<(), RunError> {
    let full = std::path::absolute(output).unwrap_or_else(|_| output.to_owned());
    let existing = full.ancestors().find_map(|folder| folder.canonicalize().ok());
    let inside = match (existing, input.path.canonicalize()) {
        (Some(folder), Ok(root)) => folder.starts_with(&root),
        _ => false,
    };
    if inside {
        Err(RunError::Overlap {
            name: input.name.clone(),
            path: output.to_owned(),
        })
    } else {
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_output_inside_an_input_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let input = Input {
            name: "dumps".to_owned(),
            path: folder.path().join("dumps"),
        };
        std::fs::create_dir_all(&input.path).unwrap();
        for (output, apart) in [
            ("out", true),
            ("dumps", false),
            ("dumps/out", false),
            ("dumps/new/out", false),
        ] {
            assert_eq!(
                check_apart(&input, &folder.path().join(output)).is_ok(),
                apart,
                "{output}"
            );
        }
    }
}
