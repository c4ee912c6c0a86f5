//! A scan of what lies on the disk, by the settings of a run.

use std::collections::BTreeSet;
use std::time::Instant;

use crate::config::Settings;
use crate::endpoint::declared::Declarations;
use crate::endpoint::survey::Survey;
use crate::finding::{Hidden, Outcome, Problem, Timing};
use crate::lower;
use crate::project::Manifest;
use crate::rulebook::{Check, Rulebook};
use crate::source::{FileId, Str};
use crate::walk::git::GitError;
use crate::walk::{self, Read, Tree, WalkError};

use super::{Files, Request, Understood};

#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ScanError {
    #[error(transparent)]
    Walk(#[from] WalkError),
    #[error("{error}")]
    #[diagnostic(help("{help}"))]
    Git { error: GitError, help: &'static str },
    #[error("the threads of the scan could not be started: {0}")]
    Threads(String),
    #[error("`{0}` is not among the files that are scanned")]
    #[diagnostic(help("is it left out by an ignore file, by its size, or of a kind that is not analysed?"))]
    NotScanned(String),
    #[error("no such line: `{path}` has {lines}, and {line} was asked for")]
    NoSuchLine { path: String, lines: String, line: u32 },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Page(#[from] Box<crate::rulebook::PageError>),
    #[error("`{path}` cannot be read: {reason}")]
    Unreadable { path: String, reason: std::io::Error },
}

impl From<GitError> for ScanError {
    fn from(error: GitError) -> Self {
        ScanError::Git { help: error.help(), error }
    }
}

/// Deeply nested source is walked by recursion.
const STACK: usize = 64 << 20;

/// The files of a walk, under the paths that reports show.
struct Disk {
    tree: Tree,
    paths: Vec<Str>,
    named: Vec<Str>,
    manifests: Vec<Manifest>,
    tracked: Option<BTreeSet<Str>>,
    declared: Declarations,
    options: walk::Options,
}

impl Disk {
    fn new(settings: &Settings) -> Result<Disk, WalkError> {
        let options = walk_options(settings);
        let mut tree = walk::walk(&settings.paths, &options, |name| lower::syntax_of(name).is_some())?;
        // Reports show paths from the folder the user stands in.
        let prefix = match tree.root.strip_prefix(&settings.root) {
            Ok(rest) if !rest.as_os_str().is_empty() => {
                format!("{}/", rest.to_string_lossy().replace('\\', "/"))
            }
            _ => String::new(),
        };
        let shown = |path: &str| -> Str {
            let (mut path, mut prefix) = (path, prefix.as_str());
            while let Some(rest) = path.strip_prefix("../") {
                let Some(above) = prefix.strip_suffix('/') else { break };
                path = rest;
                prefix = above.rfind('/').map_or("", |i| &above[..=i]);
            }
            format!("{prefix}{path}").into()
        };
        tree.files.retain(|f| !settings.excluded(&shown(&f.path), false));
        let paths = tree.files.iter().map(|f| shown(&f.path)).collect();
        let manifests =
            tree.manifests.iter().map(|m| Manifest { path: shown(&m.path), text: m.text.clone() }).collect();
        let tracked = tree.tracked.as_ref().map(|t| t.iter().map(|p| shown(p)).collect());
        for problem in &mut tree.problems {
            problem.path = shown(&problem.path);
        }
        let (named, declared) = (named(settings), settings.declarations.clone());
        Ok(Disk { tree, paths, named, manifests, tracked, declared, options })
    }
}

pub(super) fn walk_options(settings: &Settings) -> walk::Options {
    walk::Options {
        hidden: settings.hidden,
        ignore_files: settings.ignore_files,
        max_bytes: settings.max_size,
        ..walk::Options::default()
    }
}

/// What was named for the scan, relative to the root.
pub(super) fn named(settings: &Settings) -> Vec<Str> {
    let named = settings.paths.iter().filter_map(|p| p.strip_prefix(&settings.root).ok());
    named.map(|p| Str::new(p.to_string_lossy().replace('\\', "/"))).filter(|p| !p.is_empty()).collect()
}

impl Files for Disk {
    fn paths(&self) -> Vec<Str> {
        self.paths.clone()
    }

    fn named(&self) -> Vec<Str> {
        self.named.clone()
    }

    fn manifests(&self) -> &[Manifest] {
        &self.manifests
    }

    fn tracked(&self) -> Option<BTreeSet<Str>> {
        self.tracked.clone()
    }

    fn declarations(&self) -> Declarations {
        self.declared.clone()
    }

    fn read(&self, file: FileId) -> (Result<String, String>, Option<Problem>) {
        let shown = |problem: Option<Problem>| {
            problem.map(|p| Problem { path: self.paths[file.0 as usize].clone(), ..p })
        };
        match walk::read(&self.tree.files[file.0 as usize], &self.options) {
            Read::Text { text, problem } => (Ok(text), shown(problem)),
            Read::Skipped { reason, problem } => (Err(reason), shown(problem)),
        }
    }
}

/// Scans what the settings name; findings below the asked severity and confidence are counted only.
pub fn scan(settings: &Settings, book: &Rulebook) -> Result<Outcome, ScanError> {
    in_pool(settings, || {
        let start = Instant::now();
        let disk = Disk::new(settings)?;
        let walked = start.elapsed();
        let request = request(settings, book);
        let mut outcome = super::scan(&disk, &request.request());
        outcome.timings.insert(0, Timing { stage: "walk", time: walked });
        outcome.elapsed = start.elapsed();
        outcome.problems.extend(disk.tree.problems.iter().cloned());
        outcome.problems.sort_by(|a, b| (&a.path, a.span, a.kind).cmp(&(&b.path, b.span, b.kind)));
        for (reason, count) in &disk.tree.skipped {
            *outcome.coverage.skipped.entry(reason.clone()).or_default() += count;
        }
        super::show(&mut outcome, |finding| {
            let check: Option<&Check> = book.check(&finding.rule);
            let profile = settings.strict
                || settings.named(&finding.rule) && finding.confidence >= settings.min_confidence
                || super::in_default_profile(check, finding.confidence);
            let confident = finding.confidence >= settings.min_confidence || settings.strict;
            match () {
                () if finding.severity < settings.min_severity => Some(Hidden::Severity),
                () if !profile => Some(Hidden::Profile),
                () if !confident => Some(Hidden::Confidence),
                () => None,
            }
        });
        Ok(outcome)
    })
}

/// All that is understood of what the settings name, for questions about it.
pub fn understand(settings: &Settings, book: &Rulebook) -> Result<Understood, ScanError> {
    in_pool(settings, || Ok(super::understand(&Disk::new(settings)?, book, super::Depth::Judged)))
}

/// Who may call what, in the files that the settings name as they lie on the disk.
pub fn survey(settings: &Settings, book: &Rulebook) -> Result<Survey, ScanError> {
    in_pool(settings, || {
        let start = Instant::now();
        let disk = Disk::new(settings)?;
        let walked = start.elapsed();
        let understood = super::understand(&disk, book, super::Depth::Judged);
        let mut survey = super::survey::survey(understood, book);
        survey.timings.insert(0, Timing { stage: "walk", time: walked });
        survey.problems.extend(disk.tree.problems.iter().cloned());
        survey.problems.sort_by(|a, b| (&a.path, a.span, a.kind).cmp(&(&b.path, b.span, b.kind)));
        for (reason, count) in &disk.tree.skipped {
            *survey.coverage.skipped.entry(reason.clone()).or_default() += count;
        }
        survey.elapsed = start.elapsed();
        Ok(survey)
    })
}

/// Runs on threads with stacks that are deep enough for deeply nested source.
pub(super) fn in_pool<T: Send>(
    settings: &Settings,
    work: impl FnOnce() -> Result<T, ScanError> + Send,
) -> Result<T, ScanError> {
    let mut pool = rayon::ThreadPoolBuilder::new().stack_size(STACK);
    if let Some(threads) = settings.threads {
        pool = pool.num_threads(threads);
    }
    pool.build().map_err(|e| ScanError::Threads(e.to_string()))?.install(work)
}

type Enabled<'a> = Box<dyn Fn(&str, &str) -> bool + Sync + 'a>;

/// Owns what a request borrows.
struct Owned<'a> {
    settings: &'a Settings,
    book: &'a Rulebook,
    enabled: Enabled<'a>,
}

fn request<'a>(settings: &'a Settings, book: &'a Rulebook) -> Owned<'a> {
    Owned { settings, book, enabled: Box::new(|rule, path| settings.enabled(rule, path)) }
}

impl Owned<'_> {
    fn request(&self) -> Request<'_> {
        Request {
            book: self.book,
            limits: &self.settings.limits,
            enabled: &*self.enabled,
            honour_suppressions: self.settings.honour_suppressions,
        }
    }
}
