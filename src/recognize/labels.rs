//! The names that a value goes by, what pages say it is, and all that a call is given.

use crate::facts::*;
use crate::finding::{Evidence, Strength};
use crate::project::origins::{At, Root, Traced};
use crate::source::{FileId, Str};

use super::Recognizer;
use super::roles::Scope;
use super::settings::written_names;

impl Recognizer<'_> {
    /// The variables and fields that lead to a value, its parameter, what is called to make it.
    pub(super) fn labels(&self, traced: &Traced) -> Vec<Str> {
        let mut out: Vec<Str> =
            traced.steps.iter().filter_map(|s| s.text.split('`').nth(1)).map(Str::new).collect();
        self.add_label(traced, &mut out);
        if let Some(facts) = self.facts(traced.at.file)
            && let Value::Name(name) | Value::Field(_, name) = facts.value(traced.at.value)
        {
            out.push(name.clone());
        }
        out.dedup();
        out
    }

    fn add_label(&self, traced: &Traced, out: &mut Vec<Str>) {
        match &traced.root {
            Root::Member(_, name) => out.push(name.clone()),
            Root::External(path) => out.extend(path.members.last().cloned()),
            Root::Param(file, function, n) | Root::Perhaps(file, function, n) => {
                let parameter = self.facts(*file).and_then(|f| f.function(*function).params.get(*n as usize));
                out.extend(parameter.map(|p| p.name.clone()).filter(|n| !n.is_empty()));
            }
            Root::Call(file, call) => {
                let Some(facts) = self.facts(*file) else { return };
                if let Value::Field(_, name) | Value::Name(name) = facts.value(facts.call(*call).callee) {
                    out.push(name.clone());
                }
            }
            // `Bearer ${token}`
            Root::Value(at) => {
                let Some(Value::Join(parts)) = self.facts(at.file).map(|f| f.value(at.value)) else { return };
                for part in parts {
                    for inner in self.trace(At { file: at.file, value: *part }, &traced.context) {
                        if !matches!(inner.root, Root::Value(_)) {
                            out.extend(
                                inner.steps.iter().filter_map(|s| s.text.split('`').nth(1)).map(Str::new),
                            );
                            self.add_label(&inner, out);
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// The concepts of the names and calls that a value, or something it is a field of, comes from.
    pub(super) fn meanings(&self, traced: &Traced) -> Vec<&'static str> {
        let mut out = Vec::new();
        let mut root = &traced.root;
        loop {
            match root {
                Root::Call(file, call) => {
                    let callee = self.callee(*file, *call);
                    out.extend(
                        callee.entries.iter().filter_map(|e| self.index.call(*e).concept).map(|c| c.name),
                    );
                }
                Root::External(_) | Root::Member(..) => {
                    let Some(ecosystem) = self.facts(traced.at.file).map(|f| f.ecosystem) else { break };
                    let whole = written_names(root);
                    let short = match root {
                        Root::External(path) => path.members.clone(),
                        _ => Vec::new(),
                    };
                    let hits = self.index.values(ecosystem).filter(|(model, v)| {
                        (super::index::names_end(&v.path, &whole)
                            || !short.is_empty() && super::index::names_end(&v.path, &short))
                            && self.in_use(traced.at.file, *model)
                    });
                    out.extend(hits.map(|(_, v)| v.concept.name));
                }
                _ => {}
            }
            match root {
                Root::Member(base, _) => root = base,
                _ => break,
            }
        }
        out.sort_unstable();
        out.dedup();
        out
    }

    /// All arguments of a call, with the parts of texts and the entries of records and lists in them.
    /// What the arguments from the n-th on are.
    pub(super) fn arguments_from(&self, n: usize, scope: &Scope) -> Vec<Traced> {
        let (Some(facts), Some(call)) = (self.facts(scope.file), scope.call) else { return Vec::new() };
        let plain = facts.call(call).args.iter().filter(|a| a.name.is_none() && !a.double);
        plain
            .skip(n)
            .flat_map(|a| self.trace(At { file: scope.file, value: a.value }, scope.context))
            .collect()
    }

    pub(super) fn all_arguments(&self, scope: &Scope) -> Vec<Traced> {
        let mut out = Vec::new();
        let (Some(facts), Some(call)) = (self.facts(scope.file), scope.call) else { return out };
        for arg in &facts.call(call).args {
            let name = arg.name.clone();
            self.add_leaves(At { file: scope.file, value: arg.value }, scope, name.as_ref(), 0, &mut out);
        }
        out
    }

    fn add_leaves(&self, at: At, scope: &Scope, key: Option<&Str>, depth: u32, out: &mut Vec<Traced>) {
        if depth > 6 || out.len() > 60 {
            return;
        }
        let Some(facts) = self.facts(at.file) else { return };
        let file: FileId = at.file;
        match facts.value(at.value) {
            Value::Record(record) => {
                for entry in &record.entries {
                    let key = match &entry.key {
                        Key::Text(key) => Some(key),
                        _ => None,
                    };
                    self.add_leaves(At { file, value: entry.value }, scope, key, depth + 1, out);
                }
            }
            Value::List(items) | Value::Join(items) => {
                for item in items {
                    self.add_leaves(At { file, value: *item }, scope, key, depth + 1, out);
                }
            }
            _ => {
                for mut traced in self.trace(at, scope.context) {
                    if let Some(key) = key {
                        let span = facts.node(at.value).span;
                        let text = format!("`{key}` is given here");
                        traced.steps.insert(0, Evidence { span, text, strength: Strength::Stated });
                    }
                    out.push(traced);
                }
            }
        }
    }
}
