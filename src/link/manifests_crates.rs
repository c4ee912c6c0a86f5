//! Versions in Cargo.toml and Cargo.lock. Knows cargo's inheritance; asks no registry.

use serde_json::Value as Json;

use crate::source::Ecosystem;

use super::manifests::{Locked, Parsed, Units, items, members};
use super::paths::{holds, upwards};

const CRATES: Ecosystem = Ecosystem::Crates;
const KINDS: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

pub(super) fn collect<'m>(p: &Parsed<'m>, all: &[Parsed<'m>], units: &mut Units<'m>) {
    match p.name {
        "Cargo.toml" => {
            units.name(p.folder, CRATES, p.doc["package"]["name"].as_str());
            let workspace = workspace_of(p, all);
            for place in std::iter::once(&p.doc).chain(members(&p.doc["target"]).map(|(_, target)| target)) {
                for kind in KINDS {
                    for (key, dependency) in members(&place[*kind]) {
                        add(p, workspace, key, dependency, units);
                    }
                }
            }
            for (key, dependency) in members(&p.doc["workspace"]["dependencies"]) {
                add(p, None, key, dependency, units);
            }
        }
        "Cargo.lock" => {
            let versions = items(&p.doc["package"]).filter_map(|package| {
                // Members have no source.
                package["source"].as_str()?;
                let (name, version) = (package["name"].as_str()?, package["version"].as_str()?);
                Some(Locked { name: name.into(), version: version.into(), requirement: "".into() })
            });
            let versions: Vec<Locked> = versions.collect();
            units.lock(p, CRATES).versions = versions;
        }
        _ => {}
    }
}

/// The nearest manifest around this one (or itself) that has shared dependencies.
fn workspace_of<'a>(p: &Parsed<'_>, all: &'a [Parsed<'_>]) -> Option<&'a Json> {
    all.iter()
        .filter(|other| other.name == "Cargo.toml" && other.doc["workspace"].is_object())
        .filter(|other| other.folder.starts_with("..") || holds(other.folder, p.folder))
        .max_by_key(|other| (!other.folder.starts_with(".."), upwards(other.folder).count()))
        .map(|other| &other.doc["workspace"]["dependencies"])
}

fn add(p: &Parsed<'_>, workspace: Option<&Json>, key: &str, dependency: &Json, units: &mut Units<'_>) {
    let inherited = dependency["workspace"].as_bool() == Some(true);
    let dependency =
        if inherited { workspace.map_or(&Json::Null, |shared| &shared[key]) } else { dependency };
    let version = dependency.as_str().or_else(|| dependency["version"].as_str());
    let name = dependency["package"].as_str().unwrap_or(key);
    if let Some(version) = version {
        units.add(p.folder, CRATES, p.path, (name, version, false));
    }
}
