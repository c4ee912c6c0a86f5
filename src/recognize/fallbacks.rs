//! Reads of the environment with a value that is used when nothing is set there. Knows no rule.

use crate::concepts::{Concept, State, concept};
use crate::event::{Event, RoleValue};
use crate::facts::*;
use crate::finding::Strength;
use crate::project::origins::{At, Root, Traced};
use crate::rulebook::model::Alternative;
use crate::source::{FileId, Span, Str};

use super::Recognizer;
use super::calls::Callee;
use super::roles::Scope;

impl Recognizer<'_> {
    /// `env.X || "y"`, and settings classes whose fields the environment fills.
    pub fn fallback_events(&self, file: FileId) -> Vec<Event> {
        let mut out = Vec::new();
        let (Some(facts), Some(concept)) = (self.facts(file), concept("env.read")) else { return out };
        for (i, node) in facts.values.iter().enumerate() {
            let Value::Either(parts) = &node.value else { continue };
            if !parts.iter().any(|p| self.is_plain_text(facts, *p, 0)) {
                continue;
            }
            let found = self.trace(At { file, value: ValueId(i as u32) }, &None);
            let name = found.iter().find_map(|t| self.outside_name(t).filter(|n| !n.is_empty()));
            let written: Vec<&Traced> = found.iter().filter(|t| stands_in(t, facts, node.span)).collect();
            if let (Some(name), false) = (name, written.is_empty()) {
                out.push(self.fallback(file, concept, name, &written, node.span, facts.in_test(node.region)));
            }
        }
        for (i, t) in facts.types.iter().enumerate() {
            if t.fields.iter().any(|f| f.default.is_some()) && self.is_filled(file, TypeId(i as u32)) {
                for field in &t.fields {
                    let Some(default) = field.default else { continue };
                    let found = self.trace(At { file, value: default }, &None);
                    let written: Vec<&Traced> =
                        found.iter().filter(|t| stands_in(t, facts, field.span)).collect();
                    if !written.is_empty() {
                        let name = field.code_name.clone();
                        out.push(self.fallback(
                            file,
                            concept,
                            name,
                            &written,
                            field.span,
                            facts.in_test(t.region),
                        ));
                    }
                }
            }
        }
        out
    }

    /// A call that reads the environment and is given a default.
    pub fn call_fallback(&self, file: FileId, call: CallId, callee: &Callee) -> Option<Event> {
        let facts = self.facts(file)?;
        let (id, model) = callee
            .entries
            .iter()
            .map(|e| (*e, self.index.call(*e)))
            .find(|(_, m)| m.concept.is_some_and(|c| c.name == "env.read"))?;
        let (_, spec) = model.roles.iter().find(|(name, _)| name == "default")?;
        self.argument_of(file, call, spec)?;
        let concept = model.concept?;
        let scope = Scope::call(file, Some(call), id.model, &None);
        let page = &self.index.models[id.model];
        Some(Event {
            concept,
            model: (page.page.clone(), model.line),
            package: page.package.clone(),
            file,
            call: Some(call),
            span: facts.call(call).span,
            callee: self.callee_text(file, call),
            context: None,
            roles: self.roles_of(concept, &model.roles, &scope),
            strength: callee.strength.unwrap_or(Strength::Stated),
            in_test: facts.in_test(facts.call(call).region),
        })
    }

    fn fallback(
        &self,
        file: FileId,
        concept: &'static Concept,
        name: Str,
        written: &[&Traced],
        span: Span,
        in_test: bool,
    ) -> Event {
        let default = Alternative::default();
        let values: Vec<_> = written.iter().map(|t| self.known(t, &default)).collect();
        let mut named = self.known(written[0], &default);
        named.text = Some(name.clone());
        let place = values.first().map_or(span, |v| v.span);
        Event {
            concept,
            model: (Str::default(), 0),
            package: Str::default(),
            file,
            call: None,
            span: place,
            callee: name.to_string(),
            context: None,
            roles: vec![
                ("name", RoleValue { values: vec![named], ..RoleValue::state(State::Set) }),
                ("default", RoleValue { values, ..RoleValue::state(State::Set) }),
            ],
            strength: Strength::Stated,
            in_test,
        }
    }

    /// A text, also converted: `"x".to_owned()`, `|| "x".into()`.
    fn is_plain_text(&self, facts: &FileFacts, id: ValueId, depth: u32) -> bool {
        match facts.value(id) {
            Value::Text(t) => !t.is_empty(),
            Value::Result(call) if depth < 3 => {
                let call = facts.call(*call);
                let base = match facts.value(call.callee) {
                    Value::Field(base, _) => self.is_plain_text(facts, *base, depth + 1),
                    _ => false,
                };
                base || call.args.len() == 1 && self.is_plain_text(facts, call.args[0].value, depth + 1)
            }
            _ => false,
        }
    }

    fn is_filled(&self, file: FileId, t: TypeId) -> bool {
        let ancestors = self.with_origins(|o| o.ancestors(file, t));
        ancestors.iter().any(|a| self.is_env_type(a))
    }
}

/// The text is written at this very place.
fn stands_in(traced: &Traced, facts: &FileFacts, span: Span) -> bool {
    let Root::Value(at) = traced.root else { return false };
    at.file == facts.file
        && span.contains(&facts.node(at.value).span)
        && matches!(facts.value(at.value), Value::Text(t) if !t.is_empty())
}
