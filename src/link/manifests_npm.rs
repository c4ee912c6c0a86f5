//! Versions in the manifests and lock files of npm, pnpm, yarn, bun and deno.
//! Knows their formats; asks no registry.

use std::collections::HashMap;

use serde_json::Value as Json;

use crate::source::{Ecosystem, Str};

use super::manifests::{Locked, Parsed, Units, items, members, problem, texts};
use super::modules_npm::registry_package;
use super::paths::join;

const NPM: Ecosystem = Ecosystem::Npm;
const KINDS: &[&str] = &["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];

/// Requirements that workspaces share: catalog name (empty for the default one) and package.
pub(super) type Catalogs = HashMap<(Str, Str), Str>;

pub(super) fn catalogs(parsed: &[Parsed<'_>]) -> Catalogs {
    let mut catalogs = Catalogs::new();
    let mut add = |catalog: &str, name: &str, range: &str| {
        let catalog = if catalog == "default" { "" } else { catalog };
        catalogs.entry((catalog.into(), name.into())).or_insert_with(|| range.into());
    };
    for p in parsed {
        match p.name {
            "pnpm-workspace.yaml" => yaml(p.text, |path, value| match path {
                ["catalog", name] => add("", name, value),
                ["catalogs", catalog, name] => add(catalog, name, value),
                _ => {}
            }),
            "package.json" => {
                for place in [&p.doc, &p.doc["workspaces"]] {
                    texts(&place["catalog"]).for_each(|(name, range)| add("", name, range));
                    for (catalog, ranges) in members(&place["catalogs"]) {
                        texts(ranges).for_each(|(name, range)| add(catalog, name, range));
                    }
                }
            }
            _ => {}
        }
    }
    catalogs
}

pub(super) fn collect<'m>(p: &Parsed<'m>, catalogs: &Catalogs, units: &mut Units<'m>) {
    match p.name {
        "package.json" => {
            units.name(p.folder, NPM, p.doc["name"].as_str());
            for kind in KINDS {
                for (name, range) in texts(&p.doc[*kind]) {
                    if let Some((name, range)) = requirement(name, range, catalogs) {
                        units.add(p.folder, NPM, p.path, (name, range, false));
                    }
                }
            }
        }
        "deno.json" | "deno.jsonc" => {
            units.name(p.folder, NPM, p.doc["name"].as_str());
            for (_, target) in texts(&p.doc["imports"]) {
                if let Some(package) = registry_package(target).filter(|p| !p.version.is_empty()) {
                    units.add(p.folder, NPM, p.path, (&package.name, &package.version, false));
                }
            }
        }
        "package-lock.json" | "npm-shrinkwrap.json" => npm_lock(p, units),
        "pnpm-lock.yaml" => pnpm_lock(p, units),
        "yarn.lock" => yarn_lock(p, units),
        "bun.lock" => bun_lock(p, units),
        _ => {}
    }
}

/// Name and range as the registry knows them; none for what comes from elsewhere.
fn requirement<'a>(name: &'a str, range: &'a str, catalogs: &'a Catalogs) -> Option<(&'a str, &'a str)> {
    if let Some(catalog) = range.strip_prefix("catalog:") {
        let catalog = if catalog == "default" { "" } else { catalog };
        let range = catalogs.get(&(catalog.into(), name.into()))?;
        return (!range.starts_with("catalog:")).then(|| requirement(name, range, catalogs)).flatten();
    }
    if let Some(alias) = range.strip_prefix("npm:") {
        return match alias.rfind('@') {
            Some(at) if at > 0 => Some((&alias[..at], &alias[at + 1..])),
            _ if alias.starts_with(|c: char| c.is_ascii_digit() || "^~<>=*".contains(c)) => {
                Some((name, alias))
            }
            _ => Some((alias, "*")),
        };
    }
    (!range.contains(':') && !range.contains('/')).then_some((name, range))
}

/// Versions 1 to 3: a tree of `dependencies`, or `packages` by folder.
fn npm_lock<'m>(p: &Parsed<'m>, units: &mut Units<'m>) {
    if !p.doc.is_object() {
        units.problems.push(problem(p.path, "not an object"));
        return;
    }
    let mut top = Vec::new();
    for (place, package) in members(&p.doc["packages"]) {
        let Some(version) = package["version"].as_str() else { continue };
        let Some((folder, installed)) = place.split_once("node_modules/") else { continue };
        if installed.contains("node_modules/") {
            continue;
        }
        let name = package["name"].as_str().unwrap_or(installed);
        if folder.is_empty() {
            top.push((name, version));
        } else if !p.folder.starts_with("..") {
            units.add(&join(p.folder, folder), NPM, p.path, (name, version, true));
        }
    }
    if !p.doc["packages"].is_object() {
        let installed = members(&p.doc["dependencies"]);
        top.extend(installed.filter_map(|(name, package)| Some((name, package["version"].as_str()?))));
    }
    let lock = units.lock(p, NPM);
    lock.versions.extend(top.into_iter().map(|(name, version)| locked(name, version, "")));
}

fn locked(name: &str, version: &str, requirement: &str) -> Locked {
    Locked { name: name.into(), version: version.into(), requirement: requirement.into() }
}

fn pnpm_lock<'m>(p: &Parsed<'m>, units: &mut Units<'m>) {
    let mut known = false;
    let mut direct: Vec<(String, Str, Str)> = Vec::new();
    // What follows the importers is long and says nothing of who asked for it.
    let end = ["\npackages:", "\nsnapshots:"].iter().filter_map(|key| p.text.find(key)).min();
    yaml(&p.text[..end.unwrap_or(p.text.len())], |path, value| {
        let (folder, name) = match path {
            ["lockfileVersion"] => {
                known = true;
                return;
            }
            ["importers", folder, kind, name] | ["importers", folder, kind, name, "version"]
                if KINDS.contains(kind) =>
            {
                (*folder, *name)
            }
            [kind, name] | [kind, name, "version"] if KINDS.contains(kind) => (".", *name),
            _ => return,
        };
        // `5.2.0(react@18.2.0)`, `5.2.0_react@18.2.0`; an alias is `name@5.2.0`.
        let version = value.split(['(', '_']).next().unwrap_or(value);
        let (name, version) = match version.rfind('@') {
            Some(at) if at > 0 => (&version[..at], &version[at + 1..]),
            _ => (name, version),
        };
        if version.starts_with(|c: char| c.is_ascii_digit()) {
            direct.push((join(p.folder, folder), name.into(), version.into()));
        }
    });
    if !known {
        units.problems.push(problem(p.path, "no `lockfileVersion`: an unknown format"));
    }
    if p.folder.starts_with("..") {
        let lock = units.lock(p, NPM);
        lock.versions.extend(direct.iter().map(|(_, name, version)| locked(name, version, "")));
        return;
    }
    for (folder, name, version) in direct {
        units.add(&folder, NPM, p.path, (&name, &version, true));
    }
}

/// The mappings of a YAML text by indentation: key path and scalar. Lists, anchors and multi-line
/// texts are passed over; lock files hold none where versions stand.
fn yaml<'t>(text: &'t str, mut each: impl FnMut(&[&'t str], &'t str)) {
    let mut indents: Vec<usize> = Vec::new();
    let mut path: Vec<&str> = Vec::new();
    for line in text.lines() {
        let body = line.trim_start_matches(' ');
        let indent = line.len() - body.len();
        let body = body.trim_end();
        if body.is_empty() || body.starts_with(['#', '-', '?', '%']) {
            continue;
        }
        let (key, value) = match body.chars().next() {
            Some(quote @ ('\'' | '"')) => {
                let Some((key, rest)) = body[1..].split_once(quote) else { continue };
                let Some(value) = rest.strip_prefix(':') else { continue };
                (key, value)
            }
            _ => match body.split_once(": ") {
                Some(pair) => pair,
                None => match body.strip_suffix(':') {
                    Some(key) => (key, ""),
                    None => continue,
                },
            },
        };
        while indents.last().is_some_and(|last| *last >= indent) {
            indents.pop();
            path.pop();
        }
        indents.push(indent);
        path.push(key);
        let value = value.trim();
        let value = value.split(" #").next().unwrap_or(value).trim_end().trim_matches(['\'', '"']);
        if !value.is_empty() {
            each(&path, value);
        }
    }
}

/// Version 1 and the later, YAML-like format: `"name@range", name@range:` over `version`.
fn yarn_lock<'m>(p: &Parsed<'m>, units: &mut Units<'m>) {
    let mut found = Vec::new();
    let mut asked: Vec<(&str, &str)> = Vec::new();
    for line in p.text.lines() {
        if line.starts_with([' ', '\t']) {
            let Some(version) = line.trim().strip_prefix("version") else { continue };
            let version = version.trim_matches([' ', ':', '"']);
            if !version.starts_with("0.0.0-use.local") {
                found.extend(asked.drain(..).map(|(name, range)| locked(name, version, range)));
            }
            asked.clear();
        } else if let Some(head) = line.trim_end().strip_suffix(':') {
            let specs = head.split(',').map(|spec| spec.trim().trim_matches('"'));
            asked = specs
                .filter_map(|spec| {
                    let at = spec.get(1..)?.find('@')? + 1;
                    let range = &spec[at + 1..];
                    Some((&spec[..at], range.strip_prefix("npm:").unwrap_or(range)))
                })
                .collect();
        }
    }
    if found.is_empty() && p.text.lines().any(|l| !l.trim().is_empty() && !l.starts_with('#')) {
        units.problems.push(problem(p.path, "no entry with a version: an unknown format"));
    }
    units.lock(p, NPM).versions.extend(found);
}

/// `packages`: key -> [`name@version`, …]; a key `workspace/name` is the workspace's own version.
fn bun_lock<'m>(p: &Parsed<'m>, units: &mut Units<'m>) {
    let workspaces: HashMap<&str, &str> = members(&p.doc["workspaces"])
        .filter_map(|(folder, workspace)| Some((workspace["name"].as_str()?, folder)))
        .collect();
    let mut found = Vec::new();
    for (key, package) in members(&p.doc["packages"]) {
        let Some(exact) = items(package).next().and_then(Json::as_str) else { continue };
        let Some((name, version)) =
            exact.rfind('@').filter(|at| *at > 0).map(|at| (&exact[..at], &exact[at + 1..]))
        else {
            continue;
        };
        if !version.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        if key == name {
            found.push(locked(name, version, ""));
        } else if let Some(parent) = key.strip_suffix(name).and_then(|rest| rest.strip_suffix('/'))
            && let Some(folder) = workspaces.get(parent)
            && !p.folder.starts_with("..")
        {
            units.add(&join(p.folder, folder), NPM, p.path, (name, version, true));
        }
    }
    units.lock(p, NPM).versions.extend(found);
}
