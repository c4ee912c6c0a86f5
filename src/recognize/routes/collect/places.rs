//! The expressions and texts that fill the roles of an entry. Knows no framework.

use crate::facts::*;
use crate::project::origins::{Argument, At, Root, argument};
use crate::recognize::Recognizer;
use crate::recognize::routes::rounds::Round;
use crate::rulebook::model::{Base, Source};
use crate::source::{FileId, Str};

use super::Entry;

impl Recognizer<'_> {
    /// The expressions that fill a role, lists taken apart.
    pub fn role_places(&self, entry: &Entry, role: &str) -> Vec<At> {
        let Some(spec) = entry.spec(role) else { return Vec::new() };
        for source in spec.alternatives.iter().flat_map(|a| &a.from) {
            let found = self.source_places(entry, source);
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// The same from all alternatives: several options that each hold guards.
    pub fn all_role_places(&self, entry: &Entry, role: &str) -> Vec<At> {
        let sources = entry.spec(role).into_iter().flat_map(|s| &s.alternatives).flat_map(|a| &a.from);
        let mut out: Vec<At> = Vec::new();
        for at in sources.flat_map(|s| self.source_places(entry, s)) {
            if !out.contains(&at) {
                out.push(at);
            }
        }
        out
    }

    fn source_places(&self, entry: &Entry, source: &Source) -> Vec<At> {
        let (file, call) = (entry.file, entry.call);
        let Some(facts) = self.facts(file) else { return Vec::new() };
        let fact = facts.call(call);
        let base: Vec<At> = match &source.base {
            Base::Arg(n) => match argument(fact, *n, None) {
                Argument::Given(value) => vec![At { file, value }],
                _ => Vec::new(),
            },
            Base::Keyword(name) => match argument(fact, usize::MAX, Some(name)) {
                Argument::Given(value) => vec![At { file, value }],
                _ => Vec::new(),
            },
            Base::Rest(n) => {
                let plain = fact.args.iter().filter(|a| a.name.is_none() && !a.double);
                plain.skip(*n).map(|a| At { file, value: a.value }).collect()
            }
            Base::Receiver => self.receiver(file, call).into_iter().collect(),
            Base::Method(name, n) => self.chained(file, call, name, *n),
            Base::Setting(_) => return self.setting_places(std::slice::from_ref(source), file),
            Base::Generic(n) => {
                fact.generics.get(*n).map(|t| At { file, value: t.head }).into_iter().collect()
            }
            _ => Vec::new(),
        };
        let base = base.into_iter().flat_map(|at| self.in_round(entry.round, at));
        let base = base.flat_map(|at| self.seen_from(entry.through, at));
        let below = base.flat_map(|at| self.fields_below(at, &source.path));
        below.flat_map(|at| self.parts_of_list(at, 0)).collect()
    }

    pub fn fields_below(&self, at: At, path: &[Str]) -> Vec<At> {
        let Some((first, rest)) = path.split_first() else { return vec![at] };
        let mut out = Vec::new();
        for traced in self.trace(at, &None) {
            let Root::Value(v) = traced.root else { continue };
            let Some(Value::Record(record)) = self.facts(v.file).map(|f| f.value(v.value)) else { continue };
            for entry in record.entries.iter().rev() {
                if matches!(&entry.key, Key::Text(k) if k == first) {
                    out.extend(self.fields_below(At { file: v.file, value: entry.value }, rest));
                    break;
                }
                if entry.key == Key::Spread {
                    let inner = self.fields_below(At { file: v.file, value: entry.value }, path);
                    if !inner.is_empty() {
                        out.extend(inner);
                        break;
                    }
                }
            }
        }
        out
    }

    /// A list is its items, also through a name; anything else is itself.
    pub fn parts_of_list(&self, at: At, depth: u32) -> Vec<At> {
        let Some(facts) = self.facts(at.file) else { return Vec::new() };
        let list = |v: At| match self.facts(v.file).map(|f| f.value(v.value)) {
            Some(Value::List(items)) => Some((v.file, items.clone())),
            _ => None,
        };
        let found = match facts.value(at.value) {
            Value::List(_) => list(at),
            // `a + b`, `[...a, b]` of lists.
            Value::Join(parts)
                if depth < 4 && parts.iter().any(|p| self.is_list(At { file: at.file, value: *p })) =>
            {
                return parts
                    .iter()
                    .flat_map(|p| self.parts_of_list(At { file: at.file, value: *p }, depth + 1))
                    .collect();
            }
            Value::Name(_) | Value::Field(..) if depth < 4 => {
                self.trace(at, &None).iter().find_map(|t| match t.root {
                    Root::Value(v) => list(v),
                    _ => None,
                })
            }
            _ => None,
        };
        match found {
            Some((file, items)) if depth < 4 => {
                items.iter().flat_map(|i| self.parts_of_list(At { file, value: *i }, depth + 1)).collect()
            }
            _ => vec![at],
        }
    }

    fn is_list(&self, at: At) -> bool {
        self.trace(at, &None).iter().any(|t| match t.root {
            Root::Value(v) => matches!(self.facts(v.file).map(|f| f.value(v.value)), Some(Value::List(_))),
            _ => false,
        })
    }

    /// The texts of a role: stated by the page, or written in the source; `…` for what is not known.
    pub fn role_texts(&self, entry: &Entry, role: &str) -> Vec<Str> {
        let Some(spec) = entry.spec(role) else { return Vec::new() };
        for alternative in &spec.alternatives {
            if let Some(text) = &alternative.text {
                return vec![text.clone()];
            }
            for source in &alternative.from {
                if let Some(key) = self.key_of_round(entry, source) {
                    return vec![key];
                }
                if source.base == Base::Name(None) {
                    return self.decorated(entry.file, entry.call).into_iter().collect();
                }
                let found = self.source_places(entry, source);
                if !found.is_empty() {
                    let each = |at: &At| {
                        let texts = self.texts_in(entry.round, *at);
                        // A default stands beside what is only known at run time.
                        let known: Vec<Str> = texts.iter().filter(|t| *t != "…").cloned().collect();
                        if known.is_empty() { texts } else { known }
                    };
                    let mut out: Vec<Str> = found.iter().flat_map(each).collect();
                    out.dedup();
                    return out;
                }
            }
        }
        Vec::new()
    }

    /// The same where parts of the text are what a loop goes through.
    fn texts_in(&self, round: Option<&Round>, at: At) -> Vec<Str> {
        let parts = match self.facts(at.file).map(|f| f.value(at.value)) {
            Some(Value::Join(parts)) if round.is_some() => parts,
            _ => return self.texts_at(at),
        };
        let mut out = String::new();
        for part in parts {
            let meant = self.in_round(round, At { file: at.file, value: *part });
            let texts: Vec<Str> = meant.into_iter().flat_map(|at| self.texts_at(at)).collect();
            out.push_str(match texts.as_slice() {
                [one] => one,
                _ => "…",
            });
        }
        vec![out.into()]
    }

    /// The name of the function that a call decorates.
    fn decorated(&self, file: FileId, call: CallId) -> Option<Str> {
        let facts = self.facts(file)?;
        let attribute = facts.attributes.iter().find(|a| facts.value(a.value) == &Value::Result(call))?;
        let Attached::Function(function) = attribute.on else { return None };
        Some(facts.function(function).name.clone())
    }

    pub fn texts_at(&self, at: At) -> Vec<Str> {
        let mut out: Vec<Str> = Vec::new();
        for traced in self.trace(at, &None) {
            let text = match (&traced.root, self.text(&traced)) {
                (_, Some(text)) => vec![text],
                (Root::Absent, _) => continue,
                (Root::External(path), _) => vec![path.members.last().unwrap_or(&path.module).clone()],
                (Root::Value(v), _) => match self.facts(v.file).map(|f| f.value(v.value)) {
                    Some(Value::Join(parts)) => vec![self.pieces(v.file, parts)],
                    Some(Value::List(items)) => {
                        items.iter().flat_map(|i| self.texts_at(At { file: v.file, value: *i })).collect()
                    }
                    Some(Value::Null) => continue,
                    _ => vec!["…".into()],
                },
                _ => vec!["…".into()],
            };
            out.extend(text.into_iter().filter(|t| !out.contains(t)).collect::<Vec<_>>());
        }
        // A value that is only sometimes worked out: what is written counts.
        if out.iter().any(|t| !t.contains('…')) {
            out.retain(|t| !t.contains('…'));
        }
        out
    }

    fn pieces(&self, file: FileId, parts: &[ValueId]) -> Str {
        let mut out = String::new();
        for part in parts {
            let texts = self.texts_at(At { file, value: *part });
            // Of several the one that is written down: nothing at all, or else a default.
            let known: Vec<&Str> = texts.iter().filter(|t| !t.contains('…')).collect();
            out.push_str(match known.as_slice() {
                [one] => one,
                several if several.iter().any(|t| t.is_empty()) => "",
                _ => "…",
            });
        }
        out.into()
    }
}
