//! A project's own function around a call that registers something: the same registration once for each
//! of its callers, with what they pass. Knows no framework.

use crate::facts::*;
use crate::project::origins::{Argument, At, Root, argument};
use crate::recognize::Recognizer;
use crate::recognize::index::{self, EntryId};
use crate::recognize::wrappers::Callers;
use crate::source::FileId;

use super::collect::{Entry, Node};

/// Functions that are called from more places than this are left alone.
const CALLERS: usize = 400;

/// The function that a registration stands in, and one of its calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Through {
    pub function: (FileId, FunctionId),
    pub call: (FileId, CallId),
}

impl Recognizer<'_> {
    /// The callers of the function around a registration, when they decide what is registered.
    pub fn through(&self, entry: &Entry, callers: &Callers) -> Vec<Through> {
        let Some(facts) = self.facts(entry.file) else { return Vec::new() };
        let function = (entry.file, facts.call(entry.call).function);
        if function.1 == FunctionId(0) {
            return Vec::new();
        }
        let decides = ["handler", "child", "at"].iter().any(|role| {
            let places = self.all_role_places(entry, role);
            places.iter().any(|at| self.parameter_of(*at, function).is_some())
        });
        let all: Vec<(FileId, CallId)> = callers.of(function).take(CALLERS + 1).collect();
        if !decides || all.len() > CALLERS {
            return Vec::new();
        }
        all.into_iter().map(|call| Through { function, call }).collect()
    }

    /// The parameter of that function that an expression is, or is a part of.
    fn parameter_of(&self, at: At, function: (FileId, FunctionId)) -> Option<u32> {
        self.trace(at, &None).iter().find_map(|t| {
            let mut root = &t.root;
            while let Root::Member(base, _) = root {
                root = base;
            }
            match root {
                Root::Param(file, f, n) if (*file, *f) == function => Some(*n),
                _ => None,
            }
        })
    }

    /// What an expression inside a function is worth to one of its callers.
    pub fn seen_from(&self, through: Option<Through>, at: At) -> Vec<At> {
        let Some(through) = through else { return vec![at] };
        let (file, call) = through.call;
        let (Some(inside), Some(there)) = (self.facts(through.function.0), self.facts(file)) else {
            return vec![at];
        };
        let fact = there.call(call);
        // The object whose method this is.
        if let Some(Value::Name(name)) = self.facts(at.file).map(|f| f.value(at.value))
            && matches!(name.as_str(), "self" | "this")
            && let Value::Field(base, _) = there.value(fact.callee)
        {
            return vec![At { file, value: *base }];
        }
        let parts = self.parts_of_list(at, 0);
        let found = parts.iter().find_map(|p| self.parameter_of(*p, through.function));
        let Some(n) = found else { return vec![at] };
        let Some(parameter) = inside.function(through.function.1).params.get(n as usize) else {
            return vec![at];
        };
        if parameter.rest {
            let plain = fact.args.iter().filter(|a| a.name.is_none() && !a.double);
            return plain.skip(n as usize).map(|a| At { file, value: a.value }).collect();
        }
        match argument(fact, n as usize, Some(&parameter.name)) {
            Argument::Given(value) => vec![At { file, value }],
            Argument::Missing => {
                parameter.default.map(|value| At { file: through.function.0, value }).into_iter().collect()
            }
            Argument::Unclear => vec![at],
        }
    }

    /// `X(…)` of a class that derives from a router and hands its own constructor's arguments on:
    /// the call of the base's constructor, seen from here.
    pub fn made_through(&self, file: FileId, call: CallId) -> Option<(EntryId, CallId, Through)> {
        let facts = self.facts(file)?;
        let callee = facts.call(call).callee;
        for traced in self.trace(At { file, value: callee }, &None) {
            let Root::Type(f, t) = traced.root else { continue };
            let Some((f, constructor)) = self.with_origins(|o| o.method((f, t), "__init__")) else {
                continue;
            };
            let there = self.facts(f)?;
            let base = there.calls.iter().position(|c| {
                c.function == constructor
                    && matches!(there.value(c.callee), Value::Field(_, name) if name == "__init__")
            })?;
            for root in self.with_origins(|o| o.ancestors(f, t)) {
                let (Root::External(path) | Root::Foreign(path)) = root else { continue };
                for model in self.index.of_module(path.ecosystem, &path.module) {
                    let calls = self.index.models[model].calls.iter().enumerate();
                    let mut routers = calls.filter(|(_, c)| {
                        c.concept.is_some_and(|c| matches!(c.name, "http.router" | "http.scope"))
                            && c.paths.iter().any(|p| index::names_end(p, &path.members))
                    });
                    if let Some((entry, _)) = routers.next() {
                        let through = Through { function: (f, constructor), call: (file, call) };
                        return Some((EntryId { model, entry }, CallId(base as u32), through));
                    }
                }
            }
        }
        None
    }

    /// An object of a class of the project that is a router: the call that made it.
    pub fn made_here(&self, at: At) -> Option<Node> {
        let Value::Result(call) = self.facts(at.file)?.value(at.value) else { return None };
        let entries = self.route_entries(at.file, *call);
        let makes = entries.iter().any(|e| matches!(e.concept, "http.router" | "http.scope"));
        // A class of the project that derives from a router, with a constructor of its own.
        let found = self.trace(At { file: at.file, value: self.facts(at.file)?.call(*call).callee }, &None);
        let derives = || found.iter().any(|t| matches!(t.root, Root::Type(f, class) if self.is_router(f, class)));
        (makes || derives() || self.made_through(at.file, *call).is_some())
            .then_some(Node::Made(at.file, *call))
    }
}
