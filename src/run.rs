//! What was typed, done: finds the settings, starts the scan, writes the reports, decides the exit
//! status. Knows no rule, no syntax and no format from inside.

mod init;
mod pages;
mod paths;
mod project;
mod routes;

use std::env;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};

use crate::cli::{Cli, Command, Explain, FailOn, FormatArg, ListFormat, Models, Rules, Scan, SchemaOf, When};
use crate::config::settings::Settings;
use crate::config::{self, ConfigError};
use crate::finding::{Outcome, Severity};
use crate::report::{self, Format};
use crate::rulebook::{PageError, Rulebook};
use crate::scan::disk::{self, ScanError};
use crate::source::Str;
use crate::walk;
use paths::{absolute, common_folder, must_exist, near_command, real, shown};
use project::{project_of, settings};

/// How a run ended that could run at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Clean,
    Findings,
}

/// Why a run could not be done. Each variant is one the user can mend.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum RunError {
    #[error("`{path}` does not exist")]
    NoSuchPath {
        path: String,
        #[help]
        help: String,
    },
    #[error("`{path}` cannot be read: {reason}")]
    Unreadable { path: String, reason: io::Error },
    #[error("no rule is called `{written}`")]
    #[diagnostic(help("{help}"))]
    UnknownRule { written: Str, help: String },
    #[error("`--exclude`: {reason}")]
    BadGlob { reason: String },
    #[error("{problem}")]
    #[diagnostic(help(
        "give every further format a file, for example `--format json=out.json --format human`"
    ))]
    Outputs { problem: String },
    #[error("`{path}` cannot be written: {reason}")]
    Unwritable { path: String, reason: io::Error },
    #[error("{format} shows one state, and `--diff` is about two")]
    #[diagnostic(help("take human, markdown or json"))]
    OneState { format: &'static str },
    #[error("`{path}` is there already, and is left alone")]
    #[diagnostic(help("`authlint init --stdout` prints what would be proposed"))]
    AlreadyThere { path: String },
    #[error("`{path}` is not a folder")]
    #[diagnostic(help("name the top folder of the project"))]
    NoProject { path: String },
    #[error("there is no current folder: {0}")]
    NoFolder(io::Error),
    #[error("`{path}` does not say what it is a page of")]
    #[diagnostic(help(
        "put rules into a folder `checks`, libraries into `models/npm`, `models/pypi`, `models/crates` or `models/any`"
    ))]
    PageOfNoKind { path: String },
    #[error("standard output cannot be written: {0}")]
    Stdout(io::Error),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Page(#[from] Box<PageError>),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Scan(#[from] ScanError),
}

/// Does what was typed; text goes to `out`.
pub fn run(cli: Cli, out: &mut dyn Write) -> Result<Ended, RunError> {
    match cli.command {
        None => scan(&cli.scan, out),
        Some(Command::Scan(typed)) => scan(&typed, out),
        Some(Command::Routes(typed)) => routes::routes(&typed, out),
        Some(Command::Init(typed)) => init::init(&typed, out),
        Some(Command::Explain(typed)) => explain(&typed, out),
        Some(Command::Rules(Rules::List { format, project })) => {
            let (_, book) = project_of(&project, Path::new("."))?;
            match format {
                ListFormat::Human => print(out, &report::rules::list(&book.checks)),
                ListFormat::Json => print(out, &pages::rules_json(&book.checks)),
            }
        }
        Some(Command::Rules(Rules::Test { dir })) => {
            must_exist(&dir, || "give a folder with pages".into())?;
            let book = pages::load(std::slice::from_ref(&dir))?;
            let (text, holds) = pages::test(&book, &dir)?;
            print(out, &text)?;
            Ok(if holds { Ended::Clean } else { Ended::Findings })
        }
        Some(Command::Models(Models::List { project })) => {
            let (_, book) = project_of(&project, Path::new("."))?;
            print(out, &pages::models_list(&book.models))
        }
        Some(Command::Schema { of: SchemaOf::Settings }) => print(out, &config::schema()),
        Some(Command::Schema { of: SchemaOf::Routes }) => print(out, report::routes::SCHEMA),
    }
}

/// The error as people read it.
pub fn describe(error: &RunError) -> String {
    let theme = match color(When::Auto, &io::stderr()) {
        true => GraphicalTheme::unicode(),
        false => GraphicalTheme::unicode_nocolor(),
    };
    let mut text = String::new();
    let handler = GraphicalReportHandler::new_themed(theme).with_links(false).with_width(width());
    match handler.render_report(&mut text, error) {
        Ok(()) => text.trim_end().into(),
        Err(_) => error.to_string(),
    }
}

fn scan(typed: &Scan, out: &mut dyn Write) -> Result<Ended, RunError> {
    // Everything that can be wrong with the request is found before the work begins.
    let targets = targets(&typed.format, typed.output.as_deref(), Format::Human)?;
    let (settings, book) = prepare(typed, &paths_of(&typed.paths))?;
    let outcome = disk::scan(&settings, &book)?;
    let options = report::Options {
        quiet: typed.quiet,
        timings: typed.timings,
        category: typed.category.clone(),
        line_hash: typed.line_hash,
        ..report::Options::default()
    };
    write(&targets, &options, typed.screen.color, out, |format, options| {
        report::render(format, &outcome, &book.checks, options)
    })?;
    Ok(ended(&outcome, typed.fail_on))
}

/// What was typed, or the current folder.
fn paths_of(typed: &[PathBuf]) -> Vec<PathBuf> {
    match typed.is_empty() {
        true => vec![PathBuf::from(".")],
        false => typed.to_vec(),
    }
}

/// Every report to where it goes; colours only for a terminal.
fn write<F: Copy>(
    targets: &[Target<F>],
    options: &report::Options,
    when: When,
    out: &mut dyn Write,
    render: impl Fn(F, &report::Options) -> String,
) -> Result<(), RunError> {
    let options = report::Options { width: width(), ..options.clone() };
    for target in targets {
        match &target.file {
            Some(file) => {
                let text = render(target.format, &options);
                walk::write_atomic(file, text.as_bytes())
                    .map_err(|reason| RunError::Unwritable { path: shown(file), reason })?;
            }
            None => {
                let colored = color(when, &io::stdout());
                let options = report::Options { color: colored, unicode: !dumb(), ..options.clone() };
                print(out, &render(target.format, &options))?;
            }
        }
    }
    Ok(())
}

fn ended(outcome: &Outcome, fail_on: FailOn) -> Ended {
    let fails = |severity: Severity| matches!(fail_on, FailOn::At(least) if severity >= least);
    match outcome.active().any(|finding| fails(finding.severity)) {
        true => Ended::Findings,
        false => Ended::Clean,
    }
}

fn explain(typed: &Explain, out: &mut dyn Write) -> Result<Ended, RunError> {
    let screen = &typed.screen;
    if let Some((file, line)) = place(&typed.what) {
        let file = PathBuf::from(file);
        let asked = Scan { project: typed.project.clone(), ..Scan::default() };
        let (settings, book) = prepare(&asked, std::slice::from_ref(&file))?;
        let file = real(&file)?;
        return print(out, &crate::scan::explain::explain(&settings, &book, &file, line)?);
    }
    let (_, book) = project_of(&typed.project, Path::new("."))?;
    match book.checks.iter().find(|check| check.id == typed.what) {
        Some(check) => print(out, &report::rules::explain(check, color(screen.color, &io::stdout()))),
        None if Path::new(&typed.what).is_file() => Err(RunError::UnknownRule {
            written: typed.what.as_str().into(),
            help: format!("to ask about a file, name a line of it: `authlint explain {}:1`", typed.what),
        }),
        None => Err(unknown_rule(&typed.what, &book)),
    }
}

/// `src/a.ts:42`, and `src/a.ts:42:7` as terminals print it.
fn place(what: &str) -> Option<(&str, u32)> {
    let (before, last) = what.rsplit_once(':')?;
    let last: u32 = last.parse().ok()?;
    match before.rsplit_once(':').map(|(file, line)| (file, line.parse::<u32>())) {
        Some((file, Ok(line))) if !file.is_empty() => Some((file, line)),
        _ if before.is_empty() => None,
        _ => Some((before, last)),
    }
}

/// The settings of a scan of `paths`, names checked, and the pages.
fn prepare(typed: &Scan, paths: &[PathBuf]) -> Result<(Settings, Rulebook), RunError> {
    for path in paths {
        must_exist(path, || near_command(path))?;
    }
    let current = real(Path::new("."))?;
    let paths: Vec<PathBuf> = paths.iter().map(|path| real(path)).collect::<Result<_, _>>()?;
    let common = common_folder(&paths);
    let (found, book) = project_of(&typed.project, &common)?;
    for written in typed.select.iter().chain(&typed.ignore) {
        if !book.checks.iter().any(|check| config::rule_matches(written, &check.id)) {
            return Err(unknown_rule(written, &book));
        }
    }
    let root = match paths.iter().all(|path| path.starts_with(&current)) {
        true => current.clone(),
        false => common,
    };
    Ok((settings(typed, paths, root, &current, found)?, book))
}

struct Target<F> {
    format: F,
    file: Option<PathBuf>,
}

/// Which report goes where; at most one to the terminal, and no two to one file.
fn targets<F: Copy>(
    formats: &[FormatArg<F>],
    output: Option<&Path>,
    default: F,
) -> Result<Vec<Target<F>>, RunError> {
    let mut targets: Vec<Target<F>> =
        formats.iter().map(|arg| Target { format: arg.format, file: arg.file.clone() }).collect();
    if targets.is_empty() {
        targets.push(Target { format: default, file: None });
    }
    let problem = |problem: String| Err(RunError::Outputs { problem });
    let mut open: Vec<&mut Target<F>> = targets.iter_mut().filter(|t| t.file.is_none()).collect();
    match (open.as_mut_slice(), output) {
        ([], Some(file)) => {
            let file = shown(file);
            return problem(format!("`--output {file}` has no report left: every format names its own file"));
        }
        ([only], Some(file)) => only.file = Some(file.to_path_buf()),
        ([], None) | ([_], None) => {}
        _ => return problem("several formats want the same output".into()),
    }
    let mut files: Vec<PathBuf> = Vec::new();
    for file in targets.iter().filter_map(|t| t.file.as_deref()) {
        let path = absolute(file)?;
        if files.contains(&path) {
            return problem(format!("two formats would be written to `{}`", shown(file)));
        }
        if path.is_dir() {
            let reason = io::Error::from(io::ErrorKind::IsADirectory);
            return Err(RunError::Unwritable { path: shown(file), reason });
        }
        files.push(path);
    }
    Ok(targets)
}

fn unknown_rule(written: &str, book: &Rulebook) -> RunError {
    let known = book.checks.iter().map(|check| check.id.as_str());
    let area: Vec<&str> = known.clone().filter(|id| config::rule_matches(written, id)).collect();
    let help = match config::suggestion(written, known, "rule") {
        _ if !area.is_empty() => format!("it is an area; its rules are {}", area.join(", ")),
        Some(near) => format!("{near} `authlint rules list` shows all"),
        None => "`authlint rules list` shows the rules".into(),
    };
    RunError::UnknownRule { written: written.into(), help }
}

fn print(out: &mut dyn Write, text: &str) -> Result<Ended, RunError> {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // The reader (`| head`) has what it wanted.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Ended::Clean),
        Err(error) => Err(RunError::Stdout(error)),
        Ok(()) => Ok(Ended::Clean),
    }
}

/// <https://no-color.org>: set and not empty.
fn color(when: When, stream: &impl IsTerminal) -> bool {
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => stream.is_terminal() && !set("NO_COLOR") && !dumb(),
    }
}

fn dumb() -> bool {
    env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Columns of the terminal, within reason.
fn width() -> usize {
    let said = env::var("COLUMNS").ok().and_then(|text| text.parse::<usize>().ok());
    let seen = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    said.or_else(seen).unwrap_or(100).clamp(60, 200)
}
