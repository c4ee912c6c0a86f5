//! The pages of a run: those that are built in and those of the user's folders; and lists of them.
//! Knows where pages lie, not what may stand in one.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::RunError;
use super::paths::{real, shown};
use crate::rulebook::{self, Check, Model, Rulebook};
use crate::scan::examples;
use crate::source::{Ecosystem, Str};
use crate::walk;

/// A folder of pages is laid out like the built-in ones: `checks/` and `models/npm/`, `models/pypi/`,
/// `models/crates/`, `models/any/`, or is itself one of these.
pub(super) fn load(folders: &[PathBuf]) -> Result<Rulebook, RunError> {
    let mut book = Rulebook::embedded()?;
    for folder in folders {
        // With its own name before each path, so that `checks` itself can be given.
        let folder = real(folder)?;
        let above = folder.parent().unwrap_or(&folder);
        for page in pages_in(&folder)? {
            let name = page.strip_prefix(above).unwrap_or(&page).to_string_lossy().replace('\\', "/");
            let kind = rulebook::kind_of(&name);
            if kind.is_none() {
                return Err(RunError::PageOfNoKind { path: shown(&page) });
            }
            // Errors name the page; a path that the user can open is better, where it says the same.
            let near = shown(&page);
            let name = if rulebook::kind_of(&near) == kind { near } else { name };
            let unreadable = |reason| RunError::Unreadable { path: shown(&page), reason };
            book.add(&name, &walk::read_text(&page).map_err(unreadable)?)?;
        }
    }
    // A page of the user's takes the place of a built-in rule of the same id.
    let mut seen = BTreeSet::new();
    book.checks.reverse();
    book.checks.retain(|check| seen.insert(check.id.clone()));
    book.finish();
    Ok(book)
}

/// All Markdown files below, but `README.md`; in the order of their paths.
fn pages_in(folder: &Path) -> Result<Vec<PathBuf>, RunError> {
    let mut pages = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        let unreadable = |reason| RunError::Unreadable { path: shown(&folder), reason };
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let kind = entry.file_type().map_err(unreadable)?;
            let path = entry.path();
            let is_page = path.extension().is_some_and(|end| end == "md") && !path.ends_with("README.md");
            // Linked folders are not followed: they may lead in circles.
            if kind.is_dir() {
                waiting.push(path);
            } else if is_page {
                pages.push(path);
            }
        }
    }
    pages.sort();
    Ok(pages)
}

/// Runs the examples of the pages in a folder: text for people, and whether all hold.
pub(super) fn test(book: &Rulebook, folder: &Path) -> Result<(String, bool), RunError> {
    let mut text = String::new();
    let (mut failed, mut count) = (0, 0);
    for path in pages_in(&real(folder)?)? {
        let name = shown(&path);
        let unreadable = |reason| RunError::Unreadable { path: name.clone(), reason };
        let page = rulebook::Page::parse(&name, &walk::read_text(&path).map_err(unreadable)?)?;
        let failures = examples::run(&page, book);
        count += page.examples.len();
        failed += failures.len();
        for failure in failures {
            text.push_str(&format!("{failure}\n"));
        }
    }
    text.push_str(&format!("{count} examples, {failed} failed\n"));
    Ok((text, failed == 0))
}

/// One rule an entry, for programs.
pub(super) fn rules_json(checks: &[Check]) -> String {
    let rules: Vec<_> = checks
        .iter()
        .map(|check| {
            json!({
                "id": check.id.as_str(),
                "title": check.title,
                "severity": check.severity,
                "advice": check.advice,
                "cwe": check.references.cwe,
                "owasp": texts(&check.references.owasp),
                "api": texts(&check.references.api),
                "rfc": texts(&check.references.rfc),
                "limits": texts(check.limits.keys()),
            })
        })
        .collect();
    format!("{:#}\n", json!({ "rules": rules }))
}

fn texts<'a>(words: impl IntoIterator<Item = &'a Str>) -> Vec<&'a str> {
    words.into_iter().map(Str::as_str).collect()
}

/// One library a line: registry, package, what is understood of it.
pub(super) fn models_list(models: &[Model]) -> String {
    let mut lines: Vec<[String; 3]> = models.iter().map(model_line).collect();
    lines.sort();
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let (first, second) = (width(0), width(1));
    lines
        .iter()
        .map(|[a, b, c]| format!("{}\n", format!("{a:first$}  {b:second$}  {c}").trim_end()))
        .collect()
}

fn model_line(model: &Model) -> [String; 3] {
    let registry = match model.ecosystem {
        Ecosystem::Npm => "npm",
        Ecosystem::PyPi => "pypi",
        Ecosystem::Crates => "crates",
        Ecosystem::None => "any",
    };
    let package = if model.package.is_empty() { model.page.as_str() } else { model.package.as_str() };
    let calls = model.calls.iter().filter_map(|call| call.concept);
    let values = model.values.iter().map(|value| value.concept);
    let settings = model.settings.iter().map(|setting| setting.concept);
    let concepts: BTreeSet<&str> = calls.chain(values).chain(settings).map(|concept| concept.name).collect();
    let concepts: Vec<&str> = concepts.into_iter().collect();
    [registry.into(), package.into(), concepts.join(", ")]
}
