//! What a Python import means: source roots, packages, namespace folders, relative imports.
//! Knows no library; a name that no root holds is a package from elsewhere.

use std::collections::{HashMap, HashSet};

use crate::project::{Module, Project, Unit};
use crate::source::{Ecosystem, FileId, Str};

use super::manifests::Parsed;
use super::manifests_pypi::{is_manifest, normalize, unit_folder};
use super::paths::{Places, folder_of, holds, join, name_of, upwards};

#[derive(Debug, Default)]
pub(super) struct Settings {
    /// Folders with a manifest, the deepest first.
    folders: Vec<Str>,
}

impl Settings {
    pub(super) fn new(parsed: &[Parsed<'_>]) -> Self {
        let mut folders: Vec<Str> = parsed
            .iter()
            .filter(|p| is_manifest(p.path) && !p.path.starts_with(".."))
            .map(|p| unit_folder(p.path).into())
            .collect();
        folders.sort_by_key(|f: &Str| (std::cmp::Reverse(upwards(f).count()), f.clone()));
        folders.dedup();
        Self { folders }
    }

    /// Where the absolute imports of the file at `path` may begin.
    pub(super) fn roots<'i>(
        &self,
        file: FileId,
        path: &str,
        imported: &'i Imported,
        places: &Places,
    ) -> Roots<'i> {
        let folder = folder_of(path);
        let mut sure: Vec<String> = Vec::new();
        let units = self.folders.iter().filter(|unit| holds(unit, path)).map(Str::as_str);
        for unit in units.chain([""]) {
            sure.extend([join(unit, "src"), unit.to_owned()]);
        }
        sure.retain(|root| places.has_folder(root));
        // The first folder without `__init__.py` is where a script's imports begin, unless others
        // import the folder itself as a (namespace) package.
        let first = upwards(folder).find(|f| !is_package(f, places)).unwrap_or_default();
        let dotted = |root: &String| {
            let below = first.strip_prefix(root.as_str())?.trim_start_matches('/');
            (!below.is_empty()).then(|| below.replace('/', "."))
        };
        // A folder may hold a package of its own name: then that one is meant.
        let inside = |name: &str| {
            let top = name.split('.').next().unwrap_or(name);
            is_package(&join(first, top), places)
        };
        let is_namespace = sure
            .iter()
            .filter_map(dotted)
            .any(|name| imported.packages.contains(&name) && !inside(&name));
        let mut guessed: Vec<String> = Vec::new();
        if !is_namespace && !sure.iter().any(|root| root == first) {
            guessed.push(first.to_owned());
        }
        let around = upwards(first).skip(1).map(str::to_owned).filter(|f| !sure.contains(f));
        let around = around.collect();
        let declared =
            imported.declared.iter().filter(|(unit, _)| holds(unit, path)).map(|(_, names)| names).collect();
        Roots { file, folder: folder.to_owned(), sure, guessed, around, declared }
    }
}

fn is_package(folder: &str, places: &Places) -> bool {
    ["__init__.py", "__init__.pyi"].iter().any(|name| places.file(&join(folder, name)).is_some())
}

/// Where the absolute imports of one file may begin.
pub(super) struct Roots<'i> {
    file: FileId,
    folder: String,
    /// Folders with a manifest, their `src`, the scanned folder.
    sure: Vec<String>,
    guessed: Vec<String>,
    /// All other folders around the file: only for dotted names, which do not fit by chance.
    around: Vec<String>,
    declared: Vec<&'i HashSet<Str>>,
}

impl Roots<'_> {
    pub(super) fn resolve(&self, specifier: &str, places: &Places) -> Option<Module> {
        let dots = specifier.len() - specifier.trim_start_matches('.').len();
        if dots > 0 {
            let up = "../".repeat(dots - 1);
            let below = specifier[dots..].replace('.', "/");
            let target = join(&join(&self.folder, &up), &below);
            return module_at(&target, places);
        }
        let below = specifier.replace('.', "/");
        let found = |root: &String| {
            // A file that imports its own name means the package it is named after.
            module_at(&join(root, &below), places).filter(|m| *m != Module::File(self.file))
        };
        let top = specifier.split('.').next().unwrap_or(specifier);
        let name = normalize(top);
        let declared = self.declared.iter().any(|names| names.contains(name.as_str()));
        let regular = |module: &Module| !declared || matches!(module, Module::File(_));
        let module = self.sure.iter().filter_map(found).find(regular).or_else(|| {
            let guessed = || self.guessed.iter().find_map(found);
            let around = || self.around.iter().filter(|_| specifier.contains('.')).find_map(found);
            if declared { None } else { guessed().or_else(around) }
        });
        Some(module.unwrap_or_else(|| Module::Package(specifier.into())))
    }
}

/// A package folder before a module file before a namespace folder, as the interpreter has it.
fn module_at(path: &str, places: &Places) -> Option<Module> {
    let files = ["/__init__.py", ".py", "/__init__.pyi", ".pyi"];
    let file = files.iter().find_map(|ending| {
        let whole = format!("{path}{ending}");
        places.file(whole.trim_start_matches('/'))
    });
    let folder = || places.has_folder(path).then(|| Module::Folder(path.into()));
    file.map(Module::File).or_else(folder)
}

/// What all files and manifests together say of packages.
pub(super) struct Imported {
    /// Every dotted name that an import of the project walks through.
    packages: HashSet<String>,
    /// By unit folder: normalised names of the packages that it asks for.
    declared: Vec<(Str, HashSet<Str>)>,
}

impl Imported {
    pub(super) fn new(project: &Project) -> Self {
        let mut packages = HashSet::new();
        for facts in project.files.iter().flatten().filter(|f| f.ecosystem == Ecosystem::PyPi) {
            for import in facts.imports.iter().filter(|i| !i.module.starts_with('.')) {
                let mut name = import.module.as_str();
                while packages.insert(name.to_owned()) {
                    let Some((before, _)) = name.rsplit_once('.') else { break };
                    name = before;
                }
            }
        }
        let units = project.units.iter().filter(|u| u.ecosystem == Ecosystem::PyPi);
        let names = |unit: &Unit| unit.packages.iter().map(|p| p.name.clone()).collect();
        Self { packages, declared: units.map(|u| (u.folder.clone(), names(u))).collect() }
    }
}

/// The modules of each folder that holds Python files, near or deep.
pub(super) fn children(paths: &[Str], places: &Places, children: &mut HashMap<(Module, Str), Module>) {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut put = |folder: &str, name: &str, path: &str| {
        if let (Some(parent), Some(child)) = (package(folder, places), module_at(path, places)) {
            children.insert((parent, name.into()), child);
        }
    };
    for path in paths {
        let Some(stem) = path.strip_suffix(".py").or_else(|| path.strip_suffix(".pyi")) else { continue };
        if name_of(stem) != "__init__" {
            put(folder_of(path), name_of(stem), stem);
        }
        for folder in upwards(folder_of(path)) {
            if folder.is_empty() || !seen.insert(folder) {
                break;
            }
            put(folder_of(folder), name_of(folder), folder);
        }
    }
}

fn package(folder: &str, places: &Places) -> Option<Module> {
    let file = ["__init__.py", "__init__.pyi"].iter().find_map(|name| places.file(&join(folder, name)));
    Some(file.map_or_else(|| Module::Folder(folder.into()), Module::File))
}
