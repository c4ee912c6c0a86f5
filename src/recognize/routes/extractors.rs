//! Types that are made from a request before the handler runs: the code that makes them.
//! Knows no framework: pages say which interfaces these implement.

use std::collections::HashMap;

use crate::facts::*;
use crate::project::origins::{At, Root};
use crate::recognize::Recognizer;
use crate::source::{FileId, Str};

/// The functions that make such a type, by the name of the type.
pub struct Extractors {
    by_name: HashMap<Str, Vec<(FileId, FunctionId)>>,
    methods: Vec<Str>,
}

impl Extractors {
    pub fn new(rec: &Recognizer) -> Extractors {
        let guards: Vec<_> = rec.index.models.iter().flat_map(|m| &m.guards).collect();
        let methods = guards.iter().flat_map(|g| g.methods.iter().cloned()).collect();
        let mut by_name: HashMap<Str, Vec<(FileId, FunctionId)>> = HashMap::new();
        for facts in rec.project.files.iter().flatten() {
            for (i, f) in facts.functions.iter().enumerate() {
                let asks = |g: &&&crate::rulebook::model::GuardModel| {
                    g.bases.contains(&f.trait_name) && g.methods.contains(&f.name)
                };
                if !f.trait_name.is_empty() && guards.iter().any(|g| asks(&g)) {
                    let id = (facts.file, FunctionId(i as u32));
                    by_name.entry(f.owner_name.clone()).or_default().push(id);
                }
            }
        }
        Extractors { by_name, methods }
    }

    pub fn of_type(&self, rec: &Recognizer, file: FileId, t: TypeId) -> Vec<(FileId, FunctionId)> {
        let Some(facts) = rec.facts(file) else { return Vec::new() };
        let found = self.by_name.get(&facts.types[t.0 as usize].name);
        let own = |f: &&(FileId, FunctionId)| {
            f.0 == file
                || rec.facts(f.0).is_some_and(|there| {
                    let name = &there.function(f.1).owner_name;
                    rec.with_origins(|o| o.type_named(f.0, name)) == Some((file, t))
                })
        };
        found.into_iter().flatten().filter(own).copied().collect()
    }

    /// `request.extract::<User>()`, `User::from_request(…)`: the code that runs.
    pub fn of_call(&self, rec: &Recognizer, facts: &FileFacts, call: &Call) -> Vec<(FileId, FunctionId)> {
        let mut heads: Vec<ValueId> = call.generics.iter().map(|g| g.head).collect();
        if let Value::Field(base, name) = facts.value(call.callee)
            && self.methods.contains(name)
        {
            heads.push(*base);
        }
        let mut out = Vec::new();
        for value in heads {
            for traced in rec.trace(At { file: facts.file, value }, &None) {
                if let Root::Type(file, t) | Root::Instance(file, t) = traced.root {
                    out.extend(self.of_type(rec, file, t));
                }
            }
        }
        out
    }
}

/// Is all that the type holds there or not: `struct Maybe(Option<User>)`?
pub fn holds_nothing_surely(rec: &Recognizer, file: FileId, t: TypeId) -> bool {
    let Some(facts) = rec.facts(file) else { return false };
    let fields = &facts.types[t.0 as usize].fields;
    !fields.is_empty() && fields.iter().all(|f| f.optional)
}
