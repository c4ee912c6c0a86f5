//! Lists of routes that grow: `list.push(x)` after the list was made, also in the function that gives it
//! back. Knows no framework.

use crate::facts::*;
use crate::project::names::Binding;
use crate::project::origins::At;
use crate::recognize::Recognizer;

impl Recognizer<'_> {
    /// What is added to the variable that an expression names, or to the one that a called function returns.
    pub fn added_later(&self, at: At) -> Vec<At> {
        let Some(facts) = self.facts(at.file) else { return Vec::new() };
        match facts.value(at.value) {
            Value::Name(name) => {
                let Some(names) = self.names(at.file) else { return Vec::new() };
                let node = facts.node(at.value);
                let Some(scope) = names.scope(facts, node.function, name) else { return Vec::new() };
                let added = names.field_writes.get(name).into_iter().flatten();
                let added: Vec<At> = added
                    .map(|w| &facts.writes[*w as usize])
                    .filter(|w| w.kind == WriteKind::Append && matches!(&w.target, Target::Variable(_)))
                    .filter(|w| names.scope(facts, w.function, name) == Some(scope))
                    .map(|w| At { file: at.file, value: w.value })
                    .collect();
                if !added.is_empty() {
                    return added;
                }
                // The variable holds what a function gave back.
                let bound = names.bindings(scope, name).iter();
                let written = bound.filter_map(|b| match b {
                    Binding::Write(w) => Some(facts.writes[*w as usize].value),
                    _ => None,
                });
                let calls = written.filter(|v| matches!(facts.value(*v), Value::Result(_)));
                calls.flat_map(|value| self.returned_names(At { file: at.file, value })).collect()
            }
            Value::Result(_) => self.returned_names(at),
            _ => Vec::new(),
        }
    }

    /// The variables that a function of the project gives back.
    fn returned_names(&self, at: At) -> Vec<At> {
        let Some(facts) = self.facts(at.file) else { return Vec::new() };
        let Value::Result(call) = facts.value(at.value) else { return Vec::new() };
        let mut out = Vec::new();
        for (file, function) in &self.callee(at.file, *call).local {
            let Some(there) = self.facts(*file) else { continue };
            for exit in there.exits.iter().filter(|e| e.function == *function && e.kind == ExitKind::Return) {
                if let Some(value) = exit.value
                    && matches!(there.value(value), Value::Name(_))
                {
                    out.push(At { file: *file, value });
                }
            }
        }
        out
    }
}
