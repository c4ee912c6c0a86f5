//! Versions in the manifests and lock files of Python's tools. Knows requirement strings and the
//! tables of pyproject; evaluates no marker and runs no setup script.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value as Json;

use crate::source::Ecosystem;

use super::manifests::{Locked, Parsed, Units, items, members};
use super::paths::{folder_of, name_of};

const PYPI: Ecosystem = Ecosystem::PyPi;

/// As the index compares names: lower case, runs of `-`, `_`, `.` are one `-`.
pub(super) fn normalize(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if out.ends_with('-') => {}
            '-' | '_' | '.' => out.push('-'),
            _ => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// Is this file one of the formats here? Its folder is then a unit.
pub(super) fn is_manifest(path: &str) -> bool {
    let name = name_of(path);
    matches!(
        name,
        "pyproject.toml" | "setup.py" | "setup.cfg" | "Pipfile" | "Pipfile.lock" | "poetry.lock" | "uv.lock"
    ) || name.ends_with(".txt")
}

/// The folder that a manifest speaks for: `requirements/prod.txt` speaks for the folder above.
pub(super) fn unit_folder(path: &str) -> &str {
    let folder = folder_of(path);
    if path.ends_with(".txt") && name_of(folder) == "requirements" { folder_of(folder) } else { folder }
}

pub(super) fn collect<'m>(p: &Parsed<'m>, units: &mut Units<'m>) {
    match p.name {
        "pyproject.toml" => pyproject(p, units),
        "Pipfile" => {
            table(p, &p.doc["packages"], units);
            table(p, &p.doc["dev-packages"], units);
        }
        "Pipfile.lock" => {
            for section in ["default", "develop"] {
                table(p, &p.doc[section], units);
            }
        }
        "poetry.lock" | "uv.lock" => {
            let versions: Vec<Locked> = items(&p.doc["package"])
                .filter_map(|package| {
                    let (name, version) = (package["name"].as_str()?, package["version"].as_str()?);
                    let own = ["virtual", "editable"].iter().any(|kind| package["source"][*kind].is_string());
                    let name = normalize(name).into();
                    (!own).then(|| Locked { name, version: version.into(), requirement: "".into() })
                })
                .collect();
            units.lock(p, PYPI).versions = versions;
        }
        "setup.cfg" => setup_cfg(p, units),
        "setup.py" => setup_py(p, units),
        name if name.ends_with(".txt") => {
            units.name(unit_folder(p.path), PYPI, None);
            for line in p.text.replace("\\\r\n", " ").replace("\\\n", " ").lines() {
                let line = line.split(" #").next().unwrap_or(line).trim();
                if !line.starts_with(['#', '-']) {
                    add(p, line, units);
                }
            }
        }
        _ => {}
    }
}

struct Requirement<'r> {
    name: &'r str,
    /// `>=2,<3`; empty when any version will do.
    versions: &'r str,
}

/// `name[extra] (>=1,<2) ; marker --hash=…`, `name @ url`.
fn requirement(text: &str) -> Option<Requirement<'_>> {
    static SHAPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let name = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?";
        let one = r"(?:===|==|~=|!=|<=|>=|<|>)\s*[A-Za-z0-9.*+!_-]+";
        Regex::new(&format!(
            r"^\s*({name})\s*(?:\[[^\]]*\])?\s*\(?\s*({one}(?:\s*,\s*{one})*)?\s*,?\s*\)?\s*(?:$|;|@\s|--|#)"
        ))
        .ok()
    });
    let found = SHAPE.as_ref()?.captures(text)?;
    Some(Requirement {
        name: found.get(1)?.as_str(),
        versions: found.get(2).map_or("", |versions| versions.as_str().trim()),
    })
}

fn add(p: &Parsed<'_>, text: &str, units: &mut Units<'_>) {
    if let Some(Requirement { name, versions }) = requirement(text) {
        add_version(p, name, versions, units);
    }
}

fn add_version(p: &Parsed<'_>, name: &str, versions: &str, units: &mut Units<'_>) {
    let pinned = versions.trim_start_matches('=');
    let is_pin = versions.starts_with("==") && !pinned.contains(['*', ',']);
    let version: String =
        if is_pin { pinned } else { versions }.chars().filter(|c| !c.is_whitespace()).collect();
    units.add(unit_folder(p.path), PYPI, p.path, (&normalize(name), &version, is_pin));
}

/// `name = ">=1"`, `name = { version = "^1" }`, `name = [{ version = … }]`.
fn table(p: &Parsed<'_>, table: &Json, units: &mut Units<'_>) {
    for (name, entry) in members(table) {
        let one = items(entry).next().unwrap_or(entry);
        let Some(version) = one.as_str().or_else(|| one["version"].as_str()) else { continue };
        if name != "python" {
            add_version(p, name, version, units);
        }
    }
}

fn pyproject(p: &Parsed<'_>, units: &mut Units<'_>) {
    let (project, tool) = (&p.doc["project"], &p.doc["tool"]);
    let name = project["name"].as_str().or_else(|| tool["poetry"]["name"].as_str());
    units.name(p.folder, PYPI, name);
    let groups =
        [&project["optional-dependencies"], &p.doc["dependency-groups"], &tool["pdm"]["dev-dependencies"]];
    let lists = [&project["dependencies"], &tool["uv"]["dev-dependencies"]];
    for list in lists.into_iter().chain(groups.into_iter().flat_map(|g| members(g).map(|(_, list)| list))) {
        for text in items(list).filter_map(Json::as_str) {
            add(p, text, units);
        }
    }
    let poetry = &tool["poetry"];
    table(p, &poetry["dependencies"], units);
    table(p, &poetry["dev-dependencies"], units);
    for (_, group) in members(&poetry["group"]) {
        table(p, &group["dependencies"], units);
    }
}

/// The lines of `install_requires` and of `[options.extras_require]`.
fn setup_cfg(p: &Parsed<'_>, units: &mut Units<'_>) {
    let (mut section, mut listed) = ("", false);
    for line in p.text.lines() {
        let body = line.trim();
        if body.starts_with('[') {
            (section, listed) = (body.trim_matches(['[', ']']), false);
        } else if line.starts_with([' ', '\t']) {
            if listed {
                add(p, body, units);
            }
        } else if let Some((key, value)) = body.split_once('=') {
            let key = key.trim();
            if (section, key) == ("metadata", "name") {
                units.name(p.folder, PYPI, Some(value.trim()));
            }
            listed = section == "options.extras_require" || (section, key) == ("options", "install_requires");
            if listed {
                add(p, value.trim(), units);
            }
        }
    }
}

/// Quoted requirements with a version anywhere, and bare names in the list of `install_requires`.
fn setup_py(p: &Parsed<'_>, units: &mut Units<'_>) {
    static QUOTED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"'([^'\n]*)'|"([^"\n]*)""#).ok());
    let Some(quoted) = QUOTED.as_ref() else { return };
    units.name(p.folder, PYPI, None);
    let list = p.text.find("install_requires").map_or(0..0, |start| {
        let rest = &p.text[start..];
        let open = rest.find('[').unwrap_or(rest.len());
        // Extras have brackets of their own, inside quotes.
        let close = rest.find("\n    ]").or_else(|| rest.find("],")).or_else(|| rest.find(']'));
        start + open..start + close.unwrap_or(rest.len()).max(open)
    });
    for found in quoted.captures_iter(p.text) {
        let Some(text) = found.get(1).or_else(|| found.get(2)) else { continue };
        let Some(Requirement { name, versions }) = requirement(text.as_str()) else { continue };
        if !versions.is_empty() || list.contains(&text.start()) {
            add_version(p, name, versions, units);
        }
    }
}
