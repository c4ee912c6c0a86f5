//! Records that are read out of encoded text. Pages say which calls take a text out of which form; what the text
//! is, and what becomes of the record, is for the rules. Knows no library and no rule.

use crate::concepts::{State, concept};
use crate::event::{Event, RoleValue};
use crate::facts::*;
use crate::finding::Strength;
use crate::project::names::Binding;
use crate::project::origins::{At, Context, Root};
use crate::rulebook::model::Alternative;
use crate::source::{FileId, Str};

use super::Recognizer;
use super::calls::Callee;

impl Recognizer<'_> {
    /// The call reads a record out of text that a call before took out of its encoding.
    pub(super) fn unpack_event(
        &self,
        file: FileId,
        call: CallId,
        callee: &Callee,
        context: &Context,
    ) -> Option<Event> {
        let text = self.taken_from(file, call, callee, Some("json"))?;
        let token = self.encoded(text, 0)?;
        let facts = self.facts(file)?;
        let fact = facts.call(call);
        let concept = concept("token.unpack")?;
        let found = self.trace(token, context);
        let token = RoleValue {
            open: found.iter().any(|t| matches!(t.root, Root::Param(..))),
            values: found.iter().map(|t| self.known(t, &Alternative::default())).collect(),
            ..RoleValue::state(State::Set)
        };
        Some(Event {
            concept,
            model: (Str::default(), 0),
            package: Str::default(),
            file,
            call: Some(call),
            span: fact.span,
            callee: self.callee_text(file, call),
            context: context.clone(),
            roles: vec![("token", token), ("claims", RoleValue::state(State::Unknown))],
            strength: callee.strength.unwrap_or(Strength::Stated),
            in_test: facts.in_test(fact.region),
        })
    }

    /// What a conversion converts, if a page says that it takes it out of this form, or whatever the form.
    fn taken_from(&self, file: FileId, call: CallId, callee: &Callee, form: Option<&str>) -> Option<At> {
        let entries = callee.entries.iter().map(|e| self.index.call(*e));
        let mut passes = entries.filter(|c| c.concept.is_some_and(|c| c.name == "value.pass"));
        passes.find_map(|entry| {
            let role = |name: &str| entry.roles.iter().find(|(n, _)| n == name).map(|(_, spec)| spec);
            let said = role("form").and_then(|s| s.alternatives.first()?.text.as_deref());
            (form.is_none() || said == form).then(|| self.argument_of(file, call, role("value")?))?
        })
    }

    /// The text that was encoded, where a value is what its decoding gives, also by way of a variable.
    fn encoded(&self, at: At, depth: u32) -> Option<At> {
        let facts = self.facts(at.file).filter(|_| depth < 8)?;
        let node = facts.node(at.value);
        match &node.value {
            Value::Result(call) => {
                let callee = self.callee(at.file, *call);
                self.taken_from(at.file, *call, &callee, Some("base64"))
                    .or_else(|| self.encoded(self.taken_from(at.file, *call, &callee, None)?, depth + 1))
            }
            Value::Name(name) => {
                let names = self.names(at.file)?;
                let scope = names.scope(facts, node.function, name)?;
                names.bindings(scope, name).iter().find_map(|binding| {
                    let Binding::Write(write) = binding else { return None };
                    let value = facts.writes[*write as usize].value;
                    self.encoded(At { file: at.file, value }, depth + 1)
                })
            }
            Value::Either(parts) => {
                parts.iter().find_map(|part| self.encoded(At { value: *part, ..at }, depth + 1))
            }
            _ => None,
        }
    }
}
