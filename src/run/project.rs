//! The settings of one run: `authlint.toml` found and read, pages loaded, names checked, flags laid over.

use std::path::{Path, PathBuf};

use super::RunError;
use super::pages::load;
use super::paths::{must_exist, real, shown, tidy};
use crate::cli::{Project, Scan};
use crate::config::globs::Globs;
use crate::config::settings::{ByPath, DEFAULT_MAX_SIZE, Selection, Settings};
use crate::config::{self, Config, FILE_NAME, Word};
use crate::endpoint::declared::Declarations;
use crate::finding::{Confidence, Severity};
use crate::rulebook::Rulebook;
use crate::source::Str;
use crate::walk;

/// The settings file of a project and what its folder decides.
pub(super) struct Found {
    pub config: Config,
    /// Absolute: what its globs are relative to.
    pub folder: PathBuf,
    pub pages: Vec<PathBuf>,
}

/// The settings that hold for a scan of `scanned`, and the pages they name.
pub(super) fn project_of(typed: &Project, scanned: &Path) -> Result<(Found, Rulebook), RunError> {
    let scanned = real(scanned)?;
    let file = match &typed.config {
        Some(file) => {
            must_exist(file, || format!("`--config` wants a settings file such as {FILE_NAME}"))?;
            Some(real(file)?)
        }
        None if typed.no_config => None,
        None => nearest_config(&scanned),
    };
    let mut found = Found { config: Config::default(), folder: scanned, pages: Vec::new() };
    if let Some(file) = file {
        let unreadable = |reason| RunError::Unreadable { path: shown(&file), reason };
        let text = walk::read_text(&file).map_err(unreadable)?;
        found.config = config::parse(&text, &shown(&file))?;
        found.folder = file.parent().unwrap_or(Path::new("/")).to_path_buf();
    }
    found.pages = found.config.pages.iter().map(|dir| tidy(&found.folder.join(dir))).collect();
    for dir in &typed.pages {
        found.pages.push(dir.clone());
    }
    for dir in &found.pages {
        must_exist(dir, || "`pages` wants folders with rule or library pages".into())?;
    }
    let book = load(&found.pages)?;
    let rules = book.checks.iter().map(|check| check.id.as_str());
    let limits = book.checks.iter().flat_map(|check| check.limits.keys().map(Str::as_str));
    found.config.check_names(rules, limits)?;
    Ok((found, book))
}

/// Upward to the top of the repository. Outside of one, a file further up could be anybody's
/// (`/tmp/authlint.toml`), so the search ends at the current folder, or does not go up at all.
pub(super) fn nearest_config(scanned: &Path) -> Option<PathBuf> {
    let current = real(Path::new(".")).ok();
    let top = scanned
        .ancestors()
        .find(|folder| folder.join(".git").exists())
        .or_else(|| current.as_deref().filter(|current| scanned.starts_with(current)))
        .unwrap_or(scanned);
    scanned
        .ancestors()
        .take_while(|folder| folder.starts_with(top))
        .map(|folder| folder.join(FILE_NAME))
        .find(|file| file.is_file())
}

pub(super) fn settings(
    typed: &Scan,
    paths: Vec<PathBuf>,
    root: PathBuf,
    current: &Path,
    found: Found,
) -> Result<Settings, RunError> {
    let Found { config, folder, pages } = found;
    let bad_glob = |reason| RunError::BadGlob { reason };
    let mut overrides = Vec::new();
    for entry in &config.overrides {
        overrides.push(ByPath {
            paths: Globs::new(&entry.paths, &folder, &root).map_err(bad_glob)?,
            select: texts(&entry.select),
            ignore: texts(&entry.ignore),
        });
    }
    let strict = typed.strict || config.strict.unwrap_or(false);
    let least = if strict { Confidence::Low } else { Confidence::Medium };
    // Links are resolved on both sides.
    let whole = paths.iter().any(|path| folder.starts_with(path));
    Ok(Settings {
        declarations: Declarations { whole, ..config.declarations },
        exclude: vec![
            Globs::new(&config.exclude, &folder, &root).map_err(bad_glob)?,
            Globs::new(&typed.files.exclude, current, &root).map_err(bad_glob)?,
        ],
        max_size: typed.files.max_size.or(config.max_size).unwrap_or(DEFAULT_MAX_SIZE),
        hidden: typed.files.hidden,
        ignore_files: !typed.files.no_ignore,
        rules: Selection {
            select: texts(&config.select),
            ignore: texts(&config.ignore),
            overrides,
            only: typed.select.clone(),
            never: typed.ignore.clone(),
        },
        strict,
        min_severity: typed.min_severity.or(config.min_severity).unwrap_or(Severity::Low),
        // Who types --strict wants what the project's own threshold hides.
        min_confidence: typed
            .min_confidence
            .or(config.min_confidence.filter(|_| !typed.strict))
            .unwrap_or(least),
        limits: config.limits.into_iter().map(|(name, limit)| (name, limit.value)).collect(),
        pages,
        threads: typed.threads.map(std::num::NonZeroUsize::get),
        honour_suppressions: !typed.no_suppress,
        paths,
        root,
    })
}

pub(super) fn texts(words: &[Word]) -> Vec<Str> {
    words.iter().map(|word| word.text.clone()).collect()
}
