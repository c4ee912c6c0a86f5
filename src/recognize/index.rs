//! Models by what code can name. Knows neither facts nor rules.

use std::collections::HashMap;

use crate::rulebook::Rulebook;
use crate::rulebook::model::{CallModel, Model, TypeModel, ValueModel};
use crate::source::{Ecosystem, Str};

/// A `[[call]]` of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId {
    pub model: usize,
    pub entry: usize,
}

pub struct Index<'a> {
    pub models: &'a [Model],
    by_module: HashMap<(Ecosystem, &'a str), Vec<usize>>,
    by_method: HashMap<&'a str, Vec<EntryId>>,
}

impl<'a> Index<'a> {
    pub fn new(book: &'a Rulebook) -> Self {
        let mut index = Index { models: &book.models, by_module: HashMap::new(), by_method: HashMap::new() };
        for (m, model) in book.models.iter().enumerate() {
            for module in &model.modules {
                index.by_module.entry((model.ecosystem, module.as_str())).or_default().push(m);
            }
            if model.package.is_empty() {
                index.by_module.entry((model.ecosystem, "")).or_default().push(m);
            }
            for (e, call) in model.calls.iter().enumerate() {
                for method in call.paths.iter().filter_map(|p| p.strip_prefix("*.")) {
                    index.by_method.entry(method).or_default().push(EntryId { model: m, entry: e });
                }
            }
        }
        index
    }

    pub fn call(&self, id: EntryId) -> &'a CallModel {
        &self.models[id.model].calls[id.entry]
    }

    /// The models that speak of a module; "" for global names.
    pub fn of_module(&self, ecosystem: Ecosystem, module: &str) -> Vec<usize> {
        [ecosystem, Ecosystem::None].iter().filter_map(|e| self.by_module.get(&(*e, module))).flatten().copied().collect()
    }

    pub fn any_receiver(&self, method: &str) -> &[EntryId] {
        self.by_method.get(method).map_or(&[], Vec::as_slice)
    }

    pub fn types(&self, model: usize) -> &'a [TypeModel] {
        &self.models[model].types
    }

    pub fn values(&self, ecosystem: Ecosystem) -> impl Iterator<Item = (usize, &'a ValueModel)> {
        self.models
            .iter()
            .enumerate()
            .filter(move |(_, m)| m.ecosystem == ecosystem || m.ecosystem == Ecosystem::None)
            .flat_map(|(i, m)| m.values.iter().map(move |v| (i, v)))
    }
}

/// Does a page's path (`process.env.*`, `default`, `jwt.decode`) name these members?
pub fn names(path: &str, members: &[Str]) -> bool {
    if path == "default" {
        return members.is_empty();
    }
    let mut parts = path.split('.');
    let mut at = 0;
    for part in parts.by_ref() {
        match members.get(at) {
            Some(_) if part == "*" => {}
            Some(member) if member == part => {}
            _ => return false,
        }
        at += 1;
    }
    at == members.len()
}
