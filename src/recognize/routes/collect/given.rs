//! What the arguments of a registration are: options, paths, functions that go on. Knows no framework.

use crate::facts::*;
use crate::project::origins::{At, Root};
use crate::recognize::Recognizer;
use crate::source::{FileId, Str};

use super::Covers;

impl Recognizer<'_> {
    /// The entries of a record, also of one that a function gives back.
    pub(super) fn named_in(&self, at: At) -> Vec<(Str, At)> {
        let mut out = Vec::new();
        for traced in self.trace(at, &None) {
            match traced.root {
                Root::Value(v) => {
                    let Some(Value::Record(record)) = self.facts(v.file).map(|f| f.value(v.value)) else {
                        continue;
                    };
                    for entry in &record.entries {
                        if let Key::Text(key) = &entry.key {
                            out.push((key.clone(), At { file: v.file, value: entry.value }));
                        }
                    }
                }
                Root::Function(file, function) => {
                    let Some(facts) = self.facts(file) else { continue };
                    let given =
                        facts.exits.iter().filter(|e| e.function == function && e.kind == ExitKind::Return);
                    for value in given.filter_map(|e| e.value) {
                        if matches!(facts.value(value), Value::Record(_)) {
                            out.extend(self.named_in(At { file, value }));
                        }
                    }
                }
                _ => {}
            }
        }
        out
    }

    /// Does it hand the request on instead of answering it: a function that calls its continuation, or
    /// a guard that a page knows?
    pub(super) fn goes_on(&self, at: At) -> bool {
        let found = self.trace(at, &None);
        !found.is_empty()
            && found.iter().all(|t| match &t.root {
                Root::Function(file, function) => self.calls_next(*file, *function),
                Root::Call(file, call) => {
                    let callee = self.callee(*file, *call);
                    // What is wrapped around a handler answers.
                    let given = self.facts(*file).map_or(Vec::new(), |f| f.call(*call).args.clone());
                    let wraps = given.iter().any(|a| {
                        let found = self.trace(At { file: *file, value: a.value }, &None);
                        found
                            .iter()
                            .any(|t| matches!(t.root, Root::Function(..) | Root::Type(..) | Root::Call(..)))
                    });
                    if wraps {
                        return false;
                    }
                    let concepts = callee.entries.iter().filter_map(|e| self.index.call(*e).concept);
                    concepts
                        .into_iter()
                        .any(|c| matches!(c.name, "http.guard" | "jwt.verify" | "http.depend"))
                }
                _ => false,
            })
    }

    fn calls_next(&self, file: FileId, function: FunctionId) -> bool {
        let Some(facts) = self.facts(file) else { return false };
        let f = facts.function(function);
        let Some(last) = f.params.iter().rev().find(|p| !p.name.is_empty()).filter(|_| f.params.len() > 1)
        else {
            return false;
        };
        facts.calls.iter().any(|c| {
            f.span.contains(&c.span)
                && c.args.is_empty()
                && matches!(facts.value(c.callee), Value::Name(name) if *name == last.name)
        })
    }

    /// Is it a function with so many parameters?
    pub(super) fn takes(&self, at: At, n: usize) -> bool {
        let found = self.trace(at, &None);
        !found.is_empty()
            && found.iter().all(|t| {
                matches!(t.root, Root::Function(file, function)
                    if self.facts(file).is_some_and(|f| f.function(function).params.len() == n))
            })
    }
}

/// Which routes what a page registers before others stands before.
pub(super) fn covers_of(rec: &Recognizer, model: usize) -> Covers {
    let uses =
        rec.index.models[model].calls.iter().filter(|c| c.concept.is_some_and(|c| c.name == "http.use"));
    let mut texts = uses.flat_map(|c| &c.roles).filter(|(n, _)| n == "covers");
    let text = texts.find_map(|(_, s)| s.alternatives.first()?.text.clone());
    match text.as_deref() {
        Some("below") => Covers::Below,
        Some("all") => Covers::All,
        _ => Covers::After,
    }
}

pub(super) fn is_path(rec: &Recognizer, at: At) -> bool {
    match rec.facts(at.file).map(|f| f.value(at.value)) {
        Some(Value::Text(_) | Value::Join(_)) => true,
        Some(Value::List(items)) => {
            items.iter().all(|i| is_path(rec, At { file: at.file, value: *i })) && !items.is_empty()
        }
        _ => false,
    }
}
