//! Routers that functions of the project make or are handed. Knows no framework.

use std::collections::BTreeSet;

use crate::facts::*;
use crate::project::origins::{Argument, At, argument};
use crate::recognize::Recognizer;
use crate::recognize::wrappers::Callers;
use crate::source::{FileId, Span};

use super::{Item, Node, Routers, What, condition, order_of};

impl Routers {
    /// Routers that a function of the project makes: what the function registers on them is registered on
    /// each.
    pub(super) fn settle_makers(&mut self, rec: &Recognizer) {
        let mut open: BTreeSet<Node> = self.all.keys().cloned().collect();
        for item in self.all.values().flat_map(|r| &r.items) {
            if let What::Mount { children, .. } = &item.what {
                open.extend(children.iter().cloned());
            }
        }
        let mut open: Vec<Node> = open.into_iter().collect();
        while let Some(node) = open.pop() {
            let Node::Made(file, call) = &node else { continue };
            let callee = rec.callee(*file, *call);
            if callee.local.is_empty() || !rec.route_entries(*file, *call).is_empty() {
                continue;
            }
            let mut inner: Vec<Node> = Vec::new();
            for (f, function) in &callee.local {
                let Some(facts) = rec.facts(*f) else { continue };
                let given =
                    facts.exits.iter().filter(|e| e.function == *function && e.kind == ExitKind::Return);
                for value in given.filter_map(|e| e.value) {
                    inner.extend(rec.nodes_of(At { file: *f, value }, 0).into_iter().filter(|n| *n != node));
                }
            }
            inner.dedup();
            for child in inner {
                let model = self.all.get(&child).map_or(0, |r| r.model);
                let span = rec.facts(*file).map(|f| f.call(*call).span);
                let known = self.all.contains_key(&child);
                let own = self.all.entry(child.clone()).or_default();
                own.same = true;
                if !known {
                    open.push(child.clone());
                }
                let outer = self.all.entry(node.clone()).or_default();
                outer.model = model;
                outer.span = outer.span.or(span);
                outer.items.insert(
                    0,
                    Item {
                        order: Vec::new(),
                        span: span.unwrap_or(Span::new(*file, 0, 0)),
                        model,
                        what: What::Mount { paths: Vec::new(), children: vec![child], guards: Vec::new() },
                        condition: None,
                    },
                );
            }
        }
    }

    /// Parameters that are handed a router are routers: by the calls of their functions, and by mounts.
    pub(super) fn settle_parameters(&mut self, rec: &Recognizer, callers: &Callers) {
        for _ in 0..12 {
            let mut typed: BTreeSet<(Node, usize)> = BTreeSet::new();
            for router in self.all.values() {
                for item in &router.items {
                    let What::Mount { children, .. } = &item.what else { continue };
                    typed.extend(
                        children
                            .iter()
                            .filter(|c| matches!(c, Node::Param(..)))
                            .map(|c| (c.clone(), item.model)),
                    );
                }
            }
            // `routes(app)`
            let mut aliases: Vec<(Node, Node, FileId, CallId, usize)> = Vec::new();
            let known: BTreeSet<Node> = self.loose.keys().chain(self.all.keys()).cloned().collect();
            for node in &known {
                let Node::Param(file, function, n) = node else { continue };
                let Some(facts) = rec.facts(*file) else { continue };
                let name = facts.function(*function).params.get(*n as usize).map(|p| p.name.clone());
                for (caller, call) in callers.of((*file, *function)) {
                    let Some(there) = rec.facts(caller) else { continue };
                    let Argument::Given(value) = argument(there.call(call), *n as usize, name.as_deref())
                    else {
                        continue;
                    };
                    for outer in rec.nodes_of(At { file: caller, value }, 0) {
                        let handed = || typed.iter().find(|(n, _)| *n == outer).map(|(_, model)| *model);
                        let Some(model) = self.all.get(&outer).map(|r| r.model).or_else(handed) else {
                            continue;
                        };
                        if outer != *node {
                            typed.insert((node.clone(), model));
                            aliases.push((outer, node.clone(), caller, call, model));
                        }
                    }
                }
            }
            let before = self.done.len();
            for (outer, inner, file, call, model) in aliases {
                let mark = Node::Made(file, call);
                let key =
                    (Node::Program(format!("{outer:?}").into(), format!("{inner:?}{mark:?}").into()), model);
                if !self.done.insert(key) {
                    continue;
                }
                let Some(facts) = rec.facts(file) else { continue };
                let fact = facts.call(call);
                let item = Item {
                    order: order_of(rec, callers, &outer, (file, call)),
                    span: fact.span,
                    model,
                    what: What::Mount {
                        paths: Vec::new(),
                        children: vec![inner.clone()],
                        guards: Vec::new(),
                    },
                    condition: condition(facts, fact.region),
                };
                self.all.entry(outer).or_default().items.push(item);
                let inner = self.all.entry(inner).or_default();
                inner.model = model;
                inner.same = true;
            }
            for (node, model) in typed {
                if !self.done.insert((node.clone(), model)) {
                    continue;
                }
                for (file, call) in self.loose.get(&node).cloned().unwrap_or_default() {
                    let Some(facts) = rec.facts(file) else { continue };
                    let Value::Field(_, method) = facts.value(facts.call(call).callee) else { continue };
                    if let Some(entry) = rec.method_named(file, call, model, method) {
                        self.add_rounds(rec, callers, entry);
                    }
                }
            }
            if self.done.len() == before {
                break;
            }
        }
        for router in self.all.values_mut() {
            router.items.sort_by(|a, b| a.order.cmp(&b.order).then(a.span.cmp(&b.span)));
        }
    }
}
