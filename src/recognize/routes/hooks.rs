//! Functions that a decorator makes run before handlers: `@app.before_request`. Knows no framework.

use crate::endpoint::GuardKind;
use crate::facts::*;
use crate::project::origins::At;
use crate::recognize::Recognizer;
use crate::recognize::wrappers::Callers;
use crate::source::FileId;

use super::collect::{Covers, Entry, Item, Node, Placed, Routers, What, condition, program};

impl Recognizer<'_> {
    /// The function that a decorator registers to run before handlers.
    pub fn hooked(&self, placed: Placed) -> Option<(FileId, FunctionId)> {
        if placed.kind != GuardKind::Hook {
            return None;
        }
        let facts = self.facts(placed.at.file)?;
        facts.attributes.iter().find(|a| a.value == placed.at.value).and_then(|a| match a.on {
            Attached::Function(f) => Some((placed.at.file, f)),
            _ => None,
        })
    }
}

impl Routers {
    /// The function below a decorator runs before the routes of the router, or of the program.
    pub fn add_hook(
        &mut self,
        rec: &Recognizer,
        callers: &Callers,
        entry: &Entry,
        attribute: &Attribute,
        routers: &[Node],
    ) {
        let at = At { file: entry.place().0, value: attribute.value };
        let guards = vec![Placed { at, kind: GuardKind::Hook }];
        if entry.concept == "http.application" {
            let node = program(rec, entry.file, entry.model);
            let router = self.all.entry(node).or_default();
            router.model = entry.model;
            router.guards.extend(guards);
            return;
        }
        let paths = rec.role_texts(entry, "at");
        let exact = entry.says("exact", crate::concepts::State::Set);
        let what = What::Use { paths, exact, guards, covers: Covers::of(rec, entry) };
        self.register(rec, callers, entry, routers, what);
    }

    /// Decorators without brackets: no call stands there.
    pub fn add_bare_decorators(&mut self, rec: &Recognizer, facts: &FileFacts) {
        for attribute in &facts.attributes {
            let Attached::Function(_) = attribute.on else { continue };
            let Value::Field(base, _) = facts.value(attribute.value) else { continue };
            for id in rec.entries_of_name(At { file: facts.file, value: attribute.value }) {
                let model = rec.index.call(id);
                let Some(concept) = model.concept.map(|c| c.name) else { continue };
                if !matches!(concept, "http.use" | "http.application") {
                    continue;
                }
                let guards = vec![Placed {
                    at: At { file: facts.file, value: attribute.value },
                    kind: GuardKind::Hook,
                }];
                let call = CallId(u32::MAX);
                let entry = Entry {
                    file: facts.file,
                    call,
                    model: id.model,
                    concept,
                    roles: &model.roles,
                    through: None,
                };
                if concept == "http.application" {
                    let router = self.all.entry(program(rec, facts.file, id.model)).or_default();
                    router.model = id.model;
                    router.guards.extend(guards);
                    break;
                }
                let covers = match entry.spec("covers").and_then(|s| s.alternatives.first()?.text.clone()) {
                    Some(text) => Covers::named(&text),
                    None => Covers::After,
                };
                let region = facts.node(attribute.value).region;
                for node in rec.nodes_of(At { file: facts.file, value: *base }, 0) {
                    let router = self.all.entry(node).or_default();
                    if router.span.is_none() {
                        router.model = id.model;
                    }
                    router.items.push(Item {
                        order: vec![attribute.span.end],
                        span: attribute.span,
                        model: id.model,
                        what: What::Use { paths: Vec::new(), exact: false, guards: guards.clone(), covers },
                        condition: condition(facts, region),
                    });
                }
                break;
            }
        }
    }
}
