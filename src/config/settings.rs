//! What one scan is asked to do: `authlint.toml` and the command line, merged. Reads nothing and
//! knows neither flags nor files by name.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::globs::Globs;
use super::rule_matches;
use crate::endpoint::declared::Declarations;
use crate::finding::{Confidence, Severity};
use crate::source::Str;

#[derive(Clone, Debug)]
pub struct Settings {
    /// Absolute, links resolved but for a file's own name: folders and files to scan.
    pub paths: Vec<PathBuf>,
    /// Absolute, links resolved: the folder that every reported path is relative to. The current folder when all of
    /// `paths` lie in it, so that a reader can open what a report names; else their common folder.
    pub root: PathBuf,
    /// Left out besides what ignore files leave out. Each is asked in turn: file, then command line.
    pub exclude: Vec<Globs>,
    /// Bytes; larger files are left out.
    pub max_size: u64,
    /// Hidden files too.
    pub hidden: bool,
    /// `.gitignore`, `.ignore` and the like are heeded.
    pub ignore_files: bool,
    pub rules: Selection,
    /// Advice and low confidence are reported too.
    pub strict: bool,
    pub min_severity: Severity,
    pub min_confidence: Confidence,
    /// By the names that check pages declare.
    pub limits: BTreeMap<Str, f64>,
    /// Folders with the user's own pages.
    pub pages: Vec<PathBuf>,
    /// One for each processor when absent.
    pub threads: Option<usize>,
    /// Ignore comments count; otherwise what they name is reported as if they were not there.
    pub honour_suppressions: bool,
    /// What the project says of its endpoints.
    pub declarations: Declarations,
}

/// Which rules are reported where.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Of the project; empty: every rule.
    pub select: Vec<Str>,
    pub ignore: Vec<Str>,
    /// For some paths, the later the stronger.
    pub overrides: Vec<ByPath>,
    /// Typed for this run; nothing outside it is reported. Empty: no such bound.
    pub only: Vec<Str>,
    /// Typed for this run: stronger than everything.
    pub never: Vec<Str>,
}

#[derive(Clone, Debug, Default)]
pub struct ByPath {
    pub paths: Globs,
    pub select: Vec<Str>,
    pub ignore: Vec<Str>,
}

pub const DEFAULT_MAX_SIZE: u64 = 1 << 20;

impl Default for Settings {
    fn default() -> Self {
        Self {
            paths: Vec::new(),
            root: PathBuf::new(),
            exclude: Vec::new(),
            max_size: DEFAULT_MAX_SIZE,
            hidden: false,
            ignore_files: true,
            rules: Selection::default(),
            strict: false,
            min_severity: Severity::Low,
            min_confidence: Confidence::Medium,
            limits: BTreeMap::new(),
            pages: Vec::new(),
            threads: None,
            honour_suppressions: true,
            declarations: Declarations::default(),
        }
    }
}

impl Settings {
    /// May this rule be reported in this file? `path` is relative to `root`. Whether an advice rule
    /// is reported at all is another question: `named` or `strict` says yes.
    pub fn enabled(&self, rule: &str, path: &str) -> bool {
        self.rules.enabled(rule, path)
    }

    /// Was this rule asked for by its full id? Then it is reported although it is advice.
    pub fn named(&self, rule: &str) -> bool {
        let rules = &self.rules;
        let by_path = rules.overrides.iter().flat_map(|o| &o.select);
        rules.select.iter().chain(by_path).chain(&rules.only).any(|written| written == rule)
    }

    /// Is this path left out by a glob of the settings? `path` is relative to `root`.
    pub fn excluded(&self, path: &str, is_folder: bool) -> bool {
        self.exclude.iter().any(|globs| globs.matches(path, is_folder))
    }
}

impl Selection {
    fn enabled(&self, rule: &str, path: &str) -> bool {
        if names(&self.never, rule) || !(self.only.is_empty() || names(&self.only, rule)) {
            return false;
        }
        // Typed in full, a rule is wanted now, whatever the project usually leaves out.
        let typed = self.only.iter().any(|written| written == rule);
        let mut on = match self.only.is_empty() {
            true => self.select.is_empty() || names(&self.select, rule),
            false => true,
        };
        on &= typed || !names(&self.ignore, rule);
        for place in self.overrides.iter().filter(|o| o.paths.matches(path, false)) {
            on |= names(&place.select, rule);
            on &= !names(&place.ignore, rule);
        }
        on
    }
}

fn names(written: &[Str], rule: &str) -> bool {
    written.iter().any(|word| rule_matches(word, rule))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn list(words: &[&str]) -> Vec<Str> {
        words.iter().map(Str::new).collect()
    }

    fn paths(glob: &str) -> Globs {
        Globs::new(&[glob], Path::new("/p"), Path::new("/p")).unwrap_or_default()
    }

    #[test]
    fn an_area_is_not_any_beginning() {
        assert!(rule_matches("jwt", "jwt-alg-none"));
        assert!(rule_matches("jwt-*", "jwt-alg-none"));
        assert!(rule_matches("jwt-al*", "jwt-alg-none"));
        assert!(!rule_matches("jwt-al", "jwt-alg-none"));
        assert!(rule_matches("jwt-alg-none", "jwt-alg-none"));
        assert!(!rule_matches("", "jwt-alg-none"));
    }

    #[test]
    fn the_command_line_is_stronger_than_paths_and_paths_than_the_project() {
        let mut rules = Selection {
            select: list(&["jwt"]),
            ignore: list(&["jwt-a"]),
            overrides: vec![
                ByPath { paths: paths("x/**"), select: list(&["jwt-a", "tls-c"]), ignore: list(&["jwt-b"]) },
                ByPath { paths: paths("x/y/**"), ignore: list(&["tls"]), ..ByPath::default() },
            ],
            ..Selection::default()
        };
        assert!(!rules.enabled("jwt-a", "m.ts"));
        assert!(rules.enabled("jwt-b", "m.ts"));
        assert!(!rules.enabled("tls-c", "m.ts"));
        assert!(rules.enabled("jwt-a", "x/m.ts"));
        assert!(!rules.enabled("jwt-b", "x/m.ts"));
        assert!(rules.enabled("tls-c", "x/m.ts"));
        assert!(!rules.enabled("tls-c", "x/y/m.ts"));

        rules.only = list(&["jwt-a", "cors"]);
        assert!(rules.enabled("jwt-a", "m.ts"), "named in full beats the project's ignore");
        assert!(!rules.enabled("jwt-b", "m.ts"));
        assert!(!rules.enabled("tls-c", "x/m.ts"), "an override does not widen what was typed");
        assert!(rules.enabled("cors-d", "m.ts"));
        rules.only = list(&["jwt"]);
        assert!(!rules.enabled("jwt-a", "m.ts"), "an area leaves the project's ignore alone");
        rules.never = list(&["jwt-b"]);
        assert!(!rules.enabled("jwt-b", "m.ts"));
    }
}
