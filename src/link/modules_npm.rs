//! What a JavaScript import means: relative files, path aliases, workspace packages, packages.
//! Knows no library. Written by hand over the list of paths, because all lookups are in memory and
//! a full resolver would look for installed packages that are not read anyway.

use std::collections::HashMap;

use serde_json::Value as Json;

use crate::project::Module;
use crate::source::{FileId, Str};

use super::manifests::{Parsed, items, members, texts};
use super::paths::{Places, folder_of, join, upwards};

const ENDINGS: &[&str] =
    &[".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json", ".vue", ".svelte"];
/// Folders that builds write to.
const BUILT: &[&str] = &["dist", "build", "lib", "out", "es", "esm", "cjs", "types"];

#[derive(Debug, Default)]
pub(super) struct Settings {
    /// By folder: what its package.json says of modules.
    packages: HashMap<Str, Json>,
    /// By name of a workspace package.
    folders: HashMap<Str, Str>,
    /// By folder: its alias patterns, the first that leads to a file counts.
    aliases: HashMap<Str, Vec<Alias>>,
}

#[derive(Debug)]
struct Alias {
    /// With at most one `*`.
    pattern: String,
    /// Paths from the top, or specifiers of packages when `outside`.
    target: String,
    outside: bool,
}

impl Settings {
    pub(super) fn new(parsed: &[Parsed<'_>]) -> Self {
        let mut settings = Self::default();
        let by_path: HashMap<&str, &Parsed<'_>> = parsed.iter().map(|p| (p.path, p)).collect();
        let mut configs: Vec<&Parsed<'_>> = Vec::new();
        for p in parsed.iter().filter(|p| !p.path.starts_with("..")) {
            match p.name {
                "package.json" => {
                    if let Some(name) = p.doc["name"].as_str().filter(|n| !n.is_empty()) {
                        settings.folders.entry(name.into()).or_insert_with(|| p.folder.into());
                    }
                    let kept = ["exports", "imports", "source", "types", "module", "main"];
                    let doc = kept.iter().map(|key| ((*key).to_owned(), p.doc[*key].clone())).collect();
                    settings.packages.insert(p.folder.into(), Json::Object(doc));
                    settings.module_aliases(p);
                }
                "deno.json" | "deno.jsonc" => settings.import_map(p),
                name if name.starts_with("tsconfig") || name == "jsconfig.json" => configs.push(p),
                _ => {}
            }
        }
        // The name that editors and compilers look for comes first.
        configs.sort_by_key(|p| (p.folder, p.name != "tsconfig.json", p.name));
        for config in configs {
            let mut found = Vec::new();
            settings.typescript(config, &by_path, &mut found);
            settings.aliases.entry(config.folder.into()).or_default().extend(found);
        }
        settings
    }

    /// Names for folders that the program is started with: `"_moduleAliases": { "@lib": "src/lib" }`.
    fn module_aliases(&mut self, p: &Parsed<'_>) {
        let mut named: Vec<(&str, &str)> = texts(&p.doc["_moduleAliases"]).collect();
        // A longer name before a shorter one.
        named.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let aliases = self.aliases.entry(p.folder.into()).or_default();
        for (name, folder) in named {
            let target = join(p.folder, folder);
            let slash = if target.is_empty() { "" } else { "/" };
            aliases.push(Alias { pattern: name.into(), target: target.clone(), outside: false });
            aliases.push(Alias {
                pattern: format!("{name}/*"),
                target: format!("{target}{slash}*"),
                outside: false,
            });
        }
    }

    fn import_map(&mut self, p: &Parsed<'_>) {
        let aliases = self.aliases.entry(p.folder.into()).or_default();
        for (key, target) in texts(&p.doc["imports"]) {
            let star = if key.ends_with('/') { "*" } else { "" };
            let outside = !target.starts_with(['.', '/']);
            let target = if outside { target.to_owned() } else { join(p.folder, target) };
            let slash = if star.is_empty() || outside || target.is_empty() { "" } else { "/" };
            aliases.push(Alias {
                pattern: format!("{key}{star}"),
                target: format!("{target}{slash}{star}"),
                outside,
            });
        }
    }

    /// `paths`, `baseUrl`, `extends` and `references` of one configuration.
    fn typescript(&self, config: &Parsed<'_>, by_path: &HashMap<&str, &Parsed<'_>>, found: &mut Vec<Alias>) {
        let chain = self.extended(config, by_path);
        let option = |key: &str| chain.iter().find(|c| !c.doc["compilerOptions"][key].is_null());
        let base = option("baseUrl")
            .and_then(|c| Some(join(c.folder, c.doc["compilerOptions"]["baseUrl"].as_str()?)));
        if let Some(owner) = option("paths") {
            let from = base.as_deref().unwrap_or(owner.folder);
            let mut aliases: Vec<Alias> = Vec::new();
            for (pattern, targets) in members(&owner.doc["compilerOptions"]["paths"]) {
                for target in items(targets).filter_map(Json::as_str) {
                    aliases.push(Alias {
                        pattern: pattern.to_owned(),
                        target: join(from, target),
                        outside: false,
                    });
                }
            }
            // An exact name before a pattern, a longer prefix before a shorter one.
            aliases.sort_by_key(|a| {
                let prefix = a.pattern.split('*').next().map_or(0, str::len);
                (a.pattern.contains('*'), std::cmp::Reverse(prefix))
            });
            found.extend(aliases);
        }
        if let Some(base) = base {
            found.push(Alias { pattern: "*".into(), target: join(&base, "*"), outside: false });
        }
        for reference in items(&config.doc["references"]).filter_map(|r| r["path"].as_str()) {
            let path = join(config.folder, reference);
            if let Some(referred) = by_path.get(path.as_str()).filter(|r| r.doc["references"].is_null()) {
                self.typescript(referred, by_path, found);
            }
        }
    }

    /// The configuration and what it extends; what stands later overrides less.
    fn extended<'p>(
        &self,
        config: &'p Parsed<'p>,
        by_path: &HashMap<&str, &'p Parsed<'p>>,
    ) -> Vec<&'p Parsed<'p>> {
        let mut chain = vec![config];
        let mut next = 0;
        // A configuration may extend itself in a circle.
        while let Some(config) = chain.get(next).copied().filter(|_| next < 20) {
            next += 1;
            let extends = &config.doc["extends"];
            // Of several the last one wins.
            let several: Vec<&str> = items(extends).filter_map(Json::as_str).collect();
            for base in extends.as_str().into_iter().chain(several.into_iter().rev()) {
                let path = if base.starts_with('.') {
                    join(config.folder, base)
                } else {
                    let Some((folder, below)) = self.workspace(base) else { continue };
                    join(folder, if below.is_empty() { "tsconfig.json" } else { below })
                };
                let tries = [path.clone(), format!("{path}.json"), join(&path, "tsconfig.json")];
                chain.extend(tries.iter().find_map(|path| by_path.get(path.as_str())));
            }
        }
        chain
    }

    /// The folder of the workspace package that a specifier begins with, and the rest.
    fn workspace<'s>(&self, specifier: &'s str) -> Option<(&str, &'s str)> {
        let cut = specifier.match_indices('/').map(|(at, _)| at).chain([specifier.len()]);
        cut.filter_map(|at| {
            Some((self.folders.get(&specifier[..at])?.as_str(), specifier[at..].trim_start_matches('/')))
        })
        .next_back()
    }

    pub(super) fn resolve(&self, path: &str, specifier: &str, places: &Places) -> Option<Module> {
        let plain = specifier.split('?').next().unwrap_or(specifier);
        if let Some(package) = registry_package(plain) {
            return Some(Module::Package(package.specifier.into()));
        }
        let folder = folder_of(path);
        if plain.starts_with("./") || plain.starts_with("../") || matches!(plain, "." | "..") {
            return self.probe(&join(folder, plain), places).map(Module::File);
        }
        if plain.starts_with('/') {
            return upwards(folder).find_map(|f| self.probe(&join(f, plain), places)).map(Module::File);
        }
        let inside = plain
            .starts_with('#')
            .then(|| self.subpath_import(folder, plain, places))
            .flatten()
            .or_else(|| self.alias(folder, plain, places))
            .or_else(|| self.workspace_file(plain, places).map(Module::File))
            .or_else(|| self.conventional(folder, plain, places).map(Module::File));
        Some(inside.unwrap_or_else(|| Module::Package(plain.into())))
    }

    /// The file that a path without its ending, or with the ending it is built to, means.
    fn probe(&self, path: &str, places: &Places) -> Option<FileId> {
        let swaps: &[(&str, &[&str])] =
            &[(".js", &[".ts", ".tsx"]), (".jsx", &[".tsx"]), (".mjs", &[".mts"]), (".cjs", &[".cts"])];
        let swapped = || {
            swaps
                .iter()
                .filter_map(|(from, to)| Some((path.strip_suffix(from)?, to)))
                .find_map(|(stem, to)| to.iter().find_map(|ending| places.file(&format!("{stem}{ending}"))))
        };
        let appended = |stem: &str| ENDINGS.iter().find_map(|ending| places.file(&format!("{stem}{ending}")));
        let found = places.file(path).or_else(swapped).or_else(|| appended(path));
        found.or_else(|| appended(&join(path, "index")))
    }

    fn alias(&self, folder: &str, specifier: &str, places: &Places) -> Option<Module> {
        for folder in upwards(folder) {
            for alias in self.aliases.get(folder).into_iter().flatten() {
                let Some(rest) = matched(&alias.pattern, specifier) else { continue };
                let target = alias.target.replacen('*', rest, 1);
                if alias.outside {
                    let package = registry_package(&target).map_or(target, |p| p.specifier);
                    return Some(Module::Package(package.into()));
                }
                if let Some(file) = self.probe(&join("", &target), places) {
                    return Some(Module::File(file));
                }
            }
        }
        None
    }

    /// `#x` in the nearest package.json.
    fn subpath_import(&self, folder: &str, specifier: &str, places: &Places) -> Option<Module> {
        let (at, package) = upwards(folder).find_map(|f| Some((f, self.packages.get(f)?)))?;
        let target = target_of(&package["imports"], specifier)?;
        if !target.starts_with('.') {
            return Some(Module::Package(target.into()));
        }
        self.built(at, &target, places).map(Module::File)
    }

    fn workspace_file(&self, specifier: &str, places: &Places) -> Option<FileId> {
        let (folder, below) = self.workspace(specifier)?;
        let doc = self.packages.get(folder)?;
        let key = if below.is_empty() { ".".to_owned() } else { format!("./{below}") };
        let exported =
            target_of(&doc["exports"], &key).and_then(|target| self.built(folder, &target, places));
        if below.is_empty() {
            let fields =
                ["source", "types", "module", "main"].iter().filter_map(|field| doc[*field].as_str());
            let guesses = ["src/index", "index", "src/main", "lib/index"];
            return exported
                .or_else(|| fields.into_iter().find_map(|target| self.built(folder, target, places)))
                .or_else(|| guesses.iter().find_map(|guess| self.probe(&join(folder, guess), places)));
        }
        exported
            .or_else(|| self.built(folder, below, places))
            .or_else(|| self.built(folder, &join("src", below), places))
    }

    /// A file of a package; for one that a build would write, the source it is written from.
    fn built(&self, folder: &str, target: &str, places: &Places) -> Option<FileId> {
        let target = join("", target);
        if let Some(file) = self.probe(&join(folder, &target), places) {
            return Some(file);
        }
        let endings = [".d.ts", ".d.mts", ".d.cts", ".js", ".mjs", ".cjs"];
        let stem = endings.iter().find_map(|ending| target.strip_suffix(ending)).unwrap_or(&target);
        let mut below = stem;
        while let Some((_, rest)) = below.split_once('/').filter(|(first, _)| BUILT.contains(first)) {
            below = rest;
        }
        [join("src", below), below.to_owned()].iter().find_map(|path| self.probe(&join(folder, path), places))
    }

    /// `@/x`, `~/x`, `$lib/x`: what frameworks set up without saying so.
    fn conventional(&self, folder: &str, specifier: &str, places: &Places) -> Option<FileId> {
        let (tops, rest): (&[&str], &str) =
            if let Some(rest) = ["@/", "~/"].iter().find_map(|a| specifier.strip_prefix(a)) {
                (&["src", "", "app"], rest)
            } else if let Some(rest) = ["@@/", "~~/"].iter().find_map(|a| specifier.strip_prefix(a)) {
                (&[""], rest)
            } else if let Some(rest) =
                specifier.strip_prefix("$lib").filter(|r| r.is_empty() || r.starts_with('/'))
            {
                (&["src/lib"], rest)
            } else {
                return None;
            };
        upwards(folder)
            .find_map(|f| tops.iter().find_map(|top| self.probe(&join(&join(f, top), rest), places)))
    }
}

/// What `*` stands for; empty for an exact match.
fn matched<'s>(pattern: &str, specifier: &'s str) -> Option<&'s str> {
    match pattern.split_once('*') {
        None => (pattern == specifier).then_some(""),
        Some((before, after)) => specifier.strip_prefix(before)?.strip_suffix(after),
    }
}

/// The target of a key in `exports` or `imports`: exact, by pattern, or the only one there is.
fn target_of(map: &Json, key: &str) -> Option<String> {
    let has_keys = members(map).any(|(k, _)| k.starts_with(['.', '#']));
    if !has_keys {
        return (key == ".").then(|| condition(map, 0)).flatten().map(str::to_owned);
    }
    if let Some(exact) = map.get(key) {
        return condition(exact, 0).map(str::to_owned);
    }
    let patterns = members(map).filter(|(pattern, _)| pattern.contains('*'));
    let (_, rest, target) = patterns
        .filter_map(|(pattern, target)| Some((pattern.find('*')?, matched(pattern, key)?, target)))
        .max_by_key(|(prefix, ..)| *prefix)?;
    Some(condition(target, 0)?.replace('*', rest))
}

/// Of several conditions the one nearest to source.
fn condition(target: &Json, depth: usize) -> Option<&str> {
    if let Some(text) = target.as_str() {
        return Some(text);
    }
    if depth > 8 {
        return None;
    }
    let wanted = ["source", "development", "import", "node", "default", "require", "types"];
    let by_name = wanted.iter().filter_map(|name| target.get(*name)).find_map(|t| condition(t, depth + 1));
    by_name
        .or_else(|| members(target).find_map(|(_, t)| condition(t, depth + 1)))
        .or_else(|| items(target).find_map(|t| condition(t, depth + 1)))
}

/// A package that is named together with its registry.
pub(super) struct RegistryPackage {
    pub name: String,
    /// Empty when none is asked for.
    pub version: String,
    /// Name and what follows it: `hono/jwt`.
    pub specifier: String,
}

/// `npm:jose@5`, `jsr:@x/y`, `node:crypto`, and the addresses of package servers.
pub(super) fn registry_package(specifier: &str) -> Option<RegistryPackage> {
    const HOSTS: &[&str] = &[
        "esm.sh",
        "deno.land",
        "unpkg.com",
        "cdn.jsdelivr.net",
        "cdn.skypack.dev",
        "jspm.dev",
        "ga.jspm.io",
        "esm.run",
    ];
    let schemes = ["npm:", "jsr:", "node:"];
    if let Some(rest) = schemes.iter().find_map(|scheme| specifier.strip_prefix(scheme)) {
        return split_package(rest.trim_start_matches('/'));
    }
    let address = specifier.strip_prefix("https://").or_else(|| specifier.strip_prefix("http://"))?;
    let (host, path) = address.split_once('/')?;
    if !HOSTS.contains(&host) {
        return None;
    }
    let is_lead = |part: &str| {
        let number =
            part.strip_prefix('v').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        number || matches!(part, "x" | "npm" | "pin" | "stable")
    };
    let mut rest = path;
    while let Some((_, after)) = rest.split_once('/').filter(|(first, _)| is_lead(first)) {
        rest = after;
    }
    split_package(rest.trim_start_matches("npm:").trim_start_matches('*'))
}

fn split_package(text: &str) -> Option<RegistryPackage> {
    let scope = if text.starts_with('@') { text.find('/')? + 1 } else { 0 };
    let end = text[scope..].find('/').map_or(text.len(), |at| scope + at);
    let (package, below) = (&text[..end], text[end..].trim_matches('/'));
    let (name, version) = match package[scope..].find('@') {
        Some(at) => (&package[..scope + at], &package[scope + at + 1..]),
        None => (package, ""),
    };
    // A file of a server's own layout says nothing that a bare import would.
    let is_file = below.rsplit('/').next().is_some_and(|last| last.contains(['.', '+']));
    let specifier = if below.is_empty() || is_file { name.to_owned() } else { format!("{name}/{below}") };
    (!name.is_empty()).then(|| RegistryPackage { name: name.into(), version: version.into(), specifier })
}
