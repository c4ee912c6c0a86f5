//! What a Rust path means: the module tree by files, crates of the workspace, crates from elsewhere.
//! Reads no `mod` declaration and no `#[path]`: a file that lies where a module would is one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::facts::{FileFacts, Import, ImportName, RegionKind, Value};
use crate::project::Module;
use crate::source::{FileId, Str};

use super::manifests::{Parsed, items};
use super::paths::{Places, folder_of, join, name_of, upwards};
use super::specifiers;

#[derive(Debug, Default)]
pub(super) struct Settings {
    members: Vec<Member>,
}

#[derive(Debug)]
struct Member {
    folder: Str,
    /// As code writes it; empty for a workspace without a package.
    lib: Str,
    lib_path: String,
    /// Targets at places of their own.
    targets: Vec<String>,
}

impl Settings {
    pub(super) fn new(parsed: &[Parsed<'_>]) -> Self {
        let manifests = parsed.iter().filter(|p| p.name == "Cargo.toml" && !p.path.starts_with(".."));
        let members = manifests.map(|p| {
            let lib = &p.doc["lib"];
            let name = lib["name"].as_str().or_else(|| p.doc["package"]["name"].as_str()).unwrap_or_default();
            let kinds = ["bin", "example", "test", "bench"];
            let targets = kinds.iter().flat_map(|kind| items(&p.doc[*kind]));
            Member {
                folder: p.folder.into(),
                lib: name.replace('-', "_").into(),
                lib_path: join(p.folder, lib["path"].as_str().unwrap_or("src/lib.rs")),
                targets: targets.filter_map(|t| Some(join(p.folder, t["path"].as_str()?))).collect(),
            }
        });
        Self { members: members.collect() }
    }
}

/// The module tree of all crates of the project.
pub(super) struct Tree<'p> {
    paths: &'p [Str],
    places: &'p Places,
    /// The crate root for files below a folder.
    roots: BTreeMap<&'p str, FileId>,
    is_root: BTreeSet<FileId>,
    libs: HashMap<Str, FileId>,
}

impl<'p> Tree<'p> {
    pub(super) fn new(paths: &'p [Str], places: &'p Places, settings: &Settings) -> Self {
        let mut tree =
            Tree { paths, places, roots: BTreeMap::new(), is_root: BTreeSet::new(), libs: HashMap::new() };
        let mut named = BTreeSet::new();
        for member in &settings.members {
            named.extend(member.targets.iter().map(String::as_str));
            if let Some(lib) = places.file(&member.lib_path) {
                named.insert(member.lib_path.as_str());
                tree.libs.insert(member.lib.clone(), lib);
            }
        }
        let mut roots: Vec<(&str, FileId)> = Vec::new();
        for (path, file) in rust_files(paths) {
            if named.contains(path) || is_conventional_root(path, settings) {
                tree.is_root.insert(file);
                roots.push((path, file));
            }
        }
        // Where several roots share a folder: the library, then the program, then by name.
        roots.sort_by_key(|(path, _)| (!path.ends_with("lib.rs"), !path.ends_with("main.rs"), *path));
        for (path, file) in roots {
            tree.roots.entry(folder_of(path)).or_insert(file);
        }
        tree
    }

    pub(super) fn children(&self, children: &mut HashMap<(Module, Str), Module>) {
        let mut folders: BTreeMap<&str, Vec<FileId>> = BTreeMap::new();
        for root in &self.is_root {
            folders.entry(folder_of(self.path(*root))).or_default().push(*root);
        }
        for (path, file) in rust_files(self.paths) {
            if self.is_root.contains(&file) {
                continue;
            }
            let (mut module, mut place) = (Module::File(file), place_of(path));
            // Upwards, because a folder may be a module written inside another file.
            while !place.is_empty() {
                let around = folder_of(place);
                let name = Str::new(name_of(place));
                if let Some(roots) = folders.get(around) {
                    for root in roots {
                        children.insert((Module::File(*root), name.clone()), module.clone());
                    }
                    break;
                }
                let parent = self.module_of_folder(around);
                let known = children.insert((parent.clone(), name), module).is_some();
                if known || matches!(parent, Module::File(_)) || around.is_empty() {
                    break;
                }
                (module, place) = (parent, around);
            }
        }
    }

    fn path(&self, file: FileId) -> &'p str {
        self.paths.get(file.0 as usize).map_or("", Str::as_str)
    }

    /// `a/b` is the module of `a/b.rs` or `a/b/mod.rs`, or one without a file of its own.
    fn module_of_folder(&self, folder: &str) -> Module {
        let file = self.places.file(&format!("{folder}.rs"));
        match file.or_else(|| self.places.file(&format!("{folder}/mod.rs"))) {
            Some(file) => Module::File(file),
            None => Module::Folder(folder.into()),
        }
    }

    /// The root of the crate that a file belongs to; a file of no crate is its own.
    fn root_of(&self, file: FileId) -> FileId {
        if self.is_root.contains(&file) {
            return file;
        }
        let around = upwards(folder_of(place_of(self.path(file))));
        around.filter_map(|folder| self.roots.get(folder)).next().copied().unwrap_or(file)
    }

    fn parent_of(&self, module: &Module) -> Option<Module> {
        let place = match module {
            Module::File(file) if self.is_root.contains(file) => return None,
            Module::File(file) => place_of(self.path(*file)),
            Module::Folder(folder) => folder,
            Module::Package(_) => return None,
        };
        let around = folder_of(place);
        let root = self.roots.get(around).map(|root| Module::File(*root));
        Some(root.unwrap_or_else(|| self.module_of_folder(around)))
    }

    /// What the paths of one file begin with, and every path that it imports.
    pub(super) fn resolve(
        &self,
        facts: &FileFacts,
        children: &HashMap<(Module, Str), Module>,
        put: &mut impl FnMut(&str, Module),
    ) {
        let own = Module::File(facts.file);
        let above = if supers_are_inline(facts) { Some(own.clone()) } else { self.parent_of(&own) };
        put("crate", Module::File(self.root_of(facts.file)));
        put("self", own.clone());
        if let Some(above) = &above {
            put("super", above.clone());
        }
        let names = facts.values.iter().filter_map(|node| match &node.value {
            Value::Name(name) => Some(name),
            _ => None,
        });
        for name in names {
            if let Some(lib) = self.libs.get(name) {
                put(name, Module::File(*lib));
            }
        }
        let way = Way { tree: self, facts, own, above, children };
        for specifier in specifiers(facts) {
            way.walk(specifier, put);
        }
    }
}

/// `super` in a test module of the same file is the file itself.
fn supers_are_inline(facts: &FileFacts) -> bool {
    let mut supers = facts.imports.iter().filter(|i| i.module == "super" || i.module.starts_with("super::"));
    let inside =
        |i: &Import| facts.regions.iter().any(|r| r.kind == RegionKind::Test && r.span.contains(&i.span));
    supers.clone().next().is_some() && supers.all(inside)
}

struct Way<'w> {
    tree: &'w Tree<'w>,
    facts: &'w FileFacts,
    own: Module,
    above: Option<Module>,
    children: &'w HashMap<(Module, Str), Module>,
}

impl Way<'_> {
    fn child(&self, module: &Module, name: &str) -> Option<Module> {
        self.children.get(&(module.clone(), Str::new(name))).cloned()
    }

    /// Enters the module of a whole path, or of the longest part of it that is one.
    fn walk(&self, specifier: &str, put: &mut impl FnMut(&str, Module)) {
        let plain = self.unaliased(specifier.trim_start_matches("::"));
        let segments: Vec<&str> = plain.split("::").collect();
        let first = segments.first().copied().unwrap_or_default();
        let (mut at, mut known) = match self.begin(first, specifier.starts_with("::")) {
            Begin::Module(module) => (module, 1),
            Begin::Elsewhere => return put(specifier, Module::Package(plain.replace("::", ".").into())),
            Begin::Unknown => return,
        };
        for segment in segments.iter().skip(1) {
            let next = match *segment {
                "self" => Some(at.clone()),
                "super" => self.tree.parent_of(&at),
                name => self.child(&at, name.trim_start_matches("r#")),
            };
            let Some(next) = next else { break };
            at = next;
            known += 1;
        }
        if known == segments.len() {
            put(specifier, at);
        } else if plain == specifier {
            put(&segments[..known].join("::"), at);
        }
    }

    fn begin(&self, first: &str, outside: bool) -> Begin {
        let module = match first {
            "crate" => Some(Module::File(self.tree.root_of(self.facts.file))),
            "self" => Some(self.own.clone()),
            "super" => return self.above.clone().map_or(Begin::Unknown, Begin::Module),
            _ => {
                let name = first.trim_start_matches("r#");
                let near = if outside { None } else { self.child(&self.own, name) };
                near.or_else(|| self.tree.libs.get(name).map(|lib| Module::File(*lib)))
            }
        };
        match module {
            Some(module) => Begin::Module(module),
            // `use Role::*` is about a type of this file.
            None if first.starts_with(char::is_uppercase) || first.is_empty() => Begin::Unknown,
            None => Begin::Elsewhere,
        }
    }

    /// `use a::b as c; use c::d;`: the path that the first name stands for.
    fn unaliased(&self, path: &str) -> String {
        let mut path = path.to_owned();
        for _ in 0..4 {
            let (first, rest) = path.split_once("::").map_or((path.as_str(), None), |(f, r)| (f, Some(r)));
            // `use time::time` does not rename the crate.
            let renames = |i: &&Import| i.local == first && i.module.split("::").next() != Some(first);
            let alias = self.facts.imports.iter().find(renames);
            let whole = match alias.map(|i| (&i.module, &i.name)) {
                Some((module, ImportName::Module)) if !module.is_empty() => module.to_string(),
                Some((module, ImportName::Named(name))) if !module.is_empty() => format!("{module}::{name}"),
                _ => break,
            };
            path = rest.map_or(whole.clone(), |rest| format!("{whole}::{rest}"));
        }
        path
    }
}

enum Begin {
    Module(Module),
    /// A crate that is no member.
    Elsewhere,
    Unknown,
}

fn rust_files(paths: &[Str]) -> impl Iterator<Item = (&str, FileId)> {
    paths.iter().enumerate().filter(|(_, path)| path.ends_with(".rs")).filter_map(|(i, path)| {
        let file = FileId(u32::try_from(i).ok()?);
        Some((path.as_str(), file))
    })
}

/// The module's own folder: `a/b` for `a/b.rs` and for `a/b/mod.rs`.
fn place_of(path: &str) -> &str {
    path.strip_suffix("/mod.rs").or_else(|| path.strip_suffix(".rs")).unwrap_or(path)
}

fn is_conventional_root(path: &str, settings: &Settings) -> bool {
    let (folder, name) = (folder_of(path), name_of(path));
    let inside = |member: &Member| {
        let below = if member.folder.is_empty() {
            path
        } else {
            path.strip_prefix(&*member.folder)?.strip_prefix('/')?
        };
        let mut parts = below.rsplit('/');
        parts.next();
        let around: Vec<&str> = parts.collect();
        Some(match around.as_slice() {
            [] => name == "build.rs",
            ["src"] => matches!(name, "lib.rs" | "main.rs"),
            ["bin", "src"] | ["examples" | "tests" | "benches"] => true,
            [_, "bin", "src"] | [_, "examples" | "tests" | "benches"] => name == "main.rs",
            _ => false,
        })
    };
    if settings.members.iter().any(|member| inside(member) == Some(true)) {
        return true;
    }
    // Without a manifest: by name, unless it lies inside a crate.
    let in_crate = settings.members.iter().any(|member| super::paths::holds(&member.folder, folder));
    !in_crate && matches!(name, "lib.rs" | "main.rs")
}
