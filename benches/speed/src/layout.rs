//! How observations lie on disk: what a filter reads, what a value takes, how long one category over all years takes. A
//! program looks at two snapshots: one of forged dumps, and one of simulated reports whose files are as full as those of a
//! million reports, but fewer.

use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use serde::Serialize;
use serde_json::Value;

use crate::{corpus, job};

/// Dumps of the forged snapshot.
const FORGED: u64 = 20_000;
/// Reports of the simulated snapshot, its provinces and years: as many in each of its files as a million reports have in
/// the files of 31 provinces and 18 years.
const SIMULATED: [u64; 3] = [64_500, 6, 6];

/// What the program found; its own text says what each figure is.
#[derive(Debug, Clone, Serialize)]
pub struct Layout {
    /// Of 20,000 forged dumps.
    pub forged: Value,
    /// Of simulated reports in full files.
    pub full_files: Value,
}

/// Writes both snapshots below a folder, one after the other, and has the program look at them.
///
/// # Errors
/// When a snapshot cannot be written, or the program fails or tells no figures.
pub fn measure(program: &Path, seed: u64, temp: &Path, jobs: usize) -> anyhow::Result<Layout> {
    let (dumps, output) = (temp.join("layout-dumps"), temp.join("layout"));
    corpus::forge(FORGED, seed, &dumps)?;
    job::whole_job(&dumps, &output, &crate::extractor()?, jobs)?;
    std::fs::remove_dir_all(&dumps)?;
    let forged = look(program, &output, temp)?;
    let [reports, provinces, years] = SIMULATED.map(|number| number.to_string());
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["step", "publish", "--whole-pages", "--reports", &reports]);
    command.args(["--provinces", &provinces, "--years", &years]);
    told(command.args(["--jobs", &jobs.to_string()]).arg("--output").arg(&output))?;
    let full_files = look(program, &output, temp)?;
    Ok(Layout { forged, full_files })
}

/// What the program says of the latest snapshot, which is removed.
fn look(program: &Path, output: &Path, temp: &Path) -> anyhow::Result<Value> {
    let latest = output.join("latest");
    let told = told(Command::new(program).arg(&latest).arg("--scratch").arg(temp))?;
    std::fs::remove_dir_all(output)?;
    serde_json::from_str(told.trim()).with_context(|| format!("{} told no figures: {told}", program.display()))
}

/// What a command prints.
fn told(command: &mut Command) -> anyhow::Result<String> {
    let done = command.output().with_context(|| format!("{command:?}"))?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "{command:?} failed: {}", said.trim());
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

impl fmt::Display for Layout {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let figure =
            |figures: &Value, pointer: &str| figures.pointer(pointer).and_then(Value::as_f64).unwrap_or(f64::NAN);
        let line = |figures: &Value| {
            format!(
                "{:.1} bytes an observation (mark 12), {:.1} more by category; a filter on a category reads {:.1} % of the row groups by category (mark 10), {:.1} % in the folder; one category takes {:.2} times as long as from the best file made for it in polars, {:.2} in DuckDB (mark 1.2), from the folder {:.1} and {:.1} times",
                figure(figures, "/bytes_per_observation"),
                figure(figures, "/by_category_bytes"),
                100.0 * figure(figures, "/category/largest"),
                100.0 * figure(figures, "/category_in_folder/largest"),
                figure(figures, "/scan/ratio/polars"),
                figure(figures, "/scan/ratio/duckdb"),
                figure(figures, "/scan/ratio_folder/polars"),
                figure(figures, "/scan/ratio_folder/duckdb"),
            )
        };
        // The simulated snapshot has few provinces: what it reads for one of them says nothing of a whole country.
        let jurisdiction = 100.0 * figure(&self.forged, "/jurisdiction/largest");
        writeln!(to, "layout     20,000 dumps: {}", line(&self.forged))?;
        writeln!(
            to,
            "           a filter on a jurisdiction reads {jurisdiction:.1} % of the row groups (mark 10)"
        )?;
        write!(to, "           full files: {}", line(&self.full_files))
    }
}
