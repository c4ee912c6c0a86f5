//! The inventory: every address that the program answers at, and what stands before its handler.
//! Knows no library and no rule.

mod actions;
mod added;
mod carve;
mod catches;
mod caught;
mod classes;
mod collect;
mod contexts;
mod decisions;
mod dependencies;
mod derived;
mod dispatch;
mod extractors;
mod failing;
mod files;
mod folders;
mod guards;
mod hooks;
mod marks;
mod operations;
mod path;
mod patterns;
mod powers;
mod programs;
mod records;
mod rounds;
mod settled;
mod tables;
mod through;
mod tree;
mod ways;

use std::sync::OnceLock;

use crate::endpoint::Inventory;
use crate::event::Event;
use crate::project::Project;
use crate::project::names::Names;

use super::Recognizer;
use super::index::Index;
use super::wrappers::Callers;

/// Reads the routes of a project out of its facts and events.
pub fn inventory(
    project: &Project,
    index: &Index,
    names: &[OnceLock<Names>],
    callers: &Callers,
    events: &[Event],
) -> Inventory {
    let rec = Recognizer::new(project, index, names);
    let mut routers = collect::Routers::collect(&rec, callers);
    dispatch::collect(&rec, &mut routers);
    let reader = powers::Reader::new(&rec, events);
    let guards = guards::Guards::new(&reader);
    tree::Walk::new(&rec, &routers, &guards).inventory()
}
