//! Marks on handlers, and guards that ask for them: those that let marked handlers pass, and those that
//! look at marked handlers only. Knows no framework.

use std::collections::BTreeSet;

use crate::endpoint::{Answer, Does, Guard};
use crate::facts::*;
use crate::finding::{Evidence, Strength};
use crate::project::origins::{At, Root};
use crate::recognize::Recognizer;
use crate::source::{FileId, Span};

use super::collect::{Entry, Placed};
use super::guards::{Guards, asks_base};
use super::powers::{Powers, Reader};

/// What a guard makes of a mark.
#[derive(Clone, Debug)]
struct Asked {
    /// None: it could not be told which mark is meant.
    key: Option<String>,
    /// Marked handlers are let pass; else only marked ones are looked at.
    exempts: bool,
    span: Span,
}

impl Recognizer<'_> {
    /// What a mark goes by: its text, or what made it.
    fn key_of(&self, at: At) -> Option<String> {
        self.trace(at, &None).into_iter().find_map(|t| match (&t.root, self.text(&t)) {
            (_, Some(text)) => Some(text.to_string()),
            (Root::Unknown | Root::Absent, _) => None,
            (root, _) => Some(format!("{root:?}")),
        })
    }

    fn entry_places(&self, file: FileId, call: CallId, concept: &'static str, role: &str) -> Option<Vec<At>> {
        let callee = self.callee(file, call);
        callee.entries.iter().find_map(|id| {
            let model = self.index.call(*id);
            (model.concept?.name == concept).then(|| {
                let entry = Entry {
                    file,
                    call,
                    model: id.model,
                    concept,
                    roles: &model.roles,
                    round: None,
                    through: None,
                };
                self.all_role_places(&entry, role)
            })
        })
    }

    /// The expressions that a decorator is made of.
    pub fn leaves(&self, at: At, depth: u32) -> Vec<At> {
        let mut out = Vec::new();
        for traced in self.trace(at, &None) {
            let Root::Call(file, call) = traced.root else { continue };
            let parts = self.entry_places(file, call, "http.depend", "guard").unwrap_or_default();
            if depth < 6 {
                out.extend(parts.into_iter().flat_map(|p| self.leaves(p, depth + 1)));
            }
        }
        if out.is_empty() { vec![at] } else { out }
    }

    /// The marks that an expression puts on what it decorates.
    fn marks_of(&self, at: At, out: &mut BTreeSet<String>) {
        for leaf in self.leaves(at, 0) {
            for traced in self.trace(leaf, &None) {
                let Root::Call(file, call) = traced.root else { continue };
                if let Some(names) = self.entry_places(file, call, "http.mark", "name") {
                    match names.is_empty() {
                        // What a maker of marks gave back is the mark itself.
                        true => out.extend(
                            self.facts(file)
                                .and_then(|f| self.key_of(At { file, value: f.call(call).callee })),
                        ),
                        false => out.extend(names.into_iter().filter_map(|n| self.key_of(n))),
                    }
                }
            }
        }
    }
}

/// What is marked on a handler, on its class and on the classes around it.
pub fn marks_on(rec: &Recognizer, handler: (FileId, FunctionId), around: &[Placed]) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let Some(facts) = rec.facts(handler.0) else { return out };
    let owner = facts.function(handler.1).owner.map(Attached::Type);
    let on = |a: &&Attribute| a.on == Attached::Function(handler.1) || Some(a.on) == owner;
    for attribute in facts.attributes.iter().filter(on) {
        rec.marks_of(At { file: handler.0, value: attribute.value }, &mut out);
    }
    for placed in around {
        rec.marks_of(placed.at, &mut out);
    }
    out
}

impl Guards<'_, '_, '_> {
    /// Does a class have the last word itself, and let callers without credentials pass?
    pub fn lets_pass(&self, ancestors: &[Root]) -> bool {
        let rec = self.reader.rec;
        let last: Vec<_> = rec.index.models.iter().flat_map(|m| &m.guards).flat_map(|g| &g.last).collect();
        let own = ancestors.iter().find_map(|a| match a {
            Root::Type(file, t) => {
                last.iter().find_map(|name| rec.with_origins(|o| o.method((*file, *t), name)))
            }
            _ => None,
        });
        own.is_some_and(|(file, function)| !self.asks_for_caller(file, function))
    }

    fn asks_for_caller(&self, file: FileId, function: FunctionId) -> bool {
        let rec = self.reader.rec;
        let Some(facts) = rec.facts(file) else { return true };
        let own = facts.function(function);
        // Handed on to another object's method of that name.
        let hands_on = facts
            .calls
            .iter()
            .filter(|c| own.span.contains(&c.span))
            .any(|c| matches!(facts.value(c.callee), Value::Field(_, name) if *name == own.name));
        if hands_on
            || self.reader.powers(file, function).unknown_caller.is_some()
            || asks_base(rec, file, function)
        {
            return true;
        }
        let given: Vec<_> = facts.function(function).params.iter().skip(1).map(|p| &p.name).collect();
        let names = |value: ValueId| match facts.value(value) {
            Value::Either(parts) => parts.clone(),
            _ => vec![value],
        };
        let asks = |value: ValueId| {
            names(value).iter().any(|v| matches!(facts.value(*v), Value::Name(n) if given.contains(&n)))
        };
        facts.exits.iter().filter(|e| e.kind == ExitKind::Throw && e.function == function).any(|exit| {
            let mut at = Some(exit.region);
            let mut conditions = Vec::new();
            while let Some(region) = at.filter(|r| *r != facts.function(function).region) {
                conditions.extend(facts.region(region).conditions.iter().map(|c| c.value));
                at = facts.region(region).parent;
            }
            conditions.is_empty() || conditions.into_iter().any(asks)
        })
    }

    /// Takes back what a guard does not do for a handler with these marks.
    pub fn adjust(&self, guard: &mut Guard, marks: &BTreeSet<String>) -> Option<Evidence> {
        let function = guard.function?;
        let mut public = None;
        for asked in asked(self.reader.rec, function) {
            let says =
                |text: &str| Evidence { span: asked.span, text: text.into(), strength: Strength::Stated };
            let marked = asked.key.as_ref().map(|k| marks.contains(k));
            let before = || self.reader.powers_until(function, asked.span.start).as_guard();
            match (marked, asked.exempts) {
                (Some(true), true) => {
                    guard.does = before();
                    guard.evidence = vec![says("lets handlers with this mark pass")];
                    public = Some(says("marked as open to everybody"));
                }
                (Some(false), false) => {
                    guard.does = before();
                    guard.evidence = vec![says("looks only at handlers with this mark")];
                }
                (None, false) if guard.does.authentication == Answer::Yes => {
                    guard.does = before().and(Does { authentication: Answer::Unknown, ..Does::default() });
                    guard.evidence.push(says("looks only at handlers with a mark that could not be read"));
                }
                _ => {}
            }
        }
        public
    }
}

/// The marks that a guard's code asks for.
fn asked(rec: &Recognizer, (file, function): (FileId, FunctionId)) -> Vec<Asked> {
    let Some(facts) = rec.facts(file) else { return Vec::new() };
    let whole = facts.function(function).span;
    let mut out = Vec::new();
    for (i, region) in facts.regions.iter().enumerate() {
        if region.kind != RegionKind::Branch || !whole.contains(&region.span) {
            continue;
        }
        for condition in &region.conditions {
            let Some((key, counted)) = mark_in(rec, file, condition.value, 0) else { continue };
            let without = condition.negated || counted;
            let passes = exits(facts, RegionId(i as u32), true);
            let stops = exits(facts, RegionId(i as u32), false);
            let exempts = match (without, passes, stops) {
                (false, true, _) | (true, false, _) => true,
                (true, true, _) | (false, false, true) => false,
                (false, false, false) => continue,
            };
            out.push(Asked { key, exempts, span: condition.span });
        }
    }
    // `return open || super.ask(…)`
    for exit in facts.exits.iter().filter(|e| whole.contains(&e.span) && e.kind == ExitKind::Return) {
        if let Some(value) = exit.value
            && let Value::Either(parts) = facts.value(value)
            && let Some((key, false)) = parts.first().and_then(|p| mark_in(rec, file, *p, 0))
        {
            out.push(Asked { key, exempts: true, span: exit.span });
        }
    }
    out
}

/// Is a value what a guard read of a mark? Also: is it asked how many there are?
fn mark_in(rec: &Recognizer, file: FileId, value: ValueId, depth: u32) -> Option<(Option<String>, bool)> {
    let facts = rec.facts(file).filter(|_| depth < 4)?;
    match facts.value(value) {
        Value::Either(parts) => {
            let found: Vec<_> = parts.iter().filter_map(|p| mark_in(rec, file, *p, depth + 1)).collect();
            let counted = found.iter().any(|f| f.1);
            found.into_iter().next().map(|(key, _)| (key, counted))
        }
        Value::Field(base, name) if name == "length" || name == "size" => {
            mark_in(rec, file, *base, depth + 1).map(|(key, _)| (key, true))
        }
        _ => rec.trace(At { file, value }, &None).into_iter().find_map(|t| {
            let mut root = &t.root;
            while let Root::Member(base, _) = root {
                root = base;
            }
            let Root::Call(f, call) = root else { return None };
            let names = rec.entry_places(*f, *call, "http.marked", "name")?;
            Some((names.into_iter().find_map(|n| rec.key_of(n)), false))
        }),
    }
}

/// Does a region end with leave to go on, or with anything else?
fn exits(facts: &FileFacts, region: RegionId, passes: bool) -> bool {
    facts.exits.iter().filter(|e| facts.encloses(region, e.region)).any(|e| match (e.kind, e.value) {
        (ExitKind::Return, None) => passes,
        (ExitKind::Return, Some(v)) => matches!(facts.value(v), Value::Bool(true)) == passes,
        (ExitKind::Throw, _) => !passes,
        _ => false,
    })
}

/// What a function gives back decides: what it asks there counts as a condition.
pub fn verdict(reader: &Reader, (file, function): (FileId, FunctionId), powers: &mut Powers) {
    let Some(facts) = reader.rec.facts(file) else { return };
    let own = |e: &&Exit| e.kind == ExitKind::Return && e.function == function;
    for exit in facts.exits.iter().filter(own) {
        let Some(value) = exit.value else { continue };
        if matches!(facts.value(value), Value::Bool(true) | Value::Null) {
            continue;
        }
        reader.read_condition(facts, value, exit.span, true, powers);
        powers.stop.get_or_insert_with(|| Evidence {
            span: exit.span,
            text: "what is given back decides".into(),
            strength: Strength::Stated,
        });
    }
}
