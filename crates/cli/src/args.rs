//! The command line.

use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser as _};
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Turns dumps of Chinese open-government-information annual reports into a Parquet dataset.
#[derive(Debug, Parser)]
#[command(name = "gongkai", version, max_term_width = 100)]
pub struct Arguments {
    /// Read the domain data from this folder (laid out like data/) instead of the embedded one
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Walk directories of dumps and publish a snapshot
    #[command(after_help = RUN_CODES)]
    Run(RunOptions),
    /// Read single files and print what they say
    #[command(after_help = EXTRACT_CODES)]
    Extract(ExtractOptions),
    /// Show a file as one HTML page: every count highlighted, beside its values, checks, forms and doubts
    #[command(after_help = EXPLAIN_CODES)]
    Explain(ExplainOptions),
    /// Look a place up: its codes, the years they were valid in, what became of it
    #[command(after_help = PLACE_CODES)]
    Place(PlaceOptions),
    /// Prove a snapshot: every byte, every count by its span, every check by its values
    #[command(after_help = VERIFY_CODES)]
    Verify(VerifyOptions),
    /// Tell what changed between two snapshots, by report and key
    #[command(after_help = DIFF_CODES)]
    Diff(DiffOptions),
    /// Print the codebook: every table, column, category, form and identity
    #[command(after_help = CODEBOOK_CODES)]
    Codebook(CodebookOptions),
}

const RUN_CODES: &str =
    "A configuration is a TOML file: output, jobs, max_reject_share, max_withdrawn_share, keep,
max_file_bytes, max_seconds_per_dump, metrics (figures for Prometheus, written at the end of every run), and [[input]] with
name and path for each directory.
pipelines/nightly.toml explains each. The command line goes before the file.

Exit codes:
  0  done; rejects are normal and counted
  1  failed; the last snapshot stands
  2  wrong usage, configuration or data
  3  done, but somebody should look: the share of failed dumps passed max_reject_share, or dumps that could be read
     before cannot be read now (their rows stay, or are withdrawn where they cannot be used)
  4  another run holds the output";

const EXTRACT_CODES: &str = "Exit codes:
  0  every file was read, or left out on purpose
  1  a file could not be read or is a folder (the others are printed), or the output could not be written
  2  wrong usage or data";

const EXPLAIN_CODES: &str = "Exit codes:
  0  written
  1  the file could not be read, is a folder or no annual report, or the page could not be written
  2  wrong usage or data";

const PLACE_CODES: &str = "Exit codes:
  0  found
  1  no place is called so, or the answer could not be printed
  2  wrong usage or data";

const DIFF_CODES: &str = "Exit codes:
  0  compared, whether the snapshots differ or not
  1  a snapshot could not be read, or the output not be written
  2  wrong usage or data, or no snapshot";

const CODEBOOK_CODES: &str = "Exit codes:
  0  printed
  1  the codebook could not be printed
  2  wrong usage or data";

/// Options of `run`.
#[derive(Debug, Args)]
pub struct RunOptions {
    /// Configuration file; without it, the embedded pipelines/sample.toml
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Directory of dumps, instead of the configured ones; may be given several times
    #[arg(long, value_name = "PATH")]
    pub input: Vec<PathBuf>,
    /// Output folder, instead of the configured one
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Worker threads; 0 means one for each core
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Read every dump, not only those that are new or changed since the last run
    #[arg(long)]
    pub full: bool,
    /// Say what would be done: read and count what is new or changed, write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Publish although an input is missing or empty, or more dumps are gone than max_withdrawn_share allows
    #[arg(long)]
    pub allow_withdrawals: bool,
    /// text: lines for people; json: one object a line (time, level, event, fields), errors and summary included
    #[arg(long, value_enum, default_value_t = Log::Text)]
    pub log_format: Log,
}

/// How lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Log {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Options of `extract`.
#[derive(Debug, Args)]
pub struct ExtractOptions {
    /// Files to read (.html, .htm, .txt, .md)
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// table: observations for people; csv: observations; jsonl: every record, one JSON object a line
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Print instead how each number of the sentences was read: its words, what they mean, the line of the data that fits
    #[arg(long, conflicts_with = "format")]
    pub why: bool,
}

/// How `extract` and `diff` print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Aligned columns
    Table,
    /// Comma-separated values
    Csv,
    /// One JSON object a line
    Jsonl,
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub struct ExplainOptions {
    /// File to read
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Write the HTML here instead of to standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Options of `place`.
#[derive(Debug, Args)]
pub struct PlaceOptions {
    /// Name of a place, township, street or zone, alone or behind those above it, or a code
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Only what was valid on 31 December of this year
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(i16).range(2008..=2100))]
    pub year: Option<i16>,
    /// Lines for people or one JSON object a line
    #[arg(long, value_enum, default_value_t = Log::Text)]
    pub format: Log,
}

const VERIFY_CODES: &str =
    "Each line is a file, the row and report in it, a kind and what was expected and found. The kinds:
  bytes, missing, extra       a file is not as it was written (all but run.json have their hashes)
  schema, count, order, key   columns, numbers of rows, sort order, keys that stand twice, ids
  report                      a row without its report, or that says something else of it
  span, value                 raw is not what stands in the page, or does not give the value
  check                       sides, difference or result are not what the values give
  jurisdiction, duplicate     a code not valid in its year, a duplicate_of that leads nowhere

The next run on the output makes damaged files anew.

Exit codes:
  0  nothing found
  1  something found, or the output could not be written
  2  wrong usage or data, or no snapshot";

/// Options of `verify`.
#[derive(Debug, Args)]
pub struct VerifyOptions {
    /// Output folder of a run (its latest snapshot), or the folder of a snapshot
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// Print at most this many findings of each kind
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub limit: u64,
    /// Print every finding
    #[arg(long, conflicts_with = "limit")]
    pub all: bool,
}

/// A file that is written as Parquet, and says so.
fn parquet_file(path: PathBuf) -> Result<PathBuf, String> {
    match path.extension().is_some_and(|extension| extension == "parquet") {
        true => Ok(path),
        false => Err("its name must end in .parquet; --format csv and jsonl print to standard output".to_owned()),
    }
}

/// Options of `diff`.
#[derive(Debug, Args)]
pub struct DiffOptions {
    /// The snapshot that was: its folder, or an output folder (its latest one)
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The snapshot that is
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// table: totals, then the first 20 differences of each kind; csv and jsonl: every difference
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Print every difference, not the first 20 of each kind
    #[arg(long)]
    pub all: bool,
    /// Write every difference to this Parquet file and print the totals
    #[arg(long, value_name = "FILE.parquet", value_parser = PathBufValueParser::new().try_map(parquet_file), conflicts_with_all = ["format", "all"])]
    pub output: Option<PathBuf>,
}

/// Options of `codebook`.
#[derive(Debug, Args)]
pub struct CodebookOptions {
    /// csv: the categories, for programs; md and html: everything, for people
    #[arg(long, value_enum, default_value_t = CodebookFormat::Csv)]
    pub format: CodebookFormat,
}

/// How `codebook` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CodebookFormat {
    /// One row a category
    Csv,
    /// Markdown with tables
    Md,
    /// One HTML file for a browser
    Html,
}
