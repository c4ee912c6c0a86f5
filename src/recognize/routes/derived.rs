//! Controllers that derive from other classes: the routes and guards that they inherit. Knows no framework.

use std::collections::{BTreeMap, BTreeSet};

use crate::endpoint::GuardKind;
use crate::facts::*;
use crate::project::origins::{At, Root};
use crate::recognize::Recognizer;
use crate::source::{FileId, Str};

use super::collect::{Handler, Item, Node, Placed, Routers, What};

/// The classes of the project that a class is made of, itself first.
fn line(rec: &Recognizer, file: FileId, t: TypeId) -> Vec<(FileId, TypeId)> {
    let ancestors = rec.with_origins(|o| o.ancestors(file, t));
    let own = |root| if let Root::Type(f, t) = root { Some((f, t)) } else { None };
    ancestors.into_iter().filter_map(own).collect()
}

impl Routers {
    /// Controllers answer at what their base classes register; a base class alone answers nowhere.
    pub fn inherit(&mut self, rec: &Recognizer) {
        let mut more: BTreeMap<Node, Vec<Item>> = BTreeMap::new();
        let mut bases: BTreeSet<Node> = BTreeSet::new();
        for (node, router) in &self.all {
            let Node::Class(file, t) = node else { continue };
            if router.span.is_none() {
                continue;
            }
            let mut taken: BTreeSet<Str> = methods(rec, *file, *t);
            for (f, base) in line(rec, *file, *t).into_iter().skip(1) {
                let Some(from) = self.all.get(&Node::Class(f, base)) else { continue };
                bases.insert(Node::Class(f, base));
                let inherited = from.items.iter().filter(|item| match &item.what {
                    What::Route { handlers, .. } => !handlers.iter().any(|h| match h {
                        Handler::Function(f, function) => {
                            rec.facts(*f).is_some_and(|x| taken.contains(&x.function(*function).name))
                        }
                        _ => false,
                    }),
                    _ => false,
                });
                more.entry(node.clone()).or_default().extend(inherited.cloned());
                taken.extend(methods(rec, f, base));
            }
        }
        for base in bases {
            if self.all.get(&base).is_some_and(|r| r.span.is_none()) {
                self.all.remove(&base);
            }
        }
        for (node, items) in more {
            if let Some(router) = self.all.get_mut(&node) {
                router.items.extend(items);
            }
        }
    }
}

fn methods(rec: &Recognizer, file: FileId, t: TypeId) -> BTreeSet<Str> {
    let Some(facts) = rec.facts(file) else { return BTreeSet::new() };
    facts.functions.iter().filter(|f| f.owner == Some(t)).map(|f| f.name.clone()).collect()
}

/// What is attached to the classes that a controller is made of, beside the one that defines the handler.
pub fn around(rec: &Recognizer, node: &Node, function: (FileId, FunctionId)) -> Vec<Placed> {
    let Node::Class(file, t) = node else { return Vec::new() };
    let owner = rec.facts(function.0).and_then(|f| f.function(function.1).owner);
    let classes = line(rec, *file, *t).into_iter().filter(|(f, t)| !(*f == function.0 && Some(*t) == owner));
    let mut out = Vec::new();
    for (file, t) in classes {
        let Some(facts) = rec.facts(file) else { continue };
        let on = facts.attributes.iter().filter(|a| a.on == Attached::Type(t));
        let placed = on.filter(|a| match facts.value(a.value) {
            Value::Result(call) => rec.route_entries(file, *call).is_empty(),
            _ => true,
        });
        out.extend(placed.map(|a| Placed { at: At { file, value: a.value }, kind: GuardKind::Decorator }));
    }
    out
}
