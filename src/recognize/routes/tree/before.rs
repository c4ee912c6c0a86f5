//! What a handler carries itself: decorators, parameters, and whom it hands requests on to. Knows no framework.

use crate::endpoint::{Answer, Guard, GuardKind};
use crate::facts::*;
use crate::finding::Strength;
use crate::project::origins::At;
use crate::recognize::routes::collect::{Item, Placed};
use crate::source::FileId;

use super::Walk;

impl Walk<'_, '_, '_, '_> {
    /// Decorators, parameters, and those of the class around a method.
    pub(super) fn on_handler(&self, file: FileId, function: FunctionId, item: &Item) -> Vec<(Guard, bool)> {
        let Some(facts) = self.rec.facts(file) else { return Vec::new() };
        let mut out = Vec::new();
        let fact = facts.function(function);
        let mut on: Vec<Attached> = Vec::new();
        on.extend(fact.owner.map(Attached::Type));
        on.push(Attached::Function(function));
        for place in on {
            for attribute in facts.attributes.iter().filter(|a| a.on == place) {
                if attribute.span == item.span
                    || self.is_route(file, attribute.value)
                    || place != Attached::Function(function)
                        && !self.rec.concerns(file, attribute.value, &fact.name)
                {
                    continue;
                }
                // It wraps what the route's decorator has registered already.
                let above = attribute.span.start < item.span.start && item.span.file == file;
                if above && place == Attached::Function(function) && self.routers.above.contains(&item.span) {
                    continue;
                }
                let at = At { file, value: attribute.value };
                for at in self.rec.leaves(at, 0) {
                    let guard = self.guards.guard(Placed { at, kind: GuardKind::Decorator });
                    out.push((guard, self.guards.is_public(at)));
                }
            }
        }
        let fields = fact.owner.map_or_else(Vec::new, |t| self.rec.dependencies_of_class(file, t));
        for dependency in fields {
            let reading = self.guards.of_dependency(&dependency);
            let Some(there) = self.rec.facts(dependency.at.file) else { continue };
            out.push((
                Guard {
                    name: show::value(there, dependency.at.value, 3).into(),
                    span: there.node(dependency.at.value).span,
                    kind: GuardKind::Dependency,
                    does: reading.does,
                    function: reading.function,
                    exempts: Vec::new(),
                    evidence: reading.evidence,
                    strength: reading.strength.unwrap_or(Strength::Stated),
                },
                reading.public,
            ));
        }
        for parameter in &fact.params {
            for (at, kind, reading, optional) in self.guards.of_parameter(file, parameter) {
                let mut does = reading.does;
                if optional && does.authentication == Answer::Yes {
                    does.authentication = Answer::Optional;
                    does.role = Answer::No;
                }
                out.push((
                    Guard {
                        name: self
                            .rec
                            .facts(at.file)
                            .map_or("".into(), |f| show::value(f, at.value, 3).into()),
                        span: parameter.span,
                        kind,
                        does,
                        function: reading.function,
                        exempts: Vec::new(),
                        evidence: reading.evidence,
                        strength: reading.strength.unwrap_or(Strength::Stated),
                    },
                    reading.public,
                ));
            }
        }
        out
    }

    /// What stands before the functions that a handler hands every request on to.
    pub(super) fn delegated(
        &self,
        file: FileId,
        function: FunctionId,
        item: &Item,
        depth: u32,
    ) -> Vec<Guard> {
        let Some(facts) = self.rec.facts(file) else { return Vec::new() };
        let fact = facts.function(function);
        let mut out: Option<Vec<Guard>> = None;
        let all = facts.exits.iter().filter(|e| e.function == function && e.kind == ExitKind::Return);
        for exit in all {
            let Some(Value::Result(call)) = exit.value.map(|v| facts.value(v)) else { return Vec::new() };
            let handed = facts.call(*call).args.iter().any(|a| match facts.value(a.value) {
                Value::Name(name) => fact.params.iter().any(|p| p.name == *name),
                Value::Param(f, _) => *f == function,
                _ => false,
            });
            let callee = self.rec.callee(file, *call);
            let [(f, target)] = callee.local.as_slice() else { return Vec::new() };
            if !handed || depth > 3 || (*f, *target) == (file, function) {
                return Vec::new();
            }
            let mut guards: Vec<Guard> =
                self.on_handler(*f, *target, item).into_iter().map(|(g, _)| g).collect();
            guards.extend(self.delegated(*f, *target, item, depth + 1));
            if !guards.iter().any(|g| g.does.authentication == Answer::Yes) {
                return Vec::new();
            }
            out = out.or(Some(guards));
        }
        out.unwrap_or_default()
    }

    fn is_route(&self, file: FileId, value: ValueId) -> bool {
        match self.rec.facts(file).map(|f| f.value(value)) {
            Some(Value::Result(call)) => !self.rec.route_entries(file, *call).is_empty(),
            _ => false,
        }
    }
}
