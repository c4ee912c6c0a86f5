//! Which files run in a browser or an app, and which on a server. Knows no library: pages say which
//! modules and global names belong to which side.

use crate::facts::Value;
use crate::project::{Module, Project};
use crate::rulebook::model::Side;
use crate::source::{Ecosystem, FileId};

use super::index::Index;

/// Endings of files that are components of a user interface.
const COMPONENTS: [&str; 4] = [".tsx", ".jsx", ".vue", ".svelte"];

/// By `FileId`: does the file run at the client, as far as can be told?
pub fn client_files(project: &Project, index: &Index) -> Vec<bool> {
    let mut sides: Vec<Option<Side>> =
        (0..project.files.len()).map(|f| own_side(project, index, FileId(f as u32))).collect();
    // A file that only client files import is theirs.
    for _ in 0..4 {
        let mut changed = false;
        let mut importers: Vec<(bool, bool)> = vec![(false, false); sides.len()];
        for ((from, _), module) in &project.modules {
            if let Module::File(to) = module {
                match sides[from.0 as usize] {
                    Some(Side::Client) => importers[to.0 as usize].0 = true,
                    _ => importers[to.0 as usize].1 = true,
                }
            }
        }
        for (side, (client, other)) in sides.iter_mut().zip(importers) {
            if side.is_none() && client && !other {
                *side = Some(Side::Client);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    for (f, side) in sides.iter_mut().enumerate() {
        if side.is_none() && of_unit(project, index, FileId(f as u32), Ecosystem::Npm) == Some(Side::Client) {
            *side = Some(Side::Client);
        }
    }
    sides.into_iter().map(|s| s == Some(Side::Client)).collect()
}

fn own_side(project: &Project, index: &Index, file: FileId) -> Option<Side> {
    let facts = project.facts(file)?;
    let path = &project.paths[file.0 as usize];
    let mut found = None;
    for import in &facts.imports {
        let module = match facts.ecosystem {
            Ecosystem::Npm => import.module.as_str(),
            _ => import.module.split(['.', ':']).next().unwrap_or_default(),
        };
        for model in index.of_module(facts.ecosystem, module) {
            match index.models[model].side {
                Some(Side::Server) => return Some(Side::Server),
                Some(Side::Client) => found = Some(Side::Client),
                None => {}
            }
        }
    }
    if facts.ecosystem != Ecosystem::Npm && found.is_none() {
        return of_unit(project, index, file, facts.ecosystem).or(Some(Side::Server));
    }
    if found.is_some() || COMPONENTS.iter().any(|e| path.ends_with(e)) {
        return Some(Side::Client);
    }
    let global = facts.values.iter().any(|node| {
        let Value::Field(base, name) = &node.value else { return false };
        let Value::Name(root) = facts.value(*base) else { return false };
        index.values(facts.ecosystem).any(|(model, v)| {
            index.models[model].side == Some(Side::Client)
                && super::index::names(&v.path, &[root.clone(), name.clone()])
        })
    });
    global.then_some(Side::Client)
}

/// What the dependencies of the nearest manifest say.
fn of_unit(project: &Project, index: &Index, file: FileId, ecosystem: Ecosystem) -> Option<Side> {
    let unit = project.units_of(file, ecosystem).next()?;
    let has = |side: Side| {
        index.models.iter().any(|m| {
            m.ecosystem == ecosystem
                && m.side == Some(side)
                && m.modules.iter().any(|name| unit.packages.iter().any(|p| !p.locked && p.name == *name))
        })
    };
    match (has(Side::Client), has(Side::Server)) {
        (true, false) => Some(Side::Client),
        (_, true) => Some(Side::Server),
        _ => None,
    }
}
