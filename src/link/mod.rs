//! Joins the files of a project: which file an import means, which versions a folder sees.
//! Knows the three ecosystems' rules for modules; knows no library, judges nothing, sees no disk.

mod manifests;
mod manifests_crates;
mod manifests_npm;
mod manifests_pypi;
mod modules_crates;
mod modules_npm;
mod modules_pypi;
mod paths;

use std::collections::{BTreeSet, HashMap};

use crate::facts::{Export, Exported, FileFacts, Import, ImportName, Value};
use crate::finding::Problem;
use crate::project::{Manifest, Module, Project, Unit};
use crate::source::{Ecosystem, FileId, Str};

use paths::Places;

/// What the manifests say of where modules lie. Made once, used in every round.
#[derive(Debug, Default)]
pub struct Resolution {
    npm: modules_npm::Settings,
    pypi: modules_pypi::Settings,
    crates: modules_crates::Settings,
}

/// What the manifests say.
#[derive(Debug, Default)]
pub struct Known {
    /// The deepest folder first.
    pub units: Vec<Unit>,
    pub resolution: Resolution,
    pub problems: Vec<Problem>,
}

#[derive(Debug, Default)]
pub struct Linked {
    /// Files that lowered files import and that are not lowered yet, in the order of their ids.
    pub wanted: Vec<FileId>,
    pub problems: Vec<Problem>,
    /// For `resolve`, after the wanted files were lowered.
    pub resolution: Resolution,
}

/// The first round: manifests, then modules.
pub fn link(project: &mut Project, manifests: &[Manifest]) -> Linked {
    let Known { units, resolution, problems } = known(manifests);
    project.units = units;
    let mut wanted = resolve(project, &resolution, &|_| true);
    wanted.retain(|file| project.facts(*file).is_none());
    Linked { wanted, problems, resolution }
}

/// Reads each manifest once.
pub fn known(manifests: &[Manifest]) -> Known {
    let (parsed, mut problems) = manifests::parse(manifests);
    let (units, more) = manifests::units(&parsed);
    problems.extend(more);
    problems.sort();
    let resolution = Resolution {
        npm: modules_npm::Settings::new(&parsed),
        pypi: modules_pypi::Settings::new(&parsed),
        crates: modules_crates::Settings::new(&parsed),
    };
    Known { units, resolution, problems }
}

/// Only the units, for callers that need no modules.
pub fn units(manifests: &[Manifest]) -> (Vec<Unit>, Vec<Problem>) {
    let Known { units, problems, .. } = known(manifests);
    (units, problems)
}

/// Fills `modules` and `children` for all lowered files. Returns the files that these import and
/// that are not lowered yet; once they are, call it again.
pub fn resolve(
    project: &mut Project,
    resolution: &Resolution,
    follows: &dyn Fn(FileId) -> bool,
) -> Vec<FileId> {
    share_macros(project);
    let places = Places::new(&project.paths);
    if project.children.is_empty() {
        modules_pypi::children(&project.paths, &places, &mut project.children);
    }
    let tree = modules_crates::Tree::new(&project.paths, &places, &resolution.crates);
    tree.children(&mut project.children);
    let imported = modules_pypi::Imported::new(project);

    let mut modules = HashMap::new();
    for facts in project.files.iter().flatten() {
        let Some(path) = project.paths.get(facts.file.0 as usize) else { continue };
        let mut put = |specifier: &str, module: Module| {
            modules.insert((facts.file, Str::new(specifier)), module);
        };
        match facts.ecosystem {
            Ecosystem::Npm => {
                for specifier in specifiers(facts) {
                    if let Some(module) = resolution.npm.resolve(path, specifier, &places) {
                        put(specifier, module);
                    }
                }
            }
            Ecosystem::PyPi => {
                let roots = resolution.pypi.roots(facts.file, path, &imported, &places);
                for specifier in specifiers(facts) {
                    if let Some(module) = roots.resolve(specifier, &places) {
                        put(specifier, module);
                    }
                }
                for specifier in facts.values.iter().flat_map(|v| named_by_text(&v.value)) {
                    if let Some(module @ Module::File(_)) = roots.resolve(specifier, &places) {
                        put(specifier, module);
                    }
                }
            }
            Ecosystem::Crates => tree.resolve(facts, &project.children, &mut put),
            Ecosystem::None => {}
        }
    }
    project.modules.extend(modules);

    let mut wanted = BTreeSet::new();
    for facts in project.files.iter().flatten().filter(|f| follows(f.file)) {
        want(project, facts, &mut wanted);
    }
    wanted.into_iter().collect()
}

/// Macros that the root of a crate imports for all of its files.
fn share_macros(project: &mut Project) {
    let is_shared = |i: &&Import| i.local == Import::MACROS;
    let mut shared: Vec<(Str, Import)> = Vec::new();
    for facts in project.files.iter().flatten() {
        for import in facts.imports.iter().filter(is_shared) {
            let folder = project.units_of(facts.file, facts.ecosystem).next().map(|u| u.folder.clone());
            shared.extend(folder.map(|f| (f, import.clone())));
        }
    }
    if shared.is_empty() {
        return;
    }
    let folders: Vec<Option<Str>> = (0..project.files.len() as u32)
        .map(|f| project.units_of(FileId(f), Ecosystem::Crates).next().map(|u| u.folder.clone()))
        .collect();
    for (facts, folder) in project.files.iter_mut().zip(folders) {
        let (Some(facts), Some(folder)) = (facts, folder) else { continue };
        for (at, import) in &shared {
            let has = facts.imports.iter().any(|i| i.local == Import::MACROS && i.module == import.module);
            if *at == folder && facts.ecosystem == Ecosystem::Crates && !has {
                facts
                    .imports
                    .push(Import { span: crate::source::Span::new(facts.file, 0, 0), ..import.clone() });
            }
        }
    }
}

/// Every module text of a file's imports and re-exports, once.
fn specifiers(facts: &FileFacts) -> BTreeSet<&str> {
    let exported = facts.exports.iter().filter_map(|e| Some(re_export(e)?.0));
    facts.imports.iter().map(|i| i.module.as_str()).chain(exported).filter(|s| !s.is_empty()).collect()
}

/// Modules are also named by texts: `"shop.urls"`, and `"shop.guards.Staff"` for a part of one.
fn named_by_text(value: &Value) -> impl Iterator<Item = &str> {
    let text = match value {
        Value::Text(text) if is_dotted(text) => Some(text.as_str()),
        _ => None,
    };
    text.into_iter().chain(text.and_then(|t| t.rsplit_once('.')).map(|(module, _)| module))
}

fn is_dotted(text: &str) -> bool {
    let is_name = |part: &str| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    text.len() < 160 && text.contains('.') && text.split('.').all(is_name)
}

fn re_export(export: &Export) -> Option<(&str, &str)> {
    match &export.what {
        Exported::From { module, name } => Some((module, name)),
        Exported::Value(_) => None,
    }
}

/// The files that a file names: modules it imports, children it imports by name, and modules that
/// its expressions walk down to (`crate::auth::verify`, `package.module.name`).
fn want(project: &Project, facts: &FileFacts, wanted: &mut BTreeSet<FileId>) {
    let mut add = |module: Option<&Module>| {
        if let Some(Module::File(file)) = module {
            wanted.insert(*file);
        }
    };
    let mut locals: HashMap<&str, &Module> = HashMap::new();
    for Import { local, module, name, .. } in &facts.imports {
        let Some(module) = project.module(facts.file, module) else { continue };
        add(Some(module));
        let named = match name {
            ImportName::Named(name) => project.child(module, name),
            ImportName::Module => Some(module),
            _ => None,
        };
        add(named);
        if let Some(named) = named {
            locals.insert(local, named);
        }
    }
    for (module, name) in facts.exports.iter().filter_map(re_export) {
        let Some(module) = project.module(facts.file, module) else { continue };
        add(Some(module));
        add(project.child(module, name));
    }
    if facts.ecosystem == Ecosystem::Npm {
        return;
    }
    let own = Module::File(facts.file);
    let mut denotes: Vec<Option<&Module>> = Vec::with_capacity(facts.values.len());
    for node in &facts.values {
        let module = match &node.value {
            Value::Name(name) => locals
                .get(name.as_str())
                .copied()
                .or_else(|| project.module(facts.file, name))
                .or_else(|| project.child(&own, name)),
            // A base stands before what is taken from it.
            Value::Field(base, name) => {
                denotes.get(base.0 as usize).copied().flatten().and_then(|base| project.child(base, name))
            }
            Value::Text(_) => {
                named_by_text(&node.value).find_map(|specifier| project.module(facts.file, specifier))
            }
            _ => None,
        };
        add(module);
        denotes.push(module);
    }
}
