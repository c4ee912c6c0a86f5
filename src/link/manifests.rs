//! Manifests and lock files to units with versions. Knows the registries' file names and how a
//! lock file's version finds the manifest that asked for it; the formats stand in the files beside.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::facts::Package;
use crate::finding::{Problem, ProblemKind};
use crate::project::{Manifest, Unit};
use crate::source::{Ecosystem, Str};

use super::paths::{folder_of, holds, name_of, upwards};
use super::{manifests_crates, manifests_npm, manifests_pypi};

/// A manifest with its content; TOML reads as JSON, other texts as null.
pub(super) struct Parsed<'m> {
    pub path: &'m str,
    pub folder: &'m str,
    pub name: &'m str,
    pub text: &'m str,
    pub doc: Json,
}

/// What is read from the text itself is null in `doc`; a document that does not parse is a problem
/// and is left out.
pub(super) fn parse(manifests: &[Manifest]) -> (Vec<Parsed<'_>>, Vec<Problem>) {
    let mut parsed = Vec::new();
    let mut problems = Vec::new();
    for manifest in manifests {
        let path = manifest.path.as_str();
        let (name, text) = (name_of(path), manifest.text.as_str());
        match document(name, text) {
            Ok(doc) => parsed.push(Parsed { path, folder: folder_of(path), name, text, doc }),
            Err(reason) => problems.push(problem(path, &reason)),
        }
    }
    // The nearest first: what lies above the scanned folder must not win over what lies in it.
    parsed.sort_by_key(|p| (p.path.matches("../").count(), p.path));
    (parsed, problems)
}

pub(super) fn problem(path: &str, reason: &str) -> Problem {
    Problem {
        kind: ProblemKind::Manifest,
        path: path.into(),
        span: None,
        message: format!(
            "not understood ({reason}): what it says of versions and modules is not known; mend it"
        ),
    }
}

fn document(name: &str, text: &str) -> Result<Json, String> {
    let comments = name.starts_with("tsconfig")
        || matches!(name, "jsconfig.json" | "deno.json" | "deno.jsonc" | "bun.lock");
    if comments {
        return jsonc(text);
    }
    if name.ends_with(".json") || name == "Pipfile.lock" {
        return serde_json::from_str(text).map_err(|e| e.to_string());
    }
    if name.ends_with(".toml") || matches!(name, "Pipfile" | "poetry.lock" | "uv.lock" | "Cargo.lock") {
        return toml::from_str(text).map_err(|e| {
            let line =
                e.span().and_then(|s| text.get(..s.start)).map(|before| before.matches('\n').count() + 1);
            line.map_or_else(|| e.message().to_owned(), |line| format!("{} at line {line}", e.message()))
        });
    }
    Ok(Json::Null)
}

fn jsonc(text: &str) -> Result<Json, String> {
    // The parser recurses without a limit of its own.
    let mut depth = 0_i64;
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth -= 1,
            _ => {}
        }
        if depth > 200 {
            return Err("nested more than 200 levels deep".into());
        }
    }
    jsonc_parser::parse_to_serde_value(text, &jsonc_parser::ParseOptions::default())
        .map_err(|e| e.to_string())
}

/// A lock file: versions by name, not yet given to the manifests that asked for them.
pub(super) struct Lock<'m> {
    pub folder: &'m str,
    pub path: &'m str,
    pub ecosystem: Ecosystem,
    pub versions: Vec<Locked>,
}

pub(super) struct Locked {
    pub name: Str,
    pub version: Str,
    /// The requirement that it answers, where the lock file repeats it; else empty.
    pub requirement: Str,
}

#[derive(Default)]
pub(super) struct Units<'m> {
    units: BTreeMap<(Str, Ecosystem), Unit>,
    pub locks: Vec<Lock<'m>>,
    pub problems: Vec<Problem>,
}

impl<'m> Units<'m> {
    /// The unit of a folder; everything above the scanned folder counts to the top.
    pub(super) fn unit(&mut self, folder: &str, ecosystem: Ecosystem) -> &mut Unit {
        let folder = if folder.starts_with("..") { "" } else { folder };
        self.units.entry((folder.into(), ecosystem)).or_insert_with(|| Unit {
            folder: folder.into(),
            ecosystem,
            name: Str::default(),
            packages: Vec::new(),
        })
    }

    pub(super) fn name(&mut self, folder: &str, ecosystem: Ecosystem, name: Option<&str>) {
        let unit = self.unit(folder, ecosystem);
        if unit.name.is_empty() {
            unit.name = name.unwrap_or_default().into();
        }
    }

    pub(super) fn add(
        &mut self,
        folder: &str,
        ecosystem: Ecosystem,
        manifest: &str,
        package: (&str, &str, bool),
    ) {
        let (name, version, locked) = package;
        let package = Package {
            ecosystem,
            name: name.into(),
            version: version.into(),
            locked,
            manifest: manifest.into(),
        };
        let unit = self.unit(folder, ecosystem);
        if !name.is_empty() && !unit.packages.contains(&package) {
            unit.packages.push(package);
        }
    }

    pub(super) fn lock(&mut self, parsed: &Parsed<'m>, ecosystem: Ecosystem) -> &mut Lock<'m> {
        self.locks.push(Lock { folder: parsed.folder, path: parsed.path, ecosystem, versions: Vec::new() });
        let last = self.locks.len() - 1;
        &mut self.locks[last]
    }

    /// Gives each manifest the locked version of what it asks for, from the nearest lock file; the
    /// rest (what packages ask for in turn) to the lock file's own folder.
    fn join(&mut self) {
        for lock in std::mem::take(&mut self.locks) {
            let mut by_name: BTreeMap<&str, Vec<&Locked>> = BTreeMap::new();
            for locked in &lock.versions {
                by_name.entry(&locked.name).or_default().push(locked);
            }
            let top = if lock.folder.starts_with("..") { "" } else { lock.folder };
            let wanted: Vec<(Str, Str, Str)> = self
                .units
                .values()
                .filter(|u| u.ecosystem == lock.ecosystem && holds(top, &u.folder))
                .flat_map(|u| {
                    let ranges = u.packages.iter().filter(|p| !p.locked);
                    ranges.map(|p| (u.folder.clone(), p.name.clone(), p.version.clone()))
                })
                .collect();
            for (folder, name, range) in &wanted {
                if let Some(version) = by_name.get(name.as_str()).and_then(|all| pick(all, range)) {
                    self.add(folder, lock.ecosystem, lock.path, (name, version, true));
                }
            }
            for (name, all) in by_name {
                let asked = self.unit(top, lock.ecosystem).packages.iter().any(|p| p.name == name);
                if let (false, Some(first)) = (asked, all.first())
                    && all.iter().all(|l| l.version == first.version)
                {
                    self.add(top, lock.ecosystem, lock.path, (name, &first.version, true));
                }
            }
        }
    }

    fn finish(mut self) -> (Vec<Unit>, Vec<Problem>) {
        // A nearer lock file comes first, so that its versions stand first.
        self.locks
            .sort_by_key(|l| (l.folder.starts_with(".."), std::cmp::Reverse(upwards(l.folder).count())));
        self.join();
        let mut units: Vec<Unit> = self.units.into_values().collect();
        units.sort_by_key(|u| std::cmp::Reverse(upwards(&u.folder).count()));
        (units, self.problems)
    }
}

/// The locked version that a requirement means: the one that repeats it, the only one, the highest
/// with the same leading number, the highest.
fn pick<'l>(all: &[&'l Locked], range: &str) -> Option<&'l Str> {
    if let Some(same) = all.iter().find(|l| !l.requirement.is_empty() && l.requirement == range) {
        return Some(&same.version);
    }
    let wanted = numbers(range.trim_start_matches(|c: char| !c.is_ascii_digit()));
    let compatible = |version: &str| {
        let have = numbers(version);
        match wanted.first() {
            None => true,
            Some(0) if wanted.len() > 1 => have.iter().take(2).eq(wanted.iter().take(2)),
            Some(major) => have.first() == Some(major),
        }
    };
    let highest = |all: &mut dyn Iterator<Item = &&'l Locked>| {
        all.max_by_key(|l| numbers(&l.version)).map(|l| &l.version)
    };
    highest(&mut all.iter().filter(|l| compatible(&l.version))).or_else(|| highest(&mut all.iter()))
}

/// The leading dotted numbers of a version.
fn numbers(version: &str) -> Vec<u64> {
    let end = version.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(version.len());
    version[..end].split('.').map_while(|part| part.parse().ok()).collect()
}

/// The members of an object as texts.
pub(super) fn texts(object: &Json) -> impl Iterator<Item = (&str, &str)> {
    members(object).filter_map(|(key, value)| Some((key, value.as_str()?)))
}

pub(super) fn members(object: &Json) -> impl Iterator<Item = (&str, &Json)> {
    object.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

pub(super) fn items(list: &Json) -> impl Iterator<Item = &Json> {
    list.as_array().into_iter().flatten()
}

pub(super) fn units(parsed: &[Parsed<'_>]) -> (Vec<Unit>, Vec<Problem>) {
    let mut units = Units::default();
    let catalogs = manifests_npm::catalogs(parsed);
    for p in parsed {
        manifests_npm::collect(p, &catalogs, &mut units);
        manifests_pypi::collect(p, &mut units);
        manifests_crates::collect(p, parsed, &mut units);
    }
    units.finish()
}
