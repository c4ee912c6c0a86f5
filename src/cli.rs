//! What was typed. Knows flags and their legal values; what they mean together is decided in `run`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::keys::{CONFIDENCES, SEVERITIES};
use crate::config::{confidence, severity, size};
use crate::finding::{Confidence, Severity};
use crate::report::{Format, routes};
use crate::source::Str;

const ROUTES_EXAMPLES: &str = "\
Examples:
  authlint routes                                the table of the current folder
  authlint routes --unprotected                  only what nobody guards
  authlint routes --format html=endpoints.html   a page to filter and to sort
  authlint routes --diff main                    what changed against a branch, commit or tag
  authlint routes --diff main --fail-on unprotected --format markdown
                                                 for a pull request

Exit status: 0, or 1 as --fail-on says, 2 could not run.";

const SCAN_EXAMPLES: &str = "\
Examples:
  authlint                                   scan the current folder
  authlint services/api --min-severity high  one folder, grave findings only
  authlint --select jwt --strict             everything about tokens, advice included
  authlint --format sarif=out.sarif --format human
                                             a file for code scanning, text for the log
  authlint explain jwt-aud-not-verified      why a rule exists and how to mend
  authlint explain src/auth.ts:42            why there is (no) finding on a line

Exit status: 0 nothing at or above --fail-on, 1 findings, 2 could not run.";

/// Finds authentication and authorization flaws in TypeScript, JavaScript, Python and Rust.
#[derive(Debug, Parser)]
#[command(name = "authlint", version, args_conflicts_with_subcommands = true, after_help = SCAN_EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub scan: Scan,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Scan files and folders (what happens without a command, too)
    #[command(after_help = SCAN_EXAMPLES)]
    Scan(Box<Scan>),
    /// List the endpoints of a service: who may call what, and what guards it
    #[command(after_help = ROUTES_EXAMPLES)]
    Routes(Box<Routes>),
    /// Propose an authlint.toml for a project, with the reason beside each line
    #[command(after_help = "\
Examples:
  authlint init              writes authlint.toml into the current folder
  authlint init --stdout     prints it

A file that is there is never overwritten.")]
    Init(Init),
    /// Explain a rule, or what was seen on a line
    #[command(after_help = "\
Examples:
  authlint explain jwt-no-expiry
  authlint explain src/auth.ts:42")]
    Explain(Explain),
    /// List rules, test pages of your own
    #[command(subcommand)]
    Rules(Rules),
    /// List the libraries that are understood
    #[command(subcommand)]
    Models(Models),
    /// Print the JSON schema of authlint.toml, or of the JSON that `routes` writes
    #[command(after_help = "\
Examples:
  authlint schema > authlint.schema.json
  authlint schema routes")]
    Schema {
        /// Of what
        #[arg(value_enum, default_value_t = SchemaOf::Settings)]
        of: SchemaOf,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// `authlint.toml`
    Settings,
    /// `authlint routes --format json`
    Routes,
}

#[derive(Debug, Subcommand)]
pub enum Rules {
    /// List all rules, one a line
    #[command(after_help = "\
Examples:
  authlint rules list
  authlint rules list --format json")]
    List {
        #[arg(long, value_enum, default_value_t = ListFormat::Human)]
        format: ListFormat,
        #[command(flatten)]
        project: Project,
    },
    /// Run the examples of the rule and library pages in a folder
    #[command(after_help = "\
Example:
  authlint rules test security/authlint")]
    Test { dir: PathBuf },
}

#[derive(Debug, Subcommand)]
pub enum Models {
    /// List all library pages, one a line
    List {
        #[command(flatten)]
        project: Project,
    },
}

#[derive(Debug, Args)]
pub struct Explain {
    /// A rule id, or FILE:LINE
    #[arg(value_name = "RULE | FILE:LINE")]
    pub what: String,
    #[command(flatten)]
    pub project: Project,
    #[command(flatten)]
    pub screen: Screen,
}

/// Where settings and pages come from.
#[derive(Clone, Debug, Default, Args)]
pub struct Project {
    /// Settings file [default: the nearest authlint.toml up to the top of the repository]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Read no settings file
    #[arg(long)]
    pub no_config: bool,
    /// Folder with rule and library pages of your own (repeatable)
    #[arg(long, value_name = "DIR")]
    pub pages: Vec<PathBuf>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct Screen {
    /// Colour in the terminal; NO_COLOR is heeded
    #[arg(long, value_enum, default_value_t = When::Auto)]
    pub color: When,
}

#[derive(Debug, Default, Args)]
pub struct Scan {
    /// Files and folders [default: .]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Report as human, sarif or json; FMT=FILE writes a file (repeatable)
    #[arg(long, value_name = "FMT[=FILE]", help_heading = "Output")]
    pub format: Vec<FormatArg<Format>>,
    /// Write the report to a file instead of the terminal
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// Findings only, no summary
    #[arg(long, short, help_heading = "Output")]
    pub quiet: bool,
    /// Show where the time went
    #[arg(long, help_heading = "Output")]
    pub timings: bool,
    /// Name of this part of a repository in SARIF
    #[arg(long, value_name = "NAME", help_heading = "Output")]
    pub category: Option<String>,
    /// Add GitHub's line hash to SARIF, for uploads that do not use the upload action
    #[arg(long, help_heading = "Output")]
    pub line_hash: bool,
    #[command(flatten, next_help_heading = "Output")]
    pub screen: Screen,

    /// Report only these rules or areas: jwt-alg-none, jwt, jwt-*
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub select: Vec<Str>,
    /// Never report these rules or areas
    #[arg(long, value_name = "RULE", value_delimiter = ',', help_heading = "Rules")]
    pub ignore: Vec<Str>,
    /// Leave out what is less severe: low, medium, high, critical
    #[arg(long, value_name = "SEVERITY", value_parser = one_severity(), hide_possible_values = true, help_heading = "Rules")]
    pub min_severity: Option<Severity>,
    /// Leave out what is less certain: low, medium, high
    #[arg(long, value_name = "CONFIDENCE", value_parser = one_confidence(), hide_possible_values = true, help_heading = "Rules")]
    pub min_confidence: Option<Confidence>,
    /// Report advice and uncertain findings too
    #[arg(long, help_heading = "Rules")]
    pub strict: bool,
    /// Report what ignore comments hide
    #[arg(long, help_heading = "Rules")]
    pub no_suppress: bool,
    /// Exit 1 from this severity on: low, medium, high, critical, never
    #[arg(
        long,
        value_name = "SEVERITY",
        default_value = "low",
        hide_default_value = true,
        help_heading = "Rules"
    )]
    pub fail_on: FailOn,

    #[command(flatten, next_help_heading = "Files")]
    pub files: WhichFiles,

    #[command(flatten, next_help_heading = "Settings")]
    pub project: Project,
    /// Number of threads [default: one for each processor]
    #[arg(long, value_name = "N", help_heading = "Settings")]
    pub threads: Option<NonZeroUsize>,
}

#[derive(Debug, Default, Args)]
pub struct Routes {
    /// Files and folders [default: .]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Only endpoints without authentication that are not public on purpose
    #[arg(long)]
    pub unprotected: bool,
    /// Only what changed since a git revision: endpoints that came, went, or are guarded otherwise
    #[arg(long, value_name = "REV")]
    pub diff: Option<String>,
    /// Exit 1 when there is an endpoint without authentication that is not public on purpose; with
    /// --diff, when one came, or one lost protection: unprotected, never
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = RoutesFailOn::Never, hide_default_value = true, hide_possible_values = true)]
    pub fail_on: RoutesFailOn,

    /// Report as human, json, csv, markdown, html or openapi; FMT=FILE writes a file (repeatable)
    #[arg(long, value_name = "FMT[=FILE]", help_heading = "Output")]
    pub format: Vec<FormatArg<routes::Format>>,
    /// Write the report to a file instead of the terminal
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// Endpoints only, no summary
    #[arg(long, short, help_heading = "Output")]
    pub quiet: bool,
    /// Show where the time went
    #[arg(long, help_heading = "Output")]
    pub timings: bool,
    #[command(flatten, next_help_heading = "Output")]
    pub screen: Screen,

    #[command(flatten, next_help_heading = "Files")]
    pub files: WhichFiles,

    #[command(flatten, next_help_heading = "Settings")]
    pub project: Project,
    /// Number of threads [default: one for each processor]
    #[arg(long, value_name = "N", help_heading = "Settings")]
    pub threads: Option<NonZeroUsize>,
}

#[derive(Debug, Args)]
pub struct Init {
    /// The project's folder
    #[arg(value_name = "PATH", default_value = ".", hide_default_value = true)]
    pub path: PathBuf,
    /// Print the settings instead of writing a file
    #[arg(long)]
    pub stdout: bool,
    /// Folder with rule and library pages of your own (repeatable)
    #[arg(long, value_name = "DIR")]
    pub pages: Vec<PathBuf>,
}

#[derive(Clone, Debug, Default, Args)]
pub struct WhichFiles {
    /// Leave out paths that match (repeatable)
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,
    /// Leave out larger files [default: 1MiB]
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub max_size: Option<u64>,
    /// Hidden files too
    #[arg(long)]
    pub hidden: bool,
    /// Do not heed .gitignore and .ignore
    #[arg(long)]
    pub no_ignore: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum RoutesFailOn {
    #[default]
    Never,
    Unprotected,
}

/// One `--format`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatArg<F> {
    pub format: F,
    pub file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum When {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    Human,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    At(Severity),
    Never,
}

impl Default for FailOn {
    fn default() -> Self {
        FailOn::At(Severity::Low)
    }
}

impl FromStr for FormatArg<Format> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        format_arg(text, &Format::ALL)
    }
}

impl FromStr for FormatArg<routes::Format> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        format_arg(text, &routes::Format::ALL)
    }
}

fn format_arg<F: Copy>(text: &str, all: &[(&str, F)]) -> Result<FormatArg<F>, String> {
    let (word, file) = match text.split_once('=') {
        Some((_, "")) => return Err("a file name is missing after `=`".into()),
        Some((word, file)) => (word, Some(PathBuf::from(file))),
        None => (text, None),
    };
    let known = all.iter().find(|(name, _)| *name == word);
    let format = known.map(|(_, format)| *format).ok_or_else(|| {
        let words: Vec<&str> = all.iter().map(|(word, _)| *word).collect();
        format!("`{word}` is no format; there are {}", words.join(", "))
    })?;
    Ok(FormatArg { format, file })
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "never" {
            return Ok(FailOn::Never);
        }
        severity(text).map(FailOn::At).ok_or_else(|| format!("want one of {}, never", SEVERITIES.join(", ")))
    }
}

fn one_severity() -> impl clap::builder::TypedValueParser<Value = Severity> {
    use clap::builder::TypedValueParser;
    PossibleValuesParser::new(SEVERITIES)
        .try_map(|word| severity(&word).ok_or_else(|| format!("`{word}` is no severity")))
}

fn one_confidence() -> impl clap::builder::TypedValueParser<Value = Confidence> {
    use clap::builder::TypedValueParser;
    PossibleValuesParser::new(CONFIDENCES)
        .try_map(|word| confidence(&word).ok_or_else(|| format!("`{word}` is no confidence")))
}

fn parse_size(text: &str) -> Result<u64, String> {
    size(text).ok_or_else(|| "want a number of bytes, or a size such as 1MB or 512KB".into())
}
