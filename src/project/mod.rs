//! The facts of all files, joined: which file a module is, which version of a package a file sees.
//! Knows no library and no syntax.

mod exports;
mod manifest_names;
pub mod members;
pub mod names;
pub mod origins;
mod owners;

use std::collections::HashMap;

use crate::endpoint::declared::Declarations;
use crate::facts::{FileFacts, Package};
use crate::source::{Ecosystem, FileId, Str};

pub use manifest_names::is_manifest;

/// What a module specifier, or a name that denotes a module, stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Module {
    /// A file of this project.
    File(FileId),
    /// A folder of this project that is a package without a file of its own (relative path).
    Folder(Str),
    /// A package that is not part of the project: `hono/jwt`, `jose`, `jsonwebtoken`.
    Package(Str),
}

/// A manifest, lock file or resolver configuration, read but not yet understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Relative to the scanned folder, with `/`; those above it begin with `../`.
    pub path: Str,
    pub text: String,
}

/// A part of the project with a manifest of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The manifest's folder, relative; empty for the top.
    pub folder: Str,
    pub ecosystem: Ecosystem,
    /// Its own name, if the manifest gives one.
    pub name: Str,
    pub packages: Vec<Package>,
}

#[derive(Debug, Default)]
pub struct Project {
    /// Relative paths of all files that the walk saw, by `FileId`.
    pub paths: Vec<Str>,
    /// The folders and files that were named for this scan, relative as `paths`.
    pub named: Vec<Str>,
    /// The env files that version control keeps; none outside a repository.
    pub tracked: Option<std::collections::BTreeSet<Str>>,
    /// What the project's settings say of its endpoints.
    pub declared: Declarations,
    /// By `FileId`; none for files that were not lowered.
    pub files: Vec<Option<FileFacts>>,
    /// What a specifier means in a file: every `Import::module` and `Exported::From::module`, and
    /// the names that begin a module path without an import (`crate`, `self`, `super`, names of
    /// sibling packages).
    pub modules: HashMap<(FileId, Str), Module>,
    /// Modules inside a module: `mod x;` children, files of a package folder.
    pub children: HashMap<(Module, Str), Module>,
    /// The deepest folder first.
    pub units: Vec<Unit>,
}

impl Project {
    pub fn facts(&self, file: FileId) -> Option<&FileFacts> {
        self.files.get(file.0 as usize).and_then(Option::as_ref)
    }

    /// The path of a file below the folder that was named for the scan: what lies above it says nothing.
    pub fn path_below(&self, file: FileId) -> &str {
        let path = self.paths.get(file.0 as usize).map_or("", Str::as_str);
        let below = |named: &Str| path.strip_prefix(named.as_str())?.strip_prefix('/');
        self.named.iter().filter_map(below).min_by_key(|rest| rest.len()).unwrap_or(path)
    }

    pub fn module(&self, file: FileId, specifier: &str) -> Option<&Module> {
        self.modules.get(&(file, Str::new(specifier)))
    }

    pub fn child(&self, module: &Module, name: &str) -> Option<&Module> {
        self.children.get(&(module.clone(), Str::new(name)))
    }

    /// The units that a file belongs to, the nearest first.
    pub fn units_of(&self, file: FileId, ecosystem: Ecosystem) -> impl Iterator<Item = &Unit> {
        let path = self.paths.get(file.0 as usize).cloned().unwrap_or_default();
        self.units.iter().filter(move |u| {
            u.ecosystem == ecosystem
                && (u.folder.is_empty()
                    || path.strip_prefix(u.folder.as_str()).is_some_and(|rest| rest.starts_with('/')))
        })
    }

    /// The dependency as the nearest manifest that names it has it; a locked version before a range.
    pub fn package(&self, file: FileId, ecosystem: Ecosystem, name: &str) -> Option<&Package> {
        let mut range = None;
        for unit in self.units_of(file, ecosystem) {
            for package in unit.packages.iter().filter(|p| p.name == name) {
                if package.locked {
                    return Some(package);
                }
                range = range.or(Some(package));
            }
        }
        range
    }
}
